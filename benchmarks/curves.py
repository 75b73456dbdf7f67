"""How a quantity grows with the size of what it is measured on: fitted, and drawn."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.timing import Quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NO_WORSE = 1.15  # n log n from 0.1 to 10 million has a slope of 1.07
ACROSS = 3


def curve(
    name: str,
    unit: str,
    by: str,
    runs: Mapping[int, Sequence[float]],
    most: float | None = NO_WORSE,
) -> list[Quantity]:
    """The quantity at each size (`by` says of what), and how it grows, which is at most `most`."""
    told = f"{name} ({unit}) against {by}"
    points = [
        Quantity(f"{name} at {size:,} {by}", unit, times, curve=told, size=size)
        for size, times in runs.items()
    ]
    return [*points, Quantity(f"growth: {name} against {by}", "", [slope(runs)], most=most)]


def slope(runs: Mapping[int, Sequence[float]]) -> float:
    """Least squares of the logarithm of the medians over that of the size: 1 is linear.

    >>> round(slope({10: [2.0], 100: [20.0], 1000: [200.0]}), 6)
    1.0
    """
    x = [math.log(size) for size in runs]
    y = [math.log(statistics.median(times)) for times in runs.values()]
    return statistics.linear_regression(x, y).slope


def plot(quantities: Sequence[Quantity], path: Path) -> None:
    """Draw every curve among them: the medians over the size, both logarithmic."""
    from matplotlib.figure import Figure

    names = list(dict.fromkeys(q.curve for q in quantities if q.curve))
    rows = math.ceil(len(names) / ACROSS)
    figure = Figure(figsize=(3 * ACROSS, 2.6 * rows), layout="constrained")
    panels = figure.subplots(rows, ACROSS, squeeze=False).ravel()
    for axes, name in zip(panels, names, strict=False):
        _draw(axes, {q.size: q.median for q in quantities if q.curve == name and q.size})
        what, _, by = name.partition(" against ")
        axes.set_title(what, fontsize=9)
        axes.set_xlabel(by, fontsize=8)
    for axes in panels[len(names) :]:
        axes.axis("off")
    panels[0].legend(fontsize=8)
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else {})


def _draw(axes: Axes, points: Mapping[int, float]) -> None:
    axes.loglog(list(points), list(points.values()), "o-", label="measured")
    first, value = min(points.items())
    line = [value * size * math.log(size) / (first * math.log(first)) for size in points]
    axes.loglog(list(points), line, ":", label="n log n")
    axes.tick_params(labelsize=7)
