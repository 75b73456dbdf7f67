"""The rows of a user's table as ties: read, resolved, held against every rule of their kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import polars as pl

from geoties.graph.checks import Known, check_ties
from geoties.graph.model import complete, tie_frame
from geoties.loaders import user_tables_cells as cells
from geoties.loaders.user_tables_mapping import Layout
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
from geoties.ontology.kinds import kinds, precisions

#: The columns that a table of ties may have. Dates are as precise as they are written, or as a
#: column beside them says.
COLUMNS = (
    "kind", "from", "to", "via", "role", "topic", "start", "end", "observed_to", "year",
    "value", "unit", "reference", "confidence", "record", "start_precision", "end_precision",
    "source",
)  # fmt: skip
EXAMPLE = "example"
_LONGEST_RECORD = 200
_ENDS = ("from", "to", "via")
# Of which column a broken rule speaks, where its first word is none.
_ABOUT = {
    "tie to itself": "to",
    "end before start": "end",
    "missing year": "year",
    "missing value": "value",
    "duplicate id": "record",
}
_NOT_OURS = ("unsafe id", "unknown source", "duplicate id", "event without a date")


def read_ties(
    rows: pl.DataFrame, layout: Layout, world: World, source: str
) -> tuple[pl.DataFrame, Found]:
    """Typed ties, with the number of their row, and the problems of the others.

    `rows` have the texts of `COLUMNS`; `source` is the source's entity id.
    """
    texts, found = of_source(rows, source)
    texts, wrong = _with_kinds(texts)
    found += wrong
    for end in ("from", "to"):
        found.append(
            problems(texts.filter(pl.col(end) == ""), end, "it is empty; a tie has two ends")
        )
    typed, wrong = _values(texts, layout)
    found += wrong
    typed, wrong = _names(typed, Reader(world, layout))
    found += wrong
    good = without(typed, found)
    found += _broken_rules(good, texts, world, source)
    found += _outlived(good, texts, world)
    return without(typed, found), found


def _with_kinds(rows: pl.DataFrame) -> tuple[pl.DataFrame, Found]:
    """The rows of kinds that can be added."""
    wrong: Found = []
    addable = [kind.id for kind in kinds().values() if not kind.derived]
    for (text,), part in rows.group_by("kind", maintain_order=True):
        if text not in addable:
            wrong.append(problems(part, "kind", why_no_kind(str(text))))
    return without(rows, wrong), wrong


def why_no_kind(text: str) -> str:
    """Why a text is no kind of tie that can be added.

    >>> why_no_kind("visits")
    'there is no such kind of tie; did you mean visit?'
    """
    from difflib import get_close_matches

    if text in kinds():
        return "ties of this kind are computed from others; add those"
    if not text:
        return "the kind of tie is missing; name it in a column, or with --kind"
    near = get_close_matches(text, list(kinds()), n=1)
    told = f"did you mean {near[0]}?" if near else f"there are: {', '.join(kinds())}"
    return f"there is no such kind of tie; {told}"


def _values(rows: pl.DataFrame, layout: Layout) -> tuple[pl.DataFrame, Found]:
    """Dates, years, numbers, units and citations."""
    rows, found = _dates(rows)
    text = pl.String()
    steps: list[tuple[str, Callable[[str], Mapping[str, Any]], Mapping[str, pl.DataType]]] = [
        ("observed_to", _observed, {"observed_to": text}),
        ("year", read_year, {"year": pl.Int32()}),
        ("value", number_reader(layout), {"value": pl.Float64()}),
        ("reference", lambda text: {"reference": cells.reference(text)}, {"reference": text}),
        ("record", read_record, {"record": text}),
    ]
    for column, parse, into in steps:
        rows, wrong = convert(rows, column, parse, into)
        found.append(wrong)
    return in_our_units(rows, layout).with_columns(pl.col(pl.String).fill_null("")), found


def _dates(rows: pl.DataFrame) -> tuple[pl.DataFrame, Found]:
    """First day of starts and last day of ends, with their precision."""
    found = []
    for column, read in (("start", _start), ("end", _end)):
        columns = [column, f"{column}_precision"]
        rows, wrong = convert_each(rows, columns, read, dict.fromkeys(columns, pl.String()))
        found.append(wrong)
    return rows, found


def _start(key: tuple[str, ...]) -> Mapping[str, Any]:
    period = cells.date(as_precise(*key))
    return {"start": period.first, "start_precision": period.precision}


def _end(key: tuple[str, ...]) -> Mapping[str, Any]:
    period = cells.date(as_precise(*key))
    return {"end": period.last, "end_precision": period.precision}


def as_precise(text: str, precision: str) -> str:
    """A date without what a precision beside it says is not known.

    >>> as_precise("2017-01-01", "year"), as_precise("2017-11-17", "")
    ('2017', '2017-11-17')
    """
    if precision not in ("", *precisions()):
        raise ValueError("the precision beside it should be day, month or year")
    return text[: {"year": 4, "month": 7}.get(precision, len(text))]


def _observed(text: str) -> Mapping[str, Any]:
    return {"observed_to": cells.date(text).last}


def read_year(text: str) -> Mapping[str, Any]:
    """The year in a cell."""
    return {"year": cells.year(text)}


def number_reader(layout: Layout) -> Callable[[str], Mapping[str, Any]]:
    """What reads the value in a cell, by the signs that the layout declares."""
    sure = cells.not_doubtful if layout.doubtful_points else str
    return lambda text: {"value": cells.number(sure(text), layout.decimal, layout.thousands)}


def read_record(text: str) -> Mapping[str, Any]:
    """The record in a cell; the example of a template is none.

    >>> read_record("example")
    Traceback (most recent call last):
    ValueError: this is the example of the template; delete the row
    """
    if text.casefold() == EXAMPLE:
        raise ValueError("this is the example of the template; delete the row")
    if len(text) > _LONGEST_RECORD:
        raise ValueError(f"a record has at most {_LONGEST_RECORD} characters")
    return {"record": text}


def in_our_units(rows: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """The values of rows in units that the mapping declares, counted in ours."""
    times = {unit: meant.times for unit, meant in layout.units.items()}
    names = {unit: meant.unit for unit, meant in layout.units.items()}
    if not times:
        return rows
    factor = pl.col("unit").replace_strict(times, default=1.0, return_dtype=pl.Float64)
    return rows.with_columns(value=pl.col("value") * factor, unit=pl.col("unit").replace(names))


def _names(rows: pl.DataFrame, reader: Reader) -> tuple[pl.DataFrame, Found]:
    """The ends as ids of entities, by what the texts meant when the tie was there."""
    found: Found = []
    year = pl.col("year").cast(pl.String)
    known = [
        pl.when(pl.col("start") != "").then(pl.col("start")),
        year + pl.lit("-01-01"),
        pl.when(pl.col("end") != "").then(first_day_of_end()),
    ]
    last = [
        pl.when(pl.col("start") != "").then(last_day_of_start()),
        year + pl.lit("-12-31"),
        pl.when(pl.col("end") != "").then(pl.col("end")),
    ]
    rows = rows.with_columns(
        pl.coalesce(*known, pl.lit("")).alias("#first"),
        pl.coalesce(*last, pl.lit("")).alias("#last"),
    )
    for end in _ENDS:
        columns = [end, "#first", "#last", "kind"]
        rows, wrong = convert_each(rows, columns, _end_reader(reader, end), {end: pl.String()})
        found.append(wrong)
    return rows.drop("#first", "#last").with_columns(pl.col(_ENDS).fill_null("")), found


def first_day_of_end() -> pl.Expr:
    """The first day that an end may mean."""
    from geoties.graph.periods import first_day_of

    return first_day_of(pl.col("end"), pl.col("end_precision"))


def last_day_of_start() -> pl.Expr:
    """The last day that a start may mean."""
    from geoties.graph.periods import last_day_of

    return last_day_of(pl.col("start"), pl.col("start_precision"))


def _end_reader(reader: Reader, end: str) -> Callable[[tuple[str, ...]], Mapping[str, Any]]:
    def read(key: tuple[str, ...]) -> Mapping[str, Any]:
        text, first, last, kind = key
        declared = kinds()[kind]
        allowed = {
            "from": declared.from_kinds,
            "to": declared.to_kinds,
            "via": declared.via_kinds,
        }[end]
        return {end: reader.entity(text, When(first, last), allowed)}

    return read


def _broken_rules(
    typed: pl.DataFrame, texts: pl.DataFrame, world: World, source: str
) -> Iterator[pl.DataFrame]:
    """What the rules of the whole graph say of the rows, each with the text that stood there."""
    ties = complete("ties", typed.drop(ROW, "source"), source=source)
    ties = ties.with_columns(id=typed[ROW].cast(pl.String))
    known = Known.of(world.entities, [{"id": source.removeprefix("source/")}])
    findings = check_ties(ties, known).filter(~pl.col("check").is_in(_NOT_OURS))
    for (check,), part in findings.group_by("check", maintain_order=True):
        numbers = part.select(pl.col("id").cast(pl.UInt32).alias(ROW), "detail").unique(ROW)
        rows = texts.join(numbers, on=ROW, how="inner", maintain_order="left")
        column = _ABOUT.get(str(check)) or _first_word(part["detail"][0])
        yield problems(rows, column, pl.col("detail"))


def _first_word(detail: str) -> str:
    word = detail.split(" ", 1)[0].removesuffix("_precision")
    return word if word in COLUMNS else ""


def _outlived(typed: pl.DataFrame, texts: pl.DataFrame, world: World) -> Iterator[pl.DataFrame]:
    """Lasting ties of which an end ceased to exist before the tie did."""
    lasting = [kind.id for kind in kinds().values() if kind.temporality == "state"]
    gone = pl.Series([gone for _, gone in world.lives.values()], dtype=pl.String)
    lives = pl.DataFrame({"#id": list(world.lives), "#gone": gone}).filter(pl.col("#gone") != "")
    for end in ("from", "to"):
        rows = typed.filter(pl.col("kind").is_in(lasting)).join(
            lives, left_on=end, right_on="#id", how="inner"
        )
        late = rows.filter((pl.col("end") == "") | (first_day_of_end() > pl.col("#gone")))
        told = texts.join(late.select(ROW, "#gone"), on=ROW, how="inner", maintain_order="left")
        reason = pl.concat_str(
            pl.col(end), pl.lit(" ceased to exist on "), "#gone", pl.lit("; the tie ends by then")
        )
        yield problems(told, "end", reason)


def stamped(typed: pl.DataFrame, source: str) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The ties with ids; rows that say the same as an earlier one (`first`); contradictions.

    Of two rows that say different things of one tie neither is taken, for nothing tells which.
    """
    compared = _comparable(typed)
    said = [column for column in compared.columns if column not in (ROW, "from", "to", "record")]
    seen = compared.with_columns(pl.col(ROW).first().over(said).alias("first"))
    repeated = seen.filter(pl.col("first") != pl.col(ROW)).select(ROW, "first")
    once = seen.filter(pl.col("first") == pl.col(ROW))
    alike = [("kind", "#record"), ("kind", "record")]
    once = once.with_columns(
        pl.min_horizontal(pl.col(ROW).min().over(key) for key in alike).alias("first"),
        pl.max_horizontal(pl.col(ROW).max().over(key) for key in alike).alias("last"),
    )
    clash = pl.col("first") != pl.col("last")
    other = pl.when(pl.col(ROW) == pl.col("first")).then("last").otherwise("first")
    against = once.filter(clash).select(ROW, "record", other.alias("other"))
    kept = once.filter(~clash).drop(ROW, "first", "last", "#low", "#high", "#record")
    return tie_frame(kept.drop("source"), source=source), repeated, against


def _comparable(typed: pl.DataFrame) -> pl.DataFrame:
    """The ties with a record each, and what tells that two are one: ends, and record, in order.

    A tie without direction is the same from either end.
    """
    mutual = pl.col("kind").is_in([kind.id for kind in kinds().values() if not kind.directed])
    swapped = mutual & (pl.col("from") > pl.col("to"))
    ordered = typed.with_columns(
        pl.when(swapped).then("to").otherwise("from").alias("#low"),
        pl.when(swapped).then("from").otherwise("to").alias("#high"),
    )
    given = pl.when(pl.col("record") != "").then("record")
    return ordered.with_columns(
        pl.coalesce(given, default_record("#low", "#high")).alias("#record"),
        pl.coalesce(given, default_record("from", "to")).alias("record"),
    )


def default_record(low: str, high: str) -> pl.Expr:
    """What tells a tie from others of its kind: its ends, and via, role, topic and time if any."""
    ends = [pl.col(end).str.split("/").list.last() for end in (low, high, "via")]
    texts = [*ends, pl.col("role"), pl.col("topic"), _as_written("start")]
    parts = [pl.when(text != "").then(text) for text in texts]
    year = pl.col("year").cast(pl.String)
    return pl.concat_str([*parts, year], separator="-", ignore_nulls=True)


def _as_written(column: str) -> pl.Expr:
    precision = pl.col(f"{column}_precision")
    width = pl.when(precision == "year").then(4).when(precision == "month").then(7).otherwise(10)
    return pl.col(column).str.slice(0, width)
