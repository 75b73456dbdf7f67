"""The same list of hostile strings through the page and file names; RDF that reaches out, refused.

The other sinks have it too: tables, terminals, RDF files, GraphML and GEXF in `test_cli_hostile`,
the parameters of questions in `test_cli_queries`.
"""

from __future__ import annotations

import base64
import itertools
import json
import re
import socket
import zlib
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NoReturn

import pytest
from commands import assert_told, geoties
from hostile import HOSTILE
from own_tables import read
from test_cli_hostile import OBEYED
from view_samples import entities, make_frames

from geoties.graph.model import Entity, UserError
from geoties.graph.views.page import render_page


class _Tags(HTMLParser):
    """The tags of a page with the names of their attributes, and the data that it carries."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: Counter[str] = Counter()
        self.data = ""
        self._in_data = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count it, with what would run."""
        self.tags[" ".join([tag, *(name for name, _ in attrs if name[:2] == "on")])] += 1
        self._in_data = dict(attrs).get("id") == "payload"

    def handle_data(self, data: str) -> None:
        """Keep the data of the page."""
        self.data += data if self._in_data else ""

    def handle_endtag(self, tag: str) -> None:
        """The data end with their script."""
        self._in_data = False


def _page(folder: Path, names: list[str]) -> _Tags:
    """The page of a small world in which every label is one of `names`."""
    labelled = [
        Entity(entity.id, entity.kind, {"en": name, "es": name}, entity.properties)
        for entity, name in zip(entities(), itertools.cycle(names), strict=False)
    ]
    return _Tags(render_page(make_frames(folder, labelled), title=names[0]))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> _Tags:
    """The page with names that mean nothing to a browser."""
    return _page(tmp_path_factory.mktemp("plain") / "frames", ["A name", "Another"])


@pytest.mark.parametrize("what", HOSTILE)
def test_a_page_has_the_same_tags_and_the_names_as_data(
    tmp_path: Path, plain: _Tags, what: str
) -> None:
    page = _page(tmp_path / "frames", [HOSTILE[what], "Another"])
    assert page.tags == plain.tags
    assert HOSTILE[what] in _texts(json.loads(_unpacked(page.data)))


def _unpacked(data: str) -> bytes:
    return zlib.decompress(base64.b64decode(data), wbits=-zlib.MAX_WBITS)


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [value] if isinstance(value, str) else []


# ---- file names


def _as_name(text: str) -> str:
    return text.replace("/", "_").replace("\0", "")


@pytest.mark.parametrize("what", ["colour of a terminal", "new line", "right to left", "image"])
def test_a_file_of_any_name_is_written_and_read(
    small_store: Path, tmp_path: Path, what: str
) -> None:
    path = tmp_path / f"{_as_name(HOSTILE[what])}.ttl"
    done = geoties("export", path, "--focus", "PER", store=small_store)
    assert done.code == 0, done.err
    assert path.stat().st_size
    assert not OBEYED.search(done.err.replace("\n", "")), done.err
    assert [item.name for item in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("what", HOSTILE)
def test_a_table_of_any_name_is_read_or_told_on_one_line(tmp_path: Path, what: str) -> None:
    path = tmp_path / f"{_as_name(HOSTILE[what])}.csv"
    path.write_text("kind,from,to,start\nvisit,CHN,PER,2016-11-21\n")
    try:
        table = read(path)
    except UserError:  # no source can be called so
        return
    assert re.fullmatch(r"[a-z0-9][a-z0-9.-]*", table.source.id)


@pytest.mark.parametrize("what", ["title of a terminal", "new line", "markup of rich"])
def test_a_file_that_is_not_there_is_told_on_one_plain_line(
    small_store: Path, tmp_path: Path, what: str
) -> None:
    name = _as_name(HOSTILE[what])
    assert_told(geoties("-q", "add", f"{name}.csv", store=small_store, cwd=tmp_path))
    assert_told(geoties("sparql", f"{name}.rq", store=small_store, cwd=tmp_path))


# ---- RDF of strangers

DTD = """<?xml version="1.0"?>
<!DOCTYPE rdf [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description>&b;
</rdf:Description></rdf:RDF>"""
REMOTE = '{"@context": "http://localhost:9/context.jsonld", "@id": "x", "kind": "visit"}'
OWN_FILES = '{"@context": "file:///etc/passwd", "@id": "x"}'


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket is a failure."""

    def refused(*_: object) -> NoReturn:
        raise AssertionError("it reaches for the network")

    monkeypatch.setattr(socket, "socket", refused)
    monkeypatch.setattr(socket, "create_connection", refused)


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("name", ["x.rdf", "x.xml", "x.owl", "x.jsonld", "x.json", "x.ttl", "x.nt"])
@pytest.mark.parametrize("text", [DTD, REMOTE, OWN_FILES], ids=["DTD", "remote", "own files"])
def test_no_definition_and_no_context_is_followed(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(UserError):
        read(tmp_path / name)


def test_nothing_in_the_package_pickles() -> None:
    root = Path(__file__).parent.parent
    for folder in ("graph", "loaders", "ontology", "queries", "geoties"):
        for path in (root / folder).rglob("*.py"):
            assert not re.search(r"\b(pickle|marshal|shelve)\b", path.read_text()), path
