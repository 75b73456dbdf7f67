"""The ontology as a page for people.

``python -m geoties.ontology docs/ontology.md`` makes the page anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from geoties.ontology.kinds import (
    GT,
    Kind,
    Property,
    Role,
    entity_classes,
    indicators,
    kinds,
    properties,
    roles,
    units,
)
from geoties.ontology.terms import terms

_INTRODUCTION = f"""\
# Ontology reference

Made from `ontology/geoties.ttl` by `python -m geoties.ontology docs/ontology.md`. Terms have the
prefix `gt:` (`{GT}`); units and entities are named
under `{GT.removesuffix("ontology#")}`. The shapes are in `ontology/shapes.ttl`, the relations to
other vocabularies in `ontology/mappings.ttl`.
"""


def reference() -> str:
    """The whole reference as Markdown.

    >>> reference().splitlines()[0]
    '# Ontology reference'
    """
    parts = [
        _INTRODUCTION,
        "## Kinds of tie\n",
        _overview(),
        *map(_kind, kinds().values()),
        "## Classes of entity\n",
        _table(("kind", "class", "meaning"), _classes()),
        "## Properties of entities\n",
        _table(("property", "for", "value", "meaning"), map(_property, properties().values())),
        "## Properties of ties, observations, coverage and snapshots\n",
        _table(("property", "of", "value", "meaning"), _facts()),
        "## Units\n",
        _table(("unit", "IRI", "meaning"), _units()),
        "## Indicators\n",
        _table(("indicator", "unit", "meaning"), _indicators()),
    ]
    return "\n".join(parts)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _overview() -> str:
    head = ("kind", "meaning", "in time", "unit", "speaks of", "kept in")
    return _table(head, map(_overview_row, kinds().values()))


def _overview_row(kind: Kind) -> tuple[str, ...]:
    name = f"[{kind.id}](#{kind.id})"
    return name, kind.definition, kind.temporality, kind.unit, kind.speaks_of, kind.stored


def _kind(kind: Kind) -> str:
    own = [role for role in roles().values() if role.kind == kind.id]
    text = f"### {kind.id}\n\n" + "".join(f"- {line}\n" for line in _declared(kind))
    if not own:
        return text
    head = ("role", "Spanish, Portuguese, Chinese", "counts", "meaning")
    return f"{text}\n{_table(head, map(_role, own))}"


def _declared(kind: Kind) -> Iterator[str]:
    yield f"Class `gt:{kind.class_name}`, {_translations(kind.labels)}."
    arrow = "→" if kind.directed else "↔"
    yield f"Ends: {_listed(kind.from_kinds)} {arrow} {_listed(kind.to_kinds)}."
    if kind.via_kinds:
        yield f"May run via: {_listed(kind.via_kinds)}."
    if kind.requires:
        yield f"Needs: {_listed(kind.requires)}."
    if kind.passes_to_members:
        yield "The tie of a bloc is also a tie of its members on the date."
    if kind.shared:
        yield "Two entities with this tie to the same body or agreement are linked through it."
    if kind.derived:
        yield "Derived: computed from other facts, not observed."
    if kind.graph_minimum:
        yield f"Below {kind.graph_minimum:,.0f} {kind.unit} a tie stays in the columnar frames."
    if kind.direct_property:
        yield f"In the snapshot of a date: `gt:{kind.direct_property}`."


def _translations(labels: Mapping[str, str]) -> str:
    return ", ".join(f"“{text}”" for text in labels.values())


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(words)


def _role(role: Role) -> tuple[str, ...]:
    translated = ", ".join(text for code, text in role.labels.items() if code != "en")
    return f"`{role.id}`", translated, "yes" if role.counts_as_member else "no", role.definition


def _classes() -> Iterator[tuple[str, ...]]:
    for item in entity_classes().values():
        yield item.kind, f"`gt:{item.class_name}`", item.definition


def _property(item: Property) -> tuple[str, ...]:
    value = "id of an entity" if item.datatype == "object" else item.datatype
    return f"`gt:{item.name}`", item.of or "any", value, item.definition


def _facts() -> Iterator[tuple[str, ...]]:
    """The properties that facts have, which no loader writes by name."""
    declared = terms()
    direct = {kind.direct_property for kind in kinds().values()}
    names = [*declared.typed("ObjectProperty"), *declared.typed("DatatypeProperty")]
    for name in sorted(set(names) - set(properties()) - direct):
        of, value = (declared.one(name, end) for end in ("domain", "range"))
        yield f"`gt:{name}`", of or "any", value, declared.text(name, "definition")


def _units() -> Iterator[tuple[str, ...]]:
    for item in units().values():
        yield item.id, f"`{item.path}`", item.definition


def _indicators() -> Iterator[tuple[str, ...]]:
    for item in indicators().values():
        yield f"`{item.id}`", item.unit, item.definition
