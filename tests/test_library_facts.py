"""Questions of the library, each on real facts of the default graph."""

from __future__ import annotations

import pytest

from geoties.graph.store import Value
from geoties.knowledge import KnowledgeGraph
from geoties.queries.header import question_names, read_question
from geoties.queries.library import example_parameters

Rows = list[dict[str, Value]]


def _ask(kg: KnowledgeGraph, name: str, **parameters: str) -> Rows:
    return kg.query_answer(name, parameters).dicts()


@pytest.mark.parametrize("name", question_names())
def test_every_question_answers_its_own_example_in_its_columns(
    kg: KnowledgeGraph, name: str
) -> None:
    question = read_question(name)
    answer = kg.query_answer(name, example_parameters(question))
    assert list(answer.columns) == [column.name for column in question.columns]


def test_who_joined_and_left_the_belt_and_road(kg: KnowledgeGraph) -> None:
    rows = _ask(kg, "joined-or-left", body="BRI", since="2018-01-01")
    changes = {(row["state"], row["change"], row["date"]) for row in rows}
    assert ("PAN", "ended", "2025-02") in changes
    assert ("ITA", "began", "2019-03-23") in changes
    assert ("NIC", "began", "2022-01-12") in changes


def test_in_apec_and_cptpp(kg: KnowledgeGraph) -> None:
    states = {row["state"] for row in _ask(kg, "in-both-bodies", first="APEC", second="AIIB")}
    assert {"PER", "CHL", "CHN"} <= states
    assert not {"MEX", "BRA", "USA"} & states


def test_a_signature_is_not_yet_being_a_party(kg: KnowledgeGraph) -> None:
    rows = _ask(kg, "in-both-bodies", first="APEC", second="CPTPP")
    since = {row["state"]: row["second_since"] for row in rows}
    assert since["PER"] == "2021-09-19"
    assert since["CHL"] == "2023-02-21"
    assert "USA" not in since


def test_top_partners_are_in_order(kg: KnowledgeGraph) -> None:
    rows = _ask(kg, "top-partners", country="CHL", year="2022")
    assert [row["partner"] for row in rows][:2] == ["CHN", "USA"]
    assert rows[0]["exports"] == 39_034_729_000  # BACI
    assert rows[0]["trade"] == pytest.approx(rows[0]["exports"] + rows[0]["imports"])  # type: ignore[operator]


def test_trade_of_a_pair_has_no_2021(kg: KnowledgeGraph) -> None:
    rows = _ask(kg, "trade-with", country="CHL", partner="CHN")
    years = [row["year"] for row in rows]
    assert 2021 not in years
    assert (2020, 28_618_572_000) in {(row["year"], row["exports"]) for row in rows}


def test_recognition_passed_from_taipei_to_beijing(kg: KnowledgeGraph) -> None:
    rows = _ask(kg, "recognition", region="Central America")
    honduras = {(r["with"], r["start"], r["end"]) for r in rows if r["state"] == "HND"}
    assert any(start and str(start).startswith("2023-03") for _, start, _ in honduras)
    assert {r["state"] for r in rows if r["with"] == "TWN" and not r["end"]} >= {"GTM", "BLZ"}


def test_treaties_that_ecuador_ended(kg: KnowledgeGraph) -> None:
    rows = _ask(kg, "terminated-treaties", region="South America", until="2019-12-31")
    assert sum(row["state"] == "ECU" for row in rows) >= 20


def test_a_product_worth_more_than_all_goods_says_why(kg: KnowledgeGraph) -> None:
    rows = _ask(kg, "products-to-partner", country="BOL", partner="IND", year="2022")
    assert [bool(row["basis"]) for row in rows] == [float(str(row["share"])) > 100 for row in rows]
    assert rows[0]["basis"]


def test_projects_keep_their_status_and_unknown_amounts(kg: KnowledgeGraph) -> None:
    rows = _ask(kg, "projects", country="ECU", sector="power")
    assert any("Coca Codo Sinclair" in str(row["title"]) for row in rows)
    assert all(row["amount"] is None or row["amount"] > 0 for row in rows)  # type: ignore[operator]


def test_the_latest_numbers_about_a_state(kg: KnowledgeGraph) -> None:
    rows = {row["indicator"]: row for row in _ask(kg, "indicators", country="BRA")}
    assert rows["gdp"]["year"] == 2023
    assert rows["population"]["unit"] == "people"


def test_visits_between_peru_and_china(kg: KnowledgeGraph) -> None:
    visitors = [row["visitor"] for row in _ask(kg, "visits", country="PER")]
    assert {"CHN", "PER"} == set(visitors)
