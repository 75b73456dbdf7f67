"""A graph that somebody's SPARQL store keeps: `geoties.load(endpoint="http://…/sparql")`."""

from __future__ import annotations

from functools import cached_property

from geoties.graph.model import UserError
from geoties.graph.snapshots import Snapshot
from geoties.graph.store import TripleStore
from geoties.knowledge import KnowledgeGraph
from geoties.queries.answers import Graph
from geoties.queries.asking import Names
from geoties.queries.elsewhere import graph_at
from geoties.queries.in_columns import NO_COLUMNS


class RemoteGraph(KnowledgeGraph):
    """A graph in somebody's SPARQL store, asked over HTTP; it has no columns."""

    def __init__(self, url: str) -> None:
        self._graph = graph_at(url)

    def __repr__(self) -> str:
        return f"<RemoteGraph as of {self.date}, at {self._graph.manifest['endpoint']}>"

    @property
    def date(self) -> str:
        """The day the graph speaks of, as ISO text."""
        return self._graph.date

    @property
    def snapshot(self) -> Snapshot:  # type: ignore[override]
        """There is no build; raises `UserError`."""
        raise UserError(NO_COLUMNS)

    @cached_property
    def store(self) -> TripleStore:
        """The store over HTTP."""
        return self._graph.store

    @cached_property
    def names(self) -> Names:
        """What every entity is called."""
        return self._graph.names

    @cached_property
    def opened(self) -> Graph:
        """The graph as `queries` asks it."""
        return self._graph
