"""What a score over memberships, agreements or alliances is made of: every item, and its ties."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from geoties.graph.measures.examples import ALLIANCE_LEVELS
from geoties.graph.measures.holdings import holdings_on, shared_on, with_sizes
from geoties.graph.measures.inputs import Cut, Frames
from geoties.graph.measures.memberships import (
    Score,
    compute,
    days_of,
    memberships_matrix,
    obligations,
    weights_by_indicator,
    weights_by_size,
)
from geoties.graph.measures.profile_pairs import similarity_parts
from geoties.graph.model import UserError, short_id


def explain_shared(kind: str, by_size: bool, frames: Frames, cut: Cut) -> pl.DataFrame:
    """Every item of either state, with what it adds to the score."""
    day = days_of(frames, kind, cut)[0]
    held = with_sizes(holdings_on(frames, kind, day))
    held = held.filter(pl.col("entity").is_in([*cut.of, *cut.with_]))
    shared = shared_on(frames, kind, day, held).filter(pl.col("of") == cut.of[0])["item"]
    linking = pl.col("item").is_in(shared.to_list())
    once = held.unique("item", keep="first", maintain_order=True)
    weight = 1 / pl.col("size") if by_size else pl.lit(1.0)
    either = once.select(weight.sum()).item() if by_size else once.height
    # an item that both hold has two ties and adds to the score once
    first = pl.col("entity") == pl.col("entity").min().over("item")
    return held.sort("item", "entity").select(
        pl.when(linking).then(pl.lit("shared")).otherwise(pl.lit("not shared")).alias("part"),
        pl.col("entity").alias("from"), pl.col("item").alias("to"),
        pl.lit(int(day[:4]), pl.Int32).alias("year"),
        pl.col("size").cast(pl.Float64).alias("value"), pl.lit("holders").alias("unit"),
        "source", "record",
        pl.when(linking & first).then(weight / either).otherwise(0.0).alias("contribution"),
    )  # fmt: skip


def explain_similarity(kind: str, score: Score, frames: Frames, cut: Cut) -> pl.DataFrame:
    """Every item with its two levels and what it adds, then the ties that make the levels.

    Items at 0 on both sides are one row. Raises `UserError` when there is no score.
    """
    _check_score(compute(kind, score, frames, cut), cut)
    day = days_of(frames, kind, cut)[0]
    held = with_sizes(holdings_on(frames, kind, day))
    items, x, y, levels = _profiles(kind, held, cut)
    weights, more = _weights(kind, held, frames, cut, items, int(day[:4]))
    start, parts = similarity_parts(
        x, y, levels=levels, formula=score.keywords["formula"],
        distance=score.keywords.get("distance", "absolute"), weights=weights,
    )  # fmt: skip
    rows = _rows(items, x, y, parts, cut)
    if start:
        rows.insert(0, {"part": "full agreement, from which every difference takes",
                        "contribution": start})  # fmt: skip
    made = pl.DataFrame(rows, infer_schema_length=None).with_columns(
        source=pl.lit("; ".join([*sorted(held["source"].unique()), *more]))
    )
    ties = _ties(held, cut)
    return pl.concat([made, ties], how="diagonal_relaxed").with_columns(
        year=pl.lit(int(day[:4]), pl.Int32)
    )


def _check_score(scores: pl.DataFrame, cut: Cut) -> None:
    if scores["value"].drop_nulls().is_empty():
        why = "; ".join(reason for reason in scores["reason"].drop_nulls() if reason)
        pair = " and ".join(short_id(entity) for entity in (*cut.of, *cut.with_))
        raise UserError(f"{pair} have no score to explain{': ' + why if why else ''}.")


def _profiles(kind: str, held: pl.DataFrame, cut: Cut) -> tuple[pl.Series, Any, Any, Any]:
    """The items, the two profiles over them, and the levels."""
    levels: tuple[int, ...]
    if kind == "alliance":
        items = states = held["entity"].unique().sort()
        matrix, levels = obligations(held, states), ALLIANCE_LEVELS
    else:
        states, items, matrix = memberships_matrix(held)
        levels = (0, 1)
    order = states.to_list()
    return items, *(matrix[order.index(end)] for end in (cut.of[0], cut.with_[0])), levels


def _weights(
    kind: str, held: pl.DataFrame, frames: Frames, cut: Cut, items: pl.Series, year: int
) -> tuple[Any, list[str]]:
    by = cut.option("weighted", "")
    if not by:
        return None, []
    if kind == "alliance":
        given, source, _ = weights_by_indicator(held, frames, by, year)
    else:
        given, source = weights_by_size(held, by), ""
    return np.array([given.get(item, 0.0) for item in items]), [source] if source else []


def _rows(items: pl.Series, x: Any, y: Any, parts: Any, cut: Cut) -> list[dict[str, Any]]:
    """A row for each item at which either has a level, and one for all the others."""
    either = (x > 0) | (y > 0)
    rows: list[dict[str, Any]] = [
        {"part": f"levels {x[at]:g} and {y[at]:g} at {short_id(items[at])}", "from": cut.of[0],
         "to": items[at], "value": abs(x[at] - y[at]), "unit": "levels apart",
         "contribution": parts[at]}
        for at in np.nonzero(either)[0].tolist()
    ]  # fmt: skip
    rows.append(
        {"part": f"both at level 0: {int((~either).sum())} others", "from": cut.of[0], "value": 0.0,
         "unit": "levels apart", "contribution": float(parts[~either].sum())}
    )  # fmt: skip
    return rows


def _ties(held: pl.DataFrame, cut: Cut) -> pl.DataFrame:
    """The ties of the two, which make the levels; they are shown beside the sum."""
    own = held.filter(pl.col("entity").is_in([*cut.of, *cut.with_])).sort("entity", "item")
    through = pl.when(pl.col("through") != "").then(pl.format(" through {}", "through"))
    return own.select(
        pl.format("tie: {}{}", "role", through.otherwise(pl.lit(""))).alias("part"),
        pl.col("entity").alias("from"), pl.col("item").alias("to"), "source", "record",
    )  # fmt: skip
