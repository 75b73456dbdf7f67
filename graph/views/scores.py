"""Where each state stands between the two poles, year by year: the colours of the page.

The numbers are those of `geoties.graph.measures`: the balance, each of its domains, and the net
alignment by ideal points.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from geoties.graph.model import UserError, short_id
from geoties.graph.views.cut import Cut
from geoties.graph.views.series import plain

if TYPE_CHECKING:
    import polars as pl

    from geoties.graph.frames import Frames
    from geoties.graph.measures.card import Card

Row = list[float | None]

BALANCE = "balance"
OTHERS = ("net-alignment",)
"""Measures besides the balance that place a state between two poles."""
CENTS = 2
"""Decimals of a score in the page that runs to a hundred."""


def alignment_scores(frames: Frames, cut: Cut, years: Sequence[int]) -> list[dict[str, Any]]:
    """The measures that can colour the page, those with data only.

    Each has `id`, `name`, `low` and `high` (the scale's ends: the first and the second pole),
    `middle`, `values` by year (one number or `None` per state) and the `sources` it was computed
    from. The poles stand at their own ends.
    """
    made = _balances(frames, cut, years)
    made += [_whole(name, _answer(frames, cut, name, years), cut) for name in OTHERS]
    return [score for score in made if any(_differs(row) for row in score["values"].values())]


def _differs(row: Row) -> bool:
    """Whether a year says something of more states than the two poles."""
    return sum(value is not None for value in row) > 2


def _answer(
    frames: Frames, cut: Cut, name: str, years: Sequence[int], **options: str
) -> pl.DataFrame | None:
    """A measure of the cut's states with full ids, or nothing where these poles have none."""
    import polars as pl

    from geoties.graph.measures.registry import compute

    full = {short_id(id): id for id in cut.ids if id not in cut.poles}
    try:
        rows = compute(name, frames, of=full.values(), poles=cut.poles, years=years, **options)
    except UserError:  # the measure has nothing to say about these poles or years
        return None
    known = rows.filter(pl.col("value").is_not_null() & pl.col("of").is_in(list(full)))
    return known.with_columns(of=pl.col("of").replace_strict(full))


def _balances(frames: Frames, cut: Cut, years: Sequence[int]) -> list[dict[str, Any]]:
    """The balance and then its domains, each in its own right."""
    import polars as pl

    from geoties.graph.measures.balance import combined

    domains = _answer(frames, cut, BALANCE, years, by="domain")
    if domains is None:
        return []
    together = combined(domains.rename({"with": "domain"}), {})
    parts = domains.partition_by("with", maintain_order=True, as_dict=True)
    whole = together.with_columns(source=pl.lit("; ".join(domains["source"].unique().sort())))
    return [
        _whole(BALANCE, whole, cut),
        *(
            _whole(str(domain), rows, cut)
            for (domain,), rows in sorted(parts.items(), key=_trade_first)
        ),
    ]


def _trade_first(item: tuple[tuple[object, ...], pl.DataFrame]) -> tuple[bool, str]:
    name = str(item[0][0])
    return name != "trade", name


def _whole(name: str, rows: pl.DataFrame | None, cut: Cut) -> dict[str, Any]:
    """A measure's answer as the page keeps it."""
    import polars as pl

    from geoties.graph.measures.registry import cards

    card = cards()[name if name in cards() else BALANCE]
    low, high = _ends(card.range)
    places = None if rows is None else rows.select("year", "value", place=pl.col("of"))
    sources = () if rows is None else rows["source"].unique()
    ends = {"low": plain(low), "high": plain(high), "middle": plain((low + high) / 2)}
    return {
        "id": name,
        "name": card.name if name in cards() else name,
        "domain": name not in cards(),
        "values": {} if places is None else _table(places, cut, low, high),
        "sources": sorted({part for text in sources for part in _source_ids(text)}),
    } | ends


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


def methods(scores: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """How the measures of the page are made, from their cards."""
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
