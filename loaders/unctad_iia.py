"""Bilateral investment treaties and other treaties with investment provisions (UNCTAD).

Reads the two tables made of the IIA Navigator's lists: the treaties with their status and dates,
and their parties. The Navigator gives one entry into force for a whole treaty; for a treaty
between more than two sides nobody's own entry is known from it, nor whether all that it lists have
ratified: those ties have no start and are not said to hold after the treaty's own first day.
A bloc that the Navigator lists beside its members stands for them. Framework agreements and
councils on trade and investment are treaties of their own; their type says what they are.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from geoties.graph.model import (
    Coverage,
    Period,
    Rejection,
    Report,
    Source,
    Tables,
    Tie,
    parse_date,
)
from geoties.loaders.agreement_matching import agreement_id, describe
from geoties.loaders.agreement_records import (
    AgreementRecord,
    Register,
    bloc_tables,
    called,
    iso_date,
    key_of,
    party,
    read_rows,
    unique,
)
from geoties.loaders.agreement_selection import concerning_latin_america_or_china
from geoties.loaders.agreement_sides import represented

SHORT = "unctad-iia"
SOURCE = Source(
    id="unctad-iia-2026-02",
    title="UNCTAD International Investment Agreements Navigator",
    publisher="United Nations Conference on Trade and Development",
    url="https://investmentpolicy.unctad.org/international-investment-agreements",
    licence="UNCTAD terms: acknowledge the source",
    licence_class="B",
    version="lists of 2026-02-01",
    retrieved=dt.date(2026, 2, 1),
    citation="UNCTAD, International Investment Agreements Navigator, "
    "https://investmentpolicy.unctad.org/international-investment-agreements, lists of 2026-02-01.",
    expects={"ties": (1_500, 30_000), "entities": (500, 9_000)},
    filenames=("investment_agreements_unctad.csv", "investment_agreement_parties_unctad.csv"),
)
REGISTER = Register(SOURCE.entity, SOURCE.retrieved.isoformat())
_TREATY = ("iia_id", "title", "type", "status", "signed", "in_force", "terminated")
_PARTY = ("iia_id", "party", "inferred")
_PAGE = SOURCE.url + "/treaties/{}/{}"
_FREE_TRADE = re.compile(
    r"\b(FTA|EPA|EPAs|CEPA|CECA|CECPA|CEP|ECA|ECTA|TEPA|TPA|TCA|ETEA|AANZFTA|P4|TPP|CPTPP|RCEP|NAFTA"
    r"|USMCA|CAFTA|CETA|AfCFTA|Common Market|Customs Union|Single Market|Trade Agreement"
    r"|Trade Continuity|Complementation|Free Trade)\b"
)

select = concerning_latin_america_or_china


@dataclass(frozen=True)
class _Listed:
    """A party as the register lists it."""

    row: int
    id: str
    inferred: bool


class _Treaty:
    """One treaty with its parties, and what follows from it."""

    def __init__(self, row: int, cells: Mapping[str, str], parties: Sequence[_Listed]) -> None:
        self.row, self.id, self.title = row, cells["iia_id"], cells["title"]
        self.status, self.type = cells["status"], cells["type"]
        self.signed, self.in_force, self.terminated = (
            _day(cells[column]) for column in ("signed", "in_force", "terminated")
        )
        self.parties = parties
        self.agreement = agreement_id(SHORT, self.id)
        self.bloc_of = self._represented()

    def _represented(self) -> Mapping[str, str]:
        """The register lists the present members of a bloc, whenever the treaty was made."""
        day = self.signed or self.in_force
        listed = {one.id for one in self.parties}
        apart = {who for who in listed if who.startswith("state/") and called(who) in self.title}
        today = SOURCE.retrieved.isoformat()
        return represented(listed, day.first if day else "", apart, today)

    @cached_property
    def sides(self) -> dict[str, str]:
        """The sides of the treaty with how sure their part in it is: blocs for their members."""
        sides = {one.id: "low" if one.inferred else "high" for one in self.parties}
        alone = {who: sure for who, sure in sides.items() if who not in self.bloc_of}
        blocs = {bloc: "high" for bloc in self.bloc_of.values()}
        groups = [who for who in alone if who.startswith("group/")]
        return {who: sure for who, sure in (blocs | alone).items() if who not in groups}

    def as_record(self) -> AgreementRecord:
        """What is needed to recognise the treaty in another register."""
        return AgreementRecord(
            SHORT,
            self.id,
            self.title.rstrip("*").strip(),
            self._kind(),
            _firsts(self.signed),
            _firsts(self.in_force),
            self.terminated.first if self.terminated else "",
            frozenset(self.sides),
        )

    def _kind(self) -> str:
        if self.type == "BITs":
            return "investment"
        if _FREE_TRADE.search(self.title) and "Investment Agreement" not in self.title:
            return "trade"
        about_investment = re.search(r"\bInvest|\bIPA\b|\bTIA\b", self.title)
        return "investment" if about_investment and "Trade" not in self.title else "framework"

    def ties(self) -> Iterator[Tie]:
        """Signatures; parties, if the treaty is or was in force.

        Who joined a treaty of many later is listed like those who signed it, so there nobody's
        signature is known, unless it is not in force.
        """
        acceded = len(self.sides) > 2 and self.in_force
        for who, sure in self.sides.items():
            key = key_of(self.id, who)
            if self.signed and not acceded:
                yield REGISTER.signature(who, self.agreement, key, self.signed, self._page())
            if self.in_force or self.status == "In force":
                yield self._party(who, key, sure)

    def _party(self, who: str, key: str, sure: str) -> Tie:
        start = self.in_force if len(self.sides) == 2 else None
        vague = start is None or self.status == "Terminated"
        observed = self.in_force.first if vague and self.in_force else None
        return REGISTER.party_tie(
            who,
            self.agreement,
            key,
            start,
            self.terminated,
            self._page(),
            confidence=sure if start else min(sure, "medium", key=_SURENESS.index),
            observed_to=observed,
        )

    def _page(self) -> str:
        return _PAGE.format("bit" if self.type == "BITs" else "tip", self.id)

    def account(self, report: Report) -> None:
        """Say of each row whether it was loaded or repeats another side."""
        report.loaded += 1
        told: set[str] = set()
        for one in self.parties:
            if one.id in self.sides and one.id not in told:
                report.loaded += 1
            else:
                report.duplicates += 1
            told.add(one.id)


_SURENESS = ("low", "medium", "high")


def _day(text: str) -> Period | None:
    day = iso_date(text)
    return parse_date(day) if day else None


def _firsts(day: Period | None) -> tuple[str, ...]:
    return (day.first,) if day else ()


def load(raw: Path) -> Tables:
    """Treaties, signatories and parties, from the folder (or the first) of the two tables.

    Every row is loaded, a duplicate (a member beside its bloc, a party listed twice) or rejected.
    """
    report = Report()
    treaties = [one for one in _read(raw, report) if _concluded(one, report)]
    for treaty in treaties:
        treaty.account(report)
    entities, ties = bloc_tables("body/BLEU", SOURCE.entity)
    entities += [describe(one.agreement, one.as_record()) for one in treaties]
    ties += [tie for treaty in treaties for tie in treaty.ties()]
    return Tables.of(entities, unique(ties), (), _coverage(), report)


def records(raw: Path) -> list[AgreementRecord]:
    """The treaties of the register that are not investment treaties only, to be recognised."""
    report = Report()
    treaties = [one for one in _read(raw, report) if _concluded(one, report)]
    return [treaty.as_record() for treaty in treaties if treaty.type != "BITs"]


def _concluded(treaty: _Treaty, report: Report) -> bool:
    if treaty.status != "In negotiation":
        return True
    reason = "in negotiation: nobody is bound by it"
    report.rejected.append(Rejection(treaty.row, "status", treaty.status, reason))
    report.rejected += [Rejection(one.row, "iia_id", treaty.id, reason) for one in treaty.parties]
    return False


def _read(raw: Path, report: Report) -> Iterator[_Treaty]:
    folder = raw if raw.is_dir() else raw.parent
    treaties = read_rows(folder / SOURCE.filenames[0] if raw.is_dir() else raw, _TREATY)
    listed = read_rows(folder / SOURCE.filenames[1], _PARTY)
    report.read += len(treaties) + len(listed)
    signed = {row["iia_id"]: row["signed"] or row["in_force"] for row in treaties}
    parties = defaultdict(list)
    for number, row in enumerate(listed, start=1):
        if one := _listed(number, row, signed, report):
            parties[row["iia_id"]].append(one)
    for number, row in enumerate(treaties, start=1):
        try:
            yield _Treaty(number, row, parties[row["iia_id"]])
        except ValueError as problem:
            _refuse(number, row, parties[row["iia_id"]], str(problem), report)


def _refuse(
    number: int, row: Mapping[str, str], parties: Sequence[_Listed], reason: str, report: Report
) -> None:
    report.rejected.append(Rejection(number, "signed", row["title"], reason))
    for one in parties:
        report.rejected.append(Rejection(one.row, "iia_id", row["iia_id"], reason))


def _listed(
    number: int, row: Mapping[str, str], signed: Mapping[str, str], report: Report
) -> _Listed | None:
    if row["iia_id"] not in signed:
        reason = "no treaty has this number"
        report.rejected.append(Rejection(number, "iia_id", row["iia_id"], reason))
        return None
    if who := party(row["party"], signed[row["iia_id"]]):
        return _Listed(number, who, row["inferred"] == "True")
    report.rejected.append(Rejection(number, "party", row["party"], "no party is called so"))
    return None


def _coverage() -> list[Coverage]:
    """What the register knows, and those whose own lists were not in the tables."""
    told = (
        "treaties with investment provisions, nearly all of them; trade agreements without are not"
    )
    unseen = "seen only in the lists of its partners: treaties between two such states are missing"
    scopes = {"region/419": told, "state/CHN": told}
    scopes |= {f"state/{code}": unseen for code in ONLY_FROM_PARTNERS}
    return [
        Coverage(
            SOURCE.entity,
            kind,
            "partial",
            from_scope=scope,
            from_year=1957,
            to_year=SOURCE.retrieved.year,
            note=note,
        )
        for kind in ("agreement-party", "signature")
        for scope, note in scopes.items()
    ]


# Their own lists are not among the tables.
ONLY_FROM_PARTNERS = ("AGO", "BRA", "GNB", "KEN", "LCA", "LIE", "THA", "TLS")
