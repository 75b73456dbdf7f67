"""Where states stand between two poles: domain by domain, together, and how sure the ranks are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from geoties.graph.measures.coverage import Declared
from geoties.graph.measures.domains import DOMAINS, Domain, Question
from geoties.graph.model import UserError, short_id

#: Between these scores a state is called balanced.
BALANCED = (45.0, 55.0)


def domain_scores(indicators: pl.DataFrame) -> pl.DataFrame:
    """``value = 100 * second / (first + second)`` of every row; 0/0 has no value.

    Args:
        indicators: ``first, second``: the indicator with each of the two poles.

    >>> rows = pl.DataFrame({"first": [30.0, 0.0], "second": [10.0, 0.0]})
    >>> domain_scores(rows)["value"].to_list()
    [25.0, None]
    """
    total = pl.col("first") + pl.col("second")
    return indicators.with_columns(value=pl.when(total > 0).then(100 * pl.col("second") / total))


def combined(scores: pl.DataFrame, weights: Mapping[str, float]) -> pl.DataFrame:
    """The weighted mean of the domains that a state has, per year.

    Args:
        scores: ``of, year, domain, value``; rows without a value do not count.
        weights: Weight of each domain; 1 for those not named.

    Returns:
        ``of, year, value, domains`` (the number that count).
    """
    weighed = scores.drop_nulls("value").with_columns(weight=weight_of("domain", weights))
    counted = weighed.filter(pl.col("weight") > 0)
    mean = (pl.col("value") * pl.col("weight")).sum() / pl.col("weight").sum()
    return counted.group_by("of", "year").agg(value=mean, domains=pl.len()).sort("of", "year")


def weight_of(column: str, weights: Mapping[str, float]) -> pl.Expr:
    """The weight of the domain in a column."""
    if not weights:
        return pl.lit(1.0)
    return pl.col(column).replace_strict(dict(weights), default=1.0, return_dtype=pl.Float64)


def rank_spread(
    values: NDArray[np.float64],
    weights: NDArray[np.float64],
    *,
    draws: int = 1000,
    seed: int = 0,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ranks of states by their combined score, and their spread over random weights.

    Args:
        values: state x domain, the domain scores; NaN where a state has none.
        weights: The weights of the domains for the ranks themselves.
        draws: How many weight vectors to draw, uniform on the simplex.
        seed: Of the random numbers; the same seed gives the same spread.

    Returns:
        The ranks (1 the lowest score, ties sharing the best rank; NaN without any domain),
        and draw x state, the ranks in every draw.

    Raises:
        UserError: when there are fewer than one draw.
    """
    if draws < 1:
        raise UserError(f"draws is a number of 1 or more, not {draws}.")
    drawn = np.random.default_rng(seed).dirichlet(np.ones(values.shape[1]), size=draws)
    return _ranks(_means(values, weights[None, :]))[0], _ranks(_means(values, drawn))


def _means(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """draw x state: the weighted mean of the domains that each state has."""
    known = ~np.isnan(values)
    total = weights @ known.T.astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        means: NDArray[np.float64] = (weights @ np.where(known, values, 0).T) / total
    return means


def _ranks(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 + the number of lower scores in the row; scores closer than 1e-9 are the same."""
    rounded = np.round(scores, 9)
    lower = (rounded[:, None, :] < rounded[:, :, None]).sum(axis=2)
    return np.where(np.isnan(scores), np.nan, lower + 1.0)


def balance_domains(question: Question, names: Sequence[str]) -> pl.DataFrame:
    """Every domain of every state and year: its indicators and score, or why it is left out.

    Returns:
        ``of, year, domain, first, second, value, missing, source``; ``missing`` says why
        a domain does not count (empty where it does).
    """
    frames = [_domain(question, DOMAINS[name]) for name in names]
    return pl.concat(frames).sort("of", "year", maintain_order=True)


def _domain(question: Question, domain: Domain) -> pl.DataFrame:
    grid = pl.DataFrame({"of": list(question.states)}, schema={"of": pl.String}).join(
        pl.DataFrame({"year": list(question.years)}, schema={"year": pl.Int32}), how="cross"
    )
    rows = domain_scores(domain.rows(question))
    # two sources of one domain: the last by name is the later release
    rows = rows.sort("of", "year", "source").unique(["of", "year"], keep="last")
    joined = grid.join(rows, on=["of", "year"], how="left", maintain_order="left")
    gaps = _undeclared(question, domain, joined)
    why = (
        pl.when(pl.col("undeclared") != "")
        .then("undeclared")
        .when(pl.col("source").is_null())
        .then(pl.lit("no data"))
        .when(pl.col("first").is_null() | pl.col("second").is_null())
        .then(pl.lit("a flow is unknown"))
        .when(pl.col("value").is_null())
        .then(pl.lit("nothing with either pole"))
        .otherwise(pl.lit(""))
    )
    scored = joined.with_columns(undeclared=gaps).with_columns(missing=why)
    value = pl.when(pl.col("missing") == "").then("value")
    columns = ["of", "year", "domain", "first", "second", "value", "missing", "source"]
    return scored.with_columns(value=value, domain=pl.lit(domain.name)).select(columns)


def _undeclared(question: Question, domain: Domain, grid: pl.DataFrame) -> pl.Series:
    """For each row, which pole no source claims to cover; empty when both are."""
    declared = Declared.of(question.frames)
    regions = {state: {state, *question.places.regions_of(state)} for state in question.states}
    poles = {
        (pole, year): question.pole_in(pole, year)
        for pole in question.poles
        for year in question.years
    }

    def gap(state: str, year: int) -> str:
        known = [
            pole
            for pole in question.poles
            if declared.between(domain.kind, year, regions[state], poles[pole, year])
        ]
        if len(known) == 1:
            return f"coverage is declared for {short_id(known[0])} only"
        return "" if known else f"no source covers {year}"

    return pl.Series([gap(*row) for row in grid.select("of", "year").iter_rows()], dtype=pl.String)
