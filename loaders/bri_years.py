"""The year in which states joined the Belt and Road Initiative, to 2021 (Liu, Pang & Vreeland).

The file also carries a second list, in `greenfdc_year`, whose licence does not allow its use
here: the column is ignored; `bri_greenfdc` reads a user's own copy.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from geoties.graph.model import Coverage, Report, Source, Tables, Tie
from geoties.loaders.curated_rows import BadCell, Cells, collect, filled, read_rows, state_of, year

SOURCE = Source(
    id="lpv-bri",
    title="Belt and Road membership by year (Liu, Pang and Vreeland)",
    publisher="Harvard Dataverse",
    url="https://doi.org/10.7910/DVN/MWAPWV",
    licence="CC0-1.0",
    licence_class="A",
    version="2021",
    retrieved=dt.date(2021, 12, 31),
    citation="Liu, Pang and Vreeland, replication data on Belt and Road membership, Harvard "
    "Dataverse, doi:10.7910/DVN/MWAPWV.",
    expects={"ties": (100, 200)},
    filenames=("bri_membership_years.csv",),
)
BODY = "body/BRI"
COLUMNS = ["iso3", "name", "lpv_year", "greenfdc_year", "agree"]
_OBSERVED_TO = "2021-12-31"


def load(raw: Path) -> Tables:
    """Participation in the initiative from the year of joining, precise to the year.

    Rows without `lpv_year` are in the other list only: they are rejected with that reason.
    """
    report = Report()
    rows = read_rows(raw, COLUMNS)
    ties = collect(raw.name, rows, _tie, lambda tie: tie.record, report)
    return Tables.of((), ties, (), [_coverage()], report)


def _tie(cells: Cells) -> Tie:
    state = state_of(cells, "iso3")
    start = f"{_year(cells)}-01-01"
    return Tie(
        kind="membership",
        from_=state,
        to=BODY,
        source=SOURCE.entity,
        record=cells["iso3"],
        role="participant",
        start=start,
        start_precision="year",
        observed_to=_OBSERVED_TO,
        reference=SOURCE.url,
    )


def _year(cells: Cells) -> str:
    text = filled(cells, "lpv_year")
    if not 2013 <= year(cells, "lpv_year") <= 2021:
        raise BadCell("lpv_year", text, "not a year from 2013 to 2021")
    return text


def _coverage() -> Coverage:
    return Coverage(
        SOURCE.entity,
        "membership",
        "partial",
        to_scope=BODY,
        from_year=2013,
        to_year=2021,
        note="no exits, nothing after 2021; China itself is not in the list",
    )
