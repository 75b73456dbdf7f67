"""Receipts: an answer written down with all that is needed to defend it, and asked again.

A receipt is JSON: the question and its parameters, the SPARQL, which graph was asked, the rows,
and the sources with their citations and licences. It holds no time of its own, so that the same
question on the same graph gives the same bytes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geoties.graph.files import write_atomically
from geoties.graph.model import UserError
from geoties.graph.store import Answer
from geoties.queries.answers import Asked, Graph, answer, settled, sparql_of
from geoties.queries.citations import references_of, sources_of

FORMAT = 1
_TOLD = ("id", "title", "publisher", "version", "retrieved", "licence", "citation", "url")


def receipt(graph: Graph, asked: Asked, given: Answer) -> dict[str, Any]:
    """The receipt of an answer, the empty one included."""
    asked = settled(graph, asked)
    return {
        "receipt": FORMAT,
        "question": {"how": asked.how, "arguments": dict(asked.arguments)},
        "sparql": sparql_of(graph, asked),
        "graph": {"checksum": graph.checksum, "date": graph.date},
        "columns": list(given.columns),
        "rows": [list(row) for row in given.rows],
        "sources": [
            {name: source[name] for name in _TOLD} for source in sources_of(given, graph.manifest)
        ],
        "references": references_of(given, graph.store),
    }


def write_receipt(path: Path, graph: Graph, asked: Asked, given: Answer) -> None:
    """Write the receipt of an answer; the file is whole or not there."""
    text = json.dumps(receipt(graph, asked, given), ensure_ascii=False, indent=1) + "\n"
    try:
        write_atomically(path, text)
    except OSError as problem:
        raise UserError(f"{path} cannot be written: {problem.strerror}.") from None


@dataclass(frozen=True)
class Replay:
    """What came of asking again: the rows of then and now that are not in both."""

    same_graph: bool
    columns: tuple[str, ...]
    gone: list[tuple[Any, ...]]
    new: list[tuple[Any, ...]]
    in_order: bool

    @property
    def identical(self) -> bool:
        """Whether the same rows came back in the same order."""
        return self.in_order

    def told(self) -> str:
        """The outcome in one sentence."""
        graph = "the same graph" if self.same_graph else "another graph"
        if self.identical:
            return f"The answer is identical, on {graph}."
        if not (self.gone or self.new):
            return f"The rows are the same in another order, on {graph}."
        return f"{len(self.gone)} rows are gone and {len(self.new)} are new, on {graph}."

    def table(self) -> Answer:
        """What differs: each row with "gone" or "new" before it."""
        rows = [("gone", *row) for row in self.gone] + [("new", *row) for row in self.new]
        return Answer(("change", *self.columns), rows)


def replay(path: Path, graph: Graph, ask: Callable[[Graph, Asked], Answer] = answer) -> Replay:
    """Ask the question of a receipt again; raises `UserError` for a file that is none.

    A receipt may be a stranger's, and so the SPARQL in it: `ask` is who answers.
    """
    told = read_receipt(path)
    question = told["question"]
    now = ask(graph, Asked(question["how"], question["arguments"]))
    then, rows = [_key(row) for row in told["rows"]], [_key(row) for row in now.rows]
    same = tuple(told["columns"]) == now.columns
    return Replay(
        same_graph=told["graph"]["checksum"] == graph.checksum,
        columns=now.columns,
        gone=_rows(Counter(then) - Counter(rows)),
        new=_rows(Counter(rows) - Counter(then)),
        in_order=same and then == rows,
    )


def _key(row: Any) -> str:
    """A row as the receipt spells it."""
    return json.dumps(list(row), ensure_ascii=False)


def _rows(counted: Counter[str]) -> list[tuple[Any, ...]]:
    return [tuple(json.loads(row)) for row in sorted(counted.elements())]


def read_receipt(path: Path) -> Mapping[str, Any]:
    """The receipt in a file; raises `UserError` when it is missing or none of ours."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        whole = {"question", "graph", "columns", "rows"} <= told.keys()
        arguments = told["question"]["arguments"]
        if told["receipt"] != FORMAT or not whole or not isinstance(arguments, dict):
            raise ValueError("of another form")
        _ = told["question"]["how"], told["graph"]["checksum"]
    except FileNotFoundError:
        raise UserError(f"{path} does not exist; `--receipt FILE` writes one.") from None
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError, AttributeError):
        raise UserError(f"{path} is no receipt that this version of geoties can read.") from None
    return dict(told)
