"""Reading the registers' files: both formats, every row accounted for, bad input told plainly."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geoties.graph.model import Tables, UserError
from geoties.loaders import ggo_agreements, unctad_iia, wto_rta

RTA = [
    "rta_id",
    "name",
    "type",
    "status",
    "signed_goods",
    "signed_services",
    "in_force_goods",
    "in_force_services",
    "inactive",
    "accession",
]
RTA_PARTY = ["rta_id", "party", "original", "current", "party_entry", "party_exit"]
IIA = ["iia_id", "title", "type", "status", "signed", "in_force", "terminated"]
IIA_PARTY = ["iia_id", "party", "inferred"]
GGO = ["treatyID", "Title", "Signature", "Force", "End", "TextURL"]
GGO_PARTY = ["treatyID", "Title", "stateID", "StateSignature", "StateForce", "StateEnd"]


def write(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])


def wto(folder: Path, rows: Sequence[Sequence[str]], parties: Sequence[Sequence[str]]) -> Tables:
    write(folder / wto_rta.SOURCE.filenames[0], RTA, rows)
    write(folder / wto_rta.SOURCE.filenames[1], RTA_PARTY, parties)
    return wto_rta.load(folder)


def unctad(folder: Path, rows: Sequence[Sequence[str]], parties: Sequence[Sequence[str]]) -> Tables:
    write(folder / unctad_iia.SOURCE.filenames[0], IIA, rows)
    write(folder / unctad_iia.SOURCE.filenames[1], IIA_PARTY, parties)
    return unctad_iia.load(folder)


def ggo(folder: Path, rows: Sequence[Sequence[str]], parties: Sequence[Sequence[str]]) -> Tables:
    write(folder / ggo_agreements.SOURCE.filenames[0], GGO, rows)
    write(folder / ggo_agreements.SOURCE.filenames[1], GGO_PARTY, parties)
    return ggo_agreements.load(folder)


def party_dates(tables: Tables) -> dict[str, tuple[str, str]]:
    parties = tables.ties.filter(pl.col("kind") == "agreement-party")
    return {who: (start, end) for who, start, end in parties.select("from", "start", "end").rows()}


CHILE_PERU = [
    "9001",
    "Chile - Peru",
    "FTA",
    "In Force",
    "2001-01-02",
    "",
    "2002-03-04",
    "",
    "",
    "No",
]


def test_a_party_without_dates_of_its_own_has_those_of_the_agreement(tmp_path: Path) -> None:
    parties = [
        ["9001", "Chile", "True", "True", "", ""],
        ["9001", "Peru", "True", "True", "2003-01-01", ""],
    ]
    tables = wto(tmp_path, [CHILE_PERU], parties)
    assert party_dates(tables) == {"state/CHL": ("2002-03-04", ""), "state/PER": ("2003-01-01", "")}
    assert (tables.report.read, tables.report.loaded) == (3, 3)


def test_a_party_for_which_it_is_not_in_force_only_signed(tmp_path: Path) -> None:
    parties = [
        ["9001", "Chile", "True", "True", "", ""],
        ["9001", "Peru", "True", "True", "not_yet", ""],
    ]
    tables = wto(tmp_path, [CHILE_PERU], parties)
    assert set(party_dates(tables)) == {"state/CHL"}
    signed = tables.ties.filter(pl.col("kind") == "signature")["from"]
    assert set(signed) == {"state/CHL", "state/PER"}


def test_nothing_is_made_of_an_agreement_under_negotiation(tmp_path: Path) -> None:
    row = ["9002", "Chile - Peru", "", "Early announcement-Under negotiation", *[""] * 5, "No"]
    tables = wto(tmp_path, [row], [])
    assert tables.entities.filter(pl.col("kind") == "agreement").is_empty()
    assert tables.report.rejected[0].reason.startswith("under negotiation")


def test_an_inactive_agreement_ends_for_all(tmp_path: Path) -> None:
    row = [*CHILE_PERU[:3], "Inactive", *CHILE_PERU[4:8], "2010-01-01", "No"]
    parties = [["9001", name, "True", "False", "", ""] for name in ("Chile", "Peru")]
    assert set(party_dates(wto(tmp_path, [row], parties)).values()) == {
        ("2002-03-04", "2010-01-01")
    }


def test_a_party_that_left_before_it_began_is_rejected(tmp_path: Path) -> None:
    parties = [
        ["9001", "Chile", "True", "True", "", ""],
        ["9001", "Peru", "True", "False", "", "2001-05-05"],
    ]
    tables = wto(tmp_path, [CHILE_PERU], parties)
    assert [one.reason for one in tables.report.rejected] == [
        "it ends (2001-05-05) before it begins (2002-03-04)"
    ]
    assert tables.report.balanced()


def test_the_wtos_own_export_says_the_same_as_the_tables(tmp_path: Path) -> None:
    header = [
        "RTA ID", "RTA Name", "Coverage", "Type", "Status", "Date of Signature (G)",
        "Date of Signature (S)", "Date of Entry into Force (G)", "Date of Entry into Force (S)",
        "Inactive Date", "Accession?", "Current signatories", "Original signatories",
        "Specific Entry/Exit dates", "Remarks",
    ]  # fmt: skip
    row = [
        "9003", "Chile - Canada - Peru", "Goods", "FTA", "In Force", "02-Jan-01", "",
        "2002-03-04 00:00:00", "", "", "No", "Chile; Canada; Peru", "Chile; Canada",
        "Peru(21-Feb-2023 - ); Canada(01-Jan-9999 - )", "not read",
    ]  # fmt: skip
    path = tmp_path / "AllRTAs.csv"
    write(path, header, [row])
    tables = wto_rta.load(path)
    assert party_dates(tables) == {"state/CHL": ("2002-03-04", ""), "state/PER": ("2023-02-21", "")}
    signed = tables.ties.filter(pl.col("kind") == "signature").select("from", "start").rows()
    assert dict(signed) == {"state/CHL": "2001-01-02", "state/CAN": "2001-01-02"}
    assert (tables.report.read, tables.report.balanced()) == (4, True)


def test_the_union_stands_for_the_members_listed_beside_it(tmp_path: Path) -> None:
    row = ["9004", "EU - Peru", "FTA", "In Force", "1996-01-02", "", "1997-01-01", "", "", "No"]
    parties = [
        ["9004", "Peru", "True", "True", "", ""],
        ["9004", "European Union", "False", "True", "", ""],
        *(["9004", name, "True", "False", "", ""] for name in ("France", "Germany")),
        ["9004", "United Kingdom", "True", "False", "", "2020-12-31"],
    ]
    tables = wto(tmp_path, [row], parties)
    assert set(party_dates(tables)) == {"state/PER", "body/EU"}
    assert (tables.report.loaded, tables.report.duplicates) == (3, 3)


def test_a_customs_union_is_not_the_state_whose_name_it_contains(tmp_path: Path) -> None:
    row = ["9005", "Peru - SACU", "FTA", "In Force", "2006-01-02", "", "2007-01-01", "", "", "No"]
    names = ("Peru", "Southern African Customs Union (SACU)")
    tables = wto(tmp_path, [row], [["9005", name, "True", "True", "", ""] for name in names])
    assert set(party_dates(tables)) == {"state/PER", "body/SACU"}


BIT = ["90001", "Chile - Peru BIT (2000)", "BITs", "In force", "2000-02-02", "2001-03-03", ""]


def test_a_bilateral_treaty_begins_for_both_and_ends_on_its_day(tmp_path: Path) -> None:
    row = [*BIT[:3], "Terminated", *BIT[4:6], "2011-04-04"]
    parties = [["90001", name, "False"] for name in ("Chile", "Peru")]
    tables = unctad(tmp_path, [row], parties)
    assert party_dates(tables) == dict.fromkeys(
        ("state/CHL", "state/PER"), ("2001-03-03", "2011-04-04")
    )


def test_the_present_members_of_a_bloc_are_not_parties(tmp_path: Path) -> None:
    row = [
        "90002",
        "Peru - EC Agreement (1980)",
        "TIPs",
        "In force",
        "1980-02-02",
        "1981-01-01",
        "",
    ]
    names = ("Peru", "European Union", "EU (European Union)", "Estonia", "France")
    tables = unctad(tmp_path, [row], [["90002", name, "False"] for name in names])
    assert set(party_dates(tables)) == {"state/PER", "body/EU"}
    assert (tables.report.loaded, tables.report.duplicates) == (3, 3)


def test_an_inferred_party_is_less_sure(tmp_path: Path) -> None:
    parties = [["90001", "Chile", "False"], ["90001", "Peru", "True"]]
    tables = unctad(tmp_path, [BIT], parties)
    sure = dict(
        tables.ties.filter(pl.col("kind") == "agreement-party").select("from", "confidence").rows()
    )
    assert sure == {"state/CHL": "high", "state/PER": "low"}


def test_who_joined_a_treaty_of_many_did_not_sign_it(tmp_path: Path) -> None:
    row = ["90003", "Pact (2000)", "TIPs", "In force", "2000-02-02", "2001-01-01", ""]
    tables = unctad(
        tmp_path, [row], [["90003", name, "False"] for name in ("Chile", "Peru", "Japan")]
    )
    assert tables.ties.filter(pl.col("kind") == "signature").is_empty()
    assert set(party_dates(tables).values()) == {("", "")}


TREATY = ["CHL-PER_1999X", "Chile Peru", "1999-01-01", "2000", "9999-12-31", ""]


def test_an_open_end_is_observed_and_an_empty_one_is_not(tmp_path: Path) -> None:
    parties = [
        ["CHL-PER_1999X", "Chile Peru", "CHL", "1999-01-01", "2000-05-05", "9999-12-31"],
        ["CHL-PER_1999X", "Chile Peru", "PER", "1999-01-01", "2000-06-06", ""],
    ]
    row = [*TREATY[:4], "", ""]
    tables = ggo(tmp_path, [row], parties)
    told = tables.ties.filter(pl.col("kind") == "agreement-party").select("from", "observed_to")
    assert dict(told.rows()) == {"state/CHL": "2020-12-31", "state/PER": "2000-06-06"}


def test_a_title_names_the_sides_where_its_id_agrees(tmp_path: Path) -> None:
    tables = ggo(tmp_path, [TREATY, ["CHL-BOL_1999X", "Chile Peru", *TREATY[2:]]], [])
    parties = tables.ties.filter(pl.col("kind") == "agreement-party")
    assert parties.select("from", "start", "start_precision", "confidence").rows() == [
        ("state/CHL", "2000-01-01", "year", "medium"),
        ("state/PER", "2000-01-01", "year", "medium"),
    ]


def test_ids_repeat_and_titles_tell_them_apart(tmp_path: Path) -> None:
    rows = [
        ["GBR_2019X", title, "2019-01-01", "", "", ""]
        for title in ("Peru UK", "Chile UK", "Chile UK")
    ]
    tables = ggo(tmp_path, rows, [])
    assert set(tables.entities["id"]) == {
        "agreement/ggo-GBR_2019X-peru-uk",
        "agreement/ggo-GBR_2019X-chile-uk",
    }
    assert tables.report.duplicates == 1


def test_a_day_that_does_not_exist_is_rejected(tmp_path: Path) -> None:
    parties = [["CHL-PER_1999X", "Chile Peru", "CHL", "1999-01-01", "2000-05-05", "2020-99-99"]]
    report = ggo(tmp_path, [TREATY], parties).report
    assert [(one.column, one.value) for one in report.rejected] == [("StateEnd", "2020-99-99")]
    assert report.balanced()


@pytest.mark.parametrize("module", [wto_rta, unctad_iia, ggo_agreements])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "column"),
        (b"a,b\n1,2\n", "column"),
        ("rta_id,Espa\u00f1a\n".encode("latin-1"), "not UTF-8"),
        (b'"open\n', "save it again"),
    ],
)
def test_another_table_is_refused_in_one_sentence(
    tmp_path: Path, module: object, content: bytes, message: str
) -> None:
    names = module.SOURCE.filenames  # type: ignore[attr-defined]
    for name in names:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=message):
        module.load(tmp_path)  # type: ignore[attr-defined]


@pytest.mark.parametrize("module", [wto_rta, unctad_iia, ggo_agreements])
def test_a_missing_table_is_told(tmp_path: Path, module: object) -> None:
    with pytest.raises(UserError, match="is not in"):
        module.load(tmp_path)  # type: ignore[attr-defined]


def test_a_ragged_row_is_told(tmp_path: Path) -> None:
    write(tmp_path / wto_rta.SOURCE.filenames[0], RTA, [["1", "too", "short"]])
    with pytest.raises(UserError, match="row 1: not 10 fields"):
        wto_rta.load(tmp_path)


# Whatever is in the tables, every row is accounted for ---------------------------------------

DAYS = st.sampled_from(["", "1995-01-01", "2003-06-30", "2020-12-31", "31-12-2020", "2003-02-30"])
PARTIES = st.sampled_from(["Chile", "Peru", "France", "European Union", "Atlantis", "", "NA"])
STATES = st.sampled_from(["CHL", "PER", "FRA", "EC", "EFTA", "ZZZ", ""])
FLAGS = st.sampled_from(["True", "False"])
STATUSES = st.sampled_from(["In Force", "Inactive", "Early announcement-Under negotiation"])
IDS = st.sampled_from(["1", "2", "640", "1218", "907"])


def _account(tables: Tables, rows: int) -> None:
    assert tables.report.read == rows
    assert tables.report.balanced()
    assert not tables.ties["id"].is_duplicated().any()


quick = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@quick
@given(
    st.lists(
        st.tuples(IDS, PARTIES, st.just("FTA"), STATUSES, DAYS, DAYS, DAYS, DAYS, DAYS, FLAGS),
        unique_by=lambda row: row[0],
        max_size=4,
    ),
    st.lists(
        st.tuples(IDS, PARTIES, FLAGS, FLAGS, DAYS, DAYS), max_size=12, unique_by=lambda r: r[:2]
    ),
)
def test_wto_rows_are_accounted_for(
    tmp_path: Path, rows: list[tuple[str, ...]], parties: list[tuple[str, ...]]
) -> None:
    rows = [(*row[:9], "Yes" if row[9] == "True" else "No") for row in rows]
    _account(wto(tmp_path, rows, parties), len(rows) + len(parties))


@quick
@given(
    st.lists(
        st.tuples(IDS, PARTIES, st.sampled_from(["BITs", "TIPs"]),
                  st.sampled_from(["In force", "Terminated", "In negotiation"]), DAYS, DAYS, DAYS),
        unique_by=lambda row: row[0],
        max_size=4,
    ),
    st.lists(st.tuples(IDS, PARTIES, FLAGS), max_size=12),
)  # fmt: skip
def test_unctad_rows_are_accounted_for(
    tmp_path: Path, rows: list[tuple[str, ...]], parties: list[tuple[str, ...]]
) -> None:
    _account(unctad(tmp_path, rows, parties), len(rows) + len(parties))


@quick
@given(
    st.lists(st.tuples(IDS, PARTIES, DAYS, DAYS, DAYS, st.just("")), max_size=5),
    st.lists(st.tuples(IDS, PARTIES, STATES, DAYS, DAYS, DAYS), max_size=12),
)
def test_ggo_rows_are_accounted_for(
    tmp_path: Path, rows: list[tuple[str, ...]], parties: list[tuple[str, ...]]
) -> None:
    _account(ggo(tmp_path, rows, parties), len(rows) + len(parties))
