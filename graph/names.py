"""What entities are called: exact codes and names resolve, anything else gets suggestions only.

Light: standard library only.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from geoties.graph.files import write_atomically
from geoties.graph.model import UserError, short_id

EMBEDDED = Path(__file__).parent.parent / "loaders" / "data" / "names" / "names.csv"
COLUMNS = ("entity", "kind", "text", "how", "valid_from", "valid_to", "key")
_SYSTEMS = ("id", "iso3", "iso2", "m49", "cow")


class Alias(NamedTuple):
    """A text by which an entity is called, how it is that, when it was, and the key it is found by.

    A tuple, for there are thousands to read before a light command can answer.
    """

    entity: str
    kind: str
    text: str
    how: str
    valid_from: str = ""
    valid_to: str = ""
    key: str = ""

    def held_on(self, day: str) -> bool:
        """Whether the name was in use on `day`; any day if it is empty."""
        if not day:
            return True
        return self.valid_from <= day and (not self.valid_to or day < self.valid_to)


@dataclass(frozen=True)
class Suggestion:
    """An entity that may be meant."""

    id: str
    label: str


@dataclass(frozen=True)
class Resolution:
    """What a text means: `id` is empty where nothing is certain."""

    input: str
    id: str
    kind: str
    how: str
    suggestions: tuple[Suggestion, ...] = ()


_NOT_A_LETTER = re.compile(r"[^\w]+")


def key_of(alias: Alias) -> str:
    """What an alias is found by: `system:code`, or the folded name.

    >>> key_of(Alias("state/PER", "state", "604", "m49"))
    'm49:604'
    """
    return f"{alias.how}:{alias.text}" if alias.how in _SYSTEMS else fold(alias.text)


def fold(text: str) -> str:
    """A name without case, accents and punctuation.

    >>> fold("Côte d'Ivoire"), fold("Trinidad & Tobago"), fold("  The  Gambia ")
    ('cote d ivoire', 'trinidad and tobago', 'gambia')
    """
    bare = unicodedata.normalize("NFKD", text.replace("&", " and ").replace("’", "'"))
    letters = "".join(char for char in bare if unicodedata.category(char) != "Mn" or _kept(char))
    words = _NOT_A_LETTER.sub(" ", letters.casefold()).replace("_", " ").split()
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


def _kept(char: str) -> bool:
    """Marks that are letters of their script, not accents (Devanagari vowels, Arabic …)."""
    return not "\u0300" <= char <= "\u036f"


class Resolver:
    """Finds entities by code or name; never guesses."""

    def __init__(self, aliases: Iterable[Alias]) -> None:
        self._by_key: dict[str, list[Alias]] = {}
        self._labels: dict[str, str] = {}
        for alias in aliases:
            self._by_key.setdefault(alias.key or key_of(alias), []).append(alias)
            if alias.how == "name-en":
                self._labels.setdefault(alias.entity, alias.text)

    @classmethod
    def from_csv(cls, path: Path) -> Resolver:
        """The resolver over a table of names with the columns of `COLUMNS`."""
        with path.open(encoding="utf-8", newline="") as stream:
            rows = csv.reader(stream)
            next(rows, None)
            return cls(map(Alias._make, rows))

    def label(self, entity: str) -> str:
        """The English name of an entity, or its short id."""
        return self._labels.get(entity) or short_id(entity)

    def code(self, system: str, code: str, on: str = "") -> str | None:
        """The entity that a code of a system (iso3, iso2, m49, cow) means on a day."""
        found = [a for a in self._by_key.get(f"{system}:{code}", ()) if a.held_on(on)]
        entities = sorted({alias.entity for alias in found})
        if len(entities) > 1 and not on:
            entities = sorted({a.entity for a in found if not a.valid_to})
        return entities[0] if len(entities) == 1 else None

    def find(self, text: str, on: str = "", kinds: Sequence[str] = ()) -> str | None:
        """The one entity that `text` means exactly, or None."""
        found = self._matches(text, on, kinds)
        return found[0].entity if found else None

    def resolve(self, text: str, on: str = "", kinds: Sequence[str] = ()) -> Resolution:
        """What `text` means and how that is known; with suggestions if nothing is certain."""
        found = self._matches(text, on, kinds)
        if found:
            return Resolution(text, found[0].entity, found[0].kind, found[0].how)
        return Resolution(text, "", "", "", tuple(self.suggest(text, kinds=kinds)))

    def require(
        self, text: str, on: str = "", kinds: Sequence[str] = (), what: str = "country or body"
    ) -> str:
        """As `find`, but raises `UserError` with suggestions when nothing is certain."""
        result = self.resolve(text, on, kinds)
        if result.id:
            return result.id
        near = ", ".join(f"{s.label} ({short_id(s.id)})" for s in result.suggestions)
        hint = f"did you mean {near}?" if near else "give an ISO code such as PER or a name."
        raise UserError(f"No {what} is certainly called {text!r}; {hint}")

    def _matches(self, text: str, on: str, kinds: Sequence[str]) -> list[Alias]:
        """The aliases that all mean one entity; none if they mean several."""
        for candidates in self._candidates(text.strip()):
            held = [a for a in candidates if a.held_on(on) and (not kinds or a.kind in kinds)]
            if len({alias.entity for alias in held}) == 1:
                return held
            present = [alias for alias in held if not alias.valid_to]
            if not on and len({alias.entity for alias in present}) == 1:
                return present
            if held:
                return []
        return []

    def _candidates(self, text: str) -> Iterable[list[Alias]]:
        """From the surest reading to the least: ids and codes as written, then names."""
        number = text.isascii() and text.isdigit()
        keys = [f"id:{text}", f"iso3:{text.upper()}", f"iso2:{text}"]
        for key in [*keys, f"m49:{text.zfill(3)}"] if number else keys:
            yield self._by_key.get(key, [])
        if folded := fold(text):
            yield self._by_key.get(folded, [])

    def suggest(self, text: str, limit: int = 5, kinds: Sequence[str] = ()) -> list[Suggestion]:
        """Entities with a like name, the likest first; only to show, never to take."""
        from difflib import SequenceMatcher

        folded = fold(text)
        best: dict[str, float] = {}
        matcher = SequenceMatcher(b=folded)
        for name, aliases in self._by_key.items():
            if ":" in name:
                continue
            score = _likeness(matcher, name, folded)
            for alias in aliases if score > 0.6 else ():
                if not kinds or alias.kind in kinds:
                    best[alias.entity] = max(score, best.get(alias.entity, 0))
        ranked = sorted(best, key=lambda entity: (-best[entity], self.label(entity), entity))
        return [Suggestion(entity, self.label(entity)) for entity in ranked[:limit]]


def _likeness(matcher: Any, name: str, folded: str) -> float:
    if folded and (folded in name.split() or name.startswith(folded)):
        return 1.0 - min(len(name) - len(folded), 40) / 100
    matcher.set_seq1(name)
    if matcher.real_quick_ratio() < 0.6 or matcher.quick_ratio() < 0.6:
        return 0.0
    return float(matcher.ratio())


@lru_cache(maxsize=1)
def default_resolver() -> Resolver:
    """The resolver over the embedded names of states, territories, regions and aggregates.

    >>> default_resolver().find("Perú"), default_resolver().find("NA")
    ('state/PER', 'state/NAM')
    """
    return Resolver.from_csv(EMBEDDED)


def write_aliases(path: Path, entities: Iterable[Mapping[str, Any]]) -> None:
    """Write the names of a graph's entities, with the embedded ones, as a table for `from_csv`.

    `entities` are rows of the entities table. Projects, roll calls and sources are called by id.
    """
    aliases = dict.fromkeys(alias._replace(key="") for alias in _embedded())
    for row in entities:
        aliases |= dict.fromkeys(_aliases_of(row))
    save_aliases(path, aliases)


def save_aliases(path: Path, aliases: Iterable[Alias]) -> None:
    """Write aliases as a table for `Resolver.from_csv`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(alias._replace(key=key_of(alias)) for alias in aliases)
    write_atomically(path, out.getvalue())


def _embedded() -> list[Alias]:
    with EMBEDDED.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        next(rows)
        return [Alias._make(row) for row in rows]


_CALLED_BY_ID = ("project", "roll-call", "source", "company")


def _aliases_of(row: Mapping[str, Any]) -> Iterable[Alias]:
    entity, kind = row["id"], row["kind"]
    if kind in _CALLED_BY_ID:
        return
    yield Alias(entity, kind, entity, "id")
    if not entity.startswith("state/"):
        yield Alias(entity, kind, short_id(entity), "id")
    properties = json.loads(row["properties"] or "{}")
    for language, label in json.loads(row["labels"] or "{}").items():
        yield Alias(entity, kind, label, f"name-{language}")
    for label in properties.get("otherName", []):
        yield Alias(entity, kind, label, "alias")
