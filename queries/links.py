"""Who is linked to whom on a day: `geoties links PER CHN`.

A tie of state counts when it is in force on the day, or when that is unknown, which `basis`
then says. Of a yearly kind counts the latest year with data up to the day, for each direction.
Events come with `since`, ended ties with `ended`. Between two entities there are besides their
own ties the bodies that both are members of and the agreements that are in force between them;
an observer or a suspended member shares no body.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from geoties.graph.model import UserError, short_id
from geoties.graph.store import Answer, TripleStore, Value
from geoties.ontology.kinds import Kind
from geoties.queries.asking import (
    Names,
    day_named,
    entity_named,
    first_day_named,
    kinds_named,
)
from geoties.queries.facts import (
    Fact,
    between,
    kind_of_entity,
    label,
    lasting,
    latest,
    read_facts,
    through,
)
from geoties.queries.in_columns import NO_COLUMNS, facts_in_columns
from geoties.queries.sentences import sentence, shared_sentence
from geoties.queries.shared import Ledger, Shared, passed_on, shared, shorts
from geoties.queries.spells import IN_FORCE, NO, Spell, refined
from geoties.queries.support import Doubts, behind, behind_all

COLUMNS = (
    "kind", "from", "to", "via", "start", "end", "value", "unit", "year", "source", "record",
    "sentence", "basis", "claims",
)  # fmt: skip
LATEST = "latest year with data"
ENDED = "ended"
EVENT = "event"
_SURE = (IN_FORCE, LATEST, ENDED, EVENT)


def links(
    store: TripleStore,
    x: str,
    y: str = "",
    *,
    graph_date: str,
    names: Names,
    on: str = "",
    kinds: Sequence[str] = (),
    since: str = "",
    ended: bool = False,
    frames_path: Path | None = None,
) -> Answer:
    """The ties of `x`, or those between `x` and `y`, on a day; one row each.

    `x` and `y` are codes, ids or names; `on` is a day, else the graph's own date; `kinds` are ids
    of kinds of tie; `since` brings the events, and the yearly ties that run through a project,
    from that date to the day; `ended` the ties that were over by then. Kinds that are kept in the
    columns at `frames_path` alone, such as trade by product, are told when `kinds` names them.

    Columns: kind, from, to, via (ids as people see them), start and end (as precise as known),
    value with unit and year, source, record, sentence, basis: "in force", "latest year with
    data", "event", "ended", or why it is unknown whether the tie is in force; and claims: how many
    sources say so ("corroborated by 2"), in what they differ ("disputed: start 2018-11-02
    (curated-2026) or 2019 (bri-years)"), or that a flow is known in part only.
    Raises `UserError` for an unknown name, kind or date.
    """
    day, chosen = day_named(on or graph_date), kinds_named(kinds)
    if kinds and frames_path is None and any(kind.stored == "frames" for kind in chosen):
        raise UserError(NO_COLUMNS)
    first = entity_named(names, x, day, store)
    second = entity_named(names, y, day, store) if y else ""
    if first == second:
        raise UserError(f"{x!r} and {y!r} are the same; ask about two different ones.")
    asked = _Asked(
        ledger=Ledger(store, day),
        label=_labels(store),
        kinds=chosen,
        since=first_day_named(since) if since else "",
        ended=ended,
        columns=frames_path if kinds else None,
        doubts=Doubts(store, (first, second) if second else ()),
    )
    rows = _between(asked, first, second) if second else _of(asked, first)
    return Answer(COLUMNS, sorted(rows, key=_order))


@dataclass(frozen=True)
class _Asked:
    """One question: the ledger of its day, and what was asked for."""

    ledger: Ledger
    label: Callable[[str], str]
    kinds: tuple[Kind, ...]
    since: str
    ended: bool
    doubts: Doubts
    columns: Path | None = None

    @property
    def day(self) -> str:
        """The day that the question is about."""
        return self.ledger.day


def _labels(store: TripleStore) -> Callable[[str], str]:
    @cache
    def look_up(entity: str) -> str:
        return label(store, entity)

    return look_up


_Row = tuple[Value, ...]


def _order(row: _Row) -> tuple[str, ...]:
    return tuple(str(row[column] or "") for column in (0, 1, 2, 3, 4, 8, 9, 10))


def _between(asked: _Asked, x: str, y: str) -> Iterator[_Row]:
    store, year = asked.ledger.store, None if asked.since else int(asked.day[:4])
    ties = [*between(store, x, y, year), *between(store, y, x, year)]
    if not (x.startswith("state/") and y.startswith("state/")):
        ties += [*through(store, x, y), *through(store, y, x)]
    yield from _told(asked, [*read_facts(store, ties), *_in_columns(asked, x, y)])
    asked.ledger.read_shared(x, y)
    for kind in asked.kinds:
        yield from _reaching(asked, x, y, kind)
        yield from _reaching(asked, y, x, kind)
        for item in shared(asked.ledger, x, y, kind) if kind.shared else ():
            yield from _shared_row(asked, x, y, item)


def _of(asked: _Asked, x: str) -> Iterator[_Row]:
    store = asked.ledger.store
    ties = lasting(store, x)
    ties += latest(store, x, int(asked.day[:4])) if _wants_years(asked) else []
    wanted = {kind.id for kind in asked.kinds}
    stored = read_facts(store, [t for t in ties if t.split("/")[1] in wanted])
    yield from _told(asked, [*stored, *_in_columns(asked, x, "")])
    for kind in asked.kinds:
        for to, bloc, spell in passed_on(asked.ledger, x, kind):
            yield from _passed_row(asked, x, to, bloc, spell)


def _in_columns(asked: _Asked, x: str, y: str) -> Iterator[Fact]:
    if asked.columns is None:
        return
    for kind in asked.kinds:
        yield from facts_in_columns(asked.columns, kind, x, y, int(asked.day[:4]))


def _wants_years(asked: _Asked) -> bool:
    return any(kind.temporality == "yearly" for kind in asked.kinds)


def _told(asked: _Asked, facts: Iterable[Fact]) -> Iterator[_Row]:
    """The stored ties that belong into the answer."""
    wanted = [fact for fact in facts if fact.kind in asked.kinds]
    newest = _newest(wanted, int(asked.day[:4]))
    said = behind(wanted)
    read = _read_together(wanted, asked.day)
    for fact in wanted:
        if fact.id in read and (basis := _basis(asked, read[fact.id], newest)):
            doubt = asked.doubts.of(fact) if fact.year is not None else ""
            yield _row(asked, fact, basis, "; ".join(filter(None, (said[fact.id], doubt))))


def _read_together(facts: Sequence[Fact], day: str) -> dict[str, Fact]:
    """Each tie by its id, read in the light of other sources' claims of the same tie.

    Those that these leave nothing to say are not among them.
    """
    claims: dict[tuple[str, ...], list[Fact]] = {}
    for fact in facts:
        if fact.kind.temporality == "state":
            claims.setdefault((fact.kind.id, fact.from_, fact.to, fact.via), []).append(fact)
    clear = [fact for together in claims.values() for fact in refined(together, day)]
    others = [fact for fact in facts if fact.kind.temporality != "state"]
    return {fact.id: fact for fact in (*clear, *others)}


_Key = tuple[str, str, str, str]


def _key(fact: Fact) -> _Key:
    """What has a latest year of its own; the projects of two states are taken together."""
    return (fact.kind.id, fact.from_, fact.to, "" if fact.via else fact.topic)


def _newest(facts: Iterable[Fact], until: int) -> dict[_Key, int]:
    """The latest year with data, of each kind, direction and topic."""
    newest: dict[_Key, int] = {}
    for fact in facts:
        if fact.year is not None and fact.year <= until:
            newest[_key(fact)] = max(fact.year, newest.get(_key(fact), 0))
    return newest


def _basis(asked: _Asked, fact: Fact, newest: dict[_Key, int]) -> str:
    """Why a tie is in the answer; empty if it is not."""
    if fact.kind.temporality == "yearly":
        return _yearly_basis(asked, fact, newest)
    if fact.kind.temporality == "event":
        happened = bool(asked.since) and asked.since <= fact.start <= asked.day
        return EVENT if happened else ""
    standing = fact.standing(asked.day)
    if standing != NO:
        return standing
    return ENDED if asked.ended and fact.end and fact.end <= asked.day else ""


def _yearly_basis(asked: _Asked, fact: Fact, newest: dict[_Key, int]) -> str:
    if fact.year == newest.get(_key(fact)):
        return LATEST
    first = int(asked.since[:4]) if asked.since and fact.via else 9999
    return EVENT if first <= (fact.year or 0) <= int(asked.day[:4]) else ""


def _row(asked: _Asked, fact: Fact, basis: str, claims: str) -> _Row:
    return (
        fact.kind.id,
        short_id(fact.from_),
        short_id(fact.to),
        short_id(fact.via),
        fact.shown_start(),
        fact.shown_end(),
        fact.value,
        fact.unit,
        fact.year,
        short_id(fact.source),
        fact.record,
        _qualified(
            sentence(fact, asked.label, **_not_yet_over(fact, basis)), _said_of(fact, basis)
        ),
        basis,
        claims,
    )


def _not_yet_over(fact: Fact, basis: str) -> dict[str, str]:
    """An end yet to come is in its column; the sentence speaks of the day that was asked about."""
    return {"end": ""} if basis == IN_FORCE and fact.end else {}


def _said_of(fact: Fact, basis: str) -> str:
    """A claim that does not know of the end is not told as if the tie still held."""
    return "ended, says another source" if basis == ENDED and not fact.end else basis


def _qualified(text: str, basis: str) -> str:
    """The sentence with what makes it unsure; it must not claim more than is known."""
    return text if basis in _SURE else f"{text.removesuffix('.')} ({basis})."


def _reaching(asked: _Asked, x: str, y: str, kind: Kind) -> Iterator[_Row]:
    """The ties of blocs of `x` with `y` that pass to their members."""
    if kind_of_entity(asked.ledger.store, y) not in kind.to_kinds:
        return
    for to, bloc, spell in passed_on(asked.ledger, x, kind):
        if to == y:
            yield from _passed_row(asked, x, to, bloc, spell)


def _passed_row(asked: _Asked, x: str, to: str, bloc: str, spell: Spell) -> Iterator[_Row]:
    if not (basis := _spell_basis(asked, spell)):
        return
    fact = spell.facts[0]
    ends = {"from": asked.label(x), "start": spell.shown_start, "end": _shown_end(spell, basis)}
    text = sentence(fact, asked.label, **ends).removesuffix(".")
    text += f" (through {asked.label(bloc)})."
    yield _computed_row(asked, fact.kind, (x, to, bloc), spell, spell.facts, text, basis)


def _shared_row(asked: _Asked, x: str, y: str, item: Shared) -> Iterator[_Row]:
    if not (basis := _spell_basis(asked, item.best)):
        return
    spell = item.best
    ends = {"from": asked.label(x), "to": asked.label(y), "via": asked.label(item.via)}
    text = shared_sentence(spell.facts[0], ends, spell.shown_start, _shown_end(spell, basis))
    for bloc in dict.fromkeys(fact.from_ for fact in spell.facts if fact.from_ not in (x, y)):
        text = f"{text.removesuffix('.')} (through {asked.label(bloc)})."
    yield _computed_row(asked, item.kind, (x, y, item.via), spell, item.facts, text, basis)


def _spell_basis(asked: _Asked, spell: Spell) -> str:
    if spell.basis != NO:
        return spell.basis
    return ENDED if asked.ended and spell.end and spell.end <= asked.day else ""


def _shown_end(spell: Spell, basis: str) -> str:
    """An end yet to come is in its column; the sentence speaks of the day that was asked about."""
    return spell.shown_end if basis == ENDED else ""


def _computed_row(
    asked: _Asked,
    kind: Kind,
    ends: tuple[str, str, str],
    spell: Spell,
    facts: Sequence[Fact],
    text: str,
    basis: str,
) -> _Row:
    dates = (spell.shown_start, spell.shown_end)
    sources = shorts(sorted({fact.source for fact in facts}))
    records = "; ".join(dict.fromkeys(fact.record for fact in facts))
    return (
        kind.id, *map(short_id, ends), *dates, None, "", None, sources, records,
        _qualified(text, basis), basis, behind_all(asked.ledger, spell.facts),
    )  # fmt: skip
