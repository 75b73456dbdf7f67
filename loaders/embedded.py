"""The embedded tables: what a loader made of a publisher's file, kept small and whole.

Columns that hold one value, and records that follow from the ends and the year, are left out of
the file and named in the metadata beside it; reading puts them back. Small tables are CSV text,
large ones Parquet.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from geoties.graph.files import replacing, write_atomically
from geoties.graph.model import (
    SCHEMAS,
    Source,
    Tables,
    complete,
    default_record,
    tie_frame,
    topic_record,
)
from geoties.loaders.registry import Loader

TEXT_ROWS = 6_000
# How a record can follow from the rest of its row, by the name that the metadata gives the rule.
_RECORDS = {"record": default_record, "record with topic": topic_record}


def write_embedded(folder: Path, loader: Loader, tables: Tables, *raw: Path) -> dict[str, Any]:
    """Write the tables of `loader` into `folder` with `metadata.json`; returns the metadata.

    `raw` are the publisher's files that they were made of; their checksums are kept.
    """
    for old in [*folder.glob("*.csv"), *folder.glob("*.parquet")]:
        old.unlink()
    written = {name: _write_table(folder, name, getattr(tables, name)) for name in SCHEMAS}
    metadata = {
        "sources": [_describe(source) for source in (*loader.sources, *tables.sources)],
        "raw": [{"file": path.name, "sha256": checksum(path)} for path in raw],
        "rows": {
            "read": tables.report.read,
            "loaded": tables.report.loaded,
            "duplicates": tables.report.duplicates,
            "rejected": len(tables.report.rejected),
        },
        "tables": {name: info for name, info in written.items() if info},
    }
    text = json.dumps(metadata, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    write_atomically(folder / "metadata.json", text)
    return metadata


def _describe(source: Source) -> dict[str, Any]:
    row = asdict(source)
    return {**row, "retrieved": source.retrieved.isoformat()}


def checksum(path: Path) -> str:
    """SHA-256 of a file, or of all files of a folder with their names."""
    digest = hashlib.sha256()
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    for file in files:
        if file.is_file():
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _write_table(folder: Path, name: str, frame: pl.DataFrame) -> dict[str, Any]:
    if frame.is_empty():
        return {}
    small, constants, derived = compact(name, frame)
    as_text = small.height <= TEXT_ROWS
    path = folder / f"{name}.{'csv' if as_text else 'parquet'}"
    with replacing(path) as part:
        if as_text:
            small.write_csv(part)
        else:
            small.write_parquet(part, compression="zstd", compression_level=19)
    rows = {"file": path.name, "rows": frame.height, "sha256": checksum(path)}
    return {**rows, "constants": constants, "derived": derived}


def compact(name: str, frame: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, Any], list[str]]:
    """Leave out what can be put back: ids, default records, columns of one value.

    >>> flow = tie_frame(pl.DataFrame({"from": ["a", "a"], "to": ["b", "c"]}), kind="visit")
    >>> compact("ties", flow)[0].columns
    ['to']
    """
    derived: list[str] = []
    frame = frame.sort(_order(frame))
    if name == "ties":
        frame = frame.drop("id")
        for of, rule in _RECORDS.items():
            if not derived and (frame["record"] == frame.select(rule())["record"]).all():
                frame, derived = frame.drop("record"), [of]
    constant = [column for column in frame.columns if frame[column].n_unique() == 1]
    constant = constant[: len(frame.columns) - 1]
    constants = {column: frame[column][0] for column in constant}
    kept = {column: value for column, value in constants.items() if value not in ("", None)}
    return frame.drop(constant), kept, derived


def _order(frame: pl.DataFrame) -> list[str]:
    """The columns to sort by, so that rows alike lie together and take least room.

    First the column that fixes most others (a roll call has one date and one issue), where one
    fixes any; then the columns of the fewest different values.
    """
    counts = {column: frame[column].n_unique() for column in frame.columns}
    rest = sorted(counts, key=lambda column: counts[column])
    many = [column for column in rest if 1 < counts[column] < frame.height]
    fixed = {
        column: sum(
            1 < counts[other] < counts[column]
            and frame.select(column, other).n_unique() == counts[column]
            for other in many
        )
        for column in many[::-1]
    }
    most = max(fixed.values(), default=0)
    return [column for column in fixed if most and fixed[column] == most][:1] + rest


def read_metadata(folder: Path) -> dict[str, Any]:
    """What `metadata.json` of a folder of embedded tables says; nothing if there is none yet."""
    path = folder / "metadata.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def read_embedded(folder: Path, only: Collection[str] = tuple(SCHEMAS)) -> Tables:
    """The tables that `write_embedded` wrote, complete again; the others stay empty."""
    known = read_metadata(folder)["tables"]
    tables = Tables.of()
    for name in (name for name in known if name in only):
        setattr(tables, name, _read_table(folder, name, known[name]))
    return tables


def _read_table(folder: Path, name: str, info: dict[str, Any]) -> pl.DataFrame:
    path = folder / info["file"]
    as_text = path.suffix == ".csv"
    frame = pl.read_csv(path, infer_schema=False) if as_text else pl.read_parquet(path)
    whole = complete(name, frame, **info["constants"])
    if name != "ties":
        return whole
    rules = [_RECORDS[rule]() for rule in info["derived"]]
    return tie_frame(whole.with_columns(rules))
