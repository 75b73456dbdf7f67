"""Questions about how much that put several numbers side by side, each by the name of its file.

Each takes the frames and the checked values of its parameters, and gives at least the columns of
its header. Shares are in percent. What a measure leaves empty stays empty, with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

from geoties.graph.measures.places import Places
from geoties.graph.measures.registry import compute
from geoties.graph.model import UserError
from geoties.queries.products import product_names

if TYPE_CHECKING:
    from geoties.graph.frames import Frames

Values = Mapping[str, str]


def _years(*texts: str) -> str:
    return ",".join(dict.fromkeys(text for text in texts if text))


def _states(frames: Frames, group: str, day: str) -> list[str]:
    """The states that a group stands for: itself, those of a region, the members of a body."""
    places = Places.of(frames)
    if places.kinds.get(group) == "region":
        return [state for state in places.states_in(group) if places.kinds[state] == "state"]
    if places.is_group(group):
        return places.members_on(group, day)["entity"].to_list()
    return [group]


def _named(frame: pl.DataFrame, frames: Frames, column: str, name: str) -> pl.DataFrame:
    """The frame with the English names of the states whose codes are in a column."""
    places = Places.of(frames)
    codes = frame[column].unique().to_list()
    labels = {code: places.label(f"state/{code}") for code in codes}
    return frame.with_columns(pl.col(column).replace(labels).alias(name))


def _percent(column: str) -> pl.Expr:
    return (100 * pl.col(column)).round(2).alias(column)


_SOURCES = pl.col("source").str.replace_all("source/", "").alias("sources")
_SHORT = pl.col("source").str.strip_prefix("source/").alias("source")


def passed_as_export_market(frames: Frames, values: Values) -> pl.DataFrame:
    """The year in which one partner passed another as export market, and stayed ahead."""
    scores = compute(
        "turning-year",
        frames,
        of=_states(frames, values["region"], values["on"]),
        poles=[values["first"], values["second"]],
        k=int(values["years"]),
        flow="exports",
    )
    named = _named(scores.rename({"of": "state"}), frames, "state", "name")
    return named.with_columns(_SOURCES, pl.col("year").cast(pl.Int64)).sort(
        pl.col("year").is_null(), "year", "state"
    )


def trade_shares(frames: Frames, values: Values) -> pl.DataFrame:
    """The share of a partner in a state's exports and imports of goods, by year, with its range."""
    exports = _shares(frames, values, "export-share", "exports")
    imports = _shares(frames, values, "import-share", "imports")
    both = exports.join(imports, on=["year", "source"], how="full", coalesce=True)
    basis = pl.concat_str("exports_why", "imports_why", separator="; ", ignore_nulls=True)
    return both.with_columns(basis.alias("basis"), _SHORT).sort("year")


def _shares(frames: Frames, values: Values, measure: str, flow: str) -> pl.DataFrame:
    of, with_ = values["country"], values["partner"]
    shares = compute(measure, frames, of=of, with_=with_, years=_span(values))
    why = pl.when(pl.col("reason") != "").then("reason").otherwise("basis").replace("", None)
    return shares.select(
        "year",
        "source",
        _percent("value").alias(flow),
        _percent("low").alias(f"{flow}_low"),
        _percent("high").alias(f"{flow}_high"),
        (f"{flow}: " + why).alias(f"{flow}_why"),
    )


def _span(values: Values) -> str | None:
    first, last = values.get("first_year", ""), values.get("last_year", "")
    return f"{first}-{last}" if first and last else None


def products_to_partner(frames: Frames, values: Values) -> pl.DataFrame:
    """The raw materials that carry a state's exports to a partner in a year, the largest first."""
    flows = frames.ties("commodity-trade").filter(
        pl.col("from") == values["country"],
        pl.col("to") == values["partner"],
        pl.col("year") == int(values["year"]),
    )
    whole = compute(
        "exports-value",
        frames,
        of=values["country"],
        with_=values["partner"],
        years=values["year"],
    )
    total = whole["value"][0]
    share = (100 * pl.col("value") / total).round(2) if total else pl.lit(None, pl.Float64)
    found = flows.sort("value", descending=True).head(int(values["number"]))
    return found.select(
        pl.col("topic").alias("product"),
        pl.col("topic").replace(product_names()).alias("name"),
        pl.col("value").alias("exports"),
        share.alias("share"),
        pl.when(share > 100)
        .then(pl.lit("more than the source of all goods has in all"))
        .otherwise(pl.lit(whole["reason"][0] or whole["basis"][0]))
        .alias("basis"),
        _SHORT,
    )


def concentration_then_and_now(frames: Frames, values: Values) -> pl.DataFrame:
    """How concentrated a state's partners are in two years."""
    years = (values["first_year"], values["last_year"])
    scores = compute(
        "partner-concentration",
        frames,
        of=_states(frames, values["country"], f"{years[1]}-12-31"),
        years=_years(*years),
        flow=_one_of(values["flow"], ("exports", "imports"), "flow"),
    )
    known = scores.rename({"of": "state", "value": "concentration"}).with_columns(_SHORT)
    largest = _largest(frames, values["flow"], [int(year) for year in years])
    joined = known.join(largest, on=["state", "year", "source"], how="left")
    shown = joined.with_columns(pl.col("concentration").round(4))
    return _named(shown, frames, "state", "name").sort("state", "year")


def _largest(frames: Frames, flow: str, years: list[int]) -> pl.DataFrame:
    """The largest partner of each state in some years, and its share."""
    own, other = ("from", "to") if flow == "exports" else ("to", "from")
    flows = frames.ties("goods-trade").filter(pl.col("year").is_in(years))
    by_size = flows.sort("value", other, descending=[True, False])
    return by_size.group_by(own, "year", "source").agg(
        pl.col(other).first().str.strip_prefix("state/").alias("largest_partner"),
        (100 * pl.col("value").first() / pl.col("value").sum()).round(2).alias("largest_share"),
    ).with_columns(_SHORT, pl.col(own).str.strip_prefix("state/").alias("state"))  # fmt: skip


def _one_of(text: str, known: tuple[str, ...], what: str) -> str:
    if text not in known:
        raise UserError(f"{text!r} is no {what}; it is {' or '.join(known)}.")
    return text


def votes_moved(frames: Frames, values: Values) -> pl.DataFrame:
    """Whose ideal point moved most towards a pole, or away from it, between two years."""
    first, last = values["since"], values["until"]
    scores = compute(
        "ideal-point-distance",
        frames,
        of=[s for s in _states(frames, values["region"], f"{last}-12-31") if s != values["pole"]],
        with_=values["pole"],
        years=_years(first, last),
    )
    then, now = (
        scores.filter(pl.col("year") == int(year)).select("of", "value", "reason", "source")
        for year in (first, last)
    )
    both = then.join(now, on="of", suffix="_now").with_columns(
        pl.col("value").round(4).alias("distance_then"),
        pl.col("value_now").round(4).alias("distance_now"),
        (pl.col("value_now") - pl.col("value")).round(4).alias("change"),
    )
    moved = both.with_columns(
        pl.when(pl.col("change") < 0).then(pl.lit("towards")).when(pl.col("change") > 0)
        .then(pl.lit("away")).alias("moved"),
        pl.concat_str("reason", "reason_now", separator=" ").str.strip_chars().alias("basis"),
        _SHORT,
    )  # fmt: skip
    named = _named(moved.rename({"of": "state"}), frames, "state", "name")
    return named.sort(pl.col("change").is_null(), "change", "state")


def votes_by_issue(frames: Frames, values: Values) -> pl.DataFrame:
    """How often a state voted as two others did, in all roll calls and by issue.

    The formulas are those of vote-identity and vote-agreement (Lijphart 1963), over the roll
    calls of all the years together.
    """
    votes = frames.ties("vote").select("from", "to", "role", "source")
    own = votes.filter(pl.col("from") == values["country"]).select("to", "role", "source")
    others = votes.filter(pl.col("from").is_in([values["first"], values["second"]]))
    issues = _issues(frames, int(values["since"]), int(values["until"]))
    pairs = own.join(others, on="to", suffix="_of").join(issues, on="to")
    same = pl.col("role") == pl.col("role_of")
    half = ~same & ((pl.col("role") == "abstain") | (pl.col("role_of") == "abstain"))
    counted = pairs.group_by("issue", pl.col("from").str.strip_prefix("state/").alias("with")).agg(
        pl.len().cast(pl.Int64).alias("roll_calls"),
        (100 * same.mean()).round(2).alias("same"),
        (100 * (same + 0.5 * half).mean()).round(2).alias("agreement"),
        pl.col("source").first().str.strip_prefix("source/"),
    )
    return counted.sort(pl.col("issue") != _ALL, "issue", "with")


_ALL = "all roll calls"


def _issues(frames: Frames, first: int, last: int) -> pl.DataFrame:
    """The roll calls of some calendar years with each of their issues and one for all."""
    rolls = frames.entities().filter(pl.col("kind") == "roll-call")
    told = pl.Struct({"date": pl.String, "issue": pl.List(pl.String)})
    known = rolls.select(pl.col("id").alias("to"), pl.col("properties").str.json_decode(told))
    inside = known.unnest("properties").filter(
        pl.col("date").str.slice(0, 4).cast(pl.Int32).is_between(first, last)
    )
    every = inside.select("to", issue=pl.lit(_ALL))
    return pl.concat([every, inside.select("to", "issue").explode("issue").drop_nulls()])


def growing_partners(frames: Frames, values: Values) -> pl.DataFrame:
    """Which partners of a region's states grew most between two years."""
    first, last = int(values["first_year"]), int(values["last_year"])
    own = _states(frames, values["region"], f"{last}-12-31")
    partners = [
        state
        for state in _states(frames, values["partners"], f"{last}-12-31")
        if state != values["without"] and state not in own
    ]
    years = _years(str(first), str(last))
    trade = compute("trade-value", frames, of=own, with_=partners, years=years)
    # of a flow that its source understates, what was reported counts
    known = trade.select("year", "source", partner="with", value=pl.coalesce("value", "low"))
    return _growth(frames, known.filter(pl.col("value") > 0), first, last)


def _growth(frames: Frames, trade: pl.DataFrame, first: int, last: int) -> pl.DataFrame:
    def in_year(year: int) -> pl.Expr:
        known = pl.col("year") == year
        return pl.when(known.any()).then(pl.col("value").filter(known).sum())

    years = max(last - first, 1)
    grown = (
        trade.group_by("partner")
        .agg(
            in_year(first).alias("trade_then"),
            in_year(last).alias("trade_now"),
            pl.col("source")
            .unique()
            .sort()
            .str.strip_prefix("source/")
            .str.join("; ")
            .alias("sources"),
        )
        .with_columns(
            (pl.col("trade_now") - pl.col("trade_then")).alias("growth"),
            (100 * ((pl.col("trade_now") / pl.col("trade_then")) ** (1 / years) - 1))
            .round(2)
            .alias("yearly"),
            pl.col("partner").str.strip_prefix("state/"),
        )
    )
    named = _named(grown, frames, "partner", "name")
    return named.sort("growth", "partner", descending=[True, False], nulls_last=True)
