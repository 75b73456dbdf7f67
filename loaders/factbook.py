"""Who is still a member: participation in organisations as the World Factbook lists it (2026).

The lists tell no dates, and are stale in places. So they only confirm: a row counts where
Correlates of War or MIGO know the membership and saw no end of it, and says that it was seen again.
A state that joined later, of which the lists do not tell since when, is left out, and so are
territories, whose participation is another's. Rows that are left out are rejected, each with why.
"""

from __future__ import annotations

import datetime as dt
from functools import cache, partial
from pathlib import Path

import polars as pl

from geoties.graph.model import Coverage, Report, Source, Tables, Tie, short_id
from geoties.graph.names import default_resolver
from geoties.loaders.curated_organisations import organisations
from geoties.loaders.curated_rows import BadCell, Cells, collect, read_rows
from geoties.loaders.embedded import read_embedded
from geoties.loaders.registry import DATA

SOURCE = Source(
    id="factbook-2026",
    title="The World Factbook: participation in international organisations",
    publisher="Central Intelligence Agency",
    url="https://www.cia.gov/the-world-factbook/field/international-organization-participation/",
    licence="CC0-1.0",
    licence_class="A",
    version="lists of 2026, undated; taken as of the closing date 2026-02-01",
    retrieved=dt.date(2026, 2, 1),
    citation="Central Intelligence Agency, The World Factbook, international organization "
    "participation (public domain).",
    expects={"ties": (4_000, 9_000)},
    filenames=("factbook_org_participation_2026.csv",),
)
_COLUMNS = ("iso3", "org", "status")
_ROLES = {"member": "member", "observer": "observer", "associate": "associate"}
# Rows of states of whose exit or notice the press had told by then, found in review.
_STALE = {
    ("OPEC", "QAT"): "left on 2019-01-01",
    ("OPEC", "ECU"): "left on 2020-01-01",
    ("UNESCO", "ISR"): "left on 2018-12-31",
    ("WHO", "USA"): "left on 2026-01-22",
    ("WHO", "ARG"): "withdrawal announced in 2025",
    ("FAO", "NIC"): "withdrawal announced in 2025",
    ("IOM", "NIC"): "withdrawal announced in 2025",
    ("OIF", "BFA"): "withdrawal announced in 2025",
    ("OIF", "MLI"): "withdrawal announced in 2025",
    ("OIF", "NER"): "withdrawal announced in 2025",
}


def load(raw: Path) -> Tables:
    """Memberships that other tables know the start of, seen again in the Factbook's lists."""
    report = Report()
    bodies = {o.factbook: o.entity.id for o in organisations() if o.factbook}
    rows = read_rows(raw, _COLUMNS)
    ties = collect(raw.name, rows, partial(_tie, bodies), lambda tie: tie.record, report)
    return Tables.of((), ties, (), _coverage(ties), report)


def _tie(bodies: dict[str, str], cells: Cells) -> Tie:
    if cells["org"] not in bodies:
        raise BadCell("org", cells["org"], "not among the organisations that geoties carries")
    if reason := _STALE.get((cells["org"], cells["iso3"])):
        raise BadCell("iso3", cells["iso3"], reason)
    if cells["status"] not in _ROLES:
        raise BadCell("status", cells["status"], "no role that other tables tell")
    state, body = default_resolver().code("iso3", cells["iso3"]), bodies[cells["org"]]
    role = _ROLES[cells["status"]]
    if not state or (state, body, role) not in _open():
        raise BadCell("iso3", cells["iso3"], "no other table tells since when")
    record = "-".join(filter(None, (short_id(body), short_id(state), role.replace("member", ""))))
    return Tie(
        kind="membership",
        from_=state,
        to=body,
        source=SOURCE.entity,
        record=record,
        role=role,
        observed_to=SOURCE.retrieved.isoformat(),
        reference=SOURCE.url,
        confidence="medium",
    )


@cache
def _open() -> frozenset[tuple[str, str, str]]:
    """The memberships (state, body, role) that other tables know and of which they saw no end."""
    tables = [read_embedded(DATA / name).ties for name in ("cow_igo", "migo")]
    known = pl.concat([ties.select("from", "to", "role", "start", "end") for ties in tables])
    last = known.sort("start").unique(["from", "to", "role"], keep="last", maintain_order=True)
    return frozenset(last.filter(pl.col("end") == "").select("from", "to", "role").iter_rows())


def _coverage(ties: list[Tie]) -> list[Coverage]:
    note = "undated lists, stale in places; they confirm memberships that other tables know"
    year = SOURCE.retrieved.year
    return [
        Coverage(
            SOURCE.entity, "membership", "partial", to_scope=body, from_year=year, to_year=year,
            note=note,
        )
        for body in sorted({tie.to for tie in ties})
    ]  # fmt: skip
