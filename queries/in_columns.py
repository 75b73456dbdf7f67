"""Ties that are kept in the columns alone (products, roll calls), told like those of the store."""

from __future__ import annotations

from pathlib import Path

from geoties.ontology.kinds import Kind
from geoties.queries.facts import Fact

NO_COLUMNS = (
    "This is answered from the columns, which a store elsewhere does not hold; ask a graph of "
    "your own, without --endpoint (`geoties build` makes one)."
)


def facts_in_columns(frames: Path, kind: Kind, x: str, y: str, until: int) -> list[Fact]:
    """The ties of a kind between `x` and `y`, or of `x` if `y` is empty, up to a year.

    Of a yearly kind those of the latest year of each source, exporter and importer: a product that
    was last sold in 2008 is no tie of 2023.
    """
    path = frames / "ties" / f"{kind.id}.parquet"
    if kind.stored != "frames" or not path.exists():
        return []
    import polars as pl

    one, other = pl.col("from"), pl.col("to")
    between = ((one == x) & (other == y)) | ((one == y) & (other == x))
    wanted = between if y else (one == x) | (other == x)
    ties = pl.scan_parquet(path).filter(wanted, pl.col("year").fill_null(0) <= until)
    if kind.temporality == "yearly":
        ties = ties.filter(pl.col("year") == pl.col("year").max().over("source", "from", "to"))
    return [_fact(kind, row) for row in ties.collect().iter_rows(named=True)]


def _fact(kind: Kind, row: dict[str, object]) -> Fact:
    names = set(Fact.__slots__) - {"kind", "from_", "doubt", "not_before"}
    told = {name: row[name] for name in names}
    return Fact(kind=kind, from_=str(row["from"]), **told)  # type: ignore[arg-type]
