"""Reading small hand-kept tables strictly: every cell is used, and a bad one is told by row.

A table with other columns than expected, or not UTF-8, raises `UserError`; a single bad row is
rejected with its row, column and reason, and the rest is read.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from geoties.graph.model import Period, Rejection, Report, Tie, UserError, parse_date
from geoties.graph.names import default_resolver

Cells = Mapping[str, str]
Made = TypeVar("Made")


class BadCell(ValueError):
    """A cell that cannot be used: its column, what stands there, and why."""

    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.value, self.reason = column, value, reason


@dataclass(frozen=True)
class Row:
    """One record of a table, with the line on which it begins."""

    number: int
    cells: Cells


def read_rows(path: Path, columns: Sequence[str]) -> list[Row]:
    """The rows of a CSV table in UTF-8 (a byte-order mark is ignored), texts stripped.

    Raises `UserError` when the file is missing, empty, not UTF-8 or has other columns.
    """
    reader = csv.reader(io.StringIO(_text(path), newline=""))
    header = next(reader, [])
    if header != list(columns):
        raise UserError(f"{path.name}: the columns should be {', '.join(columns)}.")
    rows = []
    for record in reader:
        if len(record) != len(columns):
            raise UserError(
                f"{path.name}, row {reader.line_num}: {len(record)} cells where the header has "
                f"{len(columns)}."
            )
        cells = dict(zip(columns, (cell.strip() for cell in record), strict=True))
        rows.append(Row(reader.line_num, cells))
    return rows


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(f"{path.name}: not UTF-8 text; save it as CSV in UTF-8.") from None
    except OSError:
        raise UserError(f"{path.name}: not found in {path.parent.name}.") from None


def collect(
    table: str,
    rows: Iterable[Row],
    make: Callable[[Cells], Made],
    key: Callable[[Made], Hashable],
    report: Report,
) -> list[Made]:
    """What `make` makes of each row, in order; `report` accounts for all of them.

    A row that repeats another word for word is a duplicate; one that has the key of another and
    says something else is rejected, and so is a row that `make` refuses with `BadCell`.
    """
    made: dict[Hashable, Made] = {}
    for row in rows:
        report.read += 1
        try:
            item = make(row.cells)
            if (earlier := made.setdefault(key(item), item)) != item:
                raise BadCell("", str(key(item)), "contradicts an earlier row with the same key")
        except BadCell as bad:
            column = f"{table}: {bad.column}".rstrip(": ")
            report.rejected.append(Rejection(row.number, column, bad.value, bad.reason))
            continue
        report.loaded += earlier is item
        report.duplicates += earlier is not item
    return list(made.values())


def one_of(cells: Cells, column: str, allowed: Iterable[str]) -> str:
    """The cell, if it is one of those allowed; else `BadCell`.

    >>> one_of({"kind": "body"}, "kind", ["body", "bloc"])
    'body'
    """
    value = cells[column]
    if value not in set(allowed):
        raise BadCell(column, value, f"not known as {column}")
    return value


def filled(cells: Cells, column: str) -> str:
    """The cell, which must not be empty; else `BadCell`.

    >>> filled({"reference": "https://example.org"}, "reference")
    'https://example.org'
    """
    if not cells[column]:
        raise BadCell(column, "", "must not be empty")
    return cells[column]


def year(cells: Cells, column: str) -> int:
    """The year in a cell; else `BadCell`.

    >>> year({"first_year": "1998"}, "first_year")
    1998
    """
    if not re.fullmatch("[0-9]{4}", cells[column]):
        raise BadCell(column, cells[column], "not a year")
    return int(cells[column])


def state_of(cells: Cells, column: str) -> str:
    """The state or territory of an ISO 3166 alpha-3 code; else `BadCell`.

    >>> state_of({"iso3": "PER"}, "iso3")
    'state/PER'
    """
    state = default_resolver().code("iso3", cells[column])
    if not state:
        raise BadCell(column, cells[column], "not an ISO 3166 code of a state or territory")
    return state


def period(cells: Cells, column: str) -> Period:
    """The date in a column as precise as the column `…_precision` beside it says.

    >>> period({"start": "2017-11", "start_precision": "month"}, "start").last
    '2017-11-30'
    """
    text, precision = cells[column], cells[f"{column}_precision"]
    if not text and not precision:
        return Period("", "", "")
    try:
        found = parse_date(text)
    except ValueError as problem:
        raise BadCell(column, text, str(problem)) from None
    if found.precision != precision:
        reason = f"{text} is as precise as a {found.precision}"
        raise BadCell(f"{column}_precision", precision, reason)
    return found


def dated_tie(cells: Cells, closing: str, tie: Tie) -> Tie:
    """`tie` with the dates, reference and confidence of its row.

    An open tie without `observed_to` was observed on `closing`, which is empty for events.
    Raises `BadCell` when an end comes before its start or a citation is missing.
    """
    start, end = period(cells, "start"), period(cells, "end")
    if end.last and start.first and end.last <= start.first:
        raise BadCell("end", cells["end"], f"not after the start, {cells['start']}")
    dates = {
        "start": start.first,
        "start_precision": start.precision,
        "end": end.last,
        "end_precision": end.precision,
        "observed_to": "" if end.last else _observed(cells, closing),
        "reference": filled(cells, "reference"),
        "confidence": one_of(cells, "confidence", ("high", "medium", "low")),
    }
    return Tie(**{**vars(tie), **dates})


def _observed(cells: Cells, closing: str) -> str:
    text = cells["observed_to"] or closing
    if not text:
        return ""
    try:
        return parse_date(text).first
    except ValueError as problem:
        raise BadCell("observed_to", text, str(problem)) from None
