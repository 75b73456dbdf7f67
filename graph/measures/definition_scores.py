"""Card and answers of the agreement of several definitions of dependence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from geoties.graph.measures import dependency
from geoties.graph.measures.card import Card, Measure, Reference
from geoties.graph.measures.dependency_scores import Trade
from geoties.graph.measures.inputs import Cut, Frames, weights_in
from geoties.graph.measures.pairs import completed
from geoties.graph.model import UserError

#: Above which value each definition calls a state dependent on a partner.
THRESHOLDS: Mapping[str, float] = {
    "export-share": 0.2,
    "import-share": 0.2,
    "trade-share": 0.2,
    "trade-dependence": 0.05,
    "trade-asymmetry": 0.0,
}
_SCORES = {
    "export-share": dependency.export_share,
    "import-share": dependency.import_share,
    "trade-share": dependency.trade_share,
    "trade-dependence": dependency.trade_dependence,
    "trade-asymmetry": dependency.asymmetry,
}


def definitions(frames: Frames, cut: Cut) -> pl.DataFrame:
    """Under how many definitions of dependence each state depends on the partner."""
    tests, trade = _tests(frames, cut)
    passed = pl.col("passes")
    side = pl.when(passed).then(pl.lit("above")).otherwise(pl.lit("not above"))
    each = pl.format("{} {} {} {}", "definition", pl.col("value").round(4), side, "threshold")
    unknown = passed.is_null()
    grouped = tests.group_by("of", "with", "year", "source", maintain_order=True).agg(
        value=passed.sum().cast(pl.Float64), known=passed.count(),
        low=passed.sum().cast(pl.Float64), high=(passed | unknown).sum().cast(pl.Float64),
        parts=each.filter(~unknown).str.join(", "),
        absent=pl.col("definition").filter(unknown).str.join(", "),
    )  # fmt: skip
    partly = pl.col("known") < len(_SCORES)
    absent = pl.when(partly).then(pl.format("; no value: {}", "absent")).otherwise(pl.lit(""))
    scores = grouped.select(
        "of", "with", "year", pl.col("source") + trade.banks,
        pl.when(pl.col("known") > 0).then("value").alias("value"),
        pl.when(partly).then("low").alias("low"), pl.when(partly).then("high").alias("high"),
        basis=pl.format("dependent under {} of {} definitions: {}{}",
                        pl.col("value").cast(pl.Int64), "known", "parts", absent),
    )  # fmt: skip
    return completed(scores, cut, trade.years, trade.reason)


def _tests(frames: Frames, cut: Cut) -> tuple[pl.DataFrame, Trade]:
    """Every definition's value and whether it is above its threshold (null where unknown)."""
    given = cut.option("thresholds", None)
    thresholds = {**THRESHOLDS, **(_thresholds(given) if given else {})}
    trade = Trade(frames, cut)
    dyads = pl.concat([trade.dyads(*units) for units in trade.units()])
    tests = [
        score(dyads).select(
            "of", "with", "year", "source", "value", definition=pl.lit(name),
            threshold=pl.lit(float(thresholds[name])), passes=pl.col("value") > thresholds[name],
        )
        for name, score in _SCORES.items()
    ]  # fmt: skip
    return pl.concat(tests), trade


def _thresholds(given: Any) -> dict[str, float]:
    thresholds = weights_in(given)
    for name in thresholds:
        if name not in _SCORES:
            raise UserError(f"{name!r} is no definition; they are {', '.join(_SCORES)}.")
    return thresholds


def explain_definitions(frames: Frames, cut: Cut) -> pl.DataFrame:
    """Each definition with its value and threshold; those above it count one each."""
    tests, _ = _tests(frames, cut)
    return tests.select(
        pl.format("{} above {}", "definition", "threshold").alias("part"),
        pl.col("of").alias("from"), pl.col("with").alias("to"), "year", "value", "source",
        contribution=pl.col("passes").cast(pl.Float64),
    )  # fmt: skip


MEASURES = (
    Measure(
        Card(
            id="dependence-definitions",
            references=(
                Reference(
                    "the state of the worked example of the trade measures",
                    'sum(of_pair(name) > least for name, least in (("export_share", 0.2), '
                    '("import_share", 0.2), ("trade_share", 0.2), ("trade_dependence", 0.05), '
                    '("asymmetry", 0.0)))',
                    "5",
                ),
            ),
            name="Under how many definitions the state depends on the partner",
            family="position",
            formula="number of definitions whose value is above its threshold: "
            + ", ".join(f"{name} > {value:g}" for name, value in THRESHOLDS.items()),
            citation="project's own combination of Hirschman (1945), Barbieri (1996) and "
            "Oneal & Russett (1997)",
            inputs="goods trade (CEPII BACI to 2020 and 202501, FOB, current USD); GDP in current "
            "USD (World Bank, WDI of 2025)",
            unit="definitions",
            range="0 to 5",
            high_means="However dependence is defined, the state is dependent.",
            assumptions=("The thresholds are stated and can be set.",),
            criticisms=("The definitions overlap, so they do not vote independently.",),
            options={"thresholds": "such as export-share=0.3,trade-dependence=0.1"},
            kinds=("goods-trade",),
        ),
        definitions,
        explain_definitions,
    ),
)
