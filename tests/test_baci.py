"""Goods trade: CEPII's own files and the extract, every row accounted for."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoties.graph.model import Tables, UserError
from geoties.loaders import baci
from geoties.loaders.baci_doubts import understated
from geoties.loaders.embedded import read_embedded, write_embedded
from geoties.loaders.registry import loader_named

CEPII = (
    "t,i,j,k,v,q\n2023,152,156,010110,1.5, NA\n2023,152,156,260300,10,2\n2023,76,156,120190,7,1\n"
)
CODES = (
    "country_code,country_name,country_iso2,country_iso3\n"
    "76,Brazil,BR,BRA\n152,Chile,CL,CHL\n156,China,CN,CHN\n"
)


@pytest.fixture(scope="module")
def embedded() -> Tables:
    return read_embedded(loader_named("baci").folder)


def _flow(tables: Tables, record: str) -> float:
    return float(tables.ties.filter(pl.col("record") == record)["value"].item())


@pytest.mark.parametrize(
    ("record", "billion"),
    [
        ("CHL-CHN-2020", 28.62),  # ../shared/reference, section "Facts to land on" (BACI)
        ("CHL-CHN-2022", 39.0),
        ("BRA-CHN-2010", 30.78),
        ("BRA-CHN-2023", 104.6),
        ("COL-USA-2012", 22.4),
        ("MEX-USA-2022", 438.6),
    ],
)
def test_known_flows(embedded: Tables, record: str, billion: float) -> None:
    digits = len(str(billion).partition(".")[2])
    assert round(_flow(embedded, record) / 1e9, digits) == billion


def test_no_year_is_invented(embedded: Tables) -> None:
    years = set(embedded.ties["year"])
    assert years == {*range(2000, 2021), 2022, 2023}


def test_taiwan_is_unknown_in_the_earlier_release(embedded: Tables) -> None:
    rows = embedded.coverage.filter(
        (pl.col("from_scope") == "state/TWN") & (pl.col("source") == baci.EARLIER.entity)
    )
    assert rows.select("from_year", "to_year", "status").rows() == [(2000, 2020, "unknown")]


def test_a_known_gap_is_unknown_and_not_in_the_data(embedded: Tables) -> None:
    pair = (pl.col("from_scope") == "state/KOR") & (pl.col("to_scope") == "state/ARG")
    assert embedded.coverage.filter(pair)["from_year"].to_list() == [2023]
    assert embedded.ties.filter(pl.col("record") == "KOR-ARG-2023").is_empty()


def test_totals_are_the_sum_of_the_flows(embedded: Tables) -> None:
    flows = embedded.ties.filter((pl.col("from") == "state/PER") & (pl.col("year") == 2023))
    total = embedded.observations.filter(
        (pl.col("entity") == "state/PER") & (pl.col("year") == 2023)
    ).filter(pl.col("indicator") == "exports-total")
    assert flows["value"].sum() == pytest.approx(total["value"].item(), rel=1e-12)


def _cepii(folder: Path, text: str = CEPII) -> Path:
    (folder / "BACI_HS92_Y2023_V202601.csv").write_text(text)
    (folder / "country_codes_V202601.csv").write_text(CODES)
    return folder


def test_cepiis_own_files_are_summed_over_products(tmp_path: Path) -> None:
    tables = baci.load(_cepii(tmp_path))
    assert sorted(tables.ties.select("record", "value", "source").rows()) == [
        ("BRA-CHN-2023", 7_000.0, "source/baci-202601"),
        ("CHL-CHN-2023", 11_500.0, "source/baci-202601"),
    ]
    assert [source.id for source in tables.sources] == ["baci-202601"]


def test_another_shape_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"the columns should be t, i, j, k, v, q"):
        baci.load(_cepii(tmp_path, "a,b\n1,2\n"))
    (tmp_path / "x.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(UserError, match=r"x\.parquet: not a BACI table"):
        baci.load(tmp_path / "x.parquet")


ROWS = st.lists(
    st.tuples(
        st.sampled_from([2019, 2020]),
        st.sampled_from(["CHL", "CHN", "", "S19X"]),
        st.sampled_from(["CHL", "CHN", "BRA"]),
        st.sampled_from([0.0, -1.0, 5.0, None]),
    ),
    max_size=12,
)


@given(ROWS)
def test_every_row_is_loaded_rejected_or_a_duplicate(
    rows: list[tuple[int, str, str, float | None]],
) -> None:
    schema = {"year": pl.Int32, "exporter": pl.String, "importer": pl.String, "value": pl.Float64}
    flows = pl.DataFrame(rows, schema=schema, orient="row").with_columns(source=pl.lit("source/x"))
    good, report = baci._account(flows)
    assert report.balanced()
    assert report.read == len(rows)
    assert good.height == report.loaded


def test_what_is_compacted_comes_back_whole(tmp_path: Path) -> None:
    loader, raw = loader_named("baci"), _cepii(tmp_path)
    tables = baci.load(raw)
    metadata = write_embedded(tmp_path / "out", loader, tables, raw)
    again = read_embedded(tmp_path / "out")
    assert metadata["tables"]["ties"]["derived"] == ["record"]
    for name in ("ties", "observations", "coverage"):
        before, after = getattr(tables, name), getattr(again, name)
        assert after.sort(after.columns).equals(before.sort(before.columns))


def test_a_flow_worth_less_than_its_raw_materials_is_understated(embedded: Tables) -> None:
    """Saudi crude to the Republic of Korea: USD 30.7 billion in the products, 1.2 in the goods."""
    pair = (pl.col("from_scope") == "state/SAU") & (pl.col("to_scope") == "state/KOR")
    (row,) = embedded.coverage.filter(pair).to_dicts()
    assert (row["from_year"], row["to_year"], row["status"]) == (2023, 2023, "unknown")
    assert row["note"].startswith("understated: USD 1.2 billion; raw materials alone USD 30.7")
    assert _flow(embedded, "SAU-KOR-2023") == 1_170_537_000


def test_an_economy_that_did_not_report_is_unknown_on_both_sides(embedded: Tables) -> None:
    told = embedded.coverage.filter(pl.col("note").str.starts_with("did not report"))
    korea = told.filter(pl.any_horizontal(pl.col("from_scope", "to_scope") == "state/KOR"))
    assert korea.select("from_scope", "to_scope", "from_year").rows() == [
        ("", "state/KOR", 2023),
        ("state/KOR", "", 2023),
    ]
    assert told.filter(pl.col("from_scope") == "state/CHL").is_empty()


def test_doubt_begins_where_raw_materials_are_worth_a_quarter_more() -> None:
    flows = pl.DataFrame(
        {"exporter": ["A", "B", "C", "A"], "importer": ["B", "C", "A", "C"], "year": [2020] * 4,
         "value": [1e8, 1e8, 1e6, 1e8], "source": ["s"] * 4},
        schema_overrides={"year": pl.Int32},
    )  # fmt: skip
    materials = flows.select(
        "exporter", "importer", "year", materials=pl.Series([1.24e8, 1.26e8, 9e6, 2e8])
    )
    absent = pl.DataFrame({"exporter": ["A"], "importer": ["Z"], "year": [2020],
                           "materials": [1e9]}, schema_overrides={"year": pl.Int32})  # fmt: skip
    rows = understated(flows, pl.concat([materials, absent]))
    assert [(row.from_scope, row.to_scope, row.status) for row in rows] == [
        ("state/A", "state/C", "unknown"),
        ("state/B", "state/C", "partial"),
    ]
