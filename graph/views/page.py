"""One self-contained page of a cut of the graph: made with pyvis, readable without a network."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoties.graph.views import assets
from geoties.graph.views.cut import DEFAULT_COLUMNS
from geoties.graph.views.headline import headline
from geoties.graph.views.layouts import LAYOUTS
from geoties.graph.views.network import make_network
from geoties.graph.views.payload import Options, make_payload

if TYPE_CHECKING:
    from geoties.graph.frames import Frames

TEMPLATES = Path(__file__).parent / "templates"
LANGUAGE_NAMES = (("en", "English"), ("es", "Español"), ("pt", "Português"), ("zh", "中文"))
NOSCRIPT_CSS = (
    ".page{display:block;height:auto;min-height:0}"
    "main,.side,.panel,.tools,footer details+details{display:none}"
)


def render_page(
    frames: Frames,
    *,
    show: str = "alignment",
    year: int | None = None,
    layout: str = "pivot",
    regions: Sequence[str] = DEFAULT_COLUMNS,
    focus: Sequence[str] = (),
    poles: tuple[str, str] = ("state/CHN", "state/USA"),
    kinds: Sequence[str] | None = None,
    title: str | None = None,
    lang: str = "en",
    size: int | None = None,
    served: bool = False,
) -> str:
    """The page as HTML text: alignment as colour, dependency as the width of the lines.

    `show` is `alignment` or `dependency` (which ties are drawn at first); `year` the year it
    opens with (the latest with trade if not given); `layout` `pivot`, `lean` or `map`;
    `regions` the columns from left to right (names of `cut.COLUMNS` or region ids joined by
    `+`), `focus` the states or regions that make the middle one; `poles` the two states between
    which alignment is measured; `kinds` the kinds of tie it may draw; `lang` en, es, pt or zh;
    `size` how many states a column takes (0: all); `served` lets the page talk to the server it
    came from. The same frames and options give the same bytes. Raises `UserError` for an option
    that makes no sense with these data.
    """
    options = Options(show, year, layout, regions, focus, poles, kinds, title, lang, size)
    return page_of(make_payload(frames, options), served=served)


def page_of(payload: Mapping[str, Any], *, served: bool = False) -> str:
    """The page of a payload; see `render_page`."""
    from markupsafe import Markup

    data = dict(payload) | {"network": make_network(payload), "strings": assets.strings()}
    data.pop("first_lines")
    script, vis, css = assets.script(), assets.vis_network(), assets.styles()
    csp = assets.policy([script, vis], [css, NOSCRIPT_CSS], served)
    html: str = _template().render(
        csp=csp,
        served=served,
        css=Markup(css),
        noscript_css=Markup(NOSCRIPT_CSS),
        vis=Markup(_inline(vis)),
        script=Markup(_inline(script)),
        payload=Markup(assets.packed(data)),
        title=_title(payload),
        headline=_headline(payload),
        lang=payload["options"]["lang"],
        say=lambda key: _say(payload, key),
        languages=LANGUAGE_NAMES,
        layouts=LAYOUTS,
        sources=[source | {"https": _safe(source["url"])} for source in payload["sources"]],
        static=_static(payload),
    )
    return html


def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    return environment.get_template("page.html.j2")


def _inline(script: str) -> str:
    """A script that may stand in a page as it is; ours and vis-network's do."""
    if "</script" in script.lower():
        raise ValueError("a script with </script> in it cannot be inlined")
    return script


def _safe(url: str) -> bool:
    return url.startswith("https://") and not any(sign.isspace() for sign in url)


def _say(payload: Mapping[str, Any], key: str, **fields: object) -> str:
    words = assets.strings()
    pattern = words.get(payload["options"]["lang"], {}).get(key) or words["en"][key]
    return pattern.format(**fields) if fields else pattern


def _label(payload: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    return labels.get(payload["options"]["lang"]) or labels["en"]


def _within(payload: Mapping[str, Any], node: Mapping[str, Any]) -> str:
    """A state's name inside a sentence: English says "the United States"."""
    groups = (group.partition(":") for group in _say(payload, "articles").split(";"))
    article = next((f"{word} " for word, _, codes in groups if node["id"] in codes.split()), "")
    return article + _label(payload, node["labels"])


def _contracted(payload: Mapping[str, Any], text: str) -> str:
    """Prepositions and articles as one word where the language joins them, as in the script."""
    rules = re.findall(r"(\S+ \S+):(\S+)", _say(payload, "contractions"))
    for apart, joined in rules:
        text = re.sub(rf"(?<!\S){apart} (?=[A-ZÀ-Þ])", f"{joined} ", text)
    return text


def _title(payload: Mapping[str, Any]) -> str:
    given = payload["options"]["title"]
    if given:
        return str(given)
    first, second = (_within(payload, payload["nodes"][pole]) for pole in payload["poles"])
    region = _label(payload, payload["columns"][payload["middle"]]["labels"])
    key = f"title.{payload['options']['show']}"
    return _say(payload, key, region=region, first=first, second=second)


def _headline(payload: Mapping[str, Any]) -> str:
    first, second = (_within(payload, payload["nodes"][pole]) for pole in payload["poles"])
    region = _label(payload, payload["columns"][payload["middle"]]["labels"])
    region = region[:1].upper() + region[1:]

    def say(key: str, **fields: object) -> str:
        return _say(payload, key, **fields)

    return _contracted(payload, headline(payload, say, region, first, second))


def _ranged(payload: Mapping[str, Any], title: str, score: Mapping[str, Any]) -> str:
    """A measure's title, with its ends where they are not 0 and 100."""
    low, high = score["low"], score["high"]
    if (low, high) == (0, 100):
        return title
    return _say(
        payload, "ofRange", name=title, low=f"{low:g}".replace("-", "\u2212"), high=f"{high:g}"
    )


def _cell(payload: Mapping[str, Any], value: float | None) -> str:
    return _say(payload, "unknown") if value is None else f"{value:.4g}".replace("-", "\u2212")


def _static(payload: Mapping[str, Any]) -> dict[str, Any]:
    """What a reader without scripts gets: where each state stands in the page's year."""
    year = str(payload["options"]["year"])
    scores = payload["scores"]
    words = assets.strings()["en"]
    titles = [
        _say(payload, key) if (key := f"score.{score['id']}") in words else score["name"]
        for score in scores
    ]
    names = [
        f"{_ranged(payload, title, score)}, {year}"
        for title, score in zip(titles, scores, strict=True)
    ]
    middle = payload["middle"]
    order = sorted(
        range(len(payload["nodes"])),
        key=lambda number: (payload["nodes"][number]["column"] != middle, number),
    )
    rows = []
    for number in order:
        values = [score["values"].get(year) for score in scores]
        cells = [_cell(payload, row[number] if row else None) for row in values]
        rows.append({"name": _label(payload, payload["nodes"][number]["labels"]), "cells": cells})
    first, second = (_within(payload, payload["nodes"][pole]) for pole in payload["poles"])
    scale = _say(payload, "polesAre", low=0, high=100, first=first, second=second)
    date = _say(payload, "graphDate", date=payload["date"])
    return {"scores": names, "rows": rows, "scale": scale, "date": date}
