"""Who is linked to whom, since when, how strongly and according to whom.

>>> import geoties
>>> kg = geoties.load()  # doctest: +SKIP
>>> kg.links("PER", "CHN", on="2023-12-31")  # doctest: +SKIP
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geoties.knowledge import KnowledgeGraph, build, load

__all__ = ["KnowledgeGraph", "build", "load"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'geoties' has no attribute {name!r}")
    from geoties import knowledge

    return getattr(knowledge, name)
