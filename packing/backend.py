"""setuptools, with source archives that are the same bytes each time.

Wheels are so already where `SOURCE_DATE_EPOCH` is set; a source archive keeps the time of every
file and of its own making. Here it is packed again: in order, at that time, owned by nobody.
"""

from __future__ import annotations

import gzip
import io
import os
import tarfile
from pathlib import Path
from typing import Any

from setuptools import build_meta
from setuptools.build_meta import *  # noqa: F403


def build_sdist(sdist_directory: str, config_settings: Any = None) -> str:
    """Make the source archive; returns its name."""
    name = build_meta.build_sdist(sdist_directory, config_settings)
    if moment := os.environ.get("SOURCE_DATE_EPOCH"):
        _pack_again(Path(sdist_directory) / name, int(moment))
    return name


def _pack_again(path: Path, moment: int) -> None:
    packed = io.BytesIO()
    with tarfile.open(path) as old, tarfile.open(fileobj=packed, mode="w") as new:
        for member in sorted(old.getmembers(), key=lambda item: item.name):
            content = old.extractfile(member)
            member.mtime, member.uid, member.gid = moment, 0, 0
            member.uname = member.gname = ""
            member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
            member.pax_headers = {}
            new.addfile(member, content)
    with path.open("wb") as out, gzip.GzipFile("", "wb", 9, out, mtime=moment) as stream:
        stream.write(packed.getvalue())
