"""Cards and answers of the measures on roll calls of the UN General Assembly."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import polars as pl

from geoties.graph.measures.card import Card, Measure, Reference
from geoties.graph.measures.inputs import Cut, Frames, years_within
from geoties.graph.measures.pairs import chosen, completed
from geoties.graph.measures.places import Places
from geoties.graph.measures.votes import FORMULAS, issues_of, vote_tables
from geoties.graph.model import UserError, short_id

_LEVEL = pl.col("role").replace_strict({"no": 1, "abstain": 2, "yes": 3}, return_dtype=pl.Int64)


def compute(name: str, frames: Frames, cut: Cut) -> pl.DataFrame:
    """Scores by calendar year (or session), with the number of roll calls as the basis."""
    votes = _votes(frames)
    sessions = _sessions(frames, cut)
    issue = issue_named(votes, cut.issue)
    periods = (
        votes["start"].str.slice(0, 4).cast(pl.Int32) if sessions is None else sessions["session"]
    )
    years = years_within(cut.years, periods.unique(), "roll calls")
    tables = vote_tables(votes, of=cut.of or None, with_=cut.with_ or None, issue=issue,
                         sessions=sessions)  # fmt: skip
    about = f" on {cut.issue}" if issue else ""
    scores = chosen(tables, cut, years).select(
        "of", "with", "year", "source",
        value=FORMULAS[name](),
        basis=pl.format("{} roll calls{}", "both", pl.lit(about)),
        reason=pl.lit("both voted the same throughout: chance leaves no disagreement"),
    )  # fmt: skip
    empty = pl.when(pl.col("value").is_null()).then("reason").otherwise(pl.lit("")).alias("reason")
    period = "session" if sessions is not None else "year"
    return completed(scores.with_columns(empty), cut, years, _reason(frames, votes, about, period))


def _votes(frames: Frames) -> pl.DataFrame:
    return frames.ties("vote")


def _sessions(frames: Frames, cut: Cut) -> pl.DataFrame | None:
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
    known = {name.casefold(): name for name in issues_of(votes)}
    if issue and issue.casefold() not in known:
        raise UserError(
            f"No roll call is about {issue!r}; the issues are {', '.join(known.values())}."
        )
    return known.get(issue.casefold(), "")


def _reason(frames: Frames, votes: pl.DataFrame, about: str, period: str) -> Any:
    places = Places(frames)
    voters = set(votes["from"].unique())

    def reason(of: str, partner: str, year: int) -> str:
        for entity in (of, partner):
            if entity and entity not in voters:
                return f"{short_id(entity)} cast no vote in the data"
            if entity and period == "year" and not places.existed(entity, year):
                return f"{short_id(entity)} did not exist in {year}"
        return f"no roll call{about} in which both took part in {period} {year}"

    return reason


def explain(name: str, frames: Frames, cut: Cut) -> pl.DataFrame:
    """Every roll call of the two with its part of the score; for kappa and pi the whole table."""
    scored = _one_score(name, frames, cut)
    calls = _calls(frames, cut, scored["year"])
    part = _PARTS.get(name)
    if part is None:
        whole = {"part": "the formula on the table of votes", "from": cut.of[0], "to": cut.with_[0],
                 "year": scored["year"]}  # fmt: skip
        whole |= {"value": scored["value"], "contribution": scored["value"]}
        return pl.concat([calls.select(_SHOWN), pl.DataFrame([whole])], how="diagonal_relaxed")
    if name != "voting-coincidence":
        calls = calls.filter(pl.col("x").is_not_null())
    return calls.with_columns(contribution=part / pl.len()).select(*_SHOWN, "contribution")


def _one_score(name: str, frames: Frames, cut: Cut) -> dict[str, Any]:
    scores = compute(name, frames, cut).drop_nulls("value")
    if scores.height != 1:
        raise UserError(
            f"{short_id(cut.of[0])} and {short_id(cut.with_[0])} have no single score here; "
            "name one year with roll calls."
        )
    return scores.to_dicts()[0]


_SHOWN = ("part", "from", "to", "year", "value", "source", "record")


def _calls(frames: Frames, cut: Cut, year: int) -> pl.DataFrame:
    """The roll calls of a period in which the partner voted: x and y the two votes, 1 to 3."""
    votes, sessions = _votes(frames), _sessions(frames, cut)
    if issue := issue_named(votes, cut.issue):
        votes = votes.filter(pl.col("topic").str.split("|").list.contains(issue))
    if sessions is None:
        votes = votes.filter(pl.col("start").str.starts_with(f"{year}-"))
    else:
        calls = sessions.filter(pl.col("session") == year)["roll_call"]
        votes = votes.filter(pl.col("to").is_in(calls.to_list()))
    own = votes.filter(pl.col("from") == cut.of[0]).select("to", x=_LEVEL, own=pl.col("role"))
    theirs = votes.filter(pl.col("from") == cut.with_[0])
    return theirs.join(own, on="to", how="left").select(
        pl.format("{} / {}", pl.col("own").fill_null("absent"), "role").alias("part"),
        pl.lit(cut.of[0]).alias("from"), "to", pl.lit(year, pl.Int32).alias("year"),
        pl.lit(None, pl.Float64).alias("value"), "source", "record", "x", y=_LEVEL,
    ).sort("to")  # fmt: skip


_GAP = (pl.col("x") - pl.col("y")).abs() / 2
_PARTS: Mapping[str, pl.Expr] = {
    "vote-agreement": 1 - _GAP,
    "vote-identity": (_GAP == 0).cast(pl.Float64),
    "vote-s": 1 - 2 * _GAP,
    "vote-s-squared": 1 - 2 * _GAP**2,
    "voting-coincidence": (1 - _GAP).fill_null(0.5),
}
_HAGE = "Häge (2011), Political Analysis 19:287-305"
_SIGNORINO = "Signorino & Ritter (1999), International Studies Quarterly 43:115-144"
_COMMON = {
    "family": "alignment",
    "inputs": "roll calls of the UN General Assembly, 1946-2019 (Voeten; unvotes)",
    "assumptions": (
        "A roll call counts where both states voted yes, no or abstained; absence is no vote.",
        "Every roll call counts the same.",
    ),
    "kinds": ("vote",),
    "symmetric": True,
    "takes": ("of", "with", "years", "issue"),
    "options": {"period": "year (calendar) or session of the General Assembly"},
}
_AGENDA = "It moves with the agenda: other roll calls, another score, without any change of view."
_CONSENSUS = "Most resolutions pass without a vote, so what is voted on is what divides."


def _measure(name: str, /, **card: Any) -> Measure:
    made = Card(**{**_COMMON, "criticisms": (_AGENDA, _CONSENSUS), "id": name, **card})
    return Measure(made, partial(compute, name), partial(explain, name))


def _of_1947(function: str, other: str, printed: str, more: str = "") -> Reference:
    return Reference(
        f"UN 1947, United States and {other}",
        f"{function}(USA_1947, {other}_1947, levels=VOTE_LEVELS{more})",
        printed,
    )


MEASURES = (
    _measure(
        "vote-agreement",
        name="Voting agreement: the same vote, an abstention of one counting a half",
        formula="(f + g/2) / t: f same votes, g one of the two abstaining, t both took part",
        citation="Lijphart (1963), American Political Science Review 57:902-917",
        doi=("10.2307/1952608",),
        unit="share",
        range="0 to 1",
        high_means="The two states vote alike.",
    ),
    _measure(
        "vote-identity",
        name="Share of roll calls with exactly the same vote",
        formula="f / t: f same votes, t both took part",
        citation="Lijphart (1963), American Political Science Review 57:902-917, its simplest form",
        doi=("10.2307/1952608",),
        unit="share",
        range="0 to 1",
        high_means="The two states cast the same vote.",
    ),
    _measure(
        "vote-s",
        name="S over roll calls, absolute distance",
        formula="S = 1 - 2 * sum |x - y| / (2 t), votes as 1 no, 2 abstain, 3 yes",
        citation=_SIGNORINO,
        doi=("10.1111/0020-8833.00113",),
        unit="S",
        range="-1 to 1",
        high_means="The two voting profiles are alike.",
        criticisms=(_AGENDA, "Not corrected for chance: common yes votes inflate it (Häge 2011)."),
        references=(
            _of_1947("s_score", "UK", "0.5625"),
            _of_1947("s_score", "FRANCE", "0.7812"),
            _of_1947("s_score", "USSR", "-0.500"),
        ),
    ),
    _measure(
        "vote-s-squared",
        name="S over roll calls, squared distance",
        formula="S = 1 - 2 * sum (x - y)^2 / (4 t), votes as 1 no, 2 abstain, 3 yes",
        citation=_SIGNORINO,
        doi=("10.1111/0020-8833.00113",),
        unit="S",
        range="-1 to 1",
        high_means="The two voting profiles are alike; abstentions weigh little.",
        criticisms=(_AGENDA, "Not corrected for chance: common yes votes inflate it (Häge 2011)."),
    ),
    _measure(
        "vote-kappa",
        name="Cohen's kappa over roll calls, squared distance",
        formula="1 - sum d*o / sum d*e, e the product of the two states' own margins",
        citation=_HAGE,
        doi=("10.1093/pan/mpr023",),
        unit="kappa",
        range="below 0 to 1; 0 is what chance gives",
        high_means="The two vote alike beyond what their habits of voting explain.",
        criticisms=(_AGENDA, "A state that always votes the same has kappa 0 with everybody."),
        references=(
            _of_1947("weighted_kappa", "UK", "0.5509", ', distance="squared"'),
            _of_1947("weighted_kappa", "FRANCE", "0.7292", ', distance="squared"'),
        ),
    ),
    _measure(
        "vote-pi",
        name="Scott's pi over roll calls, squared distance",
        formula="1 - sum d*o / sum d*e, e the average margin of the two with itself",
        citation=_HAGE,
        doi=("10.1093/pan/mpr023", "10.1086/266577"),
        unit="pi",
        range="-1 to 1; 0 is what chance gives",
        high_means="The two vote alike beyond what the common distribution of votes explains.",
    ),
    _measure(
        "voting-coincidence",
        name="Voting coincidence with a reference state, absences counting a half",
        formula="(same + (partial + absent)/2) / (same + opposite + partial + absent)",
        citation="US Department of State, Voting Practices in the United Nations (2022, 2023)",
        unit="share",
        range="0 to 1",
        high_means="The state votes as the reference state does.",
        assumptions=(
            "The roll calls are those in which the reference state (the partner) voted.",
            "A state without a recorded vote in one of them was absent.",
        ),
        criticisms=(
            _AGENDA,
            "Absence counts as half agreement; the reports of 2018 and 2020 leave it out "
            "(voting_coincidence(..., variant='without-absences')).",
        ),
        symmetric=False,
        references=tuple(
            Reference(
                f"{state} with the United States, 2023, as published",
                f"voting_coincidence(same={same}, opposite={opposite}, partial={partial}, "
                f"absent={absent})",
                printed,
            )
            for state, same, opposite, partial, absent, printed in (
                ("Brazil", 24, 47, 15, 2, "0.37"),
                ("Mexico", 29, 43, 16, 0, "0.42"),
                ("China", 14, 52, 21, 1, "0.28"),
            )
        ),
    ),
)
