"""Queries whose text may be a stranger's, answered by a process with limits. Light."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from geoties.graph.model import UserError
from geoties.graph.store import Answer
from geoties.server.pool import TEXT, Limits, Reply, Worker

SECONDS = 60.0
_MEGABYTES, _ROWS, _BYTES = 2048, 2_000_000, 512 * 2**20


def rows_of(build: Path, text: str, seconds: float = SECONDS) -> Answer:
    """The rows of a query on the build in a folder; raises `UserError` when there are none to
    have, or when a limit was hit."""
    told = json.loads(_reply(build, {"do": "rows", "text": text}, seconds).body)
    return Answer(tuple(told["columns"]), [tuple(row) for row in told["rows"]])


def turtle_of(build: Path, text: str, seconds: float = SECONDS) -> str:
    """The triples of a CONSTRUCT or DESCRIBE as Turtle; raises `UserError` as `rows_of`."""
    question: dict[str, Any] = {
        "do": "sparql",
        "text": text,
        "triples": ["text/turtle"],
        "solutions": [],
    }
    return _reply(build, question, seconds).body.decode()


def _reply(build: Path, question: dict[str, Any], seconds: float) -> Reply:
    with Worker(build, TEXT, Limits(seconds, _MEGABYTES, _ROWS, _BYTES)) as worker:
        reply = worker.ask(question)
    if reply.status == "not acceptable":
        raise UserError("Only CONSTRUCT and DESCRIBE give Turtle; ask for csv, json or md.")
    if reply.status != "done":
        more = " Allow more with --time-limit." if reply.status == "time" else ""
        raise UserError(reply.told + more)
    return reply
