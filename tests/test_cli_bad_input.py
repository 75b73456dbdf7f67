"""Bad input: one sentence on stderr that says what to do, exit code 2, nothing half-written."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import assert_told, geoties

from geoties.graph import build as building_module
from geoties.graph.model import UserError
from geoties.loaders.registry import loaders_by_name


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["links", "Perru"], "did you mean Peru (PER)"),
        (["links", "PER", "Chnia"], "did you mean China (CHN)"),
        (["links", "Congo"], "Kinshasa"),
        (["links", "Korea"], "KOR"),
        (["links", "XYZ"], "XYZ"),
        (["links", "state/ZZZ"], "state/ZZZ"),
        (["links", "Apecc"], "APEC"),
        (["links", ""], "empty"),
        (["links", "PER", ""], "empty"),
        (["links", "PER", "--on", "2023-13-01"], "2023-13-01"),
        (["links", "PER", "--on", "yesterday"], "yesterday"),
        (["links", "PER", "--since", "2023-02-30"], "2023-02-30"),
        (["links", "PER", "--kind", "visits"], "did you mean visit"),
        (["links", "PER", "--kind", "friendship"], "there are: "),
        (["links", "PER", "--format", "xml"], "choose one of table, csv, json, md"),
        (["links", "PER", "--limit", "-1"], "--limit"),
        (["links", "PER", "--limit", "many"], "--limit"),
        (["links", "PER", "--colour"], "--colour"),
        (["links"], "geoties links --help"),
        (["link", "PER"], "geoties --help"),
        (["resolve"], "geoties resolve --help"),
        (["resolve", "Peru", "--on", "2023-13-01"], "2023-13-01"),
        (["sources", "--format", "yaml"], "choose one of"),
        (["validate", "--format", "ttl"], "choose one of"),
        (["sparql", "SELECT ?s WHERE {"], "cannot be run"),
        (["sparql", "SELECT nonsense"], "cannot be run"),
        (["sparql", ""], "empty"),
        (["sparql", " \n"], "empty"),
        (["sparql", "no-such-file.rq"], "neither a query nor a file"),
        (["sparql", "INSERT DATA { <a:a> <a:b> <a:c> }"], "cannot be run"),
        (["sparql", "SELECT * { SERVICE <http://localhost/> { ?s ?p ?o } }"], "SERVICE"),
        (["sparql", "SELECT * " + "{" * 3000 + "}" * 3000], "nested"),
        (["sparql", "SELECT ?s { ?s a gt:State }", "--format", "ttl"], "CONSTRUCT"),
        (["sparql", "SELECT ?s { ?s a gt:State }", "--format", "xlsx"], "choose one of"),
        (["view", "page.txt"], ".html"),
        (["view", "page.html", "--show", "love"], "love"),
        (["view", "page.html", "--layout", "circle"], "circle"),
        (["view", "page.html", "--focus", "Perru"], "did you mean Peru"),
        (["view", "page.html", "--focus", "state/ZZZ"], "state/ZZZ"),
        (["view", "page.html", "--lang", "xx"], "xx"),
        (["view", "page.html", "--kind", "visits"], "visits"),
        (["export", "graph.docx"], ".ttl"),
        (["export", "graph"], ".ttl"),
        (["export", "graph.ttl", "--focus", "Perru"], "did you mean Peru"),
        (["export", "graph.ttl", "--focus", "state/ZZZ"], "state/ZZZ"),
        (["export", "graph.ttl", "--on", "2023-13-01"], "2023-13-01"),
        (["export", "graph.ttl", "--kind", "visits"], "visits"),
        (["build", "--only", "bacci"], "there are: "),
        (["build", "--from", "file.csv"], "--only"),
        (["build", "--only", "baci", "--from", "nowhere.csv"], "does not exist"),
    ],
    ids=lambda value: " ".join(value)[:50] if isinstance(value, list) else "",
)
def test_a_mistake_is_told_in_one_sentence(
    small_store: Path, tmp_path: Path, words: list[str], told: str
) -> None:
    assert_told(geoties(*words, store=small_store, cwd=tmp_path), told)
    assert list(tmp_path.iterdir()) == []


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    yield "empty", folder / "empty.rq"
    yield "not UTF-8", folder / "latin.rq"
    yield "directory", folder


def test_a_query_file_that_cannot_be_read_is_told(small_store: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.rq").write_bytes(b"")
    (tmp_path / "latin.rq").write_bytes("SELECT ?año WHERE {}".encode("latin-1"))
    for told, path in _files(tmp_path):
        assert_told(geoties("sparql", path, store=small_store), told)
    piped = geoties("sparql", "-", store=small_store, stdin=b"\xff\xfe\x00")
    assert_told(piped, "stdin is not UTF-8")
    assert_told(geoties("sparql", "-", store=small_store), "empty")


READERS = [
    ["links", "PER"],
    ["sparql", "ASK { ?s ?p ?o }"],
    ["sources"],
    ["validate"],
    ["view", "page.html"],
    ["export", "graph.ttl"],
]


@pytest.mark.parametrize("words", READERS, ids=lambda words: words[0])
def test_without_a_store_the_command_that_makes_one_is_told(
    tmp_path: Path, words: list[str]
) -> None:
    store = tmp_path / "none"
    assert_told(geoties(*words, store=store, cwd=tmp_path), "run `geoties build`")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", READERS, ids=lambda words: words[0])
def test_a_store_of_another_version_is_told(
    small_store: Path, tmp_path: Path, words: list[str]
) -> None:
    store = tmp_path / "store"
    shutil.copytree(small_store, store)
    (path,) = store.glob("builds/*/manifest.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | {"schema": 2**31}))
    done = geoties(*words, store=store, cwd=tmp_path)
    assert_told(done, "made by another version; run `geoties build`")


def test_a_file_in_place_of_the_store_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert_told(geoties("links", "PER", store=tmp_path / "file"), "Not a directory")
    assert_told(geoties("build", store=tmp_path / "file"), "cannot be written")


BAD = {
    "empty": b"",
    "blank": b"\n\n",
    "not text": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "not UTF-8": "país,año\nPerú,2020\n".encode("latin-1"),
    "of another shape": b"a,b\n1,2\n",
    "another sort of file": b'{"a": [1, 2, 3]}',
    "truncated archive": gzip.compress(b"iso3,year\nPER,2020\n" * 500)[:-30],
}


@pytest.mark.parametrize("what", BAD)
@pytest.mark.parametrize("name", sorted(loaders_by_name()))
def test_no_loader_takes_a_file_that_it_cannot_read(tmp_path: Path, name: str, what: str) -> None:
    loader = loaders_by_name()[name]
    own = tmp_path / (loader.sources[0].filenames or ("mine.csv",))[0]
    own.write_bytes(BAD[what])
    with pytest.raises(UserError, match=own.name):
        building_module._load(loader, own)


def test_a_bad_file_is_told_by_the_command_and_nothing_is_kept(
    small_store: Path, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    shutil.copytree(small_store, store)
    before = sorted(path.name for path in store.rglob("*"))
    for what in ("empty", "not text", "of another shape"):
        own = tmp_path / f"{what}.csv"
        own.write_bytes(BAD[what])
        done = geoties("-q", "build", "--only", "wto_members", "--from", own, store=store)
        assert_told(done, own.name)
        assert sorted(path.name for path in store.rglob("*") if path.name != "lock") == [
            name for name in before if name != "lock"
        ]


def test_half_of_a_good_file_is_told(small_store: Path, tmp_path: Path) -> None:
    """A download that broke off has too few rows; the counts that a source expects show it."""
    from geoties.loaders.embedded import read_embedded

    store = tmp_path / "store"
    shutil.copytree(small_store, store)
    members = read_embedded(loaders_by_name()["wto_members"].folder).ties["from"].to_list()
    rows = [f"{m.removeprefix('state/')},,1995-01-01,False" for m in members if "state/" in m]
    header = "iso3,country_name,accession_date,is_original_member\n"
    whole = "\n".join(rows)
    own = tmp_path / "mine.csv"
    for half, told in ((whole[: len(whole) // 2], "row"), ("\n".join(rows[:40]), "expected")):
        own.write_text(header + half)
        done = geoties("-q", "build", "--only", "wto_members", "--from", own, store=store)
        assert_told(done, told)
    assert geoties("links", "PER", store=store).code == 0
