"""Numbers about economies by year: GDP, population, shares of GDP, debt (World Bank, WDI).

Reads the wide table iso3, year and one column per indicator. Every column is used.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl

from geoties.graph.model import Coverage, Rejection, Report, Source, Tables, UserError
from geoties.graph.names import default_resolver

SOURCE = Source(
    id="world-bank-wdi-2025",
    title="World Development Indicators, 1990-2024",
    publisher="World Bank",
    url="https://datatopics.worldbank.org/world-development-indicators/",
    licence="CC-BY-4.0",
    licence_class="A",
    version="extract to 2024 (GDP to 2023)",
    retrieved=dt.date(2025, 7, 1),
    citation="World Bank, World Development Indicators (CC BY 4.0).",
    expects={"observations": (30_000, 90_000)},
    filenames=("country_year_indicators_1990_2024.csv",),
)
INDICATORS = {
    "gdp_usd": ("gdp", "USD"),
    "population": ("population", "people"),
    "fdi_in_pct_gdp": ("fdi-inflow-share", "percent of GDP"),
    "exports_pct_gdp": ("exports-share", "percent of GDP"),
    "imports_pct_gdp": ("imports-share", "percent of GDP"),
    "merch_trade_pct_gdp": ("merchandise-trade-share", "percent of GDP"),
    "milex_pct_gdp": ("military-expenditure-share", "percent of GDP"),
    "ext_debt_usd": ("external-debt", "USD"),
    "gdppc_const_usd": ("gdp-per-capita", "USD 2015"),
}
_COLUMNS = ["iso3", "year", *INDICATORS]


def load(raw: Path) -> Tables:
    """One observation per number; a cell that is empty is unknown and gives none."""
    wide = _read(raw)
    known = {code: _economy(code) for code in wide["iso3"].unique()}
    entity = pl.col("iso3").replace_strict(known, return_dtype=pl.String)
    rows = wide.with_row_index("row", offset=2).with_columns(entity=entity)
    bad = rows.filter(pl.col("entity").is_null() | ~pl.col("year").str.contains(r"^\d{4}$"))
    good = rows.join(bad.select("row"), on="row", how="anti").unique(
        ["iso3", "year"], keep="first", maintain_order=True
    )
    why = "iso3 is no code of an economy, or year is no year"
    rejected = [
        Rejection(r["row"], "iso3, year", f"{r['iso3']} {r['year']}", why) for r in bad.to_dicts()
    ]
    doubled = rows.height - len(rejected) - good.height
    report = Report(rows.height, good.height, doubled, rejected)
    observations = pl.concat([_indicator(good, column, raw) for column in INDICATORS])
    return Tables.of((), (), observations, _coverage(observations), report)


def _economy(code: str) -> str | None:
    """The state or territory of an ISO code, or the aggregate of a code of the Bank's own."""
    names = default_resolver()
    return names.code("iso3", code) or names.code("wb", code)


def _read(raw: Path) -> pl.DataFrame:
    wide = pl.read_csv(raw, infer_schema=False)
    if wide.columns != _COLUMNS:
        raise UserError(f"{raw.name}: the columns should be {', '.join(_COLUMNS)}.")
    return wide


def _indicator(rows: pl.DataFrame, column: str, raw: Path) -> pl.DataFrame:
    indicator, unit = INDICATORS[column]
    given = rows.filter(pl.col(column).fill_null("") != "")
    number = given[column].cast(pl.Float64, strict=False)
    if number.null_count():
        row = given.filter(number.is_null()).row(0, named=True)
        raise UserError(
            f"{raw.name}, row {row['row']}, column {column}: {row[column]!r} is not a number."
        )
    return given.select(
        "entity",
        pl.lit(indicator).alias("indicator"),
        pl.col("year").cast(pl.Int32),
        number.alias("value"),
        pl.lit(unit).alias("unit"),
        pl.lit(SOURCE.entity).alias("source"),
        pl.concat_str("iso3", "year", separator="-").alias("record"),
    )


def _coverage(observations: pl.DataFrame) -> list[Coverage]:
    """Years with any value; partial, for not every economy reports every year."""
    spans = observations.group_by("indicator", maintain_order=True).agg(
        first=pl.col("year").min(), last=pl.col("year").max()
    )
    return [
        Coverage(
            SOURCE.entity, row["indicator"], "partial", from_year=row["first"], to_year=row["last"]
        )
        for row in spans.to_dicts()
    ]
