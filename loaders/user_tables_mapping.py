"""The small file that says how a user's table is to be read, in TOML or JSON.

[source]                      # who says so
id = "my-visits"
title = "Visits of leaders"
licence = "CC-BY-4.0"

[table]                       # how the file is written
encoding = "latin-1"
decimal = ","
ignore = ["Notes"]

[columns]                     # our column = "yours"
from = "Visitor"

[constants]                   # our column = the same text in every row
kind = "visit"

[units]
"USD million" = { unit = "USD", times = 1_000_000 }

[names]                       # "what your table says" = "what it means"
Korea = "KOR"

[[coverage]]                  # what your table claims to know at all
kind = "visit"
status = "partial"
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geoties.graph.model import UserError
from geoties.graph.name_keys import SYSTEMS

_MOST_BYTES = 1024 * 1024
SOURCE_KEYS = ("id", "title", "publisher", "url", "licence", "version", "retrieved", "citation")
_SECTIONS = ("source", "table", "columns", "constants", "units", "names", "coverage")
COVERAGE_KEYS = (
    "kind", "status", "from_scope", "to_scope", "via_scope", "topic_scope", "from_year",
    "to_year", "note",
)  # fmt: skip


@dataclass(frozen=True)
class Conversion:
    """What a unit of the table's own is in one of ours: `times` of it."""

    unit: str
    times: float


@dataclass(frozen=True)
class Layout:
    """How a table is written; empty is the plain way: our names, UTF-8, decimal points."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    decimal: str = ""
    thousands: str = ""
    codes: str = ""
    missing: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, Conversion] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    coverage: tuple[Mapping[str, Any], ...] = ()
    source: Mapping[str, str] = field(default_factory=dict)
    doubtful_points: bool = False  # never said in a mapping: what the values of a text file show


_TABLE_TEXTS = ("encoding", "delimiter", "sheet", "decimal", "thousands", "codes")
_TABLE_LISTS = ("missing", "ignore")


def read_layout(path: Path | None, kind: str = "") -> Layout:
    """The layout in a mapping file, with `kind` for every row; the plain one without a file.

    Raises `UserError` for a key that there is not, or a value of the wrong sort.
    """
    given = _read(path) if path else {}
    name = path.name if path else "the mapping"
    _check_keys(name, given, _SECTIONS)
    table = _section(name, given, "table")
    _check_keys(f"{name} [table]", table, (*_TABLE_TEXTS, *_TABLE_LISTS))
    constants = _texts(name, given, "constants") | ({"kind": kind} if kind else {})
    how: dict[str, Any] = {
        key: _text(f"{name} [table] {key}", table.get(key, "")) for key in _TABLE_TEXTS
    }
    how |= {key: _list(f"{name} [table] {key}", table.get(key, [])) for key in _TABLE_LISTS}
    layout = Layout(
        **how,
        columns=_texts(name, given, "columns"),
        constants=constants,
        units=dict(_conversions(name, _section(name, given, "units"))),
        names=_texts(name, given, "names"),
        coverage=tuple(_coverage(name, given.get("coverage", []))),
        source=_source(name, given),
    )
    _check_signs(name, layout)
    return layout


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UserError(f"{path.name} is too large for a mapping file.")
        text = path.read_text(encoding="utf-8-sig")
        read = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except FileNotFoundError:
        raise UserError(f"{path} does not exist; give the path of a mapping file.") from None
    except OSError as problem:
        raise UserError(f"{path} cannot be read: {problem.strerror}.") from None
    except (ValueError, RecursionError) as problem:
        told = " ".join(str(problem).split())[:120]
        raise UserError(f"{path.name} is neither TOML nor JSON as it should be: {told}.") from None
    if not isinstance(read, dict):
        raise UserError(f"{path.name} should hold sections such as columns, not a list.")
    return read


def _check_keys(where: str, given: Mapping[str, Any], known: Sequence[str]) -> None:
    for key in given:
        if key not in known:
            raise UserError(f"{where} has an unknown key {key!r}; there are: {', '.join(known)}.")


def _section(name: str, given: Mapping[str, Any], section: str) -> dict[str, Any]:
    found = given.get(section, {})
    if not isinstance(found, dict):
        raise UserError(f"{name}: [{section}] should hold keys and values.")
    return found


def _texts(name: str, given: Mapping[str, Any], section: str) -> dict[str, str]:
    found = _section(name, given, section)
    return {key: _text(f"{name} [{section}] {key}", text) for key, text in found.items()}


def _text(where: str, value: Any) -> str:
    """A text; a number or a date of TOML is taken as it would be written."""
    if isinstance(value, bool | dict | list | None):
        raise UserError(f"{where} should be a text.")
    return str(value)


def _list(where: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise UserError(f"{where} should be a list of texts.")
    return tuple(_text(where, item) for item in value)


def _conversions(name: str, given: Mapping[str, Any]) -> Iterator[tuple[str, Conversion]]:
    for unit, meant in given.items():
        where = f"{name} [units] {unit!r}"
        if isinstance(meant, str):
            meant = {"unit": meant}
        if not isinstance(meant, dict) or "unit" not in meant:
            raise UserError(f"{where} should be {{ unit = 'USD', times = 1000 }}.")
        _check_keys(where, meant, ("unit", "times"))
        times = meant.get("times", 1)
        if isinstance(times, bool) or not isinstance(times, int | float) or not 0 < times < 1e12:
            raise UserError(f"{where}: times should be a number above 0.")
        yield unit, Conversion(_text(where, meant["unit"]), float(times))


def _coverage(name: str, given: Any) -> Iterator[Mapping[str, Any]]:
    if not isinstance(given, list) or not all(isinstance(row, dict) for row in given):
        raise UserError(f"{name}: coverage is a list of sections, each begun by [[coverage]].")
    for number, row in enumerate(given, start=1):
        where = f"{name} [[coverage]] {number}"
        _check_keys(where, row, COVERAGE_KEYS)
        if not row.get("kind") or not row.get("status"):
            raise UserError(f"{where} needs its kind and its status.")
        for key in ("from_year", "to_year"):
            if not isinstance(row.get(key, 0), int) or isinstance(row.get(key), bool):
                raise UserError(f"{where}: {key} should be a year such as 2017.")
        texts = {k: _text(f"{where} {k}", v) for k, v in row.items() if not k.endswith("_year")}
        yield {**row, **texts}


def _source(name: str, given: Mapping[str, Any]) -> dict[str, str]:
    found = _texts(name, given, "source")
    _check_keys(f"{name} [source]", found, SOURCE_KEYS)
    return found


def _check_signs(name: str, layout: Layout) -> None:
    if layout.decimal not in ("", ".", ","):
        raise UserError(f"{name}: decimal should be '.' or ','.")
    if layout.thousands not in ("", ".", ",", " ", "'", "\u00a0", "\u202f"):
        raise UserError(f"{name}: thousands should be one of . , ' or a space.")
    if layout.thousands and layout.thousands == (layout.decimal or "."):
        raise UserError(f"{name}: decimal and thousands should be different signs.")
    if len(layout.delimiter) > 1 or layout.delimiter in ('"', "\n", "\r"):
        raise UserError(f"{name}: delimiter should be one sign.")
    if layout.codes and layout.codes not in SYSTEMS:
        raise UserError(f"{name}: codes should be one of {', '.join(SYSTEMS)}.")
    if layout.encoding:
        _check_encoding(name, layout.encoding)


def _check_encoding(name: str, encoding: str) -> None:
    try:
        b"".decode(encoding)
        "".encode(encoding)
    except (LookupError, ValueError):
        raise UserError(
            f"{name}: there is no encoding {encoding!r}; there are utf-8, latin-1, gb18030, …."
        ) from None
