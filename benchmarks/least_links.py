"""The least process that answers `links PER CHN`: what geoties asks the store, in plain pyoxigraph.

`python least_links.py STORE` imports what the command imports of others, opens the store, finds
the ties between the two both ways and what both hold, and reads the statements of each such tie.
It judges no date, tells no sentence and knows no bloc.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pyoxigraph as ox
import rich  # noqa: F401
import typer  # noqa: F401

BASE = "https://w3id.org/geoties/"
_PREFIXES = {"gt": f"{BASE}ontology#"}
_BETWEEN = """
SELECT ?tie ?year WHERE {
  { SELECT ?tie WHERE { { SELECT ?tie { ?tie gt:from x: } } { SELECT ?tie { ?tie gt:to y: } } } }
  OPTIONAL { ?tie gt:year ?year }
}"""
_HELD = """
SELECT ?tie ?to WHERE {
  { SELECT ?tie WHERE {
    { SELECT ?tie { ?tie gt:from x: } }
    { SELECT ?tie { { ?tie a gt:Membership } UNION { ?tie a gt:Alliance }
                    UNION { ?tie a gt:AgreementParty } } }
  } }
  ?tie gt:to ?to .
}"""


def _solutions(store: ox.Store, query: str, **ends: str) -> Iterator[ox.QuerySolution]:
    answer = store.query(query, prefixes=_PREFIXES | {k: BASE + v for k, v in ends.items()})
    assert isinstance(answer, ox.QuerySolutions)
    yield from answer


def _ties(store: ox.Store, x: str, y: str) -> set[ox.NamedNode]:
    pairs = [*_solutions(store, _BETWEEN, x=x, y=y), *_solutions(store, _BETWEEN, x=y, y=x)]
    newest = max((int(row["year"].value) for row in pairs if row["year"]), default=0)
    ties = {row["tie"] for row in pairs if not row["year"] or int(row["year"].value) == newest}
    mine, yours = list(_solutions(store, _HELD, x=x)), list(_solutions(store, _HELD, x=y))
    both = {row["to"] for row in mine} & {row["to"] for row in yours}
    return ties | {row["tie"] for row in (*mine, *yours) if row["to"] in both}


def main() -> None:
    """Print every statement of the ties."""
    store = ox.Store.read_only(sys.argv[1])
    for tie in sorted(_ties(store, "state/PER", "state/CHN"), key=str):
        for quad in store.quads_for_pattern(tie, None, None, None):
            print(quad.subject, quad.predicate, quad.object)


if __name__ == "__main__":
    main()
