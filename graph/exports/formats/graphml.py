"""GraphML: the network of a date, every attribute with its type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import polars as pl

from geoties.graph.exports.markup import (
    Attributes,
    attribute,
    network_left_out,
    nodes_and_edges,
    numbered,
)

if TYPE_CHECKING:
    from pathlib import Path

    from geoties.graph.exports.cut import Cut

FOLDER = False
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns \
http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""
_FOOT = "</graph>\n</graphml>\n"


def write(cut: Cut, path: Path) -> Mapping[str, int]:
    """Write the network of the cut's day."""
    nodes, edges = nodes_and_edges(cut)
    with path.open("wb") as out:
        out.write(f"{_HEAD}{''.join(_keys(nodes, edges))}{_graph(cut)}".encode())
        out.write(_texts(nodes, "node", _NODE).encode())
        out.write(_texts(edges, "edge", _EDGE).encode())
        out.write(_FOOT.encode())
    return {"nodes": nodes.rows.height, "edges": edges.rows.height}


def _keys(nodes: Attributes, edges: Attributes) -> Iterator[str]:
    yield from (f'<key id="{n}" for="graph" attr.name="{n}" attr.type="string"/>\n' for n in _ABOUT)
    for what, attributes in (("node", nodes), ("edge", edges)):
        for place, name, kind in numbered(attributes):
            key = f'<key id="{what}{place}" for="{what}" attr.name={attribute(name)} '
            yield f'{key}attr.type="{kind}"/>\n'


_ABOUT = ("date", "checksum")
_NODE = (pl.lit('<node id="'), pl.col("id"), pl.lit('">'))
_EDGE = (
    pl.lit('<edge id="'),
    pl.col("id"),
    pl.lit('" source="'),
    pl.col("from"),
    pl.lit('" target="'),
    pl.col("to"),
    pl.lit('">'),
)


def _graph(cut: Cut) -> str:
    about = {"date": cut.selection.day, "checksum": cut.selection.checksum}
    data = "".join(f'<data key="{name}">{text}</data>' for name, text in about.items())
    return f'<graph id="geoties" edgedefault="directed">{data}\n'


def _texts(attributes: Attributes, what: str, opening: tuple[pl.Expr, ...]) -> str:
    data = [
        pl.lit(f'<data key="{what}{place}">') + pl.col(name) + "</data>"
        for place, name, _ in numbered(attributes)
    ]
    line = pl.concat_str(*opening, *data, pl.lit(f"</{what}>\n"), ignore_nulls=True)
    return str(attributes.rows.select(line).to_series().str.join("").item() or "")


left_out = network_left_out
