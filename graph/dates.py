"""Dates as precise as their source, and what "in force on a day" means."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True)
class Period:
    """A date as precise as its source: first and last day it may mean."""

    first: str
    last: str
    precision: str


def parse_date(text: str) -> Period:
    """Read `2017`, `2017-11` or `2017-11-17`; raises `ValueError` for anything else.

    >>> parse_date("2016-02")
    Period(first='2016-02-01', last='2016-02-29', precision='month')
    """
    match = _PARTIAL.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is not a date like 2017, 2017-11 or 2017-11-17")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    try:
        first = dt.date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        raise ValueError(f"{text!r} is not a day of the calendar") from None
    last = first if day else _last_day(year, month)
    precision = "day" if day else "month" if month else "year"
    return Period(first.isoformat(), last.isoformat(), precision)


def _last_day(year: int, month: int | None) -> dt.date:
    if month in (None, 12):
        return dt.date(year, 12, 31)
    return dt.date(year, month + 1, 1) - dt.timedelta(days=1)


def first_day(last: str, precision: str) -> str:
    """The first day of the imprecise period that ends on `last`.

    >>> first_day("2017-12-31", "year"), first_day("2017-02-28", "month")
    ('2017-01-01', '2017-02-01')
    """
    if precision == "year":
        return last[:4] + "-01-01"
    return last[:7] + "-01" if precision == "month" else last


def last_day(first: str, precision: str) -> str:
    """The last day of the imprecise period that begins on `first`.

    >>> last_day("2017-01-01", "year"), last_day("2016-02-01", "month")
    ('2017-12-31', '2016-02-29')
    """
    width = {"year": 4, "month": 7}.get(precision, 10)
    return parse_date(first[:width]).last


def holds_on(
    day: str,
    start: str = "",
    start_precision: str = "day",
    end: str = "",
    end_precision: str = "day",
    observed_to: str = "",
) -> str:
    """Whether a state tie is in force on `day`: "in force", "no", or the reason it is unknown.

    A start is inclusive, an end exclusive. Inside an imprecise period the answer is unknown, and
    so it is for a tie without a start on any day but the one on which it was observed.

    >>> holds_on("2018-01-01", start="2017-01-01", start_precision="year")
    'in force'
    >>> holds_on("2017-03-01", start="2017-01-01", start_precision="year")
    'imprecise: began in 2017'
    >>> holds_on("2020-02-01", start="1973-01-01", end="2020-02-01")
    'no'
    >>> holds_on("2020-01-01", start="1950-01-01", observed_to="2014-12-31")
    'not observed after 2014-12-31'
    """
    if (start and day < start) or (end and day >= end):
        return "no"
    if start and day < last_day(start, start_precision):
        return f"imprecise: began in {_as_precise(start, start_precision)}"
    if end and day >= first_day(end, end_precision):
        return f"imprecise: ended in {_as_precise(end, end_precision)}"
    if not end and observed_to and day > observed_to:
        return f"not observed after {observed_to}"
    if not start and day != observed_to:
        return "start unknown"
    return "in force"


def _as_precise(day: str, precision: str) -> str:
    return day[: {"year": 4, "month": 7}.get(precision, 10)]


def show_date(day: str, precision: str) -> str:
    """A date as precise as it is known.

    >>> show_date("2017-01-01", "year")
    '2017'
    """
    return _as_precise(day, precision) if day else ""
