"""Trade agreements and who is in them since when: the Global Governance Observatory's GGO.

Reads the two tables of trade treaties made of GGO (release 1.0 in the R package manytreaties):
the treaties, and the states' dates. A treaty is keyed by its `treatyID` and its title, since ids
repeat. `9999-12-31` means in force when the coders looked, an empty end that they could not tell.

GGO lists states also where a bloc is the party; the bloc then stands for them (`agreement_sides`).
Where it has no rows of states, the sides are taken from a title that names them, if its id agrees.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from geoties.graph.model import Coverage, Rejection, Report, Source, Tables
from geoties.loaders.agreement_matching import FOLDER, describe
from geoties.loaders.agreement_records import AgreementRecord, read_rows, unique
from geoties.loaders.ggo_treaties import OBSERVED_TO, REGISTER_ID, Treaty, Wanting

SOURCE = Source(
    id=REGISTER_ID,
    title="GGO: trade agreements and their parties (manytreaties)",
    publisher="Global Governance Observatory, Geneva Graduate Institute",
    url="https://github.com/globalgov/manytreaties",
    licence="CC-BY-4.0",
    licence_class="A",
    version="1.0",
    retrieved=dt.date(2025, 9, 28),
    citation="Hollway, James, Henrique Sposito and Jael Tan (2025), GGO, in manytreaties: "
    "International Agreements for the many Universe, release 1.0, "
    "https://github.com/globalgov/manytreaties.",
    expects={"ties": (2_000, 8_000), "entities": (400, 1_000)},
    filenames=("trade_agreements_ggo.csv", "trade_agreement_parties_ggo.csv"),
)
_TREATY = ("treatyID", "Title", "Signature", "Force", "End", "TextURL")
_PARTY = ("treatyID", "Title", "stateID", "StateSignature", "StateForce", "StateEnd")
_Key = tuple[str, str]


def load(raw: Path) -> Tables:
    """Treaties, signatories and parties, from the folder (or the first) of the two tables.

    Every row is loaded, a duplicate (a state that its bloc stands for) or rejected.
    """
    report = Report()
    treaties = list(_read(raw, report))
    entities, ties = [], []
    for treaty in treaties:
        said = list(treaty.ties())
        treaty.account(said, report)
        entities.append(describe(treaty.agreement, treaty.as_record()))
        ties += said
    return Tables.of(entities, unique(ties), (), _coverage(), report)


def records(raw: Path) -> list[AgreementRecord]:
    """The treaties, to be recognised in other registers."""
    return [treaty.as_record() for treaty in _read(raw, Report())]


def _read(raw: Path, report: Report) -> Iterator[Treaty]:
    folder = raw if raw.is_dir() else raw.parent
    treaties = read_rows(folder / SOURCE.filenames[0] if raw.is_dir() else raw, _TREATY)
    listed = read_rows(folder / SOURCE.filenames[1], _PARTY)
    report.read += len(treaties) + len(listed)
    states = _by_treaty(treaties, listed, report)
    corrections = _corrections()
    seen: set[_Key] = set()
    for number, row in enumerate(treaties, start=1):
        key = (row["treatyID"], row["Title"])
        if key in seen:
            report.duplicates += 1
            continue
        seen.add(key)
        try:
            yield Treaty(number, row, states.get(key, []), corrections.get(key, {}))
        except (Wanting, ValueError) as problem:
            _refuse(number, row, states.get(key, []), str(problem), report)


def _by_treaty(
    treaties: Sequence[Mapping[str, str]], listed: Sequence[dict[str, str]], report: Report
) -> Mapping[_Key, list[tuple[int, dict[str, str]]]]:
    known = {(row["treatyID"], row["Title"]) for row in treaties}
    states: dict[_Key, list[tuple[int, dict[str, str]]]] = defaultdict(list)
    for number, row in enumerate(listed, start=1):
        key = (row["treatyID"], row["Title"])
        if key in known:
            states[key].append((number, row))
        else:
            reason = "no treaty has this id and title"
            report.rejected.append(Rejection(number, "treatyID", row["treatyID"], reason))
    return states


def _refuse(
    number: int,
    row: Mapping[str, str],
    states: Sequence[tuple[int, Mapping[str, str]]],
    reason: str,
    report: Report,
) -> None:
    report.rejected.append(Rejection(number, "Title", row["Title"], reason))
    for line, _ in states:
        report.rejected.append(Rejection(line, "Title", row["Title"], reason))


def _corrections() -> Mapping[_Key, Mapping[str, str]]:
    """For each treaty, what a `stateID` should be; for "" its parties, or nothing to drop it."""
    rows = read_rows(FOLDER / "ggo_corrections.csv", ["treatyID", "title", "stateID", "correct"])
    found: dict[_Key, dict[str, str]] = defaultdict(dict)
    for row in rows:
        found[row["treatyID"], row["title"]][row["stateID"]] = row["correct"]
    return found


def _coverage() -> list[Coverage]:
    """Neither all agreements nor all dates, and few after 2020."""
    last = int(OBSERVED_TO[:4])
    note = "trade agreements; neither all of them nor every state's dates, and few after 2020"
    return [
        Coverage(SOURCE.entity, kind, "partial", from_year=1947, to_year=last, note=note)
        for kind in ("agreement-party", "signature")
    ]
