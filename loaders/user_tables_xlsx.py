"""A user's XLSX: the cells as text, as exactly as the spreadsheet knows them.

A stranger's workbook is opened by `user_tables_xlsx_process` in a process of its own, with bounds
on memory and time; here the lines that it writes become a table.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from geoties.graph.model import UserError
from geoties.loaders.user_tables_mapping import Layout
from geoties.loaders.user_tables_sheet import MOST_BYTES, Rows, Sheet, shown

_MODULE = "geoties.loaders.user_tables_xlsx_process"


def read(path: Path, layout: Layout) -> list[Sheet]:
    """The sheet that the layout names, or the only one.

    A formula is not a value: its row is rejected. Raises `UserError` for what is no spreadsheet.
    """
    if importlib.util.find_spec("openpyxl") is None:
        raise UserError(
            "Spreadsheets need openpyxl: run `pip install 'geoties[xlsx]'`, or save as CSV."
        )
    rows: Rows | None = None
    for line in _lines(path, layout.sheet):
        if rows is None:
            rows = Rows(path.name, line)
        else:
            _take(rows, *line)
    if rows is None:
        raise UserError(f"{path.name} is empty; its first row should name the columns.")
    return [rows.sheet()]


def _take(rows: Rows, number: int, cells: list[str], fault: list[str] | None) -> None:
    """A row at least as wide as the header, or one with a formula or an error, which is told."""
    if fault is None:
        rows.add(number, cells + [""] * (len(rows.columns) - len(cells)))
        return
    place, value, reason = fault
    rows.reject(number, rows.columns[int(place)], shown(value), reason)


def _lines(path: Path, sheet: str) -> Iterator[Any]:
    """What the process reads: the header, then each row with its number."""
    command = [sys.executable, "-P", "-m", _MODULE, str(path), sheet, str(MOST_BYTES)]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1"},
    ) as process:  # fmt: skip
        assert process.stdout
        try:
            yield from map(json.loads, _bounded(process.stdout, path.name))
            _check_end(process, path.name)
        finally:
            process.kill()


def _bounded(stream: IO[bytes], name: str) -> Iterator[bytes]:
    taken = 0
    for line in stream:
        taken += len(line)
        if taken > 4 * MOST_BYTES:
            raise UserError(f"{name} holds too much for one table; add it in parts.")
        yield line


def _check_end(process: subprocess.Popen[bytes], name: str) -> None:
    """Say what the process said when it gave up; one that was stopped could say nothing."""
    _, told = process.communicate()
    if process.returncode == 2:
        raise UserError(told.decode().strip())
    if process.returncode:
        raise UserError(
            f"{name} takes more memory or time than a table may; save it as CSV, "
            "or add it in parts."
        )
