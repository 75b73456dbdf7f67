"""One way to ask anything of a graph: a question as plain data, and its answer.

Receipts write the question down and ask it again; the command line asks the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from geoties.graph.model import UserError
from geoties.graph.snapshots import Snapshot
from geoties.graph.store import Answer, TripleStore, open_store, select
from geoties.queries.asking import Names, QuickNames
from geoties.queries.in_columns import NO_COLUMNS


@dataclass(frozen=True)
class Graph:
    """A finished build, opened to be asked; `frames_path` is None where another's store has it."""

    store: TripleStore
    frames_path: Path | None
    names: Names
    manifest: Mapping[str, Any]

    @classmethod
    def of(cls, snapshot: Snapshot) -> Graph:
        """The graph of a snapshot."""
        return cls(
            open_store(snapshot.folder / "store"),
            snapshot.folder / "frames",
            QuickNames(snapshot.folder / "names.csv"),
            snapshot.manifest,
        )

    @property
    def date(self) -> str:
        """The day the graph speaks of."""
        return str(self.manifest["graph_date"])

    @property
    def checksum(self) -> str:
        """The checksum that names the build."""
        return str(self.manifest["checksum"])

    @property
    def columns(self) -> Path:
        """The folder of the columns; raises `UserError` where there are none."""
        if self.frames_path is None:
            raise UserError(NO_COLUMNS)
        return self.frames_path


@dataclass(frozen=True)
class Asked:
    """A question: how it is asked (links, query, is, sparql, …) and its arguments as texts."""

    how: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


def answer(graph: Graph, asked: Asked) -> Answer:
    """The answer to a question; raises `UserError` for one that cannot be asked."""
    check(asked)
    return _WAYS[asked.how](graph, **asked.arguments)


def check(asked: Asked) -> None:
    """Raise `UserError` unless the way is known and its arguments are of the right sort."""
    if asked.how not in _WAYS:
        raise UserError(f"There is no way to ask {asked.how!r}; there are: {', '.join(_WAYS)}.")
    known = _ARGUMENTS[asked.how]
    wrong = [name for name in asked.arguments if name not in known]
    wrong += [n for n, value in asked.arguments.items() if n in known and not known[n](value)]
    if wrong:
        given = ", ".join(map(str, wrong))
        raise UserError(f"A question of {asked.how} cannot be asked with this {given}.")
    if missing := [name for name in _NEEDED[asked.how] if name not in asked.arguments]:
        raise UserError(f"A question of {asked.how} needs {', '.join(missing)}.")


def _text(value: object) -> bool:
    return isinstance(value, str)


def _texts(value: object) -> bool:
    return isinstance(value, list | tuple) and all(map(_text, value))


def _flag(value: object) -> bool:
    return isinstance(value, bool)


def _number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _named_texts(value: object) -> bool:
    return isinstance(value, Mapping) and all(_text(v) for pair in value.items() for v in pair)


def _named_values(value: object) -> bool:
    plain = (str, int, float)
    return isinstance(value, Mapping) and all(
        _text(name) and isinstance(item, plain) for name, item in value.items()
    )


def settled(graph: Graph, asked: Asked) -> Asked:
    """The question with its defaults written out, so that it means the same on another graph."""
    arguments = dict(asked.arguments)
    if asked.how in _DATED:
        arguments["on"] = arguments.get("on") or graph.date
    if asked.how == "query":
        from geoties.queries.header import GRAPH_DATE, read_question

        given = arguments.get("parameters", {})
        known = {p.name: p.default for p in read_question(str(arguments["name"])).parameters}
        told = {name: given.get(name) or default for name, default in known.items()}
        dated = {name: graph.date if v == GRAPH_DATE else v for name, v in told.items()}
        arguments["parameters"] = {**given, **dated}
    return Asked(asked.how, arguments)


def sparql_of(graph: Graph, asked: Asked) -> list[str]:
    """The SPARQL that the answer rests on, as it can be run by hand; none for the columns."""
    if asked.how == "sparql":
        return [str(asked.arguments["text"])]
    if asked.how == "measure":
        return []
    if asked.how != "query":
        return _recorded(graph, asked)
    from geoties.queries import library
    from geoties.queries.header import read_question

    question = read_question(str(asked.arguments["name"]))
    given = asked.arguments.get("parameters", {})
    values = library.bound_values(
        question, given, names=graph.names, graph_date=graph.date, store=graph.store
    )
    return [library.stand_alone(question, values)] if question.sparql else []


def _recorded(graph: Graph, asked: Asked) -> list[str]:
    """The queries that an answer sends, each once, with their prefixes."""
    from geoties.queries.recorded import Recorder

    store = Recorder(graph.store)
    answer(replace(graph, store=store), asked)
    return list(dict.fromkeys(store.sent))


def _links(graph: Graph, **arguments: Any) -> Answer:
    from geoties.queries.links import links

    return links(
        graph.store,
        graph_date=graph.date,
        names=graph.names,
        frames_path=graph.frames_path,
        **arguments,
    )


def _query(graph: Graph, name: str, parameters: Mapping[str, str] | None = None) -> Answer:
    from geoties.queries.library import run_query

    return run_query(
        name,
        parameters or {},
        store=graph.store,
        frames_path=graph.frames_path,
        names=graph.names,
        graph_date=graph.date,
    )


def _is(graph: Graph, **arguments: Any) -> Answer:
    from geoties.queries.truth import is_tied

    verdict = is_tied(
        graph.store,
        graph_date=graph.date,
        names=graph.names,
        frames_path=graph.frames_path,
        **arguments,
    )
    return verdict.table()


def _sparql(graph: Graph, text: str) -> Answer:
    return select(graph.store, text)


def _path(graph: Graph, **arguments: Any) -> Answer:
    from geoties.queries.chains import chains

    return chains(graph, **arguments)


def _neighbours(graph: Graph, **arguments: Any) -> Answer:
    from geoties.queries.chains import neighbours

    return neighbours(graph, **arguments)


def _history(graph: Graph, **arguments: Any) -> Answer:
    from geoties.queries.history import history

    return history(graph, **arguments)


def _conflicts(graph: Graph, **arguments: Any) -> Answer:
    from geoties.queries.conflicts import conflicts

    return conflicts(graph, **arguments)


def _measure(graph: Graph, name: str, explain: bool = False, **question: Any) -> Answer:
    from geoties.graph.frames import Frames
    from geoties.graph.measures import registry

    options = dict(question.pop("options", {}))
    frames = Frames(graph.columns)
    ask = registry.explain if explain else registry.compute
    table = ask(name, frames, **question, **options)
    return Answer(tuple(table.columns), table.rows())


_DATED = ("links", "is", "path", "neighbours")
_WAYS: dict[str, Callable[..., Answer]] = {
    "links": _links,
    "query": _query,
    "is": _is,
    "sparql": _sparql,
    "path": _path,
    "neighbours": _neighbours,
    "history": _history,
    "conflicts": _conflicts,
    "measure": _measure,
}
_ENDS = {"x": _text, "y": _text, "kinds": _texts}
_ARGUMENTS: dict[str, dict[str, Callable[[object], bool]]] = {
    "links": {**_ENDS, "on": _text, "since": _text, "ended": _flag},
    "query": {"name": _text, "parameters": _named_texts},
    "is": {"x": _text, "relation": _text, "y": _text, "on": _text},
    "sparql": {"text": _text},
    "path": {**_ENDS, "on": _text, "k": _number, "avoid": _texts, "via": _text},
    "neighbours": {"x": _text, "on": _text, "kinds": _texts, "page": _number, "size": _number},
    "history": {**_ENDS, "since": _text, "until": _text},
    "conflicts": {"x": _text, "kinds": _texts, "agreed": _flag},
    "measure": {
        **dict.fromkeys(("name", "of", "with_", "years", "region", "poles", "issue"), _text),
        **dict.fromkeys(("weights", "on"), _text),
        "explain": _flag,
        "options": _named_values,
    },
}
_NEEDED = {
    "links": ("x",),
    "query": ("name",),
    "is": ("x", "relation", "y"),
    "sparql": ("text",),
    "path": ("x", "y"),
    "neighbours": ("x",),
    "history": ("x", "y"),
    "conflicts": (),
    "measure": ("name",),
}
