"""The formats that a user's table may come in, told by the file's name."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from geoties.graph.model import UserError
from geoties.loaders.user_tables_mapping import Layout
from geoties.loaders.user_tables_sheet import Sheet
from geoties.loaders.user_tables_text import read_text

_READERS = {
    ".xlsx": "user_tables_xlsx",
    ".json": "user_tables_json",
    ".parquet": "user_tables_parquet",
    ".ttl": "user_tables_turtle",
}
_TEXT = (".csv", ".tsv", ".csv.gz", ".tsv.gz", ".csv.zip", ".tsv.zip", ".zip")
SUFFIXES = (*_TEXT, *_READERS)


def read_sheets(path: Path, layout: Layout) -> list[Sheet]:
    """The tables in a file: one, or in Turtle one of each sort of fact.

    Raises `UserError` for a format that is not known, and for a file that is not what its name
    says.
    """
    name = path.name.lower()
    if name.endswith(_TEXT):
        return [read_text(path, layout)]
    suffix = path.suffix.lower()
    if suffix not in _READERS:
        raise UserError(f"{path.name}: a table is one of {', '.join(SUFFIXES)}.")
    reader = import_module(f"geoties.loaders.{_READERS[suffix]}")
    sheets: list[Sheet] = reader.read(path, layout)
    return sheets
