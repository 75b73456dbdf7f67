"""The library's questions in rdflib in memory, beside ours: the same SPARQL, the same triples.

    python benchmarks/library_rdflib.py --store DIR [--limit 60] [--json FILE] [NAME …]

The whole default graph is loaded into one rdflib Graph (several GB, some minutes). Each question is
asked, with the parameters of its example, in a process forked from that one, so that none pays for
the loading and one that takes too long can be stopped: it counts as the limit, and is marked so.
Ours is asked through the library with the store on disk. Times are CPU seconds, for the machine may
have other work. Answers are compared as sets of rows, lists within a cell without their order.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import pyoxigraph as ox

from benchmarks.timing import machine
from geoties.graph.store import PREFIXES
from geoties.knowledge import KnowledgeGraph, load
from geoties.queries.header import Question, question_names, read_question
from geoties.queries.library import bound_values, example_parameters, iris_of, stand_alone

if TYPE_CHECKING:
    import rdflib

Row = tuple[str, ...]
REPEAT = 5
_NUMBERS = ("integer", "decimal", "double", "float")


@dataclass(frozen=True)
class Compared:
    """One question: CPU seconds of ours, of pyoxigraph alone and of rdflib, and the rows."""

    name: str
    ours: float
    alone: float
    rdflib: float
    stopped: bool
    rows: int
    same: bool | None

    @property
    def ratio(self) -> float:
        """How many times as long rdflib takes."""
        return self.rdflib / self.ours

    def line(self) -> str:
        """The question as a row of a Markdown table."""
        took = f"> {self.rdflib:.0f} s" if self.stopped else f"{self.rdflib:.2f} s"
        same = {True: "identical", False: "DIFFERENT", None: "stopped"}[self.same]
        told = f"{self.ours * 1000:.1f} ms | {self.alone * 1000:.1f} ms | {took}"
        return f"| `{self.name}` | {self.rows} | {told} | {self.ratio:,.0f} × | {same} |"


def main(arguments: list[str]) -> int:
    """Load, compare, print, keep."""
    asked = _parser().parse_args(arguments)
    kg = load(asked.store)
    questions = [read_question(name) for name in asked.names or question_names()]
    graph, seconds = _in_memory(kg)
    print(f"{len(graph):,} triples in rdflib after {seconds:.0f} CPU seconds", file=sys.stderr)
    found = []
    for question in questions:
        if question.sparql:
            found.append(_compare(kg, graph, question, asked.limit))
            print(found[-1].line(), flush=True)
    mean = math.exp(statistics.fmean(math.log(one.ratio) for one in found))
    overhead = statistics.median(one.ours - one.alone for one in found) * 1000
    print(f"geometric mean: {mean:.0f} × faster; overhead over pyoxigraph: {overhead:.2f} ms")
    if asked.json:
        told = {"geometric mean": mean, "overhead ms": overhead, "triples": len(graph)}
        rows = [asdict(one) for one in found]
        written = {"machine": machine(), **told, "limit s": asked.limit, "questions": rows}
        asked.json.write_text(json.dumps(written, indent=1) + "\n")
    return 0 if all(one.same is not False for one in found) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="questions; all that are SPARQL if none")
    parser.add_argument("--store", type=Path, required=True, help="a data directory")
    parser.add_argument("--limit", type=float, default=60, help="seconds that rdflib is given")
    parser.add_argument("--json", type=Path, help="where to keep the numbers")
    return parser


def _in_memory(kg: KnowledgeGraph) -> tuple[rdflib.Graph, float]:
    """The default graph of the store in rdflib's own memory store, and what that took."""
    import rdflib

    graph = rdflib.Graph()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.nt"
        kg.store.dump(str(path), format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
        begun = time.process_time()
        gc.disable()
        graph.parse(path, format="nt")
    gc.freeze()  # a forked process then shares the pages
    return graph, time.process_time() - begun


def _compare(kg: KnowledgeGraph, graph: rdflib.Graph, question: Question, limit: float) -> Compared:
    parameters = example_parameters(question)
    values = bound_values(question, parameters, names=kg.names, graph_date=kg.date, store=kg.store)
    iris, text = iris_of(question, values), stand_alone(question, values)
    ours = _cpu(lambda: kg.query_answer(question.name, parameters))
    alone = _cpu(lambda: list(_solutions(kg.store, question.sparql, iris)))
    lists = [column.unit == "list" for column in question.columns]
    rows = _cells(_solutions(kg.store, question.sparql, iris), lists)
    theirs = _in_a_fork(graph, text, lists, limit)
    took, same = (limit, None) if theirs is None else (theirs[0], theirs[1] == rows)
    return Compared(question.name, ours, alone, took, theirs is None, len(rows), same)


def _cpu(work: Any) -> float:
    """The median of some runs; one before them warms what is read once."""
    times = []
    for _ in range(REPEAT + 1):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return statistics.median(times[1:])


def _solutions(store: Any, text: str, iris: dict[str, str]) -> Iterator[Sequence[Any]]:
    yield from store.query(text, prefixes={**PREFIXES, **iris})


def _cells(solutions: Any, lists: Sequence[bool]) -> list[Row]:
    """The rows as texts, sorted; numbers as numbers, so that 1.50 is 1.5."""
    return sorted(
        tuple(_cell(cell, many) for cell, many in zip(row, lists, strict=True)) for row in solutions
    )


def _cell(term: Any, many: bool) -> str:
    text = "" if term is None else str(getattr(term, "value", term))
    datatype = getattr(term, "datatype", None)
    if str(getattr(datatype, "value", datatype)).rpartition("#")[2] in _NUMBERS:
        return repr(float(text))
    return " | ".join(sorted(set(text.split(" | ")))) if many else text


def _in_a_fork(
    graph: rdflib.Graph, text: str, lists: Sequence[bool], limit: float
) -> tuple[float, list[Row]] | None:
    """What rdflib took and gave; None if it was stopped."""
    context = get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_ask, args=(there, graph, text, lists))
    process.start()
    there.close()
    try:
        answer: tuple[float, list[Row]] | None = here.recv() if here.poll(limit) else None
    except EOFError:
        sys.exit(f"rdflib failed at: {text}")
    if answer is None:
        process.kill()
    process.join()
    return answer


def _ask(there: Connection, graph: rdflib.Graph, text: str, lists: Sequence[bool]) -> None:
    os.nice(1)
    begun = time.process_time()
    rows = list(graph.query(text))  # type: ignore[arg-type]
    there.send((time.process_time() - begun, _cells(rows, lists)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
