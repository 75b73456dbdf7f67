"""A file is whole or not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from geoties.graph.files import replacing, write_atomically


def _fail_midway(target: Path) -> None:
    with replacing(target) as part:
        part.write_text("half")
        raise RuntimeError


def test_a_failure_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    write_atomically(target, "old")
    with pytest.raises(RuntimeError):
        _fail_midway(target)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_new_file_can_be_read_by_others(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a", b"x")
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o644
