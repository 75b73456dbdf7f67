"""Cards, and the one way to compute and explain every measure, on a small graph."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from geoties.graph.frames import Frames, write_frames
from geoties.graph.measures import cards, compute, explain
from geoties.graph.measures import examples as worked_examples
from geoties.graph.measures.result import RESULT
from geoties.graph.model import Coverage, Entity, Observation, Tables, Tie, UserError

ZERO = "trade=0,agreements=0,bodies=0,votes=0,finance=0,visits=0,security=0"
RELEASES = {"source/r1": (2019, 2020), "source/r2": (2022, 2023)}
FLOWS = [
    ("AAA", "CHN", 30.0), ("AAA", "USA", 60.0), ("AAA", "DEU", 10.0), ("CHN", "AAA", 40.0),
    ("USA", "AAA", 20.0), ("BBB", "USA", 5.0), ("BBB", "CHN", 5.0), ("CHN", "USA", 900.0),
    ("DEU", "FRA", 500.0),
]  # fmt: skip


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> Frames:
    folder: Path = tmp_path_factory.mktemp("measures") / "frames"
    write_frames(folder, tables())
    return Frames(folder)


def tables() -> Tables:
    return Tables.of(entities(), [*trade(), *memberships()], observations(), coverage())


def entities() -> list[Entity]:
    labels = {"AAA": "Alphaland", "BBB": "Betaland", "CHN": "China", "USA": "United States"}
    states = [
        Entity(f"state/{code}", "state", {"en": labels.get(code, code)},
               {"inRegion": ["region/X"] if code in ("AAA", "BBB") else []},
               valid_from="2020-06-01" if code == "NEW" else "")
        for code in ("AAA", "BBB", "CHN", "USA", "DEU", "FRA", "NEW", "TWN")
    ]  # fmt: skip
    others = [
        Entity("region/X", "region", {"en": "Xland"}),
        Entity("body/EU", "bloc", {"en": "EU"}),
    ]
    return [*states, *others]


def trade() -> list[Tie]:
    growth = {2019: 1.0, 2020: 1.0, 2022: 2.0, 2023: 4.0}
    rows = [
        Tie("goods-trade", f"state/{a}", f"state/{b}", source, "", year=year, unit="USD",
            value=value * (growth[year] if "CHN" in (a, b) else 1.0))
        for source, years in RELEASES.items()
        for year in years
        for a, b, value in FLOWS
        if (a, b, year) != ("BBB", "CHN", 2023)
    ]  # fmt: skip
    taiwan = Tie("goods-trade", "state/AAA", "state/TWN", "source/r2", "", year=2023, value=7.0)
    return [*rows, taiwan]


def memberships() -> list[Tie]:
    return [
        Tie("membership", f"state/{code}", "body/EU", "source/m", f"EU-{code}", role="member",
            start="1958-01-01", start_precision="day", observed_to="2026-01-01")
        for code in ("DEU", "FRA")
    ]  # fmt: skip


def observations() -> list[Observation]:
    return [
        Observation(f"state/{code}", "gdp", year, value, "USD", "source/g")
        for code, value in {"AAA": 1000.0, "CHN": 10_000.0, "USA": 20_000.0}.items()
        for year in (2019, 2020, 2022, 2023)
    ]


def coverage() -> list[Coverage]:
    whole = [
        Coverage(source, "goods-trade", "complete", from_year=years[0], to_year=years[-1])
        for source, years in RELEASES.items()
    ]
    gap = Coverage("source/r2", "goods-trade", "unknown", "state/BBB", "state/CHN",
                   from_year=2023, to_year=2023)  # fmt: skip
    return [*whole, gap]


def one(frames: Frames, name: str, **question: Any) -> dict[str, Any]:
    result = compute(name, frames, **question)
    assert result.schema == pl.Schema(RESULT)
    assert result.height == 1, result
    return result.to_dicts()[0]


@pytest.mark.parametrize("card", cards().values(), ids=list(cards()))
def test_every_card_is_whole_and_its_references_come_out(card: Any) -> None:
    texts = (card.name, card.formula, card.citation, card.inputs, card.range, card.high_means)
    assert all(texts)
    assert card.assumptions
    assert card.criticisms
    import geoties.graph.measures as measures

    names = {name: getattr(measures, name) for name in measures.__all__}
    names |= vars(worked_examples)
    assert card.references
    for reference in card.references:
        if "measured(" in reference.expression:
            continue  # test_measure_default.py runs those that need the default graph
        value = eval(reference.expression, {**names, "math": math})
        digits = len(reference.printed.partition(".")[2])
        assert f"{value:.{digits}f}" == reference.printed, reference.statement


def test_a_score_has_its_unit_source_and_basis(frames: Frames) -> None:
    row = one(frames, "export-share", of="AAA", with_="CHN", years=2020)
    assert row == {
        "measure": "export-share", "of": "AAA", "with": "CHN", "year": 2020, "value": 0.3,
        "unit": "share", "low": None, "high": None, "basis": "", "reason": "",
        "source": "source/r1",
    }  # fmt: skip


def test_a_year_without_data_has_no_value_and_its_reason(frames: Frames) -> None:
    row = one(frames, "export-share", of="AAA", with_="CHN", years=2021)
    assert (row["value"], row["reason"]) == (None, "no goods trade data for 2021")


def test_a_state_outside_the_release_is_not_zero(frames: Frames) -> None:
    row = one(frames, "export-share", of="AAA", with_="TWN", years=2020)
    assert (row["value"], row["reason"]) == (None, "TWN is not in r1 for 2020")


def test_none_reported_in_complete_coverage_is_zero_and_says_so(frames: Frames) -> None:
    row = one(frames, "trade-share", of="BBB", with_="DEU", years=2020)
    assert (row["value"], row["basis"]) == (0.0, "none reported")


def test_a_known_gap_is_a_range_with_its_reason(frames: Frames) -> None:
    row = one(frames, "export-share", of="BBB", with_="CHN", years=2023)
    assert row["value"] is None
    assert (row["low"], row["high"]) == (0.0, pytest.approx(10 / 15))
    assert "unknown" in row["reason"]


def test_gdp_that_is_missing_is_named(frames: Frames) -> None:
    row = one(frames, "trade-dependence", of="BBB", with_="CHN", years=2020)
    assert (row["value"], row["reason"]) == (None, "no GDP of BBB for 2020")


def test_a_bloc_is_one_partner(frames: Frames) -> None:
    assert one(frames, "export-share", of="AAA", with_="EU", years=2020)["value"] == 0.1
    inside = one(frames, "export-share", of="DEU", with_="EU", years=2020)
    assert inside["value"] == 1.0


def test_a_region_gives_a_row_for_each_state(frames: Frames) -> None:
    result = compute("export-share", frames, region="Xland", with_="USA", years=2020)
    assert result.select("of", "value").rows() == [("AAA", 0.6), ("BBB", 0.5)]


@pytest.mark.parametrize(
    "name",
    ["export-share", "import-share", "trade-share", "trade-dependence", "trade-asymmetry",
     "trade-salience", "trade-symmetry", "trade-interdependence", "trade-dependence-weak-link"],
)  # fmt: skip
@pytest.mark.parametrize("partner", ["CHN", "USA"])
def test_an_explanation_adds_up_to_the_score(frames: Frames, name: str, partner: str) -> None:
    question = {"of": "AAA", "with_": partner, "years": 2023}
    parts = explain(name, frames, **question)
    assert parts["contribution"].sum() == pytest.approx(one(frames, name, **question)["value"])
    assert "AAA" in parts["from"].to_list()


@pytest.mark.parametrize(
    ("name", "question", "sentence"),
    [
        ("trade-dependance", {}, "did you mean trade-dependence"),
        ("export-share", {"of": "AAA", "years": "1990"}, "run from 2019 to 2023"),
        ("export-share", {"of": "AAA", "years": "2020-2019"}, "run backwards"),
        ("export-share", {"of": "AAA", "years": "last"}, "not a year"),
        ("export-share", {"of": "Atlantis"}, "No country or body is certainly called 'Atlantis'"),
        ("export-share", {"of": "NEW", "with_": "CHN", "years": 2019}, "did not exist in 2019"),
        ("export-share", {"region": "EU"}, "No state lies in 'EU'"),
        ("export-share", {"of": "AAA", "lag": 1}, "no option 'lag'"),
        ("export-share", {"of": "AAA", "poles": "CHN,USA"}, "takes no poles"),
        ("export-share", {"of": "AAA", "weights": "trade=1"}, "export-share takes no weights"),
        ("export-share", {"of": "AAA", "issue": "hr"}, "takes no issue; it takes of, with, years"),
        ("degree", {"of": "AAA", "with_": "BBB"}, "degree takes no with"),
        ("balance", {"of": "AAA", "weights": "trade=-1"}, "0 or more"),
        ("balance", {"of": "AAA", "weights": ZERO}, "All the weights are zero"),
        ("export-share", {"of": "AAA", "with_": "AAA"}, "has no score with itself"),
        ("balance", {"of": "AAA", "weights": "trade"}, "write it like trade=2"),
        ("balance-rank", {"of": "AAA", "draws": "many"}, "draws is a whole number of 1 or more"),
        ("turning-year", {"of": "AAA", "k": 0}, "k is a whole number of 1 or more"),
        ("communities", {"years": 2023, "seed": 1.5}, "seed is a whole number"),
        ("degree", {"of": "AAA", "on": "2023-13-01"}, "2023-13-01"),
    ],
)
def test_bad_questions_are_told_in_one_sentence(
    frames: Frames, name: str, question: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(UserError, match=sentence):
        compute(name, frames, **question)


def test_an_explanation_is_of_one_score(frames: Frames) -> None:
    with pytest.raises(UserError, match="one score at a time"):
        explain("export-share", frames, of="AAA,BBB", with_="CHN", years=2020)


def test_a_card_can_be_read(frames: Frames) -> None:
    text = cards()["vote-s"].text()
    assert text.startswith("# vote-s\n")
    assert "doi:10.1111/0020-8833.00113" in text
    assert "0.5625 = `s_score(USA_1947, UK_1947, levels=VOTE_LEVELS)`" in text


def test_the_measures_of_the_issue_are_there() -> None:
    wanted = {
        "trade-dependence", "export-share", "trade-interdependence", "vote-agreement", "balance",
        "turning-year", "net-alignment", "shared-memberships", "betweenness", "finance-to-gdp",
    }  # fmt: skip
    assert wanted <= set(cards())
