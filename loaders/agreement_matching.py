"""The same treaty in several registers: one agreement with several claims.

`records.csv` says, row by row and reviewed, which record of which register is which agreement;
a record that it does not name is an agreement of its own. `agreements.csv` holds the name, type,
day of signature and parent of those that several records tell of, and of accessions. Both are
made by `agreement_matching_rebuild`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from geoties.graph.model import Entity
from geoties.loaders.agreement_records import AgreementRecord, read_rows

FOLDER = Path(__file__).parent / "data" / "agreement_matching"


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
    return _agreement_of().get((source, record)) or own_id(source, record)


def own_id(source: str, record: str) -> str:
    """The id of an agreement of which only one record tells.

    >>> own_id("unctad-iia", "5122")
    'agreement/unctad-5122'
    """
    return f"agreement/{source.partition('-')[0]}-{record}"


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
