"""The vectorised checks: sound tables pass, each planted error is found, and it stays fast."""

from __future__ import annotations

import json
import time
from typing import Any

import polars as pl
import pytest
from ontology_samples import SOURCES, entities, good_tables

from geoties.graph.checks import FINDINGS, check_tables
from geoties.graph.model import Entity, Tables, tie_frame


def broken(table: str, row: int, **changes: Any) -> Tables:
    """The sound world with some cells of one row changed; ids of ties stay as they were."""
    tables = good_tables()
    frame: pl.DataFrame = getattr(tables, table)
    at = pl.int_range(pl.len()) == row
    changed = [
        pl.when(at)
        .then(pl.lit(value, frame.schema[column]))
        .otherwise(pl.col(column))
        .alias(column)
        for column, value in changes.items()
    ]
    setattr(tables, table, frame.with_columns(changed))
    return tables


def named(tables: Tables, severity: str = "error") -> set[str]:
    found = check_tables(tables, SOURCES)
    return set(found.filter(pl.col("severity") == severity)["check"])


def test_sound_tables_have_no_findings() -> None:
    found = check_tables(good_tables(), SOURCES)
    assert found.is_empty()
    assert found.schema == FINDINGS


MEMBER, LEFT, PARTY, NOT_YET, FLOW, PRODUCT, LOAN, UNKNOWN_LOAN, VOTE, VISIT = range(10)
TIES: list[tuple[str, int, dict[str, Any]]] = [
    ("unknown kind", MEMBER, {"kind": "friendship"}),
    ("unknown from", FLOW, {"from": "state/XXX"}),
    ("unknown to", FLOW, {"to": ""}),
    ("unknown via", LOAN, {"via": "project/none"}),
    ("wrong from", VOTE, {"from": "bloc/EU"}),
    ("wrong to", MEMBER, {"to": "agreement/A"}),
    ("wrong via", LOAN, {"via": "agreement/A"}),
    ("wrong via", PARTY, {"via": "agreement/A-1"}),
    ("missing via", NOT_YET, {"via": ""}),
    ("tie to itself", FLOW, {"to": "state/PER"}),
    ("unknown role", MEMBER, {"role": "abstain"}),
    ("unknown role", FLOW, {"role": "member"}),
    ("missing role", VOTE, {"role": ""}),
    ("missing topic", PRODUCT, {"topic": ""}),
    ("wrong topic", PRODUCT, {"topic": "10110"}),
    ("no such date", MEMBER, {"start": "1998-13-15"}),
    ("no such date", MEMBER, {"start": "1998-02-29"}),
    ("no such date", MEMBER, {"start": "15/11/1998"}),
    ("no such date", MEMBER, {"start": "1998"}),
    ("no such date", PARTY, {"observed_to": "2026-02"}),
    ("unknown precision", MEMBER, {"start_precision": "week"}),
    ("unknown precision", MEMBER, {"start_precision": ""}),
    ("precision without a date", MEMBER, {"end_precision": "day"}),
    ("date off its period", LEFT, {"start": "2017-02-01"}),
    ("date off its period", LEFT, {"end": "2019-06-15"}),
    ("end before start", LEFT, {"end": "2016-12-31"}),
    ("year on a dated tie", MEMBER, {"year": 1998}),
    ("missing year", FLOW, {"year": None}),
    ("year out of range", FLOW, {"year": 20203}),
    ("missing value", FLOW, {"value": None}),
    ("value without meaning", MEMBER, {"value": 1.0}),
    ("negative value", FLOW, {"value": -1.0}),
    ("not a number", FLOW, {"value": float("nan")}),
    ("not a number", FLOW, {"value": float("inf")}),
    ("wrong unit", FLOW, {"unit": "thousand USD"}),
    ("wrong unit", FLOW, {"unit": ""}),
    ("wrong unit", MEMBER, {"unit": "USD"}),
    ("wrong unit", UNKNOWN_LOAN, {"unit": "USD"}),
    ("unknown confidence", MEMBER, {"confidence": "sure"}),
    ("unknown source", MEMBER, {"source": "source/none"}),
    ("duplicate id", LEFT, {"id": "tie/membership/x-1/1"}),
    ("unsafe id", MEMBER, {"id": "tie/membership/x-1/1> <x"}),
    ("unsafe id", MEMBER, {"id": "tie/visit/x-1/1"}),
    ("null text", MEMBER, {"topic": None}),
]


@pytest.mark.parametrize(("check", "row", "changes"), TIES)
def test_an_error_in_a_tie_is_found(check: str, row: int, changes: dict[str, Any]) -> None:
    tables = broken("ties", row, **changes)
    found = check_tables(tables, SOURCES).filter(pl.col("check") == check)
    assert found["table"].to_list() == ["ties"] * found.height
    assert tables.ties["id"][row] in found["id"]
    assert (found["severity"] == "error").all()


def test_a_finding_tells_the_value_and_what_was_expected() -> None:
    found = check_tables(broken("ties", MEMBER, start="1998-13-15"), SOURCES)
    assert found.row(0, named=True) == {
        "check": "no such date",
        "severity": "error",
        "table": "ties",
        "id": "tie/membership/x-1/1",
        "detail": "start is 1998-13-15; expected a day of the calendar as YYYY-MM-DD, or nothing",
    }


@pytest.mark.parametrize(
    ("check", "row", "changes"),
    [
        ("event without a date", VISIT, {"start": "", "start_precision": ""}),
        ("observed before start", PARTY, {"observed_to": "2009-01-01"}),
        ("outside its lifetime", VOTE, {"start": "1995-01-01"}),
        ("outside its lifetime", VOTE, {"start": "1900-01-01"}),
    ],
)
def test_what_a_person_should_look_at_is_a_warning(
    check: str, row: int, changes: dict[str, Any]
) -> None:
    tables = broken("ties", row, **changes)
    assert named(tables, "warning") == {check}
    assert named(tables) == set()


@pytest.mark.parametrize(
    ("check", "changes"),
    [
        ("unknown entity", {"entity": "state/XXX"}),
        ("unknown indicator", {"indicator": "happiness"}),
        ("wrong unit", {"unit": "people"}),
        ("missing year", {"year": None}),
        ("not a number", {"value": None}),
        ("not a number", {"value": float("nan")}),
        ("negative value", {"value": -1.0}),
        ("unknown source", {"source": ""}),
    ],
)
def test_an_error_in_an_observation_is_found(check: str, changes: dict[str, Any]) -> None:
    assert named(broken("observations", 0, **changes)) == {check}


def test_two_values_for_one_entity_and_year_are_found() -> None:
    tables = good_tables()
    again = tables.observations.head(1).with_columns(value=pl.lit(1.0))
    tables.observations = pl.concat([tables.observations, again])
    assert named(tables) == {"two values"}


@pytest.mark.parametrize(
    ("check", "changes"),
    [
        ("unknown kind", {"kind": "friendship"}),
        ("unknown status", {"status": "perhaps"}),
        ("unknown scope", {"from_scope": "state/XXX"}),
        ("unknown scope", {"to_scope": "region/none"}),
        ("years backwards", {"from_year": 2024}),
        ("unknown source", {"source": "source/none"}),
    ],
)
def test_an_error_in_coverage_is_found(check: str, changes: dict[str, Any]) -> None:
    assert named(broken("coverage", 0, **changes)) == {check}


@pytest.mark.parametrize(
    ("check", "changes"),
    [
        ("unknown kind", {"kind": "estate"}),
        ("unsafe id", {"id": "state/PER> <x"}),
        ("unsafe id", {"id": "PER"}),
        ("no such date", {"valid_from": "long ago"}),
        ("not JSON", {"labels": "Peru"}),
        ("not JSON", {"properties": "[1]"}),
        ("no English label", {"labels": '{"es":"Perú"}'}),
        ("no such label", {"labels": '{"en":"Peru","e n":"Peru"}'}),
        ("no such label", {"labels": '{"en":"Peru","es":3}'}),
        ("unknown property", {"properties": '{"happiness":3}'}),
        ("wrong property", {"properties": '{"amount":3}'}),
        ("wrong value", {"properties": '{"landlocked":"no"}'}),
        ("wrong value", {"properties": '{"m49":604}'}),
        ("wrong value", {"properties": '{"latitude":"12 S"}'}),
        ("wrong value", {"properties": '{"m49":"4"}'}),
        ("wrong value", {"properties": '{"iso2":"PER"}'}),
        ("wrong value", {"properties": '{"founded":"long ago"}'}),
        ("wrong value", {"properties": '{"latitude":-120}'}),
        ("wrong value", {"properties": '{"latitude":NaN}'}),
        ("wrong value", {"properties": '{"latitude":Infinity}'}),
        ("wrong value", {"properties": '{"inRegion":{"a":1}}'}),
        ("wrong value", {"properties": '{"inRegion":"region/none"}'}),
        ("wrong value", {"properties": '{"inRegion":["region/419",3]}'}),
        ("wrong value", {"properties": '{"homepage":"https://x.org/> <x"}'}),
        ("wrong value", {"properties": '{"homepage":"javascript:alert(1)"}'}),
    ],
)
def test_an_error_in_an_entity_is_found(check: str, changes: dict[str, Any]) -> None:
    lonely = Tables.of([Entity("region/419", "region", {"en": "LAC"}), entities()[0]])
    peru = lonely.entities.tail(1).with_columns(
        pl.lit(value).alias(column) for column, value in changes.items()
    )
    tables = Tables.of(pl.concat([lonely.entities.head(1), peru]))
    found = check_tables(tables, [])
    assert set(found["check"]) == {check}
    assert set(found["id"]) == {changes.get("id", "state/PER")}


def test_an_entity_that_stands_twice_is_found() -> None:
    tables = good_tables()
    tables.entities = pl.concat([tables.entities, tables.entities.head(1)])
    assert named(tables) == {"duplicate id"}


def test_a_source_says_who_published_it_and_how_to_cite_it() -> None:
    found = check_tables(Tables.of([Entity("source/y", "source", {"en": "Y"})]), [])
    needed = ["citation", "licence", "publisher", "retrieved"]
    assert found["check"].to_list() == [f"missing {name}" for name in needed]


def test_a_value_out_of_range_is_told_with_the_range() -> None:
    peru = Entity("state/PER", "state", {"en": "Peru"}, {"latitude": 91.5})
    found = check_tables(Tables.of([peru]), [])
    assert found["detail"].to_list() == ["latitude is 91.5; expected decimal from -90 to 90"]


def test_a_date_that_is_none_is_no_value_of_a_date() -> None:
    body = Entity("agreement/B", "agreement", {"en": "B"}, {"signedOn": "2009-02-30"})
    found = check_tables(Tables.of([body]), [])
    assert found["detail"].to_list() == ["signedOn is '2009-02-30'; expected date"]


def test_counts_outside_what_a_source_expects_are_found() -> None:
    sources = [{"id": "x-1", "expects": {"ties": (100, 200), "observations": (1, 5)}}]
    found = check_tables(good_tables(), sources)
    assert found["detail"].to_list() == ["11 rows; expected 100 to 200"]
    assert found["table"].to_list() == ["ties"]


def test_counts_read_back_from_a_manifest_are_understood() -> None:
    sources = json.loads(json.dumps(SOURCES))
    assert check_tables(good_tables(), sources).is_empty()


def test_findings_are_in_the_same_order_whatever_the_order_of_the_rows() -> None:
    tables = broken("ties", FLOW, value=-1.0, unit="EUR", role="member")
    turned = Tables.of(entities(), tables.ties.reverse(), tables.observations, tables.coverage)
    assert check_tables(tables, SOURCES).equals(check_tables(turned, SOURCES))


def test_empty_tables_have_no_findings() -> None:
    assert check_tables(Tables.of(), []).is_empty()


@pytest.mark.slow
def test_a_million_and_a_half_ties_are_checked_in_a_few_seconds() -> None:
    states = [f"state/{a}{b}{c}" for a in "ABCDE" for b in "ABCDEF" for c in "ABCDEFGH"]
    pairs = pl.DataFrame({"from": states}).join(pl.DataFrame({"to": states}), how="cross")
    pairs = pairs.filter(pl.col("from") != pl.col("to"))
    flows = pairs.join(pl.DataFrame({"year": range(1990, 2017)}), how="cross").head(1_500_000)
    ties = tie_frame(flows, kind="goods-trade", unit="USD", value=1.0, source="source/x-1")
    world = [Entity(state, "state", {"en": state}) for state in states]
    source = [entity for entity in entities() if entity.kind == "source"]
    tables = Tables.of([*world, *source], ties)
    began = time.process_time()
    found = check_tables(tables, [{"id": "x-1"}])
    spent = time.process_time() - began
    assert ties.height == 1_500_000
    assert found.is_empty()
    # A bound against row-by-row loops (minutes), not a measurement: those live in benchmarks/.
    assert spent < 20, spent
