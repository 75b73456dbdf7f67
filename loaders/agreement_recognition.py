"""Which agreement of the embedded registers a user's list means by a title and a year.

An agreement is recognised where that is certain: one trade agreement, and only one, was signed in
that year by the same sides, or by the same states once blocs are told by their members of that
year, or bears the same title. Anything less is an agreement of its own.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import polars as pl

from geoties.graph.model import Tables
from geoties.loaders.agreement_matching import FOLDER
from geoties.loaders.agreement_records import members, memberships, party, read_rows, slug_of
from geoties.loaders.embedded import read_embedded
from geoties.loaders.registry import loader_named

# In the order in which their claims lead, so that an agreement is called as it was.
_REGISTERS = ("curated", "ggo_agreements", "unctad_iia", "wto_rta")
_SIDES = ("signature", "agreement-party")
_ALSO = {
    "Andean Community": "body/CAN",
    "Association of Southeast Asian Nations (ASEAN)": "body/ASEAN",
}
Sides = frozenset[str]
_Key = tuple[object, int]


@dataclass(frozen=True)
class _Known:
    """An agreement of the registers: its title, years of signature, and sides."""

    id: str
    label: str
    years: frozenset[int]
    sides: Sides


def recognised(title: str, year: int, states: Sides = frozenset()) -> str:
    """The id of the one agreement that is meant; empty where that is not certain.

    `states` are all that are bound by it, a bloc's members one by one, where that is known.

    >>> recognised("Chile China", 2005), recognised("Chile China", 2004)
    ('agreement/wto-8', '')
    """
    by_sides, by_states, by_title = _index()
    sides = sides_of(title, year)
    found = set(by_title.get((_words(title), year), ()))
    found |= by_sides.get((sides, year), frozenset()) if sides else set()
    found |= by_states.get((states, year), frozenset()) if states else set()
    return found.pop() if len(found) == 1 else ""


def label_of(agreement: str) -> str:
    """What the registers call an agreement of theirs; empty for others.

    >>> label_of("agreement/wto-8")
    'Chile - China FTA (2005)'
    """
    return _labels().get(agreement, "")


@cache
def _labels() -> Mapping[str, str]:
    return {one.id: one.label for one in _known()}


@cache
def sides_of(title: str, year: int) -> Sides:
    """The sides that a title names one after the other; none where it says anything else.

    >>> sorted(sides_of("Colombia EC Peru", 2012))
    ['body/EU', 'state/COL', 'state/PER']
    >>> sorted(sides_of("Jordan UK services", 2019))
    []
    """
    words = title.split()
    found = {frozenset(named) for named in _parted(words, f"{year}-12-31") if len(named) > 1}
    return found.pop() if len(found) == 1 else frozenset()


def _parted(words: Sequence[str], on: str) -> Iterator[tuple[str, ...]]:
    """Every way to read the words as names, one after the other and nobody twice."""
    if not words:
        yield ()
    for count in range(1, min(len(words), 8) + 1):
        if named := _named(" ".join(words[:count]), on):
            for rest in _parted(words[count:], on):
                if named not in rest:
                    yield (named, *rest)


@cache
def _named(text: str, on: str) -> str:
    """Who a title calls so; a code is no name: EC is not Ecuador, "and" not Andorra."""
    if called := _short_names().get(text):
        return called
    return "" if len(text) <= 3 else party(text, on) or ""


@cache
def _short_names() -> Mapping[str, str]:
    """Those whom lists of trade agreements call by a short name of their own."""
    rows = read_rows(FOLDER / "ggo_names.csv", ["spelling", "id"])
    return _ALSO | {row["spelling"]: row["id"] for row in rows}


def _words(title: str) -> str:
    """A title without a year or an abbreviation after it."""
    return slug_of(re.sub(r"(\s*\([^()]*\))+\s*$", "", title))


@cache
def _index() -> tuple[Mapping[_Key, frozenset[str]], ...]:
    """The known agreements by sides and year, by states and year, by title and year."""
    known = _known()
    return (
        _by(known, lambda one, year: one.sides),
        _by(known, lambda one, year: _states(one.sides, year)),
        _by(known, lambda one, year: _words(one.label)),
    )


def _by(
    known: Iterable[_Known], key: Callable[[_Known, int], object]
) -> Mapping[_Key, frozenset[str]]:
    found: dict[_Key, set[str]] = defaultdict(set)
    for one in known:
        for year in one.years:
            found[key(one, year), year].add(one.id)
    return {key: frozenset(ids) for key, ids in found.items()}


def _states(sides: Sides, year: int) -> Sides:
    """The sides with the members of that year in the place of a bloc."""
    first, last = f"{year}-01-01", f"{year}-12-31"
    blocs = [side for side in sides if side in memberships()]
    return sides.difference(blocs).union(*(members(bloc, first, last) for bloc in blocs))


@cache
def _known() -> tuple[_Known, ...]:
    return tuple(_read())


def _read() -> Iterator[_Known]:
    tables = [_tables(name) for name in _REGISTERS]
    entities = pl.concat([one.entities for one in tables]).filter(kind="agreement")
    ties = pl.concat([one.ties for one in tables]).filter(pl.col("kind").is_in(_SIDES))
    year = pl.when(pl.col("kind") == "signature").then(pl.col("start").str.slice(0, 4))
    sides = {
        row["to"]: row
        for row in ties.group_by("to").agg(pl.col("from"), year=year).iter_rows(named=True)
    }
    for row in entities.unique("id", keep="first", maintain_order=True).iter_rows(named=True):
        told = json.loads(row["properties"])
        if told.get("agreementType") == "investment" or told.get("amends"):
            continue
        named = sides.get(row["id"], {"from": [], "year": []})
        years = {text for text in (*named["year"], told.get("signedOn", "")[:4]) if text}
        yield _Known(
            row["id"],
            json.loads(row["labels"])["en"],
            frozenset(map(int, years)),
            frozenset(named["from"]),
        )


def _tables(name: str) -> Tables:
    loader = loader_named(name)
    if loader.embedded == "raw":
        return loader.load(loader.folder)
    return read_embedded(loader.folder, ("entities", "ties"))
