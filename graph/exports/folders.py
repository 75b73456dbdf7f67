"""Folders of tables that are whole or not there, and zips of them with the same bytes each time."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from geoties.graph.files import sync_folder
from geoties.graph.model import UserError

MARK = "datapackage.json"
# A zip holds no earlier date than this; a real one would differ from one export to the next.
_NO_DATE = (1980, 1, 1, 0, 0, 0)


@contextlib.contextmanager
def replacing_folder(path: Path) -> Iterator[Path]:
    """A temporary folder beside `path`; put in its place when the block ends well, else removed.

    Only a folder that an export made, or an empty one, is replaced; raises `UserError` for
    others, whose files are nobody's to delete.
    """
    _check_replaceable(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as work:
        part = Path(work) / "new"
        part.mkdir()
        yield part
        _sync(part)
        _swap(part, path, Path(work) / "old")
    sync_folder(path.parent)


def _check_replaceable(path: Path) -> None:
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        raise UserError(f"{path} is a file; tables are written to a folder, or to .zip.")
    if path.is_dir() and any(path.iterdir()) and not (path / MARK).is_file():
        raise UserError(f"{path} holds files that no export wrote; choose another name.")


def _sync(folder: Path) -> None:
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            with file.open("rb+") as stream:
                os.fsync(stream.fileno())


def _swap(part: Path, path: Path, old: Path) -> None:
    """Move the old folder away and the new one in; put the old one back if that fails."""
    if path.exists():
        path.rename(old)
    try:
        part.rename(path)
    except OSError:
        if old.exists():
            old.rename(path)
        raise


def zip_folder(folder: Path, target: Path) -> None:
    """Write the files of `folder` as a zip, in the order of their names, without dates."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), _NO_DATE)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.create_system, entry.external_attr = 3, 0o644 << 16
                with file.open("rb") as source, archive.open(entry, "w", force_zip64=True) as out:
                    shutil.copyfileobj(source, out, 1 << 20)
