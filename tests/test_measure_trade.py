"""Goods trade of all pairs, the dependency measured on it, and flows that are unknown."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoties.graph.measures import dependency
from geoties.graph.measures.trade import (
    flow_rows,
    merge_partners,
    partner_group_shares,
    trade_dyads,
)
from geoties.graph.model import Coverage, Observation, Tables, Tie

SOURCE = "source/flows-1"
STATES = ("AAA", "BBB", "CCC", "DDD")
Row = tuple[str, str, int, float]


def flows_of(rows: list[Row]) -> pl.DataFrame:
    ties = [
        Tie("goods-trade", f"state/{a}", f"state/{b}", SOURCE, "", year=year, value=value)
        for a, b, year, value in rows
    ]
    return Tables.of(ties=ties).ties


def gdp_of(values: dict[str, float]) -> pl.DataFrame:
    return Tables.of(
        observations=[
            Observation(f"state/{state}", "gdp", year, value, "USD", "source/g")
            for state, value in values.items()
            for year in (2022, 2023)
        ]
    ).observations


def unknown(exporter: str, importer: str, year: int) -> Coverage:
    return Coverage(SOURCE, "goods-trade", "unknown", f"state/{exporter}", f"state/{importer}",
                    from_year=year, to_year=year)  # fmt: skip


def score(frame: pl.DataFrame, of: str, partner: str, year: int) -> dict[str, float | None]:
    row = frame.filter(
        pl.col("of") == f"state/{of}", pl.col("with") == f"state/{partner}", pl.col("year") == year
    )
    return row.select("value", "low", "high").to_dicts()[0]


FLOWS = flows_of(
    [
        ("AAA", "BBB", 2022, 40.0),
        ("AAA", "CCC", 2022, 60.0),
        ("BBB", "AAA", 2022, 100.0),
        ("AAA", "BBB", 2023, 50.0),
        ("CCC", "AAA", 2023, 10.0),
    ]
)
GDP = gdp_of({"AAA": 1000.0, "BBB": 4000.0})
FORMULAS: list[tuple[Callable[[pl.DataFrame], pl.DataFrame], float]] = [
    (dependency.export_share, 40 / 100),
    (dependency.import_share, 1.0),
    (dependency.trade_share, 140 / 200),
    (dependency.trade_dependence, 140 / 1000),
    (dependency.weak_link, 140 / 4000),
    (dependency.asymmetry, 140 / 1000 - 140 / 4000),
    (dependency.salience, (140 / 200 * 140 / 140) ** 0.5),
    (dependency.symmetry, 1 - abs(140 / 200 - 1)),
    (dependency.interdependence, (140 / 200) ** 0.5 * 0.7),
]


@pytest.mark.parametrize(("formula", "expected"), FORMULAS)
def test_each_formula_by_hand(
    formula: Callable[[pl.DataFrame], pl.DataFrame], expected: float
) -> None:
    result = score(formula(trade_dyads(FLOWS, gdp=GDP)), "AAA", "BBB", 2022)
    assert result == {"value": pytest.approx(expected), "low": None, "high": None}


def test_gdp_that_is_not_known_gives_no_value() -> None:
    dyads = trade_dyads(FLOWS, gdp=GDP)
    assert score(dependency.trade_dependence(dyads), "CCC", "AAA", 2022)["value"] is None
    assert score(dependency.weak_link(dyads), "AAA", "CCC", 2022)["value"] is None


def test_an_unknown_flow_is_a_range_and_never_zero() -> None:
    coverage = Tables.of(coverage=[unknown("AAA", "CCC", 2023)]).coverage
    shares = dependency.export_share(trade_dyads(FLOWS, coverage))
    # AAA sold 60 to CCC in 2022 and 50 to BBB in 2023: the missing flow is 0 to 60
    assert score(shares, "AAA", "CCC", 2023) == {"value": None, "low": 0.0, "high": 60 / 110}
    assert score(shares, "AAA", "BBB", 2023) == {"value": 1.0, "low": 50 / 110, "high": 1.0}
    assert score(shares, "AAA", "CCC", 2022) == {"value": 0.6, "low": None, "high": None}


def test_an_unknown_flow_without_neighbours_has_no_upper_end() -> None:
    coverage = Tables.of(coverage=[unknown("AAA", "DDD", 2023)]).coverage
    shares = dependency.export_share(trade_dyads(FLOWS, coverage))
    assert score(shares, "AAA", "DDD", 2023) == {"value": None, "low": 0.0, "high": None}
    assert score(shares, "AAA", "BBB", 2023) == {"value": 1.0, "low": None, "high": 1.0}


def test_a_reported_flow_that_is_called_unknown_is_the_least_it_can_be() -> None:
    coverage = Tables.of(coverage=[unknown("AAA", "BBB", 2022)]).coverage
    shares = dependency.export_share(trade_dyads(FLOWS, coverage))
    # 40 of 100 as reported; 50 in the year after, so that up to 10 may be missing
    assert score(shares, "AAA", "BBB", 2022) == {"value": None, "low": 0.4, "high": 50 / 110}
    assert score(shares, "AAA", "CCC", 2022) == {"value": 0.6, "low": 60 / 110, "high": 0.6}


def test_trade_dependence_with_an_unknown_direction_is_a_range() -> None:
    coverage = Tables.of(coverage=[unknown("BBB", "AAA", 2023)]).coverage
    result = dependency.trade_dependence(trade_dyads(FLOWS, coverage, GDP))
    assert score(result, "AAA", "BBB", 2023) == {"value": None, "low": 0.05, "high": 0.15}


def test_sources_are_never_summed() -> None:
    other = FLOWS.with_columns(pl.lit("source/flows-2").alias("source"))
    both = dependency.export_share(trade_dyads(pl.concat([FLOWS, other])))
    alone = dependency.export_share(trade_dyads(FLOWS))
    assert both.filter(pl.col("source") == SOURCE).equals(alone)
    assert both.height == 2 * alone.height


any_flows = st.dictionaries(
    st.tuples(
        st.sampled_from(STATES), st.sampled_from(STATES), st.sampled_from((2022, 2023))
    ).filter(lambda key: key[0] != key[1]),
    st.floats(1, 1e9),
    min_size=1,
).map(lambda found: [(*key, value) for key, value in found.items()])
gaps = st.lists(st.tuples(st.sampled_from(STATES), st.sampled_from(STATES)), max_size=3)


@given(any_flows, gaps)
def test_what_holds_for_all_trade(rows: list[Row], missing: list[tuple[str, str]]) -> None:
    coverage = Tables.of(coverage=[unknown(a, b, 2023) for a, b in missing if a != b]).coverage
    gdp = gdp_of(dict.fromkeys(STATES, 1e9))
    dyads = trade_dyads(flows_of(rows), coverage, gdp)
    for formula in (dependency.salience, dependency.symmetry, dependency.interdependence):
        result = formula(dyads)
        _ranges_hold(result)
        back = result.select(
            pl.col("with").alias("of"), pl.col("of").alias("with"), "year", "value"
        )
        both = result.join(back, on=["of", "with", "year"])
        assert both.height == result.height
        assert (both["value"] - both["value_right"]).abs().fill_null(0).max() < 1e-12  # type: ignore[operator]
    for formula in (dependency.export_share, dependency.import_share, dependency.trade_share):
        _ranges_hold(formula(dyads))


def _ranges_hold(result: pl.DataFrame) -> None:
    for name in ("value", "low", "high"):
        assert result[name].drop_nulls().is_between(-1e-9, 1 + 1e-9).all()
    assert not (result["low"] > result["value"] + 1e-9).any()
    assert not (result["value"] > result["high"] + 1e-9).any()
    assert not (result["low"] > result["high"] + 1e-9).any()


@given(any_flows)
def test_dependence_is_share_times_openness(rows: list[Row]) -> None:
    dyads = trade_dyads(flows_of(rows), gdp=gdp_of(dict.fromkeys(STATES, 1e8)))
    share, open_ = dependency.trade_share(dyads), dependency.openness(dyads)
    gap = share["value"] * open_["value"] - dependency.trade_dependence(dyads)["value"]
    assert gap.abs().max() < 1e-9  # type: ignore[operator]


@given(any_flows)
def test_shares_of_a_state_add_up_to_one(rows: list[Row]) -> None:
    shares = dependency.trade_share(trade_dyads(flows_of(rows)))
    sums = shares.group_by("of", "year").agg(pl.col("value").sum())
    assert ((sums["value"] - 1).abs() < 1e-9).all()


@given(any_flows, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list[Row], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    results = [dependency.interdependence(trade_dyads(flows_of(some))) for some in (rows, shuffled)]
    assert results[0].equals(results[1])


def test_partner_groups_leave_out_what_is_asked() -> None:
    flows = flows_of(
        [("AAA", "BBB", 2022, 40.0), ("AAA", "CCC", 2022, 60.0), ("AAA", "DDD", 2022, 9.0)]
    )
    shares = partner_group_shares(
        flows, of=["state/AAA"], groups={"B": ["state/BBB"], "rest": ["state/CCC", "state/DDD"]},
        without=["state/DDD"],
    )  # fmt: skip
    assert shares["share"].to_list() == [0.4, 0.6]
    assert shares["total"].to_list() == [100.0, 100.0]


def test_partner_groups_with_an_unknown_flow_have_a_range() -> None:
    coverage = Tables.of(coverage=[unknown("AAA", "CCC", 2023)]).coverage
    shares = partner_group_shares(
        FLOWS, of=["state/AAA"], groups={"B": ["state/BBB"], "C": ["state/CCC"]}, coverage=coverage
    ).filter(pl.col("year") == 2023)
    assert shares.select("group", "share", "low", "high", "missing").rows() == [
        ("B", 1.0, 50 / 110, 1.0, 1),
        ("C", None, 0.0, 60 / 110, 1),
    ]


def test_a_group_of_partners_is_one_partner_without_its_inner_flows() -> None:
    members = pl.DataFrame(
        {"entity": ["state/BBB", "state/CCC"], "year": [2022, 2022]},
        schema_overrides={"year": pl.Int32},
    )
    merged = merge_partners(flow_rows(FLOWS), members, "body/BC").filter(pl.col("year") == 2022)
    assert sorted(merged.select("from", "to", "value").rows()) == [
        ("body/BC", "state/AAA", 100.0),
        ("state/AAA", "body/BC", 100.0),
    ]
