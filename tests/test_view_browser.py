"""The page in a real headless Chromium: what a reader sees and does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from test_view_page import HOSTILE, hostile_entities
from view_pages import Opened, Watched, cannot, download, in_module, state_of, text
from view_samples import make_frames

from geoties.graph import model
from geoties.graph.frames import Frames
from geoties.graph.views import assets
from geoties.graph.views.page import render_page
from geoties.graph.views.payload import Options, make_payload

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytest_plugins = ["view_pages"]
LANGUAGES = ("en", "es", "pt", "zh")


def test_opens_without_a_request_or_an_error(opened: Opened) -> None:
    page = opened()
    assert text(page, "h1") == "Latin America between China and the United States"
    assert "2023" in text(page, "#subtitle")
    assert page.locator("#graph canvas").count() == 1


def test_the_middle_is_ranked_where_nothing_is_chosen(opened: Opened) -> None:
    names = opened().locator("table.ranking th").all_inner_texts()
    assert sorted(names) == ["Brazil", "Chile", "Peru"]


def test_everything_follows_the_year(opened: Opened) -> None:
    page = opened("#s=CHL")
    before = text(page, "#panel-body")
    page.fill("#year", "2019")
    assert state_of(page)["y"] == "2019"
    assert text(page, "#year-shown") == "2019"
    assert text(page, "#panel-body") != before
    assert "2019" in text(page, "#subtitle")


def test_a_year_without_data_is_named(opened: Opened) -> None:
    page = opened("#y=2021")
    assert "goods trade" in text(page, "#year-note")
    assert page.locator("label.missing", has_text="Goods trade").count() == 1
    assert page.locator("#ticks .gap").count() > 0
    assert "2021" in (page.get_attribute("#year", "aria-valuetext") or "")


def test_the_hash_restores_the_view(opened: Opened) -> None:
    wanted = "#y=2020&l=lean&c=net-alignment&k=membership&n=5&w=all&s=PER,CHL&t=table&g=es"
    page = opened(wanted)
    assert state_of(page) == dict(part.split("=") for part in wanted[1:].split("&"))
    assert page.is_checked("#layout-lean")
    assert page.is_checked("#kind-membership")
    assert not page.is_checked("#kind-goods-trade")
    assert page.is_visible("#table-view")
    assert page.get_attribute("html", "lang") == "es"


def test_a_senseless_hash_is_passed_over(opened: Opened) -> None:
    page = opened("#y=1066&l=spiral&c=love&k=friendship&n=-3&s=XXX&p=PER&g=tlh&%ff")
    state = state_of(page)
    assert (state["y"], state["l"], state["n"], state["g"]) == ("2023", "pivot", "3", "en")


def test_back_and_forth_in_the_address(opened: Opened) -> None:
    page = opened()
    page.evaluate("location.hash = 'y=2019&s=BRA'")
    page.wait_for_selector("#panel-title")
    assert text(page, "#panel-title") == "Brazil"


def test_kinds_are_filtered_in_the_legend(opened: Opened) -> None:
    page = opened()
    page.uncheck("#kind-goods-trade")
    assert "goods-trade" not in state_of(page)["k"]
    page.check("#kind-membership")
    assert "membership" in state_of(page)["k"]
    assert "membership" in text(page, "#widths")


def test_find_a_country_by_keyboard_in_any_language(opened: Opened) -> None:
    page = opened()
    for words in ("秘鲁", "peru", "Perú", "PER", "ペルー"):
        page.focus("#search")
        page.keyboard.type(words)
        page.keyboard.press("ArrowDown")
        assert page.get_attribute("#search", "aria-activedescendant") == "option-0"
        page.keyboard.press("Enter")
        assert text(page, "#panel-title") == "Peru", words
        page.keyboard.press("Escape")
        page.click(".close")
    page.fill("#search", "atlantis")
    assert "No country" in text(page, "#search-note")


def test_arrow_keys_walk_through_the_states_and_are_announced(opened: Opened) -> None:
    page = opened()
    page.focus("#graph")
    page.keyboard.press("ArrowDown")
    first = state_of(page)["s"]
    page.keyboard.press("ArrowDown")
    assert state_of(page)["s"] != first
    assert text(page, "#panel-title") in text(page, "#live")
    page.keyboard.press("Escape")
    assert "s" not in state_of(page)


def test_every_control_is_reached_by_the_tab_key(opened: Opened) -> None:
    page = opened()
    reached = set()
    for _ in range(90):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id"))
    wanted = {"tab-graph", "tab-table", "lang", "graph", "play", "year", "zoom-in", "zoom-out"}
    wanted |= {"zoom-fit", "search", "layout-pivot", "colour", "kind-goods-trade", "strongest"}
    assert wanted | {"scope-middle"} <= reached


def test_menus_open_by_keyboard(opened: Opened) -> None:
    page = opened()
    page.focus("details.menu summary")
    page.keyboard.press("Enter")
    assert page.is_visible("#get-csv")
    page.keyboard.press("Escape")
    assert not page.is_visible("#get-csv")


def test_a_click_on_a_dot_opens_its_facts(opened: Opened, page_frames: Frames) -> None:
    places = make_payload(page_frames, Options())["layouts"]["map"]
    page = opened("#l=map")
    box = page.locator("#graph").bounding_box()
    assert box
    left, top, right, bottom = places["view"]
    width = min((box["width"] - 16) / (right - left), (box["height"] - 16) / (bottom - top))
    x = box["x"] + box["width"] / 2 + (places["x"][3] - (left + right) / 2) * width
    y = box["y"] + box["height"] / 2 + (places["y"][3] - (top + bottom) / 2) * width
    page.mouse.click(x, y)
    assert text(page, "#panel-title") == "Brazil"


def test_facts_have_dates_values_units_and_sources(opened: Opened) -> None:
    page = opened("#p=CHL,CHN")
    panel = text(page, "#panel-body")
    assert "Chile exported goods worth 50.7 billion US dollars to China in 2023." in panel
    assert "Chile–China FTA is in force between Chile and China, from 2006-10-01." in panel
    assert panel.count("Chile–China FTA") == 1, "the protocol is no second agreement"
    assert "Publisher of source/flows-2022" in panel


def test_unknown_is_said_and_is_not_none(opened: Opened) -> None:
    unknown = text(opened("#p=KOR,CHL&y=2023"), "#panel-body")
    assert "Not known: goods trade from South Korea to Chile in 2023." in unknown
    none = text(opened("#p=KOR,CHL&y=2022"), "#panel-body")
    assert "No goods trade from South Korea to Chile is reported for 2022." in none


def test_a_bloc_links_its_members_to_its_partner_only(opened: Opened) -> None:
    assert "EU–Chile Agreement" in text(opened("#p=FRA,CHL"), "#panel-body")
    assert "EU–Chile Agreement" not in text(opened("#p=FRA,DEU"), "#panel-body")


def test_not_yet_in_force_is_no_tie(opened: Opened) -> None:
    assert "Pacific Pact" in text(opened("#p=CHL,KOR"), "#panel-body")
    assert "Pacific Pact" not in text(opened("#p=PER,KOR"), "#panel-body")


def test_three_countries_are_compared(opened: Opened) -> None:
    page = opened("#s=PER,CHL,BRA")
    assert page.locator("table.compare thead th").all_inner_texts() == ["Peru", "Chile", "Brazil"]
    page = opened("#s=PER,CHL,BRA,USA")
    assert page.locator("table.compare thead th").count() == 3


def test_what_changed_since(opened: Opened) -> None:
    page = opened("#s=CHL&y=2023")
    page.select_option("#since", "2020")
    changed = page.locator("#panel-body section", has=page.locator("#since")).inner_text()
    assert "(2020) →" in changed
    assert state_of(page)["d"] == "2020"


def test_the_table_has_the_same_lines_and_sorts(opened: Opened) -> None:
    page = opened("#t=table")
    rows = page.locator("#table-body tr")
    lines = page.evaluate("document.querySelectorAll('#table-body tr').length")
    assert f"{lines} lines" in text(page, "#table-caption")
    page.click("#table-head button >> nth=0")
    names = [row.split("\t")[0] for row in rows.all_inner_texts()]
    assert names == sorted(names)
    assert page.locator("#table-head th").first.get_attribute("aria-sort") == "ascending"
    page.fill("#table-filter", "brazil")
    assert all("Brazil" in row for row in rows.all_inner_texts())


def test_four_languages_switch_in_the_page(opened: Opened) -> None:
    page = opened()
    words = assets.strings()
    for language in LANGUAGES:
        page.select_option("#lang", language)
        assert page.get_attribute("html", "lang") == language
        for key in ("graph", "table", "kinds", "about.sources"):
            assert page.text_content(f'[data-say="{key}"]:not(.skip)') == words[language][key]
        visible = text(page, "body")
        assert not [key for key in words["en"] if "." in key and key in visible]


def test_play_walks_through_the_years(opened: Opened) -> None:
    page = opened("#y=2019")
    page.click("#play")
    page.wait_for_selector("#year-shown >> text=2020")
    page.click("#play")
    assert page.get_attribute("#play", "aria-pressed") == "false"


FRAGMENTS = ("", "#s=PER", "#p=CHL,CHN", "#t=table", "#s=PER,CHL&l=lean&y=2021&g=zh")


def serious(opened: Opened, fragment: str, **options: Any) -> list[tuple[str, object]]:
    """What axe finds serious or worse in the page with everything unfolded."""
    try:
        import axe_playwright_python
    except ImportError:
        cannot("axe is not installed: pip install -e '.[dev]'")
    folder = Path(axe_playwright_python.__file__ or "").parent
    page = opened(fragment, bypass_csp=True, **options)
    page.evaluate("document.querySelectorAll('footer details').forEach(d => d.open = true)")
    page.evaluate((folder / "axe.min.js").read_text(encoding="utf-8") + "; 0")
    found = page.evaluate("axe.run()")["violations"]
    graves = [violation for violation in found if violation["impact"] in ("serious", "critical")]
    return [(grave["id"], grave["nodes"][0]["target"]) for grave in graves]


def test_axe_finds_nothing_serious(opened: Opened) -> None:
    assert serious(opened, "#s=PER") == []


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_axe_finds_nothing_serious_anywhere(
    opened: Opened, fragment: str, width: int, scheme: str
) -> None:
    view = {"width": width, "height": 850}
    assert serious(opened, fragment, color_scheme=scheme, viewport=view) == []


def test_on_a_phone_the_graph_comes_first_and_nothing_sticks_out(opened: Opened) -> None:
    page = opened("#s=PER", viewport={"width": 390, "height": 844})
    tops: dict[str, Any] = {
        name: page.locator(selector).bounding_box() or {}
        for name, selector in (("graph", "#graph"), ("panel", ".panel"), ("side", ".side"))
    }
    assert tops["graph"]["y"] < tops["panel"]["y"] < tops["side"]["y"]
    assert tops["graph"]["y"] < 300
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_it_works_in_a_sandboxed_frame(browser: Browser, page_file: Path, tmp_path: Path) -> None:
    """As notebooks show it: no origin, no address to keep the state in."""
    from html import escape

    inner = escape(page_file.read_text(encoding="utf-8"))
    outer = tmp_path / "notebook.html"
    outer.write_text(
        f'<iframe srcdoc="{inner}" sandbox="allow-scripts" width="1200" height="800"></iframe>'
    )
    page = browser.new_page()
    watch = Watched(page)
    page.goto(outer.as_uri())
    frame = page.frame_locator("iframe")
    frame.locator('html[data-ready="1"]').wait_for()
    frame.locator("label[for=layout-map]").click()
    assert frame.locator("#layout-map").is_checked()
    assert watch.troubles == []
    page.close()


def test_hostile_text_is_shown_and_never_run(opened: Opened, tmp_path: Path) -> None:
    frames = make_frames(tmp_path / "frames", hostile_entities())
    path = tmp_path / "hostile.html"
    path.write_text(render_page(frames, title=HOSTILE[0] + HOSTILE[1]), encoding="utf-8")
    page = opened("#p=CHL,CHN", path=path)
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    assert text(page, "h1") == HOSTILE[0] + HOSTILE[1]
    for fragment in ("#s=PER", "#s=PER,CHL", "#t=table", "#l=map", "#l=lean"):
        page.evaluate("hash => { location.hash = hash }", fragment)
        page.wait_for_timeout(60)
    assert page.locator("img").count() == 0
    assert page.evaluate("[...document.links].every(a => a.protocol === 'https:' || a.hash)")
    assert page.locator("script").count() == 3
    svg = download(page, "svg").decode()
    assert "<script" not in svg
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280 * 1.02


def test_in_force_is_decided_as_in_the_graph(opened: Opened) -> None:
    days = ["2016-12-31", "2017-01-01", "2017-06-30", "2017-12-31", "2018-01-01", "2025-01-01"]
    starts = [("", ""), ("2017-01-01", "year"), ("2017-06-01", "month"), ("2017-06-30", "day")]
    ends = [("", ""), ("2017-12-31", "year"), ("2017-06-30", "month"), ("2018-01-01", "day")]
    cases = [
        (day, *start, *end, seen)
        for day in days
        for start in starts
        for end in ends
        for seen in ("", "2017-06-30", "2024-12-31")
    ]
    expected = []
    for case in cases:
        answer = model.holds_on(*case)
        expected.append({"in force": "yes", "no": "no"}.get(answer, "unknown"))
    expression = "given.map(([day, ...dates]) => inForce(day, dates))"
    assert in_module(opened(), "dates.js", expression, cases) == expected


def test_sentences_are_filled_as_in_the_ontology(opened: Opened) -> None:
    from geoties.ontology.kinds import kinds

    fields = {"from": "A", "to": "B", "value": "3", "unit": "USD", "year": "2020", "start": "2001"}
    patterns = [pattern for kind in kinds().values() for pattern in kind.sentences.values()]
    from geoties.ontology import kinds as module

    expected = [module._fill(pattern, fields) for pattern in patterns]
    expression = "given[0].map(pattern => fillSentence(pattern, given[1]))"
    assert in_module(opened(), "i18n.js", expression, [patterns, fields]) == expected


def test_unknown_never_takes_a_colour_of_the_scale(opened: Opened) -> None:
    colours = in_module(
        opened(),
        "colour.js",
        "[scoreColour({low: 0, high: 100}, null), poleColour(0.5), poleColour(0), poleColour(1)]",
    )
    assert colours[0] is None
    assert len(set(colours)) == 4


def test_widths_are_to_scale(opened: Opened) -> None:
    scale = {"basis": "share", "low": 0, "high": 40}
    widths = in_module(
        opened(), "lines.js", "given[1].map(s => widthOf(given[0], s))", [scale, [10, 20, 40]]
    )
    assert widths[1] == pytest.approx(2 * widths[0])
    assert widths[2] == pytest.approx(4 * widths[0])
