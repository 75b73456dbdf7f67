"""Members of the World Trade Organization, with the day of membership."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from geoties.graph.model import Coverage, Report, Source, Tables, Tie, parse_date
from geoties.loaders.curated_rows import BadCell, Cells, collect, read_rows, state_of

SOURCE = Source(
    id="wto-members",
    title="Members of the World Trade Organization",
    publisher="World Trade Organization",
    url="https://www.wto.org/english/thewto_e/whatis_e/tif_e/org6_e.htm",
    licence="WTO; single facts, with acknowledgement",
    licence_class="B",
    version="166 members, 2024-08-30",
    retrieved=dt.date(2026, 2, 1),
    citation="World Trade Organization, Members and Observers, wto.org.",
    expects={"ties": (160, 200)},
    filenames=("wto_members.csv",),
)
BODY = "body/WTO"
# `is_original_member` follows from the date and is not used.
_COLUMNS = ["iso3", "country_name", "accession_date", "is_original_member"]
_BLOCS = {"European Union": "body/EU"}


def load(raw: Path) -> Tables:
    """Membership of states, customs territories and the European Union, precise to the day."""
    report = Report()
    rows = read_rows(raw, _COLUMNS)
    ties = collect(raw.name, rows, _tie, lambda tie: tie.record, report)
    return Tables.of((), ties, (), [_coverage()], report)


def _tie(cells: Cells) -> Tie:
    member = _BLOCS.get(cells["country_name"]) if not cells["iso3"] else ""
    return Tie(
        kind="membership",
        from_=member or state_of(cells, "iso3"),
        to=BODY,
        source=SOURCE.entity,
        record=cells["iso3"] or cells["country_name"],
        role="member",
        start=_day(cells),
        start_precision="day",
        observed_to=SOURCE.retrieved.isoformat(),
        reference=SOURCE.url,
    )


def _day(cells: Cells) -> str:
    text = cells["accession_date"]
    try:
        found = parse_date(text)
    except ValueError as problem:
        raise BadCell("accession_date", text, str(problem)) from None
    if found.precision != "day" or text < "1995-01-01":
        raise BadCell("accession_date", text, "not a day since 1995-01-01")
    return found.first


def _coverage() -> Coverage:
    return Coverage(
        SOURCE.entity,
        "membership",
        "complete",
        to_scope=BODY,
        from_year=1995,
        to_year=SOURCE.retrieved.year,
    )
