"""Roll calls of the United Nations General Assembly: who voted how on what.

Reads the votes (rcid, country, iso3, vote: 1 yes, 2 abstain, 3 no) and the roll calls (rcid,
session, date, unres, importantvote, amend, para, issues, short). States are told by name and
date: the ISO column is empty for those that are gone and gives the USSR's votes to Russia.
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
VOTES = {1: "yes", 2: "abstain", 3: "no"}
# States whose seat passed on, and those without an ISO code: told by COW code and date.
_COW_CODES = {
    "Czechoslovakia": "315",
    "Federal Republic of Germany": "260",
    "German Democratic Republic": "265",
    "Russia": "365",
    "Yemen Arab Republic": "678",
    "Yemen People's Republic": "680",
    "Yugoslavia": "345",
    "Zanzibar": "511",
}


def load(raw: Path) -> Tables:
    """Roll calls as entities, votes as ties from state to roll call; `raw` is the folder."""
    if not raw.is_dir():
        raise UserError(f"{raw.name}: give the folder that holds {' and '.join(SOURCE.filenames)}.")
    calls = _roll_calls(raw / SOURCE.filenames[1])
    votes = pl.read_parquet(raw / SOURCE.filenames[0])
    votes = votes.with_columns(
        pl.col("country", "iso3").cast(pl.String), pl.col("rcid").cast(pl.String)
    )
    votes = votes.with_row_index("row").join(calls, on="rcid", how="left")
    votes = votes.join(_states(votes), on=["country", "iso3", "date"], how="left", nulls_equal=True)
    votes = votes.with_columns(role=pl.col("vote").replace_strict(VOTES, default=None))
    good, report = _account(votes)
    entities = [_entity(row) for row in calls.to_dicts()]
    return Tables.of(entities, _ties(good), (), _coverage(), report)


def _roll_calls(path: Path) -> pl.DataFrame:
    calls = pl.read_csv(path, infer_schema=False).with_columns(pl.all().fill_null(""))
    names = (
        pl.col("issues").str.split("|").list.eval(pl.element().replace_strict(ISSUES, default=""))
    )
    return calls.with_columns(topic=names.list.join("|"))


def _entity(row: dict[str, Any]) -> Entity:
    label = row["short"].capitalize() or f"Roll call {row['rcid']}"
    properties: dict[str, Any] = {"session": int(row["session"]), "date": row["date"]}
    if row["unres"]:
        properties["resolution"] = row["unres"]
    if row["topic"]:
        properties["issue"] = row["topic"].split("|")
    if row["importantvote"] == "1":
        properties["importantVote"] = True
    return Entity(f"roll-call/{row['rcid']}", "roll-call", {"en": label}, properties)


def _states(votes: pl.DataFrame) -> pl.DataFrame:
    """The entity of every (country, iso3, date) that occurs."""
    names = default_resolver()
    keys = votes.select("country", "iso3", "date").unique()

    def entity(country: str, iso3: str | None, date: str) -> str | None:
        if country in _COW_CODES:
            return names.code("cow", _COW_CODES[country], on=date)
        return names.code("iso3", iso3) if iso3 else names.find(country, on=date)

    found = [entity(*row) if row[2] else None for row in keys.iter_rows()]
    return keys.with_columns(entity=pl.Series(found, dtype=pl.String))


def _account(votes: pl.DataFrame) -> tuple[pl.DataFrame, Report]:
    known = pl.col("entity").is_not_null() & pl.col("role").is_not_null()
    bad = votes.filter(~known.fill_null(False))
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
            pl.col("date").alias("start"),
        ),
        kind="vote",
        start_precision="day",
        source=SOURCE.entity,
    )


def _coverage() -> list[Coverage]:
    note = "recorded votes only; an absent state has no row"
    return [Coverage(SOURCE.entity, "vote", "complete", from_year=1946, to_year=2019, note=note)]
