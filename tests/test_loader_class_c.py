"""Lists that came without a licence: a user's own file, of which nothing is shipped.

All rows here are made up.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from geoties.graph.model import Tables
from geoties.loaders import bri_greenfdc, confucius_institutes
from geoties.loaders.registry import loader_named

YEARS = "iso3,name,lpv_year,greenfdc_year,agree\n"
INSTITUTES = "id,confucius_institute,date_est,status,iso3\n"


def years(folder: Path, rows: str) -> Tables:
    path = folder / "years.csv"
    path.write_text(YEARS + rows, encoding="utf-8")
    return bri_greenfdc.load(path)


def institutes(folder: Path, rows: str) -> Tables:
    path = folder / "institutes.csv"
    path.write_text(INSTITUTES + rows, encoding="utf-8")
    return confucius_institutes.load(path)


@pytest.mark.parametrize("name", ["greenfdc-bri", "confucius-2022"])
def test_nothing_of_it_is_shipped(name: str) -> None:
    loader = loader_named(name)
    assert (loader.sources[0].licence_class, loader.embedded) == ("C", "none")
    assert not loader.folder.exists()


def test_the_other_list_of_years_is_read(tmp_path: Path) -> None:
    tables = years(tmp_path, "PER,Peru,2019,2018,False\n")
    (tie,) = tables.ties.to_dicts()
    assert (tie["from"], tie["to"], tie["role"]) == ("state/PER", "body/BRI", "participant")
    assert (tie["start"], tie["start_precision"]) == ("2018-01-01", "year")
    assert (tie["source"], tie["observed_to"]) == ("source/greenfdc-bri", "2021-12-31")
    assert set(tables.coverage["status"]) == {"partial"}


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("PER,Peru,2019,,False", "greenfdc_year"),
        ("PER,Peru,2019,unknown,False", "greenfdc_year"),
        ("PER,Peru,2019,1999,False", "greenfdc_year"),
        ("XXX,Nowhere,2019,2018,False", "iso3"),
    ],
)
def test_a_bad_row_of_years_is_told(tmp_path: Path, row: str, column: str) -> None:
    report = years(tmp_path, f"CHL,Chile,2018,2018,True\n{row}\n").report
    assert [one.column.rpartition(": ")[2] for one in report.rejected] == [column]
    assert (report.read, report.loaded) == (2, 1)


def test_an_institute_is_seen_as_long_as_the_list_says(tmp_path: Path) -> None:
    rows = "1,Institute of Lima,2010-03-01,Open,PER\n2,Institute of Quito,2011-05-02,Closed,ECU\n"
    lima, quito = institutes(tmp_path, rows).ties.sort("record").to_dicts()
    assert (lima["from"], lima["to"], lima["role"]) == (
        "state/CHN",
        "state/PER",
        "confucius-institute",
    )
    assert (lima["start"], lima["observed_to"]) == ("2010-03-01", "2022-12-31")
    assert (quito["start"], quito["observed_to"], quito["end"]) == ("2011-05-02", "2011-05-02", "")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("x,Institute,2010-03-01,Open,PER", "id"),
        ("2, ,2010-03-01,Open,PER", "confucius_institute"),
        ("2,Institute,2010-02-30,Open,PER", "date_est"),
        ("2,Institute,2010,Open,PER", "date_est"),
        ("2,Institute,1999-01-01,Open,PER", "date_est"),
        ("2,Institute,,Closed,PER", "date_est"),
        ("2,Institute,2010-03-01,Open,CHN", "iso3"),
        ("2,Institute,2010-03-01,Open,", "iso3"),
        ("1,Another,2010-03-01,Open,PER", "id"),
    ],
)
def test_a_bad_institute_is_told(tmp_path: Path, row: str, column: str) -> None:
    good = "1,Institute of Lima,2010-03-01,Open,PER\n"
    report = institutes(tmp_path, f"{good}{good}{row}\n").report
    assert [one.column for one in report.rejected] == [column]
    assert (report.read, report.loaded, report.duplicates) == (3, 1, 1)
