"""TriG: as Turtle, and the statements that hold on a date in a graph that carries it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoties.graph.exports.statements import (
    current_statements,
    graph_path,
    part_text,
    parts,
    write_parts,
)
from geoties.graph.exports.turtle import Turtle, head

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from geoties.graph.exports.cut import Cut

FOLDER = False


def write(cut: Cut, path: Path) -> Mapping[str, int]:
    """Write a cut with its named graph."""
    current = current_statements(cut)
    with path.open("wb") as out:
        out.write(head(cut, left_out(cut)).encode())
        count = write_parts(parts(cut), Turtle(), out)
        out.write(f"\n<{graph_path(cut)}> {{\n".encode())
        out.write(f"{part_text(current, Turtle())}}}\n".encode())
        return {"triples": count, "in the named graph": current.statements()}


def left_out(cut: Cut) -> Iterator[str]:
    """What the cut leaves out, and nothing more."""
    return cut.left_out()
