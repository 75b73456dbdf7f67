"""One treaty of GGO: its sides, and the ties that follow from the dates of its states."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from geoties.graph.model import Period, Rejection, Report, Tie, parse_date
from geoties.loaders.agreement_matching import FOLDER, agreement_id
from geoties.loaders.agreement_records import (
    OPEN,
    AgreementRecord,
    Register,
    called,
    key_of,
    party,
    read_rows,
    slug_of,
)
from geoties.loaders.agreement_sides import represented

SHORT = "ggo"
REGISTER_ID = "ggo-1.0"
# Ends that came about later than this are not told reliably: Nicaragua's agreement with Taiwan
# is open, and few treaties after it are listed.
OBSERVED_TO = "2020-12-31"
REGISTER = Register(f"source/{REGISTER_ID}", OBSERVED_TO)
_CODES = {"ALG": "state/DZA", "EC": "body/EU", "EFTA": "body/EFTA", "KOS": "state/XKX"}
_AFTER_THE_SIDES = re.compile(
    r"(\d|Customs Union|Free Trade Area|Trade Agreement|Agreement Of \d{4}|ANZCERTA|Services"
    r"|\(ANZCERTA\)|Stabilisation And Association Agreement|Additional Protocol|China \(?CEPA\)?)*"
)


class Wanting(ValueError):
    """A treaty that cannot be loaded, and why."""


@dataclass(frozen=True)
class _Listed:
    """A state (or a bloc) as GGO lists it, with its own dates."""

    row: int
    id: str
    signed: Period | None
    start: Period | None
    end: str


class Treaty:
    """A treaty with its states' dates, as corrected by the reviewed table."""

    def __init__(
        self,
        row: int,
        cells: Mapping[str, str],
        states: Sequence[tuple[int, Mapping[str, str]]],
        corrected: Mapping[str, str],
    ) -> None:
        if corrected.get("", "-") == "":
            raise Wanting("it repeats another treaty of the table; see ggo_corrections.csv")
        self.row, self.id, self.title = row, cells["treatyID"], cells["Title"]
        self.record = f"{re.sub(r'[^A-Za-z0-9_-]+', '-', self.id)}-{slug_of(self.title)}"
        self.agreement = agreement_id(SHORT, self.record)
        self.signed, self.in_force = _day(cells["Signature"]), _day(cells["Force"])
        _day(cells["End"])
        self.end = cells["End"]
        self.refused: list[Rejection] = []
        self.parties = list(self._listed(states, corrected)) or self._told(corrected)

    def _listed(
        self, states: Sequence[tuple[int, Mapping[str, str]]], corrected: Mapping[str, str]
    ) -> Iterator[_Listed]:
        for number, row in states:
            code = corrected.get(row["stateID"], row["stateID"])
            who = _entity(code)
            if who is None:
                self.refused.append(Rejection(number, "stateID", code, "no state has this code"))
                continue
            try:
                signed, start = _day(row["StateSignature"]), _day(row["StateForce"])
                _day(row["StateEnd"])
            except ValueError as problem:
                self.refused.append(Rejection(number, "StateEnd", row["StateEnd"], str(problem)))
                continue
            yield _Listed(number, who, signed, start, row["StateEnd"])

    def _told(self, corrected: Mapping[str, str]) -> list[_Listed]:
        """The sides of a treaty without rows of states: its title's, if its id agrees."""
        codes = corrected.get("", "").split()
        told = {code if "/" in code else f"state/{code}" for code in codes}
        sides = told or _sides_of_title(self.title, self.id)
        return [_Listed(0, who, None, None, self.end) for who in sorted(sides)]

    @cached_property
    def bloc_of(self) -> Mapping[str, str]:
        """For each state that a bloc stands for, that bloc."""
        day = self.signed or self.in_force
        named = {who for who in _bodies_named(self.title)}
        listed = {one.id for one in self.parties}
        apart = {*_states_of_id(self.id), *(who for who in listed if called(who) in self.title)}
        return represented(listed | (named & _POSSIBLE), day.first if day else "", apart)

    @cached_property
    def sides(self) -> list[_Listed]:
        """The parties that stand for themselves, and the blocs of the others."""
        alone = {one.id: one for one in self.parties if one.id not in self.bloc_of}
        for bloc in sorted(set(self.bloc_of.values())):
            own = alone.get(bloc)
            start = (own.start if own else None) or self.in_force
            alone[bloc] = _Listed(own.row if own else 0, bloc, self.signed, start, self.end)
        return list(alone.values())

    def as_record(self) -> AgreementRecord:
        """What is needed to recognise the treaty in another register."""
        return AgreementRecord(
            SHORT,
            self.record,
            self._label(),
            "investment" if "Investment Protection" in self.title else "trade",
            (self.signed.first,) if self.signed else (),
            (self.in_force.first,) if self.in_force else (),
            "" if self.end in ("", OPEN) else self.end,
            frozenset(one.id for one in self.sides),
        )

    def _label(self) -> str:
        """The title with the year, so that no treaty is called as a bloc is."""
        day = self.signed or self.in_force
        return f"{self.title} ({day.first[:4]})" if day else self.title

    def ties(self) -> Iterator[Tie]:
        """Signatures; parties for which an entry into force is told."""
        common = len(self.sides) == 2 or not any(one.row for one in self.parties)
        for one in self.sides:
            key = key_of(self.record, one.id)
            if signed := one.signed or (self.signed if common else None):
                yield REGISTER.signature(one.id, self.agreement, key, signed, "")
            if start := one.start or (self.in_force if common else None):
                yield self._party(one, key, start)

    def _party(self, one: _Listed, key: str, start: Period) -> Tie:
        told = one.end or self.end
        end = None if told in ("", OPEN) else _day(told)
        if end and end.first <= start.first:
            end, told = None, ""
        observed = max(OBSERVED_TO, start.last) if told == OPEN else start.last
        return REGISTER.party_tie(
            one.id,
            self.agreement,
            key,
            start,
            end,
            "",
            confidence="high" if one.start and one.row else "medium",
            observed_to=observed,
        )

    def account(self, ties: Sequence[Tie], report: Report) -> None:
        """Say of each row whether it was loaded, stood for by a bloc, or told nothing."""
        report.loaded += 1
        report.rejected += self.refused
        telling = {tie.record for tie in ties}
        for one in (one for one in self.parties if one.row):
            if one.id in self.bloc_of:
                report.duplicates += 1
            elif (key := key_of(self.record, one.id)) in telling:
                report.loaded += 1
                telling.discard(key)
            else:
                reason = "neither signature nor entry into force is told, or it repeats a row"
                report.rejected.append(Rejection(one.row, "stateID", one.id, reason))


def _day(text: str) -> Period | None:
    return parse_date(text) if text else None


def _entity(code: str) -> str | None:
    from geoties.graph.names import default_resolver

    return _CODES.get(code) or default_resolver().code("iso3", code)


# What a title names -------------------------------------------------------------------------


@cache
def _names() -> Mapping[str, str]:
    rows = read_rows(FOLDER / "ggo_names.csv", ["spelling", "id"])
    return {row["spelling"]: row["id"] for row in rows}


def _name(text: str) -> str | None:
    return _names().get(text) or (party(text) if len(text) > 3 else None)


_POSSIBLE = frozenset(
    f"body/{code}" for code in ["ASEAN", "CARICOM", "EAEU", "EFTA", "EU", "GCC", "MERCOSUR", "SACU"]
)


def _bodies_named(title: str) -> Iterator[str]:
    """The blocs that a title names as whole words.

    >>> sorted(_bodies_named("EFTA Southern African Customs Union (SACU)"))
    ['body/EFTA', 'body/SACU']
    """
    for spelling, who in _names().items():
        if who.startswith("body/") and re.search(rf"(?<!\w){re.escape(spelling)}(?!\w)", title):
            yield who


def _states_of_id(treaty: str) -> Iterator[str]:
    """The states in the first part of an id: `EST_1995A`, `CHL-KOR_2003O`."""
    for code in treaty.partition("_")[0].split("-"):
        if len(code) == 3 and (who := _entity(code)):
            yield who


def _sides_of_title(title: str, treaty: str) -> set[str]:
    """The two sides that a title names, where they are those of the id; otherwise none.

    >>> sorted(_sides_of_title("Korea Republic Of Chile", "CHL-KOR_2003O"))
    ['state/CHL', 'state/KOR']
    >>> _sides_of_title("Ukraine Former Yugoslav Republic Of Macedonia", "MKD-SRB_2001O")
    set()
    """
    words = title.split()
    of_id = set(_states_of_id(treaty))
    for middle in range(1, len(words)):
        for last in range(len(words), middle, -1):
            sides = {_name(" ".join(words[:middle])), _name(" ".join(words[middle:last]))}
            rest = " ".join(words[last:])
            named = {who for who in sides if who}
            if len(named) == 2 and of_id and of_id <= named and _AFTER_THE_SIDES.fullmatch(rest):
                return named
    return set()
