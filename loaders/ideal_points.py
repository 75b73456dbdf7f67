"""UN ideal points: where states stand on the main line of conflict in the General Assembly.

Reads the country-year table of Bailey, Strezhnev and Voeten. `idealpointfp` (votes on final
passage only, to 2024) and `idealpointall` (all votes, to 2023) are two estimates, so two
indicators. The legacy series, the vote counts and the bounds of the interval are left out.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl

from geoties.graph.model import Coverage, Rejection, Report, Source, Tables, UserError
from geoties.graph.names import Resolver, default_resolver

SOURCE = Source(
    id="un-ideal-points-2025-07",
    title="United Nations General Assembly ideal points, 1946-2024",
    publisher="Bailey, Strezhnev and Voeten (Harvard Dataverse)",
    url="https://doi.org/10.7910/DVN/LEJUQZ",
    licence="cite (CC0-1.0 on Dataverse)",
    licence_class="A",
    version="July 2025",
    retrieved=dt.date(2025, 7, 31),
    citation="Bailey, M., Strezhnev, A. and Voeten, E. (2017), Estimating Dynamic State "
    "Preferences from United Nations Voting Data, Journal of Conflict Resolution 61(2): 430-456.",
    expects={"observations": (15_000, 30_000)},
    filenames=("unga_ideal_points_1946_2024.csv",),
)
INDICATORS = {"idealpointfp": "ideal-point", "idealpointall": "ideal-point-all-votes"}
IGNORED = ("iso3", "countryname", "idealpointlegacy", "nvotesfp", "nvotesall", "q5all", "q95all")


def load(raw: Path) -> Tables:
    """Ideal points by state and year; states are told by COW code and year, never by ISO code."""
    rows = pl.read_csv(raw, infer_schema=False).with_row_index("row", offset=2)
    if missing := {"ccode", "year", *INDICATORS} - set(rows.columns):
        raise UserError(f"{raw.name}: there is no column {sorted(missing)[0]}.")
    rows = rows.join(_entities(rows), on=["ccode", "year"], how="left")
    bad = rows.filter(pl.col("entity").is_null())
    good = rows.filter(pl.col("entity").is_not_null()).unique(
        ["entity", "year"], keep="first", maintain_order=True
    )
    why = "no state has this COW code in this year"
    rejected = [Rejection(r["row"], "ccode", str(r["ccode"]), why) for r in bad.to_dicts()]
    report = Report(rows.height, good.height, rows.height - bad.height - good.height, rejected)
    observations = pl.concat([_indicator(good, column) for column in INDICATORS])
    return Tables.of((), (), observations, _coverage(observations), report)


def _entities(rows: pl.DataFrame) -> pl.DataFrame:
    names = default_resolver()
    pairs = rows.select("ccode", "year").unique().drop_nulls()
    found = [_entity(names, code, year) for code, year in pairs.iter_rows()]
    return pairs.with_columns(entity=pl.Series(found, dtype=pl.String))


def _entity(names: Resolver, code: str, year: str) -> str | None:
    """Who held the code in the middle of the year, else at its end, else at its beginning."""
    days = (f"{year}-{day}" for day in ("07-01", "12-31", "01-01"))
    return next((found for day in days if (found := names.code("cow", code, on=day))), None)


def _indicator(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    return rows.filter(pl.col(column).fill_null("") != "").select(
        "entity",
        pl.lit(INDICATORS[column]).alias("indicator"),
        pl.col("year").cast(pl.Int32),
        pl.col(column).cast(pl.Float64).alias("value"),
        pl.lit("ideal point").alias("unit"),
        pl.lit(SOURCE.entity).alias("source"),
        pl.concat_str("ccode", "year", separator="-").alias("record"),
    )


def _coverage(observations: pl.DataFrame) -> list[Coverage]:
    spans = observations.group_by("indicator", maintain_order=True).agg(
        first=pl.col("year").min(), last=pl.col("year").max()
    )
    note = "states that voted in the year; a state without an estimate has none"
    return [
        Coverage(
            SOURCE.entity,
            row["indicator"],
            "complete",
            from_year=row["first"],
            to_year=row["last"],
            note=note,
        )
        for row in spans.to_dicts()
    ]
