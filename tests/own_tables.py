"""What tests of the user's own tables share: a small graph to read names in, and short cuts."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from geoties.graph.model import Entity, Rejection, Tables
from geoties.graph.names import Resolver, write_aliases
from geoties.loaders.embedded import read_embedded
from geoties.loaders.registry import loaders_by_name
from geoties.loaders.user_tables import Given, UserTable, describe, read_user_table
from geoties.loaders.user_tables_mapping import read_layout
from geoties.loaders.user_tables_names import World

DAY = "2026-02-01"
_OTHERS = (
    Entity("body/APEC", "body", {"en": "Asia-Pacific Economic Cooperation"}),
    Entity("body/EU", "bloc", {"en": "European Union"}),
    Entity("agreement/RCEP", "agreement", {"en": "RCEP"}),
    Entity("agreement/CPTPP", "agreement", {"en": "CPTPP"}),
    Entity("project/aiddata-37873", "project", {"en": "A port"}),
    Entity("roll-call/1", "roll-call", {"en": "A roll call"}),
)


@lru_cache(maxsize=1)
def world() -> World:
    """The states, territories, historical states and aggregates, and one of each other kind."""
    import polars as pl

    states = read_embedded(loaders_by_name()["countries"].folder).entities
    entities = pl.concat([states, Tables.of(_OTHERS).entities])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "names.csv"
        write_aliases(path, entities.iter_rows(named=True))
        return World(Resolver.from_csv(path), entities, DAY)


def read(path: Path, mapping: Path | None = None, **given: str) -> UserTable:
    """The table in a file, as `geoties add` reads it."""
    wanted = Given(path, mapping, **given)
    layout = read_layout(wanted.mapping, wanted.kind)
    return read_user_table(wanted, layout, describe(wanted, layout, DAY), world())


def read_text(
    folder: Path, text: str | bytes, *, name: str = "mine.csv", mapping: str = "", kind: str = ""
) -> UserTable:
    """The table that a text is, with the text of a mapping file if one is needed."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    layout = folder / "mapping.toml"
    if mapping:
        layout.write_text(mapping, encoding="utf-8")
    return read(path, layout if mapping else None, kind=kind)


def rejections(table: UserTable) -> list[Rejection]:
    """The rejected rows of a table, whose account adds up."""
    report = table.tables.report
    assert report.balanced()
    return report.rejected


def flows(*rows: str, header: str = "from,to,year,value,unit") -> str:
    """A CSV of goods trade."""
    return "\n".join([header, *rows]) + "\n"
