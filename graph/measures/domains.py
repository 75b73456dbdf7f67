"""The domains of the balance between two poles: what a state has with each of them.

A domain gives rows ``of, year, first, second, source``: the stated indicator with the first and
with the second pole. Which domains count for a state is a matter of coverage.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from geoties.graph.measures.dependency_scores import Trade, releases
from geoties.graph.measures.holdings import holdings_on, shared_on
from geoties.graph.measures.ideal_points import points_of
from geoties.graph.measures.inputs import Cut, Frames
from geoties.graph.measures.places import STATES, Places

SCHEMA = {
    "of": pl.String,
    "year": pl.Int32,
    "first": pl.Float64,
    "second": pl.Float64,
    "source": pl.String,
}


@dataclass(frozen=True)
class Question:
    """The states, years and poles of a balance."""

    frames: Frames
    places: Places
    states: tuple[str, ...]
    years: tuple[int, ...]
    poles: tuple[str, ...]

    def pole_in(self, pole: str, year: int) -> set[str]:
        """A state itself, or a bloc with its members in a year."""
        if not self.places.is_group(pole):
            return {pole}
        return {pole, *self.places.members(pole, [year])["entity"]}

    def pole_by_year(self, pole: str) -> pl.DataFrame:
        """Who a pole is in each year: ``entity, year``."""
        rows = [(who, year) for year in self.years for who in sorted(self.pole_in(pole, year))]
        schema = {"entity": pl.String, "year": pl.Int32}
        return pl.DataFrame(rows, schema=schema, orient="row")


@dataclass(frozen=True)
class Domain:
    """One domain: what is counted, in which unit, from which kind of tie (or indicator)."""

    name: str
    kind: str
    indicator: str
    unit: str
    rows: Callable[[Question], pl.DataFrame]


def _trade(question: Question) -> pl.DataFrame:
    """Goods trade in both directions, null where a part is unknown."""
    have = set(releases(question.frames)["year"])
    years = tuple(year for year in question.years if year in have)
    if not years:
        return pl.DataFrame(schema=SCHEMA)
    cut = Cut(of=question.states, with_=question.poles, years=years)
    trade = Trade(question.frames, cut, "nobody", gdp=False)
    dyads = pl.concat([trade.dyads(*units) for units in trade.units()])
    value = pl.when(~pl.col("trade_gap")).then("trade")
    sides = [
        dyads.filter(pl.col("with") == pole).select("of", "year", "source", value.alias(name))
        for pole, name in zip(question.poles, ("first", "second"), strict=True)
    ]
    return sides[0].join(sides[1], on=["of", "year", "source"]).select(list(SCHEMA))


def _shared(kind: str) -> Callable[[Question], pl.DataFrame]:
    """How many bodies or agreements a state shares with each pole at the end of the year."""

    def rows(question: Question) -> pl.DataFrame:
        last = question.frames.ties(kind)["observed_to"].max()
        known = [year for year in question.years if isinstance(last, str) and str(year) <= last[:4]]
        years = [
            _shared_in(question, kind, year, min(f"{year}-12-31", str(last))) for year in known
        ]
        return pl.concat([pl.DataFrame(schema=SCHEMA), *years])

    return rows


def _shared_in(question: Question, kind: str, year: int, day: str) -> pl.DataFrame:
    held = holdings_on(question.frames, kind, day)
    poles = [question.pole_in(pole, year) for pole in question.poles]
    ends = [*question.states, *poles[0], *poles[1]]
    source = "; ".join(sorted(held["source"].unique()))
    held = held.filter(pl.col("entity").is_in(ends))
    shared = shared_on(question.frames, kind, day, held)
    counts = pl.DataFrame({"of": list(question.states)}, schema={"of": pl.String})
    for members, name in zip(poles, ("first", "second"), strict=True):
        with_pole = shared.filter(pl.col("with").is_in(list(members)))
        number = with_pole.group_by("of").agg(
            pl.col("item").n_unique().cast(pl.Float64).alias(name)
        )
        counts = counts.join(number, on="of", how="left")
    return counts.with_columns(
        pl.col("first", "second").fill_null(0.0), year=pl.lit(year, pl.Int32), source=pl.lit(source)
    ).select(list(SCHEMA))


def _votes(question: Question) -> pl.DataFrame:
    """Ideal points: the distance to the other pole counts for a pole."""
    points = points_of(question.frames).filter(pl.col("year").is_in(list(question.years)))
    own = points.filter(pl.col("entity").is_in(list(question.states)))
    rows = own.select(pl.col("entity").alias("of"), "year", "source", theta="value")
    for pole, name in zip(question.poles, ("one", "other"), strict=True):
        mean = points.join(question.pole_by_year(pole), on=["entity", "year"]).group_by(
            "year", "source"
        )
        rows = rows.join(mean.agg(pl.col("value").mean().alias(name)), on=["year", "source"])
    return rows.select(
        "of", "year", (pl.col("theta") - pl.col("other")).abs().alias("first"),
        (pl.col("theta") - pl.col("one")).abs().alias("second"), "source",
    )  # fmt: skip


def _received(kind: str) -> Callable[[Question], pl.DataFrame]:
    """Amounts that came from each pole in the year."""
    return lambda question: _events(question, kind, pl.col("value").sum())


def _visits(question: Question) -> pl.DataFrame:
    """Visits between the state and each pole in the year, in both directions."""
    return _events(question, "visit", pl.len().cast(pl.Float64))


def _events(question: Question, kind: str, count: pl.Expr) -> pl.DataFrame:
    ties = question.frames.ties(kind)
    dated = pl.coalesce("year", pl.col("start").str.slice(0, 4).cast(pl.Int32, strict=False))
    ends = [ties.select("value", "source", of="to", pole="from", year=dated)]
    if kind == "visit":
        ends.append(ties.select("value", "source", of="from", pole="to", year=dated))
    both = pl.concat(ends).filter(pl.col("of").is_in(list(question.states)))
    grid = pl.DataFrame({"of": list(question.states)}, schema={"of": pl.String}).join(
        pl.DataFrame({"year": list(question.years)}, schema={"year": pl.Int32}), how="cross"
    )
    for pole, name in zip(question.poles, ("first", "second"), strict=True):
        found = both.join(question.pole_by_year(pole).rename({"entity": "pole"}),
                          on=["pole", "year"], how="semi")  # fmt: skip
        grid = grid.join(
            found.group_by("of", "year").agg(count.alias(name)), on=["of", "year"], how="left"
        )
    source = "; ".join(sorted(ties["source"].unique()))
    return grid.with_columns(
        pl.col("first", "second").fill_null(0.0), source=pl.lit(source)
    ).select(list(SCHEMA))


DOMAINS: Mapping[str, Domain] = {
    domain.name: domain
    for domain in (
        Domain("trade", "goods-trade", "goods trade in both directions", "USD", _trade),
        Domain("agreements", "agreement-party", "agreements in force shared", "agreements",
               _shared("agreement-party")),
        Domain("bodies", "membership", "bodies and initiatives shared", "bodies",
               _shared("membership")),
        Domain("votes", "ideal-point", "distance of ideal points from the other pole",
               "ideal point", _votes),
        Domain("finance", "project-finance", "project finance received", "USD of 2021",
               _received("project-finance")),
        Domain("visits", "visit", "visits of leaders", "visits", _visits),
        Domain("security", "alliance", "alliances shared", "alliances", _shared("alliance")),
    )
}  # fmt: skip


def states_of(places: Places) -> tuple[str, ...]:
    """Every state and territory of the graph."""
    return tuple(sorted(e for e, kind in places.kinds.items() if kind in STATES[:2]))
