"""What the shell may complete: kinds of tie, questions, measures, names of countries and bodies."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

_SHOWN = ("iso3", "name-en")
_BODIES = ("bloc", "body", "initiative")


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
    """The codes and English names that begin so: of states, territories and the graph's bodies.

    >>> place_names("Urug")
    ['Uruguay']
    """
    import csv

    with _table_of_names().open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    states = {r["text"] for r in rows if r["kind"] in ("state", "territory") and r["how"] in _SHOWN}
    shown = ("id", "name-en")
    bodies = {r["text"] for r in rows if r["kind"] in _BODIES and r["how"] in shown}
    return _beginning(sorted(states | {text for text in bodies if "/" not in text}), incomplete)


def _table_of_names() -> Path:
    """The names of the graph that commands ask; those that geoties carries if there is none."""
    from geoties.graph.model import UserError
    from geoties.graph.names import EMBEDDED
    from geoties.graph.snapshots import current, data_directory

    try:
        return current(data_directory(None)).folder / "names.csv"
    except UserError:
        return EMBEDDED


def _beginning(names: Iterable[str], incomplete: str) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]
