"""Who is linked to whom, since when, how strongly and according to whom.

>>> import geoties
>>> kg = geoties.load()  # doctest: +SKIP
>>> kg.links("PER", "CHN", on="2023-12-31")  # doctest: +SKIP
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geoties.knowledge import KnowledgeGraph, build, load
    from geoties.own_data import add, remove, update

if not Path(__file__).with_name("graph").is_dir():
    raise ImportError(
        "This checkout of geoties has no symbolic links (geoties/graph -> ../graph and three "
        "more); install the wheel, or check out again with `git config core.symlinks true`."
    )

__all__ = ["KnowledgeGraph", "add", "build", "load", "remove", "update"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'geoties' has no attribute {name!r}")
    from importlib import import_module

    own = name in ("add", "remove", "update")
    return getattr(import_module("geoties.own_data" if own else "geoties.knowledge"), name)
