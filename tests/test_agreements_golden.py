"""What the embedded agreements must say: dated facts from the registers, and who is linked."""

from __future__ import annotations

from functools import cache

import polars as pl
import pytest

from geoties.graph.model import Tables, holds_on
from geoties.loaders.agreement_matching import agreement_id, same_records, settled
from geoties.loaders.embedded import read_embedded
from geoties.loaders.registry import loader_named

REGISTERS = ("ggo_agreements", "unctad_iia", "wto_rta")


@cache
def embedded(register: str) -> Tables:
    return read_embedded(loader_named(register).folder)


def ties(register: str, kind: str, agreement: str) -> pl.DataFrame:
    of_kind = embedded(register).ties.filter(pl.col("kind") == kind)
    return of_kind.filter(pl.col("to" if kind != "not-yet-in-force" else "via") == agreement)


def dates(register: str, kind: str, agreement: str) -> dict[str, tuple[str, str]]:
    rows = ties(register, kind, agreement).select("from", "start", "end").iter_rows()
    return {who.rpartition("/")[2]: (start, end) for who, start, end in rows}


# WTO RTA-IS, export of 2026-02-01; the same dates in UNCTAD's Navigator where it has the treaty.
IN_FORCE = {
    ("8", "CHL", "CHN"): "2006-10-01",
    ("666", "PER", "CHN"): "2010-03-01",
    ("677", "CRI", "CHN"): "2011-08-01",
    ("1209", "NIC", "CHN"): "2024-01-01",
    ("1213", "ECU", "CHN"): "2024-05-01",
    ("38", "MEX", "JPN"): "2005-04-01",
    ("695", "COL", "KOR"): "2016-07-15",
}


@pytest.mark.parametrize(("record", "one", "other"), IN_FORCE)
@pytest.mark.parametrize("register", ["wto_rta", "unctad_iia"])
def test_agreements_with_asia_begin_on_their_days(
    register: str, record: str, one: str, other: str
) -> None:
    day = IN_FORCE[record, one, other]
    found = dates(register, "agreement-party", agreement_id("wto-rta", record))
    assert found == {one: (day, ""), other: (day, "")}


def test_chile_and_china_signed_in_2005() -> None:
    for register in REGISTERS:
        signed = dates(register, "signature", agreement_id("wto-rta", "8"))
        assert signed == {"CHL": ("2005-11-18", ""), "CHN": ("2005-11-18", "")}


def test_members_of_the_cptpp_begin_one_by_one() -> None:
    found = dates("wto_rta", "agreement-party", "agreement/CPTPP")
    assert {code: found[code][0] for code in ("PER", "CHL", "GBR", "JPN", "BRN")} == {
        "PER": "2021-09-19",
        "CHL": "2023-02-21",
        "GBR": "2024-12-15",
        "JPN": "2018-12-30",
        "BRN": "2023-07-12",
    }


def test_the_united_kingdom_is_not_yet_in_the_cptpp_with_canada_and_mexico() -> None:
    rows = ties("wto_rta", "not-yet-in-force", "agreement/CPTPP")
    told = {(a, b): (s, e) for a, b, s, e in rows.select("from", "to", "start", "end").iter_rows()}
    assert told == {
        ("state/GBR", "state/AUS"): ("2024-12-15", "2024-12-24"),
        ("state/GBR", "state/CAN"): ("2024-12-15", ""),
        ("state/GBR", "state/MEX"): ("2024-12-15", ""),
    }


def test_an_accession_amends_its_parent_and_has_no_parties() -> None:
    protocol = agreement_id("wto-rta", "907")
    known = settled(protocol)
    assert known is not None
    assert known.amends == agreement_id("wto-rta", "692")
    assert dates("wto_rta", "agreement-party", protocol) == {}
    assert "ECU" in dates("wto_rta", "signature", protocol)
    assert dates("wto_rta", "agreement-party", known.amends)["ECU"] == ("2017-01-01", "")


def test_rcep_is_not_in_the_wto_register() -> None:
    assert not [one for one in same_records("agreement/RCEP") if one.startswith("wto-rta:")]
    assert "unctad-iia:4935" in same_records("agreement/RCEP")


@pytest.mark.parametrize("register", REGISTERS)
def test_the_union_is_the_party_and_its_members_are_not(register: str) -> None:
    agreement = agreement_id("wto-rta", "33")
    assert set(dates(register, "agreement-party", agreement)) == {"EU", "CHL"}


def test_no_register_links_members_of_the_union_through_an_outsider() -> None:
    for register in REGISTERS:
        party = embedded(register).ties.filter(pl.col("kind") == "agreement-party")
        with_union = party.filter(pl.col("from") == "body/EU")["to"].unique()
        beside = party.filter(pl.col("to").is_in(with_union.implode()))["from"].unique()
        assert not set(beside) & {"state/FRA", "state/DEU", "state/ITA", "state/ESP"}


def test_members_of_efta_begin_when_they_do() -> None:
    rows = ties("wto_rta", "not-yet-in-force", agreement_id("wto-rta", "178"))
    told = {(a, e) for a, e in rows.select("from", "end").iter_rows()}
    assert told == {("state/ISL", "2011-10-01"), ("state/NOR", "2012-07-01")}


def test_an_ended_agreement_is_not_in_force() -> None:
    nafta = dates("wto_rta", "agreement-party", "agreement/NAFTA")
    assert nafta["MEX"] == ("1994-01-01", "2020-07-01")
    bolivia_us = dates("unctad_iia", "agreement-party", agreement_id("unctad-iia", "596"))
    assert bolivia_us == {"BOL": ("2001-06-06", "2012-06-10"), "USA": ("2001-06-06", "2012-06-10")}


def test_a_signed_treaty_has_no_parties() -> None:
    hong_kong_peru = agreement_id("unctad-iia", "5163")
    assert dates("unctad_iia", "agreement-party", hong_kong_peru) == {}
    assert set(dates("unctad_iia", "signature", hong_kong_peru)) == {"HKG", "PER"}


def test_a_treaty_of_many_is_unknown_for_each_in_unctads_list() -> None:
    rows = ties("unctad_iia", "agreement-party", "agreement/CPTPP")
    standings = {
        holds_on("2020-06-30", start=r["start"], end=r["end"], observed_to=r["observed_to"])
        for r in rows.iter_rows(named=True)
    }
    assert "in force" not in standings
    assert "no" not in standings


def test_one_agreement_has_the_claims_of_three_registers() -> None:
    agreement = agreement_id("wto-rta", "8")
    records = same_records(agreement)
    assert records == ["ggo:CHL-CHN_2005O-chile-china", "unctad-iia:3369", "wto-rta:8"]
    for register in REGISTERS:
        labels = embedded(register).entities.filter(pl.col("id") == agreement)["labels"].to_list()
        assert labels == ['{"en":"Chile - China FTA (2005)"}']


def test_modernised_agreements_are_agreements_of_their_own() -> None:
    old, interim, framework = (
        agreement_id("wto-rta", "33"),
        agreement_id("wto-rta", "1285"),
        agreement_id("unctad-iia", "5107"),
    )
    assert len({old, interim, framework}) == 3


@pytest.mark.parametrize("register", REGISTERS)
def test_every_tie_of_an_agreement_names_one_that_is_there(register: str) -> None:
    tables = embedded(register)
    named = tables.ties.filter(pl.col("to").str.starts_with("agreement/"))["to"].unique()
    there = set(tables.entities["id"])
    # A parent may be told by the curated tables; a protocol's parent is in the same register.
    assert {one for one in named if one not in there} == set()


@pytest.mark.parametrize("register", ["wto_rta", "unctad_iia"])
def test_class_b_facts_are_credited_row_by_row(register: str) -> None:
    assert (
        embedded(register).ties.filter(~pl.col("reference").str.starts_with("https://")).is_empty()
    )
    texts = embedded(register).entities["properties"].str.len_chars().max()
    assert isinstance(texts, int)
    assert texts < 1_000


def test_the_selection_is_of_latin_america_and_china() -> None:
    assert embedded("wto_rta").entities.height < 200
    assert embedded("unctad_iia").entities.height < 1_000
    jordan_kuwait = agreement_id("unctad-iia", "2167")
    assert jordan_kuwait not in set(embedded("unctad_iia").entities["id"])
