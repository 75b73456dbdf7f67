"""Regional trade agreements notified to the WTO: parties, dates, entry and exit (RTA-IS).

Reads the WTO's own export (`AllRTAs`, its first sheet saved as CSV) and the two tables that the
embedded facts are made of. Names, parties and dates are read; remarks, regions and the WTO's
consideration of an agreement are not. The register knows only notified agreements: RCEP is not
among them.

An accession is a protocol that amends its parent: those who accede become parties to the parent.
The dates of a bloc's members that the register gives one by one become ties that say between
whom the agreement was not yet in force.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from geoties.graph.model import Coverage, Report, Source, Tables
from geoties.loaders.agreement_matching import FOLDER, describe
from geoties.loaders.agreement_records import (
    AgreementRecord,
    Register,
    bloc_tables,
    read_rows,
    unique,
)
from geoties.loaders.agreement_selection import concerning_latin_america_or_china
from geoties.loaders.wto_rta_claims import Accession, Claims, Details, Reviewed
from geoties.loaders.wto_rta_files import TABLES, read_register

SOURCE = Source(
    id="wto-rta-2026-02",
    title="WTO Regional Trade Agreements Information System (RTA-IS)",
    publisher="World Trade Organization",
    url="https://rtais.wto.org/",
    licence="WTO terms: acknowledge the source",
    licence_class="B",
    version="export of 2026-02-01",
    retrieved=dt.date(2026, 2, 1),
    citation="World Trade Organization, Regional Trade Agreements Information System (RTA-IS), "
    "https://rtais.wto.org/, export of 2026-02-01.",
    expects={"ties": (600, 12_000), "entities": (80, 1_500)},
    filenames=TABLES,
)
REGISTER = Register(SOURCE.entity, SOURCE.retrieved.isoformat())

select = concerning_latin_america_or_china


def load(raw: Path) -> Tables:
    """Agreements, their parties and signatories, from the WTO's export or the two tables.

    `raw` is `AllRTAs` as CSV, or the folder or the first file of the tables. Every row is
    loaded, a duplicate (a member that a bloc stands for) or rejected with a reason.
    """
    report = Report()
    entities, ties = bloc_tables("body/SACU", SOURCE.entity)
    for claims in _claims(raw, report):
        if claims.record.negotiated:
            report.rejected += claims.refuse("under negotiation: nobody is bound by it")
            continue
        said = list(claims.ties())
        claims.account(said, report)
        entities.append(describe(claims.agreement, claims.as_record()))
        ties += said
    return Tables.of(entities, unique(ties), (), _coverage(), report)


def records(raw: Path) -> list[AgreementRecord]:
    """The agreements of the register, to be recognised in other registers."""
    return [one.as_record() for one in _claims(raw, Report()) if not one.record.negotiated]


def _claims(raw: Path, report: Report) -> list[Claims]:
    """The claims of all records; a parent's come before those of its accessions."""
    found = read_register(raw, report)
    since = {record.id: record.first_in_force for record in found}
    accessions = _accessions(since)
    joined = {
        (one.parent, state): (one.record, since[one.record])
        for one in accessions.values()
        for state in one.acceding
    }
    reviewed = Reviewed(accessions, _details(), joined)
    found.sort(key=lambda record: (record.accession, record.row))
    return [Claims(record, REGISTER, reviewed) for record in found]


def _accessions(there: Mapping[str, str]) -> dict[str, Accession]:
    rows = read_rows(FOLDER / "accessions.csv", ["record", "parent", "acceding"])
    return {
        row["record"]: Accession(row["record"], row["parent"], tuple(row["acceding"].split()))
        for row in rows
        if row["parent"] in there and row["record"] in there
    }


def _details() -> dict[tuple[str, str], Details]:
    rows = read_rows(FOLDER / "wto_details.csv", ["record", "party", "signed", "entry", "exit"])
    return {
        (row["record"], row["party"]): Details(row["signed"], row["entry"], row["exit"])
        for row in rows
    }


def _coverage() -> list[Coverage]:
    """What the register knows: notified agreements, from the first on."""
    source, first, last = SOURCE.entity, 1958, SOURCE.retrieved.year
    notified = "agreements notified to the WTO; RCEP and others that nobody notified are not in it"
    return [
        *(
            Coverage(
                source,
                kind,
                "partial",
                from_scope=scope,
                from_year=first,
                to_year=last,
                note=notified,
            )
            for kind in ("agreement-party", "signature")
            for scope in ("region/419", "state/CHN")
        ),
        Coverage(
            source,
            "agreement-party",
            "unknown",
            from_scope="state/GBR",
            from_year=2020,
            to_year=2020,
            note="until 2020-12-31 the agreements of the European Union went on applying to the "
            "United Kingdom, which had left it on 2020-02-01",
        ),
    ]
