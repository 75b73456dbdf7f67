"""A user's JSON: a list of objects, each a row; numbers stay as they are written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from geoties.graph.model import UserError
from geoties.loaders.user_tables_mapping import Layout
from geoties.loaders.user_tables_sheet import MOST_ROWS, Rows, Sheet, shown

_MOST_BYTES = 64 * 1024 * 1024  # objects take many times their text


class _Twice(dict[str, Any]):
    """An object that says one of its names twice."""


def read(path: Path, layout: Layout) -> list[Sheet]:
    """The rows of a JSON file; the number of a row is its place in the list, from 1."""
    if path.stat().st_size > _MOST_BYTES:
        raise UserError(f"{path.name} is larger than 64 MB; save it as CSV or Parquet.")
    items = _parsed(path)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise UserError(f"{path.name} should be a list of objects, one for each row.")
    if not items:
        raise UserError(f"{path.name} has no rows.")
    rows = Rows(path.name, list(dict.fromkeys(name for item in items for name in item)))
    for number, item in enumerate(items, start=1):
        _take(rows, number, item)
    return [rows.sheet()]


def _parsed(path: Path) -> Any:
    try:
        return json.loads(
            path.read_bytes(),
            parse_float=str,
            parse_int=str,
            parse_constant=str,
            object_pairs_hook=_Objects(path.name),
        )
    except RecursionError:
        raise UserError(f"{path.name} is nested too deep for a table.") from None
    except UnicodeDecodeError:
        raise UserError(f"{path.name} is not UTF-8 text; save it as UTF-8.") from None
    except json.JSONDecodeError as problem:
        where = f"line {problem.lineno}, column {problem.colno}"
        raise UserError(f"{path.name} is not JSON: {problem.msg}, {where}.") from None


class _Objects:
    """Makes the objects, notices names said twice, and stops when there are too many."""

    def __init__(self, name: str) -> None:
        self._name, self._count = name, 0

    def __call__(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        self._count += 1
        if self._count > MOST_ROWS:
            raise UserError(f"{self._name} has more than {MOST_ROWS:,} rows; add it in parts.")
        made = dict(pairs)
        return made if len(made) == len(pairs) else _Twice(made)


def _take(rows: Rows, number: int, item: dict[str, Any]) -> None:
    if isinstance(item, _Twice):
        rows.reject(number, "", shown(json.dumps(item)), "it says one of its names twice")
        return
    for name, value in item.items():
        if isinstance(value, list | dict):
            reason = "a cell is a text or a number, not a list or an object"
            rows.reject(number, name, shown(json.dumps(value)), reason)
            return
    rows.add(number, [_text(item.get(name)) for name in rows.columns])


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
