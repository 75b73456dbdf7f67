"""The process that answers: `python -m geoties.server.worker`, started by `pool.Worker`.

It reads questions from its stdin and writes replies to its stdout until the other side is gone.
One that runs strangers' SPARQL can open no file and no socket once it has begun, write nothing,
and take no more memory than it is allowed, as far as the platform has such limits.
"""

from __future__ import annotations

import math
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import BinaryIO

from geoties.graph.model import UserError
from geoties.graph.snapshots import open_build
from geoties.knowledge import KnowledgeGraph
from geoties.server.jobs import JOBS, NoAnswer, warm_up
from geoties.server.messages import Head, receive, send
from geoties.server.pool import TEXT, Limits

_GRACE_SECONDS = 2  # the asker ends a late worker; this is for when the asker is gone itself


def main() -> None:
    """Answer until nobody asks any more."""
    questions, replies = _pipes()
    setup, _ = receive(questions)
    limits = Limits(**setup["limits"])
    graph = KnowledgeGraph(open_build(Path(setup["folder"])))
    warm_up(graph, setup["role"])
    _limit(setup["role"], limits)
    send(replies, {"status": "done"})
    while True:
        try:
            question, _ = receive(questions)
        except EOFError:
            return
        _alarm(limits.seconds)
        send(replies, *_reply(graph, question, limits))
        _alarm(0)


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """The two pipes, out of reach of whatever prints or reads by itself."""
    questions, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return questions, replies


def _reply(graph: KnowledgeGraph, question: Head, limits: Limits) -> tuple[Head, bytes]:
    try:
        return JOBS[question["do"]](graph, question, limits)
    except NoAnswer as problem:
        return {"status": problem.status, "told": str(problem)}, b""
    except UserError as problem:
        return {"status": "refused", "told": str(problem)}, b""
    except MemoryError:
        raise  # the next question is better off with a new process
    except Exception:
        traceback.print_exc(file=sys.stderr)
        return {"status": "failed", "told": "The question could not be answered."}, b""


def _alarm(seconds: float) -> None:
    if hasattr(signal, "alarm"):
        signal.alarm(math.ceil(seconds) + _GRACE_SECONDS if seconds else 0)


def _limit(role: str, limits: Limits) -> None:
    """Give up what answering does not need; where the platform has no limits, nothing happens."""
    try:
        import resource
    except ImportError:  # Windows
        return
    _set(resource.RLIMIT_CORE, 0)
    _set(resource.RLIMIT_DATA, limits.megabytes * 2**20)
    if role == TEXT:
        _set(resource.RLIMIT_FSIZE, 64 * 1024)  # its last words; nothing else is written
        _set(resource.RLIMIT_NOFILE, 0)  # what is open stays open


def _set(what: int, most: int) -> None:
    import resource

    try:
        resource.setrlimit(what, (most, most))
    except (OSError, ValueError):
        return  # an outer limit is lower still, or the system knows no such limit


if __name__ == "__main__":
    main()
