"""The four tables of a cut as files: `entities`, `observations`, `coverage` and `ties/<kind>`.

A Frictionless data package (`datapackage.json`) beside them states their columns and types, what
was asked for, what is left out, and the sources with their licences.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from geoties.graph.exports.folders import MARK
from geoties.graph.model import SCHEMAS

if TYPE_CHECKING:
    from geoties.graph.exports.cut import Cut

WriteTable = Callable[[pl.DataFrame, Path], None]
_TYPES = {"str": "string", "int": "integer", "float": "number"}


def write_tables(
    cut: Cut, folder: Path, suffix: str, write: WriteTable, about: Mapping[str, Any]
) -> dict[str, int]:
    """Write every table of a cut with `write`; returns the rows of each.

    `about` is added to the description: what a reader of this format must know.
    """
    (folder / "ties").mkdir()
    counts: dict[str, int] = {}
    for name, table, frame in _tables(cut):
        frame = frame.select(list(SCHEMAS[table]))
        write(frame, folder / f"{name}.{suffix}")
        counts[name] = frame.height
    package = {**_package(cut, suffix, counts), **about}
    text = json.dumps(package, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (folder / MARK).write_text(text, encoding="utf-8", newline="\n")
    return counts


def _tables(cut: Cut) -> Iterator[tuple[str, str, pl.DataFrame]]:
    yield "entities", "entities", cut.entities()
    yield "observations", "observations", cut.observations()
    yield "coverage", "coverage", cut.coverage()
    for kind in cut.tie_kinds():
        yield f"ties/{kind}", "ties", cut.ties(kind)


def _package(cut: Cut, suffix: str, counts: Mapping[str, int]) -> dict[str, Any]:
    selection = cut.selection
    return {
        "name": "geoties",
        "graph_date": selection.graph_date,
        "build": selection.checksum,
        "cut": {"focus": selection.focus, "on": selection.on, "kinds": selection.kinds},
        "left_out": list(cut.left_out()),
        "sources": list(_sources(cut)),
        "resources": [
            {
                "name": _resource(name),
                "path": f"{name}.{suffix}",
                "rows": rows,
                "schema": _schema(name),
            }
            for name, rows in counts.items()
        ],
    }


def _resource(name: str) -> str:
    return name.replace("/", "-")


def _schema(name: str) -> dict[str, Any]:
    columns = SCHEMAS[name.split("/")[0]]
    return {"fields": [{"name": column, "type": _TYPES[kind]} for column, kind in columns.items()]}


def _sources(cut: Cut) -> Iterator[dict[str, str]]:
    """The sources of the kept rows, with what is needed to cite them."""
    for row in cut.entities().filter(pl.col("kind") == "source").iter_rows(named=True):
        told = json.loads(row["properties"] or "{}")
        title = json.loads(row["labels"] or "{}").get("en", row["id"])
        kept = ("publisher", "licence", "version", "citation")
        cited = {key: str(told[key]) for key in kept if key in told}
        yield {"id": row["id"], "title": title, "path": str(told.get("url", ""))} | cited
