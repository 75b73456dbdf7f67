"""Members of informal intergovernmental bodies to 2010 (manymigo's MIGO list)."""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path

from geoties.graph.model import Report, Source, Tables
from geoties.graph.names import default_resolver
from geoties.loaders.curated_organisations import (
    Spell,
    carried,
    coverage,
    described,
    joined,
    organisations,
    ties,
)
from geoties.loaders.curated_rows import BadCell, Cells, collect, one_of, read_rows, year

SOURCE = Source(
    id="migo",
    title="MIGO: members of informal intergovernmental organisations",
    publisher="Global Governance Observatory, Geneva Graduate Institute (manyios)",
    url="https://github.com/globalgov/manyios",
    licence="CC-BY-4.0",
    licence_class="A",
    version="to 2010",
    retrieved=dt.date(2023, 1, 1),
    citation="Hollway, Tan and others, manyios: Many International Organizations, Global "
    "Governance Observatory, Geneva Graduate Institute.",
    expects={"ties": (300, 6_000)},
    filenames=("informal_igo_membership_migo.csv",),
)
_COLUMNS = ("io", "iso3", "state", "membership_code", "first_year", "last_year")
FIRST_YEAR = 1990


def load(raw: Path) -> Tables:
    """Memberships of the bodies that `organisations.csv` maps, precise to the year.

    Rows of other bodies are rejected as such. Only code 1, full membership, is explained by the
    publisher: rows with 2 or 3 are rejected too.
    """
    report = Report()
    bodies = {o.migo: o.entity.id for o in organisations() if o.migo}
    rows = read_rows(raw, _COLUMNS)
    spells = collect(raw.name, rows, partial(_spell, bodies), lambda made: made, report)
    whole = joined(spells)
    known = coverage(whole, SOURCE, FIRST_YEAR)
    return Tables.of(described(bodies.values()), ties(whole, SOURCE), (), known, report)


def _spell(bodies: dict[str, str], cells: Cells) -> Spell:
    body = carried(cells, bodies)
    one_of(cells, "membership_code", ("1",))
    first, last = year(cells, "first_year"), year(cells, "last_year")
    if last < first:
        raise BadCell("last_year", cells["last_year"], "before the first year")
    return Spell(body, _state(cells, last), "member", first, last)


def _state(cells: Cells, when: int) -> str:
    """By name, for the codes stand for successors and `ALG` is none; else by the code."""
    resolver = default_resolver()
    state = resolver.find(cells["state"], on=f"{when}-12-31")
    state = state or resolver.code("iso3", cells["iso3"])
    if not state:
        raise BadCell("state", cells["state"], f"no state was certainly called so in {when}")
    return state
