"""Alignment by what two states share: bodies, agreements, and obligations of alliance."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from geoties.graph.measures.coverage import Declared
from geoties.graph.measures.examples import ALLIANCE_LEVELS
from geoties.graph.measures.holdings import holdings_on, shared_on, unknown_on, with_sizes
from geoties.graph.measures.inputs import Cut, Frames
from geoties.graph.measures.pairs import completed
from geoties.graph.measures.places import Places
from geoties.graph.measures.profile_pairs import Formula, similarities
from geoties.graph.measures.profiles import Distance
from geoties.graph.model import UserError, short_id

#: The obligations of an alliance as levels; the highest between two states counts.
OBLIGATIONS: Mapping[str, int] = {
    "consultation-obligation": 1,
    "neutrality-obligation": 2,
    "non-aggression-obligation": 2,
    "offence-obligation": 3,
    "defence-obligation": 3,
}


#: Sorted, so that the order of the rows cannot show in the last digit.
_SUM = pl.col("weight").sort().sum()


def jaccard_pairs(
    held: pl.DataFrame, shared: pl.DataFrame, *, by_size: bool = False
) -> pl.DataFrame:
    """Jaccard similarity of every two entities: ``of, with, value, items``.

    Args:
        held: ``entity, item, size``, each item once (see
            :func:`geoties.graph.measures.holdings.with_sizes`).
        shared: ``of, with, item``: what links them.
        by_size: Whether an item weighs 1 / size, so that a small club counts more.

    Returns:
        ``value`` null where neither has anything; ``items`` the number shared.
    """
    weighed = held.with_columns(weight=1 / pl.col("size") if by_size else pl.lit(1.0))
    weights = weighed.select("item", "weight").unique("item")
    totals = weighed.group_by("entity").agg(total=_SUM)
    one = weighed.select(pl.col("entity").alias("of"), "item", "weight")
    other = weighed.select(pl.col("entity").alias("with"), "item")
    overlap = one.join(other, on="item").group_by("of", "with").agg(overlap=_SUM)
    linking = shared.join(weights, on="item").group_by("of", "with")
    both = linking.agg(both=_SUM, items=pl.len().cast(pl.Int64))
    pairs = _every_pair(totals).join(overlap, on=["of", "with"], how="left")
    pairs = pairs.join(both, on=["of", "with"], how="left").with_columns(
        pl.col("overlap", "both").fill_null(0.0), pl.col("items").fill_null(0)
    )
    either = pl.col("total_of") + pl.col("total_with") - pl.col("overlap")
    value = pl.when(either > 0).then(pl.col("both") / either)
    return pairs.select("of", "with", "items", value=value)


def _every_pair(totals: pl.DataFrame) -> pl.DataFrame:
    one = totals.rename({"entity": "of", "total": "total_of"})
    other = totals.rename({"entity": "with", "total": "total_with"})
    return one.join(other, how="cross").filter(pl.col("of") != pl.col("with"))


def membership_similarity(
    held: pl.DataFrame,
    shared: pl.DataFrame | None = None,
    *,
    formula: Formula = "s",
    weights: Mapping[str, float] | None = None,
) -> pl.DataFrame:
    """S, kappa or pi of every two states over memberships: ``of, with, value, items``.

    A profile has a 1 for each body of which the state is a member and a 0 for each of the
    others that have any member on the day (levels 0 and 1).

    Args:
        held: ``entity, item``: the members of every body.
        shared: Not read: what two states share is what both are members of.
        formula: Which of the three.
        weights: Weight of each body, for S only.
    """
    states, bodies, member = memberships_matrix(held)
    given = None if weights is None else np.array([weights.get(body, 0.0) for body in bodies])
    scores = similarities(member, levels=(0, 1), formula=formula, weights=given)
    return _long(scores, member @ member.T, states)


def memberships_matrix(held: pl.DataFrame) -> tuple[pl.Series, pl.Series, NDArray[np.float64]]:
    """The states, the bodies, and state x body: 1 for a member."""
    states, bodies = held["entity"].unique().sort(), held["item"].unique().sort()
    member = np.zeros((len(states), len(bodies)))
    member[_positions(held["entity"], states), _positions(held["item"], bodies)] = 1
    return states, bodies, member


def alliance_similarity(
    held: pl.DataFrame,
    shared: pl.DataFrame | None = None,
    *,
    formula: Formula = "s",
    distance: Distance = "absolute",
    weights: Mapping[str, float] | None = None,
) -> pl.DataFrame:
    """S, kappa or pi of every two states over alliance obligations.

    A state's profile is its highest obligation towards every state of the system (levels 0
    none, 1 consultation, 2 neutrality or non-aggression, 3 defence or offence), 3 to itself.

    Args:
        held: ``entity, item, role`` of alliances in force; the states named in it are the
            system.
        shared: Not read.
        formula: Which of the three.
        distance: ``absolute`` or ``squared``.
        weights: Weight of each state (for instance its capability), for S only; states
            without one do not count.
    """
    states = held["entity"].unique().sort()
    levels = obligations(held, states)
    given = None if weights is None else np.array([weights.get(s, 0.0) for s in states])
    scores = similarities(
        levels, levels=ALLIANCE_LEVELS, formula=formula, distance=distance, weights=given
    )
    allied = (levels > 0).astype(np.float64)
    return _long(scores, allied @ allied.T, states)


def obligations(held: pl.DataFrame, states: pl.Series) -> NDArray[np.float64]:
    """state x state: the highest obligation of the one towards the other."""
    level = pl.col("role").replace_strict(OBLIGATIONS, default=0, return_dtype=pl.Int64)
    own = held.select("entity", "item", level=level)
    pairs = own.join(own.select(pl.col("entity").alias("ally"), "item"), on="item")
    top = pairs.group_by("entity", "ally").agg(pl.col("level").max())
    matrix = np.zeros((len(states), len(states)))
    rows, columns = (_positions(top[side], states) for side in ("entity", "ally"))
    matrix[rows, columns] = top["level"].to_numpy()
    np.fill_diagonal(matrix, max(ALLIANCE_LEVELS))
    return matrix


def _positions(values: pl.Series, order: pl.Series) -> NDArray[np.int64]:
    places = list(range(len(order)))
    return values.replace_strict(order, places, return_dtype=pl.Int64).to_numpy()


def _long(value: NDArray[np.float64], items: NDArray[Any], states: pl.Series) -> pl.DataFrame:
    i, j = np.nonzero(~np.eye(len(states), dtype=bool))
    return pl.DataFrame(
        {"of": states.gather(i), "with": states.gather(j), "value": value[i, j],
         "items": items[i, j].astype(np.int64)}
    )  # fmt: skip


class NoWeights(UserError):
    """Nobody has a value to be weighed by in a year."""


_NO_SCORES = pl.DataFrame(
    schema={"of": pl.String, "with": pl.String, "year": pl.Int32, "value": pl.Float64}
)
Score = partial[pl.DataFrame]
HELD = {
    "membership": "memberships",
    "agreement-party": "agreements",
    "alliance": "alliances",
}


def compute(kind: str, score: Score, frames: Frames, cut: Cut) -> pl.DataFrame:
    """Scores on a date, or at the end of each year asked for."""
    days, found, unweighed = days_of(frames, kind, cut), [_NO_SCORES], dict[int, str]()
    for day in days:
        try:
            found.append(_on(kind, score, frames, cut, day))
        except NoWeights as problem:
            if len(days) == 1:
                raise
            unweighed[int(day[:4])] = str(problem)
    scores, places = pl.concat(found, how="diagonal"), Places.of(frames)

    def reason(of: str, partner: str, year: int) -> str:
        if year in unweighed:
            return unweighed[year]
        for entity in (of, partner):
            if entity and not places.was_state(entity, year):
                return f"{short_id(entity)} did not exist in {year}"
        who = " or ".join(short_id(entity) for entity in (of, partner) if entity)
        return f"no {HELD[kind]} of {who or 'anybody'} are known to be in force in {year}"

    return completed(scores, cut, [int(day[:4]) for day in days], reason)


def days_of(frames: Frames, kind: str, cut: Cut) -> list[str]:
    """The days to answer for: the date asked, the ends of the years, or the last one observed.

    Raises:
        UserError: when the graph has no ties of the kind, or the days are after what it knows.
    """
    ties = frames.ties(kind)
    last = ties["observed_to"].max()
    if ties.is_empty() or not isinstance(last, str):
        raise UserError(f"This graph holds no ties of the kind {kind}.")
    days = [cut.on] if cut.on else [f"{year}-12-31" for year in cut.years] or [last]
    if all(day > last and day[:4] > last[:4] for day in days):
        raise UserError(f"Nothing is known after {last} about ties of the kind {kind}.")
    return [min(day, last) if day[:4] == last[:4] else day for day in days]


def _on(kind: str, score: Score, frames: Frames, cut: Cut, day: str) -> pl.DataFrame:
    held = with_sizes(holdings_on(frames, kind, day))
    sources = "; ".join(sorted(held["source"].unique()))
    score, sources, weighed = _weighed(score, held, frames, cut, day, sources)
    bounded = score.func is jaccard_pairs
    if bounded and cut.of and cut.with_:
        # what others hold matters only where it is compared too
        held = held.filter(pl.col("entity").is_in([*cut.of, *cut.with_]))
    wanted = _asked(score(held, shared_on(frames, kind, day, held)), cut)
    wanted = wanted.with_columns(day=pl.lit(day)).join(
        _doubts(frames, kind, day, wanted), on=["of", "with"], how="left", maintain_order="left"
    )
    scored = wanted.select(
        "of", "with", "value", year=pl.lit(int(day[:4]), pl.Int32),
        basis=pl.format("{} shared on {}{}{}", "items", "day", "doubt", pl.lit(weighed)),
        source=pl.lit(sources),
    )  # fmt: skip
    return _covered(scored, kind, frames, int(day[:4]), bounded=bounded)


def _weighed(
    score: Score, held: pl.DataFrame, frames: Frames, cut: Cut, day: str, sources: str
) -> tuple[Score, str, str]:
    """The score with the weights asked for, all sources, and a note for the basis."""
    by = cut.option("weighted", "")
    if not by:
        return score, sources, ""
    if score.func is membership_similarity:
        given, more, note = weights_by_size(held, by), "", "; weighted by 1/size"
    else:
        given, more, note = weights_by_indicator(held, frames, by, int(day[:4]))
    return partial(score, weights=given), "; ".join(filter(None, [sources, more])), note


def weights_by_size(held: pl.DataFrame, by: Any) -> dict[str, float]:
    """1 / the number of members of each body; raises `UserError` for another wish."""
    if by != "size":
        raise UserError(f'weighted is "size" (1 / number of members) or nothing, not {by!r}.')
    bodies = held.select("item", 1 / pl.col("size")).unique("item")
    return dict(bodies.iter_rows())


def weights_by_indicator(
    held: pl.DataFrame, frames: Frames, by: Any, year: int
) -> tuple[dict[str, float], str, str]:
    """An indicator of every state of the system in a year, its source, and a note who has none.

    Raises:
        UserError: when there is no such indicator, or nobody has it in that year.
    """
    rows = frames.observations().filter(pl.col("indicator") == str(by))
    if rows.is_empty():
        known = ", ".join(frames.observations()["indicator"].unique().sort())
        raise UserError(f"There is no indicator {str(by)!r} to weigh by; there are: {known}.")
    rows = rows.filter(pl.col("year") == year, pl.col("entity").is_in(held["entity"].unique()))
    rows = rows.drop_nulls("value").unique("entity", keep="first", maintain_order=True)
    if rows.is_empty():
        raise NoWeights(f"No state with an alliance has a value of {by} for {year} to weigh by.")
    absent = sorted(set(held["entity"]) - set(rows["entity"]))
    names = f" without {', '.join(map(short_id, absent))}" if absent else ""
    source = "; ".join(sorted(rows["source"].unique()))
    weights = dict(rows.select("entity", "value").iter_rows())
    return weights, source, f"; weighted by {by} of {year}{names}"


def _covered(
    scored: pl.DataFrame, kind: str, frames: Frames, year: int, *, bounded: bool
) -> pl.DataFrame:
    """No value where not all that a state holds is covered.

    ``bounded``: what is not covered can only add to what either has, so that the score is the
    most it can be, if the other state is covered.
    """
    scored = _with_claims(scored, kind, frames, year)
    claims = [pl.col(f"claim_{end}") for end in ("of", "with")]
    both = pl.all_horizontal(claim != "" for claim in claims)
    either = pl.any_horizontal(claim != "" for claim in claims)
    unknown = pl.when(claims[0] != "").then("with").otherwise("of").str.split("/").list.last()
    reason = pl.format(f"no source covers all {HELD[kind]} of {{}} in {year}", unknown)
    partly = pl.any_horizontal(claim == "partial" for claim in claims)
    doubt = pl.when(partly).then(pl.lit("; coverage is partial"))
    at_most = ~both & either & pl.lit(bounded)
    return scored.with_columns(
        value=pl.when(both).then("value"),
        low=pl.when(at_most).then(0.0),
        high=pl.when(at_most).then("value"),
        reason=pl.when(~both).then(reason).otherwise(pl.lit("")),
        basis=pl.col("basis") + doubt.otherwise(pl.lit("")),
    ).drop("claim_of", "claim_with")


def _with_claims(scored: pl.DataFrame, kind: str, frames: Frames, year: int) -> pl.DataFrame:
    """The scores with what sources claim to know of what either holds."""
    declared, places = Declared.of(frames), Places.of(frames)
    states = pl.concat([scored["of"], scored["with"]]).unique().sort()
    claims = [declared.holder(kind, year, {s, *places.regions_of(s)}) for s in states]
    known = pl.DataFrame({"state": states, "claim": pl.Series(claims, dtype=pl.String)})
    for end in ("of", "with"):
        side = known.rename({"state": end, "claim": f"claim_{end}"})
        scored = scored.join(side, on=end, how="left", maintain_order="left")
    return scored


def _doubts(frames: Frames, kind: str, day: str, pairs: pl.DataFrame) -> pl.DataFrame:
    """What is not known of either side on the day, as text: ``of, with, doubt``."""
    unsure = unknown_on(frames, kind, day).group_by("entity").len()
    for end in ("of", "with"):
        side = unsure.rename({"entity": end, "len": f"unsure_{end}"})
        pairs = pairs.join(side, on=end, how="left")
    number = pl.sum_horizontal("unsure_of", "unsure_with")
    text = pl.when(number > 0).then(pl.format("; {} not known on that day left out", number))
    return pairs.select("of", "with", doubt=text.otherwise(pl.lit("")))


def _asked(scores: pl.DataFrame, cut: Cut) -> pl.DataFrame:
    for column, entities in (("of", cut.of), ("with", cut.with_)):
        scores = scores.filter(pl.col(column).is_in(list(entities))) if entities else scores
    return scores
