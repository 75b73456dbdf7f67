"""What the three registers of agreements have in common: reading rows, parties, and ties.

A register tells, for each agreement, its parties, when it was signed, and for which of them it
is in force since when. This module turns such a telling into entities and ties.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from geoties.graph.model import Entity, Period, Tie, UserError, parse_date, short_id

_DATA = Path(__file__).parent / "data"
_MATCHING = _DATA / "agreement_matching"
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
OPEN = "9999-12-31"
_PARTIES = ("state", "territory", "historical-state", "bloc")


@dataclass(frozen=True)
class AgreementRecord:
    """One agreement as one register tells it: what is needed to recognise it in another.

    `signed` and `in_force` are ISO dates (goods before services where they differ); `parties`
    are entity ids, a bloc standing for its members.
    """

    source: str
    record: str
    label: str
    type: str
    signed: tuple[str, ...] = ()
    in_force: tuple[str, ...] = ()
    ended: str = ""
    parties: frozenset[str] = field(default_factory=frozenset)
    accession: bool = False


def read_rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """The rows of a CSV file as text, with at least `columns`; raises `UserError` otherwise."""
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        header, *rows = [row for row in reader if row] or [[]]
    except csv.Error as problem:
        raise UserError(f"{path.name}, line {reader.line_num}: {problem}; save it again.") from None
    if missing := [column for column in columns if column not in header]:
        raise UserError(f"{path.name}: the column {missing[0]!r} is missing; is it another table?")
    if repeated := [column for column in header if header.count(column) > 1]:
        raise UserError(f"{path.name}: the column {repeated[0]!r} is there twice; which is meant?")
    for number, row in enumerate(rows, start=1):
        if len(row) != len(header):
            raise UserError(
                f"{path.name}, row {number}: not {len(header)} fields as in the header."
            )
    return [dict(zip(header, row, strict=True)) for row in rows]


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise UserError(f"{path.name} is not in {path.parent.name or 'this folder'}.") from None
    except IsADirectoryError:
        raise UserError(f"{path.name} is a folder; the table itself is expected.") from None
    except UnicodeDecodeError:
        raise UserError(f"{path.name} is not UTF-8 text; save it as CSV in UTF-8.") from None


def iso_date(text: str) -> str:
    """A register's date as ISO text: `2009-04-28`, `28-Apr-2009`, `28-Apr-09` or with a time.

    The registers begin in 1948, so two digits from 48 mean the twentieth century. An open end
    or an entry that has not happened (`01-Jan-9999`) is left as the year 9999. Raises
    `ValueError` for anything else.

    >>> iso_date("01-Mar-2010"), iso_date("2010-03-01 00:00:00"), iso_date("03-May-60")
    ('2010-03-01', '2010-03-01', '1960-05-03')
    """
    text = text.strip()
    if match := re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:[ T]00:00:00)?", text):
        return match[1]
    if match := re.fullmatch(r"(\d{1,2})-([A-Za-z]{3})-(\d{4}|\d\d)", text):
        day, month, year = int(match[1]), match[2].lower(), match[3]
        if month in _MONTHS:
            full = year if len(year) == 4 else ("19" if year >= "48" else "20") + year
            return f"{full}-{_MONTHS.index(month) + 1:02}-{day:02}"
    if not text:
        return ""
    raise ValueError(f"{text!r} is not a date like 2009-04-28 or 28-Apr-2009")


def slug_of(text: str) -> str:
    """A title as a segment of an IRI, in plain letters.

    >>> slug_of("Côte d'Ivoire - EC (EPA)")
    'cote-d-ivoire-ec-epa'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))


# Parties ------------------------------------------------------------------------------------


@cache
def _spellings() -> Mapping[str, str]:
    rows = read_rows(_MATCHING / "parties.csv", ["spelling", "id"])
    return {row["spelling"]: row["id"] for row in rows}


def party(text: str, on: str = "") -> str | None:
    """The entity of a party as the registers spell it; nothing where it is not certain.

    >>> party("Southern Common Market (MERCOSUR)")
    'body/MERCOSUR'
    """
    from geoties.graph.names import default_resolver

    text = text.strip()
    return _spellings().get(text) or default_resolver().find(text, on=on, kinds=_PARTIES)


def called(who: str) -> str:
    """The English name of a state, as titles of agreements have it.

    >>> called("state/PER")
    'Peru'
    """
    from geoties.graph.names import default_resolver

    return default_resolver().label(who)


def then(who: str, first: str, last: str = "") -> str:
    """The state that a register means on a day, or through a period: one that is gone, if so.

    Registers list Czechia where Czechoslovakia signed. It signed; but a treaty that went on after
    it had gone is its successor's, as the register has it.

    >>> then("state/CZE", "1991-12-04"), then("state/CZE", "1992-12-01", "2026-02-01")
    ('historical/CSK', 'state/CZE')
    """
    from geoties.graph.names import default_resolver

    if not who.startswith("state/"):
        return who
    code = short_id(who)
    meant = {default_resolver().code("iso3", code, day) for day in (first, last or first)}
    return (meant.pop() if len(meant) == 1 else None) or who


@cache
def memberships() -> Mapping[str, tuple[tuple[str, str, str], ...]]:
    """The members of each bloc that can be a party: (state, start, end), as curated."""
    rows = read_rows(_DATA / "curated" / "memberships.csv", ["body", "member", "role", "start"])
    rows += read_rows(_MATCHING / "bloc_members.csv", ["body", "member", "role", "start"])
    found: dict[str, list[tuple[str, str, str]]] = {}
    for row in rows:
        if row["role"] == "member":
            found.setdefault(row["body"], []).append((row["member"], row["start"], row["end"]))
    return {body: tuple(spells) for body, spells in found.items()}


def members(body: str, first: str = "", last: str = OPEN) -> frozenset[str]:
    """Those who were members of a bloc at some time between two days.

    >>> "state/GBR" in members("body/EU", "2021-01-01")
    False
    """
    return frozenset(
        member
        for member, start, end in memberships().get(body, ())
        if start <= last and (not end or end > first)
    )


def bloc_tables(body: str, source: str) -> tuple[list[Entity], list[Tie]]:
    """A bloc that a register lists and the curated tables do not have, with its members.

    >>> entities, ties = bloc_tables("body/BLEU", "source/unctad-iia-2026-02")
    >>> entities[0].labels["en"], [tie.from_ for tie in ties]
    ('Belgium-Luxembourg Economic Union', ['state/BEL', 'state/LUX'])
    """
    named = [
        row for row in read_rows(_MATCHING / "blocs.csv", ["id", "label"]) if row["id"] == body
    ]
    entities = [Entity(row["id"], "bloc", {"en": row["label"]}) for row in named]
    rows = read_rows(_MATCHING / "bloc_members.csv", ["body", "member", "start", "reference"])
    return entities, [_membership(row, source) for row in rows if row["body"] == body]


def _membership(row: Mapping[str, str], source: str) -> Tie:
    start = parse_date(row["start"])
    return Tie(
        "membership",
        row["member"],
        row["body"],
        source,
        key_of(short_id(row["body"]), row["member"]),
        role="member",
        start=start.first,
        start_precision=start.precision,
        reference=row["reference"],
        confidence="medium",
    )


# Ties ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Register:
    """What all ties of one register share."""

    source: str
    observed_to: str

    def party_tie(
        self,
        who: str,
        agreement: str,
        key: str,
        start: Period | None,
        end: Period | None,
        reference: str,
        *,
        via: str = "",
        confidence: str = "high",
        observed_to: str | None = None,
    ) -> Tie:
        """`who` is a party to `agreement`; without a start the entry into force is unknown."""
        observed = self.observed_to if observed_to is None else observed_to
        first = start.first if start else observed
        return Tie(
            "agreement-party",
            then(who, first, end.last if end else observed),
            agreement,
            self.source,
            key,
            via=via,
            start=start.first if start else "",
            start_precision=start.precision if start else "",
            end=end.last if end else "",
            end_precision=end.precision if end else "",
            observed_to="" if end else observed,
            reference=reference,
            confidence=confidence,
        )

    def signature(self, who: str, agreement: str, key: str, day: Period, reference: str) -> Tie:
        """`who` signed `agreement` on a day."""
        return Tie(
            "signature",
            then(who, day.first),
            agreement,
            self.source,
            key,
            start=day.first,
            start_precision=day.precision,
            reference=reference,
            confidence="high",
        )

    def not_yet(
        self, ends: tuple[str, str], agreement: str, key: str, start: str, end: str, reference: str
    ) -> Tie:
        """The agreement is not in force between two of its parties from `start` until `end`."""
        return Tie(
            "not-yet-in-force",
            *ends,
            self.source,
            key,
            via=agreement,
            start=start,
            start_precision="day",
            end=end,
            end_precision="day" if end else "",
            observed_to="" if end else self.observed_to,
            reference=reference,
            confidence="high",
        )


def unique(ties: Iterable[Tie]) -> Iterator[Tie]:
    """The ties without those that say the same of the same two ends in other words."""
    seen: set[tuple[str, str]] = set()
    for tie in ties:
        if (tie.kind, tie.record) not in seen:
            seen.add((tie.kind, tie.record))
            yield tie


def key_of(record: str, *ends: str) -> str:
    """The key of a tie in its source: the record's number and the parties' short ids.

    >>> key_of("640", "state/PER")
    '640-PER'
    """
    return "-".join([record, *(short_id(end) for end in ends)])
