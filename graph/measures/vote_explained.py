"""A score over roll calls taken apart: what every roll call of the two adds to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from geoties.graph.measures.inputs import Cut, Frames
from geoties.graph.measures.vote_scores import (
    compute,
    formula_of,
    issue_named,
    issue_weights,
    sessions_of,
)
from geoties.graph.measures.votes import coincidence, weight_of
from geoties.graph.model import UserError, short_id

_LEVEL = pl.col("role").replace_strict({"no": 1, "abstain": 2, "yes": 3}, return_dtype=pl.Int64)
_SHOWN = ("part", "from", "to", "year", "value", "unit", "source", "record")
_GAP = (pl.col("x") - pl.col("y")).abs() / 2
#: What a roll call adds, before it is divided by the number (or weight) of all of them.
_PARTS: Mapping[str, pl.Expr] = {
    "vote-agreement": 1 - _GAP,
    "vote-identity": (_GAP == 0).cast(pl.Float64),
    "vote-s": 1 - 2 * _GAP,
    "vote-s-squared": 1 - 2 * _GAP**2,
    "voting-coincidence": (1 - _GAP).fill_null(0.5),
}


def explain(name: str, frames: Frames, cut: Cut) -> pl.DataFrame:
    """Every roll call of the two with its part of the score.

    Kappa and pi start from full agreement, and every disagreement takes its part of what chance
    would give.
    """
    scored = _one_score(name, frames, cut)
    calls = _calls(frames, cut, scored["year"])
    if formula_of(name, cut) is not coincidence:
        calls = calls.filter(pl.col("x").is_not_null())
    if name in _PARTS:
        share = pl.col("weight") / pl.col("weight").sum()
        return calls.with_columns(contribution=_PARTS[name] * share).select(*_SHOWN, "contribution")
    gap = _GAP if name.endswith("-linear") else _GAP**2
    return _from_agreement(calls.with_columns(gap=gap), scored, cut)


def _from_agreement(calls: pl.DataFrame, scored: Mapping[str, Any], cut: Cut) -> pl.DataFrame:
    """1, less the distance of every roll call over the distance that chance would give."""
    observed = float(calls.select(pl.col("gap").mean()).item())
    expected = observed / (1 - scored["value"]) if observed else None
    start = {"part": "full agreement, from which every difference takes", "contribution": 1.0}
    chance = {"part": "mean distance that chance would give", "value": expected}
    first = pl.DataFrame([start, chance]).with_columns(
        pl.lit(cut.of[0]).alias("from"), pl.lit(cut.with_[0]).alias("to"),
        year=pl.lit(scored["year"], pl.Int32), source=pl.lit(scored["source"]),
    )  # fmt: skip
    taken = -pl.col("gap") / pl.len() / pl.lit(expected or 1.0)
    parts = calls.with_columns(contribution=taken, value=pl.col("gap"), unit=pl.lit("distance"))
    return pl.concat([first, parts.select(*_SHOWN, "contribution")], how="diagonal_relaxed")


def _one_score(name: str, frames: Frames, cut: Cut) -> dict[str, Any]:
    scores = compute(name, frames, cut).drop_nulls("value")
    if scores.height != 1:
        raise UserError(
            f"{short_id(cut.of[0])} and {short_id(cut.with_[0])} have no single score here; "
            "name one year with roll calls."
        )
    return scores.to_dicts()[0]


def _calls(frames: Frames, cut: Cut, year: int) -> pl.DataFrame:
    """The roll calls of a period in which the partner voted: x and y the two votes, 1 to 3."""
    votes, sessions = frames.ties("vote"), sessions_of(frames, cut)
    weights = issue_weights(votes, cut)
    if issue := issue_named(votes, cut.issue):
        votes = votes.filter(pl.col("topic").str.split("|").list.contains(issue))
    if sessions is None:
        votes = votes.filter(pl.col("start").str.starts_with(f"{year}-"))
    else:
        calls = sessions.filter(pl.col("session") == year)["roll_call"]
        votes = votes.filter(pl.col("to").is_in(calls.to_list()))
    own = votes.filter(pl.col("from") == cut.of[0]).select("to", x=_LEVEL, own=pl.col("role"))
    theirs = votes.filter(pl.col("from") == cut.with_[0]).with_columns(weight=weight_of(weights))
    return theirs.join(own, on="to", how="left").select(
        pl.format("{} / {}", pl.col("own").fill_null("absent"), "role").alias("part"),
        pl.lit(cut.of[0]).alias("from"), "to", pl.lit(year, pl.Int32).alias("year"),
        pl.col("weight").alias("value"), pl.lit("weight").alias("unit"), "source", "record",
        "x", "weight", y=_LEVEL,
    ).sort("to")  # fmt: skip
