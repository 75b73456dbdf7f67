"""What a measure is asked: the tables it reads, and the cut of them that is wanted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import polars as pl

from geoties.graph.model import UserError

Names = str | Iterable[str] | None
Years = int | str | Iterable[int] | None
Weights = Mapping[str, float] | str | Iterable[str] | None


class Frames(Protocol):
    """The columnar tables of a graph; :class:`geoties.graph.frames.Frames` is one."""

    def entities(self) -> pl.DataFrame: ...
    def ties(self, kind: str) -> pl.DataFrame: ...
    def observations(self) -> pl.DataFrame: ...
    def coverage(self) -> pl.DataFrame: ...
    def __hash__(self) -> int: ...


@dataclass(frozen=True)
class Cut:
    """A question to a measure, with every name already an entity id.

    Empty tuples mean everything there is. ``poles`` are the two ends of a balance, the first
    at 0 and the second at 100; ``on`` is a date; ``options`` are the measure's own.
    """

    of: tuple[str, ...] = ()
    with_: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    poles: tuple[str, ...] = ()
    issue: str = ""
    #: the states of the region asked for; they are in ``of`` too, but for ranks and networks
    region: tuple[str, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    on: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)

    def option(self, name: str, default: Any) -> Any:
        """One of the measure's own options."""
        return self.options.get(name, default)

    def whole(self, name: str, default: int, least: int = 0) -> int:
        """One of the measure's own options that is a whole number.

        Raises:
            UserError: when it is not one, or less than ``least``.
        """
        value = self.options.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise UserError(f"{name} is a whole number of {least} or more, not {value!r}.")
        return value


def names_in(names: Names) -> list[str]:
    """Names given as one text with commas, or one by one.

    >>> names_in("USA, CHN"), names_in(["PER"]), names_in(None)
    (['USA', 'CHN'], ['PER'], [])
    """
    if names is None:
        return []
    parts = names.split(",") if isinstance(names, str) else _listed(names)
    return [part.strip() for part in map(str, parts) if part.strip()]


def _listed(names: Any) -> list[Any]:
    """The items of anything that has some; else the thing itself (an option given as a number)."""
    try:
        return list(names)
    except TypeError:
        return [names]


def years_in(years: Years) -> tuple[int, ...]:
    """Years given as a number, text (``2000-2023``, ``2019,2022``) or one by one, in order.

    Raises:
        UserError: when the text is not years, or a range runs backwards.

    >>> years_in("2019-2021"), years_in(2023), years_in(None)
    ((2019, 2020, 2021), (2023,), ())
    """
    if years is None or years == "":
        return ()
    if isinstance(years, int):
        return (years,)
    parts: Iterable[Any] = years.split(",") if isinstance(years, str) else years
    return tuple(sorted({year for part in parts for year in _span(str(part).strip())}))


def _span(text: str) -> range:
    # one to three digits count the sessions of an assembly
    match = re.fullmatch(r"(\d{1,4})(?:\s*[-–:]\s*(\d{1,4}))?", text)
    if not match or (match[2] and (len(match[1]) > 3) != (len(match[2]) > 3)):
        raise UserError(f"{text!r} is not a year or a range of years such as 2000-2023.")
    first = int(match[1])
    last = int(match[2] or first)
    if last < first:
        raise UserError(f"The years {text} run backwards; write {last}-{first}.")
    return range(first, last + 1)


def weights_in(weights: Weights) -> dict[str, float]:
    """Weights by domain, given as a mapping or as text such as ``trade=2,votes=1``.

    Raises:
        UserError: when one is not a number, or negative.

    >>> weights_in("trade=2, votes=1")
    {'trade': 2.0, 'votes': 1.0}
    """
    if weights is None:
        return {}
    if not isinstance(weights, Mapping):
        weights = dict(_weight(part) for part in names_in(weights))
    for name, value in weights.items():
        if not (isinstance(value, int | float) and 0 <= value < float("inf")):
            raise UserError(f"The weight of {name} is {value}; weights are numbers of 0 or more.")
    return {name: float(value) for name, value in weights.items()}


def _weight(part: str) -> tuple[str, float]:
    name, _, number = part.partition("=")
    try:
        return name.strip(), float(number)
    except ValueError:
        raise UserError(f"{part!r} is not a weight; write it like trade=2.") from None


def years_within(
    asked: Sequence[int], known: Iterable[int], what: str, period: str = ""
) -> list[int]:
    """The years to answer for: those asked, or all that have data.

    Args:
        asked: The years of the question; none for all.
        known: Those with data.
        what: Of what, in words.
        period: What the numbers count, where they are no years: "session".

    Raises:
        UserError: when there is no data at all, or none of the asked years lies between the
            first and the last year that has some. (A year in between that has none is
            answered with no value and the reason.)
    """
    have = sorted(set(known))
    if not have:
        raise UserError(f"This graph holds no {what}; `geoties sources` tells what it holds.")
    if asked and not any(have[0] <= year <= have[-1] for year in asked):
        span = f"{asked[0]}" if len(asked) == 1 else f"{asked[0]}-{asked[-1]}"
        when = f"{period} {span}" if period else span
        raise UserError(
            f"This graph holds no {what} of {when}; its {period or 'year'}s run from {have[0]} to "
            f"{have[-1]}."
        )
    return list(asked) or have
