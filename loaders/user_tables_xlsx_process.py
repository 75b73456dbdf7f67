"""Reads a stranger's workbook in a process of its own, with bounds on memory, time and files.

    python -m geoties.loaders.user_tables_xlsx_process FILE SHEET MOST_BYTES

Writes JSON lines: the header, then for each row its number, its cells as text, and what is wrong
with it (the place of the column, what stands there, why) or null. It exits with 2 and one
sentence on stderr for what is no spreadsheet that can be read.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sys
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from geoties.graph.model import UserError

_LAST_ROW = 1_048_576
_MOST_CELLS = 50_000_000
_MOST_UNPACKED = 100
_NO_BOMB_BELOW = 16 * 1024 * 1024
_MOST_MEMORY = 2 * 1024**3
_MOST_SECONDS = 300
_LONGEST_SHOWN = 80
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, TypeError, IndexError,
    AttributeError, EOFError, NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip
Fault = tuple[int, str, str]


def main(file: str, sheet: str, most_bytes: str) -> None:
    """Write the table on stdout."""
    _bind_hands()
    path = Path(file)
    try:
        for line in _table(path, sheet, int(most_bytes)):
            sys.stdout.write(json.dumps(line) + "\n")
    except UserError as problem:
        sys.exit(_refused(str(problem)))
    except _DAMAGE:
        told = (
            f"{path.name} is not a spreadsheet that can be read; it may be damaged, locked with a "
            "password, or of an older format. Save it as XLSX or CSV."
        )
        sys.exit(_refused(told))


def _refused(told: str) -> int:
    sys.stderr.write(told)
    return 2


def _bind_hands() -> None:
    """Bounds that this process cannot lift again, where the platform has them."""
    with contextlib.suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        with contextlib.suppress(ValueError, OSError):  # some systems have no such bound
            resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))


def _table(path: Path, sheet: str, most_bytes: int) -> Iterator[Any]:
    import openpyxl

    _check_size(path, most_bytes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and checks that are not read
        book = openpyxl.load_workbook(path, read_only=True, keep_links=False)
        yield from _rows(path.name, _chosen(path.name, book, sheet))


def _check_size(path: Path, most_bytes: int) -> None:
    """Refuse what would unpack to more than it may, and parts that define entities of their own."""
    most = min(most_bytes, max(_NO_BOMB_BELOW, path.stat().st_size * _MOST_UNPACKED))
    with zipfile.ZipFile(path) as archive:
        if sum(item.file_size for item in archive.infolist()) > most:
            raise UserError(
                f"{path.name} unpacks to more than {most // 1024 // 1024} MB, too much for its "
                "size or for one table; save it as CSV, or add it in parts."
            )
        for item in archive.infolist():
            with archive.open(item) as part:
                if b"<!DOCTYPE" in part.read(4096):
                    raise UserError(
                        f"{path.name}: {_shown(item.filename)} is not of a spreadsheet."
                    )


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


def _chosen(name: str, book: Any, wanted: str) -> Any:
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    told = ", ".join(_shown(title) for title in sheets)
    if wanted:
        if wanted not in sheets:
            raise UserError(f"{name} has no sheet {wanted!r}; there are: {told}.")
        return sheets[wanted]
    if len(sheets) != 1:
        raise UserError(f"{name} has the sheets {told}; say which with sheet = '…' in a mapping.")
    return next(iter(sheets.values()))


def _rows(name: str, sheet: Any) -> Iterator[Any]:
    sheet.reset_dimensions()  # what the file says of its own size may be wrong
    width = 0
    for number, cells in _numbered(name, sheet.iter_rows()):
        texts = [text_of(cell) for cell in cells]
        if width:
            yield number, texts, _fault(cells[:width])
        elif any(texts) and not texts[0].startswith("#"):
            width = max(place for place, text in enumerate(texts, start=1) if text.strip())
            yield texts


def _numbered(name: str, rows: Iterable[Sequence[Any]]) -> Iterator[tuple[int, Sequence[Any]]]:
    """The rows that hold anything, within the bounds of a spreadsheet."""
    count = 0
    for number, cells in enumerate(rows, start=1):
        count += len(cells)
        if number > _LAST_ROW or count > _MOST_CELLS:
            raise UserError(f"{name} goes beyond what a spreadsheet or one table may hold.")
        if cells:
            yield number, cells


def _fault(cells: Sequence[Any]) -> Fault | None:
    """The first formula or error of a row."""
    for place, cell in enumerate(cells):
        if cell.data_type == "f":
            return place, text_of(cell), "it is a formula; paste it as a value"
        if cell.data_type == "e":
            return place, text_of(cell), "it is an error of the spreadsheet"
    return None


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


if __name__ == "__main__":
    main(*sys.argv[1:])
