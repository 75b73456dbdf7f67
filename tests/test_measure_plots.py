"""Plots: one file that says what it shows, the same bytes each time, errors in one sentence."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import polars as pl
import pytest

from geoties.graph.measures import cards
from geoties.graph.measures.plots import plot, render
from geoties.graph.measures.result import tidy
from geoties.graph.model import UserError

pytest.importorskip("matplotlib")
CARD = cards()["export-share"]


def answer(years: range, states: int = 2) -> pl.DataFrame:
    rows = [
        {"of": f"state/S{state:02}", "with": "state/CHN", "year": year, "source": "source/r1",
         "value": None if year == 2021 else 0.1 * state + 0.01 * (year - 2019),
         "low": 0.1 if year == 2022 else None, "high": 0.4 if year == 2022 else None,
         "reason": "no goods trade data for 2021" if year == 2021 else ""}
        for state in range(states)
        for year in years
    ]  # fmt: skip
    return tidy("export-share", "share", pl.DataFrame(rows, infer_schema_length=None))


@pytest.mark.parametrize("years", [range(2019, 2024), range(2023, 2024)], ids=["lines", "bars"])
def test_an_svg_names_measure_unit_years_and_source(years: range) -> None:
    svg = render(answer(years), CARD, ".svg").decode()
    ET.fromstring(svg)
    texts = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    for expected in (
        CARD.name,
        str(years[0]),
        "share",
        "Source: goods trade (CEPII BACI",
        "[r1]",
        "S00",
    ):
        assert expected in texts
    if len(years) > 1:
        assert "No value: no goods trade data for 2021" in texts


def test_reasons_are_told_once_with_their_years_and_whose_they_are() -> None:
    rows = [
        {"of": "state/AAA", "with": "", "year": year, "source": "source/r1", "value": value,
         "reason": "" if value else f"no data of the state for {year}"}
        for year, value in ((2000, None), (2001, None), (2003, None), (2004, 1.0), (2005, 2.0))
    ] + [{"of": "state/BBB", "with": "", "year": y, "source": "source/r1", "value": 3e9,
          "reason": ""} for y in (2004, 2005)]  # fmt: skip
    answer = tidy("export-share", "USD", pl.DataFrame(rows, infer_schema_length=None))
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", render(answer, CARD, ".svg").decode())
    assert "No value: AAA: no data of the state for 2000–2001, 2003." in texts
    assert "billion USD" in texts


def test_the_same_answer_gives_the_same_bytes() -> None:
    for kind in (".svg", ".html", ".pdf"):
        assert render(answer(range(2019, 2024)), CARD, kind) == render(
            answer(range(2019, 2024)), CARD, kind
        )


def test_an_html_page_needs_nothing_else(tmp_path: Path) -> None:
    page = plot(answer(range(2019, 2024)), CARD, tmp_path / "p.html", title="A <b> & c").read_text()
    assert "<title>A &lt;b&gt; &amp; c</title>" in page
    assert "<script" not in page
    assert not re.search(r"""(?:src|href)=["']https?:""", page)


def test_png_is_written(tmp_path: Path) -> None:
    path = plot(answer(range(2023, 2024)), CARD, tmp_path / "p.png")
    assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("frame", "name", "sentence"),
    [
        (answer(range(2023, 2024)), "p.gif", "is written as .svg"),
        (answer(range(2021, 2022)), "p.svg", "no value to draw: no goods trade data for 2021"),
        (answer(range(2019, 2024), 30), "p.svg", "30 lines; a plot shows 21"),
    ],
)
def test_what_cannot_be_drawn_is_said(
    frame: pl.DataFrame, name: str, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match=sentence):
        plot(frame, CARD, tmp_path / name)
    assert not list(tmp_path.iterdir())
