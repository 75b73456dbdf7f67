"""A small sound world for the tests of the page: nine places, five years, every sort of tie."""

from __future__ import annotations

from pathlib import Path

from geoties.graph.frames import Frames, write_frames
from geoties.graph.model import Coverage, Entity, Observation, Tables, Tie

OLD, NEW = "source/flows-to-2020", "source/flows-2022"
OWN, POINTS = "source/own-2026", "source/points-2025"
PLACES = {
    # code: labels, region, latitude, longitude, people in millions, ideal point
    "PER": ({"en": "Peru", "es": "Perú", "zh": "秘鲁", "ja": "ペルー"}, "419", -10, -76, 34, 0.1),
    "CHL": ({"en": "Chile", "es": "Chile", "pt": "Chile", "zh": "智利"}, "419", -30, -71, 20, 0.3),
    "BRA": (
        {"en": "Brazil", "es": "Brasil", "pt": "Brasil", "zh": "巴西"},
        "419",
        -10,
        -55,
        210,
        0.0,
    ),
    "CHN": (
        {"en": "China", "es": "China", "pt": "China", "zh": "中国"},
        "030",
        35,
        105,
        1400,
        -1.0,
    ),
    "KOR": ({"en": "South Korea", "zh": "韩国"}, "030", 37, 127, 52, 0.6),
    "TWN": ({"en": "Taiwan", "zh": "台湾"}, "030", 23.5, 121, 23, None),
    "USA": ({"en": "United States", "es": "Estados Unidos"}, "021", 38, -97, 330, 2.5),
    "DEU": ({"en": "Germany", "es": "Alemania", "zh": "德国"}, "150", 51, 9, 83, 1.5),
    "FRA": ({"en": "France", "es": "Francia", "zh": "法国"}, "150", 46, 2, 68, 1.4),
}
REGIONS = {
    "419": "Latin America",
    "030": "Eastern Asia",
    "021": "Northern America",
    "150": "Europe",
}
FLOWS = {
    # exporter, importer: billions of USD in 2020; a tenth more in each later year
    ("PER", "CHN"): 20,
    ("CHN", "PER"): 10,
    ("PER", "USA"): 8,
    ("USA", "PER"): 9,
    ("CHL", "CHN"): 39,
    ("CHN", "CHL"): 16,
    ("CHL", "USA"): 12,
    ("USA", "CHL"): 11,
    ("BRA", "CHN"): 90,
    ("CHN", "BRA"): 50,
    ("BRA", "USA"): 30,
    ("USA", "BRA"): 35,
    ("BRA", "PER"): 2,
    ("PER", "BRA"): 1,
    ("CHL", "KOR"): 5,
    ("KOR", "CHN"): 130,
    ("DEU", "CHN"): 100,
    ("DEU", "USA"): 110,
    ("FRA", "DEU"): 60,
    ("DEU", "BRA"): 9,
}
NEWER = {("TWN", "CHN"): 60, ("BRA", "TWN"): 3}
"""Only the newer source has Taiwan."""
GROWTH = {2019: 10, 2020: 10, 2022: 12, 2023: 13}
"""Tenths; there is no 2021."""


def entities() -> list[Entity]:
    """The places, their regions, bodies, agreements and sources."""
    made = [
        Entity(
            f"state/{code}",
            "territory" if code == "TWN" else "state",
            labels,
            {"iso3": code, "inRegion": [f"region/{region}"], "latitude": lat, "longitude": lon},
        )
        for code, (labels, region, lat, lon, _, _) in PLACES.items()
    ]
    made += [Entity(f"region/{code}", "region", {"en": name}) for code, name in REGIONS.items()]
    made += [
        Entity("body/EU", "bloc", {"en": "European Union", "es": "Unión Europea"}),
        Entity("body/APEC", "body", {"en": "APEC"}),
        Entity("agreement/EU-CHL", "agreement", {"en": "EU–Chile Agreement"}),
        Entity("agreement/CHL-CHN", "agreement", {"en": "Chile–China FTA"}),
        Entity(
            "agreement/CHL-CHN-2", "agreement", {"en": "Protocol"}, {"amends": "agreement/CHL-CHN"}
        ),
        Entity("agreement/TP", "agreement", {"en": "Pacific Pact"}),
    ]
    return made + [_source(id) for id in (OLD, NEW, OWN, POINTS)]


def _source(id: str) -> Entity:
    return Entity(
        id,
        "source",
        {"en": f"Title of {id}"},
        {
            "publisher": f"Publisher of {id}",
            "url": "https://example.org/data",
            "licence": "CC-BY-4.0",
            "citation": "Somebody (2026).",
            "retrieved": "2026-02-01",
            "version": "1",
        },
    )


def _flows() -> list[Tie]:
    return [
        Tie(
            "goods-trade",
            f"state/{a}",
            f"state/{b}",
            OLD if year < 2021 else NEW,
            f"{a}-{b}-{year}",
            year=year,
            value=billions * tenths * 1e8,
            unit="USD",
        )
        for year, tenths in GROWTH.items()
        for (a, b), billions in (FLOWS | (NEWER if year > 2021 else {})).items()
    ]


def _dated(
    kind: str, a: str, b: str, start: str, role: str = "", via: str = "", seen: str = "2026-02-01"
) -> Tie:
    return Tie(
        kind,
        a,
        b,
        OWN,
        f"{a}-{b}-{start}".replace("/", "-"),
        via=via,
        role=role,
        start=start,
        start_precision="day",
        observed_to=seen,
        reference="https://example.org/fact",
    )


def ties() -> list[Tie]:
    """Flows, memberships, agreements (one through a bloc, one amended, one not yet in force),
    a recognition and a visit."""
    made = _flows()
    for code in ("PER", "CHL", "CHN", "KOR", "USA"):
        made.append(_dated("membership", f"state/{code}", "body/APEC", "1998-11-15", role="member"))
    for code in ("DEU", "FRA"):
        made.append(_dated("membership", f"state/{code}", "body/EU", "1993-11-01", role="member"))
    made += [
        _dated("agreement-party", "body/EU", "agreement/EU-CHL", "2003-02-01"),
        _dated("agreement-party", "state/CHL", "agreement/EU-CHL", "2003-02-01"),
        _dated("agreement-party", "state/CHL", "agreement/CHL-CHN", "2006-10-01"),
        _dated("agreement-party", "state/CHN", "agreement/CHL-CHN", "2006-10-01"),
        _dated("agreement-party", "state/CHL", "agreement/CHL-CHN-2", "2019-03-01"),
        _dated("agreement-party", "state/CHN", "agreement/CHL-CHN-2", "2019-03-01"),
        *(
            _dated("agreement-party", f"state/{code}", "agreement/TP", "2018-12-30")
            for code in ("PER", "CHL", "KOR")
        ),
        _dated("not-yet-in-force", "state/PER", "state/KOR", "2018-12-30", via="agreement/TP"),
        _dated("recognition", "state/PER", "state/CHN", "1971-11-02"),
        _dated("visit", "state/CHN", "state/PER", "2022-06-01", role="head-of-state", seen=""),
        Tie(
            "vote-agreement",
            "state/PER",
            "state/CHN",
            POINTS,
            "PER-CHN-2019",
            year=2019,
            value=80.5,
            unit="percent",
        ),
    ]
    return made


def observations() -> list[Observation]:
    """GDP, population and ideal points, all years alike."""
    made = []
    for code, (_, _, _, _, people, point) in PLACES.items():
        for year in range(2019, 2025):
            place = f"state/{code}"
            made.append(Observation(place, "population", year, people * 1e6, "people", OWN))
            if year < 2024:
                made.append(Observation(place, "gdp", year, people * 1e10, "USD", OWN))
            if point is not None:
                made.append(Observation(place, "ideal-point", year, point, "ideal point", POINTS))
    return made


def coverage() -> list[Coverage]:
    """Flows complete but for one unknown pair and, until 2020, Taiwan."""
    taiwan, korea, chile = "state/TWN", "state/KOR", "state/CHL"
    return [
        Coverage(OLD, "goods-trade", "complete", from_year=2019, to_year=2020),
        Coverage(NEW, "goods-trade", "complete", from_year=2022, to_year=2023),
        Coverage(OLD, "goods-trade", "unknown", from_scope=taiwan, from_year=2019, to_year=2020),
        Coverage(NEW, "goods-trade", "unknown", korea, chile, from_year=2023, to_year=2023),
        Coverage(POINTS, "ideal-point", "complete", from_year=2019, to_year=2024),
        Coverage(POINTS, "vote-agreement", "complete", from_year=2019, to_year=2019),
        Coverage(OWN, "agreement-party", "complete", from_year=1990, to_year=2026),
        Coverage(OWN, "membership", "complete", from_year=1990, to_year=2026),
    ]


def make_frames(folder: Path, named: list[Entity] | None = None) -> Frames:
    """The world as frames in a new folder; `named` replaces its entities."""
    tables = Tables.of(named or entities(), ties(), observations(), coverage())
    write_frames(folder, tables)
    return Frames(folder)
