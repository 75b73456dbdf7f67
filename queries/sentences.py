"""A tie told in one plain sentence, with numbers as people write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from geoties.queries.facts import Fact
from geoties.queries.products import product_named

Label = Callable[[str], str]
_SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


def amount(value: float | None, unit: str = "") -> str:
    """A number with its unit, rounded as one would say it.

    >>> amount(39034000000, "USD"), amount(38.9, "percent"), amount(1200000, "USD 2021")
    ('USD 39.0 billion', '38.9', 'USD 1.2 million (2021 prices)')
    >>> amount(None, "USD"), amount(512, "million TIV"), amount(-250000.0, "USD")
    ('', '512 million TIV', 'USD -250,000')
    >>> amount(0.0712345, "score"), amount(2.5, "score")
    ('0.0712 score', '2.50 score')
    """
    if value is None:
        return ""
    number = _rounded(value)
    if unit.startswith("USD"):
        year = unit.removeprefix("USD").strip()
        return f"USD {number}" + (f" ({year} prices)" if year else "")
    return number if unit in ("percent", "") else f"{number} {unit}"


def _rounded(value: float) -> str:
    for scale, word in _SCALES:
        if abs(value) >= scale:
            return f"{value / scale:,.1f} {word}"
    if value == int(value):
        return f"{int(value):,}"
    if 0 < abs(value) < 1:
        return f"{value:.3g}"
    return f"{value:,.2f}" if abs(value) < 10 else f"{value:,.1f}"


def sentence(fact: Fact, label: Label, **other: str) -> str:
    """The tie as its kind tells it; `other` replaces fields, as with the ends of a shared tie."""
    return _told(fact.kind.sentence({**_fields(fact, label), **other}))


def shared_sentence(fact: Fact, ends: Mapping[str, str], start: str, end: str) -> str:
    """That both of `ends["from"]` and `ends["to"]` hold such a tie to `ends["via"]`."""
    return _told(fact.kind.shared_sentence({**ends, "start": start, "end": end}))


def _fields(fact: Fact, label: Label) -> dict[str, str]:
    return {
        "from": label(fact.from_),
        "to": label(fact.to),
        "via": label(fact.via) if fact.via else "",
        "role": fact.role,
        "topic": product_named(fact.topic),
        "value": amount(fact.value, fact.unit),
        "unit": "",
        "year": str(fact.year or ""),
        "start": fact.shown_start(),
        "end": fact.shown_end(),
    }


def _told(text: str) -> str:
    """One space where the unit, already said with the number, left two."""
    return " ".join(text.split())
