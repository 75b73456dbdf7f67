"""Concentration of a state's partners and products, and strategic dependence on products."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any

import polars as pl

from geoties.graph.measures.card import Card, Measure, Reference
from geoties.graph.measures.herfindahl import Form
from geoties.graph.measures.inputs import Cut, Frames, years_within
from geoties.graph.measures.pairs import completed
from geoties.graph.measures.places import Places
from geoties.graph.measures.trade import flow_rows
from geoties.graph.model import UserError, short_id

UNITS: Mapping[str, str] = {
    "sum-of-squares": "sum of squared shares",
    "points": "points (10,000 x sum of squared shares)",
    "hirschman": "root of the sum of squared shares",
    "normalised": "normalised sum of squared shares",
}


def concentrations(
    amounts: pl.DataFrame, by: Collection[str], form: Form, **more: pl.Expr
) -> pl.DataFrame:
    """Concentration of ``value`` in every group of rows: the vectorised ``concentration``.

    Args:
        amounts: The columns of ``by`` and ``value``, none negative; zeros are left out.
        by: What makes a group.
        form: As in :func:`geoties.graph.measures.concentration`.
        more: What else to tell of each group, by the name of its column.

    Returns:
        The columns of ``by``, ``value``, ``n``, the number of amounts, and those of ``more``.

    Raises:
        UserError: on an unknown form.
    """
    if form not in UNITS:
        raise UserError(f"form is {', '.join(UNITS)}, not {form!r}.")
    amount = pl.col("value")
    # sorted, so that the order of the rows cannot show in the last digit
    squares = ((amount / amount.sum()) ** 2).sort().sum()
    groups = amounts.group_by(*by).agg(h=squares, n=(amount > 0).sum(), **more)
    return groups.filter(pl.col("n") > 0).select(
        *by, "n", *more, value=_shaped(pl.col("h"), pl.col("n"), form)
    )


def _shaped(h: pl.Expr, n: pl.Expr, form: Form) -> pl.Expr:
    if form == "points":
        return 10_000 * h
    if form == "hirschman":
        return h.sqrt()
    return pl.when(n > 1).then((h - 1 / n) / (1 - 1 / n)) if form == "normalised" else h


def _flow(cut: Cut) -> tuple[str, str]:
    """The end of a tie at which the state stands, and the other."""
    flow = cut.option("flow", "exports")
    if flow not in ("exports", "imports"):
        raise UserError(f'flow is "exports" or "imports", not {flow!r}.')
    return ("from", "to") if flow == "exports" else ("to", "from")


def partners(frames: Frames, cut: Cut) -> pl.DataFrame:
    """Concentration of the partners of each state in each year."""
    coverage = frames.coverage().filter(pl.col("kind") == "goods-trade")
    (end, _), ties = _flow(cut), frames.ties("goods-trade")
    have = ties["year"].drop_nulls().unique().to_list()
    years = years_within(cut.years, have, "goods trade")
    among = pl.col(end).is_in(list(cut.of)) if cut.of else None
    rows = flow_rows(ties, coverage, among=among, years=years if cut.years else ())
    return _scores(rows, end, cut, years, have, "goods trade", "partners")


def products(frames: Frames, cut: Cut) -> pl.DataFrame:
    """Concentration of the products that each state trades in each year."""
    end, _ = _flow(cut)
    ties = frames.ties("commodity-trade")
    have = ties["year"].drop_nulls().unique().to_list()
    years = years_within(cut.years, have, "trade by product")
    ties = ties.filter(pl.col("year").is_in(years)).drop_nulls("value")
    ties = ties.filter(pl.col(end).is_in(list(cut.of))) if cut.of else ties
    by_product = ties.group_by(pl.col(end), "topic", "year", "source").agg(pl.col("value").sum())
    rows = by_product.with_columns(gap=pl.lit(False))
    return _scores(rows, end, cut, years, have, "trade by product", "products")


def _scores(
    rows: pl.DataFrame,
    end: str,
    cut: Cut,
    years: Sequence[int],
    have: Sequence[int],
    what: str,
    items: str,
) -> pl.DataFrame:
    """The scores from the rows of the states and years asked for."""
    rows = rows.rename({end: "of"})
    form = cut.option("form", "sum-of-squares")
    key = ["of", "year", "source"]
    scores = concentrations(rows, key, form, unknown=pl.col("gap").sum())
    doubt = pl.when(pl.col("unknown") > 0).then(pl.format("; unknown flows: {}", "unknown"))
    scored = scores.select(
        "of", pl.lit("").alias("with"), "year", "value", "source", unit=pl.lit(UNITS[form]),
        basis=pl.format("{} {}{}", "n", pl.lit(items), doubt.otherwise(pl.lit(""))),
    )  # fmt: skip

    def reason(of: str, partner: str, year: int) -> str:
        return f"no {what} data for {year}" if year not in have else f"no {what} of {short_id(of)}"

    return completed(scored, cut, years, reason, partners=False)


def explain(kind: str, frames: Frames, cut: Cut) -> pl.DataFrame:
    """The share of every partner or product, and what its square adds to the form asked for."""
    end, other = _flow(cut)
    item = other if kind == "goods-trade" else "topic"
    ties = frames.ties(kind).drop_nulls("value").filter(pl.col(end) == cut.of[0])
    ties = ties.filter(pl.col("year").is_in(list(cut.years))) if cut.years else ties
    if ties.select("year", "source").n_unique() != 1:
        raise UserError("Name one year for which one source has data.")
    sums = ties.group_by(item, "year", "unit", "source").agg(pl.col("value").sum())
    sums = sums.filter(pl.col("value") > 0).with_columns(
        share=pl.col("value") / pl.col("value").sum()
    )
    start, factor = _linear(sums["share"].to_list(), cut.option("form", "sum-of-squares"))
    rows = sums.sort("value", item, descending=[True, False]).select(
        pl.format("share {}", pl.col("share").round(4)).alias("part"),
        pl.lit(cut.of[0]).alias("from"), pl.col(item).alias("to"), "year", "value", "unit",
        "source", contribution=factor * pl.col("share") ** 2,
    )  # fmt: skip
    if not start:
        return rows
    least = pl.DataFrame([{"part": f"as concentrated as {rows.height} equal shares are",
                           "from": cut.of[0], "contribution": start}])  # fmt: skip
    return pl.concat([least, rows], how="diagonal")


def _linear(shares: Sequence[float], form: Form) -> tuple[float, float]:
    """What a form starts from, and what it makes of each squared share."""
    n, squares = len(shares), math.fsum(share**2 for share in shares)
    if form == "points":
        return 0.0, 10_000.0
    if form == "hirschman":
        return 0.0, 1 / math.sqrt(squares)
    if form == "normalised":
        if n == 1:
            raise UserError("One share alone has no normalised concentration to explain.")
        return -1 / n / (1 - 1 / n), 1 / (1 - 1 / n)
    if form != "sum-of-squares":
        raise UserError(f"form is {', '.join(UNITS)}, not {form!r}.")
    return 0.0, 1.0


def strategic_products(
    ties: pl.DataFrame, bloc: Collection[str] = (), *, threshold: float = 0.4
) -> pl.DataFrame:
    """The three tests of strategic dependence for every importer, product and year.

    Args:
        ties: Trade by product: ``from, to, topic, year, value, source``.
        bloc: The members of the importers' bloc; its inner trade is not foreign. For states
            in no bloc the second test is dropped.
        threshold: Supplier concentration above which the first test holds.

    Returns:
        ``of, topic, year, source, concentration, outside`` (share of imports from outside the
        bloc; null without one), ``imports, exports`` (USD) and ``depends``.

    Source: European Commission SWD(2021) 352.
    """
    known = ties.drop_nulls("value")
    key = ["of", "topic", "year", "source"]
    imports = known.rename({"to": "of"})
    suppliers = imports.group_by(*key, "from").agg(pl.col("value").sum())
    spread = concentrations(suppliers, key, "sum-of-squares").rename({"value": "concentration"})
    outside = ~pl.col("from").is_in(list(bloc)) & pl.col("of").is_in(list(bloc))
    sums = imports.group_by(key).agg(
        imports=pl.col("value").sum(), foreign=pl.col("value").filter(outside).sum()
    )
    exports = known.rename({"from": "of"}).group_by(key).agg(exports=pl.col("value").sum())
    rows = sums.join(spread, on=key).join(exports, on=key, how="left")
    inside = pl.col("of").is_in(list(bloc))
    rows = rows.with_columns(
        pl.col("exports").fill_null(0.0),
        outside=pl.when(inside).then(pl.col("foreign") / pl.col("imports")),
    )
    depends = (
        (pl.col("concentration") > threshold)
        & (pl.col("outside").is_null() | (pl.col("outside") > 0.5))
        & (pl.col("imports") > pl.col("exports"))
    )
    columns = ["concentration", "outside", "imports", "exports"]
    return rows.select(*key, *columns, depends=depends).sort(key)


def strategic(frames: Frames, cut: Cut) -> pl.DataFrame:
    """In how many products each state depends strategically on its suppliers."""
    tests = _tests(frames, cut)
    years = years_within(cut.years, tests["year"].unique(), "trade by product")
    counted = tests.filter(pl.col("year").is_in(years)).group_by("of", "year", "source").agg(
        value=pl.col("depends").sum().cast(pl.Float64), n=pl.len(),
        dropped=pl.col("outside").is_null().all(),
    )  # fmt: skip
    counted = counted.filter(pl.col("of").is_in(list(cut.of))) if cut.of else counted
    note = pl.when("dropped").then(pl.lit("; the test of imports from outside a bloc is dropped"))
    basis = pl.format("of {} products imported", "n") + note.otherwise(pl.lit(""))
    scores = counted.select("of", pl.lit("").alias("with"), "year", "source", "value", basis=basis)
    return completed(scores, cut, years, lambda *_: "no trade by product", partners=False)


def _tests(frames: Frames, cut: Cut) -> pl.DataFrame:
    bloc = str(cut.option("bloc", ""))
    places = Places.of(frames)
    members = (
        places.members_on(places.id(bloc), f"{max(cut.years, default=9999)}-12-31")
        if bloc
        else None
    )
    ties = frames.ties("commodity-trade")
    return strategic_products(ties, members["entity"].to_list() if members is not None else ())


def explain_strategic(frames: Frames, cut: Cut) -> pl.DataFrame:
    """Every product that passes the three tests, one each."""
    tests = _tests(frames, cut).filter(pl.col("of") == cut.of[0], "depends")
    tests = tests.filter(pl.col("year").is_in(list(cut.years))) if cut.years else tests
    text = pl.format(
        "supplier concentration {}, own exports {}", pl.col("concentration").round(3), "exports"
    )
    return tests.select(
        text.alias("part"), pl.lit(cut.of[0]).alias("from"), pl.col("topic").alias("to"), "year",
        pl.col("imports").alias("value"), pl.lit("USD").alias("unit"), "source",
        contribution=pl.lit(1.0),
    )  # fmt: skip


_HIRSCHMAN = "Hirschman (1945), National Power and the Structure of Foreign Trade"
_FORMS = {
    "form": "sum-of-squares (default), points (10,000 times it), hirschman (its root), normalised",
    "flow": "exports (default) or imports",
}
_COMMON: dict[str, Any] = {
    "family": "dependency",
    "formula": "H = sum of squared shares; points 10,000 H; hirschman sqrt(H); "
    "normalised (H - 1/n) / (1 - 1/n)",
    "citation": _HIRSCHMAN,
    "unit": "sum of squared shares",
    "range": "1/n to 1 (0 to 1 if normalised; to 10,000 in points)",
    "takes": ("of", "years"),
    "options": _FORMS,
}


def _concentration(
    id: str, kind: str, compute: Callable[..., pl.DataFrame], what: str, **card: Any
) -> Measure:
    made = Card(
        id=id,
        name=f"Concentration of {what}",
        kinds=(kind,),
        high_means=f"Few {what} make up most of the flow.",
        references=(Reference("three shares", "concentration([50, 30, 20])", "0.38"),),
        **{**_COMMON, **card},
    )
    return Measure(made, compute, partial(explain, kind))


MEASURES = (
    _concentration(
        "partner-concentration",
        "goods-trade",
        partners,
        "partners",
        inputs="goods trade (CEPII BACI to 2020 and 202501, FOB, current USD)",
        assumptions=("n counts the partners with a reported flow.", "Unknown flows are named."),
        criticisms=("Three different numbers are called HHI; the form says which.",),
    ),
    _concentration(
        "product-concentration",
        "commodity-trade",
        products,
        "products",
        inputs="trade in 74 raw materials (CEPII BACI 202501, HS 6 digits)",
        assumptions=("Shares are of the products in the data, not of all trade.",),
        criticisms=("It depends on how finely products are told apart.",),
    ),
    Measure(
        Card(
            id="strategic-products",
            references=(
                Reference(
                    "two suppliers of 90 and 10: the first test holds",
                    "concentration([90, 10])",
                    "0.82",
                ),
            ),
            name="Number of products on whose suppliers the state depends strategically",
            family="dependency",
            formula="products with sum of squared supplier shares > 0.4, more than half of "
            "imports from outside the bloc, and imports above own exports",
            citation="European Commission (2021), SWD(2021) 352",
            inputs="trade in 74 raw materials (CEPII BACI 202501, HS 6 digits)",
            unit="products",
            range="0 and up",
            high_means="In many products a few suppliers could not easily be replaced.",
            assumptions=("For a state in no bloc the second test is dropped, and that is said.",),
            criticisms=("The thresholds are conventions.", "Own production is not seen."),
            kinds=("commodity-trade",),
            takes=("of", "years"),
            options={"bloc": "the importer's bloc, such as EU"},
        ),
        strategic,
        explain_strategic,
    ),
)
