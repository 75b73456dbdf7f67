"""The command `geoties` as a process of its own, as people and scripts run it."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import termios
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COMMAND = [sys.executable, "-m", "geoties"]
# For processes whose files may not grow: half of a .pyc would stay, and coverage has files too.
WRITES_NOTHING_ELSE = {"PYTHONDONTWRITEBYTECODE": "1", "COVERAGE_PROCESS_CONFIG": ""}


@dataclass(frozen=True)
class Done:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    def csv(self) -> list[dict[str, str]]:
        """The rows of `--format csv`."""
        return list(csv.DictReader(io.StringIO(self.out, newline="")))

    def json(self) -> Any:
        """The rows of `--format json`."""
        return json.loads(self.out)


def environment(store: Path | None = None, **more: str) -> dict[str, str]:
    """The environment of a command: this one's, with `store` as the data directory."""
    # Compiled once, as where it is installed, whatever the environment of the tests says.
    unwanted = ("GEOTIES_STORE", "PYTHONDONTWRITEBYTECODE")
    clean = {key: text for key, text in os.environ.items() if key not in unwanted}
    clean |= {"PYTHONUTF8": "1", "COLUMNS": "100", "TERM": "xterm-256color"}
    return clean | ({"GEOTIES_STORE": str(store)} if store else {}) | more


def geoties(
    *words: str | Path,
    store: Path | None = None,
    stdin: bytes = b"",
    cwd: Path | None = None,
    **env: str,
) -> Done:
    """Run `geoties` with these words and wait for it."""
    done = subprocess.run(
        [*COMMAND, *map(str, words)],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env=environment(store, **env),
        timeout=180,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def assert_told(done: Done, *needed: str) -> None:
    """One sentence on stderr, nothing on stdout, exit code 2."""
    assert done.code == 2, (done.code, done.err)
    assert done.out == ""
    lines = [line for line in done.err.splitlines() if line and not line.startswith("As of ")]
    assert len(lines) == 1, done.err
    assert lines[0].startswith("geoties"), done.err
    assert "Traceback" not in done.err
    assert all(char.isprintable() for char in lines[0]), done.err
    for text in needed:
        assert text in lines[0], done.err


def on_terminal(*words: str | Path, store: Path | None = None, **env: str) -> Done:
    """Run `geoties` with stdout and stderr on a terminal of 100 columns; both come as `out`."""
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (40, 100))
    process = subprocess.Popen(
        [*COMMAND, *map(str, words)],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env=environment(store, **env),
    )
    os.close(theirs)
    said = b"".join(_until_closed(ours))
    os.close(ours)
    return Done(process.wait(timeout=60), said.decode().replace("\r\n", "\n"), "")


def _until_closed(terminal: int) -> Iterator[bytes]:
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # how Linux tells that the other side is gone
            return
        if not piece:
            return
        yield piece
