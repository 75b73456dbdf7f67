"""The server's pages in a real headless Chromium, as whoever starts it sees them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from server_client import Server, served
from view_pages import Watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytest_plugins = ["view_pages"]


@pytest.fixture(scope="module")
def server(default_store: Path) -> Iterator[Server]:
    """The server over the whole default graph."""
    with served(default_store) as found:
        yield found


class Visit:
    """A browser that visits the server, and stays quiet and at home."""

    def __init__(self, browser: Browser, server: Server, **options: Any) -> None:
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 860}} | options)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(90_000)  # the explorer takes its time on a busy machine
        self.watched = Watched(self.page)
        self.home = f"http://127.0.0.1:{server.port}"

    def go(self, path: str) -> Page:
        """Open a page of the server."""
        self.page.goto(self.home + path)
        return self.page

    def end(self) -> None:
        """Nothing went wrong and nobody else was asked."""
        assert self.watched.troubles == []
        ours = (self.home, "data:", "blob:")
        assert [url for url in self.watched.requests if not url.startswith(ours)] == []
        self.context.close()


@pytest.fixture(params=["light", "dark", "phone"])
def visit(browser: Browser, server: Server, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A visit in the light, in the dark, and by phone."""
    phone = {"viewport": {"width": 390, "height": 844}} if request.param == "phone" else {}
    scheme = {"color_scheme": "dark" if request.param == "dark" else "light"}
    found = Visit(browser, server, **phone, **scheme)
    yield found
    found.end()


def _fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("path", ["/", "/state/PER", "/api", "/tie"])
def test_pages_can_be_read_by_everyone(visit: Visit, path: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    if path == "/tie":
        visit.go("/state/PER?kind=membership").locator("a[href^='/tie/']").first.click()
        visit.page.wait_for_url("**/tie/**", wait_until="load")
    else:
        visit.go(path)
    assert _fits(visit.page)
    found = axe.run(visit.page).response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []


def test_the_editor_runs_what_it_begins_with(visit: Visit) -> None:
    page = visit.go("/yasgui")
    page.wait_for_selector(".yasqe .CodeMirror")
    page.locator(".yasqe_queryButton").click()
    page.wait_for_selector(".yasr table tbody tr")
    assert page.locator(".parseErrorIcon").count() == 0
    assert "PREFIX gt:" in page.locator(".yasqe").inner_text()


def test_the_editor_runs_a_question_of_the_library(visit: Visit) -> None:
    page = visit.go("/yasgui")
    page.select_option("#saved", "members-of-body")
    page.wait_for_selector(".yasr table tbody tr")
    table = page.locator(".yasr table").inner_text()
    assert "state/PER" in table
    assert _fits(page)
    with page.context.expect_page() as opened:
        page.locator(".yasr table a", has_text="state/PER").click()
    opened.value.wait_for_url(f"{visit.home}/state/PER")


def test_a_question_is_asked_in_its_form(visit: Visit) -> None:
    page = visit.go("/api")
    page.fill("#filter", "members of a body")
    assert page.locator(".question:visible").count() < 5
    page.click("#members-of-body summary")
    page.click("#members-of-body button")
    page.wait_for_selector("#members-of-body table")
    assert "Peru" in page.locator("#members-of-body table").inner_text()
    assert _fits(page)


def test_a_form_that_does_not_fit_is_told(visit: Visit) -> None:
    page = visit.go("/api")
    page.click("#indicators summary")
    page.locator("#indicators input").first.fill("Atlantis")
    page.click("#indicators button")
    page.wait_for_selector("#indicators .wrong")
    assert "Atlantis" in page.locator("#indicators .wrong").inner_text()
    visit.watched.troubles.clear()  # the browser notes the status 400


def test_a_name_leads_to_a_page_and_on_to_the_explorer(visit: Visit) -> None:
    page = visit.go("/")
    page.fill("input[name=name]", "Perú")
    page.keyboard.press("Enter")
    page.wait_for_url("**/state/PER")
    page.click("text=In the explorer")
    page.wait_for_selector("#graph canvas")
    assert page.locator("#panel-body, table.ranking").count()
