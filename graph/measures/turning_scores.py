"""Card and answers of the year in which one partner overtook another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from geoties.graph.measures.card import Card, Measure, Reference
from geoties.graph.measures.dependency_scores import Trade
from geoties.graph.measures.domains import states_of
from geoties.graph.measures.inputs import Cut, Frames
from geoties.graph.measures.places import Places
from geoties.graph.measures.turning import turning_years, years_without
from geoties.graph.model import UserError, short_id


def turning(frames: Frames, cut: Cut) -> pl.DataFrame:
    """The year in which the first pole overtook the second as a trade partner of each state."""
    series, trade = _series(frames, cut)
    found = turning_years(series, cut.whole("k", 3, least=1))
    span = list(range(min(trade.years), max(trade.years) + 1))
    skipped = years_without(series, span)
    first, second = (short_id(pole) for pole in cut.poles)
    flow = cut.option("flow", "trade")
    rows = [
        {"of": row["of"], "with": "", "value": row["value"], "year": row["value"],
         "basis": _turn_text(row, flow, first, second, skipped.get(row["of"], [])),
         "reason": f"{first} was {row['reason']}" if row["reason"] else ""}
        for row in found.to_dicts()
    ]  # fmt: skip
    asked = cut.of or tuple(series["of"].unique())
    rows += [
        {"of": state, "with": "", "reason": f"no {flow} of {short_id(state)} with both is known"}
        for state in asked
        if state not in set(found["of"])
    ]
    source = "; ".join(sorted(series["source"].unique()))
    schema = {"of": pl.String, "with": pl.String, "value": pl.Float64, "year": pl.Int32,
              "basis": pl.String, "reason": pl.String}  # fmt: skip
    return pl.DataFrame(rows, schema=schema).with_columns(source=pl.lit(source))


def _turn_text(
    row: Mapping[str, Any], flow: str, first: str, second: str, skipped: Sequence[int]
) -> str:
    parts = [f"{flow} with {first} against {second}"]
    if row["margin"] is not None:
        parts.append(f"ahead by {100 * row['margin']:.1f} % in that year")
    if row["behind_again"]:
        parts.append(f"behind again in {row['behind_again']}")
    if skipped:
        parts.append(f"no data for {', '.join(map(str, skipped))}")
    return "; ".join(parts)


def _series(frames: Frames, cut: Cut) -> tuple[pl.DataFrame, Trade]:
    """The flow of each state with the two poles, year by year."""
    flow = cut.option("flow", "trade")
    if flow not in ("exports", "imports", "trade"):
        raise UserError(f'flow is "exports", "imports" or "trade", not {flow!r}.')
    places = Places.of(frames)
    states = cut.of or tuple(s for s in states_of(places) if s not in cut.poles)
    asked = Cut(of=states, with_=cut.poles, years=cut.years)
    trade = Trade(frames, asked, "nobody", gdp=False)
    dyads = pl.concat([trade.dyads(*units) for units in trade.units()])
    value = pl.when(~pl.col(f"{flow}_gap")).then(flow)
    sides = [
        dyads.filter(pl.col("with") == pole).select("of", "year", "source", value.alias(name))
        for pole, name in zip(cut.poles, ("first", "second"), strict=True)
    ]
    both = sides[0].join(sides[1], on=["of", "year", "source"])
    # of two releases for one year the later one, by name, speaks
    return both.sort("of", "year", "source").unique(["of", "year"], keep="last"), trade


def explain_turning(frames: Frames, cut: Cut) -> pl.DataFrame:
    """The flow with both partners in every year with data; the turning year is the score."""
    series, _ = _series(frames, cut)
    found = turning_years(series, cut.whole("k", 3, least=1))["value"]
    rows = [
        {"part": f"{cut.option('flow', 'trade')} with {short_id(pole)}", "from": row["of"],
         "to": pole, "year": row["year"], "value": row[side], "unit": "USD",
         "source": row["source"]}
        for row in series.sort("year").to_dicts()
        for pole, side in zip(cut.poles, ("first", "second"), strict=True)
    ]  # fmt: skip
    if found.len() and found[0] is not None:
        rows.append({"part": "turning year", "from": cut.of[0], "year": found[0],
                     "value": float(found[0]), "contribution": float(found[0])})  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


MEASURES = (
    Measure(
        Card(
            id="turning-year",
            references=(
                Reference(
                    "a partner that doubles from 2009 and stays ahead",
                    "turned(lambda year: 2 if year >= 2009 else 1, lambda year: 1.5, 3)",
                    "2009",
                ),
                Reference(
                    "trade of Brazil: China ahead of the United States",
                    'measured("turning-year", of="BRA")',
                    "2009",
                ),
            ),
            name="Year in which the first pole overtook the second and stayed ahead",
            family="position",
            formula="first year with data in which the flow with the first pole is above that "
            "with the second, after one in which it was not, and stays so for k years with data",
            citation="project's own definition",
            inputs="goods trade (CEPII BACI to 2020 and 202501, FOB, current USD)",
            unit="year",
            range="the years of the data",
            high_means="The turn came late; no value: there was none, and the reason says which.",
            assumptions=("Years without data are skipped and named.",),
            criticisms=("A single good year of a raw material can make or delay a turn; raise k.",),
            takes=("of", "years", "poles"),
            options={"k": "3", "flow": "trade (default), exports or imports"},
            kinds=("goods-trade",),
        ),
        turning,
        explain_turning,
    ),
)
