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
    for expected in (CARD.name, str(years[0]), "share", "Source: r1", "S00"):
        assert expected in texts
    if len(years) > 1:
        assert "No value: no goods trade data for 2021" in texts


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
