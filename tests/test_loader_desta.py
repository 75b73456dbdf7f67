"""The depth of trade agreements: a user's own file, of which nothing is shipped.

All rows here are made up; the agreements that they mean are real ones of the embedded registers.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from commands import geoties

from geoties.graph.model import Tables, UserError
from geoties.loaders import desta
from geoties.loaders.agreement_recognition import recognised, sides_of
from geoties.loaders.registry import loader_named

HEAD = "number,base_treaty,name,year,entry_type,depth_index,depth_rasch\n"
MEMBERS = "number,base_treaty,name,entry_type,iso3\n"
ROW = "9,9,Chile China,2005,base_treaty,3,-0.25\n"


def load(folder: Path, rows: str, members: str = "") -> Tables:
    path = folder / desta.SOURCE.filenames[0]
    path.write_text(HEAD + rows, encoding="utf-8")
    if not members:
        return desta.load(path)
    (folder / desta.SOURCE.filenames[1]).write_text(MEMBERS + members, encoding="utf-8")
    return desta.load(folder)


def agreements(tables: Tables) -> dict[str, dict[str, Any]]:
    rows = tables.entities.select("id", "properties").iter_rows()
    return {agreement: json.loads(told) for agreement, told in rows}


def test_nothing_of_it_is_shipped() -> None:
    loader = loader_named("desta")
    assert loader.sources[0].licence_class == "C"
    assert loader.embedded == "none"
    assert not loader.folder.exists()


def test_depth_belongs_to_the_agreement_that_we_have(tmp_path: Path) -> None:
    tables = load(tmp_path, ROW)
    assert agreements(tables) == {"agreement/wto-8": {"depth": 3.0}}
    told = tables.observations.select("entity", "indicator", "year", "value", "unit", "record")
    assert told.rows() == [
        ("agreement/wto-8", "agreement-depth", 2005, 3.0, "key provisions", "9"),
        ("agreement/wto-8", "agreement-depth-rasch", 2005, -0.25, "score", "9"),
    ]
    assert set(tables.observations["source"]) == {"source/desta"}


def test_the_sides_of_its_title_signed_in_its_year(tmp_path: Path) -> None:
    ties = load(tmp_path, "1,1,Colombia EC Peru,2012,base_treaty,7,\n").ties
    told = ties.select("kind", "from", "start", "start_precision").sort("from").rows()
    assert told == [
        ("signature", side, "2012-01-01", "year") for side in ("body/EU", "state/COL", "state/PER")
    ]


def test_what_is_not_certain_is_an_agreement_of_its_own(tmp_path: Path) -> None:
    rows = "1,1,Chile China,1999,base_treaty,3,0\n2,2,A pact of the wise,2005,base_treaty,1,0\n"
    tables = load(tmp_path, rows)
    assert agreements(tables) == {
        "agreement/desta-1": {"agreementType": "trade", "depth": 3.0},
        "agreement/desta-2": {"agreementType": "trade", "depth": 1.0},
    }
    labels = {json.loads(text)["en"] for text in tables.entities["labels"]}
    assert labels == {"Chile China (1999)", "A pact of the wise (2005)"}


def test_two_entries_of_one_year_are_not_one_agreement(tmp_path: Path) -> None:
    rows = f"{ROW}10,10,Chile China,2005,base_treaty,5,0\n"
    assert set(agreements(load(tmp_path, rows))) == {"agreement/desta-9", "agreement/desta-10"}


def test_a_consolidated_text_is_its_treaty_some_years_on(tmp_path: Path) -> None:
    rows = ROW + "9a,9,Chile China (consolidated),2011,consolidated,6,1\n"
    tables = load(tmp_path, rows)
    assert agreements(tables) == {"agreement/wto-8": {"depth": 6.0}}
    depth = tables.observations.filter(pl.col("indicator") == "agreement-depth")
    assert depth.select("year", "value").sort("year").rows() == [(2005, 3.0), (2011, 6.0)]
    assert set(tables.ties["start"]) == {"2005-01-01"}


def test_a_consolidated_text_of_others_is_not_their_base_treaty(tmp_path: Path) -> None:
    rows = "1,1,EC Korea,2010,base_treaty,7,2\n2a,1,Korea UK (consolidated),2019,consolidated,6,1\n"
    tables = load(tmp_path, rows)
    korea, britain = tables.observations.filter(pl.col("indicator") == "agreement-depth")["entity"]
    assert korea != britain
    assert set(tables.ties.filter(pl.col("to") == britain)["from"]) == {"state/KOR", "state/GBR"}


def test_an_accession_is_a_protocol_of_its_base_treaty(tmp_path: Path) -> None:
    rows = ROW + "9+1,9,Chile China Peru accession,2008,accession,3,0\n"
    told = agreements(load(tmp_path, rows))
    assert told["agreement/desta-9-1"]["amends"] == "agreement/wto-8"
    assert told["agreement/wto-8"] == {"depth": 3.0}


def test_members_tell_what_a_title_does_not(tmp_path: Path) -> None:
    row = "5,5,Some Euro-Pacific EPA,2005,base_treaty,4,0\n"
    assert set(agreements(load(tmp_path, row))) == {"agreement/desta-5"}
    members = "".join(f"5,5,x,base_treaty,{code}\n" for code in ("CHL", "CHN"))
    tables = load(tmp_path, row, members)
    assert set(agreements(tables)) == {"agreement/wto-8"}
    assert tables.ties.is_empty()
    unknown = members + "5,5,x,base_treaty,\n"
    assert set(agreements(load(tmp_path, row, unknown))) == {"agreement/desta-5"}


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("x,1,Chile Peru,2005,base_treaty,3,0", "number", "not a number of DESTA"),
        ("1,?,Chile Peru,2005,base_treaty,3,0", "base_treaty", "not the number of a treaty"),
        ("1,1, ,2005,base_treaty,3,0", "name", "must not be empty"),
        ("1,1,Chile Peru,05,base_treaty,3,0", "year", "no year"),
        ("1,1,Chile Peru,2005,pact,3,0", "entry_type", "none of base_treaty"),
        ("1,1,Chile Peru,2005,negotiation,3,0", "entry_type", "under negotiation"),
        ("1,1,Chile Peru,2005,withdrawal,3,0", "entry_type", "no agreement"),
        ("1,1,Chile Peru,2005,base_treaty,8,0", "depth_index", "from 0 to 7"),
        ("1,1,Chile Peru,2005,base_treaty,,0", "depth_index", "from 0 to 7"),
        ('1,1,Chile Peru,2005,base_treaty,3,"0,5"', "depth_rasch", "not a number"),
        ("9,9,Chile Peru,2005,base_treaty,3,0", "number", "another entry has this number"),
    ],
)
def test_a_bad_row_is_told(tmp_path: Path, row: str, column: str, reason: str) -> None:
    report = load(tmp_path, f"{ROW}{ROW}{row}\n").report
    assert [one.column for one in report.rejected] == [column]
    assert reason in report.rejected[0].reason
    assert (report.read, report.loaded, report.duplicates) == (3, 1, 1)


def test_another_shape_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("number,name\n1,Chile Peru\n")
    with pytest.raises(UserError, match="the column 'base_treaty' is missing"):
        desta.load(path)
    with pytest.raises(UserError, match=r"desta_indices_02_03\.csv is not in"):
        desta.load(tmp_path)


@pytest.mark.parametrize(
    ("title", "year", "sides"),
    [
        ("EC Iceland", 1972, {"body/EU", "state/ISL"}),
        ("Bosnia and Herzegovina Serbia and Montenegro", 2003, {"state/BIH", "historical/SCG"}),
        ("Association of Southeast Asian Nations (ASEAN) Korea", 2006, {"body/ASEAN", "state/KOR"}),
        ("Niger Nigeria", 2000, {"state/NER", "state/NGA"}),
        ("EC", 1957, set()),
        ("Peru Peru", 2000, set()),
        ("Lome IV", 1989, set()),
    ],
)
def test_the_sides_of_a_title(title: str, year: int, sides: set[str]) -> None:
    assert sides_of(title, year) == sides


def test_an_investment_treaty_is_no_trade_agreement() -> None:
    assert recognised("China Peru", 1994) == ""
    assert recognised("China Peru", 2009).startswith("agreement/")


def test_the_command_accounts_for_every_row(small_store: Path, tmp_path: Path) -> None:
    store = Path(shutil.copytree(small_store, tmp_path / "store"))
    path = tmp_path / "mine.csv"
    path.write_text(HEAD + ROW + "1,1,Nobody Noone,20x5,base_treaty,3,0\n")
    done = geoties("build", "--only", "desta", "--from", path, store=store)
    assert done.code == 0, done.err
    assert "desta: 2 rows; 1 loaded, 0 duplicates, 1 rejected." in done.err
    assert "row 3, year '20x5': no year" in done.err
    query = "SELECT ?d ?s WHERE { ?a gt:depth ?d . ?o gt:about ?a ; dcterms:source ?s }"
    asked = geoties("sparql", query, "--format", "csv", store=store)
    assert "3,source/desta" in asked.out
    gone = geoties("remove", "desta", store=store)
    assert gone.code == 0, gone.err
    asked = geoties("sparql", query, "--format", "csv", store=store)
    assert "desta" not in asked.out
