"""What a worker can be asked to do. Each job takes the graph, the question and the limits, and
gives a head and a body; what cannot be answered is a `UserError` or `NoAnswer`."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import IO, Any, cast

import pyoxigraph as ox

from geoties.graph.model import BASE, UserError
from geoties.graph.store import PREFIXES, Answer, guard, plain, unusable
from geoties.knowledge import KnowledgeGraph
from geoties.queries.facts import exists, label
from geoties.queries.header import question_names, read_question
from geoties.server.messages import Head
from geoties.server.pool import COLUMNS, GRAPH, TEXT, Limits

Done = tuple[Head, bytes]
Job = Callable[[KnowledgeGraph, Head, Limits], Done]
_Graph = ox.NamedNode | ox.BlankNode | ox.DefaultGraph
Result = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

SOLUTIONS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
TRIPLES = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}
_UPDATE = re.compile(
    r"\s*(?:(?:PREFIX\s+\S*\s*<[^>]*>|BASE\s*<[^>]*>|#[^\n]*)\s*)*"
    r"(INSERT|DELETE|LOAD|CLEAR|CREATE|DROP|COPY|MOVE|ADD|WITH)\b",
    re.IGNORECASE,
)


class NoAnswer(Exception):
    """There is no answer, for a reason that is not a mistake in the words of the question."""

    def __init__(self, status: str, told: str) -> None:
        super().__init__(told)
        self.status = status


def sparql(graph: KnowledgeGraph, question: Head, limits: Limits) -> Done:
    """The result of a query in the first format that is acceptable for what it gives.

    `solutions` and `triples` are the acceptable media types; either may be empty.
    """
    result = _ask(_store(graph), question)
    try:
        if isinstance(result, ox.QueryTriples):
            media = _acceptable(question["triples"])
            body = _written_triples(result, media, limits)
        else:
            media = _acceptable(question["solutions"])
            body = _written_solutions(result, media, limits)
    except (RuntimeError, OSError) as problem:
        raise unusable(problem) from None
    return {"status": "done", "type": media}, body


def _store(graph: KnowledgeGraph) -> ox.Store:
    """The embedded store; a worker never opens another."""
    assert isinstance(graph.store, ox.Store)
    return graph.store


def _ask(store: ox.Store, question: Head) -> Result:
    text = str(question["text"])
    _refuse_updates(text)
    guard(text)
    try:
        return store.query(
            text,
            prefixes=PREFIXES,
            default_graph=_default(store, question),
            named_graphs=_named(store, question),
        )
    except (SyntaxError, ValueError, RuntimeError, OSError) as problem:
        raise unusable(problem) from None


def _refuse_updates(text: str) -> None:
    """For the sake of a clear answer; the engine's parser of queries takes no update at all."""
    if found := _UPDATE.match(text):
        told = f"{found[1].upper()} is an update, and this graph is read-only; ask a query."
        raise NoAnswer("forbidden", told)


def _default(store: ox.Store, question: Head) -> list[_Graph] | None:
    return [*_graphs(store, question.get("default", []))] or None


def _named(store: ox.Store, question: Head) -> list[ox.NamedNode | ox.BlankNode] | None:
    """With default graphs alone the dataset has no named ones, as the protocol says."""
    found = _graphs(store, question.get("named", []))
    return [*found] if found or question.get("default") else None


def _graphs(store: ox.Store, iris: Sequence[str]) -> list[ox.NamedNode]:
    """The graphs that the protocol's parameters name; none that the store does not have."""
    known = {name.value: name for name in store.named_graphs() if isinstance(name, ox.NamedNode)}
    for iri in iris:
        if iri not in known:
            raise UserError(f"There is no graph {iri!r}; there are: {', '.join(sorted(known))}.")
    return [known[iri] for iri in iris]


def _acceptable(offered: Sequence[str]) -> str:
    if not offered:
        raise NoAnswer(
            "not acceptable",
            "SELECT and ASK are answered as JSON, XML, CSV or TSV, CONSTRUCT and DESCRIBE as "
            "Turtle, N-Triples, JSON-LD or RDF/XML; the Accept header wants none of those.",
        )
    return offered[0]


def _written_triples(triples: ox.QueryTriples, media: str, limits: Limits) -> bytes:
    found = list(islice(triples, limits.rows + 1))
    _check_rows(len(found), limits)
    sink = _Sink(limits.bytes)
    ox.serialize(
        sorted(found, key=str), cast(IO[bytes], sink), format=TRIPLES[media], prefixes=PREFIXES
    )
    return sink.data()


def _written_solutions(
    result: ox.QuerySolutions | ox.QueryBoolean, media: str, limits: Limits
) -> bytes:
    sink = _Sink(limits.bytes)
    result.serialize(cast(IO[bytes], sink), format=SOLUTIONS[media])
    body = sink.data()
    if len(body) > limits.rows:  # or there cannot be more rows: each has a byte at least
        _check_rows(rows_in(body, media), limits)
    return body


_TEXT_IN_JSON = re.compile(rb'"(?:[^"\\]|\\.)*"')
_TEXT_IN_CSV = re.compile(rb'"[^"]*"')


def rows_in(body: bytes, media: str) -> int:
    """How many solutions a result holds, as the engine writes it.

    >>> rows_in(b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":{"value":"},{"}},{}]}}',
    ...     "application/sparql-results+json")
    2
    """
    if media.endswith("+xml"):
        return body.count(b"<result>")
    if media.endswith("+json"):
        bare = _TEXT_IN_JSON.sub(b"", body)
        return bare.count(b"},{") + (b"[{" in bare)
    return (_TEXT_IN_CSV.sub(b"", body) if media == "text/csv" else body).count(b"\n") - 1


def _check_rows(found: int, limits: Limits) -> None:
    if found > limits.rows:
        raise NoAnswer(
            "too much", f"The answer has more than the {limits.rows:,} rows that are allowed."
        )


class _Sink(io.RawIOBase):
    """What the engine writes into; full at its limit."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._left = most
        self._most = most

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, part: Any) -> int:
        """Take a part; raises `NoAnswer` when there is no room for it."""
        self._left -= len(part)
        if self._left < 0:
            told = f"The answer has more than the {self._most:,} bytes that are allowed."
            raise NoAnswer("too much", told)
        self._parts.append(bytes(part))
        return len(part)

    def data(self) -> bytes:
        """All that was written."""
        return b"".join(self._parts)


def rows(graph: KnowledgeGraph, question: Head, limits: Limits) -> Done:
    """The rows of a query as `geoties sparql` shows them."""
    result = _ask(_store(graph), question)
    try:
        answer = _plain_rows(result, limits)
    except (RuntimeError, OSError) as problem:
        raise unusable(problem) from None
    found = {"columns": answer.columns, "rows": answer.rows}
    return _json(found, limits, numberless=True)


def _plain_rows(result: Result, limits: Limits) -> Answer:
    if isinstance(result, ox.QueryBoolean):
        return Answer(("answer",), [(bool(result),)])
    if isinstance(result, ox.QueryTriples):
        columns: tuple[str, ...] = ("subject", "predicate", "object")
        terms: Iterable[Iterable[Any]] = ((t.subject, t.predicate, t.object) for t in result)
    else:
        columns, terms = tuple(variable.value for variable in result.variables), result
    found = [tuple(map(plain, row)) for row in islice(terms, limits.rows + 1)]
    _check_rows(len(found), limits)
    return Answer(columns, found)


def question(graph: KnowledgeGraph, asked: Head, limits: Limits) -> Done:
    """The answer to a question of the library, with its columns, units and sources."""
    name, parameters = str(asked["name"]), {k: str(v) for k, v in asked["parameters"].items()}
    if name not in question_names():
        raise NoAnswer("unknown", f"There is no question {name!r}; /api/queries lists them.")
    header = read_question(name)
    answer = graph.query_answer(name, parameters)
    _check_rows(len(answer.rows), limits)
    found = {
        "name": name,
        "question": header.question,
        "parameters": parameters,
        "graph_date": graph.date,
        "graph": graph.snapshot.checksum,
        "columns": [
            {"name": c.name, "unit": c.unit, "description": c.description} for c in header.columns
        ],
        "rows": answer.dicts(),
        "sources": _sources(graph, answer),
    }
    return _json(found, limits)


def _sources(graph: KnowledgeGraph, answer: Answer) -> list[Mapping[str, str]]:
    from geoties.queries.citations import sources_of

    wanted = ("id", "title", "licence", "citation", "url")
    found = sources_of(answer, graph.snapshot.manifest)
    return [{key: str(source[key]) for key in wanted} for source in found]


def entity(graph: KnowledgeGraph, question: Head, limits: Limits) -> Done:
    """What a page about an entity says; see `geoties.server.entities`."""
    from geoties.server.entities import told_of

    id = _known(graph, question)
    asked = (str(question.get(name, "")) for name in ("on", "kind", "page"))
    return _json(told_of(graph, id, *asked), limits)


def statements(graph: KnowledgeGraph, question: Head, limits: Limits) -> Done:
    """What the graph states of an entity or tie, as RDF."""
    about = ox.NamedNode(BASE + _known(graph, question))
    found = {quad.triple for quad in graph.store.quads_for_pattern(about, None, None, None)}
    media = _acceptable(question["triples"])
    sink = _Sink(limits.bytes)
    ox.serialize(
        sorted(found, key=str), cast(IO[bytes], sink), format=TRIPLES[media], prefixes=PREFIXES
    )
    return {"status": "done", "type": media}, sink.data()


_ID = re.compile(r"[a-z-]+(/[A-Za-z0-9._~%:@!$&'()*+,;=-]+)+")


def _known(graph: KnowledgeGraph, question: Head) -> str:
    id = str(question["id"])
    if not _ID.fullmatch(id) or not exists(graph.store, id):
        told = (
            f"The graph knows of nothing at /{id[:100]}; /find?name=NAME leads to what has a page."
        )
        raise NoAnswer("unknown", told)
    return id


def find(graph: KnowledgeGraph, question: Head, limits: Limits) -> Done:
    """Which entity a name means; where none is certain, why not, and those with a like name."""
    from geoties.queries.asking import entity_named

    name = str(question["name"])
    try:
        id = entity_named(graph.names, name, store=graph.store)
    except UserError as problem:
        return _json({"id": "", "told": str(problem), "like": _like(graph, name)}, limits)
    return _json({"id": id, "told": "", "like": [[id, label(graph.store, id)]]}, limits)


def _like(graph: KnowledgeGraph, name: str) -> list[list[str]]:
    from geoties.queries.asking import QuickNames

    assert isinstance(graph.names, QuickNames)
    return [[near.id, near.label] for near in graph.names.whole.suggest(name)]


def explore(graph: KnowledgeGraph, question: Head, limits: Limits) -> Done:
    """The explorer page, compressed as it goes over the wire."""
    import gzip

    page = graph.view(**question["options"], served=True)
    body = gzip.compress(page.html.encode(), 6, mtime=0)
    return {"status": "done", "type": "text/html"}, body


def _json(found: object, limits: Limits, *, numberless: bool = False) -> Done:
    """A body of JSON; only another Python understands NaN and infinity (`numberless`) in it."""
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"), allow_nan=numberless)
    body = text.encode()
    if len(body) > limits.bytes:
        told = f"The answer has more than the {limits.bytes:,} bytes that are allowed."
        raise NoAnswer("too much", told)
    return {"status": "done", "type": "application/json"}, body


JOBS: Mapping[str, Job] = {
    job.__name__: job for job in (sparql, rows, question, entity, statements, find, explore)
}


def warm_up(graph: KnowledgeGraph, role: str) -> None:
    """Read what every question needs, so that the first one is not slower than the others; one
    that runs strangers' text can open nothing afterwards."""
    few = Limits()
    if role == TEXT:
        for text in ("SELECT ?s { ?s a gt:State } LIMIT 1", "DESCRIBE geo:ontology", "ASK {}"):
            for solutions, triples in zip(SOLUTIONS, TRIPLES, strict=True):
                asked = {"text": text, "solutions": [solutions], "triples": [triples]}
                sparql(graph, asked, few)
            rows(graph, {"text": text}, few)
        for wrong in ("SELECT", "SELECT * { SERVICE ?x {} }", "SELECT * { ?x a 'service'"):
            _swallowed(graph, wrong, few)
    elif role == GRAPH:
        _swallowed(graph, "SELECT", few)
        for name in _light_questions():
            read_question(name)
    elif role == COLUMNS:
        import polars  # noqa: F401


def _swallowed(graph: KnowledgeGraph, text: str, limits: Limits) -> None:
    try:
        rows(graph, {"text": text}, limits)
    except UserError:
        return


def _light_questions() -> Iterator[str]:
    return (name for name in question_names() if not read_question(name).measure)
