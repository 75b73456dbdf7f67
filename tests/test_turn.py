"""The table of the turn to Asia, on the default graph."""

from __future__ import annotations

import pytest

from geoties.knowledge import KnowledgeGraph
from geoties.queries.turn import Turn, turn_to_asia


@pytest.fixture(scope="module")
def turn(kg: KnowledgeGraph) -> Turn:
    return turn_to_asia(kg.store, kg.frames, kg.date)


def _cell(turn: Turn, state: str, column: str) -> str:
    row = next(row for row in turn.table.dicts() if row["state"] == state)
    return str(row[column])


def test_the_twenty_states_are_there_in_order(turn: Turn) -> None:
    states = [str(row["state"]) for row in turn.table.dicts()]
    assert len(states) == 20
    assert states == sorted(states)


@pytest.mark.parametrize(
    ("state", "first", "last"),
    [  # China's share of goods exports, 2000 and 2023, whole percent (BACI)
        ("Brazil", 2, 30),
        ("Chile", 5, 39),
        ("Peru", 7, 34),
        ("Ecuador", 1, 22),
        ("Mexico", 0, 2),
    ],
)
def test_chinas_share_of_exports(turn: Turn, state: str, first: int, last: int) -> None:
    assert float(_cell(turn, state, "China 2000 %")) == pytest.approx(first, abs=0.5)
    least = _cell(turn, state, "China 2023 %").split("–")[0]  # a range where a flow is understated
    assert float(least) == pytest.approx(last, abs=0.55)


def test_an_unknown_flow_makes_a_range_not_a_number(turn: Turn) -> None:
    """Korea and Argentina did not report their trade of 2023."""
    assert "–" in _cell(turn, "Argentina", "rest of Asia 2023 %")


@pytest.mark.parametrize(
    ("state", "body", "standing"),
    [
        ("Panama", "BRI", "left 2025"),
        ("Chile", "BRI", "2018"),
        ("Peru", "BRI", "2019"),
        ("Brazil", "BRI", "no"),
        ("Mexico", "APEC", "1993"),
        ("Chile", "APEC", "1994"),
        ("Peru", "APEC", "1998"),
        ("Brazil", "APEC", "no"),
        ("Peru", "CPTPP", "2021"),
        ("Chile", "CPTPP", "2023"),
        ("Chile", "RCEP", "no"),
        ("Peru", "AIIB", "2022"),
    ],
)
def test_standing_in_a_body(turn: Turn, state: str, body: str, standing: str) -> None:
    assert _cell(turn, state, body) == standing


def test_agreements_with_asia(turn: Turn) -> None:
    assert {"CHN", "JPN", "KOR"} <= set(_cell(turn, "Peru", "in Asia with").split())
    assert "CYP" not in _cell(turn, "Chile", "in Asia with")


def test_taiwan_is_footnoted(turn: Turn) -> None:
    assert any("Taiwan is left out" in note for note in turn.notes)
