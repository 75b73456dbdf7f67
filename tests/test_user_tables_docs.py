"""docs/your-own-tables.md tells what the commands do."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from commands import geoties
from own_tables import read_text
from stores import ROOT

from geoties.loaders.user_tables_mapping import COVERAGE_KEYS, SOURCE_KEYS, Layout, read_layout
from geoties.loaders.user_tables_template import template
from geoties.loaders.user_tables_ties import COLUMNS

PAGE = (ROOT / "docs" / "your-own-tables.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The code of the page in a language."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_example_does_what_the_page_says(small_store: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    shutil.copytree(small_store, store)
    commands = [line.split("#")[0] for block in blocks("sh") for line in block.splitlines()]
    outputs = []
    for command in commands:
        words = [w.strip('"') for w in re.findall(r'"[^"]*"|\S+', command)]
        assert words[0] == "geoties"
        outputs.append(geoties(*words[1:], store=store, cwd=tmp_path))
        if words[1] == "template":
            (tmp_path / "visits.csv").write_text(blocks("csv")[0], encoding="utf-8")
    template, dry, kept, links, removed = outputs
    assert dry.code == 2
    assert dry.out == blocks("text")[0]
    assert [done.code for done in (template, kept, links, removed)] == [0, 0, 0, 0]
    assert "visits" in links.out


def test_the_mapping_of_the_page_is_whole_and_right(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(blocks("toml")[0], encoding="utf-8")
    layout = read_layout(path)
    told = {name for name in Layout.__dataclass_fields__ if getattr(layout, name)}
    assert told == set(Layout.__dataclass_fields__) - {"sheet", "doubtful_points"}
    assert set(layout.source) == set(SOURCE_KEYS)
    assert set(layout.coverage[0]) <= set(COVERAGE_KEYS)
    table = read_text(
        tmp_path,
        "Visitor;Host;When;Notes\nKorea;135;2013;x\n",
        mapping=blocks("toml")[0],
    )
    assert table.tables.ties.select("from", "to").row(0) == ("state/KOR", "state/PER")


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_is_on_the_page(column: str) -> None:
    assert f"`{column}`" in PAGE


def test_an_example_stands_where_the_kind_allows_it() -> None:
    """A member, not an associate; and an agreement where the number is about agreements."""
    assert template("membership").splitlines()[-1].startswith("membership,PER,APEC,member,")
    assert template("agreement-depth").splitlines()[-1] == (
        "RCEP,agreement-depth,2023,5,key provisions,example"
    )
