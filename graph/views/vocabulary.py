"""What the words of a payload mean: kinds, roles and units from the ontology, and the sources."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from geoties.graph.model import short_id
from geoties.graph.views import series
from geoties.graph.views.strength import scale_of

if TYPE_CHECKING:
    from geoties.graph.frames import Frames
    from geoties.ontology.kinds import Kind


def kind_entry(kind: Kind, frames: Frames, most: int = 0) -> dict[str, Any]:
    """A kind as the ontology declares it, and how its ties become widths; `most` is how many any
    two states may share of it."""
    everywhere = bool(series.complete_years(frames.coverage(), kind.id))
    return {
        "id": kind.id,
        "labels": dict(kind.labels),
        "className": kind.class_name,
        "definition": kind.definition,
        "temporality": kind.temporality,
        "directed": kind.directed,
        "unit": kind.unit,
        "units": _unit_labels(kind.unit),
        "unitPath": _unit_path(kind.unit),
        "graphMinimum": kind.graph_minimum,
        "colour": kind.colour,
        "speaksOf": kind.speaks_of,
        "shared": kind.shared,
        "sentences": dict(kind.sentences),
        "sharedSentences": dict(kind.shared_sentences),
        "scale": dict(scale_of(kind, everywhere, most)),
    }


def _unit_labels(unit: str) -> dict[str, str]:
    from geoties.ontology.kinds import units

    return dict(units()[unit].labels) if unit in units() else {}


def _unit_path(unit: str) -> str:
    from geoties.ontology.kinds import units

    return units()[unit].path if unit in units() else ""


def roles_entries(ids: list[str]) -> list[dict[str, Any]]:
    """The roles in the given order: labels, whether they make a member, sentences of their own."""
    from geoties.ontology.kinds import local_names, roles

    declared, terms = roles(), local_names("Role")
    entries = []
    for id in ids:
        role = declared.get(id)
        labels = dict(role.labels) if role else {"en": id}
        sentences = dict(role.sentences) if role else {}
        entries.append(
            {
                "id": id,
                "term": terms.get(id, ""),
                "labels": labels,
                "member": bool(role and role.counts_as_member),
                **({"sentences": sentences} if sentences else {}),
            }
        )
    return entries


def sources_entries(frames: Frames, ids: list[str]) -> list[dict[str, Any]]:
    """The sources in the given order, with publisher, address, licence and citation, and how near
    each is to the facts (`order`) by the preference of `geoties conflicts`."""
    import polars as pl

    from geoties.queries.claims import PREFERRED

    rows = frames.entities().filter(pl.col("id").is_in(ids)).select("id", "labels", "properties")
    known = {id: (json.loads(a or "{}"), json.loads(b or "{}")) for id, a, b in rows.rows()}
    result: list[dict[str, Any]] = []
    for id in ids:
        near = (n for n, name in enumerate(PREFERRED) if short_id(id).startswith(name))
        labels, properties = known.get(id, ({}, {}))
        title = labels.get("en") or next(iter(labels.values()), short_id(id))
        fields = ("publisher", "url", "licence", "citation", "version", "retrieved")
        result.append(
            {"id": short_id(id), "title": title, "order": next(near, len(PREFERRED))}
            | {name: str(properties.get(name, "")) for name in fields}
        )
    return result


def version() -> str:
    """The version of the package that made the page, empty where it is not installed."""
    from importlib import metadata

    try:
        return metadata.version("geoties")
    except metadata.PackageNotFoundError:
        return ""


def terms() -> dict[str, Any]:
    """What the page needs to write its data as Turtle, from the ontology."""
    from geoties.graph.model import BASE, ONTOLOGY
    from geoties.ontology.kinds import entity_classes, precisions

    classes = {kind: item.class_name for kind, item in entity_classes().items()}
    return {
        "base": BASE,
        "ontology": ONTOLOGY,
        "precisions": dict(precisions()),
        "classes": classes,
    }
