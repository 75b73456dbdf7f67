"""What the sources claim to know, so that what they do not is never taken for none."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

import polars as pl

from geoties.graph.measures.inputs import Frames

Scopes = tuple[str, str]


class Declared:
    """Whether coverage is declared for a kind of tie between a state and a pole in a year."""

    def __init__(self, frames: Frames) -> None:
        self.frames = frames

    @cached_property
    def _rows(self) -> dict[str, list[tuple[int, int, Scopes]]]:
        claims = self.frames.coverage().filter(pl.col("status").is_in(["complete", "partial"]))
        found: dict[str, list[tuple[int, int, Scopes]]] = {}
        columns = ("kind", "from_year", "to_year", "from_scope", "to_scope")
        for kind, first, last, origin, target in claims.select(columns).iter_rows():
            years = (0 if first is None else first, 9999 if last is None else last)
            found.setdefault(kind, []).append((*years, (origin, target)))
        return found

    def between(self, kind: str, year: int, state: Collection[str], pole: Collection[str]) -> bool:
        """Whether a claim of a source reaches the ties of a state with a pole.

        ``state`` and ``pole`` are their ids with those of their regions and members. A claim
        for one other state or region (China's projects) does not reach them; one for a body
        or agreement reaches everybody alike.
        """
        return any(
            first <= year <= last and all(_fits(scope, state, pole) for scope in scopes)
            for first, last, scopes in self._rows.get(kind, ())
        )


def _fits(scope: str, state: Collection[str], pole: Collection[str]) -> bool:
    return not scope.startswith(("state/", "region/")) or scope in state or scope in pole
