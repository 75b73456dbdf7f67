"""Whole processes: what a light command costs beside the least that it could.

The least is a process that imports typer, rich and pyoxigraph and opens the store; the least that
answers also asks the store, in plain pyoxigraph, for the ties that `links PER CHN` tells.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.timing import Cost, Quantity, command_cost
from geoties.graph.snapshots import current

LEAST = "import sys, typer, rich, pyoxigraph; pyoxigraph.Store.read_only(sys.argv[1])"


def measure(store: Path, repeat: int) -> list[Quantity]:
    """Wall and CPU time of processes, run by turns."""
    geoties, opened = [sys.executable, "-m", "geoties"], str(current(store).folder / "store")
    commands = {
        "least": [sys.executable, "-c", LEAST, opened],
        "answering": [sys.executable, str(Path(__file__).with_name("least_links.py")), opened],
        "help": [*geoties, "--help"],
        "links": [*geoties, "links", "PER", "CHN", "--store", str(store)],
        "query": [*geoties, "query", "members-of-body", "--body", "APEC", "--store", str(store)],
    }
    runs = _by_turns(commands, max(repeat, 11))
    return [
        Quantity("geoties links PER CHN, wall", "s", _walls(runs["links"]), most=0.7),
        Quantity("geoties links / least, wall", "×", _ratios(runs, "links", "wall"), most=2),
        Quantity("geoties links / least, CPU", "×", _ratios(runs, "links", "cpu"), most=2),
        Quantity(
            "geoties links / least that answers, CPU",
            "×",
            _ratios(runs, "links", "cpu", beside="answering"),
            most=2,
        ),
        Quantity("geoties query members-of-body, wall", "s", _walls(runs["query"]), most=0.7),
        Quantity("geoties --help, wall", "s", _walls(runs["help"]), most=0.4),
        Quantity("least: imports and an open store, wall", "s", _walls(runs["least"])),
    ]


def _by_turns(commands: Mapping[str, Sequence[str]], repeat: int) -> dict[str, list[Cost]]:
    """The first turn warms the disk and is not counted."""
    runs: dict[str, list[Cost]] = {name: [] for name in commands}
    for turn in range(repeat + 1):
        for name, command in commands.items():
            cost = command_cost(command)
            if turn:
                runs[name].append(cost)
    return runs


def _walls(costs: Sequence[Cost]) -> list[float]:
    return [cost.wall for cost in costs]


def _ratios(
    runs: dict[str, list[Cost]], name: str, clock: str, beside: str = "least"
) -> list[float]:
    pairs = zip(runs[name], runs[beside], strict=True)
    return [getattr(mine, clock) / getattr(least, clock) for mine, least in pairs]
