"""Mapping files and templates: what they may say, and that they work."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from commands import assert_told, geoties
from own_tables import flows, read, read_text, rejections

from geoties.graph.model import UserError
from geoties.loaders.user_tables_mapping import read_layout
from geoties.loaders.user_tables_template import template
from geoties.ontology.kinds import indicators, kinds

ADDABLE = [kind.id for kind in kinds().values() if not kind.derived]
THEIRS = """Visitor;Host;When;Notes
Korea;China;2013;first
Perú;Ch'ina;2014;second
"""
MAPPING = """
[source]
id = "leaders"
title = "Visits of leaders"
publisher = "A university"
licence = "CC-BY-4.0"
url = "https://example.org/"
citation = "Somebody (2025)."
retrieved = 2025-11-01

[table]
delimiter = ";"
ignore = ["Notes"]

[columns]
from = "Visitor"
to = "Host"
start = "When"

[constants]
kind = "visit"

[names]
Korea = "KOR"
"Ch'ina" = "state/CHN"

[[coverage]]
kind = "visit"
status = "partial"
from_scope = "China"
from_year = 2003
to_year = 2018
note = "leaders only"
"""


def test_a_table_under_names_of_its_own(tmp_path: Path) -> None:
    table = read_text(tmp_path, THEIRS, mapping=MAPPING)
    assert not rejections(table)
    assert sorted(table.tables.ties["from"]) == ["state/KOR", "state/PER"]
    assert set(table.tables.ties["to"]) == {"state/CHN"}
    source = table.source
    assert (source.id, source.title, source.licence) == (
        "leaders",
        "Visits of leaders",
        "CC-BY-4.0",
    )
    assert (source.publisher, source.retrieved.isoformat()) == ("A university", "2025-11-01")
    (covered,) = table.tables.coverage.to_dicts()
    assert covered["from_scope"] == "state/CHN"
    assert (covered["from_year"], covered["to_year"]) == (2003, 2018)
    assert covered["source"] == "source/leaders"


def test_the_same_in_json(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.json"
    content = {
        "table": {"delimiter": ";", "ignore": ["Notes"]},
        "columns": {"from": "Visitor", "to": "Host", "start": "When"},
        "constants": {"kind": "visit"},
        "names": {"Korea": "KOR", "Ch'ina": "CHN"},
    }
    mapping.write_text(json.dumps(content))
    path = tmp_path / "mine.csv"
    path.write_text(THEIRS)
    assert read(path, mapping).tables.report.loaded == 2


def test_the_command_goes_before_the_mapping(tmp_path: Path) -> None:
    path, mapping = tmp_path / "mine.csv", tmp_path / "m.toml"
    path.write_text(THEIRS)
    mapping.write_text(MAPPING)
    source = read(path, mapping, source="other", title="Another", licence="CC0-1.0").source
    assert (source.id, source.title, source.licence) == ("other", "Another", "CC0-1.0")


def test_what_is_not_said_of_a_source_is_not_made_up(tmp_path: Path) -> None:
    source = read_text(tmp_path, "kind,from,to\nvisit,PER,CHN\n").source
    assert (source.id, source.licence, source.url) == ("mine", "not stated", "")
    assert source.version.startswith("file mine.csv, SHA-256 ")


@pytest.mark.parametrize(
    ("system", "code", "entity"),
    [
        ("m49", "604", "state/PER"),
        ("m49", "004", "state/AFG"),
        ("m49", "4", "state/AFG"),
        ("cow", "135", "state/PER"),
        ("cow", "2", "state/USA"),
        ("cow", "20", "state/CAN"),
        ("iso3", "PER", "state/PER"),
    ],
)
def test_codes_of_a_declared_system(tmp_path: Path, system: str, code: str, entity: str) -> None:
    text = flows(f"{code},CHN,2023,1,USD")
    mapping = f'constants = {{ kind = "goods-trade" }}\n[table]\ncodes = "{system}"\n'
    table = read_text(tmp_path, text, mapping=mapping)
    assert table.tables.ties["from"].to_list() == [entity]


def test_a_code_means_who_held_it_then(tmp_path: Path) -> None:
    mapping = 'constants = { kind = "goods-trade" }\n[table]\ncodes = "cow"\n'
    text = flows("365,CHN,1985,1,USD", "365,CHN,2005,1,USD", "999,CHN,2005,1,USD")
    table = read_text(tmp_path, text, mapping=mapping)
    assert sorted(table.tables.ties["from"]) == ["historical/SUN", "state/RUS"]
    (item,) = rejections(table)
    assert item.reason == "no entity has this cow code at that time"


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        ("[tables]", "unknown key 'tables'; there are: source, table, columns"),
        ('[table]\ncolour = "red"', "unknown key 'colour'"),
        ('[table]\nencoding = ["utf-8"]', "should be a text"),
        ('[table]\nignore = "Notes"', "should be a list"),
        ('[table]\ndecimal = ";"', "decimal should be"),
        ('[table]\nthousands = ";"', "thousands should be"),
        ('[table]\nthousands = "."', "should be different signs"),
        ('[table]\ndecimal = ","\nthousands = ","', "should be different signs"),
        ('[table]\ndelimiter = ";;"', "should be one sign"),
        ('[table]\ncodes = "fips"', "codes should be one of"),
        ("table = 3", "should hold keys and values"),
        ("[units]\nEUR = 3", "should be { unit = 'USD', times = 1000 }"),
        ('[units]\nEUR = { unit = "USD", times = -1 }', "a number above 0"),
        ('[units]\nEUR = { unit = "USD", per = 1 }', "unknown key 'per'"),
        ("coverage = 3", "begun by"),
        ('[[coverage]]\nkind = "visit"', "needs its kind and its status"),
        ('[[coverage]]\nkind = "visit"\nstatus = "partial"\nfrom_year = "2003"', "a year such as"),
        ('[[coverage]]\nkind = "visit"\nstatus = "partial"\nscope = "x"', "unknown key 'scope'"),
        ('[source]\nname = "x"', "unknown key 'name'"),
        ("[table", "neither TOML nor JSON"),
    ],
)
def test_mappings_that_cannot_be(tmp_path: Path, mapping: str, told: str) -> None:
    path = tmp_path / "m.toml"
    path.write_text(mapping)
    with pytest.raises(UserError, match=r"m\.toml") as caught:
        read_layout(path)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        ('[columns]\nfrom = "Visitor"', "no column 'Visitor'; there are: kind, from, to, start"),
        ('[columns]\nsender = "from"', "is none of"),
        ('[constants]\nkind = "visit"', "both by a column and for every row"),
        ('[constants]\nsender = "PER"', "there is no column 'sender'"),
        ('[table]\nignore = ["Notes"]', "no column 'Notes'"),
        ('[names]\nA = "Korea"', "'A' = 'Korea': nothing is certainly called so"),
        ('[[coverage]]\nkind = "visits"\nstatus = "partial"', "kind is visits"),
        ('[[coverage]]\nkind = "visit"\nstatus = "some"', "status is some"),
        (
            '[[coverage]]\nkind = "visit"\nstatus = "partial"\nto_scope = "Korea"',
            "to_scope is 'Korea'",
        ),
        (
            '[[coverage]]\nkind = "visit"\nstatus = "partial"\nfrom_year = 2018\nto_year = 2003',
            "the first year is later",
        ),
        ('[source]\nretrieved = "yesterday"', "write a day such as 2025-11-01"),
    ],
)
def test_mappings_that_do_not_fit_the_table(tmp_path: Path, mapping: str, told: str) -> None:
    with pytest.raises(UserError) as caught:
        read_text(tmp_path, "kind,from,to,start\nvisit,PER,CHN,2017\n", mapping=mapping)
    assert told in str(caught.value)


def test_mapping_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        read_layout(tmp_path / "none.toml")
    listed = tmp_path / "m.json"
    listed.write_text("[1]")
    with pytest.raises(UserError, match="should hold sections"):
        read_layout(listed)
    listed.write_text("[" * 100_000)
    with pytest.raises(UserError, match="neither TOML nor JSON"):
        read_layout(listed)


@pytest.mark.parametrize("kind", [*ADDABLE, *indicators(), "project", "company", "agreement"])
def test_a_template_is_a_table_whose_example_is_never_added(tmp_path: Path, kind: str) -> None:
    text = template(kind)
    table = read_text(tmp_path, text)
    (item,) = rejections(table)
    assert item.reason == "this is the example of the template; delete the row"
    columns = next(csv.reader(io.StringIO(text.splitlines()[-2])))
    explained = [line.lstrip('"').split(":")[0].removeprefix("# ") for line in text.splitlines()]
    assert set(columns) <= set(explained)


@pytest.mark.parametrize("kind", [*ADDABLE, "gdp"])
def test_the_example_of_a_template_would_be_taken_as_a_fact_of_its_own(
    tmp_path: Path, kind: str
) -> None:
    table = read_text(tmp_path, template(kind).replace(",example\n", ",my own\n"))
    assert not rejections(table), rejections(table)
    assert table.tables.report.loaded == 1


def test_templates_on_the_command_line(tmp_path: Path) -> None:
    done = geoties("template", "visit")
    assert done.out == template("visit")
    path = tmp_path / "visits.tsv"
    assert geoties("template", "visit", "-o", path).code == 0
    assert path.read_text() == template("visit", "\t")
    assert_told(geoties("template", "visit", "-o", path), "exists already")
    assert_told(geoties("template", "visit", "-o", tmp_path / "v.xlsx"), "a .csv or a .tsv file")
    assert_told(geoties("template", "friendship"), "There is no template 'friendship'; there are")
    assert_told(geoties("template", "vote-agreement"), "There is no template")
