"""What a fact is: entities, ties, observations, coverage, and the sources they come from.

Everything else in geoties is derived from the four tables declared here.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any

# Dates and columns are their own affair; they are offered here too, for most who read facts.
from geoties.graph.dates import Period as Period
from geoties.graph.dates import first_day as first_day
from geoties.graph.dates import holds_on as holds_on
from geoties.graph.dates import last_day as last_day
from geoties.graph.dates import parse_date as parse_date
from geoties.graph.dates import show_date as show_date
from geoties.graph.schemas import COVERAGE as COVERAGE
from geoties.graph.schemas import ENTITIES as ENTITIES
from geoties.graph.schemas import OBSERVATIONS as OBSERVATIONS
from geoties.graph.schemas import SCHEMAS as SCHEMAS
from geoties.graph.schemas import TIES as TIES
from geoties.graph.schemas import complete as complete
from geoties.graph.schemas import default_record as default_record
from geoties.graph.schemas import polars_schema as polars_schema
from geoties.graph.schemas import slug as slug
from geoties.graph.schemas import tie_frame as tie_frame
from geoties.graph.schemas import tie_id as tie_id
from geoties.graph.schemas import topic_record as topic_record

if TYPE_CHECKING:
    import polars as pl

BASE = "https://w3id.org/geoties/"
ONTOLOGY = BASE + "ontology#"
SCHEMA_VERSION = 1


class UserError(Exception):
    """Something the user can mend, told in one sentence; the command line exits with 2."""


def day_asked(text: str) -> str:
    """A date asked for; a month or year alone means its last day. Raises `UserError`.

    >>> day_asked("2016-02"), day_asked("")
    ('2016-02-29', '')
    """
    if not text:
        return ""
    try:
        return parse_date(text).last
    except ValueError as problem:
        raise UserError(f"{problem}.") from None


@dataclass(frozen=True)
class Entity:
    """A state, territory, body, agreement, project … keyed by its local path (`state/PER`)."""

    id: str
    kind: str
    labels: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)
    valid_from: str = ""
    valid_to: str = ""


@dataclass(frozen=True)
class Tie:
    """A fact with two ends. Empty text and `None` mean unknown, never zero or no."""

    kind: str
    from_: str
    to: str
    source: str
    record: str
    via: str = ""
    role: str = ""
    topic: str = ""
    start: str = ""
    start_precision: str = ""
    end: str = ""
    end_precision: str = ""
    observed_to: str = ""
    year: int | None = None
    value: float | None = None
    unit: str = ""
    reference: str = ""
    confidence: str = ""


@dataclass(frozen=True)
class Observation:
    """A number about one entity in one year."""

    entity: str
    indicator: str
    year: int
    value: float
    unit: str
    source: str
    record: str = ""


@dataclass(frozen=True)
class Coverage:
    """What a source claims to know; an empty scope means everything."""

    source: str
    kind: str
    status: str
    from_scope: str = ""
    to_scope: str = ""
    via_scope: str = ""
    topic_scope: str = ""
    from_year: int | None = None
    to_year: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Source:
    """Who says so: one release of one publisher's data.

    `embedded` tells how geoties carries it: `tables` (what the loader made of it), `raw` (our
    own curated text, loaded when building) or `none` (the user brings the file).
    """

    id: str
    title: str
    publisher: str
    url: str
    licence: str
    licence_class: str
    version: str
    retrieved: dt.date
    citation: str
    expects: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    embedded: str = "tables"
    filenames: tuple[str, ...] = ()

    @property
    def entity(self) -> str:
        """The source's entity id.

        >>> Source("x-1", "", "", "", "", "A", "", dt.date(2026, 1, 1), "").entity
        'source/x-1'
        """
        return f"source/{self.id}"


@dataclass(frozen=True)
class Rejection:
    """A row that was not loaded: where, what stood there, and why."""

    row: int
    column: str
    value: str
    reason: str


@dataclass
class Report:
    """The account of a load: every row read is loaded, rejected or a duplicate."""

    read: int = 0
    loaded: int = 0
    duplicates: int = 0
    rejected: list[Rejection] = field(default_factory=list)

    def balanced(self) -> bool:
        """Whether no row went missing.

        >>> Report(read=3, loaded=2, duplicates=1).balanced()
        True
        """
        return self.read == self.loaded + self.duplicates + len(self.rejected)


@dataclass
class Tables:
    """The four tables of one source, and the account of how they were read.

    `sources` names releases that the loader met in the file beyond those of its module.
    """

    entities: pl.DataFrame
    ties: pl.DataFrame
    observations: pl.DataFrame
    coverage: pl.DataFrame
    report: Report = field(default_factory=Report)
    sources: tuple[Source, ...] = ()

    @classmethod
    def of(
        cls,
        entities: Iterable[Entity] | pl.DataFrame = (),
        ties: Iterable[Tie] | pl.DataFrame = (),
        observations: Iterable[Observation] | pl.DataFrame = (),
        coverage: Iterable[Coverage] | pl.DataFrame = (),
        report: Report | None = None,
        sources: tuple[Source, ...] = (),
    ) -> Tables:
        """Tables from dataclasses or from frames, complete and typed.

        >>> Tables.of(entities=[Entity("state/PER", "state", {"en": "Peru"})]).entities.height
        1
        """
        return cls(
            _table("entities", entities),
            _table("ties", ties),
            _table("observations", observations),
            _table("coverage", coverage),
            report or Report(),
            sources,
        )


def _table(name: str, rows: Iterable[Any] | pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    if not isinstance(rows, pl.DataFrame):
        rows = pl.DataFrame([_row(row) for row in rows], schema=_row_schema(name), orient="row")
    return tie_frame(rows) if name == "ties" else complete(name, rows)


def _row_schema(table: str) -> dict[str, pl.DataType]:
    schema = polars_schema(table)
    schema.pop("id") if table == "ties" else None
    return schema


def _row(item: Any) -> dict[str, Any]:
    row = {key.rstrip("_"): value for key, value in asdict(item).items()}
    for key in ("labels", "properties"):
        if key in row:
            row[key] = to_json(row[key])
    return row


def to_json(value: Mapping[str, Any]) -> str:
    """Canonical JSON: sorted keys, no spaces, real characters.

    >>> to_json({"b": 1, "a": "ñ"})
    '{"a":"ñ","b":1}'
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def short_id(entity: str) -> str:
    """The id people see.

    >>> short_id("state/PER")
    'PER'
    """
    return entity.rsplit("/", 1)[-1]


def field_names(cls: type) -> Sequence[str]:
    """The columns of a dataclass row, spelled as in the tables.

    >>> field_names(Tie)[:3]
    ('kind', 'from', 'to')
    """
    return tuple(item.name.rstrip("_") for item in fields(cls))
