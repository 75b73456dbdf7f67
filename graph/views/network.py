"""The page's first picture as a pyvis `Network`: nodes, edges and the options of vis-network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

OPTIONS: Mapping[str, Any] = {
    "autoResize": False,
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {
        "dragNodes": False,
        "hover": False,
        "selectable": False,
        "keyboard": {"enabled": False},
        "tooltipDelay": 3_600_000,
        "zoomSpeed": 0.6,
    },
    "nodes": {
        "shape": "dot",
        "borderWidth": 1,
        "fixed": True,
        "scaling": {"label": {"drawThreshold": 10_000}},
    },
    "edges": {"arrowStrikethrough": False, "selectionWidth": 0, "hoverWidth": 0},
}
"""Physics off, every place given by `layouts`, labels left to the page (they must not collide)."""

SIZE = 1000


def make_network(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The nodes, edges and options of pyvis for a payload: what the page hands to vis-network.

    The page replaces places, sizes and colours with those of its own width and theme at once.
    """
    from pyvis.network import Network

    network = Network(directed=True)
    places = payload["layouts"]["pivot"]
    for number, node in enumerate(payload["nodes"]):
        x, y = (round(SIZE * places[axis][number]) for axis in ("x", "y"))
        network.add_node(number, label=node["labels"]["en"], x=x, y=y, size=5)
    for link in payload["first_lines"]:
        a, b = sorted(link[:2])
        network.add_edge(link[0], link[1], id=f"{a}-{b}", width=1)
    network.set_options(json.dumps(OPTIONS))
    return {"nodes": network.nodes, "edges": network.edges, "options": network.options}
