"""What the shell may complete: names of kinds, questions, measures, sources, and of what there is.

Light, but for the measures: a key press waits for the answer.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geoties.cli.light import LightCommand

_SHOWN = ("id", "iso3", "name-en")
_STATES = ("state", "territory")
_BODIES = ("bloc", "body", "initiative")
_TYPES = {
    "country": _STATES,
    "body": _BODIES,
    "agreement": ("agreement",),
    "entity": (*_STATES, *_BODIES, "agreement"),
    "region": ("region",),
    "group": (*_STATES, *_BODIES, "agreement", "region"),
}
_PLAIN = re.compile(r"([^\w.,:@%+=/-])")


@dataclass(frozen=True)
class _Item:
    """One completion, as Typer's shells take it."""

    value: str
    type: str = "plain"
    help: str = ""


class QueryCommand(LightCommand):
    """`query`, whose other options are the parameters of the question that it names."""

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """The parameters of the question, or what may be the value of the one before."""
        words = [word for word in ctx.args if word != "="]  # bash makes three of --body=APEC
        found = parameter_words(str(ctx.params.get("name") or ""), words, incomplete)
        return [*map(_Item, found), *super().shell_complete(ctx, incomplete)]


def parameter_words(question: str, words: list[str], incomplete: str) -> list[str]:
    """What may come next after a question's name and the `words` behind it.

    >>> parameter_words("members-of-body", [], "--b")
    ['--body']
    >>> parameter_words("links-between", ["--x"], "Urug")[:1]
    ['Uruguay']
    """
    from geoties.queries.header import question_names as names
    from geoties.queries.header import read_question

    if question not in names():
        return []
    options = {f"--{p.name.replace('_', '-')}": p for p in read_question(question).parameters}
    needed = [option for option, p in options.items() if p.required]
    before = words[-1] if words else needed[0] if len(needed) == 1 else ""
    if incomplete.startswith("-"):
        return _beginning([option for option in options if option not in words], incomplete)
    return _values(options[before].type, incomplete) if before in options else []


def _values(type: str, incomplete: str) -> list[str]:
    """What begins so of what a parameter of this type may be."""
    if type == "kind":
        return kind_names(incomplete)
    return _named(_TYPES[type], incomplete) if type in _TYPES else []


def kind_names(incomplete: str) -> list[str]:
    """The kinds of tie that begin so, after the last comma.

    >>> kind_names("visit,goods")
    ['visit,goods-trade']
    """
    from geoties.ontology.kinds import kinds

    return _beginning(_after_commas(kinds(), incomplete), incomplete)


def relation_names(incomplete: str) -> list[str]:
    """What `geoties is` may ask: `in`, or a kind of tie."""
    return _beginning(["in"], incomplete) + kind_names(incomplete)


def question_names(incomplete: str) -> list[str]:
    """The questions of the library that begin so.

    >>> question_names("top-")
    ['top-partners']
    """
    from geoties.queries.header import question_names as names

    return _beginning(names(), incomplete)


def measure_names(incomplete: str) -> list[str]:
    """The measures that begin so. The cards are in modules that compute, so this one is slower.

    >>> measure_names("export-s")
    ['export-share']
    """
    from geoties.graph.measures.registry import cards

    return _beginning(sorted(cards()), incomplete)


def source_names(incomplete: str) -> list[str]:
    """The loaders that begin so, and the sources of the graph that commands ask.

    >>> source_names("world_")
    ['world_bank']
    """
    from geoties.graph.model import UserError
    from geoties.graph.snapshots import current, data_directory

    loaders = (Path(__file__).parent.parent / "loaders").glob("*.py")
    found = {path.stem for path in loaders if "\ndef load(" in path.read_text(encoding="utf-8")}
    with suppress(UserError):  # no graph yet
        found |= {source["id"] for source in current(data_directory(None)).manifest["sources"]}
    return _beginning(sorted(found), incomplete)


def format_names(incomplete: str) -> list[str]:
    """The formats of an answer that begin so."""
    from geoties.cli.output import FORMATS

    return _beginning(FORMATS, incomplete)


def region_names(incomplete: str) -> list[str]:
    """The regions that begin so."""
    return _named(("region",), incomplete)


def place_names(incomplete: str) -> list[str]:
    """The codes and English names that begin so: of states, territories and the graph's bodies.

    >>> place_names("Urug")
    ['Uruguay']
    """
    return _named((*_STATES, *_BODIES), incomplete)


def several_places(incomplete: str) -> list[str]:
    """As `place_names`, after the last comma.

    >>> several_places("PER,Urug")
    ['PER,Uruguay']
    """
    begun = incomplete[: incomplete.rfind(",") + 1]
    return [begun + name for name in place_names(incomplete[len(begun) :])]


def _named(kinds: Iterable[str], incomplete: str) -> list[str]:
    """The ids and English names that begin so, of entities of these kinds."""
    import csv

    with _table_of_names().open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["text"].startswith(incomplete)]
    shown = {row["text"] for row in rows if row["kind"] in kinds and row["how"] in _SHOWN}
    return _beginning(sorted(text for text in shown if "/" not in text), incomplete)


def _table_of_names() -> Path:
    """The names of the graph that commands ask; those that geoties carries if there is none."""
    from geoties.graph.model import UserError
    from geoties.graph.names import EMBEDDED
    from geoties.graph.snapshots import current, data_directory

    try:
        return current(data_directory(None)).folder / "names.csv"
    except UserError:
        return EMBEDDED


def _after_commas(names: Iterable[str], incomplete: str) -> list[str]:
    begun = incomplete[: incomplete.rfind(",") + 1]
    return [begun + name for name in names]


def _beginning(names: Iterable[str], incomplete: str) -> list[str]:
    """Those that begin so; as one word where the shell leaves that to us."""
    found = [name for name in names if name.startswith(incomplete)]
    if os.environ.get("_GEOTIES_COMPLETE") == "complete_bash":
        return [_PLAIN.sub(r"\\\1", name) for name in found]
    return found
