"""What was downloaded, kept with its checksum and with what the server said of it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from geoties.graph.files import write_atomically

_PIECE = 1 << 20


@dataclass(frozen=True)
class Download:
    """A file that was downloaded: from where, its checksum, and the server's marks of it."""

    url: str
    sha256: str
    size: int
    etag: str = ""
    modified: str = ""


class Wrong(Exception):
    """What came is not what was asked for; it may be right another time."""


def cache_directory(given: str | os.PathLike[str] | None = None) -> Path:
    """Where downloads are kept: `given`, else `GEOTIES_CACHE`, else the user's cache folder."""
    chosen = given or os.environ.get("GEOTIES_CACHE")
    if chosen:
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_cache_dir("geoties", appauthor=False))


class Kept:
    """The place of one address in the cache: the whole file, and the part that has come so far."""

    def __init__(self, cache: Path, url: str) -> None:
        name = hashlib.sha256(url.encode()).hexdigest()[:24]
        self.url = url
        self.path = cache / name
        self.part = cache / f"{name}.part"
        self._note, self._part_note = cache / f"{name}.json", cache / f"{name}.part.json"

    def download(self) -> Download | None:
        """What is kept, if it is as it was when it came."""
        known = _read(self._note)
        if known and self.path.exists() and checksum(self.path) == known.sha256:
            return known
        return None

    def conditions(self) -> dict[str, str]:
        """The headers that ask only for what is not here: if it changed, or the rest of a part."""
        if whole := self.download():
            marks = {"If-None-Match": whole.etag, "If-Modified-Since": whole.modified}
            return {name: mark for name, mark in marks.items() if mark}
        started = _read(self._part_note)
        if started and started.etag and self.part.exists() and self.part.stat().st_size:
            return {"Range": f"bytes={self.part.stat().st_size}-", "If-Range": started.etag}
        return {}

    def begin(self, headers: Mapping[str, str]) -> None:
        """Note which version of the file the part is of."""
        self._write(self._part_note, "", 0, headers)

    def finish(self, headers: Mapping[str, str]) -> None:
        """The part has come whole and was checked: it is the file now."""
        sha256, size = checksum(self.part), self.part.stat().st_size
        self.part.replace(self.path)
        self._write(self._note, sha256, size, headers)
        self._part_note.unlink(missing_ok=True)

    def discard(self) -> None:
        """Drop the part that has come."""
        self.part.unlink(missing_ok=True)
        self._part_note.unlink(missing_ok=True)

    def _write(self, path: Path, sha256: str, size: int, headers: Mapping[str, str]) -> None:
        etag, modified = headers.get("ETag", ""), headers.get("Last-Modified", "")
        strong = "" if etag.startswith("W/") and not sha256 else etag
        told = Download(self.url, sha256, size, strong, modified)
        write_atomically(path, json.dumps(asdict(told), indent=1) + "\n")


def _read(path: Path) -> Download | None:
    try:
        return Download(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def checksum(path: Path, method: str = "sha256") -> str:
    """The checksum of a file, read a piece at a time."""
    digest = hashlib.new(method, usedforsecurity=False)
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
