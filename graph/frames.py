"""The columns: the four tables as Parquet, one file per kind of tie, read as polars frames."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from geoties.graph.model import Tables, UserError

if TYPE_CHECKING:
    import polars as pl

_SINGLE = ("entities", "observations", "coverage")


class Frames:
    """A folder of columnar tables: `entities`, `observations`, `coverage` and `ties/<kind>`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __eq__(self, other: object) -> bool:
        """Frames of one folder are the same, so that what is worked out of them can be kept."""
        return isinstance(other, Frames) and self.folder == other.folder

    def __hash__(self) -> int:
        return hash(self.folder)

    def entities(self) -> pl.DataFrame:
        """All entities: id, kind, labels and properties (JSON text), valid_from, valid_to."""
        return _read(self.folder / "entities.parquet")

    def observations(self) -> pl.DataFrame:
        """Numbers about one entity: entity, indicator, year, value, unit, source, record."""
        return _read(self.folder / "observations.parquet")

    def coverage(self) -> pl.DataFrame:
        """What is known at all: source, kind, scopes, years, status, note."""
        return _read(self.folder / "coverage.parquet")

    def tie_kinds(self) -> list[str]:
        """The kinds of tie that have at least one row."""
        return sorted(path.stem for path in (self.folder / "ties").glob("*.parquet"))

    def ties(self, kind: str) -> pl.DataFrame:
        """The ties of one kind, all columns; empty when there are none."""
        path = self.folder / "ties" / f"{kind}.parquet"
        return _read(path) if path.exists() else Tables.of().ties

    def count(self, kind: str) -> int:
        """How many ties of one kind there are, without reading them."""
        path = self.folder / "ties" / f"{kind}.parquet"
        return _count(path) if path.exists() else 0


@lru_cache(maxsize=32)
def _read(path: Path) -> pl.DataFrame:
    import polars as pl

    try:
        return pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError):
        raise _unreadable(path) from None


def _count(path: Path) -> int:
    import polars as pl

    try:
        return int(pl.scan_parquet(path).select(pl.len()).collect().item())
    except (OSError, pl.exceptions.PolarsError):
        raise _unreadable(path) from None


def _unreadable(path: Path) -> UserError:
    return UserError(
        f"{path.name} of this store cannot be read; run `geoties build` to make it again."
    )


def write_frames(folder: Path, tables: Tables) -> dict[str, int]:
    """Write the tables in canonical order; returns the number of rows of each file."""
    (folder / "ties").mkdir(parents=True)
    counts = {}
    for name in _SINGLE:
        frame = getattr(tables, name)
        counts[name] = write_frame(folder / f"{name}.parquet", frame.sort(frame.columns))
    for kind in tables.ties["kind"].unique().sort():  # one at a time, for they are many
        ties = tables.ties.filter(kind=kind).sort("id")
        counts[f"ties/{kind}"] = write_frame(folder / "ties" / f"{kind}.parquet", ties)
    return counts


def write_frame(path: Path, frame: pl.DataFrame) -> int:
    """Write one table as Parquet; returns its number of rows.

    The bytes go to the file from here: polars would hide which error of the disk it met.
    """
    written = io.BytesIO()
    frame.write_parquet(written, compression="zstd", compression_level=3)
    path.write_bytes(written.getbuffer())
    return frame.height
