"""The rows of a user's table as observations, and as statements of what it covers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

import polars as pl

from geoties.graph.checks import Known, check_coverage, check_observations
from geoties.graph.model import Coverage, Tables, UserError, complete
from geoties.loaders.user_tables_mapping import COVERAGE_KEYS, Layout
from geoties.loaders.user_tables_names import Reader, When, World
from geoties.loaders.user_tables_problems import (
    Found,
    convert,
    convert_each,
    of_source,
    problems,
    without,
)
from geoties.loaders.user_tables_sheet import ROW
from geoties.loaders.user_tables_ties import (
    in_our_units,
    number_reader,
    read_record,
    read_year,
)
from geoties.ontology.kinds import indicators

#: The columns that a table of observations may have.
COLUMNS = ("entity", "indicator", "year", "value", "unit", "record", "source")
COVERAGE_COLUMNS = (*COVERAGE_KEYS, "source")
_KEY = ["entity", "indicator", "year"]


def read_observations(
    rows: pl.DataFrame, layout: Layout, world: World, source: str
) -> tuple[pl.DataFrame, Found]:
    """Typed observations, with the number of their row, and the problems of the others."""
    texts, found = of_source(rows, source)
    rows = texts
    steps = (
        ("indicator", _indicator, {"indicator": pl.String()}),
        ("year", read_year, {"year": pl.Int32()}),
        ("value", number_reader(layout), {"value": pl.Float64()}),
        ("record", read_record, {"record": pl.String()}),
    )
    for column, parse, into in steps:
        rows, wrong = convert(rows, column, parse, into)
        found.append(wrong)
    rows, wrong = _entities(rows, Reader(world, layout, acting=False))
    rows = in_our_units(rows, layout).with_columns(pl.col(pl.String).fill_null(""))
    found.append(wrong)
    good = without(rows, found)
    found += _broken_rules(good, texts, world)
    return without(rows, found), found


def _indicator(text: str) -> Mapping[str, Any]:
    if text not in indicators():
        near = get_close_matches(text, list(indicators()), n=1)
        told = f"did you mean {near[0]}?" if near else f"there are: {', '.join(indicators())}"
        raise ValueError(f"there is no such indicator; {told}")
    return {"indicator": text}


def _entities(rows: pl.DataFrame, reader: Reader) -> tuple[pl.DataFrame, pl.DataFrame]:
    year = pl.col("year").cast(pl.String).fill_null("")

    def read(key: tuple[str, ...]) -> Mapping[str, Any]:
        text, year = key
        when = When(f"{year}-01-01", f"{year}-12-31") if year else When()
        return {"entity": reader.entity(text, when)}

    dated = rows.with_columns(year.alias("#year"))
    made, wrong = convert_each(dated, ["entity", "#year"], read, {"entity": pl.String()})
    return made.drop("#year"), wrong


def _broken_rules(typed: pl.DataFrame, texts: pl.DataFrame, world: World) -> Iterable[pl.DataFrame]:
    # A finding names its row by the source, which stands in for the number of the row.
    numbers = complete("observations", typed.drop(ROW, "source"))
    numbers = numbers.with_columns(source=typed[ROW].cast(pl.String))
    findings = check_observations(numbers, Known.of(world.entities, []))
    findings = findings.filter(~pl.col("check").is_in(["two values", "unknown source"]))
    row = pl.col("id").str.split(" ").list.last().cast(pl.UInt32)
    for (_,), part in findings.group_by("check", maintain_order=True):
        told = part.select(row.alias(ROW), "detail")
        rows = texts.join(told, on=ROW, how="inner", maintain_order="left")
        word = str(part["detail"][0]).split(" ", 1)[0]
        column = word if word in COLUMNS else "year"
        yield problems(rows, column, pl.col("detail"))


def settled(typed: pl.DataFrame, source: str) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The observations; rows that say the same as an earlier one (`first`); contradictions."""
    said = [*_KEY, "value", "unit"]
    seen = typed.with_columns(pl.col(ROW).first().over(said).alias("first"))
    repeated = seen.filter(pl.col("first") != pl.col(ROW)).select(ROW, "first")
    once = seen.filter(pl.col("first") == pl.col(ROW)).with_columns(
        pl.col(ROW).min().over(_KEY).alias("first"), pl.col(ROW).max().over(_KEY).alias("last")
    )
    clash = pl.col("first") != pl.col("last")
    other = pl.when(pl.col(ROW) == pl.col("first")).then("last").otherwise("first")
    against = once.filter(clash).select(ROW, "record", other.alias("other"))
    kept = once.filter(~clash).drop(ROW, "first", "last")
    parts = [pl.col("entity").str.split("/").list.last(), pl.col("indicator"), pl.col("year")]
    record = (
        pl.when(pl.col("record") != "")
        .then("record")
        .otherwise(pl.concat_str(parts, separator="-"))
    )
    return (
        complete("observations", kept.drop("source").with_columns(record), source=source),
        repeated,
        against,
    )


def read_coverage(
    stated: Iterable[Mapping[str, Any]], layout: Layout, world: World, source: str
) -> pl.DataFrame:
    """What the user says that the table covers; raises `UserError` for what cannot be.

    Nothing is rejected here row by row: a claim about all that is known should be whole.
    """
    rows = [_coverage(row, Reader(world, layout), source) for row in stated]
    coverage = Tables.of(coverage=rows).coverage
    known = Known.of(world.entities, [{"id": source.removeprefix("source/")}])
    for finding in check_coverage(coverage, known).iter_rows(named=True):
        raise UserError(f"In what the table says it covers, {finding['detail']}.")
    return coverage


def _coverage(row: Mapping[str, Any], reader: Reader, source: str) -> Coverage:
    given = {key: value for key, value in row.items() if value not in ("", None)}
    for scope in ("from_scope", "to_scope", "via_scope"):
        if scope in given:
            try:
                given[scope] = reader.entity(given[scope], When())
            except ValueError as problem:
                told = f"In what the table says it covers, {scope} is {given[scope]!r}"
                raise UserError(f"{told}: {problem}.") from None
    return Coverage(source=source, **given)
