"""Turtle of a million triples, written and read: geoties beside rdflib.

The tables have the shape of the real graph. Geoties writes from its columns, rdflib from a Graph
that is already in memory and has the same prefixes. Reading is from the file that geoties wrote,
into an in-memory store of each. Both give sorted Turtle with prefixes, and the part ends if ours
is not the same bytes each time or holds other triples than rdflib reads.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.timing import Quantity, in_new_process

TRIPLES = 1_000_000
LEAST = {"write": 30.0, "read": 10.0}


def measure(store: Path, repeat: int) -> list[Quantity]:
    """Ratios of both clocks, and the seconds behind them; `store` is not used."""
    with tempfile.TemporaryDirectory() as folder:
        in_new_process("benchmarks.export:prepare", folder)
        runs: dict[str, list[dict[str, float]]] = {name: [] for name in WORK}
        for _ in range(min(repeat, 3)):  # by turns, so that other work meets all alike
            for name, cost in runs.items():
                cost.append(in_new_process(f"benchmarks.export:{WORK[name]}", folder))
    _check(runs)
    return [
        *(_ratio(what, clock, runs) for clock in ("cpu", "wall") for what in LEAST),
        *(Quantity(f"{name} Turtle of a million triples, CPU", "s", [run["cpu"] for run in cost])
          for name, cost in runs.items()),
    ]  # fmt: skip


WORK = {
    "geoties: write": "ours_writes",
    "rdflib: write": "rdflib_writes",
    "geoties: read": "ours_reads",
    "rdflib: read": "rdflib_reads",
}


def _ratio(what: str, clock: str, runs: dict[str, list[dict[str, float]]]) -> Quantity:
    pairs = zip(runs[f"geoties: {what}"], runs[f"rdflib: {what}"], strict=True)
    ratios = [theirs[clock] / ours[clock] for ours, theirs in pairs]
    name = f"rdflib / geoties: {what} Turtle of a million triples, {clock}"
    return Quantity(name, "×", ratios, least=LEAST[what])


def _check(runs: dict[str, list[dict[str, float]]]) -> None:
    for what, names in (("bytes", ["geoties: write"]), ("triples", ["geoties: read", *WORK])):
        if len({run[what] for name in names for run in runs[name] if what in run}) != 1:
            sys.exit(f"the runs differ in their {what}.")


# ---- each of these runs in a process of its own


def prepare(folder: str) -> dict[str, float]:
    """Write the tables and one Turtle file of them."""
    from benchmarks.workload import tables
    from geoties.graph.frames import write_frames

    write_frames(Path(folder) / "frames", tables(TRIPLES))
    return ours_writes(folder, "ours.ttl")


def ours_writes(folder: str, name: str = "again.ttl") -> dict[str, float]:
    """From columns to Turtle; `bytes` is a checksum of the file."""
    import zlib

    from benchmarks.workload import DAY
    from geoties.graph.exports.export import export
    from geoties.graph.frames import Frames

    path, frames = Path(folder) / name, Frames(Path(folder) / "frames")
    cost = _timed(lambda: export(path, frames, graph_date=DAY))
    return cost | {"bytes": float(zlib.crc32(path.read_bytes()))}


def ours_reads(folder: str) -> dict[str, float]:
    """From Turtle to pyoxigraph's store."""
    import pyoxigraph as ox

    store, path = ox.Store(), f"{folder}/ours.ttl"
    cost = _timed(lambda: store.bulk_load(path=path, format=ox.RdfFormat.TURTLE))
    return cost | {"triples": float(len(store))}


def rdflib_reads(folder: str) -> dict[str, float]:
    """From Turtle to rdflib's memory."""
    import rdflib

    graph = rdflib.Graph()
    cost = _timed(lambda: graph.parse(f"{folder}/ours.ttl", format="turtle"))
    return cost | {"triples": float(len(graph))}


def rdflib_writes(folder: str) -> dict[str, float]:
    """From rdflib's memory to Turtle; what puts the triples there is not counted."""
    import pyoxigraph as ox
    import rdflib

    from geoties.graph.store import PREFIXES

    graph = rdflib.Graph()
    for prefix, iri in PREFIXES.items():
        graph.bind(prefix, iri)
    lines = ox.serialize(
        ox.parse(path=f"{folder}/ours.ttl", format=ox.RdfFormat.TURTLE),
        format=ox.RdfFormat.N_TRIPLES,
    )
    graph.parse(data=lines, format="nt")
    cost = _timed(lambda: graph.serialize(f"{folder}/theirs.ttl", format="turtle"))
    return cost | {"triples": float(len(graph))}


def _timed(work: Callable[[], Any]) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
