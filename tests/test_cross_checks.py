"""What others published, found again in the default graph; where it is not, the docs say why.

None of these figures comes from a source of the graph: Chile's central bank, customs, ministries,
the United States Census Bureau and Department of State counted for themselves. The page
`docs/cross-checks.md` has the same tables, the differences that are large, and why.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from geoties.knowledge import KnowledgeGraph

PAGE = Path(__file__).parent.parent / "docs" / "cross-checks.md"

CENTRAL_BANK = (
    "https://www.latercera.com/earlyaccess/noticia/"
    "china-sigue-aumentando-su-peso-en-las-exportaciones-chilenas-ya-captura-el-394/"
    "EQNYGMSGONERTDKTRRBRPH3KSU/"
)

# exporter, importer, year, billion USD, who counted, where it can be read
FLOWS = [
    ("CHL", "CHN", 2007, 10.172, "Chilean customs",
     "http://www.chinalat.com/2008/01/25/china-replaces-u-s-as-chiles-biggest-export-destination/"),
    ("CHL", "CHN", 2015, 16.671, "El Mercurio",
     "http://www.chinadaily.com.cn/business/2016-03/22/content_24018001.htm"),
    ("CHL", "CHN", 2019, 22.5706, "Chile's central bank",
     "https://cooperativa.cl/noticias/economia/crecimiento/chile/"
     "comercio-exterior-de-chile-cayo-un-7-4-por-ciento-en-2019/2020-02-24/124432.html"),
    ("CHL", "CHN", 2022, 38.447, "Chile's central bank", CENTRAL_BANK),
    ("CHL", "USA", 2022, 13.587, "Chile's central bank", CENTRAL_BANK),
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
    ("CHL", "CHN", 2013, 24.8, CENTRAL_BANK),
    ("CHL", "CHN", 2019, 32.3, CENTRAL_BANK),
    ("CHL", "CHN", 2020, 38.8, CENTRAL_BANK),
    ("CHL", "CHN", 2022, 39.4, CENTRAL_BANK),
    ("CHL", "USA", 2022, 13.9, CENTRAL_BANK),
    ("PER", "CHN", 2010, 15.5,
     "https://bufetetributario.blogspot.com/2011/04/china-es-el-principal-comprador-del.html"),
    ("PER", "USA", 2010, 16.3,
     "https://bufetetributario.blogspot.com/2011/04/china-es-el-principal-comprador-del.html"),
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


# one, other, day, where a ministry of either says so
DATES = [
    ("PER", "CHN", "2010-03-01",
     "http://www.china.org.cn/business/TradeDisputes/2010-03/01/content_19496273.htm"),
    ("CRI", "CHN", "2011-08-01",
     "http://fta.mofcom.gov.cn/enarticle/encosta/encostanews/201108/7440_1.html"),
    ("MEX", "JPN", "2005-04-01", "https://www.mofa.go.jp/region/latin/mexico/agreement/en0503.html"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "day", "where"), DATES)
def test_days_of_entry_into_force(
    kg: KnowledgeGraph, one: str, other: str, day: str, where: str
) -> None:
    ties = kg.links(one, other, kind="agreement-party")
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
    assert "| 3.79 | 1.27 | 1.37 |" in PAGE.read_text(encoding="utf-8")
