"""Make `data/names/names.csv`, the table that every name is resolved by.

    python -m geoties.loaders.name_table

It joins the codes and labels of the embedded entities with our own reviewed aliases and codes.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geoties.graph.names import Alias, save_aliases
from geoties.loaders.embedded import read_embedded

DATA = Path(__file__).parent / "data"
_CODES = {"iso3": "iso3", "iso2": "iso2", "m49": "m49", "isoNumeric": "m49"}


def name_table() -> list[Alias]:
    """Every alias of the embedded entities, sorted, each once."""
    entities = read_embedded(DATA / "countries").entities.to_dicts()
    kinds = {row["id"]: row["kind"] for row in entities}
    aliases = {alias for row in entities for alias in _of_entity(row)}
    aliases |= set(_reviewed(kinds)) | set(_reviewed_codes(kinds))
    return sorted(aliases, key=lambda a: (a.entity, a.how, a.text, a.valid_from))


def _of_entity(row: dict[str, Any]) -> Iterator[Alias]:
    held = (row["valid_from"], row["valid_to"])
    entity, kind = row["id"], row["kind"]
    properties = json.loads(row["properties"])
    yield Alias(entity, kind, entity, "id")
    if not entity.startswith("state/"):
        yield Alias(entity, kind, entity.rpartition("/")[2], "id")
    for name, how in _CODES.items():
        if name in properties:
            code = properties[name].zfill(3) if how == "m49" else properties[name]
            yield Alias(entity, kind, code, how, *held)
    if "cowCode" in properties:
        yield Alias(
            entity, kind, properties["cowCode"], "cow", *_cow_period(row, properties["cowCode"])
        )
    if "officialName" in properties:
        yield Alias(entity, kind, properties["officialName"], "official", *held)
    for language, label in json.loads(row["labels"]).items():
        yield Alias(entity, kind, label, f"name-{language}", *held)
    for label in properties.get("otherName", []):
        yield Alias(entity, kind, label, "historical", *held)


def _cow_period(row: dict[str, Any], cow: str) -> tuple[str, str]:
    """A code that passed from one state to another holds for each in its own time."""
    for code in _rows("codes.csv"):
        if (code["entity"], code["system"], code["code"]) == (row["id"], "cow", cow):
            return code["valid_from"], code["valid_to"]
    return row["valid_from"], row["valid_to"]


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / "names" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _reviewed(kinds: dict[str, str]) -> Iterator[Alias]:
    for row in _rows("aliases.csv"):
        yield Alias(row["entity"], kinds[row["entity"]], row["text"], row["how"])


def _reviewed_codes(kinds: dict[str, str]) -> Iterator[Alias]:
    for row in _rows("codes.csv"):
        period = (row["valid_from"], row["valid_to"])
        yield Alias(row["entity"], kinds[row["entity"]], row["code"], row["system"], *period)


if __name__ == "__main__":
    table = name_table()
    save_aliases(DATA / "names" / "names.csv", table)
    print(f"{len(table)} names of {len({alias.entity for alias in table})} entities")
