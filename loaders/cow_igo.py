"""Members of intergovernmental organisations to 2014 (Correlates of War IGO, version 3).

Single facts of the organisations that matter most to Latin America and Asia, each credited, are
embedded; the loader reads the same columns of a user's own file. Of the bodies that other tables
date to the day, only memberships that those know too are taken: these data count forerunners (the
Pan-American Union as the OAS), associates and candidates as members. Where the two then differ in
the year, both claims stand.
"""

from __future__ import annotations

import datetime as dt
from functools import cache, partial
from pathlib import Path

from geoties.graph.model import Report, Source, Tables
from geoties.graph.names import default_resolver
from geoties.loaders import curated
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
from geoties.loaders.embedded import read_embedded
from geoties.loaders.registry import DATA

SOURCE = Source(
    id="cow-igo-3",
    title="Correlates of War: Intergovernmental Organizations, version 3",
    publisher="Correlates of War Project",
    url="https://correlatesofwar.org/data-sets/igos/",
    licence="cite; single facts",
    licence_class="B",
    version="3.0 (1815-2014)",
    retrieved=dt.date(2020, 4, 1),
    citation="Pevehouse, Nordstrom, McManus and Jamison (2020), Tracking Organizations in the "
    "World: The Correlates of War IGO Version 3.0 datasets, Journal of Peace Research 57(3): "
    "492-503.",
    expects={"ties": (3_000, 10_000)},
    filenames=("igo_membership_spells_cow_v3.csv",),
)
_COLUMNS = (
    "io",
    "orgname",
    "state",
    "status",
    "first_year",
    "last_year_observed",
    "end_year",
    "cow",
    "statename",
    "iso3",
)
_ROLES = {"full": "member", "associate": "associate", "observer": "observer"}
# Rows that mix up two states or leave out an exit, found in review.
_MIXED_UP = {
    ("APO", "731"): "the member is the Republic of Korea",
    ("UN", "850"): "Indonesia's withdrawal from 1965-01 to 1966-09 is left out",
}
# Memberships that ended before are left out: their states and names are another period's.
FIRST_YEAR = 1990


def load(raw: Path) -> Tables:
    """Memberships of the organisations that `organisations.csv` maps, precise to the year.

    Rows of other organisations, and of memberships that ended before 1990, are rejected as such.
    """
    report = Report()
    bodies = {o.cow: o.entity.id for o in organisations() if o.cow}
    rows = read_rows(raw, _COLUMNS)
    parts = collect(raw.name, rows, partial(_spells, bodies), lambda made: made, report)
    spells = joined(spell for part in parts for spell in part)
    known = coverage(spells, SOURCE, FIRST_YEAR)
    return Tables.of(described(bodies.values()), ties(spells, SOURCE), (), known, report)


def _spells(bodies: dict[str, str], cells: Cells) -> tuple[Spell, ...]:
    """The spells of a row: more than one when its code came to mean another state."""
    body = carried(cells, bodies)
    if reason := _MIXED_UP.get((cells["io"], cells["cow"])):
        raise BadCell("cow", cells["cow"], reason)
    role = _ROLES[one_of(cells, "status", _ROLES)]
    first, last = year(cells, "first_year"), year(cells, "last_year_observed")
    if last < first:
        raise BadCell("last_year_observed", cells["last_year_observed"], "before the first year")
    if last < FIRST_YEAR:
        reason = f"it ended before {FIRST_YEAR}, in another period of names and states"
        raise BadCell("last_year_observed", cells["last_year_observed"], reason)
    states = {when: _state(cells["cow"], when) for when in range(first, last + 1)}
    spells = [Spell(body, state, role, when, when) for when, state in states.items() if state]
    if not spells:
        reason = f"no state had this Correlates of War code from {first} to {last}"
        raise BadCell("cow", cells["cow"], reason)
    whole = joined(spells)
    if body in _dated_elsewhere() and not (whole := [s for s in whole if _known_too(s)]):
        reason = "no other table knows a member of this role by then: a forerunner or an associate"
        raise BadCell("first_year", cells["first_year"], reason)
    return tuple(whole)


def _known_too(spell: Spell) -> bool:
    """Whether a table that dates the body to the day knows the membership by that year."""
    starts = _dated_elsewhere()[spell.body].get((spell.state, spell.role), "9999")
    return starts <= f"{spell.first}-12-31"


@cache
def _dated_elsewhere() -> dict[str, dict[tuple[str, str], str]]:
    """Of each body that other tables date to the day: the first start of a state in a role."""
    found: dict[str, dict[tuple[str, str], str]] = {}
    own = {o.entity.id for o in organisations() if o.cow and not o.entity.labels}
    for tables in (curated.load(DATA / "curated"), read_embedded(DATA / "wto_members")):
        for tie in tables.ties.select("to", "from", "role", "start").sort("start").iter_rows():
            if tie[0] in own:
                found.setdefault(tie[0], {}).setdefault(tie[1:3], tie[3])
    return found


def _state(code: str, when: int) -> str | None:
    return default_resolver().code("cow", code, on=f"{when}-12-31")
