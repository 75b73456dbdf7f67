"""The graph into somebody's SPARQL store: `geoties push http://localhost:3030/geoties/data`.

The statements come from the store's own dump and go by the Graph Store Protocol or by SPARQL
update, a batch at a time. No server takes all of it as one change, so the graph is marked: the
description (`https://w3id.org/geoties/dataset`) has no count until every batch is there and has
been counted, and nobody asks a graph without one.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pyoxigraph as ox

from geoties.graph.model import BASE, SCHEMA_VERSION, UserError
from geoties.graph.remote import DESCRIPTION, TRIPLES, RemoteStore
from geoties.graph.snapshots import Snapshot
from geoties.graph.store import PREFIXES, open_store
from geoties.graph.wire import Away, Refused, TooLarge, Wire, checked_url

HOWS = ("gsp", "update")
_VOID = "http://rdfs.org/ns/void#"
_CURRENT = BASE + "graph/"
_LINES = {"gsp": 100_000, "update": 5_000}  # in one request
_TOLD = 20  # how often, at most, the progress is told
_UPDATE = "application/sparql-update"
_ENDS = {  # of addresses of a graph store or of updates, with those where the same server is asked
    "/rdf-graphs/service": ("",),
    "/statements": ("",),
    "/update": ("/query", "/sparql", ""),
    "/store": ("/query", "/sparql"),
    "/data": ("/sparql", "/query"),
    "/sparql-graph-crud": ("/sparql",),
    "/sparql-graph-crud-auth": ("/sparql",),
}
_UPDATING = ("/update", "/statements")
Say = Callable[[str], None]


@dataclass(frozen=True)
class Pushed:
    """What a store holds after a push: statements, requests, and whether it had them already."""

    statements: int
    requests: int
    unchanged: bool = False


@dataclass
class Target:
    """The store that is written to, and the graph in it (empty for the default graph)."""

    url: str
    how: str
    graph: str
    endpoint: str
    lines: int = 0
    wire: Wire = field(init=False)
    asked: RemoteStore = field(init=False)
    requests: int = 0

    def __post_init__(self) -> None:
        self.how = self.how or ("update" if _path(self.url).endswith(_UPDATING) else "gsp")
        if self.how not in HOWS:
            raise UserError(f"There is no way {self.how!r} to push; choose gsp or update.")
        self.lines = self.lines or _LINES[self.how]
        self.wire = Wire(self.url)
        self.graph = _named(self.graph).value if self.graph else ""

    def send(self, graph: str, lines: Sequence[bytes], replace: bool = False) -> None:
        """Write lines of N-Triples; in two halves, and so on, where the server takes no such body.

        `replace` takes away first what the graph holds.
        """
        try:
            self._send(graph, b"".join(lines), replace)
        except TooLarge:
            if len(lines) < 2:
                raise
            half = len(lines) // 2
            self.lines = min(self.lines, half)
            self.send(graph, lines[:half], replace)
            self.send(graph, lines[half:])

    def _send(self, graph: str, body: bytes, replace: bool) -> None:
        self.requests += 1
        if self.how == "gsp":
            asked: dict[str, str] | str = {"graph": graph} if graph else "default"
            method = "PUT" if replace else "POST"
            self.wire.send(method, parameters=asked, body=body, content_type=TRIPLES)
            return
        clear = f"CLEAR SILENT {self._graph(graph)};\n".encode() if replace else b""
        statements = f"GRAPH {ox.NamedNode(graph)} {{\n".encode() + body + b"}" if graph else body
        update = clear + b"INSERT DATA {\n" + statements + b"}"
        self.wire.send("POST", body=update, content_type=_UPDATE)

    def drop(self, graph: str) -> None:
        """Take a named graph away."""
        self.requests += 1
        if self.how == "gsp":
            self.wire.send("DELETE", parameters={"graph": graph})
        else:
            update = f"DROP SILENT {self._graph(graph)}".encode()
            self.wire.send("POST", body=update, content_type=_UPDATE)

    @staticmethod
    def _graph(graph: str) -> str:
        return f"GRAPH {ox.NamedNode(graph)}" if graph else "DEFAULT"

    def within(self, pattern: str, graph: str) -> str:
        """A pattern as asked of one graph."""
        return f"GRAPH {ox.NamedNode(graph)} {{ {pattern} }}" if graph else pattern

    def count(self, graph: str) -> int:
        """How many statements a graph of the store holds."""
        pattern = self.within("?s ?p ?o", graph)
        return self._number(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}")

    def _number(self, query: str) -> int:
        found = self.asked.query(query)
        assert isinstance(found, ox.QuerySolutions)
        return int(next(iter(found))["n"].value)

    def told(self) -> dict[str, str]:
        """What the graph's description says, finished or not; empty if there is none."""
        pattern = self.within(f"<{DESCRIPTION}> ?p ?o", self.graph)
        found = self.asked.query(f"SELECT ?p ?o WHERE {{ {pattern} }}")
        assert isinstance(found, ox.QuerySolutions)
        return {name.value: value.value for name, value in found}

    def dated(self) -> list[str]:
        """The graphs of direct statements that an earlier push has left."""
        query = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }"
        found = self.asked.query(query)
        assert isinstance(found, ox.QuerySolutions)
        return sorted(g.value for (g,) in found if g.value.startswith(_CURRENT))


def push(
    snapshot: Snapshot,
    url: str,
    *,
    graph: str = "",
    how: str = "",
    endpoint: str = "",
    replace: bool = False,
    say: Say = lambda _: None,
) -> Pushed:
    """Write a graph into the store at `url`, and count what is there in the end.

    `url` is a Graph Store Protocol address (`how` gsp) or one of SPARQL updates (`how` update);
    which is guessed from its end if not told. `endpoint` is where the same store answers queries,
    guessed too. `graph` is the IRI of a named graph to write to; the default graph if empty. What
    an earlier push left there is replaced, what others wrote only with `replace`.
    Raises `UserError` for a store that cannot be reached or refuses, and where the count is wrong;
    a graph that was begun and not finished stays marked as such.
    """
    target = Target(checked_url(url), how, graph, endpoint)
    target.asked = _asking(target)
    if target.wire.unguarded:
        say("Warning: credentials go unencrypted over http to another machine.")
    before = target.told()
    if _is_there(target, snapshot, before):
        say("The store has this very graph already.")
        return Pushed(int(before[_VOID + "triples"]), target.requests, unchanged=True)
    if not before and not replace and (held := target.count(target.graph)):
        where = f"The graph <{target.graph}>" if target.graph else "The default graph"
        raise UserError(
            f"{where} of {url} holds {held} statements of others; choose another with --graph, or "
            "take theirs away with --replace."
        )
    with tempfile.TemporaryDirectory() as folder:
        return _written(target, snapshot, Path(folder), say)


def _is_there(target: Target, snapshot: Snapshot, told: dict[str, str]) -> bool:
    """Whether the store holds this graph, finished and whole."""
    if told.get(PREFIXES["dcterms"] + "identifier") != snapshot.checksum:
        return False
    if _VOID + "triples" not in told:
        return False
    counted = target.count(target.graph)
    return counted in _counts(int(told[_VOID + "triples"]), snapshot)


def _counts(statements: int, snapshot: Snapshot) -> tuple[int, ...]:
    """What a whole graph counts; where the default graph is the union of all, it is more."""
    described = len(description(snapshot, statements))
    return statements + described, int(snapshot.manifest["counts"]["triples"]) + described


def _written(target: Target, snapshot: Snapshot, folder: Path, say: Say) -> Pushed:
    say("Reading the graph.")
    store = open_store(snapshot.folder / "store")
    names = [name for name in store.named_graphs() if isinstance(name, ox.NamedNode)]
    parts = {"": _dumped(store, ox.DefaultGraph(), folder / "default.nt")}
    for number, name in enumerate(names):
        parts[name.value] = _dumped(store, name, folder / f"{number}.nt")
    sent, total = 0, sum(_height(path) for path in parts.values()) or 1
    try:
        for count in _batches(target, snapshot, parts):
            sent += count
            if sent * _TOLD // total > (sent - count) * _TOLD // total:
                say(f"{sent:,} of {total:,} statements are there.")
        statements = _checked(target, snapshot, parts)
        target.send(target.graph, _lines(description(snapshot, statements)[-1:]))
    except BaseException as problem:
        if sent or not isinstance(problem, Refused):
            say(_unfinished(target, sent))
        raise
    return Pushed(sent, target.requests)


def _unfinished(target: Target, sent: int) -> str:
    holds = "holds" if sent else "may hold"
    return (
        f"The push stopped after {sent:,} statements: {target.url} {holds} an unfinished graph, "
        "marked as such; push again."
    )


def _dumped(store: ox.Store, graph: ox.NamedNode | ox.DefaultGraph, path: Path) -> Path:
    store.dump(path, format=ox.RdfFormat.N_TRIPLES, from_graph=graph)
    return path


def _batches(target: Target, snapshot: Snapshot, parts: dict[str, Path]) -> Iterator[int]:
    """Write the default graph, which unmakes the old description, then the graphs beside it."""
    yield from _sent(target, target.graph, parts[""], _lines(description(snapshot)))
    for old in sorted(set(target.dated()) - parts.keys()):
        target.drop(old)
    for name in sorted(parts.keys() - {""}):
        yield from _sent(target, name, parts[name])


def _sent(target: Target, graph: str, path: Path, begun: Sequence[bytes] = ()) -> Iterator[int]:
    """Send a file of lines; the first request replaces what the graph held, all at once."""
    with path.open("rb") as stream:
        lines = list(itertools.islice(stream, target.lines))
        target.send(graph, [*begun, *lines], replace=True)
        yield len(lines)
        while lines := list(itertools.islice(stream, target.lines)):
            target.send(graph, lines)
            yield len(lines)


def _checked(target: Target, snapshot: Snapshot, parts: dict[str, Path]) -> int:
    """The statements of the graph, when the store counts as many; raises `UserError`."""
    say_which = {"": target.graph} | {name: name for name in parts if name}
    expected = {graph: _height(path) for graph, path in parts.items()}
    extra = len(description(snapshot))
    for graph, number in expected.items():
        counted = target.count(say_which[graph])
        wanted = number if graph else number + extra
        if counted != wanted and not (not graph and counted == sum(expected.values()) + extra):
            raise UserError(
                f"{target.url} counts {counted} statements where {wanted} were sent; "
                "the graph there stays marked as unfinished."
            )
    return expected[""]


def _height(path: Path) -> int:
    with path.open("rb") as stream:
        return sum(1 for _ in stream)


def description(snapshot: Snapshot, statements: int | None = None) -> list[ox.Triple]:
    """What the store says of the graph; with the number of its statements once it is finished."""
    about = ox.NamedNode(DESCRIPTION)
    terms = PREFIXES["dcterms"]
    day = ox.NamedNode(PREFIXES["xsd"] + "date")
    told: list[tuple[str, ox.NamedNode | ox.Literal]] = [
        (PREFIXES["rdf"] + "type", ox.NamedNode(_VOID + "Dataset")),
        (terms + "identifier", ox.Literal(snapshot.checksum)),
        (terms + "date", ox.Literal(snapshot.graph_date, datatype=day)),
        (terms + "conformsTo", ox.NamedNode(f"{BASE}schema/{SCHEMA_VERSION}")),
        (PREFIXES["owl"] + "versionInfo", ox.Literal(str(snapshot.manifest["version"]))),
    ]
    if statements is not None:
        told.append((_VOID + "triples", ox.Literal(statements)))
    return [ox.Triple(about, ox.NamedNode(name), value) for name, value in told]


def _lines(triples: Iterable[ox.Triple]) -> list[bytes]:
    return [f"{triple} .\n".encode() for triple in triples]


def _named(text: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(text)
    except ValueError:
        raise UserError(
            f"{text!r} is no IRI of a graph; write one such as https://example.org/geoties."
        ) from None


def _path(url: str) -> str:
    return urlsplit(url).path.rstrip("/")


def _asking(target: Target) -> RemoteStore:
    """Where the store answers queries: as told, or the first likely address that does."""
    if target.endpoint:
        found = RemoteStore(checked_url(target.endpoint))
        _ = found.query("ASK { }")
        return found
    problems: list[UserError] = []
    for url in _likely(target.url):
        found = RemoteStore(url)
        try:
            _ = found.query("ASK { }")
        except UserError as problem:
            problems.append(problem)
        else:
            return found
    for one in problems:
        if isinstance(one, Away) or (isinstance(one, Refused) and one.forbidden):
            raise one
    raise UserError(
        f"It is not known where the store of {target.url} answers queries; say so with "
        "--endpoint URL."
    )


def _likely(url: str) -> Iterator[str]:
    """Addresses at which well-known servers answer queries, for one where they are written to.

    >>> list(_likely("http://localhost:3030/geoties/data"))
    ['http://localhost:3030/geoties/sparql', 'http://localhost:3030/geoties/query']
    """
    parts, path = urlsplit(url), _path(url)
    for end, others in _ENDS.items():
        if path.endswith(end):
            for other in others:
                yield urlunsplit((*parts[:2], path.removesuffix(end) + other, "", ""))
            return
    yield urlunsplit((*parts[:2], path, "", ""))
