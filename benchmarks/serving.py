"""The server: what a worker adds to a query, and what HTTP adds to that.

The same queries are asked by turns: in this process, of a worker, and over HTTP on loopback.
"""

from __future__ import annotations

import http.client
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox

from benchmarks.timing import ROOT, Quantity
from geoties.graph.snapshots import current
from geoties.graph.store import PREFIXES, open_store
from geoties.queries.header import question_names, read_question
from geoties.queries.library import example_parameters
from geoties.server.api import all_told
from geoties.server.pool import TEXT, Limits, Worker

JSON = "application/sparql-results+json"
CLIENTS = 50
SMALL = "SELECT ?s WHERE { ?s a gt:State } LIMIT 10"


def measure(store: Path, repeat: int) -> list[Quantity]:
    """Milliseconds that a worker and the server add; how fifty clients fare."""
    snapshot = current(store)
    asked = [told["sparql"] for told in all_told(snapshot)["queries"] if told["sparql"]]
    engine = open_store(snapshot.folder / "store")
    with Worker(snapshot.folder, TEXT, Limits(60)) as worker, _served(store) as port:
        ways: list[Callable[[str], bytes]] = [
            lambda text: _in_process(engine, text),
            lambda text: _by_worker(worker, text),
            lambda text: _over_http(port, text),
        ]
        small = _by_turns(ways, SMALL, 200)
        runs = [_by_turns(ways, text, repeat) for text in asked]
        together, errors = _fifty(port)
    medians = [[statistics.median(times) for times in run] for run in runs]
    return [
        Quantity("worker adds to a small query", "ms", _added(small, 1), most=5),
        Quantity("worker adds to a library query", "ms", [m[1] - m[0] for m in medians], most=5),
        Quantity("worker / in process, library queries", "×", [m[1] / m[0] for m in medians]),
        Quantity("HTTP adds to a small query", "ms", _added(small, 2)),
        Quantity(f"{CLIENTS} clients, library questions", "ms", together),
        Quantity(f"{CLIENTS} clients, errors", "", [float(errors)], most=0),
    ]


def _added(runs: list[list[float]], way: int) -> list[float]:
    return [taken - alone for taken, alone in zip(runs[way], runs[0], strict=True)]


def _in_process(engine: ox.Store, text: str) -> bytes:
    result = engine.query(text, prefixes=PREFIXES)
    assert isinstance(result, ox.QuerySolutions)
    return result.serialize(format=ox.QueryResultsFormat.JSON) or b""


def _by_worker(worker: Worker, text: str) -> bytes:
    reply = worker.ask({"do": "sparql", "text": text, "solutions": [JSON], "triples": []})
    assert reply.status == "done", reply.told
    return reply.body


def _over_http(port: int, text: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/sparql?" + urlencode({"query": text}), headers={"Accept": JSON})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    assert response.status == 200, body
    return body


def _by_turns(ways: list[Callable[[str], bytes]], text: str, repeat: int) -> list[list[float]]:
    """Milliseconds of each way, asked by turns; the first turn warms and is not counted."""
    times: list[list[float]] = [[] for _ in ways]
    answers = {len(json.loads(way(text))["results"]["bindings"]) for way in ways}
    assert len(answers) == 1, "the ways do not agree"
    for _ in range(repeat):
        for way, taken in zip(ways, times, strict=True):
            begun = time.perf_counter()
            way(text)
            taken.append((time.perf_counter() - begun) * 1000)
    return times


@contextmanager
def _served(store: Path) -> Iterator[int]:
    command = [sys.executable, "-m", "geoties", "serve", "--port", "0", "--time-limit", "60"]
    process = subprocess.Popen(
        [*command, "--store", str(store)], stderr=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stderr
    try:
        yield int(process.stderr.readline().rsplit(":", 1)[1].split("/")[0])
    finally:
        process.terminate()
        process.wait()
        process.stderr.close()


def _fifty(port: int) -> tuple[list[float], int]:
    """How long each of fifty clients waits when all ask at once, and how many get no answer."""
    light = [name for name in question_names() if not read_question(name).measure]
    with ThreadPoolExecutor(CLIENTS) as threads:
        found = list(threads.map(lambda n: _question(port, light[n % len(light)]), range(CLIENTS)))
    return [taken for taken, _ in found], sum(status != 200 for _, status in found)


def _question(port: int, name: str) -> tuple[float, int]:
    begun = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    given = urlencode(example_parameters(read_question(name)))
    connection.request("GET", f"/api/queries/{name}?{given}")
    response = connection.getresponse()
    response.read()
    connection.close()
    return (time.perf_counter() - begun) * 1000, response.status
