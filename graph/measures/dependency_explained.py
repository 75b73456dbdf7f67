"""A dependency score taken apart to the flows, totals and GDP it was made of."""

from __future__ import annotations

from typing import Any

import polars as pl

from geoties.graph.measures.dependency_scores import Formula, Trade, dyad
from geoties.graph.measures.inputs import Cut, Frames

_FLOW_ENDS = {"exports": ("of", "with"), "imports": ("with", "of")}
_NUMBERS = {
    "exports_total": "goods exports of the state to all partners",
    "imports_total": "goods imports of the state from all partners",
    "trade_total": "goods trade of the state with all partners",
    "trade_total_with": "goods trade of the partner with all partners",
    "gdp_of": "GDP of the state",
    "gdp_with": "GDP of the partner",
}


def explain(formula: Formula, frames: Frames, cut: Cut) -> pl.DataFrame:
    """The ties behind one score, with their contributions, and the numbers they are set to.

    A ratio is the sum of its flows over one number; another formula (a root, a product) is one
    row of its own, whose contribution is the score.
    """
    found, trade = dyad(formula, frames, cut)
    row = found.to_dicts()[0]
    ties = _ties(formula, frames, trade, row)
    numbers = [
        _number(name, row) for name in dict.fromkeys((formula.over, *formula.numbers)) if name
    ]
    whole = [] if formula.over or formula.amount else [_whole(row)]
    if not numbers and not whole:
        return ties
    return pl.concat([ties, pl.DataFrame([*numbers, *whole])], how="diagonal_relaxed")


def _ties(formula: Formula, frames: Frames, trade: Trade, row: dict[str, Any]) -> pl.DataFrame:
    flows = ("exports", "imports") if formula.flow == "trade" else (formula.flow,)
    ties = frames.ties("goods-trade").filter(
        pl.col("year") == row["year"], pl.col("source") == row["source"]
    )
    one, other = (_who(trade, row, end) for end in ("of", "with"))
    sides = {"of": one - other, "with": other - one}
    parts = []
    for flow in flows:
        origin, target = (sides[end] for end in _FLOW_ENDS[flow])
        found = ties.filter(pl.col("from").is_in(origin), pl.col("to").is_in(target))
        parts.append(found.with_columns(part=pl.lit(flow)))
    over = row[formula.over] if formula.over else 1.0 if formula.amount else None
    share = pl.col("value") / over if over else pl.lit(None, pl.Float64)
    return pl.concat(parts).select(
        "part", "from", "to", "year", "value", "unit", "source", "record", contribution=share
    )


def _who(trade: Trade, row: dict[str, Any], end: str) -> set[str]:
    if not trade.places.is_group(row[end]):
        return {row[end]}
    return set(trade.places.members(row[end], [row["year"]])["entity"])


def _number(name: str, row: dict[str, Any]) -> dict[str, Any]:
    who = row["with"] if name.endswith("_with") else row["of"]
    unit = "" if name.startswith(("value", "share")) else "USD"
    return {"part": _NUMBERS[name], "from": who, "year": row["year"], "value": row[name],
            "unit": unit, "source": "" if name.startswith("gdp") else row["source"]}  # fmt: skip


def _whole(row: dict[str, Any]) -> dict[str, Any]:
    return {"part": "the formula on these numbers", "from": row["of"], "to": row["with"],
            "year": row["year"], "value": row["value"], "contribution": row["value"]}  # fmt: skip
