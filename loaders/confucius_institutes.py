"""Confucius Institutes of the world in 2022. A user brings the file; none of it is shipped.

Reads the list that circulates without publisher or licence: id, name, day of establishment,
status and ISO code of the country. Its `status` says only whether a web site answered: one that is
`Open` was seen until the list was made, of the others no more is known than the day of their
establishment, and a row without either is rejected. Cities, host universities and places are not
used.

`geoties build --only confucius-2022 --from FILE` is the one way in.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path

from geoties.graph.model import Coverage, Report, Source, Tables, Tie, parse_date
from geoties.graph.names import default_resolver
from geoties.loaders.row_accounts import BadRow, each_once, rows_of, usable

SOURCE = Source(
    id="confucius-2022",
    title="Confucius Institutes by country, 2022",
    publisher="unnamed: the list tells no compiler",
    url="https://en.wikipedia.org/wiki/Confucius_Institute",
    licence="none given",
    licence_class="C",
    version="the user's file",
    retrieved=dt.date(2022, 12, 31),
    citation="Confucius Institutes by country, 2022, a list of unnamed origin.",
    embedded="none",
    filenames=("confucius_institutes_2022.csv",),
)
_COLUMNS = ("id", "confucius_institute", "date_est", "status", "iso3")
_CHINA = "state/CHN"


def load(raw: Path) -> Tables:
    """A tie from China to the country of each institute, since its day where that is known."""
    report = Report()
    found = usable(rows_of(raw, SOURCE, _COLUMNS), _tie, report)
    told = "another institute has this id"
    ties = each_once(found, lambda tie: tie.record, report, "id", told)
    coverage = [_coverage()] if ties else []
    return Tables.of((), ties.values(), (), coverage, report)


def _tie(row: Mapping[str, str]) -> Tie:
    if not re.fullmatch("[0-9]{1,6}", row["id"], re.ASCII):
        raise BadRow("id", "not a number")
    if not (name := " ".join(row["confucius_institute"].split())):
        raise BadRow("confucius_institute", "must not be empty")
    start = _start(row["date_est"])
    seen = SOURCE.retrieved.isoformat() if row["status"] == "Open" else start
    if not seen:
        raise BadRow("date_est", "neither a day nor an open institute tells when it existed")
    host = default_resolver().code("iso3", row["iso3"])
    if not host or host == _CHINA:
        raise BadRow("iso3", "not an ISO 3166 code of another state or territory")
    return Tie(
        "culture-education",
        _CHINA,
        host,
        SOURCE.entity,
        row["id"],
        role="confucius-institute",
        topic=name,
        start=start,
        start_precision="day" if start else "",
        observed_to=seen,
        confidence="low",
    )


def _start(text: str) -> str:
    if not text:
        return ""
    try:
        day = parse_date(text)
    except ValueError as problem:
        raise BadRow("date_est", str(problem)) from None
    if day.precision != "day" or not "2004" <= day.first <= SOURCE.retrieved.isoformat():
        raise BadRow("date_est", "not a day from 2004, when the first was founded, to 2022")
    return day.first


def _coverage() -> Coverage:
    last = SOURCE.retrieved.year
    note = "Confucius Institutes of a list of 2022; what was closed or opened since is unknown"
    return Coverage(
        SOURCE.entity,
        "culture-education",
        "partial",
        from_scope=_CHINA,
        from_year=2004,
        to_year=last,
        note=note,
    )
