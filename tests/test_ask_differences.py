"""What differs between two builds, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from geoties.graph.frames import write_frames
from geoties.graph.model import SCHEMA_VERSION, Tables, Tie, UserError
from geoties.graph.snapshots import Snapshot, open_build
from geoties.queries.differences import differences, kept_build
from geoties.queries.patches import changed_statements, rdf_patch

OLD_DATE, NEW_DATE = "2024-02-01", "2026-02-01"


def _member(state: str, start: str, source: str = "source/a", **more: Any) -> Tie:
    return Tie(
        "membership", f"state/{state}", "body/BRI", source, f"BRI-{state}",
        role="participant", start=start, start_precision="day", **more,
    )  # fmt: skip


def _trade(year: int, value: float) -> Tie:
    ends = ("state/PER", "state/CHN")
    record = f"PER-CHN-{year}"
    return Tie("goods-trade", *ends, "source/a", record, year=year, value=value, unit="USD")


def _build(folder: Path, name: str, ties: list[Tie], date: str, *sources: str) -> Snapshot:
    build = folder / "builds" / name
    write_frames(build / "frames", Tables.of(ties=ties))
    manifest: dict[str, Any] = {"schema": SCHEMA_VERSION, "graph_date": date, "checksum": name}
    manifest |= {"sources": [{"id": source} for source in sources], "counts": {}, "frames": {}}
    manifest |= {"version": "0", "inputs": {}}
    (build / "store").mkdir()
    (build / "names.csv").touch()
    (build / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return open_build(build)


@pytest.fixture
def builds(tmp_path: Path) -> tuple[Snapshot, Snapshot]:
    old = [
        _member("PAN", "2017-11-17"),
        _member("CHL", "2018-11-01"),
        _member("ITA", "2019-03-23"),
        _member("PER", "2019-04-25", "source/gone"),
        _trade(2022, 20.0e9),
    ]
    new = [
        _member("PAN", "2017-11-17", end="2025-02-03", end_precision="day"),
        _member("CHL", "2018-11-02"),
        _member("COL", "2025-05-14"),
        _member("BOL", "2018-06-19"),
        _member("URY", "2018-08-20", "source/b"),
        _trade(2022, 20.9e9),
        _trade(2025, 25.0e9),
    ]
    first = _build(tmp_path, "aaaa1111", old, OLD_DATE, "a", "gone")
    return first, _build(tmp_path, "bbbb2222", new, NEW_DATE, "a", "b")


def test_each_change_has_its_cause(builds: tuple[Snapshot, Snapshot]) -> None:
    rows = differences(*builds).dicts()
    told = {(r["change"], r["from"], r["column"], r["cause"]) for r in rows}
    assert told == {
        ("added", "BOL", "", "newly known"),
        ("added", "COL", "", "the world changed"),
        ("added", "PER", "", "the world changed"),
        ("added", "URY", "", "newly known"),
        ("changed", "CHL", "start", "source corrected itself"),
        ("changed", "PAN", "end", "the world changed"),
        ("changed", "PER", "value", "source corrected itself"),
        ("removed", "ITA", "", "source corrected itself"),
        ("removed", "PER", "", "source dropped"),
    }
    change = next(row for row in rows if row["column"] == "value")
    assert (change["old"], change["new"]) == ("20000000000", "20900000000")


def test_kinds_cut_the_comparison(builds: tuple[Snapshot, Snapshot]) -> None:
    rows = differences(*builds, kinds=["goods-trade"]).dicts()
    assert {row["kind"] for row in rows} == {"goods-trade"}


def test_the_same_build_has_no_differences(builds: tuple[Snapshot, Snapshot]) -> None:
    assert differences(builds[0], builds[0]).rows == []
    assert changed_statements(builds[0], builds[0]) == ([], [])


def test_the_patch_deletes_and_adds_statements(builds: tuple[Snapshot, Snapshot]) -> None:
    lines = rdf_patch(*changed_statements(*builds)).splitlines()
    assert lines[0] == "TX ."
    assert lines[-1] == "TC ."
    ends = [line for line in lines if "BRI-PAN" in line]
    assert [line[:1] for line in ends] == ["A", "A"]
    assert '"2025-02-03"' in "".join(ends)
    deleted = [line for line in lines if line.startswith("D ") and "BRI-CHL" in line]
    assert len(deleted) == 1


def test_builds_are_named_by_checksum_or_folder(
    tmp_path: Path, builds: tuple[Snapshot, Snapshot]
) -> None:
    assert kept_build(tmp_path, "aaaa").checksum == "aaaa1111"
    assert kept_build(tmp_path, str(builds[1].folder)).checksum == "bbbb2222"
    with pytest.raises(UserError, match="kept are: aaaa1111, bbbb2222"):
        kept_build(tmp_path, "cccc")
    with pytest.raises(UserError, match="is no build"):
        kept_build(tmp_path, "")
