"""Alignment by what two states share: bodies, agreements, and obligations of alliance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from geoties.graph.measures.card import Card, Measure, Reference
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
    totals = weighed.group_by("entity").agg(total=pl.col("weight").sum())
    one = weighed.select(pl.col("entity").alias("of"), "item", "weight")
    other = weighed.select(pl.col("entity").alias("with"), "item")
    overlap = one.join(other, on="item").group_by("of", "with").agg(overlap=pl.col("weight").sum())
    linking = shared.join(weights, on="item").group_by("of", "with")
    both = linking.agg(both=pl.col("weight").sum(), items=pl.len().cast(pl.Int64))
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
    held: pl.DataFrame, shared: pl.DataFrame | None = None, *, formula: Formula = "s"
) -> pl.DataFrame:
    """S, kappa or pi of every two states over memberships: ``of, with, value, items``.

    A profile has a 1 for each body of which the state is a member and a 0 for each of the
    others that have any member on the day (levels 0 and 1).

    Args:
        held: ``entity, item, bodies``: the last how many bodies there are on the day.
        shared: Not read: what two states share is what both are members of.
        formula: Which of the three.
    """
    states, bodies = held["entity"].unique().sort(), held["item"].unique().sort()
    # bodies of which none of the states asked for is a member count too, as 0 of all
    width = max(held["bodies"].to_list(), default=len(bodies))
    member = np.zeros((len(states), width))
    member[_positions(held["entity"], states), _positions(held["item"], bodies)] = 1
    return _long(similarities(member, levels=(0, 1), formula=formula), member @ member.T, states)


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


Score = Callable[[pl.DataFrame, pl.DataFrame], pl.DataFrame]


def compute(kind: str, score: Score, frames: Frames, cut: Cut) -> pl.DataFrame:
    """Scores on a date, or at the end of each year asked for."""
    days = days_of(frames, kind, cut)
    scores = pl.concat([_on(kind, score, frames, cut, day) for day in days])
    names = {"membership": "membership", "agreement-party": "agreement", "alliance": "alliance"}
    places = Places(frames)

    def reason(of: str, partner: str, year: int) -> str:
        for entity in (of, partner):
            if entity and not places.existed(entity, year):
                return f"{short_id(entity)} did not exist in {year}"
        who = " or ".join(short_id(entity) for entity in (of, partner) if entity)
        return f"no {names[kind]} of {who or 'anybody'} is known to be in force in {year}"

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
    held = held.with_columns(bodies=pl.col("item").n_unique())
    sources = "; ".join(sorted(held["source"].unique()))
    if kind != "alliance" and cut.of and cut.with_:
        # the system matters only for alliances; the rest is a matter of the two
        held = held.filter(pl.col("entity").is_in([*cut.of, *cut.with_]))
    wanted = _asked(score(held, shared_on(frames, kind, day, held)), cut)
    wanted = wanted.with_columns(day=pl.lit(day)).join(
        _doubts(frames, kind, day, wanted), on=["of", "with"], how="left", maintain_order="left"
    )
    return wanted.select(
        "of", "with", "value", year=pl.lit(int(day[:4]), pl.Int32),
        basis=pl.format("{} shared on {}{}", "items", "day", "doubt"), source=pl.lit(sources),
    )  # fmt: skip


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


def explain(kind: str, by_size: bool, frames: Frames, cut: Cut) -> pl.DataFrame:
    """Every item of either state, with what it adds to the score."""
    day = days_of(frames, kind, cut)[0]
    held = with_sizes(holdings_on(frames, kind, day))
    held = held.filter(pl.col("entity").is_in([*cut.of, *cut.with_]))
    shared = shared_on(frames, kind, day, held).filter(pl.col("of") == cut.of[0])["item"]
    linking = pl.col("item").is_in(shared.to_list())
    once = held.unique("item", keep="first", maintain_order=True)
    weight = 1 / pl.col("size") if by_size else pl.lit(1.0)
    either = once.select(weight.sum()).item() if by_size else once.height
    # an item that both hold has two ties and adds to the score once
    first = pl.col("entity") == pl.col("entity").min().over("item")
    return held.sort("item", "entity").select(
        pl.when(linking).then(pl.lit("shared")).otherwise(pl.lit("not shared")).alias("part"),
        pl.col("entity").alias("from"), pl.col("item").alias("to"),
        pl.lit(int(day[:4]), pl.Int32).alias("year"),
        pl.col("size").cast(pl.Float64).alias("value"), pl.lit("holders").alias("unit"),
        "source", "record",
        pl.when(linking & first).then(weight / either).otherwise(0.0).alias("contribution"),
    )  # fmt: skip


_ON_DAY = "What is in force on the last day of the year, or on the date asked for."
_UNKNOWN = (
    "A tie that is not known on that day (its data end earlier, or its dates are imprecise) is "
    "left out and counted in the basis."
)
_COMMON: dict[str, Any] = {
    "family": "alignment",
    "unit": "share",
    "range": "0 to 1",
    "symmetric": True,
    "takes": ("of", "with", "years", "on"),
    "citation": "Jaccard (1912), New Phytologist 11:37-50",
    "doi": ("10.1111/j.1469-8137.1912.tb05611.x",),
}
_BODIES: dict[str, Any] = {
    "inputs": "memberships (curated; Correlates of War IGO v3 to 2014; MIGO to 2010; WTO)",
    "kinds": ("membership",),
    "assumptions": (_ON_DAY, _UNKNOWN, "Only roles that count as a member; observers do not."),
}
_AGREEMENTS: dict[str, Any] = {
    "inputs": "trade and investment agreements in force (WTO RTA-IS; UNCTAD; curated)",
    "kinds": ("agreement-party", "not-yet-in-force", "membership"),
    "assumptions": (
        _ON_DAY,
        _UNKNOWN,
        "A bloc's agreement is its members'; members of one bloc do not share it with each other.",
        "An accession is the agreement that it joins; what is not yet in force is not shared.",
    ),
}
_WEIGHED = "A club of five counts more than the United Nations."


def _jaccard(id: str, kind: str, by_size: bool, **card: Any) -> Measure:
    what = "bodies" if kind == "membership" else "agreements"
    weighed = ", weighted by 1/size" if by_size else ""
    made = Card(
        id=id,
        name=f"Shared {what}{weighed} (Jaccard)",
        formula="sum of w over what both have / sum of w over what either has, "
        + ("w = 1 / holders" if by_size else "w = 1"),
        high_means=f"The two are in the same {what}. {_WEIGHED if by_size else ''}".strip(),
        criticisms=(
            "It rises with whatever the data list: a register of small clubs changes it.",
            *(() if by_size else ("Universal bodies make everybody alike.",)),
        ),
        references=(
            Reference(
                "two of four in common",
                'jaccard({"APEC", "UN", "WTO"}, {"UN", "WTO", "SCO"})',
                "0.50",
            ),
        ),
        **{**_COMMON, **card},
    )
    score = partial(jaccard_pairs, by_size=by_size)
    return Measure(made, partial(compute, kind, score), partial(explain, kind, by_size))


def _alliance(id: str, formula: Formula, distance: Distance, printed: str) -> Measure:
    function = {"s": "s_score", "kappa": "weighted_kappa", "pi": "weighted_pi"}[formula]
    in_1914 = f'{function}(GERMANY_1914, RUSSIA_1914, levels=ALLIANCE_LEVELS, distance="{distance}"'
    references = [Reference("1914, Germany and Russia", f"{in_1914})", printed)]
    if id == "alliance-s":
        by_capability = f"{in_1914}, weights=CAPABILITY_1914)"
        references.append(Reference("the same, weighted by capability", by_capability, "-0.460"))
    card = Card(
        id=id,
        name=f"{_NAMES[formula]} over alliance obligations, {distance} distance",
        formula=f"{_WORDS[formula]}; d = |x - y| / 3{' squared' if distance == 'squared' else ''}; "
        "levels 0 none, 1 consultation, 2 neutrality or non-aggression, 3 defence or offence",
        inputs="alliances and their obligations (ATOP)",
        kinds=("alliance",),
        high_means="The two have the same allies, bound to the same.",
        assumptions=(_ON_DAY, "The system is every state with an alliance; each counts once."),
        references=tuple(references),
        **_SIMILAR[formula],
    )
    score = partial(alliance_similarity, formula=formula, distance=distance)
    return Measure(card, partial(compute, "alliance", score))


def _membership(id: str, formula: Formula) -> Measure:
    card = Card(
        id=id,
        name=f"{_NAMES[formula]} over memberships",
        formula=f"{_WORDS[formula]}; levels 0 and 1, a member or not, of every body",
        high_means="The two are in, and outside of, the same bodies.",
        **{**_SIMILAR[formula], **_BODIES},
    )
    score = partial(membership_similarity, formula=formula)
    return Measure(card, partial(compute, "membership", score))


_NAMES = {"s": "S", "kappa": "Cohen's kappa", "pi": "Scott's pi"}
_WORDS = {
    "s": "S = 1 - 2 * sum d / N",
    "kappa": "1 - sum d*o / sum d*e, e the product of the two states' own margins",
    "pi": "1 - sum d*o / sum d*e, e the average margin of the two with itself",
}
_HAGE: dict[str, Any] = {
    **_COMMON,
    "citation": "Häge (2011), Political Analysis 19:287-305",
    "doi": ("10.1093/pan/mpr023",),
    "range": "-1 to 1; 0 is what chance gives",
    "criticisms": ("What chance would give depends on which items are counted.",),
}
_SIMILAR: Mapping[str, dict[str, Any]] = {
    "s": {
        **_COMMON,
        "citation": "Signorino & Ritter (1999), International Studies Quarterly 43:115-144",
        "doi": ("10.1111/0020-8833.00113",),
        "unit": "S",
        "range": "-1 to 1",
        "criticisms": ("Common absent ties make most pairs alike; see kappa and pi (Häge 2011).",),
    },
    "kappa": {**_HAGE, "unit": "kappa"},
    "pi": {**_HAGE, "unit": "pi"},
}
MEASURES: Sequence[Measure] = (
    _jaccard("shared-memberships", "membership", False, **_BODIES),
    _jaccard("shared-memberships-weighted", "membership", True, **_BODIES),
    _jaccard("shared-agreements", "agreement-party", False, **_AGREEMENTS),
    _jaccard("shared-agreements-weighted", "agreement-party", True, **_AGREEMENTS),
    _membership("membership-s", "s"),
    _membership("membership-kappa", "kappa"),
    _membership("membership-pi", "pi"),
    _alliance("alliance-s", "s", "absolute", "0.400"),
    _alliance("alliance-s-squared", "s", "squared", "0.4444"),
    _alliance("alliance-kappa", "kappa", "squared", "-0.0776"),
    _alliance("alliance-kappa-linear", "kappa", "absolute", "-0.0714"),
    _alliance("alliance-pi", "pi", "squared", "-0.0870"),
    _alliance("alliance-pi-linear", "pi", "absolute", "-0.0843"),
)
