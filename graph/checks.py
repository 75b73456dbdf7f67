"""The rules of the ontology's shapes, for whole tables at once: what stops a build, and why.

`shapes.ttl` states the same rules for RDF; here they run on the columns, 1.5 million ties in a
couple of seconds. A finding says which check failed, how badly, in which table, for which row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from geoties.graph.checks_entities import check_entities
from geoties.graph.model import SCHEMAS, Tables
from geoties.ontology.kinds import Kind, indicators, kinds, precisions, roles, statuses

ERROR, WARNING = "error", "warning"
FINDINGS = dict.fromkeys(("check", "severity", "table", "id", "detail"), pl.String())
CONFIDENCES = ("", "high", "medium", "low")
YEARS = (1400, 2100)
_DAY = r"^\d{4}-\d{2}-\d{2}$"
# Characters that would end an IRI early: they may come from a stranger's table.
_SAFE_ID = r"^tie/[a-z-]+/[A-Za-z0-9._~%-]+/[A-Za-z0-9._~%-]+$"


@dataclass(frozen=True)
class Check:
    """One rule: the rows for which `broken` is true are findings, told by `detail`."""

    name: str
    broken: pl.Expr
    detail: pl.Expr
    severity: str = ERROR


def check_tables(tables: Tables, sources: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """All findings on the four tables: check, severity, table, id, detail; sorted.

    `sources` are the releases' metadata, of which `id` and `expects` are read. "error" stops a
    build, "warning" is for a person to look at.

    >>> from geoties.graph.model import Tables, Tie
    >>> lonely = Tables.of(ties=[Tie("visit", "state/PER", "state/PER", "source/x", "1")])
    >>> sorted(set(check_tables(lonely, [{"id": "x"}])["check"]))
    ['event without a date', 'tie to itself', 'unknown from', 'unknown to']
    """
    described = list(sources)
    known = Known.of(tables.entities, described)
    parts = [
        check_entities(tables.entities),
        check_ties(tables.ties, known),
        check_observations(tables.observations, known),
        check_coverage(tables.coverage, known),
        check_counts(tables, described),
    ]
    return pl.concat(parts).sort(pl.all())


@dataclass(frozen=True)
class Known:
    """What rows may point at: entities with their kinds and lives, and sources."""

    entities: pl.DataFrame
    sources: list[str]

    @classmethod
    def of(cls, entities: pl.DataFrame, sources: Iterable[Mapping[str, Any]]) -> Known:
        """The entities of a build and the ids of its sources."""
        lives = entities.select(
            "id",
            "kind",
            born=pl.col("valid_from").str.extract(r"^(\d{4})").cast(pl.Int32),
            gone=pl.col("valid_to").str.extract(r"^(\d{4})").cast(pl.Int32),
        )
        return cls(lives, [f"source/{source['id']}" for source in sources])

    def of_kinds(self, allowed: Sequence[str]) -> pl.Series:
        """The ids of entities of the given kinds."""
        return self.entities.filter(pl.col("kind").is_in(allowed))["id"]


def check_ties(ties: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Findings on ties: kinds, ends, roles, dates, values, ids and sources."""
    found, every = [pl.DataFrame(schema=FINDINGS)], _checks_of_all_ties(known)
    for kind in ties["kind"].unique().sort():  # one at a time, for they are many
        rows = ties.filter(pl.col("kind").eq_missing(kind))
        found.append(_findings("ties", rows, every))  # ids begin with the kind: none is in two
        if declared := kinds().get(kind):
            found.append(_findings("ties", rows, list(_checks_of_kind(declared, known))))
            found.append(_findings("ties", _with_lives(rows, known), _existence()))
    return pl.concat(found)


def _findings(table: str, rows: pl.DataFrame, checks: Sequence[Check]) -> pl.DataFrame:
    """The broken rows of each check; the details are made for those only."""
    flags = rows.select(
        check.broken.fill_null(False).any().alias(str(i)) for i, check in enumerate(checks)
    )
    failed = [check for check, flag in zip(checks, flags.row(0), strict=True) if flag]
    found = [
        rows.filter(check.broken).select(
            pl.lit(check.name).alias("check"),
            pl.lit(check.severity).alias("severity"),
            pl.lit(table).alias("table"),
            pl.col("id").fill_null(""),
            check.detail.cast(pl.String).fill_null("").alias("detail"),
        )
        for check in failed
    ]
    return pl.concat([pl.DataFrame(schema=FINDINGS), *found])


def _told(column: str, message: str) -> pl.Expr:
    return pl.concat_str(pl.lit(f"{column} is "), _shown(column), pl.lit(f"; {message}"))


def _shown(column: str) -> pl.Expr:
    text = pl.col(column).cast(pl.String)
    return pl.when(text == "").then(pl.lit("empty")).otherwise(text.fill_null("empty"))


def _no_nulls(table: str) -> Iterator[Check]:
    for column, dtype in SCHEMAS[table].items():
        if dtype == "str":
            message = pl.lit(f"{column} is null; an unknown text is empty")
            yield Check("null text", pl.col(column).is_null(), message)


def _known_source(known: Known) -> Check:
    message = _told("source", "no source of the build has that id")
    return Check("unknown source", ~pl.col("source").is_in(known.sources), message)


def _year_in_range() -> Check:
    message = _told("year", f"expected {YEARS[0]} to {YEARS[1]}")
    return Check("year out of range", ~pl.col("year").is_between(*YEARS), message)


def _checks_of_all_ties(known: Known) -> list[Check]:
    prefix = pl.concat_str(
        pl.lit("tie/"), "kind", pl.lit("/"), pl.col("source").str.strip_prefix("source/")
    )
    return [
        *_no_nulls("ties"),
        Check(
            "unknown kind",
            ~pl.col("kind").is_in(list(kinds())),
            _told("kind", "the ontology declares no such kind of tie"),
        ),
        Check("duplicate id", pl.col("id").is_duplicated(), _told("record", "it occurs twice")),
        Check(
            "unsafe id",
            ~(pl.col("id").str.contains(_SAFE_ID) & pl.col("id").str.starts_with(prefix)),
            pl.lit("an id is tie/<kind>/<source>/<record>, percent-encoded"),
        ),
        Check(
            "tie to itself",
            pl.col("from") == pl.col("to"),
            _told("to", "so is from, and a tie has two different ends"),
        ),
        _known_source(known),
        _year_in_range(),
        Check(
            "unknown confidence",
            ~pl.col("confidence").is_in(CONFIDENCES),
            _told("confidence", "expected high, medium, low or nothing"),
        ),
        *_dates(),
    ]


def _dates() -> Iterator[Check]:
    for column in ("start", "end", "observed_to"):
        day = pl.col(column)
        valid = day.str.contains(_DAY) & day.str.to_date("%Y-%m-%d", strict=False).is_not_null()
        message = _told(column, "expected a day of the calendar as YYYY-MM-DD, or nothing")
        yield Check("no such date", (day != "") & ~valid, message)
    yield from _precisions()
    yield Check(
        "end before start",
        (pl.col("start") != "") & (pl.col("end") != "") & (pl.col("end") < pl.col("start")),
        pl.concat_str(pl.lit("it ends on "), "end", pl.lit(" but starts on "), "start"),
    )
    yield Check(
        "observed before start",
        (pl.col("observed_to") != "") & (pl.col("observed_to") < pl.col("start")),
        _told("observed_to", "the tie starts later"),
        WARNING,
    )


def _precisions() -> Iterator[Check]:
    for column, edges in (("start", ("-01", "-01-01")), ("end", ("", "-12-31"))):
        day, precision = pl.col(column), pl.col(f"{column}_precision")
        unknown = ~precision.is_in(list(precisions()))
        message = _told(f"{column}_precision", "expected day, month or year beside a date")
        yield Check("unknown precision", (day != "") & unknown, message)
        message = _told(f"{column}_precision", f"there is no {column}")
        yield Check("precision without a date", (day == "") & (precision != ""), message)
        month_edge = day.str.ends_with("-01") if column == "start" else _is_month_end(day)
        off_month = (precision == "month") & (day != "") & ~month_edge
        off_year = (precision == "year") & (day != "") & ~day.str.ends_with(edges[1])
        message = _told(column, "an imprecise date stands on the edge of its month or year")
        yield Check("date off its period", off_month | off_year, message)


def _is_month_end(day: pl.Expr) -> pl.Expr:
    date = day.str.to_date("%Y-%m-%d", strict=False)
    return (date == date.dt.month_end()).fill_null(True)


def _checks_of_kind(kind: Kind, known: Known) -> Iterator[Check]:
    ends = (("from", kind.from_kinds), ("to", kind.to_kinds), ("via", kind.via_kinds))
    for end, allowed in ends:
        yield from _end(end, allowed, kind, known)
    yield _role(kind)
    for column in kind.requires:
        message = pl.lit(f"{column} is empty, but a {kind.id} needs one")
        yield Check(f"missing {column}", pl.col(column) == "", message)
    if kind.topic_pattern:
        wrong = ~pl.col("topic").str.contains(f"^{kind.topic_pattern}$")
        yield Check("wrong topic", wrong, _told("topic", f"expected {kind.topic_pattern}"))
    yield from _time(kind)
    yield from _value(kind)


def _end(end: str, allowed: tuple[str, ...], kind: Kind, known: Known) -> Iterator[Check]:
    given = pl.col(end) != "" if end == "via" else pl.lit(True)
    fits = pl.col(end).is_in(known.of_kinds(allowed).implode())
    exists = pl.col(end).is_in(known.entities["id"].implode())
    yield Check(f"unknown {end}", given & ~exists, _told(end, "no entity has that id"))
    one_of = ", ".join(allowed) or "nothing"
    message = _told(end, f"of a {kind.id} it must be one of: {one_of}")
    yield Check(f"wrong {end}", given & exists & ~fits, message)


def _role(kind: Kind) -> Check:
    allowed = [role.id for role in roles().values() if role.kind == kind.id]
    one_of = ", ".join(allowed) or "nothing"
    wrong = ~pl.col("role").is_in(["", *allowed])
    return Check("unknown role", wrong, _told("role", f"of a {kind.id} it is one of: {one_of}"))


def _time(kind: Kind) -> Iterator[Check]:
    year = pl.col("year")
    if kind.temporality == "yearly":
        yield Check("missing year", year.is_null(), pl.lit(f"a {kind.id} needs a year"))
    else:
        message = _told("year", f"a {kind.id} has dates, not a year")
        yield Check("year on a dated tie", year.is_not_null(), message)
    if kind.temporality == "event":
        yield Check(
            "event without a date",
            pl.col("start") == "",
            pl.lit(f"a {kind.id} happens on a date, but start is empty"),
            WARNING,
        )


def _value(kind: Kind) -> Iterator[Check]:
    value, unit = pl.col("value"), pl.col("unit")
    if not kind.unit:
        yield Check("value without meaning", value.is_not_null(), _told("value", "it has no unit"))
    elif not kind.via_kinds:
        # The amount of a project may be unknown; a flow without an amount is no flow.
        yield Check("missing value", value.is_null(), pl.lit(f"a {kind.id} needs a value"))
    mismatch = (
        pl.when(value.is_null()).then(~unit.is_in(["", kind.unit])).otherwise(unit != kind.unit)
    )
    yield Check("wrong unit", mismatch, _told("unit", f"expected {kind.unit or 'none'}"))
    yield Check("not a number", ~value.is_finite(), _told("value", "expected a finite number"))
    if not kind.may_be_negative:
        yield Check("negative value", value < 0, _told("value", f"a {kind.id} is never below 0"))


def _with_lives(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """The rows beside the years in which the entities at their ends began and ceased to exist."""
    began = pl.coalesce("year", pl.col("start").str.slice(0, 4).cast(pl.Int32, strict=False))
    joined = rows.select("id", "from", "to", began=began)
    mortal = known.entities.filter(pl.col("born").is_not_null() | pl.col("gone").is_not_null())
    for end in ("from", "to"):
        lives = mortal.select(
            pl.col("id").alias(end), pl.col("born", "gone").name.prefix(f"{end}_")
        )
        joined = joined.join(lives, on=end, how="left")
    return joined


def _existence() -> list[Check]:
    return [
        Check(
            "outside its lifetime",
            (pl.col("began") < pl.col(f"{end}_born")) | (pl.col("began") > pl.col(f"{end}_gone")),
            pl.concat_str(pl.col(end), pl.lit(" did not exist in "), pl.col("began")),
            WARNING,
        )
        for end in ("from", "to")
    ]


def check_observations(observations: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Findings on numbers about one entity: entity, indicator, unit, year, source, repeats."""
    key = ["entity", "indicator", "year", "source"]
    rows = observations.with_columns(id=_joined(key))
    declared = {item.id: item.unit for item in indicators().values()}
    below = [item.id for item in indicators().values() if item.may_be_negative]
    unit = pl.col("indicator").replace_strict(declared, default=None, return_dtype=pl.String)
    checks = [
        *_no_nulls("observations"),
        _known_source(known),
        _year_in_range(),
        Check(
            "unknown entity",
            ~pl.col("entity").is_in(known.entities["id"].implode()),
            _told("entity", "no entity has that id"),
        ),
        Check("unknown indicator", unit.is_null(), _told("indicator", "it is not declared")),
        Check(
            "wrong unit",
            unit != pl.col("unit"),
            pl.concat_str(_told("unit", "the indicator is counted in "), unit),
        ),
        Check("missing year", pl.col("year").is_null(), pl.lit("an observation needs a year")),
        Check(
            "not a number",
            ~pl.col("value").is_finite() | pl.col("value").is_null(),
            _told("value", "expected a finite number"),
        ),
        Check(
            "negative value",
            (pl.col("value") < 0) & ~pl.col("indicator").is_in(below),
            _told("value", "the indicator is never below 0"),
        ),
        Check("two values", pl.struct(key).is_duplicated(), _told("value", "there is another")),
    ]
    return _findings("observations", rows, checks)


def check_coverage(coverage: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Findings on statements of coverage: kind, status, scopes, years, source."""
    rows = coverage.with_columns(id=_joined(["source", "kind", "status", "from_year", "to_year"]))
    about = [*kinds(), *indicators()]
    entities = known.entities["id"].implode()
    scopes = (f"{end}_scope" for end in ("from", "to", "via"))
    checks = [
        *_no_nulls("coverage"),
        _known_source(known),
        Check(
            "unknown kind",
            ~pl.col("kind").is_in(about),
            _told("kind", "expected a kind of tie or an indicator"),
        ),
        Check(
            "unknown status",
            ~pl.col("status").is_in(list(statuses())),
            _told("status", "expected complete, partial or unknown"),
        ),
        *(
            Check(
                "unknown scope",
                (pl.col(scope) != "") & ~pl.col(scope).is_in(entities),
                _told(scope, "no entity has that id"),
            )
            for scope in scopes
        ),
        Check(
            "years backwards",
            pl.col("from_year") > pl.col("to_year"),
            _told("to_year", "the first year is later"),
        ),
    ]
    return _findings("coverage", rows, checks)


def _joined(columns: Sequence[str]) -> pl.Expr:
    texts = [pl.col(column).cast(pl.String).fill_null("") for column in columns]
    return pl.concat_str(texts, separator=" ")


def check_counts(tables: Tables, sources: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Sources of which there are fewer or more rows than their metadata expect."""
    counts = {name: _rows_by_source(getattr(tables, name)) for name in ("ties", "observations")}
    rows = [
        (f"source/{source['id']}", table, counts[table].get(f"source/{source['id']}", 0), *bounds)
        for source in sources
        for table, bounds in (source.get("expects") or {}).items()
        if table in counts
    ]
    found = [
        ("count out of range", ERROR, table, id, f"{count} rows; expected {least} to {most}")
        for id, table, count, least, most in rows
        if not least <= count <= most
    ]
    return pl.DataFrame(found, schema=FINDINGS, orient="row")


def _rows_by_source(table: pl.DataFrame) -> dict[str, int]:
    return dict(table.select("source").group_by("source").len().iter_rows())
