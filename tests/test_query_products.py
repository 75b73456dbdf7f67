"""Products are called by their names, in sentences and in the ties that are kept in columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from geoties.graph.frames import write_frames
from geoties.graph.model import Tables, Tie
from geoties.ontology.kinds import kinds
from geoties.queries.facts import Fact
from geoties.queries.in_columns import facts_in_columns
from geoties.queries.products import product_named, product_names
from geoties.queries.sentences import sentence

NAMES = {"state/CHL": "Chile", "state/CHN": "China"}
COPPER, NICKEL = "260300", "260400"


def _tie(topic: str, year: int, value: float = 39e9, to: str = "CHN") -> Tie:
    return Tie(
        kind="commodity-trade",
        from_="state/CHL",
        to=f"state/{to}",
        topic=topic,
        year=year,
        value=value,
        unit="USD",
        source="source/s",
        record=f"CHL-{to}-{topic}-{year}",
    )


@pytest.fixture
def frames(tmp_path: Path) -> Path:
    ties = [
        _tie(COPPER, 2022),
        _tie(COPPER, 2023),
        _tie(NICKEL, 2008),
        _tie(COPPER, 2023, to="JPN"),
    ]
    write_frames(tmp_path, Tables.of(ties=ties))
    return tmp_path


def test_a_flow_of_a_product_is_told_with_its_name(frames: Path) -> None:
    kind = kinds()["commodity-trade"]
    (fact,) = facts_in_columns(frames, kind, "state/CHN", "state/CHL", 2023)
    told = "Chile exported copper ore (HS 260300) worth USD 39.0 billion to China in 2023."
    assert sentence(fact, NAMES.__getitem__) == told
    assert fact.record == "CHL-CHN-260300-2023"


def test_only_the_latest_year_of_a_pair_counts(frames: Path) -> None:
    kind = kinds()["commodity-trade"]
    of_chile = facts_in_columns(frames, kind, "state/CHL", "", 2023)
    assert [(fact.to, fact.year) for fact in of_chile] == [("state/CHN", 2023), ("state/JPN", 2023)]
    (before,) = facts_in_columns(frames, kind, "state/CHL", "state/CHN", 2010)
    assert (before.topic, before.year) == (NICKEL, 2008)
    assert facts_in_columns(frames, kind, "state/CHL", "state/CHN", 2000) == []


def test_kinds_of_the_store_are_not_read_twice(frames: Path) -> None:
    assert facts_in_columns(frames, kinds()["goods-trade"], "state/CHL", "", 2023) == []
    assert facts_in_columns(frames, kinds()["vote"], "state/CHL", "", 2023) == []


def test_other_topics_stay_as_they_are() -> None:
    fact = Fact("tie/vote/s/1", kinds()["visit"], "state/CHL", "state/CHN", "source/s", topic="x")
    assert "x" in (product_named("x"), sentence(fact, NAMES.__getitem__))
    assert product_named("999999") == "HS 999999"
    assert len(product_names()) == 74
