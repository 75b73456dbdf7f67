"""What a fact is: entities, ties, observations, coverage, and the sources they come from.

Everything else in geoties is derived from the four tables declared here.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

# Dates are their own affair; they are offered here too, for most who read facts read dates.
from geoties.graph.dates import Period as Period
from geoties.graph.dates import first_day as first_day
from geoties.graph.dates import holds_on as holds_on
from geoties.graph.dates import last_day as last_day
from geoties.graph.dates import parse_date as parse_date
from geoties.graph.dates import show_date as show_date

if TYPE_CHECKING:
    import polars as pl

BASE = "https://w3id.org/geoties/"
ONTOLOGY = BASE + "ontology#"
SCHEMA_VERSION = 1


class UserError(Exception):
    """Something the user can mend, told in one sentence; the command line exits with 2."""


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


ENTITIES = {
    "id": "str",
    "kind": "str",
    "labels": "str",
    "properties": "str",
    "valid_from": "str",
    "valid_to": "str",
}
TIES = {
    "id": "str",
    "kind": "str",
    "from": "str",
    "to": "str",
    "via": "str",
    "role": "str",
    "topic": "str",
    "start": "str",
    "start_precision": "str",
    "end": "str",
    "end_precision": "str",
    "observed_to": "str",
    "year": "int",
    "value": "float",
    "unit": "str",
    "reference": "str",
    "confidence": "str",
    "source": "str",
    "record": "str",
}
OBSERVATIONS = {
    "entity": "str",
    "indicator": "str",
    "year": "int",
    "value": "float",
    "unit": "str",
    "source": "str",
    "record": "str",
}
COVERAGE = {
    "source": "str",
    "kind": "str",
    "from_scope": "str",
    "to_scope": "str",
    "via_scope": "str",
    "topic_scope": "str",
    "from_year": "int",
    "to_year": "int",
    "status": "str",
    "note": "str",
}
SCHEMAS = {
    "entities": ENTITIES,
    "ties": TIES,
    "observations": OBSERVATIONS,
    "coverage": COVERAGE,
}


def polars_schema(table: str) -> dict[str, pl.DataType]:
    """The polars types of one of the four tables.

    >>> list(polars_schema("coverage"))[:2]
    ['source', 'kind']
    """
    import polars as pl

    types: dict[str, pl.DataType] = {"str": pl.String(), "int": pl.Int32(), "float": pl.Float64()}
    return {column: types[kind] for column, kind in SCHEMAS[table].items()}


def complete(table: str, frame: pl.DataFrame, **constants: str | int | float) -> pl.DataFrame:
    """`frame` with every column of `table`, in order and typed; missing text becomes empty.

    Raises `ValueError` when `frame` has a column that the table does not know.

    >>> import polars as pl
    >>> frame = pl.DataFrame({"entity": ["state/PER"], "year": [2020], "value": [1.0]})
    >>> complete("observations", frame, indicator="gdp", unit="USD", source="s").columns
    ['entity', 'indicator', 'year', 'value', 'unit', 'source', 'record']
    """
    import polars as pl

    schema = polars_schema(table)
    if unknown := sorted((set(frame.columns) | set(constants)) - set(schema)):
        raise ValueError(f"columns {unknown} are not in the table of {table}")
    columns = []
    for name, dtype in schema.items():
        given = pl.col(name) if name in frame.columns else pl.lit(constants.get(name))
        column = given.cast(dtype)
        columns.append((column.fill_null("") if dtype == pl.String() else column).alias(name))
    return frame.select(columns)


def tie_frame(frame: pl.DataFrame, **constants: str | int | float) -> pl.DataFrame:
    """A frame of ties with all columns; `record` defaults to from-to-year, `id` is stamped.

    Without a year the default record is from-to.

    >>> import polars as pl
    >>> flow = pl.DataFrame({"from": ["state/CHL"], "to": ["state/CHN"], "year": [2023]})
    >>> tie_frame(flow, kind="goods-trade", source="source/baci")["id"].to_list()
    ['tie/goods-trade/baci/CHL-CHN-2023']
    """
    import polars as pl

    ties = complete("ties", frame, **constants)
    record = pl.col("record")
    ties = ties.with_columns(pl.when(record == "").then(default_record()).otherwise(record))
    return ties.with_columns(id=_tie_id_column())


def default_record() -> pl.Expr:
    """The record that a tie has when its source gives none: `CHL-CHN-2023`.

    >>> import polars as pl
    >>> flow = pl.DataFrame({"from": ["state/CHL"], "to": ["state/CHN"], "year": [None]})
    >>> flow.select(default_record()).item()
    'CHL-CHN'
    """
    return _record("year")


def topic_record() -> pl.Expr:
    """The record of a tie of which there is one for each topic: `CHL-CHN-260300-2023`.

    >>> import polars as pl
    >>> ore = {"from": ["state/CHL"], "to": ["state/CHN"], "topic": ["260300"], "year": [2023]}
    >>> pl.DataFrame(ore).select(topic_record()).item()
    'CHL-CHN-260300-2023'
    """
    return _record("topic", "year")


def _record(*columns: str) -> pl.Expr:
    import polars as pl

    ends = [pl.col(end).str.split("/").list.last() for end in ("from", "to")]
    rest = [pl.col(column).cast(pl.String) for column in columns]
    return pl.concat_str([*ends, *rest], separator="-", ignore_nulls=True).alias("record")


def _tie_id_column() -> pl.Expr:
    import polars as pl

    source = pl.col("source").str.strip_prefix("source/")
    return pl.concat_str([pl.lit("tie"), pl.col("kind"), source, _slug_column()], separator="/")


def _slug_column() -> pl.Expr:
    """The record as an IRI segment; only the few unsafe ones pass through Python."""
    import polars as pl

    record = pl.col("record")
    unsafe = pl.when(record.str.contains(r"[^A-Za-z0-9._~-]")).then(record)
    return pl.coalesce(unsafe.map_elements(slug, return_dtype=pl.String), record)


def slug(text: str) -> str:
    """Text as one segment of an IRI, percent-encoded and without loss.

    >>> slug("CHL 2002/O")
    'CHL%202002%2FO'
    """
    return quote(text, safe="")


def tie_id(kind: str, source: str, record: str) -> str:
    """The id of a tie: `tie/<kind>/<source>/<record>`.

    >>> tie_id("membership", "source/curated-2026", "APEC-PER-1998")
    'tie/membership/curated-2026/APEC-PER-1998'
    """
    return f"tie/{kind}/{source.removeprefix('source/')}/{slug(record)}"


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
