"""Roll calls of the United Nations General Assembly: who voted how on what.

Reads the votes (rcid, country, iso3, vote: 1 yes, 2 abstain, 3 no) and the roll calls (rcid,
session, date, unres, importantvote, issues, short; `amend` and `para`, empty for half of them,
are ignored). States are told by name and date: the ISO column is empty for those that are gone
and gives the USSR's votes to Russia. Taiwan's votes are those of the Republic of China, which
held the seat of China until 1971-10-25; the source lists them under Taiwan, and so do we.

Dates before the 58th session (2003) have a "day" from 1 to 7 that is not the day of the month:
the vote on China's seat, of 1971-10-25, stands there as 1971-10-07, and all of the 1946-1996
votes fall in the first week of their month. They are loaded with the precision of a month.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl

from geoties.graph.model import (
    Coverage,
    Entity,
    Rejection,
    Report,
    Source,
    Tables,
    UserError,
    tie_frame,
)
from geoties.graph.names import default_resolver

SOURCE = Source(
    id="unga-votes-2019",
    title="United Nations General Assembly roll calls, 1946-2019",
    publisher="Voeten, Strezhnev and Bailey; unvotes (Robinson and Goguen-Compagnoni)",
    url="https://doi.org/10.7910/DVN/LEJUQZ",
    licence="MIT (unvotes)",
    licence_class="A",
    version="to session 74",
    retrieved=dt.date(2021, 4, 1),
    citation="Voeten, E., Strezhnev, A. and Bailey, M. (2009), United Nations General Assembly "
    "Voting Data, Harvard Dataverse, doi:10.7910/DVN/LEJUQZ; through the R package unvotes.",
    expects={"ties": (700_000, 1_000_000)},
    filenames=("unga_votes_1946_2019.parquet", "unga_roll_calls_1946_2019.csv"),
)
ISSUES = {
    "me": "Palestinian conflict",
    "hr": "Human rights",
    "di": "Arms control and disarmament",
    "nu": "Nuclear weapons and nuclear material",
    "ec": "Economic development",
    "co": "Colonialism",
}
_VOTE_COLUMNS = ["rcid", "country", "iso3", "vote"]
_CALL_COLUMNS = ["rcid", "session", "date", "unres", "importantvote", "issues", "short"]
VOTES = {1: "yes", 2: "abstain", 3: "no"}
FIRST_SESSION_WITH_DAYS = 58
# Seats that passed on, and states without an ISO code: the COW codes, told apart by date.
_COW_CODES = {
    "Czechoslovakia": ("315",),
    "Federal Republic of Germany": ("260",),
    "German Democratic Republic": ("265",),
    "Yemen Arab Republic": ("678", "679"),
    "Yemen People's Republic": ("680",),
    "Yugoslavia": ("345",),
    "Zanzibar": ("511",),
}


def load(raw: Path) -> Tables:
    """Roll calls as entities, votes as ties from state to roll call; `raw` is the folder."""
    if not raw.is_dir():
        raise UserError(f"{raw.name}: give the folder that holds {' and '.join(SOURCE.filenames)}.")
    calls = _roll_calls(raw / SOURCE.filenames[1])
    votes = _with_states(_votes(raw / SOURCE.filenames[0]).join(calls, on="rcid", how="left"))
    good, report = _account(votes)
    entities = [_entity(row) for row in calls.to_dicts()]
    return Tables.of(entities, _ties(good), (), _coverage(), report)


def _votes(path: Path) -> pl.DataFrame:
    try:
        votes = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError):
        raise UserError(f"{path.name} is not a Parquet file of votes.") from None
    if votes.columns != _VOTE_COLUMNS:
        raise UserError(f"{path.name}: the columns should be {', '.join(_VOTE_COLUMNS)}.")
    return votes.with_columns(
        pl.col("rcid", "country", "iso3").cast(pl.String),
        role=pl.col("vote").replace_strict(VOTES, default=None, return_dtype=pl.String),
    ).with_row_index("row")


def _roll_calls(path: Path) -> pl.DataFrame:
    """The roll calls, with their issues by name and the first and last day each may have had."""
    calls = pl.read_csv(path, infer_schema=False).with_columns(pl.all().fill_null(""))
    if missing := sorted(set(_CALL_COLUMNS) - set(calls.columns)):
        raise UserError(f"{path.name}: there is no column {missing[0]}.")
    calls = calls.filter(pl.col("date").str.contains(r"^\d{4}-\d{2}-\d{2}$"))
    names = (
        pl.col("issues").str.split("|").list.eval(pl.element().replace_strict(ISSUES, default=""))
    )
    day, to_the_day = pl.col("date").str.to_date(strict=False), _to_the_day()
    return calls.with_columns(
        topic=names.list.join("|"),
        precision=pl.when(to_the_day).then(pl.lit("day")).otherwise(pl.lit("month")),
        first=pl.when(to_the_day).then(day).otherwise(day.dt.month_start()).cast(pl.String),
        last=pl.when(to_the_day).then(day).otherwise(day.dt.month_end()).cast(pl.String),
    )


def _to_the_day() -> pl.Expr:
    return pl.col("session").cast(pl.Int32, strict=False) >= FIRST_SESSION_WITH_DAYS


def _entity(row: dict[str, Any]) -> Entity:
    label = row["short"] or f"Roll call {row['rcid']} of session {row['session']}"
    properties: dict[str, Any] = {"session": int(row["session"])}
    if row["precision"] == "day":
        properties["date"] = row["first"]
    if row["unres"]:
        properties["resolution"] = row["unres"]
    if row["topic"]:
        properties["issue"] = row["topic"].split("|")
    if row["importantvote"]:
        properties["importantVote"] = row["importantvote"] == "1"
    return Entity(f"roll-call/{row['rcid']}", "roll-call", {"en": label}, properties)


def _with_states(votes: pl.DataFrame) -> pl.DataFrame:
    """The votes with the entity of every (country, iso3, date) that occurs."""
    keys = votes.select("country", "iso3", "first", "last").unique().drop_nulls("first")
    found = [_state(*row) for row in keys.iter_rows()]
    keys = keys.with_columns(entity=pl.Series(found, dtype=pl.String))
    return votes.join(keys, on=["country", "iso3", "first", "last"], how="left", nulls_equal=True)


def _state(country: str, iso3: str | None, first: str, last: str) -> str | None:
    """Who cast the vote: the state of the first day of the month, or one that began in it.

    A country that is told as `cow:135` is the state of that code.
    """
    names = default_resolver()
    by_cow = (country.removeprefix("cow:"),) if country.startswith("cow:") else ()
    codes = [("cow", code) for code in by_cow or _COW_CODES.get(country, ())]
    codes = codes or [("iso3", iso3 or "")]
    for day in (first, last):
        for system, code in codes:
            if found := names.code(system, code, on=day):
                return found
    return None


def _account(votes: pl.DataFrame) -> tuple[pl.DataFrame, Report]:
    known = pl.col("entity").is_not_null() & pl.col("role").is_not_null()
    bad = votes.filter(~known)
    good = votes.filter(known).unique(["rcid", "entity"], keep="first", maintain_order=True)
    why = "no such state on the day of the vote, no such roll call, or no vote of 1, 2 or 3"
    rejected = [
        Rejection(r["row"], "country, rcid, vote", f"{r['country']} {r['rcid']} {r['vote']}", why)
        for r in bad.to_dicts()
    ]
    doubled = votes.height - bad.height - good.height
    return good, Report(votes.height, good.height, doubled, rejected)


def _ties(votes: pl.DataFrame) -> pl.DataFrame:
    return tie_frame(
        votes.select(
            pl.col("entity").alias("from"),
            pl.concat_str(pl.lit("roll-call/"), "rcid").alias("to"),
            "role",
            "topic",
            pl.col("first").alias("start"),
            pl.col("precision").alias("start_precision"),
        ),
        kind="vote",
        source=SOURCE.entity,
    )


def _coverage() -> list[Coverage]:
    note = (
        "recorded votes only; an absent state has no row; dates before the 58th session are "
        "known to the month; China's votes until October 1971 are those of the Republic of China, "
        "listed under Taiwan"
    )
    return [Coverage(SOURCE.entity, "vote", "complete", from_year=1946, to_year=2019, note=note)]
