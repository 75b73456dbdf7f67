"""A checkout without symbolic links says so in one sentence."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import geoties


def test_a_checkout_without_links_says_so(tmp_path: Path) -> None:
    package = tmp_path / "geoties"
    package.mkdir()
    shutil.copy(str(geoties.__file__), package / "__init__.py")
    (package / "graph").write_text("../graph")
    command = [sys.executable, "-c", "import geoties"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert "no symbolic links" in done.stderr.splitlines()[-1]
