"""The balance and its ranks, turning years, definitions, concentration and finance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoties.graph.frames import Frames, write_frames
from geoties.graph.measures import compute, concentration, explain
from geoties.graph.measures.balance import combined, domain_scores, rank_spread
from geoties.graph.measures.concentration_scores import concentrations, strategic_products
from geoties.graph.measures.finance import finance_over_gdp
from geoties.graph.measures.turning import Turn, turn, turning_years, years_without
from geoties.graph.model import Coverage, Entity, Observation, Tables, Tie, UserError

FIRST = "the first year with data"
YEARS = (2019, 2020, 2022, 2023)
SERIES = {"AAA": {"CHN": (10, 30, 40, 50), "USA": (20, 20, 20, 20)},
          "BBB": {"CHN": (1, 1, 1, 1), "USA": (9, 9, 9, 9)}}  # fmt: skip


def flow(exporter: str, importer: str, year: int, value: float) -> Tie:
    return Tie("goods-trade", f"state/{exporter}", f"state/{importer}", "source/t", "", year=year,
               value=float(value), unit="USD")  # fmt: skip


def member(state: str, body: str) -> Tie:
    return Tie(
        "membership", f"state/{state}", f"body/{body}", "source/m", f"{body}-{state}",
        role="member", start="1990-01-01", start_precision="day", observed_to="2026-01-01",
    )  # fmt: skip


def ties() -> list[Tie]:
    trade = [
        flow(state, pole, year, value)
        for state, poles in SERIES.items()
        for pole, values in poles.items()
        for year, value in zip(YEARS, values, strict=True)
    ]
    clubs = [member(s, "UN") for s in ("AAA", "BBB", "CHN", "USA")]
    clubs += [member(s, "BRI") for s in ("AAA", "CHN")]
    finance = Tie("project-finance", "state/CHN", "state/AAA", "source/f", "1", via="project/1",
                  year=2019, value=50.0, unit="USD-2021")  # fmt: skip
    visit = Tie("visit", "state/CHN", "state/AAA", "source/v", "1", start="2019-05-01",
                start_precision="day")  # fmt: skip
    return [*trade, *clubs, finance, visit]


def observations() -> list[Observation]:
    points = {"AAA": -1.0, "CHN": -1.5, "USA": 2.5}
    thetas = [
        Observation(f"state/{code}", "ideal-point", 2019, value, "ideal point", "source/p")
        for code, value in points.items()
    ]
    gdp = [
        Observation("state/AAA", "gdp", year, 1000.0, "USD", "source/g") for year in (2019, 2021)
    ]
    return [*thetas, *gdp]


def coverage() -> list[Coverage]:
    whole = [Coverage("source/t", "goods-trade", "complete", from_year=a, to_year=b)
             for a, b in ((2019, 2020), (2022, 2023))]  # fmt: skip
    points = Coverage("source/p", "ideal-point", "complete", from_year=2019, to_year=2019)
    bodies = Coverage("source/m", "membership", "complete", to_scope="body/UN", from_year=1990,
                      to_year=2026)  # fmt: skip
    china = [Coverage("source/x", kind, "complete", from_scope="state/CHN", from_year=2000,
                      to_year=2023) for kind in ("project-finance", "visit")]  # fmt: skip
    return [*whole, points, bodies, *china]


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> Frames:
    states = [Entity(f"state/{code}", "state") for code in ("AAA", "BBB", "CHN", "USA")]
    others = [Entity("body/UN", "body"), Entity("body/BRI", "initiative")]
    folder: Path = tmp_path_factory.mktemp("position") / "frames"
    write_frames(folder, Tables.of([*states, *others], ties(), observations(), coverage()))
    return Frames(folder)


def one(frames: Frames, name: str, **question: Any) -> dict[str, Any]:
    result = compute(name, frames, **question)
    assert result.height == 1, result
    return result.to_dicts()[0]


def test_domains_are_averaged_and_the_missing_ones_named(frames: Frames) -> None:
    row = one(frames, "balance", of="AAA", years=2019)
    trade, bodies, votes = 100 * 20 / 30, 100 * 1 / 3, 100 * 0.5 / (0.5 + 3.5)
    assert row["value"] == pytest.approx((trade + bodies + votes) / 3)
    assert row["basis"].startswith("0 is CHN, 100 is USA; leans to CHN: trade 66.7, bodies 33.3, ")
    assert "votes 12.5; left out: " in row["basis"]
    assert "finance (coverage is declared for CHN only)" in row["basis"]
    assert "visits (coverage is declared for CHN only)" in row["basis"]


def test_weights_are_the_users(frames: Frames) -> None:
    row = one(frames, "balance", of="AAA", years=2019, weights="trade=2,votes=0")
    assert row["value"] == pytest.approx((2 * 100 * 20 / 30 + 100 / 3) / 3)
    assert "votes" not in row["basis"]


def test_poles_can_be_turned_round(frames: Frames) -> None:
    there = one(frames, "balance", of="AAA", years=2019)["value"]
    back = one(frames, "balance", of="AAA", years=2019, poles="USA,CHN")["value"]
    assert there + back == pytest.approx(100)


def test_a_year_without_trade_leaves_trade_out_and_says_so(frames: Frames) -> None:
    rows = compute("balance", frames, of="AAA", years=2021, by="domain")
    reasons = dict(rows.select("with", "reason").iter_rows())
    assert reasons["trade"] == "no source covers 2021"
    assert reasons["bodies"] == ""


def test_the_balance_is_explained_by_its_domains(frames: Frames) -> None:
    parts = explain("balance", frames, of="AAA", years=2019, weights="trade=3")
    score = one(frames, "balance", of="AAA", years=2019, weights="trade=3")["value"]
    assert parts["contribution"].sum() == pytest.approx(score)
    trade = parts.filter(pl.col("part") == "goods trade in both directions")
    assert trade.select("to", "value").rows() == [("CHN", 10.0), ("USA", 20.0)]


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ({"poles": "CHN,CHN"}, "two poles are the same"),
        ({"poles": "CHN"}, "Give two poles, such as CHN,USA, not 1"),
        ({"of": "CHN"}, "CHN is one of the two poles"),
        ({"weights": "sport=1"}, "no domain 'sport'; the domains are trade"),
        ({"domains": "trade", "weights": "trade=0"}, "All the weights are zero"),
        ({"years": 1900}, "no data for these years"),
        ({"by": "country"}, 'by is "domain"'),
    ],
)
def test_bad_questions_about_the_balance(
    frames: Frames, question: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(UserError, match=sentence):
        compute("balance", frames, **{"of": "AAA", "years": 2019, **question})


def test_zero_of_zero_is_no_value() -> None:
    rows = pl.DataFrame({"first": [0.0, 0.0], "second": [0.0, 3.0]})
    assert domain_scores(rows)["value"].to_list() == [None, 100.0]


@given(st.lists(st.floats(0, 100), min_size=1, max_size=6), st.floats(0.1, 5))
def test_the_combined_score_lies_within_its_domains(values: list[float], weight: float) -> None:
    rows = pl.DataFrame(
        {"of": "A", "year": 2020, "domain": [f"d{n}" for n in range(len(values))], "value": values}
    )
    score = combined(rows, {"d0": weight})["value"].item()
    assert min(values) - 1e-9 <= score <= max(values) + 1e-9


def test_ranks_and_their_spread_are_reproducible() -> None:
    values = np.array([[10.0, 90.0], [20.0, 80.0], [95.0, np.nan], [5.0, 5.0]])
    rank, spread = rank_spread(values, np.ones(2), draws=1000, seed=3)
    assert rank.tolist() == [2, 2, 4, 1]
    assert spread.shape == (1000, 4)
    assert (spread[:, 3] == 1).all()
    again = rank_spread(values, np.ones(2), draws=1000, seed=3)[1]
    assert (spread == again).all()
    assert {spread[:, 0].min(), spread[:, 0].max()} == {2, 3}


def test_ranks_are_reported_with_their_percentiles(frames: Frames) -> None:
    rows = compute("balance-rank", frames, of="AAA,BBB", years=2023, draws=50)
    assert rows.select("of", "value", "low", "high").rows() == [
        ("AAA", 1.0, 1.0, 1.0),
        ("BBB", 2.0, 2.0, 2.0),
    ]
    assert "50 draws of weights (seed 0)" in rows["basis"][0]


@pytest.mark.parametrize(
    ("ahead", "k", "expected"),
    [
        ("bbaaa", 3, Turn(2002, 0.5, "", None)),
        ("baaab", 3, Turn(2001, 0.5, "", 2004)),
        ("babaa", 2, Turn(2003, 0.5, "", None)),
        ("bbbb", 1, Turn(None, None, "never ahead from 2000 to 2003", None)),
        ("aaaa", 3, Turn(None, None, f"ahead already in 2000, {FIRST}", None)),
        ("bbaa", 3, Turn(None, None, "ahead since 2002, not yet for 3 years with data", None)),
        ("babb", 2, Turn(None, None, "ahead at times, never for 2 years with data", None)),
        ("abbb", 2, Turn(None, None, f"ahead in 2000, {FIRST}, and not overtaking later", None)),
    ],
)  # fmt: skip
def test_turns(ahead: str, k: int, expected: Turn) -> None:
    rows = [(2000 + place, 3.0 if mark == "a" else 1.0, 2.0) for place, mark in enumerate(ahead)]
    assert turn(rows, k) == expected


def test_years_without_data_are_skipped_and_named() -> None:
    series = pl.DataFrame(
        {"of": ["A"] * 4, "year": [2019, 2020, 2021, 2022], "first": [1.0, 3.0, None, 3.0],
         "second": [2.0] * 4}
    )  # fmt: skip
    assert turning_years(series, 2)["value"].item() == 2020
    assert years_without(series, [2019, 2020, 2021, 2022]) == {"A": [2021]}
    with pytest.raises(UserError, match="1 or more"):
        turning_years(series, 0)


def test_the_turning_year_of_a_state(frames: Frames) -> None:
    rows = compute("turning-year", frames, of="AAA,BBB", flow="exports")
    assert rows["value"].to_list() == [2020.0, None]
    assert rows["basis"][0] == (
        "exports with CHN against USA; ahead by 50.0 % in that year; no data for 2021"
    )
    assert rows["reason"][1] == "CHN was never ahead from 2019 to 2023"
    parts = explain("turning-year", frames, of="AAA", flow="exports")
    assert parts["contribution"].sum() == 2020


def test_agreement_of_definitions_with_stated_thresholds(frames: Frames) -> None:
    row = one(frames, "dependence-definitions", of="AAA", with_="CHN", years=2019)
    assert (row["value"], row["low"], row["high"]) == (2.0, 2.0, 4.0)
    assert row["basis"].startswith("dependent under 2 of 3 definitions: export-share 0.3333 above")
    stricter = one(frames, "dependence-definitions", of="AAA", with_="CHN", years=2019,
                   thresholds="export-share=0.5")  # fmt: skip
    assert stricter["value"] == 1.0
    with pytest.raises(UserError, match="no definition"):
        compute("dependence-definitions", frames, of="AAA", thresholds="size=1")


def test_concentration_of_partners(frames: Frames) -> None:
    row = one(frames, "partner-concentration", of="AAA", years=2019)
    assert row["value"] == pytest.approx((1 / 3) ** 2 + (2 / 3) ** 2)
    points = one(frames, "partner-concentration", of="AAA", years=2019, form="points")
    assert points["value"] == pytest.approx(10_000 * row["value"])
    assert points["unit"].startswith("points")
    parts = explain("partner-concentration", frames, of="AAA", years=2019)
    assert parts["contribution"].sum() == pytest.approx(row["value"])


@given(st.lists(st.floats(1, 1e6), min_size=1, max_size=9))
def test_vectorised_concentration_is_that_of_the_formula(values: list[float]) -> None:
    rows = pl.DataFrame({"of": "A", "value": values})
    for form in ("sum-of-squares", "points", "hirschman", "normalised"):
        found = concentrations(rows, ["of"], form)["value"].item()
        expected = concentration(values, form=form)
        assert (
            found == pytest.approx(expected, nan_ok=True) if found is not None else len(values) == 1
        )


def test_strategic_products_pass_three_tests() -> None:
    ties = Tables.of(
        ties=[
            Tie("commodity-trade", f"state/{a}", f"state/{b}", "source/c", "", topic=product,
                year=2022, value=value)
            for a, b, product, value in [
                ("CHN", "DEU", "280530", 90.0), ("FRA", "DEU", "280530", 10.0),
                ("FRA", "DEU", "260300", 90.0), ("CHN", "DEU", "260300", 10.0),
                ("CHN", "DEU", "710812", 90.0), ("DEU", "USA", "710812", 95.0),
            ]
        ]
    ).ties  # fmt: skip
    tests = strategic_products(ties, ["state/DEU", "state/FRA"])
    german = tests.filter(pl.col("of") == "state/DEU").select("topic", "depends")
    assert dict(german.iter_rows()) == {"280530": True, "260300": False, "710812": False}
    alone = strategic_products(ties).filter(pl.col("of") == "state/DEU")
    assert alone["outside"].null_count() == alone.height
    assert alone.filter(pl.col("topic") == "260300")["depends"].item()


def test_finance_over_gdp_names_what_has_no_amount(frames: Frames) -> None:
    row = one(frames, "finance-to-gdp", of="AAA", with_="CHN", years=2019)
    assert row["value"] == pytest.approx(0.05)
    parts = explain("finance-to-gdp", frames, of="AAA", with_="CHN", years=2019)
    assert parts["contribution"].sum() == pytest.approx(0.05)
    unpriced = Tie("project-finance", "state/CHN", "state/AAA", "source/f", "2", year=2019)
    ties = Tables.of(ties=[unpriced]).ties
    assert finance_over_gdp(ties, frames.observations())["value"].to_list() == [None]
