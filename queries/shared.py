"""What two entities share: bodies that both are in, agreements in force between them.

Nothing of this is stored; it is worked out from each one's own ties and those of its blocs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from geoties.graph.model import short_id
from geoties.graph.store import TripleStore
from geoties.ontology.kinds import Kind, entity_classes, kinds
from geoties.queries.facts import (
    Fact,
    entities_of_class,
    held,
    held_together,
    of_kind,
    read_facts,
    values_of,
)
from geoties.queries.memberships import counting, inherited
from geoties.queries.spells import IN_FORCE, NO, Spell, later_start, refined, spell

MEMBERSHIP = "membership"
NOT_YET = "not-yet-in-force"
BLOC = "bloc"
BINDS = "bindsNewMembers"
_Way = tuple[Fact, ...]  # a tie of its own, or a bloc's tie with the membership in the bloc


@dataclass(frozen=True, slots=True)
class Shared:
    """That something links two entities: what, the best dated spell, and all that support it."""

    kind: Kind
    via: str
    best: Spell
    support: tuple[Spell, ...]

    @property
    def facts(self) -> list[Fact]:
        """The ties behind it, each once, by id."""
        found = {fact.id: fact for one in self.support for fact in one.facts}
        return [found[tie] for tie in sorted(found)]


@dataclass
class Ledger:
    """The ties of the entities of one question as seen on one day, each read once."""

    store: TripleStore
    day: str
    _held: dict[tuple[str, str], dict[str, list[str]]] = field(default_factory=dict)
    _facts: dict[str, Fact] = field(default_factory=dict)
    _memberships: dict[str, dict[str, list[Fact]]] = field(default_factory=dict)
    _blocs: list[str] | None = None
    _not_yet: list[Fact] | None = None

    def fact(self, tie: str) -> Fact:
        """The tie of this id."""
        if tie not in self._facts:
            self._facts[tie] = read_facts(self.store, [tie])[0]
        return self._facts[tie]

    def held(self, holder: str, kind: Kind) -> dict[str, list[str]]:
        """What the holder's ties of a kind run to, with the ids of those ties."""
        key = (holder, kind.id)
        if key not in self._held:
            self._held[key] = held(self.store, holder, kind)
        return self._held[key]

    def read_shared(self, *holders: str) -> None:
        """Read all that makes some entities share something, in as few scans as may be."""
        together = [kind for kind in kinds().values() if kind.shared]
        for holder in holders:
            for kind, found in held_together(self.store, holder, together).items():
                self._held[holder, kind] = found

    def blocs(self, entity: str) -> dict[str, list[Fact]]:
        """The blocs that the entity was ever a member of, with those memberships."""
        if entity not in self._memberships:
            self._memberships[entity] = dict(self._find_blocs(entity))
        return self._memberships[entity]

    def _find_blocs(self, entity: str) -> Iterator[tuple[str, list[Fact]]]:
        if self._blocs is None:
            self._blocs = entities_of_class(self.store, entity_classes()[BLOC].class_name)
        bodies = self.held(entity, kinds()[MEMBERSHIP])
        for bloc in self._blocs:
            claims = refined([self.fact(tie) for tie in bodies.get(bloc, ())], self.day)
            if facts := counting(claims, self.day):
                yield bloc, facts

    def passed_to(self, entity: str, bloc: str, fact: Fact) -> list[Fact]:
        """The entity's memberships through which it has part in a tie of the bloc."""
        binds = values_of(self.store, bloc, BINDS) == ["True"]
        memberships = self.blocs(entity)[bloc]
        return memberships if binds else list(inherited(fact, memberships))

    def member_on_the_day(self, entity: str, bloc: str) -> bool:
        """Whether the entity is, or may be, a member of the bloc on the day."""
        facts = self.blocs(entity).get(bloc, ())
        return any(fact.standing(self.day) != NO for fact in facts)

    def not_yet(self) -> list[Fact]:
        """All ties that keep an agreement from being in force between two of its parties."""
        if self._not_yet is None:
            ties = of_kind(self.store, kinds()[NOT_YET])
            self._not_yet = [self.fact(tie) for tie in ties]
        return self._not_yet

    def root(self, agreement: str) -> str:
        """The agreement that this one amends or accedes to, however far up; else itself."""
        seen = {agreement}
        while parents := [p for p in values_of(self.store, agreement, "amends") if p not in seen]:
            agreement = parents[0]
            seen.add(agreement)
        return agreement


def shared(ledger: Ledger, x: str, y: str, kind: Kind) -> list[Shared]:
    """All that links `x` and `y` by ties of one kind to the same third, in force or not."""
    found: dict[str, list[Spell]] = {}
    left, right = _ways(ledger, x, kind), _ways(ledger, y, kind)
    for via in sorted(left.keys() & right.keys()):
        if _on_one_side(ledger, x, y, left[via], right[via]):
            continue
        spells = list(_spells(ledger, via, (x, y), (left[via], right[via])))
        if spells:
            found.setdefault(ledger.root(via), []).extend(spells)
    return [_best(kind, via, found[via]) for via in sorted(found)]


def _best(kind: Kind, via: str, spells: Sequence[Spell]) -> Shared:
    """The surest spell; beside it, all others that say the same of the day."""
    best = min(spells, key=_surest)
    if best.basis == IN_FORCE:
        return Shared(kind, via, best, tuple(s for s in spells if s.basis == IN_FORCE))
    if best.basis != NO:
        return Shared(kind, via, best, tuple(s for s in spells if s.basis != NO))
    return Shared(kind, via, best, (best,))


def _surest(one: Spell) -> tuple[object, ...]:
    """Of spells that are over, the one that ended last comes first."""
    ended = [-ord(digit) for digit in one.end] if one.basis == NO else []
    return (one.basis == NO, ended, one.rank())


def _ways(ledger: Ledger, entity: str, kind: Kind) -> dict[str, list[tuple[str, str]]]:
    """What the entity holds by itself and through its blocs: holder and tie of each."""
    found: dict[str, list[tuple[str, str]]] = {}
    holders = [entity, *(ledger.blocs(entity) if kind.passes_to_members else ())]
    for holder in holders:
        for via, ties in ledger.held(holder, kind).items():
            found.setdefault(via, []).extend((holder, tie) for tie in ties)
    return found


def _on_one_side(
    ledger: Ledger, x: str, y: str, left: list[tuple[str, str]], right: list[tuple[str, str]]
) -> bool:
    """Whether both are party as members of one bloc: it links neither to the other."""
    return any(
        (holder == x or ledger.member_on_the_day(x, holder))
        and (holder == y or ledger.member_on_the_day(y, holder))
        for holder in {holder for holder, _ in left} & {holder for holder, _ in right}
    )


def _spells(
    ledger: Ledger,
    via: str,
    ends: tuple[str, str],
    ways: tuple[list[tuple[str, str]], list[tuple[str, str]]],
) -> Iterator[Spell]:
    left, right = (_facts(ledger, end, side) for end, side in zip(ends, ways, strict=True))
    for mine, yours in product(left, right):
        if mine[0].from_ == yours[0].from_:  # by one bloc: on one side of it
            continue
        one = _respecting_not_yet(ledger, via, mine, yours)
        if one and one.ever:
            yield one


def _facts(ledger: Ledger, entity: str, ways: list[tuple[str, str]]) -> list[_Way]:
    found: list[_Way] = []
    dated = any(ledger.fact(tie).start for one, tie in ways if one == entity)
    for holder in dict.fromkeys(holder for holder, _ in ways):
        facts = refined([ledger.fact(tie) for one, tie in ways if one == holder], ledger.day)
        for fact in counting(facts, ledger.day):
            if dated and holder != entity and not fact.start:
                continue  # its own date is known: the bloc's, that nobody knows, adds nothing
            if holder == entity:
                found.append((fact,))
            else:
                found += [(fact, one) for one in ledger.passed_to(entity, holder, fact)]
    return found


def _respecting_not_yet(ledger: Ledger, via: str, mine: _Way, yours: _Way) -> Spell | None:
    """The spell of both ways, unless it is declared not yet in force between the two parties.

    A bloc's agreement may have begun later for one of its members: Norway's with Peru.
    """
    one = spell([*mine, *yours], ledger.day)
    if not mine[0].kind.passes_to_members:
        return one
    left, right = ({fact.from_ for fact in way} for way in (mine, yours))
    for fact in ledger.not_yet():
        between = {(fact.from_, fact.to), (fact.to, fact.from_)} & set(product(left, right))
        if not between or ledger.root(fact.via) != ledger.root(via):
            continue
        standing = fact.standing(ledger.day)
        if standing == IN_FORCE:
            return None
        if fact.end:
            one = later_start(one, fact.end, fact.end_precision)
        if standing != NO and one.basis == IN_FORCE:
            one = Spell(one.facts, f"{standing} (not yet in force)", "", "", one.end, "")
    return one


def passed_on(ledger: Ledger, x: str, kind: Kind) -> Iterator[tuple[str, str, Spell]]:
    """What reaches `x` as a member of a bloc: to whom, through which bloc, when."""
    if not kind.passes_to_members:
        return
    for bloc in ledger.blocs(x):
        for to, ties in ledger.held(bloc, kind).items():
            own = ledger.held(x, kind)
            if to in own and any(ledger.fact(t).standing(ledger.day) != NO for t in own[to]):
                continue
            facts = refined([ledger.fact(tie) for tie in ties], ledger.day)
            if any(ledger.fact(tie).start for tie in own.get(to, ())):
                facts = [fact for fact in facts if fact.start]  # an unknown date blurs no known one
            ways = [(fact, m) for fact in facts for m in ledger.passed_to(x, bloc, fact)]
            spells = [spell(way, ledger.day) for way in ways]
            if lasting := [one for one in spells if one.ever]:
                yield to, bloc, min(lasting, key=_surest)


def shorts(items: Sequence[str]) -> str:
    """The short ids of several entities, each once, in order."""
    return "; ".join(dict.fromkeys(short_id(item) for item in items))
