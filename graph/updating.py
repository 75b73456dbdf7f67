"""The newest releases of sources that have a stable address, put into the graph."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from geoties.graph.adding import world_of
from geoties.graph.build import Derive, Say, build
from geoties.graph.changing import Part, put
from geoties.graph.model import Source, Tables, UserError
from geoties.graph.snapshots import Snapshot, current
from geoties.loaders import downloads_baci as baci
from geoties.loaders import downloads_dataverse as dataverse
from geoties.loaders import downloads_votes as votes
from geoties.loaders import downloads_wikidata as wikidata
from geoties.loaders import downloads_world_bank as world_bank
from geoties.loaders.downloads_client import Client
from geoties.loaders.downloads_release import Release
from geoties.loaders.registry import loader_named
from geoties.loaders.user_tables import UserTable, read_sheets_of
from geoties.loaders.user_tables_kept import folder_of, write_kept
from geoties.loaders.user_tables_mapping import Layout

_RELEASES: Mapping[str, tuple[str, Callable[[Client, str], Release]]] = {
    world_bank.LOADER: (world_bank.ADDRESS, world_bank.fetch),
    dataverse.LOADER: (dataverse.ADDRESS, dataverse.fetch),
    votes.LOADER: (dataverse.ADDRESS, votes.fetch),
    baci.LOADER: (baci.ADDRESS, baci.fetch),
}
#: What can be updated, with the publisher's address.
ADDRESSES: Mapping[str, str] = {
    wikidata.SOURCE: wikidata.ADDRESS,
    **{name: address for name, (address, _) in _RELEASES.items()},  # the largest last
}


@dataclass(frozen=True)
class Update:
    """What came of an update: the release, and the graph that has it; none if it had it before."""

    source: Source
    snapshot: Snapshot | None
    notes: tuple[str, ...] = ()


def update(
    directory: Path,
    name: str,
    client: Client,
    *,
    address: str = "",
    say: Say = lambda _: None,
    derive: Derive | None = None,
) -> Update:
    """Download the newest release of a source and make a graph that has it.

    `address` is another one than the publisher's, such as a mirror. What was read is kept as an
    input, so that later builds need no network. Raises `UserError` when it cannot be had.
    """
    old = current(directory)
    name = updatable(name)
    address = (address or ADDRESSES[name]).rstrip("/")
    client.cache.mkdir(parents=True, exist_ok=True)
    if name == wikidata.SOURCE:
        return _from_wikidata(directory, old, client, address, say, derive)
    release = _fetched(name, client, address)
    if _has(old, release.source):
        return Update(release.source, None, release.notes)
    with TemporaryDirectory(dir=client.cache) as folder:
        kept = Path(folder) / name
        write_kept(kept, release.source, release.tables, {}, client.downloads)
        snapshot = build(directory, only=name, from_=kept, say=say, derive=derive)
    return Update(release.source, snapshot, release.notes)


def _fetched(name: str, client: Client, address: str) -> Release:
    try:
        return _RELEASES[name][1](client, address)
    except (pl.exceptions.PolarsError, ValueError, KeyError, TypeError, csv.Error) as problem:
        told = " ".join(str(problem).split())[:160]
        raise UserError(f"What came from {address} cannot be read as {name}: {told}.") from None


def updatable(name: str) -> str:
    """The name under which a source is updated; raises `UserError` if it cannot be.

    >>> updatable("baci-202501")
    'baci'
    """
    if name in ADDRESSES:
        return name
    there = ", ".join(ADDRESSES)
    try:
        loader = loader_named(name).name
    except UserError:
        raise UserError(f"No source is called {name!r}; these can be updated: {there}.") from None
    if loader not in ADDRESSES:
        raise UserError(
            f"{name} has no address from which it could be updated; these have: {there}. "
            f"Bring a file of your own: geoties build --only {loader} --from FILE."
        )
    return loader


def _has(old: Snapshot, release: Source) -> bool:
    return any(
        (source["id"], source["version"], source["embedded"])
        == (release.id, release.version, "none")
        for source in old.manifest["sources"]
    )


def _from_wikidata(
    directory: Path, old: Snapshot, client: Client, address: str, say: Say, derive: Derive | None
) -> Update:
    """Wikidata comes as a table like one of the user's, and can be removed like one."""
    world, source = world_of(old, wikidata.SOURCE), _wikidata()
    sheets, notes = wikidata.fetch(client, world, address)
    table = read_sheets_of(sheets, Layout(), source, world, wikidata.SOURCE)
    table.tables.entities = Tables.of(wikidata.identifiers(client, world, address)).entities
    name = folder_of(source.id)

    def keep(folder: Path) -> None:
        write_kept(folder, source, table.tables, {}, client.downloads)

    part = Part(name, source.id, source, table.tables)
    snapshot = put(directory, part, keep, say=say, derive=derive)
    named = f"identifiers of {table.tables.entities.height:,} entities are filled in."
    return Update(source, snapshot, (*notes, *_account(table), named))


def _wikidata() -> Source:
    today = dt.date.today()  # kept with the tables, so that later builds say the same
    return Source(
        id=wikidata.SOURCE,
        title="Wikidata: memberships and diplomatic relations of states",
        publisher="Wikidata contributors",
        url="https://www.wikidata.org/",
        licence="CC0-1.0",
        licence_class="A",
        version=f"query service, {today.isoformat()}",
        retrieved=today,
        citation="Wikidata contributors, Wikidata (CC0), query service.",
        embedded="none",
    )


def _account(table: UserTable) -> list[str]:
    report = table.tables.report
    told = f"{report.loaded:,} facts, {report.duplicates:,} said twice"
    return [f"{told}, {len(report.rejected):,} rejected; they are listed beside the input."]


def own_release(directory: Path, name: str) -> str:
    """The loader of which the user brought a file, by its name or a source's id; else nothing."""
    for source in current(directory).manifest["sources"]:
        loader = str(source.get("loader", ""))
        if name in (source["id"], loader) and (directory / "inputs" / loader).is_dir():
            return loader
    return ""


def forget(
    directory: Path, loader: str, *, say: Say = lambda _: None, derive: Derive | None = None
) -> Snapshot:
    """Make a graph with the embedded tables of a loader in place of the user's own file of it.

    The file comes back if the build fails.
    """
    place, aside = directory / "inputs" / loader, directory / "builds" / f".gone-{loader}"
    shutil.rmtree(aside, ignore_errors=True)
    place.rename(aside)
    try:
        snapshot = build(directory, only=loader, say=say, derive=derive)
    except BaseException:
        aside.rename(place)
        raise
    shutil.rmtree(aside, ignore_errors=True)
    return snapshot
