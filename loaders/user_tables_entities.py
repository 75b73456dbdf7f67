"""The rows of a user's table as entities: projects, companies, agreements, bodies of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from geoties.graph.checks_entities import check_entities
from geoties.graph.model import Entity, Tables
from geoties.loaders import user_tables_cells as cells
from geoties.loaders.user_tables_mapping import Layout
from geoties.loaders.user_tables_names import OWN_KINDS, Reader, When, World
from geoties.loaders.user_tables_problems import SCHEMA, Found
from geoties.loaders.user_tables_sheet import ROW
from geoties.loaders.user_tables_ties import EXAMPLE
from geoties.ontology.kinds import properties

BETWEEN = "|"  # between the values of a property that has several
LANGUAGES = ("ar", "de", "es", "fr", "hi", "it", "ja", "ko", "pt", "ru", "zh")
Wrong = tuple[int, str, str, str]  # row, column, value, reason


def columns() -> tuple[str, ...]:
    """The columns that a table of entities may have: labels by language, then properties."""
    labels = tuple(f"label-{language}" for language in LANGUAGES)
    return ("id", "kind", "label", *labels, "valid_from", "valid_to", *properties())


@dataclass
class Entities:
    """What was read: entities by row, rows of which the graph says all, and the problems."""

    read: list[tuple[int, Entity]] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def found(self) -> Found:
        """The problems as a table."""
        return [pl.DataFrame(self.wrong, schema=SCHEMA, orient="row")]


def read_entities(rows: pl.DataFrame, layout: Layout, world: World) -> Entities:
    """The entities of a table; one that the graph has is known if it says nothing else of it."""
    reader, made = Reader(world, layout), Entities()
    graph = world.entities.filter(pl.col("id").is_in(rows["id"].unique().implode()))
    there = {entity["id"]: entity for entity in graph.iter_rows(named=True)}
    for row in rows.iter_rows(named=True):
        try:
            entity = _entity(row, reader)
            if entity.id in there:
                _check_known(entity, there[entity.id])
                made.known.append(row[ROW])
            else:
                _check_own(entity)
                made.read.append((row[ROW], entity))
        except _Wrong as wrong:
            told = str(row.get(wrong.column, ""))
            made.wrong.append((row[ROW], wrong.column, told, wrong.reason))
    broken = list(_broken_rules(made.read, world))
    made.wrong += broken
    bad = {row for row, *_ in broken}
    made.read = [(row, entity) for row, entity in made.read if row not in bad]
    return made


class _Wrong(Exception):
    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


def _entity(row: Mapping[str, Any], reader: Reader) -> Entity:
    kind, name = row["kind"], row["id"]
    if not name:
        raise _Wrong("id", "an entity needs an id, such as project/my-port")
    labels = {"en": row["label"]} | {
        language: row[f"label-{language}"] for language in LANGUAGES if row[f"label-{language}"]
    }
    given = dict(_properties(row, reader))
    name = name if "/" in name else f"{kind}/{name}"
    return Entity(name, kind, labels, given, row["valid_from"], row["valid_to"])


def _check_own(entity: Entity) -> None:
    if entity.kind not in OWN_KINDS:
        raise _Wrong("kind", f"your own entities may be: {', '.join(OWN_KINDS)}")
    if not entity.id.startswith(f"{entity.kind}/"):
        raise _Wrong("id", f"the id of a {entity.kind} begins with {entity.kind}/")
    if entity.id == f"{entity.kind}/{EXAMPLE}":
        raise _Wrong("id", "this is the example of the template; delete the row")


def _check_known(entity: Entity, there: Mapping[str, Any]) -> None:
    """A user's table cannot change what the graph says; it may repeat it."""
    said = {"labels": entity.labels, "properties": entity.properties}
    same = entity.kind == there["kind"]
    for column, given in said.items():
        known = json.loads(there[column] or "{}")
        same &= all(_alike(known.get(name), value) for name, value in given.items())
    for column in ("valid_from", "valid_to"):
        same &= getattr(entity, column) in ("", there[column])
    if not same:
        raise _Wrong("id", "the graph says otherwise of this entity; your table cannot change it")


def _alike(known: Any, given: Any) -> bool:
    if isinstance(known, list) or isinstance(given, list):
        known = known if isinstance(known, list) else [known]
        return all(item in known for item in (given if isinstance(given, list) else [given]))
    return bool(known == given)


def _properties(row: Mapping[str, Any], reader: Reader) -> Iterator[tuple[str, Any]]:
    for name, declared in properties().items():
        text = row.get(name)
        if not text:
            continue
        try:
            values = [
                _value(part.strip(), declared.datatype, reader) for part in text.split(BETWEEN)
            ]
        except ValueError as problem:
            raise _Wrong(name, str(problem)) from None
        yield name, values[0] if len(values) == 1 else values


def _value(text: str, datatype: str, reader: Reader) -> Any:
    if datatype == "object":
        return reader.entity(text, When())
    if datatype == "boolean":
        if text.lower() not in ("true", "false"):
            raise ValueError("expected true or false")
        return text.lower() == "true"
    if datatype in ("integer", "decimal"):
        number = cells.number(text, reader.layout.decimal, reader.layout.thousands)
        return int(number) if number == int(number) else number
    return text


def _broken_rules(read: list[tuple[int, Entity]], world: World) -> Iterator[Wrong]:
    if not read:
        return
    own = Tables.of([entity for _, entity in read]).entities
    number = {entity.id: row for row, entity in reversed(read)}
    every = pl.concat([world.entities.select(own.columns), own])
    findings = check_entities(every).filter(pl.col("id").is_in(list(number)))
    for finding in findings.filter(pl.col("check") != "duplicate id").iter_rows(named=True):
        word = str(finding["detail"]).split(" ", 1)[0]
        column = word if word in columns() else "label" if word == "labels" else "id"
        yield number[finding["id"]], column, finding["id"], finding["detail"]


def settled(
    read: list[tuple[int, Entity]],
) -> tuple[list[Entity], list[tuple[int, int]], list[tuple[int, int]]]:
    """The entities; rows that say the same as an earlier one; rows that contradict another."""
    first: dict[str, tuple[int, Entity]] = {}
    repeated: list[tuple[int, int]] = []
    against: dict[int, int] = {}
    for number, entity in read:
        other, known = first.setdefault(entity.id, (number, entity))
        if other != number and known == entity:
            repeated.append((number, other))
        elif other != number:
            against |= {number: other, other: number}
    good = [entity for number, entity in first.values() if number not in against]
    still = [(number, other) for number, other in repeated if other not in against]
    lost = {number: other for number, other in repeated if other in against}
    return good, still, list((against | lost).items())
