"""What the page promises to everyone: small cuts, strangers' text, notebooks, print, no scripts."""

from __future__ import annotations

import csv
import io
import json
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import view_samples
from hostile import HOSTILE
from view_pages import Opened, Watched, download, in_module, state_of, text

from geoties.graph.frames import Frames, write_frames
from geoties.graph.model import Entity, Tables, Tie, UserError
from geoties.graph.views import assets
from geoties.graph.views.crossings import order_columns
from geoties.graph.views.cut import make_cut
from geoties.graph.views.layouts import LAYOUTS, pivot
from geoties.graph.views.page import page_of, render_page
from geoties.graph.views.payload import Options, make_payload
from geoties.shown_page import View

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytest_plugins = ["view_pages"]
LANGUAGES = ("en", "es", "pt", "zh")
CROWD = 400


def crowd_of(folder: Path) -> Frames:
    """Four hundred states in three regions, each trading with its neighbours by number."""
    chance = random.Random(1)
    letters = "ABCDEFGHIJKLMNOPQRST"
    codes = ["CHN", "USA", *(f"Q{a}{b}" for a in letters for b in letters)][:CROWD]
    regions = ("419", "030", "021")
    entities = [
        Entity(f"state/{code}", "state", {"en": f"Land {code}"},
               {"inRegion": [f"region/{regions[number % 3]}"], "latitude": number % 60 - 20,
                "longitude": number * 3 - 170})
        for number, code in enumerate(codes)
    ]  # fmt: skip
    entities += [Entity(f"region/{code}", "region", {"en": code}) for code in regions]
    entities += [
        item for item in view_samples.entities() if item.id.startswith(("source/", "region/150"))
    ]
    ties = [
        Tie("goods-trade", f"state/{a}", f"state/{b}", view_samples.NEW, f"{a}-{b}-2023",
            year=2023, value=float(chance.randrange(10**6, 10**11)), unit="USD")
        for place, a in enumerate(codes)
        for b in (codes[(place + step) % CROWD] for step in range(1, 10))
    ]  # fmt: skip
    write_frames(folder, Tables.of(entities, ties, (), view_samples.coverage()))
    return Frames(folder)


def test_too_much_to_draw_is_said_and_the_cut_that_fits_is_offered(
    opened: Opened, tmp_path: Path
) -> None:
    path = tmp_path / "crowd.html"
    payload = make_payload(crowd_of(tmp_path / "frames"), Options(size=0, kinds=("goods-trade",)))
    assert len(payload["nodes"]) == CROWD
    path.write_text(page_of(payload), encoding="utf-8")
    page = opened("", path)
    assert not page.is_visible("#too-many")
    page = opened("#n=12&w=all", path)
    assert page.is_visible("#too-many")
    assert "2000" in text(page, "#too-many")
    page.click("#fewer")
    assert not page.is_visible("#too-many")
    assert (state_of(page)["n"], state_of(page)["w"]) == ("3", "middle")


def test_more_states_than_can_be_drawn_are_refused_with_a_way_out(
    page_frames: Frames, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geoties.graph.views.cut.NODE_LIMIT", 8)
    with pytest.raises(UserError, match=r"9 states, more than 8.*--size 2"):
        make_payload(page_frames, Options())
    assert len(make_payload(page_frames, Options(size=2))["nodes"]) <= 8


def hostile_frames(folder: Path) -> Frames:
    """The sample with a hostile string in every label, title, source, role, topic and reference."""
    texts = list(HOSTILE.values())
    entities = []
    for number, entity in enumerate(view_samples.entities()):
        nasty = texts[number % len(texts)] + texts[(number * 7 + 3) % len(texts)]
        properties = dict(entity.properties)
        if entity.kind == "source":
            properties |= dict.fromkeys(("publisher", "licence", "citation", "version"), nasty)
            properties["url"] = 'https://example.org/"><script>alert(1)</script>'
        labels = dict.fromkeys((*LANGUAGES, "ja"), nasty)
        entities.append(Entity(entity.id, entity.kind, labels, properties))
    ties = [
        Tie("visit", "state/CHN", "state/PER", view_samples.OWN, f"visit-{number}",
            role="head-of-state", topic=nasty, start="2022-06-01", start_precision="day",
            reference=f"javascript:alert({number})")
        for number, nasty in enumerate(texts)
    ]  # fmt: skip
    tables = Tables.of(
        entities, [*view_samples.ties(), *ties], view_samples.observations(),
        view_samples.coverage(),
    )  # fmt: skip
    write_frames(folder, tables)
    return Frames(folder)


def test_every_hostile_string_stays_text_everywhere(opened: Opened, tmp_path: Path) -> None:
    title = " ".join(HOSTILE.values())
    payload = make_payload(hostile_frames(tmp_path / "frames"), Options(title=title))
    payload["series"] = [part | {"unit": HOSTILE["script"]} for part in payload["series"]]
    payload["kinds"] = [
        kind | {"units": dict.fromkeys(LANGUAGES, HOSTILE["end of script"])}
        for kind in payload["kinds"]
    ]
    path = tmp_path / "hostile.html"
    path.write_text(page_of(payload), encoding="utf-8")
    page = opened("", path)
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    count = "document.querySelectorAll('script, style, img, iframe, base').length"
    tags = page.evaluate(count)
    for fragment in ("#s=PER&k=visit,membership", "#p=PER,CHN", "#s=PER,CHL,BRA", "#t=table",
                     "#l=map&g=zh", "#l=lean&g=es"):  # fmt: skip
        page.evaluate("hash => { location.hash = hash }", fragment)
        page.wait_for_timeout(40)
        found = page.evaluate(
            "document.querySelectorAll('script, style, img, iframe, base').length"
        )
        assert found == tags, fragment
        assert page.evaluate("[...document.links].every(a => a.protocol === 'https:' || a.hash)")
        assert page.evaluate(
            "[...document.querySelectorAll('*')].every(e => [...e.attributes].every("
            "a => !a.name.startsWith('on')))"
        )
    cells = list(csv.reader(io.StringIO(download(page, "csv").decode("utf-8-sig"))))
    assert not [
        cell for row in cells for cell in row
        if cell[:1] in ("=", "+", "@") or (cell[:1] == "-" and not cell[1:2].isdigit())
    ]  # fmt: skip
    assert json.loads(download(page, "json"))["options"]["title"] == title
    assert "<script" not in download(page, "svg").decode()


def test_a_notebook_shows_the_page_in_a_closed_frame(
    browser: Browser, page_file: Path, tmp_path: Path
) -> None:
    shown = View(page_file.read_text(encoding="utf-8"))._repr_html_()
    assert 'sandbox="allow-scripts allow-downloads"' in shown
    outer = tmp_path / "notebook.html"
    outer.write_text(f"<!doctype html>{shown}", encoding="utf-8")
    page = browser.new_page()
    watched = Watched(page)
    page.goto(outer.as_uri())
    frame = page.frame_locator("iframe")
    frame.locator('html[data-ready="1"]').wait_for()
    frame.locator("#year").fill("2019")
    assert frame.locator("#year-shown").inner_text() == "2019"
    assert watched.troubles == []
    page.close()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_without_scripts_tells_headline_table_and_sources(
    browser: Browser, page_frames: Frames, tmp_path: Path, lang: str
) -> None:
    path = tmp_path / "page.html"
    path.write_text(render_page(page_frames, lang=lang), encoding="utf-8")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    assert text(page, "#headline")
    assert page.locator(".bare tbody tr").count() == 9
    assert not page.is_visible("#graph")
    assert page.locator("footer details").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    context.close()


def test_print_leaves_the_picture_the_facts_and_the_sources(opened: Opened) -> None:
    page = opened("#s=PER", color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.is_visible(".side")
    assert not page.is_visible(".time")
    assert page.is_visible("#graph")
    assert page.is_visible("#panel-title")


def test_the_table_tells_its_order_and_the_live_region_the_choice(opened: Opened) -> None:
    page = opened("#t=table")
    page.focus("#table-head button >> nth=0")
    page.keyboard.press("Enter")
    assert page.locator('#table-head th[aria-sort="ascending"]').count() == 1
    page.focus("#table-body button >> nth=0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "panel-title"
    assert page.get_attribute("#live", "aria-live") == "polite"


def test_one_line_per_pair_with_its_strongest_tie(opened: Opened) -> None:
    page = opened("#k=goods-trade,membership,agreement-party&n=12&w=all")
    rows = list(csv.DictReader(io.StringIO(download(page, "csv").decode("utf-8-sig"))))
    pairs = [frozenset((row["from"], row["to"])) for row in rows]
    assert len(pairs) == len(set(pairs))
    assert {row["kind"] for row in rows} > {"goods-trade"}


def test_the_strongest_k_of_each_country_are_drawn(opened: Opened) -> None:
    drawn = {}
    for k in (1, 3):
        page = opened(f"#k=goods-trade&n={k}")
        rows = list(csv.DictReader(io.StringIO(download(page, "csv").decode("utf-8-sig"))))
        drawn[k] = {frozenset((row["from"], row["to"])) for row in rows}
    assert drawn[1] < drawn[3]
    assert frozenset(("CHL", "CHN")) in drawn[1]
    assert frozenset(("FRA", "DEU")) not in drawn[3], "the middle column chooses"


def test_an_arrow_points_to_the_one_depended_upon(opened: Opened) -> None:
    """Chile depends more on China than China on Chile; the shares are the data's own."""
    page = opened("#k=goods-trade&n=1&y=2023")
    rows = list(csv.DictReader(io.StringIO(download(page, "csv").decode("utf-8-sig"))))
    (row,) = [row for row in rows if {row["from"], row["to"]} == {"CHL", "CHN"}]
    assert row["from"] == "CHL"
    total = 39 + 16 + 12 + 11 + 5
    assert float(row["strength"]) == pytest.approx(100 * 55 / total, rel=1e-3)


LABELS = """(given) => {
  const widthOf = (text) => 7 * text.length;
  const made = placeLabels(given.wanted, widthOf, 12, given.frame);
  return made.map((l) => ({left: l.align === "right" ? l.x - widthOf(l.text) : l.align === "left"
    ? l.x : l.x - widthOf(l.text) / 2, width: widthOf(l.text), y: l.y}));
}"""


def test_names_never_lie_on_each_other(opened: Opened) -> None:
    chance = random.Random(3)
    wanted = [
        {"node": n, "text": "Country" * chance.randint(1, 2), "code": "ABC", "radius": 6,
         "x": chance.uniform(0, 600), "y": chance.uniform(0, 400), "strong": False,
         "quiet": False, "sides": ["right", "left", "above", "below"]}
        for n in range(150)
    ]  # fmt: skip
    given = {"wanted": wanted, "frame": {"width": 600, "height": 400}}
    boxes = in_module(opened(), "labels.js", f"({LABELS})(given)", given)
    assert len(boxes) > 20
    for n, a in enumerate(boxes):
        assert a["left"] >= 0
        assert a["left"] + a["width"] <= 600
        for b in boxes[:n]:
            apart = a["left"] + a["width"] <= b["left"] or b["left"] + b["width"] <= a["left"]
            assert apart or abs(a["y"] - b["y"]) >= 12


def crossings(order: list[list[int]], links: list[tuple[int, int, float]]) -> int:
    rank = {node: place for column in order for place, node in enumerate(column)}
    side = {node: number for number, column in enumerate(order) for node in column}
    across = [link for link in links if side[link[0]] != side[link[1]]]
    return sum(
        side[a] == side[c] and side[b] == side[d] and (rank[a] - rank[c]) * (rank[b] - rank[d]) < 0
        for n, (a, b, _) in enumerate(across)
        for c, d, _ in across[:n]
    )


def test_the_columns_cross_less_than_any_chance_order() -> None:
    chance = random.Random(5)
    columns = [list(range(0, 12)), list(range(12, 24)), list(range(24, 36))]
    links = [(chance.randrange(12, 24), n, chance.random()) for n in (*range(12), *range(24, 36))]
    links = [(min(a, b), max(a, b), weight) for a, b, weight in links]
    best = crossings(order_columns(columns, links), links)
    for _ in range(20):
        other = [chance.sample(column, len(column)) for column in columns]
        assert best < crossings(other, links)


def test_other_regions_and_poles_make_another_page(page_frames: Frames) -> None:
    payload = make_payload(
        page_frames,
        Options(regions=("150", "030"), poles=("state/KOR", "state/DEU")),
    )
    assert [column["labels"]["en"] for column in payload["columns"]] == ["Europe", "Eastern Asia"]
    assert [payload["nodes"][pole]["id"] for pole in payload["poles"]] == ["KOR", "DEU"]
    html = render_page(page_frames, regions=("150", "030"), poles=("state/KOR", "state/DEU"))
    assert "<title>Europe between South Korea and Germany</title>" in html


def test_layouts_are_the_same_every_time(page_frames: Frames) -> None:
    first, second = (make_payload(page_frames, Options())["layouts"] for _ in range(2))
    assert json.dumps(first) == json.dumps(second)
    assert set(first) == {*LAYOUTS, "lanes"}
    cut = make_cut(page_frames)
    assert pivot(cut, []) == pivot(cut, [])


def test_places_of_the_lean_follow_the_year(opened: Opened) -> None:
    places = "[...document.querySelectorAll('table.ranking td:nth-child(2)')].map(e => e.innerText)"
    page = opened("#l=lean&c=trade&y=2019")
    before = page.evaluate(places)
    spots = svg_dots(page)
    page.fill("#year", "2023")
    assert page.evaluate(places) == before, "all flows of the sample grow alike"
    page.evaluate("location.hash = 'l=lean&c=balance&y=2023'")
    page.wait_for_timeout(50)
    assert svg_dots(page) != spots


def svg_dots(page: Page) -> list[str]:
    """Where the dots of the picture stand."""
    svg = download(page, "svg").decode()
    return [part for part in svg.split("<path ") if "a6.5" in part or "a20" in part]


def test_fonts_and_scripts_need_no_one_else(page_file: Path) -> None:
    html = page_file.read_text(encoding="utf-8")
    assert "@import" not in html
    assert "url(http" not in assets.styles()
