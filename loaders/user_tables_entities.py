"""The rows of a user's table as entities: projects, companies, agreements, bodies of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from geoties.graph.checks_entities import check_entities
from geoties.graph.model import Entity, Tables
from geoties.loaders import user_tables_cells as cells
from geoties.loaders.user_tables_mapping import Layout
from geoties.loaders.user_tables_names import Reader, When, World
from geoties.loaders.user_tables_problems import Found, problems, without
from geoties.loaders.user_tables_sheet import ROW
from geoties.loaders.user_tables_ties import EXAMPLE
from geoties.ontology.kinds import LANGUAGES, properties

#: What a user may bring. States and the like are the graph's own, or names would not be certain.
KINDS = ("agreement", "bloc", "body", "company", "initiative", "project")
BETWEEN = "|"  # between the values of a property that has several


def columns() -> tuple[str, ...]:
    """The columns that a table of entities may have: labels by language, then properties."""
    labels = tuple(f"label-{language}" for language in LANGUAGES)
    return ("id", "kind", "label", *labels, "valid_from", "valid_to", *properties())


def read_entities(
    rows: pl.DataFrame, layout: Layout, world: World
) -> tuple[list[tuple[int, Entity]], Found]:
    """The entities with the numbers of their rows, and the problems of the others."""
    reader = Reader(world, layout)
    read, found = [], []
    for row in rows.iter_rows(named=True):
        try:
            read.append((row[ROW], _entity(row, reader, world)))
        except _Wrong as wrong:
            found.append(problems(rows.filter(pl.col(ROW) == row[ROW]), wrong.column, wrong.reason))
    found += _broken_rules(read, rows, world)
    kept = set(without(rows, found)[ROW])
    return [(number, entity) for number, entity in read if number in kept], found


class _Wrong(Exception):
    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


def _entity(row: Mapping[str, Any], reader: Reader, world: World) -> Entity:
    kind = row["kind"]
    if kind not in KINDS:
        raise _Wrong("kind", f"your own entities may be: {', '.join(KINDS)}")
    name = row["id"] if "/" in row["id"] else f"{kind}/{row['id']}"
    if not row["id"]:
        raise _Wrong("id", "an entity needs an id, such as project/my-port")
    if not name.startswith(f"{kind}/"):
        raise _Wrong("id", f"the id of a {kind} begins with {kind}/")
    if name == f"{kind}/{EXAMPLE}":
        raise _Wrong("id", "this is the example of the template; delete the row")
    if name in world.kinds:
        raise _Wrong("id", "the graph has an entity of this id; a table of yours cannot change it")
    labels = {"en": row["label"]} | {
        language: row[f"label-{language}"] for language in LANGUAGES if row.get(f"label-{language}")
    }
    given = dict(_properties(row, reader))
    return Entity(name, kind, labels, given, row["valid_from"], row["valid_to"])


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


def _broken_rules(
    read: list[tuple[int, Entity]], rows: pl.DataFrame, world: World
) -> Iterator[pl.DataFrame]:
    if not read:
        return
    own = Tables.of([entity for _, entity in read]).entities
    number = {entity.id: row for row, entity in reversed(read)}
    every = pl.concat([world.entities.select(own.columns), own])
    findings = check_entities(every).filter(pl.col("id").is_in(list(number)))
    for finding in findings.iter_rows(named=True):
        if finding["check"] == "duplicate id":
            continue
        row = rows.filter(pl.col(ROW) == number[finding["id"]])
        word = str(finding["detail"]).split(" ", 1)[0]
        yield problems(row, word if word in rows.columns else "id", finding["detail"])


def settled(
    read: list[tuple[int, Entity]],
) -> tuple[list[Entity], list[tuple[int, int]], list[tuple[int, int]]]:
    """The entities; rows that say the same as an earlier one; rows that contradict another."""
    first: dict[str, tuple[int, Entity]] = {}
    repeated, against = [], []
    for number, entity in read:
        other, known = first.setdefault(entity.id, (number, entity))
        if other != number and known == entity:
            repeated.append((number, other))
        elif other != number:
            against += [(number, other), (other, number)]
    wrong = {number for number, _ in against}
    good = [entity for number, entity in first.values() if number not in wrong]
    return good, [(n, o) for n, o in repeated if o not in wrong], list(dict(against).items())
