"""Fixtures that several test modules share."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from stores import SMALL, build_default, build_small, is_current

if TYPE_CHECKING:
    from links_world import World
    from publishers import Publisher

    from geoties.knowledge import KnowledgeGraph

pytest.register_assert_rewrite("view_pages")  # tests import from it before it is a plugin

# a busy machine is no failure, and the same commit gives the same outcome
settings.register_profile("geoties", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("geoties")


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A small world of real facts as a store, frames and names; read it, never write to it."""
    from links_world import make_world

    return make_world(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="session")
def default_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the whole default graph, built once; read it, never write to it.

    To save the half minute while developing, name a folder in `GEOTIES_TEST_STORE`: it is built
    there when the code or the tables have changed, and used again when they have not. Workers
    that run side by side share it.
    """
    kept = os.environ.get("GEOTIES_TEST_STORE")
    directory = Path(kept) if kept else _of_this_run(tmp_path_factory) / "default-store"
    with _one_at_a_time(directory.with_suffix(".lock")):
        if not is_current(directory):
            build_default(directory)
    return directory


def _of_this_run(factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run know."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@contextlib.contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    import fcntl

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def kg(default_store: Path) -> KnowledgeGraph:
    """The whole default graph."""
    import geoties

    return geoties.load(default_store)


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory built from the small sources only; copy it before writing to it."""
    return build_small(tmp_path_factory.mktemp("small") / "store")


@pytest.fixture
def server() -> Iterator[Publisher]:
    """A publisher's server on this machine, which answers as a test tells it to."""
    from publishers import publisher

    with publisher() as played:
        yield played


@pytest.fixture
def few_loaders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the small loaders, so that a build in this process takes a second."""
    from geoties.graph import build as building_module
    from geoties.loaders.registry import loaders_by_name

    few = {name: loaders_by_name()[name] for name in SMALL}
    monkeypatch.setattr(building_module, "loaders_by_name", lambda: few)
