"""Projects: sectors told by titles, amounts known or unknown, rows accounted for."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoties.graph.model import Tables, UserError
from geoties.loaders import aiddata

ROW = {
    "record_id": "1",
    "recipient_iso3": "PER",
    "commitment_year": "2019",
    "start_year": "2020",
    "completion_year": "",
    "status": "Implementation",
    "sector": "TRANSPORT AND STORAGE",
    "infrastructure": "Yes",
    "amount_const_usd2021": "1500000.0",
    "title": "Loan for Chancay Port Project",
}


def _load(folder: Path, *rows: dict[str, str]) -> Tables:
    path = folder / "projects.csv"
    pl.DataFrame([ROW | row for row in rows], schema=list(ROW)).write_csv(path)
    return aiddata.load(path)


def test_a_project_and_its_tie(tmp_path: Path) -> None:
    tables = _load(tmp_path, {})
    [tie], [project] = tables.ties.to_dicts(), tables.entities.to_dicts()
    assert (tie["from"], tie["to"], tie["via"]) == ("state/CHN", "state/PER", "project/aiddata-1")
    assert (tie["year"], tie["value"], tie["unit"]) == (2019, 1_500_000.0, "USD 2021")
    assert tie["topic"] == "transport and storage|ports"
    assert json.loads(project["properties"]) == {
        "amount": 1_500_000.0,
        "commitmentYear": 2019,
        "hostedBy": "state/PER",
        "infrastructure": True,
        "sector": "TRANSPORT AND STORAGE",
        "startYear": 2020,
        "status": "Implementation",
    }


def test_an_amount_that_is_not_reported_is_unknown(tmp_path: Path) -> None:
    tables = _load(tmp_path, {"amount_const_usd2021": ""})
    assert tables.ties["value"].to_list() == [None]
    assert "amount" not in json.loads(tables.entities["properties"][0])


TRANSPORT, ENERGY = "TRANSPORT AND STORAGE", "ENERGY"
RENEWABLE = {"power", "renewable energy"}


@pytest.mark.parametrize(
    ("sector", "title", "found"),
    [
        (TRANSPORT, "Loan for Kribi Deep Sea Port Project", {"ports"}),
        (TRANSPORT, "Loan for Dry Port Construction", {"logistics"}),
        (TRANSPORT, "Grant for Airport Terminal", {"airports"}),
        (TRANSPORT, "China Harbour Engineering Company builds a road", {"roads and bridges"}),
        (TRANSPORT, "Loan for Port Moresby Road Upgrade", {"roads and bridges"}),
        (TRANSPORT, "China Railway 20 Bureau Group builds highway", {"roads and bridges"}),
        (TRANSPORT, "Loan for Belgrano Cargas Railway", {"rail"}),
        (TRANSPORT, "Support for the Belt and Road Forum", set()),
        (TRANSPORT, "Nacala Corridor Railway and Port Project", {"ports", "rail"}),
        ("HEALTH", "Hospital ship calls at the port of Callao", set()),
        ("EDUCATION", "China Road and Bridge donates a school", set()),
        (
            ENERGY,
            "Loan for 150MW Coca Hydropower Plant",
            {"power", "renewable energy", "hydropower"},
        ),
        (ENERGY, "Credit for Cauchari Solar Park", {"power", "renewable energy", "solar power"}),
        (ENERGY, "Credit for Loma Blanca Wind Farms", {"power", "renewable energy", "wind power"}),
        (ENERGY, "Loan for Port Qasim Coal-Fired Power", {"power"}),
        (ENERGY, "Pre-export finance", set()),
        ("INDUSTRY, MINING, CONSTRUCTION", "Loan for Toromocho Copper Mine", {"mining"}),
        ("INDUSTRY, MINING, CONSTRUCTION", "Oil-backed loan for a factory", set()),
        ("COMMUNICATIONS", "Loan for fibre-optic backbone", {"telecoms"}),
        ("COMMUNICATIONS", "Grant for television studio", set()),
        ("HEALTH", "Solar panels for a clinic", {"renewable energy"}),
    ],
)
def test_sectors_told_by_the_title(
    tmp_path: Path, sector: str, title: str, found: set[str]
) -> None:
    topic = _load(tmp_path, {"sector": sector, "title": title}).ties["topic"][0]
    assert topic.split("|")[0] == sector.lower()
    assert set(topic.split("|")[1:]) == found


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"recipient_iso3": ""}, "recipient_iso3"),
        ({"recipient_iso3": "QQQ"}, "recipient_iso3"),
        ({"commitment_year": "19"}, "commitment_year"),
        ({"start_year": "soon"}, "start_year"),
        ({"amount_const_usd2021": "-1"}, "amount_const_usd2021"),
        ({"amount_const_usd2021": "much"}, "amount_const_usd2021"),
        ({"infrastructure": "maybe"}, "infrastructure"),
        ({"record_id": ""}, "record_id"),
    ],
)
def test_a_bad_row_is_told(tmp_path: Path, change: dict[str, str], column: str) -> None:
    report = _load(tmp_path, {}, {"record_id": "2"} | change).report
    assert (report.read, report.loaded) == (2, 1)
    [rejection] = report.rejected
    assert (rejection.row, rejection.column, rejection.value) == (3, column, change[column])


def test_another_shape_is_told(tmp_path: Path) -> None:
    path = tmp_path / "projects.csv"
    path.write_text("id,title\n1,Port\n")
    with pytest.raises(UserError, match="the columns should be record_id"):
        aiddata.load(path)


@settings(deadline=None, max_examples=30)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "record_id": st.sampled_from(["1", "2", "3"]),
                "recipient_iso3": st.sampled_from(["PER", "", "QQQ"]),
                "amount_const_usd2021": st.sampled_from(["", "5", "x"]),
            }
        ),
        max_size=10,
    )
)
def test_every_project_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]]
) -> None:
    tables = _load(tmp_path_factory.mktemp("aiddata"), *rows)
    assert tables.report.balanced()
    assert tables.report.read == len(rows)
    assert tables.report.loaded == tables.ties.height == tables.entities.height
