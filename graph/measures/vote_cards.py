"""The cards of the measures on roll calls of the UN General Assembly."""

from __future__ import annotations

from functools import partial
from typing import Any

from geoties.graph.measures.card import Card, Measure, Reference
from geoties.graph.measures.vote_explained import explain
from geoties.graph.measures.vote_scores import compute

_HAGE = "Häge (2011), Political Analysis 19:287-305"
_COHEN = f"Cohen (1968), Psychological Bulletin 70:213-220; {_HAGE}"
_SCOTT = f"Scott (1955), Public Opinion Quarterly 19:321-325; {_HAGE}"
_BY_COHEN = ("10.1037/h0026256", "10.1093/pan/mpr023")
_BY_SCOTT = ("10.1086/266577", "10.1093/pan/mpr023")
_SIGNORINO = "Signorino & Ritter (1999), International Studies Quarterly 43:115-144"
_COMMON: dict[str, Any] = {
    "family": "alignment",
    "inputs": "roll calls of the UN General Assembly, 1946-2019 (Voeten; unvotes)",
    "assumptions": (
        "A roll call counts where both states voted yes, no or abstained; absence is no vote.",
        "Every roll call counts the same.",
    ),
    "kinds": ("vote",),
    "symmetric": True,
    "takes": ("of", "with", "years", "issue"),
    "options": {"period": "year (calendar) or session of the General Assembly"},
}
_BY_ISSUE: dict[str, Any] = {
    "takes": (*_COMMON["takes"], "weights"),
    "assumptions": (
        _COMMON["assumptions"][0],
        "Every roll call counts the same, or as its issue is weighed (the most of several).",
    ),
}
_AGENDA = "It moves with the agenda: other roll calls, another score, without any change of view."
_CONSENSUS = "Most resolutions pass without a vote, so what is voted on is what divides."


def _measure(name: str, /, **card: Any) -> Measure:
    made = Card(**{**_COMMON, "criticisms": (_AGENDA, _CONSENSUS), "id": name, **card})
    return Measure(made, partial(compute, name), partial(explain, name))


def _of_1947(function: str, other: str, printed: str, more: str = "") -> Reference:
    return Reference(
        f"UN 1947, United States and {other if other in ('UK', 'USSR') else other.title()}",
        f"{function}(USA_1947, {other}_1947, levels=VOTE_LEVELS{more})",
        printed,
    )


def _of_1914(function: str, printed: str, distance: str = "absolute") -> Reference:
    """The same formula on the alliances of 1914: no value for votes is published."""
    call = f'{function}(GERMANY_1914, RUSSIA_1914, levels=ALLIANCE_LEVELS, distance="{distance}")'
    return Reference("the formula on alliances, 1914, Germany and Russia", call, printed)


MEASURES = (
    _measure(
        "vote-agreement",
        name="Voting agreement: the same vote, an abstention of one counting a half",
        formula="(f + g/2) / t: f same votes, g one of the two abstaining, t both took part",
        citation="Lijphart (1963), American Political Science Review 57:902-917",
        doi=("10.2307/1952608",),
        unit="share",
        range="0 to 1",
        high_means="The two states vote alike.",
        references=(
            Reference(
                "of three roll calls one alike, one opposed, one with an abstention",
                "lijphart_agreement([1, 1, 2, 3], [1, 3, 3, None])",
                "0.50",
            ),
        ),
    ),
    _measure(
        "vote-identity",
        name="Share of roll calls with exactly the same vote",
        formula="f / t: f same votes, t both took part",
        citation="Lijphart (1963), American Political Science Review 57:902-917, its simplest form",
        doi=("10.2307/1952608",),
        unit="share",
        range="0 to 1",
        high_means="The two states cast the same vote.",
        references=(
            Reference(
                "Chile and the United States, 2019 (17 of 90), percent",
                'measured("vote-identity", of="CHL", with_="USA", years=2019) * 100',
                "18.89",
            ),
            Reference(
                "Chile and the United States, session 74 (17 of 91), percent",
                'measured("vote-identity", of="CHL", with_="USA", years=74, '
                'period="session") * 100',
                "18.68",
            ),
        ),
    ),
    _measure(
        "vote-s",
        name="S over roll calls, absolute distance",
        formula="S = 1 - 2 * sum w |x - y| / (2 sum w), votes as 1 no, 2 abstain, 3 yes, w 1 or "
        "the weight of the issue",
        **_BY_ISSUE,
        citation=_SIGNORINO,
        doi=("10.1111/0020-8833.00113",),
        unit="S",
        range="-1 to 1",
        high_means="The two voting profiles are alike.",
        criticisms=(_AGENDA, "Not corrected for chance: common yes votes inflate it (Häge 2011)."),
        references=(
            _of_1947("s_score", "UK", "0.5625"),
            _of_1947("s_score", "FRANCE", "0.7812"),
            _of_1947("s_score", "USSR", "-0.500"),
        ),
    ),
    _measure(
        "vote-s-squared",
        name="S over roll calls, squared distance",
        formula="S = 1 - 2 * sum w (x - y)^2 / (4 sum w), votes as 1 no, 2 abstain, 3 yes, w 1 or "
        "the weight of the issue",
        **_BY_ISSUE,
        citation=_SIGNORINO,
        doi=("10.1111/0020-8833.00113",),
        unit="S",
        range="-1 to 1",
        high_means="The two voting profiles are alike; abstentions weigh little.",
        references=(_of_1914("s_score", "0.4444", "squared"),),
        criticisms=(_AGENDA, "Not corrected for chance: common yes votes inflate it (Häge 2011)."),
    ),
    _measure(
        "vote-kappa",
        name="Cohen's kappa over roll calls, squared distance",
        formula="1 - sum d*o / sum d*e, e the product of the two states' own margins",
        citation=_COHEN,
        doi=_BY_COHEN,
        unit="kappa",
        range="-1 to 1; 0 is what chance gives",
        high_means="The two vote alike beyond what their habits of voting explain.",
        criticisms=(_AGENDA, "A state that always votes the same has kappa 0 with everybody."),
        references=(
            _of_1947("weighted_kappa", "UK", "0.5509", ', distance="squared"'),
            _of_1947("weighted_kappa", "FRANCE", "0.7292", ', distance="squared"'),
        ),
    ),
    _measure(
        "vote-pi",
        name="Scott's pi over roll calls, squared distance",
        formula="1 - sum d*o / sum d*e, e the average margin of the two with itself",
        citation=_SCOTT,
        doi=_BY_SCOTT,
        unit="pi",
        range="-1 to 1; 0 is what chance gives",
        high_means="The two vote alike beyond what the common distribution of votes explains.",
        references=(_of_1914("weighted_pi", "-0.0870", "squared"),),
    ),
    _measure(
        "vote-kappa-linear",
        name="Cohen's kappa over roll calls, absolute distance",
        formula="1 - sum d*o / sum d*e, e the product of the two states' own margins",
        citation=_COHEN,
        doi=_BY_COHEN,
        unit="kappa",
        range="-1 to 1; 0 is what chance gives",
        high_means="The two vote alike beyond what their habits of voting explain.",
        criticisms=(_AGENDA, "A state that always votes the same has kappa 0 with everybody."),
        references=(_of_1914("weighted_kappa", "-0.0714"),),
    ),
    _measure(
        "vote-pi-linear",
        name="Scott's pi over roll calls, absolute distance",
        formula="1 - sum d*o / sum d*e, e the average margin of the two with itself",
        citation=_SCOTT,
        doi=_BY_SCOTT,
        unit="pi",
        range="-1 to 1; 0 is what chance gives",
        high_means="The two vote alike beyond what the common distribution of votes explains.",
        references=(_of_1914("weighted_pi", "-0.0843"),),
    ),
    _measure(
        "voting-coincidence",
        name="Voting coincidence with a reference state, absences counting a half",
        formula="(same + (partial + absent)/2) / (same + opposite + partial + absent)",
        citation="US Department of State, Voting Practices in the United Nations (2022, 2023)",
        unit="share",
        range="0 to 1",
        high_means="The state votes as the reference state does.",
        assumptions=(
            "The roll calls are those in which the reference state (the partner) voted.",
            "A state without a recorded vote in one of them was absent.",
        ),
        criticisms=(
            _AGENDA,
            "Absence counts as half agreement; the reports of 2018 and 2020 leave it out.",
        ),
        symmetric=False,
        options={
            **_COMMON["options"],
            "variant": "with-absences (default, reports of 2022 and 2023) or without-absences "
            "(2018 and 2020)",
        },
        references=(
            *(
                Reference(
                    f"{state} with the United States, 2023, as published",
                    f"voting_coincidence(same={same}, opposite={opposite}, partial={partial}, "
                    f"absent={absent})",
                    printed,
                )
                for state, same, opposite, partial, absent, printed in (
                    ("Brazil", 24, 47, 15, 2, "0.37"),
                    ("Mexico", 29, 43, 16, 0, "0.42"),
                    ("China", 14, 52, 21, 1, "0.28"),
                )
            ),
            Reference(
                "Brazil in 2023, had absences been left out",
                "voting_coincidence(same=24, opposite=47, partial=15, absent=2, "
                'variant="without-absences")',
                "0.3663",
            ),
        ),
    ),
)
