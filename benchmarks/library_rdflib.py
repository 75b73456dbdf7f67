"""The library's questions in rdflib in memory, beside ours: the same SPARQL, the same triples.

The whole default graph is loaded into one rdflib Graph (several GB, some minutes). Each question is
asked, with the parameters of its example, in a process forked from that one, so that none pays for
the loading and one that takes too long can be stopped: it counts as the limit, and is marked so.
Ours is asked through the library with the store on disk. Times are CPU seconds, for the machine may
have other work. Answers are compared as sets of rows, lists within a cell without their order.
"""

from __future__ import annotations

import gc
import math
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from benchmarks.timing import Quantity, cpu_of
from geoties.graph.store import PREFIXES, open_store
from geoties.knowledge import KnowledgeGraph, load
from geoties.queries.header import Question, question_names, read_question
from geoties.queries.library import bound_values, example_parameters, iris_of, stand_alone

if TYPE_CHECKING:
    import rdflib

Row = tuple[str, ...]
LIMIT = 60  # seconds that rdflib is given
_NUMBERS = ("integer", "decimal", "double", "float")


@dataclass(frozen=True)
class Compared:
    """One question: CPU seconds of ours, of pyoxigraph alone and of rdflib."""

    name: str
    ours: float
    alone: float
    rdflib: float
    stopped: bool
    same: bool | None

    @property
    def ratio(self) -> float:
        """How many times as long rdflib takes."""
        return self.rdflib / self.ours


def measure(store: Path, repeat: int) -> list[Quantity]:
    """The ratio of all questions and of each, our overhead, and how many rdflib did not finish."""
    kg = load(store)
    questions = [q for q in map(read_question, question_names()) if q.sparql]
    graph = _in_memory(kg)
    found = [_compare(kg, graph, question, repeat) for question in questions]
    different = [one.name for one in found if one.same is False]
    if different:
        print(f"rdflib answers otherwise: {', '.join(different)}", file=sys.stderr)
    mean = math.exp(statistics.fmean(math.log(one.ratio) for one in found))
    overhead = [(one.ours - one.alone) * 1000 for one in found]
    stopped = [float(sum(one.stopped for one in found))]
    return [
        Quantity("rdflib / library: geometric mean of the questions, CPU", "×", [mean], least=30),
        Quantity("library over pyoxigraph alone, CPU of the questions", "ms", overhead, most=5),
        Quantity("questions that rdflib answers otherwise", "", [float(len(different))], most=0),
        Quantity(f"questions that rdflib did not finish in {LIMIT} s", "", stopped),
        *(Quantity(f"rdflib {'> ' if one.stopped else ''}/ library: {one.name}, CPU", "×",
                   [one.ratio]) for one in found),
    ]  # fmt: skip


def _in_memory(kg: KnowledgeGraph) -> rdflib.Graph:
    """The default graph of the store in rdflib's own memory store."""
    import rdflib

    graph = rdflib.Graph()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.nt"
        store = open_store(kg.snapshot.folder / "store")
        store.dump(str(path), format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
        gc.disable()
        graph.parse(path, format="nt")
    gc.enable()
    gc.freeze()  # a forked process then shares the pages
    return graph


def _compare(kg: KnowledgeGraph, graph: rdflib.Graph, question: Question, repeat: int) -> Compared:
    parameters = example_parameters(question)
    values = bound_values(question, parameters, names=kg.names, graph_date=kg.date, store=kg.store)
    iris, text = iris_of(question, values), stand_alone(question, values)
    ours = _cpu(lambda: kg.query_answer(question.name, parameters), repeat)
    alone = _cpu(lambda: list(_solutions(kg.store, question.sparql, iris)), repeat)
    lists = [column.unit == "list" for column in question.columns]
    rows = _cells(_solutions(kg.store, question.sparql, iris), lists)
    theirs = _in_a_fork(graph, text, lists)
    took, same = (LIMIT, None) if theirs is None else (theirs[0], theirs[1] == rows)
    return Compared(question.name, ours, alone, took, theirs is None, same)


def _cpu(work: Callable[[], Any], repeat: int) -> float:
    """The median of some runs; one before them warms what is read once."""
    work()
    return statistics.median(cpu_of(work, repeat)[0])


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
    graph: rdflib.Graph, text: str, lists: Sequence[bool]
) -> tuple[float, list[Row]] | None:
    """What rdflib took and gave; None if it was stopped."""
    context = get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_ask, args=(there, graph, text, lists))
    process.start()
    there.close()
    try:
        answer: tuple[float, list[Row]] | None = here.recv() if here.poll(LIMIT) else None
    except EOFError:
        sys.exit(f"rdflib failed at: {text}")
    if answer is None:
        process.kill()
    process.join()
    return answer


def _ask(there: Connection, graph: rdflib.Graph, text: str, lists: Sequence[bool]) -> None:
    os.nice(1)
    begun = time.process_time()
    rows = list(graph.query(text))
    there.send((time.process_time() - begun, _cells(rows, lists)))
