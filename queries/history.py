"""The relation of two entities as a dated timeline: `geoties history PER CHN`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from geoties.graph.model import UserError, short_id
from geoties.graph.store import Answer, Value
from geoties.ontology.kinds import kinds as ontology_kinds
from geoties.queries.answers import Graph
from geoties.queries.asking import day_named, entity_named, first_day_named, kinds_named
from geoties.queries.facts import Fact, between, label, read_facts
from geoties.queries.links import ENDED, links
from geoties.queries.sentences import sentence
from geoties.queries.shared import Ledger

COLUMNS = ("date", "change", "kind", "from", "to", "via", "value", "unit", "source", "record",
           "sentence", "basis")  # fmt: skip
SIGNATURE = "signature"
BEGAN, OVER, HAPPENED, FIRST, LATEST = "began", "ended", "happened", "first year", "latest year"
_Row = dict[str, Value]


def history(
    graph: Graph,
    x: str,
    y: str,
    *,
    since: str = "",
    until: str = "",
    kinds: Sequence[str] = (),
) -> Answer:
    """What began, ended and happened between two entities, the earliest first.

    It tells of their own ties, of bodies and agreements that they came to share or ceased to, of
    visits and projects, and of each yearly kind the first and the latest year with data.
    `since` and `until` cut it; `kinds` are the kinds of tie told, all if none.

    Columns: date (as precise as known; "unknown" where it is), change ("began", "ended",
    "happened", "first year", "latest year"), kind, from, to, via, value, unit, source, record,
    sentence, basis. Raises `UserError` for unknown names, kinds or dates.
    """
    day = day_named(until) if until else graph.date
    found = links(
        graph.store, x, y, graph_date=graph.date, names=graph.names, on=day, kinds=kinds,
        since="0001-01-01", ended=True,
    )  # fmt: skip
    if not y:
        raise UserError("A history is of two; name another country or body, as in PER CHN.")
    rows = [line for row in found.dicts() for line in _lines(row, day)]
    ends = [entity_named(graph.names, text, day, graph.store) for text in (x, y)]
    rows += _yearly(graph, ends, day, kinds)
    rows += _signed(graph, ends, day, kinds)
    first = first_day_named(since) if since else ""
    wanted = [row for row in rows if str(row["date"]) >= first[: len(str(row["date"]))]]
    wanted.sort(key=lambda row: tuple(str(row[name] or "") for name in _ORDER))
    return Answer(COLUMNS, [tuple(row[name] for name in COLUMNS) for row in wanted])


_ORDER = ("date", "kind", "via", "from", "to", "change", "source", "record")


def _lines(row: _Row, day: str) -> Iterator[_Row]:
    """What a link tells of dates: its start and, if that is past, its end."""
    temporality = ontology_kinds()[str(row["kind"])].temporality
    if temporality == "yearly":
        if row["via"]:
            yield _line(row, str(row["year"]), HAPPENED)
        return
    start, end = str(row["start"] or "unknown"), str(row["end"] or "")
    yield _line(row, start, HAPPENED if temporality == "event" else BEGAN)
    if end and (row["basis"] == ENDED or end <= day):
        yield _line(row, end, OVER)


def _line(row: _Row, date: str, change: str) -> _Row:
    return {name: row.get(name) for name in COLUMNS} | {"date": date, "change": change}


def _signed(graph: Graph, ends: Sequence[str], day: str, kinds: Sequence[str]) -> list[_Row]:
    """The agreements that both signed, on the day of the later signature."""
    kind = ontology_kinds()[SIGNATURE]
    if kind not in kinds_named(kinds):
        return []
    ledger = Ledger(graph.store, day)
    mine, yours = (ledger.held(end, kind) for end in ends)
    rows = []
    for agreement in sorted(mine.keys() & yours.keys()):
        facts = [ledger.fact(tie) for tie in (*mine[agreement], *yours[agreement])]
        dated = sorted((fact for fact in facts if fact.start), key=lambda fact: fact.start)
        if dated and dated[-1].start <= day:
            rows.append(_signature(graph, ends, agreement, dated))
    return rows


def _signature(graph: Graph, ends: Sequence[str], agreement: str, dated: Sequence[Fact]) -> _Row:
    one, other, what = (label(graph.store, entity) for entity in (*ends, agreement))
    date = dated[-1].shown_start()
    return {
        "date": date,
        "change": HAPPENED,
        "kind": SIGNATURE,
        "from": short_id(ends[0]),
        "to": short_id(ends[1]),
        "via": short_id(agreement),
        "value": None,
        "unit": "",
        "source": "; ".join(sorted({short_id(fact.source) for fact in dated})),
        "record": "; ".join(dict.fromkeys(fact.record for fact in dated)),
        "sentence": f"{one} and {other} signed {what} ({date}).",
        "basis": "event",
    }


def _yearly(graph: Graph, ends: Sequence[str], day: str, kinds: Sequence[str]) -> list[_Row]:
    """Of each yearly kind and direction the first and the latest year with data."""
    ties = [tie for one, other in (ends, ends[::-1]) for tie in between(graph.store, one, other)]
    wanted = {kind.id for kind in kinds_named(kinds) if kind.temporality == "yearly"}
    facts = read_facts(graph.store, [tie for tie in ties if tie.split("/")[1] in wanted])
    series: dict[tuple[str, ...], list[Fact]] = {}
    for fact in facts:
        if fact.year and not fact.via and fact.year <= int(day[:4]):
            series.setdefault((fact.kind.id, fact.from_, fact.to, fact.topic), []).append(fact)
    return [line for told in series.values() for line in _ends_of(graph, told)]


def _ends_of(graph: Graph, series: list[Fact]) -> Iterator[_Row]:
    ordered = sorted(series, key=lambda fact: (fact.year, fact.id))
    ends = {FIRST: ordered[0], LATEST: ordered[-1]} if len(ordered) > 1 else {LATEST: ordered[0]}
    for change, fact in ends.items():
        yield {
            "date": str(fact.year),
            "change": change,
            "kind": fact.kind.id,
            "from": short_id(fact.from_),
            "to": short_id(fact.to),
            "via": "",
            "value": fact.value,
            "unit": fact.unit,
            "source": short_id(fact.source),
            "record": fact.record,
            "sentence": sentence(fact, lambda entity: label(graph.store, entity)),
            "basis": "reported",
        }
