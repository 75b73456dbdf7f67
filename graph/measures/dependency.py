"""Dependency of one state on another: shares, trade over GDP, salience, symmetry.

Each function takes the table of :func:`geoties.graph.measures.trade.trade_dyads` and returns
it with ``value, low, high``: ``low`` and ``high`` where an unknown flow makes the score a
range, ``value`` null where the unknown flow is the pair's own.
"""

from __future__ import annotations

import polars as pl


def export_share(dyads: pl.DataFrame) -> pl.DataFrame:
    """Share of the partner in the state's exports of goods, from 0 to 1."""
    return _share(dyads, "exports")


def import_share(dyads: pl.DataFrame) -> pl.DataFrame:
    """Share of the partner in the state's imports of goods, from 0 to 1."""
    return _share(dyads, "imports")


def trade_share(dyads: pl.DataFrame) -> pl.DataFrame:
    """Share of the partner in the state's goods trade (Barbieri 1996), from 0 to 1."""
    return _share(dyads, "trade")


def trade_dependence(dyads: pl.DataFrame) -> pl.DataFrame:
    """Trade with the partner over the state's own GDP (Oneal & Russett 1997)."""
    return _over(dyads, pl.col("gdp_of"))


def weak_link(dyads: pl.DataFrame) -> pl.DataFrame:
    """The smaller of the pair's two values of trade over GDP: that of the larger economy."""
    larger = pl.when(pl.all_horizontal(pl.col("gdp_of", "gdp_with").is_not_null())).then(
        pl.max_horizontal("gdp_of", "gdp_with")
    )
    return _over(dyads, larger)


def asymmetry(dyads: pl.DataFrame) -> pl.DataFrame:
    """Dependence of the state on the partner minus that of the partner on the state."""
    factor = 1 / pl.col("gdp_of") - 1 / pl.col("gdp_with")
    ends = (pl.col("trade") * factor, (pl.col("trade") + pl.col("trade_high")) * factor)
    gap = pl.col("trade_gap")
    return dyads.with_columns(
        value=pl.when(~gap).then(ends[0]),
        low=pl.when(gap).then(pl.min_horizontal(*ends)),
        high=pl.when(gap & pl.col("trade_high").is_not_null()).then(pl.max_horizontal(*ends)),
    )


def salience(dyads: pl.DataFrame) -> pl.DataFrame:
    """The geometric mean of both sides' trade shares (Barbieri 1996), from 0 to 1."""
    both = _both_shares(dyads)
    return both.with_columns(_salience(end) for end in ("value", "low", "high"))


def symmetry(dyads: pl.DataFrame) -> pl.DataFrame:
    """1 minus the difference of both sides' trade shares (Barbieri 1996), from 0 to 1."""
    return _both_shares(dyads).with_columns(*_symmetry())


def interdependence(dyads: pl.DataFrame) -> pl.DataFrame:
    """Salience times symmetry (Barbieri 1996), from 0 to 1."""
    value, low, high = _symmetry()
    return _both_shares(dyads).with_columns(
        _salience("value") * value, _salience("low") * low, _salience("high") * high
    )


def _salience(end: str) -> pl.Expr:
    return (pl.col(end) * pl.col(f"{end}_back")).sqrt()


def _symmetry() -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Value, low and high: the widest and the narrowest difference the ranges allow."""
    ends = [pl.col(a) - pl.col(b) for a, b in (("low", "high_back"), ("high", "low_back"))]
    apart = [end.abs() for end in ends]
    meet = (ends[0] <= 0) & (ends[1] >= 0)
    nearest = pl.when(meet).then(0.0).otherwise(pl.min_horizontal(*apart))
    nearest = pl.when(pl.all_horizontal(end.is_not_null() for end in ends)).then(nearest)
    exact = 1 - (pl.col("value") - pl.col("value_back")).abs()
    widest = pl.when(nearest.is_not_null()).then(pl.max_horizontal(*apart))
    return exact.alias("value"), (1 - widest).alias("low"), (1 - nearest).alias("high")


def exports(dyads: pl.DataFrame) -> pl.DataFrame:
    """Goods exports to the partner, in USD."""
    return _amount(dyads, "exports")


def imports(dyads: pl.DataFrame) -> pl.DataFrame:
    """Goods imports from the partner, in USD."""
    return _amount(dyads, "imports")


def trade(dyads: pl.DataFrame) -> pl.DataFrame:
    """Goods trade with the partner, both directions, in USD."""
    return _amount(dyads, "trade")


def _amount(dyads: pl.DataFrame, flow: str) -> pl.DataFrame:
    own, gap = pl.col(flow), pl.col(f"{flow}_gap")
    return dyads.with_columns(
        value=pl.when(~gap).then(own),
        low=pl.when(gap).then(own),
        high=pl.when(gap).then(own + pl.col(f"{flow}_high")),
    )


def openness(dyads: pl.DataFrame) -> pl.DataFrame:
    """The state's whole goods trade over its GDP; share x openness = dependence."""
    total = pl.col("exports_total") + pl.col("imports_total")
    return dyads.with_columns(value=total / pl.col("gdp_of"))


def _share(dyads: pl.DataFrame, flow: str) -> pl.DataFrame:
    return dyads.with_columns(*_share_of(flow))


def _share_of(flow: str, side: str = "") -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Own flow over the total; a range where either has unknown parts.

    The low end puts the own unknown part at 0 and the others at their most, the high end
    the other way round.
    """
    own, gap, high = (pl.col(f"{flow}{end}") for end in ("", "_gap", "_high"))
    total, missing, most = (
        pl.col(f"{flow}{end}{side}") for end in ("_total", "_missing", "_missing_high")
    )
    return (
        _ratio(pl.when(~gap).then(own), total).alias("value"),
        pl.when(missing > 0).then(_lowest(own, total, most - high)).alias("low"),
        pl.when(missing > 0).then(_ratio(own + high, total + high)).alias("high"),
    )


def _over(dyads: pl.DataFrame, gdp: pl.Expr) -> pl.DataFrame:
    gap = pl.col("trade_gap")
    return dyads.with_columns(
        value=_ratio(pl.when(~gap).then("trade"), gdp),
        low=pl.when(gap).then(_ratio(pl.col("trade"), gdp)),
        high=pl.when(gap).then(_ratio(pl.col("trade") + pl.col("trade_high"), gdp)),
    )


def _ratio(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """part / whole, null where the whole is zero: 0/0 is no value."""
    return pl.when(whole != 0).then(part / whole)


def _lowest(own: pl.Expr, total: pl.Expr, others: pl.Expr) -> pl.Expr:
    """Share with the others' unknown flows at their most; 0 of anything is 0."""
    return pl.when(own == 0).then(0.0).otherwise(own / (total + others))


def _both_shares(dyads: pl.DataFrame) -> pl.DataFrame:
    """The trade share of each side; where one is a range, the other is one too."""
    shares = dyads.with_columns(
        *_share_of("trade"), *(part.name.suffix("_back") for part in _share_of("trade", "_with"))
    )
    ranged = (pl.col("trade_missing") > 0) | (pl.col("trade_missing_with") > 0)
    return shares.with_columns(
        pl.when(ranged)
        .then(
            pl.when(pl.col(f"trade_missing{total}") > 0).then(end + side).otherwise("value" + side)
        )
        .alias(end + side)
        for end in ("low", "high")
        for side, total in (("", ""), ("_back", "_with"))
    )
