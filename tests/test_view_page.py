"""The page as text: one file, closed to the network, the same bytes, its words complete."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from view_samples import entities, make_frames

from geoties.graph.frames import Frames
from geoties.graph.model import Entity
from geoties.graph.views import assets
from geoties.graph.views.page import render_page

STATIC = assets.STATIC
LANGUAGES = ("en", "es", "pt", "zh")
HOSTILE = (
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }} {value} ${7*7}",
    "\u202eabc\u2066 href='javascript:alert(1)'",
    "x" * 5000,
)


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> Frames:
    return make_frames(tmp_path_factory.mktemp("world") / "frames")


@pytest.fixture(scope="module")
def page(frames: Frames) -> str:
    return render_page(frames)


class Elements(HTMLParser):
    """The elements of a page with their attributes, and the text of scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.raw: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.found and self.found[-1][0] in ("script", "style"):
            self.raw.append((self.found[-1][0], data))


def policy_of(page: str) -> str:
    (policy,) = (
        attributes["content"] or ""
        for _, attributes in Elements(page).found
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    return policy


def test_the_same_frames_and_options_give_the_same_bytes(frames: Frames, page: str) -> None:
    assert render_page(frames) == page


def test_nothing_is_loaded_from_elsewhere(page: str) -> None:
    for tag, attributes in Elements(page).found:
        assert "src" not in attributes, tag
        assert tag not in ("link", "iframe", "object", "embed", "base", "img")
        if "href" in attributes:
            assert re.match(r"https://|#", attributes["href"] or ""), attributes
    assert "sourceMappingURL" not in page


def test_every_script_and_style_is_in_the_policy(page: str) -> None:
    elements, policy = Elements(page), policy_of(page)
    assert "default-src 'none'" in policy
    assert "connect-src 'none'" in policy
    assert "unsafe" not in policy
    texts = [text for tag, text in elements.raw if len(text) < 2_000_000]
    runnable = [text for text in texts if assets.digest(text) in policy]
    assert len(runnable) == len([1 for tag, _ in elements.found if tag in ("script", "style")]) - 1


def test_a_served_page_may_talk_to_its_own_server(frames: Frames) -> None:
    assert "connect-src 'self'" in policy_of(render_page(frames, served=True))


def test_licences_travel_with_what_is_bundled(page: str) -> None:
    assert "vis.js is dual licensed" in page
    assert (STATIC.parent / "data" / "LICENCE-land.txt").exists()


def test_no_handler_or_inline_style_in_the_template(page: str) -> None:
    for _, attributes in Elements(page).found:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]


def hostile_entities() -> list[Entity]:
    made = []
    for place, entity in enumerate(entities()):
        text = HOSTILE[place % len(HOSTILE)]
        labels = {language: f"{text} {place}" for language in LANGUAGES}
        properties = dict(entity.properties)
        if entity.kind == "source":
            properties |= {"url": "javascript:alert(1)", "licence": text, "citation": text}
        made.append(Entity(entity.id, entity.kind, labels, properties))
    return made


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> str:
    frames = make_frames(tmp_path_factory.mktemp("hostile") / "frames", hostile_entities())
    return render_page(frames, title=HOSTILE[0] + HOSTILE[1])


def test_hostile_text_stays_text(hostile: str) -> None:
    elements = Elements(hostile)
    scripts = [attributes for tag, attributes in elements.found if tag == "script"]
    assert len(scripts) == 3
    assert not [tag for tag, _ in elements.found if tag == "img"]
    assert "alert(1)</script><" not in hostile
    assert not re.search(r'href="javascript', hostile)
    assert "49 {value}" not in hostile


def test_four_languages_say_everything() -> None:
    words = assets.strings()
    assert set(words) == set(LANGUAGES)
    for language in LANGUAGES:
        assert list(words[language]) == list(words["en"]), language
        for key, text in words[language].items():
            fields = set(re.findall(r"\{(\w+)\}", text))
            assert fields == set(re.findall(r"\{(\w+)\}", words["en"][key])), (language, key)
            assert text or key == "contractions"


def test_every_word_that_is_used_exists() -> None:
    words = assets.strings()["en"]
    template = (STATIC.parent / "templates" / "page.html.j2").read_text(encoding="utf-8")
    used = set(re.findall(r'data-say(?:-label)?="([\w.]+)"', template))
    for module in STATIC.glob("*.js"):
        used |= set(re.findall(r'\bsay\("([\w.-]+)"', module.read_text(encoding="utf-8")))
    assert used <= set(words), used - set(words)


def test_modules_do_not_share_a_name() -> None:
    """They are joined into one scope."""
    names: dict[str, str] = {}
    for module in sorted(STATIC.glob("*.js")):
        text = module.read_text(encoding="utf-8")
        pattern = r"^(?:export )?(?:async )?(?:function|const|let|class) (\w+)"
        for name in re.findall(pattern, text, re.MULTILINE):
            assert name not in names, (name, module.name, names.get(name))
            names[name] = module.name


def test_every_module_is_in_the_page() -> None:
    joined = assets.script()
    for module in STATIC.glob("*.js"):
        first_comment = module.read_text(encoding="utf-8").split("\n", 1)[0]
        assert first_comment in joined, module.name
    assert "import {" not in joined
    assert not re.search(r"^export ", joined, re.MULTILINE)


def test_dom_text_never_comes_through_markup() -> None:
    for module in STATIC.glob("*.js"):
        text = module.read_text(encoding="utf-8")
        for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert way not in text, (module.name, way)


def test_reads_without_scripts(page: str) -> None:
    start = page.index("<noscript><div")
    static = page[start : page.index("</noscript>", start)]
    assert "Peru" in static
    assert "2023" in static


def test_title_and_language_are_the_options(frames: Frames) -> None:
    spanish = render_page(frames, lang="es")
    assert '<html lang="es">' in spanish
    assert "<title>Latin America" not in spanish
    titled = render_page(frames, title="A & B")
    assert "<title>A &amp; B</title>" in titled


def test_small_page_is_small(page: str) -> None:
    assert len(page.encode()) < 900_000


def test_the_wheel_will_carry_the_parts() -> None:
    """Flat folders: what `package-data` names with one star."""
    for folder in ("static", "templates", "data"):
        assert all(path.is_file() for path in (STATIC.parent / folder).iterdir())
    assert (Path(assets.STATIC) / "page.css").exists()
