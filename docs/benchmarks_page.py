"""docs/benchmarks.md, and the table of growth in docs/scale.md, from the numbers that were kept."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
RECORDED = ROOT / "benchmarks" / "recorded" / "suite.json"
MODULES = {"add": "adding", "build": "building", "rdflib": "library_rdflib", "start": "starting"}
_GROWN = re.compile(r"(<!-- measured growth -->\n).*?(<!-- end -->)", re.DOTALL)
_HEAD = """# Benchmarks

`python -m benchmarks` builds the default graph into a temporary folder, measures everything as
ratios in one run, and prints medians with their spread and whether each target is kept. Name parts
to run only those: `python -m benchmarks build growth`. `--store DIR` takes a graph that is built.
`--json FILE` keeps the numbers (a part that is measured again takes the place of its earlier
numbers), `--compare FILE` sets them beside earlier ones, `--plot FILE` draws every curve of growth.
Numbers of another machine or of other versions are neither compared nor kept in the same file.

This page is made by `python docs/generate.py` from `benchmarks/recorded/suite.json`, which the
first command here has written; the whole takes about an hour on an idle machine.

```sh
python -m benchmarks --json benchmarks/recorded/suite.json --plot docs/pictures/growth.svg
python docs/generate.py
```

A load above the number of cores means that other work shared them: then trust ratios and CPU
time, not wall time. A target that was missed is recorded as it came.
"""


def benchmarks_page() -> str:
    """The machine, and a table for every part with its explanation."""
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    machine = ", ".join(f"{key} {value}" for key, value in recorded["machine"].items())
    parts = [_HEAD, f"## The machine\n\n{machine}.\n"]
    parts += ["\n".join(_part(name, told)) for name, told in sorted(recorded["parts"].items())]
    return "\n".join(parts)


def _part(name: str, told: dict[str, Any]) -> Iterator[str]:
    yield f"## {name.capitalize()}\n"
    yield f"{_about(name)}\n"
    yield f"Measured on {told['day']} at a load of {told['load']:.1f}.\n"
    yield "| what | median | spread | runs | target | |"
    yield "|---|---|---|---|---|---|"
    yield from map(_row, told["quantities"])
    yield ""


def _about(name: str) -> str:
    """The first line of what the part says of itself; the rest is beside the code."""
    path = ROOT / "benchmarks" / f"{MODULES.get(name, name)}.py"
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return f"{said.splitlines()[0]} How: `benchmarks/{path.name}`."


def _row(quantity: dict[str, Any]) -> str:
    runs, unit = quantity["runs"], quantity["unit"]
    spread = f"{_number(min(runs))}–{_number(max(runs))}" if len(runs) > 1 else ""
    median = f"{_number(quantity['median'])} {unit}".strip()
    return f"| {quantity['name']} | {median} | {spread} | {len(runs)} | {_target(quantity)} |"


def _target(quantity: dict[str, Any]) -> str:
    most, least, median = quantity["most"], quantity["least"], quantity["median"]
    if most is not None:
        return f"at most {most:g} | {'kept' if median <= most else '**missed**'}"
    if least is not None:
        return f"at least {least:g} | {'kept' if median >= least else '**missed**'}"
    return " |"


def _number(value: float) -> str:
    """Three digits that count: 0.0123, 1.23, 12.3, 12,345."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def scale_page() -> str:
    """docs/scale.md with its table of growth made anew; the rest is written by hand."""
    parts = json.loads(RECORDED.read_text(encoding="utf-8"))["parts"]
    page = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    if "growth" not in parts:  # not measured since: what was told before stays
        return page
    table = "\n".join(_growth(parts["growth"]))
    return _GROWN.sub(lambda found: f"{found[1]}{table}\n{found[2]}", page)


def _growth(part: dict[str, Any]) -> Iterator[str]:
    points = [q for q in part["quantities"] if q.get("curve")]
    slopes = {q["name"]: q["median"] for q in part["quantities"]}
    sizes = sorted({q["size"] for q in points})
    yield f"| triples | {' | '.join(f'{size:,}' for size in sizes)} | slope |"
    yield f"|---|{'---|' * (len(sizes) + 1)}"
    for curve in dict.fromkeys(q["curve"] for q in points):
        values = [_number(q["median"]) for q in points if q["curve"] == curve]
        name, _, by = curve.partition(" against ")
        slope = slopes[f"growth: {name.rpartition(' (')[0]} against {by}"]
        yield f"| {name} | {' | '.join(values)} | {slope:.2f} |"
    yield f"\nMeasured on {part['day']} at a load of {part['load']:.1f} on two cores."
