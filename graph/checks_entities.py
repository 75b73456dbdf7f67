"""Findings on the table of entities: ids, kinds, labels and declared properties."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import polars as pl

from geoties.ontology.kinds import Property, entity_classes, properties

Finding = tuple[str, str]
_ID = re.compile(r"[a-z-]+/[^\x00-\x20<>\"{}|\\^`/?#]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ADDRESS = re.compile(r"https?://[^\x00-\x20<>\"{}|\\^`]+")


def check_entities(entities: pl.DataFrame) -> pl.DataFrame:
    """All findings, with the columns of `checks.FINDINGS`; every one is an error.

    Entities are few (tens of thousands) and each has its own properties, hence the plain loop.

    >>> from geoties.graph.model import Entity, Tables
    >>> entities = Tables.of([Entity("state/PER", "estate", {"es": "Perú"})]).entities
    >>> check_entities(entities)["check"].to_list()
    ['unknown kind', 'no English label']
    """
    times = Counter(entities["id"])
    kinds = dict(entities.select("id", "kind").iter_rows())
    found = [
        (check, "error", "entities", row["id"], detail)
        for row in entities.iter_rows(named=True)
        for check, detail in _findings_of(row, times, kinds)
    ]
    columns = ("check", "severity", "table", "id", "detail")
    return pl.DataFrame(found, schema=dict.fromkeys(columns, pl.String()), orient="row")


def _findings_of(
    row: dict[str, Any], times: Mapping[str, int], kinds: Mapping[str, str]
) -> Iterator[Finding]:
    if not _ID.fullmatch(row["id"] or ""):
        yield "unsafe id", "an id is <folder>/<name> without spaces or the signs of an IRI"
    if times[row["id"]] > 1:
        yield "duplicate id", f"it occurs {times[row['id']]} times"
    if row["kind"] not in entity_classes():
        yield "unknown kind", f"the ontology declares no class of entity {row['kind']!r}"
    moment = properties()["validFrom"].pattern
    for column in ("valid_from", "valid_to"):
        if row[column] and not re.fullmatch(moment, row[column], re.ASCII):
            yield "no such date", f"{column} is {row[column]}; expected YYYY, YYYY-MM or YYYY-MM-DD"
    yield from _labels(row["labels"])
    yield from _properties(row, kinds)


def _labels(text: str) -> Iterator[Finding]:
    labels = _read(text)
    if labels is None:
        yield "not JSON", "labels are a JSON object of language and text"
        return
    if not labels.get("en"):
        yield "no English label", "labels have no text in English (en)"
    for language, label in labels.items():
        if not _LANGUAGE.fullmatch(language) or not isinstance(label, str) or not label:
            yield "no such label", f"{language!r}: {label!r} is not a language and its text"


def _properties(row: dict[str, Any], kinds: Mapping[str, str]) -> Iterator[Finding]:
    given = _read(row["properties"])
    if given is None:
        yield "not JSON", "properties are a JSON object of name and value"
        return
    for name in _required(row["kind"]):
        if not given.get(name):
            yield f"missing {name}", f"a {row['kind']} needs its {name}"
    for name, value in given.items():
        declared = properties().get(name)
        if declared is None:
            yield "unknown property", f"the ontology declares no property {name} of entities"
            continue
        if declared.of and declared.of != row["kind"]:
            yield "wrong property", f"{name} is for entities of kind {declared.of}"
        for item in value if isinstance(value, list) else [value]:
            if not _sound(declared, item, kinds):
                yield "wrong value", f"{name} is {item!r}; expected {_expected(declared)}"


def _required(kind: str) -> tuple[str, ...]:
    declared = entity_classes().get(kind)
    return declared.requires if declared else ()


def _read(text: str) -> dict[str, Any] | None:
    try:
        read = json.loads(text or "{}")
    except ValueError:
        return None
    return read if isinstance(read, dict) else None


def _sound(declared: Property, value: object, kinds: Mapping[str, str]) -> bool:
    if declared.datatype == "object":
        return isinstance(value, str) and value in kinds
    return _FITS[declared.datatype](value) and _within(declared, value)


def _within(declared: Property, value: Any) -> bool:
    if declared.pattern and not re.fullmatch(declared.pattern, value, re.ASCII):
        return False
    too_low = declared.minimum is not None and value < declared.minimum
    too_high = declared.maximum is not None and value > declared.maximum
    return not (too_low or too_high)


def _expected(declared: Property) -> str:
    if declared.datatype == "object":
        return "the id of an entity"
    if declared.minimum is not None and declared.maximum is not None:
        return f"{declared.datatype} from {declared.minimum:g} to {declared.maximum:g}"
    return declared.datatype + (f" of the form {declared.pattern}" if declared.pattern else "")


def _is_day(value: object) -> bool:
    if not isinstance(value, str) or len(value) != 10:
        return False
    try:
        return bool(dt.date.fromisoformat(value))
    except ValueError:
        return False


def _is_number(value: object) -> bool:
    # The bounds leave out infinity, what is no number, and integers that no engine holds.
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e18


_FITS: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: _is_number(value) and value == int(value),
    "decimal": _is_number,
    "date": _is_day,
    "anyURI": lambda value: isinstance(value, str) and bool(_ADDRESS.fullmatch(value)),
}
