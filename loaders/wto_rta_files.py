"""Reading the WTO's register of trade agreements: its own export, or the two tables made of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from geoties.graph.model import Rejection, Report, parse_date
from geoties.loaders.agreement_records import iso_date, party, read_rows

NOT_YET = "not_yet"
TABLES = ("trade_agreements_wto_rta.csv", "trade_agreement_parties_wto_rta.csv")
_DATES = ("signed_goods", "signed_services", "in_force_goods", "in_force_services", "inactive")
_AGREEMENT = ("rta_id", "name", "type", "status", "accession", *_DATES)
_PARTY = ("rta_id", "party", "original", "current", "party_entry", "party_exit")
_EXPORT = {
    "rta_id": "RTA ID",
    "name": "RTA Name",
    "type": "Type",
    "status": "Status",
    "accession": "Accession?",
    "signed_goods": "Date of Signature (G)",
    "signed_services": "Date of Signature (S)",
    "in_force_goods": "Date of Entry into Force (G)",
    "in_force_services": "Date of Entry into Force (S)",
    "inactive": "Inactive Date",
}
_EXPORT_PARTIES = ("Current signatories", "Original signatories", "Specific Entry/Exit dates")


@dataclass(frozen=True)
class Listed:
    """A party as a record lists it; `entry` and `exit` only where they differ from the rest."""

    row: int
    id: str
    original: bool
    current: bool
    entry: str = ""
    exit: str = ""


@dataclass(frozen=True)
class RtaRecord:
    """One record of the register, its dates in ISO text."""

    row: int
    id: str
    name: str
    type: str
    status: str
    accession: bool
    signed: tuple[str, ...]
    in_force: tuple[str, ...]
    inactive: str
    parties: tuple[Listed, ...]

    @property
    def negotiated(self) -> bool:
        """Whether the agreement is only announced and has not been signed."""
        return self.status.startswith("Early announcement") and not (self.signed or self.in_force)

    @property
    def first_signed(self) -> str:
        """The day on which its first part was signed."""
        return min(self.signed, default="")

    @property
    def first_in_force(self) -> str:
        """The day on which its first part entered into force."""
        return min(self.in_force, default="")


def read_register(raw: Path, report: Report) -> list[RtaRecord]:
    """All records of the register; rows that cannot be used are told in `report`.

    `raw` is the export's sheet `AllRTAs` as CSV, or the folder (or the first) of the two tables.
    """
    folder = raw if raw.is_dir() else raw.parent
    first = folder / TABLES[0] if raw.is_dir() and (folder / TABLES[0]).exists() else raw
    if raw.is_dir() and first is raw:
        first = next(iter(sorted(raw.glob("*.csv"))), folder / TABLES[0])
    header = read_rows(first, ())[:1]
    if header and "RTA ID" in header[0]:
        agreements, listed = _read_export(first)
    else:
        agreements = read_rows(first, _AGREEMENT)
        listed = read_rows(folder / TABLES[1], _PARTY)
    report.read += len(agreements) + len(listed)
    return list(_records(agreements, listed, report))


def _read_export(path: Path) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    rows = read_rows(path, [*_EXPORT.values(), *_EXPORT_PARTIES])
    agreements = [{ours: row[theirs] for ours, theirs in _EXPORT.items()} for row in rows]
    listed = [entry for row in rows for entry in _export_parties(row)]
    return agreements, listed


def _export_parties(row: Mapping[str, str]) -> Iterator[dict[str, str]]:
    current, original = (_names(row[column]) for column in _EXPORT_PARTIES[:2])
    dates = _specific_dates(row[_EXPORT_PARTIES[2]])
    for name in dict.fromkeys([*current, *original, *dates]):
        entry, exit_ = dates.get(name, ("", ""))
        yield {
            "rta_id": row["RTA ID"],
            "party": name,
            "original": str(name in original),
            "current": str(name in current),
            "party_entry": entry,
            "party_exit": exit_,
        }


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(";") if name.strip()]


def _specific_dates(text: str) -> dict[str, tuple[str, str]]:
    """`Chile(21-Feb-2023 - ); Canada(01-Jan-9999 - )` as entry and exit by party.

    >>> _specific_dates("Chile(21-Feb-2023 - ); Canada(01-Jan-9999 - )")
    {'Chile': ('21-Feb-2023', ''), 'Canada': ('not_yet', '')}
    """
    found = re.findall(r"([^;]+?)\(\s*([\w-]*)\s+-\s*([\w-]*)\s*\)", text)
    return {
        name.strip(): (NOT_YET if entry.endswith("-9999") else entry, exit_)
        for name, entry, exit_ in found
    }


def _records(
    agreements: list[dict[str, str]], listed: list[dict[str, str]], report: Report
) -> Iterator[RtaRecord]:
    parties = defaultdict(list)
    signed = {row["rta_id"]: row["signed_goods"] or row["signed_services"] for row in agreements}
    for number, row in enumerate(listed, start=1):
        if row["rta_id"] not in signed:
            report.rejected.append(
                Rejection(number, "rta_id", row["rta_id"], "no agreement has this number")
            )
        elif one := _listed(number, row, signed[row["rta_id"]], report):
            parties[row["rta_id"]].append(one)
    for number, row in enumerate(agreements, start=1):
        if record := _record(number, row, parties[row["rta_id"]], report):
            yield record


def _listed(number: int, row: Mapping[str, str], on: str, report: Report) -> Listed | None:
    who = party(row["party"], on)
    if who is None:
        report.rejected.append(Rejection(number, "party", row["party"], "no party is called so"))
        return None
    entry, exit_ = row["party_entry"].strip(), row["party_exit"].strip()
    try:
        entry = entry if entry == NOT_YET else _day(entry)
        exit_ = _day(exit_)
    except ValueError as problem:
        report.rejected.append(Rejection(number, "party_entry", entry or exit_, str(problem)))
        return None
    return Listed(number, who, row["original"] == "True", row["current"] == "True", entry, exit_)


def _day(text: str) -> str:
    day = iso_date(text)
    return parse_date(day).first if day else ""


def _record(
    number: int, row: Mapping[str, str], parties: Iterable[Listed], report: Report
) -> RtaRecord | None:
    try:
        dates = {column: _day(row[column]) for column in _DATES}
    except ValueError as problem:
        report.rejected.append(Rejection(number, "date", row["name"], str(problem)))
        report.rejected += [
            Rejection(one.row, "rta_id", row["rta_id"], "its agreement could not be read")
            for one in parties
        ]
        return None
    return RtaRecord(
        number,
        row["rta_id"],
        row["name"].strip(),
        row["type"],
        row["status"].strip(),
        row["accession"].strip() == "Yes",
        tuple(day for column in _DATES[:2] if (day := dates[column])),
        tuple(day for column in _DATES[2:4] if (day := dates[column])),
        dates["inactive"],
        tuple(parties),
    )
