"""The library of questions: `geoties query members-of-body --body APEC`.

Light where SPARQL answers; measures are loaded only for the questions that name one.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox

from geoties.graph.model import BASE, ONTOLOGY, UserError, parse_date, short_id
from geoties.graph.store import PREFIXES, Answer, TripleStore, Value, run
from geoties.ontology.kinds import kinds, local_names, units
from geoties.queries.asking import Names, day_after, day_named, entity_named, hint, kind_named
from geoties.queries.header import (
    GRAPH_DATE,
    Parameter,
    Question,
    question_names,
    read_question,
)

VALUE = BASE + "value/"
_COUNTRIES = ("state", "territory", "historical-state")
_KINDS_OF = {
    "country": _COUNTRIES,
    "body": ("bloc", "body", "initiative"),
    "agreement": ("agreement",),
    "region": ("region",),
    "group": (*_COUNTRIES, "region", "bloc", "body", "initiative", "agreement"),
    "entity": (),
}
ENTITY_TYPES = tuple(_KINDS_OF)


def list_queries() -> Answer:
    """The questions of the library: name, question and example."""
    found = [read_question(name) for name in question_names()]
    columns = ("name", "question", "example")
    return Answer(columns, [(q.name, q.question, example_of(q)) for q in found])


def example_of(question: Question) -> str:
    """The command that asks a question as its example does."""
    return f"geoties query {question.name} {question.example}".strip()


def show_query(name: str) -> str:
    """A question in words, its parameters and columns, and how it is answered."""
    question = read_question(name)
    lines = [question.title, question.question, "", "Parameters:"]
    lines += [f"  --{p.name.replace('_', '-')}  {_described(p)}" for p in question.parameters]
    lines += ["", "Columns:"]
    lines += [
        f"  {column.name}{f' [{column.unit}]' if column.unit else ''}: {column.description}"
        for column in question.columns
    ]
    lines += ["", f"Example: {example_of(question)}", ""]
    if question.measure:
        return "\n".join([*lines, f"Answered from the columns by the measure {question.measure}."])
    return "\n".join([*lines, question.sparql])


def _described(parameter: Parameter) -> str:
    optional = "required" if parameter.required else f"{parameter.default or 'none'} if left out"
    return f"{parameter.description} ({parameter.type}; {optional})"


def run_query(
    name: str,
    parameters: Mapping[str, str],
    *,
    store: TripleStore,
    frames_path: Path | None,
    names: Names,
    graph_date: str,
) -> Answer:
    """The answer to a question of the library.

    `parameters` are texts by name, as a person types them: codes or names of countries, bodies
    and regions, days, years, numbers. They are checked against the header's types and bound as
    terms, never put into the query's text. Ids come back as people see them (`PER`).
    Raises `UserError` for an unknown question or parameter, and for a value that does not fit.
    """
    question = read_question(name)
    values = bound_values(question, parameters, names=names, graph_date=graph_date, store=store)
    if question.measure:
        from geoties.graph.frames import Frames
        from geoties.queries.measured import answer_from_columns

        if frames_path is None:
            from geoties.queries.in_columns import NO_COLUMNS

            raise UserError(NO_COLUMNS)
        return answer_from_columns(question, values, Frames(frames_path))
    return ask(store, question, values)


def ask(store: TripleStore, question: Question, values: Mapping[str, str]) -> Answer:
    """The answer of the store to a question whose values are checked."""
    found = run(store, question.sparql, iris=iris_of(question, values))
    assert isinstance(found, ox.QuerySolutions)
    columns = tuple(variable.value for variable in found.variables)
    lists = {column.name for column in question.columns if column.unit == "list"}
    listed = [name in lists for name in columns]
    rows = [
        tuple(_listed(shown(t)) if many else shown(t) for t, many in zip(row, listed, strict=True))
        for row in found
    ]
    return Answer(columns, rows)


def _listed(value: Value) -> Value:
    """A list that the query joined, each item once and in order."""
    return "; ".join(sorted(set(str(value).split(" | ")))) if value else value


def bound_values(
    question: Question,
    given: Mapping[str, str],
    *,
    names: Names,
    graph_date: str,
    store: TripleStore | None = None,
) -> dict[str, str]:
    """The checked values of all parameters: ids of entities, ISO days, plain texts.

    A date is checked before the names, for what a name means may depend on the day.
    """
    known = {parameter.name: parameter for parameter in question.parameters}
    for name in given:
        if name not in known:
            raise UserError(f"{question.name} has no parameter {name!r}; {hint(name, known)}")
    texts = {name: _text(question, known[name], given, graph_date) for name in known}
    day = day_named(texts["on"]) if "on" in texts else ""
    return {
        name: _value(known[name], text, names, day, store) if text else ""
        for name, text in texts.items()
    }


def _text(
    question: Question, parameter: Parameter, given: Mapping[str, str], graph_date: str
) -> str:
    text = given.get(parameter.name, "").strip()
    if not text and parameter.required:
        raise UserError(
            f"{question.name} needs --{parameter.name}: {parameter.description}, "
            f"as in `{example_of(question)}`."
        )
    text = text or parameter.default
    return graph_date if text == GRAPH_DATE else text


def _value(
    parameter: Parameter, text: str, names: Names, day: str, store: TripleStore | None
) -> str:
    if parameter.type in _KINDS_OF:
        return _entity(parameter, text, names, day, store)
    try:
        return _CHECKS[parameter.type](text)
    except ValueError:
        told = f"{text!r} is not a {parameter.type} for --{parameter.name}"
        raise UserError(f"{told}; it is {parameter.description}.") from None


def _entity(
    parameter: Parameter, text: str, names: Names, day: str, store: TripleStore | None
) -> str:
    wanted = _KINDS_OF[parameter.type]
    if not wanted:
        return entity_named(names, text, day, store)
    return names.require(text, day, wanted, parameter.type)


def _year(text: str) -> str:
    period = parse_date(text)
    if period.precision != "year":
        raise ValueError(text)
    return text


def _number(text: str) -> str:
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise ValueError(text)
    return str(int(text))


_CHECKS: dict[str, Callable[[str], str]] = {
    "date": day_named,
    "year": _year,
    "number": _number,
    "kind": lambda text: kind_named(text).id,
    "text": str,
}


def iris_of(question: Question, values: Mapping[str, str]) -> dict[str, str]:
    """The IRIs that stand in a query for its parameters, by prefix.

    >>> question = read_question("members-of-body")
    >>> iris_of(question, {"body": "body/APEC", "region": "region/419", "on": "2023-12-31"})["on"]
    'https://w3id.org/geoties/value/2023-12-31'
    """
    iris: dict[str, str] = {}
    for parameter in question.parameters:
        value = values[parameter.name]
        if not value:
            iris[parameter.name] = VALUE
        elif parameter.type == "kind":
            iris[parameter.name] = ONTOLOGY + kinds()[value].class_name
        elif parameter.type in _KINDS_OF:
            iris[parameter.name] = BASE + value
        else:
            iris[parameter.name] = VALUE + quote(value, safe="")
        if parameter.type == "date" and value:
            iris[f"{parameter.name}Next"] = VALUE + day_after(value)
    return iris


def stand_alone(question: Question, values: Mapping[str, str]) -> str:
    """The SPARQL of a question with its prefixes, to be run anywhere as it is."""
    prefixes = PREFIXES | iris_of(question, values)
    used = {name: iri for name, iri in prefixes.items() if f"{name}:" in question.sparql}
    lines = [f"PREFIX {name}: <{iri}>" for name, iri in used.items()]
    return "\n".join([*lines, question.sparql])


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    """The ids that people see for the kinds, units, roles and so on of the ontology."""
    words = {kind.class_name: kind.id for kind in kinds().values()}
    words |= {unit.path: unit.id for unit in units().values()}
    for type_name in ("Role", "Indicator", "Precision", "Status"):
        words |= {name: word for word, name in local_names(type_name).items()}
    return words


def shown(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> Value:
    """A term of an answer as people see it: `PER` for the state, `membership` for its class."""
    from geoties.graph.store import plain

    value = plain(term)
    if isinstance(term, ox.NamedNode) and isinstance(value, str) and value != term.value:
        return _words().get(value) or short_id(value)
    return None if value == "" else value


def example_parameters(question: Question) -> dict[str, str]:
    """The parameters of the example in the header.

    >>> example_parameters(read_question("members-of-body"))["body"]
    'APEC'
    """
    words = shlex.split(question.example)
    pairs = zip(words[::2], words[1::2], strict=True)
    return {name.removeprefix("--").replace("-", "_"): value for name, value in pairs}
