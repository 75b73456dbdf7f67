"""Where each state stands between the two poles, year by year: the colours of the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from geoties.graph.views.cut import Cut

if TYPE_CHECKING:
    import polars as pl

    from geoties.graph.frames import Frames

Row = list[float | None]

CENTS = 2
"""Decimals of a score in the page."""


def alignment_scores(frames: Frames, cut: Cut) -> list[dict[str, Any]]:
    """The measures that can colour the page, those with data only.

    Each has `id`, `low` and `high` (the scale's ends: the first and the second pole), `middle`,
    `values` by year (one number or `None` per state) and the `sources` it was computed from.
    """
    made = [build(frames, cut) for build in BUILDERS.values()]
    return [score for score in made if score["values"]]


def _pole_shares(ties: pl.DataFrame, cut: Cut) -> dict[str, Row]:
    """100 · second / (first + second) of a state's ties with the two poles, per year.

    0/0 has no value; a state that stands for a pole is at its own end.
    """
    import polars as pl

    first, second = cut.poles
    ends = pl.concat(
        [
            ties.select("year", "value", place="from", pole="to"),
            ties.select("year", "value", place="to", pole="from"),
        ]
    ).filter(pl.col("pole").is_in(cut.poles) & pl.col("place").is_in(cut.ids))
    sums = ends.group_by("year", "place").agg(
        first=pl.col("value").filter(pl.col("pole") == first).sum(),
        second=pl.col("value").filter(pl.col("pole") == second).sum(),
    )
    total = pl.col("first") + pl.col("second")
    shares = sums.filter(total > 0).select("year", "place", value=100 * pl.col("second") / total)
    return _table(shares, cut)


def _table(rows: pl.DataFrame, cut: Cut) -> dict[str, Row]:
    result: dict[str, Row] = {}
    for year, place, value in rows.select("year", "place", "value").sort("year", "place").rows():
        row = result.setdefault(str(year), _poles_only(cut))
        if place not in cut.poles:
            row[cut.index[place]] = round(value, CENTS)
    return result


def _poles_only(cut: Cut) -> Row:
    row: Row = [None] * len(cut.ids)
    for pole, value in zip(cut.poles, (0.0, 100.0), strict=True):
        row[cut.index[pole]] = value
    return row


def _sources(ties: pl.DataFrame) -> list[str]:
    return sorted(ties["source"].unique().to_list())


def trade_balance(frames: Frames, cut: Cut) -> dict[str, Any]:
    """Goods trade (exports plus imports) with the second pole as a share of that with both."""
    import polars as pl

    ties = frames.ties("goods-trade")
    latest = ties.filter(pl.col("value").is_not_null())
    return _score("trade", _pole_shares(latest, cut), _sources(latest))


def vote_balance(frames: Frames, cut: Cut) -> dict[str, Any]:
    """Voting agreement with the second pole as a share of that with both."""
    import polars as pl

    ties = frames.ties("vote-agreement").filter(pl.col("topic") == "")
    return _score("votes", _pole_shares(ties, cut), _sources(ties))


def ideal_point_balance(frames: Frames, cut: Cut) -> dict[str, Any]:
    """Distance of ideal points to the first pole less that to the second, over the poles' own."""
    import polars as pl

    points = frames.observations().filter(pl.col("indicator") == "ideal-point")
    first, second = (
        points.filter(pl.col("entity") == pole).select("year", pole="value") for pole in cut.poles
    )
    both = first.join(second, on="year", suffix="_second")
    joined = points.filter(pl.col("entity").is_in(cut.ids)).join(both, on="year")
    theta, a, b = pl.col("value"), pl.col("pole"), pl.col("pole_second")
    net = ((theta - a).abs() - (theta - b).abs()) / (b - a).abs()
    rows = joined.filter(a != b).select("year", place="entity", value=50 * (1 + net))
    return _score("ideal-point", _table(rows, cut), _sources(points))


def _score(id: str, values: dict[str, Row], sources: list[str]) -> dict[str, Any]:
    return {"id": id, "low": 0, "high": 100, "middle": 50, "values": values, "sources": sources}


BUILDERS: Mapping[str, Callable[[Frames, Cut], dict[str, Any]]] = {
    "trade": trade_balance,
    "votes": vote_balance,
    "ideal-point": ideal_point_balance,
}
