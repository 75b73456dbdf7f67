"""One source put into a finished graph, or taken out, without making the rest again.

The result is the same as that of a whole build with the same inputs, checksum and all; only the
work is less: columns that the source does not touch are linked, and the store is a copy of which
the large files, that never change, are linked too.
"""

from __future__ import annotations

import contextlib
import io
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl

from geoties.graph.build import (
    CLAIMS,
    Derive,
    Say,
    claims_of,
    count_by_kind,
    describe,
    graph_day,
    merge_entities,
    source_claims,
    source_counts,
    stamp,
    stop_on_errors,
    write_manifest,
)
from geoties.graph.files import link_or_copy, sync_folder
from geoties.graph.frames import Frames, write_frame
from geoties.graph.model import Source, Tables, UserError
from geoties.graph.names import write_aliases
from geoties.graph.snapshots import Snapshot, building, current, publish
from geoties.graph.store import change_store
from geoties.graph.triples import (
    in_graph,
    write_coverage,
    write_current,
    write_entities,
    write_observations,
    write_ties,
)
from geoties.ontology.kinds import kinds

_OF_SOURCES = ""
_SINGLE = ("observations", "coverage")


@dataclass(frozen=True)
class Part:
    """What one loader brings to a graph: its name, its source's id, and the tables it read.

    `described` is the source; none when it is taken out.
    """

    loader: str
    source: str
    described: Source | None
    tables: Tables


def put(
    directory: Path,
    part: Part,
    keep: Callable[[Path], None],
    *,
    say: Say = lambda _: None,
    derive: Derive | None = None,
) -> Snapshot:
    """Make a graph in which `part` takes the place of what its loader brought before, if anything.

    `keep` writes the folder that becomes the loader's input, of which later builds are made.
    Raises `UserError` when the tables do not hold together; the old graph and input stay then.
    """
    return _changed(directory, part, keep, say, derive)


def take_out(
    directory: Path,
    loader: str,
    source: str,
    *,
    say: Say = lambda _: None,
    derive: Derive | None = None,
) -> Snapshot:
    """Make a graph without what a loader brought under a source's id, and without its input."""
    return _changed(directory, Part(loader, source, None, Tables.of()), None, say, derive)


def _changed(
    directory: Path,
    part: Part,
    keep: Callable[[Path], None] | None,
    say: Say,
    derive: Derive | None,
) -> Snapshot:
    with building(directory) as target:
        change = _Change(current(directory), part, derive)
        say("checking")
        change.check()
        say("writing the columns")
        counts = change.write_columns(target)
        say("changing the store")
        counts["triples"] = change.write_store(target)
        fresh = target / "input"
        if keep is not None:
            keep(fresh)
        with _input(directory / "inputs" / part.loader, fresh, target.parent):
            manifest = write_manifest(target, directory, counts, change.sources)
            say(f"{counts['triples']:,} triples")
            return publish(directory, target, manifest["checksum"])


@contextlib.contextmanager
def _input(place: Path, fresh: Path, builds: Path) -> Iterator[None]:
    """The fresh input in its place, if there is one; the old one comes back if the block fails."""
    aside = builds / f".was-{place.name}"
    shutil.rmtree(aside, ignore_errors=True)
    if place.exists():
        place.rename(aside)
    if fresh.exists():
        fresh.rename(place)
    sync_folder(place.parent)
    try:
        yield
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        if aside.exists():
            aside.rename(place)
        raise
    shutil.rmtree(aside, ignore_errors=True)


class _Change:
    """What there was, what there will be, and what lies between."""

    def __init__(self, old: Snapshot, part: Part, derive: Derive | None) -> None:
        self.old, self.part, self.derive = old, part, derive
        self.frames = Frames(old.folder / "frames")
        self.id = f"source/{part.source}"
        self.described = [describe(part.described, part.loader)] if part.described else []
        known = {source["id"]: source for source in old.manifest["sources"]}
        self.before: dict[str, Any] = known.pop(part.source, {})
        for told in self.described:
            known[part.source] = told | source_counts(self.tables, part.source)
        self.sources = [known[id] for id in sorted(known)]

    @cached_property
    def tables(self) -> Tables:
        """What the source brings, as a build would keep it, with what is derived from it."""
        read = self.part.tables
        tables = Tables.of(read.entities, read.ties, read.observations, read.coverage)
        tables = stamp(tables, self.described)
        if self.derive and self.described:
            coverage = pl.concat([self._others("coverage"), tables.coverage])
            derived = self.derive(Tables.of(ties=tables.ties, coverage=coverage)).ties
            tables.ties = pl.concat([tables.ties, derived])
        return tables

    def _others(self, table: str) -> pl.DataFrame:
        """The rows of the other sources."""
        frame: pl.DataFrame = getattr(self.frames, table)()
        return frame.filter(pl.col("source") != self.id)

    @cached_property
    def claims(self) -> pl.DataFrame:
        """What is said of entities, by loader; of sources too."""
        old = pl.read_parquet(self.old.folder / "frames" / CLAIMS)
        own = pl.col("loader") == self.part.loader
        of_source = (pl.col("loader") == _OF_SOURCES) & (pl.col("id") == self.id)
        parts = [old.filter(~(own | of_source))]
        parts.append(claims_of(self.part.loader, self.tables.entities))
        parts.append(source_claims(self.described))
        return pl.concat(parts).sort("id", "loader")

    @cached_property
    def entities(self) -> pl.DataFrame:
        """All entities there will be."""
        return merge_entities(self.claims)

    @cached_property
    def gone(self) -> pl.DataFrame:
        """Entities that will not be as they were."""
        return _without(self.frames.entities(), self.entities)

    @cached_property
    def new(self) -> pl.DataFrame:
        """Entities that were not as they will be."""
        return _without(self.entities, self.frames.entities())

    @cached_property
    def kinds(self) -> list[str]:
        """The kinds of tie that change."""
        had = self.before["counts"]["ties"] if self.before else {}
        return sorted({*had, *self.tables.ties["kind"].unique()})

    @cached_property
    def old_ties(self) -> pl.DataFrame:
        """The ties that the source brought before."""
        parts = [self.frames.ties(kind).filter(source=self.id) for kind in self.kinds]
        return pl.concat([self.tables.ties.clear(), *parts])

    def check(self) -> None:
        """Raise `UserError` where the graph would not hold together."""
        tables = Tables(
            self.entities, self.tables.ties, self.tables.observations, self.tables.coverage
        )
        stop_on_errors(tables, self.described)
        lost = set(self.gone["id"]) - set(self.entities["id"]) - {self.id}
        if lost:
            self._check_nobody_needs(lost)

    def _check_nobody_needs(self, lost: set[str]) -> None:
        named = pl.any_horizontal(pl.col(end).is_in(list(lost)) for end in ("from", "to", "via"))
        for kind in self.frames.tie_kinds():
            others = self.frames.ties(kind).filter(pl.col("source") != self.id)
            for tie in others.filter(named).head(1).iter_rows(named=True):
                user = str(tie["source"]).removeprefix("source/")
                raise UserError(f"{tie['id']} of the source {user} needs it; remove {user} first.")

    def write_columns(self, target: Path) -> dict[str, Any]:
        """Write the columns that change, link the others; returns how many rows there are."""
        folder, counts = target / "frames", self._old_counts()
        (folder / "ties").mkdir(parents=True)
        counts["frames"]["entities"] = write_frame(
            folder / "entities.parquet", self.entities.sort(self.entities.columns)
        )
        write_frame(folder / CLAIMS, self.claims)
        for table in _SINGLE:
            counts["frames"][table] = self._write_table(folder, table)
        for kind in {*self.frames.tie_kinds(), *self.kinds}:
            self._write_kind(folder / "ties", kind, counts)
        self._write_names(target / "names.csv")
        return counts

    def _old_counts(self) -> dict[str, Any]:
        counts = self.old.manifest["counts"]
        return {**counts, "frames": dict(counts["frames"]), "graph": dict(counts["graph"])}

    def _write_table(self, folder: Path, table: str) -> int:
        others, own = self._others(table), getattr(self.tables, table)
        name = f"{table}.parquet"
        if own.is_empty() and others.height == getattr(self.frames, table)().height:
            link_or_copy(self.frames.folder / name, folder / name)
            return others.height
        whole = pl.concat([others, own])
        return write_frame(folder / name, whole.sort(whole.columns))

    def _write_kind(self, folder: Path, kind: str, counts: dict[str, Any]) -> None:
        path, key = folder / f"{kind}.parquet", f"ties/{kind}"
        if kind not in self.kinds:
            link_or_copy(self.frames.folder / "ties" / path.name, path)
            return
        ties = self._ties(kind)
        counts["frames"].pop(key, None)
        counts["graph"].pop(kind, None)
        if ties.height:
            counts["frames"][key] = write_frame(path, ties.sort("id"))
            counts["graph"] |= count_by_kind(in_graph(ties))

    def _ties(self, kind: str) -> pl.DataFrame:
        """The ties of a kind that there will be."""
        others = self.frames.ties(kind).filter(pl.col("source") != self.id)
        return pl.concat([others, self.tables.ties.filter(kind=kind)])

    def _write_names(self, path: Path) -> None:
        if {*self.gone["id"], *self.new["id"]} <= {self.id}:  # sources are not called by name
            link_or_copy(self.old.folder / "names.csv", path)
        else:
            write_aliases(path, self.entities.iter_rows(named=True))

    def write_store(self, target: Path) -> int:
        """Make the store; returns how many triples there will be."""
        less, more = target / "less.nq", target / "more.nq"
        with less.open("wb") as minus, more.open("wb") as plus:
            removed = write_entities(self.gone, minus)
            added = write_entities(self.new, plus) + _write(self.tables, plus)
            before, after = self._current()
            removed += _write_lines(before - after, minus)
            added += _write_lines(after - before, plus)
        removed += self._removed_facts()
        source = self.id if self.before else ""
        change_store(self.old.folder / "store", target / "store", source, less, more)
        less.unlink()
        more.unlink()
        return int(self.old.manifest["counts"]["triples"]) - removed + added

    def _removed_facts(self) -> int:
        """How many triples the facts had that the source brought before."""
        if not self.before:
            return 0
        own = pl.col("source") == self.id
        before = Tables.of(
            (),
            self.old_ties,
            self.frames.observations().filter(own),
            self.frames.coverage().filter(own),
        )
        return _write(before, io.BytesIO())

    def _current(self) -> tuple[set[bytes], set[bytes]]:
        """The direct statements that hold on the graph's date, before and after."""
        direct = [kind.id for kind in kinds().values() if kind.direct_property]
        if not set(direct) & set(self.kinds):
            return set(), set()
        before = pl.concat([self.frames.ties(kind) for kind in direct])
        after = pl.concat([self._ties(kind) for kind in direct])
        return (
            _current_lines(before, self.old.graph_date),
            _current_lines(after, graph_day(self.sources)),
        )


def _without(rows: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    return rows.join(others, on=rows.columns, how="anti", nulls_equal=True).sort("id")


def _write(tables: Tables, out: BinaryIO) -> int:
    """Write the triples of facts as a build does."""
    count = write_ties(in_graph(tables.ties), out)
    count += write_observations(tables.observations, out)
    return count + write_coverage(tables.coverage, out)


def _current_lines(ties: pl.DataFrame, day: str) -> set[bytes]:
    out = io.BytesIO()
    write_current(in_graph(ties), day, out)
    return set(out.getvalue().splitlines(keepends=True))


def _write_lines(lines: set[bytes], out: BinaryIO) -> int:
    out.writelines(sorted(lines))
    return len(lines)
