"""The SHACL shapes pass sound data and find each error planted in it."""

from __future__ import annotations

from pathlib import Path

import pyshacl
import pytest
import rdflib
from ontology_samples import as_rdf, good_tables
from rdflib.namespace import DCTERMS, RDF, RDFS, SH, XSD

import geoties.ontology
from geoties.graph.model import BASE
from geoties.ontology.kinds import GT, entity_classes, kinds

Term = rdflib.URIRef | rdflib.Literal
gt = rdflib.Namespace(GT)
base = rdflib.Namespace(BASE)
PERU, CHINA, SOURCE = base["state/PER"], base["state/CHN"], base["source/x-1"]


def tie(kind: str, record: str) -> rdflib.URIRef:
    return base[f"tie/{kind}/x-1/{record}"]


MEMBER, LEFT = tie("membership", "1"), tie("membership", "2")
PARTY, NOT_YET = tie("agreement-party", "3"), tie("not-yet-in-force", "4")
FLOW, PRODUCT, LOAN = (
    tie("goods-trade", "5"),
    tie("commodity-trade", "6"),
    tie("project-finance", "7"),
)
VOTE, VISIT = tie("vote", "9"), tie("visit", "10")
GDP = base["observation/gdp/x-1/state-PER-2020"]


def day(text: str) -> rdflib.Literal:
    return rdflib.Literal(text, datatype=XSD.date)


def number(value: int) -> rdflib.Literal:
    return rdflib.Literal(value)


@pytest.fixture(scope="module")
def shapes() -> rdflib.Graph:
    folder = Path(geoties.ontology.__file__).parent
    return rdflib.Graph().parse(folder / "shapes.ttl")


@pytest.fixture(scope="module")
def good() -> rdflib.Graph:
    return as_rdf(good_tables())


def findings(data: rdflib.Graph, shapes: rdflib.Graph) -> set[tuple[rdflib.term.Node, str]]:
    """The focus nodes at fault, each with a message."""
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, advanced=False, inplace=True)
    assert isinstance(report, rdflib.Graph)
    found = set()
    for result in report.subjects(RDF.type, SH.ValidationResult):
        focus = report.value(result, SH.focusNode)
        assert focus is not None
        found.add((focus, str(report.value(result, SH.resultMessage))))
    return found


def test_sound_data_conform(good: rdflib.Graph, shapes: rdflib.Graph) -> None:
    assert findings(good, shapes) == set()


PLANTED: dict[str, tuple[rdflib.URIRef, rdflib.URIRef, list[Term]]] = {
    "no first end": (MEMBER, gt["from"], []),
    "two first ends": (MEMBER, gt["from"], [PERU, CHINA]),
    "an end of the wrong class": (MEMBER, gt.to, [PERU]),
    "an end nobody knows": (FLOW, gt["from"], [base["state/XXX"]]),
    "a tie to itself": (FLOW, gt.to, [PERU]),
    "a via where there is none": (PARTY, gt.via, [base["agreement/A-1"]]),
    "a via of the wrong class": (LOAN, gt.via, [base["agreement/A"]]),
    "a via that is needed": (NOT_YET, gt.via, []),
    "a role of another kind": (MEMBER, gt.role, [gt.abstain]),
    "a role that is needed": (VOTE, gt.role, []),
    "a role where there is none": (FLOW, gt.role, [gt.member]),
    "a role in words": (MEMBER, gt.role, [rdflib.Literal("member")]),
    "a date that is text": (MEMBER, gt.start, [rdflib.Literal("1998-11-15")]),
    "a day that is not": (MEMBER, gt.start, [day("1998-13-15")]),
    "two starts": (MEMBER, gt.start, [day("1998-11-15"), day("1999-11-15")]),
    "an end before the start": (LEFT, gt.end, [day("2016-12-31")]),
    "a start without a precision": (MEMBER, gt.startPrecision, []),
    "an end without a precision": (LEFT, gt.endPrecision, []),
    "a precision nobody knows": (MEMBER, gt.startPrecision, [gt.week]),
    "a year on a dated tie": (MEMBER, gt.year, [number(1998)]),
    "a flow without a year": (FLOW, gt.year, []),
    "a flow without a value": (FLOW, gt.value, []),
    "a negative flow": (FLOW, gt.value, [number(-1)]),
    "a value that is text": (FLOW, gt.value, [rdflib.Literal("12 USD")]),
    "a flow without a unit": (FLOW, gt.unit, []),
    "a unit of another kind": (FLOW, gt.unit, [base["unit/percent"]]),
    "a value without meaning": (MEMBER, gt.value, [number(1)]),
    "a product without a code": (PRODUCT, gt.topic, []),
    "a code that lost its zero": (PRODUCT, gt.topic, [rdflib.Literal("10110")]),
    "a confidence nobody knows": (MEMBER, gt.confidence, [rdflib.Literal("sure")]),
    "a tie without a source": (MEMBER, DCTERMS.source, []),
    "a tie of two sources": (MEMBER, DCTERMS.source, [SOURCE, PERU]),
    "a source that is none": (MEMBER, DCTERMS.source, [PERU]),
    "an observation without a year": (GDP, gt.year, []),
    "an observation in another unit": (GDP, gt.unit, [base["unit/people"]]),
    "an indicator nobody knows": (GDP, gt.indicator, [gt.happiness]),
    "an observation about nothing": (GDP, gt.about, []),
    "an observation without a source": (GDP, DCTERMS.source, []),
    "an entity without English": (PERU, RDFS.label, [rdflib.Literal("Perú", lang="es")]),
    "two labels of one language": (
        PERU,
        RDFS.label,
        [rdflib.Literal("Peru", lang="en"), rdflib.Literal("Republic of Peru", lang="en")],
    ),
    "a code of the wrong form": (PERU, gt.iso2, [rdflib.Literal("PER")]),
    "a number for a code": (PERU, gt.m49, [number(604)]),
    "a latitude off the globe": (PERU, gt.latitude, [number(-120)]),
    "a flag that is text": (PERU, gt.landlocked, [rdflib.Literal("no")]),
    "a region in words": (PERU, gt.inRegion, [rdflib.Literal("Latin America")]),
    "a property of other entities": (PERU, gt.amount, [number(1)]),
    "a source without a licence": (SOURCE, gt.licence, []),
    "a source without a citation": (SOURCE, gt.citation, []),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_error_is_found(name: str, good: rdflib.Graph, shapes: rdflib.Graph) -> None:
    subject, predicate, values = PLANTED[name]
    data = rdflib.Graph()
    data += good
    data.remove((subject, predicate, None))
    for value in values:
        data.add((subject, predicate, value))
    at_fault = {focus for focus, _ in findings(data, shapes)}
    assert at_fault == {subject}


@pytest.mark.parametrize(
    ("predicate", "value"),
    [
        (gt.coverageStatus, gt.perhaps),
        (gt.ofKind, gt.Friendship),
        (gt.fromYear, number(2024)),
        (gt.fromScope, rdflib.Literal("Peru")),
        (DCTERMS.source, None),
    ],
)
def test_errors_of_coverage_are_found(
    predicate: rdflib.URIRef, value: Term | None, good: rdflib.Graph, shapes: rdflib.Graph
) -> None:
    data = rdflib.Graph()
    data += good
    (subject,) = data.subjects(gt.fromScope, None)
    data.remove((subject, predicate, None))
    if value is not None:
        data.add((subject, predicate, value))
    assert {focus for focus, _ in findings(data, shapes)} == {subject}


def test_every_class_that_is_loaded_has_a_shape(shapes: rdflib.Graph) -> None:
    targets = {str(target) for target in shapes.objects(None, SH.targetClass)}
    loaded = [kind.class_name for kind in kinds().values()]
    loaded += [item.class_name for item in entity_classes().values()]
    assert {str(gt[name]) for name in (*loaded, "Observation", "Coverage")} <= targets
