"""Whatever stands in a table, each of its rows is loaded, rejected or a duplicate.

The larger loaders have the same test beside their others; here are those of one small table.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoties.loaders.registry import loader_named

# For each loader, per column: cells that fit together often enough for some rows to be loaded.
TABLES: dict[str, dict[str, Sequence[str]]] = {
    "wto_members": {
        "iso3": ["PER", "CHN", "XXX", ""],
        "country_name": ["Peru", "European Union"],
        "accession_date": ["1995-01-01", "2001-12-11", "1994-01-01", "2001", "2001-02-30"],
        "is_original_member": ["True", "False"],
    },
    "taiwan_recognition": {
        "country": ["Costa Rica", "Niger", "Korea", "Zaire"],
        "recognised_roc_from": ["1960", "1963", "1800", "19x"],
        "recognised_roc_until": ["1973.0", "1961", "", "1950"],
        "iso3": ["CRI", "NER", "COD", ""],
    },
    "bri_years": {
        "iso3": ["PER", "CHL", "XXX"],
        "name": ["Peru"],
        "lpv_year": ["2018", "2019", "2012", "", "²"],
        "greenfdc_year": ["2019"],
        "agree": ["1", "0"],
    },
    "cow_igo": {
        "io": ["UNESCO", "OAS", "APO", "AAAID", "UN"],
        "orgname": ["x"],
        "state": ["x"],
        "status": ["full", "associate", "king"],
        "first_year": ["1946", "1965", "1989", "x", "99999999999"],
        "last_year_observed": ["2014", "1992", "1960", "99999999999"],
        "end_year": [""],
        "cow": ["135", "365", "731", "850", "9999"],
        "statename": ["Peru"],
        "iso3": ["PER"],
    },
    "migo": {
        "io": ["FOCAC", "APG", "Nobody"],
        "iso3": ["PER", "ALG", "TTO"],
        "state": ["Peru", "Algeria", "Nowhere"],
        "membership_code": ["1", "1", "2"],
        "first_year": ["2000", "2005"],
        "last_year": ["2010", "2004", "later"],
    },
    "factbook": {
        "iso3": ["PER", "CHL", "XXX"],
        "org": ["FAO", "UNESCO", "OPEC", "XYZ"],
        "status": ["member", "observer", "chair"],
    },
    "alliances_atop": {
        "atopid": ["3445", "1350"],
        "member": ["710", "731", "2", "9999"],
        "phase": ["1", "2"],
        "yrent": ["1961", "1961.0", "0", "inf"],
        "moent": ["7", "0", "13"],
        "dayent": ["11", "0", ""],
        "yrexit": ["0", "1950", "1990"],
        "moexit": ["0", "2"],
        "dayexit": ["0", "30"],
        "defense": ["1", "0"],
        "offense": ["0"],
        "neutral": ["0"],
        "nonagg": ["1", "0"],
        "consul": ["0"],
    },
    "bri_greenfdc": {
        "iso3": ["PER", "CHL", "XXX"],
        "name": ["Peru"],
        "lpv_year": ["2018", ""],
        "greenfdc_year": ["2019", "2018", "unknown", "", "²"],
        "agree": ["1"],
    },
    "confucius_institutes": {
        "id": ["1", "2", "x"],
        "confucius_institute": ["Institute of Lima", ""],
        "date_est": ["2010-03-01", "", "2010-02-30"],
        "status": ["Open", "Closed"],
        "iso3": ["PER", "ECU", "CHN", ""],
    },
    "desta": {
        "number": ["171", "9+1", "68a", "x"],
        "base_treaty": ["171", "9", ""],
        "name": ["Chile China", "Chile China (consolidated)", "EC", "\xa0"],
        "year": ["2005", "2006.0", "05"],
        "entry_type": ["base_treaty", "consolidated", "accession", "withdrawal"],
        "depth_index": ["0", "7", "8", "²"],
        "depth_rasch": ["-1.5", "", "NA", "1e99", "1,5"],
    },
    "sipri_arms": {
        "supplier": ["France", "China", "Unknown supplier(s)", "Atlantis"],
        "recipient": ["Peru", "France", "Hezbollah (Lebanon)*", "NATO**"],
        "year": ["2000", "2001", "20"],
        "value": ["1", "34.5", "-1", "1,5", "9" * 400],
    },
}


def tables_of(columns: Mapping[str, Sequence[str]]) -> st.SearchStrategy[list[tuple[str, ...]]]:
    """Rows of those cells: mostly those that are at home in a column, some of any text."""
    cells = [st.sampled_from(known) for known in columns.values()]
    some = st.tuples(*cells)
    odd = st.tuples(*(st.one_of(cell, cell, st.text(max_size=6)) for cell in cells))
    return st.lists(st.one_of(some, some, odd), max_size=12)


def as_csv(columns: Mapping[str, Sequence[str]], rows: Sequence[tuple[str, ...]]) -> bytes:
    """A table of these rows as a publisher would send it."""
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([tuple(columns), *rows])
    return out.getvalue().encode()


@pytest.mark.parametrize("name", TABLES)
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_every_row_is_accounted_for(
    name: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rows = data.draw(tables_of(TABLES[name]))
    loader = loader_named(name)
    path = tmp_path_factory.mktemp("account") / loader.sources[0].filenames[0]
    path.write_bytes(as_csv(TABLES[name], rows))
    made = loader.load(path)
    assert made.report.read == len(rows)
    assert made.report.balanced()
    assert made.report.loaded or made.ties.is_empty()
    assert made.ties["id"].is_unique().all()


@pytest.mark.parametrize("name", TABLES)
def test_the_tables_of_this_test_have_rows_that_load(name: str, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    good = {"wto_members": {"iso3": "PER"}, "cow_igo": {"cow": "135"}}.get(name, {})
    row = tuple(good.get(column, cells[0]) for column, cells in TABLES[name].items())
    path.write_bytes(as_csv(TABLES[name], [row, row]))
    report = loader_named(name).load(path).report
    assert (report.read, report.loaded, report.duplicates) == (2, 1, 1), report.rejected
