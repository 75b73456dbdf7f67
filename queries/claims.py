"""What stands behind a claim: on what its sources disagree, or how many say the same.

Light: plain values only. `geoties conflicts` reads its claims from the columns, `geoties links`
from the store; both are judged here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from geoties.graph.model import short_id, show_date

TOLERANCE = 0.01
#: Sources by how near they are to the fact, told by the beginnings of their ids; others come after.
PREFERRED = ("curated", "wto", "unctad", "baci", "atop", "cow", "ggo")
DATES = ("start", "end")
_FINENESS = {"day": 0, "month": 1, "year": 2, "": 3}


@dataclass(frozen=True, slots=True)
class Claim:
    """What one source says of a tie; empty text is what it does not say."""

    source: str
    start: str = ""
    end: str = ""
    observed_to: str = ""
    year: int | None = None
    value: float | int | None = None
    unit: str = ""

    @classmethod
    def of(cls, tie: Any) -> Claim:
        """The claim of a tie of the store; its dates as precise as they are known."""
        start, end = (
            show_date(getattr(tie, name), getattr(tie, f"{name}_precision")) for name in DATES
        )
        seen, amount = tie.observed_to, (tie.year, tie.value, tie.unit)
        return cls(tie.source, start, end, seen, *amount)

    def said(self, name: str) -> str:
        """The start or the end that it gives."""
        return self.start if name == "start" else self.end

    def rank(self) -> tuple[object, ...]:
        """Sorts the preferred claim first."""
        source = short_id(self.source)
        near = (n for n, name in enumerate(PREFERRED) if source.startswith(name))
        seen = tuple(-ord(letter) for letter in self.observed_to)
        fine = [-len(self.start), next(near, len(PREFERRED)), -len(self.end)]
        return (*fine, seen, source, self.start)


def disputed(claims: Sequence[Claim]) -> list[str]:
    """In what the sources disagree: start, end, value. A source may know several spells."""
    found = []
    for name in DATES:
        told = [dates for dates in _dates(claims, name).values() if dates]
        if any(not _meet(one, other) for one in told for other in told):
            found.append(name)
    values = [claim.value for claim in claims if claim.value is not None]
    if values and max(values) - min(values) > TOLERANCE * max(map(abs, values)):
        found.append("value")
    return found


def _dates(claims: Iterable[Claim], name: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for claim in claims:
        found.setdefault(claim.source, set()).update({claim.said(name)} - {""})
    return found


def _meet(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether some date of one source may be the same as some date of another."""
    return any(a.startswith(b) or b.startswith(a) for a in one for b in other)


def standing_behind(claims: Sequence[Claim]) -> str:
    """How sure the claims of one tie are, in words; empty where only one source makes it.

    >>> standing_behind([Claim("source/a", "1998-11-15"), Claim("source/b", "1998")])
    'corroborated by 2 (a, b)'
    >>> standing_behind([Claim("source/b", "2019"), Claim("source/a", "2018-11-02")])
    'disputed: start 2018-11-02 (a) or 2019 (b)'
    """
    sources = {claim.source for claim in claims}
    if len(sources) < 2:
        return ""
    ordered = sorted(claims, key=Claim.rank)
    told = [f"{name} {_versions(ordered, name)}" for name in disputed(claims)]
    who = ", ".join(dict.fromkeys(short_id(claim.source) for claim in ordered))
    return f"disputed: {', '.join(told)}" if told else f"corroborated by {len(sources)} ({who})"


def _versions(claims: Sequence[Claim], name: str) -> str:
    """Each version with who gives it, the preferred first."""
    who: dict[str, list[str]] = {}
    for claim in claims:
        version = f"{claim.value:g} {claim.unit}" if name == "value" else claim.said(name)
        if version:
            who.setdefault(version, []).append(short_id(claim.source))
    told = (f"{version} ({', '.join(dict.fromkeys(names))})" for version, names in who.items())
    return " or ".join(told)
