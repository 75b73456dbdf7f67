"""Latin America's turn to Asia in one table: trade shares, agreements, bodies, as of a date."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geoties.graph.measures.trade import partner_group_shares
from geoties.graph.model import short_id
from geoties.graph.store import Answer, TripleStore, Value
from geoties.ontology.kinds import kinds, roles
from geoties.queries.facts import Fact, read_facts, values_of
from geoties.queries.shared import Ledger, Shared, shared
from geoties.queries.spells import IN_FORCE, NO, refined

if TYPE_CHECKING:
    from geoties.graph.frames import Frames

REGION = "region/LA20"
ASIA = "region/142"
CHINA, USA, TAIWAN = "state/CHN", "state/USA", "state/TWN"
GOODS, MEMBERSHIP, PARTY = "goods-trade", "membership", "agreement-party"
GROUPS = ("China", "United States", "rest of Asia")
BODIES = {
    "BRI": ("body/BRI", MEMBERSHIP),
    "APEC": ("body/APEC", MEMBERSHIP),
    "RCEP": ("agreement/RCEP", PARTY),
    "CPTPP": ("agreement/CPTPP", PARTY),
    "AIIB": ("body/AIIB", MEMBERSHIP),
}
WIDE = 15  # partners; a scheme with more of them in Asia says little about any one


@dataclass(frozen=True)
class Turn:
    """The table, and what has to be said below it."""

    table: Answer
    notes: list[str]


def turn_to_asia(store: TripleStore, frames: Frames, day: str) -> Turn:
    """The twenty states of Latin America: shares of goods exports, agreements, bodies on `day`.

    Shares are in percent of the exports to all partners but Taiwan, in the first and the last year
    with data; a range where a flow of the total is unknown. Of each body it gives the year of
    joining, "no", "left" with the year, the role of one that is no member yet, or "unknown".
    """
    places = Places.of(frames)
    states = sorted(places.within(REGION), key=places.name)
    shares, years = _shares(frames, states, places)
    ledger = Ledger(store, day)
    columns = ["state", *_share_columns(years), "agreements with Asia", "in Asia with", *BODIES]
    rows: list[tuple[Value, ...]] = []
    asia = sorted(places.within(ASIA))
    for state in states:
        own = [shares[state, group, year] for group in GROUPS for year in years]
        agreements = _agreements(ledger, state, asia)
        bodies = [_standing(ledger, frames, state, *body) for body in BODIES.values()]
        rows.append((places.name(state), *own, *agreements, *bodies))
    return Turn(Answer(tuple(columns), rows), _notes(frames, day, years))


class Places:
    """The states and territories with their names and regions."""

    def __init__(self, rows: Iterable[dict[str, Any]]) -> None:
        self._names: dict[str, str] = {}
        self._regions: dict[str, list[str]] = {}
        for row in rows:
            self._names[row["id"]] = json.loads(row["labels"])["en"]
            self._regions[row["id"]] = json.loads(row["properties"]).get("inRegion", [])

    @classmethod
    def of(cls, frames: Frames) -> Places:
        """The places of a graph."""
        import polars as pl

        places = frames.entities().filter(pl.col("kind").is_in(["state", "territory"]))
        return cls(places.iter_rows(named=True))

    def within(self, region: str) -> list[str]:
        """The places in a region."""
        return [place for place, regions in self._regions.items() if region in regions]

    def name(self, place: str) -> str:
        """The English name."""
        return self._names[place]


def _shares(
    frames: Frames, states: list[str], places: Places
) -> tuple[dict[tuple[str, str, int], str], list[int]]:
    import polars as pl

    rest = [place for place in places.within(ASIA) if place not in (CHINA, TAIWAN)]
    flows = frames.ties(GOODS)
    years = sorted({int(flows["year"].min()), int(flows["year"].max())})  # type: ignore[arg-type]
    table = partner_group_shares(
        flows,
        of=states,
        groups=dict(zip(GROUPS, ([CHINA], [USA], rest), strict=True)),
        years=years,
        without=[TAIWAN],
        coverage=frames.coverage().filter(pl.col("kind") == GOODS),
    )
    found = {(r["of"], r["group"], r["year"]): _percent(r) for r in table.iter_rows(named=True)}
    every = ((state, group, year) for state in states for group in GROUPS for year in years)
    return {key: found.get(key, "unknown") for key in every}, years


def _share_columns(years: list[int]) -> list[str]:
    return [f"{group} {year} %" for group in GROUPS for year in years]


def _percent(row: dict[str, Any]) -> str:
    """One decimal; a range where unknown flows could move it by more."""
    low, high = row["low"], row["high"]
    if low is not None and high is not None and f"{100 * low:.1f}" != f"{100 * high:.1f}":
        return f"{100 * low:.1f}–{100 * high:.1f}"
    return "unknown" if row["share"] is None else f"{100 * row['share']:.1f}"


def _agreements(ledger: Ledger, state: str, asia: list[str]) -> tuple[str, str]:
    """How many trade agreements are in force with partners in Asia, and with whom."""
    partners: dict[str, set[str]] = {}
    unsure: set[str] = set()
    for partner in asia:
        for one in shared(ledger, state, partner, kinds()[PARTY]):
            if not _is_trade(ledger, one.via) or not _in_its_own_right(one, partner):
                continue
            if one.best.basis == IN_FORCE:
                partners.setdefault(one.via, set()).add(partner)
            elif one.best.basis != NO:
                unsure.add(one.via)
    unsure -= set(partners)
    told = f"{len(partners)}" + (f" (+{len(unsure)} unknown)" if unsure else "")
    near = {who for whom in partners.values() if len(whom) < WIDE for who in whom}
    return told, " ".join(sorted(map(short_id, near)))


def _is_trade(ledger: Ledger, agreement: str) -> bool:
    return values_of(ledger.store, agreement, "agreementType") == ["trade"]


def _in_its_own_right(one: Shared, partner: str) -> bool:
    """Not as a member of a bloc from elsewhere: Cyprus is in Asia, the EU's agreements are not."""
    return any(fact.from_ == partner for fact in one.facts if fact.to.startswith("agreement/"))


def _standing(ledger: Ledger, frames: Frames, state: str, body: str, kind: str) -> str:
    """The year of joining, "left" with the year, the role, "no" or "unknown"; with the last year
    that a source speaks of where it is before the day."""
    facts = read_facts(ledger.store, ledger.held(state, kinds()[kind]).get(body, []))
    facts = refined(facts, ledger.day)
    member = [fact for fact in facts if not fact.role or roles()[fact.role].counts_as_member]
    for fact in sorted(member, key=lambda fact: (not fact.start, fact.start)):
        if fact.standing(ledger.day) == IN_FORCE:
            return fact.start[:4] or "yes"
    if any(fact.standing(ledger.day) != NO for fact in member):
        return "unknown"
    if ended := [fact.end[:4] for fact in member if fact.end]:
        return f"left {max(ended)}"
    return _other_role(facts, ledger.day) or _absent(frames, state, body, kind, ledger.day)


def _other_role(facts: list[Fact], day: str) -> str:
    for fact in facts:
        if fact.role and not roles()[fact.role].counts_as_member and fact.standing(day) != NO:
            known = fact.standing(day) == IN_FORCE
            seen = "" if known else f" (to {fact.observed_to[:4]})"
            return roles()[fact.role].labels["en"] + seen
    return ""


def _absent(frames: Frames, state: str, body: str, kind: str, day: str) -> str:
    """What it means that no tie is there: "no" where a source claims to know them all."""
    import polars as pl

    scopes = ["", state, *_regions_of(frames, state)]
    rows = frames.coverage().filter(
        (pl.col("kind") == kind)
        & pl.col("from_scope").is_in(scopes)
        & pl.col("to_scope").is_in(["", body])
        & (pl.col("from_year").fill_null(0) <= int(day[:4]))
    )
    now = rows.filter(pl.col("to_year").fill_null(9999) >= int(day[:4]))
    if "unknown" in now["status"]:
        return "unknown"
    if "complete" in now["status"]:
        return "no"
    past = rows.filter(pl.col("status") == "complete")["to_year"].to_list()
    return f"no (to {max(past)})" if past else "unknown"


def _regions_of(frames: Frames, state: str) -> list[str]:
    import polars as pl

    properties = frames.entities().filter(pl.col("id") == state)["properties"].item()
    return list(json.loads(properties).get("inRegion", []))


def _notes(frames: Frames, day: str, years: list[int]) -> list[str]:
    sources = sorted(map(short_id, frames.ties(GOODS)["source"].unique()))
    return [
        f"As of {day}. Shares of goods exports, percent of current USD ({', '.join(sources)}).",
        f"Taiwan is left out of all shares: the release that covers {years[0]} does not have it. "
        "The rest of Asia is UN M49 Asia, Hong Kong and Macao included.",
        "A range means that neither side reported a flow that was large before.",
        "Agreements with Asia: trade agreements in force with a partner in UN M49 Asia that is "
        "party itself. Schemes with many partners there (the Global System of Trade Preferences) "
        "are counted, but not listed under “in Asia with”.",
        "Bodies: the year of joining. “(to 2025)”: known until then and not after; “unknown”: no "
        "source says.",
    ]
