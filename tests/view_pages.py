"""The page opened in a real headless Chromium, for the tests of what readers see and do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from view_samples import make_frames

from geoties.graph.frames import Frames
from geoties.graph.views import assets
from geoties.graph.views.page import render_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Opened = Callable[..., "Page"]


def cannot(reason: str) -> None:
    """Skip where a tool is missing; fail where it has to be there."""
    if os.environ.get("GEOTIES_NEED_CHROMIUM"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        cannot("playwright is not installed: pip install -e '.[dev]'")
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        cannot("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def page_frames(tmp_path_factory: pytest.TempPathFactory) -> Frames:
    return make_frames(tmp_path_factory.mktemp("world") / "frames")


@pytest.fixture(scope="session")
def page_file(tmp_path_factory: pytest.TempPathFactory, page_frames: Frames) -> Path:
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(render_page(page_frames), encoding="utf-8")
    return path


class Watched:
    """What went wrong in a page, and what it asked the network for."""

    def __init__(self, page: Page) -> None:
        self.troubles: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def _console(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.troubles.append(text)


@pytest.fixture
def opened(browser: Browser, page_file: Path) -> Iterator[Opened]:
    """Open the page (or another file) and check at the end that it stayed quiet."""
    contexts: list[BrowserContext] = []
    watched: list[Watched] = []

    def open_(fragment: str = "", path: Path = page_file, **options: Any) -> Page:
        options.setdefault("viewport", {"width": 1280, "height": 860})
        options.setdefault("reduced_motion", "reduce")
        context = browser.new_context(**options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        watched.append(Watched(page))
        page.goto(path.as_uri() + fragment)
        page.wait_for_selector('html[data-ready="1"]')
        return page

    yield open_
    for watch in watched:
        assert watch.troubles == []
        assert [url for url in watch.requests if not url.startswith(("file:", "blob:"))] == []
    for context in contexts:
        context.close()


def state_of(page: Page) -> dict[str, str]:
    """The state that the page keeps in its address."""
    fragment = page.url.partition("#")[2]
    return dict(part.split("=", 1) for part in fragment.split("&"))


def text(page: Page, selector: str) -> str:
    """What is read at a place of the page."""
    return page.inner_text(selector)


def download(page: Page, kind: str) -> bytes:
    """What one of the download buttons hands over."""
    page.evaluate("document.querySelector('details.menu').open = true")
    with page.expect_download() as waiting:
        page.click(f"#get-{kind}")
    return Path(waiting.value.path()).read_bytes()


def in_module(page: Page, module: str, expression: str, argument: object = None) -> Any:
    """A value of one of the page's modules, in the page."""
    return page.evaluate(
        f"(given) => {{ {assets.script(module)}\nreturn {expression}; }}", argument
    )
