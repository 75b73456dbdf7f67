"""Who is meant in a user's table, and whether they existed then. Never a guess."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

import polars as pl

from geoties.graph.model import UserError, short_id
from geoties.graph.names import Resolver
from geoties.loaders.user_tables_mapping import Layout

_YOUNG = Path(__file__).parent / "data" / "young_states" / "spells.csv"
#: What a user may bring. States and the like are the graph's own, or names would not be certain.
OWN_KINDS = ("agreement", "bloc", "body", "company", "initiative", "project")
_MOST_SUGGESTED = 40  # likening names takes a twentieth of a second each


@dataclass(frozen=True)
class World:
    """The graph that a table is added to: its names, its entities, and the day it speaks of.

    `entities` have id, kind, valid_from and valid_to.
    """

    names: Resolver
    entities: pl.DataFrame
    day: str

    @cached_property
    def kinds(self) -> Mapping[str, str]:
        """The kind of every entity."""
        return dict(self.entities.select("id", "kind").iter_rows())

    @cached_property
    def lives(self) -> Mapping[str, tuple[str, str]]:
        """When entities began and ceased to exist, of those of which the graph says so."""
        mortal = self.entities.filter((pl.col("valid_from") != "") | (pl.col("valid_to") != ""))
        rows = mortal.select("id", "valid_from", "valid_to").iter_rows()
        return {id: (born, gone) for id, born, gone in rows}


@dataclass(frozen=True)
class When:
    """The days between which a row's fact lies; empty where it tells none."""

    first: str = ""
    last: str = ""


@dataclass
class Reader:
    """Reads the names of one table, by the layout's declarations.

    `acting` is for ties; numbers are told of the land of a young state for years before it too.
    """

    world: World
    layout: Layout
    acting: bool = True
    _suggested: int = field(default=0, init=False)

    def entity(self, text: str, when: When, kinds: Sequence[str] = ()) -> str:
        """The entity that a cell means; raises `ValueError` with the reason if there is none."""
        meant = self.layout.names.get(text, text)
        found = {self._on(meant, day, kinds) for day in {when.first, when.last}} - {""}
        if not found:
            raise ValueError(self._why_unknown(meant, kinds))
        if len(found) > 1:
            both = " or ".join(sorted(found))
            raise ValueError(f"from {when.first} to {when.last} it may mean {both}; write which")
        self._check_life(entity := found.pop(), when)
        return entity

    def _on(self, text: str, day: str, kinds: Sequence[str]) -> str:
        """The entity that a text means on a day, or nothing.

        One of a kind that may not stand there is given too: the rules of the tie say why not.
        """
        names, system = self.world.names, self.layout.codes
        if "/" in text and text in self.world.kinds:
            return text
        code = text.zfill(3) if system == "m49" and text.isdigit() else text
        if system and (found := names.code(system, code, day)):
            return found
        if text.isascii() and text.isdigit():
            return ""
        return names.find(text, day, kinds) or names.find(text, day) or ""

    def _why_unknown(self, text: str, kinds: Sequence[str]) -> str:
        if text.isascii() and text.isdigit():
            if self.layout.codes:
                return f"no entity has this {self.layout.codes} code at that time"
            return "a number may be a code of several systems; declare codes = 'm49' or 'cow'"
        if (own := text.partition("/")[0]) in OWN_KINDS and own != text:
            return f"there is no such {own} yet; add a table of it before (geoties template {own})"
        if self._suggested >= _MOST_SUGGESTED:
            return "nothing is certainly called so"
        self._suggested += 1
        near = self.world.names.suggest(text, kinds=kinds)
        told = ", ".join(f"{item.label} ({short_id(item.id)})" for item in near)
        hint = f"did you mean {told}?" if told else "give an ISO code such as PER or a name"
        return f"nothing is certainly called so; {hint}"

    def _check_life(self, entity: str, when: When) -> None:
        born, gone = self.world.lives.get(entity, ("", ""))
        if born and when.last and when.last < born:
            raise ValueError(f"{entity} did not exist before {born}")
        if gone and when.first and when.first >= gone:
            raise ValueError(f"{entity} ceased to exist on {gone}")
        if entity.startswith("state/") and when.last:
            if self.acting:
                _check_youth(entity, when)
            self._check_forerunner(entity, when.last)

    def _check_forerunner(self, entity: str, day: str) -> None:
        """A state that took a code over did not exist while another held it."""
        held = self.world.names.code("iso3", short_id(entity), day)
        if held and held != entity:
            label = self.world.names.label(held)
            raise ValueError(f"{entity} did not exist on {day}; {label} ({held}) did")


def _check_youth(entity: str, when: When) -> None:
    """A state that came to be of late did not exist before, save for earlier spells."""
    spells = young_states().get(entity, ())
    first, last = when.first[:4], when.last[:4]
    if spells and not any(
        since <= last and (not until or first <= until) for since, until in spells
    ):
        told = " and ".join(
            f"from {since}" + (f" to {until}" * bool(until)) for since, until in spells
        )
        raise ValueError(f"{entity} did not exist then, but {told}")


@lru_cache(maxsize=1)
def young_states() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """The first and last years of the spells in which states younger than 1990 existed.

    >>> young_states()["state/EST"]
    (('1918', '1940'), ('1991', ''))
    """
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    with _YOUNG.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            spell = (row["since"], row["until"])
            found[row["entity"]] = (*found.get(row["entity"], ()), spell)
    return found


def check_names(layout: Layout, world: World) -> None:
    """Raise `UserError` where the mapping gives a name a meaning that is none."""
    plain = Reader(world, Layout())
    for text, meant in layout.names.items():
        try:
            plain.entity(meant, When())
        except ValueError as problem:
            raise UserError(f"[names] {text!r} = {meant!r}: {problem}.") from None
