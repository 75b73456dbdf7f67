"""What the sources claim to know, and whether an absent tie is therefore a no.

Light: asks the store for the coverage statements of one kind of tie.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from geoties.graph.model import ONTOLOGY, short_id
from geoties.graph.store import Answer, TripleStore, Value, select
from geoties.ontology.kinds import Kind
from geoties.queries.facts import values_of

COMPLETE, PARTIAL, UNKNOWN = "complete", "partial", "unknown"
COLUMNS = "SELECT ?source ?status ?from ?to ?via ?topic ?first ?last ?note"
ROW = """
  ?row gt:ofKind kind: ; dcterms:source ?source ; gt:coverageStatus ?status .
  OPTIONAL { ?row gt:fromScope ?from }
  OPTIONAL { ?row gt:toScope ?to }
  OPTIONAL { ?row gt:viaScope ?via }
  OPTIONAL { ?row gt:topicScope ?topic }
  OPTIONAL { ?row gt:fromYear ?first }
  OPTIONAL { ?row gt:toYear ?last }
  OPTIONAL { ?row gt:note ?note }
"""
OF_KIND = f"{COLUMNS} WHERE {{{ROW}}}"


@dataclass(frozen=True, slots=True)
class Covered:
    """One statement of what a source knows; an empty scope means everything."""

    source: str
    status: str
    from_: str = ""
    to: str = ""
    via: str = ""
    topic: str = ""
    first: int | None = None
    last: int | None = None
    note: str = ""

    def in_year(self, year: int) -> bool:
        """Whether it speaks of a year."""
        return (self.first is None or self.first <= year) and (
            self.last is None or year <= self.last
        )

    def told(self) -> str:
        """The statement in words: who, which years, and its note."""
        years = f"{self.first or ''}-{self.last or ''}".strip("-") or "all years"
        note = f" ({self.note})" if self.note else ""
        return f"{short_id(self.source)}, {years}, {self.status}{note}"


def coverage_of(store: TripleStore, kind: Kind) -> list[Covered]:
    """What the sources say of a kind of tie, in a fixed order."""
    return stated(select(store, OF_KIND, iris={"kind": ONTOLOGY + kind.class_name}))


def stated(answer: Answer) -> list[Covered]:
    """The statements of an answer with the columns of `OF_KIND`, in a fixed order."""
    rows = [Covered(*(_plain(name, cell) for name, cell in row.items())) for row in answer.dicts()]
    return sorted(rows, key=lambda row: (row.source, row.from_, row.to, row.told()))


def _plain(column: str, cell: Value) -> Any:
    """A text where there is none is empty, a year is none."""
    return cell if column in ("first", "last") else str(cell or "")


def about(
    store: TripleStore, kind: Kind, rows: Iterable[Covered], from_: str, to: str, year: int
) -> list[Covered]:
    """The statements that speak of a tie between two entities in a year."""
    places = {end: {"", end, *values_of(store, end, "inRegion")} for end in (from_, to)}
    pairs = [(from_, to)] if kind.directed else [(from_, to), (to, from_)]
    return [
        row
        for row in rows
        if not row.via
        and not row.topic
        and row.in_year(year)
        and any(row.from_ in places[one] and row.to in places[other] for one, other in pairs)
    ]


def judge(rows: Sequence[Covered], knows: Iterable[str] | None = None) -> tuple[str, str]:
    """What the absence of a tie means: "no" or "unknown", and on what that rests.

    A statement that nothing is known overrides a wider claim of completeness by the same source;
    a source that claims to know what another does not is believed. `knows` are the sources that
    know the body or agreement at all; a claim about all of them, by a source that
    does not know this one, says nothing of it.
    """
    silent = [row for row in rows if row.status == UNKNOWN]
    doubted = {row.source for row in silent}
    complete = [row for row in rows if row.status == COMPLETE and row.source not in doubted]
    if knows is not None:
        known = set(knows)
        complete = [row for row in complete if row.to or row.source in known]
    if complete:
        return "no", f"none in {'; '.join(row.told() for row in complete)}"
    if silent:
        return UNKNOWN, f"not known: {silent[0].told()}"
    if rows:
        return UNKNOWN, f"covered only in part: {'; '.join(row.told() for row in rows)}"
    return UNKNOWN, "no source covers it"
