"""Facts to land on, on the embedded tables; figures of CEPII BACI and of the UN's roll calls.

The expected values are those of the project's list of facts; the flows are in billions of USD.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import geoties.loaders
from geoties.graph.frames import Frames, write_frames
from geoties.graph.measures import compute
from geoties.graph.model import Tables
from geoties.loaders.embedded import read_embedded

DATA = Path(geoties.loaders.__file__).parent / "data"
SOURCES = ("baci", "countries", "unga_votes")


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> Frames:
    parts = [read_embedded(DATA / name) for name in SOURCES]
    names = ("entities", "ties", "observations", "coverage")
    tables = Tables(*(pl.concat([getattr(part, name) for part in parts]) for name in names))
    folder: Path = tmp_path_factory.mktemp("golden") / "frames"
    write_frames(folder, tables)
    return Frames(folder)


def value(frames: Frames, name: str, of: str, partner: str, year: int, **options: str) -> float:
    result = compute(name, frames, of=of, with_=partner, years=year, **options)
    found = result["value"].item()
    assert isinstance(found, float), result
    return found


@pytest.mark.parametrize(
    ("exporter", "importer", "year", "billions"),
    [
        ("CHL", "CHN", 2020, "28.62"), ("CHL", "CHN", 2022, "39.0"), ("BRA", "CHN", 2010, "30.78"),
        ("BRA", "CHN", 2023, "104.6"), ("COL", "USA", 2012, "22.4"), ("MEX", "USA", 2022, "438.6"),
    ],
)  # fmt: skip
def test_flows(frames: Frames, exporter: str, importer: str, year: int, billions: str) -> None:
    found = value(frames, "exports-value", exporter, importer, year) / 1e9
    assert f"{found:.{len(billions.split('.')[1])}f}" == billions


@pytest.mark.parametrize(
    ("exporter", "first", "last"),
    [("BRA", "2", "30"), ("CHL", "5", "39"), ("PER", "7", "34"), ("ECU", "1", "22")],
)
def test_china_in_the_exports_of(frames: Frames, exporter: str, first: str, last: str) -> None:
    for year, percent in ((2000, first), (2023, last)):
        assert f"{100 * value(frames, 'export-share', exporter, 'CHN', year):.0f}" == percent


def test_mexico_turned_elsewhere(frames: Frames) -> None:
    assert f"{100 * value(frames, 'export-share', 'MEX', 'CHN', 2000):.2f}" == "0.25"
    assert f"{100 * value(frames, 'export-share', 'MEX', 'CHN', 2023):.1f}" == "2.2"
    assert f"{100 * value(frames, 'export-share', 'MEX', 'USA', 2023):.0f}" == "76"


@pytest.mark.parametrize(("year", "billions"), [(2020, "309"), (2022, "464"), (2023, "459")])
def test_latin_america_and_the_caribbean_with_china(
    frames: Frames, year: int, billions: str
) -> None:
    found = value(frames, "trade-value", "region/419", "CHN", year) / 1e9
    assert f"{found:.0f}" == billions


def test_chile_and_the_united_states_in_the_general_assembly(frames: Frames) -> None:
    calendar = compute("vote-identity", frames, of="CHL", with_="USA", years=2019)
    session = compute("vote-identity", frames, of="CHL", with_="USA", years=74, period="session")
    assert f"{100 * calendar['value'].item():.2f}" == "18.89"
    assert calendar["basis"].item() == "90 roll calls"
    assert f"{100 * session['value'].item():.2f}" == "18.68"
    assert session["basis"].item() == "91 roll calls"


def test_2021_is_not_interpolated(frames: Frames) -> None:
    row = compute("export-share", frames, of="BRA", with_="CHN", years=2021).to_dicts()[0]
    assert (row["value"], row["reason"]) == (None, "no goods trade data for 2021")


def test_korea_and_argentina_in_2023_are_unknown(frames: Frames) -> None:
    row = compute("trade-share", frames, of="ARG", with_="KOR", years=2023).to_dicts()[0]
    assert row["value"] is None
    assert "unknown" in row["reason"]
    assert 0 <= row["low"] < row["high"] < 0.05


def test_when_china_passed_the_united_states(frames: Frames) -> None:
    rows = compute("turning-year", frames, region="Latin America")
    years = dict(rows.select("of", "value").iter_rows())
    assert len(years) == 20
    assert {state: years[state] for state in ("BRA", "CHL", "PER", "URY")} == {
        "BRA": 2009, "CHL": 2009, "PER": 2015, "URY": 2008
    }  # fmt: skip
    never = rows.filter(pl.col("reason") == "CHN was never ahead from 2000 to 2023")
    assert {"MEX", "COL", "CRI", "GTM", "HND"} <= set(never["of"])
