"""The curated tables: strict reading, and dated facts that they must land on."""

from __future__ import annotations

import csv
import itertools
import shutil
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoties.graph.model import Tables, UserError, holds_on, last_day
from geoties.loaders import curated
from geoties.loaders.registry import DATA

FOLDER = DATA / "curated"
DATES = ("start", "start_precision", "end", "end_precision", "observed_to")


@lru_cache(maxsize=1)
def _tables() -> Tables:
    return curated.load(FOLDER)


def _ties(kind: str = "membership", **ends: str) -> list[dict[str, Any]]:
    wanted = {"kind": kind, **{key.rstrip("_"): value for key, value in ends.items()}}
    rows = _tables().ties.to_dicts()
    return [row for row in rows if all(row[key] == value for key, value in wanted.items())]


def _status(day: str, kind: str = "membership", **ends: str) -> set[str]:
    return {holds_on(day, **{key: tie[key] for key in DATES}) for tie in _ties(kind, **ends)}


def test_every_row_of_the_shipped_tables_is_loaded() -> None:
    report = _tables().report
    assert report.balanced()
    assert (report.rejected, report.duplicates) == ([], 0)


def test_ids_are_unique_and_every_tie_cites_a_public_page() -> None:
    ties = _tables().ties
    assert ties["id"].n_unique() == ties.height
    assert ties["reference"].str.starts_with("http").all()


@pytest.mark.parametrize(
    "table",
    [
        "bodies",
        "agreements",
        "memberships",
        "agreement_parties",
        "relations",
        "visits",
        "cooperation",
        "coverage",
    ],
)
def test_tables_are_sorted_for_small_diffs(table: str) -> None:
    lines = (FOLDER / f"{table}.csv").read_text(encoding="utf-8").splitlines()[1:]
    keys = [row[0] for row in csv.reader(lines)]
    assert keys == sorted(keys)


@pytest.mark.parametrize(
    ("body", "member", "start"),
    [
        ("APEC", "MEX", "1993-11-17"),
        ("APEC", "CHL", "1994-11-11"),
        ("APEC", "PER", "1998-11-14"),
        ("BRI", "PAN", "2017-11-17"),
        ("BRI", "CHL", "2018-11-02"),
        ("BRI", "PER", "2019-04-25"),
        ("BRI", "NIC", "2022-01-12"),
        ("BRI", "HND", "2023-06-12"),
        ("BRI", "COL", "2025-05-14"),
        ("AIIB", "PER", "2022-01-14"),
        ("ASEAN", "TLS", "2025-10-26"),
        ("NDB", "DZA", "2025-05-19"),
        ("UN", "CHE", "2002-09-10"),
        ("OECD", "CRI", "2021-05-25"),
    ],
)
def test_memberships_begin_on_their_day(body: str, member: str, start: str) -> None:
    ties = _ties(to=f"body/{body}", from_=f"state/{member}")
    assert start in {tie["start"] for tie in ties if tie["role"] in ("member", "participant")}


@pytest.mark.parametrize(
    ("party", "start"),
    [("VNM", "2019-01-14"), ("PER", "2021-09-19"), ("CHL", "2023-02-21"), ("GBR", "2024-12-15")],
)
def test_the_cptpp_enters_into_force_party_by_party(party: str, start: str) -> None:
    (tie,) = _ties("agreement-party", from_=f"state/{party}", to="agreement/CPTPP")
    assert tie["start"] == start


@pytest.mark.parametrize(
    ("party", "start"),
    [("CHN", "2022-01-01"), ("KOR", "2022-02-01"), ("MYS", "2022-03-18"), ("PHL", "2023-06-02")],
)
def test_rcep_enters_into_force_party_by_party(party: str, start: str) -> None:
    (tie,) = _ties("agreement-party", from_=f"state/{party}", to="agreement/RCEP")
    assert tie["start"] == start


def test_myanmar_signed_rcep_and_its_status_is_unknown() -> None:
    assert _ties("signature", from_="state/MMR", to="agreement/RCEP")
    assert not _ties("agreement-party", from_="state/MMR", to="agreement/RCEP")
    coverage = _tables().coverage.to_dicts()
    (row,) = [row for row in coverage if row["from_scope"] == "state/MMR"]
    assert (row["status"], row["to_scope"]) == ("unknown", "agreement/RCEP")


def test_the_cptpp_is_not_in_force_between_britain_and_canada_or_mexico() -> None:
    for other in ("CAN", "MEX"):
        ends = {"from_": "state/GBR", "to": f"state/{other}", "via": "agreement/CPTPP"}
        assert _status("2026-02-01", "not-yet-in-force", **ends) == {"in force"}


def test_the_accession_of_britain_amends_the_cptpp() -> None:
    (row,) = _tables().entities.filter(_tables().entities["id"] == "agreement/CPTPP-GBR").to_dicts()
    assert '"amends":"agreement/CPTPP"' in row["properties"]


@pytest.mark.parametrize(
    ("day", "body", "member", "role", "expected"),
    [
        ("2020-01-31", "EU", "GBR", "member", "in force"),
        ("2020-02-01", "EU", "GBR", "member", "no"),
        ("2024-03-22", "BRI", "ITA", "participant", "in force"),
        ("2024-03-23", "BRI", "ITA", "participant", "no"),
        ("2025-01-31", "BRI", "PAN", "participant", "in force"),
        ("2025-02-10", "BRI", "PAN", "participant", "imprecise: ended in 2025-02"),
        ("2026-02-01", "BRI", "PAN", "participant", "no"),
        ("2023-11-18", "OAS", "NIC", "member", "in force"),
        ("2023-11-19", "OAS", "NIC", "member", "no"),
        ("2013-01-01", "MERCOSUR", "PRY", "suspended", "in force"),
        ("2013-08-15", "MERCOSUR", "PRY", "suspended", "no"),
        ("2021-06-01", "CELAC", "BRA", "suspended", "in force"),
        ("2021-06-01", "CELAC", "BRA", "member", "in force"),
        ("2026-02-01", "ALBA", "BOL", "suspended", "in force"),
    ],
)
def test_exits_and_suspensions(day: str, body: str, member: str, role: str, expected: str) -> None:
    found = _status(day, to=f"body/{body}", from_=f"state/{member}", role=role)
    assert expected in found
    assert found <= {expected, "no"}


def test_the_blocs_sit_in_the_g20_and_their_members_only_in_their_own_right() -> None:
    members = {tie["from"] for tie in _ties(to="body/G20")}
    assert {"body/EU", "body/AfricanUnion", "state/FRA"} <= members
    assert "state/CYP" not in members


@pytest.mark.parametrize(
    ("state", "beijing", "taipei"),
    [
        ("NIC", ["1985-12-07", "2021-12-10"], ["1985-12-07", "2021-12-10"]),
        ("LCA", ["1997-09-01"], ["1997-08-29", ""]),
        ("PRY", [], [""]),
        ("PAN", ["2017-06-13"], ["2017-06-13"]),
    ],
)
def test_switches_between_beijing_and_taipei(
    state: str, beijing: list[str], taipei: list[str]
) -> None:
    relations = _ties("diplomatic-relation", from_=f"state/{state}", to="state/CHN")
    recognitions = _ties("recognition", from_=f"state/{state}", to="state/TWN")
    assert sorted(tie["start"] for tie in relations) == beijing
    assert [tie["end"] for tie in sorted(recognitions, key=lambda tie: tie["start"])] == taipei


@pytest.mark.parametrize(
    ("state", "level", "start"),
    [
        ("PER", "strategic-partnership", "2008-11-19"),
        ("MEX", "comprehensive-strategic-partnership", "2013-06-04"),
        ("VEN", "all-weather-strategic-partnership", "2023-09-13"),
        ("URY", "comprehensive-strategic-partnership", "2023-11-22"),
    ],
)
def test_levels_of_partnership_with_china(state: str, level: str, start: str) -> None:
    (tie,) = _ties("partnership", from_=f"state/{state}", role=level)
    assert tie["start"] == start


def test_no_two_levels_of_partnership_hold_at_once() -> None:
    for state in {tie["from"] for tie in _ties("partnership")}:
        steps = sorted(_ties("partnership", from_=state), key=lambda tie: str(tie["start"]))
        for earlier, later in itertools.pairwise(steps):
            assert earlier["end"] == last_day(later["start"], later["start_precision"])


def test_visits_are_events_that_name_the_leader() -> None:
    (tie,) = _ties("visit", from_="state/CHN", to="state/MEX", topic="Xi Jinping")
    assert (tie["start"], tie["role"], tie["observed_to"]) == ("2013-06-04", "head-of-state", "")
    assert tie["record"] == "CHN-MEX-head-of-state-xi-jinping-2013-06-04"


@pytest.mark.parametrize(
    ("state", "topic", "day", "expected"),
    [
        ("BRA", "CBERS-1", "2001-01-01", "in force"),
        ("BRA", "CBERS-1", "2004-01-01", "no"),
        ("VEN", "VENESAT-1 (Simón Bolívar)", "2019-12-31", "in force"),
        ("BRA", "CBERS-4A", "2026-02-01", "not observed after 2019-12-26"),
    ],
)
def test_satellites(state: str, topic: str, day: str, expected: str) -> None:
    assert _status(day, "technology", to=f"state/{state}", topic=topic) == {expected}


@pytest.mark.parametrize(
    ("kind", "partner", "state", "role", "start"),
    [
        ("technology", "JPN", "PER", "technical-standard", "2009-04-23"),
        ("technology", "JPN", "BRA", "technical-standard", "2006-01-01"),
        ("technology", "IND", "BRA", "satellite", "2021-02-28"),
        ("culture-education", "JPN", "BRA", "cultural-centre", "2017-04-30"),
        ("culture-education", "KOR", "MEX", "cultural-centre", "2012-03-13"),
        ("culture-education", "KOR", "BRA", "language-institute", "2018-08-02"),
        ("culture-education", "IND", "GUY", "cultural-centre", "1972-01-01"),
    ],
)
def test_cooperation_beyond_china(
    kind: str, partner: str, state: str, role: str, start: str
) -> None:
    (tie,) = _ties(kind, from_=f"state/{partner}", to=f"state/{state}", role=role)
    assert tie["start"] == start


@pytest.mark.parametrize("host", ["pagef30", "qeto", "sibetasite", "writeups24"])
def test_no_row_rests_on_a_weak_host(host: str) -> None:
    assert not [tie for tie in _tables().ties.to_dicts() if host in tie["reference"]]


# -- strict reading, on a copy of the tables with one thing changed


def _changed(tmp_path: Path, table: str, change: Mapping[str, str]) -> Tables:
    folder = tmp_path / "curated"
    shutil.copytree(FOLDER, folder)
    path = folder / f"{table}.csv"
    rows = list(csv.DictReader(path.open(encoding="utf-8", newline="")))
    rows[0].update(change)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return curated.load(folder)


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"member": "state/XYZ"}, "member", "no entity is known by this id"),
        ({"member": "Peru"}, "member", "no entity is known by this id"),
        ({"body": "body/NOPE"}, "body", "no entity is known by this id"),
        ({"role": "king"}, "role", "not known as role"),
        ({"role": ""}, "role", "must not be empty"),
        ({"start": "2017-13-01"}, "start", "not a day of the calendar"),
        ({"start": "03/04/2017"}, "start", "not a date like 2017"),
        ({"start": "2017"}, "start_precision", "as precise as a year"),
        ({"end": "1900-01-01", "end_precision": "day"}, "end", "not after the start"),
        ({"reference": ""}, "reference", "must not be empty"),
        ({"confidence": "sure"}, "confidence", "not known as confidence"),
        ({"observed_to": "today"}, "observed_to", "not a date like 2017"),
        ({"member": "body/AIIB"}, "to", "ties an entity to itself"),
    ],
)
def test_a_bad_row_is_rejected_by_row_column_and_reason(
    tmp_path: Path, change: Mapping[str, str], column: str, reason: str
) -> None:
    dated = {"start": "2017-11-17", "start_precision": "day"}
    report = _changed(tmp_path, "memberships", {**dated, **change}).report
    (rejection,) = report.rejected
    assert rejection.row == 2
    assert rejection.column == f"memberships.csv: {column}"
    assert reason in rejection.reason
    assert report.balanced()


def test_a_counterpart_goes_only_with_not_yet_in_force(tmp_path: Path) -> None:
    report = _changed(tmp_path, "agreement_parties", {"counterpart": "state/PER"}).report
    assert report.rejected[0].column == "agreement_parties.csv: counterpart"


def test_repeated_and_contradicting_rows(tmp_path: Path) -> None:
    folder = tmp_path / "curated"
    shutil.copytree(FOLDER, folder)
    path = folder / "relations.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    contrary = lines[1].replace(",high,", ",low,").replace(",medium,", ",low,")
    path.write_text("\n".join([*lines, lines[1], contrary]) + "\n", encoding="utf-8")
    report = curated.load(folder).report
    assert report.duplicates == 1
    assert "contradicts an earlier row" in report.rejected[0].reason


CELLS = st.sampled_from(["", "state/PER", "body/APEC", "member", "2017", "2017-11-17", "day", "x"])
CHANGES = st.tuples(st.integers(0, 39), st.integers(0, 20), st.one_of(CELLS, st.text(max_size=5)))


@pytest.mark.parametrize("name", ["agreement_parties", "memberships", "relations", "visits"])
@settings(deadline=None, max_examples=25)
@given(changes=st.lists(CHANGES, max_size=30), again=st.lists(st.integers(0, 39), max_size=5))
def test_every_row_is_accounted_for_whatever_stands_in_it(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    changes: list[tuple[int, int, str]],
    again: list[int],
) -> None:
    folder = tmp_path_factory.mktemp("account")
    expected = 0
    for path in FOLDER.glob("*.csv"):
        header, *rows = _cells(path)
        if path.stem == name:
            rows = [list(row) for row in rows[:40]]
            for number, column, cell in changes:
                rows[number][column % len(header)] = cell
            rows += [rows[number] for number in again]
        elif path.stem not in ("bodies", "agreements"):
            rows = []
        expected += len(rows)
        with (folder / path.name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([header, *rows])
    report = curated.load(folder).report
    assert report.read == expected
    assert report.balanced()


@lru_cache
def _cells(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def test_a_byte_order_mark_is_no_part_of_the_header(tmp_path: Path) -> None:
    folder = tmp_path / "curated"
    shutil.copytree(FOLDER, folder)
    path = folder / "bodies.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert not curated.load(folder).report.rejected


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "the columns should be"),
        (b"id,kind\n", "the columns should be"),
        ("id,año\n".encode("latin-1"), "not UTF-8 text"),
    ],
)
def test_a_table_of_another_shape_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    folder = tmp_path / "curated"
    shutil.copytree(FOLDER, folder)
    (folder / "bodies.csv").write_bytes(content)
    with pytest.raises(UserError, match=sentence):
        curated.load(folder)


def test_a_ragged_row_is_told_by_its_number(tmp_path: Path) -> None:
    folder = tmp_path / "curated"
    shutil.copytree(FOLDER, folder)
    with (folder / "coverage.csv").open("a", encoding="utf-8") as stream:
        stream.write("membership,,body/APEC\n")
    with pytest.raises(UserError, match=r"coverage.csv, row \d+: 3 cells"):
        curated.load(folder)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"bodies.csv: not found"):
        curated.load(tmp_path)
