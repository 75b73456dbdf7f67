"""Make `data/names/names.csv`, the table that every name is resolved by.

    python -m geoties.loaders.name_table FOLDER

`geoties.loaders.rebuild` does so too. The table joins the codes and labels of the embedded
entities with our own reviewed aliases and codes, and with the official names in six languages of
`countries.csv`, which lies in FOLDER. A code that `codes.csv` mentions means only what it says
there.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from geoties.graph.model import UserError
from geoties.graph.name_keys import SYSTEMS
from geoties.graph.names import (
    EMBEDDED,
    Alias,
    aliases_of,
    default_resolver,
    save_aliases,
)
from geoties.loaders.embedded import read_embedded

DATA = Path(__file__).parent / "data"
_CODES = (
    ("iso3", "iso3"),
    ("iso2", "iso2"),
    ("m49", "m49"),
    ("isoNumeric", "m49"),
    ("cowCode", "cow"),
    ("wikidata", "wikidata"),
)
_OFFICIAL = ("name_en", "name_es", "name_fr", "name_zh", "name_ar", "name_ru", "name_cldr")
# The article that the United Nations' list puts behind a name, and its mark of an observer.
_BEHIND = re.compile(r"\s*(\([^()]{1,3}['’]?\)|\*)\s*$")
_ORDER = (*SYSTEMS, "name-en", "ambiguous", "official", "common", "source")


def name_table(identities: Path) -> list[Alias]:
    """Every alias of the embedded entities, sorted; `identities` is the file countries.csv."""
    entities = read_embedded(DATA / "countries").entities.to_dicts()
    kinds = {row["id"]: row["kind"] for row in entities}
    aliases = {alias for row in entities for alias in _of_entity(row)}
    aliases |= set(_reviewed(kinds)) | set(_reviewed_codes(kinds)) | set(_official(identities))
    return sorted(aliases, key=_rank)


def _rank(alias: Alias) -> tuple[Any, ...]:
    order = _ORDER.index(alias.how) if alias.how in _ORDER else len(_ORDER)
    return alias.entity, order, alias.how, alias.text, alias.valid_from


def _of_entity(row: dict[str, Any]) -> Iterator[Alias]:
    entity, kind, properties = row["id"], row["kind"], json.loads(row["properties"])
    for name, system in _CODES:
        text = str(properties.get(name, ""))
        if text and (system, text) not in _decided():
            yield Alias(entity, kind, text, system)
    for alias in aliases_of(row):
        if alias.how != "id":
            yield from _dated(alias, row)
        elif alias.text == entity or kind != "historical-state" or entity in _known_states():
            yield alias


def _dated(alias: Alias, row: dict[str, Any] | None = None) -> list[Alias]:
    """A name holds for as long as its entity does: by its own dates, or those of its code."""
    if row and row["valid_to"]:
        return [alias._replace(valid_from=row["valid_from"], valid_to=row["valid_to"])]
    periods = _periods().get(alias.entity) or [("", "")]
    return [alias._replace(valid_from=since, valid_to=until) for since, until in periods]


@lru_cache
def _rows(name: str) -> list[dict[str, str]]:
    return _read(DATA / "names" / name)


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@lru_cache
def _known_states() -> set[str]:
    """The historical states of our own list; other lists' short ids are nobody's codes (MAS)."""
    return {row["id"] for row in _rows("historical.csv")}


@lru_cache
def _decided() -> set[tuple[str, str]]:
    return {(row["system"], row["code"]) for row in _rows("codes.csv")}


@lru_cache
def _periods() -> dict[str, list[tuple[str, str]]]:
    """When each state that shares its ISO code with an earlier one held that code."""
    periods: dict[str, list[tuple[str, str]]] = {}
    for row in _rows("codes.csv"):
        if row["system"] == "iso3" and row["entity"] == f"state/{row['code']}":
            periods.setdefault(row["entity"], []).append((row["valid_from"], row["valid_to"]))
    return periods


def _reviewed(kinds: dict[str, str]) -> Iterator[Alias]:
    """Our own aliases; one for a time, that is a state's English name, in all its languages."""
    labels = {texts.get("en"): texts.values() for texts in _state_labels()}
    for row in _rows("aliases.csv"):
        entity, since, until = row["entity"], row["valid_from"], row["valid_to"]
        alias = Alias(entity, kinds[entity], row["text"], row["how"], since, until)
        if since or until:
            yield from (alias._replace(text=text) for text in labels.get(alias.text, [alias.text]))
        else:
            yield from _dated(alias)


def _state_labels() -> list[dict[str, str]]:
    rows = read_embedded(DATA / "countries").entities.to_dicts()
    return [json.loads(row["labels"]) for row in rows if row["id"].startswith("state/")]


def _reviewed_codes(kinds: dict[str, str]) -> Iterator[Alias]:
    for row in _rows("codes.csv"):
        period = (row["valid_from"], row["valid_to"])
        yield Alias(row["entity"], kinds[row["entity"]], row["code"], row["system"], *period)


def _official(identities: Path) -> Iterator[Alias]:
    """The names in the six languages of the United Nations."""
    kinds = {
        row["id"]: row["kind"] for row in read_embedded(DATA / "countries").entities.to_dicts()
    }
    for row in _read(identities):
        entity = f"state/{row['iso3']}"
        for name in {_BEHIND.sub("", _BEHIND.sub("", row[column])) for column in _OFFICIAL} - {""}:
            yield from _dated(Alias(entity, kinds[entity], name, "official"))


def write_name_table(folder: Path) -> str:
    """Write the table from the embedded entities and `folder`/countries.csv; tells the counts."""
    identities = folder / "countries.csv"
    if not identities.is_file():
        raise UserError(f"countries.csv is not in {folder}.")
    table = name_table(identities)
    save_aliases(EMBEDDED, table)
    default_resolver.cache_clear()
    return f"{len(table)} names of {len({alias.entity for alias in table})} entities"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        print(write_name_table(Path(sys.argv[1])))
    except UserError as problem:
        sys.exit(str(problem))
