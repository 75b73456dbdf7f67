"""Sanctions: who, against whom, which type, and between which years."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoties.graph.model import Tables, UserError
from geoties.loaders import sanctions_gsdb
from geoties.loaders.embedded import read_embedded
from geoties.loaders.registry import loader_named
from geoties.ontology.kinds import roles

COLUMNS = [
    "case_id",
    "sanctioned_state",
    "sanctioning_state",
    "begin",
    "end",
    *sanctions_gsdb.TYPES,
    "target_iso3",
    "sender_iso3",
]
CASE = {
    "case_id": "1",
    "sanctioned_state": "Cuba",
    "sanctioning_state": "United States",
    "begin": "1960",
    "end": "1970",
    **dict.fromkeys(sanctions_gsdb.TYPES, "0"),
    "trade": "1",
    "target_iso3": "",
    "sender_iso3": "",
}


def load(folder: Path, *changes: dict[str, str]) -> Tables:
    path = folder / sanctions_gsdb.SOURCE.filenames[0]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows(CASE | {"case_id": str(n)} | row for n, row in enumerate(changes))
    return sanctions_gsdb.load(path)


def ends(tables: Tables) -> list[tuple[str, str]]:
    return sorted(tables.ties.select("from", "to").rows())


def test_a_case_is_a_tie_for_each_type(tmp_path: Path) -> None:
    tables = load(tmp_path, {"arms": "1", "travel": "1"})
    assert ends(tables) == [("state/USA", "state/CUB")] * 3
    assert set(tables.ties["role"]) == {"trade-sanction", "arms-sanction", "travel-sanction"}
    assert sorted(tables.ties["record"]) == ["0-arms", "0-trade", "0-travel"]
    assert tables.report.loaded == 1


def test_years_are_imprecise_and_an_end_is_the_last_day_it_may_mean(tmp_path: Path) -> None:
    (tie,) = load(tmp_path, {}).ties.to_dicts()
    assert (tie["start"], tie["start_precision"]) == ("1960-01-01", "year")
    assert (tie["end"], tie["end_precision"], tie["observed_to"]) == ("1970-12-31", "year", "")


def test_a_case_coded_to_the_last_year_is_not_over(tmp_path: Path) -> None:
    (tie,) = load(tmp_path, {"end": "2022"}).ties.to_dicts()
    assert (tie["end"], tie["observed_to"]) == ("", "2022-01-01")


@pytest.mark.parametrize(
    ("name", "begin", "entity"),
    [
        ("Yugoslavia", "1991", "historical/YUG"),
        ("Yugoslavia", "1998", "historical/SCG"),
        ("Soviet Union", "1980", "historical/SUN"),
        ("Russia", "2014", "state/RUS"),
        ("German Democratic Republic", "1961", "historical/DDR"),
        ("South Vietnam", "1963", "historical/RVN"),
        ("South Vietnam", "1978", "state/VNM"),
        ("Yemen, North", "2012", "state/YEM"),
        ("Korea, North", "2006", "state/PRK"),
        ("Congo, Democratic Republic of the", "1993", "state/COD"),
        ("Rhodesia", "1965", "state/ZWE"),
        ("EU", "2014", "body/EU"),
        ("EEC", "1977", "body/EU"),
    ],
)
def test_who_is_the_target(tmp_path: Path, name: str, begin: str, entity: str) -> None:
    tables = load(tmp_path, {"sanctioned_state": name, "begin": begin, "end": "2022"})
    assert ends(tables) == [("state/USA", entity)]


def test_a_coalition_is_read_only_where_every_part_is_certain(tmp_path: Path) -> None:
    tables = load(
        tmp_path,
        {"sanctioning_state": "EU, Norway", "begin": "2017", "end": "2022"},
        {"sanctioning_state": "Saudi Arabia, Egypt, Arab Rep."},
    )
    assert ends(tables) == [("body/EU", "state/CUB"), ("state/NOR", "state/CUB")]
    assert sorted(tables.ties["record"]) == ["0-trade-EU", "0-trade-NOR"]
    (rejected,) = tables.report.rejected
    assert (rejected.row, rejected.column) == (3, "sanctioning_state")


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"sanctioned_state": "Western countries"}, "sanctioned_state"),
        ({"sanctioned_state": "Korea"}, "sanctioned_state"),
        ({"sanctioned_state": ""}, "sanctioned_state"),
        ({"sanctioned_state": "United States"}, "sanctioned_state"),
        ({"sanctioned_state": "Niger", "target_iso3": "NGA"}, "target_iso3"),
        ({"begin": "60"}, "begin"),
        ({"begin": "1971"}, "end"),
        ({"end": "2023"}, "end"),
        ({"end": ""}, "end"),
        ({"trade": "0"}, "trade"),
        ({"arms": "2"}, "arms"),
    ],
)
def test_a_bad_row_is_told(tmp_path: Path, change: dict[str, str], column: str) -> None:
    report = load(tmp_path, change).report
    assert [one.column for one in report.rejected] == [column]
    assert report.balanced()


def test_another_shape_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("case_id,begin\n1,1960\n")
    with pytest.raises(UserError, match="the column 'end' is missing"):
        sanctions_gsdb.load(path)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "sanctioned_state": st.sampled_from(["Cuba", "EU", "Balkans", "Iran, Iraq", ""]),
                "sanctioning_state": st.sampled_from(["Cuba", "UN", "Norway,Sweden"]),
                "begin": st.sampled_from(["1990", "2022", "x"]),
                "case_id": st.sampled_from(["1", "2"]),
            }
        ),
        max_size=8,
    )
)
def test_every_case_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]]
) -> None:
    report = load(tmp_path_factory.mktemp("rows"), *rows).report
    assert report.read == len(rows)
    assert report.balanced()


def test_every_type_is_a_role_of_the_ontology() -> None:
    assert set(sanctions_gsdb.TYPES.values()) <= set(roles())


def test_the_package_carries_facts_about_latin_america_and_the_poles() -> None:
    tables = read_embedded(loader_named("sanctions_gsdb").folder)
    ours = {"state/CHN", "state/USA", "state/VEN", "state/CUB"}
    pairs = {frozenset(pair) for pair in ends(tables)}
    assert frozenset({"state/USA", "state/CUB"}) in pairs
    assert frozenset({"body/EU", "state/VEN"}) in pairs
    assert all(pair & ours or pair & _latin_america() for pair in pairs)
    assert set(tables.coverage["status"]) == {"partial"}


def _latin_america() -> set[str]:
    from geoties.loaders.agreement_selection import latin_americans

    return set(latin_americans())


def test_no_tie_begins_outside_the_life_of_its_ends() -> None:
    ties = read_embedded(loader_named("sanctions_gsdb").folder).ties
    lives = read_embedded(loader_named("countries").folder).entities
    lives = lives.filter(pl.col("valid_to") != "").select("id", "valid_to")
    for end in ("from", "to"):
        dated = ties.join(lives, left_on=end, right_on="id")
        assert dated.filter(pl.col("start") >= pl.col("valid_to")).is_empty()
