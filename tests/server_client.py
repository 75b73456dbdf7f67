"""The server of the tests: the application with a client, without a socket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

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
