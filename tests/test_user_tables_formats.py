"""XLSX, JSON, Parquet and Turtle: read as exactly as the file knows them, or told why not."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from own_tables import read, read_text, rejections

from geoties.graph.model import UserError

HEADER = ["kind", "from", "to", "start"]
PREFIXES = """@prefix gt: <https://w3id.org/geoties/ontology#> .
@prefix geo: <https://w3id.org/geoties/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@base <https://w3id.org/geoties/> .
"""


def workbook(folder: Path, *rows: list[Any], sheets: tuple[str, ...] = ("Sheet",)) -> Path:
    """An XLSX with these rows in its first sheet."""
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = sheets[0]
    for title in sheets[1:]:
        book.create_sheet(title)
    for row in rows:
        first.append(row)
    path = folder / "mine.xlsx"
    book.save(path)
    return path


def test_a_spreadsheet(tmp_path: Path) -> None:
    day, month = dt.datetime(2017, 11, 17), dt.datetime(2018, 11, 1)
    path = workbook(
        tmp_path,
        ["# Visits"],
        HEADER,
        ["visit", "PER", "CHN", 2017],
        ["visit", "PER", "CHN", 2018.0],
        ["visit", "PER", "CHN", day],
        ["visit", "PER", "CHN", month],
        ["visit", "PER", "CHN", dt.datetime(2019, 1, 1, 10, 30)],
        [None, None, None, None],
        ["visit", "PER", "CHN", 43052],
        ["visit", "NA", "CHN", "2020-05"],
    )
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    sheet["D6"].number_format = "mmm yyyy"
    book.save(path)
    table = read(path)
    ties = table.tables.ties.sort("start", "start_precision").select("start", "start_precision")
    assert ties.rows() == [
        ("2017-01-01", "year"),
        ("2017-11-17", "day"),
        ("2018-01-01", "year"),
        ("2018-11-01", "month"),
        ("2020-05-01", "month"),
    ]
    told = {item.row: item.reason for item in rejections(table)}
    assert told == {
        7: "it has a time of day; write the day alone, as 2017-11-17",
        9: "it is a spreadsheet's number of a day; write the day as 2017-11-17",
    }


def test_numbers_of_a_spreadsheet(tmp_path: Path) -> None:
    header = ["kind", "from", "to", "topic", "year", "value", "unit"]
    path = workbook(
        tmp_path,
        header,
        ["commodity-trade", "PER", "CHN", "010110", 2023, 2.5, "USD"],
        ["commodity-trade", "PER", "CHN", 10110, 2023, 2.5, "USD"],
        ["commodity-trade", "PER", "CHN", 260300, 2023.0, 1e9, "USD"],
    )
    table = read(path)
    assert sorted(table.tables.ties["topic"]) == ["010110", "260300"]
    assert sorted(table.tables.ties["value"]) == [2.5, 1e9]
    (item,) = rejections(table)
    assert (item.row, item.column, item.value) == (3, "topic", "10110")


def test_formulas_and_errors_of_a_spreadsheet_are_no_values(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        HEADER,
        ["visit", "PER", "CHN", "=1+2016"],
        ["visit", "PER", "CHN", "#N/A"],
        ["visit", "PER", "CHN", "2017"],
        ["visit", '=HYPERLINK("http://example.org","PER")', "CHN", "2018"],
    )
    table = read(path)
    told = [(item.row, item.column, item.value, item.reason) for item in rejections(table)]
    assert told[0] == (2, "start", "=1+2016", "it is a formula; paste it as a value")
    assert told[1][:3] == (3, "start", "#N/A")
    assert told[2][0:2] == (5, "from")
    assert table.tables.report.loaded == 1


def test_a_cell_in_the_last_row_of_a_spreadsheet(tmp_path: Path) -> None:
    path = workbook(tmp_path, HEADER, ["visit", "PER", "CHN", 2017])
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    sheet["A1048576"] = "visit"
    book.save(path)
    table = read(path)
    (item,) = rejections(table)
    assert item.row == 1048576
    assert table.tables.report.loaded == 1


def test_cells_beside_the_table_are_told(tmp_path: Path) -> None:
    path = workbook(tmp_path, HEADER, ["visit", "PER", "CHN", 2017])
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    sheet["XFD2"] = "far away"
    book.save(path)
    (item,) = rejections(read(path))
    assert item.row == 2
    assert "cells where the header has 4" in item.reason


def test_the_sheet_is_named_where_there_are_several(tmp_path: Path) -> None:
    path = workbook(tmp_path, HEADER, ["visit", "PER", "CHN", 2017], sheets=("Data", "Notes"))
    with pytest.raises(UserError, match="has the sheets Data, Notes"):
        read(path)
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('[table]\nsheet = "Data"\n')
    assert read(path, mapping).tables.report.loaded == 1
    mapping.write_text('[table]\nsheet = "Other"\n')
    with pytest.raises(UserError, match="no sheet 'Other'"):
        read(path, mapping)


def test_a_spreadsheet_that_is_none(tmp_path: Path) -> None:
    for content in (b"", b"PK\x03\x04", b"kind,from,to\n", b"\xd0\xcf\x11\xe0 an older format"):
        with pytest.raises(UserError, match="not a spreadsheet that can be read"):
            read_text(tmp_path, content, name="mine.xlsx")
    empty = workbook(tmp_path)
    with pytest.raises(UserError, match="is empty"):
        read(empty)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<sheetData>", b"<sheetData><row r='99999999999'><c><v>1</v></c></row>"),
        (b'<?xml version="1.0"', b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><?x '),
        (b"<sheetData>", b"<sheetData><row><c t='s'><v>99</v></c></row>"),
        (b"<sheetData>", b"<sheetData"),
    ],
)
def test_hostile_spreadsheets(tmp_path: Path, old: bytes, new: bytes) -> None:
    path = workbook(tmp_path, HEADER, ["visit", "PER", "CHN", 2017])
    hostile = tmp_path / "hostile.xlsx"
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(hostile, "w") as out:
        for item in archive.infolist():
            content = archive.read(item)
            if item.filename.startswith("xl/worksheets/sheet"):
                if old.startswith(b"<?xml"):
                    content = b'<?xml version="1.0"?>' + content.split(b"?>", 1)[-1]
                content = content.replace(old, new, 1)
            out.writestr(item.filename, content)
    with pytest.raises(UserError):
        read(hostile)


def test_json(tmp_path: Path) -> None:
    rows = [
        {"kind": "visit", "from": "PER", "to": "CHN", "start": 2017},
        {"kind": "visit", "from": "NA", "to": "CHN", "start": "2018-11", "confidence": None},
        {"kind": "visit", "from": ["PER", "CHL"], "to": "CHN", "start": "2018"},
        {"kind": "visit", "from": True, "to": "CHN", "start": "2018"},
        {},
    ]
    text = json.dumps(rows)[:-1] + ', {"kind":"visit","from":"PER","from":"CHL","to":"CHN"}]'
    table = read_text(tmp_path, text, name="mine.json")
    told = {item.row: item.reason for item in rejections(table)}
    assert set(told) == {3, 4, 6}
    assert "not a list" in told[3]
    assert "twice" in told[6]
    assert sorted(table.tables.ties["start"]) == ["2017-01-01", "2018-11-01"]


def test_numbers_in_json_stay_as_they_are_written(tmp_path: Path) -> None:
    text = """[{"kind": "goods-trade", "from": "PER", "to": "CHN", "year": 2023,
        "value": 12345678901.25, "unit": "USD"},
        {"kind": "goods-trade", "from": "PER", "to": "CHN", "year": 2022, "value": NaN,
        "unit": "USD"}]"""
    table = read_text(tmp_path, text, name="mine.json")
    assert table.tables.ties["value"].to_list() == [12345678901.25]
    (item,) = rejections(table)
    assert (item.row, item.column, item.value) == (2, "value", "NaN")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"[" * 100_000, "nested too deep"),
        (b"[1, 2]", "a list of objects"),
        (b'{"kind": "visit"}', "a list of objects"),
        (b"[]", "has no rows"),
        (b'[{"kind": ', "is not JSON"),
        (b'[{"kind": "\xff"}]', "not UTF-8"),
        (b'[{"kind": "visit", "KIND": "visit"}]', "two columns are called"),
    ],
)
def test_json_that_is_no_table(tmp_path: Path, text: bytes, told: str) -> None:
    with pytest.raises(UserError, match=told):
        read_text(tmp_path, text, name="mine.json")


def test_parquet(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "kind": ["goods-trade"] * 4,
            "from": ["PER", "NA", "CHL", None],
            "to": pl.Series(["CHN"] * 4, dtype=pl.Categorical),
            "year": [2023.0, 2022.0, 2021.0, None],
            "value": [1.5, 2e9, float("nan"), None],
            "unit": ["USD", "USD", "USD", None],
        }
    )
    frame.write_parquet(tmp_path / "mine.parquet")
    table = read(tmp_path / "mine.parquet")
    assert sorted(table.tables.ties["value"]) == [1.5, 2e9]
    assert sorted(table.tables.ties["year"]) == [2022, 2023]
    told = {item.row: (item.column, item.value) for item in rejections(table)}
    assert told[3] == ("value", "NaN")
    assert set(told) == {3, 4}


def test_dates_in_parquet(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "kind": "visit",
            "from": ["PER", "CHL", "BRA"],
            "to": "CHN",
            "start": [
                dt.datetime(2017, 11, 17),
                dt.datetime(2018, 11, 17, 1),
                None,
            ],
        }
    )
    frame.write_parquet(tmp_path / "mine.parquet")
    table = read(tmp_path / "mine.parquet")
    assert sorted(table.tables.ties["start"]) == ["", "2017-11-17"]
    (item,) = rejections(table)
    assert "time of day" in item.reason


def test_parquet_that_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not a Parquet file"):
        read_text(tmp_path, b"PAR1 no parquet", name="mine.parquet")
    nested = pl.DataFrame({"kind": ["visit"], "from": [["PER"]], "to": ["CHN"]})
    nested.write_parquet(tmp_path / "mine.parquet")
    with pytest.raises(UserError, match="holds lists"):
        read(tmp_path / "mine.parquet")
    wide = pl.DataFrame({"kind": ["visit"] * 3_000_000})
    wide.write_parquet(tmp_path / "mine.parquet")
    with pytest.raises(UserError, match="more than 2,000,000 rows"):
        read(tmp_path / "mine.parquet")


TURTLE = (
    PREFIXES
    + """
<tie/visit/mine/first> a gt:Visit ; gt:from <state/CHN> ; gt:to <state/PER> ;
    gt:role gt:head-of-state ; gt:start "2017-01-01"^^xsd:date ; gt:startPrecision gt:calendarYear ;
    dcterms:references <https://example.org/a> ; dcterms:source <source/mine> .
[] a gt:GoodsTrade ; gt:from <state/PER> ; gt:to <state/CHN> ; gt:year 2023 ; gt:value 1250.5 ;
    gt:unit <unit/USD> .
<project/own> a gt:Project ; rdfs:label "A port"@en, "Un puerto"@es ; gt:hostedBy <state/PER> .
<tie/culture-education/mine/x> a gt:CultureEducation ; gt:from <state/CHN> ; gt:to <state/PER> ;
    gt:via <project/own> ; gt:start "2018-05-01"^^xsd:date ; gt:startPrecision gt:month .
<o> a gt:Observation ; gt:about <state/PER> ; gt:indicator gt:gdp ; gt:year 2023 ;
    gt:value 250000000000 ; gt:unit <unit/USD> .
<c> a gt:Coverage ; gt:ofKind gt:Visit ; gt:coverageStatus gt:partial ;
    gt:fromScope <state/CHN> ; gt:fromYear 2003 ; gt:toYear 2018 .
<state/PER> a gt:State ; rdfs:label "Peru"@en .
"""
)


def test_turtle_in_our_ontology(tmp_path: Path) -> None:
    table = read_text(tmp_path, TURTLE, name="mine.ttl")
    assert not rejections(table)
    tables = table.tables
    assert sorted(tables.ties["kind"]) == ["culture-education", "goods-trade", "visit"]
    visit = tables.ties.filter(kind="visit").row(0, named=True)
    assert (visit["id"], visit["start_precision"]) == ("tie/visit/mine/first", "year")
    assert visit["role"] == "head-of-state"
    assert tables.entities["id"].to_list() == ["project/own"]
    assert tables.observations["value"].to_list() == [250_000_000_000]
    assert tables.coverage.select("kind", "status", "from_scope", "from_year").row(0) == (
        "visit",
        "partial",
        "state/CHN",
        2003,
    )
    assert table.repeated == [(7, "the graph says so already")]


@pytest.mark.parametrize(
    ("statement", "column", "reason"),
    [
        ("<x> a gt:Friendship ; gt:from <state/PER> .", "a", "needs one class"),
        ("<x> gt:from <state/PER> .", "a", "needs one class"),
        ("<x> a gt:Visit, gt:Alliance ; gt:from <state/PER> .", "a", "needs one class"),
        ("<x> a gt:Visit ; gt:from <state/PER>, <state/CHL> .", "from", "more than once"),
        ("<x> a gt:Visit ; gt:colour 'red' .", "colour", "nothing of ties is said so"),
        ("<x> a gt:Visit ; gt:from <state/PER> ; gt:to <state/ZZZ> .", "to", "nothing is"),
        (
            "<x> a gt:Visit ; gt:from <state/PER> ; gt:to <state/CHN> ; "
            "dcterms:source <source/other> .",
            "source",
            "the table is the source mine",
        ),
        ("<state/PER> a gt:State ; rdfs:label 'Perou'@en .", "id", "says otherwise"),
        ("<state/XYZ> a gt:State ; rdfs:label 'New'@en .", "kind", "your own entities may be"),
    ],
)
def test_turtle_that_says_what_it_may_not(
    tmp_path: Path, statement: str, column: str, reason: str
) -> None:
    table = read_text(tmp_path, PREFIXES + statement, name="mine.ttl")
    (item,) = rejections(table)
    assert item.column == column
    assert reason in item.reason


@pytest.mark.parametrize("text", ["", "<a> <b>", "kind,from,to\n", "<x> a gt:Visit .", "\0"])
def test_turtle_that_is_none(tmp_path: Path, text: str) -> None:
    with pytest.raises(UserError, match=r"is not Turtle|says nothing"):
        read_text(tmp_path, text, name="mine.ttl")
