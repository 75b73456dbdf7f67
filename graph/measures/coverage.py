"""What the sources claim to know, so that what they do not is never taken for none."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property, lru_cache
from typing import NamedTuple

import polars as pl

from geoties.graph.measures.inputs import Frames

#: Years outside of these are asked claim by claim.
_FIRST, _LAST = 1800, 2100


class Declared:
    """Whether coverage is declared for a kind of tie between a state and a pole in a year."""

    def __init__(self, frames: Frames) -> None:
        self.frames = frames

    @classmethod
    @lru_cache(maxsize=4)
    def of(cls, frames: Frames) -> Declared:
        """What the coverage of a graph declares, read once."""
        return cls(frames)

    @cached_property
    def _claims(self) -> dict[str, list[Claim]]:
        """The claims about each kind of tie.

        Where some speak of states or regions, those that speak of one body or agreement only
        say nothing of how much is known of anybody's others, and are left out.
        """
        claims = self.frames.coverage().filter(pl.col("status").is_in(["complete", "partial"]))
        columns = ("kind", "from_year", "to_year", "from_scope", "to_scope", "status")
        found: dict[str, list[Claim]] = {}
        for kind, first, last, origin, target, status in claims.select(columns).iter_rows():
            years = (0 if first is None else first, 9999 if last is None else last)
            claim = Claim(*years, origin, target, status == "complete")
            found.setdefault(kind, []).append(claim)
        return {kind: [c for c in all_ if c.general] or all_ for kind, all_ in found.items()}

    @cached_property
    def _for_all(self) -> dict[str, set[int]]:
        """The years of each kind for which a claim is limited to nobody's ties."""
        return {
            kind: {
                year
                for claim in claims
                if not (_is_place(claim.origin) or _is_place(claim.target))
                for year in range(max(claim.first, _FIRST), min(claim.last, _LAST) + 1)
            }
            for kind, claims in self._claims.items()
        }

    def between(self, kind: str, year: int, state: Collection[str], pole: Collection[str]) -> bool:
        """Whether a claim of a source reaches the ties of a state with a pole.

        ``state`` and ``pole`` are their ids with those of their regions and members. A claim
        for one other state or region (China's projects) does not reach them; where all claims
        are about bodies or agreements, they reach everybody alike.
        """
        if year in self._for_all.get(kind, ()):
            return True
        return any(
            claim.first <= year <= claim.last
            and _fits(claim.origin, state, pole)
            and _fits(claim.target, state, pole)
            for claim in self._claims.get(kind, ())
        )

    def holder(self, kind: str, year: int, state: Collection[str]) -> str:
        """Whether a claim reaches all that a state holds, with whomever: complete, partial, "".

        ``state`` is its id with those of its regions.
        """
        reaching = [
            claim
            for claim in self._claims.get(kind, ())
            if claim.first <= year <= claim.last
            and _fits(claim.origin, state, ())
            and not _is_place(claim.target)
        ]
        if not reaching:
            return ""
        return "complete" if any(claim.complete for claim in reaching) else "partial"

    def places(self, kind: str, year: int) -> list[str]:
        """The states and regions to which the claims about a kind are limited, if they are."""
        reaching = [c for c in self._claims.get(kind, ()) if c.first <= year <= c.last]
        limits = [[s for s in (c.origin, c.target) if _is_place(s)] for c in reaching]
        return sorted({s for scopes in limits for s in scopes}) if all(limits) else []


class Claim(NamedTuple):
    """What a source claims to know of a kind of tie: from when to when, between whom."""

    first: int
    last: int
    origin: str
    target: str
    complete: bool

    @property
    def general(self) -> bool:
        """Whether it is not about one body, agreement or other thing that is held."""
        return all(not scope or _is_place(scope) for scope in (self.origin, self.target))


def _is_place(scope: str) -> bool:
    return scope.startswith(("state/", "region/"))


def _fits(scope: str, state: Collection[str], pole: Collection[str]) -> bool:
    return not _is_place(scope) or scope in state or scope in pole
