"""Disagreements between sources: which claim is shown first, and what a difference looks like."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from links_world import World
from links_world import make_world as write_world

from geoties.graph.frames import write_frames
from geoties.graph.model import Tables, Tie
from geoties.knowledge import KnowledgeGraph
from geoties.queries.conflicts import conflicts

CLAIMS = [
    ("agreement-party", "state/PER", "agreement/PER-CHN", "source/ggo", "2014-01-07"),
    ("agreement-party", "state/PER", "agreement/PER-CHN", "source/wto-rta", "2014-07-01"),
    ("agreement-party", "state/CHL", "agreement/CHL-CHN", "source/curated", "2006-10-01"),
    ("agreement-party", "state/CHL", "agreement/CHL-CHN", "source/ggo", "2006-09-30"),
    ("membership", "state/PER", "body/APEC", "source/cow", "1998"),
    ("membership", "state/PER", "body/APEC", "source/wto", "1998-11-15"),
]


def _tie(kind: str, from_: str, to: str, source: str, start: str) -> Tie:
    precision = {4: "year", 10: "day"}[len(start)]
    first = start + "-01-01"[: 10 - len(start)]
    return Tie(kind, from_, to, source, from_[6:], start=first, start_precision=precision)


def _report(source: str, value: float) -> Tie:
    ends = ("goods-trade", "state/MEX", "state/CHN", source, "MEX-CHN-2023")
    return Tie(*ends, year=2023, value=value, unit="USD")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder: Path = tmp_path_factory.mktemp("conflicts")
    world = write_world(folder)
    shutil.rmtree(folder / "frames")
    ties = [_tie(*claim) for claim in CLAIMS]
    ties += [_report("source/exporters", 8e9), _report("source/importers", 10e9)]
    write_frames(folder / "frames", Tables.of(ties=ties))
    return world


def test_a_swap_of_day_and_month_is_told(world: World) -> None:
    (row,) = conflicts(world.graph(), "PER", kinds=["agreement-party"]).dicts()
    assert row["finding"] == "disputed: start"
    assert row["hint"] == "start: day and month swapped, it seems"


def test_the_register_is_shown_before_the_data_set_made_of_it(world: World) -> None:
    (row,) = conflicts(world.graph(), "PER", kinds=["agreement-party"]).dicts()
    assert str(row["claims"]).startswith("wto-rta: 2014-07-01")


def test_a_day_apart_is_told(world: World) -> None:
    (row,) = conflicts(world.graph(), "CHL").dicts()
    assert row["hint"] == "start: a day apart"
    assert str(row["claims"]).startswith("curated: 2006-10-01")


def test_the_finest_date_is_shown_first_where_sources_agree(world: World) -> None:
    (row,) = conflicts(world.graph(), "PER", kinds=["membership"], agreed=True).dicts()
    assert (row["finding"], row["hint"]) == ("corroborated by 2", "")
    assert str(row["claims"]).startswith("wto: 1998-11-15")


def test_mirror_reports_stand_beside_each_other(world: World) -> None:
    (row,) = conflicts(world.graph(), "MEX").dicts()
    assert (row["finding"], row["year"]) == ("disputed: value", 2023)
    assert row["hint"] == "value: 20% of the larger apart; mirror reports are never summed"
    assert row["claims"] == "exporters: 8e+09 USD; importers: 1e+10 USD"


def test_signatures_whose_day_and_month_were_swapped(kg: KnowledgeGraph) -> None:
    """GGO against the WTO's and UNCTAD's registers, in the default graph."""
    swapped = [row for row in conflicts(kg.opened, kinds=["signature"]).dicts()
               if "swapped" in str(row["hint"])]  # fmt: skip
    assert swapped
    assert all("ggo-1.0" in str(row["claims"]) for row in swapped)


def test_the_belt_and_road_years_of_two_lists_corroborate_each_other(kg: KnowledgeGraph) -> None:
    """Curated memoranda to the day, and Liu, Pang and Vreeland's years (doi:10.7910/DVN/MWAPWV)."""
    rows = conflicts(kg.opened, "BRI", kinds=["membership"], agreed=True).dicts()
    peru = next(row for row in rows if row["from"] == "PER")
    assert peru["finding"] == "corroborated by 2"
    assert str(peru["claims"]).startswith("curated-2026: 2019-")
