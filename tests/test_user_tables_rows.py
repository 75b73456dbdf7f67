"""Rows of a user's table: names, rules, duplicates, contradictions; every row accounted for."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from own_tables import flows, read_text, rejections

from geoties.graph.model import UserError
from geoties.ontology.kinds import kinds

TRADE = 'constants = { kind = "goods-trade" }'


def one_flow(folder: Path, row: str, mapping: str = TRADE) -> tuple[str, str, str]:
    """Column, value and reason of the rejection of a single row of trade."""
    table = read_text(folder, flows(row), mapping=mapping)
    (item,) = rejections(table)
    assert item.row == 2
    return item.column, item.value, item.reason


def test_a_flow_is_read(tmp_path: Path) -> None:
    table = read_text(tmp_path, flows("PER,China,2023,1250.5,USD"), kind="goods-trade")
    (tie,) = table.tables.ties.to_dicts()
    assert (tie["from"], tie["to"], tie["year"]) == ("state/PER", "state/CHN", 2023)
    assert (tie["value"], tie["unit"], tie["source"]) == (1250.5, "USD", "source/mine")
    assert tie["id"] == "tie/goods-trade/mine/PER-CHN-2023"
    assert table.tables.report.loaded == 1


def test_na_is_namibia_and_that_is_told(tmp_path: Path) -> None:
    table = read_text(tmp_path, flows("NA,CHN,2023,1,USD"), kind="goods-trade")
    assert table.tables.ties["from"].to_list() == ["state/NAM"]
    assert "NA was read as Namibia in 1 cells" in table.notes[0]


def test_na_may_be_declared_missing(tmp_path: Path) -> None:
    mapping = TRADE + '\ntable = { missing = ["NA", ".."] }'
    column, _, reason = one_flow(tmp_path, "NA,CHN,2023,1,USD", mapping)
    assert column == "from"
    assert "no entity has that id" in reason or "empty" in reason


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("Korea,CHN,2023,1,USD", "from", "did you mean North Korea (PRK), South Korea (KOR)"),
        ("Congo,CHN,2023,1,USD", "from", "did you mean"),
        ("Nigerr,CHN,2023,1,USD", "from", "Niger (NER)"),
        ("Atlantis,CHN,2023,1,USD", "from", "nothing is certainly called so"),
        ("604,CHN,2023,1,USD", "from", "declare codes"),
        ("004,CHN,2023,1,USD", "from", "declare codes"),
        (",CHN,2023,1,USD", "from", "empty"),
        ("PER,PER,2023,1,USD", "to", "two different ends"),
        ("PER,Peru,2023,1,USD", "to", "two different ends"),
        ("PER,APEC,2023,1,USD", "to", "must be one of"),
        ("PER,state/ZZZ,2023,1,USD", "to", "nothing is certainly called so"),
        ("PER,project/mine,2023,1,USD", "to", "no such project yet; add a table of it before"),
        ("PER,CHN,2023,1.250,USD", "value", "its point may mark thousands or decimals"),
        ("PER,CHN,,1,USD", "year", "needs a year"),
        ("PER,CHN,23,1,USD", "year", "four digits"),
        ("PER,CHN,2023,,USD", "value", "needs a value"),
        ("PER,CHN,2023,-5,USD", "value", "never below 0"),
        ('PER,CHN,2023,"1,234",USD', "value", "thousands or decimals"),
        ("PER,CHN,2023,010110,USD", "value", "does not begin with 0"),
        ("PER,CHN,2023,1,", "unit", "expected USD"),
        ("PER,CHN,2023,1,EUR", "unit", "expected USD"),
        ("PER,CHN,2023,1,USD million", "unit", "expected USD"),
        ("PER,CHN,2023,1,thousand USD", "unit", "expected USD"),
        ("RUS,CHN,1985,1,USD", "", ""),
        ("Russian Federation,CHN,1985,1,USD", "from", "state/RUS did not exist on 1985-12-31"),
        ("Russia,CHN,1991,1,USD", "from", "it may mean"),
        ("SSD,CHN,1990,1,USD", "from", "state/SSD did not exist then, but from 2011"),
        ("CHN,Croatia,1930,1,USD", "to", "from 1941 to 1945 and from 1991"),
        ("historical/SUN,CHN,2005,1,USD", "from", "ceased to exist on 1991-12-26"),
        ("historical/CSK,CHN,1900,1,USD", "from", "did not exist before 1918-10-28"),
    ],
)
def test_what_a_flow_may_not_be(tmp_path: Path, row: str, column: str, reason: str) -> None:
    table = read_text(tmp_path, flows(row), kind="goods-trade")
    if not reason:
        assert table.tables.ties["from"].to_list() == ["historical/SUN"]
        return
    (item,) = rejections(table)
    assert (item.row, item.column) == (2, column)
    assert reason in item.reason


MEMBERS = "from,to,role,start,end"


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("PER,APEC,king,1998,", "role", "role is king; of a membership it is one of"),
        ("PER,APEC,,1998,", "role", "needs one"),
        ("PER,APEC,member,03/04/1998,", "start", "may be 1998-04-03 or 1998-03-04"),
        ("PER,APEC,member,1998-11,1997", "end", "ends on 1997-12-31 but starts on 1998-11-01"),
        ("PER,CHN,member,1998,", "to", "must be one of"),
        ("historical/SUN,APEC,member,1980,", "end", "ceased to exist on 1991-12-26"),
        ("historical/SUN,APEC,member,1980,1995", "end", "ceased to exist on 1991-12-26"),
        ("historical/SUN,APEC,member,1995,1996", "from", "ceased to exist on 1991-12-26"),
    ],
)
def test_what_a_membership_may_not_be(tmp_path: Path, row: str, column: str, reason: str) -> None:
    table = read_text(tmp_path, flows(row, header=MEMBERS), kind="membership")
    (item,) = rejections(table)
    assert item.column == column
    assert reason in item.reason


@pytest.mark.parametrize("row", ["EST,CHN,1930", "EST,CHN,1991", "SSD,CHN,2011", "UKR,CHN,1950"])
def test_states_of_several_spells(tmp_path: Path, row: str) -> None:
    table = read_text(tmp_path, flows(f"{row},1,USD"), kind="goods-trade")
    assert not rejections(table)


def test_a_membership_that_ended_with_its_state_is_taken(tmp_path: Path) -> None:
    row = "historical/SUN,APEC,member,1980,1991-12-26"
    table = read_text(tmp_path, flows(row, header=MEMBERS), kind="membership")
    assert not rejections(table)
    (tie,) = table.tables.ties.to_dicts()
    assert (tie["start"], tie["start_precision"]) == ("1980-01-01", "year")
    assert (tie["end"], tie["end_precision"]) == ("1991-12-26", "day")


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("visits", "did you mean visit?"),
        ("friendship", "there are: "),
        ("vote-agreement", "computed from others"),
        ("", "name it in a column, or with --kind"),
    ],
)
def test_kinds_that_cannot_be_added(tmp_path: Path, kind: str, reason: str) -> None:
    table = read_text(tmp_path, f"kind,from,to\n{kind},PER,CHN\n")
    (item,) = rejections(table)
    assert (item.column, item.value) == ("kind", kind)
    assert reason in item.reason


def test_product_codes_keep_their_zeros(tmp_path: Path) -> None:
    header = "from,to,topic,year,value,unit"
    rows = ("PER,CHN,010110,2023,5,USD", "PER,CHN,10110,2023,5,USD")
    table = read_text(tmp_path, flows(*rows, header=header), kind="commodity-trade")
    assert table.tables.ties["topic"].to_list() == ["010110"]
    (item,) = rejections(table)
    assert (item.row, item.column, item.value) == (3, "topic", "10110")


def test_rows_said_twice_are_duplicates(tmp_path: Path) -> None:
    rows = ("PER,CHN,2023,5,USD", "Peru,China,2023,5.0,USD", "PER,CHN,2022,5,USD")
    table = read_text(tmp_path, flows(*rows), kind="goods-trade")
    assert table.repeated == [(3, "it says the same as row 2")]
    report = table.tables.report
    assert (report.read, report.loaded, report.duplicates) == (3, 2, 1)


def test_rows_that_contradict_each_other_are_both_rejected(tmp_path: Path) -> None:
    rows = ("PER,CHN,2023,5,USD", "PER,CHN,2023,6,USD", "PER,CHN,2022,5,USD")
    table = read_text(tmp_path, flows(*rows), kind="goods-trade")
    told = [(item.row, item.reason) for item in rejections(table)]
    assert told == [
        (2, "row 3 says something else of the same"),
        (3, "row 2 says something else of the same"),
    ]
    assert table.tables.ties["year"].to_list() == [2022]


def test_records_of_their_own_keep_two_claims_apart(tmp_path: Path) -> None:
    rows = ("PER,CHN,2023,5,USD,a", "PER,CHN,2023,6,USD,b/ü")
    header = "from,to,year,value,unit,record"
    table = read_text(tmp_path, flows(*rows, header=header), kind="goods-trade")
    assert not rejections(table)
    ids = sorted(table.tables.ties["id"])
    assert ids == ["tie/goods-trade/mine/a", "tie/goods-trade/mine/b%2F%C3%BC"]


def test_two_spells_in_one_body_are_two_ties(tmp_path: Path) -> None:
    rows = ("PER,APEC,member,1998,2001", "PER,APEC,member,2005,")
    table = read_text(tmp_path, flows(*rows, header=MEMBERS), kind="membership")
    assert not rejections(table)
    assert sorted(table.tables.ties["record"]) == ["PER-APEC-member-1998", "PER-APEC-member-2005"]


@pytest.mark.parametrize("kind", [k.id for k in kinds().values() if not k.directed])
def test_a_tie_without_direction_is_the_same_from_either_end(tmp_path: Path, kind: str) -> None:
    if kinds()[kind].derived:
        return
    rows = ("PER,CHN,RCEP,1971", "CHN,PER,RCEP,1971")
    mapping = "" if kinds()[kind].via_kinds else 'table = { ignore = ["via"] }'
    text = flows(*rows, header="from,to,via,start")
    table = read_text(tmp_path, text, mapping=mapping, kind=kind)
    assert not rejections(table)
    assert table.tables.report.duplicates == 1


def test_observations(tmp_path: Path) -> None:
    text = flows(
        "PER,gdp,2023,2.5e11,USD",
        "World,gdp,2023,1e14,USD",
        "PER,gdp,2023,3e11,EUR",
        "PER,gpd,2023,3e11,USD",
        "PER,gdp,2022,-1,USD",
        "RUS,gdp,1985,1,USD",
        "PER,gdp,2023,2.5e11,USD",
        "SSD,population,1995,5000000,people",
        header="entity,indicator,year,value,unit",
    )
    table = read_text(tmp_path, text)
    told = {item.row: (item.column, item.reason) for item in rejections(table)}
    assert told[4][0] == "unit"
    assert "did you mean gdp?" in told[5][1]
    assert told[6][0] == "value"
    found = sorted(table.tables.observations["entity"])
    assert found == ["aggregate/World", "historical/SUN", "state/PER", "state/SSD"]
    assert table.repeated == [(8, "it says the same as row 2")]


def test_entities_of_the_users_own(tmp_path: Path) -> None:
    text = flows(
        "project/chancay,project,Chancay port,PER,true,2016",
        "state/XYZ,state,A state,,,",
        "project/aiddata-37873,project,A port,,,",
        "project/aiddata-37873,project,Another port,,,",
        "other,project,,PER,,",
        "third,project,Third,Atlantis,,",
        "fourth,project,Fourth,PER,maybe,",
        "project/a b,project,Fifth,PER,,",
        header="id,kind,label,hostedBy,infrastructure,startYear",
    )
    table = read_text(tmp_path, text)
    (entity,) = table.tables.entities.to_dicts()
    assert entity["id"] == "project/chancay"
    assert entity["properties"] == (
        '{"hostedBy":"state/PER","infrastructure":true,"startYear":2016}'
    )
    assert table.repeated == [(4, "the graph says so already")]
    told = {item.row: item.reason for item in rejections(table)}
    assert set(told) == {3, 5, 6, 7, 8, 9}
    assert "your own entities may be" in told[3]
    assert "says otherwise" in told[5]


def test_every_row_is_rejected_once_for_its_first_fault(tmp_path: Path) -> None:
    table = read_text(tmp_path, flows("Korea,PER,23,x,EUR"), kind="goods-trade")
    (item,) = rejections(table)
    assert (item.column, item.value) == ("year", "23")


def test_a_table_without_rows_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no rows below its header"):
        read_text(tmp_path, flows(), kind="visit")


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_CELL = st.one_of(
    st.sampled_from(["PER", "CHN", "NA", "Korea", "2023", "1,5", "USD", "", " ", "=1+1", "003"]),
    _TEXT,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(_CELL, min_size=0, max_size=7), min_size=1, max_size=6))
def test_any_table_is_accounted_for_row_by_row(tmp_path: Path, rows: list[list[str]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([["from", "to", "year", "value", "unit"], *rows])
    filled = sum(any(cell.strip() for cell in row) for row in rows)
    if not filled:
        with pytest.raises(UserError, match="no rows"):
            read_text(tmp_path, out.getvalue(), kind="goods-trade")
        return
    report = read_text(tmp_path, out.getvalue(), kind="goods-trade").tables.report
    assert report.balanced()
    assert report.read == filled
