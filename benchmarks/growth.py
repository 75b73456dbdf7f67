"""Time and memory against size: 0.1, 1 and 10 million triples in the shape of the real graph.

Each size is built in a process of its own, from checked tables to a store that has settled
(compacted; before that it answers many times slower), then opened, asked and exported in others.
The growth of a quantity is the slope of its logarithm over that of the size: 1 is linear, and
n log n between these sizes is 1.07. `python -m benchmarks growth --plot FILE` draws the curves.
"""

from __future__ import annotations

import math
import resource
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.timing import Quantity, in_new_process

SIZES = (100_000, 1_000_000, 10_000_000)
MOST_GROWTH = 1.15
MAIN = {
    "build, CPU": "s",
    "build, peak memory above the start": "MB",
    "export to Turtle, CPU": "s",
    "all flows of a pair, wall": "ms",
    "open, wall": "ms",
}
Runs = Mapping[int, Mapping[str, Sequence[float]]]


def measure(store: Path, repeat: int) -> list[Quantity]:
    """The quantities at each size and how they grow; `store` is not used."""
    return list(_told(run(min(repeat, 3))))


def run(repeat: int) -> Runs:
    """All runs by size and name."""
    return {size: _at(size, repeat if size < SIZES[-1] else 1) for size in SIZES}


def _at(size: int, repeat: int) -> Mapping[str, list[float]]:
    with tempfile.TemporaryDirectory() as folder:
        costs = []
        for number in range(repeat):
            place = f"{folder}/{number}"
            costs.append(in_new_process("benchmarks.growth:build", place, str(size)))
        opened = [in_new_process("benchmarks.growth:ask", place) for _ in range(5)]
        out = [in_new_process("benchmarks.growth:write", place) for _ in range(repeat)]
        found = _columns(costs) | _columns(opened[1:]) | _columns(out)
        if size == SIZES[1]:
            found |= _columns([in_new_process("benchmarks.growth:rdflib", place)])
    return found


def _columns(costs: Sequence[Mapping[str, float]]) -> dict[str, list[float]]:
    return {name: [cost[name] for cost in costs] for name in costs[0]}


def _told(runs: Runs) -> list[Quantity]:
    found = [
        Quantity(
            f"{size / 1e6:g} M triples: {name}", unit, runs[size][name], most=_most(size, name)
        )
        for size in SIZES
        for name, unit in MAIN.items()
    ]
    for name in ("build, CPU", "build, peak memory above the start", "export to Turtle, CPU"):
        found.append(Quantity(f"growth: {name}", "", [slope(runs, name)], most=MOST_GROWTH))
    middle = runs[SIZES[1]]
    theirs, name = middle["rdflib, memory above the start"], "build, peak memory above the start"
    ratio = statistics.median(middle[name]) / theirs[0]
    return [*found, Quantity("1 M triples: build / rdflib, memory", "×", [ratio], most=0.5)]


def _most(size: int, name: str) -> float | None:
    return 100 if (size, name) == (SIZES[-1], "open, wall") else None


def slope(runs: Runs, name: str) -> float:
    """How a quantity grows: least squares of its logarithm over that of the size."""
    x = [math.log(size) for size in runs]
    y = [math.log(statistics.median(runs[size][name])) for size in runs]
    return statistics.linear_regression(x, y).slope


def plot(quantities: Sequence[Quantity], path: Path) -> None:
    """Draw what `measure` found: each quantity over the size, both logarithmic."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.2), layout="constrained")
    for axes, (name, unit) in zip(figure.subplots(1, 3), list(MAIN.items())[:3], strict=True):
        ends = {f"{size / 1e6:g} M triples: {name}": size for size in SIZES}
        points = {ends[q.name]: q.median for q in quantities if q.name in ends}
        axes.loglog(list(points), list(points.values()), "o-", label="measured")
        first, value = min(points.items())
        line = [value * size * math.log(size) / (first * math.log(first)) for size in points]
        axes.loglog(list(points), line, ":", label="n log n")
        axes.set(title=f"{name} ({unit})", xlabel="triples")
    axes.legend()
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else {})


# ---- each of these runs in a process of its own


def build(folder: str, size: str) -> dict[str, float]:
    """From tables to columns and a settled store."""
    from benchmarks.workload import DAY, tables
    from geoties.graph.frames import write_frames
    from geoties.graph.store import bulk_load
    from geoties.graph.triples import write_graph

    place = Path(folder)
    made = tables(int(size))
    start, begun, wall = _peak(), time.process_time(), time.perf_counter()
    write_frames(place / "frames", made)
    files, count = write_graph(
        made.entities, made.ties, made.observations, made.coverage, place, DAY
    )
    bulk_load(place / "store", files)
    return {
        "build, CPU": time.process_time() - begun,
        "build, wall": time.perf_counter() - wall,
        "build, peak memory above the start": _peak() - start,
        "triples": float(count),
    }


def ask(folder: str) -> dict[str, float]:
    """Open the store and ask for the flows of one pair."""
    from geoties.graph.store import open_store, select

    begun = time.perf_counter()
    store = open_store(Path(folder) / "store")
    opened = time.perf_counter()
    query = """SELECT ?year ?value WHERE { ?tie gt:from from: ; gt:to to: ;
                 gt:year ?year ; gt:value ?value }"""
    base = "https://w3id.org/geoties/state/"
    rows = select(store, query, iris={"from": base + "X003", "to": base + "X007"}).rows
    assert rows
    done = time.perf_counter()
    return {
        "open, wall": (opened - begun) * 1000,
        "all flows of a pair, wall": (done - opened) * 1000,
    }


def write(folder: str) -> dict[str, float]:
    """Export everything as Turtle."""
    from benchmarks.workload import DAY
    from geoties.graph.exports.export import export
    from geoties.graph.frames import Frames

    begun = time.process_time()
    export(Path(folder) / "all.ttl", Frames(Path(folder) / "frames"), graph_date=DAY)
    return {"export to Turtle, CPU": time.process_time() - begun}


def rdflib(folder: str) -> dict[str, float]:
    """The memory that rdflib takes for the same triples, added term by term."""
    import pyoxigraph as ox
    from rdflib import Graph, Literal, URIRef

    graph, start = Graph(), _peak()
    for quad in ox.Store.read_only(f"{folder}/store"):
        if quad.graph_name != ox.DefaultGraph():
            continue
        value = quad.object
        other = (
            URIRef(value.value)
            if isinstance(value, ox.NamedNode)
            else Literal(value.value, datatype=URIRef(value.datatype.value))
        )
        graph.add((URIRef(quad.subject.value), URIRef(quad.predicate.value), other))
    return {"rdflib, memory above the start": _peak() - start}


def _peak() -> float:
    """Megabytes at the peak of this process; not those of the one that it was forked from."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return int(told["VmHWM"].split()[0]) / 1024
