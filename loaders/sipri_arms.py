"""Arms transfers in trend-indicator values (SIPRI). A user brings the file; none of it is shipped.

Reads supplier, recipient, year and value (million TIV); ISO codes beside them are not used, for
they give the Soviet Union's transfers to Russia. TIV measures the military resource transferred,
not what was paid. States are told by name and year; "Congo", SIPRI's Republic of the Congo, and
"Viet Nam", before 1976 the North, by code and year. Rebel groups, which SIPRI marks with *, and
unknown parties are rejected.

SIPRI's terms allow non-commercial use of a small part with attribution, so `geoties build --only
sipri-arms --from FILE` is the one way in.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path

from geoties.graph.model import Coverage, Report, Source, Tables, Tie, short_id
from geoties.graph.names import COUNTRY_KINDS, default_resolver
from geoties.loaders.row_accounts import BadRow, each_once, rows_of, usable

SOURCE = Source(
    id="sipri-arms",
    title="SIPRI Arms Transfers Database, trend-indicator values",
    publisher="Stockholm International Peace Research Institute",
    url="https://www.sipri.org/databases/armstransfers",
    licence="SIPRI terms: non-commercial, less than 10 per cent, attribution",
    licence_class="C",
    version="the user's file",
    retrieved=dt.date(2022, 3, 14),
    citation="Stockholm International Peace Research Institute, SIPRI Arms Transfers Database.",
    embedded="none",
    filenames=("arms_transfers_sipri_tiv.csv",),
)
_COLUMNS = ("supplier", "recipient", "year", "value")
_KINDS = (*COUNTRY_KINDS, "historical-state")
_TOLD_BY_CODE = {"Congo": "COG", "Viet Nam": "VNM"}
# Bodies, which SIPRI marks with two asterisks.
_BODIES = {
    "African Union": "body/AfricanUnion",
    "NATO": "body/NATO",
    "OSCE": "body/OSCE",
    "United Nations": "body/UN",
}


def load(raw: Path) -> Tables:
    """A yearly tie from supplier to recipient for each row, in million TIV."""
    report = Report()
    found = usable(rows_of(raw, SOURCE, _COLUMNS), _tie, report)
    told = "another value for the same pair and year"
    ties = each_once(found, lambda tie: tie.record, report, "value", told)
    return Tables.of((), ties.values(), (), _coverage(list(ties.values())), report)


def _tie(row: Mapping[str, str]) -> Tie:
    if not re.fullmatch(r"(19|20)[0-9]{2}", row["year"]):
        raise BadRow("year", "no year")
    year = int(row["year"])
    supplier, recipient = _party(row, "supplier", year), _party(row, "recipient", year)
    if supplier == recipient:
        raise BadRow("recipient", "the supplier itself")
    return Tie(
        "arms-transfer",
        supplier,
        recipient,
        SOURCE.entity,
        f"{short_id(supplier)}-{short_id(recipient)}-{year}",
        year=year,
        value=_value(row["value"]),
        unit="million TIV",
    )


def _value(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]+)?", text):
        raise BadRow("value", "no number of zero or more")
    return float(text)


def _party(row: Mapping[str, str], column: str, year: int) -> str:
    """The state or body that a name means in a year, or its code where the name is not certain."""
    name = row[column].strip()
    if name.endswith("*") or name.startswith("Unknown"):
        if body := _BODIES.get(name.removesuffix("**")):
            return body
        raise BadRow(column, "neither a state nor a body of the graph")
    names, days = default_resolver(), (f"{year}-12-31", f"{year}-01-01")
    found = [names.find(name, on=day, kinds=_KINDS) for day in days]
    found += [names.code("iso3", _TOLD_BY_CODE.get(name, ""), on=day) for day in days]
    if party := next(filter(None, found), ""):
        return party
    raise BadRow(column, "no state is certainly called so in that year")


def _coverage(ties: list[Tie]) -> list[Coverage]:
    if not ties:
        return []
    years = [tie.year for tie in ties if tie.year]
    note = "major arms only; transfers to and from rebel groups and unknown parties are left out"
    return [
        Coverage(
            SOURCE.entity,
            "arms-transfer",
            "partial",
            from_year=min(years),
            to_year=max(years),
            note=note,
        )
    ]
