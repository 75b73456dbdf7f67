"""A user's XLSX: the cells as text, as exactly as the spreadsheet knows them."""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from geoties.graph.model import UserError
from geoties.loaders.user_tables_mapping import Layout
from geoties.loaders.user_tables_sheet import MOST_BYTES, Rows, Sheet, shown

_LAST_ROW = 1_048_576
_MOST_CELLS = 50_000_000
_MOST_UNPACKED = 100
_NO_BOMB_BELOW = 16 * 1024 * 1024
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, TypeError, IndexError,
    AttributeError, EOFError, NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip


def read(path: Path, layout: Layout) -> list[Sheet]:
    """The sheet that the layout names, or the only one.

    A formula is not a value: its row is rejected. Raises `UserError` for what is no spreadsheet.
    """
    try:
        import openpyxl
    except ImportError:
        raise UserError(
            "Spreadsheets need openpyxl: run `pip install 'geoties[xlsx]'`, or save as CSV."
        ) from None
    try:
        _check_size(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and checks that are not read
            book = openpyxl.load_workbook(path, read_only=True, keep_links=False)
            return [_read(path.name, _chosen(path.name, book, layout.sheet))]
    except _DAMAGE:
        raise UserError(
            f"{path.name} is not a spreadsheet that can be read; it may be damaged, locked with a "
            "password, or of an older format. Save it as XLSX or CSV."
        ) from None


def _check_size(path: Path) -> None:
    """Refuse what would unpack to more than it may, and parts that define entities of their own."""
    most = min(MOST_BYTES, max(_NO_BOMB_BELOW, path.stat().st_size * _MOST_UNPACKED))
    with zipfile.ZipFile(path) as archive:
        if sum(item.file_size for item in archive.infolist()) > most:
            raise UserError(
                f"{path.name} unpacks to more than {most // 1024 // 1024} MB, too much for its "
                "size or for one table; save it as CSV, or add it in parts."
            )
        for item in archive.infolist():
            with archive.open(item) as part:
                if b"<!DOCTYPE" in part.read(4096):
                    raise UserError(f"{path.name}: {shown(item.filename)} is not of a spreadsheet.")


def _chosen(name: str, book: Any, wanted: str) -> Any:
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    told = ", ".join(shown(title) for title in sheets)
    if wanted:
        if wanted not in sheets:
            raise UserError(f"{name} has no sheet {wanted!r}; there are: {told}.")
        return sheets[wanted]
    if len(sheets) != 1:
        raise UserError(f"{name} has the sheets {told}; say which with sheet = '…' in a mapping.")
    return next(iter(sheets.values()))


def _read(name: str, sheet: Any) -> Sheet:
    sheet.reset_dimensions()  # what the file says of its own size may be wrong
    rows: Rows | None = None
    for number, cells in _numbered(name, sheet.iter_rows()):
        texts = [text_of(cell) for cell in cells]
        if rows is not None:
            _take(rows, number, cells, texts)
        elif any(texts) and not texts[0].startswith("#"):
            rows = Rows(name, texts)
    if rows is None:
        raise UserError(f"{name} is empty; its first row should name the columns.")
    return rows.sheet()


def _numbered(name: str, rows: Iterable[Sequence[Any]]) -> Iterator[tuple[int, Sequence[Any]]]:
    """The rows that hold anything, within the bounds of a spreadsheet."""
    count = 0
    for number, cells in enumerate(rows, start=1):
        count += len(cells)
        if number > _LAST_ROW or count > _MOST_CELLS:
            raise UserError(f"{name} goes beyond what a spreadsheet or one table may hold.")
        if cells:
            yield number, cells


def _take(rows: Rows, number: int, cells: Sequence[Any], texts: list[str]) -> None:
    """A row as wide as the header; one with a formula or an error is told."""
    width = len(rows.columns)
    for column, cell in zip(rows.columns, cells, strict=False):
        if cell.data_type == "f":
            reason = "it is a formula; paste it as a value"
            rows.reject(number, column, shown(text_of(cell)), reason)
            return
        if cell.data_type == "e":
            rows.reject(number, column, text_of(cell), "it is an error of the spreadsheet")
            return
    rows.add(number, texts + [""] * (width - len(texts)))


def text_of(cell: Any) -> str:
    """A cell as text: whole numbers without a point, days and months as far as they are shown."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return str(getattr(value, "text", value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return _day(value, str(cell.number_format))
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def _day(value: dt.datetime, shape: str) -> str:
    """A date as it is shown: a spreadsheet keeps "Nov 2017" as the first day of the month."""
    if value.time() != dt.time():
        return value.isoformat()
    bare = shape.split(";")[0].lower()
    if "d" in bare:
        return value.date().isoformat()
    return f"{value:%Y-%m}" if "m" in bare else f"{value:%Y}"
