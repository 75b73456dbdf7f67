"""Every measure on the default graph: it has a value with its source, an explanation, a picture."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from geoties.graph.measures import cards
from geoties.graph.measures.plots import render
from geoties.graph.measures.registry import compute
from geoties.knowledge import KnowledgeGraph

PAIR = {"of": "BRA", "with_": "CHN", "years": 2019}
ALLIES = {"of": "CHL", "with_": "USA", "years": 2010}
STATE = {"of": "CHL", "years": 2023}
LARGE = {"of": "CHL", "years": 2023, "minimum": 1e9}
QUESTIONS: dict[str, dict[str, Any]] = {
    **dict.fromkeys(cards(), PAIR),
    **{name: ALLIES for name in cards() if name.startswith("alliance")},
    **{name: STATE for name, card in cards().items() if "with" not in card.takes},
    **dict.fromkeys(("degree", "k-core"), LARGE),
    "brokerage": {"of": "USA", "years": 2023, "minimum": 1e10, "poles": "EU,MERCOSUR"},
    "balance-rank": {"of": "CHL", "years": 2023, "region": "Latin America"},
    "communities-and-groupings": {"years": 2023, "minimum": 1e9},
    "net-alignment": {"of": "CHL", "years": 2019},
    "product-concentration": {"of": "CHL", "years": 2022},
    "strategic-products": {"of": "CHL", "years": 2022},
    "turning-year": {"of": "CHL"},
}
WEIGHED = [
    ("alliance-s", {**ALLIES, "weighted": "gdp"}),
    ("alliance-s-squared", {**ALLIES, "weighted": "population"}),
    ("membership-s", {**ALLIES, "weighted": "size"}),
    ("vote-s", {**PAIR, "weights": "human rights=3,palestinian conflict=0"}),
    ("vote-s", {**PAIR, "years": 74, "period": "session"}),
    ("vote-kappa", {**PAIR, "issue": "Human rights"}),
    ("voting-coincidence", {**PAIR, "variant": "without-absences"}),
    ("strength", {"of": "CHL", "on": "2014-06-01", "kinds": "membership"}),
    ("strength", {**STATE, "direction": "in", "region": "Latin America"}),
    ("betweenness", {"of": "CHL", "years": 2023, "minimum": 1e9}),
    ("partner-concentration", {**STATE, "flow": "imports"}),
    ("balance", {**STATE, "weights": "trade=2", "poles": "EU,USA"}),
]
EVERY = [*QUESTIONS.items(), *WEIGHED]


@pytest.mark.parametrize(("name", "question"), EVERY, ids=[name for name, _ in EVERY])
def test_a_score_is_explained_to_the_last_digit(
    kg: KnowledgeGraph, name: str, question: dict[str, Any]
) -> None:
    scores = kg.measure(name, **question)
    parts = kg.explain(name, **question)
    assert scores["value"].notna().all(), scores["reason"].tolist()
    assert (scores["source"] != "").all()
    added = parts.groupby("unit")["contribution"].sum() if len(scores) > 1 else None
    for row in scores.to_dict("records"):
        total = parts["contribution"].sum() if added is None else added[row["unit"]]
        assert total == pytest.approx(row["value"], rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", cards())
def test_any_measure_can_be_drawn(kg: KnowledgeGraph, name: str) -> None:
    pytest.importorskip("matplotlib")
    question = {**QUESTIONS[name]}
    if "of" in question and name not in ("brokerage", "balance-rank"):
        question["of"] = "CHL,PER,BRA"
    card = cards()[name]
    picture = render(compute(name, kg.frames, **question), card, ".svg").decode()
    text = "".join(picture.split())
    for told in (card.name[:12], "Source:"):
        assert told.replace(" ", "").replace("'", "&apos;") in text.replace("'", "&apos;")


def test_a_tidy_frame_tells_its_units(kg: KnowledgeGraph) -> None:
    frame = kg.measure("trade-dependence", of="BRA", with_="CHN")
    assert isinstance(frame, pd.DataFrame)
    assert frame.attrs["units"]["value"] == "ratio to GDP"
    assert frame["year"].tolist() == [y for y in range(2000, 2024) if y != 2021]
    assert frame["value"].between(0, 1).all()
