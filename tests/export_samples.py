"""A small world with every kind of tie and the texts of a hostile stranger, for the exports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

import pyoxigraph as ox
import rdflib

from geoties.graph.frames import Frames, write_frames
from geoties.graph.model import Coverage, Entity, Observation, Tables, Tie
from geoties.graph.triples import write_graph
from geoties.ontology.kinds import kinds, roles

DAY = "2026-02-01"


class Build(TypedDict):
    """What an export must know of the build."""

    graph_date: str
    checksum: str


BUILD: Build = {"graph_date": DAY, "checksum": "0123456789abcdef"}
HOSTILE = (
    '=HYPERLINK("http://example.org","x")',
    "'apostrophe first",
    "+1 -1 @SUM(1)",
    "\ttab and\nline\r\nends",
    'a "quoted" \\ back\\slash \\n',
    "</script><script>alert(1)</script>]]>&amp;",
    "\u202eright to left\u200f \u2028 \u0085",
    "emoji 🦙 and %41%2F percent",
    "controls \x00\x01\x0b\x1b[31m\x7f",
    '"@en . <https://example.org/a> <https://example.org/b> "',
    '"^^<http://www.w3.org/2001/XMLSchema#integer>',
    "<https://w3id.org/geoties/state/PER>",
    "${1} {0} %s $& \\1",
)
FORMATS = (
    ".ttl",
    ".nt",
    ".trig",
    ".nq",
    ".jsonld",
    ".graphml",
    ".gexf",
    ".csv.zip",
    ".parquet.zip",
)


def world() -> Tables:
    """Every kind of tie between Peru, China and a few others, with all columns somewhere."""
    ties = [*_ties(), *_memberships(), *_trade(), *_hostile_ties()]
    return Tables.of(list(_entities()), ties, _observations(), _coverage())


def _entities() -> Iterator[Entity]:
    hostile = {"en": HOSTILE[0], "es": HOSTILE[4], "zh": HOSTILE[6], "pt": HOSTILE[8]}
    homes = {"inRegion": ["region/419", "region/019"], "latitude": -10.5, "landlocked": False}
    yield Entity("state/PER", "state", {"en": "Peru", "zh": "秘鲁"}, homes, "1821-07-28")
    yield Entity("state/CHN", "state", {"en": "China"}, {"officialName": list(HOSTILE)})
    yield Entity("state/XXA", "state", hostile, {"homepage": "https://example.org/?q=1&r=%20#x"})
    yield Entity("territory/é:b", "territory", {"en": "odd id"}, {"capitalLatitude": 3.0})
    yield Entity("body/APEC", "body", {"en": "APEC"}, {"founded": "1989"})
    yield Entity("agreement/A", "agreement", {"en": "A"}, {"coversGoods": True, "depth": 0.25})
    yield Entity("agreement/A-1", "agreement", {"en": "A-1"}, {"amends": "agreement/A"})
    yield Entity("project/p.1", "project", {}, {"amount": 12.5, "startYear": 2019})
    yield Entity("roll-call/3", "roll-call", {"en": "3"}, {"session": 70, "date": "2015-12-01"})
    yield Entity("region/419", "region", {"en": "Latin America"})
    yield Entity("region/019", "region", {"en": "Americas"}, {}, "", "2000-01-01")
    yield Entity("state/ALONE", "state", {"en": "Nobody's partner"})
    for source in ("x-1", "y-2"):
        told = {"url": f"https://example.org/{source}", "retrieved": DAY, "licence": "CC0-1.0"}
        yield Entity(f"source/{source}", "source", {"en": f"Source {source}"}, told)


def _ties() -> Iterator[Tie]:
    """One tie of each kind, its columns as full as the kind allows."""
    for kind in kinds().values():
        known = [role.id for role in roles().values() if role.kind == kind.id]
        role = "member" if "member" in known else next(iter(known), "")
        yearly = kind.temporality == "yearly"
        yield Tie(
            kind.id,
            "state/PER",
            {"vote": "roll-call/3", "membership": "body/APEC"}.get(kind.id, "state/CHN"),
            source="source/x-1",
            record=f"full {kind.id}",
            via="agreement/A-1" if kind.via_kinds else "",
            role=role,
            topic="010110" if "topic" in kind.requires else "",
            start="" if yearly else "2001-01-01",
            start_precision="" if yearly else "year",
            observed_to=DAY if kind.temporality == "state" else "",
            year=2020 if yearly else None,
            value=54.321 if kind.unit == "percent" else 2_000_000.0 if yearly else None,
            unit=kind.unit if yearly else "",
            reference="https://example.org/a?b=c",
            confidence="high",
        )


def _memberships() -> Iterator[Tie]:
    def seat(state: str, record: str, start: str, end: str = "", role: str = "member") -> Tie:
        precision = {"start_precision": "day" if start else "", "end_precision": "month"}
        return Tie(
            "membership", state, "body/APEC", "source/x-1", record, role=role, start=start,
            start_precision=precision["start_precision"], end=end,
            end_precision=precision["end_precision"] if end else "",
            observed_to="" if end else "2015-12-31",
        )  # fmt: skip

    yield seat("state/CHN", "old", "1991-11-12", "1999-05-31")
    yield seat("state/CHN", "observer", "1991-11-12", role="observer")
    yield seat("state/XXA", "seen until 2015", "1991-11-12")
    yield seat("territory/é:b", "no start", "")


def _trade() -> Iterator[Tie]:
    def flow(exporter: str, partner: str, year: int, value: float, source: str) -> Tie:
        ends = f"state/{exporter}", f"state/{partner}"
        return Tie("goods-trade", *ends, f"source/{source}", "", year=year, value=value, unit="USD")

    yield flow("CHN", "PER", 2019, 3e9, "x-1")
    yield flow("CHN", "PER", 2021, 12345678901.5, "x-1")
    yield flow("PER", "CHN", 2021, 999_999.0, "x-1")
    yield flow("PER", "CHN", 2021, 1_000_000.25, "y-2")
    yield flow("CHN", "XXA", 2022, 28_000_000.0000001, "y-2")


def _hostile_ties() -> Iterator[Tie]:
    for number, text in enumerate(HOSTILE):
        yield Tie(
            "visit", "state/XXA", "state/CHN", "source/y-2", f"{number}/{text}", topic=text,
            start="2024-02-01", start_precision="month", reference=text, confidence=text,
        )  # fmt: skip


def _observations() -> list[Observation]:
    seen = [("state/PER", 2019, 1.5), ("state/PER", 2021, -0.25), ("state/CHN", 2021, 7.0)]
    return [
        Observation(who, "gdp", year, number, "USD", "source/y-2") for who, year, number in seen
    ]


def _coverage() -> list[Coverage]:
    everything = Coverage("source/x-1", "goods-trade", "complete", from_year=2019, to_year=2021)
    gap = Coverage("source/x-1", "goods-trade", "unknown", from_scope="state/CHN", note=HOSTILE[4])
    region = Coverage("source/y-2", "visit", "partial", to_scope="region/419", topic_scope="x")
    return [everything, gap, region]


def frames_of(tables: Tables, folder: Path) -> Frames:
    """Tables as the columns of a build."""
    write_frames(folder, tables)
    return Frames(folder)


Triples = set[tuple[str, str, str]]


def store_graph(tables: Tables, folder: Path, day: str = DAY) -> tuple[Triples, Triples]:
    """What the RDF store would hold of the tables: the default graph, and the dated one."""
    folder.mkdir(parents=True, exist_ok=True)
    (triples, quads), _ = write_graph(
        tables.entities, tables.ties, tables.observations, tables.coverage, folder, day
    )
    return parsed(triples)[0], parsed(quads)[1]


_OXIGRAPH = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".trig": ox.RdfFormat.TRIG,
    ".nq": ox.RdfFormat.N_QUADS,
    ".jsonld": ox.RdfFormat.JSON_LD,
}


def parsed(path: Path) -> tuple[Triples, Triples]:
    """A file's triples as Oxigraph reads them: of the default graph, and of all named ones."""
    default: Triples = set()
    named: Triples = set()
    for quad in ox.parse(path=str(path), format=_OXIGRAPH[path.suffix]):
        graph = default if isinstance(quad.graph_name, ox.DefaultGraph) else named
        graph.add((str(quad.subject), str(quad.predicate), str(quad.object)))
    return default, named


def read_by_rdflib(path: Path) -> set[tuple[rdflib.term.Node, ...]]:
    """A file's default graph as rdflib reads it."""
    names = {".ttl": "turtle", ".nt": "nt", ".trig": "trig", ".nq": "nquads", ".jsonld": "json-ld"}
    dataset = rdflib.Dataset()
    dataset.parse(path, format=names[path.suffix])
    return set(dataset.default_graph)
