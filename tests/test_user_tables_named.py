"""Each bad input that the issue names, and the test that shows what becomes of it.

The rule for all: a clear report, nothing lost, nothing guessed, memory bounded.
"""

from __future__ import annotations

import importlib
import inspect

import pytest

#: What the issue calls it: the tests, as module.function.
NAMED = {
    "NA": ("rows.test_na_is_namibia_and_that_is_told", "rows.test_na_may_be_declared_missing"),
    "leading zeros": (
        "rows.test_product_codes_keep_their_zeros",
        "rows.test_what_a_flow_may_not_be",
    ),
    "010110": ("rows.test_product_codes_keep_their_zeros",),
    "decimal commas": ("bad_input.test_decimal_commas_and_thousands_separators",),
    "thousands separators": (
        "bad_input.test_decimal_commas_and_thousands_separators",
        "bad_input.test_a_point_before_three_digits",
        "cells.test_declared_signs_out_of_place",
    ),
    "thousands against millions": (
        "bad_input.test_thousands_against_millions",
        "adding.test_amounts_a_thousand_times_those_of_others_are_told",
    ),
    "trailing delimiters": ("bad_input.test_trailing_delimiters",),
    "ragged rows": ("bad_input.test_ragged_rows",),
    "duplicate headers": ("bad_input.test_duplicate_headers",),
    "byte-order marks": (
        "bad_input.test_byte_order_marks",
        "bad_input.test_an_encoding_against_the_mark_is_refused",
    ),
    "Latin-1": (
        "bad_input.test_other_encodings_are_declared_never_guessed",
        "bad_input.test_the_line_that_is_not_utf8_is_told",
    ),
    "GBK": ("bad_input.test_other_encodings_are_declared_never_guessed",),
    "UTF-16": ("bad_input.test_byte_order_marks", "bad_input.test_utf16_cut_in_the_middle"),
    "NUL bytes": ("bad_input.test_nul_bytes",),
    "mixed line ends": ("bad_input.test_mixed_line_ends",),
    "a 400 MB bomb in a 400 kB gzip or zip": (
        "bad_input.test_a_bomb_of_400_megabytes_is_refused_in_little_memory",
    ),
    "an XLSX with a cell in the last row": (
        "formats.test_a_cell_in_the_last_row_of_a_spreadsheet",
    ),
    "an XLSX with formulas": ("formats.test_formulas_and_errors_of_a_spreadsheet_are_no_values",),
    "ambiguous dates": ("cells.test_dates_that_need_guessing_are_refused",),
    "impossible dates": ("cells.test_dates_that_need_guessing_are_refused",),
    "an end before its start": ("rows.test_what_a_membership_may_not_be",),
    "a tie to itself": ("rows.test_what_a_flow_may_not_be",),
    "a state before it existed": (
        "rows.test_what_a_flow_may_not_be",
        "rows.test_states_of_several_spells",
    ),
    "negative trade": ("rows.test_what_a_flow_may_not_be",),
    "unknown units": ("rows.test_what_a_flow_may_not_be",),
}


@pytest.mark.parametrize("name", NAMED)
def test_the_named_input_has_its_test(name: str) -> None:
    for place in NAMED[name]:
        module, function = place.split(".")
        test = getattr(importlib.import_module(f"test_user_tables_{module}"), function)
        assert inspect.isfunction(test), place


def test_a_rejected_row_is_named_in_full() -> None:
    from geoties.graph.model import Rejection

    assert list(Rejection.__dataclass_fields__) == ["row", "column", "value", "reason"]
