"""Scores written back as derived ties, so that queries and pages see them beside facts.

A derived tie is of a kind that the ontology declares derived, carries the measure with its
version in its record and the source it was computed from, and can never be taken for an observed
one.
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from geoties.graph.measures.votes import agreement, vote_tables
from geoties.graph.model import Tables, UserError, tie_frame
from geoties.graph.triples import six_places
from geoties.ontology.kinds import kinds

POLES = ("state/CHN", "state/USA")
#: The measure and its version; a test holds it to the card, which is too heavy to read here.
MEASURE = ("vote-agreement", "1")
LIJPHART = "https://doi.org/10.2307/1952608"


def yearly_vote_agreement(tables: Tables, partners: Collection[str] = POLES) -> Tables:
    """Ties of voting agreement of every state with each partner, by year.

    Args:
        tables: All tables; only the votes are read.
        partners: The states with which everybody's agreement is stored. All pairs and
            issues would be millions of ties; ``compute("vote-agreement", …)`` gives any.

    Returns:
        Tables with ties of kind ``vote-agreement`` only: ``value`` in percent over all roll
        calls of the year, ``record`` the pair and year. A year of which the source declares
        no complete coverage gives none: its few first weeks say little.
    """
    votes = tables.ties.filter(pl.col("kind") == "vote")
    counts = vote_tables(votes, with_=partners)
    scores = counts.select("of", "with", "year", "source", value=100 * agreement())
    scores = _whole_years(scores, tables.coverage)
    ties = derived_ties(_one_per_pair(scores, partners), "vote-agreement", MEASURE, LIJPHART)
    return Tables.of(ties=ties)


def _whole_years(scores: pl.DataFrame, coverage: pl.DataFrame) -> pl.DataFrame:
    complete = coverage.filter((pl.col("kind") == "vote") & (pl.col("status") == "complete"))
    if complete.is_empty():
        return scores
    spans = complete.group_by("source").agg(
        first=pl.col("from_year").min(), last=pl.col("to_year").max()
    )
    known = scores.join(spans, on="source", how="left")
    inside = pl.col("year").is_between(pl.col("first"), pl.col("last"))
    return known.filter(inside).select(scores.columns)


def _one_per_pair(scores: pl.DataFrame, partners: Collection[str]) -> pl.DataFrame:
    """Two partners meet twice, once from each side: keep one."""
    twice = pl.col("of").is_in(list(partners)) & (pl.col("of") > pl.col("with"))
    return scores.filter(~twice)


def derived_ties(
    scores: pl.DataFrame, kind: str, measure: tuple[str, str], reference: str = "", topic: str = ""
) -> pl.DataFrame:
    """Scores of pairs as ties of a derived kind, in the unit that the kind declares.

    Args:
        scores: ``of, with, year, value, source``; rows without a value are left out. Values are
            kept to six places, as everywhere in the graph.
        kind: A kind of tie that the ontology declares derived.
        measure: The id of the measure and its version, which begin the record of each tie.
        reference: Citation of the formula.
        topic: What the scores are cut to, such as an issue.

    Raises:
        UserError: when the kind is unknown or not derived.
    """
    declared = kinds().get(kind)
    if declared is None or not declared.derived:
        raise UserError(f"{kind} is not a derived kind of tie; scores are never stored as facts.")
    short = [pl.col(end).str.split("/").list.last() for end in ("of", "with")]
    pair = pl.concat_str([*short, pl.col("year").cast(pl.String)], separator="-")
    ties = scores.drop_nulls("value").select(
        pl.col("of").alias("from"), pl.col("with").alias("to"), "year",
        six_places(pl.col("value")).alias("value"), "source",
        record=pl.concat_str(pl.lit(f"{measure[0]}.{measure[1]}."), pair),
    )  # fmt: skip
    return tie_frame(ties, kind=kind, unit=declared.unit, reference=reference, topic=topic)
