"""What two states share on a day: blocs, accessions, what is not yet in force or unknown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoties.graph.frames import Frames, write_frames
from geoties.graph.measures import (
    compute,
    explain,
    jaccard,
    s_score,
    weighted_kappa,
    weighted_pi,
)
from geoties.graph.measures.examples import (
    CAPABILITY_1914,
    GERMANY_1914,
    RUSSIA_1914,
    STATES_1914,
)
from geoties.graph.measures.holdings import holdings_on
from geoties.graph.measures.memberships import alliance_similarity, membership_similarity
from geoties.graph.measures.places import Places
from geoties.graph.measures.profile_pairs import Formula, similarities, similarity_parts
from geoties.graph.measures.profiles import Distance
from geoties.graph.model import Coverage, Entity, Tables, Tie, UserError

CODES = ("CHL", "FRA", "DEU", "GBR", "MEX", "JPN")
UNCOVERED = "USA"


def member(state: str, body: str, role: str = "member", **dates: str) -> Tie:
    given = {"start": "1990-01-01", "start_precision": "day", "observed_to": "2026-01-01", **dates}
    return Tie("membership", f"state/{state}", f"body/{body}", "source/m", f"{body}-{state}",
               role=role, **given)  # type: ignore[arg-type]  # fmt: skip


def party(entity: str, agreement: str, start: str = "2005-01-01") -> Tie:
    record = f"{agreement}-{entity}"
    return Tie("agreement-party", entity, f"agreement/{agreement}", "source/a", record, start=start,
               start_precision="day", observed_to="2026-01-01")  # fmt: skip


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> Frames:
    states = [Entity(f"state/{code}", "state", {"en": code}) for code in (*CODES, UNCOVERED)]
    others = [
        Entity("body/EU", "bloc"), Entity("body/UN", "body"), Entity("body/Club", "body"),
        Entity("agreement/EU-CHL", "agreement"), Entity("agreement/CPTPP", "agreement"),
        Entity("agreement/CPTPP-GBR", "agreement", {}, {"amends": "agreement/CPTPP"}),
    ]  # fmt: skip
    ties = [
        *(member(code, "UN") for code in CODES),
        member("FRA", "EU"), member("DEU", "EU"),
        member("GBR", "EU", end="2020-02-01", end_precision="day", observed_to=""),
        member("CHL", "Club"), member("JPN", "Club"), member("MEX", "Club", role="observer"),
        member("GBR", "Club", observed_to="2014-12-31"),
        party("body/EU", "EU-CHL"), party("state/CHL", "EU-CHL"),
        party("state/USA", "CPTPP", "2016-01-01"),
        party("state/CHL", "CPTPP", "2023-02-21"), party("state/MEX", "CPTPP"),
        party("state/JPN", "CPTPP"), party("state/GBR", "CPTPP", "2024-12-15"),
        party("state/GBR", "CPTPP-GBR", "2024-12-15"),
        Tie("not-yet-in-force", "state/GBR", "state/MEX", "source/a", "n", via="agreement/CPTPP",
            start="2024-12-15", start_precision="day", observed_to="2026-01-01"),
    ]  # fmt: skip
    claims = [
        Coverage("source/m", "membership", "complete", to_scope="body/UN", from_year=1900,
                 to_year=2026),
        *(Coverage("source/a", "agreement-party", "partial", f"state/{code}", from_year=1900,
                   to_year=2026) for code in CODES),
        Coverage("source/c", "agreement-party", "complete", to_scope="agreement/CPTPP",
                 from_year=1900, to_year=2050),
    ]  # fmt: skip
    folder: Path = tmp_path_factory.mktemp("memberships") / "frames"
    write_frames(folder, Tables.of([*states, *others], ties, (), claims))
    return Frames(folder)


def score(frames: Frames, of: str, partner: str, on: str, name: str = "shared-agreements") -> float:
    value = compute(name, frames, of=of, with_=partner, on=on)["value"].item()
    assert isinstance(value, float)
    return value


def test_a_blocs_agreement_links_its_members_outside_but_not_inside(frames: Frames) -> None:
    assert score(frames, "FRA", "CHL", "2010-01-01") == 1
    assert score(frames, "FRA", "DEU", "2010-01-01") == 0
    assert score(frames, "GBR", "CHL", "2010-01-01") == 1


def test_a_former_member_no_longer_holds_the_blocs_agreement(frames: Frames) -> None:
    result = compute("shared-agreements", frames, of="GBR", with_="CHL", on="2021-01-01")
    assert result.select("value", "reason").row(0) == (
        None,
        "no agreements of GBR or CHL are known to be in force in 2021",
    )


def test_an_accession_is_the_agreement_it_amends_and_not_yet_is_respected(frames: Frames) -> None:
    assert score(frames, "GBR", "JPN", "2025-01-01") == 1
    assert score(frames, "GBR", "MEX", "2025-01-01") == 0


def test_what_is_not_covered_of_a_state_makes_a_range(frames: Frames) -> None:
    row = compute("shared-agreements", frames, of="JPN", with_="USA", on="2020-01-01").to_dicts()[0]
    assert (row["value"], row["low"], row["high"]) == (None, 0.0, 1.0)
    assert row["reason"] == "no source covers all agreements of USA in 2020"


def test_jaccard_of_memberships_counts_members_only(frames: Frames) -> None:
    held = holdings_on(frames, "membership", "2013-01-01")
    sets = {code: set(held.filter(pl.col("entity") == f"state/{code}")["item"]) for code in CODES}
    assert sets["MEX"] == {"body/UN"}
    for one, other in (("CHL", "JPN"), ("CHL", "MEX"), ("FRA", "GBR")):
        found = score(frames, one, other, "2013-01-01", "shared-memberships")
        assert found == jaccard(sets[one], sets[other])
        sizes = {"body/UN": 1 / 6, "body/Club": 1 / 3, "body/EU": 1 / 3}
        found = score(frames, one, other, "2013-01-01", "shared-memberships-weighted")
        assert found == pytest.approx(jaccard(sets[one], sets[other], weights=sizes))


def test_a_membership_not_observed_any_more_is_left_out_and_counted(frames: Frames) -> None:
    row = compute("shared-memberships", frames, of="GBR", with_="CHL", on="2020-06-01").to_dicts()[
        0
    ]
    assert row["value"] == 0.5
    assert row["basis"] == "1 shared on 2020-06-01; 1 not known on that day left out"


@pytest.mark.parametrize("name", ["shared-memberships", "shared-memberships-weighted"])
def test_an_explanation_lists_the_ties_and_adds_up(frames: Frames, name: str) -> None:
    parts = explain(name, frames, of="CHL", with_="JPN", on="2013-01-01")
    assert parts["contribution"].sum() == pytest.approx(
        score(frames, "CHL", "JPN", "2013-01-01", name)
    )
    assert parts.height == 4


def test_s_over_memberships_is_s_of_the_profiles(frames: Frames) -> None:
    value = score(frames, "CHL", "FRA", "2013-01-01", "membership-s")
    # UN, EU, Club
    assert value == pytest.approx(s_score([1, 0, 1], [1, 1, 0], levels=(0, 1)))


def test_membership_s_is_one_for_the_same_bodies() -> None:
    held = pl.DataFrame({"entity": ["a", "b", "c"], "item": ["x", "x", "y"], "bodies": [2, 2, 2]})
    scores = membership_similarity(held).sort("of", "with")
    assert scores["value"].to_list() == [1.0, -1.0, 1.0, -1.0, -1.0, -1.0]


@pytest.mark.parametrize(
    ("formula", "distance", "printed"),
    [
        ("s", "absolute", "0.400"), ("s", "squared", "0.4444"), ("kappa", "squared", "-0.0776"),
        ("kappa", "absolute", "-0.0714"), ("pi", "squared", "-0.0870"),
        ("pi", "absolute", "-0.0843"),
    ],
)  # fmt: skip
def test_alliances_of_1914_out_of_treaties(
    formula: Formula, distance: Distance, printed: str
) -> None:
    scores = alliance_similarity(treaties_of_1914(), formula=formula, distance=distance)
    assert f"{germany_and_russia(scores):.{len(printed.split('.')[1])}f}" == printed


def test_alliances_of_1914_weighted_by_capability() -> None:
    weights = dict(zip(STATES_1914, CAPABILITY_1914, strict=True))
    scores = alliance_similarity(treaties_of_1914(), weights=weights)
    assert f"{germany_and_russia(scores):.3f}" == "-0.460"


def germany_and_russia(scores: pl.DataFrame) -> float:
    value = scores.filter(pl.col("of") == "GMY", pl.col("with") == "RUS")["value"].item()
    assert isinstance(value, float)
    return value


def treaties_of_1914() -> pl.DataFrame:
    roles = {1: "consultation-obligation", 2: "neutrality-obligation", 3: "defence-obligation"}
    rows = [
        {"entity": holder, "item": f"{one}-{other}", "role": roles[level]}
        for one, profile in (("GMY", GERMANY_1914), ("RUS", RUSSIA_1914))
        for other, level in zip(STATES_1914, profile, strict=True)
        if level and one != other
        for holder in (one, other)
    ]
    return pl.DataFrame(rows + [{"entity": s, "item": s, "role": ""} for s in STATES_1914])


profiles = st.lists(
    st.lists(st.sampled_from((1, 2, 3)), min_size=4, max_size=4), min_size=2, max_size=4
)


@given(profiles, st.sampled_from(("absolute", "squared")))
def test_all_pairs_at_once_are_the_formulas_on_single_profiles(
    rows: list[list[int]], distance: Distance
) -> None:
    matrix = np.array(rows, dtype=np.float64)
    given_weights = np.array([1.0, 2.0, 0.0, 0.5])
    for formula, single in (("s", s_score), ("kappa", weighted_kappa), ("pi", weighted_pi)):
        found = similarities(matrix, levels=(1, 2, 3), formula=formula, distance=distance)  # type: ignore[arg-type]
        for i, x in enumerate(rows):
            for j, y in enumerate(rows):
                expected = single(x, y, levels=(1, 2, 3), distance=distance)
                assert found[i, j] == pytest.approx(expected, abs=1e-9, nan_ok=True)
    weighted = similarities(matrix, levels=(1, 2, 3), distance=distance, weights=given_weights)
    expected = s_score(*rows[:2], levels=(1, 2, 3), distance=distance, weights=given_weights)
    assert weighted[0, 1] == pytest.approx(expected)


def test_nothing_of_the_kind_is_said_so(frames: Frames) -> None:
    with pytest.raises(UserError, match="no ties of the kind alliance"):
        compute("alliance-s", frames, of="CHL", with_="FRA", on="2013-01-01")
    with pytest.raises(UserError, match="Nothing is known after"):
        compute("shared-memberships", frames, of="CHL", with_="FRA", on="2040-01-01")


@given(profiles, st.sampled_from(("s", "kappa", "pi")), st.sampled_from(("absolute", "squared")))
def test_what_items_add_is_the_similarity(
    rows: list[list[int]], formula: Formula, distance: Distance
) -> None:
    matrix = np.array(rows, dtype=np.float64)
    found = similarities(matrix, levels=(1, 2, 3), formula=formula, distance=distance)[0, 1]
    start, parts = similarity_parts(
        *matrix[:2], levels=(1, 2, 3), formula=formula, distance=distance
    )
    assert np.isnan(found) or start + parts.sum() == pytest.approx(found, abs=1e-9)


def test_capability_weighs_the_states_of_the_system() -> None:
    """Weighted S of 1914 comes out of the matrix of all states as of the two profiles."""
    matrix = np.array([GERMANY_1914, RUSSIA_1914], dtype=np.float64)
    weights = np.array(CAPABILITY_1914)
    found = similarities(matrix, levels=(0, 1, 2, 3), weights=weights)[0, 1]
    assert f"{found:.3f}" == "-0.460"
    _, parts = similarity_parts(*matrix, levels=(0, 1, 2, 3), weights=weights)
    assert f"{parts.sum():.3f}" == "-0.460"


def test_members_by_year_are_those_of_every_years_last_day(frames: Frames) -> None:
    places, years = Places(frames), range(1940, 2030)
    for body in ("body/EU", "body/UN", "body/Club"):
        found = places.members(body, years)
        for year in years:
            at_the_end = Places(frames).members_on(body, f"{year}-12-31")
            assert found.filter(year=year)["entity"].to_list() == at_the_end["entity"].to_list()
