"""Finance that a state received from another, next to its economy."""

from __future__ import annotations

import polars as pl

from geoties.graph.measures.card import Card, Measure, Reference
from geoties.graph.measures.inputs import Cut, Frames, years_within
from geoties.graph.measures.pairs import chosen, completed
from geoties.graph.model import short_id

KIND = "project-finance"
#: The amounts are in USD of this year, so they are set to the GDP of this year.
PRICE_YEAR = 2021


def finance_over_gdp(ties: pl.DataFrame, gdp: pl.DataFrame, *, total: bool = False) -> pl.DataFrame:
    """Finance committed by each financier over the recipient's GDP of 2021.

    Args:
        ties: Project finance: ``from`` financier, ``to`` recipient, ``year`` of commitment,
            ``value`` in USD of 2021.
        gdp: Observations of GDP in current USD.
        total: Whether all years are taken together (as the last one).

    Returns:
        ``of, with, year, source, amount, projects, gdp, value``; projects without an amount
        are counted in ``unpriced``, never as zero.
    """
    base = gdp.filter(pl.col("year") == PRICE_YEAR).unique("entity", keep="first")
    base = base.select(pl.col("entity").alias("of"), gdp="value")
    key = ["of", "with", "source"]
    named = ties.select(
        pl.col("to").alias("of"), pl.col("from").alias("with"), "year", "value", "source"
    )
    sums = [pl.col("value").sum().alias("amount"), pl.len().alias("projects"),
            pl.col("value").is_null().sum().alias("unpriced")]  # fmt: skip
    if total:
        grouped = named.group_by(key).agg(*sums, pl.col("year").max())
    else:
        grouped = named.group_by(*key, "year").agg(sums)
    known = pl.col("unpriced") < pl.col("projects")
    return grouped.join(base, on="of", how="left").with_columns(
        value=pl.when(known).then(pl.col("amount") / pl.col("gdp"))
    )


def _compute(frames: Frames, cut: Cut) -> pl.DataFrame:
    ties = frames.ties(KIND)
    years = years_within(cut.years, ties["year"].drop_nulls().unique(), "project finance")
    gdp = frames.observations().filter(pl.col("indicator") == "gdp")
    scores = chosen(finance_over_gdp(ties.filter(pl.col("year").is_in(years)), gdp), cut, years)
    unpriced = pl.when(pl.col("unpriced") > 0).then(pl.format(", {} without amount", "unpriced"))
    reason = (
        pl.when(pl.col("gdp").is_null())
        .then(pl.format("no GDP of {} for {}", pl.col("of").str.split("/").list.last(), PRICE_YEAR))
        .when(pl.col("value").is_null())
        .then(pl.lit("no amount is known"))
        .otherwise(pl.lit(""))
    )
    banks = "".join(f"; {name}" for name in sorted(gdp["source"].unique()))
    kept = scores.select(
        "of", "with", "year", "value", source=pl.col("source") + banks, reason=reason,
        basis=pl.format("projects: {}{}", "projects", unpriced.otherwise(pl.lit(""))),
    )  # fmt: skip
    return completed(kept, cut, years, _none_recorded)


def _none_recorded(of: str, partner: str, year: int) -> str:
    who = short_id(of) if of else "anybody"
    return f"no project in {who} recorded for {year}; the record is partial, so that is not zero"


def _explain(frames: Frames, cut: Cut) -> pl.DataFrame:
    gdp = frames.observations().filter(
        pl.col("indicator") == "gdp", pl.col("year") == PRICE_YEAR, pl.col("entity") == cut.of[0]
    )
    ties = frames.ties(KIND).filter(
        pl.col("to") == cut.of[0], pl.col("from") == cut.with_[0],
        pl.col("year").is_in(list(cut.years)) if cut.years else pl.lit(True),
    )  # fmt: skip
    over = gdp["value"].first() if gdp.height else None
    projects = ties.select(
        pl.col("via").alias("part"), "from", "to", "year", "value", "unit", "source", "record",
        contribution=pl.col("value") / pl.lit(over, pl.Float64),
    )  # fmt: skip
    base = gdp.head(1).select(
        pl.lit("GDP of the state").alias("part"), pl.col("entity").alias("from"), "year", "value",
        "unit", "source", "record",
    )  # fmt: skip
    return pl.concat([projects, base], how="diagonal")


MEASURES = (
    Measure(
        Card(
            id="finance-to-gdp",
            references=(
                Reference("a project of 50 and a GDP of 1,000", "of_project(50, 1000)", "0.050"),
            ),
            name="Finance from the partner over the state's GDP",
            family="dependency",
            formula="amounts committed in the year (USD of 2021) / GDP of 2021",
            citation="after AidData, Global Chinese Development Finance 3.0 (Custer et al. 2023)",
            inputs="Chinese-financed projects (AidData GCDF 3.0, constant 2021 USD); GDP of 2021 "
            "in current USD (World Bank, WDI of 2025)",
            unit="ratio to GDP of 2021",
            range="0 and up",
            high_means="The partner's finance is large next to the economy.",
            assumptions=(
                "Both sides are in USD of 2021, so that years can be compared and added.",
                "Commitments, not disbursements; a project without an amount is named, not zero.",
            ),
            criticisms=(
                "Only geolocated projects: cash and budget loans are not in it, so Venezuela's "
                "and Ecuador's credit lines are under-counted.",
                "GDP of one year does not follow the economy's growth.",
            ),
            kinds=(KIND,),
        ),
        _compute,
        _explain,
    ),
)
