"""The project's own tables: dated memberships, agreements, relations, partnerships, visits.

They lie in `data/curated/` as CSV that people edit. `second_source` and `note` are for those
who check a row and are not loaded. Dates are partial ISO text; an end is the first day on which
the tie no longer holds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from geoties.graph.model import Coverage, Entity, Report, Source, Tables, Tie, short_id
from geoties.graph.name_keys import fold
from geoties.graph.names import default_resolver
from geoties.loaders.curated_rows import (
    BadCell,
    Cells,
    collect,
    dated_tie,
    filled,
    one_of,
    read_rows,
    year,
)
from geoties.ontology.kinds import LANGUAGES, indicators, kinds, roles

Made = TypeVar("Made")

SOURCE = Source(
    id="curated-2026",
    title="geoties curated tables: memberships, agreements and relations",
    publisher="The geoties developers",
    url="https://w3id.org/geoties/source/curated-2026",
    licence="CC-BY-4.0",
    licence_class="A",
    version="2026-02-01",
    retrieved=dt.date(2026, 2, 1),
    citation="The geoties developers (2026), curated tables, closing date 2026-02-01; each row "
    "cites its own public source.",
    expects={"ties": (1_000, 5_000), "entities": (30, 500)},
    embedded="raw",
)

_LABELS = tuple(f"label_{language}" for language in LANGUAGES)
_BODY = ("id", "kind", *_LABELS, "aliases", "founded", "dissolved", "url", "wikidata",
         "binds_new_members")  # fmt: skip
_AGREEMENT = ("id", *_LABELS, "type", "amends", "signed", "identifiers", "url")
_DATES = ("start", "start_precision", "end", "end_precision", "observed_to")
_DATED = (*_DATES, "reference", "second_source", "confidence", "note")
_MEMBERSHIP = ("body", "member", "role", *_DATED)
_PARTY = ("agreement", "party", "kind", "counterpart", *_DATED)
_RELATION = ("kind", "from", "to", "via", "role", "topic", *_DATED)
_SCOPES = ("from_scope", "to_scope", "via_scope", "topic_scope")
_COVERAGE = ("kind", *_SCOPES, "from_year", "to_year", "status", "note")
RELATION_TABLES = ("relations.csv", "cooperation.csv", "visits.csv")


def load(raw: Path) -> Tables:
    """Read the folder of curated tables.

    Rows that name an unknown state, body, role or kind, carry an impossible date, lack a
    citation or contradict another are rejected and reported; a table of another shape raises
    `UserError`.
    """
    report = Report()
    read = partial(_read, raw, report)
    bodies = read("bodies.csv", _BODY, _body, _id)
    agreements = read("agreements.csv", _AGREEMENT, _agreement, _id)
    known = Known(frozenset(entity.id for entity in (*bodies, *agreements)))
    ties = [
        *read("memberships.csv", _MEMBERSHIP, partial(_membership, known), _key),
        *read("agreement_parties.csv", _PARTY, partial(_party, known), _key),
        *(
            tie
            for name in RELATION_TABLES
            if (raw / name).exists()
            for tie in read(name, _RELATION, partial(_relation, known), _key)
        ),
    ]
    coverage = read("coverage.csv", _COVERAGE, _coverage, repr)
    return Tables.of((*bodies, *agreements), ties, (), coverage, report)


def _read(
    raw: Path,
    report: Report,
    name: str,
    columns: Sequence[str],
    make: Callable[[Cells], Made],
    key: Callable[[Made], Hashable],
) -> list[Made]:
    return collect(name, read_rows(raw / name, columns), make, key, report)


def _id(entity: Entity) -> str:
    return entity.id


def _key(tie: Tie) -> tuple[str, str]:
    return tie.kind, tie.record


@dataclass(frozen=True)
class Known:
    """The entities that rows may name: all states, and what these tables define themselves."""

    own: frozenset[str]

    def entity(self, cells: Cells, column: str) -> str:
        """The entity id in a cell; raises `BadCell` when there is no such entity."""
        value = cells[column]
        if value in self.own or default_resolver().code("id", value) == value:
            return value
        raise BadCell(column, value, "no entity is known by this id")

    def optional(self, cells: Cells, column: str) -> str:
        """As `entity`, but the cell may be empty."""
        return self.entity(cells, column) if cells[column] else ""


def _labels(cells: Cells) -> dict[str, str]:
    filled(cells, "label_en")
    texts = {language: cells[f"label_{language}"] for language in LANGUAGES}
    return {language: text for language, text in texts.items() if text}


def _present(**properties: object) -> dict[str, object]:
    return {name: value for name, value in properties.items() if value}


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split("|") if part.strip()]


def _body(cells: Cells) -> Entity:
    properties = _present(
        shortName=short_id(filled(cells, "id")),
        otherName=_split(cells["aliases"]),
        founded=cells["founded"],
        dissolved=cells["dissolved"],
        homepage=cells["url"],
        wikidata=cells["wikidata"],
        bindsNewMembers=one_of(cells, "binds_new_members", ("", "true")) == "true",
    )
    kind = one_of(cells, "kind", ("body", "bloc", "initiative"))
    return Entity(cells["id"], kind, _labels(cells), properties)


def _agreement(cells: Cells) -> Entity:
    properties = _present(
        shortName=short_id(filled(cells, "id")),
        agreementType=cells["type"],
        amends=cells["amends"],
        signedOn=cells["signed"],
        sameRecord=_split(cells["identifiers"]),
        homepage=cells["url"],
    )
    return Entity(cells["id"], "agreement", _labels(cells), properties)


def _record(*parts: str) -> str:
    return "-".join(short_id(part) for part in parts if part)


def _words(text: str) -> str:
    """A text as plain words for a record: `Néstor Kirchner` is `nestor-kirchner`."""
    return fold(text).replace(" ", "-")


def _role(cells: Cells, kind: str) -> str:
    allowed = {role.id for role in roles().values() if role.kind == kind}
    return one_of(cells, "role", allowed) if cells["role"] else ""


def _membership(known: Known, cells: Cells) -> Tie:
    body, member = known.entity(cells, "body"), known.entity(cells, "member")
    role = _role(cells, "membership") or filled(cells, "role")
    capacity = "" if role == "member" else role
    record = _record(body, member, capacity, cells["start"][:4])
    return _dated(cells, Tie("membership", member, body, SOURCE.entity, record, role=role))


def _party(known: Known, cells: Cells) -> Tie:
    kind = one_of(cells, "kind", ("agreement-party", "signature", "not-yet-in-force"))
    agreement, party = known.entity(cells, "agreement"), known.entity(cells, "party")
    counterpart = known.optional(cells, "counterpart")
    if (kind == "not-yet-in-force") != bool(counterpart):
        raise BadCell("counterpart", counterpart, f"does not go with the kind {kind}")
    to, via = (counterpart, agreement) if counterpart else (agreement, "")
    record = _record(agreement, party, counterpart, cells["start"][:4])
    return _dated(cells, Tie(kind, party, to, SOURCE.entity, record, via=via))


def _relation(known: Known, cells: Cells) -> Tie:
    kind = one_of(cells, "kind", kinds())
    from_, to = known.entity(cells, "from"), known.entity(cells, "to")
    role, topic = _role(cells, kind), cells["topic"]
    record = _record(from_, to, role, _words(topic), cells["start"])
    via = known.optional(cells, "via")
    return _dated(cells, Tie(kind, from_, to, SOURCE.entity, record, via, role, topic))


def _dated(cells: Cells, tie: Tie) -> Tie:
    if tie.from_ == tie.to:
        raise BadCell("to", tie.to, "ties an entity to itself")
    is_event = kinds()[tie.kind].temporality == "event"
    return dated_tie(cells, "" if is_event else SOURCE.version, tie)


def _coverage(cells: Cells) -> Coverage:
    return Coverage(
        source=SOURCE.entity,
        kind=one_of(cells, "kind", [*kinds(), *indicators()]),
        status=one_of(cells, "status", ("complete", "partial", "unknown")),
        **{scope: cells[scope] for scope in _SCOPES},
        from_year=year(cells, "from_year"),
        to_year=year(cells, "to_year"),
        note=cells["note"],
    )
