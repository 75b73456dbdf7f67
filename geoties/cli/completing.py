"""What the shell may complete: kinds of tie, questions, measures, names of countries and bodies."""

from __future__ import annotations

from collections.abc import Iterable

_SHOWN = ("iso3", "name-en")


def kind_names(incomplete: str) -> list[str]:
    """The kinds of tie that begin so.

    >>> kind_names("goods")
    ['goods-trade']
    """
    from geoties.ontology.kinds import kinds

    return _beginning(kinds(), incomplete)


def question_names(incomplete: str) -> list[str]:
    """The questions of the library that begin so.

    >>> question_names("top-")
    ['top-partners']
    """
    from geoties.queries.header import question_names as names

    return _beginning(names(), incomplete)


def place_names(incomplete: str) -> list[str]:
    """The codes and English names of states and territories that begin so.

    >>> place_names("Urug")
    ['Uruguay']
    """
    import csv

    from geoties.graph.names import EMBEDDED

    with EMBEDDED.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    places = [row for row in rows if row["kind"] in ("state", "territory")]
    return _beginning(sorted({r["text"] for r in places if r["how"] in _SHOWN}), incomplete)


def _beginning(names: Iterable[str], incomplete: str) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]
