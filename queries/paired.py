"""The tables of two builds side by side: which rows of both are the same fact.

Where a loader brings one new release in place of one old one, these are the same source. A tie
whose record has another key is the same tie where it is the only one that has gone, and the only
one that has come, between the same ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geoties.graph.model import ENTITIES
from geoties.graph.snapshots import Snapshot

if TYPE_CHECKING:
    import polars as pl

_TIE = ("from", "to", "via", "role", "topic", "start", "end", "year", "value", "unit",
        "reference")  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """One table of both builds: rows with a `key` in common are the same fact."""

    what: str
    old: pl.DataFrame
    new: pl.DataFrame
    compared: tuple[str, ...]
    date: str
    known: frozenset[str]
    kept: frozenset[str]

    @property
    def added(self) -> pl.DataFrame:
        """The rows that only the new build has."""
        return self.new.join(self.old.select("key"), on="key", how="anti")

    @property
    def removed(self) -> pl.DataFrame:
        """The rows that only the old build has."""
        return self.old.join(self.new.select("key"), on="key", how="anti")

    @property
    def changed(self) -> pl.DataFrame:
        """The rows that both have and that are not the same; the new ones end in `_new`."""
        import polars as pl

        differs = [pl.col(name).ne_missing(pl.col(f"{name}_new")) for name in self.compared]
        both = self.old.join(self.new, on="key", suffix="_new")
        return both.filter(pl.any_horizontal(differs))


def pairs_of(old: Snapshot, new: Snapshot, kinds: Sequence[str]) -> Iterator[Pair]:
    """The tables that are not the same file in both builds."""
    successors = _successors(old, new)
    known, kept = (_sources(snapshot) for snapshot in (old, new))
    kept |= successors.keys()
    known |= set(successors.values())
    for name in unlike_tables(old, new, kinds):
        what, compared = _COMPARED.get(name, ("tie", _TIE))
        before = _keyed(name, frame_of(old, name), successors)
        after = _keyed(name, frame_of(new, name), {})
        if what == "tie":
            after = _renamed(before, after)
        sets = frozenset(known), frozenset(kept)
        yield Pair(what, before, after, compared, old.graph_date, *sets)


_COMPARED = {
    "observations": ("observation", ("value", "unit", "record")),
    "entities": ("entity", tuple(ENTITIES)[1:]),
    "coverage": ("coverage", ("status", "note")),
}


def unlike_tables(old: Snapshot, new: Snapshot, kinds: Sequence[str]) -> list[str]:
    """The tables of which the two builds have not the same file."""
    names = {name for one in (old, new) for name in _tables(one, kinds)}
    return [
        name
        for name in sorted(names)
        if not _checksum(old, name) or _checksum(old, name) != _checksum(new, name)
    ]


def _tables(snapshot: Snapshot, kinds: Sequence[str]) -> list[str]:
    from geoties.queries.asking import kinds_named

    ties = {path.stem for path in (snapshot.folder / "frames" / "ties").glob("*.parquet")}
    wanted = [f"ties/{kind.id}" for kind in kinds_named(kinds) if kind.id in ties]
    return wanted if kinds else [*wanted, *_COMPARED]


def _checksum(snapshot: Snapshot, table: str) -> str:
    return str(snapshot.manifest["frames"].get(f"{table}.parquet", ""))


def frame_of(snapshot: Snapshot, table: str) -> pl.DataFrame:
    """A table of a build by its name: `ties/membership`, `observations`, …"""
    from geoties.graph.frames import Frames

    frames = Frames(snapshot.folder / "frames")
    if table.startswith("ties/"):
        return frames.ties(table.removeprefix("ties/"))
    return {"observations": frames.observations, "entities": frames.entities,
            "coverage": frames.coverage}[table]()  # fmt: skip


def _keyed(table: str, rows: pl.DataFrame, successors: Mapping[str, str]) -> pl.DataFrame:
    """Rows with what makes each the same fact in another build; dates as precise as known."""
    import polars as pl

    if table == "entities":
        return rows.with_columns(key=pl.col("id"))
    if table.startswith("ties/"):
        rows = rows.with_columns(_shown(name) for name in ("start", "end"))
    names = {
        "observations": ("entity", "indicator", "year"),
        "coverage": ("kind", "from_scope", "to_scope", "via_scope", "topic_scope", "from_year",
                     "to_year"),
    }.get(table, ("record",))  # fmt: skip
    source = pl.col("source").replace(successors)
    parts = [pl.col(name).cast(pl.String).fill_null("") for name in names]
    return rows.with_columns(key=pl.concat_str(source, *parts, separator="\t")).unique(
        "key", keep="first", maintain_order=True
    )


_SAME = ("from", "to", "via", "role", "topic", "year", "source")


def _renamed(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """The new ties, with the old key where only the key of a tie is another.

    A record may hold a date: where the one tie of a source between two is gone and one has come,
    that tie was corrected.
    """
    import polars as pl

    gone = before.join(after.select("key"), on="key", how="anti")
    come = after.join(before.select("key"), on="key", how="anti")
    single = [rows.filter(pl.struct(_SAME).is_unique()) for rows in (gone, come)]
    pairs = single[1].join(single[0], on=_SAME, nulls_equal=True, suffix="_old")
    names = dict(pairs.select("key", "key_old").iter_rows())
    return after.with_columns(pl.col("key").replace(names))


def _shown(date: str) -> pl.Expr:
    import polars as pl

    length = pl.col(f"{date}_precision").replace_strict({"year": 4, "month": 7}, default=10)
    return pl.col(date).str.slice(0, length)


def _sources(snapshot: Snapshot) -> set[str]:
    return {f"source/{source['id']}" for source in snapshot.manifest["sources"]}


def _successors(old: Snapshot, new: Snapshot) -> dict[str, str]:
    """The new release of each old one that is gone, where a loader brings one for one."""
    gone, come = (
        _by_loader(one, _sources(one) - _sources(other)) for one, other in ((old, new), (new, old))
    )
    return {
        before[0]: come[loader][0]
        for loader, before in gone.items()
        if len(before) == len(come.get(loader, ())) == 1
    }


def _by_loader(snapshot: Snapshot, sources: set[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for source in snapshot.manifest["sources"]:
        if f"source/{source['id']}" in sources and source.get("loader"):
            found.setdefault(source["loader"], []).append(f"source/{source['id']}")
    return found
