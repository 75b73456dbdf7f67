"""The formulas on plain arrays: published values to the digits printed, and what holds for all."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoties.graph.measures import (
    concentration,
    jaccard,
    lijphart_agreement,
    s_score,
    voting_coincidence,
    weighted_kappa,
    weighted_pi,
)
from geoties.graph.measures.examples import (
    ALLIANCE_LEVELS,
    CAPABILITY_1914,
    FRANCE_1947,
    GERMANY_1914,
    RUSSIA_1914,
    UK_1947,
    USA_1947,
    USSR_1947,
    VOTE_LEVELS,
)
from geoties.graph.measures.profiles import Distance
from geoties.graph.model import UserError

Votes = list[tuple[int, int]]
pairs = st.lists(st.tuples(st.sampled_from((1, 2, 3)), st.sampled_from((1, 2, 3))), min_size=1)
distance = st.sampled_from(("absolute", "squared"))


def split(votes: Votes) -> tuple[list[int], list[int]]:
    return [x for x, _ in votes], [y for _, y in votes]


@pytest.mark.parametrize(
    ("form", "weights", "printed"),
    [
        ("absolute", None, "0.400"),
        ("squared", None, "0.4444"),
        ("absolute", CAPABILITY_1914, "-0.460"),
    ],
)
def test_s_of_germany_and_russia_in_1914(
    form: Distance, weights: tuple[float, ...] | None, printed: str
) -> None:
    score = s_score(
        GERMANY_1914, RUSSIA_1914, levels=ALLIANCE_LEVELS, weights=weights, distance=form
    )
    assert f"{score:.{len(printed.split('.')[1])}f}" == printed


@pytest.mark.parametrize(
    ("other", "printed"), [(UK_1947, "0.5625"), (FRANCE_1947, "0.7812"), (USSR_1947, "-0.5000")]
)
def test_s_of_the_united_states_in_1947(other: tuple[int, ...], printed: str) -> None:
    assert f"{s_score(USA_1947, other, levels=VOTE_LEVELS):.4f}" == printed


@pytest.mark.parametrize(
    ("formula", "form", "printed"),
    [
        (weighted_kappa, "squared", "-0.0776"),
        (weighted_kappa, "absolute", "-0.0714"),
        (weighted_pi, "squared", "-0.0870"),
        (weighted_pi, "absolute", "-0.0843"),
    ],
)
def test_chance_corrected_agreement_in_1914(formula: type, form: Distance, printed: str) -> None:
    score = formula(GERMANY_1914, RUSSIA_1914, levels=ALLIANCE_LEVELS, distance=form)
    assert f"{score:.4f}" == printed


@pytest.mark.parametrize(("other", "printed"), [(UK_1947, "0.5509"), (FRANCE_1947, "0.7292")])
def test_kappa_of_the_united_states_in_1947(other: tuple[int, ...], printed: str) -> None:
    score = weighted_kappa(USA_1947, other, levels=VOTE_LEVELS, distance="squared")
    assert f"{score:.4f}" == printed


@pytest.mark.parametrize(
    ("same", "opposite", "partial", "absent", "published"),
    [(24, 47, 15, 2, "0.37"), (29, 43, 16, 0, "0.42"), (14, 52, 21, 1, "0.28")],
)
def test_voting_coincidence_published_for_2023(
    same: int, opposite: int, partial: int, absent: int, published: str
) -> None:
    score = voting_coincidence(same=same, opposite=opposite, partial=partial, absent=absent)
    assert f"{score:.2f}" == published


def test_the_two_variants_of_voting_coincidence_for_brazil_in_2023() -> None:
    with_absences = voting_coincidence(same=24, opposite=47, partial=15, absent=2)
    without = voting_coincidence(
        same=24, opposite=47, partial=15, absent=2, variant="without-absences"
    )
    assert (f"{with_absences:.4f}", f"{without:.4f}") == ("0.3693", "0.3663")


@given(pairs, distance)
def test_symmetric_and_in_range(votes: Votes, form: Distance) -> None:
    x, y = split(votes)
    for formula in (s_score, weighted_kappa, weighted_pi):
        score = formula(x, y, levels=(1, 2, 3), distance=form)
        again = formula(y, x, levels=(1, 2, 3), distance=form)
        assert math.isclose(score, again, abs_tol=1e-12) or (
            math.isnan(score) and math.isnan(again)
        )
        assert math.isnan(score) or -1 - 1e-12 <= score <= 1
    assert 0 <= lijphart_agreement(x, y) <= 1


@given(pairs, distance)
def test_identical_profiles_agree_wholly(votes: Votes, form: Distance) -> None:
    x, _ = split(votes)
    assert s_score(x, x, levels=(1, 2, 3), distance=form) == 1
    assert lijphart_agreement(x, x) == 1
    for formula in (weighted_kappa, weighted_pi):
        score = formula(x, x, levels=(1, 2, 3), distance=form)
        assert math.isnan(score) if len(set(x)) == 1 else score == pytest.approx(1)


@given(pairs)
def test_lijphart_is_s_of_three_levels_moved_to_0_1(votes: Votes) -> None:
    x, y = split(votes)
    assert lijphart_agreement(x, y) == pytest.approx((s_score(x, y, levels=(1, 2, 3)) + 1) / 2)


@given(st.lists(st.sampled_from((1, 2, 3)), min_size=1), distance)
def test_kappa_of_independent_profiles_is_zero(x: list[int], form: Distance) -> None:
    every_pair = [(a, b) for a in x for b in (1, 2, 3)]
    a, b = split(every_pair)
    assert weighted_kappa(a, b, levels=(1, 2, 3), distance=form) == pytest.approx(0, abs=1e-12)


@given(pairs, st.randoms(use_true_random=False))
def test_order_of_items_does_not_matter(votes: Votes, random: object) -> None:
    shuffled = list(votes)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    weights = {pair: 1 / (1 + sum(pair)) for pair in votes}
    scores = [
        s_score(*split(some), levels=(1, 2, 3), weights=[weights[pair] for pair in some])
        for some in (votes, shuffled)
    ]
    assert scores[0] == scores[1]


def test_items_without_a_value_are_left_out() -> None:
    with_gaps = s_score([1, None, 3, 2], [1, 3, None, 3], levels=(1, 2, 3))
    assert with_gaps == s_score([1, 2], [1, 3], levels=(1, 2, 3)) == 0.5


def test_levels_are_stated_not_inferred() -> None:
    assert s_score([1, 2], [2, 2], levels=(1, 2)) == 0
    assert s_score([1, 2], [2, 2], levels=(1, 2, 3)) == 0.5


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: s_score([1, 4], [1, 1], levels=(1, 2, 3)), "value 4; the stated levels are 1, 2"),
        (lambda: s_score([1], [1, 1], levels=(1, 2)), "different numbers of items: 1 and 2"),
        (lambda: s_score([], [], levels=(1, 2)), "nothing to compare"),
        (lambda: s_score([1], [2], levels=(1,)), "at least two different values"),
        (lambda: s_score(["yes"], [1], levels=(1, 2)), "must be numbers"),  # type: ignore[list-item]
        (lambda: s_score([1], [2], levels=(1, 2), weights=[-1]), "must not be negative"),
        (lambda: s_score([1], [2], levels=(1, 2), weights=[0]), "All the weights are zero"),
        (lambda: s_score([1], [2], levels=(1, 2), weights=[1, 2]), "2 weights for 1 items"),
        (lambda: weighted_pi([1], [2], levels=(1, 2), distance="cubed"), "not 'cubed'"),  # type: ignore[arg-type]
        (lambda: lijphart_agreement([1], [1], levels=(1, 2)), "three levels"),  # type: ignore[arg-type]
        (lambda: voting_coincidence(same=-1, opposite=0, partial=0), "not be negative"),
        (lambda: concentration([1, -1]), "lowest is -1"),
        (lambda: concentration([]), "at least one amount"),
        (lambda: concentration([1], form="HHI"), "not 'HHI'"),  # type: ignore[arg-type]
        (lambda: concentration([1, None]), "all known"),
        (lambda: jaccard({"a"}, {"b"}, weights={"a": 1}), "weight of b is missing"),
    ],
)
def test_bad_input_is_told_in_one_sentence(call: object, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        call()  # type: ignore[operator]


amounts = st.lists(st.floats(0, 1e12), min_size=1).filter(lambda values: sum(values) > 1e-6)


@given(amounts)
def test_the_forms_of_concentration_agree(values: list[float]) -> None:
    h = concentration(values)
    assert 1 / len(values) - 1e-9 <= h <= 1 + 1e-9
    assert concentration(values, form="points") == pytest.approx(10_000 * h)
    assert concentration(values, form="hirschman") ** 2 == pytest.approx(h)
    normalised = concentration(values, form="normalised")
    if len(values) == 1:
        assert math.isnan(normalised)
    else:
        assert normalised == pytest.approx((h - 1 / len(values)) / (1 - 1 / len(values)))
        assert -1e-9 <= normalised <= 1 + 1e-9


def test_concentration_of_nothing_is_no_value() -> None:
    assert math.isnan(concentration([0, 0]))


sets = st.sets(st.integers(0, 20))


@given(sets, sets)
def test_jaccard_is_symmetric_and_in_range(a: set[int], b: set[int]) -> None:
    weights = {item: 1 / (1 + item) for item in a | b}
    for given_weights in (None, weights):
        score = jaccard(a, b, weights=given_weights)
        if not a | b:
            assert math.isnan(score)
        else:
            assert 0 <= score <= 1
            assert score == jaccard(b, a, weights=given_weights)
            assert (score == 1) == (a == b)


def test_a_small_club_counts_more_when_weighted_by_size() -> None:
    weights = {"club": 1 / 5, "UN": 1 / 193}
    plain = jaccard({"club", "UN"}, {"club"})
    assert jaccard({"club", "UN"}, {"club"}, weights=weights) > plain
