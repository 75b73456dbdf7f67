"""Alliances: obligations, exits and dates as far as ATOP knows them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from geoties.graph.model import Tables, UserError
from geoties.loaders import alliances_atop
from geoties.loaders.embedded import read_embedded
from geoties.loaders.registry import loader_named

HEAD = (
    "atopid,member,phase,yrent,moent,dayent,yrexit,moexit,dayexit,ineffect,"
    "defense,offense,neutral,nonagg,consul\n"
)


def load(tmp_path: Path, rows: str) -> Tables:
    path = tmp_path / alliances_atop.SOURCE.filenames[0]
    path.write_text(HEAD + rows, encoding="utf-8")
    return alliances_atop.load(path)


def test_the_role_is_the_strongest_obligation(tmp_path: Path) -> None:
    tables = load(tmp_path, "1,70,0,1947,9,2.0,2004,9,6.0,0,0,0,1,1,1\n")
    (tie,) = tables.ties.to_dicts()
    assert (tie["from"], tie["role"]) == ("state/MEX", "neutrality-obligation")
    assert (tie["start"], tie["end"], tie["observed_to"]) == ("1947-09-02", "2004-09-06", "")


def test_a_zero_in_a_date_is_unknown(tmp_path: Path) -> None:
    tables = load(
        tmp_path, "1,70,0,1947,9,0.0,0,0,0.0,1,1,0,0,0,0\n2,70,0,1948,0,,0,0,,1,1,0,0,0,0\n"
    )
    told = tables.ties.select("start", "start_precision", "end", "observed_to").rows()
    assert told == [
        ("1947-09-01", "month", "", "2018-12-31"),
        ("1948-01-01", "year", "", "2018-12-31"),
    ]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("1,99999,0,1947,9,2,0,0,0,1,1,0,0,0,0", "member"),
        ("1,70,0,1947,9,2,0,0,0,1,0,0,0,0,0", "defense"),
        ("1,70,0,1947,9,2,1946,1,1,0,1,0,0,0,0", "yrexit"),
        ("1,70,0,1947,13,2,0,0,0,1,1,0,0,0,0", "yrent"),
        ("1,70,0,unknown,1,2,0,0,0,1,1,0,0,0,0", "yrent"),
    ],
)
def test_a_bad_row_is_rejected_with_its_column(tmp_path: Path, row: str, column: str) -> None:
    report = load(tmp_path, row + "\n").report
    assert [one.column for one in report.rejected] == [column]
    assert report.balanced()


def test_another_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n", encoding="utf-8")
    with pytest.raises(UserError, match="'atopid' is missing"):
        alliances_atop.load(path)


def test_who_left_the_rio_treaty_and_when() -> None:
    ties = read_embedded(loader_named("alliances_atop").folder).ties
    rio = ties.filter(pl.col("to") == "agreement/atop-3075")
    left = dict(rio.filter(pl.col("end") != "").select("from", "end").rows())
    assert left == {
        "state/CUB": "1962-01-22",
        "state/MEX": "2004-09-06",
        "state/NIC": "2014-09-06",
        "state/BOL": "2014-10-17",
        "state/VEN": "2015-07-14",
        "state/ECU": "2016-02-19",
    }


def test_china_and_north_korea_are_allies() -> None:
    ties = read_embedded(loader_named("alliances_atop").folder).ties
    pact = ties.filter(pl.col("to") == "agreement/atop-3445").select("from", "role").rows()
    assert set(pact) == {
        ("state/CHN", "defence-obligation"),
        ("state/PRK", "defence-obligation"),
    }
