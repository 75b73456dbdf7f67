"""Who holds what on a day: memberships and agreements in force, and which two states share them."""

from __future__ import annotations

import polars as pl

from geoties.graph.measures.inputs import Frames
from geoties.graph.periods import IN_FORCE, NO, status_on
from geoties.ontology.kinds import kinds, roles


def holdings_on(frames: Frames, kind: str, day: str) -> pl.DataFrame:
    """What each entity holds in force on a day, once per item.

    A bloc's agreement is also held by its members on that day, when the kind passes to members;
    an accession counts as the agreement that it amends; a membership only in a role that
    counts as a member. What is unknown on the day is not among them (see
    :func:`unknown_on`).

    Args:
        frames: The tables of a graph.
        kind: ``membership``, ``agreement-party`` or ``alliance``.
        day: ISO date.

    Returns:
        ``entity, item, through`` (the bloc by which it is held, empty if directly), ``role,
        source, record``; sorted.
    """
    own = _of_status(frames, kind, day, IN_FORCE)
    if kinds()[kind].passes_to_members:
        own = pl.concat([own, _passed_on(frames, own, day)])
    own = _as_parents(frames, own)
    return own.sort("entity", "item", "through", "source", "record").unique(
        ["entity", "item"], keep="first", maintain_order=True
    )


def unknown_on(frames: Frames, kind: str, day: str) -> pl.DataFrame:
    """What entities may or may not hold on a day, and do not surely: ``entity, item``."""
    unsure = _as_parents(frames, _of_status(frames, kind, day, "unknown"))
    sure = holdings_on(frames, kind, day)
    return unsure.select("entity", "item").unique().join(sure, on=["entity", "item"], how="anti")


def _of_status(frames: Frames, kind: str, day: str, status: str) -> pl.DataFrame:
    ties = frames.ties(kind).filter(status_on(day) == status)
    if kind == "membership":
        counting = [role.id for role in roles().values() if role.counts_as_member]
        ties = ties.filter(pl.col("role").is_in(counting))
    return ties.select(
        pl.col("from").alias("entity"), pl.col("to").alias("item"),
        pl.lit("").alias("through"), "role", "source", "record",
    )  # fmt: skip


def _passed_on(frames: Frames, own: pl.DataFrame, day: str) -> pl.DataFrame:
    """The holdings of blocs as those of their members."""
    members = _of_status(frames, "membership", day, IN_FORCE).select(
        pl.col("entity").alias("member"), pl.col("item").alias("entity")
    )
    passed = own.join(members.unique(), on="entity")
    return passed.select(
        pl.col("member").alias("entity"), "item", pl.col("entity").alias("through"),
        "role", "source", "record",
    )  # fmt: skip


def _as_parents(frames: Frames, held: pl.DataFrame) -> pl.DataFrame:
    """An agreement that amends another counts as that other."""
    parent = pl.col("properties").str.json_path_match("$.amends")
    amending = frames.entities().filter(pl.col("properties").str.contains('"amends"', literal=True))
    parents = amending.select(item="id", parent=parent).drop_nulls()
    joined = held.join(parents, on="item", how="left", maintain_order="left")
    return joined.with_columns(item=pl.coalesce("parent", "item")).drop("parent")


def shared_on(frames: Frames, kind: str, day: str, held: pl.DataFrame) -> pl.DataFrame:
    """The items that link two entities on a day: ``of, with, item``, in both orders.

    Members of one bloc are not linked through what the bloc holds, nor a bloc with its own
    members; two parties between whom an agreement is not yet in force are not linked by it.
    """
    one = held.select(pl.col("entity").alias("of"), "item", a="through")
    other = held.select(pl.col("entity").alias("with"), "item", b="through")
    pairs = one.join(other, on="item").filter(
        pl.col("of") != pl.col("with"),
        (pl.col("a") == "") | (pl.col("a") != pl.col("b")),
        (pl.col("a") != pl.col("with")) & (pl.col("b") != pl.col("of")),
    )
    if kind != "agreement-party":
        return pairs.select("of", "with", "item")
    return pairs.join(_not_yet(frames, day), on=["of", "with", "item"], how="anti").select(
        "of", "with", "item"
    )


def _not_yet(frames: Frames, day: str) -> pl.DataFrame:
    """The pairs between whom an agreement is, or may be, not yet in force."""
    waiting = frames.ties("not-yet-in-force").filter(status_on(day) != NO)
    rows = waiting.select(
        pl.col("from").alias("entity"), pl.col("via").alias("item"), other="to",
        through=pl.lit(""), role=pl.lit(""), source="source", record="record",
    )  # fmt: skip
    rows = _as_parents(frames, rows)
    there = rows.select(pl.col("entity").alias("of"), pl.col("other").alias("with"), "item")
    back = rows.select(pl.col("other").alias("of"), pl.col("entity").alias("with"), "item")
    return pl.concat([there, back]).unique()


def with_sizes(held: pl.DataFrame) -> pl.DataFrame:
    """The holdings of states and territories, with the ``size`` of each item (its holders)."""
    states = held.filter(pl.col("entity").str.starts_with("state/"))
    return states.with_columns(size=pl.col("entity").n_unique().over("item"))
