"""The server of the tests: as an application without a socket, and as a process of its own."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from commands import COMMAND, environment
from starlette.testclient import TestClient
from stores import ROOT

from geoties.server.application import Application
from geoties.server.pool import Limits

JSON = "application/sparql-results+json"


@contextmanager
def serving(store: Path, limits: Limits | None = None, **how: Any) -> Iterator[TestClient]:
    """A client of the graph in `store`; the workers are real processes."""
    application = Application(store, limits or Limits(seconds=30), **{"workers": 1, **how})
    with TestClient(
        application.asgi(), base_url="http://localhost", raise_server_exceptions=False
    ) as client:
        yield client


def ask(client: TestClient, query: str, accept: str = JSON) -> Any:
    """The answer to a query by GET."""
    return client.get("/sparql", params={"query": query}, headers={"accept": accept})


@dataclass
class Server:
    """A running `geoties serve`."""

    process: subprocess.Popen[str]
    port: int

    def get(self, path: str, timeout: float = 60, **headers: str) -> tuple[int, str]:
        """The status and the text at a path."""
        url = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(url, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as problem:
            with problem:
                return problem.code, problem.read().decode()

    def sparql(self, query: str) -> tuple[int, str]:
        """The answer to a query by POST."""
        url = f"http://127.0.0.1:{self.port}/sparql"
        request = urllib.request.Request(url, urlencode({"query": query}).encode())
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as problem:
            with problem:
                return problem.code, problem.read().decode()


@contextlib.contextmanager
def served(store: Path, *words: str) -> Iterator[Server]:
    """`geoties serve` on a free port."""
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", *words],
        stderr=subprocess.PIPE,
        text=True,
        env=environment(store),
        cwd=ROOT,
    )
    assert process.stderr
    told = process.stderr.readline()
    assert "http://127.0.0.1:" in told, told
    try:
        yield Server(process, int(told.split("127.0.0.1:")[1].split("/")[0]))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
        process.stderr.close()
