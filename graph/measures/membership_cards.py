"""The cards of the measures on memberships, agreements and alliances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from geoties.graph.measures.card import Card, Measure, Reference
from geoties.graph.measures.memberships import (
    Score,
    alliance_similarity,
    compute,
    jaccard_pairs,
    membership_similarity,
)
from geoties.graph.measures.memberships_explained import explain_shared, explain_similarity
from geoties.graph.measures.profile_pairs import Formula
from geoties.graph.measures.profiles import Distance

_ON_DAY = "What is in force on the last day of the year, or on the date asked for."
_UNKNOWN = (
    "A tie that is not known on that day (its data end earlier, or its dates are imprecise) is "
    "left out and counted in the basis."
)
_COVERED = (
    "Where no source covers all that one of the two holds, there is no value but the most it can "
    "be; where none covers either, there is none."
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
    "assumptions": (
        _ON_DAY,
        _UNKNOWN,
        "Only members count: no observers, and no member while it is suspended.",
    ),
}
_AGREEMENTS: dict[str, Any] = {
    "inputs": "trade and investment agreements in force (WTO RTA-IS; UNCTAD; curated)",
    "kinds": ("agreement-party", "not-yet-in-force", "membership"),
    "assumptions": (
        _ON_DAY,
        _UNKNOWN,
        _COVERED,
        "A bloc's agreement is its members'; members of one bloc do not share it with each other.",
        "A suspended member has no part in it, nor one that joined after its entry into force, "
        "unless the bloc's law binds new members (the EU) or it has a tie of its own.",
        "An accession is the agreement that it joins; what is not yet in force is not shared.",
    ),
}
_SYSTEM = (
    "The system is every state with an alliance in the data; each counts once, or by its weight. "
    "States without any alliance are not in it: with them every pair would look more alike."
)
_BY_INDICATOR = {
    "weighted": "an indicator of the states as their weight, such as gdp or population; states "
    "without a value are left out and named (s_score takes any weights of your own)"
}
_WEIGHED = "What five hold counts more than what all do."
_LEVELS = "Obligations are ranked; the levels take them to be equally far apart."


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
    return Measure(made, partial(compute, kind, score), partial(explain_shared, kind, by_size))


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
        inputs="alliances of the states of Latin America and the Caribbean, China and the United "
        "States, and their obligations (ATOP 5.1, to 2018)",
        kinds=("alliance",),
        high_means="The two have the same allies, bound to the same.",
        assumptions=(_ON_DAY, _SYSTEM),
        references=tuple(references),
        options=_BY_INDICATOR if formula == "s" else {},
        **{**_SIMILAR[formula], "criticisms": (*_SIMILAR[formula]["criticisms"], _LEVELS)},
    )
    score = partial(alliance_similarity, formula=formula, distance=distance)
    return _similar(card, "alliance", score)


def _membership(id: str, formula: Formula) -> Measure:
    card = Card(
        id=id,
        name=f"{_NAMES[formula]} over memberships",
        formula=f"{_WORDS[formula]}; levels 0 and 1, a member or not, of every body "
        "(so that absolute and squared distance are the same)",
        high_means="The two are in, and outside of, the same bodies.",
        references=(_of_four_bodies(formula),),
        options={"weighted": "size: each body counts 1 / members"} if formula == "s" else {},
        **{**_SIMILAR[formula], **_BODIES},
    )
    score = partial(membership_similarity, formula=formula)
    return _similar(card, "membership", score)


def _of_four_bodies(formula: Formula) -> Reference:
    """The formula on one state in two of four bodies, the other in one of these."""
    function, printed = {
        "s": ("s_score", "0.50"),
        "kappa": ("weighted_kappa", "0.50"),
        "pi": ("weighted_pi", "0.4667"),
    }[formula]
    call = f"{function}([1, 1, 0, 0], [1, 0, 0, 0], levels=(0, 1))"
    return Reference("in two of four bodies, the other in one of these", call, printed)


def _similar(card: Card, kind: str, score: Score) -> Measure:
    return Measure(card, partial(compute, kind, score), partial(explain_similarity, kind, score))


_NAMES = {"s": "S", "kappa": "Cohen's kappa", "pi": "Scott's pi"}
_WORDS = {
    "s": "S = 1 - 2 * sum w d / sum w",
    "kappa": "1 - sum d*o / sum d*e, e the product of the two states' own margins",
    "pi": "1 - sum d*o / sum d*e, e the average margin of the two with itself",
}
_HAGE: dict[str, Any] = {
    **_COMMON,
    "range": "-1 to 1; 0 is what chance gives",
    "criticisms": (
        "What chance would give depends on which items are counted.",
        "Where nearly all have, or lack, the same it is low, however much two states agree.",
    ),
}
_BY_HAGE = "Häge (2011), Political Analysis 19:287-305"
_SIMILAR: Mapping[str, dict[str, Any]] = {
    "s": {
        **_COMMON,
        "citation": "Signorino & Ritter (1999), International Studies Quarterly 43:115-144",
        "doi": ("10.1111/0020-8833.00113",),
        "unit": "S",
        "range": "-1 to 1",
        "criticisms": ("Common absent ties make most pairs alike; see kappa and pi (Häge 2011).",),
    },
    "kappa": {
        **_HAGE,
        "unit": "kappa",
        "citation": f"Cohen (1968), Psychological Bulletin 70:213-220; {_BY_HAGE}",
        "doi": ("10.1037/h0026256", "10.1093/pan/mpr023"),
    },
    "pi": {
        **_HAGE,
        "unit": "pi",
        "citation": f"Scott (1955), Public Opinion Quarterly 19:321-325; {_BY_HAGE}",
        "doi": ("10.1086/266577", "10.1093/pan/mpr023"),
    },
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
