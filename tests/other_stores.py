"""A real SPARQL server beside ours, and small builds to push to it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest
import requests
from links_world import World

from geoties.graph.model import SCHEMA_VERSION
from geoties.graph.snapshots import Snapshot

_HERE = Path(sys.executable).with_name("oxigraph")


def server_binary() -> str:
    """The server of the package `oxigraph`; the test is skipped, or in CI fails, without it."""
    found = str(_HERE) if _HERE.exists() else shutil.which("oxigraph")
    if not found:
        reason = "the server `oxigraph` is not installed (pip install oxigraph)"
        if os.environ.get("GEOTIES_NEED_OXIGRAPH"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@contextmanager
def running_server(*options: str) -> Iterator[str]:
    """An empty server on a free loopback port; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [server_binary(), "serve", "--bind", f"127.0.0.1:{port}", *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(url: str) -> None:
    for _ in range(200):
        try:
            requests.get(f"{url}/query", params={"query": "ASK {}"}, timeout=2)
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the server did not start")


def build_of(world: World, checksum: str = "a" * 32) -> Snapshot:
    """The small world as a finished build."""
    manifest = dict(world.graph(checksum).manifest)
    statements = len(world.store)
    manifest |= {"schema": SCHEMA_VERSION, "version": "0", "inputs": {}, "frames": {}}
    manifest["counts"] = {"triples": statements}
    return Snapshot(world.folder, manifest)


def build_with(world: World, folder: Path, checksum: str, *lines: str) -> Snapshot:
    """A build that holds nothing but a few statements."""
    store = ox.Store(str(folder / "store"))
    store.load("\n".join(lines), format=ox.RdfFormat.N_TRIPLES)
    store.flush()
    manifest = build_of(world, checksum).manifest | {"counts": {"triples": len(lines)}}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return Snapshot(folder, manifest)
