"""Arms transfers: a user's own file, of which nothing is shipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from geoties.graph.model import Tables, UserError
from geoties.loaders import sipri_arms
from geoties.loaders.registry import loader_named

HEAD = "supplier,recipient,year,value,supplier_iso3,recipient_iso3\n"


def load(folder: Path, rows: str) -> Tables:
    path = folder / sipri_arms.SOURCE.filenames[0]
    path.write_text(HEAD + rows, encoding="utf-8")
    return sipri_arms.load(path)


def test_nothing_of_it_is_shipped() -> None:
    loader = loader_named("sipri-arms")
    assert loader.sources[0].licence_class == "C"
    assert loader.embedded == "none"
    assert not loader.folder.exists()


def test_a_transfer_is_yearly_and_in_million_tiv(tmp_path: Path) -> None:
    tables = load(tmp_path, "China,Venezuela,2012,34.5,CHN,VEN\n")
    (tie,) = tables.ties.to_dicts()
    assert (tie["kind"], tie["from"], tie["to"]) == ("arms-transfer", "state/CHN", "state/VEN")
    assert (tie["year"], tie["value"], tie["unit"]) == (2012, 34.5, "million TIV")
    assert set(tables.coverage["status"]) == {"partial"}


@pytest.mark.parametrize(
    ("name", "year", "entity"),
    [
        ("Soviet Union", 1980, "historical/SUN"),
        ("Russia", 1995, "state/RUS"),
        ("Viet Nam", 1965, "historical/VDR"),
        ("Viet Nam", 1990, "state/VNM"),
        ("South Vietnam", 1965, "historical/RVN"),
        ("East Germany (GDR)", 1980, "historical/DDR"),
        ("UAE", 2010, "state/ARE"),
        ("Congo", 1990, "state/COG"),
        ("DR Congo", 1990, "state/COD"),
        ("Yugoslavia", 1985, "historical/YUG"),
        ("United Nations**", 1995, "body/UN"),
    ],
)
def test_who_is_meant(tmp_path: Path, name: str, year: int, entity: str) -> None:
    assert load(tmp_path, f"France,{name},{year},1,FRA,\n").ties["to"].item() == entity


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("France,Hezbollah (Lebanon)*,2000,1,FRA,LBN", "recipient"),
        ("Unknown supplier(s),France,2000,1,,FRA", "supplier"),
        ("France,Katanga,1961,1,FRA,COD", "recipient"),
        ("France,France,2000,1,FRA,FRA", "recipient"),
        ("France,Peru,20,1,FRA,PER", "year"),
        ("France,Peru,2000,-1,FRA,PER", "value"),
        ('France,Peru,2000,"1,5",FRA,PER', "value"),
        ("France,Peru,2000,,FRA,PER", "value"),
        ("France,Chile,2000,2,FRA,CHL", "value"),
    ],
)
def test_a_bad_row_is_told(tmp_path: Path, row: str, column: str) -> None:
    good = "France,Chile,2000,1,FRA,CHL\n"
    report = load(tmp_path, f"{good}{good}{row}\n").report
    assert [one.column for one in report.rejected] == [column]
    assert (report.read, report.loaded, report.duplicates) == (3, 1, 1)


def test_another_shape_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("supplier,recipient\nFrance,Peru\n")
    with pytest.raises(UserError, match="the column 'year' is missing"):
        sipri_arms.load(path)
