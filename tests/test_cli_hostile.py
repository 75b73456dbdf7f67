"""A stranger's text is data: as an argument it is told, as a label it is shown, never obeyed."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from pathlib import Path

import networkx as nx
import polars as pl
import pyoxigraph as ox
import pytest
import rdflib
from commands import Done, assert_told, geoties, on_terminal
from hostile import HOSTILE

from geoties.graph import build as building_module
from geoties.graph.build import build
from geoties.graph.model import Entity, Source, Tables, Tie
from geoties.loaders.registry import Loader, loaders_by_name

OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
SOURCE = Source(
    id="strangers",
    title="Strangers <b>",
    publisher="Nobody",
    url="https://example.org/",
    licence="CC0-1.0",
    licence_class="A",
    version="1",
    retrieved=dt.date(2026, 1, 1),
    citation="=cmd|' /C calc'!A0",
    embedded="raw",
)
LABELS = list(HOSTILE.values())


def _bodies(_: Path) -> Tables:
    bodies = [Entity(f"body/H{n}", "body", {"en": text}) for n, text in enumerate(LABELS)]
    ties = [
        Tie("membership", "state/PER", f"body/H{n}", SOURCE.entity, text, role="member")
        for n, text in enumerate(LABELS)
    ]
    return Tables.of(bodies, ties)


@pytest.fixture(scope="module")
def hostile_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small graph in which Peru is a member of bodies with hostile names."""
    store = tmp_path_factory.mktemp("hostile") / "store"
    loaders = {
        "countries": loaders_by_name()["countries"],
        "strangers": Loader("strangers", (SOURCE,), _bodies),
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building_module, "loaders_by_name", lambda: loaders)
        build(store)
    return store


LABELS_QUERY = """SELECT ?body ?label WHERE {
  ?tie gt:to ?body ; dcterms:source geo:source\\/strangers . ?body rdfs:label ?label }"""


def _labels(store: Path, form: str) -> Done:
    done = geoties("sparql", LABELS_QUERY, "--format", form, store=store)
    assert (done.code, done.err) == (0, ""), done.err
    return done


def test_json_carries_every_label_as_it_is(hostile_store: Path) -> None:
    done = _labels(hostile_store, "json")
    assert sorted(row["label"] for row in done.json()) == sorted(LABELS)
    assert not OBEYED.search(done.out)


def test_csv_carries_every_label_and_no_formula(hostile_store: Path) -> None:
    rows = list(csv.reader(io.StringIO(_labels(hostile_store, "csv").out, newline="")))[1:]
    assert all(cell[:1] not in tuple("=+-@\t\r") for row in rows for cell in row)
    assert sorted(label.removeprefix("'") for _, label in rows) == sorted(LABELS)


@pytest.mark.parametrize("form", ["table", "md"])
def test_what_people_read_has_one_line_a_row_and_nothing_to_obey(
    hostile_store: Path, form: str
) -> None:
    done = _labels(hostile_store, form)
    assert not OBEYED.search(done.out)
    heading = {"table": 1, "md": 2}[form]
    assert len(done.out.splitlines()) == len(LABELS) + heading


def test_markdown_cells_hold_no_markup(hostile_store: Path) -> None:
    rows = _labels(hostile_store, "md").out.splitlines()[2:]
    for row in rows:
        assert len(re.findall(r"(?<!\\)\|", row)) == 3, row
        assert not re.search(r"(?<!\\)[<`\[]", row), row


@pytest.mark.parametrize("form", ["table", "csv", "json", "md"])
@pytest.mark.parametrize("words", [("links", "PER"), ("sources",), ("sparql", LABELS_QUERY)])
def test_a_terminal_gets_no_order_from_a_label(
    hostile_store: Path, form: str, words: tuple[str, ...]
) -> None:
    done = on_terminal(*words, "--format", form, "--limit", "99", store=hostile_store, NO_COLOR="1")
    assert done.code == 0
    assert not OBEYED.search(done.out.replace("\r\n", "\n").replace("\r", "", 0)), done.out


def test_a_coloured_terminal_shows_markup_as_text(hostile_store: Path) -> None:
    done = on_terminal("sparql", LABELS_QUERY, store=hostile_store)
    assert "[red]x[/red]" in done.out
    assert "\x1b]0;owned" not in done.out
    assert "\x1b]8;" not in done.out


def test_links_name_the_bodies_in_their_sentences(hostile_store: Path) -> None:
    rows = geoties("links", "PER", "--format", "json", store=hostile_store).json()
    said = " ".join(row["sentence"] for row in rows)
    for text in LABELS:
        assert " ".join(text.split()) in " ".join(said.split())
    assert {row["record"] for row in rows} == set(LABELS)


@pytest.mark.parametrize("what", HOSTILE)
def test_as_an_argument_it_is_a_name_and_nothing_else(hostile_store: Path, what: str) -> None:
    """It finds the body that is called so, or is told to be unsure; nothing in it is obeyed."""
    words = ("links", "--format", "json", "--", HOSTILE[what])
    done = geoties(*words, store=hostile_store)
    if done.code == 0:
        assert [row["record"] for row in done.json()] == [HOSTILE[what]]
    else:
        assert_told(done, "certainly called")


@pytest.mark.parametrize(
    "words",
    [
        ("links",),
        ("links", "PER"),
        ("links", "PER", "--kind"),
        ("links", "PER", "--on"),
        ("links", "PER", "--since"),
        ("links", "PER", "--format"),
        ("export", "out.ttl", "--focus"),
        ("view", "out.html", "--show"),
        ("build", "--only"),
        ("sparql",),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("what", ["title of a terminal", "right to left", "new line"])
def test_in_any_option_it_is_told_on_one_plain_line(
    small_store: Path, tmp_path: Path, words: tuple[str, ...], what: str
) -> None:
    done = geoties(*words, HOSTILE[what], store=small_store, cwd=tmp_path)
    assert_told(done)
    assert list(tmp_path.iterdir()) == []


def test_names_that_mean_nothing_get_no_entity() -> None:
    done = geoties("resolve", "--format", "json", "--", *LABELS)
    assert done.code == 0
    assert [row["input"] for row in done.json()] == LABELS
    understood = {HOSTILE[name] for name in ("astral", "backspace and bell", "zero width")}
    assert {row["id"] for row in done.json() if row["input"] not in understood} == {""}


def test_bytes_that_are_no_text_are_told(hostile_store: Path) -> None:
    asked = b"\xff\xfePeru".decode("utf-8", "surrogateescape")
    assert_told(geoties("links", asked, store=hostile_store))
    resolved = geoties("resolve", b"\xff".decode("utf-8", "surrogateescape"))
    assert resolved.code == 0
    assert "Traceback" not in resolved.err


# ---- taken away, they come back as they were


def _exported(store: Path, path: Path) -> Path:
    done = geoties("export", path, store=store)
    assert done.code == 0, done.err
    return path


@pytest.mark.parametrize("suffix", [".ttl", ".nt", ".trig", ".jsonld"])
def test_rdf_files_give_the_labels_back(hostile_store: Path, tmp_path: Path, suffix: str) -> None:
    path = _exported(hostile_store, tmp_path / f"graph{suffix}")
    graph = rdflib.Dataset(default_union=True)
    graph.parse(path, format={".jsonld": "json-ld"}.get(suffix, suffix[1:]))
    found = {str(label) for label in graph.objects(None, rdflib.RDFS.label)}
    assert set(LABELS) <= found
    if suffix != ".jsonld":
        form = {".ttl": ox.RdfFormat.TURTLE, ".nt": ox.RdfFormat.N_TRIPLES}
        quads = ox.parse(path=str(path), format=form.get(suffix, ox.RdfFormat.TRIG))
        assert set(LABELS) <= {quad.object.value for quad in quads if hasattr(quad.object, "value")}


@pytest.mark.parametrize("suffix", [".graphml", ".gexf"])
def test_networks_parse_and_keep_the_labels(
    hostile_store: Path, tmp_path: Path, suffix: str
) -> None:
    path = _exported(hostile_store, tmp_path / f"graph{suffix}")
    graph = nx.read_graphml(path) if suffix == ".graphml" else nx.read_gexf(path)
    shown = {str(value) for _, node in graph.nodes(data=True) for value in node.values()}
    for text in LABELS:
        if not OBEYED.search(text) and not re.search(r"[\r\n\t]", text):  # XML has no such signs
            assert text in shown, text


def test_tables_keep_the_labels_and_no_formula(hostile_store: Path, tmp_path: Path) -> None:
    folder = _exported(hostile_store, tmp_path / "graph.csv")
    for path in folder.rglob("*.csv") if folder.is_dir() else [folder]:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.reader(stream):
                assert all(cell[:1] not in tuple("=+-@\t\r") or _number(cell) for cell in row), row
    columns = _exported(hostile_store, tmp_path / "graph.parquet")
    files = columns.rglob("*.parquet") if columns.is_dir() else [columns]
    entities = next(path for path in files if "entities" in path.name)
    labels = [json.loads(text).get("en") for text in pl.read_parquet(entities)["labels"]]
    assert set(LABELS) <= set(labels)


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
