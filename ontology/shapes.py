"""shapes.ttl, made from what geoties.ttl declares, so that the two cannot drift apart.

``python -m geoties.ontology`` makes it anew after an edit. The shapes are plain SHACL Core and list
the classes that they allow, so that they work on data without the ontology beside it. The same
rules for whole tables are in `geoties.graph.checks`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from geoties.ontology.kinds import (
    Indicator,
    Kind,
    Property,
    entity_classes,
    indicators,
    kinds,
    local_names,
    precisions,
    properties,
    roles,
    statuses,
    units,
)

FILE = Path(__file__).with_name("shapes.ttl")
HEAD = """\
# shapes.ttl: the SHACL shapes of every class that geoties loads.
# Made from geoties.ttl by `python -m geoties.ontology`; edit there, not here.
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix gt: <https://w3id.org/geoties/ontology#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shape: <https://w3id.org/geoties/shapes#> .
@prefix unit: <https://w3id.org/geoties/unit/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
ONE = "sh:minCount 1 ; sh:maxCount 1"
AT_MOST_ONE = "sh:maxCount 1"
NONE = "sh:maxCount 0"
NUMBER = "sh:or ( [ sh:datatype xsd:integer ] [ sh:datatype xsd:decimal ] )"
CONFIDENCES = ("high", "medium", "low")


def shapes() -> str:
    """All shapes as one Turtle document."""
    parts = [
        HEAD,
        _ties(),
        _precise("start"),
        _precise("end"),
        *(_kind(kind) for kind in kinds().values()),
        _observation(),
        _coverage(),
        _entity(),
        _source(),
        *(_property(item) for item in properties().values()),
    ]
    return "\n".join(parts)


def _shape(name: str, targets: Iterable[str], statements: Iterable[str]) -> str:
    lines = [f"shape:{name} a sh:NodeShape", *targets, *statements]
    return " ;\n    ".join(lines) + " .\n"


def _classes(names: Iterable[str]) -> Iterator[str]:
    yield "sh:targetClass " + ", ".join(f"gt:{name}" for name in names)


def _rule(path: str, constraints: str, message: str) -> str:
    return f'sh:property [ sh:path {path} ; {constraints} ;\n        sh:message "{message}"@en ]'


def _terms(names: Iterable[str]) -> str:
    return "sh:in ( " + " ".join(f"gt:{name}" for name in names) + " )"


def _sourced() -> str:
    return _rule("dcterms:source", f"{ONE} ; sh:class gt:Source", "Each fact has one source.")


def _dates() -> Iterator[str]:
    for name in ("start", "end", "observedTo"):
        rule = f"{AT_MOST_ONE} ; sh:datatype xsd:date"
        yield _rule(f"gt:{name}", rule, f"{name} is one day, as xsd:date.")
    for name in ("startPrecision", "endPrecision"):
        rule = f"{AT_MOST_ONE} ; {_terms(sorted(precisions().values()))}"
        yield _rule(f"gt:{name}", rule, f"{name} is day, month or calendarYear.")
    yield _rule("gt:start", "sh:lessThanOrEquals gt:end", "A tie does not end before its start.")


def _ties() -> str:
    parts = [
        _rule("gt:from", f"{ONE} ; sh:nodeKind sh:IRI", "A tie has one first end."),
        _rule("gt:to", f"{ONE} ; sh:nodeKind sh:IRI", "A tie has one second end."),
        _rule("gt:from", "sh:disjoint gt:to", "A tie has two different ends."),
        _rule("gt:via", f"{AT_MOST_ONE} ; sh:nodeKind sh:IRI", "A tie runs through one thing."),
        _rule("gt:topic", f"{AT_MOST_ONE} ; sh:datatype xsd:string", "A tie has one topic."),
        *_dates(),
        _rule("gt:confidence", _confidence(), "Confidence is high, medium or low."),
        _sourced(),
    ]
    return _shape("Tie", _classes(kind.class_name for kind in kinds().values()), parts)


def _confidence() -> str:
    words = " ".join(f'"{word}"' for word in CONFIDENCES)
    return f"{AT_MOST_ONE} ; sh:in ( {words} )"


def _kind(kind: Kind) -> str:
    parts = [
        _end("from", kind.from_kinds, kind),
        _end("to", kind.to_kinds, kind),
        _end("via", kind.via_kinds, kind) if kind.via_kinds else _without("via", kind),
        *_time(kind),
        _role(kind),
        *_amount(kind),
        *_required(kind),
    ]
    return _shape(kind.class_name, _classes([kind.class_name]), parts)


def _end(end: str, allowed: tuple[str, ...], kind: Kind) -> str:
    classes = sorted(entity_classes()[name].class_name for name in allowed)
    least = "" if end == "via" else "sh:minCount 1 ; "
    message = f"{end} of {kind.id} is one of: {', '.join(allowed)}."
    return _rule(f"( gt:{end} rdf:type )", least + _terms(classes), message)


def _without(name: str, kind: Kind) -> str:
    return _rule(f"gt:{name}", NONE, f"{kind.id} has no {name}.")


def _time(kind: Kind) -> Iterator[str]:
    if kind.temporality != "yearly":
        yield _without("year", kind)
        return
    yield _rule("gt:year", f"{ONE} ; sh:datatype xsd:integer", f"{kind.id} has one year.")


def _precise(name: str) -> str:
    rule = _rule(f"gt:{name}Precision", "sh:minCount 1", "A date says how closely it is known.")
    return _shape(f"Dated{name.title()}", [f"sh:targetSubjectsOf gt:{name}"], [rule])


def _role(kind: Kind) -> str:
    names = local_names("Role")
    allowed = [names[role.id] for role in roles().values() if role.kind == kind.id]
    if not allowed:
        return _without("role", kind)
    return _rule("gt:role", f"{AT_MOST_ONE} ; {_terms(allowed)}", f"Not a role of {kind.id}.")


def _amount(kind: Kind) -> Iterator[str]:
    if not kind.unit:
        yield _without("value", kind)
        yield _without("unit", kind)
        return
    count = AT_MOST_ONE if kind.via_kinds else ONE
    least = "" if kind.may_be_negative else " ; sh:minInclusive 0"
    yield _rule("gt:value", f"{count} ; {NUMBER}{least}", f"{kind.id} has a sound value.")
    allowed = f"sh:in ( unit:{_unit(kind.unit)} )"
    yield _rule("gt:unit", f"{count} ; {allowed}", f"{kind.id} is counted in {kind.unit}.")


def _unit(id: str) -> str:
    return units()[id].path.rpartition("/")[2]


def _required(kind: Kind) -> Iterator[str]:
    for name in kind.requires:
        yield _rule(f"gt:{name}", "sh:minCount 1", f"{kind.id} needs a {name}.")
    if kind.topic_pattern:
        pattern = _whole(kind.topic_pattern)
        yield _rule("gt:topic", f"sh:pattern {pattern}", f"Not a topic of {kind.id}.")


def _whole(pattern: str) -> str:
    """A pattern for the whole of a text, as Turtle writes it."""
    return '"^(' + pattern.replace("\\", "\\\\") + ')$"'


def _observation() -> str:
    parts = [
        _rule("gt:about", f"{ONE} ; sh:nodeKind sh:IRI", "An observation is about one entity."),
        _rule("gt:year", f"{ONE} ; sh:datatype xsd:integer", "An observation has one year."),
        _rule("gt:value", f"{ONE} ; {NUMBER}", "An observation has one number."),
        _rule("gt:unit", f"{ONE} ; sh:nodeKind sh:IRI", "A number has a unit."),
        _sourced(),
        _indicator_units(),
        'sh:message "The indicator is declared, and counted in its own unit."@en',
    ]
    return _shape("Observation", _classes(["Observation"]), parts)


def _indicator_units() -> str:
    names = local_names("Indicator")
    choices = []
    for unit, group in groupby(sorted(indicators().values(), key=_counted_in), key=_counted_in):
        allowed = _terms(names[item.id] for item in group)
        indicator = f"sh:property [ sh:path gt:indicator ; {ONE} ; {allowed} ]"
        counted = f"sh:property [ sh:path gt:unit ; sh:hasValue unit:{unit} ]"
        choices.append(f"[ {indicator} ;\n            {counted} ]")
    return "sh:or (\n        " + "\n        ".join(choices) + " )"


def _counted_in(indicator: Indicator) -> str:
    return _unit(indicator.unit)


def _coverage() -> str:
    year = f"{AT_MOST_ONE} ; sh:datatype xsd:integer"
    known = [*(kind.class_name for kind in kinds().values()), *local_names("Indicator").values()]
    status = f"{ONE} ; {_terms(sorted(statuses().values()))}"
    parts = [
        _rule("gt:ofKind", f"{ONE} ; {_terms(known)}", "Coverage is of one kind or indicator."),
        _rule("gt:coverageStatus", status, "Coverage is complete, partial or unknown."),
        _rule("gt:fromYear", f"{year} ; sh:lessThanOrEquals gt:toYear", "Years go forward."),
        _rule("gt:toYear", year, "Coverage has one last year."),
        *(
            _rule(f"gt:{end}Scope", f"{AT_MOST_ONE} ; sh:nodeKind sh:IRI", "A scope is one entity.")
            for end in ("from", "to", "via")
        ),
        _sourced(),
    ]
    return _shape("Coverage", _classes(["Coverage"]), parts)


def _entity() -> str:
    english = '[ sh:languageIn ( "en" ) ]'
    labelled = f"sh:uniqueLang true ; sh:qualifiedValueShape {english} ; sh:qualifiedMinCount 1"
    parts = [_rule("rdfs:label", labelled, "An entity has one label per language, and English.")]
    return _shape("Entity", _classes(item.class_name for item in entity_classes().values()), parts)


def _source() -> str:
    needed = entity_classes()["source"].requires
    parts = [_rule(f"gt:{name}", "sh:minCount 1", f"A source says its {name}.") for name in needed]
    return _shape("Source", _classes(["Source"]), parts)


def _property(item: Property) -> str:
    limits = [_datatype(item)]
    if item.pattern:
        limits.append(f"sh:pattern {_whole(item.pattern)}")
    if item.minimum is not None:
        limits.append(f"sh:minInclusive {item.minimum:g}")
    if item.maximum is not None:
        limits.append(f"sh:maxInclusive {item.maximum:g}")
    name = f"{item.name[0].upper()}{item.name[1:]}Property"
    parts = [_rule(f"gt:{item.name}", " ; ".join(limits), f"Not a sound {item.label}.")]
    if item.of:
        parts.insert(0, f"sh:class gt:{entity_classes()[item.of].class_name}")
    return _shape(name, [f"sh:targetSubjectsOf gt:{item.name}"], parts)


def _datatype(item: Property) -> str:
    if item.datatype in {"object", "anyURI"}:
        # An address is written as the IRI that it is.
        return "sh:nodeKind sh:IRI"
    return NUMBER if item.datatype == "decimal" else f"sh:datatype xsd:{item.datatype}"
