"""The four tables as columns: their names and types, and how ties get their records and ids."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    import polars as pl

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
