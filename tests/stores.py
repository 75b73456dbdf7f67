"""Data directories for tests: the whole default graph, and one that takes a second to build."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
SMALL = ("countries", "curated", "wto_members")
_WHAT_A_BUILD_READS = ("graph", "loaders", "ontology")
_NOT_THOSE = {"views", "exports", "__pycache__"}

# The command with the small sources only, so that a test can interrupt, kill or starve a build.
SMALL_COMMAND = [
    sys.executable,
    "-c",
    f"""
from geoties.graph import build as module
from geoties.loaders.registry import loaders_by_name
few = {{name: loaders_by_name()[name] for name in {SMALL!r}}}
module.loaders_by_name = lambda: few
from geoties.cli import main
main()
""",
]


def build_default(directory: Path) -> None:
    """Build the default graph in `directory` by the command, and note what it was made from.

    In a process of its own, for the two gigabytes it needs are then given back.
    """
    shutil.rmtree(directory, ignore_errors=True)
    command = [sys.executable, "-m", "geoties", "build", "--store", str(directory)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr.splitlines()[-1:]
    (directory / "build.stderr").write_text(done.stderr)
    (directory / "build.stdout").write_text(done.stdout)
    (directory / "made-from").write_text(fingerprint())


def is_current(directory: Path) -> bool:
    """Whether the graph in `directory` was made by the code and from the tables of today."""
    note = directory / "made-from"
    return note.exists() and note.read_text() == fingerprint()


def fingerprint() -> str:
    """A checksum of all that a build reads: code, ontology and embedded tables."""
    total = hashlib.sha256()
    for path in sorted(_files()):
        total.update(path.relative_to(ROOT).as_posix().encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _files() -> Iterator[Path]:
    for folder in _WHAT_A_BUILD_READS:
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and not _NOT_THOSE & set(path.relative_to(ROOT).parts):
                yield path


def build_small(directory: Path) -> Path:
    """Build a graph of the small sources in `directory`."""
    command = [*SMALL_COMMAND, "-q", "build", "--store", str(directory)]
    subprocess.run(command, check=True, cwd=ROOT)
    return directory
