"""The sentence over the picture for readers without scripts; `static/headline.js` says the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Say = Callable[..., str]
Payload = Mapping[str, Any]

FEWEST = 3
BALANCE = "balance"
_CHOICE = re.compile(r"\{([^{}|]*)\|([^{}]*)\}")


def headline(payload: Payload, say: Say, region: str, first: str, second: str) -> str:
    """How many states of the middle column stand nearer to the first pole in the page's year.

    `say(key, **fields)` gives the words. Compared with the earliest year in which the same
    number of states and the same domains are known. Empty where there is nothing to count.
    """
    options, scores = payload["options"], payload["scores"]
    id = options["colour"] or (scores[0]["id"] if scores else "")
    score = next((score for score in scores if score["id"] == id), None)
    phrase = "" if score is None else _pattern(say, f"headline.{id}")
    if score is None or not phrase:
        return ""
    year = options["year"]
    near, unknown, total = count_near(payload, score, year)
    if total < FEWEST or unknown == total:
        return ""
    spoken = _CHOICE.sub(lambda found: found[1 if near < 2 else 2], phrase)
    spoken = spoken.format(first=first, second=second)
    count = "none" if not near else "all" if near == total else "many"
    key = f"headline.{count}{_subject(payload)}"
    fields = {"year": year, "count": near, "total": total, "region": region, "phrase": spoken}
    trade = _trade_too(payload, year, say) if id == BALANCE else ""
    told = say(key, **fields)
    told += say("headline.end") if trade else _before(payload, score, year, unknown, say)
    return told + (say("headline.unknown", count=unknown) if unknown else "") + trade


def count_near(payload: Payload, score: Mapping[str, Any], year: int) -> tuple[int, int, int]:
    """States of the middle nearer to the first pole, those not known, and all, poles left out."""
    row = score["values"].get(str(year))
    places = [
        number
        for number, node in enumerate(payload["nodes"])
        if node["column"] == payload["middle"] and number not in payload["poles"]
    ]
    values = [row[number] if row else None for number in places]
    near = sum(value is not None and value < score["middle"] for value in values)
    return near, sum(value is None for value in values), len(places)


def _pattern(say: Say, key: str) -> str:
    try:
        return say(key)
    except KeyError:
        return ""


def _subject(payload: Payload) -> str:
    column = payload["columns"][payload["middle"]]
    if column["id"] == "focus":
        return ".shown"
    return ".group" if column["group"] else "" if column["whole"] else ".largest"


def _before(payload: Payload, score: Mapping[str, Any], year: int, unknown: int, say: Say) -> str:
    early = _earliest(payload, score, year, unknown)
    if early is None:
        return say("headline.end")
    near = count_near(payload, score, early)[0]
    if not near:
        return say("headline.beforeNone", early=early)
    return say("headline.before", early=early, count=near)


def _earliest(payload: Payload, score: Mapping[str, Any], year: int, unknown: int) -> int | None:
    """The first year with the same states and domains known as in `year`."""
    for early in payload["years"]:
        same = score["id"] != BALANCE or _domains(payload, early) == _domains(payload, year)
        if early < year and same and count_near(payload, score, early)[1] == unknown:
            return int(early)
    return None


def _trade_too(payload: Payload, year: int, say: Say) -> str:
    """The balance changes its domains with the years; trade, which lasts, tells of change."""
    trade = next((score for score in payload["scores"] if score["id"] == "trade"), None)
    if trade is None:
        return ""
    near, unknown, _ = count_near(payload, trade, year)
    early = _earliest(payload, trade, year, unknown)
    if unknown or early is None:
        return ""
    before = count_near(payload, trade, early)[0]
    return say("headline.tradeToo", year=year, count=near, early=early, before=before)


def _domains(payload: Payload, year: int) -> list[str]:
    return [
        score["id"]
        for score in payload["scores"]
        if score["domain"] and str(year) in score["values"]
    ]
