"""The answers of the measures on roll calls of the UN General Assembly."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import polars as pl

from geoties.graph.measures.inputs import Cut, Frames, years_within
from geoties.graph.measures.pairs import chosen, completed
from geoties.graph.measures.places import Places
from geoties.graph.measures.votes import FORMULAS, issues_of, vote_tables
from geoties.graph.model import UserError, short_id

_KEY = ["of", "with", "year", "source"]


def compute(name: str, frames: Frames, cut: Cut) -> pl.DataFrame:
    """Scores by calendar year (or session), with the number of roll calls as the basis."""
    votes, sessions = frames.ties("vote"), sessions_of(frames, cut)
    issue, formula = issue_named(votes, cut.issue), formula_of(name, cut)
    if sessions is None:
        years = years_within(cut.years, _years_of(frames), "roll calls")
    else:
        years = years_within(cut.years, sessions["session"].unique(), "roll calls", "session")
    counted = _cast_in(votes, years) if cut.years and sessions is None else votes
    tables = vote_tables(counted, of=cut.of or None, with_=cut.with_ or None, issue=issue,
                         sessions=sessions)  # fmt: skip
    about = f" on {issue}" if issue else ""
    absent = formula is FORMULAS["voting-coincidence"]
    counted_calls = pl.col("votes_with" if absent else "both")
    missed = pl.format(", absent from {}", pl.col("votes_with") - pl.col("both"))
    absences = missed if absent else pl.lit("")
    scores = chosen(tables, cut, years).select(
        *_KEY,
        value=formula(),
        basis=pl.format("{} roll calls{}{}", counted_calls, pl.lit(about), absences),
        reason=pl.lit("both voted the same throughout: chance leaves no disagreement"),
    )  # fmt: skip
    if weights := issue_weights(votes, cut):
        weighed = vote_tables(counted, of=cut.of or None, with_=cut.with_ or None, issue=issue,
                              sessions=sessions, weights=weights)  # fmt: skip
        scores = _weighed(scores, weighed.select(*_KEY, value=formula()), weights)
    empty = pl.when(pl.col("value").is_null()).then("reason").otherwise(pl.lit("")).alias("reason")
    period = "session" if sessions is not None else "year"
    return completed(scores.with_columns(empty), cut, years, _reason(frames, votes, about, period))


@lru_cache(maxsize=4)
def _years_of(frames: Frames) -> tuple[int, ...]:
    """The calendar years in which there are roll calls, read once."""
    days = frames.ties("vote")["start"].unique()
    return tuple(sorted({int(day[:4]) for day in days if day}))


def _cast_in(votes: pl.DataFrame, years: Sequence[int]) -> pl.DataFrame:
    """The votes of some calendar years: the others would be counted for nothing."""
    first, last = pl.lit(f"{min(years)}-01-01"), pl.lit(f"{max(years)}-12-31")
    votes = votes.filter(pl.col("start").is_between(first, last))
    if len(years) == max(years) - min(years) + 1:
        return votes
    return votes.filter(pl.col("start").str.slice(0, 4).is_in([str(year) for year in years]))


def _weighed(
    scores: pl.DataFrame, weighed: pl.DataFrame, weights: Mapping[str, float]
) -> pl.DataFrame:
    """The weighed scores, with the numbers of roll calls and the weights as their basis."""
    told = ", ".join(f"{issue} {weight:g}" for issue, weight in weights.items())
    joined = scores.drop("value").join(weighed, on=_KEY, how="left", maintain_order="left")
    return joined.with_columns(
        basis=pl.col("basis") + f"; weights: {told}",
        reason=pl.lit("every roll call of the two weighs nothing"),
    )


def formula_of(name: str, cut: Cut) -> Callable[[], pl.Expr]:
    """The formula of a measure, in the variant asked for."""
    variant = cut.option("variant", "with-absences")
    if variant not in ("with-absences", "without-absences"):
        raise UserError(f'variant is "with-absences" or "without-absences", not {variant!r}.')
    # without absences, coincidence is the same fraction as Lijphart's agreement
    return FORMULAS["vote-agreement" if variant == "without-absences" else name]


def issue_weights(votes: pl.DataFrame, cut: Cut) -> dict[str, float]:
    """The weights of issues asked for, under the names that the data spell."""
    return {issue_named(votes, name): weight for name, weight in cut.weights.items()}


def sessions_of(frames: Frames, cut: Cut) -> pl.DataFrame | None:
    """The session of every roll call, when scores are asked by session."""
    period = cut.option("period", "year")
    if period == "year":
        return None
    if period != "session":
        raise UserError(f'period is "year" or "session", not {period!r}.')
    calls = frames.entities().filter(pl.col("kind") == "roll-call")
    session = pl.col("properties").str.json_path_match("$.session").cast(pl.Int32, strict=False)
    return calls.select(roll_call="id", session=session).drop_nulls()


def issue_named(votes: pl.DataFrame, issue: str) -> str:
    """The issue as the data spell it, whatever its case.

    Raises:
        UserError: with the issues there are, when it is none of them.
    """
    if not issue:
        return ""
    known = {name.casefold(): name for name in issues_of(votes)}
    if issue.casefold() not in known:
        raise UserError(
            f"No roll call is about {issue!r}; the issues are {', '.join(known.values())}."
        )
    return known[issue.casefold()]


def _reason(frames: Frames, votes: pl.DataFrame, about: str, period: str) -> Any:
    places = Places.of(frames)

    @cache
    def voters() -> set[str]:
        return set(votes["from"].unique())

    def reason(of: str, partner: str, year: int) -> str:
        for entity in (of, partner):
            if entity and entity not in voters():
                return f"{short_id(entity)} cast no vote in the data"
            if entity and period == "year" and not places.was_state(entity, year):
                return f"{short_id(entity)} did not exist in {year}"
        return f"no roll call{about} in which both took part in {period} {year}"

    return reason
