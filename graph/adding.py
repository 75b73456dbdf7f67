"""A user's own table put into the graph, and taken out again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from geoties.graph.build import CLAIMS, Derive, Say
from geoties.graph.changing import Part, put, take_out
from geoties.graph.frames import Frames
from geoties.graph.model import UserError
from geoties.graph.names import Resolver
from geoties.graph.snapshots import Snapshot, current
from geoties.loaders.user_tables import Given, UserTable, describe, read_user_table
from geoties.loaders.user_tables_kept import PREFIX, folder_of, write_kept
from geoties.loaders.user_tables_magnitude import compare
from geoties.loaders.user_tables_mapping import read_layout
from geoties.loaders.user_tables_names import World


@dataclass(frozen=True)
class Addition:
    """What was read of a user's table, and the graph that has it; none if it was not added."""

    table: UserTable
    snapshot: Snapshot | None


def add_table(
    directory: Path,
    given: Given,
    *,
    dry_run: bool = False,
    keep_good: bool = False,
    replace: bool = False,
    say: Say = lambda _: None,
    derive: Derive | None = None,
) -> Addition:
    """Read a user's table and make a graph that has it.

    All or nothing: a table with a rejected row is not added, unless `keep_good`. A source of the
    same name gives way only with `replace`. Raises `UserError` where the file cannot be read.
    """
    old = current(directory)
    say(f"reading {given.path.name}")
    layout = read_layout(given.mapping, given.kind)
    source = describe(given, layout, old.graph_date)
    _check_id(source.id, old, directory, replace)
    table = read_user_table(given, layout, source, world_of(old, source.id))
    table.notes += _notes(table, old)
    report = table.tables.report
    if dry_run or not report.loaded or (report.rejected and not keep_good):
        return Addition(table, None)

    def keep(folder: Path) -> None:
        write_kept(folder, source, table.tables, given.files)

    part = Part(folder_of(source.id), source.id, source, table.tables)
    return Addition(table, put(directory, part, keep, say=say, derive=derive))


def _check_id(source: str, old: Snapshot, directory: Path, replace: bool) -> None:
    if (directory / "inputs" / folder_of(source)).exists():
        if not replace:
            raise UserError(
                f"There is a table of yours called {source} already; "
                "give this one another name with --source, or --replace the other."
            )
    elif source in {known["id"] for known in old.manifest["sources"]}:
        raise UserError(f"geoties itself has a source {source}; give another name with --source.")


def world_of(old: Snapshot, source: str) -> World:
    """The graph without what a table of the user's brought before."""
    frames = Frames(old.folder / "frames")
    claims = pl.read_parquet(old.folder / "frames" / CLAIMS, columns=["id", "loader"])
    others = claims.filter(pl.col("loader") != folder_of(source))
    entities = frames.entities().join(others, on="id", how="semi", maintain_order="left")
    return World(Resolver.from_csv(old.folder / "names.csv"), entities, old.graph_date)


def _notes(table: UserTable, old: Snapshot) -> Iterator[str]:
    """What the user should look at, though nothing is wrong by itself."""
    frames, ties = Frames(old.folder / "frames"), table.tables.ties
    for (kind,), own in ties.drop_nulls("value").group_by("kind", maintain_order=True):
        others = frames.ties(str(kind)).filter(pl.col("source") != table.source.entity)
        if note := compare(own, others):
            yield note


def is_own_table(directory: Path, source: str) -> bool:
    """Whether the user has a table of that name."""
    return "/" not in source and (directory / "inputs" / folder_of(source)).is_dir()


def remove_table(
    directory: Path,
    source: str,
    *,
    say: Say = lambda _: None,
    derive: Derive | None = None,
) -> Snapshot:
    """Make a graph without a table of the user's; raises `UserError` where there is none."""
    current(directory)
    if not is_own_table(directory, source):
        own = [path.name.removeprefix(PREFIX) for path in (directory / "inputs").glob(PREFIX + "*")]
        told = f"there are: {', '.join(sorted(own))}" if own else "you have added none"
        raise UserError(f"No table of yours is called {source!r}; {told}.")
    return take_out(directory, folder_of(source), source, say=say, derive=derive)
