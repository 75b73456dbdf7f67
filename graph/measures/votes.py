"""Roll calls: how often every two states voted alike, in a year or a session.

:func:`vote_tables` counts the nine combinations of votes of every pair at once, by matrix
products; each formula is then arithmetic on the counts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

ROLES = ("no", "abstain", "yes")
#: ``no_yes``: the first state voted no, the second yes.
CELLS = tuple(f"{a}_{b}" for a in ROLES for b in ROLES)
Counts = NDArray[Any]
#: Up to how many pairs a join of their votes is quicker than matrices of every period.
_FEW = 25


def vote_tables(
    votes: pl.DataFrame,
    *,
    of: Collection[str] | None = None,
    with_: Collection[str] | None = None,
    issue: str = "",
    sessions: pl.DataFrame | None = None,
    weights: Mapping[str, float] | None = None,
) -> pl.DataFrame:
    """Counts of the nine pairs of votes, for every two states in every period.

    Args:
        votes: Ties of kind ``vote``: ``from`` the state, ``to`` the roll call, ``role``
            yes, abstain or no, ``topic`` its issues separated by ``|``, ``start`` the date.
        of: First states wanted; all if omitted.
        with_: Second states wanted; all if omitted.
        issue: Only roll calls on this issue; all if empty.
        sessions: ``roll_call, session`` to count by session instead of calendar year.
        weights: What a roll call on an issue counts instead of 1 (see :func:`weight_of`).

    Returns:
        ``of, with, year`` (or the session in its place), ``source``, the nine counts of
        :data:`CELLS`, ``both`` (roll calls in which both voted) and ``votes_of,
        votes_with`` (in which each did). Only pairs with a roll call in common.
    """
    if of is not None and with_ is not None:
        votes = votes.filter(pl.col("from").is_in([*of, *with_]))
    votes = _coded(votes, issue, sessions, weights or {})
    order = ["of", "with", "year", "source", *CELLS, "both", "votes_of", "votes_with"]
    if of is not None and with_ is not None and len(of) * len(with_) <= _FEW:
        return _joined(votes, of, with_, weighed=bool(weights)).select(order).sort(order[:4])
    blocks = [
        _count(block, of, with_).with_columns(source=pl.lit(source), year=pl.lit(year, pl.Int32))
        for (source, year), block in votes.group_by("source", "year", maintain_order=True)
    ]
    if not blocks:
        numbers = {name: pl.Int64 for name in order[4:]}
        text = dict.fromkeys(("of", "with", "source"), pl.String)
        return pl.DataFrame(schema={**text, "year": pl.Int32, **numbers}).select(order)
    return pl.concat(blocks, how="vertical_relaxed").select(order).sort(order[:4])


def weight_of(weights: Mapping[str, float]) -> pl.Expr:
    """What the roll call of a row counts: the most that is given for one of its issues, else 1."""
    given = (
        pl.col("topic")
        .str.split("|")
        .list.eval(
            pl.element().replace_strict(dict(weights), default=None, return_dtype=pl.Float64)
        )
    )
    return given.list.max().fill_null(1.0) if weights else pl.lit(1.0)


def issues_of(votes: pl.DataFrame) -> list[str]:
    """The issues that the roll calls are filed under."""
    topics = votes["topic"].unique().str.split("|").explode()
    return sorted(topic for topic in topics.unique().to_list() if topic)


def _coded(
    votes: pl.DataFrame, issue: str, sessions: pl.DataFrame | None, weights: Mapping[str, float]
) -> pl.DataFrame:
    votes = votes.filter(pl.col("role").is_in(ROLES))
    if issue:
        votes = votes.filter(pl.col("topic").str.split("|").list.contains(issue))
    if sessions is None:
        votes = votes.with_columns(year=pl.col("start").str.slice(0, 4).cast(pl.Int32))
    else:
        votes = votes.drop("year", strict=False).join(
            sessions.select(pl.col("roll_call").alias("to"), pl.col("session").alias("year")),
            on="to",
        )
    role = pl.col("role").replace_strict(ROLES, [0, 1, 2], return_dtype=pl.Int64)
    return (
        votes.select("from", "to", "source", "year", role=role, weight=weight_of(weights))
        .unique(["from", "to", "source"], keep="first", maintain_order=True)
        .sort("source", "year")
    )


def _joined(
    votes: pl.DataFrame, of: Collection[str], with_: Collection[str], *, weighed: bool
) -> pl.DataFrame:
    """The counts of a few pairs in all periods."""
    own = votes.filter(pl.col("from").is_in(list(of))).rename({"from": "of"})
    other = votes.filter(pl.col("from").is_in(list(with_))).rename({"from": "with"})
    period, weight = ["year", "source"], pl.col("weight") if weighed else 1
    pairs = own.join(other.drop("weight"), on=["to", *period], suffix="_with")
    cells = {
        f"{a}_{b}": (((pl.col("role") == i) & (pl.col("role_with") == j)) * weight).sum()
        for i, a in enumerate(ROLES)
        for j, b in enumerate(ROLES)
    }
    number = pl.Float64 if weighed else pl.Int64
    counts = (
        pairs.filter(pl.col("of") != pl.col("with"))
        .group_by("of", "with", *period)
        .agg(expression.cast(number).alias(name) for name, expression in cells.items())
        .with_columns(both=pl.sum_horizontal(CELLS))
        .filter(pl.col("both") != 0)
    )
    cast = pl.col("weight").sum() if weighed else pl.len()
    for end, side in (("of", own), ("with", other)):
        total = side.group_by(end, *period).agg(cast.cast(number).alias(f"votes_{end}"))
        counts = counts.join(total, on=[end, *period], how="left")
    return counts


def _count(
    block: pl.DataFrame, of: Collection[str] | None, with_: Collection[str] | None
) -> pl.DataFrame:
    """The pairs of one source and period."""
    states = block["from"].unique().sort()
    cube = _one_hot(block, states)
    rows, columns = (_chosen(states, wanted) for wanted in (of, with_))
    weight = _weights(block)
    tables = {
        f"{a}_{b}": (cube[i][rows] * weight) @ cube[j][columns].T
        for i, a in enumerate(ROLES)
        for j, b in enumerate(ROLES)
    }
    return _long(tables, (cube.sum(axis=0) * weight).sum(axis=1), states, rows, columns)


def _weights(block: pl.DataFrame) -> Counts:
    """The weight of every roll call, in their order."""
    calls = block.unique("to").sort("to")
    weight = calls["weight"].to_numpy()
    return weight.astype(np.float32) if (weight == 1).all() else weight


def _one_hot(block: pl.DataFrame, states: pl.Series) -> Counts:
    """role x state x roll call: 1 where the state cast that vote."""
    calls = block["to"].unique().sort()
    cube = np.zeros((len(ROLES), len(states), len(calls)), dtype=np.float32)
    at = [
        block[column].replace_strict(keys, list(range(len(keys))), return_dtype=pl.Int64).to_numpy()
        for column, keys in (("from", states), ("to", calls))
    ]
    cube[block["role"].to_numpy(), at[0], at[1]] = 1
    return cube


def _chosen(states: pl.Series, wanted: Collection[str] | None) -> NDArray[np.int64]:
    chosen = [i for i, state in enumerate(states) if wanted is None or state in wanted]
    return np.array(chosen, dtype=np.int64)


def _long(
    tables: Mapping[str, Counts],
    cast: Counts,
    states: pl.Series,
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
) -> pl.DataFrame:
    both = sum(tables.values(), np.zeros((len(rows), len(columns)), dtype=np.float32))
    i, j = np.nonzero(both * (rows[:, None] != columns[None, :]))
    counts = {name: _whole(table[i, j]) for name, table in tables.items()}
    return pl.DataFrame(
        {
            "of": states.gather(rows[i]),
            "with": states.gather(columns[j]),
            **counts,
            "both": _whole(both[i, j]),
            "votes_of": _whole(cast[rows[i]]),
            "votes_with": _whole(cast[columns[j]]),
        }
    )


def _whole(counts: Counts) -> NDArray[np.int64] | NDArray[np.float64]:
    """Counts as whole numbers, unless they are weighed."""
    rounded = counts.astype(np.int64)
    return rounded if (rounded == counts).all() else counts.astype(np.float64)


def _same() -> pl.Expr:
    return pl.sum_horizontal(f"{role}_{role}" for role in ROLES)


def _opposite() -> pl.Expr:
    return pl.col("no_yes") + pl.col("yes_no")


def _partial() -> pl.Expr:
    """One of the two abstained."""
    return pl.col("both") - _same() - _opposite()


def agreement() -> pl.Expr:
    """Lijphart (1963): the same vote counts 1, an abstention of one 1/2."""
    return (_same() + _partial() / 2) / pl.col("both")


def identity() -> pl.Expr:
    """Share of the roll calls in which both cast exactly the same vote."""
    return _same() / pl.col("both")


def s_absolute() -> pl.Expr:
    """S over votes as levels 1 no, 2 abstain, 3 yes (Signorino & Ritter 1999)."""
    return 1 - 2 * (_partial() / 2 + _opposite()) / pl.col("both")


def s_squared() -> pl.Expr:
    """S with the squared distance."""
    return 1 - 2 * (_partial() / 4 + _opposite()) / pl.col("both")


def coincidence() -> pl.Expr:
    """Voting coincidence with the second state, absences of the first counting one half."""
    absent = pl.col("votes_with") - pl.col("both")
    return (_same() + (_partial() + absent) / 2) / pl.col("votes_with")


def kappa(power: int = 2) -> pl.Expr:
    """Cohen's kappa with squared distances, or with absolute ones, of power 1 (Hage 2011)."""
    return _corrected(lambda a, b: _margin(0, a) * _margin(1, b), power)


def pi(power: int = 2) -> pl.Expr:
    """Scott's pi with squared distances, or with absolute ones, of power 1 (Hage 2011)."""
    return _corrected(lambda a, b: _average_margin(a) * _average_margin(b), power)


def _corrected(expected: Callable[[str, str], pl.Expr], power: int) -> pl.Expr:
    """1 minus observed over expected disagreement; null where none is expected."""
    weights = {
        (a, b): (abs(i - j) / 2) ** power for i, a in enumerate(ROLES) for j, b in enumerate(ROLES)
    }
    observed = pl.sum_horizontal(w * pl.col(f"{a}_{b}") for (a, b), w in weights.items())
    chance = pl.sum_horizontal(w * expected(a, b) for (a, b), w in weights.items() if w)
    return pl.when(chance != 0).then(1 - observed * pl.col("both") / chance)


def _margin(side: int, role: str) -> pl.Expr:
    names = [f"{role}_{other}" if side == 0 else f"{other}_{role}" for other in ROLES]
    return pl.sum_horizontal(names).cast(pl.Float64)


def _average_margin(role: str) -> pl.Expr:
    return (_margin(0, role) + _margin(1, role)) / 2


#: The measures on roll calls, by the id of their card.
FORMULAS: Mapping[str, Callable[[], pl.Expr]] = {
    "vote-agreement": agreement,
    "vote-identity": identity,
    "vote-s": s_absolute,
    "vote-s-squared": s_squared,
    "vote-kappa": kappa,
    "vote-kappa-linear": partial(kappa, 1),
    "vote-pi": pi,
    "vote-pi-linear": partial(pi, 1),
    "voting-coincidence": coincidence,
}
