"""Which memberships count on a day, and in what a member has part: suspensions, later members.

For whole tables at once `graph.parties` applies the same rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from geoties.graph.model import last_day
from geoties.ontology.kinds import roles
from geoties.queries.facts import Fact
from geoties.queries.spells import IN_FORCE, NO

SUSPENDED = "suspended"


def counts(fact: Fact) -> bool:
    """Whether the role of a tie makes its holder a member; a kind without such roles always does.

    An observer or a suspended member shares no body with anybody.
    """
    role = roles().get(fact.role)
    return role is None or role.counts_as_member or fact.kind.id not in _kinds_that_tell()


@lru_cache(maxsize=1)
def _kinds_that_tell() -> frozenset[str]:
    """The kinds of tie whose roles say whether one is a member."""
    return frozenset(role.kind for role in roles().values() if role.counts_as_member)


def counting(facts: Sequence[Fact], day: str) -> list[Fact]:
    """Of one holder's ties with one body or agreement those that count, as they are on `day`.

    A membership ends where a suspension that is in force begins; where it is unknown whether
    there is one, the membership is unknown.
    """
    away = [fact for fact in facts if fact.role == SUSPENDED]
    return [_suspended(fact, away, day) for fact in facts if counts(fact)]


def _suspended(member: Fact, away: Iterable[Fact], day: str) -> Fact:
    for gap in away:
        standing = gap.standing(day)
        if standing == IN_FORCE:
            begun = (gap.start, gap.start_precision) if gap.start else (gap.observed_to, "day")
            member = _ended(member, last_day(*begun), begun[1])
        elif standing != NO:
            member = replace(member, doubt=f"perhaps suspended ({standing})")
    return member


def _ended(member: Fact, end: str, precision: str) -> Fact:
    if member.end and member.end <= end:
        return member
    return replace(member, end=end, end_precision=precision)


def inherited(agreement: Fact, memberships: Iterable[Fact]) -> Iterator[Fact]:
    """The memberships that bring part in what a bloc concluded whose law binds no new members.

    One that joined after the agreement entered into force for the bloc has no part in it; where
    the dates do not tell which was first, it is unknown.
    """
    begun = agreement.start
    # without a start, it was in force at the latest when it was observed
    bound = last_day(begun, agreement.start_precision) if begun else agreement.observed_to
    for member in memberships:
        if bound and member.start > bound:
            continue
        if not (member.start and begun):
            yield replace(member, doubt="not known whether it joined before")
        elif last_day(member.start, member.start_precision) <= begun:
            yield member
        else:
            joined = f"joined in {member.shown_start()}"
            yield replace(member, doubt=f"{joined}, perhaps after the entry into force")
