"""The same treaty in several registers: one agreement with several claims.

`records.csv` says, row by row and reviewed, which record of which register is which agreement;
a record that it does not name is an agreement of its own. `agreements.csv` holds the name, type
and day of signature of those that several records tell of. Both are made by

    python -m geoties.loaders.agreement_matching FOLDER

from the registers' tables in FOLDER: records with the same parties, signed within a few days,
are the same agreement, unless `decisions.csv` (made by hand, with the reason) says otherwise.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from geoties.graph.files import write_atomically
from geoties.graph.model import Entity
from geoties.loaders.agreement_records import AgreementRecord, read_rows

FOLDER = Path(__file__).parent / "data" / "agreement_matching"
PREFERENCE = ("wto-rta", "unctad-iia", "ggo")
SIGNED_WITHIN = 10
IN_FORCE_WITHIN = 62


@dataclass(frozen=True)
class Known:
    """What is settled about an agreement that several records tell of."""

    label: str
    type: str
    signed: str
    amends: str


@cache
def _agreement_of() -> Mapping[tuple[str, str], str]:
    rows = read_rows(FOLDER / "records.csv", ["source", "record", "agreement", "how"])
    return {(row["source"], row["record"]): row["agreement"] for row in rows}


@cache
def _records_of() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for (source, record), agreement in _agreement_of().items():
        found.setdefault(agreement, []).append(f"{source}:{record}")
    return {agreement: tuple(sorted(records)) for agreement, records in found.items()}


@cache
def _known() -> Mapping[str, Known]:
    rows = read_rows(FOLDER / "agreements.csv", ["agreement", "label", "type", "signed", "amends"])
    return {
        row["agreement"]: Known(row["label"], row["type"], row["signed"], row["amends"])
        for row in rows
    }


def agreement_id(source: str, record: str) -> str:
    """The agreement of which a register's record tells.

    >>> agreement_id("wto-rta", "640"), agreement_id("wto-rta", "0")
    ('agreement/CPTPP', 'agreement/wto-0')
    """
    known = _agreement_of().get((source, record))
    return known or f"agreement/{source.partition('-')[0]}-{record}"


def same_records(agreement: str) -> list[str]:
    """The records that tell of an agreement, as `source:record`; none where there is but one.

    >>> "unctad-iia:3369" in same_records(agreement_id("wto-rta", "8"))
    True
    """
    return list(_records_of().get(agreement, ()))


def settled(agreement: str) -> Known | None:
    """Name, type, day of signature and parent of an agreement that several records tell of."""
    return _known().get(agreement)


def describe(agreement: str, record: AgreementRecord) -> Entity:
    """The agreement as an entity: what is settled about it, or what its one record says."""
    known = settled(agreement)
    return Entity(
        agreement,
        "agreement",
        {"en": known.label if known else record.label},
        {
            key: value
            for key, value in {
                "agreementType": known.type if known else record.type,
                "signedOn": known.signed if known else min(record.signed, default=""),
                "amends": known.amends if known else "",
                "sameRecord": same_records(agreement),
            }.items()
            if value
        },
    )
