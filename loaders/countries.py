"""States, territories, historical states, regions and aggregates: who can hold a tie at all.

Reads the table of identities (`countries.csv`: ISO 3166, UN M49, names, coordinates), the begin
and end dates of historical states (`states_historical_ggo.csv`) and the codes of the Correlates
of War project as the ideal-point table uses them; what these lack or have wrong is in our own
reviewed tables in `data/names`.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from geoties.graph.model import Entity, Rejection, Report, Source, Tables, UserError

NAMES = Path(__file__).parent / "data" / "names"
Row = dict[str, str]

SOURCE = Source(
    id="countries-2026",
    title="States and territories: codes, regions, names, capitals and coordinates",
    publisher="geoties, from ISO 3166 and UN M49 (datasets/country-codes), Unicode CLDR, "
    "the CIA World Factbook and manystates",
    url="https://github.com/datasets/country-codes",
    licence="PDDL-1.0 AND Unicode-3.0 AND CC0-1.0 AND CC-BY-4.0",
    licence_class="A",
    version="2026",
    retrieved=dt.date(2026, 2, 1),
    citation="ISO 3166 and UN M49 codes from datasets/country-codes; names from Unicode CLDR; "
    "coordinates from the CIA World Factbook; historical states from manystates "
    "(Hollway, Geneva), reviewed.",
    filenames=(
        "countries.csv",
        "states_historical_ggo.csv",
        "unga_ideal_points_1946_2024.csv",
        "country_wb_region_income.csv",
    ),
)

# fmt: off
LATIN_AMERICA = (
    "ARG", "BOL", "BRA", "CHL", "COL", "CRI", "CUB", "DOM", "ECU", "SLV",
    "GTM", "HTI", "HND", "MEX", "NIC", "PAN", "PRY", "PER", "URY", "VEN",
)
# fmt: on
_NOT_UN_MEMBERS_BUT_INDEPENDENT = {"TWN"}
_OBSERVERS = {"PSE", "VAT"}
_GGO = "manystates (GGO), where it is a state of the historical list"
# Entries of the historical list that our own table has under another code, or that are no states.
_SAME_AS_OURS = {"YPR", "ALG", "KOS", "EUE", "DRV"}
_LANGUAGES = ("en", "es", "pt", "fr", "zh", "ja", "ko", "de", "hi", "it", "ru", "ar")
_TEXT = {
    "iso2": "iso2",
    "isonum": "isoNumeric",
    "official_en": "officialName",
    "capital": "capital",
    "continent": "continent",
    "geonames_id": "geonames",
    "wikidata": "wikidata",
    "currency": "currency",
}
_NUMBERS = {
    "lat": "latitude",
    "lon": "longitude",
    "capital_lat": "capitalLatitude",
    "capital_lon": "capitalLongitude",
}
_MARKS = {"ldc": "leastDeveloped", "lldc": "landlocked", "sids": "smallIsland"}
_KOSOVO = Entity(
    "state/XKX",
    "territory",
    {code: "Kosovo" for code in ("en", "es", "pt", "fr", "de", "it")}
    | {
        "zh": "科索沃",
        "ja": "コソボ",
        "ko": "코소보",
        "hi": "कोसोवो",
        "ru": "Косово",
        "ar": "كوسوفو",
    },
    {
        "iso2": "XK",
        "iso3": "XKX",
        "capital": "Pristina",
        "latitude": 42.583,
        "longitude": 21.0,
        "inRegion": ["region/039", "region/150"],
        "note": "UN M49 has no code for Kosovo; it is placed with its neighbours.",
        "wikidata": "Q1246",
        "cowCode": "347",
    },
)


def load(raw: Path) -> Tables:
    """All entities that the identities table and our reviewed tables give; no ties."""
    if not raw.is_dir():
        raise UserError(f"{raw.name}: give the folder that holds {', '.join(SOURCE.filenames)}.")
    codes, incomes = _cow_codes(raw / SOURCE.filenames[2]), _incomes(raw / SOURCE.filenames[3])
    rows = _rows(raw / SOURCE.filenames[0])
    states = [_state(row, codes, incomes) for row in rows]
    historical = [_historical(row) for row in _rows(NAMES / "historical.csv")]
    known = {entity.id.rpartition("/")[2] for entity in (*states, *historical)} | _SAME_AS_OURS
    spells = _rows(raw / SOURCE.filenames[1])
    older, rejected = _older_states(spells, known)
    entities = [*states, _KOSOVO, *historical, *older, *_regions(), *_aggregates()]
    loaded = len(states) + len(older)
    read = len(rows) + len(spells)
    report = Report(read, loaded, read - loaded - len(rejected), rejected)
    return Tables.of(entities, report=report)


@lru_cache
def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _cow_codes(path: Path) -> dict[str, str]:
    """The COW code of each present state, by ISO code; the reviewed table goes first."""
    found = {row["iso3"]: row["ccode"] for row in _rows(path) if row["iso3"]}
    return found | {
        row["entity"].removeprefix("state/"): row["code"]
        for row in _rows(NAMES / "codes.csv")
        if row["system"] == "cow" and not row["valid_to"]
    }


def _incomes(path: Path) -> dict[str, Row]:
    return {row["iso3"]: row for row in _rows(path)}


def _state(row: Row, cow: Mapping[str, str], incomes: Mapping[str, Row]) -> Entity:
    iso3 = row["iso3"]
    sovereign = row["is_independent"] == "Yes" and iso3 not in _NOT_UN_MEMBERS_BUT_INDEPENDENT
    kind = "state" if sovereign or iso3 in _OBSERVERS else "territory"
    labels = {code: row[f"cldr_{code}"] for code in _LANGUAGES if row[f"cldr_{code}"]}
    return Entity(f"state/{iso3}", kind, labels, dict(_properties(row, cow, incomes)))


def _properties(
    row: Row, cow: Mapping[str, str], incomes: Mapping[str, Row]
) -> Iterator[tuple[str, object]]:
    iso3 = row["iso3"]
    yield "iso3", iso3
    yield "m49", row["m49"].zfill(3)
    yield from ((name, row[column]) for column, name in _TEXT.items() if row[column])
    yield from ((name, float(row[column])) for column, name in _NUMBERS.items() if row[column])
    yield from ((name, True) for column, name in _MARKS.items() if row[column])
    yield "inRegion", _regions_of(row)
    yield from _forerunners(iso3)
    if iso3 in cow:
        yield "cowCode", cow[iso3]
    yield from _world_bank(incomes.get(iso3))


def _world_bank(row: Row | None) -> Iterator[tuple[str, object]]:
    for column, name in (("wb_income", "incomeGroup"), ("wb_region", "worldBankRegion")):
        if row and row[column]:
            yield name, row[column]


def _forerunners(code: str) -> Iterator[tuple[str, object]]:
    """The historical states that a state continues, and those that it succeeded."""
    rows = _rows(NAMES / "historical.csv")
    if continued := [row["id"] for row in rows if row["continuator"] == code]:
        yield "continuatorOf", continued
    if succeeded := [row["id"] for row in rows if code in row["successors"].split()]:
        yield "successorOf", succeeded


def _regions_of(row: Row) -> list[str]:
    numbers = {region["label_en"]: region["m49"] for region in _rows(NAMES / "regions.csv")}
    numbers["Micronesia"] = "057"
    named = [row[column] for column in ("intermediate_region", "subregion", "region")]
    regions = [f"region/{numbers[name]}" for name in named if name]
    latin = ["region/LA20"] if row["iso3"] in LATIN_AMERICA else []
    return latin + regions


_LABELS = ("en", "es", "fr", "pt", "zh")


def _labels(row: Row) -> dict[str, str]:
    return {code: row[f"label_{code}"] for code in _LABELS if row.get(f"label_{code}")}


def _historical(row: Row) -> Entity:
    code = row["id"].rpartition("/")[2]
    properties: dict[str, object] = dict(_forerunners(code))
    properties |= {"note": f"Begin and end: {row['reference']}."}
    codes = _rows(NAMES / "codes.csv")
    for system, name in (("iso3", "iso3"), ("cow", "cowCode")):
        own = [r["code"] for r in codes if (r["entity"], r["system"]) == (row["id"], system)]
        # A code that a present state holds too is that state's, and the table of names dates it.
        if own and (system == "cow" or own[0] == code):
            properties[name] = own[0]
    if row["other_names"]:
        properties["otherName"] = row["other_names"].split("|")
    return Entity(
        row["id"], "historical-state", _labels(row), properties, row["valid_from"], row["valid_to"]
    )


def _older_states(rows: Iterable[Row], known: set[str]) -> tuple[list[Entity], list[Rejection]]:
    """States of the historical list that ended and have no code of today; our table leads.

    A state with several spells keeps the longest; the first 999 years of our era and all before
    them are written in ways that are no dates.
    """
    spells: dict[str, list[tuple[int, Row]]] = {}
    rejected = []
    for number, row in enumerate(rows, start=2):
        begin, end = _day(row["Begin"], first=True), _day(row["End"], first=False)
        if row["End"].startswith("9999") or row["stateID"] in known:
            continue
        if not (begin and end and re.fullmatch(r"[A-Z]{2,4}", row["stateID"])):
            reason = "a date before the year 1000, or one that is no date"
            rejected.append(Rejection(number, "Begin, End", f"{row['Begin']} {row['End']}", reason))
        else:
            length = dt.date.fromisoformat(end) - dt.date.fromisoformat(begin)
            spell = {**row, "Begin": begin, "End": end}
            spells.setdefault(row["stateID"], []).append((length.days, spell))
    return [_older(max(of, key=lambda spell: spell[0])[1]) for of in spells.values()], rejected


def _older(row: Row) -> Entity:
    names = [name.strip() for name in row["StateNameAlt"].split(",") if name.strip()]
    properties: dict[str, object] = {"note": f"Begin and end: {_GGO}."}
    for code in _rows(NAMES / "codes.csv"):
        if code["entity"] == f"historical/{row['stateID']}" and code["system"] == "cow":
            properties["cowCode"] = code["code"]
    if names:
        properties["otherName"] = names
    label = {"en": row["StateName"]}
    return Entity(
        f"historical/{row['stateID']}",
        "historical-state",
        label,
        properties,
        row["Begin"],
        row["End"],
    )


def _day(text: str, *, first: bool) -> str:
    """The day of a date of the list; of a year alone, its first or last; "about" is dropped."""
    text = text.rstrip("~?")
    if re.fullmatch(r"[1-9]\d{3}", text):
        return f"{text}-01-01" if first else f"{text}-12-31"
    return text if re.fullmatch(r"[1-9]\d{3}-\d{2}-\d{2}", text) else ""


def _regions() -> Iterator[Entity]:
    for row in _rows(NAMES / "regions.csv"):
        parent = {"inRegion": [f"region/{row['parent']}"]} if row["parent"] else {}
        yield Entity(f"region/{row['m49']}", "region", _labels(row), {"m49": row["m49"], **parent})
    labels = {
        "en": "Latin America (20 states)",
        "es": "América Latina (20 Estados)",
        "pt": "América Latina (20 Estados)",
        "zh": "拉丁美洲（20国）",
    }
    note = "The twenty states of Latin America by common usage; not a UN M49 region."
    yield Entity("region/LA20", "region", labels, {"inRegion": ["region/419"], "note": note})


def _aggregates() -> Iterator[Entity]:
    for row in _rows(NAMES / "aggregates.csv"):
        note = {"note": f"{row['note']}."} if row["note"] else {}
        yield Entity(row["id"], "aggregate", _labels(row), note)
