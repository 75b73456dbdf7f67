"""Scores written back into the graph: derived ties with their provenance, that can be taken out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pyoxigraph as ox
import pytest

import geoties
from geoties.graph.model import ONTOLOGY, UserError
from geoties.knowledge import KnowledgeGraph

TOLD = """
SELECT ?tie ?measure ?version ?value ?input WHERE {
  ?tie a gt:Score ; gt:from peru: ; gt:to china: ; gt:measure ?measure ;
    gt:measureVersion ?version ; gt:value ?value ; dcterms:source/gt:computedFrom ?input .
}"""


@pytest.fixture
def store(small_store: Path, tmp_path: Path) -> Path:
    """A small graph of the test's own."""
    return Path(shutil.copytree(small_store, tmp_path / "store"))


def scores_of(kg: KnowledgeGraph) -> pd.DataFrame:
    return kg.measure("shared-memberships", of="PER,BOL", with_="CHN", on="2020-06-30")


def told(kg: KnowledgeGraph) -> pd.DataFrame:
    return kg.sparql(TOLD, peru="PER", china="CHN")


def test_scores_are_derived_ties_with_measure_version_and_inputs(store: Path) -> None:
    kg = geoties.load(store)
    scores = scores_of(kg)
    written = kg.write_back(scores, "closeness")
    assert (written.ties, written.without_value) == (2, 0)
    later = KnowledgeGraph(written.snapshot)
    row = told(later).to_dict("records")[0]
    assert row["tie"] == "tie/score/closeness/shared-memberships.1.PER-CHN-2020"
    assert (row["measure"], row["version"]) == ("shared-memberships", "1")
    assert row["value"] == pytest.approx(scores["value"][0], abs=5e-7)
    inputs = set(told(later)["input"])
    assert inputs == {
        f"source/{id}" for id in scores["source"][0].replace("source/", "").split("; ")
    }
    sentences = later.links("PER", "CHN", on="2020-12-31")["sentence"].tolist()
    assert any("computed" in sentence for sentence in sentences)
    assert "score" not in set(kg.links("PER", "CHN", on="2020-12-31")["kind"])


def test_values_are_kept_to_the_six_places_of_the_store(store: Path) -> None:
    kg = geoties.load(store)
    later = KnowledgeGraph(kg.write_back(scores_of(kg), "closeness").snapshot)
    assert (
        told(later)["value"][0]
        == later.frames.ties("score").filter(**{"from": "state/PER"})["value"].item()
    )


def test_derived_ties_are_found_as_such_and_told_once(store: Path, tmp_path: Path) -> None:
    kg = geoties.load(store)
    later = KnowledgeGraph(kg.write_back(scores_of(kg), "closeness").snapshot)
    derived = "SELECT ?tie { ?tie a gt:DerivedTie ; a gt:Score }"
    assert len(later.sparql(derived)) == 2
    assert len(later.sparql("SELECT ?t { ?t a gt:DerivedTie MINUS { ?t gt:measure ?m } }")) == 0
    rows = later.query("links-between", x="PER", y="CHN", on="2020-12-31")
    assert [kind for kind in rows["kind"] if "score" in kind.lower()] == ["score"]
    for name in ("all.jsonld", "all.ttl"):
        later.export(tmp_path / name)
        copy = ox.Store()
        copy.load(path=tmp_path / name)
        both = f"ASK {{ ?t a <{ONTOLOGY}DerivedTie>, <{ONTOLOGY}Score> }}"
        assert bool(copy.query(both)), name


def test_a_source_tells_what_was_asked(store: Path) -> None:
    kg = geoties.load(store)
    kg.write_back(scores_of(kg), "closeness")
    sources = geoties.load(store).snapshot.manifest["sources"]
    (source,) = [known for known in sources if known["id"] == "closeness"]
    assert "shared-memberships version 1, on 2020-06-30 from curated" in source["title"]
    assert "doi:10.1111/j.1469-8137.1912.tb05611.x" in source["citation"]


@pytest.mark.usefixtures("few_loaders")
def test_later_builds_have_them_and_remove_takes_them_out(store: Path) -> None:
    kg = geoties.load(store)
    kg.write_back(scores_of(kg), "closeness")
    assert told(geoties.build(store))["tie"].nunique() == 1
    assert told(geoties.build(store, only="curated"))["tie"].nunique() == 1
    assert told(geoties.remove("closeness", store)).empty


def test_scores_give_way_to_those_of_the_same_name_and_nothing_else_does(store: Path) -> None:
    kg = geoties.load(store)
    kg.write_back(scores_of(kg), "closeness")
    again = kg.write_back(scores_of(kg).head(1), "closeness")
    assert again.ties == 1
    assert KnowledgeGraph(again.snapshot).frames.ties("score").height == 1
    table = store.parent / "own.csv"
    table.write_text("kind,from,to,start\nvisit,PER,CHN,2020-01-01\n")
    geoties.add(table, store, source="mine")
    with pytest.raises(UserError, match="mine is a table of yours"):
        geoties.load(store).write_back(scores_of(geoties.load(store)), "mine")


def test_a_symmetric_score_is_one_tie(store: Path) -> None:
    kg = geoties.load(store)
    both = kg.measure("shared-memberships", of="PER,CHN", with_="PER,CHN", on="2020-06-30")
    assert len(both) == 2
    assert kg.write_back(both, "closeness").ties == 1


@pytest.mark.parametrize(
    ("change", "name", "sentence"),
    [
        (lambda s: s.assign(value=float("nan")), "x", "No row of shared-memberships has a value"),
        (lambda s: s.assign(measure="k-core"), "x", "k-core is about one state"),
        (lambda s: s.assign(measure="trade-value"), "x", "tells observed amounts"),
        (lambda s: s.assign(measure=["k-core", "balance"]), "x", "one measure at a time"),
        (lambda s: s.assign(**{"with": "419"}), "x", "is no state or bloc"),
        (lambda s: s.drop(columns="source"), "x", "they lack source"),
        (lambda s: s, "a name", "'a name' is not a name"),
        (lambda s: s, "curated-2026", "geoties itself has a source"),
    ],
)
def test_what_cannot_be_written_back_is_said(
    store: Path, change: object, name: str, sentence: str
) -> None:
    kg = geoties.load(store)
    with pytest.raises(UserError, match=sentence):
        kg.write_back(change(scores_of(kg)), name)  # type: ignore[operator]
    assert geoties.load(store).snapshot.checksum == kg.snapshot.checksum
