"""Who the entities of a graph are: by which id, in which region, member of which bloc."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from typing import Any

import polars as pl

from geoties.graph.measures.inputs import Frames
from geoties.graph.model import UserError, short_id
from geoties.graph.parties import memberships
from geoties.graph.periods import IN_FORCE
from geoties.loaders.user_tables_names import young_states

GROUPS = ("region", "bloc", "body", "initiative")
STATES = ("state", "territory", "historical-state")


class Places:
    """Look-ups in the table of entities, and the members of regions and blocs."""

    def __init__(self, frames: Frames) -> None:
        self.frames = frames

    @classmethod
    @lru_cache(maxsize=4)
    def of(cls, frames: Frames) -> Places:
        """The places of a graph, read once."""
        return cls(frames)

    @cached_property
    def kinds(self) -> dict[str, str]:
        """The kind of every entity."""
        return dict(self.frames.entities().select("id", "kind").iter_rows())

    @cached_property
    def _by_short(self) -> dict[str, str]:
        """Short id -> id; a state wins over anything else of the same short id."""
        ordered = sorted(self.kinds, key=lambda entity: (not entity.startswith("state/"), entity))
        found: dict[str, str] = {}
        for entity in ordered:
            found.setdefault(short_id(entity), entity)
        return found

    @cached_property
    def _rows(self) -> dict[str, dict[str, Any]]:
        places = self.frames.entities().filter(pl.col("kind").is_in((*STATES, *GROUPS)))
        return {row["id"]: row for row in places.iter_rows(named=True)}

    def label(self, entity: str) -> str:
        """The English name, or the short id."""
        row = self._rows.get(entity)
        labels = json.loads(row["labels"] or "{}") if row else {}
        return str(labels.get("en") or short_id(entity))

    def id(self, text: str) -> str:
        """The entity that a text means: an id, a short id, a label, or a known name.

        Raises:
            UserError: with suggestions, when nothing is certain.
        """
        for known in (text, f"state/{text}"):
            if known in self.kinds:
                return known
        if text in self._by_short:
            return self._by_short[text]
        if text.casefold() in self._by_label:
            return self._by_label[text.casefold()]
        return self._known_name(text)

    def find(self, text: str) -> str:
        """As :meth:`id`, but empty when nothing is certain."""
        try:
            return self.id(text)
        except UserError:
            return ""

    def text_property(self, entity: str, name: str) -> str:
        """A property of an entity as text; empty if it has none."""
        row = self._rows.get(entity)
        return str(json.loads(row["properties"] or "{}").get(name, "")) if row else ""

    @cached_property
    def _by_label(self) -> dict[str, str]:
        labels: dict[str, str] = {}
        for entity, row in self._rows.items():
            for label in json.loads(row["labels"] or "{}").values():
                labels.setdefault(label.casefold(), entity)
        return labels

    def _known_name(self, text: str) -> str:
        from geoties.graph.names import default_resolver

        entity = default_resolver().require(text)
        if entity not in self.kinds:
            raise UserError(f"{text} ({short_id(entity)}) is not in this graph.")
        return entity

    def states_in(self, region: str) -> list[str]:
        """The states and territories of a region, by its id or name.

        Raises:
            UserError: when there is no such region, or nothing lies in it.
        """
        entity = self.id(region)
        states = self._by_region.get(entity, [])
        if not states:
            raise UserError(f"No state lies in {region!r}; give a region such as Latin America.")
        return states

    @cached_property
    def _by_region(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for entity, row in self._rows.items():
            if row["kind"] in ("state", "territory"):
                for region in self.regions_of(entity):
                    found.setdefault(region, []).append(entity)
        return {region: sorted(states) for region, states in found.items()}

    def regions_of(self, entity: str) -> list[str]:
        """The regions in which an entity lies."""
        row = self._rows.get(entity)
        properties = json.loads(row["properties"] or "{}") if row else {}
        regions = properties.get("inRegion", [])
        return [regions] if isinstance(regions, str) else list(regions)

    def is_group(self, entity: str) -> bool:
        """Whether the entity stands for its members: a region, bloc or body."""
        return self.kinds.get(entity) in GROUPS

    def members(self, group: str, years: Iterable[int]) -> pl.DataFrame:
        """Who belongs to a region, bloc or body at the end of each year: ``entity, year``."""
        if self.kinds.get(group) == "region":
            at_all = pl.DataFrame({"entity": self.states_in(group)})
            by_year = [at_all.with_columns(year=pl.lit(year, pl.Int32)) for year in years]
        else:
            alike = self._alike(group)
            by_year = [
                self.members_on(group, f"{alike(year)}-12-31").with_columns(
                    year=pl.lit(year, pl.Int32)
                )
                for year in years
            ]
        schema = {"entity": pl.String(), "year": pl.Int32()}
        return pl.concat([pl.DataFrame(schema=schema), *by_year])

    def members_on(self, body: str, day: str) -> pl.DataFrame:
        """The members of a body on a day, in roles that count as a member: ``entity``."""
        if (body, day) not in self._members:
            members = memberships(self._memberships(body), day)
            inside = members.filter(pl.col("counts"), status=IN_FORCE)
            self._members[body, day] = inside.select(entity="from").unique().sort("entity")
        return self._members[body, day]

    @cached_property
    def _members(self) -> dict[tuple[str, str], pl.DataFrame]:
        """What was asked before; one question asks for the same members many times."""
        return {}

    def _memberships(self, body: str) -> pl.DataFrame:
        return self.frames.ties("membership").filter(to=body)

    def _alike(self, body: str) -> Callable[[int], int]:
        """For a year, the first one at whose end the members were known to be the same.

        Nothing changes at the ends of years between which no tie has any date.
        """
        ties = self._memberships(body)
        texts = pl.concat([ties[column] for column in ("start", "end", "observed_to")]).unique()
        dated = sorted({int(text[:4]) for text in texts if text})

        def first(year: int) -> int:
            before = bisect_left(dated, year)
            if before < len(dated) and dated[before] == year:
                return year
            return dated[before - 1] + 1 if before else (dated[0] - 1 if dated else year)

        return first

    def existed(self, entity: str, year: int) -> bool:
        """Whether an entity existed for at least a part of a year."""
        row = self._rows.get(entity)
        if row is None:
            return True
        begun = not row["valid_from"] or row["valid_from"] <= f"{year}-12-31"
        return begun and (not row["valid_to"] or row["valid_to"] > f"{year}-01-01")

    def was_state(self, entity: str, year: int) -> bool:
        """As :meth:`existed`, but of the states that came to be in or after 1990 too.

        Some sources have numbers of theirs for years before, so that this tells only why a
        number is missing.
        """
        spells = young_states().get(entity, ())
        within = (int(since) <= year <= int(until or year) for since, until in spells)
        return self.existed(entity, year) and (not spells or any(within))
