"""Scores that a user writes back into the graph, as ties that say how they were computed.

They are kept as a table of the user's own: every later build has them, `geoties remove` takes
them out. Each is a ``gt:Score``, a derived tie, with the measure and its version; the source that
it belongs to names the sources that it was computed from.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from geoties.graph.build import WRITTEN_BACK
from geoties.graph.changing import Part, put
from geoties.graph.frames import Frames
from geoties.graph.measures.card import Card
from geoties.graph.measures.derived import derived_ties, yearly_vote_agreement
from geoties.graph.measures.places import Places
from geoties.graph.measures.registry import cards
from geoties.graph.model import Entity, Report, Source, Tables, UserError
from geoties.graph.snapshots import Snapshot, current
from geoties.loaders.user_tables_kept import folder_of, kept_source, write_kept
from geoties.ontology.kinds import kinds

if TYPE_CHECKING:
    import pandas as pd

    from geoties.graph.build import Say

KIND = WRITTEN_BACK
#: Sources made by this module are told from a user's tables by their publisher.
PUBLISHER = "computed with geoties"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_IN_TIES = ("of", "with_", "years", "region")
_NEEDED = ("measure", "of", "with", "year", "value", "source")


@dataclass(frozen=True)
class Written:
    """The graph that has the scores, how many ties they made, and how many had no value."""

    snapshot: Snapshot
    ties: int
    without_value: int


def write_back(
    directory: Path,
    scores: pl.DataFrame,
    name: str,
    question: Mapping[str, object] | None = None,
    *,
    say: Say = lambda _: None,
) -> Written:
    """Make a graph that has scores of pairs as derived ties.

    Args:
        directory: The data directory.
        scores: What :func:`geoties.graph.measures.compute` returned, or a part of it.
        name: Of the source that they become; scores written back under it before give way.
        question: What the measure was asked, of which the source tells what is not in the ties
            (issue, date, the measure's own options).
        say: Called with what is being done.

    Raises:
        UserError: when there is nothing to write, the measure is not about two states or states
            an observed amount, an end is no state or bloc, or the name is taken by something else.
    """
    old = current(directory)
    card = _card_of(scores)
    _check_name(directory, old, name)
    places = Places(Frames(old.folder / "frames"))
    source = _source(name, _computed(card, scores, question or {}), card, old)
    ties = _ties(scores, card, places, source)
    entity = Entity(source.entity, "source", {}, {"computedFrom": _inputs(scores)})
    tables = Tables.of(entities=[entity], ties=ties)
    tables.report = Report(read=scores.height, loaded=ties.height)
    part = Part(folder_of(name), name, source, tables)

    def keep(folder: Path) -> None:
        write_kept(folder, source, tables, {})

    snapshot = put(directory, part, keep, say=say, derive=yearly_vote_agreement)
    return Written(snapshot, ties.height, scores["value"].null_count())


def _card_of(scores: pl.DataFrame) -> Card:
    """The card of the one measure that the scores are of."""
    missing = [column for column in _NEEDED if column not in scores.columns]
    if missing:
        raise UserError(f"These are not the scores of a measure; they lack {', '.join(missing)}.")
    names = scores["measure"].unique().to_list()
    if len(names) != 1 or names[0] not in cards():
        raise UserError("Write back the scores of one measure at a time, as it gave them.")
    card = cards()[names[0]]
    if "with" not in card.takes:
        raise UserError(f"{card.id} is about one state; only scores of two can be written as ties.")
    if card.unit == "USD":
        raise UserError(f"{card.id} tells observed amounts, which the graph holds as they are.")
    if scores["value"].drop_nulls().is_empty():
        raise UserError(f"No row of {card.id} has a value to be written back.")
    return card


def _check_name(directory: Path, old: Snapshot, name: str) -> None:
    if not _NAME.fullmatch(name):
        raise UserError(f"{name!r} is not a name for a source; use a-z, 0-9, dots and hyphens.")
    folder = directory / "inputs" / folder_of(name)
    known = {source["id"] for source in old.manifest["sources"]}
    if folder.exists():
        if kept_source(folder).publisher != PUBLISHER:
            raise UserError(f"{name} is a table of yours; give the scores another name.")
    elif name in known:
        raise UserError(f"geoties itself has a source {name}; give the scores another name.")


def _source(name: str, computed: str, card: Card, old: Snapshot) -> Source:
    doi = "".join(f", doi:{doi}" for doi in card.doi)
    return Source(
        id=name,
        title=f"{card.name} ({computed})",
        publisher=PUBLISHER,
        url="",
        licence="that of the sources it was computed from",
        licence_class="C",
        version=f"{card.id} {card.version}",
        retrieved=dt.date.fromisoformat(old.graph_date),
        citation=f"Formula: {card.citation}{doi}. {computed[0].upper()}{computed[1:]}.",
        embedded="none",
    )


def _computed(card: Card, scores: pl.DataFrame, question: Mapping[str, object]) -> str:
    """By what, with which wishes, and from which sources, in words."""
    asked = [f"{key} {value}" for key, value in question.items() if value and key not in _IN_TIES]
    by = ", ".join([f"{card.id} version {card.version}", *asked])
    inputs = ", ".join(source.removeprefix("source/") for source in _inputs(scores))
    return f"computed by {by} from {inputs}"


def _inputs(scores: pl.DataFrame) -> list[str]:
    """The sources behind the scores that have a value."""
    told = scores.drop_nulls("value")["source"].str.split("; ").explode()
    return sorted({source for source in told.drop_nulls() if source})


def _ties(scores: pl.DataFrame, card: Card, places: Places, source: Source) -> pl.DataFrame:
    rows = scores.drop_nulls("value")
    ids = {text: _end(text, places) for end in ("of", "with") for text in rows[end].unique()}
    rows = rows.with_columns(pl.col("of", "with").replace_strict(ids), source=pl.lit(source.entity))
    if card.symmetric:
        rows = _each_pair_once(rows)
    rows = rows.unique(["of", "with", "year"], keep="last", maintain_order=True)
    reference = f"https://doi.org/{card.doi[0]}" if card.doi else card.citation
    measure = (card.id, card.version)
    return derived_ties(rows, KIND, measure, reference, topic=card.id)


def _end(text: str, places: Places) -> str:
    """The entity that a short id means; raises `UserError` for one that can have no such tie."""
    entity = places.id(text)
    if places.kinds[entity] not in kinds()[KIND].from_kinds:
        raise UserError(
            f"{places.label(entity)} is no state or bloc, so that no tie can be written for it."
        )
    return entity


def _each_pair_once(rows: pl.DataFrame) -> pl.DataFrame:
    """A score that is the same for both of a pair, in the order in which it comes first."""
    ends = (pl.min_horizontal("of", "with"), pl.max_horizontal("of", "with"))
    keyed = rows.with_columns(ends[0].alias("one"), ends[1].alias("other"))
    return keyed.unique(["one", "other", "year"], keep="first", maintain_order=True)


def told(written: Written, name: str) -> str:
    """The outcome in one sentence."""
    left = f"; {written.without_value} rows without a value left out" * bool(written.without_value)
    return f"Wrote back {written.ties} derived ties as the source {name}{left}."


def to_polars(frame: pd.DataFrame) -> pl.DataFrame:
    """Scores from a pandas DataFrame, whose missing numbers are NaN."""
    columns = {name: frame[name].tolist() for name in _NEEDED if name in frame}
    types = {"value": pl.Float64, "year": pl.Int32}
    schema = {name: types.get(name, pl.String) for name in columns}
    made = pl.DataFrame(columns, schema=schema, strict=False)
    return made.with_columns(pl.col("value").fill_nan(None)) if "value" in columns else made
