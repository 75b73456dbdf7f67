"""Runs of one quantity, processes and what they cost, and the machine they ran on."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
_COMPILED = Path(tempfile.gettempdir()) / "geoties-benchmarks-compiled"
LIBRARIES = ("networkx", "pandas", "polars", "pyoxigraph", "rdflib", "rich", "typer")


@dataclass(frozen=True)
class Quantity:
    """Something measured several times, and the most (or least) that it should be."""

    name: str
    unit: str
    runs: Sequence[float]
    most: float | None = None
    least: float | None = None
    curve: str = ""  # of which this is a point
    size: int = 0

    @property
    def median(self) -> float:
        """The middle of the runs."""
        return statistics.median(self.runs)

    def verdict(self) -> str:
        """Whether the median keeps to the target."""
        if self.most is not None:
            return f"{'kept' if self.median <= self.most else 'MISSED'}: at most {self.most:g}"
        if self.least is not None:
            return f"{'kept' if self.median >= self.least else 'MISSED'}: at least {self.least:g}"
        return ""

    def to_json(self) -> dict[str, Any]:
        """All that is known of it, for a file."""
        return {
            "name": self.name,
            "unit": self.unit,
            "median": self.median,
            "runs": list(self.runs),
            "most": self.most,
            "least": self.least,
            **({"curve": self.curve, "size": self.size} if self.curve else {}),
        }


@dataclass(frozen=True)
class Cost:
    """What a process took: wall seconds, CPU seconds, megabytes at its peak."""

    wall: float
    cpu: float
    peak_mb: float


def command_cost(command: Sequence[str]) -> Cost:
    """Run a command to its end and tell what it took, with all its threads."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=ROOT, env=_environment()
    )
    assert process.stderr
    said = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed: {said}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def in_new_process(function: str, *arguments: str) -> dict[str, float]:
    """What `module:function` returns when called in a process of its own."""
    module, name = function.split(":")
    code = (
        f"import json, sys; from {module} import {name} as work\n"
        "print(json.dumps(work(*sys.argv[1:])))"
    )
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=_environment())
    if done.returncode:
        sys.exit(f"{function} failed: {done.stderr}")
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return answer


def cpu_of(work: Callable[[], Any], repeat: int) -> tuple[list[float], Any]:
    """CPU seconds of each of some calls in this process, and what the last one gave."""
    times = []
    for _ in range(repeat):
        begun = time.process_time()
        value = work()
        times.append(time.process_time() - begun)
    return times, value


def _environment() -> dict[str, str]:
    """Code is compiled once, as where it is installed, into a folder outside the checkout."""
    kept = {key: text for key, text in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(_COMPILED)}


def machine() -> dict[str, str]:
    """What the numbers were measured on; only numbers of the same are compared."""
    libraries = {name: version(name) for name in LIBRARIES}
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "memory GB": str(round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)),
        "system": platform.system(),
        "python": platform.python_version(),
        **libraries,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":")[1].strip() for line in lines if "model name" in line), "unknown")


def lines(quantities: Sequence[Quantity], earlier: Mapping[str, float]) -> Iterator[str]:
    """Medians, spread and verdicts, one line each; with earlier medians where there are any."""
    width = max((len(quantity.name) for quantity in quantities), default=0)
    for quantity in quantities:
        spread = f"{min(quantity.runs):.3g}–{max(quantity.runs):.3g}"
        line = f"{quantity.name:{width}}  {quantity.median:8.3g} {quantity.unit:4}"
        line += f"  {spread:>15} of {len(quantity.runs):2}  {quantity.verdict()}"
        before = earlier.get(quantity.name)
        yield line + (f"  (was {before:.3g}, × {quantity.median / before:.2f})" if before else "")


def summary(quantities: Sequence[Quantity], failed: Sequence[str]) -> Iterator[str]:
    """How many targets are kept, which parts failed, the machine and its load."""
    verdicts = [verdict for quantity in quantities if (verdict := quantity.verdict())]
    kept = sum(verdict.startswith("kept") for verdict in verdicts)
    yield f"{kept} of {len(verdicts)} targets kept"
    if failed:
        yield f"not measured: {', '.join(failed)}"
    yield ", ".join(f"{key} {value}" for key, value in machine().items())
    load = os.getloadavg()[0]
    yield f"load {load:.1f}: with other work on the machine, trust ratios and CPU time only"
