"""The year in which states joined the Belt and Road Initiative by Green FDC's list: a user's file.

Reads the table that `bri_years` reads, of which that loader takes the other list: `iso3` and
`greenfdc_year` are used here. Where the two lists differ, as they do on 41 of 132 states, both
claims stand beside each other and `geoties conflicts BRI` lists them.

The list came without a licence, so nothing of it is shipped: `geoties build --only
greenfdc-bri --from FILE` is the one way in.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from geoties.graph.model import Coverage, Report, Source, Tables, Tie
from geoties.loaders.bri_years import BODY, COLUMNS
from geoties.loaders.curated_rows import BadCell, Cells, collect, filled, read_rows, state_of, year

SOURCE = Source(
    id="greenfdc-bri",
    title="Countries of the Belt and Road Initiative by year (Green Finance & Development Center)",
    publisher="Green Finance & Development Center",
    url="https://greenfdc.org/countries-of-the-belt-and-road-initiative-bri/",
    licence="none given",
    licence_class="C",
    version="the user's file",
    retrieved=dt.date(2021, 12, 31),
    citation="Green Finance & Development Center, Countries of the Belt and Road Initiative.",
    embedded="none",
    filenames=("bri_membership_years.csv",),
)
_FIRST, _LAST = 2013, 2021


def load(raw: Path) -> Tables:
    """Participation from the year of joining; rows without `greenfdc_year` are rejected."""
    report = Report()
    path = raw / SOURCE.filenames[0] if raw.is_dir() else raw
    ties = collect(raw.name, read_rows(path, COLUMNS), _tie, lambda tie: tie.record, report)
    return Tables.of((), ties, (), [_coverage()] if ties else (), report)


def _tie(cells: Cells) -> Tie:
    text = filled(cells, "greenfdc_year")
    if not _FIRST <= year(cells, "greenfdc_year") <= _LAST:
        raise BadCell("greenfdc_year", text, f"not a year from {_FIRST} to {_LAST}")
    return Tie(
        kind="membership",
        from_=state_of(cells, "iso3"),
        to=BODY,
        source=SOURCE.entity,
        record=cells["iso3"],
        role="participant",
        start=f"{text}-01-01",
        start_precision="year",
        observed_to=f"{_LAST}-12-31",
        reference=SOURCE.url,
        confidence="low",
    )


def _coverage() -> Coverage:
    return Coverage(
        SOURCE.entity,
        "membership",
        "partial",
        to_scope=BODY,
        from_year=_FIRST,
        to_year=_LAST,
        note="no exits, nothing after 2021",
    )
