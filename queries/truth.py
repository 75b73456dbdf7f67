"""Yes, no or unknown: whether a tie was in force on a day, and how one can know.

"No" is said only where a source claims to know all such ties of that time, or where one of the
two did not exist. `geoties is PER in APEC --on 1990-01-01`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from geoties.graph.model import UserError, short_id
from geoties.graph.store import Answer, TripleStore, Value
from geoties.ontology.kinds import Kind, kinds
from geoties.queries.asking import Names, day_named, entity_named, hint
from geoties.queries.coverage import about, coverage_of, judge
from geoties.queries.facts import (
    Fact,
    between,
    kind_of_entity,
    label,
    read_facts,
    ties_to,
    values_of,
)
from geoties.queries.memberships import counting, counts
from geoties.queries.shared import Ledger, passed_on, shared, shorts
from geoties.queries.spells import IN_FORCE, NO, Spell, refined, spell
from geoties.queries.support import behind_all

YES, UNKNOWN = "yes", "unknown"
COLUMNS = ("answer", "kind", "from", "to", "via", "on", "start", "end", "year", "value", "unit",
           "sources", "basis", "claims", "sentence")  # fmt: skip
IN = "in"
_COUNTRIES = {"state", "territory", "historical-state"}
_ELSEWHERE = "none in this store, but the smallest are in the columns only, which were not asked"


@dataclass(frozen=True)
class Verdict:
    """The answer to a question about a tie, why it is so, and the ties behind it, best first."""

    answer: str
    kind: str
    from_: str
    to: str
    on: str
    basis: str
    sentence: str
    spells: tuple[Spell, ...] = ()
    claims: str = ""

    @property
    def spell(self) -> Spell | None:
        """The best dated of the ties that say so, if there are any."""
        return self.spells[0] if self.spells else None

    def table(self) -> Answer:
        """The verdict as one row."""
        return Answer(COLUMNS, [self._row()])

    def _row(self) -> tuple[Value, ...]:
        facts = self.spell.facts if self.spell else ()
        first = facts[0] if facts else None
        dates = (self.spell.shown_start, self.spell.shown_end) if self.spell else ("", "")
        through = [fact.to for fact in facts[1:]]
        said = {fact.source for one in self.spells for fact in one.facts}
        sources = shorts(sorted(said))
        amount = (first.year, first.value, first.unit) if first else (None, None, "")
        ends = (short_id(self.from_), short_id(self.to), shorts(through))
        return (self.answer, self.kind, *ends, self.on, *dates, *amount, sources, self.basis,
                self.claims, self.sentence)  # fmt: skip


def is_tied(
    store: TripleStore,
    x: str,
    relation: str,
    y: str,
    *,
    graph_date: str,
    names: Names,
    on: str = "",
    frames_path: Path | None = None,
) -> Verdict:
    """Whether `x` has a tie to `y` on a day: yes, no or unknown, with the reason.

    `relation` is a kind of tie, or "in" for being a member of a body, party to an agreement or
    bound by an alliance. A role that does not make a member (an observer's) is no yes. A bloc's
    agreements and sanctions count for its members. Of a yearly kind it asks for a value in the
    day's year; of events, whether there was one up to that day.
    Raises `UserError` for unknown names, kinds or dates, and for a relation that does not fit.
    """
    day = day_named(on or graph_date)
    from_ = entity_named(names, x, day, store)
    to = (_place_in if relation == IN else entity_named)(names, y, day, store)
    ledger = Ledger(store, day)
    verdicts = [
        _judge(ledger, kind, from_, to, frames_path) for kind in _kinds(ledger, relation, to)
    ]
    order = (YES, UNKNOWN, NO)
    return min(verdicts, key=lambda verdict: order.index(verdict.answer))


def _place_in(names: Names, text: str, day: str, store: TripleStore) -> str:
    """What one can be in: the bank that is called CAF, not the state that has it as a code."""
    places = {kind for one in kinds().values() if one.shared for kind in one.to_kinds}
    if text.strip() and "/" not in text:
        try:
            return names.require(text, day, sorted(places - _COUNTRIES))
        except UserError:
            pass  # told with what the name means, if it means anything else
    return entity_named(names, text, day, store)


def _kinds(ledger: Ledger, relation: str, to: str) -> list[Kind]:
    """The kinds of tie that a relation may mean, for this other end."""
    entity_kind = kind_of_entity(ledger.store, to)
    if relation == IN:
        found = [kind for kind in kinds().values() if kind.shared and entity_kind in kind.to_kinds]
        if not found:
            what = label(ledger.store, to)
            raise UserError(
                f"{what} is no body or agreement that one can be in; name a kind of tie."
            )
        return [kind for kind in found if ties_to(ledger.store, to, kind)] or found
    if relation not in kinds():
        raise UserError(f"There is no relation {relation!r}; {hint(relation, [IN, *kinds()])}")
    return [kinds()[relation]]


def _judge(ledger: Ledger, kind: Kind, from_: str, to: str, frames: Path | None) -> Verdict:
    if kind.shared and kind_of_entity(ledger.store, to) not in kind.to_kinds:
        return _both_in_one(ledger, kind, from_, to)
    if kind.temporality == "state":
        return _state(ledger, kind, from_, to)
    facts = _dated(ledger, kind, from_, to)
    if not facts and (kind.stored == "frames" or kind.graph_minimum):
        if frames is None:
            return _verdict(ledger, UNKNOWN, kind, from_, to, _ELSEWHERE)
        facts = _in_frames(frames, kind, from_, to, ledger.day)
    if facts:
        best = facts[-1]
        basis = f"reported for {best.year}" if best.year else f"dated {best.shown_start()}"
        return _verdict(ledger, YES, kind, from_, to, basis, [spell([best], ledger.day)])
    return _absent(ledger, kind, from_, to)


def _both_in_one(ledger: Ledger, kind: Kind, from_: str, to: str) -> Verdict:
    """Whether two states share a body, agreement or alliance; the verdict names it."""
    items = list(shared(ledger, from_, to, kind))
    verdict = _surest(ledger, kind, from_, to, [item.best for item in items])
    if verdict is None:
        return _absent(ledger, kind, from_, to)
    item = next(item for item in items if item.best is verdict.spell)
    basis = f"{verdict.basis} ({label(ledger.store, item.via)})"
    support = (item.best, *item.support)
    return _verdict(ledger, verdict.answer, kind, from_, to, basis, support)


def _dated(ledger: Ledger, kind: Kind, from_: str, to: str) -> list[Fact]:
    """The ties of the day's year, or the events up to the day, the latest last."""
    ties = _claims(ledger, kind, from_, to)
    if kind.temporality == "yearly":
        return [fact for fact in ties if fact.year == int(ledger.day[:4])]
    past = [fact for fact in ties if fact.start and fact.start <= ledger.day]
    return sorted(past, key=lambda fact: fact.start)


def _in_frames(frames: Path, kind: Kind, from_: str, to: str, day: str) -> list[Fact]:
    """The small flows, which only the columns hold."""
    import polars as pl

    from geoties.graph.frames import Frames

    ends = (pl.col("from") == from_) & (pl.col("to") == to)
    if not kind.directed:
        ends |= (pl.col("from") == to) & (pl.col("to") == from_)
    rows = Frames(frames).ties(kind.id).filter(ends, pl.col("year") == int(day[:4]))
    return [
        Fact(row["id"], kind, row["from"], row["to"], row["source"], year=row["year"],
             value=row["value"], unit=row["unit"])
        for row in rows.sort("id").iter_rows(named=True)
    ]  # fmt: skip


def _claims(ledger: Ledger, kind: Kind, from_: str, to: str) -> list[Fact]:
    """The stored ties of one kind between two, in either direction if it has none."""
    ties = between(ledger.store, from_, to)
    ties += [] if kind.directed else between(ledger.store, to, from_)
    return read_facts(ledger.store, [tie for tie in ties if tie.split("/")[1] == kind.id])


def _state(ledger: Ledger, kind: Kind, from_: str, to: str) -> Verdict:
    told = _claims(ledger, kind, from_, to)
    claims = _dated_first(refined(told, ledger.day))
    spells = [spell([fact], ledger.day) for fact in counting(claims, ledger.day)]
    passed = [one for end, _, one in passed_on(ledger, from_, kind) if end == to]
    verdict = _surest(ledger, kind, from_, to, spells + passed)
    return verdict or _absent(ledger, kind, from_, to, told)


def _surest(
    ledger: Ledger, kind: Kind, from_: str, to: str, spells: Sequence[Spell]
) -> Verdict | None:
    """Yes by the best spell that is in force, else unknown by the best that may be, else none."""
    for wanted in (IN_FORCE, ""):
        found = sorted((s for s in spells if _is(s.basis, wanted)), key=Spell.rank)
        if found:
            answer = YES if wanted else UNKNOWN
            return _verdict(ledger, answer, kind, from_, to, found[0].basis, found)
    return None


def _dated_first(claims: Sequence[Fact]) -> list[Fact]:
    """The claims that have a start, if any has: one without adds no doubt to them."""
    return [claim for claim in claims if claim.start] or list(claims)


def _is(basis: str, wanted: str) -> bool:
    return basis == wanted if wanted else basis not in (NO, IN_FORCE)


def _absent(
    ledger: Ledger, kind: Kind, from_: str, to: str, claims: Sequence[Fact] = ()
) -> Verdict:
    """No such tie on the day: a no if somebody would know, or if one of the two was not there."""
    if not_there := next(_not_there(ledger, (from_, to)), ""):
        return _verdict(ledger, NO, kind, from_, to, not_there)
    rows = coverage_of(ledger.store, kind)
    speaking = about(ledger.store, kind, rows, from_, to, int(ledger.day[:4]))
    body = kind.shared and kind_of_entity(ledger.store, to) in kind.to_kinds
    answer, basis = judge(speaking, _who_knows(ledger, kind, to) if body else None)
    if kind.derived and not speaking:
        # a score names its measure in the topic, any other derived kind is called as its measure
        name = "NAME" if kind.requires == ("topic",) else kind.id
        basis = f"not kept for this pair; `geoties measure {name}` computes it"
    if answer == UNKNOWN and (over := _last_end(claims, ledger.day)):
        basis = f"{over}; {basis}"
    other = [fact for fact in claims if not counts(fact) and fact.standing(ledger.day) != NO]
    if other:
        basis = f"{other[0].role}, which makes no member; {basis}"
    return _verdict(ledger, answer, kind, from_, to, basis)


def _last_end(claims: Sequence[Fact], day: str) -> str:
    """What a source says of an end before the day, for what came after it is not known to all."""
    ended = [fact for fact in claims if counts(fact) and fact.end and fact.end <= day]
    if not ended:
        return ""
    last = max(ended, key=lambda fact: (fact.end, fact.id))
    return f"ended in {last.shown_end()}, says {short_id(last.source)}"


def _who_knows(ledger: Ledger, kind: Kind, to: str) -> set[str]:
    """The sources that have any tie of the kind to a body or agreement."""
    return {f"source/{tie.split('/')[2]}" for tie in ties_to(ledger.store, to, kind)}


def _not_there(ledger: Ledger, ends: Sequence[str]) -> Iterator[str]:
    """Why one of the two cannot have had a tie on the day: not yet founded, or dissolved."""
    for end in ends:
        who = label(ledger.store, end)
        dates = {
            name: [date for of in names for date in values_of(ledger.store, end, of)]
            for name, names in _LIFE.items()
        }
        yield from (f"{who} began in {d}" for d in dates["began"] if ledger.day[: len(d)] < d)
        yield from (f"{who} ended in {d}" for d in dates["ended"] if ledger.day[: len(d)] > d)


_LIFE = {"began": ("founded", "validFrom"), "ended": ("dissolved", "validTo")}


def _verdict(
    ledger: Ledger, answer: str, kind: Kind, from_: str, to: str, basis: str,
    spells: Sequence[Spell] = (),
) -> Verdict:  # fmt: skip
    best = spells[0] if spells else None
    claims = behind_all(ledger, best.facts) if best and kind.temporality == "state" else ""
    told = f"{basis}; {claims}" if claims else basis
    ends = f"{label(ledger.store, from_)} and {label(ledger.store, to)}"
    sentence = f"{answer.capitalize()}: {ends}, {kind.labels['en']}, on {ledger.day}: {told}."
    question = (answer, kind.id, from_, to, ledger.day)
    return Verdict(*question, basis, sentence, tuple(spells), claims)
