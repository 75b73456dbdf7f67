"""The command that serves the graph to others: serve."""

from __future__ import annotations

import importlib.util
import os
import signal
from typing import Annotated

import typer

from geoties.cli.app import Store, app, several
from geoties.cli.voice import Voice, say
from geoties.graph.model import UserError


@app.command(epilog="Example: geoties serve --port 8000 --time-limit 20")
def serve(
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Where to listen; only this machine by default.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port; 0 takes any that is free.")
    ] = 8000,
    time_limit: Annotated[
        float, typer.Option(min=0.1, max=3600, help="Seconds that a query may take.")
    ] = 10.0,
    memory: Annotated[int, typer.Option(min=256, help="Megabytes that a query may take.")] = 1024,
    rows: Annotated[int, typer.Option(min=1, help="Rows that an answer may have.")] = 100_000,
    bytes_: Annotated[
        int, typer.Option("--bytes", min=1024, help="Bytes that an answer may have.")
    ] = 64 * 2**20,
    workers: Annotated[
        int, typer.Option(min=0, max=64, help="Processes that answer queries; 0 as many as cores.")
    ] = 0,
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ORIGIN", help="A site whose pages may ask, or *; may be given again."
        ),
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A name this server is called by; may be repeated."),
    ] = None,
    store: Store = None,
) -> None:
    """Serve the graph: a SPARQL endpoint, its entities, the questions and the explorer."""
    _need_the_extra()
    from geoties.graph.snapshots import data_directory
    from geoties.server.application import Application
    from geoties.server.connections import listening, server_of
    from geoties.server.pool import Limits

    application = Application(
        data_directory(store),
        Limits(time_limit, memory, rows, bytes_),
        workers or os.cpu_count() or 1,
        several(allow_origin),
        [host, *several(allow_host)],
    )
    server = server_of(application, verbose=Voice.level > 1)
    socket = listening(host, port)
    shown = f"[{host}]" if ":" in host else host
    say(f"geoties is at http://{shown}:{socket.getsockname()[1]}/ until you press Ctrl-C.")
    signal.set_wakeup_fd(-1)  # the server ends by itself, and takes its time to do so
    server.run(sockets=[socket])


def _need_the_extra() -> None:
    if not all(importlib.util.find_spec(name) for name in ("starlette", "uvicorn")):
        raise UserError('`geoties serve` needs more: run pip install "geoties[server]".')
