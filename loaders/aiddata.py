"""Projects that China finances, with their sector, status, years and amount (AidData GCDF 3.0).

Reads record_id, recipient_iso3, commitment_year, start_year, completion_year, status, sector,
infrastructure, amount_const_usd2021 and title of the geolocated projects; every column is used.
AidData counts as China its government, policy and state-owned banks and state-owned companies.
Projects without a place are not in the release, so cash and budget loans are not: the oil-backed
credit lines to Venezuela and Ecuador above all. An amount that is not reported is unknown.

AidData's sector is broad; narrower ones (ports, rail, power, renewable energy, telecoms …) are
recognised by the words of the title, as `data/project_sectors` says. The topic of a tie is all of
them, AidData's first, separated by `|`.
"""

from __future__ import annotations

import csv
import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from geoties.graph.model import Coverage, Entity, Rejection, Report, Source, Tables, UserError
from geoties.graph.names import default_resolver

SOURCE = Source(
    id="aiddata-gcdf-3",
    title="AidData's Geospatial Global Chinese Development Finance Dataset, version 3.0",
    publisher="AidData, William & Mary",
    url="https://github.com/aiddata/gcdf-geospatial-data",
    licence="ODC-By-1.0",
    licence_class="A",
    version="3.0, commitments 2000-2021",
    retrieved=dt.date(2023, 11, 6),
    citation="Custer, S., Dreher, A., Elston, T.B., Escobar, B., Fedorochko, R., Fuchs, A., "
    "Ghose, S., Lin, J., Malik, A., Parks, B.C., Solomon, K., Strange, A., Tierney, M.J., "
    "Vlasto, L., Walsh, K., Wang, F., Zaleski, L. and Zhang, S. (2023), Tracking Chinese "
    "Development Finance: An Application of AidData's TUFF 3.0 Methodology, AidData; Goodman, S., "
    "Zhang, S., Malik, A.A., Parks, B.C. and Hall, J. (2024), AidData's Geospatial Global Chinese "
    "Development Finance Dataset, Scientific Data 11, 529.",
    expects={"ties": (9_000, 25_000), "entities": (9_000, 25_000)},
    filenames=("aiddata_gcdf3_geolocated_projects.csv",),
)
FINANCIER = "state/CHN"
_COLUMNS = [
    "record_id",
    "recipient_iso3",
    "commitment_year",
    "start_year",
    "completion_year",
    "status",
    "sector",
    "infrastructure",
    "amount_const_usd2021",
    "title",
]
_RULES = Path(__file__).parent / "data" / "project_sectors" / "rules.csv"
# Names that are not what they say.
_NAMES = (
    r"(?i)China Harbou?r(?: Engineering)?|(?:Laos-)?China Rail(?:way)?\b[^,]*?"
    r"(?:Group|Bureau|Corporation|Company|Engineering|Co\.|Ltd\.?)|China Road (?:and|&) Bridge"
    r"|China Merchants Port|Port[- ](?:Moresby|Vila|Louis|Loko|of Spain|Sudan|au-Prince|Gentil"
    r"|Harcourt|Said)|Belt and Road|One Belt,? One Road"
)
_YEAR = r"^(19|20)\d\d$"


def load(raw: Path) -> Tables:
    """Projects as entities, and one tie from China to the recipient through each."""
    rows = _read(raw)
    bad = rows.filter(pl.col("problem") != "")
    good = rows.filter(pl.col("problem") == "").unique(
        ["record_id"], keep="first", maintain_order=True
    )
    rejected = [_rejection(row) for row in bad.to_dicts()]
    report = Report(rows.height, good.height, rows.height - bad.height - good.height, rejected)
    entities = [_entity(row) for row in good.to_dicts()]
    return Tables.of(entities, _ties(good), (), _coverage(good), report)


def _rejection(row: dict[str, Any]) -> Rejection:
    column, _, reason = row["problem"].partition(": ")
    return Rejection(row["row"], column, row[column], reason)


def _read(raw: Path) -> pl.DataFrame:
    rows = pl.read_csv(raw, infer_schema=False).with_row_index("row", offset=2)
    if rows.columns[1:] != _COLUMNS:
        raise UserError(f"{raw.name}: the columns should be {', '.join(_COLUMNS)}.")
    names = default_resolver()
    known = {code: names.code("iso3", code or "") for code in rows["recipient_iso3"].unique()}
    rows = rows.with_columns(
        pl.col(_COLUMNS).fill_null("").str.strip_chars(),
        recipient=pl.col("recipient_iso3").replace_strict(known, return_dtype=pl.String),
    )
    return rows.with_columns(problem=_problem(), topic=_topic())


def _problem() -> pl.Expr:
    """The first thing wrong with a row, as column and reason; empty where nothing is."""
    amount = pl.col("amount_const_usd2021")
    years = ("start_year", "completion_year")
    wrong = {
        "record_id: no key": pl.col("record_id") == "",
        "recipient_iso3: no single recipient state": pl.col("recipient").is_null(),
        "commitment_year: no year": ~pl.col("commitment_year").str.contains(_YEAR),
        "amount_const_usd2021: no amount of zero or more": (amount != "")
        & ~(amount.cast(pl.Float64, strict=False) >= 0).fill_null(False),
        "infrastructure: neither Yes nor No": ~pl.col("infrastructure").is_in(["Yes", "No"]),
    } | {f"{name}: no year": ~pl.col(name).str.contains(_YEAR + "|^$") for name in years}
    told = pl.lit("")
    for reason, is_wrong in reversed(wrong.items()):
        told = pl.when(is_wrong).then(pl.lit(reason)).otherwise(told)
    return told


@cache
def _rules() -> tuple[tuple[str, tuple[str, ...], str, str], ...]:
    with _RULES.open(encoding="utf-8", newline="") as stream:
        return tuple(
            (row["sector"], tuple(row["source_sectors"].split("|")), row["words"], row["except"])
            for row in csv.DictReader(stream)
        )


def _topic() -> pl.Expr:
    """AidData's sector and those that the title's words tell, separated by `|`."""
    parts = [pl.col("sector").str.to_lowercase()]
    for name in dict.fromkeys(rule[0] for rule in _rules()):
        found = pl.any_horizontal([_tells(*rule[1:]) for rule in _rules() if rule[0] == name])
        parts.append(pl.when(found).then(pl.lit(name)))
    return pl.concat_str(parts, separator="|", ignore_nulls=True)


def _tells(sectors: tuple[str, ...], words: str, exceptions: str) -> pl.Expr:
    title = pl.col("title").str.replace_all(_NAMES, " ")
    if exceptions:
        title = title.str.replace_all(rf"(?i)\b(?:{exceptions})\b", " ")
    return pl.col("sector").is_in(list(sectors)) & title.str.contains(rf"(?i)\b(?:{words})\b")


def _entity(row: dict[str, Any]) -> Entity:
    properties: dict[str, Any] = {
        "sector": row["sector"],
        "status": row["status"],
        "infrastructure": row["infrastructure"] == "Yes",
        "hostedBy": row["recipient"],
        "commitmentYear": int(row["commitment_year"]),
    }
    for column, name in (("start_year", "startYear"), ("completion_year", "completionYear")):
        if row[column]:
            properties[name] = int(row[column])
    if row["amount_const_usd2021"]:
        properties["amount"] = float(row["amount_const_usd2021"])
    label = {"en": row["title"]}
    return Entity(f"project/aiddata-{row['record_id']}", "project", label, properties)


def _ties(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        pl.lit("project-finance").alias("kind"),
        pl.lit(FINANCIER).alias("from"),
        pl.col("recipient").alias("to"),
        pl.concat_str(pl.lit("project/aiddata-"), "record_id").alias("via"),
        "topic",
        pl.col("commitment_year").cast(pl.Int32).alias("year"),
        pl.col("amount_const_usd2021").cast(pl.Float64, strict=False).alias("value"),
        pl.lit("USD 2021").alias("unit"),
        pl.lit(SOURCE.entity).alias("source"),
        pl.col("record_id").alias("record"),
    )


def _coverage(rows: pl.DataFrame) -> list[Coverage]:
    years = rows["commitment_year"].cast(pl.Int32)
    return [
        Coverage(
            SOURCE.entity,
            "project-finance",
            "partial",
            from_scope=FINANCIER,
            from_year=2000,
            to_year=2021 if rows.is_empty() else max(2021, int(str(years.max()))),
            note="geolocated projects only: cash and budget loans are not in it, so the credit "
            "lines to Venezuela and Ecuador are missing; amounts are commitments, and two in five "
            "are not reported",
        )
    ]
