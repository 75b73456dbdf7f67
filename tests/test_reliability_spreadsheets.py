"""A stranger's workbook is opened in a process that can harm nobody."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from own_tables import read

from geoties.graph.model import UserError
from geoties.loaders import user_tables_xlsx, user_tables_xlsx_process


def _workbook(folder: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["kind", "from", "to", "start"], ["visit", "CHN", "PER", "2016-11-21"]):
        sheet.append(row)
    path = folder / "visits.xlsx"
    book.save(path)
    return path


def test_the_workbook_is_not_opened_in_this_process(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from own_tables import read\n"
        "assert read(Path(sys.argv[1])).tables.report.loaded == 1\n"
        "assert 'openpyxl' not in sys.modules"
    )
    command = [sys.executable, "-c", code, str(_workbook(tmp_path))]
    subprocess.run(command, check=True, cwd=Path(__file__).parent)


@pytest.mark.parametrize("bound", ["_MOST_MEMORY = 16 * 1024**2", "_MOST_SECONDS = 0"])
def test_one_that_takes_too_much_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    folder = tmp_path / "modules"
    folder.mkdir()
    source = Path(user_tables_xlsx_process.__file__).read_text()
    name = bound.split(" = ")[0]
    kept = [line for line in source.splitlines() if not line.startswith(f"{name} = ")]
    place = kept.index("Fault = tuple[int, str, str]")
    text = "\n".join([*kept[:place], bound, *kept[place:]])
    if "SECONDS" in bound:
        text = text.replace("    path = Path(file)", "    while True: pass", 1)
    (folder / "bounded_reader.py").write_text(text)
    monkeypatch.setattr(user_tables_xlsx, "_MODULE", "bounded_reader")
    monkeypatch.setenv("PYTHONPATH", f"{folder}:{Path(__file__).parent.parent}")
    with pytest.raises(UserError, match="more memory or time than a table may"):
        read(_workbook(tmp_path))
