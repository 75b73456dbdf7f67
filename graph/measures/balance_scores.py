"""Cards and answers of the balance between two poles and of the ranks by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from geoties.graph.measures.balance import (
    BALANCED,
    balance_domains,
    combined,
    rank_spread,
    weight_of,
)
from geoties.graph.measures.card import Card, Measure, Reference
from geoties.graph.measures.domains import DOMAINS, Question, states_of
from geoties.graph.measures.inputs import Cut, Frames, names_in
from geoties.graph.measures.places import Places
from geoties.graph.model import UserError, short_id


def balance(frames: Frames, cut: Cut) -> pl.DataFrame:
    """The combined score of each state and year, and with ``by="domain"`` each domain's."""
    question, names = _question(frames, cut)
    domains = balance_domains(question, names)
    if cut.option("by", "") == "domain":
        return _by_domain(domains)
    if cut.option("by", ""):
        raise UserError(f'by is "domain" or nothing, not {cut.option("by", "")!r}.')
    together = combined(domains, cut.weights)
    missing = pl.col("missing") != ""
    named = pl.format("{} ({})", "domain", "missing").filter(missing).str.join(", ")
    parts = pl.format("{} {}", "domain", pl.col("value").round(1)).filter(~missing).str.join(", ")
    texts = domains.group_by("of", "year", maintain_order=True).agg(
        parts=parts,
        left=named,
        source=pl.col("source").filter(~missing).unique().sort().str.join("; "),
    )
    scores = texts.join(together, on=["of", "year"], how="left")
    return scores.select(
        "of", pl.lit("").alias("with"), "year", "value", "source",
        basis=pl.when(pl.col("value").is_not_null()).then(_basis(question)).otherwise(pl.lit("")),
        reason=pl.when(pl.col("value").is_null()).then(pl.format("no domain counts: {}", "left"))
        .otherwise(pl.lit("")),
    )  # fmt: skip


def _sources(column: pl.Expr) -> pl.Expr:
    """Every source of some rows once, each of which may name several."""
    return column.str.split("; ").explode().unique().sort().str.join("; ")


def _by_domain(domains: pl.DataFrame) -> pl.DataFrame:
    numbers = (pl.col("first").round(4), pl.col("second").round(4))
    return domains.select(
        "of", pl.col("domain").alias("with"), "year", "value", "source",
        reason="missing",
        basis=pl.when(pl.col("missing") == "")
        .then(pl.format("{} with the first pole, {} with the second", *numbers))
        .otherwise(pl.lit("")),
    )  # fmt: skip


def _basis(question: Question) -> pl.Expr:
    first, second = (short_id(pole) for pole in question.poles)
    lean = (
        pl.when(pl.col("value") < BALANCED[0])
        .then(pl.lit(f"leans to {first}"))
        .when(pl.col("value") > BALANCED[1])
        .then(pl.lit(f"leans to {second}"))
        .otherwise(pl.lit("balanced"))
    )
    left = pl.when(pl.col("left") != "").then(pl.format("; left out: {}", "left"))
    scale = pl.lit(f"0 is {first}, 100 is {second}")
    return pl.format("{}; {}: {}{}", scale, lean, "parts", left.otherwise(pl.lit("")))


def _question(frames: Frames, cut: Cut) -> tuple[Question, list[str]]:
    places = Places.of(frames)
    names = names_in(cut.option("domains", None)) or list(DOMAINS)
    for name in (*names, *cut.weights):
        if name not in DOMAINS:
            raise UserError(f"There is no domain {name!r}; the domains are {', '.join(DOMAINS)}.")
    names = [name for name in names if cut.weights.get(name, 1.0) > 0]
    if not names:
        raise UserError("All the weights are zero; give at least one above zero.")
    for pole in cut.poles:
        if pole in cut.of and pole not in cut.region:
            raise UserError(f"{short_id(pole)} is one of the two poles; ask about other states.")
    states = tuple(s for s in cut.of or states_of(places) if s not in cut.poles)
    return Question(frames, places, states, _years(frames, cut), cut.poles), names


def _years(frames: Frames, cut: Cut) -> tuple[int, ...]:
    """The years asked, or the last one with goods trade.

    Raises:
        UserError: when the years are before or after all data.
    """
    have = frames.coverage().select("from_year", "to_year").drop_nulls()
    if have.is_empty():
        raise UserError("No source of this graph says which years it covers.")
    first, last = int(have["from_year"].min()), int(have["to_year"].max())  # type: ignore[arg-type]
    if cut.years and not any(first <= year <= last for year in cut.years):
        raise UserError(f"There are no data for these years; they run from {first} to {last}.")
    traded = frames.ties("goods-trade")["year"].max()
    return cut.years or (traded if isinstance(traded, int) else last,)


def explain_balance(frames: Frames, cut: Cut) -> pl.DataFrame:
    """What each domain adds to the score, with the two numbers behind it."""
    question, names = _question(frames, cut)
    domains = balance_domains(question, names).filter(pl.col("year") == question.years[0])
    counted = domains.drop_nulls("value").with_columns(weight=weight_of("domain", cut.weights))
    share = pl.col("value") * pl.col("weight") / pl.col("weight").sum()
    rows: list[dict[str, Any]] = []
    for row in counted.with_columns(contribution=share).to_dicts():
        domain = DOMAINS[row["domain"]]
        common = {"from": row["of"], "year": row["year"], "source": row["source"]}
        score = {"value": row["value"], "unit": "score", "contribution": row["contribution"]}
        rows.append(common | score | {"part": f"{domain.name} (weight {row['weight']:g})"})
        rows += [
            common | {"part": domain.indicator, "to": pole, "value": row[side], "unit": domain.unit}
            for pole, side in zip(question.poles, ("first", "second"), strict=True)
        ]
    left = domains.filter(pl.col("missing") != "")
    rows += [
        {"part": f"{row['domain']} left out: {row['missing']}", "from": row["of"],
         "year": row["year"]} for row in left.to_dicts()
    ]  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def ranks(frames: Frames, cut: Cut) -> pl.DataFrame:
    """The rank of each state among those of the region (or all), with its spread."""
    draws, seed = cut.whole("draws", 1000, least=1), cut.whole("seed", 0)
    question, names = _ranked_question(frames, cut)
    domains = balance_domains(question, names)
    found = [
        _ranked(domains.filter(pl.col("year") == year), names, cut, draws, seed)
        for year in question.years
    ]
    ranked = pl.concat(found)
    return ranked.filter(pl.col("of").is_in(list(cut.of))) if cut.of else ranked


def _ranked_question(frames: Frames, cut: Cut) -> tuple[Question, list[str]]:
    """The balance of everybody who is ranked; raises `UserError` for a state that is not."""
    question, names = _question(frames, replace(cut, of=cut.region))
    for state in cut.of:
        if state not in question.states:
            raise UserError(f"{short_id(state)} is not among the states that are ranked.")
    return question, names


def _ranked(
    domains: pl.DataFrame, names: Sequence[str], cut: Cut, draws: int, seed: int
) -> pl.DataFrame:
    """The ranks of one year, by the domains that count for anybody."""
    wide = domains.pivot("domain", index=["of", "year"], values="value").with_columns(
        pl.lit("").alias("with")
    )
    used = [name for name in names if wide[name].count()]
    if not used:
        return wide.select("of", "with", "year", reason=pl.lit("no domain counts for anybody"))
    values = wide.select(used).to_numpy().astype(np.float64)
    given = np.array([cut.weights.get(name, 1.0) for name in used])
    rank, spread = rank_spread(values, given, draws=draws, seed=seed)
    counts = ~np.isnan(rank)
    ends = np.full((4, len(rank)), np.nan)
    ends[:, counts] = np.percentile(spread[:, counts], [5, 95, 0, 100], axis=0)
    text = f"1 is nearest to {short_id(cut.poles[0])}; of {counts.sum()} states"
    text += f" by {', '.join(used)}; {draws} draws of weights (seed {seed})"
    spans = [f"{text}; from {a:.0f} to {b:.0f}" for a, b in ends[2:].T]
    return wide.select("of", "with", "year").with_columns(
        value=rank, low=ends[0], high=ends[1],
        basis=pl.Series([span if known else "" for span, known in zip(spans, counts, strict=True)]),
        reason=pl.Series(["" if known else "no domain counts" for known in counts]),
        source=pl.lit(domains.drop_nulls("value").select(_sources(pl.col("source"))).item()),
    ).with_columns(pl.col("value", "low", "high").fill_nan(None))  # fmt: skip


def explain_rank(frames: Frames, cut: Cut) -> pl.DataFrame:
    """The state's own place, and one for every state that stands nearer to the first pole."""
    question, names = _ranked_question(frames, cut)
    year = question.years[0]
    scores = combined(balance_domains(question, names), cut.weights).filter(pl.col("year") == year)
    own = scores.filter(pl.col("of") == cut.of[0])
    if own.is_empty():
        raise UserError(f"{short_id(cut.of[0])} has no rank in {year}: no domain counts.")
    # as in the ranks: scores closer than 1e-9 are the same
    lower = pl.col("value").round(9) < round(own["value"].item(), 9)
    others = scores.filter(lower | (pl.col("of") == cut.of[0])).sort("value", "of")
    itself = pl.col("of") == cut.of[0]
    return others.select(
        pl.when(itself).then(pl.lit("its own place")).otherwise(pl.lit("stands before it"))
        .alias("part"),
        pl.col("of").alias("from"), "year", "value", pl.lit("score").alias("unit"),
        contribution=pl.lit(1.0),
    )  # fmt: skip


_INDEX = "in the manner of the National University of Singapore's Anatomy of Choice index for ASEAN"
_DOMAINS = "; ".join(f"{domain.name}: {domain.indicator}" for domain in DOMAINS.values())
_FAIR = (
    "A domain counts only where coverage is declared for both poles; one without data is left "
    "out and named, never taken as 50 or 0; 0/0 is no value."
)
_BLOCS = (
    "A bloc as a pole is its members of the year: trade and finance are their sum, agreements and "
    "bodies those shared with any of them, votes their mean ideal point."
)
_CONVENTION = "Which domains, and how they weigh, is a convention; see the spread of the ranks."
MEASURES = (
    Measure(
        Card(
            id="balance",
            references=(
                Reference(
                    "trade 66.7 and votes 12.5, alike",
                    'of_domains({"trade": 66.7, "votes": 12.5}, {})',
                    "39.6",
                ),
                Reference(
                    "the same, trade counting twice",
                    'of_domains({"trade": 66.7, "votes": 12.5}, {"trade": 2})',
                    "48.6",
                ),
            ),
            name="Position between two poles",
            family="position",
            formula="each domain 100 * second / (first + second) of its indicator, domains "
            "averaged with weights; 45 to 55 is called balanced",
            citation=_INDEX,
            inputs=_DOMAINS,
            unit="score",
            range="0 (the first pole, by default China) to 100 (the second, the United States)",
            high_means="The state stands nearer to the second pole.",
            assumptions=(_FAIR, "Equal weights unless given.", _BLOCS),
            criticisms=(
                _CONVENTION,
                "Small counts swing: one agreement against none is 100.",
                "Agreements and bodies are counted, not weighed: a treaty that protects "
                "investments counts as a free-trade area does.",
            ),
            takes=("of", "years", "poles", "weights"),
            options={"domains": ", ".join(DOMAINS), "by": "domain: a row for each domain"},
            kinds=tuple(domain.kind for domain in DOMAINS.values()),
        ),
        balance,
        explain_balance,
    ),
    Measure(
        Card(
            id="balance-rank",
            references=(
                Reference(
                    "the second lowest of three scores", "rank_of([39.6, 20.0, 80.0], 0)", "2"
                ),
            ),
            name="Rank by position between two poles, with its spread",
            family="position",
            formula="rank of the balance (1 nearest to the first pole); low and high the 5th and "
            "95th percentile over random weights, uniform on the simplex",
            citation=_INDEX,
            inputs=_DOMAINS,
            unit="rank",
            range="1 to the number of states",
            high_means="The state stands nearer to the second pole than most.",
            assumptions=(_FAIR, "The seed of the draws is fixed and stated."),
            criticisms=("States with different domains are compared.",),
            takes=("of", "years", "poles", "weights", "region"),
            options={"domains": ", ".join(DOMAINS), "draws": "1000", "seed": "0"},
            kinds=tuple(domain.kind for domain in DOMAINS.values()),
        ),
        ranks,
        explain_rank,
    ),
)
