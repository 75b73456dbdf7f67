"""A graph in somebody's SPARQL store, asked over HTTP as the embedded store is asked.

`geoties push` writes the graph there, with a description of it that is finished last; here is how
it is read. No value is put into the text of a query but as a term that the engine's own writer
has spelled.
"""

from __future__ import annotations

import io
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

import pyoxigraph as ox

from geoties.graph.model import BASE, ONTOLOGY, UserError
from geoties.graph.store import MASKED, Term
from geoties.graph.wire import LARGEST_ANSWER, Reply, Wire

DESCRIPTION = BASE + "dataset"
RESULTS, TRIPLES = "application/sparql-results+json", "application/n-triples"
_AHEAD = 400
_MOST_NAMED = 20_000
_LAST = re.compile(r"[/#]")
_PREFIX_NAME = re.compile(r"[A-Za-z]\w*")
_WHERE = re.compile(r"\bWHERE\s*\{", re.IGNORECASE)
_NAMED = re.compile(rb'"(' + re.escape(BASE).encode() + rb'[a-z-]+/[^"\\<>\s]+)"')


class RemoteStore:
    """A SPARQL endpoint with what the readers of our store need: queries and simple patterns.

    What an answer names is likely to be asked about next, so the statements about many such
    things are fetched by one request and kept.
    """

    def __init__(self, url: str, largest: int = LARGEST_ANSWER) -> None:
        self.url = url
        self._wire = Wire(url, largest)
        self._about: dict[str, list[ox.Quad]] = {}
        self._named: dict[str, None] = {}
        self._having_any: dict[str, list[ox.NamedNode]] = {}
        self._having_all: dict[str, list[ox.NamedNode]] = {}

    def __repr__(self) -> str:
        return f"<RemoteStore {self.url}>"

    def query(
        self,
        /,
        query: str,
        *,
        prefixes: dict[str, str] | None = None,
        substitutions: dict[ox.Variable, Term | ox.Triple] | None = None,
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """The result of a query; raises `UserError` for what is no answer to one."""
        text = with_prefixes(with_values(query, substitutions or {}), prefixes or {})
        reply = self._ask(text)
        if reply.media_type.endswith("sparql-results+json") or reply.media_type.endswith("/json"):
            self._remember(reply.body)
            return self._results(reply.body)
        if reply.media_type in (TRIPLES, "text/plain"):
            return self._triples(reply.body)
        raise self._no_sparql(reply.media_type)

    def _ask(self, text: str) -> Reply:
        accept = f"{RESULTS}, {TRIPLES};q=0.9"
        return self._wire.send("POST", body={"query": text}, accept=accept)

    def _results(self, body: bytes) -> ox.QuerySolutions | ox.QueryBoolean:
        try:
            whole = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
            if isinstance(whole, ox.QuerySolutions):
                deque(whole, maxlen=0)  # a fault is told now, not in the middle of the rows
            return ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        except (SyntaxError, ValueError, OSError):
            raise self._no_sparql("something that is not whole") from None

    def _triples(self, body: bytes) -> ox.QueryTriples:
        store = ox.Store()
        try:
            store.extend(ox.parse(io.BytesIO(body), format=ox.RdfFormat.N_TRIPLES))
        except (SyntaxError, ValueError):
            raise self._no_sparql("something that is not whole") from None
        found = store.query("CONSTRUCT WHERE { ?s ?p ?o }")
        assert isinstance(found, ox.QueryTriples)
        return found

    def _no_sparql(self, what: str) -> UserError:
        told = what or "nothing that says what it is"
        return UserError(f"{self.url} does not answer as a SPARQL endpoint does; it sent {told}.")

    def quads_for_pattern(
        self,
        /,
        subject: ox.NamedNode | None,
        predicate: ox.NamedNode | None,
        object: ox.NamedNode | None,
        graph_name: ox.NamedNode | None = None,
    ) -> Iterator[ox.Quad]:
        """The statements about a subject, or those with a predicate and an object."""
        if subject is not None:
            found: Iterable[ox.Quad] = self._statements(subject)
        elif predicate is not None and object is not None:
            found = self._having(predicate, object)
        else:
            raise ValueError("a pattern needs a subject, or a predicate and an object")
        for quad in found:
            if predicate in (None, quad.predicate) and object in (None, quad.object):
                yield quad

    def _statements(self, subject: ox.NamedNode) -> list[ox.Quad]:
        if subject.value not in self._about:
            self._read(self._batch(subject.value))
        return self._about[subject.value]

    def _batch(self, wanted: str) -> list[str]:
        """The subject with others of its sort that have been named and are not yet known."""
        sort = wanted.startswith(BASE + "tie/")
        others = (
            name for name in self._named
            if name.startswith(BASE + "tie/") == sort and name not in self._about
        )  # fmt: skip
        batch = {wanted: None}
        for name in others:
            batch[name] = None
            if len(batch) == _AHEAD:
                break
        return list(batch)

    def _read(self, subjects: Iterable[str]) -> None:
        nodes = list(_nodes(subjects))
        text = f"SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {' '.join(map(str, nodes))} }} ?s ?p ?o }}"
        for node in nodes:
            self._about[node.value] = []
            self._named.pop(node.value, None)
        for subject, predicate, object_ in self._select(text):
            quad = ox.Quad(subject, predicate, object_, ox.DefaultGraph())
            self._about.setdefault(subject.value, []).append(quad)

    def _having(self, predicate: ox.NamedNode, object_: ox.NamedNode) -> Iterator[ox.Quad]:
        """One first, for who asks only whether there is any; then, on demand, the rest."""
        pattern = f"SELECT DISTINCT ?s WHERE {{ ?s {predicate} {object_} }}"
        if pattern not in self._having_any:
            self._having_any[pattern] = self._subjects(f"{pattern} LIMIT 1")
        first = self._having_any[pattern]
        yield from (ox.Quad(subject, predicate, object_) for subject in first)
        if first and pattern not in self._having_all:
            self._having_all[pattern] = self._subjects(pattern)
        for subject in self._having_all.get(pattern, ()):
            if subject not in first:
                yield ox.Quad(subject, predicate, object_)

    def _subjects(self, query: str) -> list[ox.NamedNode]:
        found = self._results(self._ask(query).body)
        if not isinstance(found, ox.QuerySolutions):
            raise self._no_sparql("no rows")
        return sorted((subject for (subject,) in found), key=str)

    def _select(self, text: str) -> ox.QuerySolutions:
        found = self.query(text)
        if not isinstance(found, ox.QuerySolutions):
            raise self._no_sparql("no rows")
        return found

    def _remember(self, body: bytes) -> None:
        for name in _NAMED.findall(body):
            text = name.decode("utf-8", "replace")
            if text not in self._about and not text.startswith(ONTOLOGY):
                self._named[text] = None
            if len(self._named) > _MOST_NAMED:
                self._named.pop(next(iter(self._named)))

    @cached_property
    def described(self) -> Mapping[str, str]:
        """What `geoties push` or `geoties serve` says of the graph: its values by the local names
        of properties.

        Raises `UserError` where there is none, or where it was never finished.
        """
        text = f"SELECT ?p ?o WHERE {{ {ox.NamedNode(DESCRIPTION)} ?p ?o }}"
        told = {_LAST.split(name.value)[-1]: value.value for name, value in self._select(text)}
        told = told or self._service_description()
        if not told:
            raise UserError(f"{self.url} holds no graph of ours; `geoties push` writes one.")
        if "triples" not in told:
            raise UserError(
                f"{self.url} holds a graph that was never finished; run `geoties push` again."
            )
        return told

    def _service_description(self) -> dict[str, str]:
        """What the endpoint itself says of our dataset; nothing where it is another's."""
        try:
            reply = self._wire.send("GET", accept=TRIPLES)
            found = self._triples(reply.body) if reply.media_type == TRIPLES else ()
        except UserError:
            return {}
        about = [triple for triple in found if triple.subject == ox.NamedNode(DESCRIPTION)]
        return {_LAST.split(t.predicate.value)[-1]: str(t.object.value) for t in about}


def _nodes(subjects: Iterable[str]) -> Iterator[ox.NamedNode]:
    for subject in subjects:
        try:
            yield ox.NamedNode(subject)
        except ValueError:
            continue


def with_prefixes(query: str, prefixes: Mapping[str, str]) -> str:
    """A query with its prefixes declared, each as a term that the engine's writer has spelled.

    >>> print(with_prefixes("ASK { ?tie gt:to body: }", {"body": "https://example.org/UN"}))
    PREFIX body: <https://example.org/UN>
    ASK { ?tie gt:to body: }
    """
    lines = []
    for name, iri in prefixes.items():
        if not _PREFIX_NAME.fullmatch(name):
            raise UserError(f"{name!r} cannot be the name of a prefix.")
        if f"{name}:" in query:
            lines.append(f"PREFIX {name}: {ox.NamedNode(iri)}")
    return "\n".join([*lines, query])


def with_values(query: str, values: Mapping[ox.Variable, Term | ox.Triple]) -> str:
    """A query in which variables have values: a clause VALUES in each of its WHERE groups.

    A group that is evaluated by itself, as a sub-select is, must be told too.

    >>> with_values("SELECT ?x WHERE { ?s ?p ?x }", {ox.Variable("x"): ox.Literal("a b")})
    'SELECT ?x WHERE { VALUES ?x { "a b" } ?s ?p ?x }'
    """
    if not values:
        return query
    clause = "".join(f" VALUES {name} {{ {term} }}" for name, term in values.items())
    hidden = MASKED.sub(lambda found: " " * len(found[0]), query)
    ends = [found.end() for found in _WHERE.finditer(hidden)]
    pieces = [query[a:b] for a, b in zip([0, *ends], [*ends, len(query)], strict=True)]
    return clause.join(pieces)
