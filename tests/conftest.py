"""Fixtures that several test modules share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from links_world import World


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A small world of real facts as a store, frames and names; read it, never write to it."""
    from links_world import make_world

    return make_world(tmp_path_factory.mktemp("world"))
