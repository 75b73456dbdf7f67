"""Who is party to what through blocs: the same rules for two states and for whole tables.

Every planted case is asked of both `queries.shared` (one pair, from the store) and
`graph.parties` with `graph.measures.holdings` (all pairs, from the columns).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import polars as pl
import pyoxigraph as ox
import pytest

from geoties.graph.frames import Frames, write_frames
from geoties.graph.measures.holdings import holdings_on, shared_on, unknown_on
from geoties.graph.model import Entity, Tables, Tie, parse_date
from geoties.graph.parties import parties, without
from geoties.graph.periods import status_on
from geoties.graph.store import TripleStore, bulk_load, open_store
from geoties.graph.triples import write_graph
from geoties.knowledge import KnowledgeGraph
from geoties.ontology.kinds import kinds
from geoties.queries.shared import Ledger, passed_on, shared

DAY = "2026-02-01"
MEMBERSHIP, PARTY = "membership", "agreement-party"
_BLOCS = {"EU": {"bindsNewMembers": True}, "MERCOSUR": {}, "Vague": {}}
_BODIES = ("CELAC", "Club")
_CODES = ("ARG", "AUS", "BOL", "BRA", "CHL", "CHN", "DEU", "FRA", "GBR", "HRV", "IND", "JPN",
          "MEX", "NOR", "NZL", "PRY", "URY", "VEN")  # fmt: skip


def _tie(kind: str, from_: str, to: str, start: str, end: str = "", **more: str) -> Tie:
    first, last = (parse_date(date) if date else None for date in (start, end))
    fields: dict[str, Any] = {"source": "source/curated", "observed_to": "" if end else DAY} | more
    fields.setdefault("record", f"{from_}-{to}-{fields.get('role', '')}-{start}".replace("/", "."))
    return Tie(
        kind, from_, to, fields.pop("source"), fields.pop("record"), **fields,
        start=first.first if first else "", start_precision=first.precision if first else "",
        end=last.last if last else "", end_precision=last.precision if last else "",
    )  # fmt: skip


def _member(state: str, body: str, start: str, end: str = "", **more: str) -> Tie:
    role = {"role": "member"} | more
    return _tie(MEMBERSHIP, f"state/{state}", f"body/{body}", start, end, **role)


def _party(who: str, agreement: str, start: str, end: str = "", **more: str) -> Tie:
    who = f"body/{who}" if who in _BLOCS else f"state/{who}"
    return _tie(PARTY, who, f"agreement/{agreement}", start, end, **more)


def _ties() -> Iterator[Tie]:
    yield from (_member(state, "EU", "1958-01-01") for state in ("DEU", "FRA"))
    yield _member("HRV", "EU", "2013-07-01")
    yield _member("GBR", "EU", "1973-01-01", "2020-02-01")
    yield from (_party(who, "EU-CHL", "2003-02-01") for who in ("EU", "CHL"))
    # a mixed agreement: the Union and its members are parties beside each other
    yield from (_party(who, "EU-JPN", "2019-02-01") for who in ("EU", "FRA", "DEU", "JPN"))
    for state in ("ARG", "BRA", "PRY", "URY"):
        yield _member(state, "MERCOSUR", "1991-11-29")
    yield _member("VEN", "MERCOSUR", "2012-07-31")
    yield _member("BOL", "MERCOSUR", "2024-08-07")
    yield _member("PRY", "MERCOSUR", "2012-06-29", "2013-08-15", role="suspended")
    yield _member("VEN", "MERCOSUR", "2016-12-02", role="suspended")
    yield from (_party(who, "MERCOSUR-IND", "2009-06-01") for who in ("MERCOSUR", "IND"))
    yield from (_party(who, "MERCOSUR-CHN", "2015-03-01") for who in ("MERCOSUR", "CHN"))
    yield from (_party(who, "MERCOSUR-JPN", "2025-01-01") for who in ("MERCOSUR", "JPN"))
    yield from (_party(who, "MERCOSUR-AUS", "2010-01-01") for who in ("MERCOSUR", "AUS", "BOL"))
    for state in ("BRA", "CHL", "MEX"):
        yield _member(state, "CELAC", "2011-12-03")
    yield _member("BRA", "CELAC", "2020-01-16", "2023-01-05", role="suspended")
    yield _member("MEX", "CELAC", "2018", "2019-07", role="suspended")
    # a club known from two sources; one state's suspension is known to 2014 only
    yield from (_member(state, "Club", "2001-03-04") for state in ("CHL", "JPN", "CHN"))
    yield _member("CHL", "Club", "2001", source="source/cow", observed_to="2014-12-31")
    yield _member("IND", "Club", "2001", source="source/cow", observed_to="2014-12-31")
    yield _member("IND", "Club", "2000-01-01", "2020-05-01")
    yield _member("CHN", "Club", "2010-01-01", role="suspended", observed_to="2014-12-31")
    yield from (_member(s, "Vague", start) for s, start in (("NZL", "2005"), ("NOR", "")))
    yield from (_party(who, "Vague-IND", "2005-06-01") for who in ("Vague", "IND"))
    yield from (_party(who, "Vague-CHN", "2005") for who in ("Vague", "CHN"))
    yield from (_party(who, "Vague-JPN", "2006-01-01") for who in ("Vague", "JPN"))
    yield from (_party(state, "CPTPP", "2018-12-30") for state in ("AUS", "JPN", "MEX"))
    yield from (_party(state, "CPTPP-GBR", "2024-12-15") for state in ("AUS", "JPN"))
    yield from (_party("GBR", agreement, "2024-12-15") for agreement in ("CPTPP", "CPTPP-GBR"))
    for state, end in (("MEX", ""), ("AUS", "2024-12-24")):
        yield _tie("not-yet-in-force", "state/GBR", f"state/{state}", "2024-12-15", end,
                   via="agreement/CPTPP")  # fmt: skip


def _tables() -> Tables:
    ties = list(_ties())
    places = [Entity(f"state/{code}", "state", {"en": code}) for code in _CODES]
    blocs = [Entity(f"body/{name}", "bloc", {"en": name}, more) for name, more in _BLOCS.items()]
    bodies = [Entity(f"body/{name}", "body", {"en": name}) for name in _BODIES]
    names = sorted({tie.to for tie in ties if tie.kind == PARTY})
    amends = {"agreement/CPTPP-GBR": {"amends": "agreement/CPTPP"}}
    agreements = [Entity(id, "agreement", {"en": id}, amends.get(id, {})) for id in names]
    sources = [Entity(f"source/{id}", "source", {"en": id}) for id in ("curated", "cow")]
    return Tables.of([*places, *blocs, *bodies, *agreements, *sources], ties)


class World:
    """The planted ties, as a store and as columns."""

    def __init__(self, folder: Path) -> None:
        tables = _tables()
        write_frames(folder / "frames", tables)
        parts = (tables.entities, tables.ties, tables.observations, tables.coverage)
        files, _ = write_graph(*parts, folder, DAY)
        bulk_load(folder / "store", files)
        self.frames = Frames(folder / "frames")
        self.store = open_store(folder / "store")


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("planted"))


Linking = Callable[[ox.Store, Frames, str, str, str, str], set[str]]


def one_pair(
    store: TripleStore, frames: Frames, kind: str, one: str, other: str, day: str
) -> set[str]:
    found = shared(Ledger(store, day), f"state/{one}", f"state/{other}", kinds()[kind])
    return {item.via for item in found if item.best.basis == "in force"}


def all_pairs(
    store: TripleStore, frames: Frames, kind: str, one: str, other: str, day: str
) -> set[str]:
    found = shared_on(frames, kind, day, holdings_on(frames, kind, day))
    pair = found.filter(pl.col("of") == f"state/{one}", pl.col("with") == f"state/{other}")
    assert pair.height == pair["item"].n_unique()
    return set(pair["item"])


CASES = [
    # a bloc's agreement is its members', and links none of them with each other
    (PARTY, "FRA", "CHL", "2010-01-01", "EU-CHL"),
    (PARTY, "FRA", "DEU", "2010-01-01", ""),
    (PARTY, "FRA", "DEU", "2020-01-01", ""),
    (PARTY, "FRA", "JPN", "2020-01-01", "EU-JPN"),
    (PARTY, "FRA", "CHL", "2003-01-31", ""),
    # the law of the Union binds those that join later, and no longer those that left
    (PARTY, "HRV", "CHL", "2013-06-30", ""),
    (PARTY, "HRV", "CHL", "2013-07-01", "EU-CHL"),
    (PARTY, "GBR", "CHL", "2020-01-31", "EU-CHL"),
    (PARTY, "GBR", "CHL", "2020-02-01", ""),
    # a later member of another bloc is party to what came after it, or by a tie of its own
    (PARTY, "BRA", "IND", "2026-02-01", "MERCOSUR-IND"),
    (PARTY, "BOL", "IND", "2026-02-01", ""),
    (PARTY, "BOL", "JPN", "2026-02-01", "MERCOSUR-JPN"),
    (PARTY, "BOL", "AUS", "2026-02-01", "MERCOSUR-AUS"),
    (PARTY, "VEN", "IND", "2015-06-30", ""),
    # a suspended member receives nothing
    (PARTY, "VEN", "CHN", "2016-12-01", "MERCOSUR-CHN"),
    (PARTY, "VEN", "CHN", "2016-12-02", ""),
    (PARTY, "VEN", "JPN", "2026-02-01", ""),
    (PARTY, "PRY", "IND", "2012-06-28", "MERCOSUR-IND"),
    (PARTY, "PRY", "IND", "2013-08-14", ""),
    (PARTY, "PRY", "IND", "2013-08-15", "MERCOSUR-IND"),
    # and shares no body
    (MEMBERSHIP, "VEN", "BRA", "2016-12-01", "MERCOSUR"),
    (MEMBERSHIP, "VEN", "BRA", "2026-02-01", ""),
    (MEMBERSHIP, "PRY", "BRA", "2026-02-01", "MERCOSUR"),
    (MEMBERSHIP, "CHL", "BRA", "2020-01-15", "CELAC"),
    (MEMBERSHIP, "CHL", "BRA", "2022-06-01", ""),
    (MEMBERSHIP, "CHL", "BRA", "2023-01-05", "CELAC"),
    # an imprecise suspension leaves it unknown at both ends
    (MEMBERSHIP, "CHL", "MEX", "2017-12-31", "CELAC"),
    (MEMBERSHIP, "CHL", "MEX", "2018-06-01", "?CELAC"),
    (MEMBERSHIP, "CHL", "MEX", "2019-06-30", ""),
    (MEMBERSHIP, "CHL", "MEX", "2019-07-15", "?CELAC"),
    (MEMBERSHIP, "CHL", "MEX", "2019-07-31", "CELAC"),
    # so does one that nobody observed any more
    (MEMBERSHIP, "CHL", "CHN", "2009-12-31", "Club"),
    (MEMBERSHIP, "CHL", "CHN", "2014-12-31", ""),
    (MEMBERSHIP, "CHL", "CHN", "2015-01-01", "?Club"),
    # several sources of one tie are read together
    (MEMBERSHIP, "CHL", "JPN", "2001-03-03", ""),
    (MEMBERSHIP, "CHL", "JPN", "2001-03-04", "Club"),
    (MEMBERSHIP, "IND", "JPN", "2020-04-30", "Club"),
    (MEMBERSHIP, "IND", "JPN", "2020-05-01", ""),
    # imprecise dates do not tell which was first
    (PARTY, "NZL", "IND", "2010-01-01", "?Vague-IND"),
    (PARTY, "NZL", "CHN", "2010-01-01", "?Vague-CHN"),
    (PARTY, "NZL", "JPN", "2010-01-01", "Vague-JPN"),
    (PARTY, "NOR", "JPN", DAY, "?Vague-JPN"),
    # an accession is the agreement that it amends; not yet in force is not in force
    (PARTY, "GBR", "JPN", "2025-01-01", "CPTPP"),
    (PARTY, "GBR", "MEX", "2025-01-01", ""),
    (PARTY, "GBR", "AUS", "2024-12-23", ""),
    (PARTY, "GBR", "AUS", "2024-12-24", "CPTPP"),
]


def _known(kind: str, expected: str) -> set[str]:
    space = "body/" if kind == MEMBERSHIP else "agreement/"
    return {space + expected} if expected and expected[0] != "?" else set()


@pytest.mark.parametrize("linking", [one_pair, all_pairs])
@pytest.mark.parametrize(("kind", "one", "other", "day", "expected"), CASES)
def test_what_links_two_states(
    planted: World, linking: Linking, kind: str, one: str, other: str, day: str, expected: str
) -> None:
    wanted = _known(kind, expected)
    for pair in ((one, other), (other, one)):
        assert linking(planted.store, planted.frames, kind, *pair, day) == wanted


@pytest.mark.parametrize(
    ("kind", "one", "other", "day", "expected"), [c for c in CASES if c[4].startswith("?")]
)
def test_what_is_unknown_is_said_to_be_unknown(
    planted: World, kind: str, one: str, other: str, day: str, expected: str
) -> None:
    item = ("body/" if kind == MEMBERSHIP else "agreement/") + expected[1:]
    ends = (f"state/{one}", f"state/{other}")
    found = {s.via: s.best.basis for s in shared(Ledger(planted.store, day), *ends, kinds()[kind])}
    assert found[item] not in ("in force", "no")
    unsure = unknown_on(planted.frames, kind, day).filter(pl.col("item") == item)
    assert set(unsure["entity"]) & set(ends)


@pytest.mark.parametrize(
    ("kind", "one", "other", "day", "item"),
    [
        (PARTY, "BOL", "IND", DAY, "agreement/MERCOSUR-IND"),
        (PARTY, "VEN", "JPN", DAY, "agreement/MERCOSUR-JPN"),
        (MEMBERSHIP, "VEN", "BRA", DAY, "body/MERCOSUR"),
        (MEMBERSHIP, "IND", "JPN", "2021-01-01", "body/Club"),
    ],
)
def test_what_is_known_not_to_be_is_not_unknown(
    planted: World, kind: str, one: str, other: str, day: str, item: str
) -> None:
    ends = (f"state/{one}", f"state/{other}")
    found = {s.via: s.best.basis for s in shared(Ledger(planted.store, day), *ends, kinds()[kind])}
    assert found.get(item, "no") == "no"
    unsure = unknown_on(planted.frames, kind, day).filter(entity=ends[0], item=item)
    assert unsure.is_empty()


def test_why_it_is_unknown(planted: World) -> None:
    ends = ("state/NZL", "state/IND")
    (item,) = shared(Ledger(planted.store, "2010-01-01"), *ends, kinds()[PARTY])
    assert item.best.basis == "joined in 2005, perhaps after the entry into force"
    ends = ("state/CHL", "state/MEX")
    (item,) = shared(Ledger(planted.store, "2018-06-01"), *ends, kinds()[MEMBERSHIP])
    assert item.best.basis == "perhaps suspended (imprecise: began in 2018)"


def test_a_suspension_that_is_over_does_not_change_since_when(planted: World) -> None:
    ends = ("state/PRY", "state/IND")
    (item,) = shared(Ledger(planted.store, DAY), *ends, kinds()[PARTY])
    assert (item.best.start, item.best.end) == ("2009-06-01", "")


def test_what_ended_with_a_suspension(planted: World) -> None:
    ends = ("state/VEN", "state/CHN")
    (item,) = shared(Ledger(planted.store, DAY), *ends, kinds()[PARTY])
    assert (item.best.basis, item.best.end) == ("no", "2016-12-02")


def test_what_passes_to_a_member(planted: World) -> None:
    passed = passed_on(Ledger(planted.store, DAY), "state/BOL", kinds()[PARTY])
    assert {to: spell.basis for to, _, spell in passed} == {"agreement/MERCOSUR-JPN": "in force"}


def test_direct_statements_leave_suspended_members_out(planted: World) -> None:
    member = ox.NamedNode("https://w3id.org/geoties/ontology#memberOf")
    found = {
        quad.subject.value.rsplit("/", 1)[1]
        for quad in planted.store.quads_for_pattern(
            None, member, ox.NamedNode("https://w3id.org/geoties/body/MERCOSUR"), None
        )
        if isinstance(quad.subject, ox.NamedNode)
    }
    assert found == {"ARG", "BRA", "PRY", "URY", "BOL"}


DAYS = sorted({case[3] for case in CASES} | {"2005-03-01", "2005-12-31", "2012-12-31"})


@pytest.mark.parametrize("kind", [MEMBERSHIP, PARTY])
@pytest.mark.parametrize("day", DAYS)
def test_both_answer_alike_for_all_pairs(planted: World, kind: str, day: str) -> None:
    found = shared_on(planted.frames, kind, day, holdings_on(planted.frames, kind, day))
    _assert_alike(planted.store, found, kind, day, list(product(_CODES, _CODES)))


@pytest.mark.parametrize("kind", [MEMBERSHIP, PARTY])
@pytest.mark.parametrize("day", DAYS)
def test_the_dates_never_claim_more_than_is_known_on_the_day(
    planted: World, kind: str, day: str
) -> None:
    """The page reads the dates; the measures, the status of a day."""
    key = ["entity", "item", "through"]
    dated = parties(planted.frames, kinds()[kind]).filter("counts").drop("status")
    dated = dated.with_columns(status_on(day)).filter(status="in force").select(key).unique()
    sure = parties(planted.frames, kinds()[kind], day).filter(pl.col("counts"), status="in force")
    assert sorted(dated.rows()) == sorted(sure.select(key).unique().rows())


def _assert_alike(
    store: TripleStore, found: pl.DataFrame, kind: str, day: str, pairs: list[tuple[str, str]]
) -> None:
    together = found.group_by("of", "with").agg("item").rows()
    of_tables = {(of, with_): set(items) for of, with_, items in together}
    ledger = Ledger(store, day)
    for one, other in pairs:
        if one == other:
            continue
        ends = (f"state/{one}", f"state/{other}")
        items = shared(ledger, *ends, kinds()[kind])
        of_store = {item.via for item in items if item.best.basis == "in force"}
        assert of_store == of_tables.get(ends, set()), (kind, day, *ends)


@pytest.mark.parametrize("day", ["2026-02-01", "2015-06-30"])
@pytest.mark.parametrize("kind", [MEMBERSHIP, PARTY])
def test_both_answer_alike_on_the_default_graph(kg: KnowledgeGraph, kind: str, day: str) -> None:
    """The twenty states of Latin America with every state and territory of Asia."""
    places = kg.frames.entities().filter(pl.col("kind").is_in(["state", "territory"]))
    latin, asian = (
        [id.split("/")[1] for id in _within(places, region)] for region in ("LA20", "142")
    )
    assert len(latin) == 20
    assert len(asian) > 45
    found = shared_on(kg.frames, kind, day, holdings_on(kg.frames, kind, day))
    _assert_alike(kg.store, found, kind, day, list(product(latin, asian)))


def _within(places: pl.DataFrame, region: str) -> list[str]:
    return sorted(places.filter(pl.col("properties").str.contains(f'"region/{region}"'))["id"])


@pytest.mark.parametrize("state", ["BOL", "VEN"])
@pytest.mark.parametrize("partner", ["IND", "ISR"])
def test_later_and_suspended_members_of_mercosur(
    kg: KnowledgeGraph, state: str, partner: str
) -> None:
    mercosur = one_pair(kg.store, kg.frames, PARTY, "BRA", partner, DAY)
    assert {"agreement/wto-520", "agreement/wto-521"} & mercosur
    found = one_pair(kg.store, kg.frames, PARTY, state, partner, DAY)
    assert not {"agreement/wto-520", "agreement/wto-521"} & found


_OPEN = {"start": "1990-01-01", "start_precision": "day", "end": "", "end_precision": "",
         "observed_to": DAY}  # fmt: skip


@pytest.mark.parametrize(
    ("member", "gap", "left"),
    [
        ({}, {"start": "2000-01-01", "end": "2001-01-01"},
         [("1990-01-01", "2000-01-01"), ("2001-01-01", "")]),
        ({}, {"start": "2000-01-01"}, [("1990-01-01", "2000-01-01")]),
        ({}, {"start": "1980-01-01", "end": "1985-01-01"}, [("1990-01-01", "")]),
        ({}, {"start": "1980-01-01", "end": "1995-01-01"}, [("1995-01-01", "")]),
        ({"end": "1999-01-01"}, {"start": "2000-01-01"}, [("1990-01-01", "1999-01-01")]),
        ({}, {"end": "2001-01-01"}, [("", "2001-01-01"), ("2001-01-01", "")]),
        ({"observed_to": "1995-12-31"}, {"start": "2000-01-01"}, [("1990-01-01", "")]),
    ],
)  # fmt: skip
def test_a_membership_without_the_time_of_a_suspension(
    member: dict[str, str], gap: dict[str, str], left: list[tuple[str, str]]
) -> None:
    empty = dict.fromkeys(_OPEN, "")
    pieces = list(without({**_OPEN, **member}, {**empty, **gap}))
    assert [(piece["start"], piece["end"]) for piece in pieces] == left
