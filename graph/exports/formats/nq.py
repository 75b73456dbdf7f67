"""N-Quads: as N-Triples, and the statements that hold on a date in a graph that carries it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoties.graph.exports.ntriples import Lines
from geoties.graph.exports.statements import (
    current_statements,
    graph_path,
    part_text,
    parts,
    write_parts,
)
from geoties.graph.model import BASE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from geoties.graph.exports.cut import Cut

FOLDER = False


def write(cut: Cut, path: Path) -> Mapping[str, int]:
    """Write a cut with its named graph."""
    current = current_statements(cut)
    with path.open("wb") as out:
        count = write_parts(parts(cut), Lines(), out)
        out.write(part_text(current, Lines(BASE + graph_path(cut))).encode())
        return {"triples": count, "in the named graph": current.statements()}


def left_out(cut: Cut) -> Iterator[str]:
    """What the cut leaves out, and nothing more."""
    return cut.left_out()
