"""Commands for the user's own tables and fresh releases: add, remove, template, update."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geoties.cli.app import Format, Limit, Store, app
from geoties.cli.making import progress
from geoties.cli.output import check_format, show
from geoties.cli.voice import say
from geoties.graph.files import write_atomically
from geoties.graph.model import UserError
from geoties.graph.store import Answer, Value

if TYPE_CHECKING:
    from geoties.graph.adding import Addition


@app.command(epilog="Example: geoties add visits.csv --kind visit --dry-run")
def add(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="CSV, TSV (also .gz, .zip), XLSX, JSON, Parquet, TTL."),
    ],
    source: Annotated[
        str, typer.Option(metavar="ID", help="What the table is called; by the file's name.")
    ] = "",
    title: Annotated[str, typer.Option(metavar="TEXT", help="Its title.")] = "",
    licence: Annotated[str, typer.Option(metavar="TEXT", help="Its licence.")] = "",
    map_: Annotated[
        Path | None,
        typer.Option("--map", metavar="FILE", help="A mapping file, .toml or .json."),
    ] = None,
    kind: Annotated[str, typer.Option(metavar="KIND", help="The kind of every row.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be.")] = False,
    keep_good: Annotated[
        bool, typer.Option("--keep-good", help="Add the good rows although others are rejected.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="In place of your table of the same name.")
    ] = False,
    form: Format = "table",
    limit: Limit = None,
    store: Store = None,
) -> None:
    """Add a table of your own to the graph; every row is added, a duplicate, or rejected."""
    from geoties import own_data

    check_format(form)
    with progress() as tell:
        addition = own_data.add(
            file,
            store,
            source=source,
            title=title,
            licence=licence,
            mapping=map_,
            kind=kind,
            dry_run=dry_run,
            keep_good=keep_good,
            replace=replace,
            say=tell,
        )
    _report(addition, form, limit)
    _stop_if_rejected(addition, keep_good)


def _report(addition: Addition, form: str, limit: int | None) -> None:
    """The rows that were not taken, on stdout; the account of all, on stderr."""
    columns = ("row", "outcome", "column", "value", "reason")
    rows = sorted(_rows(addition), key=lambda row: str(row[0]).zfill(9))
    if rows or form != "table":
        show(Answer(columns, rows), form, limit)
    table, report = addition.table, addition.table.tables.report
    taken = "added" if addition.snapshot else "could be added"
    say(
        f"{table.source.id}: {report.read:,} rows; {report.loaded:,} {taken}, "
        f"{report.duplicates:,} duplicates, {len(report.rejected):,} rejected."
    )
    for note in table.notes:
        say(note)


def _rows(addition: Addition) -> Iterator[tuple[Value, ...]]:
    for row, told in addition.table.repeated:
        yield row, "duplicate", "", "", told
    for item in addition.table.tables.report.rejected:
        yield item.row, "rejected", item.column, item.value, item.reason


def _stop_if_rejected(addition: Addition, keep_good: bool) -> None:
    report = addition.table.tables.report
    if not report.loaded:
        raise UserError("No row could be taken; the graph is as it was.")
    if report.rejected and not keep_good:
        raise UserError(
            f"{len(report.rejected):,} of {report.read:,} rows are rejected, so nothing is added; "
            "mend them, or add the others with --keep-good."
        )


@app.command(epilog="Example: geoties remove my-visits")
def remove(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="What your table is called.")],
    store: Store = None,
) -> None:
    """Take a table of your own out of the graph."""
    from geoties import own_data

    with progress() as tell:
        own_data.remove(source, store, say=tell)
    say(f"{source} is no longer in the graph.")


@app.command(epilog="Example: geoties update world_bank")
def update(
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE]…", help="Which; all if not given.")
    ] = None,
    list_: Annotated[
        bool, typer.Option("--list", help="Only list what can be updated, and from where.")
    ] = False,
    address: Annotated[
        str, typer.Option(metavar="URL", help="Another address than the publisher's: a mirror.")
    ] = "",
    cache: Annotated[
        Path | None,
        typer.Option(metavar="DIR", envvar="GEOTIES_CACHE", help="Where downloads are kept."),
    ] = None,
    pause: Annotated[
        float, typer.Option(metavar="SECONDS", min=0, help="Between two requests.")
    ] = 1.0,
    store: Store = None,
) -> None:
    """Download the newest release of sources. The only command that uses the network."""
    from geoties.graph.updating import ADDRESSES, updatable

    if list_:
        show(Answer(("source", "address"), sorted(ADDRESSES.items())))
        return
    names = [updatable(name) for name in sources or ADDRESSES]
    if address and len(names) != 1:
        raise UserError("--address is for one source; name it.")
    failed = []
    for name in names:
        try:
            _update(name, store, address, cache, pause)
        except UserError as problem:
            if len(names) == 1:
                raise
            say(f"{name}: {problem}")
            failed.append(name)
    if failed:
        raise UserError(f"{', '.join(failed)} could not be updated; the others were.")


def _update(name: str, store: Path | None, address: str, cache: Path | None, pause: float) -> None:
    from geoties import own_data

    with progress() as tell:
        made = own_data.update(name, store, address=address, cache=cache, pause=pause, say=tell)
    done = "is in the graph" if made.snapshot else "was in the graph already"
    say(f"{name}: {made.source.id}, {made.source.version}, {done}.")
    for note in made.notes:
        say(note)


@app.command(epilog="Example: geoties template visit -o visits.csv")
def template(
    kind: Annotated[
        str, typer.Argument(metavar="KIND", help="A kind of tie, an indicator or a kind of entity.")
    ],
    file: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="A .csv or .tsv file.")
    ] = None,
) -> None:
    """Write an empty table to fill in, with its columns explained and an example row."""
    from geoties.loaders.user_tables_template import template as written

    if file is None:
        sys.stdout.write(written(kind))
        return
    delimiter = {".csv": ",", ".tsv": "\t"}.get(file.suffix.lower())
    if delimiter is None:
        raise UserError(f"{file.name}: a template is a .csv or a .tsv file.")
    if file.exists():
        raise UserError(f"{file} exists already; give another name.")
    write_atomically(file, written(kind, delimiter))
    say(f"Fill in {file}, then: geoties add {file}")
