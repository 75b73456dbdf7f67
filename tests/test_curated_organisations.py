"""Organisations from Correlates of War and MIGO: spells, states through time, open ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from geoties.graph.model import Tables, Tie, UserError, holds_on
from geoties.graph.parties import memberships
from geoties.loaders import cow_igo, factbook, migo
from geoties.loaders.curated_organisations import Spell, joined, organisations
from geoties.ontology.kinds import kinds
from geoties.queries.facts import Fact
from geoties.queries.spells import refined

COW = "io,orgname,state,status,first_year,last_year_observed,end_year,cow,statename,iso3\n"
MIGO = "io,iso3,state,membership_code,first_year,last_year\n"


def _cow(tmp_path: Path, *rows: str) -> Tables:
    path = tmp_path / "igo.csv"
    path.write_text(COW + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return cow_igo.load(path)


def _migo(tmp_path: Path, *rows: str) -> Tables:
    path = tmp_path / "migo.csv"
    path.write_text(MIGO + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return migo.load(path)


def _one(tables: Tables) -> dict[str, Any]:
    (tie,) = tables.ties.to_dicts()
    return dict(tie)


def _unesco(state: str, code: int, first: int, last: int) -> str:
    return f'UNESCO,"UN Education, Scientific",x,full,{first},{last},,{code},{state},XXX'


def test_a_membership_begins_in_a_year_and_was_observed_to_the_last(tmp_path: Path) -> None:
    tie = _one(_cow(tmp_path, _unesco("Peru", 135, 1946, 2014)))
    assert (tie["from"], tie["to"], tie["role"]) == ("state/PER", "body/UNESCO", "member")
    assert (tie["start"], tie["start_precision"], tie["end"]) == ("1946-01-01", "year", "")
    assert tie["observed_to"] == "2014-12-31"
    assert tie["source"] == "source/cow-igo-3"


def test_a_spell_that_ends_before_the_organisation_ends_in_the_next_year(tmp_path: Path) -> None:
    rows = _unesco("Peru", 135, 1946, 2014), _unesco("Singapore", 830, 1965, 1992)
    (tie,) = [t for t in _cow(tmp_path, *rows).ties.to_dicts() if t["from"] == "state/SGP"]
    span = {"start": tie["start"], "start_precision": "year"}
    end = {"end": tie["end"], "end_precision": tie["end_precision"]}
    assert holds_on("1992-12-31", **span, **end) == "in force"
    assert holds_on("1993-06-01", **span, **end) == "imprecise: ended in 1993"
    assert holds_on("1994-01-01", **span, **end) == "no"


def test_the_code_of_russia_is_the_ussr_before_its_end(tmp_path: Path) -> None:
    ties = _cow(tmp_path, _unesco("Russia", 365, 1954, 2014)).ties.sort("start").to_dicts()
    assert [(tie["from"], tie["start"][:4]) for tie in ties] == [
        ("historical/SUN", "1954"),
        ("state/RUS", "1991"),
    ]


def test_the_korean_members_are_not_mixed_up(tmp_path: Path) -> None:
    row = "APO,Asian Productivity Organization,nokorea,full,1961,2014,,731,North Korea,PRK"
    report = _cow(tmp_path, row).report
    assert report.rejected[0].reason == "the member is the Republic of Korea"


def test_old_spells_and_other_organisations_are_left_out(tmp_path: Path) -> None:
    other = "AAAID,Arab Auth.,algeria,full,1985,2014,,615,Algeria,DZA"
    tables = _cow(tmp_path, other, _unesco("Peru", 135, 1946, 1960))
    assert tables.ties.is_empty()
    assert [item.column for item in tables.report.rejected] == [
        "igo.csv: io",
        "igo.csv: last_year_observed",
    ]


def test_a_body_that_migo_alone_carries_is_counted_and_left_out(tmp_path: Path) -> None:
    tables = _migo(tmp_path, "Nowhere Club,PER,Peru,1,2000,2010", "FOCAC,PER,Peru,1,2010,2000")
    assert tables.ties.is_empty()
    columns = [item.column for item in tables.report.rejected]
    assert columns == ["migo.csv: io", "migo.csv: last_year"]


def _oas(state: str, code: int, first: int) -> str:
    return f"OAS,Pan-Am Union/Org of Am States,x,full,{first},2014,,{code},{state},XXX"


def test_forerunners_and_associates_are_not_taken_for_members(tmp_path: Path) -> None:
    mercosur = "Mercosur,MERCOSUR,bolivia,full,1998,2014,,145,Bolivia,BOL"
    report = _cow(tmp_path, _oas("Peru", 135, 1890), mercosur).report
    assert len(report.rejected) == 2
    assert "a forerunner or an associate" in report.rejected[0].reason


def test_what_another_table_dates_to_the_day_is_corroborated(tmp_path: Path) -> None:
    tie = _one(_cow(tmp_path, _oas("Jamaica", 51, 1969)))
    assert (tie["from"], tie["to"], tie["start"]) == ("state/JAM", "body/OAS", "1969-01-01")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (_unesco("Nowhere", 9999, 1946, 2014), "cow"),
        ("UNESCO,x,x,king,1946,2014,,135,Peru,PER", "status"),
        ("UNESCO,x,x,full,19A6,2014,,135,Peru,PER", "first_year"),
        ("UNESCO,x,x,full,2015,2014,,135,Peru,PER", "last_year_observed"),
    ],
)
def test_bad_rows_of_correlates_of_war(tmp_path: Path, row: str, column: str) -> None:
    report = _cow(tmp_path, row).report
    assert report.rejected[0].column == f"igo.csv: {column}"
    assert report.balanced()


def test_another_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "igo.csv"
    path.write_text("state,year\n", encoding="utf-8")
    with pytest.raises(UserError, match="the columns should be io, orgname"):
        cow_igo.load(path)


def test_migo_states_go_by_name_because_some_codes_are_wrong(tmp_path: Path) -> None:
    tables = _migo(tmp_path, "FOCAC,ALG,Algeria,1,2000,2010", "APG,TTO,Trinidad Tobago,1,2001,2010")
    assert sorted(tables.ties["from"].to_list()) == ["state/DZA", "state/TTO"]


def test_west_germany_and_germany_are_one_spell(tmp_path: Path) -> None:
    rows = "BCBS,DEU,West Germany,1,1975,1989", "BCBS,DEU,Germany,1,1990,2010"
    tie = _one(_migo(tmp_path, *rows))
    assert (tie["from"], tie["start"], tie["end"]) == ("state/DEU", "1975-01-01", "")


def test_membership_codes_that_nobody_explains_are_rejected(tmp_path: Path) -> None:
    report = _migo(tmp_path, "GECF,NOR,Norway,2,2001,2008").report
    assert report.rejected[0].column == "migo.csv: membership_code"


def test_spells_with_a_gap_stay_two() -> None:
    apart = [Spell("b", "s", "member", 1980, 1985), Spell("b", "s", "member", 1990, 2000)]
    assert joined(apart) == apart


def test_organisations_are_named_once_and_in_four_languages() -> None:
    table = organisations()
    ids = [organisation.entity.id for organisation in table]
    assert ids == sorted(set(ids))
    assert len(ids) > 100
    for organisation in table:
        assert len(organisation.entity.labels) in (0, 4), organisation.entity.id
        assert organisation.cow or organisation.migo


def _factbook(tmp_path: Path, *rows: str) -> Tables:
    path = tmp_path / "factbook.csv"
    path.write_text("iso3,org,status\n" + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return factbook.load(path)


def test_the_factbook_confirms_a_membership_that_another_table_knows(tmp_path: Path) -> None:
    tie = _one(_factbook(tmp_path, "PER,FAO,member"))
    assert (tie["from"], tie["to"], tie["role"]) == ("state/PER", "body/FAO", "member")
    assert (tie["start"], tie["end"], tie["observed_to"]) == ("", "", "2026-02-01")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("FIN,NATO,member", "no other table tells since when"),  # joined in 2023
        ("ABW,UPU,member", "no other table tells since when"),  # a territory
        ("QAT,OPEC,member", "left on 2019-01-01"),
        ("PER,FAO,NGOs", "no role that other tables tell"),
    ],
)
def test_the_factbook_begins_no_membership(tmp_path: Path, row: str, reason: str) -> None:
    rejected, other = _factbook(tmp_path, row, "PER,XYZ,member").report.rejected
    assert (other.column, other.value) == ("factbook.csv: org", "XYZ")
    assert rejected.reason == reason


def _claim(source: str, observed_to: str, start: str = "") -> Fact:
    ends = ("state/PER", "body/FAO", source)
    precision = "year" if start else ""
    return Fact(f"tie/membership/{source}", kinds()["membership"], *ends, role="member",
                start=start, start_precision=precision, observed_to=observed_to)  # fmt: skip


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        ("2010-01-01", "in force"),
        ("2020-01-01", "not observed after 2014-12-31"),
        ("2026-02-01", "in force"),
        ("2026-03-01", "not observed after 2026-02-01"),
    ],
)
def test_what_is_seen_again_is_there_again(day: str, standing: str) -> None:
    dated = _claim("cow", "2014-12-31", "1952-01-01")
    undated = _claim("factbook", "2026-02-01")
    assert refined([dated, undated], day)[0].standing(day) == standing
    ties = Tables.of(
        ties=[
            Tie("membership", fact.from_, fact.to, fact.source, "x", role="member",
                start=fact.start, start_precision=fact.start_precision,
                observed_to=fact.observed_to)
            for fact in (dated, undated)
        ]
    ).ties  # fmt: skip
    (row,) = memberships(ties, day).to_dicts()
    assert row["status"] == (standing if standing == "in force" else "unknown")
