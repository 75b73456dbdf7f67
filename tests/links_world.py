"""A small world of real facts that covers every rule of `links`, as a store, frames and names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from geoties.graph.frames import write_frames
from geoties.graph.model import Coverage, Entity, Observation, Tables, Tie, short_id
from geoties.graph.names import write_aliases
from geoties.graph.store import bulk_load, open_store
from geoties.graph.triples import write_graph
from geoties.queries.answers import Graph
from geoties.queries.asking import QuickNames

DAY = "2026-02-01"
CURATED, COW, BACI, OLD_BACI = "source/curated", "source/cow", "source/baci-new", "source/baci-old"
_STATES = {
    "PER": "Peru",
    "CHN": "China",
    "CHL": "Chile",
    "FRA": "France",
    "DEU": "Germany",
    "GBR": "United Kingdom",
    "MEX": "Mexico",
    "JPN": "Japan",
    "USA": "United States",
    "PAN": "Panama",
    "VEN": "Venezuela",
    "BRA": "Brazil",
}
_LATIN = ("PER", "CHL", "MEX", "PAN", "VEN", "BRA")
_BODIES = {
    "APEC": ("body", "Asia-Pacific Economic Cooperation"),
    "BRI": ("initiative", "Belt and Road Initiative"),
    "EU": ("bloc", "European Union"),
    "G20": ("body", "Group of Twenty"),
    "MERCOSUR": ("bloc", "Southern Common Market"),
    "PacificAlliance": ("bloc", "Pacific Alliance"),
}
_AGREEMENTS = {
    "CPTPP": {"agreementType": "trade", "signedOn": "2018-03-08"},
    "CPTPP-GBR": {"agreementType": "trade", "amends": "agreement/CPTPP"},
    "CHL-EU": {"agreementType": "trade"},
    "CHL-CHN": {"agreementType": "trade"},
    "PER-CHN": {"agreementType": "trade"},
    "EU-Treaty": {"agreementType": "trade"},
}


def entities() -> Iterator[Entity]:
    """States, bodies, agreements, a project, a region and the sources."""
    for code, name in _STATES.items():
        region = {"inRegion": ["region/419"]} if code in _LATIN else {}
        spanish = {"es": "Perú"} if code == "PER" else {}
        yield Entity(f"state/{code}", "state", {"en": name} | spanish, region | {"iso3": code})
    for name, (kind, text) in _BODIES.items():
        yield Entity(f"body/{name}", kind, {"en": text})
    for name, properties in _AGREEMENTS.items():
        yield Entity(f"agreement/{name}", "agreement", {"en": f"Agreement {name}"}, properties)
    yield Entity("project/port", "project", {"en": "Chancay port"}, {"hostedBy": "state/PER"})
    yield Entity("region/419", "region", {"en": "Latin America and the Caribbean"})
    for source in (CURATED, COW, BACI, OLD_BACI):
        citation = f"The compilers of {source.split('/')[1]} (2026)."
        yield Entity(source, "source", {"en": source}, {"citation": citation, "licence": "CC0-1.0"})


def _lasting(kind: str, from_: str, to: str, start: str, end: str = "", **more: str) -> Tie:
    """A tie of state; dates as `2017`, `2017-11` or whole days."""
    width = {4: "year", 7: "month", 10: "day"}
    first = {4: "-01-01", 7: "-01", 10: ""}
    last = {4: "-12-31", 7: "-28", 10: ""}
    record = "-".join(x.split("/")[-1] for x in (to, from_)) + f"-{start}"
    fields: dict[str, Any] = {"source": CURATED, "record": record} | more
    fields.setdefault("observed_to", "" if end else DAY)
    return Tie(
        kind,
        from_,
        to,
        start=start and start + first[len(start)],
        start_precision=width.get(len(start), ""),
        end=end and end + last[len(end)],
        end_precision=width.get(len(end), ""),
        **fields,
    )


def _member(state: str, body: str, start: str, end: str = "", **more: str) -> Tie:
    role = {"role": "member"} | more
    return _lasting("membership", f"state/{state}", f"body/{body}", start, end, **role)


def _party(who: str, agreement: str, start: str, end: str = "", **more: str) -> Tie:
    who = f"body/{who}" if who in _BODIES else f"state/{who}"
    return _lasting("agreement-party", who, f"agreement/{agreement}", start, end, **more)


def _trade(exporter: str, importer: str, year: int, value: float, source: str) -> Tie:
    record = f"{exporter}-{importer}-{year}"
    ends = (f"state/{exporter}", f"state/{importer}")
    return Tie("goods-trade", *ends, source, record, year=year, value=value, unit="USD")


def ties() -> Iterator[Tie]:
    """Ties that between them cover every rule."""
    yield from _memberships()
    yield from _agreements()
    yield from _others()
    for year, value in ((2019, 13.5e9), (2020, 11.2e9)):
        yield _trade("PER", "CHN", year, value, OLD_BACI)
    yield _trade("PER", "CHN", 2022, 20.9e9, BACI)
    yield _trade("PER", "CHN", 2023, 22.140946e9, BACI)
    yield _trade("CHN", "PER", 2023, 13.649337e9, BACI)
    yield _trade("PER", "USA", 2023, 9.1e9, BACI)
    yield _trade("BRA", "PAN", 2023, 250_000, BACI)


def _memberships() -> Iterator[Tie]:
    yield _member("PER", "APEC", "1998-11-15", reference="https://example.org/apec")
    yield _member("PER", "APEC", "1998", source=COW, observed_to="2014-12-31")
    yield _member("CHN", "APEC", "1991-11-12")
    yield _member("CHL", "APEC", "1994-11-11")
    yield _member("BRA", "APEC", "2020-01-01", role="observer")
    yield _member("CHL", "BRI", "2018-11")
    yield _member("CHN", "BRI", "2013-09-07")
    yield _member("PAN", "BRI", "2017-11-17", "2025-02")
    yield _member("PAN", "BRI", "2017", source=COW, observed_to="2021-12-31")
    yield _member("PER", "BRI", "2019")
    yield _member("FRA", "EU", "1958-01-01")
    yield _member("DEU", "EU", "1958-01-01")
    yield _member("GBR", "EU", "1973-01-01", "2020-02-01")
    yield _lasting("membership", "body/EU", "body/G20", "1999-09-26", role="member")
    yield _member("CHN", "G20", "1999-09-26")
    yield _member("BRA", "MERCOSUR", "1991-11-29")
    yield _member("VEN", "MERCOSUR", "2012-08-12", "2016-12-02")
    yield _member("VEN", "MERCOSUR", "2016-12-02", role="suspended")
    yield _member("USA", "G20", "", source=COW, observed_to="2014-12-31")


def _agreements() -> Iterator[Tie]:
    yield _party("CHL", "CHL-EU", "2003-02-01")
    yield _party("EU", "CHL-EU", "2003-02-01")
    yield _party("FRA", "EU-Treaty", "1958-01-01")
    yield _party("DEU", "EU-Treaty", "1958-01-01")
    yield _party("CHL", "CHL-CHN", "2006-10-01")
    yield _party("CHN", "CHL-CHN", "2006-10-01")
    yield _party("PER", "PER-CHN", "2010-03-01")
    yield _party("CHN", "PER-CHN", "2010-03-01")
    yield _party("PER", "PER-CHN", "2010", source=COW)
    yield _party("CHN", "PER-CHN", "2010", source=COW)
    for state, start in (("JPN", "2018-12-30"), ("MEX", "2018-12-30"), ("PER", "2021-09-19")):
        yield _party(state, "CPTPP", start)
    for state in ("GBR", "JPN", "PER"):
        yield _party(state, "CPTPP-GBR", "2024-12-15")
    yield _party("GBR", "CPTPP", "2024-12-15")
    yield _party("MEX", "CPTPP", "2019", source=COW)
    pair = {"via": "agreement/CPTPP", "record": "CPTPP-GBR-MEX"}
    yield _lasting("not-yet-in-force", "state/GBR", "state/MEX", "2024-12-15", **pair)
    peru = {"via": "agreement/CPTPP", "record": "CPTPP-GBR-PER"}
    yield _lasting("not-yet-in-force", "state/GBR", "state/PER", "2024-12-15", "2025-01-10", **peru)


def _others() -> Iterator[Tie]:
    yield _lasting("diplomatic-relation", "state/PER", "state/CHN", "1971-11-02")
    yield _lasting("diplomatic-relation", "state/PAN", "state/CHN", "2017-06-13")
    yield _lasting("sanction", "body/EU", "state/VEN", "2017-11-13", role="arms-sanction")
    yield Tie(
        "visit", "state/CHN", "state/PER", CURATED, "xi-2016",
        start="2016-11-18", start_precision="day", topic="Xi Jinping",
    )  # fmt: skip
    for agreement, state in (("PER-CHN", "PER"), ("PER-CHN", "CHN")):
        yield Tie(
            "signature", f"state/{state}", f"agreement/{agreement}", CURATED,
            f"{agreement}-{state}",
            start="2009-04-28", start_precision="day",
        )  # fmt: skip
    for year, value in ((2011, 5.0e6), (2019, None)):
        yield Tie(
            "project-finance", "state/CHN", "state/PER", CURATED, f"port-{year}",
            via="project/port", year=year, value=value, unit="USD 2021",
        )  # fmt: skip


def observations() -> Iterator[Observation]:
    """The GDP of Peru."""
    yield Observation("state/PER", "gdp", 2022, 2.44e11, "USD", CURATED)


def coverage() -> Iterator[Coverage]:
    """APEC is known completely since 1989; Brazil's imports of 2023 from Japan are unknown,
    Peru's exports to the United States understated."""
    yield Coverage(CURATED, "membership", "complete", "", "body/APEC", from_year=1989, to_year=2026)
    yield Coverage(CURATED, "membership", "partial", "", "body/BRI", from_year=2013, to_year=2026)
    yield Coverage(BACI, "goods-trade", "complete", from_year=2022, to_year=2023)
    ends = ("state/JPN", "state/BRA")
    yield Coverage(BACI, "goods-trade", "unknown", *ends, from_year=2023, to_year=2023)
    ends = ("state/PER", "state/USA")
    note = "understated: gold is missing"
    yield Coverage(BACI, "goods-trade", "partial", *ends, from_year=2023, to_year=2023, note=note)


@dataclass(frozen=True)
class World:
    """The world on disk and opened."""

    folder: Path
    store: ox.Store
    names: QuickNames

    def graph(self, checksum: str = "a" * 32) -> Graph:
        """The world as a graph to be asked, under a checksum of its own."""
        sources = [
            {
                "id": short_id(source),
                "title": f"Table & facts of {short_id(source)}",
                "publisher": "The {compilers}",
                "version": "1",
                "retrieved": DAY,
                "licence": "CC0-1.0",
                "citation": f"Compilers (2026), {short_id(source)}.",
                "url": "https://example.org/",
            }
            for source in (CURATED, COW, BACI, OLD_BACI)
        ]
        manifest = {"graph_date": DAY, "checksum": checksum, "sources": sources}
        return Graph(self.store, self.folder / "frames", self.names, manifest)


def make_world(folder: Path, extra: Iterable[Tie] = ()) -> World:
    """Write the world, and extra ties, into an empty folder as a build would, and open it."""
    tables = Tables.of(entities(), [*ties(), *extra], observations(), coverage())
    write_frames(folder / "frames", tables)
    write_aliases(folder / "names.csv", tables.entities.iter_rows(named=True))
    files, _ = write_graph(
        tables.entities, tables.ties, tables.observations, tables.coverage, folder, DAY
    )
    bulk_load(folder / "store", files)
    return World(folder, open_store(folder / "store"), QuickNames(folder / "names.csv"))
