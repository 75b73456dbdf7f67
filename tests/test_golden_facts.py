"""Facts that the default graph must land on, asked as a user asks.

The values are those of the project's reference page "Measures of alignment and dependency:
formulas and values to reproduce", section "Facts to land on": trade from CEPII's BACI (releases
to 2020 and 202501, billion USD), dates from the registers of the WTO and UNCTAD, the treaties'
depositaries and the press releases that the curated tables cite, votes from Voeten, Strezhnev and
Bailey's roll-call data.
"""

from __future__ import annotations

import pandas as pd
import pytest

from geoties.knowledge import KnowledgeGraph
from geoties.queries.conflicts import conflicts
from geoties.queries.truth import is_tied

# exporter, importer, year, billion USD as published with this precision
FLOWS = [
    ("CHL", "CHN", 2020, 28.62, 0.005),
    ("CHL", "CHN", 2022, 39.0, 0.05),
    ("BRA", "CHN", 2010, 30.78, 0.005),
    ("BRA", "CHN", 2023, 104.6, 0.05),
    ("COL", "USA", 2012, 22.4, 0.05),
    ("MEX", "USA", 2022, 438.6, 0.05),
]


@pytest.mark.parametrize(("exporter", "importer", "year", "billions", "within"), FLOWS)
def test_goods_trade(
    kg: KnowledgeGraph, exporter: str, importer: str, year: int, billions: float, within: float
) -> None:
    ties = kg.links(exporter, importer, on=f"{year}-12-31", kind="goods-trade")
    (flow,) = ties[ties["from"] == exporter].to_dict("records")
    assert flow["value"] / 1e9 == pytest.approx(billions, abs=within)
    assert (flow["year"], flow["unit"]) == (year, "USD")
    assert flow["source"] == ("baci-to-2020" if year <= 2020 else "baci-202501")


SHARES_OF_CHINA = [
    ("BRA", 0.02, 0.30, 0.005),
    ("CHL", 0.05, 0.39, 0.005),
    ("PER", 0.07, 0.34, 0.005),
    ("ECU", 0.01, 0.22, 0.005),
    ("MEX", 0.0025, 0.022, 0.0005),
]


@pytest.mark.parametrize(("exporter", "first", "last", "within"), SHARES_OF_CHINA)
def test_chinas_share_of_exports(
    kg: KnowledgeGraph, exporter: str, first: float, last: float, within: float
) -> None:
    shares = kg.measure("export-share", of=exporter, with_="CHN", years="2000,2023")
    assert shares["value"].tolist() == pytest.approx([first, last], abs=within)


def test_the_share_of_the_united_states_in_mexicos_exports(kg: KnowledgeGraph) -> None:
    share = kg.measure("export-share", of="MEX", with_="USA", years="2023")
    assert share["value"].tolist() == pytest.approx([0.76], abs=0.005)


def test_trade_of_latin_america_and_the_caribbean_with_china(kg: KnowledgeGraph) -> None:
    region, years = "Latin America and the Caribbean", "2020,2022,2023"
    trade = kg.measure("trade-value", region=region, with_="CHN", years=years)
    billions = trade.groupby("year")["value"].sum() / 1e9
    assert billions.round().to_dict() == {2020: 309, 2022: 464, 2023: 459}


IN_FORCE = [
    ("CHL", "2006-10-01"),
    ("PER", "2010-03-01"),
    ("CRI", "2011-08-01"),
    ("NIC", "2024-01-01"),
    ("ECU", "2024-05-01"),
]


@pytest.mark.parametrize(("state", "start"), IN_FORCE)
def test_free_trade_agreements_with_china(kg: KnowledgeGraph, state: str, start: str) -> None:
    agreements = kg.links(state, "CHN", kind="agreement-party")
    trade = agreements[agreements["via"].str.startswith("wto-")]
    assert trade["start"].tolist() == [start]
    assert trade["end"].tolist() == [""]
    before = (pd.Timestamp(start) - pd.Timedelta(days=1)).date().isoformat()
    via = trade["via"].item()
    on_the_day = kg.links(state, "CHN", kind="agreement-party", on=start)["via"].tolist()
    assert via in on_the_day
    assert via not in kg.links(state, "CHN", kind="agreement-party", on=before)["via"].tolist()


def test_the_agreement_of_chile_and_china_was_signed_before(kg: KnowledgeGraph) -> None:
    signed = kg.sparql(
        """SELECT DISTINCT ?start WHERE {
             [] a gt:AgreementParty ; gt:from geo:state\\/CHL ; gt:to ?agreement ;
                gt:start "2006-10-01"^^xsd:date .
             [] a gt:Signature ; gt:from geo:state\\/CHN ; gt:to ?agreement .
             [] a gt:Signature ; gt:from geo:state\\/CHL ; gt:to ?agreement ; gt:start ?start }"""
    )
    assert signed["start"].tolist() == ["2005-11-18"]


PARTIES = [
    ("PER", "CPTPP", "2021-09-19"),
    ("CHL", "CPTPP", "2023-02-21"),
    ("GBR", "CPTPP", "2024-12-15"),
    ("CHN", "RCEP", "2022-01-01"),
    ("JPN", "RCEP", "2022-01-01"),
    ("AUS", "RCEP", "2022-01-01"),
]


@pytest.mark.parametrize(("state", "agreement", "start"), PARTIES)
def test_parties_of_the_great_agreements(
    kg: KnowledgeGraph, state: str, agreement: str, start: str
) -> None:
    ties = kg.links(state, agreement, kind="agreement-party")
    dated = ties[ties["start"] != ""]
    assert set(dated["start"]) == {start}
    assert "curated-2026" in set(dated["source"])


def test_the_cptpp_does_not_yet_link_the_united_kingdom_and_mexico(kg: KnowledgeGraph) -> None:
    assert "CPTPP" not in kg.links("GBR", "MEX", kind="agreement-party")["via"].tolist()
    assert "CPTPP" in kg.links("GBR", "PER", kind="agreement-party")["via"].tolist()


JOINED = [
    ("MEX", "APEC", "1993"),
    ("CHL", "APEC", "1994"),
    ("PER", "APEC", "1998"),
    ("CHL", "BRI", "2018"),
    ("PER", "BRI", "2019"),
]


@pytest.mark.parametrize(("state", "body", "year"), JOINED)
def test_years_of_joining(kg: KnowledgeGraph, state: str, body: str, year: str) -> None:
    ties = kg.links(state, body, kind="membership")
    assert {start[:4] for start in ties["start"]} == {year}
    assert set(ties["end"]) == {""}


def test_panama_joined_the_belt_and_road_in_2017_and_left_in_2025(kg: KnowledgeGraph) -> None:
    assert kg.links("PAN", "BRI").empty
    was = kg.links("PAN", "BRI", on="2024-12-31")
    assert {start[:4] for start in was["start"]} == {"2017"}
    ended = kg.links("PAN", "BRI", ended=True)
    assert {end[:4] for end in ended["end"] if end} == {"2025"}
    assert not [said for said in ended["sentence"] if "takes part" in said and "ended" not in said]


def test_chiles_votes_like_those_of_the_united_states(kg: KnowledgeGraph) -> None:
    of_2019 = kg.measure("vote-identity", of="CHL", with_="USA", years="2019")
    assert of_2019["value"].tolist() == pytest.approx([17 / 90])
    assert of_2019["basis"].tolist() == ["90 roll calls"]
    sessions = kg.measure("vote-identity", of="CHL", with_="USA", period="session")
    last = sessions[sessions["year"] == 74]
    assert last["value"].tolist() == pytest.approx([17 / 91])
    assert last["basis"].tolist() == ["91 roll calls"]


# State, and the last switch from Taipei to Beijing: the day of the communiqué (Xinhua and the
# Chinese foreign ministry; Taipei's day where it is another: Foreign relations of Taiwan).
SWITCHES = [
    ("BOL", "1985-07-09", "1985-07-09"),
    ("URY", "1988-02-03", "1988-02-03"),
    ("BHS", "1997-05-23", "1997-05-18"),
    ("DMA", "2004-03-23", "2004-03-30"),
    ("GRD", "2005-01-20", "2005-01-27"),
    ("CRI", "2007-06-01", "2007-06-01"),
    ("PAN", "2017-06-13", "2017-06-13"),
    ("DOM", "2018-05-01", "2018-05-01"),
    ("SLV", "2018-08-21", "2018-08-21"),
    ("NIC", "2021-12-10", "2021-12-10"),
    ("HND", "2023-03-26", "2023-03-26"),
]


@pytest.mark.parametrize(("state", "beijing", "taipei"), SWITCHES)
def test_switches_from_taipei_to_beijing(
    kg: KnowledgeGraph, state: str, beijing: str, taipei: str
) -> None:
    begun = kg.links(state, "CHN", kind="diplomatic-relation")
    assert begun["start"].tolist() == [beijing]
    ended = kg.links(state, "TWN", kind="recognition", ended=True)
    assert taipei in ended["end"].tolist()
    assert kg.links(state, "TWN", kind="recognition").empty


def test_there_and_back(kg: KnowledgeGraph) -> None:
    """Saint Lucia: Taipei 1984, Beijing 1997, Taipei again from 2007-04-30."""
    assert kg.links("LCA", "CHN", kind="diplomatic-relation", on="2005-01-01").shape[0] == 1
    assert kg.links("LCA", "CHN", kind="diplomatic-relation").empty
    assert "2007-04-30" in kg.links("LCA", "TWN", kind="recognition")["start"].tolist()


OUT_AND_AWAY = [
    ("PRY", "MERCOSUR", "2012-12-31"),  # suspended 2012-06-29 to 2013-08-15 (mercosur.int)
    ("VEN", "MERCOSUR", "2018-01-01"),  # rights ceased 2016-12-02 (mercosur.int)
    ("NIC", "OAS", "2024-01-01"),  # denounced 2021-11-19, out two years later (oas.org)
    ("HND", "OAS", "2010-01-01"),  # suspended 2009-07-04 to 2011-06-01 (oas.org)
    ("CUB", "OAS", "1970-01-01"),  # excluded 1962-01-31 (oas.org)
]


@pytest.mark.parametrize(("state", "body", "day"), OUT_AND_AWAY)
def test_withdrawals_and_suspensions(kg: KnowledgeGraph, state: str, body: str, day: str) -> None:
    assert truth(kg, state, body, day) == "no"
    assert truth(kg, "URY" if body == "MERCOSUR" else "PER", body, day) == "yes"


def truth(kg: KnowledgeGraph, x: str, y: str, day: str) -> str:
    """The answer to whether `x` is in `y` on a day."""
    graph = kg.opened
    verdict = is_tied(graph.store, x, "in", y, graph_date=graph.date, names=graph.names, on=day)
    return verdict.answer


def test_saudi_crude_to_korea_is_understated_and_the_share_a_range(kg: KnowledgeGraph) -> None:
    """BACI 202501: goods of USD 1.2 billion in 2023, where raw materials alone were 30.7."""
    shares = kg.measure("import-share", of="KOR", with_="SAU", years="2023")
    (row,) = shares.to_dict("records")
    assert pd.isna(row["value"])
    assert row["low"] < 0.01 < 0.05 < row["high"]
    assert "understated" in row["reason"]


def test_memberships_are_corroborated(kg: KnowledgeGraph) -> None:
    rows = conflicts(kg.opened, "PER", kinds=["membership"], agreed=True).dicts()
    agreed = {row["to"]: row["finding"] for row in rows}
    assert agreed["APEC"] == agreed["UN"] == agreed["WTO"] == "corroborated by 2"
