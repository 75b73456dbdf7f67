"""Time and memory against size: 0.1, 1 and 10 million triples in the shape of the real graph.

Each size is built in a process of its own, from checked tables to a store that has settled
(compacted; before that it answers many times slower), then opened, asked and exported in others.
"""

from __future__ import annotations

import resource
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.curves import curve
from benchmarks.timing import Quantity, in_new_process

SIZES = (100_000, 1_000_000, 10_000_000)
BUILD, OPEN = "build, peak memory above the start", "open, wall"
MAIN = {
    "build, CPU": "s",
    BUILD: "MB",
    "write Turtle, CPU": "s",
    "write Turtle, peak memory above the start": "MB",
    "read Turtle, CPU": "s",
    OPEN: "ms",
    "flows of a pair just after opening, wall": "ms",
    "flows of a pair again, wall": "ms",
}
Runs = Mapping[int, Mapping[str, Sequence[float]]]


def measure(store: Path, repeat: int) -> list[Quantity]:
    """The quantities at each size and how they grow; `store` is not used."""
    repeat = min(repeat, 3)
    runs = {size: _at(size, repeat if size < SIZES[-1] else 1) for size in SIZES}
    told = [
        quantity
        for name, unit in MAIN.items()
        for quantity in curve(name, unit, "triples", {size: runs[size][name] for size in SIZES})
    ]
    theirs, most = runs[SIZES[1]]["rdflib, memory"], runs[SIZES[-1]][OPEN]
    ratio = statistics.median(runs[SIZES[1]][BUILD]) / theirs[0]
    return [
        *told,
        Quantity("build / rdflib, memory at 1,000,000 triples", "×", [ratio], most=0.5),
        Quantity("open a settled store of 10,000,000 triples, wall", "ms", most, most=100),
    ]


def _at(size: int, repeat: int) -> Mapping[str, list[float]]:
    with tempfile.TemporaryDirectory() as folder:
        costs = []
        for number in range(repeat):
            place = f"{folder}/{number}"
            costs.append(in_new_process("benchmarks.growth:build", place, str(size)))
        opened = [in_new_process("benchmarks.growth:ask", place) for _ in range(5)]
        out = [in_new_process("benchmarks.growth:write", place) for _ in range(repeat)]
        back = [in_new_process("benchmarks.growth:read", place) for _ in range(repeat)]
        found = _columns(costs) | _columns(opened[1:]) | _columns(out) | _columns(back)
        if size == SIZES[1]:
            found |= _columns([in_new_process("benchmarks.growth:rdflib", place)])
    return found


def _columns(costs: Sequence[Mapping[str, float]]) -> dict[str, list[float]]:
    return {name: [cost[name] for cost in costs] for name in costs[0]}


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
        BUILD: _peak() - start,
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
    select(store, query, iris={"from": base + "X003", "to": base + "X007"})
    again = time.perf_counter()
    return {
        OPEN: (opened - begun) * 1000,
        "flows of a pair just after opening, wall": (done - opened) * 1000,
        "flows of a pair again, wall": (again - done) * 1000,
    }


def write(folder: str) -> dict[str, float]:
    """Export everything as Turtle."""
    from benchmarks.workload import DAY
    from geoties.graph.exports.export import export
    from geoties.graph.frames import Frames

    start, begun = _peak(), time.process_time()
    export(Path(folder) / "all.ttl", Frames(Path(folder) / "frames"), graph_date=DAY)
    return {
        "write Turtle, CPU": time.process_time() - begun,
        "write Turtle, peak memory above the start": _peak() - start,
    }


def read(folder: str) -> dict[str, float]:
    """Read that file into a store in memory."""
    import pyoxigraph as ox

    begun, store = time.process_time(), ox.Store()
    store.bulk_load(path=f"{folder}/all.ttl", format=ox.RdfFormat.TURTLE)
    return {"read Turtle, CPU": time.process_time() - begun}


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
    return {"rdflib, memory": _peak() - start}


def _peak() -> float:
    """Megabytes at the peak of this process; not those of the one that it was forked from."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return int(told["VmHWM"].split()[0]) / 1024
