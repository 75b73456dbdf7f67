"""The names that a command resolves by: the graph's own, or all that geoties carries."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from geoties.graph.names import Resolver, all_aliases
from geoties.graph.snapshots import current

if TYPE_CHECKING:
    import polars as pl


def resolver_of(directory: Path) -> Resolver:
    """The names of the graph in `directory`, the user's own entities among them.

    Where no graph was built yet, those of everything that geoties carries.
    """
    if (directory / "current").exists():
        return Resolver.from_csv(current(directory).folder / "names.csv")
    return Resolver(all_aliases(embedded_entities().iter_rows(named=True)))


def embedded_entities() -> pl.DataFrame:
    """The entities of all embedded tables, each once, as a build would have them."""
    import polars as pl

    from geoties.graph.build import claims_of, merge_entities
    from geoties.loaders.embedded import read_embedded
    from geoties.loaders.registry import loaders_by_name

    claims = []
    for loader in loaders_by_name().values():
        if loader.embedded == "raw":
            claims.append(claims_of(loader.name, loader.load(loader.folder).entities))
        elif loader.embedded == "tables":
            read = read_embedded(loader.folder, only=("entities",))
            claims.append(claims_of(loader.name, read.entities))
    return merge_entities(pl.concat(claims).sort("id", "loader"))
