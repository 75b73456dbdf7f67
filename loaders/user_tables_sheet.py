"""A user's table as text: what every format is read into before anything is understood of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from geoties.graph.model import Rejection, UserError

#: The number of a row in the file, as a spreadsheet counts it: the header is row 1.
ROW = "#row"
MOST_BYTES = 256 * 1024 * 1024
MOST_ROWS = 2_000_000
MOST_COLUMNS = 200
_CHUNK = 50_000
_LONGEST_SHOWN = 80


@dataclass
class Sheet:
    """A table of texts: `rows` holds the number of each row (`ROW`) and the columns.

    `rejected` are rows that do not fit the header; they are not in `rows`.
    """

    columns: tuple[str, ...]
    rows: pl.DataFrame
    rejected: list[Rejection] = field(default_factory=list)

    @property
    def read(self) -> int:
        """How many rows the file has, without empty ones."""
        return self.rows.height + len(self.rejected)


def shown(text: str) -> str:
    """A stranger's text as a message shows it: not too long.

    >>> shown("a" * 100)[-2:]
    'a…'
    """
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


class Rows:
    """Gathers the rows of a file under its header, a chunk at a time, so that memory is bounded.

    >>> rows = Rows("visits.csv", ["from", "to"])
    >>> rows.add(2, ["PER", "CHN"])
    >>> rows.add(3, ["PER"])
    >>> sheet = rows.sheet()
    >>> sheet.rows.height, sheet.rejected[0].reason
    (1, 'there are 1 cells where the header has 2')
    """

    def __init__(self, file: str, header: Sequence[str]) -> None:
        self.file = file
        self.columns = _checked_header(file, header)
        self._chunks: list[pl.DataFrame] = []
        self._cells: list[Sequence[str]] = []
        self._numbers: list[int] = []
        self._count = 0
        self._rejected: list[Rejection] = []

    def add(self, number: int, cells: Sequence[str]) -> None:
        """Take a row: an empty one is passed over, one that does not fit the header rejected."""
        width = len(self.columns)
        if len(cells) != width:
            cells = _without_empty_end(cells, width)
        if not any(cells) or not any(cell.strip() for cell in cells):
            return
        self._count += 1
        if self._count > MOST_ROWS:
            raise UserError(f"{self.file} has more than {MOST_ROWS:,} rows; add it in parts.")
        if len(cells) != width:
            reason = f"there are {len(cells)} cells where the header has {width}"
            self.reject(number, "", shown(",".join(cells)), reason)
            return
        self._cells.append(cells)
        self._numbers.append(number)
        if len(self._cells) == _CHUNK:
            self._pack()

    def reject(self, number: int, column: str, value: str, reason: str) -> None:
        """Take note of a row that cannot be read."""
        self._rejected.append(Rejection(number, column, value, reason))

    def _pack(self) -> None:
        columns = list(zip(*self._cells, strict=True)) or [()] * len(self.columns)
        texts = [
            pl.Series(name, values, dtype=pl.String)
            for name, values in zip(self.columns, columns, strict=True)
        ]
        self._chunks.append(pl.DataFrame([pl.Series(ROW, self._numbers, dtype=pl.UInt32), *texts]))
        self._cells, self._numbers = [], []

    def sheet(self) -> Sheet:
        """The whole table, its cells without spaces around them."""
        self._pack()
        rows = pl.concat(self._chunks, rechunk=True).with_columns(
            pl.col(pl.String).str.strip_chars()
        )
        holds_nul = pl.any_horizontal(
            pl.col(name).str.contains("\0", literal=True) for name in self.columns
        )
        bad = rows.filter(holds_nul)
        for row in bad.iter_rows(named=True):
            column = next(name for name in self.columns if "\0" in row[name])
            value = shown(row[column].replace("\0", "\\0"))
            self.reject(row[ROW], column, value, "a NUL byte stands in the cell")
        good = rows.filter(~holds_nul) if bad.height else rows
        return Sheet(self.columns, good, sorted(self._rejected, key=lambda item: item.row))


def _without_empty_end(cells: Sequence[str], width: int) -> Sequence[str]:
    """Cells beyond the header are dropped when they are empty: a delimiter at the end of lines."""
    beyond = cells[width:]
    return cells[:width] if beyond and not any(cell.strip() for cell in beyond) else cells


def _checked_header(file: str, header: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns, without unnamed ones at the end."""
    names = [name.strip() for name in header]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise UserError(f"{file} has no header; its first row should name the columns.")
    if len(names) > MOST_COLUMNS:
        raise UserError(f"{file} has {len(names):,} columns; at most {MOST_COLUMNS} are read.")
    for problem in _problems_of(names):
        raise UserError(f"{file}: {problem}.")
    return tuple(names)


def _problems_of(names: list[str]) -> Iterator[str]:
    for place, name in enumerate(names, start=1):
        if not name:
            yield f"column {place} has no name; give every column one"
        if "\0" in name:
            yield "NUL bytes stand in the header; if it is UTF-16, say so with encoding = 'utf-16'"
        if name in (ROW, "*") or (name.startswith("^") and name.endswith("$")):
            yield f"a column may not be called {shown(name)}"
    folded = [name.casefold() for name in names]
    for name in names:
        if folded.count(name.casefold()) > 1:
            yield f"two columns are called {shown(name)!r}; give each a name of its own"
