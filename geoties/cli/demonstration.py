"""`geoties demo`: build, show the turn to Asia, write a page, a Turtle file and the table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from geoties.cli.output import csv_text
from geoties.graph.model import UserError
from geoties.graph.snapshots import current, data_directory
from geoties.graph.store import Answer

if TYPE_CHECKING:
    from geoties import knowledge

PAGE, TURTLE, TABLE = "alignment.html", "latin-america.ttl", "turn-to-asia.csv"
_WIDE_ENOUGH = 240


@dataclass(frozen=True)
class Demonstration:
    """What is shown: the table, and the lines below it."""

    table: Answer
    notes: str

    def parts(self, width: int | None) -> list[Answer]:
        """The table, cut into shares and ties where the terminal is too narrow for the whole."""
        if width is None or width >= _WIDE_ENOUGH:
            return [self.table]
        shares = sum(column.endswith("%") for column in self.table.columns) + 1
        ties = [0, *range(shares, len(self.table.columns))]
        return [_columns(self.table, range(shares)), _columns(self.table, ties)]


def _columns(table: Answer, chosen: Iterable[int]) -> Answer:
    places = list(chosen)
    names = tuple(table.columns[place] for place in places)
    return Answer(names, [tuple(row[place] for place in places) for row in table.rows])


def run_demo(store: Path | None, folder: Path, say: Callable[[str], None]) -> Demonstration:
    """Build the graph if there is none, and write the demonstration into `folder`.

    Only the three files of the demonstration are written over.
    """
    from geoties import knowledge
    from geoties.queries.turn import REGION, turn_to_asia

    _check_folder(folder)
    graph = knowledge.load(store) if _has_graph(store) else knowledge.build(store, say=say)
    say("counting shares and agreements")
    turn = turn_to_asia(graph.store, graph.frames, graph.date)
    _write_table(folder / TABLE, turn.table)
    say("drawing the page")
    graph.view(title="Latin America between Asia and the United States").save(folder / PAGE)
    say("writing the Turtle file")
    graph.export(folder / TURTLE, focus=_members(graph, REGION), on=graph.date)
    return Demonstration(turn.table, "\n".join([*turn.notes, "", *_what_to_open(folder)]))


def _members(graph: knowledge.KnowledgeGraph, region: str) -> list[str]:
    from geoties.queries.turn import Places

    return Places.of(graph.frames).within(region)


def _has_graph(store: Path | None) -> bool:
    try:
        current(data_directory(store))
    except UserError:
        return False
    return True


def _check_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UserError(f"{folder} is a file; give a folder with --to DIR.")


def _write_table(path: Path, table: Answer) -> None:
    from geoties.graph.files import write_atomically

    write_atomically(path, csv_text(table.columns, table.rows))


def _what_to_open(folder: Path) -> list[str]:
    return [
        f"Open {folder / PAGE} in a browser: an interactive page, one file, works offline.",
        f"{folder / TABLE} is the table above; {folder / TURTLE} holds the ties of these states",
        "as of the date, for any RDF tool. Next: geoties links PER CHN",
    ]
