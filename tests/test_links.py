"""Who is linked to whom on a day: every rule, on a small world of real facts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from links_world import COW, DAY, World, _member, _party, make_world

from geoties.graph.model import UserError
from geoties.graph.store import Value
from geoties.queries.links import COLUMNS, links

Rows = list[dict[str, Value]]


def ask(world: World, *ends: str, **more: Any) -> Rows:
    return links(world.store, *ends, graph_date=DAY, names=world.names, **more).dicts()


def of(rows: Rows, **fields: Value) -> Rows:
    return [row for row in rows if all(row[name] == value for name, value in fields.items())]


def one(rows: Rows, **fields: Value) -> dict[str, Value]:
    found = of(rows, **fields)
    assert len(found) == 1, found
    return found[0]


def vias(rows: Rows, kind: str) -> list[Value]:
    return [row["via"] for row in of(rows, kind=kind)]


def test_columns(world: World) -> None:
    answer = links(world.store, "PER", "CHN", graph_date=DAY, names=world.names)
    assert answer.columns == COLUMNS
    assert {len(row) for row in answer.rows} == {len(COLUMNS)}


def test_names_and_codes_give_the_same(world: World) -> None:
    assert ask(world, "Perú", "china") == ask(world, "PER", "CHN")


def test_yearly_ties_show_the_latest_year_in_both_directions(world: World) -> None:
    rows = of(ask(world, "PER", "CHN"), kind="goods-trade")
    told = [(row["from"], row["year"], row["value"], row["unit"]) for row in rows]
    assert told == [("CHN", 2023, 13649337000, "USD"), ("PER", 2023, 22140946000, "USD")]
    assert rows[1]["sentence"] == "Peru exported goods worth USD 22.1 billion to China in 2023."


@pytest.mark.parametrize(("day", "year"), [("2022-12-31", 2022), ("2021-06-30", 2020)])
def test_yearly_ties_as_of_an_earlier_date(world: World, day: str, year: int) -> None:
    row = one(ask(world, "PER", "CHN", on=day), kind="goods-trade", **{"from": "PER"})
    assert (row["year"], row["basis"]) == (year, "latest year with data")


def test_no_flow_before_the_first_year(world: World) -> None:
    assert not of(ask(world, "PER", "CHN", on="2018-12-31"), kind="goods-trade")


def test_shared_body_names_the_later_start_and_all_sources(world: World) -> None:
    row = one(ask(world, "PER", "CHN", on="2010-01-01"), kind="membership", via="APEC")
    assert (row["start"], row["end"], row["basis"]) == ("1998-11-15", "", "in force")
    assert row["source"] == "cow; curated"
    text = "Peru and China are both in Asia-Pacific Economic Cooperation, from 1998-11-15."
    assert row["sentence"] == text


def test_a_source_that_no_longer_looked_does_not_support(world: World) -> None:
    row = one(ask(world, "PER", "CHN"), kind="membership", via="APEC")
    assert row["source"] == "curated"


def test_before_it_joined_there_is_no_link(world: World) -> None:
    assert "APEC" not in vias(ask(world, "PER", "CHN", on="1998-11-14"), "membership")
    assert not ask(world, "PER", "APEC", on="1998-11-14")


def test_each_source_of_a_membership_is_listed(world: World) -> None:
    rows = ask(world, "PER", "APEC", on="1998-11-15")
    told = [(row["source"], row["start"], row["basis"]) for row in rows]
    assert told == [("cow", "1998", "in force"), ("curated", "1998-11-15", "in force")]


def test_claims_tell_how_many_sources_agree_and_in_what_they_differ(world: World) -> None:
    agreed = "corroborated by 2 (curated, cow)"
    assert {row["claims"] for row in ask(world, "PER", "APEC", on="1998-11-15")} == {agreed}
    assert one(ask(world, "PER", "CHN"), via="APEC")["claims"] == f"PER {agreed}"
    assert one(ask(world, "PER", "CHN"), via="PER-CHN")["claims"] == agreed
    assert one(ask(world, "CHL", "CHN"), via="APEC")["claims"] == ""
    apart = "disputed: start 2018-12-30 (curated) or 2019 (cow)"
    rows = of(ask(world, "MEX", "CPTPP"), kind="agreement-party")
    assert [row["claims"] for row in rows] == [apart, apart]
    assert one(ask(world, "MEX", "JPN"), via="CPTPP")["claims"] == f"MEX {apart}"


def test_a_flow_that_is_known_in_part_says_so(world: World) -> None:
    told = "partial: understated: gold is missing"
    assert one(ask(world, "PER", "USA"), kind="goods-trade")["claims"] == told
    assert one(ask(world, "PER"), kind="goods-trade", to="USA")["claims"] == told
    assert {row["claims"] for row in of(ask(world, "PER", "CHN"), kind="goods-trade")} == {""}


def test_an_imprecise_start_is_flagged(world: World) -> None:
    row = one(ask(world, "PER", "CHN", on="2019-06-01"), via="BRI")
    assert (row["basis"], row["start"]) == ("imprecise: began in 2019", "2019")
    assert str(row["sentence"]).endswith("(imprecise: began in 2019).")
    assert one(ask(world, "PER", "CHN", on="2020-01-01"), via="BRI")["basis"] == "in force"


def test_an_imprecise_end_is_flagged_and_then_over(world: World) -> None:
    rows = ask(world, "PAN", "BRI", on="2025-02-10")
    assert one(rows, source="curated")["basis"] == "imprecise: ended in 2025-02"
    assert not ask(world, "PAN", "BRI", on="2025-03-01")
    row = one(ask(world, "PAN", "BRI", on="2025-03-01", ended=True), source="curated")
    assert (row["end"], row["basis"]) == ("2025-02", "ended")


def test_a_source_that_stopped_looking_yields_to_one_that_saw_the_end(world: World) -> None:
    rows = ask(world, "PAN", "BRI", on="2023-01-01")
    assert [(row["source"], row["basis"]) for row in rows] == [
        ("cow", "not observed after 2021-12-31"),
        ("curated", "in force"),
    ]
    assert one(ask(world, "PAN", "CHN", on="2023-01-01"), via="BRI")["source"] == "curated"
    assert not of(ask(world, "PAN", "CHN"), kind="membership")


def test_a_shared_body_ends_with_the_first_to_leave(world: World) -> None:
    assert not of(ask(world, "PAN", "CHN"), kind="membership")
    row = one(ask(world, "PAN", "CHN", ended=True), kind="membership")
    assert (row["via"], row["start"], row["end"]) == ("BRI", "2017-11-17", "2025-02")
    assert "were both in" in str(row["sentence"])


def test_observers_and_suspended_members_share_no_body(world: World) -> None:
    assert not vias(ask(world, "BRA", "CHN"), "membership")
    assert vias(ask(world, "BRA", "VEN", on="2014-01-01"), "membership") == ["MERCOSUR"]
    assert not vias(ask(world, "BRA", "VEN", on="2018-01-01"), "membership")
    assert "is suspended from" in str(one(ask(world, "VEN", "MERCOSUR"))["sentence"])


def test_a_bloc_in_a_body_does_not_bring_its_members_in(world: World) -> None:
    assert vias(ask(world, "EU", "CHN"), "membership") == ["G20"]
    assert not vias(ask(world, "FRA", "CHN"), "membership")


def test_unknown_start_and_last_observation_are_unknown(world: World) -> None:
    row = one(ask(world, "USA", "CHN"), kind="membership", via="G20")
    assert (row["basis"], row["start"]) == ("not observed after 2014-12-31", "")


def test_a_blocs_agreement_links_its_members_to_the_other_party(world: World) -> None:
    row = one(ask(world, "FRA", "CHL"), kind="agreement-party")
    assert (row["via"], row["start"]) == ("CHL-EU", "2003-02-01")
    assert "(through European Union)" in str(row["sentence"])
    assert row["record"] == "CHL-EU-CHL-2003-02-01; CHL-EU-EU-2003-02-01; EU-FRA-1958-01-01"


def test_a_blocs_agreement_does_not_link_its_members_to_each_other(world: World) -> None:
    assert vias(ask(world, "FRA", "DEU"), "agreement-party") == ["EU-Treaty"]


def test_a_blocs_agreement_reaches_only_those_who_are_members_that_day(world: World) -> None:
    assert vias(ask(world, "GBR", "CHL", on="2019-01-01"), "agreement-party") == ["CHL-EU"]
    assert not vias(ask(world, "GBR", "CHL", on="2020-02-01"), "agreement-party")
    row = one(ask(world, "GBR", "CHL", ended=True), kind="agreement-party")
    assert (row["start"], row["end"], row["basis"]) == ("2003-02-01", "2020-02-01", "ended")


def test_a_member_and_its_blocs_agreement(world: World) -> None:
    row = one(ask(world, "FRA", "CHL-EU"))
    assert (row["kind"], row["from"], row["to"], row["via"]) == (
        "agreement-party", "FRA", "CHL-EU", "EU",
    )  # fmt: skip


def test_a_blocs_sanction_is_held_by_its_members(world: World) -> None:
    row = one(ask(world, "DEU", "VEN"), kind="sanction")
    assert (row["from"], row["to"], row["via"]) == ("DEU", "VEN", "EU")


def test_an_accession_is_no_second_agreement(world: World) -> None:
    row = one(ask(world, "GBR", "JPN"), kind="agreement-party")
    assert (row["via"], row["start"]) == ("CPTPP", "2024-12-15")


def test_parties_that_are_not_yet_in_it_for_each_other(world: World) -> None:
    rows = ask(world, "GBR", "MEX")
    assert not of(rows, kind="agreement-party")
    row = one(rows, kind="not-yet-in-force")
    assert row["via"] == "CPTPP"
    assert "is not yet in force between United Kingdom and Mexico" in str(row["sentence"])


def test_in_force_from_the_day_on_which_it_is_so_for_both(world: World) -> None:
    assert not vias(ask(world, "GBR", "PER", on="2025-01-09"), "agreement-party")
    row = one(ask(world, "GBR", "PER", on="2025-01-10"), kind="agreement-party")
    assert (row["via"], row["start"]) == ("CPTPP", "2025-01-10")


def test_one_agreement_with_two_sources_is_one_link(world: World) -> None:
    row = one(ask(world, "PER", "CHN"), kind="agreement-party")
    assert (row["start"], row["source"]) == ("2010-03-01", "cow; curated")


def test_events_only_when_asked_for(world: World) -> None:
    assert not of(ask(world, "PER", "CHN"), kind="visit")
    row = one(ask(world, "PER", "CHN", since="2016"), kind="visit")
    assert row["sentence"] == "Xi Jinping of China visited Peru (2016-11-18)."
    assert not of(ask(world, "PER", "CHN", since="2017"), kind="visit")
    assert not of(ask(world, "PER", "CHN", since="2010", on="2015-01-01"), kind="visit")


def test_projects_of_the_latest_year_and_all_since(world: World) -> None:
    row = one(ask(world, "PER", "CHN"), kind="project-finance")
    assert (row["via"], row["year"], row["value"]) == ("port", 2019, None)
    assert "an unreported amount" in str(row["sentence"])
    rows = of(ask(world, "PER", "CHN", since="2010"), kind="project-finance")
    assert [row["year"] for row in rows] == [2011, 2019]


def test_kinds_cut_the_answer(world: World) -> None:
    rows = ask(world, "PER", "CHN", kinds=["diplomatic-relation"])
    assert [row["kind"] for row in rows] == ["diplomatic-relation"]


def test_one_alone_lists_its_own_ties_and_those_of_its_blocs(world: World) -> None:
    rows = ask(world, "FRA")
    assert one(rows, kind="membership")["to"] == "EU"
    assert one(rows, to="CHL-EU")["via"] == "EU"
    assert one(rows, kind="sanction")["to"] == "VEN"


def test_one_alone_has_the_latest_flow_with_each_partner(world: World) -> None:
    rows = of(ask(world, "PER"), kind="goods-trade")
    ends = [(row["from"], row["to"], row["year"]) for row in rows]
    assert ends == [("CHN", "PER", 2023), ("PER", "CHN", 2023), ("PER", "USA", 2023)]
    assert not of(ask(world, "PER", kinds=["membership"]), kind="goods-trade")


def test_what_runs_through_an_agreement_or_project(world: World) -> None:
    assert one(ask(world, "GBR", "CPTPP"), kind="not-yet-in-force")["to"] == "MEX"
    assert one(ask(world, "PER", "project/port"), year=2019)["kind"] == "project-finance"


@pytest.mark.parametrize(
    ("ends", "more", "told"),
    [
        (("Perru", "CHN"), {}, "did you mean Peru"),
        (("PER", ""), {"on": "2023-13-01"}, "'2023-13-01' is not a day"),
        (("PER", ""), {"on": "2023"}, "'2023' is not a day"),
        (("PER", ""), {"kinds": ["trade"]}, "no kind of tie 'trade'; did you mean"),
        (("PER", ""), {"since": "soon"}, "'soon' is not a date"),
        (("PER", "Peru"), {}, "are the same"),
        (("  ", ""), {}, "is empty"),
    ],
)
def test_bad_input_is_told_in_one_sentence(
    world: World, ends: tuple[str, str], more: dict[str, Any], told: str
) -> None:
    with pytest.raises(UserError, match=r"^[^\n]*$") as problem:
        ask(world, *ends, **more)
    assert told in str(problem.value)


def test_a_blocs_undated_claim_does_not_blur_a_dated_one(tmp_path: Path) -> None:
    """The Philippines' own date in RCEP is known; that of ASEAN, of which they are one, is not."""
    world = make_world(tmp_path, extra=(
        _party("MEX", "EU-Treaty", "2023-06-02"),
        _party("MERCOSUR", "EU-Treaty", "", source=COW, observed_to="2020-12-31"),
        _member("MEX", "MERCOSUR", "1995-01-01"),
    ))  # fmt: skip
    for ends in (("MEX", "EU-Treaty"), ("MEX", "FRA")):
        rows = ask(world, *ends, on="2023-01-01")
        assert "EU-Treaty" not in vias(rows, "agreement-party"), ends
        assert not of(rows, kind="agreement-party", to="EU-Treaty"), ends
    assert not of(ask(world, "MEX", on="2023-01-01"), kind="agreement-party", to="EU-Treaty")
