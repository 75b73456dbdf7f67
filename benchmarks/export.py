"""How fast Turtle is written and read, against rdflib, on one graph in the shape of the real one.

    python benchmarks/export.py --triples 1000000 --repeat 3 --json export.json

Prints a table of medians and ratios and writes them as JSON. Both sides write the same graph to
the same disk: geoties from its columns, rdflib from a Graph that is already in memory. Reading is
from the file that geoties wrote into an in-memory store of each. CPU time is of this process.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyoxigraph as ox
import rdflib

from benchmarks.timing import Quantity
from geoties.graph.exports.export import export
from geoties.graph.frames import Frames, write_frames
from geoties.graph.model import Entity, Tables, tie_frame

DAY = "2026-02-01"
PER_FLOW = 7
STATES = 240


def flows(triples: int) -> Tables:
    """Goods trade between made-up states: nine in ten triples of the real graph are such."""
    count = triples // PER_FLOW
    chance = np.random.default_rng(7)
    place = np.arange(count)
    pair, year = place % (STATES * STATES), 2000 + place // (STATES * STATES)
    names = np.array([f"state/X{number:03d}" for number in range(STATES)])
    ties = pl.DataFrame(
        {
            "from": names[pair // STATES],
            "to": names[pair % STATES],
            "year": year,
            "value": np.round(1e6 + chance.lognormal(16, 2, count), 1),
        }
    )
    trade = tie_frame(ties, kind="goods-trade", source="source/made-up", unit="USD")
    states = [Entity(str(name), "state", {"en": f"State {name[7:]}"}) for name in names]
    return Tables.of([*states, Entity("source/made-up", "source", {"en": "Made up"})], trade)


def timed(work: Callable[[], Any], repeat: int) -> dict[str, Any]:
    """Wall and CPU seconds of each run, and the medians."""
    walls, cpus = [], []
    for _ in range(repeat):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return {
        "wall": statistics.median(walls),
        "cpu": statistics.median(cpus),
        "walls": walls,
        "cpus": cpus,
    }


def measure(triples: int, repeat: int, folder: Path) -> dict[str, dict[str, Any]]:
    """The runs of each task by name."""
    write_frames(folder / "frames", flows(triples))
    frames, path = Frames(folder / "frames"), folder / "ours.ttl"
    found = {"geoties writes": timed(lambda: export(path, frames, graph_date=DAY), repeat)}
    found["pyoxigraph reads"] = timed(lambda: _into_oxigraph(path), repeat)
    graph = rdflib.Graph()
    found["rdflib reads"] = timed(lambda: graph.parse(path, format="turtle"), 1)
    theirs = folder / "theirs.ttl"
    found["rdflib writes"] = timed(lambda: graph.serialize(theirs, format="turtle"), 1)
    found["triples"] = {"count": len(graph), "bytes": path.stat().st_size}
    return found


def _into_oxigraph(path: Path) -> None:
    ox.Store().bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)


def ratios(found: dict[str, dict[str, Any]], clock: str) -> dict[str, float]:
    """How many times faster than rdflib, by "wall" or by "cpu" time."""
    write = found["rdflib writes"][clock] / found["geoties writes"][clock]
    read = found["rdflib reads"][clock] / found["pyoxigraph reads"][clock]
    return {"write": round(write, 1), "read": round(read, 1)}


def machine() -> dict[str, str]:
    """What the numbers were measured on."""
    versions = {
        "polars": pl.__version__,
        "rdflib": rdflib.__version__,
        "pyoxigraph": ox.__version__,
    }
    return versions | {
        "python": platform.python_version(),
        "system": platform.platform(),
        "processor": platform.processor() or platform.machine(),
    }


def table(found: dict[str, dict[str, Any]]) -> Iterator[str]:
    """The results as lines to read."""
    yield f"{found['triples']['count']:,} triples, {found['triples']['bytes'] / 1e6:,.0f} MB"
    for name, runs in found.items():
        if "wall" in runs:
            spread = f"{min(runs['walls']):.2f}-{max(runs['walls']):.2f}"
            yield f"{name:18} {runs['wall']:8.2f} s  cpu {runs['cpu']:8.2f} s  ({spread})"
    for clock in ("wall", "cpu"):
        told = ratios(found, clock)
        yield f"faster than rdflib ({clock}): {told['write']} x to write, {told['read']} x to read"


def quantities(store: Path, repeat: int) -> list[Quantity]:
    """The same as ratios, for the suite; `store` is not used."""
    with tempfile.TemporaryDirectory() as name:
        found = measure(1_000_000, min(repeat, 3), Path(name))
    told = []
    for clock in ("cpu", "wall"):
        for what, ours, least in (
            ("writes", "geoties writes", 30.0),
            ("reads", "pyoxigraph reads", 10.0),
        ):
            theirs = found[f"rdflib {what}"][clock]
            runs = [theirs / run for run in found[ours][f"{clock}s"]]
            told.append(
                Quantity(f"rdflib {what} / {ours}, 1 M triples, {clock}", "×", runs, least=least)
            )
    return told


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3, help="runs of geoties and pyoxigraph")
    parser.add_argument("--json", type=Path, help="where to write the numbers")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        found = measure(asked.triples, asked.repeat, Path(name))
    print("\n".join(table(found)))
    if asked.json:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        result = {"machine": machine(), "runs": found, "peak_mb": peak}
        result["ratios"] = {clock: ratios(found, clock) for clock in ("wall", "cpu")}
        asked.json.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
