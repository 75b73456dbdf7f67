"""UN ideal points: where states stand on the main line of conflict in the General Assembly.

Reads the country-year table of Bailey, Strezhnev and Voeten. `idealpointfp` (votes on final
passage only, to 2024) and `idealpointall` (all votes, to 2023) are two estimates, so two
indicators. The columns iso3 and countryname (codes tell states better), idealpointlegacy (the
older method), nvotesfp and nvotesall (how many votes an estimate rests on), q5all and q95all
(the bounds of its interval) are ignored.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from geoties.graph.model import Coverage, Rejection, Report, Source, Tables, UserError
from geoties.graph.names import Resolver, default_resolver

SOURCE = Source(
    id="un-ideal-points-2025-07",
    title="United Nations General Assembly ideal points, 1946-2024",
    publisher="Bailey, Strezhnev and Voeten (Harvard Dataverse)",
    url="https://doi.org/10.7910/DVN/LEJUQZ",
    licence="cite; open on Harvard Dataverse",
    licence_class="A",
    version="July 2025",
    retrieved=dt.date(2025, 7, 31),
    citation="Bailey, M., Strezhnev, A. and Voeten, E. (2017), Estimating Dynamic State "
    "Preferences from United Nations Voting Data, Journal of Conflict Resolution 61(2): 430-456.",
    expects={"observations": (15_000, 30_000)},
    filenames=("unga_ideal_points_1946_2024.csv",),
)
INDICATORS = {"idealpointfp": "ideal-point", "idealpointall": "ideal-point-all-votes"}
_COLUMNS = ["ccode", "year", *INDICATORS]


def load(raw: Path) -> Tables:
    """Ideal points by state and year; states are told by COW code and year, never by ISO code.

    A row with neither estimate (only the legacy one) gives nothing and is told as rejected; so is
    one that says something else of a state and year than an earlier row.
    """
    rows = _read(raw)
    rows = rows.join(_entities(rows), on=["ccode", "year"], how="left")
    number = [pl.col(column).is_not_null() for column in INDICATORS]
    known = rows.filter(pl.col("entity").is_not_null() & pl.any_horizontal(number))
    good = known.unique(["entity", "year"], keep="first", maintain_order=True)
    same = known.join(good, on=["entity", "year", *INDICATORS], how="semi", nulls_equal=True)
    bad = rows.join(same.select("row"), on="row", how="anti")
    report = Report(rows.height, good.height, same.height - good.height, _rejected(bad))
    observations = pl.concat([_indicator(good, column) for column in INDICATORS])
    return Tables.of((), (), observations, _coverage(observations), report)


def _read(raw: Path) -> pl.DataFrame:
    rows = pl.read_csv(raw, infer_schema=False).with_row_index("row", offset=2)
    if missing := sorted(set(_COLUMNS) - set(rows.columns)):
        raise UserError(f"{raw.name}: there is no column {missing[0]}.")
    return rows.with_columns(pl.col(*INDICATORS).cast(pl.Float64, strict=False))


def _rejected(rows: pl.DataFrame) -> list[Rejection]:
    return [
        Rejection(row["row"], "ccode, year", f"{row['ccode']} {row['year']}", _reason(row))
        for row in rows.to_dicts()
    ]


def _reason(row: Mapping[str, object]) -> str:
    if not row["entity"]:
        return "no state has this COW code in this year"
    if all(row[column] is None for column in INDICATORS):
        return "no estimate that is a number"
    return "an earlier row says something else of this state and year"


def _entities(rows: pl.DataFrame) -> pl.DataFrame:
    names = default_resolver()
    pairs = rows.select("ccode", "year").unique().drop_nulls()
    found = [_entity(names, code, year) for code, year in pairs.iter_rows()]
    return pairs.with_columns(entity=pl.Series(found, dtype=pl.String))


def _entity(names: Resolver, code: str, year: str) -> str | None:
    """Who held the code when the Assembly votes most, in autumn; else at another time of the year.

    The Soviet Union's votes of 1991 are its own: the Russian Federation's first are of 1992.
    """
    days = (f"{year}-{day}" for day in ("12-01", "07-01", "12-31", "01-01"))
    return next((found for day in days if (found := names.code("cow", code, on=day))), None)


def _indicator(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    return rows.filter(pl.col(column).is_not_null()).select(
        "entity",
        pl.lit(INDICATORS[column]).alias("indicator"),
        pl.col("year").cast(pl.Int32),
        pl.col(column).alias("value"),
        pl.lit("ideal point").alias("unit"),
        pl.lit(SOURCE.entity).alias("source"),
        pl.concat_str("ccode", "year", separator="-").alias("record"),
    )


def _coverage(observations: pl.DataFrame) -> list[Coverage]:
    note = "states that voted in the year; a state without an estimate has none"
    spans = observations.group_by("indicator", maintain_order=True).agg(
        first=pl.col("year").min(), last=pl.col("year").max()
    )
    return [
        Coverage(SOURCE.entity, name, "complete", from_year=first, to_year=last, note=note)
        for name, first, last in spans.iter_rows()
    ]
