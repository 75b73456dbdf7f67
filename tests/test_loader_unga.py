"""Votes, roll calls and ideal points: who is meant, when, and what is not known."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoties.graph.model import Tables, UserError
from geoties.loaders import ideal_points, unga_votes
from geoties.loaders.embedded import read_embedded
from geoties.loaders.registry import loader_named

Vote = tuple[int, str, str | None, int]
CALLS = [
    # rcid, session, date, unres, importantvote, amend, para, issues, short
    ["1", "26", "1971-10-07", "R/26/2758A", "1", "", "", "", "CHINA REPRESENTATION"],
    ["2", "45", "1990-12-06", "R/45/1", "", "", "", "di|nu", ""],
    ["3", "74", "2019-12-12", "A/RES/74/1", "0", "0", "1", "me", "Palestine"],
    ["4", "16", "1961-12-01", "", "", "", "", "", "Admission"],
    ["5", "46", "1991-12-06", "", "", "", "", "", "Last of the Soviet Union"],
]
CALL_COLUMNS = [
    "rcid",
    "session",
    "date",
    "unres",
    "importantvote",
    "amend",
    "para",
    "issues",
    "short",
]


def _folder(folder: Path, votes: list[Vote], calls: list[list[str]] = CALLS) -> Path:
    schema = {"rcid": pl.Int32, "country": pl.String, "iso3": pl.String, "vote": pl.Int8}
    files = unga_votes.SOURCE.filenames
    pl.DataFrame(votes, schema=schema, orient="row").write_parquet(folder / files[0])
    pl.DataFrame(calls, schema=CALL_COLUMNS, orient="row").write_csv(folder / files[1])
    return folder


def _load(folder: Path, votes: list[Vote]) -> Tables:
    return unga_votes.load(_folder(folder, votes))


@pytest.mark.parametrize(
    ("vote", "entity"),
    [
        ((1, "Russia", "RUS", 1), "historical/SUN"),
        ((5, "Russia", "RUS", 1), "historical/SUN"),
        ((3, "Russia", "RUS", 1), "state/RUS"),
        ((1, "Taiwan", "TWN", 1), "state/TWN"),
        ((1, "Yugoslavia", None, 1), "historical/YUG"),
        ((3, "Yugoslavia", None, 1), "state/SRB"),
        ((2, "Yemen Arab Republic", None, 1), "state/YEM"),
        ((1, "Yemen Arab Republic", None, 1), "historical/YAR"),
        ((2, "Federal Republic of Germany", None, 1), "state/DEU"),
        ((4, "Tanzania", "TZA", 1), "historical/EAT"),
        ((4, "Egypt", "EGY", 1), "state/EGY"),
        ((3, "Niger", "NER", 1), "state/NER"),
    ],
)
def test_who_cast_a_vote(tmp_path: Path, vote: Vote, entity: str) -> None:
    assert _load(tmp_path, [vote]).ties["from"].to_list() == [entity]


def test_votes_say_yes_abstain_or_no(tmp_path: Path) -> None:
    votes: list[Vote] = [(3, "Chile", "CHL", 1), (3, "Peru", "PER", 2), (3, "Cuba", "CUB", 3)]
    ties = _load(tmp_path, [*votes, (3, "Brazil", "BRA", 8)])
    told = set(ties.ties.select("from", "role", "topic").rows())
    assert told == {
        ("state/CHL", "yes", "Palestinian conflict"),
        ("state/PER", "abstain", "Palestinian conflict"),
        ("state/CUB", "no", "Palestinian conflict"),
    }
    assert len(ties.report.rejected) == 1


def test_a_day_that_is_none_is_loaded_as_its_month(tmp_path: Path) -> None:
    tables = _load(tmp_path, [(1, "Peru", "PER", 1), (3, "Peru", "PER", 1)])
    told = tables.ties.select("to", "start", "start_precision").rows()
    assert told == [
        ("roll-call/1", "1971-10-01", "month"),
        ("roll-call/3", "2019-12-12", "day"),
    ]
    calls = {row["id"]: json.loads(row["properties"]) for row in tables.entities.to_dicts()}
    assert "date" not in calls["roll-call/1"]
    assert calls["roll-call/3"]["date"] == "2019-12-12"


def test_roll_calls_keep_what_their_source_says(tmp_path: Path) -> None:
    rows = _load(tmp_path, []).entities.to_dicts()
    calls = {row["id"]: json.loads(row["properties"]) for row in rows}
    labels = {row["id"]: json.loads(row["labels"])["en"] for row in rows}
    assert calls["roll-call/1"] == {
        "session": 26,
        "resolution": "R/26/2758A",
        "importantVote": True,
    }
    assert calls["roll-call/2"]["issue"] == [
        "Arms control and disarmament",
        "Nuclear weapons and nuclear material",
    ]
    assert calls["roll-call/3"]["importantVote"] is False
    assert labels["roll-call/2"] == "Roll call 2 of session 45"


COUNTRIES = st.sampled_from(
    [("Peru", "PER"), ("Russia", "RUS"), ("Zanzibar", None), ("Atlantis", None), ("X", "QQQ")]
)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.integers(1, 7), COUNTRIES, st.integers(0, 4)), max_size=15))
def test_every_vote_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[int, tuple[str, str | None], int]],
) -> None:
    votes: list[Vote] = [(rcid, name, iso3, vote) for rcid, (name, iso3), vote in rows]
    tables = _load(tmp_path_factory.mktemp("unga"), votes)
    assert tables.report.balanced()
    assert (tables.report.read, tables.report.loaded) == (len(votes), tables.ties.height)
    assert tables.ties["id"].n_unique() == tables.ties.height


def test_a_file_that_is_no_parquet_is_told(tmp_path: Path) -> None:
    folder = _folder(tmp_path, [])
    (folder / unga_votes.SOURCE.filenames[0]).write_text("votes")
    with pytest.raises(UserError, match="is not a Parquet file"):
        unga_votes.load(folder)
    with pytest.raises(UserError, match="give the folder"):
        unga_votes.load(folder / unga_votes.SOURCE.filenames[0])


def test_chile_and_the_united_states_in_session_74() -> None:
    """17 of 91 votes alike (DESIGN of the measures; session 74, recorded votes of both)."""
    tables = read_embedded(loader_named("unga_votes").folder)
    session = tables.entities.filter(pl.col("properties").str.json_path_match("$.session") == "74")[
        "id"
    ]
    votes = tables.ties.filter(pl.col("to").is_in(session.to_list()))
    chile, states = (
        votes.filter(pl.col("from") == f"state/{code}").select("to", "role")
        for code in ("CHL", "USA")
    )
    both = chile.join(states, on="to", suffix="_usa")
    assert (both.filter(pl.col("role") == pl.col("role_usa")).height, both.height) == (17, 91)


# Ideal points ------------------------------------------------------------------------------

POINT_COLUMNS = ["ccode", "iso3", "countryname", "year", *ideal_points.INDICATORS]
POINT_COLUMNS += ["idealpointlegacy", "nvotesfp", "nvotesall", "q5all", "q95all"]


def _points(folder: Path, rows: list[tuple[str, str, str, str]]) -> Path:
    path = folder / "points.csv"
    wide = [[code, "", "", year, fp, all_, "", "", "", "", ""] for code, year, fp, all_ in rows]
    pl.DataFrame(wide, schema=POINT_COLUMNS, orient="row").write_csv(path)
    return path


def test_two_estimates_are_two_indicators(tmp_path: Path) -> None:
    path = _points(tmp_path, [("135", "2023", "-0.5", "-0.4"), ("135", "2024", "-0.6", "")])
    found = ideal_points.load(path).observations
    assert set(found.select("entity", "indicator", "year", "value").rows()) == {
        ("state/PER", "ideal-point", 2023, -0.5),
        ("state/PER", "ideal-point", 2024, -0.6),
        ("state/PER", "ideal-point-all-votes", 2023, -0.4),
    }


@pytest.mark.parametrize(
    ("code", "year", "entity"),
    [
        ("365", "1991", "historical/SUN"),
        ("365", "1992", "state/RUS"),
        ("345", "1991", "historical/YUG"),
        ("345", "2006", "state/SRB"),
        ("315", "1992", "historical/CSK"),
        ("255", "1990", "state/DEU"),
        ("680", "1989", "historical/YMD"),
        ("510", "1961", "historical/EAT"),
        ("510", "1964", "state/TZA"),
        ("713", "1960", "state/TWN"),
    ],
)
def test_whose_ideal_point(tmp_path: Path, code: str, year: str, entity: str) -> None:
    path = _points(tmp_path, [(code, year, "0.1", "")])
    assert ideal_points.load(path).observations["entity"].to_list() == [entity]


def test_a_second_estimate_of_one_state_and_year_is_told(tmp_path: Path) -> None:
    first, other = ("135", "2000", "0.1", ""), ("135", "2000", "0.1", "0.2")
    report = ideal_points.load(_points(tmp_path, [first, first, other])).report
    assert (report.loaded, report.duplicates) == (1, 1)
    assert "an earlier row says something else" in report.rejected[0].reason


@settings(deadline=None, max_examples=30)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["135", "365", "999", ""]),
            st.sampled_from(["1980", "2000"]),
            st.sampled_from(["", "0.1", "x"]),
            st.sampled_from(["", "0.2"]),
        ),
        max_size=12,
    )
)
def test_every_point_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str, str]]
) -> None:
    report = ideal_points.load(_points(tmp_path_factory.mktemp("points"), rows)).report
    assert report.balanced()
    assert report.read == len(rows)
