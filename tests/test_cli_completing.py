"""What the shell completes."""

from __future__ import annotations

from pathlib import Path

import pytest
from links_world import make_world

from geoties.cli import completing


def test_bodies_of_the_graph_are_completed_by_id_and_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_world(tmp_path)
    monkeypatch.setattr(completing, "_table_of_names", lambda: tmp_path / "names.csv")
    assert completing.place_names("Pacific") == ["Pacific Alliance", "PacificAlliance"]
    assert completing.place_names("APEC") == ["APEC"]
    assert completing.place_names("Per") == ["Peru"]


def test_without_a_graph_the_states_are_completed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOTIES_STORE", str(tmp_path / "none"))
    assert completing.place_names("Urug") == ["Uruguay"]
