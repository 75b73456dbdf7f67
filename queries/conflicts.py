"""Where sources disagree, and how many stand behind a claim.

Two claims of one tie disagree when their dates cannot both be right: "1998" and "1998-11-15" can.
A source that stopped looking in 2014 does not disagree with one that saw the tie end in 2020. Two
values of one year disagree when they differ by more than a hundredth.

The claim shown first is the preferred one: that of the finest dates; among equals, that of the
source that cites each fact or keeps the register (`claims.PREFERRED`), then of the one observed
last.
`docs/data.md` says so to users.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import combinations, groupby
from typing import TYPE_CHECKING, Any

from geoties.graph.model import short_id, show_date
from geoties.graph.store import Answer, Value
from geoties.queries.answers import Graph
from geoties.queries.asking import entity_named, kinds_named
from geoties.queries.claims import DATES, Claim, disputed

if TYPE_CHECKING:
    import polars as pl

COLUMNS = ("finding", "kind", "from", "to", "via", "role", "year", "sources", "claims", "hint")
_SAME = ("kind", "from", "to", "via", "role", "topic", "year")
_Row = dict[str, Any]


def conflicts(
    graph: Graph, x: str = "", *, kinds: Sequence[str] = (), agreed: bool = False
) -> Answer:
    """Ties that several sources claim: those on which they disagree, or all with `agreed`.

    `x` keeps those of one entity, `kinds` those of some kinds of tie. Columns: finding ("disputed:
    start", "disputed: end", "disputed: value" or "corroborated by N"), kind, from, to, via, role,
    year, sources (how many), claims (what each says, the preferred first), hint (what the
    difference looks like: day and month swapped, a day apart, a difference in percent). Raises
    `UserError` for unknown names.
    """
    entity = entity_named(graph.names, x, graph.date, graph.store) if x else ""
    rows = [
        told
        for kind in kinds_named(kinds)
        for _, group in groupby(_claims(graph, kind.id, entity), key=_same)
        if (told := _told(list(group), agreed))
    ]
    return Answer(COLUMNS, sorted(rows, key=lambda row: tuple(map(str, row))))


def _claims(graph: Graph, kind: str, entity: str) -> list[_Row]:
    """The ties of a kind that more than one source claims, those of one tie together."""
    import polars as pl

    from geoties.graph.frames import Frames

    ties = Frames(graph.columns).ties(kind)
    if entity:
        ties = ties.filter(pl.any_horizontal(pl.col("from", "to", "via") == entity))
    several = _several(ties)
    return several.sort(*_SAME, "source", "start", "record").to_dicts()


def _several(ties: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    same = [pl.col(name).fill_null(0) if name == "year" else pl.col(name) for name in _SAME]
    return ties.filter(pl.col("source").n_unique().over(same) > 1)


def _same(row: _Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in _SAME)


def _told(group: list[_Row], agreed: bool) -> tuple[Value, ...] | None:
    sources = {row["source"] for row in group}
    said = [_said(row) for row in group]
    if not (apart := disputed(said)) and not agreed:
        return None
    finding = f"disputed: {', '.join(apart)}" if apart else f"corroborated by {len(sources)}"
    first = group[0]
    ends = (short_id(first["from"]), short_id(first["to"]), short_id(first["via"]))
    claims = "; ".join(map(_told_by, sorted(said, key=Claim.rank)))
    role, hint = first["role"], "; ".join(_hints(group, apart))
    return (finding, first["kind"], *ends, role, first["year"], len(sources), claims, hint)


def _said(row: _Row) -> Claim:
    """What a row of the columns claims."""
    start, end = (show_date(row[name], row[f"{name}_precision"]) for name in DATES)
    amount = (row["year"], row["value"], row["unit"])
    return Claim(row["source"], start, end, row["observed_to"], *amount)


def _hints(group: list[_Row], apart: list[str]) -> Iterator[str]:
    """What the differences look like."""
    for end in DATES:
        if end in apart:
            exact = {row[end] for row in group if row[f"{end}_precision"] == "day" and row[end]}
            pairs = list(combinations(sorted(exact), 2))
            if any(_swapped(one, other) for one, other in pairs):
                yield f"{end}: day and month swapped, it seems"
            if any(_days_apart(one, other) == 1 for one, other in pairs):
                yield f"{end}: a day apart"
    if "value" in apart:
        values = [row["value"] for row in group if row["value"] is not None]
        share = (max(values) - min(values)) / max(map(abs, values))
        yield f"value: {share:.0%} of the larger apart; mirror reports are never summed"


def _swapped(one: str, other: str) -> bool:
    """Whether two dates are the same with day and month changed over.

    >>> _swapped("2014-07-01", "2014-01-07"), _swapped("2014-07-07", "2014-07-07")
    (True, False)
    """
    year, month, day = one.split("-")
    return one != other and other == f"{year}-{day}-{month}"


def _days_apart(one: str, other: str) -> int:
    return abs((dt.date.fromisoformat(other) - dt.date.fromisoformat(one)).days)


def _told_by(claim: Claim) -> str:
    """What a source says, in short: `cow-igo-3: 1998 to (seen until 2014-12-31)`."""
    who = short_id(claim.source)
    if claim.year is not None:
        told = f"{claim.value:g} {claim.unit}" if claim.value is not None else "?"
        return f"{who}: {told}"
    seen = f"seen until {claim.observed_to}" if claim.observed_to else "open"
    return f"{who}: {claim.start or '?'} to {claim.end or f'({seen})'}"
