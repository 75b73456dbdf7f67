"""A user's CSV and TSV: text first, nothing guessed, memory bounded."""

from __future__ import annotations

import codecs
import contextlib
import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO, cast

from geoties.graph.model import UserError
from geoties.loaders.user_tables_mapping import Layout
from geoties.loaders.user_tables_sheet import MOST_BYTES, Rows, Sheet

_LONGEST_LINE = 1_000_000
# What text packs to: a table of many like rows reaches 50; a bomb has a thousand.
_MOST_UNPACKED = 100
_NO_BOMB_BELOW = 16 * 1024 * 1024
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = {b"\x1f\x8b": ".gz", b"PK": ".zip"}
DELIMITERS = {".csv": ",", ".tsv": "\t"}


def read_text(path: Path, layout: Layout) -> Sheet:
    """The table in a CSV or TSV file, which may be packed with gzip or in a zip.

    Rows before the header that begin with `#` are comments. Raises `UserError` for a file that is
    no such text.
    """
    try:
        return _decoded(path, _encoding(path, layout), layout)
    except (EOFError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, NotImplementedError):
        raise UserError(f"{path.name} is damaged or cut off: it cannot be unpacked.") from None


def _decoded(path: Path, encoding: str, layout: Layout) -> Sheet:
    try:
        with _unpacked(path) as raw:
            return _read(path, raw, encoding, layout)
    except UnicodeDecodeError:
        raise UserError(_told_of_bad_line(path, encoding)) from None
    except UnicodeError:
        raise UserError(f"{path.name} does not begin as {encoding} text does.") from None


def _read(path: Path, raw: BinaryIO, encoding: str, layout: Layout) -> Sheet:
    stream = io.TextIOWrapper(raw, encoding=encoding, newline="")
    delimiter = layout.delimiter or DELIMITERS[_suffix(path)]
    records = csv.reader(_lines(stream, path.name), delimiter=delimiter, strict=True)
    rows: Rows | None = None
    number = 0
    try:
        for number, cells in enumerate(records, start=1):
            if rows is not None:
                rows.add(number, cells)
            elif any(cell.strip() for cell in cells) and not cells[0].startswith("#"):
                rows = Rows(path.name, _header(path.name, cells, delimiter))
    except csv.Error as problem:
        told = _told_of_quotes(str(problem))
        raise UserError(f"{path.name}, after row {number}: {told}.") from None
    if rows is None:
        raise UserError(f"{path.name} is empty; its first row should name the columns.")
    return rows.sheet()


def _told_of_quotes(problem: str) -> str:
    if "field larger" in problem or "unexpected end" in problem:
        return "a quotation mark is opened and not closed"
    return f"the quotation marks are not those of a CSV file ({problem})"


def _lines(stream: IO[str], name: str) -> Iterator[str]:
    number = 0
    while line := stream.readline(_LONGEST_LINE):
        number += 1
        if len(line) == _LONGEST_LINE and not line.endswith(("\n", "\r")):
            raise UserError(f"{name}, line {number} is longer than a million characters.")
        yield line


def _header(name: str, cells: list[str], delimiter: str) -> list[str]:
    """The header's cells; a table cut at another sign than it was written with is told."""
    if len(cells) == 1:
        for other, called in ((";", "';'"), ("\t", "a tab"), (",", "a comma"), ("|", "'|'")):
            if other != delimiter and other in cells[0]:
                told = "\\t" if other == "\t" else other
                raise UserError(
                    f"{name}: the columns seem to be separated by {called}; "
                    f"say so with delimiter = '{told}' in a mapping file."
                )
    return cells


def _suffix(path: Path) -> str:
    """`.csv` or `.tsv`, of a packed file the one before: `.csv.gz`."""
    known = [suffix.lower() for suffix in path.suffixes if suffix.lower() in DELIMITERS]
    return known[-1] if known else ".csv"


def _encoding(path: Path, layout: Layout) -> str:
    """The encoding that the user declares, else the one that the file's mark tells, else UTF-8."""
    with _unpacked(path) as raw:
        start = raw.read(4)
    mark = next((name for mark, name in _MARKS if start.startswith(mark)), "")
    if layout.encoding and mark and not _same(layout.encoding, mark):
        raise UserError(
            f"{path.name} is marked as {mark.removesuffix('-sig').upper()}, "
            f"not as {layout.encoding}; leave encoding out."
        )
    return mark or layout.encoding or "utf-8"


def _same(declared: str, mark: str) -> bool:
    return codecs.lookup(declared).name.startswith(codecs.lookup(mark.removesuffix("-sig")).name)


@contextlib.contextmanager
def _unpacked(path: Path) -> Iterator[BinaryIO]:
    """The bytes of the table, unpacked as they are read and never more than `MOST_BYTES`."""
    with contextlib.ExitStack() as stack:
        file = stack.enter_context(path.open("rb"))
        packed = path.stat().st_size
        suffix = path.suffix.lower()
        _check_magic(path, file.read(2), suffix)
        file.seek(0)
        inner: IO[bytes] = file
        if suffix == ".gz":
            inner = stack.enter_context(contextlib.closing(_gunzipped(file)))
        elif suffix == ".zip":
            inner = stack.enter_context(_only_member(path, stack))
        most = MOST_BYTES
        if suffix in (".gz", ".zip"):
            most = min(most, max(_NO_BOMB_BELOW, packed * _MOST_UNPACKED))
        yield io.BufferedReader(Bounded(inner, most, path.name))


def _gunzipped(file: IO[bytes]) -> IO[bytes]:
    return cast(IO[bytes], gzip.GzipFile(fileobj=file, mode="rb"))


def _check_magic(path: Path, start: bytes, suffix: str) -> None:
    packing = _MAGIC.get(start)
    if packing and suffix != packing:
        raise UserError(
            f"{path.name} is packed; give it the name that says so, such as "
            f"{path.stem}.csv{packing}, or .xlsx if it is a spreadsheet."
        )


def _only_member(path: Path, stack: contextlib.ExitStack) -> IO[bytes]:
    archive = stack.enter_context(zipfile.ZipFile(path))
    members = [item for item in archive.infolist() if not item.is_dir()]
    names = [item for item in members if Path(item.filename).suffix.lower() in DELIMITERS]
    if len(names) != 1:
        raise UserError(f"{path.name} should hold one CSV or TSV file; it holds {len(names)}.")
    if names[0].flag_bits & 1:
        raise UserError(f"{path.name} is locked with a password; unpack it first.")
    return archive.open(names[0])


class Bounded(io.RawIOBase):
    """A stream that stops with a `UserError` when more comes out of it than it may hold."""

    def __init__(self, inner: IO[bytes], most: int, name: str) -> None:
        self._inner, self._most, self._name = inner, most, name
        self._seen = 0

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer, as far as allowed."""
        piece = self._inner.read(len(buffer))
        self._seen += len(piece)
        if self._seen > self._most:
            size = f"{self._most // 1024 // 1024:,} MB"
            raise UserError(
                f"{self._name} holds more than {size}, too much for its size or for one table; "
                "unpack it, or add it in parts."
            )
        buffer[: len(piece)] = piece
        return len(piece)


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _told_of_bad_line(path: Path, encoding: str) -> str:
    """Where the text is not what it should be, line by line, for a second look is cheap."""
    number = 0
    plain = encoding.removesuffix("-sig")
    if not plain.startswith(("utf-16", "utf-32")):
        with _unpacked(path) as raw:
            number = next((n for n, line in enumerate(raw, 1) if not _decodes(line, plain)), 0)
    where = f", line {number}" if number else ""
    return (
        f"{path.name}{where} is not {plain.upper()} text; save it as UTF-8, or name its encoding "
        "in a mapping file: encoding = 'latin-1', 'cp1252', 'gb18030', …"
    )
