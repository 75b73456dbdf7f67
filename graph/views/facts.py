"""State ties and events for the page: dated rows that its script turns into sentences.

A row holds numbers that point into the payload's lists of nodes, entities, roles and sources.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from geoties.graph.model import short_id
from geoties.graph.parties import DATES, parties
from geoties.graph.views.cut import Cut

if TYPE_CHECKING:
    from geoties.graph.frames import Frames
    from geoties.ontology.kinds import Kind

LANGUAGES = ("en", "es", "pt", "zh")
EVENTS_PER_PAIR = 40
LAST = ("source", "reference", "record")


class Register:
    """A list that gives each id a number on first sight: bodies, agreements, roles, sources."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, id: str) -> int:
        """The number of `id`; -1 for an empty one.

        >>> register = Register()
        >>> register.number("body/APEC"), register.number(""), register.number("body/APEC")
        (0, -1, 0)
        """
        return self._numbers.setdefault(id, len(self._numbers)) if id else -1

    def ids(self) -> list[str]:
        """All ids in order of number."""
        return list(self._numbers)


def shared_parties(frames: Frames, kind: Kind, cut: Cut) -> list[tuple[Any, ...]]:
    """Who is tied to which body or agreement, by itself or through a bloc, as rows (node, entity
    id, bloc id, role, dates…, source, reference, record).

    The dates are those of `geoties.graph.parties`: suspensions taken out, several sources read
    together. `record` is empty for a row that is not just as its source has it.
    """
    import polars as pl

    found = parties(frames, kind).filter(pl.col("entity").is_in(cut.ids))
    key = ["entity", "item", "role", *DATES, *LAST]
    stated = frames.ties(kind.id).rename({"from": "entity", "to": "item"}).select(key)
    stated = stated.with_columns(through=pl.lit("")).unique()
    marked = found.join(
        stated.with_columns(same=pl.lit(True)), on=[*key, "through"], how="left"
    ).with_columns(record=pl.when(pl.col("same")).then("record").otherwise(pl.lit("")))
    columns = marked.select("entity", "item", "through", "role", *DATES, *LAST)
    return sorted((cut.index[place], *rest) for place, *rest in columns.rows())


def direct_ties(frames: Frames, kind: Kind, cut: Cut) -> list[tuple[Any, ...]]:
    """Ties of a state or event kind between two states of the cut, as rows (from, to, via id,
    role, topic, dates…, source, reference, record); of events the latest few per pair."""
    import polars as pl

    ties = frames.ties(kind.id).filter(pl.col("from").is_in(cut.ids) & pl.col("to").is_in(cut.ids))
    if kind.temporality == "event":
        ties = (
            ties.sort("start", "id", descending=[True, False])
            .group_by("from", "to", maintain_order=True)
            .head(EVENTS_PER_PAIR)
        )
    columns = ties.select("from", "to", "via", "role", "topic", *DATES, *LAST)
    return sorted((cut.index[a], cut.index[b], *rest) for a, b, *rest in columns.rows())


def entity_entries(frames: Frames, ids: list[str]) -> list[dict[str, Any]]:
    """Id, kind and labels in the page's languages of each entity, in the given order.

    `root` is the number of the agreement that a protocol or an accession amends: the two are
    one agreement when agreements are counted.
    """
    import polars as pl

    rows = frames.entities().filter(pl.col("id").is_in(ids))
    known = {row["id"]: row for row in rows.iter_rows(named=True)}
    numbers = {id: number for number, id in enumerate(ids)}
    result: list[dict[str, Any]] = []
    for id in ids:
        row = known.get(id, {"kind": "", "labels": "{}"})
        labels = json.loads(row["labels"] or "{}")
        entry = {"id": id, "kind": row["kind"], "labels": page_labels(id, labels)}
        root = numbers.get(_root(id, known))
        result.append(entry if root in (None, numbers[id]) else entry | {"root": root})
    return result


def _root(id: str, known: Mapping[str, Mapping[str, Any]]) -> str:
    """The agreement at the end of the chain of what amends what."""
    seen: set[str] = set()
    while id in known and id not in seen:
        seen.add(id)
        amended = json.loads(known[id]["properties"] or "{}").get("amends", "")
        parent = amended[0] if isinstance(amended, list) and amended else amended
        if not parent or parent not in known:
            break
        id = str(parent)
    return id


def page_labels(id: str, labels: Mapping[str, str]) -> dict[str, str]:
    """The labels that the page speaks, English always among them; equal ones only once.

    >>> page_labels("state/PER", {"en": "Peru", "es": "Perú", "pt": "Peru", "de": "Peru"})
    {'en': 'Peru', 'es': 'Perú'}
    """
    english = labels.get("en") or next(iter(labels.values()), "") or short_id(id)
    rest = {
        language: labels[language]
        for language in LANGUAGES[1:]
        if labels.get(language) and labels[language] != english
    }
    return {"en": english} | rest
