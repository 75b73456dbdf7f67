"""Facts that anybody can check, in the tables that the package carries."""

from __future__ import annotations

from functools import cache

import polars as pl

from geoties.graph.model import Tables
from geoties.loaders.embedded import read_embedded
from geoties.loaders.registry import loader_named


@cache
def embedded(name: str) -> Tables:
    return read_embedded(loader_named(name).folder)


def test_chile_and_the_united_states_in_calendar_2019() -> None:
    """17 of 90 roll calls alike: 18.89 % (Voeten's votes, both states voting)."""
    votes = embedded("unga_votes").ties.filter(pl.col("start").str.starts_with("2019"))
    sides = [votes.filter(pl.col("from") == f"state/{who}") for who in ("CHL", "USA")]
    both = sides[0].join(sides[1], on="to")
    assert (both.filter(pl.col("role") == pl.col("role_right")).height, both.height) == (17, 90)


def test_lithium_and_copper_of_chile() -> None:
    """CEPII's BACI, 2022: most of Chile's lithium carbonate and copper ore go to China."""
    ties = embedded("commodities").ties.filter(pl.col("from") == "state/CHL", year=2022)
    for product in ("283691", "260300"):
        sold = ties.filter(topic=product)
        to_china = float(sold.filter(to="state/CHN")["value"].sum())
        assert 0.5 < to_china / float(sold["value"].sum()) < 0.8


def test_projects_that_are_only_promised_stay_visible() -> None:
    """The geolocated release of AidData has no cancelled or suspended projects, but pipelines."""
    status = embedded("aiddata").entities["properties"].str.json_path_match("$.status")
    assert dict(status.value_counts().iter_rows()) == {
        "Completion": 7677,
        "Implementation": 1120,
        "Pipeline: Commitment": 588,
    }


def test_cuba_has_been_under_sanctions_since_the_sixties() -> None:
    ties = embedded("sanctions_gsdb").ties.filter(
        (pl.col("from") == "state/USA") & (pl.col("to") == "state/CUB")
    )
    assert ties.filter((pl.col("start") < "1970") & (pl.col("end") == "")).height > 0


def test_whom_taipei_lost_last() -> None:
    """Honduras in 2023; thirteen still recognised it, the Holy See and Nauru among them."""
    ties = embedded("taiwan_recognition").ties
    assert ties.filter(pl.col("end").str.starts_with("2023"))["from"].to_list() == ["state/HND"]
    assert ties.filter(pl.col("end") == "").height == 13
