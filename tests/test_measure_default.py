"""Every measure on the default graph: it has a value with its source, an explanation, a picture."""

from __future__ import annotations

import importlib
import re
from typing import Any

import pandas as pd
import polars as pl
import pytest
from stores import ROOT

from geoties.graph.frames import Frames
from geoties.graph.measures import cards, dependency
from geoties.graph.measures.card import Reference
from geoties.graph.measures.plots import render
from geoties.graph.measures.registry import compute
from geoties.graph.measures.trade import trade_dyads
from geoties.graph.model import UserError
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
    ("partner-concentration", {**STATE, "form": "points"}),
    ("partner-concentration", {**STATE, "form": "hirschman"}),
    ("partner-concentration", {**STATE, "form": "normalised"}),
    ("trade-dependence", {"of": "BRA", "with_": "EU", "years": 2023}),
    ("export-share", {"of": "Latin America", "with_": "CHN", "years": 2023}),
    ("trade-salience", {"of": "BRA", "with_": "Latin America", "years": 2023}),
    ("dependence-definitions", {**PAIR, "thresholds": "export-share=0.5"}),
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


FACTS = [
    reference
    for card in cards().values()
    for reference in card.references
    if "measured(" in reference.expression
]


@pytest.mark.parametrize("fact", FACTS, ids=[fact.statement for fact in FACTS])
def test_the_facts_on_the_cards_come_out(kg: KnowledgeGraph, fact: Reference) -> None:
    def measured(name: str, **question: Any) -> float:
        return float(kg.measure(name, **question)["value"].item())

    value = eval(fact.expression, {"measured": measured})
    digits = len(fact.printed.partition(".")[2])
    assert f"{value:.{digits}f}" == fact.printed


class Shuffled:
    """The tables of a graph with their rows in another order."""

    def __init__(self, frames: Frames) -> None:
        self.frames = frames
        self.kept: dict[str, pl.DataFrame] = {}

    def _shuffled(self, name: str, frame: pl.DataFrame) -> pl.DataFrame:
        if name not in self.kept:
            self.kept[name] = frame.sample(fraction=1, shuffle=True, seed=5)
        return self.kept[name]

    def entities(self) -> pl.DataFrame:
        return self._shuffled("entities", self.frames.entities())

    def observations(self) -> pl.DataFrame:
        return self._shuffled("observations", self.frames.observations())

    def coverage(self) -> pl.DataFrame:
        return self._shuffled("coverage", self.frames.coverage())

    def ties(self, kind: str) -> pl.DataFrame:
        return self._shuffled(f"ties/{kind}", self.frames.ties(kind))


@pytest.fixture(scope="module")
def shuffled(kg: KnowledgeGraph) -> Shuffled:
    return Shuffled(kg.frames)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "question"), EVERY, ids=[name for name, _ in EVERY])
def test_the_order_of_rows_changes_no_digit(
    kg: KnowledgeGraph, shuffled: Shuffled, name: str, question: dict[str, Any]
) -> None:
    again = compute(name, shuffled, **question)
    assert again.rows() == compute(name, kg.frames, **question).rows()


@pytest.fixture(scope="module")
def dyads(kg: KnowledgeGraph) -> pl.DataFrame:
    """The trade of all pairs in all years."""
    coverage = kg.frames.coverage().filter(pl.col("kind") == "goods-trade")
    gdp = kg.frames.observations().filter(pl.col("indicator") == "gdp")
    return trade_dyads(kg.frames.ties("goods-trade"), coverage, gdp)


def test_dependence_is_share_times_openness_for_every_dyad_and_year(dyads: pl.DataFrame) -> None:
    share, open_ = dependency.trade_share(dyads), dependency.openness(dyads)
    whole = dependency.trade_dependence(dyads)["value"]
    gap = (share["value"] * open_["value"] - whole).abs() / whole
    known = gap.drop_nulls().filter(gap.drop_nulls().is_not_nan())
    assert known.len() > 500_000
    assert (known < 1e-12).all()
    assert (whole.is_null() == dyads["gdp_of"].is_null() | dyads["trade_gap"]).all()


def test_shares_and_scores_of_all_pairs_keep_to_their_range(dyads: pl.DataFrame) -> None:
    shares = (dependency.export_share, dependency.import_share, dependency.trade_share,
              dependency.salience, dependency.symmetry, dependency.interdependence)  # fmt: skip
    for formula in shares:
        scores = formula(dyads)
        for column in ("value", "low", "high"):
            assert scores[column].drop_nulls().is_between(0, 1 + 1e-12).all(), formula
        assert not (scores["low"] > scores["high"] + 1e-12).any()
    sums = dependency.export_share(dyads).group_by("of", "year", "source").agg(
        pl.col("value").sum(), missing=pl.col("exports_missing").first()
    )  # fmt: skip
    whole = sums.filter((pl.col("missing") == 0) & (pl.col("value") > 0))
    assert ((whole["value"] - 1).abs() < 1e-9).all()


def test_every_latin_american_state_has_a_turning_year_or_the_reason(kg: KnowledgeGraph) -> None:
    turns = kg.measure("turning-year", region="Latin America")
    assert len(turns) == 20
    has = turns["value"].notna()
    assert (turns.loc[has, "reason"] == "").all()
    assert turns.loc[~has, "reason"].str.startswith("CHN was ").all()
    assert turns.loc[has, "basis"].str.contains("no data for 2021").all()


def test_finance_and_visits_make_no_country_chinese(kg: KnowledgeGraph) -> None:
    domains = kg.measure("balance", of="VEN", years=2015, by="domain").set_index("with")
    for domain in ("finance", "visits"):
        assert domains["value"].isna()[domain]
        assert domains.loc[domain, "reason"] == "coverage is declared for CHN only"


def test_answers_are_those_of_polars_by_hand(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    floors = importlib.import_module("benchmarks.floors")
    cases = [case for case in floors._cases(kg.frames) if case[2] and "all pairs" not in case[0]]
    for words, name, asked, floor in cases:
        floors._check(f"{name}, {words}", compute(name, kg.frames, **asked), floor(kg.frames))
    assert len(cases) > 12


@pytest.mark.parametrize(
    ("name", "asked", "sentence"),
    [
        ("trade-share", {"of": "SSD", "with_": "CHN", "years": 2005},
         "South Sudan did not exist in 2005."),
        ("vote-agreement", {"of": "HRV", "with_": "USA", "years": "1980-1985"},
         "Croatia did not exist in 1980-1985."),
        ("degree", {"minimum": 1e20}, "No tie is left in this cut of the graph"),
        ("degree", {"kinds": "foo"}, "There is no kind of tie 'foo'"),
        ("vote-identity", {**PAIR, "period": "session"},
         "This graph holds no roll calls of session 2019; its sessions run from 1 to 74."),
        ("trade-share", {**PAIR, "years": 1950},
         "This graph holds no goods trade of 1950; its years run from 2000 to 2023."),
    ],
)  # fmt: skip
def test_what_is_not_there_is_one_sentence(
    kg: KnowledgeGraph, name: str, asked: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(UserError, match=re.escape(sentence)):
        compute(name, kg.frames, **asked)


def test_a_year_before_a_state_says_so_beside_years_with_data(kg: KnowledgeGraph) -> None:
    found = compute("export-share", kg.frames, of="SSD", with_="CHN", years="2010-2012")
    assert found["reason"].to_list()[0] == "SSD did not exist in 2010"
    assert found["value"].count() == 1


def test_a_session_is_asked_by_its_number(kg: KnowledgeGraph) -> None:
    one = compute("vote-identity", kg.frames, of="CHL", with_="USA", years="74", period="session")
    assert round(100 * one["value"].item(), 2) == 18.68
