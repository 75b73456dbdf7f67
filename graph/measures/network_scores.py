"""The place of a state in a network of ties: from a question to the network, and to the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from geoties.graph.measures.communities import louvain
from geoties.graph.measures.coverage import Declared
from geoties.graph.measures.inputs import Cut, Frames, names_in, years_within
from geoties.graph.measures.matrix import Network, NoTies, kind_named, network_of
from geoties.graph.measures.places import Places
from geoties.graph.model import UserError, short_id

Vector = NDArray[np.float64]
DAMPING = 0.85


@dataclass(frozen=True)
class Setting:
    """A network at a moment, with the question that cut it out."""

    frames: Frames
    cut: Cut
    year: int
    day: str

    @cached_property
    def network(self) -> Network:
        """The cut of the graph; raises `UserError` where no tie is left in it."""
        return network_of(
            self.frames, self.year, self.day, kinds_=kinds_of(self.cut),
            weight=self.cut.option("weight", "value"), minimum=self.number("minimum", 0.0),
            nodes=self.cut.region,
        )  # fmt: skip

    @cached_property
    def places(self) -> Places:
        """Who the entities are."""
        return Places.of(self.frames)

    def number(self, name: str, default: float) -> float:
        """One of the measure's own options that is a number."""
        value = self.cut.option(name, default)
        try:
            return float(value)
        except (TypeError, ValueError):
            raise UserError(f"{name} is a number, not {value!r}.") from None

    def direction(self) -> str:
        """Which ties of a state count: in, out or all."""
        direction = self.cut.option("direction", "all")
        if direction not in ("in", "out", "all"):
            raise UserError(f'direction is "in", "out" or "all", not {direction!r}.')
        return str(direction) if self.network.directed else "out"

    def groups(self) -> list[NDArray[np.bool_]]:
        """Which nodes belong to each of the two poles; raises `UserError` where one is in both."""
        sides = []
        for pole in self.cut.poles:
            grouped = self.places.is_group(pole)
            inside = self.places.members(pole, [self.year])["entity"] if grouped else [pole]
            sides.append(np.isin(self.network.nodes, list(inside)))
        if (sides[0] & sides[1]).any():
            both = short_id(self.network.nodes[int(np.argmax(sides[0] & sides[1]))])
            raise UserError(f"{both} belongs to both groups; give two that do not overlap.")
        return sides


Score = Callable[[Setting], Sequence[float] | Vector]


def compute(score: Score, unit: str, frames: Frames, cut: Cut) -> pl.DataFrame:
    """The score of every node of the network, on each date or in each year asked for."""
    return answered(frames, cut, lambda setting: _scored(setting, score(setting), unit))


def answered(frames: Frames, cut: Cut, answer: Callable[[Setting], pl.DataFrame]) -> pl.DataFrame:
    """The answer at each moment; the reason in a year without ties among years with some."""
    found: list[pl.DataFrame] = []
    without: list[pl.DataFrame] = []
    asked = settings(frames, cut)
    for setting in asked:
        try:
            found.append(answer(setting))
        except NoTies:
            if len(without) == len(asked) - 1:
                raise  # none in any year
            without.append(_nothing(setting))
    return pl.concat([*found, *without], how="diagonal_relaxed")


def kinds_of(cut: Cut) -> list[str]:
    """The kinds of tie asked for."""
    return names_in(cut.option("kinds", None)) or ["goods-trade"]


def settings(frames: Frames, cut: Cut) -> list[Setting]:
    """The years asked for, the date, or the last year with data.

    On a date, a yearly kind speaks of the last year up to it with data.
    """
    yearly = [kind for kind in kinds_of(cut) if kind_named(kind).temporality == "yearly"]
    years = [frames.ties(kind)["year"].drop_nulls().unique() for kind in yearly]
    have = sorted({year for known in years for year in known})
    if cut.on:
        before = [year for year in have if year <= int(cut.on[:4])]
        if yearly and not before:
            raise UserError(f"There is no {', '.join(yearly)} up to {cut.on}.")
        return [Setting(frames, cut, before[-1] if before else int(cut.on[:4]), cut.on)]
    if not (yearly or cut.years):
        raise UserError("Say when: a date (on) or years; these ties are not yearly.")
    asked = list(cut.years)
    if yearly:
        asked = years_within(cut.years, have, f"ties of the kind {', '.join(yearly)}")
    return [
        Setting(frames, cut, year, f"{year}-12-31") for year in (asked if cut.years else asked[-1:])
    ]


def basis_of(setting: Setting) -> str:
    """What the network was made of, and to whom its sources limit what they cover."""
    network, declared = setting.network, Declared.of(setting.frames)
    ties = int((network.weights > 0).sum()) // (1 if network.directed else 2)
    when = setting.day if setting.cut.on else setting.year
    asked = kinds_of(setting.cut)
    limits = {kind: declared.places(kind, setting.year) for kind in asked}
    poles = f"between {' and '.join(map(short_id, setting.cut.poles))}: " * bool(setting.cut.poles)
    cut = f"{poles}{', '.join(asked)}, {when}: {len(network.nodes)} states, {ties} ties"
    return cut + "".join(
        f"; {kind} covered only for {', '.join(map(short_id, places))}"
        for kind, places in limits.items()
        if places
    )


def _scored(setting: Setting, values: Sequence[float] | Vector, unit: str) -> pl.DataFrame:
    """A row for each node, and one with the reason for each state asked for that is none."""
    network, cut = setting.network, setting.cut
    rows = pl.DataFrame({"of": network.nodes, "value": np.asarray(values, dtype=np.float64)})
    rows = rows.with_columns(
        pl.lit("").alias("with"), unit=pl.lit(unit or network.unit or "ties"),
        basis=pl.lit(basis_of(setting)), source=pl.lit(network.source),
        year=pl.lit(setting.year, pl.Int32),
    )  # fmt: skip
    chosen = rows.filter(pl.col("of").is_in(list(cut.of))) if cut.of else rows
    absent = tuple(state for state in cut.of if state not in network.nodes)
    return pl.concat([chosen, _without(absent, setting, "no tie in this network")], how="diagonal")


def _nothing(setting: Setting) -> pl.DataFrame:
    reason = f"no {', '.join(kinds_of(setting.cut))} in this cut for {setting.year}"
    return _without(setting.cut.of or ("",), setting, reason)


def _without(states: Sequence[str], setting: Setting, reason: str) -> pl.DataFrame:
    rows = pl.DataFrame({"of": states}, schema={"of": pl.String})
    return rows.with_columns(
        pl.lit("").alias("with"), year=pl.lit(setting.year, pl.Int32), reason=pl.lit(reason)
    )


def communities(setting: Setting) -> list[int]:
    """The number of the community of every node."""
    seed, resolution = setting.cut.whole("seed", 0), setting.number("resolution", 1.0)
    if not resolution > 0:
        raise UserError(f"resolution is a number above 0, not {resolution!r}.")
    return louvain(setting.network, seed=seed, resolution=resolution)


def cores(setting: Setting) -> list[float]:
    """The core number of every node."""
    import networkx as nx

    found = nx.core_number(setting.network.graph(directed=False))
    return [float(found[node]) for node in setting.network.nodes]
