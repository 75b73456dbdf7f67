"""GEXF 1.2, as Gephi reads it: the network of a date, every attribute with its type."""

from __future__ import annotations

from collections.abc import Mapping
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
_NODE = (
    pl.lit('<node id="'),
    pl.col("id"),
    pl.lit('" label="'),
    pl.col("label"),
    pl.lit('"><attvalues>'),
)
_EDGE = (
    pl.lit('<edge id="'),
    pl.col("id"),
    pl.lit('" source="'),
    pl.col("from"),
    pl.lit('" target="'),
    pl.col("to"),
    pl.lit('"><attvalues>'),
)


def write(cut: Cut, path: Path) -> Mapping[str, int]:
    """Write the network of the cut's day."""
    nodes, edges = nodes_and_edges(cut)
    with path.open("wb") as out:
        out.write((_head(cut) + _declared(nodes, "node") + _declared(edges, "edge")).encode())
        out.write(f"<nodes>\n{_texts(nodes, 'node', _NODE)}</nodes>\n".encode())
        out.write(f"<edges>\n{_texts(edges, 'edge', _EDGE)}</edges>\n".encode())
        out.write(b"</graph>\n</gexf>\n")
    return {"nodes": nodes.rows.height, "edges": edges.rows.height}


def _head(cut: Cut) -> str:
    about = f"The ties on {cut.selection.day}, build {cut.selection.checksum or 'unnamed'}."
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n'
        f'<meta lastmodifieddate="{cut.selection.graph_date}"><creator>geoties</creator>'
        f"<description>{about}</description></meta>\n"
        '<graph mode="static" defaultedgetype="directed">\n'
    )


def _declared(attributes: Attributes, what: str) -> str:
    lines = "".join(
        f'<attribute id="{what}{place}" title={attribute(name)} type="{kind}"/>\n'
        for place, name, kind in numbered(attributes)
        if name != "label"
    )
    return f'<attributes class="{what}">\n{lines}</attributes>\n'


def _texts(attributes: Attributes, what: str, opening: tuple[pl.Expr, ...]) -> str:
    values = [
        pl.lit(f'<attvalue for="{what}{place}" value="') + pl.col(name) + '"/>'
        for place, name, _ in numbered(attributes)
        if name != "label"
    ]
    line = pl.concat_str(*opening, *values, pl.lit(f"</attvalues></{what}>\n"), ignore_nulls=True)
    return str(attributes.rows.select(line).to_series().str.join("").item() or "")


left_out = network_left_out
