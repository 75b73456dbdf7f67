"""What entities are called: exact codes and names resolve, anything else gets suggestions only.

One table of names serves every loader and every command: `loaders/data/names/names.csv` for
states, territories, regions, historical states and aggregates; a build writes the same table with
all entities of its graph. A name or code that passed from one state to another (RUS was the
Soviet Union's until 1991-12-26) carries the days between which it held.

Light: standard library only.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from geoties.graph.files import write_atomically
from geoties.graph.model import UserError, short_id
from geoties.graph.name_keys import (
    SYSTEMS,
    bare,
    cleaned,
    coded,
    fold,
    is_number,
    keys_of_text,
    number_keys,
)

EMBEDDED = Path(__file__).parent.parent / "loaders" / "data" / "names" / "names.csv"
BODY_ALIASES = EMBEDDED.with_name("body_aliases.csv")
COLUMNS = ("entity", "kind", "text", "how", "valid_from", "valid_to", "key")
COUNTRY_KINDS = ("state", "territory")
_SHORT_CODES = ("iso3", "iso2")
_NOT_AN_ANSWER = "ambiguous"


class Alias(NamedTuple):
    """A text by which an entity is called, how it is that, when it was, and the key it is found by.

    `how` is a system of codes, `name-` and a language, `official`, `common`, `source` (used by
    publishers), `former`, or `ambiguous`: a name that is not certain (in its days, if it has any).
    A tuple, for there are thousands to read before a light command can answer.
    """

    entity: str
    kind: str
    text: str
    how: str
    valid_from: str = ""
    valid_to: str = ""
    key: str = ""

    @property
    def uncertain(self) -> bool:
        """Whether this tells only that the name is never certain."""
        return self.how == _NOT_AN_ANSWER

    def held_on(self, day: str) -> bool:
        """Whether the name was in use on `day`; for an empty day, whether it still is."""
        if not day:
            return not self.valid_to
        return self.valid_from <= day and (not self.valid_to or day < self.valid_to)


@dataclass(frozen=True)
class Suggestion:
    """An entity that may be meant."""

    id: str
    label: str


@dataclass(frozen=True)
class Resolution:
    """What a text means: `id` is empty where nothing is certain.

    `suggestions` are who may be meant then; beside a code that is certain, who else is called so.
    """

    input: str
    id: str
    kind: str
    how: str
    suggestions: tuple[Suggestion, ...] = ()


_TWICE = re.compile(r"([^()]+?)\s*\(([^()]+)\)")


def key_of(alias: Alias) -> str:
    """What an alias is found by: `system:code`, or the folded name.

    >>> key_of(Alias("state/PER", "state", "604", "m49"))
    'm49:604'
    """
    return f"{alias.how}:{alias.text}" if alias.how in SYSTEMS else fold(alias.text)


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
        return cls(_read(path))

    def label(self, entity: str) -> str:
        """The English name of an entity, or its short id."""
        return self._labels.get(entity) or short_id(entity)

    def code(self, system: str, code: str, on: str = "") -> str | None:
        """The entity that a code means on a day; without a day, the one that holds it still.

        Unlike a name, a code is strict about time: outside the days of its entities it is None.

        >>> default_resolver().code("cow", "365", on="1980-01-01")
        'historical/SUN'
        >>> default_resolver().code("iso3", "RUS")
        'state/RUS'
        """
        found = self._by_key.get(f"{system}:{code}", ())
        entities = {alias.entity for alias in found if not on or alias.held_on(on)}
        if len(entities) > 1:
            entities = {alias.entity for alias in found if alias.held_on(on)}
        return entities.pop() if len(entities) == 1 else None

    def find(self, text: str, on: str = "", kinds: Sequence[str] = ()) -> str | None:
        """The one entity that `text` means exactly, or None.

        >>> default_resolver().find("Korea, Rep."), default_resolver().find("Korea")
        ('state/KOR', None)
        """
        found = self._match(text, on, kinds)
        return found.entity if found else None

    def resolve(self, text: str, on: str = "", kinds: Sequence[str] = ()) -> Resolution:
        """What `text` means and how that is known; with suggestions if nothing is certain."""
        found = self._match(text, on, kinds)
        if found:
            also = self._also_called(text, on, kinds, found) if found.how in _SHORT_CODES else ()
            return Resolution(text, found.entity, found.kind, found.how, tuple(also))
        return Resolution(text, "", "", "", tuple(self.suggest(text, kinds=kinds)))

    def require(
        self, text: str, on: str = "", kinds: Sequence[str] = (), what: str = "country or body"
    ) -> str:
        """As `find`, but raises `UserError` with suggestions when nothing is certain."""
        result = self.resolve(text, on, kinds)
        if result.id:
            return result.id
        near = ", ".join(f"{s.label} ({short_id(s.id)})" for s in result.suggestions)
        other = "give an ISO code such as PER or a name."
        if kinds and "state" not in kinds:
            other = "the graph may not have it; give its short or its full name."
        hint = f"did you mean {near}?" if near else other
        raise UserError(f"No {what} is certainly called {text!r}; {hint}")

    def _also_called(
        self, text: str, on: str, kinds: Sequence[str], found: Alias
    ) -> Iterator[Suggestion]:
        """Who else has a code for a name: CAF is a state's code, and a bank."""
        readings = (self._by_key.get(key, ()) for key in keys_of_text(text))
        named = (a for reading in readings for a in reading if bare(a.text) == bare(text))
        others = {a.entity for a in named if a.held_on(on) and (not kinds or a.kind in kinds)}
        for entity in sorted(others - {found.entity}):
            yield Suggestion(entity, self.label(entity))

    def _match(self, text: str, on: str, kinds: Sequence[str]) -> Alias | None:
        """The alias that settles what `text` means, from the surest reading to the least."""
        for candidates in self._readings(text := cleaned(text), on):
            allowed = [a for a in candidates if not kinds or a.kind in kinds]
            if found := _only(allowed, on):
                return found
            if any(alias.uncertain and alias.held_on(on) for alias in allowed):
                return None
        return self._said_twice(text, on, kinds)

    def _said_twice(self, text: str, on: str, kinds: Sequence[str]) -> Alias | None:
        """Of "Belt and Road Initiative (BRI)" both say the same; else neither is taken."""
        if not (match := _TWICE.fullmatch(text)):
            return None
        one = self._match(match[1], on, kinds)
        same = (a.entity for key in keys_of_text(match[2]) for a in self._by_key.get(key, ()))
        return one if one and one.entity in same else None

    def _readings(self, text: str, on: str) -> Iterator[Sequence[Alias]]:
        """Codes as they are written, then names: as given, turned round, without "Republic of"."""
        *codes, last = keys_of_text(text)
        if is_number(text):
            yield self._by_number(text)
            return
        if coded(text):  # outside its days a code means nothing
            found = self._by_key.get(last, ())
            yield [alias for alias in found if not on or alias.held_on(on)]
            return
        for key in codes:
            yield self._by_key.get(key, ())
        yield self._named(text, last)
        if text.count(",") == 1:
            yield self._by_key.get(fold(" ".join(reversed(text.split(",")))), ())
        if last.startswith("republic "):
            yield self._as_republic(last.removeprefix("republic "))

    def _by_number(self, text: str) -> Sequence[Alias]:
        """A bare number is of M49, unless it is another's in the Correlates of War (710, 840)."""
        m49, cow, _ = (self._by_key.get(key, ()) for key in number_keys(text))
        return m49 if {alias.entity for alias in cow} <= {alias.entity for alias in m49} else ()

    def _named(self, text: str, folded: str) -> Sequence[Alias]:
        """By name; one of three letters or fewer must be written as it is, accents and all."""
        found = self._by_key.get(folded, ()) if folded else ()
        if len(folded) > 3:
            return found
        return [alias for alias in found if bare(alias.text) == bare(text)]

    def _as_republic(self, rest: str) -> Sequence[Alias]:
        """Countries only, and none that another republic may claim the name of."""
        found = self._by_key.get(rest, ()) if rest not in _TWO_REPUBLICS else ()
        return [alias for alias in found if alias.kind in COUNTRY_KINDS]

    def suggest(self, text: str, limit: int = 5, kinds: Sequence[str] = ()) -> list[Suggestion]:
        """Entities with a like name, the likest first; only to show, never to take.

        >>> [s.label for s in default_resolver().suggest("Korea", limit=2)]
        ['North Korea', 'South Korea']
        """
        from difflib import SequenceMatcher

        text = cleaned(text)
        if is_number(text):
            return list(self._codes_suggested(text, kinds))[:limit]
        folded = fold(text)
        best: dict[str, float] = {}
        matcher = SequenceMatcher(b=folded)
        for name, aliases in self._by_key.items() if folded else ():
            score = 0.0 if ":" in name else _likeness(matcher, name, folded)
            for alias in aliases if score > 0.6 else ():
                if not kinds or alias.kind in kinds:
                    best[alias.entity] = max(score, best.get(alias.entity, 0))
        # What is much less alike than the likest is noise.
        near = [entity for entity in best if best[entity] >= max(best.values()) - 0.2]
        ranked = sorted(near, key=lambda entity: (-best[entity], self.label(entity), entity))
        return [Suggestion(entity, self.label(entity)) for entity in ranked[:limit]]

    def _codes_suggested(self, number: str, kinds: Sequence[str]) -> Iterator[Suggestion]:
        """Whom a number means in each system of codes, with how to write it for certain."""
        told: set[str] = set()
        for key in number_keys(number):
            for alias in self._by_key.get(key, ()):
                if alias.entity not in told and (not kinds or alias.kind in kinds):
                    told.add(alias.entity)
                    yield Suggestion(alias.entity, f"{self.label(alias.entity)}, {key}")


_TWO_REPUBLICS = frozenset({"korea", "congo", "china", "viet nam", "vietnam", "yemen", "dominica"})


def _only(aliases: Sequence[Alias], on: str) -> Alias | None:
    """The alias of the only entity that can be meant.

    Dates choose between several entities of one name; they never hide the only one, for a name
    out of use still tells who is meant. A state goes before a region of the same name, and the
    entity whose own name it is before one that used it for a while.
    """
    if any(alias.uncertain and alias.held_on(on) for alias in aliases):
        return None
    aliases = [alias for alias in aliases if not alias.uncertain]
    choices = [list(aliases), [alias for alias in aliases if alias.held_on(on)]]
    choices.append([alias for alias in choices[1] if alias.kind not in ("region", "aggregate")])
    if not on and not choices[1]:
        choices.append([alias for alias in aliases if alias.how.startswith("name-")])
    for choice in choices:
        if len({alias.entity for alias in choice}) == 1:
            return choice[0]
    return None


def _likeness(matcher: Any, name: str, folded: str) -> float:
    if folded in name.split() or name.startswith(folded):
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


def _read(path: Path) -> Iterable[Alias]:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        next(rows, None)
        return list(map(Alias._make, rows))


def write_aliases(path: Path, entities: Iterable[Mapping[str, Any]]) -> None:
    """Write the names of a graph's entities, with the embedded ones, as a table for `from_csv`.

    `entities` are rows of the entities table. Projects, roll calls and sources are called by id.
    """
    save_aliases(path, all_aliases(entities))


def all_aliases(entities: Iterable[Mapping[str, Any]]) -> list[Alias]:
    """The embedded names, and those that other rows of the entities table state themselves."""
    embedded = list(_read(EMBEDDED))
    known = {alias.entity for alias in embedded}
    others = [row for row in entities if row["id"] not in known]
    own = (alias for row in others for alias in aliases_of(row))
    return [*embedded, *own, *_reviewed({row["id"]: row["kind"] for row in others})]


def _reviewed(kinds: Mapping[str, str]) -> Iterator[Alias]:
    """What bodies and agreements are called beside their own labels: OTAN, T-MEC, Rio Treaty."""
    with BODY_ALIASES.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if kind := kinds.get(row["entity"]):
                yield Alias(row["entity"], kind, row["text"], "common")


def save_aliases(path: Path, aliases: Iterable[Alias]) -> None:
    """Write aliases as a table for `Resolver.from_csv`; the first of each key and time stays.

    A name stands on one line, so that a reader may look for its line alone.
    """
    kept: dict[tuple[str, ...], Alias] = {}
    for alias in aliases:
        keyed = alias._replace(text=" ".join(alias.text.split()), key=key_of(alias))
        same = (keyed.entity, keyed.key, keyed.valid_from, keyed.valid_to)
        kept.setdefault(same, keyed)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(alias for alias in kept.values() if alias.key)
    write_atomically(path, out.getvalue())


_CALLED_BY_ID = ("project", "roll-call", "source", "company")


def called_by_id(kind: str) -> bool:
    """Whether entities of a kind have no names of their own, as projects have none."""
    return kind in _CALLED_BY_ID


def aliases_of(row: Mapping[str, Any]) -> Iterator[Alias]:
    """The ids and names that an entity of the entities table states itself."""
    entity, kind = row["id"], row["kind"]
    if called_by_id(kind):
        return
    yield Alias(entity, kind, entity, "id")
    properties, labels = json.loads(row["properties"] or "{}"), json.loads(row["labels"] or "{}")
    if not entity.startswith("state/"):
        yield Alias(entity, kind, short_id(entity), "id")
    for language in sorted(labels, key=lambda language: (language != "en", language)):
        yield Alias(entity, kind, labels[language], f"name-{language}")
    for how, name in (("official", "officialName"), ("common", "shortName")):
        if properties.get(name):
            yield Alias(entity, kind, properties[name], how)
    for name in properties.get("otherName", []):
        yield Alias(entity, kind, name, "common")
    if kind in ("bloc", "body", "initiative"):
        yield Alias(entity, kind, short_id(entity), "common")
