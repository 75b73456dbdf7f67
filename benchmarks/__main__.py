"""How fast geoties is, as ratios in one run: `python -m benchmarks [NAME …]`.

    python -m benchmarks                        # all of them, on the default graph
    python -m benchmarks start --repeat 21      # one
    python -m benchmarks --json now.json        # keep the numbers
    python -m benchmarks --compare before.json  # and set them beside earlier ones

A graph is built into a temporary folder unless `--store DIR` names one. Numbers of two machines
are never compared. Other scripts here, run by their path, time one thing each: `measures.py` the
measures of all pairs, `page.py` the page in Chromium.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import (
    adding,
    building,
    export,
    growth,
    library,
    measures,
    network,
    serving,
    starting,
)
from benchmarks.timing import Quantity, command_cost, machine, table

SUITE: dict[str, Callable[[Path, int], list[Quantity]]] = {
    "add": adding.measure,
    "build": building.measure,
    "export": export.quantities,
    "growth": growth.measure,
    "library": library.measure,
    "measures": measures.measure,
    "network": network.measure,
    "serving": serving.measure,
    "start": starting.measure,
}


def main(arguments: list[str]) -> int:
    """Measure what is asked for, print it, keep it, compare it."""
    asked = _parser().parse_args(arguments)
    earlier = _comparable(asked.compare) if asked.compare else {}
    with tempfile.TemporaryDirectory() as folder:
        store = asked.store or _built(Path(folder) / "store")
        found = [q for name in asked.names or SUITE for q in SUITE[name](store, asked.repeat)]
    print("\n".join(table(found, earlier)))
    if asked.plot:
        growth.plot(found, asked.plot)
    if asked.json:
        told = {"machine": machine(), "quantities": [quantity.to_json() for quantity in found]}
        asked.json.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Benchmarks.")
    parser.add_argument("names", nargs="*", choices=[*SUITE, []], help=", ".join(SUITE))
    parser.add_argument("--store", type=Path, help="a data directory with the default graph")
    parser.add_argument("--repeat", type=int, default=5, help="runs of each thing (medians told)")
    parser.add_argument("--json", type=Path, help="where to keep the numbers")
    parser.add_argument("--plot", type=Path, help="where to draw the curves of growth")
    parser.add_argument("--compare", type=Path, help="earlier numbers of this very machine")
    return parser


def _comparable(path: Path) -> dict[str, float]:
    """The medians of an earlier run; ends the program if another machine made them."""
    earlier = json.loads(path.read_text())
    if earlier["machine"] != machine():
        differing = [
            key for key, value in machine().items() if earlier["machine"].get(key) != value
        ]
        sys.exit(f"{path} is of another machine ({', '.join(differing)}): nothing to compare.")
    return {quantity["name"]: quantity["median"] for quantity in earlier["quantities"]}


def _built(store: Path) -> Path:
    command_cost([sys.executable, "-m", "geoties", "-q", "build", "--store", str(store)])
    return store


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
