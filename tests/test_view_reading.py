"""What the page says of its data: a headline, claims of several sources, weights, materials."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import view_samples
from view_pages import Opened, download, in_module, state_of, text

from geoties.graph.frames import Frames, write_frames
from geoties.graph.measures.registry import cards, compute
from geoties.graph.model import Coverage, Entity, Tables, Tie
from geoties.graph.views import assets
from geoties.graph.views.page import page_of, render_page
from geoties.graph.views.payload import Options, make_payload

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytest_plugins = ["view_pages"]
LANGUAGES = ("en", "es", "pt", "zh")
OTHER = "source/other-2025"


def claimed(body: str, start: str, precision: str, **more: Any) -> Tie:
    """Peru's part in a body, as one source has it."""
    source = more.pop("source", view_samples.OWN)
    record = f"PER-{body}-{start}-{source}".replace("/", "-")
    given = {"role": "member", "start": start, "start_precision": precision}
    given |= {"observed_to": "2026-02-01", "reference": "https://example.org/fact"}
    return Tie("membership", "state/PER", f"body/{body}", source, record, **(given | more))


def claims() -> list[Tie]:
    """One suspended, one told by two, one on which two differ, one not seen of late, one vague."""
    return [
        claimed("Paused", "1991-11-29", "day"),
        claimed("Paused", "2020-06-29", "day", role="suspended", end="2021-08-15",
                end_precision="day", observed_to=""),
        claimed("Agreed", "1999-05-01", "day"),
        claimed("Agreed", "1999-01-01", "year", source=OTHER, reference=""),
        claimed("Disputed", "2006-01-01", "year"),
        claimed("Disputed", "1999-01-01", "year", source=OTHER, reference=""),
        claimed("Unseen", "1980-01-01", "year", observed_to="2014-12-31"),
        claimed("Vague", "2024-01-01", "year", observed_to="2026-02-01"),
        Tie("commodity-trade", "state/PER", "state/CHN", view_samples.OWN, "PER-CHN-260300-2023",
            topic="260300", year=2023, value=9_120_000_000.0, unit="USD"),
        Tie("commodity-trade", "state/PER", "state/CHN", view_samples.OWN, "PER-CHN-260111-2023",
            topic="260111", year=2023, value=1_500_000_000.0, unit="USD"),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> Frames:
    names = ("Paused", "Agreed", "Disputed", "Unseen", "Vague")
    bodies = [Entity(f"body/{name}", "body", {"en": name}) for name in names]
    other = Entity(OTHER, "source", {"en": "Other"}, {"publisher": "Other Institute",
        "url": "https://example.org/other", "licence": "CC0-1.0", "citation": "Other (2025).",
        "retrieved": "2025-01-01", "version": "2"})  # fmt: skip
    tables = Tables.of(
        [*view_samples.entities(), *bodies, other],
        [*view_samples.ties(), *claims()],
        view_samples.observations(),
        [*view_samples.coverage(), Coverage(OTHER, "membership", "partial")],
    )
    folder = tmp_path_factory.mktemp("claims") / "frames"
    write_frames(folder, tables)
    return Frames(folder)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, frames: Frames) -> Path:
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(render_page(frames), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def payload(frames: Frames) -> dict[str, Any]:
    return make_payload(frames, Options())


@pytest.fixture
def reader(opened: Opened, file: Path) -> Opened:
    return lambda fragment="", **options: opened(fragment, file, **options)


def sentences(page: Page) -> list[str]:
    return page.locator("#panel-body li").all_inner_texts()


def test_a_membership_outlasts_its_suspension(reader: Opened) -> None:
    page = reader("#s=PER&k=membership&y=2023")
    (told,) = [line for line in sentences(page) if "Paused" in line]
    assert "1991-11-29" in told
    assert "(suspended from 2020-06-29 to 2021-08-15)" in told
    shared = reader("#p=PER,CHL&k=membership&y=2023")
    assert "Paused" not in text(shared, "#panel-body")


def test_while_suspended_it_is_told_so(reader: Opened) -> None:
    told = [line for line in sentences(reader("#s=PER&k=membership&y=2020")) if "Paused" in line]
    assert len(told) == 1
    assert "suspended" in told[0]


def test_sources_that_agree_are_counted_and_linked(reader: Opened) -> None:
    page = reader("#s=PER&k=membership&y=2023")
    (told,) = [line for line in sentences(page) if "Agreed" in line]
    assert "1999-05-01" in told
    assert "according to 2 sources" in told
    assert "Other Institute" in told
    link = page.locator("#panel-body li", has_text="Agreed").locator("a").all()
    assert [one.get_attribute("href") for one in link] == [
        "https://example.org/fact", "https://example.org/other",
    ]  # fmt: skip


def test_sources_that_disagree_are_both_told(reader: Opened) -> None:
    (told,) = [
        line for line in sentences(reader("#s=PER&k=membership&y=2023")) if "Disputed" in line
    ]
    assert "sources disagree" in told
    assert "from 1999" in told
    assert "from 2006" in told


def test_disagreements_are_those_of_the_conflicts_command(frames: Frames, reader: Opened) -> None:
    """The page's rule and that of `queries.conflicts`, on the same rows."""
    from geoties.queries.claims import disputed
    from geoties.queries.conflicts import _said, _same

    rows = frames.ties("membership").sort("from", "to", "role", "source", "start").to_dicts()
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(_same(row), []).append(row)
    several = [group for group in groups.values() if len({row["source"] for row in group}) > 1]
    assert len(several) == 2
    dates = ("start", "start_precision", "end", "end_precision", "observed_to")
    given = [
        [[*(row[name] for name in dates), ["own", "other"].index("own" if row["source"] ==
          view_samples.OWN else "other"), ""] for row in group]
        for group in several
    ]  # fmt: skip
    expression = "given.map(rows => claimsOf(rows, 0, () => '', '2023-12-31', () => 0)[0].disputed)"
    page = reader()
    assert in_module(page, "claims.js", expression, given) == [
        bool(disputed([_said(row) for row in group])) for group in several
    ]


def test_why_something_is_not_known(reader: Opened) -> None:
    page = reader("#s=PER&k=membership&y=2024")
    note = page.locator("#panel-body details.note")
    note.locator("summary").click()
    told = note.inner_text()
    assert "Unseen: last observed on 2014-12-31" in told
    vague = reader("#s=PER&k=membership&y=2023")
    assert "Vague" not in text(vague, "#panel-body")


def test_raw_materials_by_name_value_and_year(reader: Opened) -> None:
    page = reader("#p=PER,CHN&y=2023")
    told = page.locator("#products").inner_text()
    assert "Copper ore: 9.12 billion US dollars" in told
    assert "74" in told
    assert "Publisher of source/own-2026" in told
    assert reader("#p=PER,CHN&y=2020").locator("#products").count() == 0
    spanish = reader("#p=PER,CHN&y=2023&g=es").locator("#products").inner_text()
    assert "cobre" in spanish


def test_raw_materials_come_from_the_flows_with_the_poles_only(payload: dict[str, Any]) -> None:
    goods = payload["products"]
    (row,) = goods["flows"]
    ids = [payload["nodes"][node]["id"] for node in row[:2]]
    assert (ids, row[2], row[4], row[6]) == (["PER", "CHN"], 2023, 9_120_000_000, 1_500_000_000)


def test_the_headline_counts_what_the_data_say(reader: Opened, payload: dict[str, Any]) -> None:
    page = reader("#c=trade&y=2023")
    trade = next(score for score in payload["scores"] if score["id"] == "trade")
    middle = [
        number for number, node in enumerate(payload["nodes"])
        if node["column"] == payload["middle"]
    ]  # fmt: skip
    near = {
        year: sum(trade["values"][year][node] < 50 for node in middle) for year in ("2019", "2023")
    }
    of_three = {0: "none of the 3", 3: "all 3"}.get(near["2023"], f"{near['2023']} of the 3")
    assert text(page, "#headline") == (
        f"In 2023, {of_three} countries of Latin America traded more with China than "
        f"with the United States; in 2019, {near['2019']} did."
    )


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("show", ["alignment", "dependency"])
def test_the_headline_is_the_same_with_and_without_scripts(
    opened: Opened, frames: Frames, tmp_path: Path, lang: str, show: str
) -> None:
    html = render_page(frames, lang=lang, show=show)
    path = tmp_path / "page.html"
    path.write_text(html, encoding="utf-8")
    page = opened("", path)
    told = text(page, "#headline")
    assert told
    assert f'<p id="headline">{told}</p>' in html
    assert f'<meta name="description" content="{told}">' in html


@pytest.mark.parametrize(
    ("focus", "said"),
    [
        (("state/PER", "state/CHL", "state/BRA"), "of the 3 countries in focus"),
        (("agreement/EU-CHL",), "Agreement: in 2023, "),
    ],
)
def test_the_headline_counts_the_focus_and_not_the_region(
    opened: Opened, frames: Frames, tmp_path: Path, focus: tuple[str, ...], said: str
) -> None:
    html = render_page(frames, focus=focus)
    path = tmp_path / "page.html"
    path.write_text(html, encoding="utf-8")
    told = text(opened("", path), "#headline")
    assert said in told.replace("all 3", "3 of the 3")
    assert f'<p id="headline">{told}</p>' in html


def test_the_headline_says_for_how_many_it_does_not_know(reader: Opened) -> None:
    assert text(reader("#c=trade&y=2021"), "#headline") == ""


def test_portuguese_joins_prepositions_and_articles(reader: Opened) -> None:
    expression = (
        "(setLanguage({en: {}, pt: {contractions: 'de a:da em os:nos a a:à'}}, 'pt'),"
        " given.map(contracted))"
    )
    told = ["perto de a China", "em os Estados Unidos", "de a ver", "a a China", "de Cuba"]
    assert in_module(reader(), "i18n.js", expression, told) == [
        "perto da China", "nos Estados Unidos", "de a ver", "à China", "de Cuba",
    ]  # fmt: skip


def test_weights_of_the_balance_are_set_by_keyboard_and_kept(reader: Opened) -> None:
    page = reader("#c=balance&y=2023&l=lean")
    before = text(page, "table.ranking")
    page.click("#weights summary")
    page.focus("#weight-trade")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "weight-trade"
    assert state_of(page)["b"] == "trade:3"
    assert text(page, "table.ranking") != before
    assert "Trade × 3" in text(page, "#year-note")
    page.click("#weights-equal")
    assert "b" not in state_of(page)
    assert text(page, "table.ranking") == before


def test_weighted_balance_is_that_of_the_measure(
    reader: Opened, frames: Frames, payload: dict[str, Any]
) -> None:
    weights = {"trade": 2.5, "votes": 0.5, "bodies": 0.0}
    address = ",".join(f"{name}:{weight}" for name, weight in weights.items())
    page = reader(f"#c=balance&y=2023&b={address}")
    rows = compute(
        "balance", frames, of=["state/PER"], poles=["state/CHN", "state/USA"], years=2023,
        weights=weights,
    )  # fmt: skip
    shown = page.locator("table.ranking tr", has_text="Peru").locator("td").first.inner_text()
    assert float(shown) == pytest.approx(rows["value"].item(), abs=0.6)


def test_weights_that_make_no_sense_are_passed_over(reader: Opened) -> None:
    page = reader("#c=balance&b=trade:9,love:2,votes:x,bodies:-1,net-alignment:2")
    assert "b" not in state_of(page)


def test_cards_are_told_in_four_languages(payload: dict[str, Any]) -> None:
    """English is the card itself, so that a card that changes is noticed here."""
    words = assets.strings()
    for method in payload["methods"]:
        card = cards()[method["id"]]
        assert words["en"][f"method.{card.id}.formula"] == card.formula
        assert words["en"][f"method.{card.id}.text"] == " ".join(card.assumptions)
        assert words["en"][f"method.{card.id}.limits"] == " ".join(card.criticisms)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_methods_are_shown_in_the_language_of_the_page(reader: Opened, lang: str) -> None:
    page = reader(f"#g={lang}")
    told = page.text_content("#methods") or ""
    assert assets.strings()[lang]["method.balance.limits"] in told


def test_light_and_dark_by_hand_and_in_the_address(reader: Opened) -> None:
    page = reader(color_scheme="light")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.click("#theme")
    assert page.evaluate(paper) != light
    assert page.get_attribute("#theme", "aria-pressed") == "true"
    assert state_of(page)["m"] == "dark"
    page.click("#theme")
    assert page.evaluate(paper) == light
    assert reader("#m=light", color_scheme="dark").evaluate(paper) == light


PLACES = """() => new Promise((done) => {
  const seen = [], stop = performance.now() + 700;
  const look = () => {
    seen.push(document.querySelector("#graph canvas").toDataURL().length);
    if (performance.now() < stop) requestAnimationFrame(look); else done(new Set(seen).size);
  };
  const slider = document.getElementById("year");
  slider.value = "2020";
  slider.dispatchEvent(new Event("input"));
  look();
})"""


def test_dots_glide_only_for_those_who_do_not_mind(reader: Opened) -> None:
    moved = reader("#l=lean&c=trade", reduced_motion="no-preference").evaluate(PLACES)
    still = reader("#l=lean&c=trade", reduced_motion="reduce").evaluate(PLACES)
    assert moved > still
    assert still <= 2


def test_a_large_cut_says_that_its_values_are_rounded(
    opened: Opened, payload: dict[str, Any], tmp_path: Path
) -> None:
    series = [part | {"digits": 4} for part in payload["series"]]
    path = tmp_path / "page.html"
    path.write_text(page_of(dict(payload) | {"series": series}), encoding="utf-8")
    assert "rounded to 4 significant digits" in text(opened("", path), "#rounded")


def test_the_exact_values_of_a_small_cut_are_not_rounded(reader: Opened) -> None:
    assert text(reader(), "#rounded") == ""
    values = [576460752.305, 0.001, 123456789012.345]
    expression = "given.map(value => scaledUp({scale: 1000}, value))"
    assert in_module(reader(), "model.js", expression, values) == [
        576460752305, 1, 123456789012345,
    ]  # fmt: skip


def test_a_third_country_is_added_to_a_comparison_without_shift(reader: Opened) -> None:
    page = reader("#s=PER")
    page.select_option("#compare-with", label="Chile")
    page.select_option("#compare-with", label="Brazil")
    assert page.locator("table.compare thead th").all_inner_texts() == ["Peru", "Chile", "Brazil"]
    assert page.locator("#compare-with").count() == 0


def test_the_poster_carries_the_headline_and_the_weights(reader: Opened) -> None:
    page = reader("#c=trade&y=2023")
    svg = download(page, "svg").decode()
    assert "traded more with China" in svg
