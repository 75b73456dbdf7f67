"""Two small published lists: Belt and Road by year, and the members of the WTO."""

from __future__ import annotations

from pathlib import Path

import pytest

from geoties.graph.model import Tables, UserError
from geoties.loaders import bri_years, wto_members

BRI = "iso3,name,lpv_year,greenfdc_year,agree\n"
WTO = "iso3,country_name,accession_date,is_original_member\n"


def _load_bri(tmp_path: Path, rows: str, head: str = BRI) -> Tables:
    path = tmp_path / "bri_membership_years.csv"
    path.write_text(head + rows, encoding="utf-8")
    return bri_years.load(path)


def _load_wto(tmp_path: Path, rows: str) -> Tables:
    path = tmp_path / "wto_members.csv"
    path.write_text(WTO + rows, encoding="utf-8")
    return wto_members.load(path)


def test_only_the_open_list_of_belt_and_road_years_is_read(tmp_path: Path) -> None:
    tables = _load_bri(tmp_path, "CUB,Cuba,2018,2019,False\nCHN,China,,2013,False\n")
    (tie,) = tables.ties.to_dicts()
    assert (tie["from"], tie["to"], tie["role"]) == ("state/CUB", "body/BRI", "participant")
    assert (tie["start"], tie["start_precision"]) == ("2018-01-01", "year")
    assert tie["observed_to"] == "2021-12-31"
    assert [item.row for item in tables.report.rejected] == [3]
    assert "2019" not in tables.ties.write_csv()


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("XXZ,Nowhere,2018,,\n", "iso3"),
        ("PER,Peru,1999,,\n", "lpv_year"),
        ("PER,Peru,20I9,,\n", "lpv_year"),
    ],
)
def test_bad_belt_and_road_rows(tmp_path: Path, row: str, column: str) -> None:
    report = _load_bri(tmp_path, row).report
    assert report.rejected[0].column == f"bri_membership_years.csv: {column}"
    assert report.balanced()


def test_repeated_belt_and_road_rows(tmp_path: Path) -> None:
    report = _load_bri(tmp_path, "PER,Peru,2019,2019,True\n" * 2).report
    assert (report.loaded, report.duplicates) == (1, 1)


def test_another_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="the columns should be iso3"):
        _load_bri(tmp_path, "", head="iso3,year\n")


def test_wto_members_are_states_territories_and_the_union(tmp_path: Path) -> None:
    rows = (
        "CHN,China,2001-12-11,False\n"
        ",European Union,1995-01-01,True\n"
        '"HKG","Hong Kong, China",1995-01-01,True\n'
    )
    ties = _load_wto(tmp_path, rows).ties
    assert ties["from"].to_list() == ["state/CHN", "body/EU", "state/HKG"]
    assert ties["start"].to_list() == ["2001-12-11", "1995-01-01", "1995-01-01"]


@pytest.mark.parametrize("day", ["2001-13-11", "2001", "1994-12-31", ""])
def test_bad_wto_dates(tmp_path: Path, day: str) -> None:
    report = _load_wto(tmp_path, f"CHN,China,{day},False\n").report
    assert report.rejected[0].column == "wto_members.csv: accession_date"
