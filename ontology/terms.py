"""The ontology's triples, read once from geoties.ttl and asked for by local name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

import pyoxigraph as ox

LANGUAGES = ("en", "es", "pt", "zh")
_FILE = Path(__file__).with_name("geoties.ttl")
_BASES = (
    "https://w3id.org/geoties/ontology#",
    "https://w3id.org/geoties/",
    "http://www.w3.org/2000/01/rdf-schema#",
    "http://www.w3.org/2004/02/skos/core#",
    "http://www.w3.org/2002/07/owl#",
    "http://www.w3.org/2001/XMLSchema#",
)
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


class Terms:
    """The triples of an ontology, by the local names of subject and predicate."""

    def __init__(self, path: Path) -> None:
        self._texts: dict[tuple[str, str], dict[str, str]] = {}
        self._values: dict[tuple[str, str], list[str]] = {}
        self._types: dict[str, list[str]] = {}
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
            assert isinstance(quad.subject, ox.NamedNode)
            assert isinstance(quad.object, ox.NamedNode | ox.Literal)
            self._add(quad.subject.value, quad.predicate.value, quad.object)

    def _add(self, subject: str, predicate: str, value: ox.NamedNode | ox.Literal) -> None:
        key = (_local(subject), _local(predicate))
        if isinstance(value, ox.Literal) and value.language:
            self._texts.setdefault(key, {})[value.language] = value.value
        elif predicate == _TYPE:
            self._types.setdefault(_local(value.value), []).append(key[0])
        else:
            self._values.setdefault(key, []).append(_local(value.value))

    def typed(self, name: str) -> list[str]:
        """The subjects of a type, sorted."""
        return sorted(self._types.get(name, ()))

    def texts(self, subject: str, predicate: str) -> Mapping[str, str]:
        """The texts of a subject by language, English first."""
        found = self._texts.get((subject, predicate), {})
        return MappingProxyType({code: found[code] for code in LANGUAGES if code in found})

    def text(self, subject: str, predicate: str) -> str:
        """The English text, empty where there is none."""
        return self.texts(subject, predicate).get("en", "")

    def all(self, subject: str, predicate: str) -> tuple[str, ...]:
        """The values without a language, sorted."""
        return tuple(sorted(self._values.get((subject, predicate), ())))

    def one(self, subject: str, predicate: str) -> str:
        """The first value without a language, empty where there is none."""
        return next(iter(self.all(subject, predicate)), "")

    def true(self, subject: str, predicate: str) -> bool:
        """Whether the value is true."""
        return self.one(subject, predicate) == "true"


@cache
def _local(iri: str) -> str:
    for base in _BASES:
        if iri.startswith(base):
            return iri[len(base) :]
    return iri


@lru_cache(maxsize=1)
def terms() -> Terms:
    """The terms of geoties.ttl."""
    return Terms(_FILE)
