"""A small sound world, with a tie of every sort, for the tests of shapes and checks."""

from __future__ import annotations

from typing import Any

from geoties.graph.conformance import as_rdf as as_rdf
from geoties.graph.model import Coverage, Entity, Observation, Tables, Tie

Row = dict[str, Any]
SOURCE = "source/x-1"
SOURCES: list[Row] = [{"id": "x-1", "expects": {"ties": (5, 50)}}]


def entities() -> list[Entity]:
    """States, a bloc, a body, an agreement, a project, a roll call, a region and the source."""
    peru = {
        "iso2": "PE",
        "iso3": "PER",
        "m49": "604",
        "latitude": -12.04,
        "landlocked": False,
        "inRegion": "region/419",
        "homepage": "https://www.gob.pe/",
    }
    source = {
        "publisher": "X",
        "licence": "CC0-1.0",
        "retrieved": "2026-02-01",
        "citation": "X (2026).",
        "url": "https://example.org/x?y=1",
    }
    return [
        Entity("state/PER", "state", {"en": "Peru", "es": "Perú"}, peru, "1821"),
        Entity("state/CHN", "state", {"en": "China"}),
        Entity("territory/HKG", "territory", {"en": "Hong Kong"}),
        Entity("historical/SUN", "historical-state", {"en": "USSR"}, {}, "1922", "1991-12-26"),
        Entity("bloc/EU", "bloc", {"en": "European Union"}, {"founded": "1993-11-01"}),
        Entity("body/APEC", "body", {"en": "APEC"}, {"otherName": ["APEC forum", "Apec"]}),
        Entity("agreement/A", "agreement", {"en": "A"}, {"signedOn": "2009-04-28", "depth": 6}),
        Entity("agreement/A-1", "agreement", {"en": "A, protocol"}, {"amends": "agreement/A"}),
        Entity("project/p-1", "project", {"en": "A port"}, {"amount": 1.5, "startYear": 2011}),
        Entity("roll-call/3", "roll-call", {"en": "R/1/66"}, {"date": "1946-01-01", "session": 1}),
        Entity("region/419", "region", {"en": "Latin America and the Caribbean"}),
        Entity(SOURCE, "source", {"en": "X"}, source),
    ]


def ties() -> list[Tie]:
    """A tie of every temporality, with and without value, role, via and end."""
    peru, china = "state/PER", "state/CHN"
    member: Row = {"role": "member", "start": "1998-11-15", "start_precision": "day"}
    joined: Row = {"role": "observer", "start": "2017-01-01", "start_precision": "year"}
    left: Row = {"end": "2019-06-30", "end_precision": "month"}
    party: Row = {"start": "2010-03-01", "start_precision": "day", "observed_to": "2026-02-01"}
    on: Row = {"start": "2016-11-01", "start_precision": "month"}
    flow: Row = {"year": 2023, "value": 23_100_000_000.5, "unit": "USD"}
    loan: Row = {"year": 2011, "value": 1.5e6, "unit": "USD 2021"}
    return [
        Tie("membership", peru, "body/APEC", SOURCE, "1", confidence="high", **member),
        Tie("membership", "bloc/EU", "body/APEC", SOURCE, "2", **joined, **left),
        Tie("agreement-party", peru, "agreement/A", SOURCE, "3", **party),
        Tie("not-yet-in-force", peru, china, SOURCE, "4", via="agreement/A-1", **party),
        Tie("goods-trade", peru, china, SOURCE, "5", **flow),
        Tie("commodity-trade", peru, china, SOURCE, "6", topic="010110", **flow),
        Tie("project-finance", china, peru, SOURCE, "7", via="project/p-1", **loan),
        Tie("project-finance", china, peru, SOURCE, "8", year=2012),
        Tie("vote", "historical/SUN", "roll-call/3", SOURCE, "9", role="yes", **_on("1946-01-01")),
        Tie("visit", china, peru, SOURCE, "10", topic="Xi Jinping", **on),
        Tie("investment-flow", china, peru, SOURCE, "11", year=2020, value=-5.0, unit="USD"),
    ]


def _on(day: str) -> Row:
    return {"start": day, "start_precision": "day"}


def good_tables() -> Tables:
    """The world as the four tables."""
    observations = [
        Observation("state/PER", "gdp", 2020, 2.0e11, "USD", SOURCE),
        Observation("state/PER", "ideal-point", 2020, -0.25, "ideal point", SOURCE),
    ]
    coverage = [
        Coverage(SOURCE, "goods-trade", "complete", "state/PER", "", from_year=2000, to_year=2023),
        Coverage(SOURCE, "gdp", "partial", from_year=1990, to_year=2023, note="to 2023"),
    ]
    return Tables.of(entities(), ties(), observations, coverage)
