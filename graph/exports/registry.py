"""Which formats there are: one module of `formats` each, named as its suffix. Light to import.

A format module has `FOLDER`, whether it writes a folder of tables instead of one file;
`write(cut, path)`, which writes there and returns how much of what it wrote; and `left_out(cut)`,
which says what the file does not hold.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geoties.graph.exports import formats
from geoties.graph.model import UserError

if TYPE_CHECKING:
    from pathlib import Path

    from geoties.graph.exports.cut import Cut

_ZIP = ".zip"
_TABLES = "csv"


@dataclass(frozen=True)
class Format:
    """How to write one format: its name, whether it is a folder, and whether to zip that."""

    name: str
    folder: bool
    zipped: bool
    write: Callable[[Cut, Path], Mapping[str, int]]
    left_out: Callable[[Cut], Iterable[str]]


def suffixes() -> tuple[str, ...]:
    """The endings of a file name that `export` knows, in alphabetical order.

    >>> {".ttl", ".csv", ".parquet", ".zip"} <= set(suffixes())
    True
    """
    return tuple(sorted([*(f".{name}" for name in _names()), _ZIP]))


def _names() -> list[str]:
    return [item.name for item in pkgutil.iter_modules(formats.__path__)]


def format_of(path: str) -> Format:
    """The format that a path's ending asks for; raises `UserError` with the list for others.

    `.zip` alone is a zip of CSV tables.

    >>> format_of("peru.csv.zip").name, format_of("peru.zip").name, format_of("peru.csv").zipped
    ('csv', 'csv', False)
    """
    zipped = path.lower().endswith(_ZIP)
    name = _suffix(path[: -len(_ZIP)] if zipped else path)
    if zipped and name not in _names():
        name = _TABLES
    if name not in _names():
        known = ", ".join(suffixes())
        raise UserError(f"{path!r} does not end in a format that can be written: {known}.")
    module = importlib.import_module(f"geoties.graph.exports.formats.{name}")
    if zipped and not module.FOLDER:
        raise UserError(f"{path!r}: only tables are zipped; write .csv.zip or .parquet.zip.")
    return Format(name, module.FOLDER, zipped, module.write, module.left_out)


def _suffix(path: str) -> str:
    name = path.replace("\\", "/").rsplit("/", 1)[-1]
    return name.rpartition(".")[2].lower() if "." in name.lstrip(".") else ""
