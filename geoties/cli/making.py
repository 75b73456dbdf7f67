"""Commands that make and inspect the graph: build, demo, sources, validate."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geoties.cli.app import Format, Limit, Store, app
from geoties.cli.completing import source_names
from geoties.cli.output import check_format, show, terminal_width
from geoties.cli.voice import Voice, colour_wanted, say

if TYPE_CHECKING:
    from geoties.graph.model import Report

_TOLD = 20  # rejected rows of a publisher's file


@app.command(epilog="Example: geoties build --only baci-202501 --from BACI_HS92_V202601/")
def build(
    only: Annotated[
        str,
        typer.Option(
            metavar="SOURCE",
            help="Read this source anew and keep the rest.",
            autocompletion=source_names,
        ),
    ] = "",
    from_: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="Your own download of it.")
    ] = None,
    store: Store = None,
) -> None:
    """Build the graph from the embedded tables and your own, and make it current."""
    from geoties import knowledge

    accounts: list[str] = []
    with progress() as tell:
        graph = knowledge.build(
            store,
            only=only,
            from_=from_,
            say=tell,
            account=lambda name, report: accounts.extend(_account(name, report)),
        )
    for line in accounts:
        say(line)
    say(f"Built the graph as of {graph.date} in {graph.snapshot.folder}.")


def _account(name: str, report: Report) -> Iterator[str]:
    """What became of the rows of a publisher's file: the counts, and the first refused."""
    yield (
        f"{name}: {report.read:,} rows; {report.loaded:,} loaded, {report.duplicates:,} "
        f"duplicates, {len(report.rejected):,} rejected."
    )
    for one in report.rejected[:_TOLD]:
        yield f"  row {one.row}, {one.column} {one.value!r}: {one.reason}"
    if len(report.rejected) > _TOLD:
        yield f"  and {len(report.rejected) - _TOLD:,} more"


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """A spinner with the step on a terminal, plain lines otherwise, nothing when quiet."""
    if Voice.level == 0 or not sys.stderr.isatty() or not colour_wanted():
        yield say
        return
    from rich.console import Console

    with Console(stderr=True).status("starting") as status:
        yield lambda step: status.update(step)


@app.command(epilog="Example: geoties demo --to my-demo")
def demo(
    to: Annotated[
        Path, typer.Option(metavar="DIR", help="Where the page, Turtle and table go.")
    ] = Path("geoties-demo"),
    store: Store = None,
) -> None:
    """Build the graph and show Latin America's turn to Asia: a table, a page, a Turtle file."""
    from geoties.cli.demonstration import run_demo

    with progress() as tell:
        demonstration = run_demo(store, to, tell)
    for part in demonstration.parts(terminal_width()):
        show(part)
    print(demonstration.notes)


@app.command(epilog="Example: geoties sources --format md")
def sources(form: Format = "table", limit: Limit = None, store: Store = None) -> None:
    """List the sources: title, licence, version, coverage, counts, citation."""
    from geoties.graph.store import Answer
    from geoties.knowledge import load

    check_format(form)
    rows = [_source_row(source) for source in load(store).snapshot.manifest["sources"]]
    columns = ("id", "title", "licence", "version", "retrieved", "coverage", "counts", "citation")
    show(Answer(columns, rows), form, limit)


def _source_row(source: dict[str, Any]) -> tuple[str, ...]:
    counts = {**source["counts"]["ties"], "observations": source["counts"]["observations"]}
    covered = [
        f"{row['kind']} {row['from_year'] or '…'}–{row['to_year'] or '…'}"
        for row in source["coverage"]
    ]
    plain = ("id", "title", "licence", "version", "retrieved")
    told = ", ".join(f"{count:,} {kind}" for kind, count in counts.items() if count)
    return (*(source[key] for key in plain), ", ".join(covered), told, source["citation"])


@app.command(epilog="Example: geoties validate --format csv > findings.csv")
def validate(
    shapes: Annotated[
        bool, typer.Option("--shapes", help="Run SHACL itself too, by pyshacl: about a minute.")
    ] = False,
    form: Format = "table",
    limit: Limit = None,
    store: Store = None,
) -> None:
    """Check the graph against its own rules; exit code 1 if there is an error.

    The rules of the SHACL shapes, references, intervals and counts are checked on the columns, on
    every row; --shapes runs SHACL itself on the triples, of flows and votes on a sample.
    """
    from geoties.knowledge import load

    check_format(form)
    answer = load(store).validate_answer(shapes)
    how = "" if shapes else " The rules were checked on the columns; --shapes runs SHACL itself."
    show(answer, form, limit, empty=f"Nothing to complain of.{how}")
    if any(row["severity"] == "error" for row in answer.dicts()):
        raise typer.Exit(1)
