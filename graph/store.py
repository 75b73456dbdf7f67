"""The RDF store on disk, and answers in plain values. Light: nothing but pyoxigraph."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from textwrap import shorten
from typing import Protocol

import pyoxigraph as ox

from geoties.graph.files import link_or_copy
from geoties.graph.model import BASE, ONTOLOGY, UserError
from geoties.graph.service_calls import call_of_service

PREFIXES = {
    "gt": ONTOLOGY,
    "geo": BASE,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcterms": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
Value = str | int | float | bool | None
Term = ox.NamedNode | ox.BlankNode | ox.Literal
_XSD = PREFIXES["xsd"]
_DEEPEST_NESTING = 200
_PIECE_BYTES = 64 * 2**20
_LONGEST_COMPLAINT = 160  # the engine lists every word that it would have taken


class TripleStore(Protocol):
    """A store that can be asked: the embedded one, or `graph.remote`'s over HTTP."""

    def query(
        self,
        /,
        query: str,
        *,
        prefixes: dict[str, str] | None = None,
        substitutions: dict[ox.Variable, Term | ox.Triple] | None = None,
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """The result of a query, in the engine's own classes."""
        ...

    def quads_for_pattern(
        self,
        /,
        subject: ox.NamedNode | None,
        predicate: ox.NamedNode | None,
        object: ox.NamedNode | None,
        graph_name: ox.NamedNode | None = None,
    ) -> Iterator[ox.Quad]:
        """The statements that fit; what is None fits all."""
        ...


@dataclass(frozen=True)
class Answer:
    """The rows of a query: column names and plain values, `None` where unbound."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[Value, ...]]

    def dicts(self) -> list[dict[str, Value]]:
        """One dictionary per row."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def open_store(folder: Path) -> ox.Store:
    """The store in `folder`, read-only; raises `UserError` when it is damaged."""
    try:
        return ox.Store.read_only(str(folder))
    except (OSError, RuntimeError, ValueError):
        raise UserError(f"The store in {folder} cannot be opened; run `geoties build`.") from None


def bulk_load(folder: Path, files: list[Path]) -> None:
    """Make a store of N-Triples and N-Quads files that we wrote, settled and closed."""
    store = ox.Store(str(folder))
    for path in files:
        for piece in _pieces(path):
            store.bulk_load(piece, _format(path), lenient=True)
    store.flush()
    store.optimize()


def change_store(old: Path, new: Path, source: str, less: Path, more: Path) -> None:
    """Make a store that is as `old`, without the facts of `source` and the statements of `less`,
    with those of `more`; both are N-Quads that we wrote. `old` stays as it is.

    The large files of the engine are never written to again, so the copy shares them.
    """
    new.mkdir()
    for path in old.iterdir():
        if path.suffix == ".sst":
            link_or_copy(path, new / path.name)
        elif not path.name.startswith("LO"):  # LOCK, and LOG of what was done
            shutil.copyfile(path, new / path.name)
    store = ox.Store(str(new))
    if source:
        store.update(_OF_SOURCE, prefixes={**PREFIXES, "source": BASE + source})
    for quad in ox.parse(path=str(less), format=ox.RdfFormat.N_QUADS, lenient=True):
        store.remove(quad)
    store.bulk_load(path=str(more), format=ox.RdfFormat.N_QUADS, lenient=True)
    store.flush()
    if source:  # what is deleted would slow every question until the files are packed anew
        store.optimize()


_OF_SOURCE = "DELETE { ?fact ?p ?o } WHERE { ?fact dcterms:source source: ; ?p ?o }"


def _pieces(path: Path) -> Iterator[bytes]:
    """A file of lines in pieces, for the engine holds what it is given in memory many times over.

    Half a million triples at a time take a quarter less than a million, and 4 % more time.
    """
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE_BYTES):
            yield piece + stream.readline()


def _format(path: Path) -> ox.RdfFormat:
    return ox.RdfFormat.N_QUADS if path.suffix == ".nq" else ox.RdfFormat.N_TRIPLES


def node(local: str) -> ox.NamedNode:
    """The IRI of a local path such as `state/PER`.

    >>> node("state/PER").value
    'https://w3id.org/geoties/state/PER'
    """
    return ox.NamedNode(BASE + local)


def plain(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> Value:
    """A term as a plain value; IRIs of ours as local paths.

    >>> plain(node("state/PER")), plain(ox.Literal(7)), plain(ox.Literal("x", language="en"))
    ('state/PER', 7, 'x')
    """
    if term is None:
        return None
    if isinstance(term, ox.Literal):
        return _plain_literal(term)
    if isinstance(term, ox.NamedNode):
        return term.value.removeprefix(ONTOLOGY).removeprefix(BASE)
    return str(term)


def _plain_literal(term: ox.Literal) -> Value:
    datatype = term.datatype.value
    if datatype == _XSD + "integer":
        return int(term.value)
    if datatype in (_XSD + "decimal", _XSD + "double", _XSD + "float"):
        number = float(Decimal(term.value)) if "decimal" in datatype else float(term.value)
        return number
    if datatype == _XSD + "boolean":
        return term.value in ("true", "1")
    return term.value


def select(
    store: TripleStore,
    query: str,
    bindings: Mapping[str, Term] | None = None,
    limit: int | None = None,
    iris: Mapping[str, str] | None = None,
) -> Answer:
    """Run a query of ours or of a user; values are bound, never spliced into the text.

    ASK gives one row with `answer`, CONSTRUCT and DESCRIBE rows of subject, predicate, object.
    Raises `UserError` for a query that does not parse.
    """
    result = run(store, query, bindings, iris)
    if isinstance(result, ox.QueryBoolean):
        return Answer(("answer",), [(bool(result),)])
    if isinstance(result, ox.QueryTriples):
        rows: list[tuple[Value, ...]] = [
            (plain(t.subject), plain(t.predicate), plain(t.object)) for t in result
        ]
        return Answer(("subject", "predicate", "object"), rows)
    columns = tuple(variable.value for variable in result.variables)
    return Answer(columns, list(_rows(result, limit)))


def _rows(result: ox.QuerySolutions, limit: int | None) -> Iterator[tuple[Value, ...]]:
    for number, solution in enumerate(result):
        if limit is not None and number >= limit:
            return
        yield tuple(plain(term) for term in solution)


def run(
    store: TripleStore,
    query: str,
    bindings: Mapping[str, Term] | None = None,
    iris: Mapping[str, str] | None = None,
) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    """The engine's own result of a query, with our prefixes known.

    `bindings` are values of variables that the query selects. `iris` are whole IRIs that the
    query names by a prefix alone, as in `?tie gt:from country:`: the engine then plans the query
    for that very country, which is far faster than for a variable that it meets only later.
    """
    prefixes = {**PREFIXES, **(iris or {})}
    guard(query, prefixes)
    substitutions: dict[ox.Variable, Term | ox.Triple] = {
        ox.Variable(name): term for name, term in (bindings or {}).items()
    }
    try:
        return store.query(query, prefixes=prefixes, substitutions=substitutions)
    except (SyntaxError, ValueError, RuntimeError, OSError) as problem:
        raise unusable(problem) from None


def turtle(store: TripleStore, query: str) -> str:
    """The triples of a CONSTRUCT or DESCRIBE as Turtle.

    Raises `UserError` for a query that gives no triples.
    """
    result = run(store, query)
    if not isinstance(result, ox.QueryTriples):
        raise UserError("Only CONSTRUCT and DESCRIBE give Turtle; ask for csv, json or md.")
    triples = sorted(result, key=str)
    data = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)
    return (data or b"").decode("utf-8")


MASKED = re.compile(
    r"""("{3}.*?"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>\s]*>|#[^\n]*)""",
    re.DOTALL,
)
_BRACKETS = re.compile(r"[][{}()]")
_NETWORK = re.compile(r"(?<![?$:@\w-])(SERVICE|LOAD)\b(?!:)", re.IGNORECASE)


def guard(query: str, prefixes: Mapping[str, str] = PREFIXES, base: str | None = None) -> None:
    """Refuse what must not run: other people's servers, and nesting that crashes the engine.

    `prefixes` and `base` are those that the query is run with.

    >>> guard("SELECT * WHERE { SERVICE <http://example.org/> { ?s ?p ?o } }")
    Traceback (most recent call last):
    geoties.graph.model.UserError: SERVICE and LOAD reach other servers; a query may not use them.
    """
    text = MASKED.sub(" ", query)
    depth = deepest = 0
    for bracket in _BRACKETS.findall(text):
        depth += 1 if bracket in "{([" else -1
        deepest = max(deepest, depth)
    if deepest > _DEEPEST_NESTING:
        raise UserError(
            f"The SPARQL query is nested {deepest} deep; at most {_DEEPEST_NESTING} is allowed."
        )
    if problem := call_of_service(query, prefixes, base):
        if _NETWORK.search(text):
            raise UserError("SERVICE and LOAD reach other servers; a query may not use them.")
        raise unusable(problem)


def unusable(problem: Exception) -> UserError:
    """What the engine complains of, in a sentence."""
    told = shorten(str(problem), _LONGEST_COMPLAINT, placeholder=" …")
    return UserError(f"The SPARQL query cannot be run: {told}")
