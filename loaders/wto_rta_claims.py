"""What a record of the WTO's register says: who signed, for whom it is in force since when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from geoties.graph.model import Period, Rejection, Report, Tie, parse_date, short_id
from geoties.loaders.agreement_matching import agreement_id
from geoties.loaders.agreement_records import AgreementRecord, Register, key_of, members
from geoties.loaders.agreement_sides import EU, represented
from geoties.loaders.wto_rta_files import NOT_YET, Listed, RtaRecord

SHORT = "wto-rta"
RECORD_PAGE = "https://rtais.wto.org/UI/PublicShowRTAIDCard.aspx?rtaid="


@dataclass(frozen=True)
class Accession:
    """A record that lets others into an agreement: its number, the parent's, and who joins."""

    record: str
    parent: str
    acceding: tuple[str, ...]


@dataclass(frozen=True)
class Details:
    """Dates of one party that its record tells only in words: `none` where it did not sign."""

    signed: str
    entry: str
    exit: str


@dataclass(frozen=True)
class Reviewed:
    """What was read in the register by eye: accessions, and dates told in remarks."""

    accessions: Mapping[str, Accession]
    details: Mapping[tuple[str, str], Details]
    joined: Mapping[tuple[str, str], tuple[str, str]]

    def protocol_of(self, parent: str, who: str) -> tuple[str, str]:
        """The record by which `who` joined the agreement of record `parent`, and since when."""
        return self.joined.get((parent, who), ("", ""))


class Claims:
    """The ties that follow from one record, and the account of its rows."""

    def __init__(self, record: RtaRecord, register: Register, reviewed: Reviewed) -> None:
        self.record, self.register, self.reviewed = record, register, reviewed
        self.agreement = agreement_id(SHORT, record.id)
        self.bloc_of = self._represented()
        self.behind = [one for one in record.parties if one.id in self.bloc_of]
        self.refused: dict[int, str] = {}

    def _represented(self) -> Mapping[str, str]:
        """Where the Union is listed, all states that signed for it are listed beside it."""
        record = self.record
        listed = {one.id for one in record.parties}
        today = self.register.observed_to if EU in listed else ""
        days = (record.first_signed or record.first_in_force, record.first_in_force)
        return represented(listed | _named(record.name), days[0], current=today, begun=days[1])

    @cached_property
    def sides(self) -> list[Listed]:
        """The parties that stand for themselves: states, and blocs for their members."""
        alone = [one for one in self.record.parties if one.id not in self.bloc_of]
        unlisted = set(self.bloc_of.values()) - {one.id for one in alone}
        alone += [Listed(self.behind[0].row, bloc, True, True) for bloc in sorted(unlisted)]
        signing = {self.bloc_of[one.id] for one in self.behind if one.original}
        sides = [replace(one, original=one.original or one.id in signing) for one in alone]
        return [self._in_detail(member) for one in sides for member in self._each(one)]

    def _each(self, one: Listed) -> Iterator[Listed]:
        """A group that is no party of its own (`group/…`) as its members."""
        if not one.id.startswith("group/"):
            yield one
            return
        on = self.record.first_in_force or self.record.first_signed
        for state in sorted(members(one.id, on, on)):
            yield replace(one, id=state)

    def _in_detail(self, one: Listed) -> Listed:
        told = self.reviewed.details.get((self.record.id, one.id))
        joined = self.reviewed.protocol_of(self.record.id, one.id)[1]
        entry, exit_ = (told.entry, told.exit) if told else ("", "")
        return replace(one, entry=entry or one.entry or joined, exit=exit_ or one.exit)

    def _signed(self, one: Listed) -> str:
        told = self.reviewed.details.get((self.record.id, one.id))
        if told and told.signed:
            return "" if told.signed == "none" else told.signed
        return self.record.first_signed if one.original else ""

    def _begins(self, one: Listed) -> str:
        """Entry into force; unknown for a state that joined later on a day that is not told."""
        joined_later = not one.original and one.id.startswith(("state/", "historical/"))
        return one.entry or ("" if joined_later else self.record.first_in_force)

    def as_record(self) -> AgreementRecord:
        """What is needed to recognise the agreement in another register."""
        record = self.record
        return AgreementRecord(
            SHORT,
            record.id,
            _label(record),
            "trade",
            record.signed,
            record.in_force,
            record.inactive,
            frozenset(one.id for one in self.sides),
            record.accession,
        )

    def ties(self) -> Iterator[Tie]:
        """Signatures, then parties or, for an accession, what it changes in its parent."""
        for one in self.sides:
            if signed := self._signed(one):
                yield self.register.signature(
                    one.id, self.agreement, self._key(one.id), parse_date(signed), self._page()
                )
        accession = self.reviewed.accessions.get(self.record.id)
        if accession:
            yield from self._accession_ties(accession)
        elif not self.record.accession:
            yield from self._party_ties()
            yield from self._late_ties()

    def _party_ties(self) -> Iterator[Tie]:
        for one in self.sides if self.record.first_in_force else ():
            start = self._begins(one)
            end = min(filter(None, (one.exit, self.record.inactive)), default="")
            if start == NOT_YET:
                continue
            if end and end <= start:
                self.refused[one.row] = f"it ends ({end}) before it begins ({start})"
                continue
            page = self._page(self.reviewed.protocol_of(self.record.id, one.id)[0])
            yield self.register.party_tie(
                one.id, self.agreement, self._key(one.id), _day(start), _day(end), page
            )

    def _late_ties(self) -> Iterator[Tie]:
        """A bloc's member for which it began later: not in force with the partners until then."""
        for one in self.behind:
            for partner in self.sides if one.entry else ():
                yield from self._not_yet(one, partner, self.record.first_in_force)

    def _not_yet(self, one: Listed, partner: Listed, since: str) -> Iterator[Tie]:
        if partner.id.startswith("body/") or partner.entry == NOT_YET:
            return
        start, until = max(since, partner.entry), "" if one.entry == NOT_YET else one.entry
        if not until or start < until:
            key = self._key(one.id, partner.id)
            yield self.register.not_yet(
                (one.id, partner.id), self.agreement, key, start, until, self._page()
            )

    def _accession_ties(self, accession: Accession) -> Iterator[Tie]:
        parent = agreement_id(SHORT, accession.parent)
        since = self.record.first_in_force
        for state in accession.acceding if since else ():
            key = key_of(accession.parent, state)
            end = _day(self.record.inactive)
            yield self.register.party_tie(state, parent, key, _day(since), end, self._page())
            for other in self.sides:
                if other.entry > since and other.id not in accession.acceding:
                    yield self._not_yet_with(state, other, parent, since)

    def _not_yet_with(self, state: str, other: Listed, parent: str, since: str) -> Tie:
        until = "" if other.entry == NOT_YET else other.entry
        key = self._key(state, other.id)
        return self.register.not_yet((state, other.id), parent, key, since, until, self._page())

    def _key(self, *ends: str) -> str:
        return key_of(self.record.id, *ends)

    def _page(self, record: str = "") -> str:
        return RECORD_PAGE + (record or self.record.id)

    def refuse(self, reason: str) -> Iterator[Rejection]:
        """All rows of the record, refused for one reason."""
        yield Rejection(self.record.row, "status", self.record.status, reason)
        for one in self.record.parties:
            yield Rejection(one.row, "rta_id", self.record.id, reason)

    def account(self, ties: Sequence[Tie], report: Report) -> None:
        """Say of each row whether it was loaded, stood for by a bloc, or said nothing."""
        report.loaded += 1
        telling = {part for tie in ties for part in tie.record.split("-")[1:]}
        for one in self.record.parties:
            if one.row in self.refused:
                reason = self.refused[one.row]
                report.rejected.append(Rejection(one.row, "party_exit", one.exit, reason))
            elif short_id(one.id) in telling or one.id.startswith("group/"):
                report.loaded += 1
            elif one.id in self.bloc_of:
                report.duplicates += 1
            else:
                reason = "it neither signed nor is the agreement in force for it"
                report.rejected.append(Rejection(one.row, "party", one.id, reason))


def _named(name: str) -> set[str]:
    """The bloc that a record names first but does not list, since it is no longer in force.

    >>> _named("EC - Hungary Europe Agreement"), _named("EC (9) Enlargement")
    ({'body/EU'}, set())
    """
    first = re.match(r"(EFTA|EC|EU) [-–] ", name)
    return {"body/EFTA" if first[1] == "EFTA" else EU} if first else set()


def _day(text: str) -> Period | None:
    return parse_date(text) if text else None


def _label(record: RtaRecord) -> str:
    """The register's name with the year, so that no agreement is called as a bloc is.

    A name that only tells the two sides says that it is an agreement. The names of agreements
    are facts; what the register writes about them is not used.
    """
    name = " ".join(record.name.split())
    year = (record.first_signed or record.first_in_force)[:4]
    if (" - " in name or " – " in name) and "Agreement" not in name:
        name += " trade agreement"
    return f"{name} ({year})" if year and year not in name else name
