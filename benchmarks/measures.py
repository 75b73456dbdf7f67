"""Dependency of all pairs in all years of the embedded goods trade: CPU seconds, median of three.

    python benchmarks/measures.py

The target is 3 seconds for everything together.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

import geoties.loaders
from geoties.graph.measures import dependency
from geoties.graph.measures.trade import trade_dyads
from geoties.loaders.embedded import read_embedded

DATA = Path(geoties.loaders.__file__).parent / "data"
FORMULAS: tuple[Callable[[pl.DataFrame], pl.DataFrame], ...] = (
    dependency.export_share,
    dependency.import_share,
    dependency.trade_share,
    dependency.trade_dependence,
    dependency.weak_link,
    dependency.asymmetry,
    dependency.salience,
    dependency.symmetry,
    dependency.interdependence,
)


def main() -> None:
    """Measure and print."""
    trade, bank = read_embedded(DATA / "baci"), read_embedded(DATA / "world_bank")
    gdp = bank.observations.filter(pl.col("indicator") == "gdp")
    times = []
    for _ in range(3):
        begun = time.process_time()
        dyads = trade_dyads(trade.ties, trade.coverage, gdp)
        for formula in FORMULAS:
            formula(dyads)
        times.append(time.process_time() - begun)
    years = trade.ties["year"].n_unique()
    print(f"{len(FORMULAS)} measures, {dyads.height:,} pairs in {years} years with data:")
    print(f"{statistics.median(times):.2f} s of CPU (target 3)")


if __name__ == "__main__":
    main()
