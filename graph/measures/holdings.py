"""Who holds what on a day: memberships and agreements in force, and which two states share them."""

from __future__ import annotations

import polars as pl

from geoties.graph.measures.inputs import Frames
from geoties.graph.parties import parties, sides, with_roots
from geoties.graph.periods import IN_FORCE, NO, UNKNOWN, status_on
from geoties.ontology.kinds import kinds


def holdings_on(frames: Frames, kind: str, day: str) -> pl.DataFrame:
    """What each entity holds in force on a day, once per item.

    A bloc's agreement is also held by those of its members that have part in it, when the kind
    passes to members (see :func:`geoties.graph.parties.parties`); an accession counts as the
    agreement that it amends; a membership only in a role that counts as a member. What is
    unknown on the day is not among them (see :func:`unknown_on`).

    Args:
        frames: The tables of a graph.
        kind: ``membership``, ``agreement-party`` or ``alliance``.
        day: ISO date.

    Returns:
        ``entity, item, through`` (the bloc by which it is held, empty if directly), ``role,
        source, record``; sorted.
    """
    held = with_roots(frames, _of_status(frames, kind, day, IN_FORCE))
    return _once(held.with_columns(item="root").drop("root"))


def _once(held: pl.DataFrame) -> pl.DataFrame:
    return held.sort("entity", "item", "through", "source", "record").unique(
        ["entity", "item"], keep="first", maintain_order=True
    )


def unknown_on(frames: Frames, kind: str, day: str) -> pl.DataFrame:
    """What entities may or may not hold on a day, and do not surely: ``entity, item``."""
    unsure = with_roots(frames, _of_status(frames, kind, day, UNKNOWN))
    unsure = unsure.select("entity", item="root").unique()
    return unsure.join(holdings_on(frames, kind, day), on=["entity", "item"], how="anti")


def _of_status(frames: Frames, kind: str, day: str, status: str) -> pl.DataFrame:
    """The ways in which anything is held, with the given status on the day."""
    ways = parties(frames, kinds()[kind], day).filter(pl.col("counts"), status=status)
    return ways.select("entity", "item", "through", "role", "source", "record")


def shared_on(frames: Frames, kind: str, day: str, held: pl.DataFrame) -> pl.DataFrame:
    """The items that link two entities on a day: ``of, with, item``, in both orders.

    Members of one bloc are not linked through what the bloc holds, nor a bloc with its own
    members; two parties between whom an agreement is not yet in force are not linked by it.

    Args:
        frames: The tables of a graph.
        kind: As for :func:`holdings_on`.
        day: ISO date.
        held: The entities that matter, in the column ``entity``.
    """
    among = held.select("entity").unique()
    ways = _of_status(frames, kind, day, IN_FORCE).select("entity", "item", "through").unique()
    ways = with_roots(frames, ways.join(among, on="entity", how="semi"))
    one = ways.rename({"entity": "of", "through": "a"})
    other = ways.select("item", pl.col("entity").alias("with"), b="through")
    pairs = one.join(other, on="item").filter(pl.col("of") != pl.col("with"))
    if kinds()[kind].passes_to_members:
        pairs = _across(pairs, sides(frames, kinds()[kind], day))
        pairs = _in_force_between(pairs, _not_yet(frames, day))
    return pairs.select("of", "with", item="root").unique(maintain_order=True)


def _across(pairs: pl.DataFrame, behind: pl.DataFrame) -> pl.DataFrame:
    """The pairs that do not stand on one side of an agreement, behind the same party."""
    one, other = behind.rename({"entity": "of"}), behind.rename({"entity": "with"})
    together = one.join(other, on=["item", "holder"]).select("of", "with", "item").unique()
    return pairs.join(together, on=["of", "with", "item"], how="anti")


def _in_force_between(pairs: pl.DataFrame, waiting: pl.DataFrame) -> pl.DataFrame:
    """The ways between neither whose states nor whose blocs an agreement waits for its entry."""
    for one in ("of", "a"):
        for other in ("with", "b"):
            named = waiting.rename({"of": one, "with": other})
            pairs = pairs.join(named, on=[one, other, "root"], how="anti")
    return pairs


def _not_yet(frames: Frames, day: str) -> pl.DataFrame:
    """The pairs between whom an agreement is, or may be, not yet in force: ``of, with, root``."""
    waiting = frames.ties("not-yet-in-force").filter(status_on(day) != NO)
    rows = with_roots(frames, waiting.select("from", "to", item="via"))
    there = rows.select(pl.col("from").alias("of"), pl.col("to").alias("with"), "root")
    back = rows.select(pl.col("to").alias("of"), pl.col("from").alias("with"), "root")
    return pl.concat([there, back]).unique()


def with_sizes(held: pl.DataFrame) -> pl.DataFrame:
    """The holdings of states and territories, with the ``size`` of each item (its holders)."""
    states = held.filter(pl.col("entity").str.starts_with("state/"))
    return states.with_columns(size=pl.col("entity").n_unique().over("item"))
