"""The embedded agreements in a store: who is linked to whom through them, and since when."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
import pytest

from geoties.graph.build import merge_entities
from geoties.graph.model import Tables
from geoties.graph.names import write_aliases
from geoties.graph.store import bulk_load, open_store
from geoties.graph.triples import write_graph
from geoties.loaders.agreement_matching import agreement_id
from geoties.loaders.embedded import read_embedded
from geoties.loaders.registry import loader_named
from geoties.ontology.kinds import kinds
from geoties.queries.shared import Ledger, shared

DAY = "2026-02-01"
PARTY = "agreement-party"


def _parts() -> Iterator[Tables]:
    for name in ("countries", "ggo_agreements", "unctad_iia", "wto_rta"):
        yield read_embedded(loader_named(name).folder)
    curated = loader_named("curated")
    yield curated.load(curated.folder)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    folder = tmp_path_factory.mktemp("agreements")
    parts = list(_parts())
    claims = pl.concat([part.entities.with_columns(loader=pl.lit("")) for part in parts])
    entities = merge_entities(claims)
    wanted = pl.col("kind").is_in([PARTY, "membership", "not-yet-in-force"])
    ties = pl.concat([part.ties.filter(wanted) for part in parts])
    empty = Tables.of()
    files, _ = write_graph(entities, ties, empty.observations, empty.coverage, folder, DAY)
    bulk_load(folder / "store", files)
    write_aliases(folder / "names.csv", entities.iter_rows(named=True))
    return Ledger(open_store(folder / "store"), DAY)


def linking(ledger: Ledger, one: str, other: str, day: str = DAY) -> dict[str, str]:
    """The agreements in force between two states on a day, with the day since when."""
    seen = Ledger(ledger.store, day)
    found = shared(seen, f"state/{one}", f"state/{other}", kinds()[PARTY])
    return {item.via: item.best.start for item in found if item.best.basis == "in force"}


def test_the_unions_agreement_with_chile_links_france_and_chile(store: Ledger) -> None:
    agreement = agreement_id("wto-rta", "33")
    assert linking(store, "FRA", "CHL", "2015-01-01")[agreement] == "2003-02-01"
    assert agreement not in linking(store, "FRA", "DEU", "2015-01-01")


def test_the_cptpp_links_the_united_kingdom_with_peru_and_not_with_mexico(store: Ledger) -> None:
    assert linking(store, "GBR", "PER")["agreement/CPTPP"] == "2024-12-15"
    assert "agreement/CPTPP" not in linking(store, "GBR", "MEX")
    assert linking(store, "MEX", "JPN")["agreement/CPTPP"] == "2018-12-30"


def test_australia_and_the_united_kingdom_began_nine_days_later(store: Ledger) -> None:
    assert "agreement/CPTPP" not in linking(store, "GBR", "AUS", "2024-12-20")
    assert linking(store, "GBR", "AUS")["agreement/CPTPP"] == "2024-12-24"


def test_norways_agreement_with_peru_began_a_year_after_switzerlands(store: Ledger) -> None:
    agreement = agreement_id("wto-rta", "178")
    assert agreement not in linking(store, "NOR", "PER", "2012-06-30")
    assert linking(store, "NOR", "PER")[agreement] == "2012-07-01"
    assert linking(store, "CHE", "PER")[agreement] == "2011-07-01"


def test_peru_and_china_share_two_treaties_and_no_third(store: Ledger) -> None:
    assert linking(store, "PER", "CHN") == {
        agreement_id("wto-rta", "666"): "2010-03-01",
        agreement_id("unctad-iia", "954"): "1995-02-01",
    }


# Trade agreements with Chinese, Japanese or Korean counterparts in force on the graph's date, as
# the WTO, UNCTAD and the curated tables have them; general schemes (GSTP, PTN) apart.
PARTNERS = {
    "ARG": "", "BOL": "", "BRA": "", "CHL": "CHN JPN KOR", "COL": "KOR", "CRI": "CHN KOR",
    "CUB": "", "DOM": "", "ECU": "CHN", "GTM": "", "HND": "KOR", "HTI": "", "MEX": "JPN",
    "NIC": "CHN KOR", "PAN": "KOR", "PER": "CHN JPN KOR", "PRY": "", "SLV": "KOR", "URY": "",
    "VEN": "",
}  # fmt: skip


@pytest.mark.parametrize("state", PARTNERS)
def test_free_trade_with_the_large_economies_of_east_asia(store: Ledger, state: str) -> None:
    schemes = {agreement_id("wto-rta", "146"), agreement_id("wto-rta", "147")}
    types = _trade_agreements()
    found = {
        partner
        for partner in ("CHN", "JPN", "KOR")
        if (set(linking(store, state, partner)) - schemes) & types
    }
    assert found == set(PARTNERS[state].split())


def _trade_agreements() -> set[str]:
    trade = pl.col("properties").str.contains('"agreementType":"trade"')
    return {one for part in _parts() for one in part.entities.filter(trade)["id"]}
