"""A newer release of a source that geoties knows, as it was downloaded and read."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from geoties.graph.model import Source, Tables, tie_frame
from geoties.loaders.downloads_cache import Wrong


@dataclass(frozen=True)
class Release:
    """What a publisher's newest release holds; `notes` are for the user to see."""

    source: Source
    tables: Tables
    notes: tuple[str, ...] = ()


def newer(known: Source, id: str, version: str, **changes: Any) -> Source:
    """A later release of a known source, retrieved today."""
    today = dt.date.today()  # kept with the tables, so that later builds say the same
    return replace(
        known, id=id, version=version, retrieved=today, embedded="none", expects={}, **changes
    )


def relabelled(tables: Tables, known: Source, source: Source) -> Tables:
    """The tables that a loader read, as of the release that they are really of."""
    label = pl.col("source").replace({known.entity: source.entity})
    tables.ties = tie_frame(tables.ties.drop("id").with_columns(label))
    tables.observations = tables.observations.with_columns(label)
    tables.coverage = tables.coverage.with_columns(label)
    return tables


def as_json(path: Path) -> Any:
    """The JSON in a file, with its numbers as they are written; raises `Wrong` for anything else.

    A page of an overloaded server, or half an answer, is not JSON.
    """
    try:
        return json.loads(path.read_bytes(), parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        raise Wrong("what came is not JSON") from None
