"""Trade in raw materials: six digits as text, dollars, who traded, and what is left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoties.graph.model import Tables, UserError
from geoties.loaders import commodities
from geoties.loaders.embedded import read_embedded, write_embedded
from geoties.loaders.registry import loader_named

COLUMNS = ("year", "exporter", "importer", "hs6", "usd_thousand", "tonnes")
Row = tuple[Any, ...]


def load(tmp_path: Path, *rows: Row) -> Tables:
    path = tmp_path / "extract.parquet"
    schema = dict(
        zip(
            COLUMNS,
            (pl.Int64, pl.String, pl.String, pl.Int64, pl.Float64, pl.Float64),
            strict=True,
        )
    )
    pl.DataFrame(rows, schema=schema, orient="row").write_parquet(path)
    return commodities.load(path)


@pytest.fixture(scope="module")
def embedded() -> Tables:
    return read_embedded(loader_named("commodities").folder)


def test_a_flow_is_in_dollars_and_its_product_is_text(tmp_path: Path) -> None:
    (tie,) = load(tmp_path, (2023, "CHL", "CHN", 260300, 1.234, 5.0)).ties.to_dicts()
    assert (tie["from"], tie["to"], tie["topic"]) == ("state/CHL", "state/CHN", "260300")
    assert (tie["value"], tie["unit"], tie["year"]) == (1234.0, "USD", 2023)
    assert tie["record"] == "CHL-CHN-260300-2023"


@pytest.mark.parametrize(
    ("code", "year", "entity"),
    [
        ("BEL", 1998, "aggregate/Belgium-Luxembourg"),
        ("BEL", 1999, "state/BEL"),
        ("ZA1", 1997, "aggregate/Southern-African-Customs-Union"),
        ("SCG", 2005, "historical/SCG"),
        ("ANT", 2010, "historical/ANT"),
        ("TWN", 2020, "state/TWN"),
        ("HKG", 2020, "state/HKG"),
        ("COD", 2020, "state/COD"),
        ("NER", 2020, "state/NER"),
    ],
)
def test_who_traded(tmp_path: Path, code: str, year: int, entity: str) -> None:
    assert load(tmp_path, (year, code, "USA", 260300, 9.0, None)).ties["from"].item() == entity


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ((2020, "PUS", "USA", 260300, 1.0, 1.0), "exporter"),
        ((2020, "USA", "XXX", 260300, 1.0, 1.0), "importer"),
        ((2020, "USA", None, 260300, 1.0, 1.0), "importer"),
        ((2020, "USA", "USA", 260300, 1.0, 1.0), "importer"),
        ((2020, "USA", "CHN", 10110, 1.0, 1.0), "hs6"),
        ((2020, "USA", "CHN", None, 1.0, 1.0), "hs6"),
        ((2020, "USA", "CHN", 260300, -1.0, 1.0), "value"),
        ((2020, "USA", "CHN", 260300, None, 1.0), "value"),
        ((2020, "USA", "CHN", 260300, 0.0, 1.0), "value"),
        ((None, "USA", "CHN", 260300, 1.0, 1.0), "year"),
    ],
)
def test_a_bad_row_is_told(tmp_path: Path, row: Row, column: str) -> None:
    report = load(tmp_path, row).report
    assert [one.column for one in report.rejected] == [column]
    assert report.balanced()


CEPII = (
    "t,i,j,k,v,q\n2024,152,156,260300,1.5, NA\n2024,152,156,010110,10,2\n2024,152,999,260300,7,1\n"
)
CODES = "country_code,country_name,country_iso2,country_iso3\n152,Chile,CL,CHL\n156,China,CN,CHN\n"


def test_cepiis_own_files_give_the_74_products(tmp_path: Path) -> None:
    (tmp_path / "BACI_HS92_Y2024_V202601.csv").write_text(CEPII)
    (tmp_path / "country_codes_V202601.csv").write_text(CODES)
    tables = commodities.load(tmp_path)
    assert tables.ties.select("record", "value").rows() == [("CHL-CHN-260300-2024", 1500.0)]
    assert (tables.report.read, len(tables.report.rejected)) == (2, 1)


def test_another_shape_is_told(tmp_path: Path) -> None:
    other = tmp_path / "other.parquet"
    pl.DataFrame({"a": [1]}).write_parquet(other)
    with pytest.raises(UserError, match=r"other\.parquet: not a table of year, exporter"):
        commodities.load(other)
    other.write_bytes(b"PAR1 cut off")
    with pytest.raises(UserError, match=r"other\.parquet: not a table"):
        commodities.load(other)
    (tmp_path / "BACI_HS92_Y2024_V202601.csv").write_text("a,b\n1,2\n")
    with pytest.raises(UserError, match="the columns should be t, i, j, k, v, q"):
        commodities.load(tmp_path)


def test_all_flows_of_the_products_are_known(tmp_path: Path) -> None:
    rows = [(2020, "CHL", "CHN", 260300, 100.0, 1.0), (2021, "CHL", "JPN", 260300, 0.001, 1.0)]
    (row,) = load(tmp_path, *rows).coverage.to_dicts()
    assert (row["status"], row["topic_scope"]) == ("complete", "260300")
    assert (row["from_year"], row["to_year"]) == (2020, 2021)


def test_records_come_back_from_the_embedded_table(tmp_path: Path) -> None:
    tables = load(
        tmp_path, (2020, "CHL", "CHN", 260300, 1.0, 1.0), (2020, "CHL", "CHN", 283691, 2.0, 1.0)
    )
    folder = tmp_path / "out"
    folder.mkdir()
    metadata = write_embedded(
        folder, loader_named("commodities"), tables, tmp_path / "extract.parquet"
    )
    assert metadata["tables"]["ties"]["derived"] == ["record with topic"]
    assert read_embedded(folder).ties.sort("id").equals(tables.ties.sort("id"))


CELLS = st.tuples(
    st.sampled_from([1996, 2020, None]),
    st.sampled_from(["CHL", "BEL", "XXX", None]),
    st.sampled_from(["CHN", "BEL", "USA"]),
    st.sampled_from([260300, 283691, 1, None]),
    st.sampled_from([5.0, 0.0, None]),
    st.none(),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(CELLS, max_size=12))
def test_every_row_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row]
) -> None:
    tables = load(tmp_path_factory.mktemp("rows"), *rows)
    assert tables.report.read == len(rows)
    assert tables.report.balanced()
    assert tables.ties.height == tables.report.loaded


def test_what_is_embedded(embedded: Tables) -> None:
    ties = embedded.ties
    assert set(ties["year"]) == {*range(1995, 2025)}
    assert ties["topic"].n_unique() == 74
    assert ties.height == 1_264_872
    assert ties.filter(pl.col("value") < 1).is_empty()
    ore = ties.filter(pl.col("record") == "CHL-CHN-260300-2023")
    assert round(ore["value"].item() / 1e9, 1) == 17.6  # CEPII's BACI: copper ore
    assert set(embedded.coverage["status"]) == {"complete"}
