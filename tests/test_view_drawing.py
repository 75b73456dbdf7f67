"""The page draws no more often than it must, and does not wear the browser out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from view_pages import Opened, state_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytest_plugins = ["view_pages"]
COUNT = """
window.counted = { drawings: 0, addresses: 0 };
const clear = CanvasRenderingContext2D.prototype.clearRect;
CanvasRenderingContext2D.prototype.clearRect = function (...box) {
  window.counted.drawings += 1;
  return clear.apply(this, box);
};
const replace = History.prototype.replaceState;
History.prototype.replaceState = function (...given) {
  window.counted.addresses += 1;
  return replace.apply(this, given);
};
"""
SETTLED = "() => new Promise((done) => setTimeout(done, 700))"


def counted(page: Page) -> dict[str, int]:
    """How often the picture was drawn and the address written since it was last asked."""
    page.evaluate(SETTLED)
    found: dict[str, int] = page.evaluate("window.counted")
    page.evaluate("window.counted = { drawings: 0, addresses: 0 }")
    return found


@pytest.fixture
def watched(opened: Opened) -> Page:
    page = opened()
    page.add_init_script(COUNT)
    page.reload()
    page.wait_for_selector('html[data-ready="1"]')
    return page


def test_the_picture_is_drawn_once_at_the_opening(watched: Page) -> None:
    assert counted(watched)["drawings"] == 1


@pytest.mark.parametrize("change", ["#y=2019", "#k=goods-trade,membership&n=5", "#s=PER"])
def test_a_change_draws_the_picture_once(watched: Page, change: str) -> None:
    counted(watched)
    watched.evaluate("hash => { location.hash = hash }", change)
    assert counted(watched)["drawings"] == 1


def test_a_slider_that_is_dragged_writes_the_address_when_it_rests(watched: Page) -> None:
    counted(watched)
    watched.evaluate(
        """() => { const slider = document.getElementById("year");
        for (let i = 0; i < 120; i += 1) {
          slider.value = String(2018 + i % 5);
          slider.dispatchEvent(new Event("input"));
        }
        slider.value = "2020";
        slider.dispatchEvent(new Event("input")); }"""
    )
    found = counted(watched)
    assert found["drawings"] == 1
    assert found["addresses"] < 30
    assert state_of(watched)["y"] == "2020"


def test_a_picture_is_taken_away_from_the_table_too(opened: Opened) -> None:
    """The table hides the picture; what is downloaded has its size all the same."""
    from view_pages import download

    page = opened("#t=table")
    page.fill("#year", "2019")
    png = download(page, "png")
    width, height = (int.from_bytes(png[place : place + 4], "big") for place in (16, 20))
    assert width > 1500
    assert height > 1000


@pytest.mark.parametrize("change", ["l=lean", "l=map", "y=2019", "narrower"])
def test_one_drawing_is_as_good_as_two(opened: Opened, change: str) -> None:
    """vis-network draws from where dots and arrows were; drawn again nothing may move."""
    page = opened()
    if change == "narrower":
        page.set_viewport_size({"width": 1060, "height": 700})
    else:
        page.evaluate("hash => { location.hash = hash }", change)
    page.evaluate(SETTLED)
    picture = "document.querySelector('#graph canvas').toDataURL()"
    once = page.evaluate(picture)
    page.click("#zoom-fit")
    page.evaluate(SETTLED)
    assert page.evaluate(picture) == once
