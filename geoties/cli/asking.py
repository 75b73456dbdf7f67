"""Commands that ask the graph: links, query, sparql, resolve."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geoties.cli.app import Endpoint, Format, Kinds, Limit, On, Store, app, several
from geoties.cli.completing import QueryCommand, place_names, question_names
from geoties.cli.defending import Cite, Receipt, defended
from geoties.cli.output import check_format, print_json, show
from geoties.cli.voice import say
from geoties.graph.model import UserError
from geoties.graph.store import Answer, Value

if TYPE_CHECKING:
    from geoties.knowledge import KnowledgeGraph


@app.command(epilog="Example: geoties links PER CHN --on 2023-12-31")
def links(
    x: Annotated[
        str,
        typer.Argument(
            metavar="X", help="A country or body: code or name.", autocompletion=place_names
        ),
    ],
    y: Annotated[
        str | None,
        typer.Argument(
            metavar="[Y]", help="Another one; all if not given.", autocompletion=place_names
        ),
    ] = None,
    on: On = "",
    kind: Kinds = None,
    since: Annotated[str, typer.Option(metavar="DATE", help="Also events since this day.")] = "",
    ended: Annotated[bool, typer.Option("--ended", help="Also ties that have ended.")] = False,
    form: Format = "table",
    limit: Limit = None,
    receipt: Receipt = None,
    cite: Cite = "",
    endpoint: Endpoint = "",
    store: Store = None,
) -> None:
    """List the ties of X, or between X and Y, in force on a date."""
    from geoties.knowledge import load

    check_format(form)
    graph = load(store, endpoint=endpoint)
    if y is not None and not y.strip():
        raise UserError("The second name is empty; leave it out to see the ties with everyone.")
    answer = graph.links_answer(x, y or "", on=on, kind=several(kind), since=since, ended=ended)
    asked = {"x": x, "y": y or "", "on": on, "kinds": several(kind), "since": since, "ended": ended}
    if defended(graph, "links", asked, answer, receipt, cite):
        return
    say(f"As of {on or graph.date}.")
    if form == "table":
        answer = _for_people(answer)
    show(answer, form, limit, empty="No tie is known to be in force.")


def _for_people(answer: Answer) -> Answer:
    """The columns of a table on a terminal: value, unit and year are one; the sentence says why
    a tie is unsure."""
    columns = ("kind", "from", "to", "via", "start", "end", "value", "source", "claims", "sentence")
    rows = [{**row, "value": _amount(row)} for row in answer.dicts()]
    return Answer(columns, [tuple(row[column] for column in columns) for row in rows])


def _amount(row: Mapping[str, Value]) -> str:
    if row["value"] is None:
        return ""
    return f"{row['value']:,} {row['unit']} ({row['year']})"


@app.command(
    cls=QueryCommand,
    epilog="Example: geoties query members-of-body --body APEC --region 'Latin America'",
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def query(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="[NAME]", help="The question's name.", autocompletion=question_names
        ),
    ] = "",
    list_: Annotated[bool, typer.Option("--list", help="List the questions.")] = False,
    show_: Annotated[bool, typer.Option("--show", help="Print the question and how.")] = False,
    form: Format = "table",
    limit: Limit = None,
    receipt: Receipt = None,
    cite: Cite = "",
    endpoint: Endpoint = "",
    store: Store = None,
) -> None:
    """Ask a question of the library; its parameters are options, such as --country PER."""
    from geoties.queries import library

    check_format(form)
    if list_ or not name:
        show(library.list_queries(), form, limit)
    elif show_:
        print(library.show_query(name))
    else:
        from geoties.knowledge import load

        graph, parameters = load(store, endpoint=endpoint), _parameters(name, context.args)
        answer = graph.query_answer(name, parameters)
        asked = {"name": name, "parameters": parameters}
        if not defended(graph, "query", asked, answer, receipt, cite):
            show(answer, form, limit, empty=_nothing(graph, name, parameters, answer))


def _nothing(
    graph: KnowledgeGraph, name: str, parameters: Mapping[str, str], answer: Answer
) -> str:
    """What it means that there is no row: none, or unknown."""
    from geoties.queries.emptiness import why_empty

    if answer.rows:
        return ""
    told = why_empty(graph.store, name, parameters, names=graph.names, graph_date=graph.date)
    return f"No row answers this question. {told}".strip()


def _parameters(name: str, words: list[str]) -> dict[str, str]:
    """`--country PER --year=2020` as a mapping; raises `UserError` for anything else.

    The one parameter that a question cannot do without may stand alone: `members-of-body APEC`.
    """
    found: dict[str, str] = {}
    rest = _with_its_name(name, words)
    while rest:
        word = rest.pop(0)
        option, equals, value = word.partition("=")
        if not option.startswith("--"):
            raise UserError(f"{word!r} is not a parameter; write --NAME VALUE.")
        if not equals and not rest:
            raise UserError(f"{option} needs a value; write {option} VALUE.")
        name = option[2:].replace("-", "_")
        if name in found:
            raise UserError(f"{option} is given twice; give it once.")
        found[name] = value if equals else rest.pop(0)
    return found


def _with_its_name(name: str, words: list[str]) -> list[str]:
    """The words, a value that stands first and alone with the option that it is of."""
    if not words or words[0].startswith("--"):
        return list(words)
    from geoties.queries.header import read_question

    needed = [f"--{p.name.replace('_', '-')}" for p in read_question(name).parameters if p.required]
    if len(needed) == 1:
        return [*needed, *words]
    takes = " ".join(f"{option} VALUE" for option in needed) or "only options"
    raise UserError(f"{words[0]!r} is not a parameter; {name} takes {takes}.")


@app.command(epilog="Example: geoties sparql 'SELECT ?s WHERE { ?s a gt:State } LIMIT 5'")
def sparql(
    text: Annotated[str, typer.Argument(metavar="QUERY", help="SPARQL, a file, or - for stdin.")],
    form: Annotated[
        str, typer.Option("--format", "-f", metavar="FORMAT", help="table, csv, json, md or ttl.")
    ] = "table",
    limit: Limit = None,
    receipt: Receipt = None,
    cite: Cite = "",
    time_limit: Annotated[
        float,
        typer.Option(min=0.1, help="Seconds that a query from a file or stdin may take."),
    ] = 60.0,
    endpoint: Endpoint = "",
    store: Store = None,
) -> None:
    """Run any SPARQL query; the prefixes gt:, geo:, rdfs:, dcterms:, … are known.

    What stands in a file or on stdin may be a stranger's: a process with limits answers it.
    """
    from geoties.knowledge import load

    check_format(form, also=("ttl",))
    graph, question = load(store, endpoint=endpoint), _question(text)
    limits = None if endpoint or _looks_like_query(text) else time_limit
    if form == "ttl":
        sys.stdout.write(_turtle(graph, question, limits))
        return
    answer = _rows(graph, question, limits)
    if not defended(graph, "sparql", {"text": question}, answer, receipt, cite):
        show(answer, form, limit, empty="The query has no result.")


def _rows(graph: KnowledgeGraph, question: str, seconds: float | None) -> Answer:
    if seconds is None:
        return graph.sparql_answer(question)
    from geoties.server.guarded import rows_of

    return rows_of(graph.snapshot.folder, question, seconds)


def _turtle(graph: KnowledgeGraph, question: str, seconds: float | None) -> str:
    if seconds is None:
        from geoties.graph.store import turtle

        return turtle(graph.store, question)
    from geoties.server.guarded import turtle_of

    return turtle_of(graph.snapshot.folder, question, seconds)


def _question(text: str) -> str:
    """The query itself, from its file, or from stdin."""
    if text == "-":
        question = _decoded(sys.stdin.buffer.read(), "What stands on stdin")
    else:
        question = text if _looks_like_query(text) else _read(Path(text))
    if not question.strip():
        raise UserError(
            "The query is empty; write SPARQL such as SELECT ?s WHERE { ?s a gt:State }."
        )
    return question


def _looks_like_query(text: str) -> bool:
    words = re.match(r"\s*(BASE|PREFIX|SELECT|ASK|CONSTRUCT|DESCRIBE)\b", text, re.IGNORECASE)
    return not text.strip() or "{" in text or "\n" in text or bool(words)


def _read(path: Path) -> str:
    try:
        return _decoded(path.read_bytes(), str(path))
    except FileNotFoundError:
        raise UserError(f"{str(path)!r} is neither a query nor a file that exists.") from None
    except OSError as problem:
        raise UserError(f"{path} cannot be read: {problem.strerror}.") from None


def _decoded(data: bytes, where: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(f"{where} is not UTF-8 text; save it as UTF-8.") from None


@app.command(epilog="Example: geoties resolve 'South Korea' Congo NA --format json")
def resolve(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME…",
            help="Names or codes; cow:710 says which code.",
            autocompletion=place_names,
        ),
    ],
    on: On = "",
    codes: Annotated[
        str, typer.Option(metavar="SYSTEM", help="What all are codes of: m49, cow, iso3, iso2 …")
    ] = "",
    form: Format = "table",
    store: Store = None,
) -> None:
    """Say which entity each name means; what is not certain gets suggestions, never a guess."""
    from geoties.graph.name_keys import known_system
    from geoties.graph.naming import resolver_of
    from geoties.graph.snapshots import data_directory
    from geoties.queries.asking import day_named

    check_format(form)
    on, system = on and day_named(on), codes and known_system(codes) + ":"
    resolver = resolver_of(data_directory(store))
    found = [replace(resolver.resolve(system + name, on=on), input=name) for name in names]
    if form == "json":
        print_json([asdict(item) for item in found])
        return
    columns = ("input", "id", "kind", "how", "suggestions")
    rows = [
        (r.input, r.id, r.kind, r.how, "; ".join(f"{s.id} {s.label}" for s in r.suggestions))
        for r in found
    ]
    show(Answer(columns, rows), form)
