"""States, territories, regions and historical states, as embedded and from small tables."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from geoties.graph.model import UserError
from geoties.loaders import countries
from geoties.loaders.embedded import read_embedded
from geoties.loaders.registry import loader_named
from geoties.ontology.kinds import properties


@pytest.fixture(scope="module")
def entities() -> dict[str, dict[str, Any]]:
    frame = read_embedded(loader_named("countries").folder).entities
    return {
        row["id"]: row
        | {"labels": json.loads(row["labels"]), "properties": json.loads(row["properties"])}
        for row in frame.to_dicts()
    }


def test_states_are_the_members_and_observers_of_the_united_nations(
    entities: dict[str, dict[str, Any]],
) -> None:
    kinds = [row["kind"] for row in entities.values()]
    assert (kinds.count("state"), kinds.count("territory")) == (195, 55)
    for code in ("TWN", "HKG", "MAC", "XKX", "GRL", "ESH", "COK", "NIU"):
        assert entities[f"state/{code}"]["kind"] == "territory"
    assert entities["state/PSE"]["kind"] == entities["state/VAT"]["kind"] == "state"


def test_namibia_keeps_its_code(entities: dict[str, dict[str, Any]]) -> None:
    namibia = entities["state/NAM"]["properties"]
    assert namibia["iso2"] == "NA"
    assert namibia["isoNumeric"] == "516"
    assert namibia["continent"] == "AF"


def test_codes_keep_their_leading_zeros(entities: dict[str, dict[str, Any]]) -> None:
    afghanistan = entities["state/AFG"]["properties"]
    assert (afghanistan["m49"], afghanistan["isoNumeric"]) == ("004", "004")


def test_latin_america_is_twenty_states(entities: dict[str, dict[str, Any]]) -> None:
    members = {
        row["id"]
        for row in entities.values()
        if "region/LA20" in row["properties"].get("inRegion", [])
    }
    assert len(members) == 20
    assert all("region/419" in entities[i]["properties"]["inRegion"] for i in members)
    assert {"state/CUB", "state/HTI"} <= members
    assert {"state/BLZ", "state/JAM", "state/PRI"}.isdisjoint(members)


def test_coordinates_are_known_or_left_out(entities: dict[str, dict[str, Any]]) -> None:
    without = {
        row["id"]
        for row in entities.values()
        if row["id"].startswith("state/") and "latitude" not in row["properties"]
    }
    assert len(without) == 10
    peru = entities["state/PER"]["properties"]
    assert (peru["latitude"], peru["longitude"]) == (-10.0, -76.0)


@pytest.mark.parametrize(
    ("entity", "begin", "end"),
    [
        ("historical/SUN", "1922-12-30", "1991-12-26"),
        ("historical/YUG", "1918-12-01", "1992-04-27"),
        ("historical/SCG", "1992-04-27", "2006-06-03"),
        ("historical/CSK", "1918-10-28", "1993-01-01"),
        ("historical/DDR", "1949-10-07", "1990-10-03"),
        ("historical/EAT", "1961-12-09", "1964-04-26"),
        ("historical/ANT", "1954-12-15", "2010-10-10"),
        ("historical/HSE", "1814-05-30", "1866-08-23"),
    ],
)
def test_historical_states_have_their_days(
    entities: dict[str, dict[str, Any]], entity: str, begin: str, end: str
) -> None:
    row = entities[entity]
    assert (row["kind"], row["valid_from"], row["valid_to"]) == ("historical-state", begin, end)
    assert row["properties"]["note"].startswith("Begin and end: ")


def test_who_continues_and_who_succeeds(entities: dict[str, dict[str, Any]]) -> None:
    assert entities["state/RUS"]["properties"]["continuatorOf"] == ["historical/SUN"]
    assert "historical/SUN" in entities["state/KAZ"]["properties"]["successorOf"]
    assert entities["historical/SUN"]["properties"]["continuatorOf"] == ["historical/RUE"]
    assert "historical/YUG" in entities["historical/SCG"]["properties"]["successorOf"]
    assert entities["state/YEM"]["properties"]["successorOf"] == [
        "historical/YAR",
        "historical/YMD",
    ]


def test_every_property_is_declared_and_every_object_exists(
    entities: dict[str, dict[str, Any]],
) -> None:
    declared = properties()
    for row in entities.values():
        assert set(row["properties"]) <= set(declared), row["id"]
        for name in ("inRegion", "continuatorOf", "successorOf"):
            assert set(row["properties"].get(name, [])) <= set(entities), row["id"]


def test_cow_codes_belong_to_one_entity(entities: dict[str, dict[str, Any]]) -> None:
    codes = [
        row["properties"]["cowCode"]
        for row in entities.values()
        if row["kind"] == "state"
        if "cowCode" in row["properties"]
    ]
    assert len(codes) == len(set(codes)) == 193
    assert entities["state/PER"]["properties"]["cowCode"] == "135"


def _historical_list(path: Path, rows: list[list[str]]) -> list[dict[str, str]]:
    header = "stateID,StateName,Capital,Begin,End,Latitude,Longitude,Region,StateNameAlt"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header.split(","))
        writer.writerows([*row, "", "", "", ""] for row in rows)
    return countries._rows(path)


def test_the_historical_list_is_read_with_its_faults(tmp_path: Path) -> None:
    rows = _historical_list(
        tmp_path / "states.csv",
        [
            ["AAA", "Alpha", "", "0778", "1008"],
            ["BBB", "Beta", "", "1819-12-17", "1830"],
            ["BBB", "Beta", "", "1815-01-01", "1816-01-01"],
            ["CCC", "Gamma", "", "1625-01-01~", "1910-12-31~"],
            ["DDD", "Delta", "", "1900-01-01", "9999-12-31"],
            ["ITA", "Italy", "", "-0753", "1860-01-01"],
        ],
    )
    older, rejected = countries._older_states(rows, {"ITA"})
    found = {entity.id: (entity.valid_from, entity.valid_to) for entity in older}
    assert found == {
        "historical/BBB": ("1819-12-17", "1830-12-31"),
        "historical/CCC": ("1625-01-01", "1910-12-31"),
    }
    assert [(r.row, r.value) for r in rejected] == [(2, "0778 1008")]


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    file = tmp_path / "countries.csv"
    file.write_text("")
    with pytest.raises(UserError, match="give the folder"):
        countries.load(file)
