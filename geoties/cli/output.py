"""Answers on stdout: as a table for people, or as csv, json or md for other programs."""

from __future__ import annotations

import csv
import json
import math
import re
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Literal

from geoties.cli.voice import colour_wanted, say
from geoties.graph.model import UserError

if TYPE_CHECKING:
    from geoties.graph.store import Answer, Value

FORMATS = ("table", "csv", "json", "md")
ROWS_ON_A_TERMINAL = 50
_NEVER_WRAPPED = 16
# What a terminal or a reader's eye would obey: control characters and marks of direction.
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)
_MARKDOWN = re.compile(r"([\\`*\[\]<>|])")


def show(answer: Answer, form: str = "table", limit: int | None = None, empty: str = "") -> None:
    """Write an answer to stdout in one of `FORMATS`; `empty` is what to say on stderr if it is."""
    check_format(form)
    if not answer.rows and empty and form == "table":
        say(empty)
        return
    write = {"csv": _csv, "json": _json, "md": _markdown, "table": _table}[form]
    write(answer, limit)


def check_format(form: str, also: tuple[str, ...] = ()) -> None:
    """Raise `UserError` for a format that there is not."""
    if form not in FORMATS + also:
        known = ", ".join(FORMATS + also)
        raise UserError(f"There is no format {form!r}; choose one of {known}.")


def _cut(answer: Answer, limit: int | None) -> Sequence[tuple[Value, ...]]:
    return answer.rows if limit is None else answer.rows[:limit]


def _csv(answer: Answer, limit: int | None) -> None:
    rows = _cut(answer, limit)
    if sys.stdout.isatty():
        rows = [tuple(_unobeyed(cell) for cell in row) for row in rows]
    sys.stdout.write(csv_text(answer.columns, rows))


def _unobeyed(cell: Value) -> Value:
    return _CONTROL.sub("", cell) if isinstance(cell, str) else cell


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> str:
    """A table as CSV, without formulas.

    >>> csv_text(["id", "label"], [("H1", "one\\rtwo"), ("H2", "=1")])
    'id,label\\nH1,"one\\rtwo"\\nH2,\\'=1\\n'
    """
    lines: list[str] = []
    # The csv module quotes a carriage return only if it ends its lines with one.
    ending = SimpleNamespace(write=lambda line: lines.append(line.removesuffix("\r\n") + "\n"))
    writer = csv.writer(ending, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([guard_formula(cell) for cell in row] for row in rows)
    return "".join(lines)


def guard_formula(cell: Value) -> Value:
    """A text that a spreadsheet would run as a formula gets an apostrophe before it.

    >>> guard_formula("=1+1"), guard_formula("Peru"), guard_formula(-2.5)
    ("'=1+1", 'Peru', -2.5)
    """
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + cell
    return cell


def _json(answer: Answer, limit: int | None) -> None:
    cells = [[_json_cell(cell) for cell in row] for row in _cut(answer, limit)]
    print_json([dict(zip(answer.columns, row, strict=True)) for row in cells])


def print_json(rows: Sequence[Mapping[str, object]]) -> None:
    """Write objects as JSON, with what a terminal would obey spelled out."""
    written = json.dumps(rows, ensure_ascii=False, indent=1, allow_nan=False)
    spelled = _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", written)
    sys.stdout.write(spelled + "\n")


def _json_cell(cell: Value) -> Value:
    """JSON has no number for what is infinite or undefined; SPARQL's names for them are text."""
    if isinstance(cell, float) and not math.isfinite(cell):
        return "NaN" if math.isnan(cell) else "INF" if cell > 0 else "-INF"
    return cell


def _markdown(answer: Answer, limit: int | None) -> None:
    sys.stdout.write(markdown_text(answer.columns, _cut(answer, limit)))


def markdown_text(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> str:
    """A table as Markdown; nothing in a cell is markup.

    >>> print(markdown_text(["id"], [("a|b",)]), end="")
    | id |
    | --- |
    | a\\|b |
    """
    lines = [_markdown_row(list(columns)), _markdown_row(["---"] * len(columns))]
    lines += [_markdown_row([text(cell) for cell in row]) for row in rows]
    return "\n".join(lines) + "\n"


def _markdown_row(cells: list[str] | tuple[str, ...]) -> str:
    """Cells as plain text: nothing in them is markup, a link or the end of a cell."""
    plain = (_MARKDOWN.sub(r"\\\1", re.sub(r"\s", " ", cell)) for cell in cells)
    return "| " + " | ".join(plain) + " |"


def text(cell: Value) -> str:
    """A cell as people read it, without control characters that a terminal would obey.

    >>> text(28618572000), text(0.25), text(2e-9), text(None), text("a\\x1b[31mb")
    ('28618572000', '0.25', '2e-09', '', 'a[31mb')
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        if 0 < abs(cell) < 0.001:
            return f"{cell:.4g}"  # six places would show a small number as none
        return f"{cell:.6f}".rstrip("0").rstrip(".")
    return _CONTROL.sub("", str(cell))


def terminal_width() -> int | None:
    """How many columns the terminal has; None where stdout is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _table(answer: Answer, limit: int | None) -> None:
    if limit is None and sys.stdout.isatty():
        limit = ROWS_ON_A_TERMINAL
    rows = [[text(cell) for cell in row] for row in _cut(answer, limit)]
    if sys.stdout.isatty() and colour_wanted():
        _rich_table(answer, rows)
    else:
        sys.stdout.write(_plain_table(list(answer.columns), rows))
    if len(rows) < len(answer.rows):
        told = f"{len(rows)} of {len(answer.rows)} rows; --limit {len(answer.rows)} shows all"
        say(told)


def _rich_table(answer: Answer, rows: list[list[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, column in enumerate(answer.columns):
        right = all(_is_number(row[number]) for row in answer.rows)
        narrow = all(len(row[number]) <= _NEVER_WRAPPED for row in rows)
        justify: Literal["right", "left"] = "right" if right else "left"
        table.add_column(column, justify=justify, overflow="fold", no_wrap=narrow)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


def _is_number(cell: Value) -> bool:
    return cell is None or (isinstance(cell, (int, float)) and not isinstance(cell, bool))


def _plain_table(columns: list[str], rows: list[list[str]]) -> str:
    from rich.cells import cell_len

    lines = [columns, *([re.sub(r"\s", " ", cell) for cell in row] for row in rows)]
    widths = [max(cell_len(line[i]) for line in lines) for i in range(len(columns))]
    padded = (
        "  ".join(
            cell + " " * (width - cell_len(cell)) for cell, width in zip(line, widths, strict=True)
        )
        for line in lines
    )
    return "".join(f"{line.rstrip()}\n" for line in padded)
