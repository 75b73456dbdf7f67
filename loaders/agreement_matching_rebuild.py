"""Recognise the same treaty in several registers, and write what was recognised.

    python -m geoties.loaders.agreement_matching_rebuild FOLDER [--doubtful]

FOLDER holds the registers' tables. Records of different registers are the same agreement if they
have the same parties and were signed within ten days of each other (or two months, if they also
entered into force within ten days), and are not one about investment and the other about trade.
`decisions.csv`, made by hand, joins what this misses and parts what it wrongly joins, each with a
reason; `--doubtful` lists the pairs that are near and undecided, for the next review.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from geoties.graph.files import write_atomically
from geoties.graph.model import UserError
from geoties.loaders import ggo_agreements, unctad_iia, wto_rta
from geoties.loaders.agreement_matching import FOLDER, own_id
from geoties.loaders.agreement_records import AgreementRecord, read_rows

Key = tuple[str, str]
Pair = frozenset[Key]
REGISTERS = ("wto-rta", "unctad-iia", "ggo")
SIGNED_WITHIN = 10
SIGNED_ABOUT = 62


def key_of(record: AgreementRecord) -> Key:
    """The register and number of a record."""
    return (record.source, record.record)


def days_apart(one: Iterable[str], other: Iterable[str]) -> int:
    """The days between the two nearest of two sets of dates; many if one is empty.

    >>> days_apart(["2005-11-18"], ["2005-11-20", "2010-01-01"])
    2
    """
    gaps = [
        abs((dt.date.fromisoformat(a) - dt.date.fromisoformat(b)).days) for a in one for b in other
    ]
    return min(gaps, default=99_999)


def same_treaty(one: AgreementRecord, other: AgreementRecord) -> str:
    """Why two records of different registers are the same treaty; empty if they are not.

    >>> chile = frozenset({"state/CHL", "state/CHN"})
    >>> wto = AgreementRecord("wto-rta", "8", "", "trade", ("2005-11-18",), parties=chile)
    >>> ggo = AgreementRecord("ggo", "CHL-CHN", "", "trade", ("2005-11-20",), parties=chile)
    >>> same_treaty(wto, ggo)
    'same parties; signed 2 days apart'
    """
    if one.source == other.source or one.accession or other.accession:
        return ""
    if not one.parties or one.parties != other.parties:
        return ""
    if "investment" in (one.type, other.type) and one.type != other.type:
        return ""
    signed = days_apart(one.signed, other.signed)
    in_force = days_apart(one.in_force, other.in_force)
    if signed <= SIGNED_WITHIN:
        return f"same parties; signed {signed} days apart"
    if signed <= SIGNED_ABOUT and in_force <= SIGNED_WITHIN:
        return f"same parties; signed {signed} days apart, in force {in_force}"
    return ""


class Matching:
    """Groups of records, each one agreement, and why each record is in its group."""

    def __init__(self, records: Sequence[AgreementRecord], decisions: Sequence[Mapping[str, str]]):
        self.records = {key_of(record): record for record in records}
        self.decided = {_pair(row): row for row in decisions}
        self.group = {key: key for key in self.records}
        self.how: dict[Key, str] = {}
        for row in decisions:
            if missing := [key for key in _pair(row) if key not in self.records]:
                raise UserError(f"decisions.csv: there is no record {':'.join(missing[0])}.")
        self._join_decided()
        self._join_alike()

    def _join_decided(self) -> None:
        for pair, row in self.decided.items():
            if row["decision"] == "same":
                self._join(pair, f"reviewed: {row['reason']}")

    def _join_alike(self) -> None:
        for one, other in self._near():
            pair = frozenset({key_of(one), key_of(other)})
            if pair not in self.decided and (why := same_treaty(one, other)):
                self._join(pair, why)

    def _near(self) -> Iterator[tuple[AgreementRecord, AgreementRecord]]:
        """Pairs of records with the same parties."""
        alike: dict[frozenset[str], list[AgreementRecord]] = defaultdict(list)
        for record in self.records.values():
            alike[record.parties].append(record)
        for group in alike.values():
            for place, one in enumerate(group):
                for other in group[place + 1 :]:
                    yield one, other

    def _join(self, pair: Pair, why: str) -> None:
        one, other = sorted(self._root(key) for key in pair)
        if one != other:
            self.group[other] = one
        for key in sorted(pair):
            self.how.setdefault(key, why)

    def _root(self, key: Key) -> Key:
        while self.group[key] != key:
            key = self.group[key]
        return key

    def groups(self) -> list[list[AgreementRecord]]:
        """The records of each agreement, the preferred register's first."""
        found: dict[Key, list[AgreementRecord]] = defaultdict(list)
        for key, record in self.records.items():
            found[self._root(key)].append(record)
        return [sorted(group, key=_rank) for group in found.values()]

    def doubtful(self) -> Iterator[str]:
        """Pairs that share a party set and are near in time, or nearly do, and are undecided."""
        together = {
            key: place for place, group in enumerate(self.groups()) for key in map(key_of, group)
        }
        records = list(self.records.values())
        for place, one in enumerate(records):
            for other in records[place + 1 :]:
                pair = frozenset({key_of(one), key_of(other)})
                apart = together[key_of(one)] != together[key_of(other)]
                if apart and pair not in self.decided and _resemble(one, other):
                    yield f"{_tell(one)}\n    {_tell(other)}"


def _resemble(one: AgreementRecord, other: AgreementRecord) -> bool:
    if one.accession or other.accession:
        return False
    signed, begun = days_apart(one.signed, other.signed), days_apart(one.in_force, other.in_force)
    if one.parties == other.parties and one.parties:
        return min(signed, begun) <= 400
    shared = len(one.parties & other.parties) / max(1, len(one.parties | other.parties))
    if one.parties and other.parties:
        return shared >= 0.4 and min(signed, begun) <= 31
    return one.source != other.source and (signed <= 5 or begun <= 2)


def _tell(record: AgreementRecord) -> str:
    dates = f"{'/'.join(record.signed)} | {'/'.join(record.in_force)} | {record.ended}"
    return f"{record.source}:{record.record} {record.label} [{dates}] {len(record.parties)}"


def _rank(record: AgreementRecord) -> tuple[int, int, str]:
    digits = int(record.record) if record.record.isdigit() else 0
    return REGISTERS.index(record.source), digits, record.record


def _pair(row: Mapping[str, str]) -> Pair:
    return frozenset({(row["source"], row["record"]), (row["other_source"], row["other_record"])})


# What is written ----------------------------------------------------------------------------


def tables(matching: Matching, own: Mapping[Key, str]) -> tuple[list[list[str]], list[list[str]]]:
    """The rows of `records.csv` and of `agreements.csv`.

    An accession amends its parent, whether or not several records tell of it.
    """
    parents = {row["record"]: row["parent"] for row in _rows("accessions.csv")}
    identity = {
        key_of(record): _identity(group, own) for group in matching.groups() for record in group
    }
    records, agreements = [], []
    for group in matching.groups():
        agreement = identity[key_of(group[0])]
        several = len(group) > 1 or agreement != own_id(*key_of(group[0]))
        if several:
            for record in group:
                how = matching.how.get(key_of(record), "reviewed: named in the curated agreements")
                records.append([*key_of(record), agreement, how])
        parent = parents.get(group[0].record, "") if group[0].accession else ""
        if several or parent:
            amends = identity.get(("wto-rta", parent), "")
            agreements.append([agreement, *_settled(group), amends])
    return sorted(records), sorted(agreements)


def _identity(group: Sequence[AgreementRecord], own: Mapping[Key, str]) -> str:
    curated = [own[key_of(record)] for record in group if key_of(record) in own]
    return curated[0] if curated else own_id(*key_of(group[0]))


def _settled(group: Sequence[AgreementRecord]) -> list[str]:
    """Label, type and day of signature: the fullest name, the first register's day.

    UNCTAD's titles say what sort of agreement it is; of a part or a framework they say too little.
    """
    full = (one for one in group if one.source == "unctad-iia" and one.type == group[0].type)
    named = next(full, group[0])
    types = [one.type for one in group]
    kind = "trade" if "trade" in types else types[0]
    signed = next((min(one.signed) for one in group if one.signed), "")
    return [named.label, kind, signed]


def curated_ids() -> dict[Key, str]:
    """The agreements that the curated tables name, by the records that they say they are."""
    path = FOLDER.parent / "curated" / "agreements.csv"
    found: dict[Key, str] = {}
    for row in read_rows(path, ["id", "identifiers"]):
        for identifier in row["identifiers"].split("|"):
            source, _, record = identifier.partition(":")
            if record:
                found[source, record] = row["id"]
    return found


def _rows(name: str) -> list[dict[str, str]]:
    return read_rows(FOLDER / name, ())


def _write(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    write_atomically(FOLDER / name, out.getvalue())


def main(arguments: Sequence[str], say: Callable[[str], object] = print) -> int:
    """Match the registers' tables in a folder, write the two tables, tell the counts."""
    if not arguments:
        say(__doc__ or "")
        return 2
    raw = Path(arguments[0])
    records = [
        one for module in (wto_rta, unctad_iia, ggo_agreements) for one in module.records(raw)
    ]
    matching = Matching(records, _rows("decisions.csv"))
    if "--doubtful" in arguments:
        for line in matching.doubtful():
            say(line)
        return 0
    of_records, of_agreements = tables(matching, curated_ids())
    _write("records.csv", ["source", "record", "agreement", "how"], of_records)
    _write("agreements.csv", ["agreement", "label", "type", "signed", "amends"], of_agreements)
    joined = len({row[2] for row in of_records})
    say(f"{len(records)} records; {len(of_records)} of them are {joined} agreements")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
