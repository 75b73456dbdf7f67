"""The command that brings the graph into somebody's SPARQL store: push."""

from __future__ import annotations

from typing import Annotated

import typer

from geoties.cli.app import Store, app
from geoties.cli.voice import say


@app.command(epilog="Example: geoties push http://localhost:3030/geoties/data")
def push(
    url: Annotated[
        str,
        typer.Argument(metavar="URL", help="Its Graph Store Protocol or SPARQL update address."),
    ],
    graph: Annotated[
        str, typer.Option("--graph", metavar="IRI", help="Into this named graph, not the default.")
    ] = "",
    how: Annotated[
        str,
        typer.Option("--how", metavar="HOW", help="gsp or update; told by the URL if not given."),
    ] = "",
    endpoint: Annotated[
        str,
        typer.Option(
            "--endpoint",
            metavar="URL",
            help="Where the store answers queries; guessed if left out.",
        ),
    ] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Take away what others wrote to that graph.")
    ] = False,
    store: Store = None,
) -> None:
    """Write the graph into a SPARQL store, such as Fuseki or GraphDB, and count what is there.

    Credentials come from GEOTIES_ENDPOINT_USER and GEOTIES_ENDPOINT_PASSWORD, or from
    GEOTIES_ENDPOINT_TOKEN.
    """
    from geoties.graph.pushing import push as write
    from geoties.knowledge import load

    snapshot = load(store).snapshot
    done = write(snapshot, url, graph=graph, how=how, endpoint=endpoint, replace=replace, say=say)
    if done.unchanged:
        return
    say(f"{done.statements:,} statements, counted there, in {done.requests} requests.", 0)
