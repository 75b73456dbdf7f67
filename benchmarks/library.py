"""The library's questions, each with the parameters of its own example, on an open graph."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from benchmarks.timing import Quantity
from geoties.knowledge import KnowledgeGraph, load
from geoties.queries.header import question_names, read_question
from geoties.queries.library import example_parameters


def measure(store: Path, repeat: int) -> list[Quantity]:
    """The median over all questions, and the slowest ones by name."""
    graph = load(store)
    rounds = [_round(graph) for _ in range(repeat + 1)][1:]  # one before warms what is read once
    runs = {name: [times[name] for times in rounds] for name in question_names()}
    medians = sorted((statistics.median(times), name) for name, times in runs.items())
    found = [
        Quantity("library: questions, wall", "ms", [median for median, _ in medians], most=100),
        Quantity("library: questions over 100 ms", "", [float(sum(m > 100 for m, _ in medians))]),
    ]
    slowest = [name for median, name in reversed(medians) if median > 100]
    return found + [Quantity(f"library: {n}, wall", "ms", runs[n], most=100) for n in slowest]


def _round(graph: KnowledgeGraph) -> dict[str, float]:
    """Milliseconds of every question, one after the other: none profits from its last run."""
    times = {}
    for name in question_names():
        parameters = example_parameters(read_question(name))
        begun = time.perf_counter()
        graph.query_answer(name, parameters)
        times[name] = (time.perf_counter() - begun) * 1000
    return times
