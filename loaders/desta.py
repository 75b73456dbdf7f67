"""How deep trade agreements go (DESTA). A user brings the file; none of it is shipped.

Reads DESTA's table of indices: number, base treaty, name, year of signature, type of entry, the
additive index of depth (0 to 7) and the one of the latent-trait model; the single provisions,
flexibility and enforcement are not used. Both indices become observations of the agreement in the
year of the text, and the additive one of its latest text the agreement's `depth`.

An entry is the agreement that geoties has already where that is certain (see
`agreement_recognition`), and an agreement of its own otherwise. A consolidated text under the name
of its base treaty is that treaty some years on; an accession or a protocol amends its base treaty.
Withdrawals and what is under negotiation are rejected. The states and blocs that a title names
are told as its signatories, as precisely as a year. DESTA's table of members, in the same folder,
helps to recognise agreements; it lists the members of a bloc one by one, so no tie is made of it.

DESTA asks to be cited and does not allow its indices to be passed on, so `geoties build --only
desta --from FILE` is the one way in.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from geoties.graph.model import (
    Coverage,
    Entity,
    Observation,
    Report,
    Source,
    Tables,
    Tie,
    short_id,
)
from geoties.graph.names import default_resolver
from geoties.loaders.agreement_recognition import label_of, recognised, sides_of
from geoties.loaders.agreement_records import read_rows
from geoties.loaders.row_accounts import BadRow, each_once, rows_of, usable

SOURCE = Source(
    id="desta",
    title="Design of Trade Agreements (DESTA): depth of trade agreements",
    publisher="Andreas Dür, Leonardo Baccini and Manfred Elsig",
    url="https://www.designoftradeagreements.org/",
    licence="cite the source; the indices may not be passed on",
    licence_class="C",
    version="the user's file",
    retrieved=dt.date(2025, 12, 31),  # the last year in its table of members
    citation="Dür, Andreas, Leonardo Baccini and Manfred Elsig (2014), The Design of International "
    "Trade Agreements: Introducing a New Dataset, Review of International Organizations 9(3): "
    "353-375.",
    embedded="none",
    filenames=("desta_indices_02_03.csv", "desta_treaty_members_02_03.csv"),
)
DEPTH, RASCH = "agreement-depth", "agreement-depth-rasch"
_UNITS = {DEPTH: "key provisions", RASCH: "score"}
_COLUMNS = ("number", "base_treaty", "name", "year", "entry_type", "depth_index", "depth_rasch")
_AGREEMENTS = ("base_treaty", "consolidated", "accession", "protocol or amendment")
_AMENDING = ("accession", "protocol or amendment")
_CONSOLIDATED = " (consolidated)"
_NOTHING = {
    "negotiation": "under negotiation: nobody is bound by it",
    "withdrawal": "a withdrawal is no agreement",
}
_NOT_KNOWN = ("", "NA")


@dataclass(frozen=True)
class Entry:
    """A row of the indices."""

    number: str
    base: str
    name: str
    year: int
    type: str
    depth: float
    rasch: float | None

    @property
    def plain(self) -> str:
        """The name without what only says which text or event is meant."""
        return self.name.removesuffix(_CONSOLIDATED).removesuffix(" accession")


def load(raw: Path) -> Tables:
    """Agreements with their depth; `raw` is the table of indices, or the folder of both tables."""
    report = Report()
    found = usable(rows_of(raw, SOURCE, _COLUMNS), _entry, report)
    told = "another entry has this number"
    entries = each_once(found, lambda entry: entry.number, report, "number", told)
    meant = _agreements(entries, _states(raw))
    return Tables.of(
        _entities(entries, meant),
        _signatures(entries, meant),
        _observations(entries, meant),
        _coverage(entries.values()),
        report,
    )


def _entry(row: Mapping[str, str]) -> Entry:
    type_ = row["entry_type"].strip().lower()
    if type_ in _NOTHING:
        raise BadRow("entry_type", _NOTHING[type_])
    if type_ not in _AGREEMENTS:
        raise BadRow("entry_type", f"none of {', '.join(_AGREEMENTS)}")
    if not (name := " ".join(row["name"].split())):
        raise BadRow("name", "must not be empty")
    return Entry(
        _cell(
            row, "number", r"[0-9]+([+_][0-9]+)?[a-z]?", "not a number of DESTA such as 171 or 176a"
        ),
        _cell(row, "base_treaty", r"([0-9]+[a-z]?)?", "not the number of a treaty"),
        name,
        int(_cell(row, "year", r"(19|20)[0-9]{2}(\.0)?", "no year")[:4]),
        type_,
        float(_cell(row, "depth_index", r"[0-7](\.0)?", "not a whole number from 0 to 7")),
        _rasch(row),
    )


def _cell(row: Mapping[str, str], column: str, form: str, reason: str) -> str:
    text = row[column].strip()
    if not re.fullmatch(form, text, re.ASCII):
        raise BadRow(column, reason)
    return text


def _rasch(row: Mapping[str, str]) -> float | None:
    if row["depth_rasch"].strip() in _NOT_KNOWN:
        return None
    form = r"-?[0-9]{1,6}(\.[0-9]+)?([eE]-?[0-9]{1,2})?"
    return float(_cell(row, "depth_rasch", form, "not a number"))


# Which agreement is meant -------------------------------------------------------------------


def _agreements(entries: Mapping[str, Entry], states: Mapping[str, set[str]]) -> dict[str, str]:
    """The agreement of each entry, by its number.

    Two entries of one year cannot be one agreement: neither is then surely the one we know.
    """
    found = {entry.number: _known(entry, states) for entry in entries.values()}
    for entry in entries.values():
        base = entries.get(entry.base)
        if entry.type == "consolidated" and base and base.name == entry.plain:
            found[entry.number] = found[base.number]
    said = Counter((found[entry.number], entry.year) for entry in entries.values())
    return {
        number: agreement if said[agreement, entries[number].year] == 1 else own_id(number)
        for number, agreement in found.items()
    }


def _known(entry: Entry, states: Mapping[str, set[str]]) -> str:
    """The agreement that the registers have, or one of its own; protocols are never one of them."""
    if entry.type in _AMENDING:
        return own_id(entry.number)
    on = f"{entry.year}-12-31"
    bound = [default_resolver().code("iso3", code, on=on) for code in states.get(entry.number, ())]
    certain = frozenset(filter(None, bound)) if all(bound) else frozenset()
    return recognised(entry.plain, entry.year, certain) or own_id(entry.number)


def own_id(number: str) -> str:
    """The id of an agreement that only DESTA tells of.

    >>> own_id("253+1")
    'agreement/desta-253-1'
    """
    return f"agreement/desta-{number.replace('+', '-')}"


def _states(raw: Path) -> Mapping[str, set[str]]:
    """Who is bound by each entry, by ISO code; nothing without the table of members."""
    path = raw / SOURCE.filenames[1]
    found: dict[str, set[str]] = defaultdict(set)
    if raw.is_dir() and path.exists():
        for row in read_rows(path, ("number", "iso3")):
            found[row["number"]].add(row["iso3"])
    return found


# What is told -------------------------------------------------------------------------------


def _entities(entries: Mapping[str, Entry], meant: Mapping[str, str]) -> Iterator[Entity]:
    """Each agreement with its depth; those we have keep their own names."""
    texts: dict[str, list[Entry]] = defaultdict(list)
    for entry in sorted(entries.values(), key=lambda entry: entry.year):
        texts[meant[entry.number]].append(entry)
    for agreement, told in sorted(texts.items()):
        first, latest = told[0], told[-1]
        own = agreement == own_id(first.number)
        parent = entries.get(first.base) if first.type in _AMENDING else None
        properties = {
            "depth": latest.depth,
            "agreementType": "trade" if own else "",
            "amends": meant[parent.number] if parent and parent is not first else "",
        }
        given = {key: value for key, value in properties.items() if value != ""}
        label = label_of(agreement) or f"{first.name} ({first.year})"
        yield Entity(agreement, "agreement", {"en": label}, given)


def _signatures(entries: Mapping[str, Entry], meant: Mapping[str, str]) -> Iterator[Tie]:
    """The sides that a title names signed in its year; a text of later years says nothing of it."""
    for entry in entries.values():
        agreement = meant[entry.number]
        base = entries.get(entry.base)
        if base and base is not entry and meant[base.number] == agreement:
            continue
        for side in sorted(sides_of(entry.plain, entry.year)):
            yield Tie(
                "signature",
                side,
                agreement,
                SOURCE.entity,
                f"{entry.number}-{short_id(side)}",
                start=f"{entry.year}-01-01",
                start_precision="year",
                confidence="medium",
            )


def _observations(entries: Mapping[str, Entry], meant: Mapping[str, str]) -> Iterator[Observation]:
    for entry in entries.values():
        for indicator, value in ((DEPTH, entry.depth), (RASCH, entry.rasch)):
            if value is not None:
                yield Observation(
                    meant[entry.number],
                    indicator,
                    entry.year,
                    value,
                    _UNITS[indicator],
                    SOURCE.entity,
                    entry.number,
                )


def _coverage(entries: Iterable[Entry]) -> Sequence[Coverage]:
    years = [entry.year for entry in entries]
    note = "the agreements that the user's file of DESTA codes; the depth of others is unknown"
    return [
        Coverage(
            SOURCE.entity,
            kind,
            "partial",
            from_year=min(years),
            to_year=max(years),
            note=note,
        )
        for kind in (DEPTH, RASCH, "signature")
        if years
    ]
