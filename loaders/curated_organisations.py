"""The intergovernmental organisations that geoties takes from other data sets.

`data/organisations/organisations.csv` gives each its entity id and names, and its code in the
data sets that list its members. An organisation without an English name is described by the
curated tables and only mapped here.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from geoties.graph.model import Coverage, Entity, Source, Tie, short_id
from geoties.loaders.curated_rows import BadCell, Cells, read_rows

TABLE = Path(__file__).parent / "data" / "organisations" / "organisations.csv"
LANGUAGES = ("en", "es", "pt", "zh")
_COLUMNS = ("id", "kind", *(f"label_{language}" for language in LANGUAGES), "cow", "migo",
            "factbook")  # fmt: skip


@dataclass(frozen=True)
class Organisation:
    """An organisation: its entity; its codes in Correlates of War IGO, MIGO and the Factbook."""

    entity: Entity
    cow: str
    migo: str
    factbook: str = ""


@dataclass(frozen=True, order=True)
class Spell:
    """A state in an organisation from one calendar year through another, both included."""

    body: str
    state: str
    role: str
    first: int
    last: int


@lru_cache(maxsize=1)
def organisations() -> tuple[Organisation, ...]:
    """All organisations of the table, in its order.

    >>> next(o for o in organisations() if o.cow == "AsDB").entity.labels["es"]
    'Banco Asiático de Desarrollo'
    """
    return tuple(_organisation(row.cells) for row in read_rows(TABLE, _COLUMNS))


def _organisation(cells: Cells) -> Organisation:
    labels = {language: cells[f"label_{language}"] for language in LANGUAGES}
    named = {language: label for language, label in labels.items() if label}
    entity = Entity(cells["id"], cells["kind"], named, {"shortName": short_id(cells["id"])})
    return Organisation(entity, cells["cow"], cells["migo"], cells["factbook"])


def described(bodies: Iterable[str]) -> list[Entity]:
    """The entities of those bodies that this table describes itself."""
    wanted = set(bodies)
    return [o.entity for o in organisations() if o.entity.id in wanted and o.entity.labels]


def carried(cells: Cells, bodies: Mapping[str, str]) -> str:
    """The entity id of the organisation in `io`; `BadCell` for one that geoties does not carry.

    >>> carried({"io": "AsDB"}, {"AsDB": "body/ADB"})
    'body/ADB'
    """
    if cells["io"] not in bodies:
        raise BadCell("io", cells["io"], "not among the organisations that geoties carries")
    return bodies[cells["io"]]


def joined(spells: Iterable[Spell]) -> list[Spell]:
    """Spells of one state in one role that follow each other without a gap become one.

    >>> joined([Spell("b", "s", "member", 1975, 1989), Spell("b", "s", "member", 1990, 2010)])
    [Spell(body='b', state='s', role='member', first=1975, last=2010)]
    """
    merged: list[Spell] = []
    for spell in sorted(spells):
        last = merged[-1] if merged else None
        if last and _same(last) == _same(spell) and spell.first <= last.last + 1:
            merged[-1] = Spell(*_same(last), last.first, max(last.last, spell.last))
        else:
            merged.append(spell)
    return merged


def _same(spell: Spell) -> tuple[str, str, str]:
    return spell.body, spell.state, spell.role


def ties(spells: Sequence[Spell], source: Source) -> list[Tie]:
    """The spells as memberships, precise to the year.

    The end of a spell that lasts as long as its organisation was observed is unknown.
    """
    observed = _observed(spells)
    return [_tie(spell, observed[spell.body], source) for spell in spells]


def _observed(spells: Sequence[Spell]) -> dict[str, int]:
    by_body = groupby(sorted(spells), key=lambda spell: spell.body)
    return {body: max(spell.last for spell in group) for body, group in by_body}


def _tie(spell: Spell, observed: int, source: Source) -> Tie:
    is_open = spell.last >= observed
    capacity = "" if spell.role == "member" else spell.role
    parts: tuple[Hashable, ...] = (spell.body, spell.state, capacity, spell.first)
    return Tie(
        kind="membership",
        from_=spell.state,
        to=spell.body,
        source=source.entity,
        record="-".join(short_id(str(part)) for part in parts if part),
        role=spell.role,
        start=f"{spell.first}-01-01",
        start_precision="year",
        end="" if is_open else f"{spell.last + 1}-12-31",
        end_precision="" if is_open else "year",
        observed_to=f"{observed}-12-31" if is_open else "",
        reference=source.url,
    )


def coverage(spells: Sequence[Spell], source: Source, first: int) -> list[Coverage]:
    """For each organisation the years from `first` (or its own beginning) that are covered."""
    observed = _observed(spells)
    begun = {body: min(s.first for s in spells if s.body == body) for body in observed}
    return [
        Coverage(
            source.entity,
            "membership",
            "complete",
            to_scope=body,
            from_year=max(first, begun[body]),
            to_year=last,
        )
        for body, last in observed.items()
    ]
