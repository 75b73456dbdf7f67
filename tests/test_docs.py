"""The documents say what the code does, and every link in them leads somewhere."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer.main
from commands import geoties
from stores import ROOT

from geoties.cli.app import app

GROUP: Any = typer.main.get_command(app)
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
EXAMPLES = {
    name: command.epilog.removeprefix("Example: ") for name, command in GROUP.commands.items()
}
# These need a download, a table of one's own or half a minute; tests of their own run them.
NOT_HERE = {"add", "build", "demo", "push", "remove", "replay", "serve", "update"}


def test_the_generated_documents_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", sorted(GROUP.commands))
def test_the_command_line_page_tells_every_command_and_option(name: str) -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    section = page.split(f"## `geoties {name}`\n")[1].split("\n## ")[0]
    command = GROUP.commands[name]
    assert command.help in section
    for parameter in command.params:
        for spelled in parameter.opts if parameter.param_type_name == "option" else ():
            assert spelled in section, spelled
    assert EXAMPLES[name] in section


@pytest.mark.parametrize("name", sorted(set(GROUP.commands) - NOT_HERE))
def test_the_example_of_every_help_runs(default_store: Path, tmp_path: Path, name: str) -> None:
    command, *words = shlex.split(EXAMPLES[name].split(" > ")[0])
    assert command == "geoties"
    done = geoties(*words, store=default_store, cwd=tmp_path)
    assert done.code == 0, done.err
    assert done.out or list(tmp_path.iterdir()) or done.err == "Nothing differs.\n"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_lead_to_files_and_headings(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    text = re.sub(r"`[^`\n]*`", "", text)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        name, _, heading = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        assert path.exists(), target
        if heading:
            assert heading in _headings(path), target


def _headings(page: Path) -> set[str]:
    lines = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.M)
    kept = (re.sub(r"[^\w\- ]", "", line.lower()) for line in lines)
    return {line.strip().replace(" ", "-") for line in kept}


def test_the_version_is_the_same_everywhere() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"version {version}" in " ".join((ROOT / "README.md").read_text().split())
    assert version in (ROOT / "CHANGELOG.md").read_text()


def test_pictures_of_the_readme_are_small_enough_to_load() -> None:
    for path in (ROOT / "docs").rglob("*.png"):
        assert path.stat().st_size < 1_500_000, path
