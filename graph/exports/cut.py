"""What of the graph an export takes: all of it, or what a focus, a date and kinds leave.

A cut stays whole: whatever a kept tie speaks of (its ends, `via`, source, and what these refer
to in turn) is kept with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from geoties.graph.network import check_day, check_focus, check_kinds, ties_on, touching
from geoties.graph.periods import UNKNOWN
from geoties.graph.triples import in_graph
from geoties.ontology.kinds import kinds, properties

if TYPE_CHECKING:
    from geoties.graph.frames import Frames

_SCOPES = ("from_scope", "to_scope", "via_scope")


@dataclass(frozen=True)
class Selection:
    """What was asked for. `on` is empty for all times; `checksum` is the build's."""

    graph_date: str
    checksum: str = ""
    focus: tuple[str, ...] = ()
    on: str = ""
    kinds: tuple[str, ...] = ()
    include_current: bool = False

    @property
    def day(self) -> str:
        """The date that statements without a date speak of."""
        return self.on or self.graph_date


class Cut:
    """The rows of the four tables that an export writes, kind by kind.

    With `tables` it takes every kind and every flow; without, what the RDF store holds, and the
    kinds kept in the columns only where they are asked for by name. Raises `UserError` for a
    focus, date or kind that there is not.
    """

    def __init__(self, frames: Frames, selection: Selection, *, tables: bool = False) -> None:
        self.frames = frames
        self.selection = selection
        self.tables = tables
        check_kinds(selection.kinds)
        check_day(selection.day)
        check_focus(frames.entities(), selection.focus)

    def tie_kinds(self) -> list[str]:
        """The kinds of tie that the cut may hold, in order."""
        named = self.selection.kinds
        present = [kind for kind in self.frames.tie_kinds() if not named or kind in named]
        if self.selection.on and not named:
            present = [kind for kind in present if kinds()[kind].temporality != "event"]
        return [kind for kind in present if self.tables or kind in named or _in_store(kind)]

    def ties(self, kind: str) -> pl.DataFrame:
        """The kept ties of one kind, by id."""
        return self._kept_ties(kind).drop("status", strict=False).sort("id")

    def _kept_ties(self, kind: str) -> pl.DataFrame:
        ties = self._asked(kind)
        return ties if self.tables or not _in_store(kind) else in_graph(ties)

    def _asked(self, kind: str) -> pl.DataFrame:
        """The ties of the focus and date; on a date, with their `status`."""
        ties = touching(self.frames.ties(kind), self.selection.focus)
        return ties_on(ties, kinds()[kind], self.selection.on) if self.selection.on else ties

    def entities(self) -> pl.DataFrame:
        """The kept entities, by id."""
        entities = self.frames.entities().sort("id")
        if not (self.selection.focus or self.selection.kinds):
            return entities
        return entities.filter(pl.col("id").is_in(self._kept.implode()))

    @cached_property
    def _kept(self) -> pl.Series:
        """The ids of all that the kept rows speak of, and of what those refer to."""
        touched = [pl.Series("id", self.selection.focus, pl.String)]
        for kind in self.tie_kinds():
            ties = self._kept_ties(kind)
            touched += [ties[column].unique() for column in ("from", "to", "via", "source")]
        touched.append(self.observations()["source"].unique())
        coverage = self.coverage()
        touched += [coverage[column].unique() for column in ("source", *_SCOPES)]
        ids = set(pl.concat([part.alias("id") for part in touched]).unique().to_list())
        return pl.Series("id", sorted(_with_referred(self.frames.entities(), ids)), pl.String)

    def observations(self) -> pl.DataFrame:
        """The kept numbers: of the focus; on a date the latest year; none when kinds are named."""
        kept = self.frames.observations()
        if self.selection.kinds:
            return kept.clear()
        if self.selection.focus:
            kept = kept.filter(pl.col("entity").is_in(list(self.selection.focus)))
        if self.selection.on:
            past = kept.filter(pl.col("year") <= int(self.selection.on[:4]))
            series = ("entity", "indicator", "source")
            kept = past.filter(pl.col("year") == pl.col("year").max().over(series))
        return kept.sort("indicator", "source", "entity", "year", "record", "value")

    def coverage(self) -> pl.DataFrame:
        """What is known at all of the kept kinds and, with a focus, of it or of everybody."""
        kept = self.frames.coverage()
        if self.selection.kinds:
            kept = kept.filter(pl.col("kind").is_in(list(self.selection.kinds)))
        if self.selection.focus:
            near = [pl.col(scope).is_in(self._near(scope).implode()) for scope in _SCOPES]
            kept = kept.filter(pl.all_horizontal(near))
        return kept.sort(kept.columns)

    def _near(self, scope: str) -> pl.Series:
        """The scopes of a column that can hold the focus: everything, itself, any region."""
        found = self.frames.coverage()[scope].unique()
        ids = found.is_in(["", *self.selection.focus])
        return found.filter(ids | found.str.starts_with("region/"))

    def left_out(self) -> Iterator[str]:
        """In words, what of the graph the rows do not hold, other than what was cut away."""
        named = self.selection.kinds
        if not self.tables:
            yield from self._kept_in_columns()
        present = [k for k in self.frames.tie_kinds() if self.tables or _in_store(k)]
        events = [kind for kind in present if kinds()[kind].temporality == "event"]
        if self.selection.on and events and not named:
            yield f"events, which a date leaves out unless they are named: {', '.join(events)}"
        if named:
            yield "numbers about one entity, for kinds of tie were named"

    def _kept_in_columns(self) -> Iterator[str]:
        """Kinds that the store does not hold, and flows too small for it."""
        for kind in self.frames.tie_kinds():
            if not (_in_store(kind) or self.selection.kinds):
                number = self.frames.count(kind)
                yield f"kind {kind}, of which there are {number:,}: name it, or export tables"
        for kind in self.tie_kinds():
            if (minimum := kinds()[kind].graph_minimum) and _in_store(kind):
                number = self._asked(kind).height - self._kept_ties(kind).height
                amount = f"{minimum:,.0f} {kinds()[kind].unit}"
                yield f"{number:,} ties of kind {kind} under {amount}: export tables"

    def doubtful(self) -> int:
        """How many kept state ties are not known to be in force on the date asked for."""
        if not self.selection.on:
            return 0
        lasting = [kind for kind in self.tie_kinds() if kinds()[kind].temporality == "state"]
        return sum(int((self._kept_ties(k)["status"] == UNKNOWN).sum()) for k in lasting)


def _in_store(kind: str) -> bool:
    return kinds()[kind].stored == "graph"


def _with_referred(entities: pl.DataFrame, ids: set[str]) -> set[str]:
    """`ids` with all that their properties refer to, however far."""
    references = {name for name, item in properties().items() if item.datatype == "object"}
    told = dict(entities.select("id", "properties").iter_rows())
    found, waiting = set(ids), sorted(ids)
    while waiting:
        stated = json.loads(told.get(waiting.pop(), "") or "{}")
        for name in references & stated.keys():
            values = stated[name] if isinstance(stated[name], list) else [stated[name]]
            fresh = set(map(str, values)) - found
            found |= fresh
            waiting += fresh
    return found
