"""The checks of columns see all that the SHACL shapes see, and what few things they see alone.

Of each sound row there is a copy for each cell that can be wrong, all held against both at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import polars as pl
import pytest
from ontology_samples import SOURCE, good_tables

from geoties.graph.checks import check_tables
from geoties.graph.conformance import findings_of
from geoties.graph.model import SCHEMAS, Tables, tie_id

ODD: dict[str, tuple[Any, ...]] = {
    "str": ("", "nonsense", "state/PER", "body/APEC", "1998-02-30", "2030-01-01", "week", "USD"),
    "date": ("", "1998-06-30", "1998-02-30", "nonsense", "2030-01-01"),
    "int": (None, 1, 1998, 9999),
    "float": (None, -1.0, 5.0),
}
# They make the row what it is; what is wrong with them is told before there is any RDF.
NAMES_OF_THE_ROW = {"id", "kind", "record"}
# Some of these no shape can see: a precision, a role, a unit or a via that means nothing has no
# triple, and an edge of a period or a far year has no shape.
OF_COLUMNS_ALONE = {
    "date off its period",
    "precision without a date",
    "unknown role",
    "unknown via",
    "wrong unit",
    "year out of range",
}


def spoilt() -> Iterator[dict[str, Any]]:
    """Each sound tie with one cell of another value, under a record of its own."""
    for row in good_tables().ties.iter_rows(named=True):
        for column, kind in SCHEMAS["ties"].items():
            values = ODD["date" if column in ("start", "end") else kind]
            for value in values if column not in NAMES_OF_THE_ROW else ():
                record = f"{row['record']}-{column}-{value}".replace("/", "-")
                changed = {**row, column: value, "record": record}
                yield {**changed, "id": tie_id(row["kind"], SOURCE, record)}


@cache
def found() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """For the ids of spoilt ties: what the checks say, and what the shapes say."""
    tables = good_tables()
    rows = pl.DataFrame(list(spoilt()), schema=tables.ties.schema)
    tables.ties = pl.concat([tables.ties, rows])
    errors = check_tables(tables, [{"id": "x-1"}]).filter(pl.col("severity") == "error")
    return _by_id(errors, "check"), _by_id(_shapes(tables), "detail")


def _shapes(tables: Tables) -> pl.DataFrame:
    return findings_of(tables).filter(pl.col("table") == "ties")


def _by_id(findings: pl.DataFrame, told: str) -> dict[str, set[str]]:
    by_id: dict[str, set[str]] = {}
    for id, text in findings.select("id", told).iter_rows():
        by_id.setdefault(id, set()).add(text)
    return by_id


def test_what_breaks_a_shape_breaks_a_check() -> None:
    checks, shapes = found()
    assert len(shapes) > 100
    assert {id: told for id, told in shapes.items() if id not in checks} == {}


def test_what_breaks_a_check_breaks_a_shape() -> None:
    checks, shapes = found()
    unseen = {id: told for id, told in checks.items() if id not in shapes}
    assert {id: told for id, told in unseen.items() if told - OF_COLUMNS_ALONE} == {}


@pytest.mark.parametrize("column", ["start", "end", "observed_to"])
@pytest.mark.parametrize("text", ["1998-02-30", "nonsense", "1998"])
def test_a_malformed_day_is_one_clear_finding(column: str, text: str) -> None:
    tables = good_tables()
    first = pl.col("id") == tables.ties.filter(pl.col("end") != "")["id"][0]
    spoilt = pl.when(first).then(pl.lit(text)).otherwise(pl.col(column)).alias(column)
    tables.ties = tables.ties.with_columns(spoilt)
    (told,) = findings_of(tables)["detail"]
    name = {"observed_to": "observedTo"}.get(column, column)
    assert told == f"{name} is {text}; it is no date, such as 1998-11-15"
