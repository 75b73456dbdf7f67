"""Files that are whole or not there: written beside, synced and renamed."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside `path`; renamed over it when the block ends well, else removed.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     target = Path(folder) / "a.txt"
    ...     with replacing(target) as part:
    ...         _ = part.write_text("whole")
    ...     target.read_text()
    'whole'
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    os.close(handle)
    part = Path(name)
    try:
        yield part
        _publish(part, path)
    finally:
        part.unlink(missing_ok=True)


def _publish(part: Path, path: Path) -> None:
    """Give the file the permissions a plain write would have, sync it, rename it."""
    mask = os.umask(0)
    os.umask(mask)
    part.chmod(0o666 & ~mask)
    with part.open("rb+") as stream:
        os.fsync(stream.fileno())
    part.replace(path)
    sync_folder(path.parent)


def link_or_copy(path: Path, to: Path) -> None:
    """The same file at another place, for files that are never written to again.

    A link where the file system has them: no copy is made, and each name may be deleted alone.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     first, second = Path(folder) / "a.txt", Path(folder) / "b.txt"
    ...     _ = first.write_text("whole")
    ...     link_or_copy(first, second)
    ...     first.unlink()
    ...     second.read_text()
    'whole'
    """
    try:
        to.hardlink_to(path)
    except OSError:
        shutil.copyfile(path, to)


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` durable, where the platform can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_atomically(path: Path, data: str | bytes) -> None:
    """Write text (UTF-8, `\\n` line ends) or bytes so that readers see the old or the new file.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_atomically(Path(folder) / "a.txt", "é")
    ...     (Path(folder) / "a.txt").read_bytes()
    b'\\xc3\\xa9'
    """
    content = data.encode("utf-8") if isinstance(data, str) else data
    with replacing(path) as part:
        part.write_bytes(content)
