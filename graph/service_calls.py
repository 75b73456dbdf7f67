"""Whether a SPARQL query calls another server, as the engine's own parser sees it. Light."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pyoxigraph as ox


def _letter(char: str) -> str:
    """A letter in either case, as itself or as an escape of its code point."""
    codes = "|".join(f"{ord(c):x}" for c in (char.lower(), char.upper()))
    return rf"(?:{char}|\\u00(?:{codes})|\\U000000(?:{codes}))"


_SERVICE = re.compile(
    f"({_letter('s')})({''.join(map(_letter, 'ervice'))})",
    re.IGNORECASE,
)


def call_of_service(
    query: str, prefixes: Mapping[str, str], base: str | None = None
) -> Exception | None:
    """Why a query may call another server: the complaint of the parser; `None` if it does not.

    No pattern can tell: in `?a <?b#>` the engine reads "less than" and a comment where a pattern
    sees an IRI, and a quote after it begins a text for the pattern alone. So the letters are
    spelled otherwise wherever they stand, and the engine is asked whether it still understands.
    Inside texts, comments and names that changes nothing for it; a call of another server has
    become a word that the language does not have. A query with another fault is told apart from
    one that calls a server by nobody: neither can be run.

    >>> call_of_service("SELECT ?service { ?service ?p 'SERVICE <x:y> {}' } # service", {})
    >>> bool(call_of_service("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }", {}))
    True
    """
    if not _SERVICE.search(query):
        return None
    try:
        ox.Store().query(_SERVICE.sub(r"\1q\2", query), prefixes=dict(prefixes), base_iri=base)
    except (SyntaxError, ValueError, RuntimeError, OSError) as problem:
        return problem
    return None
