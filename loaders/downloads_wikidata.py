"""Memberships, diplomatic relations and identifiers, from Wikidata's query service.

Wikidata is written by anybody: what comes from it is a source of its own, of low confidence,
beside the others. States are told by their ISO codes and bodies by the Wikidata identifiers that
the graph has of them; a body that the graph does not know is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from geoties.graph.model import Entity
from geoties.loaders.downloads_cache import Wrong
from geoties.loaders.downloads_client import Client
from geoties.loaders.downloads_release import as_json
from geoties.loaders.user_tables_names import World
from geoties.loaders.user_tables_sheet import Rows, Sheet

SOURCE = "wikidata"
ADDRESS = "https://query.wikidata.org/sparql"
MOST_BYTES = 64 * 1024 * 1024
_ENTITY = "http://www.wikidata.org/entity/"
_DATES = """
  OPTIONAL { ?statement pqv:P580 [ wikibase:timeValue ?start ;
                                   wikibase:timePrecision ?startPrecision ] }
  OPTIONAL { ?statement pqv:P582 [ wikibase:timeValue ?end ;
                                   wikibase:timePrecision ?endPrecision ] }
  FILTER NOT EXISTS { ?statement wikibase:rank wikibase:DeprecatedRank }
"""
#: States by ISO 3166-1 alpha-3 (P298); member of (P463), diplomatic relation (P530), start time
#: (P580) and end time (P582).
QUERIES = {
    "membership": f"""SELECT ?from ?iso ?to ?statement ?start ?startPrecision ?end ?endPrecision
WHERE {{ ?from wdt:P298 ?iso ; p:P463 ?statement . ?statement ps:P463 ?to . {_DATES} }}""",
    "diplomatic-relation": f"""SELECT ?from ?iso ?to ?toIso ?statement ?start ?startPrecision ?end
  ?endPrecision
WHERE {{ ?from wdt:P298 ?iso ; p:P530 ?statement . ?statement ps:P530 ?to . ?to wdt:P298 ?toIso .
{_DATES} }}""",
}
_COLUMNS = ("kind", "from", "to", "role", "start", "end", "reference", "confidence", "record")
_NEEDED = ("from", "iso", "to", "statement")
_ITEM = re.compile(r"Q[1-9][0-9]*")
_WIDTHS = {"9": 4, "10": 7, "11": 10}  # Wikidata's precisions: year, month, day


def fetch(client: Client, world: World, address: str = ADDRESS) -> tuple[list[Sheet], list[str]]:
    """What Wikidata says, as a table like one of the user's; and notes of what is left out."""
    bodies = _bodies(world)
    rows = Rows(SOURCE, _COLUMNS)
    number, unknown = 0, 0
    for kind, query in QUERIES.items():
        client.say(f"wikidata: asking for {kind}")
        for said in _answers(client, address, query):
            number += 1
            to = said.get("toIso") or bodies.get(said["to"].removeprefix(_ENTITY), "")
            if to:
                rows.add(number, list(_row(kind, said, to)))
            else:
                unknown += 1
    note = f"{unknown:,} memberships in bodies that the graph does not know are left out."
    return [rows.sheet()], [note] if unknown else []


#: Properties of ours that Wikidata's identifiers fill where the graph leaves them open.
IDENTIFIERS = {"geonames": "P1566", "homepage": "P856"}


def identifiers(client: Client, world: World, address: str = ADDRESS) -> list[Entity]:
    """GeoNames ids and home pages of the entities of which the graph states the Wikidata item.

    Only what the graph does not say, and only where Wikidata gives one value.
    """
    known = {item: row for item, row in _by_item(world) if _open(row)}
    if not known:
        return []
    client.say("wikidata: asking for identifiers")
    items = " ".join(f"wd:{item}" for item in sorted(known) if _ITEM.fullmatch(item))
    asked = "".join(f" OPTIONAL {{ ?item wdt:{p} ?{name} }}" for name, p in IDENTIFIERS.items())
    query = f"SELECT ?item ?{' ?'.join(IDENTIFIERS)} WHERE {{ VALUES ?item {{ {items} }}{asked} }}"
    said: dict[tuple[str, str], set[str]] = {}
    for row in _answers(client, address, query, {"item"}):
        for name in IDENTIFIERS:
            if row.get(name):
                said.setdefault((row["item"].removeprefix(_ENTITY), name), set()).add(row[name])
    found: dict[str, dict[str, Any]] = {}
    for (item, name), values in sorted(said.items()):
        if item in known and name in _open(known[item]) and len(values) == 1:
            found.setdefault(item, {})[name] = values.pop()
    return [Entity(known[i]["id"], known[i]["kind"], {}, given) for i, given in found.items()]


def _open(row: Mapping[str, Any]) -> set[str]:
    """The identifiers that the graph does not have of an entity; places alone are in GeoNames."""
    wanted = set(IDENTIFIERS) if row["kind"] in ("state", "territory") else {"homepage"}
    return wanted - set(json.loads(row["properties"] or "{}"))


def _by_item(world: World) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for entity in world.entities.iter_rows(named=True):
        if item := json.loads(entity["properties"] or "{}").get("wikidata", ""):
            yield str(item), entity


def _bodies(world: World) -> Mapping[str, str]:
    """The graph's entities by the Wikidata identifier that they state."""
    kinds = ("bloc", "body", "initiative")
    return {item: row["id"] for item, row in _by_item(world) if row["kind"] in kinds}


def _answers(
    client: Client, address: str, query: str, needed: Collection[str] = _NEEDED
) -> Iterator[Mapping[str, str]]:
    def check(path: Path) -> None:
        _check(path, needed)

    path = client.get(
        address,
        parameters={"query": query, "format": "json"},
        most_bytes=MOST_BYTES,
        check=check,
        accept="application/sparql-results+json",
    )
    for row in as_json(path)["results"]["bindings"]:
        yield {name: str(cell.get("value", "")) for name, cell in row.items()}


def _check(path: Path, needed: Collection[str]) -> None:
    """A query that takes too long is cut off in the middle of the answer."""
    answer: Any = as_json(path)
    try:
        rows = answer["results"]["bindings"]
        whole = all(set(needed) <= set(row) for row in rows)
    except (KeyError, TypeError):
        whole = False
    if not whole:
        raise Wrong("what came is not an answer of the query service")


def _row(kind: str, said: Mapping[str, str], to: str) -> Iterator[str]:
    yield kind
    yield said["iso"]
    yield to
    yield "member" if kind == "membership" else ""
    for name in ("start", "end"):
        yield _date(said.get(name, ""), said.get(f"{name}Precision", ""))
    yield said["from"].replace("http:", "https:", 1).replace("/entity/", "/wiki/", 1)
    yield "low"
    yield said["statement"].rsplit("/", 1)[-1]


def _date(text: str, precision: str) -> str:
    """A date as precise as Wikidata knows it; a decade or century is not one.

    >>> _date("1998-11-01T00:00:00Z", "10"), _date("1900-01-01T00:00:00Z", "7")
    ('1998-11', '')
    """
    return text[: _WIDTHS[precision]] if precision in _WIDTHS and text[:1].isdigit() else ""
