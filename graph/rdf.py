"""The store as an rdflib Dataset, for those who know rdflib; every query goes to Oxigraph.

What to know of it, all tested:

- It is read-only: a change raises `UserError`. Take a cut with `kg.export`, or copy what you
  need into a `Graph` of your own, to work on.
- A plain query asks the default graph. The direct statements that hold on the graph's date are
  in a named graph: `FROM <…/graph/2026-02-01>`, `GRAPH ?g {…}`, or `ds.graph(iri).query(…)`.
- rdflib would answer by itself, a thousand times slower, what the engine refuses; here it is
  said instead. A query made with `prepareQuery` is answered by the engine too.
- `initBindings` can bind the variables that a query selects (or any of an ASK); bind others in
  the query, with VALUES.
- Path expressions, `ds.value` and `ds.triples` of rdflib are answered triple by triple: fine for
  one state, slow for all of trade. Large answers reach pandas faster through `kg.sparql`.
- `len(ds)` counts the statements of all graphs, and takes half a second per three million.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

import pyoxigraph as ox
from oxrdflib import OxigraphStore
from rdflib import XSD, BNode, Dataset, Graph, Literal, URIRef
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.term import Identifier, Node, Variable

from geoties.graph.model import UserError
from geoties.graph.store import PREFIXES, guard, open_store

_UNION = "__UNION__"


def rdf_dataset(folder: Path) -> Dataset:
    """The store in `folder` as a read-only Dataset, with the project's prefixes bound.

    Raises `UserError` when the store is damaged.
    """
    dataset = Dataset(store=ReadOnlyStore(store=open_store(folder)))
    for prefix, namespace in PREFIXES.items():
        dataset.bind(prefix, namespace, override=True, replace=True)
    return dataset


class ReadOnlyStore(OxigraphStore):
    """Oxigraph behind rdflib, without the ways in which that surprises."""

    def query(
        self,
        query: Query | str,
        initNs: Mapping[str, Any],
        initBindings: Mapping[str, Identifier],
        queryGraph: str,
        **options: object,
    ) -> Result:
        """Answer a query with the engine; never fall back to rdflib's own.

        Raises `UserError` for a query that does not parse, that reaches for other servers, or
        that comes with options which the engine does not have.
        """
        if options:
            raise UserError(f"The engine has no option {', '.join(options)}; ask without it.")
        text, base, prefixes = _as_text(query, initNs)
        guard(text, prefixes, base)
        try:
            answer = self._inner.query(
                text,
                base_iri=base,
                prefixes=prefixes,
                use_default_graph_as_union=queryGraph == _UNION,
                default_graph=_asked_graph(queryGraph),
                substitutions={ox.Variable(name): _ox(term) for name, term in initBindings.items()},
            )
        except (SyntaxError, ValueError, RuntimeError, OSError) as problem:
            told = " ".join(str(problem).split())
            raise UserError(f"The SPARQL query cannot be run: {told}") from None
        return _result(answer)

    def triples(
        self, triple_pattern: Any, context: Graph | None = None
    ) -> Iterator[tuple[Any, Iterator[Graph | None]]]:
        """The matching triples, with plain texts as rdflib has them."""
        for (subject, predicate, value), contexts in super().triples(triple_pattern, context):
            yield (subject, predicate, _plain(value)), contexts

    def __len__(self, context: Graph | None = None) -> int:
        """How many statements a graph has; without one, all graphs together."""
        if context is None:
            return len(self._inner)
        return sum(1 for _ in self.triples((None, None, None), context))

    def add_graph(self, graph: Graph) -> None:
        """Nothing: `Dataset.graph` calls this also to read a graph."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise UserError("The graph is read-only; copy what you need into a Graph of your own.")

    add = addN = remove = update = remove_graph = destroy = _refuse


def _as_text(
    query: Query | str, prefixes: Mapping[str, Any]
) -> tuple[str, str | None, dict[str, str]]:
    """The text of a query, also of a prepared one, with its base and prefixes."""
    base = None
    if isinstance(query, Query):
        query, own, base = query._original_args
        prefixes = {**prefixes, **own}
    return query, base, {name: str(namespace) for name, namespace in prefixes.items()}


def _asked_graph(name: str) -> Any:
    """The graph to ask; `None`, the engine's own choice, for the default one: FROM counts then."""
    return _ox(name) if isinstance(name, Node) and name != DATASET_DEFAULT_GRAPH_ID else None


def _ox(term: Node) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if isinstance(term, Literal):
        datatype = ox.NamedNode(term.datatype) if term.datatype and not term.language else None
        return ox.Literal(str(term), language=term.language, datatype=datatype)
    return ox.BlankNode(str(term)) if isinstance(term, BNode) else ox.NamedNode(str(term))


def _rdf(term: Any) -> Any:
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if term.language:
        return Literal(term.value, lang=term.language)
    return _plain(Literal(term.value, datatype=URIRef(term.datatype.value)))


def _plain(term: Any) -> Any:
    """Text as `Literal("PE")`: oxrdflib gives it a datatype, and then it equals no such literal."""
    if isinstance(term, Literal) and term.datatype == XSD.string:
        return Literal(str(term))
    return term


def _result(answer: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples) -> Result:
    if isinstance(answer, ox.QueryBoolean):
        result = Result("ASK")
        result.askAnswer = bool(answer)
    elif isinstance(answer, ox.QueryTriples):
        result = Result("CONSTRUCT")
        result.graph = _graph(answer)
    else:
        result = Result("SELECT")
        result.vars = [Variable(variable.value) for variable in answer.variables]
        result.bindings = _bindings(result.vars, answer)
    return result


def _graph(triples: Iterable[ox.Triple]) -> Graph:
    graph = Graph()
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    for triple in triples:
        graph.add((_rdf(triple.subject), _rdf(triple.predicate), _rdf(triple.object)))
    return graph


def _bindings(
    names: list[Variable], rows: ox.QuerySolutions
) -> Iterator[Mapping[Variable, Identifier]]:
    for row in rows:
        pairs = zip(names, row, strict=True)
        yield {name: _rdf(term) for name, term in pairs if term is not None}
