"""Two ties at once: the period in which both hold, and whether that is so on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from geoties.graph.model import show_date
from geoties.queries.facts import Fact

IN_FORCE = "in force"
NO = "no"
_FINENESS = {"day": 0, "month": 1, "year": 2, "": 3}


@dataclass(frozen=True, slots=True)
class Spell:
    """Facts that must all hold: from the latest of their starts to the earliest of their ends.

    An unknown start among them leaves the start unknown. `basis` is "in force", "no" or why it
    is unknown on the day that was asked about.
    """

    facts: tuple[Fact, ...]
    basis: str
    start: str
    start_precision: str
    end: str
    end_precision: str

    @property
    def shown_start(self) -> str:
        """The start, as precise as it is known."""
        return show_date(self.start, self.start_precision)

    @property
    def shown_end(self) -> str:
        """The end, as precise as it is known."""
        return show_date(self.end, self.end_precision)

    @property
    def ever(self) -> bool:
        """Whether there was a day on which all of them may have held."""
        return not self.end or not self.start or self.start < self.end

    def rank(self) -> tuple[object, ...]:
        """Sorts the surest and best dated first, then the earliest, then by the ids of its ties."""
        unsure = (self.basis == NO, self.basis != IN_FORCE)
        vague = (_FINENESS[self.start_precision], _FINENESS[self.end_precision])
        return (*unsure, *vague, self.start, [fact.id for fact in self.facts])


def superseded(fact: Fact, others: Iterable[Fact]) -> bool:
    """Whether another source says when the tie ended, after this one had stopped looking.

    An open end means open up to the last observation; a later published end is no disagreement.
    """
    return not fact.end and any(
        other.source != fact.source
        and other.end
        and fact.observed_to
        and other.end > fact.observed_to
        and same_tie(fact, other)
        for other in others
    )


def same_tie(one: Fact, other: Fact) -> bool:
    """Whether two claims are about the same tie: its kind, ends and role."""
    mine = (one.kind.id, one.from_, one.to, one.role)
    return mine == (other.kind.id, other.from_, other.to, other.role)


def spell(facts: Sequence[Fact], day: str) -> Spell:
    """The spell of some facts as seen on `day`."""
    starts = [(fact.start, fact.start_precision) for fact in facts]
    ends = [(fact.end, fact.end_precision) for fact in facts if fact.end]
    start = ("", "") if any(not first for first, _ in starts) else max(starts)
    end = min(ends, default=("", ""))
    return Spell(tuple(facts), _basis(facts, day), *start, *end)


def _basis(facts: Sequence[Fact], day: str) -> str:
    standings = [fact.standing(day) for fact in facts]
    if NO in standings:
        return NO
    return next((standing for standing in standings if standing != IN_FORCE), IN_FORCE)


def refined(facts: Sequence[Fact], day: str) -> list[Fact]:
    """Claims of one tie by several sources, each read in the light of the others, as of `day`.

    A source that says "1998" and one that says "1998-11-15" do not differ; nor do one that looked
    until 2021 and one that saw the tie end in 2025, once it is over. What one source saw begin and
    another, without dates, saw again later was there on the later day: in between it is unknown.
    Beside a claim that has a start, one without dates says nothing more, and is left out.
    """
    if len(facts) < 2:
        return list(facts)
    telling = [fact for fact in facts if not _adds_nothing(fact, facts)]
    return [_refined(fact, facts, day) for fact in telling]


def _adds_nothing(fact: Fact, others: Iterable[Fact]) -> bool:
    """Whether a claim has no dates, and another of the same tie has a start."""
    undated = not fact.start and not fact.end
    return undated and any(other.start and same_tie(fact, other) for other in others)


def _refined(fact: Fact, facts: Sequence[Fact], day: str) -> Fact:
    claims = [claim for claim in facts if same_tie(fact, claim)]
    starts = [(claim.start, claim.start_precision) for claim in claims]
    ends = [(claim.end, claim.end_precision) for claim in claims]
    start, start_precision = _finest((fact.start, fact.start_precision), starts)
    end, end_precision = _finest((fact.end, fact.end_precision), ends)
    over = [claim for claim in claims if claim.end <= day and superseded(fact, [claim])]
    if over:
        end, end_precision = min((claim.end, claim.end_precision) for claim in over)
    return replace(
        fact,
        start=start,
        start_precision=start_precision,
        end=end,
        end_precision=end_precision,
        observed_to=_seen_again(fact, claims, day),
    )


def _seen_again(fact: Fact, claims: Iterable[Fact], day: str) -> str:
    """The day on which an open tie was seen last, by a source that tells no dates of it too."""
    if not fact.start or fact.end or not fact.observed_to:
        return fact.observed_to
    undated = (claim.observed_to for claim in claims if not claim.start and not claim.end)
    return max([fact.observed_to, *(seen for seen in undated if seen <= day)])


_Date = tuple[str, str]


def _finest(own: _Date, dates: Sequence[_Date]) -> _Date:
    """The finest of some dates that lies in the same day, month or year as an own one."""
    told = show_date(*own)
    fits = [date for date in dates if told and date[0].startswith(told)]
    return min(fits, key=lambda date: (_FINENESS[date[1]], date[0]), default=own)


def later_start(given: Spell, start: str, precision: str) -> Spell:
    """The spell, begun no earlier than `start`."""
    if not given.start or given.start >= start:
        return given
    return Spell(given.facts, given.basis, start, precision, given.end, given.end_precision)
