"""When one partner overtook another and stayed ahead."""

from __future__ import annotations

from typing import Any, NamedTuple

import polars as pl

from geoties.graph.model import UserError


class Turn(NamedTuple):
    """The outcome for one state: the year, or why there is none."""

    year: int | None
    margin: float | None
    reason: str
    behind_again: int | None


def turning_years(series: pl.DataFrame, k: int = 3) -> pl.DataFrame:
    """For each state, the first year in which one partner overtook the other for good measure.

    It is the first year with data in which ``first`` is above ``second``, after a year with
    data in which it was not, and stays above in the next k - 1 years with data. Years without
    both values are skipped, and named by :func:`years_without`.

    Args:
        series: ``of, year, first, second``: a quantity of the two partners by year.
        k: For how many years with data, the turning year among them, it must stay ahead.

    Returns:
        ``of, value`` (the year or null), ``margin`` (first over second in that year, less 1),
        ``reason`` (why there is no year), ``behind_again`` (the first later year in which
        it was no longer ahead).

    Raises:
        UserError: when k is not a number of 1 or more.

    >>> rows = {"of": ["A"] * 4, "year": [2000, 2001, 2003, 2004],
    ...         "first": [1.0, 3.0, 4.0, 5.0], "second": [2.0, 2.0, 2.0, 2.0]}
    >>> turning_years(pl.DataFrame(rows)).row(0)
    ('A', 2001, 0.5, '', None)
    """
    if not (isinstance(k, int) and k >= 1):
        raise UserError(f"k is the number of years to stay ahead, 1 or more, not {k!r}.")
    known = series.drop_nulls(["first", "second"]).sort("of", "year")
    rows: list[dict[str, Any]] = [
        {"of": of, **_named(turn(states.select("year", "first", "second").rows(), k))}
        for (of,), states in known.group_by("of", maintain_order=True)
    ]
    schema = {"of": pl.String, "value": pl.Int32, "margin": pl.Float64, "reason": pl.String,
              "behind_again": pl.Int32}  # fmt: skip
    return pl.DataFrame(rows, schema=schema)


def _named(found: Turn) -> dict[str, Any]:
    return {"value": found.year, "margin": found.margin, "reason": found.reason,
            "behind_again": found.behind_again}  # fmt: skip


def turn(rows: list[tuple[int, float, float]], k: int) -> Turn:
    """The turning year of one series of (year, first, second), in the order of years."""
    ahead = [first > second for _, first, second in rows]
    for place in range(1, len(rows)):
        if not ahead[place - 1] and len(ahead) - place >= k and all(ahead[place : place + k]):
            year, first, second = rows[place]
            lost = [rows[later][0] for later in range(place, len(rows)) if not ahead[later]]
            margin = first / second - 1 if second else None
            return Turn(year, margin, "", lost[0] if lost else None)
    return Turn(None, None, _why_not(rows, ahead, k), None)


def _why_not(rows: list[tuple[int, float, float]], ahead: list[bool], k: int) -> str:
    if not any(ahead):
        return f"never ahead from {rows[0][0]} to {rows[-1][0]}"
    if all(ahead):
        return f"ahead already in {rows[0][0]}, the first year with data"
    if ahead[-1] and not all(ahead[-k:]):
        since = max(place for place, up in enumerate(ahead) if not up) + 1
        return f"ahead since {rows[since][0]}, not yet for {k} years with data"
    if ahead[0]:
        return f"ahead in {rows[0][0]}, the first year with data, and not overtaking later"
    return f"ahead at times, never for {k} years with data"


def years_without(series: pl.DataFrame, years: list[int]) -> dict[str, list[int]]:
    """For each state, the years in which one of the two has no value."""
    known = series.drop_nulls(["first", "second"]).group_by("of").agg(pl.col("year"))
    return {of: sorted(set(years) - set(have)) for of, have in known.iter_rows()}
