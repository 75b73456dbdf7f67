"""What others published, found again in the default graph; where it is not, the docs say why.

None of these figures comes from a source of the graph: national customs, ministries, the United
States Census Bureau and Department of State counted for themselves. `docs/cross-checks.md` has the
same table, the differences that are large, and their explanation.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from geoties.knowledge import KnowledgeGraph

PAGE = Path(__file__).parent.parent / "docs" / "cross-checks.md"

# exporter, importer, year, billion USD, who counted, where it can be read
FLOWS = [
    ("CHL", "CHN", 2007, 10.172, "Chilean customs",
     "http://www.chinalat.com/2008/01/25/china-replaces-u-s-as-chiles-biggest-export-destination/"),
    ("CHL", "CHN", 2015, 16.671, "El Mercurio",
     "http://www.chinadaily.com.cn/business/2016-03/22/content_24018001.htm"),
    ("BRA", "CHN", 2022, 89.4, "Brazil's ministry of trade",
     "https://forumchinaplp.org.mo/en/economic_trade/view/7580"),
    ("BRA", "CHN", 2023, 104.3, "Brazil's ministry of trade",
     "https://blogdoalanribeiro.com.br/?p=32319"),
    ("MEX", "USA", 2018, 343.681, "US Census Bureau",
     "https://opportimes.com/mexicos-exports-to-the-u-s-grew-18-in-2022"),
    ("MEX", "USA", 2019, 356.094, "US Census Bureau",
     "https://opportimes.com/mexicos-exports-to-the-u-s-grew-18-in-2022"),
    ("MEX", "USA", 2020, 323.520, "US Census Bureau",
     "https://opportimes.com/mexicos-exports-to-the-u-s-grew-18-in-2022"),
    ("MEX", "USA", 2022, 454.93, "US Census Bureau",
     "https://opportimes.com/mexicos-exports-to-the-u-s-grew-18-in-2022"),
]  # fmt: skip


@pytest.mark.parametrize(("exporter", "importer", "year", "billion", "who", "where"), FLOWS)
def test_flows_of_goods(
    kg: KnowledgeGraph,
    exporter: str,
    importer: str,
    year: int,
    billion: float,
    who: str,
    where: str,
) -> None:
    """CEPII reconciles the reports of both sides, so a report of one lies within four percent."""
    ties = kg.links(exporter, importer, on=f"{year}-12-31", kind="goods-trade")
    (value,) = ties[ties["from"] == exporter]["value"]
    assert value / 1e9 == pytest.approx(billion, rel=0.04)
    assert where in PAGE.read_text(encoding="utf-8")


# of, with, year, percent of exports, where it can be read
SHARES = [
    ("CHL", "CHN", 2007, 15.5,
     "http://www.chinalat.com/2008/01/25/china-replaces-u-s-as-chiles-biggest-export-destination/"),
    ("BRA", "CHN", 2014, 18, "https://forumchinaplp.org.mo/en/economic_trade/view/7580"),
    ("BRA", "CHN", 2020, 32.3,
     "https://www.agenzianova.com/a/60a68989ad7c73.62730779/3455459/2021-05-20/"
     "brasile-ministro-agricoltura-con-la-cina-costruito-rapporto-di-fiducia-3"),
    ("BRA", "CHN", 2022, 26, "https://forumchinaplp.org.mo/en/economic_trade/view/7580"),
    ("BRA", "CHN", 2023, 30.7,
     "https://macaonews.org/news/lusofonia/brazil-china-trade-surplus-2023"),
]  # fmt: skip


@pytest.mark.parametrize(("of", "partner", "year", "percent", "where"), SHARES)
def test_shares_of_exports(
    kg: KnowledgeGraph, of: str, partner: str, year: int, percent: float, where: str
) -> None:
    share = kg.measure("export-share", of=of, with_=partner, years=str(year))["value"].item()
    assert 100 * share == pytest.approx(percent, abs=0.75)
    assert where in PAGE.read_text(encoding="utf-8")


VOTING = "https://www.jewishvirtuallibrary.org/united-nations-member-states-voting-records"
# percent of 2018 and 2019, as the Department of State reported them to Congress
COINCIDENCE = {
    "AND": (44, 47),
    "AUS": (64, 66),
    "AUT": (45, 49),
    "BEL": (50, 55),
    "CAN": (65, 66),
    "DNK": (51, 56),
    "FIN": (47, 51),
}


@pytest.mark.parametrize("state", COINCIDENCE)
def test_voting_with_the_united_states(kg: KnowledgeGraph, state: str) -> None:
    """They count final resolutions alone, we all roll calls: within three points since 2018."""
    ours = kg.measure("vote-agreement", of=state, with_="USA", years="2018,2019")["value"] * 100
    assert ours.tolist() == pytest.approx(list(COINCIDENCE[state]), abs=3.1)
    assert VOTING in PAGE.read_text(encoding="utf-8")


def test_israel_voted_with_the_united_states_in_2019(kg: KnowledgeGraph) -> None:
    ours = kg.measure("vote-agreement", of="ISR", with_="USA", years="2019")["value"].item()
    assert 100 * ours == pytest.approx(96, abs=0.5)


DATES = [
    ("PER", "2010-03-01", "http://www.china.org.cn/business/TradeDisputes/2010-03/01/content_19496273.htm"),
    ("CRI", "2011-08-01", "https://fruitnet.com/eurofruit/china-costa-rica-fta-in-effect/11811.article"),
]  # fmt: skip


@pytest.mark.parametrize(("state", "day", "where"), DATES)
def test_days_of_entry_into_force(kg: KnowledgeGraph, state: str, day: str, where: str) -> None:
    ties = kg.links(state, "CHN", kind="agreement-party")
    assert day in set(ties["start"])
    assert where in PAGE.read_text(encoding="utf-8")


# ---- what differs, and is told

OUTLIERS = [
    ("AUS", 2017, 60),
    ("BEL", 2017, 51),
    ("CAN", 2017, 69),
    ("DNK", 2017, 52),
]


@pytest.mark.parametrize(("state", "year", "published"), OUTLIERS)
def test_votes_of_2017_differ_as_the_docs_say(
    kg: KnowledgeGraph, state: str, year: int, published: float
) -> None:
    ours = (
        100 * kg.measure("vote-agreement", of=state, with_="USA", years=str(year))["value"].item()
    )
    assert ours - published > 5
    row = rf"\| {state} \| {year} \| {published} \| {ours:.1f} \|"
    assert re.search(row, PAGE.read_text(encoding="utf-8"))


def test_costa_ricas_trade_with_china_differs_as_the_docs_say(kg: KnowledgeGraph) -> None:
    ties = kg.links("CRI", "CHN", on="2010-12-31", kind="goods-trade")
    billion = ties["value"].sum() / 1e9
    assert billion == pytest.approx(1.37, abs=0.01)
    assert "| 3.79 | 1.37 |" in PAGE.read_text(encoding="utf-8")
