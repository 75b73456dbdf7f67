"""Every line of code in the README, the tutorial and the page's how-to runs, and does as told."""

from __future__ import annotations

import ast
import csv
import re
import shlex
from pathlib import Path

import networkx as nx
import pandas as pd
import pyoxigraph as ox
import pytest
import rdflib
from commands import Done, geoties
from stores import ROOT

PAGES = ("README.md", "docs/tutorial.md", "docs/page.md")


def blocks(page: str) -> list[tuple[str, str]]:
    """The code of a page, each block with the name of its language."""
    text = (ROOT / page).read_text(encoding="utf-8")
    found: list[tuple[str, str]] = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S)
    return found


def shell(page: str) -> list[str]:
    """The lines of its blocks of shell."""
    told = [block for kind, block in blocks(page) if kind == "sh"]
    return [line for block in told for line in block.splitlines() if line]


INSTALL_AND_DEMO = "python -m pip install . && geoties demo"
INSTALL_AND_TEST = 'python -m pip install -e ".[dev]" && python -m pytest'
INSTALLING = (INSTALL_AND_DEMO, INSTALL_AND_TEST)
COMMANDS = sorted({line for page in PAGES for line in shell(page)} - set(INSTALLING))
PYTHON = [(page, block) for page in PAGES for kind, block in blocks(page) if kind == "python"]


def test_the_two_commands_are_those_that_the_checks_run() -> None:
    """They install, so a test cannot run them; `.ci/run` does, and the demo is run below."""
    assert shell("README.md")[:2] == list(INSTALLING)
    assert shell("docs/tutorial.md")[0] == INSTALL_AND_DEMO
    checks = (ROOT / ".ci" / "run").read_text()
    for part in ("pip install --quiet .", 'geoties" demo', '-e ".[dev]"', "python -m pytest"):
        assert part in checks


@pytest.mark.parametrize("page", PAGES)
def test_every_block_is_of_a_kind_that_is_run(page: str) -> None:
    assert {kind for kind, _ in blocks(page)} == {"sh", "python"}
    assert len(shell(page)) >= 5


@pytest.fixture(scope="module")
def demonstrated(
    default_store: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Done, Path]:
    """What the demonstration said, and the folder that it wrote, in which there was a file."""
    folder = tmp_path_factory.mktemp("demo") / "geoties-demo"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    (folder / "alignment.html").write_text("an older page")
    return geoties("demo", store=default_store, cwd=folder.parent), folder


def test_the_demo_shows_the_turn_to_asia(demonstrated: tuple[Done, Path]) -> None:
    done, folder = demonstrated
    assert done.code == 0, done.err
    for state in ("Argentina", "Brazil", "Chile", "Mexico", "Peru", "Venezuela"):
        assert state in done.out
    assert "2000" in done.out
    assert "2023" in done.out
    assert "Taiwan" in done.out
    assert re.search(r"[Aa]s of 20\d\d-\d\d-\d\d", done.out)
    (page,) = folder.glob("*.html")
    assert f"Open {folder.name}/{page.name}" in done.out


def test_the_demo_writes_a_page_a_turtle_file_and_the_table(
    demonstrated: tuple[Done, Path],
) -> None:
    _, folder = demonstrated
    assert sorted(path.suffix for path in folder.iterdir()) == [".csv", ".html", ".ttl", ".txt"]
    (turtle,) = folder.glob("*.ttl")
    assert sum(1 for _ in ox.parse(path=str(turtle), format=ox.RdfFormat.TURTLE)) > 10_000
    (table,) = folder.glob("*.csv")
    with table.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 20
    (page,) = folder.glob("*.html")
    assert page.read_text(encoding="utf-8").lower().startswith("<!doctype html>")


def test_the_demo_overwrites_only_its_own_files(demonstrated: tuple[Done, Path]) -> None:
    _, folder = demonstrated
    assert (folder / "notes.txt").read_text() == "mine"
    assert "an older page" not in (folder / "alignment.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_runs(default_store: Path, tmp_path: Path, line: str) -> None:
    command, *words = shlex.split(line, comments=True)
    assert command == "geoties"
    done = geoties(*words, store=default_store, cwd=tmp_path)
    assert done.code == 0, done.err
    written = [word for word in words if word.endswith((".html", ".ttl"))]
    assert sorted(path.name for path in tmp_path.iterdir()) == written
    assert done.out or written


@pytest.mark.parametrize(("page", "block"), PYTHON)
def test_every_line_of_python_runs(
    default_store: Path, tmp_path: Path, page: str, block: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOTIES_STORE", str(default_store))
    monkeypatch.chdir(tmp_path)
    scope: dict[str, object] = {}
    for statement in ast.parse(block).body:
        source = ast.unparse(statement)
        if isinstance(statement, ast.Expr):
            _is_as_said(source, eval(source, scope))
        else:
            exec(source, scope)


def _is_as_said(source: str, value: object) -> None:
    """What the comments of the block promise."""
    if source.startswith(("kg.links", "kg.sparql")):
        assert isinstance(value, pd.DataFrame)
        assert len(value)
    elif source.startswith("kg.network"):
        assert isinstance(value, nx.MultiDiGraph)
        assert value.number_of_edges() > 1000
    elif source.endswith(".save('page.html')"):
        assert Path("page.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    elif source.startswith(("kg.view", "graph.view")):
        assert "<iframe" in value._repr_html_()  # type: ignore[attr-defined]
    else:
        assert source == "kg.rdf"
        assert isinstance(value, rdflib.Dataset)
