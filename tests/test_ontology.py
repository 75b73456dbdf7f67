"""The ontology's files and what they declare: parsed by two engines, complete, in order."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import OWL, RDF, RDFS, SKOS

import geoties.ontology
from geoties.ontology import kinds as ontology
from geoties.ontology.canonical import FILES, canonical, rewrite
from geoties.ontology.kinds import GT, LANGUAGES, Kind, kinds, properties, roles
from geoties.ontology.reference import reference
from geoties.ontology.shapes import shapes

FOLDER = Path(geoties.ontology.__file__).parent
DOCS = Path(__file__).parent.parent / "docs"
REMEDY = "run python -m geoties.ontology docs/ontology.md"
KINDS = sorted(kinds().values(), key=lambda kind: kind.id)
FIELDS = ("from", "to", "via", "role", "topic", "value", "unit", "year", "start", "end")
PLAIN = {name: name.upper() for name in FIELDS}


@pytest.fixture(scope="module")
def graph() -> rdflib.Graph:
    return rdflib.Graph().parse(FOLDER / "geoties.ttl")


@pytest.mark.parametrize("name", ["geoties.ttl", "shapes.ttl", "mappings.ttl"])
def test_two_engines_read_the_same_triples(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    with_rdflib = rdflib.Graph().parse(data=text, format="turtle")
    with_pyoxigraph = set(ox.parse(text, format=ox.RdfFormat.TURTLE))
    assert len(with_rdflib) == len(with_pyoxigraph) > 50


@pytest.mark.parametrize("name", FILES)
def test_the_files_are_in_canonical_order(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert canonical(text) == text, REMEDY


def test_canonical_order_does_not_depend_on_the_order_of_the_text() -> None:
    text = (FOLDER / "geoties.ttl").read_text(encoding="utf-8")
    blocks = text.split("\n\n")
    turned = "\n\n".join([blocks[0], *reversed(blocks[1:])])
    assert canonical(turned) == text


def test_files_out_of_order_are_put_in_order(tmp_path: Path) -> None:
    kept = {name: (FOLDER / name).read_text(encoding="utf-8") for name in FILES}
    for name, text in kept.items():
        head, *blocks = text.split("\n\n")
        (tmp_path / name).write_text("\n\n".join([head, *reversed(blocks)]), encoding="utf-8")
    rewrite(tmp_path)
    assert {name: (tmp_path / name).read_text(encoding="utf-8") for name in FILES} == kept


def test_a_blank_node_in_the_ontology_is_refused() -> None:
    with pytest.raises(ValueError, match="no blank nodes"):
        canonical("<https://x.org/a> <https://x.org/b> [] .")


def test_canonical_order_loses_nothing() -> None:
    text = (FOLDER / "mappings.ttl").read_text(encoding="utf-8")
    triples = [set(ox.parse(t, format=ox.RdfFormat.TURTLE)) for t in (text, canonical(text))]
    assert triples[0] == triples[1]


def test_shapes_and_reference_say_what_the_ontology_says() -> None:
    written = (FOLDER / "shapes.ttl").read_text(encoding="utf-8")
    assert shapes() == written, REMEDY
    page = (DOCS / "ontology.md").read_text(encoding="utf-8")
    assert reference() == page, REMEDY


def test_every_term_has_one_english_label_and_one_definition(graph: rdflib.Graph) -> None:
    for term in set(graph.subjects()):
        for predicate in (RDFS.label, SKOS.definition):
            texts = [text for text in graph.objects(term, predicate)]
            english = [text for text in texts if getattr(text, "language", "") == "en"]
            assert len(english) == 1, (term, predicate)
        assert len(list(graph.objects(term, SKOS.definition))) == 1, term


def test_no_two_terms_share_an_english_definition(graph: rdflib.Graph) -> None:
    texts = [str(text) for text in graph.objects(None, SKOS.definition)]
    assert len(texts) == len(set(texts))


def test_what_people_see_is_in_four_languages() -> None:
    declared = (kinds, roles, ontology.entity_classes, ontology.units, ontology.indicators)
    for labels in (item.labels for declare in declared for item in declare().values()):
        assert tuple(labels) == LANGUAGES, labels
        assert all(labels.values()), labels


def test_every_term_used_is_declared(graph: rdflib.Graph) -> None:
    declared = set(graph.subjects(RDF.type, None))
    used = {term for triple in graph for term in triple if str(term).startswith(GT)}
    assert used <= declared


def test_mappings_speak_of_declared_terms_only(graph: rdflib.Graph) -> None:
    mappings = rdflib.Graph().parse(FOLDER / "mappings.ttl")
    ours = {term for triple in mappings for term in triple if str(term).startswith(GT)}
    assert ours <= set(graph.subjects())
    vocabularies = ("ns/org#", "ns/prov#", "schema.org", "/cube#", "2006/time#", "wikidata.org")
    text = (FOLDER / "mappings.ttl").read_text(encoding="utf-8")
    assert all(f"{name}" in text for name in vocabularies)


def test_the_ontology_names_its_version(graph: rdflib.Graph) -> None:
    (iri,) = graph.subjects(RDF.type, OWL.Ontology)
    (version,) = graph.objects(iri, OWL.versionIRI)
    assert str(version) == f"{iri}/{graph.value(iri, OWL.versionInfo)}"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_a_kind_declares_everything_about_itself(kind: Kind) -> None:
    classes = set(ontology.entity_classes())
    assert kind.temporality in {"state", "yearly", "event"}
    assert kind.speaks_of in {"alignment", "dependency", "context"}
    assert kind.stored in {"graph", "frames"}
    assert kind.from_kinds
    assert kind.to_kinds
    assert classes.issuperset((*kind.from_kinds, *kind.to_kinds, *kind.via_kinds))
    assert kind.unit in {"", *ontology.units()}
    assert bool(kind.unit) == (kind.temporality == "yearly")
    assert re.fullmatch("#[0-9a-f]{6}", kind.colour)
    assert kind.inverse_label
    assert re.sub("(^|-)([a-z])", lambda m: m[2].upper(), kind.id) == kind.class_name
    assert kind.from_kinds == kind.to_kinds or kind.directed


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_tells_both_ends_whatever_is_known(kind: Kind, language: str) -> None:
    own = ["", *(role.id for role in roles().values() if role.kind == kind.id)]
    for role in own:
        for known in (PLAIN, {**PLAIN, "start": "", "end": "", "via": "", "topic": ""}):
            told = kind.sentence({**known, "role": role}, language)
            assert "FROM" in told or kind.id == "visit", told
            assert "TO" in told, told
            assert not re.search(r"[\[\]{}|?]", told), told
            assert told.endswith((".", "。")), told


def test_sentences_in_the_four_languages() -> None:
    tie = {"from": "Italy", "to": "BRI", "role": "participant", "start": "2019-03-23", "end": ""}
    ended = {**tie, "end": "2023-12-06"}
    tell = kinds()["membership"].sentence
    assert tell(tie) == "Italy takes part in BRI, from 2019-03-23."
    assert tell(ended) == "Italy took part in BRI, from 2019-03-23, until 2023-12-06."
    assert tell(ended, "es") == "Italy participó en BRI, desde 2019-03-23, hasta 2023-12-06."
    assert tell(tie, "pt") == "Italy participa em BRI, desde 2019-03-23."
    assert tell(tie, "zh") == "Italy参与BRI，自2019-03-23起。"


def test_hostile_text_in_a_sentence_stays_text() -> None:
    hostile = "{to} [end?x|y] \\1 {from}"
    told = kinds()["agreement-party"].sentence({"from": hostile, "to": "RCEP"})
    assert told == f"RCEP is in force for {hostile}."


def test_shared_kinds_tell_that_two_are_linked() -> None:
    shared = {kind.id for kind in KINDS if kind.shared}
    assert shared == {"membership", "agreement-party", "alliance"}
    fields = {"from": "Chile", "to": "France", "via": "the agreement", "start": "2003-02-01"}
    told = kinds()["agreement-party"].shared_sentence(fields)
    assert told == "the agreement is in force between Chile and France, from 2003-02-01."


def test_agreements_and_sanctions_pass_to_members_memberships_do_not() -> None:
    passing = {kind.id for kind in KINDS if kind.passes_to_members}
    assert passing == {"agreement-party", "sanction"}


def test_roles_of_membership_say_who_counts() -> None:
    membership = [role for role in roles().values() if role.kind == "membership"]
    counting = {role.id for role in membership if role.counts_as_member}
    assert counting == {"member", "non-regional-member", "participant"}
    assert {"observer", "suspended", "withdrawn", "dialogue-partner"} <= {r.id for r in membership}


def test_loaders_find_the_properties_of_entities_and_no_others() -> None:
    assert properties()["amends"].datatype == "object"
    assert properties()["isoNumeric"].datatype == "string"
    assert properties()["landlocked"].datatype == "boolean"
    assert properties()["amount"].of == "project"
    assert not {"from", "to", "value", "memberOf", "role", "coverageStatus"} & set(properties())


def test_precisions_statuses_and_local_names() -> None:
    assert dict(ontology.precisions()) == {
        "day": "day",
        "month": "month",
        "year": "calendarYear",
    }
    assert set(ontology.statuses()) == {"complete", "partial", "unknown"}
    assert ontology.local_names("Role")["dialogue-partner"] == "dialogue-partner"


def test_the_loaded_declarations_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        kinds()["visit"] = KINDS[0]  # type: ignore[index]
