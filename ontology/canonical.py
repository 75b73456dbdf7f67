"""The one order in which the ontology's Turtle files are written, so that diffs stay readable.

Terms stand in sections (classes, properties, …, individuals), sorted by name; a term's type,
parents, labels and definition come first, then everything else by name.
``python -m geoties.ontology`` rewrites the files in place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyoxigraph as ox

FILES = ("geoties.ttl", "mappings.ttl")
PREFIXES = {
    "dcterms": "http://purl.org/dc/terms/",
    "gt": "https://w3id.org/geoties/ontology#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sdmx-attribute": "http://purl.org/linked-data/sdmx/2009/attribute#",
    "sdmx-dimension": "http://purl.org/linked-data/sdmx/2009/dimension#",
    "sdmx-measure": "http://purl.org/linked-data/sdmx/2009/measure#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "time": "http://www.w3.org/2006/time#",
    "unit": "https://w3id.org/geoties/unit/",
    "wd": "http://www.wikidata.org/entity/",
    "wdt": "http://www.wikidata.org/prop/direct/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
SECTIONS = (
    "owl:Ontology",
    "owl:Class",
    "owl:ObjectProperty",
    "owl:DatatypeProperty",
    "owl:AnnotationProperty",
    "gt:Indicator",
    "gt:Precision",
    "gt:Role",
    "gt:Status",
    "gt:Unit",
)
LEADING = ("rdf:type", "rdfs:subClassOf", "rdfs:subPropertyOf", "rdfs:label", "skos:definition")
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")

Described = dict[str, dict[str, list[str]]]


def canonical(text: str) -> str:
    """Return a Turtle document without blank nodes in the project's canonical order.

    Comments are not kept, except those at the head of the document.
    """
    head = "".join(f"{line}\n" for line in _leading_comments(text))
    subjects = _described(ox.parse(text, format=ox.RdfFormat.TURTLE))
    body = "".join(_section(name, subjects) for name in (*SECTIONS, ""))
    return head + _prefix_lines(body) + body


def rewrite(folder: Path) -> None:
    """Rewrite the ontology's files in ``folder`` in canonical order, where they are not yet."""
    for name in FILES:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        if (ordered := canonical(text)) != text:
            path.write_text(ordered, encoding="utf-8")


def _leading_comments(text: str) -> Iterable[str]:
    for line in text.splitlines():
        if not line.startswith("#"):
            return
        yield line


def _described(quads: Iterable[ox.Quad]) -> Described:
    subjects: Described = {}
    for quad in quads:
        terms = subjects.setdefault(_written(quad.subject), {})
        terms.setdefault(_written(quad.predicate), []).append(_written(quad.object))
    return subjects


def _written(term: object) -> str:
    if isinstance(term, ox.NamedNode):
        return _named(term.value)
    if isinstance(term, ox.Literal):
        return _literal(term)
    raise ValueError(
        f"The ontology's Turtle may hold no blank nodes or triple terms, but has {term}."
    )


def _named(iri: str) -> str:
    for prefix, base in PREFIXES.items():
        if iri.startswith(base) and _LOCAL.fullmatch(iri[len(base) :]):
            return f"{prefix}:{iri[len(base) :]}"
    return f"<{iri}>"


def _literal(term: ox.Literal) -> str:
    kind = term.datatype.value.removeprefix(PREFIXES["xsd"])
    if not term.language and kind in {"boolean", "integer"}:
        return term.value
    return re.sub(r"\^\^<(.*)>$", lambda m: f"^^{_named(m[1])}", str(term))


def _section(name: str, subjects: Mapping[str, Mapping[str, list[str]]]) -> str:
    chosen = sorted(s for s, terms in subjects.items() if _section_of(terms) == name)
    if not chosen:
        return ""
    title = f"\n# {name.partition(':')[2] or 'Terms'}\n"
    return title + "".join(f"\n{_term(s, subjects[s])}" for s in chosen)


def _section_of(terms: Mapping[str, list[str]]) -> str:
    types = terms.get("rdf:type", [])
    return next((name for name in SECTIONS if name in types), "")


def _term(subject: str, terms: Mapping[str, list[str]]) -> str:
    ordered = sorted(terms, key=lambda p: (LEADING.index(p) if p in LEADING else len(LEADING), p))
    lines = [_values(predicate, terms[predicate]) for predicate in ordered]
    return f"{subject} " + " ;\n    ".join(lines) + " .\n"


def _values(predicate: str, objects: list[str]) -> str:
    # English first: it is the language in which the terms are defined.
    ordered = sorted(objects, key=lambda o: (not o.endswith("@en"), _language(o), o))
    separator = ",\n        " if any('"' in o for o in ordered) else ", "
    return f"{'a' if predicate == 'rdf:type' else predicate} " + separator.join(ordered)


def _language(written: str) -> str:
    return written.rpartition('"@')[2] if '"@' in written else ""


def _prefix_lines(body: str) -> str:
    used = (p for p in PREFIXES if re.search(rf"(?<![\w-]){p}:(?=\w)", body))
    return "".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in used)
