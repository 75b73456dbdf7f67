"""What each kind of tie, role, class, property, unit and indicator declares, read from geoties.ttl.

Nothing about a kind of tie is written in code: ask here. The file is read once per process.

>>> kinds()["goods-trade"].unit
'USD'
>>> kinds()["membership"].sentence({"from": "Peru", "to": "APEC", "role": "member",
...                                 "start": "1998-11-15", "end": ""})
'Peru is a member of APEC, from 1998-11-15.'
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import TypeVar

from geoties.ontology.terms import LANGUAGES as LANGUAGES
from geoties.ontology.terms import terms as ontology_terms

GT = "https://w3id.org/geoties/ontology#"

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Kind:
    """What a kind of tie declares about itself.

    `sentences` hold a pattern per language, with fields in braces and `[field?a|b]` for "a where
    the field is known, else b"; use `sentence` to fill one in. `shared_sentences` are there for
    kinds that link all who hold a tie of the kind to the same body or agreement. A flow below
    `graph_minimum`, in the kind's unit, stays in the columns.
    """

    id: str
    class_name: str
    labels: Texts
    definition: str
    temporality: str
    directed: bool
    from_kinds: tuple[str, ...]
    to_kinds: tuple[str, ...]
    via_kinds: tuple[str, ...]
    unit: str
    colour: str
    speaks_of: str
    passes_to_members: bool
    stored: str
    graph_minimum: float | None
    derived: bool
    may_be_negative: bool
    requires: tuple[str, ...]
    topic_pattern: str
    direct_property: str
    inverse_label: str
    sentences: Texts
    shared_sentences: Texts

    @property
    def shared(self) -> bool:
        """Whether holding a tie of this kind to the same body or agreement links two entities."""
        return bool(self.shared_sentences)

    def sentence(self, fields: Mapping[str, str], language: str = "en") -> str:
        """The tie as one plain sentence.

        `fields` are texts to show for from, to, via, role, topic, value, unit, year, start and
        end, empty where unknown; `role` may be a role's id, which is then shown by its label.
        A language that the ontology does not speak falls back to English.

        >>> kinds()["agreement-party"].sentence({"from": "Chile", "to": "RCEP"}, "es")
        'RCEP está en vigor para Chile.'
        """
        role = roles().get(fields.get("role", ""))
        patterns = role.sentences if role and role.sentences else self.sentences
        return _fill(_spoken(patterns, language), _with_role_label(fields, role, language))

    def shared_sentence(self, fields: Mapping[str, str], language: str = "en") -> str:
        """That two entities are linked through `via`, as one plain sentence.

        >>> kinds()["membership"].shared_sentence({"from": "Peru", "to": "China", "via": "APEC"})
        'Peru and China are both in APEC.'
        """
        return _fill(_spoken(self.shared_sentences, language), fields)


@dataclass(frozen=True)
class Role:
    """In what capacity, or at what level, an end takes part; `kind` is where it occurs."""

    id: str
    labels: Texts
    definition: str
    kind: str
    counts_as_member: bool
    sentences: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class EntityClass:
    """A class of entity: `kind` is the word in the table's column, `class_name` that in RDF.

    `requires` are the properties that an entity of the class may not lack.
    """

    kind: str
    class_name: str
    labels: Texts
    definition: str
    requires: tuple[str, ...]


@dataclass(frozen=True)
class Property:
    """A property of entities that loaders may use.

    `datatype` is "object" where the value is an entity's id, else string, integer, decimal,
    boolean, date or anyURI. `of` is the entity kind it is for, empty for any. A text matches the
    whole `pattern`, a number lies from `minimum` to `maximum`, where there is one.
    """

    name: str
    datatype: str
    label: str
    definition: str
    of: str
    pattern: str
    minimum: float | None
    maximum: float | None


@dataclass(frozen=True)
class Unit:
    """What a value is counted in; `path` is the end of its IRI, after the project's base."""

    id: str
    path: str
    labels: Texts
    definition: str


@dataclass(frozen=True)
class Indicator:
    """A quantity that observations report, in one unit."""

    id: str
    labels: Texts
    definition: str
    unit: str
    may_be_negative: bool


@lru_cache(maxsize=1)
def kinds() -> Mapping[str, Kind]:
    """The kinds of tie by id, in alphabetical order."""
    names = [s for s in ontology_terms().typed("Class") if (ontology_terms().one(s, "temporality"))]
    return _by_id((_kind(name) for name in names), lambda kind: kind.id)


@lru_cache(maxsize=1)
def roles() -> Mapping[str, Role]:
    """The roles by id."""
    return _by_id(map(_role, ontology_terms().typed("Role")), lambda role: role.id)


@lru_cache(maxsize=1)
def entity_classes() -> Mapping[str, EntityClass]:
    """The classes of entity by the word that the `kind` column holds.

    >>> entity_classes()["historical-state"].class_name
    'HistoricalState'
    """
    names = [
        n
        for n in ontology_terms().typed("Class")
        if ontology_terms().one(n, "subClassOf") == "Entity"
    ]
    return _by_id(map(_entity_class, names), lambda item: item.kind)


@lru_cache(maxsize=1)
def properties() -> Mapping[str, Property]:
    """The properties that entities may have, by local name.

    >>> properties()["amends"].datatype, properties()["isoNumeric"].datatype
    ('object', 'string')
    """
    names = [*ontology_terms().typed("ObjectProperty"), *ontology_terms().typed("DatatypeProperty")]
    direct = {kind.direct_property for kind in kinds().values()}
    entities = {"Entity", *(item.class_name for item in entity_classes().values())}
    own = [n for n in names if ontology_terms().one(n, "domain") in entities and n not in direct]
    return _by_id(map(_property, [*own, "note"]), lambda item: item.name)


@lru_cache(maxsize=1)
def units() -> Mapping[str, Unit]:
    """The units by id.

    >>> units()["USD 2021"].path
    'unit/USD-2021'
    """
    return _by_id(map(_unit, ontology_terms().typed("Unit")), lambda unit: unit.id)


@lru_cache(maxsize=1)
def indicators() -> Mapping[str, Indicator]:
    """The indicators by id.

    >>> indicators()["gdp"].unit
    'USD'
    """
    return _by_id(map(_indicator, ontology_terms().typed("Indicator")), lambda item: item.id)


@lru_cache(maxsize=1)
def precisions() -> Mapping[str, str]:
    """The local names of the precisions of a date: day, month, year.

    >>> precisions()["year"]
    'calendarYear'
    """
    return local_names("Precision")


@lru_cache(maxsize=1)
def statuses() -> Mapping[str, str]:
    """The local names of the statuses of coverage: complete, partial, unknown."""
    return local_names("Status")


_Item = TypeVar("_Item")


def _by_id(items: Iterable[_Item], key: Callable[[_Item], str]) -> Mapping[str, _Item]:
    found = {key(item): item for item in items}
    return MappingProxyType({name: found[name] for name in sorted(found)})


def _kind(name: str) -> Kind:
    terms = ontology_terms()
    return Kind(
        id=terms.one(name, "id"),
        class_name=name,
        labels=terms.texts(name, "label"),
        definition=terms.text(name, "definition"),
        temporality=terms.one(name, "temporality"),
        directed=terms.true(name, "directed"),
        from_kinds=_ends(name, "fromClass"),
        to_kinds=_ends(name, "toClass"),
        via_kinds=_ends(name, "viaClass"),
        unit=terms.one(terms.one(name, "valueUnit"), "id"),
        colour=terms.one(name, "colour"),
        speaks_of=terms.one(name, "speaksOf"),
        passes_to_members=terms.true(name, "passesToMembers"),
        stored=terms.one(name, "storedIn"),
        graph_minimum=_number(terms.one(name, "graphMinimum")),
        derived=terms.true(name, "derived"),
        may_be_negative=terms.true(name, "allowsNegative"),
        requires=terms.all(name, "requires"),
        topic_pattern=terms.one(name, "topicPattern"),
        direct_property=terms.one(name, "directProperty"),
        inverse_label=terms.text(name, "inverseLabel"),
        sentences=terms.texts(name, "sentence"),
        shared_sentences=terms.texts(name, "sharedSentence"),
    )


def _number(text: str) -> float | None:
    return float(text) if text else None


def _ends(kind: str, end: str) -> tuple[str, ...]:
    return tuple(
        sorted(ontology_terms().one(name, "id") for name in ontology_terms().all(kind, end))
    )


def _role(name: str) -> Role:
    terms = ontology_terms()
    return Role(
        id=terms.one(name, "id"),
        labels=terms.texts(name, "label"),
        definition=terms.text(name, "definition"),
        kind=terms.one(terms.one(name, "roleOf"), "id"),
        counts_as_member=terms.true(name, "countsAsMember"),
        sentences=terms.texts(name, "sentence"),
    )


def _entity_class(name: str) -> EntityClass:
    terms = ontology_terms()
    return EntityClass(
        kind=terms.one(name, "id"),
        class_name=name,
        labels=terms.texts(name, "label"),
        definition=terms.text(name, "definition"),
        requires=terms.all(name, "requires"),
    )


def _property(name: str) -> Property:
    terms = ontology_terms()
    is_object = name in terms.typed("ObjectProperty")
    return Property(
        name=name,
        datatype="object" if is_object else terms.one(name, "range"),
        label=terms.text(name, "label"),
        definition=terms.text(name, "definition"),
        of=terms.one(terms.one(name, "domain"), "id"),
        pattern=terms.one(name, "pattern"),
        minimum=_number(terms.one(name, "minimum")),
        maximum=_number(terms.one(name, "maximum")),
    )


def _unit(name: str) -> Unit:
    terms = ontology_terms()
    labels, definition = terms.texts(name, "label"), terms.text(name, "definition")
    return Unit(terms.one(name, "id"), name, labels, definition)


def _indicator(name: str) -> Indicator:
    terms = ontology_terms()
    return Indicator(
        id=terms.one(name, "id"),
        labels=terms.texts(name, "label"),
        definition=terms.text(name, "definition"),
        unit=terms.one(terms.one(name, "valueUnit"), "id"),
        may_be_negative=terms.true(name, "allowsNegative"),
    )


def local_names(type_name: str) -> Mapping[str, str]:
    """The local names of a class's individuals by their id.

    >>> local_names("Role")["member"], local_names("Indicator")["gdp"]
    ('member', 'gdp')
    """
    return MappingProxyType(
        {ontology_terms().one(n, "id"): n for n in ontology_terms().typed(type_name)}
    )


_CHOICE = re.compile(r"\[(\w+)\?([^\[\]|]*)(?:\|([^\[\]]*))?\]")
_FIELD = re.compile(r"\{(\w+)\}")


def _fill(pattern: str, fields: Mapping[str, str]) -> str:
    # The choices are made before any field is filled in: a stranger's text is never a pattern.
    chosen = _CHOICE.sub(lambda m: (m[2] if fields.get(m[1]) else m[3]) or "", pattern)
    return _FIELD.sub(lambda m: fields.get(m[1], ""), chosen)


def _spoken(texts: Texts, language: str) -> str:
    return texts.get(language) or texts["en"]


def _with_role_label(fields: Mapping[str, str], role: Role | None, language: str) -> Texts:
    return {**fields, "role": _spoken(role.labels, language)} if role else fields
