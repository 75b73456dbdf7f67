"""All the measures: their cards, and the one way to compute and to explain any of them.

A measure is found where it stands: every module of this package that has ``MEASURES``.
"""

from __future__ import annotations

import difflib
import pkgutil
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from types import MappingProxyType
from typing import Any

import polars as pl

from geoties.graph import measures as package
from geoties.graph.measures.card import Card, Measure
from geoties.graph.measures.continuity import Joined
from geoties.graph.measures.inputs import (
    Cut,
    Frames,
    Names,
    Weights,
    Years,
    names_in,
    weights_in,
    years_in,
)
from geoties.graph.measures.places import Places
from geoties.graph.measures.result import explained, tidy
from geoties.graph.model import UserError, day_asked


@lru_cache(maxsize=1)
def measures() -> Mapping[str, Measure]:
    """Every measure by its id, sorted by family and id."""
    found: list[Measure] = []
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        found.extend(getattr(import_module(f"{package.__name__}.{module}"), "MEASURES", ()))
    found.sort(key=lambda measure: (measure.card.family, measure.card.id))
    return MappingProxyType({measure.card.id: measure for measure in found})


def cards() -> Mapping[str, Card]:
    """The card of every measure by its id."""
    return MappingProxyType({name: measure.card for name, measure in measures().items()})


def compute(
    name: str,
    frames: Frames,
    *,
    of: Names = None,
    with_: Names = None,
    years: Years = None,
    region: str = "",
    poles: Names = None,
    issue: str = "",
    weights: Weights = None,
    on: str = "",
    **options: Any,
) -> pl.DataFrame:
    """One measure on the tables of a graph, as a tidy frame.

    Args:
        name: The id of the measure, such as ``trade-dependence``.
        frames: The columnar tables of a graph.
        of: States measured: ids, codes or names; with ``region``, those of a region.
        with_: Their partners; all if omitted. A region or bloc is taken as one partner.
        years: Years, such as ``2000-2023``; all with data if omitted.
        region: The states of a region, in place of ``of``; for ranks and networks, the states
            within which those of ``of`` are seen.
        poles: Two states or blocs, the first at 0 and the second at 100.
        issue: Only roll calls on this issue.
        weights: Weight of each domain of the balance, such as ``trade=2``.
        on: A date, for measures of what is in force.
        options: The measure's own options, as its card names them; and for all of them
            ``joined=True``: a historical state counts as the state that continues it (the
            USSR as Russia), which the basis says.

    Returns:
        ``measure, of, with, year, value, unit, low, high, basis, reason, source``. A row
        without a value says why in ``reason``; ``low`` and ``high`` are set where an unknown
        part makes it a range; ``basis`` says on what it rests.

    Raises:
        UserError: for an unknown measure, option, state, region or date, poles that are the
            same, years outside the data, weights that are negative or all zero.
    """
    measure = _measure(name)
    joined = Joined(frames) if options.pop("joined", False) else None
    frames = joined or frames
    cut = _cut(
        measure, frames, of=of, with_=with_, years=years, region=region, poles=poles,
        issue=issue, weights=weights, on=on, **options,
    )  # fmt: skip
    result = tidy(name, measure.card.unit, measure.compute(frames, cut), cut.of)
    if not result["value"].count():
        _check_states(Places.of(frames), cut, young=True)
    return joined.marked(result) if joined else result


def explain(name: str, frames: Frames, **question: Any) -> pl.DataFrame:
    """The ties and numbers behind one score.

    Args:
        name: The id of the measure.
        frames: The columnar tables of a graph.
        question: As for :func:`compute`, narrowed to one row of its answer.

    Returns:
        ``part, from, to, year, value, unit, contribution, source, record``: the
        contributions add up to the score.

    Raises:
        UserError: as :func:`compute`, and when the question is not about one score.
    """
    measure = _measure(name)
    frames = Joined(frames) if question.pop("joined", False) else frames
    cut = _cut(measure, frames, **question)
    _check_one_score(measure.card, cut)
    return explained(measure.explain(frames, cut))


def _check_one_score(card: Card, cut: Cut) -> None:
    given = {"of": cut.of, "with": cut.with_}
    wanted = [side for side in given if side in card.takes]
    if len(cut.years) > 1 or any(len(given[side]) != 1 for side in wanted):
        words = {"of": "one state", "with": "one partner"}
        told = ", ".join([*(words[side] for side in wanted), "one year"])
        raise UserError(f"Explain one score at a time: {told}.")


def _measure(name: str) -> Measure:
    if name in measures():
        return measures()[name]
    near = difflib.get_close_matches(name, measures(), n=3, cutoff=0.5)
    hint = f"did you mean {', '.join(near)}?" if near else "`geoties measures` lists them."
    raise UserError(f"There is no measure called {name!r}; {hint}")


def _cut(
    measure: Measure,
    frames: Frames,
    *,
    of: Names = None,
    with_: Names = None,
    years: Years = None,
    region: str = "",
    poles: Names = None,
    issue: str = "",
    weights: Weights = None,
    on: str = "",
    **options: Any,
) -> Cut:
    given = {"of": of, "with": with_, "years": years, "issue": issue, "weights": weights, "on": on}
    _check_taken(measure.card, [name for name, value in given.items() if value])
    _check_options(measure.card, options)
    places = Places.of(frames)
    inside = tuple(places.states_in(region)) if region else ()
    named = [places.id(text) for text in names_in(of)]
    # where the region is what a state is seen within, it does not add to those asked for
    cut = Cut(
        of=tuple(dict.fromkeys(named if "region" in measure.card.takes else [*named, *inside])),
        region=inside,
        with_=tuple(dict.fromkeys(places.id(text) for text in names_in(with_))),
        years=years_in(years),
        poles=_two_poles(measure.card, [places.id(text) for text in names_in(poles)]),
        issue=issue,
        weights=weights_in(weights),
        on=day_asked(on),
        options=options,
    )
    _check_states(places, cut)
    return cut


def _check_taken(card: Card, given: Sequence[str]) -> None:
    """What a measure would not read is a mistake of the one who asks, never passed over."""
    for name in given:
        if name not in card.takes:
            raise UserError(f"{card.id} takes no {name}; it takes {', '.join(card.takes)}.")


def _check_options(card: Card, options: Mapping[str, Any]) -> None:
    for name in options:
        if name not in card.options:
            known = ", ".join(card.options) or "none of its own"
            raise UserError(f"{card.id} has no option {name!r}; it has {known}.")


def _two_poles(card: Card, poles: list[str]) -> tuple[str, ...]:
    if "poles" not in card.takes:
        if poles:
            raise UserError(f"{card.id} takes no poles.")
        return ()
    poles = poles or ["state/CHN", "state/USA"]
    if len(poles) != 2:
        raise UserError(f"Give two poles, such as CHN,USA, not {len(poles)}.")
    if poles[0] == poles[1]:
        raise UserError("The two poles are the same; give two different states or blocs.")
    return tuple(poles)


def _check_states(places: Places, cut: Cut, *, young: bool = False) -> None:
    """A state that existed in none of the years, or is its own partner, is a mistake.

    ``young``: of states since 1990 too, of which some sources tell years before.
    """
    if len(cut.of) == 1 and cut.of == cut.with_:
        raise UserError(f"{places.label(cut.of[0])} has no score with itself; give a partner.")
    years = cut.years or ((int(cut.on[:4]),) if cut.on else ())
    existed = places.was_state if young else places.existed
    # of a region nobody names the states one by one
    named = [entity for entity in (*cut.of, *cut.with_) if not (young and entity in cut.region)]
    for entity in named:
        if years and not any(existed(entity, year) for year in years):
            span = f"{years[0]}" if len(years) == 1 else f"{years[0]}-{years[-1]}"
            raise UserError(f"{places.label(entity)} did not exist in {span}.")
