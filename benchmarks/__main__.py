"""How fast geoties is, as ratios in one run: `python -m benchmarks [NAME …]`.

    python -m benchmarks                        # all of them, on the default graph
    python -m benchmarks start --repeat 21      # one
    python -m benchmarks --json now.json        # keep the numbers
    python -m benchmarks --compare before.json  # and set them beside earlier ones

A graph is built into a temporary folder unless `--store DIR` names one. Each part is told when it
is done, and the numbers so far are kept; a part that cannot run, or whose two sides do not give the
same values, says why and the others go on. Numbers of two machines are never compared.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import (
    adding,
    building,
    curves,
    export,
    floors,
    growth,
    library,
    library_rdflib,
    measures,
    network,
    page,
    serving,
    starting,
)
from benchmarks.timing import Quantity, command_cost, lines, machine, summary

SUITE: dict[str, Callable[[Path, int], list[Quantity]]] = {
    "add": adding.measure,
    "build": building.measure,
    "export": export.measure,
    "floors": floors.measure,
    "growth": growth.measure,
    "library": library.measure,
    "measures": measures.measure,
    "network": network.measure,
    "page": page.measure,
    "rdflib": library_rdflib.measure,
    "serving": serving.measure,
    "start": starting.measure,
}

Part = dict[str, Any]  # day, load and quantities, as in the file


def main(arguments: list[str]) -> int:
    """Measure what is asked for, print it, keep it, compare it."""
    asked = _parser().parse_args(arguments)
    before = _of_this_machine(asked.compare) if asked.compare else {}
    earlier = {q["name"]: q["median"] for part in before.values() for q in part["quantities"]}
    kept = _of_this_machine(asked.json) if asked.json and asked.json.exists() else {}
    parts: dict[str, list[Quantity]] = {}
    with tempfile.TemporaryDirectory() as folder:
        store = asked.store or _built(Path(folder) / "store")
        for name in asked.names or SUITE:
            if not (part := _measured(name, store, asked.repeat)):
                continue
            parts[name] = part
            print("\n".join(lines(part, earlier)), flush=True)
            kept[name] = _told(part)
            if asked.json:
                _keep(kept, asked.json)
    found = [quantity for part in parts.values() for quantity in part]
    failed = [name for name in asked.names or SUITE if name not in parts]
    print("\n".join(summary(found, failed)))
    if asked.plot:
        curves.plot(found, asked.plot)
    return 1 if failed else 0


def _measured(name: str, store: Path, repeat: int) -> list[Quantity]:
    """The quantities of a part; none, and why, where it cannot run."""
    try:
        return SUITE[name](store, repeat)
    except SystemExit as why:
        print(f"{name}: {why}", file=sys.stderr)
        return []


def _told(part: list[Quantity]) -> Part:
    day = dt.datetime.now(dt.UTC).date().isoformat()
    quantities = [quantity.to_json() for quantity in part]
    return {"day": day, "load": round(os.getloadavg()[1], 1), "quantities": quantities}


def _keep(parts: dict[str, Part], path: Path) -> None:
    told = {"machine": machine(), "parts": dict(sorted(parts.items()))}
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Benchmarks.")
    parser.add_argument("names", nargs="*", choices=[*SUITE, []], help=", ".join(SUITE))
    parser.add_argument("--store", type=Path, help="a data directory with the default graph")
    parser.add_argument("--repeat", type=int, default=5, help="runs of each thing (medians told)")
    parser.add_argument(
        "--json", type=Path, help="where to keep the numbers, beside those of other parts"
    )
    parser.add_argument("--plot", type=Path, help="where to draw the curves of growth")
    parser.add_argument("--compare", type=Path, help="earlier numbers of this very machine")
    return parser


def _of_this_machine(path: Path) -> dict[str, Part]:
    """The parts of an earlier run; ends the program if another machine made them."""
    earlier = json.loads(path.read_text())
    differing = [k for k, value in machine().items() if earlier["machine"].get(k) != value]
    if differing:
        sys.exit(f"{path} is of another machine ({', '.join(differing)}): nothing to compare.")
    parts: dict[str, Part] = earlier["parts"]
    return parts


def _built(store: Path) -> Path:
    command_cost([sys.executable, "-m", "geoties", "-q", "build", "--store", str(store)])
    return store


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
