"""CSV: a folder with one file per table; UTF-8, `\\n` line ends, empty cells for what is unknown.

A text that a spreadsheet would take for a formula gets an apostrophe before it, and so does one
that begins with an apostrophe: whoever takes one apostrophe away has the exact text again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from geoties.graph.exports.tables import write_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from geoties.graph.exports.cut import Cut

FOLDER = True
_READ_AS_FORMULA = r"^[=+\-@\t\r\n'＝＋－＠]"
_ABOUT = {
    "text_guard": "A text cell that would begin with = + - @ (also full-width), a tab, a line end "
    "or an apostrophe has an apostrophe before it; take one away to have the text."
}


def write(cut: Cut, path: Path) -> Mapping[str, int]:
    """Write a cut's tables into the folder `path`."""
    return write_tables(cut, path, "csv", _write, _ABOUT)


def _write(frame: pl.DataFrame, path: Path) -> None:
    frame.with_columns(guarded(pl.col(pl.String))).write_csv(path, quote_style="necessary")


def guarded(text: pl.Expr) -> pl.Expr:
    """Text as a cell: empty text as an empty cell, a would-be formula behind an apostrophe.

    >>> cells = pl.DataFrame({"cell": ["=1+1", "'", "Peru"]})
    >>> cells.select(guarded(pl.col("cell")))["cell"].to_list()
    ["'=1+1", "''", 'Peru']
    """
    behind = text.str.replace("^", "'")
    return pl.when(text.str.contains(_READ_AS_FORMULA)).then(behind).when(text != "").then(text)


def left_out(cut: Cut) -> Iterator[str]:
    """What the cut leaves out, and nothing more."""
    return cut.left_out()
