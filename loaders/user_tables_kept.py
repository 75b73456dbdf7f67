"""The user's own tables, kept as inputs of every later build: what was read, and the original."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import polars as pl

from geoties.graph.files import replacing, write_atomically
from geoties.graph.model import SCHEMAS, Report, Source, Tables, UserError, complete
from geoties.loaders.downloads_cache import Download
from geoties.loaders.registry import Loader

PREFIX = "user-"
_NOTE = "source.json"


def folder_of(source: str) -> str:
    """The name of the folder, and of the loader, of a user's source.

    >>> folder_of("my-visits")
    'user-my-visits'
    """
    return PREFIX + source


def write_kept(
    folder: Path,
    source: Source,
    tables: Tables,
    files: Mapping[str, Path],
    downloads: Iterable[Download] = (),
) -> None:
    """Write what was read of a source into `folder`, beside copies of the user's files.

    `files` are the originals by what they are: `table`, `mapping`. `downloads` are told only.
    """
    folder.mkdir(parents=True)
    names = {role: f"{role}-{path.name}" for role, path in files.items()}
    for role, path in files.items():
        with replacing(folder / names[role]) as part:
            shutil.copyfile(path, part)
    for name in SCHEMAS:
        frame: pl.DataFrame = getattr(tables, name)
        if frame.height:
            with replacing(folder / f"{name}.parquet") as part:
                frame.sort(pl.all()).write_parquet(part)
    note = {
        "source": _described(source),
        "files": names,
        "downloads": [asdict(download) for download in downloads],
        "report": asdict(tables.report),
    }
    text = json.dumps(note, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    write_atomically(folder / _NOTE, text)


def _described(source: Source) -> dict[str, Any]:
    return {**asdict(source), "retrieved": source.retrieved.isoformat()}


def kept_source(folder: Path) -> Source:
    """The source that a folder of the inputs holds; raises `UserError` when it is damaged."""
    try:
        row = json.loads((folder / _NOTE).read_text(encoding="utf-8"))["source"]
        row |= {"retrieved": dt.date.fromisoformat(row["retrieved"])}
        row |= {"filenames": tuple(row["filenames"])}
        return Source(**{field.name: row[field.name] for field in fields(Source)})
    except (OSError, ValueError, KeyError, TypeError):
        name = folder.name.removeprefix(PREFIX)
        raise UserError(
            f"What is kept of your table in {folder} is damaged; "
            f"run `geoties remove {name}`, then `geoties add` again."
        ) from None


def read_kept(folder: Path) -> Tables:
    """The tables that `write_kept` wrote."""
    tables = Tables.of()
    for name in SCHEMAS:
        path = folder / f"{name}.parquet"
        if path.exists():
            setattr(tables, name, complete(name, pl.read_parquet(path)))
    rows = sum(getattr(tables, name).height for name in SCHEMAS)
    tables.report = Report(read=rows, loaded=rows)
    tables.sources = (kept_source(folder),)
    return tables


def is_kept(path: Path) -> bool:
    """Whether a folder holds tables that were read already, not a publisher's own files."""
    return (path / _NOTE).is_file()


def own_loaders(inputs: Path) -> dict[str, Loader]:
    """The user's own tables as loaders, by name."""
    return {loader.name: loader for loader in _own_loaders(inputs)}


def _own_loaders(inputs: Path) -> Iterator[Loader]:
    for folder in sorted(inputs.glob(f"{PREFIX}*")):
        yield Loader(folder.name, (kept_source(folder),), read_kept)
