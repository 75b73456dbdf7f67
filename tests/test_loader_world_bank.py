"""Economies by year: every cell is a number, empty, or the reason why the file is refused."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoties.graph.model import UserError
from geoties.loaders import world_bank

HEADER = ["iso3", "year", *world_bank.INDICATORS]


def _file(folder: Path, rows: list[list[str]]) -> Path:
    path = folder / "wdi.csv"
    pl.DataFrame(rows, schema=HEADER, orient="row").write_csv(path)
    return path


def _row(iso3: str, year: str, **cells: str) -> list[str]:
    return [iso3, year, *(cells.get(column, "") for column in world_bank.INDICATORS)]


def test_a_number_becomes_an_observation_and_an_empty_cell_none(tmp_path: Path) -> None:
    path = _file(tmp_path, [_row("PER", "2020", gdp_usd="2.0e11", population="33000000")])
    found = world_bank.load(path).observations
    told = set(found.select("entity", "indicator", "year", "value", "unit", "record").rows())
    assert told == {
        ("state/PER", "gdp", 2020, 2.0e11, "USD", "PER-2020"),
        ("state/PER", "population", 2020, 33_000_000.0, "people", "PER-2020"),
    }


def test_a_zero_is_a_zero(tmp_path: Path) -> None:
    path = _file(tmp_path, [_row("CRI", "2020", milex_pct_gdp="0")])
    assert world_bank.load(path).observations["value"].to_list() == [0.0]


def test_codes_of_the_bank(tmp_path: Path) -> None:
    rows = [_row(code, "2020", population="1") for code in ("CHI", "XKX", "RUS", "NAM", "QQQ")]
    tables = world_bank.load(_file(tmp_path, rows))
    assert tables.observations["entity"].to_list() == [
        "aggregate/Channel-Islands",
        "state/XKX",
        "state/RUS",
        "state/NAM",
    ]
    assert [r.value for r in tables.report.rejected] == ["QQQ 2020"]


def test_a_text_for_a_number_is_told_by_row_and_column(tmp_path: Path) -> None:
    path = _file(tmp_path, [_row("PER", "2019", gdp_usd="1"), _row("PER", "2020", gdp_usd="n/a")])
    with pytest.raises(UserError, match=r"row 3, column gdp_usd: 'n/a'"):
        world_bank.load(path)


def test_another_shape_is_told(tmp_path: Path) -> None:
    path = tmp_path / "wdi.csv"
    path.write_text("iso3,year\nPER,2020\n")
    with pytest.raises(UserError, match="the columns should be iso3, year"):
        world_bank.load(path)


CODES = st.sampled_from(["PER", "CHL", "CHI", "QQQ", "", "per"])
YEARS = st.sampled_from(["2019", "2020", "", "MMXX", "20"])
VALUES = st.sampled_from(["", "1.5"])


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(CODES, YEARS, VALUES), max_size=12))
def test_every_row_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]
) -> None:
    path = _file(
        tmp_path_factory.mktemp("wdi"), [_row(code, year, gdp_usd=v) for code, year, v in rows]
    )
    report = world_bank.load(path).report
    assert report.balanced()
    assert report.read == len(rows)
