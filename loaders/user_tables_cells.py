"""What a cell of a user's table may say: a date, a year, a number; or why it does not say it.

Each function gives the value, or raises `ValueError` with the reason in plain words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from geoties.graph.model import Period, parse_date

FIRST_YEAR, LAST_YEAR = 1400, 2100
_LARGEST = 1e15  # ten times what the world produces in a year, in US dollars
_SLASHED = re.compile(r"(\d{1,2})([/.\- ])(\d{1,2})\2(\d{2}|\d{4})")
_NEARLY_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?")
_SPELLED = re.compile(r"(\d{1,2})[. ]+(?:de )?([^\W\d]{3,10})\.?,? (?:de )?(\d{4})", re.IGNORECASE)
_MONTHS = (
    ("jan", "ene"), ("feb", "fev"), ("mar",), ("apr", "abr"), ("may", "mai"), ("jun",), ("jul",),
    ("aug", "ago"), ("sep", "set"), ("oct", "out"), ("nov",), ("dec", "dic", "dez"),
)  # fmt: skip


def _month(word: str) -> int:
    """The number of a month called by an English, Spanish or Portuguese word; 0 if it is none."""
    starts = [word[:3].casefold() in names for names in _MONTHS]
    return starts.index(True) + 1 if any(starts) else 0


def date(text: str) -> Period:
    """A date as precise as it is written; anything that needs guessing is refused.

    >>> date("2017-11").precision
    'month'
    >>> date("03/04/2019")
    Traceback (most recent call last):
    ValueError: it may be 2019-04-03 or 2019-03-04; write the one that is meant
    """
    try:
        period = parse_date(text)
    except ValueError as problem:
        raise ValueError(_why_no_date(text, str(problem))) from None
    if not 1000 <= int(period.first[:4]) <= 2999:
        raise ValueError("no date stands in for an unknown or open one; leave the cell empty")
    return period


def _why_no_date(text: str, problem: str) -> str:
    if match := _SLASHED.fullmatch(text):
        return _why_not_slashed(match)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}[T ].*", text, re.DOTALL):
        return "it has a time of day; write the day alone, as 2017-11-17"
    if match := _NEARLY_ISO.fullmatch(text):
        spelled = "-".join(part.zfill(2) for part in match.groups() if part)
        return f"write {spelled}" if _is_date(spelled) else "it is no day of the calendar"
    if (match := _SPELLED.fullmatch(text)) and (month := _month(match[2])):
        spelled = f"{match[3]}-{month:02}-{int(match[1]):02}"
        return f"write {spelled}" if _is_date(spelled) else "it is no day of the calendar"
    if re.fullmatch(r"\d{5}(\.0+)?", text):
        return "it is a spreadsheet's number of a day; write the day as 2017-11-17"
    if "calendar" in problem:
        return "it is no day of the calendar"
    return "expected a date as 2017, 2017-11 or 2017-11-17"


def _why_not_slashed(match: re.Match[str]) -> str:
    first, _, second, year = match.groups()
    if len(year) == 2:
        return "the year has two digits; write a date as 2017-11-17"
    readings = [f"{year}-{m.zfill(2)}-{d.zfill(2)}" for d, m in ((first, second), (second, first))]
    possible = sorted({day for day in readings if _is_date(day)}, reverse=True)
    if not possible:
        return "it is no day of the calendar"
    if len(possible) == 2:
        return f"it may be {possible[0]} or {possible[1]}; write the one that is meant"
    return f"write {possible[0]}"


def _is_date(text: str) -> bool:
    try:
        parse_date(text)
    except ValueError:
        return False
    return True


def year(text: str) -> int:
    """A year of four digits.

    >>> year("2023")
    2023
    """
    if not re.fullmatch(r"[0-9]{4}", text):
        raise ValueError("expected a year of four digits, such as 2017")
    found = int(text)
    if not FIRST_YEAR <= found <= LAST_YEAR:
        raise ValueError(f"expected a year from {FIRST_YEAR} to {LAST_YEAR}")
    return found


def number(text: str, decimal: str = "", thousands: str = "") -> float:
    """A number with a decimal point, unless other signs were declared.

    >>> number("1234.5"), number("1.234,5", decimal=",", thousands=".")
    (1234.5, 1234.5)
    >>> number("1,234")
    Traceback (most recent call last):
    ValueError: its comma may mark thousands or decimals; declare which in a mapping file
    """
    plain = text
    if thousands:
        plain = _without_thousands(plain, decimal or ".", thousands)
    if decimal == ",":
        if "." in plain:
            raise ValueError("it has a point, but decimal = ',' was declared")
        plain = plain.replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        raise ValueError(_why_no_number(text))
    if re.match(r"-?0[0-9]", plain):
        raise ValueError("a number does not begin with 0; this looks like a code")
    found = float(plain)
    if abs(found) > _LARGEST:
        raise ValueError(f"it is beyond {_LARGEST:.0e}, more than any amount in the world")
    return found


_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")


_POINT_OF_EITHER = r"-?[1-9][0-9]{0,2}\.[0-9]{3}"
_POINT_OF_DECIMALS = r"-?(0\.[0-9]+|[0-9]+\.([0-9]{1,2}|[0-9]{4,}))|-?[0-9]{4,}(\.[0-9]+)?|.*[eE].*"


def doubtful_points(texts: Iterable[str]) -> bool:
    """Whether the point in a column of numbers may mark thousands, for all that the column shows.

    >>> doubtful_points(["1.250", "980"]), doubtful_points(["1.250", "12.5"])
    (True, False)
    """
    found = False
    for text in texts:
        if re.fullmatch(_POINT_OF_DECIMALS, text):
            return False
        found = found or bool(re.fullmatch(_POINT_OF_EITHER, text))
    return found


def not_doubtful(text: str) -> str:
    """The text of a number, unless its point is one of two; raises `ValueError`."""
    if re.fullmatch(_POINT_OF_EITHER, text):
        told = "its point may mark thousands or decimals"
        raise ValueError(f"{told}; declare which in a mapping file")
    return text


def _without_thousands(text: str, decimal: str, sign: str) -> str:
    """The number without signs between thousands; they must stand where they belong."""
    if sign not in text:
        return text
    whole, point, rest = text.partition(decimal)
    grouped = rf"-?[0-9]{{1,3}}({re.escape(sign)}[0-9]{{3}})+"
    if not re.fullmatch(grouped, whole):
        raise ValueError(f"{sign!r} does not stand between thousands")
    return whole.replace(sign, "") + point + rest


def _why_no_number(text: str) -> str:
    if re.fullmatch(r"-?[0-9]{1,3}(,[0-9]{3})+", text) or re.fullmatch(r"-?[0-9]+,[0-9]+", text):
        return "its comma may mark thousands or decimals; declare which in a mapping file"
    if re.fullmatch(r"-?[0-9][0-9.,'\s]*", text):
        return "it has signs between its digits; declare decimal or thousands in a mapping file"
    if re.fullmatch(r"[^0-9]*-?[0-9.,\s]+[^0-9]*", text) and re.search(r"[0-9]", text):
        return "expected a bare number; the unit goes into its own column"
    return "expected a number; leave the cell empty where it is unknown"


def reference(text: str) -> str:
    """A citation: an address, or words.

    >>> reference("https://example.org/a"), reference("Official Gazette, 12 May 2016")
    ('https://example.org/a', 'Official Gazette, 12 May 2016')
    """
    if len(text) > 2000:
        raise ValueError("a reference has at most 2,000 characters")
    if re.match(r"(javascript|data|file|vbscript):", text, re.IGNORECASE):
        raise ValueError("expected an address on the web, or a citation in words")
    return text
