"""Military alliances, who was bound by them from when to when, and to what (ATOP 5.1).

Reads ATOP's member-level table: one row for each member and phase of an alliance, with the dates
of entry and exit and the obligations. A member's tie has the strongest of them for its role:
defence, offence, neutrality, non-aggression, consultation. A zero in a date means unknown; an
alliance in effect is known until the end of 2018. ATOP numbers alliances and does not name them:
the label tells the members, or the name that `alliance_names.csv` gives.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from geoties.graph.model import (
    Coverage,
    Entity,
    Period,
    Report,
    Source,
    Tables,
    Tie,
    parse_date,
)
from geoties.loaders.agreement_matching import FOLDER
from geoties.loaders.agreement_records import called, read_rows
from geoties.loaders.agreement_selection import CHINA, concerning, latin_americans
from geoties.loaders.row_accounts import BadRow, rows_of, usable

SOURCE = Source(
    id="atop-5.1",
    title="Alliance Treaty Obligations and Provisions (ATOP) 5.1",
    publisher="Brett Ashley Leeds and others, Rice University",
    url="http://www.atopdata.org/",
    licence="cite the source",
    licence_class="B",
    version="5.1",
    retrieved=dt.date(2022, 7, 1),
    citation="Leeds, Brett Ashley, Jeffrey Ritter, Sara McLaughlin Mitchell and Andrew Long (2002),"
    " Alliance Treaty Obligations and Provisions, 1815-1944, International Interactions 28: "
    "237-260; version 5.1.",
    expects={"ties": (300, 3_000), "entities": (50, 900)},
    filenames=("alliance_members_atop51.csv",),
)
OBSERVED_TO = "2018-12-31"
_DATES = ("yrent", "moent", "dayent", "yrexit", "moexit", "dayexit")
_OBLIGATIONS = {
    "defense": "defence-obligation",
    "offense": "offence-obligation",
    "neutral": "neutrality-obligation",
    "nonagg": "non-aggression-obligation",
    "consul": "consultation-obligation",
}


_COLUMNS = ("atopid", "member", "phase", *_DATES, *_OBLIGATIONS)


def select(tables: Tables) -> Tables:
    """The alliances of Latin America and of the two poles, China and the United States."""
    return concerning(tables, [CHINA, "state/USA", *latin_americans()])


def load(raw: Path) -> Tables:
    """Alliances and their members, from ATOP's member-level table.

    Rows of states that the graph does not know, without an obligation or with an exit before the
    entry are rejected; a row that says again what another says is a duplicate.
    """
    report = Report()
    ties: dict[str, Tie] = {}
    for _, _, tie in usable(rows_of(raw, SOURCE, _COLUMNS), _tie, report):
        report.duplicates += tie.record in ties
        report.loaded += tie.record not in ties
        ties.setdefault(tie.record, tie)
    return Tables.of(_alliances(ties.values()), ties.values(), (), _coverage(), report)


def _tie(row: Mapping[str, str]) -> Tie:
    start, end = _day(row, "ent"), _day(row, "exit")
    if start is None:
        raise BadRow("yrent", "the year of entry is unknown")
    if end and end.last < start.first:
        raise BadRow("yrexit", "it ends before it begins")
    return Tie(
        "alliance",
        _member(row["member"], start),
        f"agreement/atop-{row['atopid']}",
        SOURCE.entity,
        f"{row['atopid']}-{row['phase']}-{row['member']}-{start.first}",
        role=_strongest(row),
        start=start.first,
        start_precision=start.precision,
        end=end.last if end else "",
        end_precision=end.precision if end else "",
        observed_to="" if end else OBSERVED_TO,
        reference=SOURCE.url,
        confidence="high",
    )


def _strongest(row: Mapping[str, str]) -> str:
    for column, role in _OBLIGATIONS.items():
        if row[column] == "1":
            return role
    raise BadRow("defense", "no obligation is coded")


def _day(row: Mapping[str, str], event: str) -> Period | None:
    """A date of which year, month or day may be unknown; none for what has not happened.

    >>> _day({"yrent": "1947", "moent": "9", "dayent": "0"}, "ent")
    Period(first='1947-09-01', last='1947-09-30', precision='month')
    """
    try:
        year, month, day = (int(float(row[part + event] or 0)) for part in ("yr", "mo", "day"))
        parts = [f"{year:04}"] + [
            f"{part:02}" for part in (month, day)[: (month > 0) * (1 + (day > 0))]
        ]
        return parse_date("-".join(parts)) if year else None
    except (ValueError, OverflowError) as problem:
        raise BadRow(f"yr{event}", str(problem)) from None


def _member(code: str, start: Period) -> str:
    from geoties.graph.names import default_resolver

    if who := default_resolver().code("cow", code, start.last):
        return who
    raise BadRow("member", "no state of the graph has this code")


def _alliances(ties: Iterable[Tie]) -> Iterator[Entity]:
    names = {row["record"]: row["label"] for row in read_rows(FOLDER / "alliance_names.csv", ())}
    members: dict[str, dict[str, str]] = defaultdict(dict)
    for tie in ties:
        members[tie.to].setdefault(tie.from_, tie.start)
    for alliance, states in sorted(members.items()):
        number = alliance.rpartition("-")[2]
        label = names.get(number) or _label(number, states)
        yield Entity(alliance, "agreement", {"en": label}, {"agreementType": "alliance"})


def _label(number: str, states: Mapping[str, str]) -> str:
    """What an alliance without a name is called: after its members and the year it began.

    >>> _label("3445", {"state/CHN": "1961-07-11", "state/PRK": "1961-07-11"})
    'Pact of China and North Korea (1961, ATOP 3445)'
    """
    names = sorted(called(state) for state in states)
    told = " and ".join(names) if len(names) < 3 else f"{len(names)} states, {names[0]} among them"
    return f"Pact of {told} ({min(states.values())[:4]}, ATOP {number})"


def _coverage() -> list[Coverage]:
    """All alliances from 1815 to 2018, of the states that the package carries."""
    note = "alliances with an obligation; after 2018 nothing is known"
    return [
        Coverage(SOURCE.entity, "alliance", "complete", from_scope=scope, from_year=1815,
                 to_year=2018, note=note)
        for scope in ("region/419", CHINA, "state/USA")
    ]  # fmt: skip
