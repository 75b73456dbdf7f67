"""Make the pictures of the page in `docs/pictures/` anew, from a built graph.

    python docs/pictures.py [--store DIR]

Needs Chromium and playwright. The README shows some of them.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path
from typing import Any

from geoties.knowledge import load

FOLDER = Path(__file__).parent / "pictures"
QUALITY = 84
DESK, PHONE = (1280, 800), (390, 780)
SHOTS = {
    # name: what of the page, its size, the colour scheme
    "pivot-light": ("#l=pivot&c=trade", DESK, "light"),
    "pivot-dark": ("#l=pivot&s=CHL", DESK, "dark"),
    "pivot-phone": ("#l=pivot", PHONE, "light"),
    "lean-light": ("#l=lean&c=trade", DESK, "light"),
    "lean-dark": ("#l=lean&c=trade&g=es", DESK, "dark"),
    "lean-phone": ("#l=lean&c=trade", PHONE, "dark"),
    "map-light": ("#l=map&p=PER,CHN", DESK, "light"),
    "map-dark": ("#l=map&g=zh", DESK, "dark"),
    "map-phone": ("#l=map&s=BRA", PHONE, "light"),
    "compare-light": ("#l=lean&s=PER,CHL,BRA", DESK, "light"),
    "table-dark": ("#t=table&g=pt", DESK, "dark"),
}


def take(browser: Any, page: Path, name: str) -> None:
    """One picture of the page."""
    fragment, (width, height), scheme = SHOTS[name]
    view = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    view.goto(page.as_uri() + fragment)
    view.wait_for_selector('html[data-ready="1"]')
    view.wait_for_timeout(300)
    view.screenshot(path=FOLDER / f"{name}.jpg", quality=QUALITY)
    view.close()


def main() -> None:
    """Write all pictures."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", help="a data directory with a built graph")
    graph = load(parser.parse_args().store)
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page = graph.view().save(Path(folder) / "page.html")
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for name in SHOTS:
            take(browser, page, name)
        browser.close()


if __name__ == "__main__":
    main()
