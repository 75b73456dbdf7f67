"""What a question names: entities, kinds and days, checked before anything is answered."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from geoties.graph.model import UserError, parse_date
from geoties.graph.name_keys import keys_of_text
from geoties.graph.names import Alias, Resolver
from geoties.graph.store import TripleStore
from geoties.ontology.kinds import Kind, kinds
from geoties.queries.facts import exists

_ID = re.compile(r"[a-z-]+/[A-Za-z0-9._~%-]+")


class Names(Protocol):
    """Whatever tells which entity a text means: a `Resolver`, or one that reads less."""

    def require(
        self, text: str, on: str = "", kinds: Sequence[str] = (), what: str = "country or body"
    ) -> str:
        """The entity that `text` means; raises `UserError` with suggestions."""
        ...


class QuickNames:
    """The resolver of a table of names that reads the whole table only when it must.

    A code or an exact name is found by the few lines of the table that end in its key; a
    resolver made of those lines alone gives the same answer as the whole.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._table = b""
        self._whole: Resolver | None = None

    def require(
        self, text: str, on: str = "", kinds: Sequence[str] = (), what: str = "country or body"
    ) -> str:
        """The entity that `text` means; raises `UserError` with suggestions."""
        few = Resolver(self._aliases(text))
        return few.find(text, on, kinds) or self.whole.require(text, on, kinds, what)

    @property
    def whole(self) -> Resolver:
        """The resolver over all names."""
        if self._whole is None:
            self._whole = Resolver.from_csv(self.path)
        return self._whole

    def _aliases(self, text: str) -> Iterable[Alias]:
        self._table = self._table or self.path.read_bytes()
        for key in keys_of_text(text):
            yield from self._lines(key)

    def _lines(self, key: str) -> Iterable[Alias]:
        end = f",{key}\n".encode("utf-8", "surrogatepass")
        at = self._table.find(end) if key else -1
        while at >= 0:
            line = self._table[self._table.rfind(b"\n", 0, at) + 1 : at + len(end)]
            yield from map(Alias._make, csv.reader(io.StringIO(line.decode())))
            at = self._table.find(end, at + len(end))


def entity_named(names: Names, text: str, on: str = "", store: TripleStore | None = None) -> str:
    """The entity that a text means: a code, a name, or an id such as `project/aiddata-1`.

    Projects and roll calls have no names of their own and are found in the store.
    Raises `UserError` with suggestions.
    """
    if not text.strip():
        raise UserError("The name of a country or body is empty; give one such as PER or APEC.")
    if store is not None and _ID.fullmatch(text) and exists(store, text):
        return text
    return names.require(text, on)


def kinds_named(texts: Sequence[str]) -> tuple[Kind, ...]:
    """The kinds of tie of these ids, all of them if there are none; raises `UserError`.

    >>> [kind.unit for kind in kinds_named(["goods-trade"])]
    ['USD']
    """
    return tuple(kind_named(text) for text in dict.fromkeys(texts)) or tuple(kinds().values())


def kind_named(text: str) -> Kind:
    """The kind of tie of this id; raises `UserError` with what there is.

    >>> kind_named("visits")
    Traceback (most recent call last):
    geoties.graph.model.UserError: There is no kind of tie 'visits'; did you mean visit?
    """
    found = kinds().get(text)
    if found is None:
        raise UserError(f"There is no kind of tie {text!r}; {hint(text, kinds())}")
    return found


def hint(text: str, known: Iterable[str]) -> str:
    """What to do about an unknown word: the likest known ones, or all of them."""
    from difflib import get_close_matches

    known = list(known)
    near = get_close_matches(text, known, n=3)
    return f"did you mean {' or '.join(near)}?" if near else f"there are: {', '.join(known)}."


def day_named(text: str) -> str:
    """A day of the calendar as ISO text; raises `UserError`.

    >>> day_named("2023-13-01")
    Traceback (most recent call last):
    geoties.graph.model.UserError: '2023-13-01' is not a day; write it as 2023-12-31.
    """
    try:
        period = parse_date(text)
    except ValueError:
        period = None
    if period is None or period.precision != "day":
        raise UserError(f"{text!r} is not a day; write it as 2023-12-31.")
    return text


def first_day_named(text: str) -> str:
    """The first day of a year, month or day; raises `UserError`.

    >>> first_day_named("2015")
    '2015-01-01'
    """
    try:
        return parse_date(text).first
    except ValueError:
        raise UserError(
            f"{text!r} is not a date; write it as 2023, 2023-12 or 2023-12-31."
        ) from None


def day_after(day: str) -> str:
    """The next day of the calendar.

    >>> day_after("2023-12-31")
    '2024-01-01'
    """
    return (dt.date.fromisoformat(day) + dt.timedelta(days=1)).isoformat()
