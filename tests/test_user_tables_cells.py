"""Cells of a user's table: what is taken, and the reason in plain words for what is not."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoties.loaders.user_tables_cells import date, number, reference, year


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("2017", "2017-01-01", "2017-12-31", "year"),
        ("2017-11", "2017-11-01", "2017-11-30", "month"),
        ("2016-02", "2016-02-01", "2016-02-29", "month"),
        ("2017-11-17", "2017-11-17", "2017-11-17", "day"),
        ("1494-06-07", "1494-06-07", "1494-06-07", "day"),
    ],
)
def test_dates_as_precise_as_they_are_written(
    text: str, first: str, last: str, precision: str
) -> None:
    period = date(text)
    assert (period.first, period.last, period.precision) == (first, last, precision)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("03/04/2019", "may be 2019-04-03 or 2019-03-04"),
        ("03.04.2019", "may be 2019-04-03 or 2019-03-04"),
        ("3-4-2019", "may be 2019-04-03 or 2019-03-04"),
        ("04/04/2019", "write 2019-04-04"),
        ("17/11/2017", "write 2017-11-17"),
        ("11/17/2017", "write 2017-11-17"),
        ("32/13/2019", "no day of the calendar"),
        ("03/04/19", "two digits"),
        ("2017-1-5", "write 2017-01-05"),
        ("2017/01/05", "write 2017-01-05"),
        ("2017-02-30", "no day of the calendar"),
        ("2017-13", "no day of the calendar"),
        ("2019-02-29", "no day of the calendar"),
        ("0000", "no day of the calendar"),
        ("43052", "spreadsheet's number of a day"),
        ("43052.0", "spreadsheet's number of a day"),
        ("2017-11-17T00:00:00", "time of day"),
        ("2017-11-17 10:30", "time of day"),
        ("9999-12-31", "leave the cell empty"),
        ("0001-01-01", "leave the cell empty"),
        ("1900-00-00", "no day of the calendar"),
        ("17 Nov 2017", "write 2017-11-17"),
        ("1 de mayo de 2024", "write 2024-05-01"),
        ("3. set. 2019", "write 2019-09-03"),
        ("31 June 2024", "no day of the calendar"),
        ("17 Brumaire 2017", "expected a date"),
        ("NA", "expected a date"),
        ("20171117", "expected a date"),
        ("-2017", "expected a date"),
        ("2017-11-17; 2018", "expected a date"),
    ],
)
def test_dates_that_need_guessing_are_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        date(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0.0),
        ("12", 12.0),
        ("-3.5", -3.5),
        ("1.234", 1.234),
        ("2.3836E6", 2383600.0),
        ("1e-3", 0.001),
        ("0.5", 0.5),
    ],
)
def test_plain_numbers(text: str, value: float) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1,234", "may mark thousands or decimals"),
        ("1,5", "may mark thousands or decimals"),
        ("1,234,567", "may mark thousands or decimals"),
        ("1.234.567", "signs between its digits"),
        ("1 234", "signs between its digits"),
        ("1\u00a0234", "signs between its digits"),
        ("1'234", "signs between its digits"),
        ("1,234.5", "signs between its digits"),
        ("007", "does not begin with 0"),
        ("010110", "does not begin with 0"),
        ("-01", "does not begin with 0"),
        ("NA", "expected a number"),
        ("NaN", "expected a number"),
        ("inf", "expected a number"),
        ("-", "expected a number"),
        ("..", "expected a number"),
        ("#REF!", "expected a number"),
        ("0x1F", "bare number|expected a number"),
        ("1_000", "signs|expected"),
        ("$5", "unit goes into its own column"),
        ("5 million", "unit goes into its own column"),
        ("12%", "unit goes into its own column"),
        ("1e300", "more than any amount"),
        ("9" * 40, "more than any amount"),
        ("١٢", "expected a number|signs|bare"),
    ],
)
def test_numbers_that_need_guessing_are_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        number(text)


@pytest.mark.parametrize(
    ("text", "decimal", "thousands", "value"),
    [
        ("1.234,5", ",", ".", 1234.5),
        ("1 234 567", "", " ", 1234567.0),
        ("1\u202f234,25", ",", "\u202f", 1234.25),
        ("1'234.5", "", "'", 1234.5),
        ("1,234.5", ".", ",", 1234.5),
        ("12,5", ",", "", 12.5),
        ("1234", ",", ".", 1234.0),
    ],
)
def test_declared_signs(text: str, decimal: str, thousands: str, value: float) -> None:
    assert number(text, decimal, thousands) == value


@pytest.mark.parametrize(
    ("text", "decimal", "thousands", "reason"),
    [
        ("1.5", ",", "", "has a point"),
        ("1.5", ",", ".", "does not stand between thousands"),
        ("12.34", "", "", ""),
        ("1,23", ".", ",", "does not stand between thousands"),
        ("1234,567", ".", ",", "does not stand between thousands"),
        ("1.2345", ",", ".", "does not stand between thousands"),
    ],
)
def test_declared_signs_out_of_place(text: str, decimal: str, thousands: str, reason: str) -> None:
    if not reason:
        assert number(text, decimal, thousands) == float(text)
        return
    with pytest.raises(ValueError, match=reason):
        number(text, decimal, thousands)


@pytest.mark.parametrize("text", ["17", "2017.0", "02017", "1399", "2101", "year", "２０１７"])
def test_what_is_no_year(text: str) -> None:
    with pytest.raises(ValueError, match="expected a year"):
        year(text)


def test_citations_are_addresses_or_words() -> None:
    assert reference("Gaceta Oficial, 12 de mayo de 2016") == "Gaceta Oficial, 12 de mayo de 2016"
    for text in ("javascript:alert(1)", "DATA:text/html,x", "x" * 2001):
        with pytest.raises(ValueError, match=r"expected an address|at most"):
            reference(text)


@given(st.integers(-(10**12), 10**12))
def test_thousands_are_read_back_as_they_were_written(value: int) -> None:
    assert number(f"{value:,}", ".", ",") == value
    spanish = f"{value:,}".replace(",", ".")
    assert number(spanish, ",", ".") == value


@given(st.text(max_size=12))
def test_any_text_is_a_value_or_a_reason(text: str) -> None:
    for parse in (date, year, number):
        with contextlib.suppress(ValueError):
            assert parse(text) is not None
