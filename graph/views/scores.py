"""Where each state stands between the two poles, year by year: the colours of the page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from geoties.graph.model import UserError, short_id
from geoties.graph.views.cut import Cut
from geoties.graph.views.series import plain

if TYPE_CHECKING:
    import polars as pl

    from geoties.graph.frames import Frames
    from geoties.graph.measures.card import Card

Row = list[float | None]

CENTS = 2
"""Decimals of a score in the page that runs to a hundred."""
ORDER = ("balance", "trade", "votes", "net-alignment")
"""The order in which the page offers the measures; others follow."""


def alignment_scores(frames: Frames, cut: Cut) -> list[dict[str, Any]]:
    """The measures that can colour the page, those with data only.

    Each has `id`, `low` and `high` (the scale's ends: the first and the second pole), `middle`,
    `values` by year (one number or `None` per state) and the `sources` it was computed from.
    """
    made = [*registered_scores(frames, cut), trade_balance(frames, cut), vote_balance(frames, cut)]
    made.sort(key=lambda score: ORDER.index(score["id"]) if score["id"] in ORDER else len(ORDER))
    return [score for score in made if any(_differs(row) for row in score["values"].values())]


def _differs(row: Row) -> bool:
    """Whether a year says something of more states than the two poles."""
    return sum(value is not None for value in row) > 2


def _pole_shares(ties: pl.DataFrame, cut: Cut) -> dict[str, Row]:
    """100 · second / (first + second) of a state's ties with the two poles, per year.

    0/0 has no value; a state that stands for a pole is at its own end.
    """
    import polars as pl

    first, second = cut.poles
    ends = pl.concat(
        [
            ties.select("year", "value", place="from", pole="to"),
            ties.select("year", "value", place="to", pole="from"),
        ]
    ).filter(pl.col("pole").is_in(cut.poles) & pl.col("place").is_in(cut.ids))
    sums = ends.group_by("year", "place").agg(
        first=pl.col("value").filter(pl.col("pole") == first).sum(),
        second=pl.col("value").filter(pl.col("pole") == second).sum(),
    )
    total = pl.col("first") + pl.col("second")
    shares = sums.filter(total > 0).select("year", "place", value=100 * pl.col("second") / total)
    return _table(shares, cut)


def _table(rows: pl.DataFrame, cut: Cut, low: float = 0, high: float = 100) -> dict[str, Row]:
    """Values by year; the poles stand at their own ends."""
    digits = CENTS if high - low > 10 else CENTS + 2
    result: dict[str, Row] = {}
    for year, place, value in rows.select("year", "place", "value").sort("year", "place").rows():
        row = result.setdefault(str(year), _poles_only(cut, low, high))
        if place not in cut.poles:
            row[cut.index[place]] = plain(round(value, digits))
    return result


def _poles_only(cut: Cut, low: float, high: float) -> Row:
    row: Row = [None] * len(cut.ids)
    for pole, value in zip(cut.poles, (low, high), strict=True):
        row[cut.index[pole]] = plain(value)
    return row


def _sources(ties: pl.DataFrame) -> list[str]:
    return sorted(ties["source"].unique().to_list())


def trade_balance(frames: Frames, cut: Cut) -> dict[str, Any]:
    """Goods trade (exports plus imports) with the second pole as a share of that with both."""
    import polars as pl

    ties = frames.ties("goods-trade")
    latest = ties.filter(pl.col("value").is_not_null())
    return _score("trade", _pole_shares(latest, cut), _sources(latest))


def vote_balance(frames: Frames, cut: Cut) -> dict[str, Any]:
    """Voting agreement with the second pole as a share of that with both."""
    import polars as pl

    ties = frames.ties("vote-agreement").filter(pl.col("topic") == "")
    return _score("votes", _pole_shares(ties, cut), _sources(ties))


def registered_scores(frames: Frames, cut: Cut) -> list[dict[str, Any]]:
    """Every measure of `geoties.graph.measures` that places states between two poles."""
    from geoties.graph.measures.registry import cards

    names = [name for name, card in cards().items() if "poles" in card.takes]
    return [_registered(frames, cut, name) for name in sorted(names, key=_first_balance)]


def _first_balance(name: str) -> tuple[bool, str]:
    return name != "balance", name


def _registered(frames: Frames, cut: Cut, name: str) -> dict[str, Any]:
    import polars as pl

    from geoties.graph.measures.registry import cards, compute

    card = cards()[name]
    full = {short_id(id): id for id in cut.ids if id not in cut.poles}
    try:
        rows = compute(name, frames, of=full.values(), poles=cut.poles)
    except UserError:  # the measure has nothing to say about these poles
        return _score(name, {}, [])
    known = rows.filter(pl.col("value").is_not_null() & pl.col("year").is_not_null())
    places = known.select("year", "value", place=pl.col("of").replace_strict(full))
    low, high = _ends(card.range)
    sources = {part for text in known["source"].unique() for part in _source_ids(text)}
    score = _score(name, _table(places, cut, low, high), sorted(sources), low, high)
    return score | {"name": card.name}


def _ends(text: str) -> tuple[float, float]:
    """The two ends that a card's range names first.

    >>> _ends("-1 (the first pole) to 1 (the second)"), _ends("0 to 100")
    ((-1.0, 1.0), (0.0, 100.0))
    """
    numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text)]
    low, high = numbers[:2]
    return low, high


def _source_ids(text: str) -> list[str]:
    """Source ids out of the text of a measure's answer, which lists them."""
    return [
        part if part.startswith("source/") else f"source/{part}"
        for part in re.split(r"[\s,;]+", text or "")
        if part
    ]


def _score(
    id: str, values: dict[str, Row], sources: list[str], low: float = 0, high: float = 100
) -> dict[str, Any]:
    middle = (low + high) / 2
    ends = {"low": plain(low), "high": plain(high), "middle": plain(middle)}
    return {"id": id, "values": values, "sources": sources} | ends


def methods(frames: Frames, scores: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How each measure of the page is made: from its card, or as this module says."""
    from geoties.graph.measures.registry import cards

    known = cards()
    return [_method(known[score["id"]]) for score in scores if score["id"] in known]


def _method(card: Card) -> dict[str, Any]:
    return {
        "id": card.id,
        "name": card.name,
        "formula": card.formula,
        "text": " ".join(card.assumptions),
        "citation": card.citation,
        "limits": list(card.criticisms),
    }
