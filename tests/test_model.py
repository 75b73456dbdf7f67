"""The rule of "in force on a date", dates, ids and tables."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoties.graph.model import (
    Entity,
    Tables,
    Tie,
    complete,
    holds_on,
    parse_date,
    slug,
    tie_frame,
    tie_id,
)
from geoties.graph.periods import status_on

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)).map(dt.date.isoformat)
PRECISIONS = st.sampled_from(["day", "month", "year"])


@pytest.mark.parametrize("text", ["2023-13-01", "2023-02-30", "23-01-01", "2023/01/01", "", "x"])
def test_an_impossible_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        parse_date(text)


@pytest.mark.parametrize(
    ("day", "tie", "answer"),
    [
        ("2010-01-01", {"start": "2010-01-01"}, "in force"),
        ("2009-12-31", {"start": "2010-01-01"}, "no"),
        ("2020-01-31", {"start": "1973-01-01", "end": "2020-02-01"}, "in force"),
        ("2020-02-01", {"start": "1973-01-01", "end": "2020-02-01"}, "no"),
        ("2017-06-30", {"start": "2017-01-01", "start_precision": "year"}, "imprecise"),
        ("2017-12-31", {"start": "2017-01-01", "start_precision": "year"}, "in force"),
        (
            "2025-01-15",
            {"start": "2000-01-01", "end": "2025-01-31", "end_precision": "month"},
            "impr",
        ),
        (
            "2025-01-31",
            {"start": "2000-01-01", "end": "2025-01-31", "end_precision": "month"},
            "no",
        ),
        ("2015-01-01", {"start": "2000-01-01", "observed_to": "2014-12-31"}, "not observed after"),
        ("1990-01-01", {"observed_to": "2026-02-01"}, "start unknown"),
        ("2026-02-01", {"observed_to": "2026-02-01"}, "in force"),
    ],
)
def test_in_force_on_a_date(day: str, tie: dict[str, str], answer: str) -> None:
    assert holds_on(day, **tie).startswith(answer)


@given(DAYS, DAYS, PRECISIONS, st.one_of(st.just(""), DAYS), PRECISIONS, DAYS)
def test_columns_and_single_ties_follow_one_rule(
    day: str, start: str, start_precision: str, end: str, end_precision: str, observed: str
) -> None:
    first = parse_date(start[: {"year": 4, "month": 7}.get(start_precision, 10)]).first
    last = parse_date(end[: {"year": 4, "month": 7}.get(end_precision, 10)]).last if end else ""
    tie = {
        "start": first,
        "start_precision": start_precision,
        "end": last,
        "end_precision": end_precision,
        "observed_to": observed,
    }
    alone = holds_on(day, **tie)
    column = pl.DataFrame([tie]).select(status_on(day)).item()
    assert column == (alone if alone in ("no", "in force") else "unknown")


def test_ids_are_safe_and_follow_from_the_record() -> None:
    tie = Tie("membership", "state/PER", "body/APEC", "source/x", "a b/ü")
    frame = Tables.of(ties=[tie]).ties
    assert (
        frame["id"].item()
        == "tie/membership/x/a%20b%2F%C3%BC"
        == tie_id("membership", "x", "a b/ü")
    )
    assert slug('<>"') == "%3C%3E%22"


def test_a_table_refuses_columns_that_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="sender"):
        complete("ties", pl.DataFrame({"sender": ["a"]}))


def test_absent_numbers_stay_unknown_and_absent_text_empty() -> None:
    tie = tie_frame(
        pl.DataFrame({"from": ["state/A"], "to": ["state/B"], "via": [None]}), kind="visit"
    )
    assert tie["value"].item() is None
    assert tie["via"].item() == ""


def test_labels_and_properties_are_canonical_text() -> None:
    entity = Entity("state/PER", "state", {"es": "Perú", "en": "Peru"}, {"b": 1, "a": [True]})
    row = Tables.of([entity]).entities.row(0, named=True)
    assert row["labels"] == '{"en":"Peru","es":"Perú"}'
    assert row["properties"] == '{"a":[true],"b":1}'
