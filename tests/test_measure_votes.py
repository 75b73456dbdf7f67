"""Roll calls of every pair at once: the same numbers as the formulas on single profiles."""

from __future__ import annotations

import math
from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoties.graph.measures import (
    cards,
    lijphart_agreement,
    s_score,
    voting_coincidence,
    weighted_kappa,
    weighted_pi,
)
from geoties.graph.measures.derived import MEASURE, derived_ties, yearly_vote_agreement
from geoties.graph.measures.examples import FRANCE_1947, UK_1947, USA_1947, USSR_1947
from geoties.graph.measures.votes import FORMULAS, issues_of, vote_tables
from geoties.graph.model import Coverage, Tables, Tie, UserError

ROLE = {1: "no", 2: "abstain", 3: "yes"}
Profiles = dict[str, list[int | None]]


def votes_of(profiles: Profiles, year: int = 1947, topic: str = "") -> pl.DataFrame:
    ties = [
        Tie("vote", f"state/{state}", f"roll-call/{year}-{number}", "source/v", f"{state}-{number}",
            role=ROLE[vote], topic=topic, start=f"{year}-05-0{number % 9 + 1}")
        for state, profile in profiles.items()
        for number, vote in enumerate(profile)
        if vote is not None
    ]  # fmt: skip
    return Tables.of(ties=ties).ties


def scores(votes: pl.DataFrame) -> pl.DataFrame:
    return vote_tables(votes).with_columns(f().alias(name) for name, f in FORMULAS.items())


def score(table: pl.DataFrame, of: str, partner: str, measure: str) -> float | None:
    row = table.filter(pl.col("of") == f"state/{of}", pl.col("with") == f"state/{partner}")
    value = row[measure].item() if row.height else None
    assert value is None or isinstance(value, float)
    return value


def test_the_published_scores_of_1947_come_out_of_roll_calls() -> None:
    table = scores(
        votes_of(
            {"USA": list(USA_1947), "GBR": list(UK_1947), "FRA": list(FRANCE_1947),
             "SUN": list(USSR_1947)}
        )
    )  # fmt: skip
    printed = [f"{score(table, 'USA', other, 'vote-s'):.4f}" for other in ("GBR", "FRA", "SUN")]
    assert printed == ["0.5625", "0.7812", "-0.5000"]
    printed = [f"{score(table, 'USA', other, 'vote-kappa'):.4f}" for other in ("GBR", "FRA")]
    assert printed == ["0.5509", "0.7292"]


profile = st.lists(st.sampled_from((None, 1, 2, 3)), min_size=4, max_size=12)


@given(profile, profile)
def test_every_formula_agrees_with_the_one_on_profiles(
    x: list[int | None], y: list[int | None]
) -> None:
    size = min(len(x), len(y))
    x, y = x[:size], y[:size]
    table = scores(votes_of({"AAA": x, "BBB": y}))
    if all(a is None or b is None for a, b in zip(x, y, strict=True)):
        assert table.is_empty()
        return
    levels = (1, 2, 3)
    expected: dict[str, Callable[[], float]] = {
        "vote-agreement": lambda: lijphart_agreement(x, y),
        "vote-s": lambda: s_score(x, y, levels=levels),
        "vote-s-squared": lambda: s_score(x, y, levels=levels, distance="squared"),
        "vote-kappa": lambda: weighted_kappa(x, y, levels=levels),
        "vote-pi": lambda: weighted_pi(x, y, levels=levels),
        "voting-coincidence": lambda: _coincidence(x, y),
    }
    for name, formula in expected.items():
        found, wanted = score(table, "AAA", "BBB", name), formula()
        assert (found is None) == math.isnan(wanted), name
        assert found is None or found == pytest.approx(wanted, abs=1e-9), name


def _coincidence(x: list[int | None], y: list[int | None]) -> float:
    pairs = list(zip(x, y, strict=True))
    both = [(a, b) for a, b in pairs if a is not None and b is not None]
    same = sum(a == b for a, b in both)
    opposite = sum({a, b} == {1, 3} for a, b in both)
    return voting_coincidence(
        same=same,
        opposite=opposite,
        partial=len(both) - same - opposite,
        absent=sum(a is None and b is not None for a, b in pairs),
    )


def test_votes_are_cut_by_issue_year_and_session() -> None:
    votes = pl.concat(
        [
            votes_of({"AAA": [3, 3], "BBB": [3, 1]}, 2018, "hr"),
            votes_of({"AAA": [3, 3], "BBB": [1, 1]}, 2019, "hr|ec"),
        ]
    )
    assert issues_of(votes) == ["ec", "hr"]
    by_year = vote_tables(votes, of=["state/AAA"])
    assert by_year.select("year", "both", "yes_yes").rows() == [(2018, 2, 1), (2019, 2, 0)]
    assert vote_tables(votes, of=["state/AAA"], issue="ec")["year"].to_list() == [2019]
    assert vote_tables(votes, issue="me").is_empty()
    calls = votes["to"].unique().sort()
    sessions = pl.DataFrame(
        {"roll_call": calls, "session": [74] * 4}, schema_overrides={"session": pl.Int32}
    )
    by_session = vote_tables(votes, of=["state/AAA"], sessions=sessions)
    assert by_session.select("year", "both", "yes_yes").rows() == [(74, 4, 1)]


def test_agreement_with_the_poles_is_written_back_as_derived_ties() -> None:
    votes = votes_of({"CHL": [3, 1], "USA": [3, 3], "CHN": [3, 2]}, 2019, "hr")
    ties = yearly_vote_agreement(Tables.of(ties=votes)).ties
    assert ties.select("from", "to", "year", "value", "unit").rows() == [
        ("state/CHL", "state/CHN", 2019, 75.0, "percent"),
        ("state/CHL", "state/USA", 2019, 50.0, "percent"),
        ("state/CHN", "state/USA", 2019, 75.0, "percent"),
    ]
    assert ties["id"].is_unique().all()
    assert ties["record"][0] == "vote-agreement.1.CHL-CHN-2019"
    assert ("vote-agreement", cards()["vote-agreement"].version) == MEASURE


def test_scores_are_never_stored_under_an_observed_kind() -> None:
    scores = pl.DataFrame({"of": ["a"], "with": ["b"], "year": [1], "value": [1.0], "source": [""]})
    with pytest.raises(UserError, match="not a derived kind"):
        derived_ties(scores, "vote", ("vote-agreement", "1"))


def test_a_year_that_the_source_does_not_cover_has_no_agreement() -> None:
    rows = [
        Tie("vote", f"state/{state}", f"roll-call/{call}", "source/x", f"{state}-{call}",
            role="yes", start=day, start_precision="day")
        for call, day in ((1, "2019-10-01"), (2, "2020-01-14"))
        for state in ("CHN", "PER")
    ]  # fmt: skip
    known = Coverage("source/x", "vote", "complete", from_year=1946, to_year=2019)
    ties = yearly_vote_agreement(Tables.of(ties=rows, coverage=[known])).ties
    assert ties["year"].to_list() == [2019]


def test_roll_calls_are_weighed_by_their_issue() -> None:
    votes = pl.concat(
        [
            votes_of({"AAA": [3, 3], "BBB": [3, 1]}, 2018, "hr"),
            votes_of({"AAA": [3], "BBB": [1]}, 2018, "ec|me").with_columns(
                to=pl.lit("roll-call/other")
            ),
        ]
    )
    plain, weighed = (
        vote_tables(votes, of=["state/AAA"], with_=["state/BBB"], weights=weights).with_columns(
            s=FORMULAS["vote-s"]()
        )
        for weights in (None, {"ec": 0.5, "me": 4.0})
    )
    assert plain["s"].to_list() == pytest.approx([1 - 2 * 2 / 3])
    levels, x, y = (1, 2, 3), [3, 3, 3], [3, 1, 1]
    assert weighed["s"].to_list() == [s_score(x, y, levels=levels, weights=[1, 1, 4])]
    nothing = vote_tables(votes, of=["state/AAA"], weights={"hr": 0.0, "ec": 0.0, "me": 0.0})
    assert nothing.is_empty()
