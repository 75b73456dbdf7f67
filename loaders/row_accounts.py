"""Rows of a publisher's file: those that can be used, and the account of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from geoties.graph.model import Rejection, Report, Source
from geoties.loaders.agreement_records import read_rows

Row = Mapping[str, str]
Made = TypeVar("Made")


class BadRow(ValueError):
    """A row that cannot be used: its column, and why."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column


def rows_of(raw: Path, source: Source, columns: Sequence[str]) -> list[dict[str, str]]:
    """The rows of the source's only file: `raw`, or the one of that name in the folder `raw`."""
    return read_rows(raw / source.filenames[0] if raw.is_dir() else raw, columns)


def usable(
    rows: Sequence[Row], make: Callable[[Row], Made], report: Report
) -> Iterator[tuple[int, Row, Made]]:
    """Each row that `make` can use: its number, itself and what was made of it.

    All rows are counted as read, and those that `make` refuses with `BadRow` as rejected; whether
    one of the others is loaded or a duplicate is the caller's to say.

    >>> report = Report()
    >>> def year(row: Row) -> int:
    ...     if not row["year"].isdigit():
    ...         raise BadRow("year", "no year")
    ...     return int(row["year"])
    >>> [made for _, _, made in usable([{"year": "1998"}, {"year": "?"}], year, report)]
    [1998]
    >>> report.rejected
    [Rejection(row=3, column='year', value='?', reason='no year')]
    """
    report.read += len(rows)
    for number, row in enumerate(rows, start=2):
        try:
            made = make(row)
        except BadRow as bad:
            report.rejected.append(Rejection(number, bad.column, row[bad.column], str(bad)))
            continue
        yield number, row, made


def each_once(
    found: Iterator[tuple[int, Row, Made]],
    key: Callable[[Made], str],
    report: Report,
    column: str,
    reason: str,
) -> dict[str, Made]:
    """What `usable` found, by its key. What is said again in the same words is a duplicate; what
    has the key of another and says something else is rejected for its `column`."""
    made: dict[str, Made] = {}
    for number, row, one in found:
        if (earlier := made.setdefault(key(one), one)) != one:
            report.rejected.append(Rejection(number, column, row[column], reason))
        else:
            report.duplicates += earlier is not one
    report.loaded = len(made)
    return made
