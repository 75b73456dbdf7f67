"""The partnerships in force on a day as a networkx graph, and who has the most."""

from __future__ import annotations

import networkx as nx

import geoties

kg = geoties.load()
graph = kg.network(on="2023-12-31", kinds="partnership")
partners = nx.Graph(graph).degree()
for state, count in sorted(partners, key=lambda item: (-item[1], item[0]))[:5]:
    print(state, count)
