"""Answers that defend themselves: yes or no with its reason, receipts, replays, citations."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geoties.cli.app import Endpoint, Format, On, Store, app
from geoties.cli.completing import place_names, relation_names
from geoties.cli.output import check_format, show
from geoties.cli.voice import say

if TYPE_CHECKING:
    from geoties.graph.store import Answer
    from geoties.knowledge import KnowledgeGraph
    from geoties.queries.answers import Asked, Graph

Receipt = Annotated[
    Path | None,
    typer.Option("--receipt", metavar="FILE", help="Also write a receipt that can be replayed."),
]
Cite = Annotated[
    str,
    typer.Option("--cite", metavar="STYLE", help="Print the references: text, bibtex, csl-json."),
]


def defended(
    graph: KnowledgeGraph,
    how: str,
    arguments: Mapping[str, Any],
    answer: Answer,
    receipt: Path | None,
    cite: str,
) -> bool:
    """Write the receipt and print the references, where asked; whether references were printed."""
    if receipt is None and not cite:
        return False
    from geoties.queries.answers import Asked
    from geoties.queries.citations import cite as references
    from geoties.queries.citations import references_of, sources_of
    from geoties.queries.receipts import write_receipt

    if receipt is not None:
        write_receipt(receipt, graph.opened, Asked(how, arguments), answer)
        say(f"Wrote the receipt {receipt}.")
    if cite:
        found = references_of(answer, graph.store)
        sys.stdout.write(references(sources_of(answer, graph.opened.manifest), cite, found))
    return bool(cite)


@app.command("is", epilog="Example: geoties is PER in APEC --on 1990-01-01")
def is_(
    x: Annotated[
        str, typer.Argument(metavar="X", help="A country or body.", autocompletion=place_names)
    ],
    relation: Annotated[
        str,
        typer.Argument(
            metavar="RELATION", help="in, or a kind of tie.", autocompletion=relation_names
        ),
    ],
    y: Annotated[
        str,
        typer.Argument(
            metavar="Y", help="A body, agreement or country.", autocompletion=place_names
        ),
    ],
    on: On = "",
    form: Format = "table",
    receipt: Receipt = None,
    cite: Cite = "",
    endpoint: Endpoint = "",
    store: Store = None,
) -> None:
    """Answer yes, no or unknown to whether there is a tie, and say why."""
    from geoties.knowledge import load
    from geoties.queries.answers import Asked
    from geoties.queries.answers import answer as answered

    check_format(form)
    graph = load(store, endpoint=endpoint)
    asked = {"x": x, "relation": relation, "y": y, "on": on}
    answer = answered(graph.opened, Asked("is", asked))
    if not defended(graph, "is", asked, answer, receipt, cite):
        show(answer, form)


@app.command(epilog="Example: geoties replay answer.json")
def replay(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A receipt.")],
    form: Format = "table",
    time_limit: Annotated[
        float, typer.Option(min=0.1, help="Seconds that the SPARQL of a receipt may take.")
    ] = 60.0,
    endpoint: Endpoint = "",
    store: Store = None,
) -> None:
    """Ask the question of a receipt again; exit code 1 if the answer is not identical.

    A receipt may be a stranger's: a process with limits answers the SPARQL in it.
    """
    from geoties.graph.store import Answer
    from geoties.knowledge import load
    from geoties.queries.answers import answer as answered
    from geoties.queries.receipts import replay as again

    check_format(form)
    graph = load(store, endpoint=endpoint)
    outcome = again(file, graph.opened, answered if endpoint else _within(graph, time_limit))
    say(outcome.told(), 0)
    if outcome.identical:
        return
    rows = [("gone", *row) for row in outcome.gone] + [("new", *row) for row in outcome.new]
    show(Answer(("change", *outcome.columns), rows), form)
    raise typer.Exit(1)


def _within(graph: KnowledgeGraph, seconds: float) -> Callable[[Graph, Asked], Answer]:
    """Who answers a receipt: a process with limits where it holds SPARQL, else this one."""
    from geoties.queries.answers import answer as answered
    from geoties.queries.answers import check

    def ask(opened: Graph, asked: Asked) -> Answer:
        if asked.how != "sparql":
            return answered(opened, asked)
        from geoties.server.guarded import rows_of

        check(asked)
        return rows_of(graph.snapshot.folder, str(asked.arguments["text"]), seconds)

    return ask
