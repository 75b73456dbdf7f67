"""What a store is asked while it answers, so that a receipt can say it."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from geoties.graph.remote import with_prefixes, with_values
from geoties.graph.store import Term, TripleStore


class Recorder:
    """A store that keeps the text of each query that it is asked."""

    def __init__(self, store: TripleStore) -> None:
        self._store = store
        self.sent: list[str] = []

    def query(
        self,
        /,
        query: str,
        *,
        prefixes: dict[str, str] | None = None,
        substitutions: dict[ox.Variable, Term | ox.Triple] | None = None,
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """As the store itself answers."""
        bound = with_values(query.strip(), substitutions or {})
        self.sent.append(with_prefixes(bound, prefixes or {}))
        return self._store.query(query, prefixes=prefixes, substitutions=substitutions)

    def quads_for_pattern(
        self,
        /,
        subject: ox.NamedNode | None,
        predicate: ox.NamedNode | None,
        object: ox.NamedNode | None,
        graph_name: ox.NamedNode | None = None,
    ) -> Iterator[ox.Quad]:
        """As the store itself answers."""
        return self._store.quads_for_pattern(subject, predicate, object, graph_name)
