"""Who is a member of what, or party to what: by itself and through the blocs that it belongs to.

For whole tables at once the same rules as `queries.shared` applies to two states:

- Claims of one tie by several sources are read in the light of each other.
- While a state is suspended from a body its membership does not count; where it is not known
  whether it is suspended, the membership is unknown.
- A bloc's agreement is its members', for kinds that pass to members. One that joined after the
  agreement entered into force for the bloc is party to it only if the bloc's law binds new
  members (`gt:bindsNewMembers`), or by a tie of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from geoties.graph.model import first_day, last_day
from geoties.graph.periods import IN_FORCE, NO, UNKNOWN, first_day_of, last_day_of, status_on
from geoties.ontology.kinds import Kind, kinds, roles

if TYPE_CHECKING:
    import polars as pl

MEMBERSHIP = "membership"
SUSPENDED = "suspended"
DATES = ("start", "start_precision", "end", "end_precision", "observed_to")
_SAME = ("from", "to", "role")
_JOINED = ("joined", "joined_precision")
_FINENESS = {"day": 0, "month": 1, "year": 2}
_WIDTH = {"month": 7, "year": 4}
_Row = Mapping[str, Any]


class Columns(Protocol):
    """The columnar tables of a graph, as far as they are read here."""

    def entities(self) -> pl.DataFrame: ...
    def ties(self, kind: str) -> pl.DataFrame: ...
    def __hash__(self) -> int: ...


def parties(frames: Columns, kind: Kind, day: str = "") -> pl.DataFrame:
    """What every entity is a member of or party to, by itself and through its blocs.

    Args:
        frames: The tables of a graph.
        kind: A kind of tie that is held of a body or an agreement.
        day: ISO date. With it, each row has its ``status`` on that day ("in force", "no" or
            "unknown"). Without it, the dates alone tell: a membership is cut where a suspension
            begins and ends, and what is uncertain has dates that say so.

    Returns:
        ``entity, item, through`` (the bloc, empty if by itself), ``role, counts`` (whether the
        role is a member's), ``start, start_precision, end, end_precision, observed_to, source,
        reference, record, status``; the source and record are those of the tie with the item.
    """
    return _parties(frames, kind.id, day)


@lru_cache(maxsize=128)
def _parties(frames: Columns, kind_id: str, day: str) -> pl.DataFrame:
    """Remembered, for a page asks the same for every domain and score of a year."""
    import polars as pl

    kind = kinds()[kind_id]
    members = _members(frames, day)
    ties = members if kind.id == MEMBERSHIP else _plain(frames.ties(kind.id), day)
    ties = _not_before_signed(ties, frames.entities(), day) if day else ties
    rows = [ties.with_columns(through=pl.lit("")).rename({"from": "entity", "to": "item"})]
    if kind.passes_to_members:
        rows.append(_passed_on(ties, members, frames.entities()))
    columns = ("entity", "item", "through", "role", "counts", *DATES, "source", "reference")
    return pl.concat([part.select(*columns, "record", "status") for part in rows])


def _not_before_signed(ties: pl.DataFrame, entities: pl.DataFrame, day: str) -> pl.DataFrame:
    """What has no start cannot have held before its agreement was signed."""
    import polars as pl

    signed = pl.col("properties").str.json_path_match("$.signedOn")
    later = entities.filter((pl.col("kind") == "agreement") & (signed > day))["id"]
    unsigned = (pl.col("start") == "") & pl.col("to").is_in(later.to_list())
    return ties.with_columns(status=pl.when(unsigned).then(pl.lit(NO)).otherwise("status"))


@lru_cache(maxsize=32)
def _members(frames: Columns, day: str) -> pl.DataFrame:
    """Remembered, for what is held of agreements and who stands behind whom both need it."""
    return memberships(frames.ties(MEMBERSHIP), day)


def memberships(ties: pl.DataFrame, day: str = "") -> pl.DataFrame:
    """Memberships with suspensions taken into account, in general or on a day.

    Returns the columns of ties with ``counts``, ``status``, and when one ``joined``.
    """
    ties = _plain(ties, day)
    away = ties.filter(role=SUSPENDED)
    if away.is_empty():
        return ties
    return _suspended_on(ties, away) if day else _cut(ties, away)


def _plain(ties: pl.DataFrame, day: str) -> pl.DataFrame:
    import polars as pl

    silent = [role.id for role in roles().values() if not role.counts_as_member]
    counts = (pl.col("kind") != MEMBERSHIP) | ~pl.col("role").is_in(silent)
    return refined(ties, day).with_columns(
        status_on(day) if day else pl.lit("").alias("status"),
        counts=counts,
        joined="start",
        joined_precision="start_precision",
    )


def refined(ties: pl.DataFrame, day: str = "") -> pl.DataFrame:
    """Ties whose dates are as fine as any source's that claims the same tie and does not differ.

    A tie that another source saw end, after this one had looked for the last time, ended then;
    with a ``day`` only if it was over by then. An open one that a source without dates saw again
    later, by that ``day``, was observed then; what that source says beside a dated claim is
    dropped.
    """
    import polars as pl

    several = ties.filter(pl.len().over(*_SAME) > 1).select("id", *_SAME, *DATES)
    if several.is_empty():
        return ties
    claims = several.join(several.drop("id"), on=_SAME, suffix="_other")
    for end in ("start", "end"):
        ties = _dated(ties, _finest(claims, end), end)
    ties = _dated(ties, _superseding(claims, day), "end")
    ties = _seen(ties, _seen_again(claims, day)) if day else ties
    dated = ties.filter(pl.col("start") != "").select(*_SAME).unique()
    undated = ties.filter(_undated()).join(dated, on=_SAME, how="semi").select("id")
    return ties.join(undated, on="id", how="anti", maintain_order="left")


def _undated(suffix: str = "") -> pl.Expr:
    """Whether a claim tells neither a start nor an end."""
    import polars as pl

    return (pl.col(f"start{suffix}") == "") & (pl.col(f"end{suffix}") == "")


def _seen_again(claims: pl.DataFrame, day: str) -> pl.DataFrame:
    """The last day on which a source without dates saw an open tie that this one knows."""
    import polars as pl

    seen, other = pl.col("observed_to"), pl.col("observed_to_other")
    mine = (pl.col("start") != "") & (pl.col("end") == "") & (seen != "")
    later = claims.filter(mine & _undated("_other") & (other > seen) & (other <= day))
    return later.group_by("id").agg(seen=other.max())


def _seen(ties: pl.DataFrame, again: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    joined = ties.join(again, on="id", how="left", maintain_order="left")
    open_ = pl.when(pl.col("end") == "").then(pl.col("seen"))
    return joined.with_columns(observed_to=pl.coalesce(open_, "observed_to")).drop("seen")


def _dated(ties: pl.DataFrame, found: pl.DataFrame, end: str) -> pl.DataFrame:
    import polars as pl

    columns = (end, f"{end}_precision")
    joined = ties.join(found, on="id", how="left", maintain_order="left", suffix="_found")
    better = [pl.coalesce(f"{column}_found", column).alias(column) for column in columns]
    return joined.with_columns(better).drop(f"{column}_found" for column in columns)


def _finest(claims: pl.DataFrame, end: str) -> pl.DataFrame:
    """Of the dates within the day, month or year that a claim names, the most precise."""
    import polars as pl

    own, other = pl.col(end), pl.col(f"{end}_other")
    width = pl.col(f"{end}_precision").replace_strict(_WIDTH, default=10, return_dtype=pl.Int64)
    fine = pl.col(f"{end}_precision_other")
    fits = claims.filter((own != "") & other.str.starts_with(own.str.slice(0, width)))
    order = fine.replace_strict(_FINENESS, default=3, return_dtype=pl.Int64)
    first = fits.sort(order, other).unique("id", keep="first", maintain_order=True)
    return first.select("id", other.alias(end), fine.alias(f"{end}_precision"))


def _superseding(claims: pl.DataFrame, day: str) -> pl.DataFrame:
    import polars as pl

    later, seen = pl.col("end_other"), pl.col("observed_to")
    over = (pl.col("end") == "") & (later != "") & (seen != "") & (later > seen)
    past = later <= day if day else pl.lit(True)
    first = claims.filter(over & past).sort("end_other", "end_precision_other")
    first = first.unique("id", keep="first", maintain_order=True)
    return first.select("id", later.alias("end"), end_precision="end_precision_other")


def _suspended_on(ties: pl.DataFrame, away: pl.DataFrame) -> pl.DataFrame:
    """The memberships with the status that suspensions leave them."""
    import polars as pl

    gaps = away.group_by("from", "to").agg(gaps="status")
    joined = ties.join(gaps, on=["from", "to"], how="left", maintain_order="left")
    held = pl.col("counts") & (pl.col("status") != NO)
    status = (
        pl.when(held & pl.col("gaps").list.contains(IN_FORCE))
        .then(pl.lit(NO))
        .when(held & pl.col("gaps").list.contains(UNKNOWN))
        .then(pl.lit(UNKNOWN))
        .otherwise("status")
    )
    return joined.with_columns(status=status).drop("gaps")


def _cut(ties: pl.DataFrame, away: pl.DataFrame) -> pl.DataFrame:
    """The memberships without the time of suspensions; there are few, hence the plain loop."""
    import polars as pl

    gaps: dict[tuple[str, str], list[_Row]] = {}
    for row in away.sort("start", "id").iter_rows(named=True):
        gaps.setdefault((row["from"], row["to"]), []).append(row)
    concerned = ties.filter("counts").join(
        away.unique(["from", "to"]), on=["from", "to"], how="semi"
    )
    rows = concerned.iter_rows(named=True)
    pieces = [piece for row in rows for piece in _pieces(row, gaps[row["from"], row["to"]])]
    rest = ties.join(concerned, on="id", how="anti", maintain_order="left")
    return pl.concat([rest, pl.DataFrame(pieces, schema=ties.schema)])


def _pieces(member: _Row, gaps: list[_Row]) -> list[_Row]:
    pieces = [member]
    for gap in gaps:
        pieces = [piece for one in pieces for piece in without(one, gap)]
    return pieces


def without(member: _Row, gap: _Row) -> Iterator[dict[str, Any]]:
    """What is left of a membership outside of one suspension: before it, and after it.

    A suspension of unknown start leaves the time before its end unknown. One that ends after
    the last observation, or never, leaves nothing behind it.
    """
    if not gap["start"]:
        unknown = {"start": "", "start_precision": "", "observed_to": ""}
        yield {**member, **unknown, **_earlier_end(member, gap)}
    elif not member["start"] or member["start"] < gap["start"]:
        begins = {"end": last_day(gap["start"], gap["start_precision"])}
        begins["end_precision"] = gap["start_precision"]
        # one that was not observed any more by then stays open and unknown
        unseen = not member["end"] and "" < member["observed_to"] < gap["start"]
        yield {**member} if unseen else {**member, **_earlier_end(member, begins)}
    if gap["end"] and (not member["end"] or gap["end"] < member["end"]):
        resumed = first_day(gap["end"], gap["end_precision"])
        later = {"start": resumed, "start_precision": gap["end_precision"]}
        yield {**member, **(later if member["start"] < resumed else {})}


def _earlier_end(member: _Row, other: _Row) -> dict[str, str]:
    """The earlier of two ends, an open one being the latest."""
    ends = [(one["end"], one["end_precision"]) for one in (member, other) if one["end"]]
    end, precision = min(ends, default=("", ""))
    return {"end": end, "end_precision": precision}


def _passed_on(ties: pl.DataFrame, members: pl.DataFrame, entities: pl.DataFrame) -> pl.DataFrame:
    """What blocs hold, as their members': the time in which both ties hold."""
    import polars as pl

    own = members.filter(pl.col("counts")).select(
        pl.col("from").alias("entity"), pl.col("to").alias("through"), *_JOINED,
        *(pl.col(name).alias(f"{name}_m") for name in (*DATES, "status")),
    )  # fmt: skip
    held = ties.drop(*_JOINED).rename({"from": "through", "to": "item"})
    both = held.join(_binding(entities), on="through").join(own, on="through")
    both = both.with_columns(order=_joining()).filter(pl.col("order") != NO)
    both = _doubted(both.with_columns(status=_both()).with_columns(*_overlap()))
    start, end = pl.col("start"), pl.col("end")
    return both.filter((start == "") | (end == "") | (start < end))


def _binding(entities: pl.DataFrame) -> pl.DataFrame:
    """The blocs, and whether the law of each binds new members."""
    import polars as pl

    told = pl.col("properties").str.json_path_match("$.bindsNewMembers") == "true"
    blocs = entities.filter(kind="bloc")
    return blocs.select(pl.col("id").alias("through"), binds=told.fill_null(False))


def _joining() -> pl.Expr:
    """Whether a member has part in what the bloc concluded, by when it joined."""
    import polars as pl

    joined, begun = pl.col("joined"), pl.col("start")
    # without a start, it was in force at the latest when it was observed
    last = last_day_of(begun, pl.col("start_precision"))
    latest = pl.when(begun == "").then("observed_to").otherwise(last)
    return (
        pl.when("binds")
        .then(pl.lit(IN_FORCE))
        .when((latest != "") & (joined > latest))
        .then(pl.lit(NO))
        .when((joined == "") | (begun == ""))
        .then(pl.lit(UNKNOWN))
        .when(last_day_of(joined, pl.col("joined_precision")) <= begun)
        .then(pl.lit(IN_FORCE))
        .otherwise(pl.lit(UNKNOWN))
    )


def _both() -> pl.Expr:
    """The status of two ties that must both hold; empty where no day was asked for."""
    import polars as pl

    parts = [pl.col("status"), pl.col("status_m"), pl.col("order")]
    return (
        pl.when(pl.col("status") == "")
        .then(pl.lit(""))
        .when(pl.any_horizontal(part == NO for part in parts))
        .then(pl.lit(NO))
        .when(pl.any_horizontal(part == UNKNOWN for part in parts))
        .then(pl.lit(UNKNOWN))
        .otherwise(pl.lit(IN_FORCE))
    )


def _overlap() -> list[pl.Expr]:
    """The later start, the earlier end and the earlier last observation of two ties.

    Of two imprecise dates the one that leaves more open: it never claims too much.
    """
    import polars as pl

    start, end, seen = pl.col("start"), pl.col("end"), pl.col("observed_to")
    starts = [last_day_of(pl.col(f"start{x}"), pl.col(f"start_precision{x}")) for x in ("", "_m")]
    ends = [first_day_of(pl.col(f"end{x}"), pl.col(f"end_precision{x}")) for x in ("", "_m")]
    first = (start == "") | ((pl.col("start_m") != "") & (starts[0] >= starts[1]))
    last = (pl.col("end_m") == "") | ((end != "") & (ends[0] <= ends[1]))
    blind = (pl.col("observed_to_m") == "") | ((seen != "") & (seen <= pl.col("observed_to_m")))
    own = {"start": first, "start_precision": first, "end": last, "end_precision": last}
    chosen = own | {"observed_to": blind}
    return [
        pl.when(mine).then(name).otherwise(f"{name}_m").alias(name) for name, mine in chosen.items()
    ]


def _doubted(rows: pl.DataFrame) -> pl.DataFrame:
    """Where it is unknown whether a member has part in it, its start is unknown."""
    import polars as pl

    unsure = pl.col("order") == UNKNOWN
    return rows.with_columns(
        pl.when(unsure).then(pl.lit("")).otherwise(name).alias(name)
        for name in ("start", "start_precision", "observed_to")
    )


def sides(frames: Columns, kind: Kind, day: str) -> pl.DataFrame:
    """Who stands behind which party: ``entity, item, holder``, the bloc or one of its members.

    Two entities behind the same party are on one side of it: it does not link them. Who may be
    a member on the day, is.
    """
    import polars as pl

    held = frames.ties(kind.id).select(holder="from", item="to").unique()
    held = held.join(_binding(frames.entities()).select(holder="through"), on="holder")
    members = _members(frames, day).filter(pl.col("counts"), pl.col("status") != NO)
    behind = held.join(members.select(entity="from", holder="to").unique(), on="holder")
    itself = held.with_columns(entity="holder")
    return pl.concat([part.select("entity", "item", "holder") for part in (behind, itself)])


def with_roots(frames: Columns, held: pl.DataFrame) -> pl.DataFrame:
    """The rows with the column ``root``: the agreement that the item amends or accedes to,
    however far up; else the item itself."""
    import polars as pl

    roots = _roots(frames)
    root = pl.col("item").replace(roots) if roots else pl.col("item")
    return held.with_columns(root=root)


@lru_cache(maxsize=4)
def _roots(frames: Columns) -> dict[str, str]:
    """For each agreement that amends another, the one at the beginning."""
    import polars as pl

    parent = pl.col("properties").str.json_path_match("$.amends")
    amending = frames.entities().filter(pl.col("properties").str.contains('"amends"', literal=True))
    parents = dict(amending.select("id", parent).drop_nulls().rows())
    return {item: _root(item, parents) for item in parents}


def _root(item: str, parents: Mapping[str, str]) -> str:
    seen = {item}
    while (above := parents.get(item, item)) not in seen:
        seen.add(above)
        item = above
    return item
