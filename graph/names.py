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
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from geoties.graph.files import write_atomically
from geoties.graph.model import UserError, short_id

EMBEDDED = Path(__file__).parent.parent / "loaders" / "data" / "names" / "names.csv"
COLUMNS = ("entity", "kind", "text", "how", "valid_from", "valid_to", "key")
SYSTEMS = ("id", "iso3", "iso2", "m49", "cow", "wb", "baci", "wikidata")
COUNTRY_KINDS = ("state", "territory")
_NOT_AN_ANSWER = "ambiguous"


class Alias(NamedTuple):
    """A text by which an entity is called, how it is that, when it was, and the key it is found by.

    `how` is a system of codes, `name-` and a language, `official`, `common`, `source` (used by
    publishers), `former`, or `ambiguous`: a name that is never certain. A tuple, for there are
    thousands to read before a light command can answer.
    """

    entity: str
    kind: str
    text: str
    how: str
    valid_from: str = ""
    valid_to: str = ""
    key: str = ""

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
    """What a text means: `id` is empty where nothing is certain."""

    input: str
    id: str
    kind: str
    how: str
    suggestions: tuple[Suggestion, ...] = ()


# Words that say nothing about which country is meant, and words that are often cut short.
_EMPTY_WORDS = frozenset({"the", "of"})
_WHOLE = {
    "st": "saint",
    "ste": "sainte",
    "rep": "republic",
    "dem": "democratic",
    "fed": "federated",
    "is": "islands",
    "isds": "islands",
    "isl": "islands",
    "sts": "states",
    "terr": "territory",
    "n e s": "nes",
}
_LETTERS = str.maketrans(
    {"&": " and ", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "ł": "l", "Ł": "L", "ı": "i"}
)
_APOSTROPHES = re.compile(r"['’‘ʼ`´]")
_DOTTED = re.compile(r"\b(?:\w\.){2,}")
_SPLIT = re.compile(r"[^a-z0-9]+")


def key_of(alias: Alias) -> str:
    """What an alias is found by: `system:code`, or the folded name.

    >>> key_of(Alias("state/PER", "state", "604", "m49"))
    'm49:604'
    """
    return f"{alias.how}:{alias.text}" if alias.how in SYSTEMS else fold(alias.text)


def fold(text: str) -> str:
    """A name without case, accents, punctuation and empty words; common short forms in full.

    >>> fold("Côte d'Ivoire"), fold("Trinidad & Tobago"), fold("Korea, Rep. of")
    ('cote d ivoire', 'trinidad and tobago', 'korea republic')
    """
    bare = _APOSTROPHES.sub(" ", text.translate(_LETTERS))
    bare = _DOTTED.sub(lambda match: match[0].replace(".", "") + " ", bare).casefold()
    split = _SPLIT.sub(" ", bare) if bare.isascii() else _letters(bare)
    words = [_WHOLE.get(word, word) for word in split.split()]
    return " ".join([word for word in words if word not in _EMPTY_WORDS] or words)


def _letters(text: str) -> str:
    """Letters and digits of any script, and the marks that are letters of theirs."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(
        char if char.isalnum() or _is_letter(char) else "" if _is_accent(char) else " "
        for char in decomposed
    ).casefold()


def _bare(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _is_accent(char: str) -> bool:
    """Latin, Greek and Cyrillic accents; Arabic vowel signs and hamzas, which many leave out."""
    return "\u0300" <= char <= "\u036f" or "\u064b" <= char <= "\u0655" or char == "\u0640"


def _is_letter(char: str) -> bool:
    """Marks that spell, such as the vowels of Devanagari and the voicing of kana."""
    return unicodedata.category(char) in ("Mn", "Mc") and not _is_accent(char)


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
            return Resolution(text, found.entity, found.kind, found.how)
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

    def _match(self, text: str, on: str, kinds: Sequence[str]) -> Alias | None:
        """The alias that settles what `text` means, from the surest reading to the least."""
        for candidates in self._readings(text.strip()):
            allowed = [a for a in candidates if not kinds or a.kind in kinds]
            if found := _only(allowed, on):
                return found
            if any(alias.how == _NOT_AN_ANSWER for alias in allowed):
                return None
        return None

    def _readings(self, text: str) -> Iterator[Sequence[Alias]]:
        """Codes as they are written, then names: as given, turned round, without "Republic of"."""
        codes = [f"iso3:{text.upper()}", f"iso2:{text}", f"wikidata:{text}"]
        if text.isascii() and text.isdigit():
            codes.append(f"m49:{text.zfill(3)}")
        for key in (f"id:{text}" if "/" in text else "", *codes, f"id:{text}"):
            yield self._by_key.get(key, ())
        folded = fold(text)
        yield self._named(text, folded)
        if text.count(",") == 1:
            yield self._by_key.get(fold(" ".join(reversed(text.split(",")))), ())
        if folded.startswith("republic "):
            yield self._as_republic(folded.removeprefix("republic "))

    def _named(self, text: str, folded: str) -> Sequence[Alias]:
        """By name; one of three letters or fewer must be written as it is, accents and all."""
        found = self._by_key.get(folded, ()) if folded else ()
        if len(folded) > 3:
            return found
        return [alias for alias in found if _bare(alias.text) == _bare(text)]

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


_TWO_REPUBLICS = frozenset({"korea", "congo", "china", "viet nam", "vietnam", "yemen", "dominica"})


def _only(aliases: Sequence[Alias], on: str) -> Alias | None:
    """The alias of the only entity that can be meant.

    Dates choose between several entities of one name; they never hide the only one, for a name
    out of use still tells who is meant. A state goes before a region of the same name, and the
    entity whose own name it is before one that used it for a while.
    """
    if any(alias.how == _NOT_AN_ANSWER for alias in aliases):
        return None
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
    own = (alias for row in entities if row["id"] not in known for alias in aliases_of(row))
    return [*embedded, *own]


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
