"""N-Triples: the default graph, a statement per line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoties.graph.exports.ntriples import Lines
from geoties.graph.exports.statements import left_out_of_default, with_current, write_parts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from geoties.graph.exports.cut import Cut

FOLDER = False


def write(cut: Cut, path: Path) -> Mapping[str, int]:
    """Write a cut; with `include_current`, the statements that hold on its day are in it."""
    with path.open("wb") as out:
        return {"triples": write_parts(with_current(cut), Lines(), out)}


left_out = left_out_of_default
