"""Sanctions: who held which type against whom, from what year to what year (GSDB, release 3).

Reads case_id, sanctioned_state, sanctioning_state, begin, end, the six types (trade, arms,
military, financial, travel, other) and the two ISO codes, which must agree with the names; what
the trade sanctions cover, the objective, the success and the marks of coalitions are not used.
A case is one tie for each sender, target and type. States are told by name and year: Yugoslavia
in 1991 is not Yugoslavia in 1993, and "South Vietnam" in 2007 can only be Viet Nam. A coalition
is a text of names between commas, and names hold commas too: it is read only where every part
between two commas is exactly a state or a body, and rejected whole otherwise; so are vague ends
("Western countries"). A case coded to the last year, 2022, may have ended in it or not: it is
known to have been in force on that year's first day.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

import polars as pl

from geoties.graph.model import Coverage, Report, Source, Tables, Tie, short_id
from geoties.graph.names import COUNTRY_KINDS, default_resolver
from geoties.loaders.agreement_selection import CHINA, LATIN_AMERICA, latin_americans
from geoties.loaders.row_accounts import BadRow, rows_of, usable

SOURCE = Source(
    id="gsdb-3",
    title="Global Sanctions Data Base, release 3",
    publisher="Felbermayr, Kirilakha, Syropoulos, Yalcin and Yotov (Drexel University and others)",
    url="https://www.globalsanctionsdatabase.com/",
    licence="cite the source",
    licence_class="B",
    version="release 3, 1949-2022",
    retrieved=dt.date(2023, 11, 1),
    citation="Syropoulos, C., Felbermayr, G., Kirilakha, A., Yalcin, E. and Yotov, Y.V. (2024), "
    "The Global Sanctions Data Base - Release 3: COVID-19, Russia, and Multilateral Sanctions, "
    "Review of International Economics 32(1): 12-48.",
    expects={"ties": (600, 6_000)},
    filenames=("sanctions_gsdb_v3_1949_2022.csv",),
)
FIRST, LAST = 1949, 2022
UNITED_STATES = "state/USA"
TYPES = {
    "trade": "trade-sanction",
    "arms": "arms-sanction",
    "military": "military-assistance-sanction",
    "financial": "financial-sanction",
    "travel": "travel-sanction",
    "other": "other-sanction",
}
# The bodies that the cases name, by the entity that each is in the graph.
_BODIES = {
    "African Union": "body/AfricanUnion",
    "Commonwealth": "body/Commonwealth",
    "CSCE": "body/OSCE",
    "ECOWAS": "body/ECOWAS",
    "EEC": "body/EU",
    "EEU": "body/EAEU",
    "EU": "body/EU",
    "G7": "body/G7",
    "G8": "body/G7",
    "League of Arab States": "body/ArabLeague",
    "MERCOSUR": "body/MERCOSUR",
    "NATO": "body/NATO",
    "OIC": "body/OIC",
    "OSCE": "body/OSCE",
    "Organization of American States": "body/OAS",
    "Organization of Eastern Carribean States": "body/OECS",
    "Pacific Islands Forum": "body/PIF",
    "SADC": "body/SADC",
    "UN": "body/UN",
}
# Names that the cases keep for the united state that followed, and since when it has been there.
_FOLLOWED = {
    "South Vietnam": ("1976-07-02", "state/VNM"),
    "Yemen, North": ("1990-05-22", "state/YEM"),
}
_STATES = (*COUNTRY_KINDS, "historical-state")
_ENDS = {"sanctioning_state": "sender_iso3", "sanctioned_state": "target_iso3"}
_COLUMNS = ("case_id", "begin", "end", *TYPES, *_ENDS, *_ENDS.values())


def load(raw: Path) -> Tables:
    """Every case whose senders and targets are certain, a tie for each of them and each type."""
    report = Report()
    cases: dict[str, list[Tie]] = {}
    rows = rows_of(raw, SOURCE, _COLUMNS)
    for _, row, ties in usable(rows, lambda row: list(_ties(row)), report):
        report.duplicates += row["case_id"] in cases
        cases.setdefault(row["case_id"], ties)
    report.loaded = len(cases)
    return Tables.of((), [tie for of in cases.values() for tie in of], (), [_known()], report)


def select(tables: Tables) -> Tables:
    """The sanctions of and against Latin America, China and the United States.

    Facts of public record from a source that asks to be cited: single facts are carried with
    credit, not the data base.
    """
    wanted = [CHINA, UNITED_STATES, *latin_americans()]
    concerned = pl.any_horizontal(pl.col(end).is_in(wanted) for end in ("from", "to"))
    coverage = [
        _known(**{scope: of})
        for of in (CHINA, UNITED_STATES, LATIN_AMERICA)
        for scope in ("from_scope", "to_scope")
    ]
    return Tables.of((), tables.ties.filter(concerned), (), coverage, tables.report)


def _ties(row: Mapping[str, str]) -> Iterator[Tie]:
    begin, end = _year(row, "begin"), _year(row, "end")
    if end < begin:
        raise BadRow("end", "it ends before it begins")
    senders, targets = (_parties(row, column, begin) for column in _ENDS)
    if set(senders) & set(targets):
        raise BadRow("sanctioned_state", "a sender itself")
    over = end < LAST
    for sender, target, role in product(senders, targets, _roles(row)):
        record = [row["case_id"], role.removesuffix("-sanction")]
        record += [short_id(sender)] * (len(senders) > 1) + [short_id(target)] * (len(targets) > 1)
        yield Tie(
            "sanction",
            sender,
            target,
            SOURCE.entity,
            "-".join(record),
            role=role,
            start=f"{begin}-01-01",
            start_precision="year",
            end=f"{end}-12-31" if over else "",
            end_precision="year" if over else "",
            observed_to="" if over else f"{LAST}-01-01",
            reference=SOURCE.url,
        )


def _year(row: Mapping[str, str], column: str) -> int:
    if not re.fullmatch(r"(19|20)\d\d", row[column]) or not FIRST <= int(row[column]) <= LAST:
        raise BadRow(column, f"no year from {FIRST} to {LAST}")
    return int(row[column])


def _roles(row: Mapping[str, str]) -> list[str]:
    if odd := [column for column in TYPES if row[column] not in ("0", "1")]:
        raise BadRow(odd[0], "neither 0 nor 1")
    if not (found := [role for column, role in TYPES.items() if row[column] == "1"]):
        raise BadRow("trade", "no type of sanction is coded")
    return found


def _parties(row: Mapping[str, str], column: str, begin: int) -> list[str]:
    """The states and bodies that a cell names, in the year in which the case began."""
    name = row[column].strip()
    if found := _party(name, begin):
        code = row[_ENDS[column]]
        if code and found.startswith("state/") and found != f"state/{code}":
            raise BadRow(_ENDS[column], f"the code is not that of {name}")
        return [found]
    parties = [_party(part.strip(), begin) for part in name.split(",")]
    if len(parties) == 1:
        raise BadRow(column, "no state or body of the graph is certainly called so")
    if not all(parties) or len(set(parties)) < len(parties):
        raise BadRow(column, "a coalition not all of whose members are certain")
    return parties


def _party(name: str, begin: int) -> str:
    names, days = default_resolver(), (f"{begin}-12-31", f"{begin}-01-01")
    since, state = _FOLLOWED.get(name, ("9999", ""))
    if days[0] >= since:
        return state
    known = filter(None, (names.find(name, on=day, kinds=_STATES) for day in days))
    return _BODIES.get(name) or next(known, "")


def _known(from_scope: str = "", to_scope: str = "") -> Coverage:
    note = "cases whose senders and targets are certain; a few with vague ends are left out"
    return Coverage(
        SOURCE.entity,
        "sanction",
        "partial",
        from_scope=from_scope,
        to_scope=to_scope,
        from_year=FIRST,
        to_year=LAST,
        note=note,
    )
