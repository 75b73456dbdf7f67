"""Who recognised Taipei, from what year to what year (spells of recognition, 1912-2023).

Reads country, recognised_roc_from, recognised_roc_until and iso3, which must agree with the name.
Before 1949 the relations were with the Republic of China as the government of China. Years only:
the curated table has the switches of Latin America to the day, and where the two disagree, as on
Mexico, Chile and Ecuador, both stand. A spell without an end was open at the end of 2023.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path

from geoties.graph.model import Coverage, Report, Source, Tables, Tie, short_id
from geoties.graph.names import COUNTRY_KINDS, default_resolver
from geoties.loaders.row_accounts import BadRow, rows_of, usable

SOURCE = Source(
    id="taiwan-recognition-2023",
    title="Spells of diplomatic recognition of Taipei, 1912-2023",
    publisher="unnamed: the list tells no compiler, and none was found",
    url="https://en.wikipedia.org/wiki/Foreign_relations_of_Taiwan",
    licence="facts of public record",
    licence_class="B",
    version="1912-2023",
    retrieved=dt.date(2023, 12, 31),
    citation="Years in which states recognised the Republic of China (Taiwan), 1912-2023, a list "
    "of unnamed origin compiled from public record, used to confirm; compare Foreign relations of "
    "Taiwan, Wikipedia.",
    expects={"ties": (120, 200)},
    filenames=("taiwan_recognition_1913_2023.csv",),
)
TAIWAN = "state/TWN"
FIRST, LAST = 1912, 2023
_COLUMNS = ("country", "recognised_roc_from", "recognised_roc_until", "iso3")
_KINDS = (*COUNTRY_KINDS, "historical-state")


def load(raw: Path) -> Tables:
    """A tie of recognition for each spell."""
    report = Report()
    ties: dict[str, Tie] = {}
    for _, _, tie in usable(rows_of(raw, SOURCE, _COLUMNS), _tie, report):
        report.duplicates += tie.record in ties
        ties.setdefault(tie.record, tie)
    report.loaded = len(ties)
    return Tables.of((), ties.values(), (), [_coverage()], report)


def _tie(row: Mapping[str, str]) -> Tie:
    begin = _year(row, "recognised_roc_from")
    end = _year(row, "recognised_roc_until") if row["recognised_roc_until"] else None
    if end is not None and end < begin:
        raise BadRow("recognised_roc_until", "it ends before it begins")
    who = _who(row, begin)
    return Tie(
        "recognition",
        who,
        TAIWAN,
        SOURCE.entity,
        f"{short_id(who)}-{begin}",
        start=f"{begin}-01-01",
        start_precision="year",
        end=f"{end}-12-31" if end else "",
        end_precision="year" if end else "",
        observed_to="" if end else f"{LAST}-12-31",
        reference=SOURCE.url,
        confidence="medium",
    )


def _year(row: Mapping[str, str], column: str) -> int:
    """A year; the list writes an end as 1972.0."""
    match = re.fullmatch(r"((?:19|20)[0-9]{2})(?:\.0)?", row[column])
    if not match or not FIRST <= int(match[1]) <= LAST:
        raise BadRow(column, f"no year from {FIRST} to {LAST}")
    return int(match[1])


def _who(row: Mapping[str, str], begin: int) -> str:
    """The state of that name in the year in which the spell began."""
    names = default_resolver()
    days = (f"{begin}-12-31", f"{begin}-01-01")
    known = (names.find(row["country"], on=day, kinds=_KINDS) for day in days)
    found = next(filter(None, known), "")
    if not found:
        raise BadRow("country", "no state is certainly called so")
    if row["iso3"] and found.startswith("state/") and found != f"state/{row['iso3']}":
        raise BadRow("iso3", f"the code is not that of {row['country']}")
    return found


def _coverage() -> Coverage:
    note = "years only; other accounts differ on Mexico, Chile and Ecuador"
    return Coverage(
        SOURCE.entity,
        "recognition",
        "partial",
        to_scope=TAIWAN,
        from_year=FIRST,
        to_year=LAST,
        note=note,
    )
