"""Where sources disagree, and how many stand behind a claim.

Two claims of one tie disagree when their dates cannot both be right: "1998" and "1998-11-15" can.
A source that stopped looking in 2014 does not disagree with one that saw the tie end in 2020. Two
values of one year disagree when they differ by more than a hundredth.

The claim shown first is the preferred one: that of the finest dates; among equals, that of the
source that cites each fact or keeps the register (`PREFERRED`), then of the one observed last.
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

if TYPE_CHECKING:
    import polars as pl

COLUMNS = ("finding", "kind", "from", "to", "via", "role", "year", "sources", "claims", "hint")
TOLERANCE = 0.01
#: Sources by how near they are to the fact, told by the beginnings of their ids; others come after.
PREFERRED = ("curated", "wto", "unctad", "baci", "atop", "cow", "ggo")
_FINENESS = {"day": 0, "month": 1, "year": 2, "": 3}
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
    disputed = _disputed(group)
    if not disputed and not agreed:
        return None
    finding = f"disputed: {', '.join(disputed)}" if disputed else f"corroborated by {len(sources)}"
    first = group[0]
    ends = (short_id(first["from"]), short_id(first["to"]), short_id(first["via"]))
    claims = "; ".join(_claim(row) for row in sorted(group, key=_preference))
    role, hint = first["role"], "; ".join(_hints(group, disputed))
    return (finding, first["kind"], *ends, role, first["year"], len(sources), claims, hint)


def _preference(row: _Row) -> tuple[object, ...]:
    """Sorts the preferred claim first."""
    fine = [_FINENESS[row[f"{end}_precision"] if row[end] else ""] for end in ("start", "end")]
    source = short_id(row["source"])
    near = (n for n, name in enumerate(PREFERRED) if source.startswith(name))
    seen = tuple(-ord(letter) for letter in row["observed_to"])
    return (fine[0], next(near, len(PREFERRED)), fine[1], seen, source, row["start"])


def _hints(group: list[_Row], disputed: list[str]) -> Iterator[str]:
    """What the differences look like."""
    for end in ("start", "end"):
        if end in disputed:
            exact = {row[end] for row in group if row[f"{end}_precision"] == "day" and row[end]}
            pairs = list(combinations(sorted(exact), 2))
            if any(_swapped(one, other) for one, other in pairs):
                yield f"{end}: day and month swapped, it seems"
            if any(_days_apart(one, other) == 1 for one, other in pairs):
                yield f"{end}: a day apart"
    if "value" in disputed:
        values = [row["value"] for row in group if row["value"] is not None]
        apart = (max(values) - min(values)) / max(map(abs, values))
        yield f"value: {apart:.0%} of the larger apart; mirror reports are never summed"


def _swapped(one: str, other: str) -> bool:
    """Whether two dates are the same with day and month changed over.

    >>> _swapped("2014-07-01", "2014-01-07"), _swapped("2014-07-07", "2014-07-07")
    (True, False)
    """
    year, month, day = one.split("-")
    return one != other and other == f"{year}-{day}-{month}"


def _days_apart(one: str, other: str) -> int:
    return abs((dt.date.fromisoformat(other) - dt.date.fromisoformat(one)).days)


def _disputed(group: list[_Row]) -> list[str]:
    """In what the sources disagree; each source may know several spells of one tie."""
    by_source = {source: list(rows) for source, rows in groupby(group, lambda row: row["source"])}
    found = []
    for end in ("start", "end"):
        told = [{_date(row, end) for row in rows} - {""} for rows in by_source.values()]
        told = [dates for dates in told if dates]
        if any(not _meet(one, other) for one in told for other in told):
            found.append(end)
    values = [row["value"] for row in group if row["value"] is not None]
    if values and max(values) - min(values) > TOLERANCE * max(map(abs, values)):
        found.append("value")
    return found


def _date(row: _Row, end: str) -> str:
    return show_date(row[end], row[f"{end}_precision"])


def _meet(one: set[str], other: set[str]) -> bool:
    """Whether some date of one source may be the same as some date of another."""
    return any(a.startswith(b) or b.startswith(a) for a in one for b in other)


def _claim(row: _Row) -> str:
    """What a source says, in short: `cow-igo-3: 1998 to (seen until 2014-12-31)`."""
    who = short_id(row["source"])
    if row["year"] is not None:
        return f"{who}: {row['value']:g} {row['unit']}" if row["value"] is not None else f"{who}: ?"
    start, end = _date(row, "start") or "?", _date(row, "end")
    seen = f"seen until {row['observed_to']}" if row["observed_to"] else "open"
    return f"{who}: {start} to {end or f'({seen})'}"
