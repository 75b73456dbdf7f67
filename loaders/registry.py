"""The loaders there are, found by looking: every module of this package with a `load`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from geoties import loaders
from geoties.graph.model import Source, Tables, UserError

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Loader:
    """A loader module: its name, the sources it reads, and how.

    `select` is what the package carries of a source whose terms do not let it carry all.
    """

    name: str
    sources: tuple[Source, ...]
    load: Callable[[Path], Tables]
    select: Callable[[Tables], Tables] | None = None

    @property
    def folder(self) -> Path:
        """Where its embedded tables lie."""
        return DATA / self.name

    @property
    def embedded(self) -> str:
        """How the package carries its data: tables, raw or none."""
        return self.sources[0].embedded


def loaders_by_name() -> dict[str, Loader]:
    """All loaders, in the order of their names.

    >>> "baci" in loaders_by_name()
    True
    """
    return {loader.name: loader for loader in _discover()}


def _discover() -> Iterator[Loader]:
    for item in sorted(pkgutil.iter_modules(loaders.__path__), key=lambda item: item.name):
        module = importlib.import_module(f"geoties.loaders.{item.name}")
        one: tuple[Source, ...] = (module.SOURCE,) if hasattr(module, "SOURCE") else ()
        sources: tuple[Source, ...] = getattr(module, "SOURCES", one)
        if sources and hasattr(module, "load"):
            yield Loader(item.name, sources, module.load, getattr(module, "select", None))


def loader_named(name: str) -> Loader:
    """The loader of a source id or a module name; raises `UserError` for an unknown one.

    >>> loader_named("baci-202501").name
    'baci'
    """
    known = loaders_by_name()
    for loader in known.values():
        if name == loader.name or name in {source.id for source in loader.sources}:
            return loader
    raise UserError(f"No source is called {name!r}; there are: {', '.join(known)}.")
