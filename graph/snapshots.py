"""The data directory: the user's inputs, the last builds, and which one is current."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geoties.graph.files import sync_folder, write_atomically
from geoties.graph.model import SCHEMA_VERSION, UserError

KEPT_BUILDS = 3
_KEYS = {"checksum", "counts", "frames", "graph_date", "sources"}
_NO_ROOM_OR_RIGHT = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EROFS,
    errno.EACCES,
    errno.EPERM,
    errno.ENOTDIR,
    errno.EEXIST,
    errno.EIO,
    errno.EFBIG,
    None,  # the engines of the store and of the columns give a text alone
}


def data_directory(store: str | os.PathLike[str] | None = None) -> Path:
    """Where the graph lives: `store`, else `GEOTIES_STORE`, else the user's data folder."""
    chosen = store or os.environ.get("GEOTIES_STORE")
    if chosen:
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_data_dir("geoties", appauthor=False))


@dataclass(frozen=True)
class Snapshot:
    """One finished build: a folder with `store/`, `frames/`, `names.csv` and its manifest."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def graph_date(self) -> str:
        """The day the graph speaks of: the latest `retrieved` among its sources."""
        return str(self.manifest["graph_date"])

    @property
    def checksum(self) -> str:
        """The checksum of the manifest, which names the build."""
        return str(self.manifest["checksum"])


def current(directory: Path) -> Snapshot:
    """The build that `current` names; raises `UserError` that says which command makes one."""
    pointer = directory / "current"
    try:
        name = pointer.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise UserError(f"There is no graph in {directory} yet; run `geoties build`.") from None
    except UnicodeDecodeError:
        raise UserError(f"{pointer} does not name a build; run `geoties build`.") from None
    except OSError as problem:
        raise UserError(f"{pointer} cannot be read: {problem.strerror}.") from None
    if not name.isalnum():
        raise UserError(f"{pointer} does not name a build; run `geoties build`.")
    return open_build(directory / "builds" / name)


def open_build(folder: Path) -> Snapshot:
    """The finished build in `folder`; raises `UserError` if it is damaged or of another schema."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        schema = manifest["schema"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise UserError(f"The graph in {folder} is damaged; run `geoties build`.") from None
    if schema != SCHEMA_VERSION:
        raise UserError(f"The graph in {folder} was made by another version; run `geoties build`.")
    if missing := _missing(folder, manifest):
        raise UserError(f"The graph in {folder} lacks {missing}; run `geoties build`.")
    return Snapshot(folder, manifest)


def _missing(folder: Path, manifest: dict[str, Any]) -> str:
    """The first part that a build of this schema has and this one has not, or nothing.

    A table that is gone must not read as a table without rows.
    """
    if absent := _KEYS - set(manifest):
        return f"{min(absent)!r} in its manifest"
    frames = (f"frames/{name}" for name in manifest["frames"])
    parts = ("store", "names.csv", *frames)
    return next((part for part in parts if not (folder / part).exists()), "")


@contextlib.contextmanager
def building(directory: Path) -> Iterator[Path]:
    """An empty folder to build in; removed if the block fails. One build at a time."""
    try:
        builds = directory / "builds"
        builds.mkdir(parents=True, exist_ok=True)
        (directory / "inputs").mkdir(exist_ok=True)
        with _locked(directory / "lock"):
            part = builds / ".part"
            shutil.rmtree(part, ignore_errors=True)
            _put_back(directory)
            part.mkdir()
            try:
                yield part
            finally:
                shutil.rmtree(part, ignore_errors=True)
    except OSError as problem:
        if problem.errno not in _NO_ROOM_OR_RIGHT:
            raise
        told = problem.strerror or str(problem).split(" (os error")[0]
        raise UserError(f"The graph cannot be written to {directory}: {told}.") from None


def _put_back(directory: Path) -> None:
    """Finish or undo what a change of inputs that was killed left: an input that it set aside.

    The input comes back if the current build was made of it, and goes if it was not.
    """
    for aside in sorted((directory / "builds").glob(".was-*")):
        place = directory / "inputs" / aside.name.removeprefix(".was-")
        if _is_current_input(directory, place.name, aside):
            shutil.rmtree(place, ignore_errors=True)
            aside.rename(place)
            sync_folder(place.parent)
        else:
            shutil.rmtree(aside)


def _is_current_input(directory: Path, name: str, folder: Path) -> bool:
    from geoties.loaders.embedded import checksum

    try:
        inputs: dict[str, str] = current(directory).manifest.get("inputs", {})
    except UserError:  # no graph, or a damaged one: rather keep what the user brought
        return not (directory / "inputs" / name).exists()
    return inputs.get(name) == checksum(folder)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the data directory for writing; the system lets go when the process ends."""
    with path.open("a") as stream:
        try:
            _lock(stream.fileno())
        except BlockingIOError:
            raise UserError(
                f"Another build is writing to {path.parent}; try again when it is done."
            ) from None
        yield


def _lock(handle: int) -> None:
    try:
        import fcntl
    except ImportError:  # Windows has no advisory lock of this form
        return
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def publish(directory: Path, part: Path, checksum: str) -> Snapshot:
    """Move a finished build into place, point `current` at it, drop the oldest builds.

    A build of the same checksum that is already there is left to its readers, not used again: it
    may be damaged, and a new build is what we tell people to make then.
    """
    target = _free_folder(directory / "builds", checksum)
    part.rename(target)
    sync_folder(target.parent)
    os.utime(target)
    write_atomically(directory / "current", target.name + "\n")
    _prune(directory / "builds", keep=target.name)
    return open_build(target)


def _free_folder(builds: Path, checksum: str) -> Path:
    names = (builds / f"{checksum}again{number or ''}" for number in range(KEPT_BUILDS + 1))
    return next(path for path in (builds / checksum, *names) if not path.exists())


def _prune(builds: Path, keep: str) -> None:
    """Keep the last builds; one that a reader still holds open stays readable on POSIX."""
    finished = [path for path in builds.iterdir() if not path.name.startswith(".")]
    finished.sort(key=lambda path: (path.name == keep, path.stat().st_mtime), reverse=True)
    for path in finished[KEPT_BUILDS:]:
        shutil.rmtree(path, ignore_errors=True)
