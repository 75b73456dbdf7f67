"""The references behind an answer: as text, BibTeX or CSL-JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any

from geoties.graph.model import UserError, tie_id
from geoties.graph.store import Answer, TripleStore
from geoties.queries.facts import exists, read_facts

STYLES = ("text", "bibtex", "csl-json")
_SOURCE_COLUMNS = ("source", "sources")
Source = Mapping[str, Any]


def sources_of(answer: Answer, manifest: Mapping[str, Any]) -> list[Source]:
    """The sources of an answer as the manifest describes them, by id.

    Of an answer that names none, because it is empty or has no such column, all of the graph's:
    those are what was looked into.
    """
    known = {str(source["id"]): source for source in manifest["sources"]}
    places = [i for i, name in enumerate(answer.columns) if name in _SOURCE_COLUMNS]
    cells = (str(row[place] or "") for row in answer.rows for place in places)
    named = {_bare(part) for cell in cells for part in cell.split("; ")}
    return [known[name] for name in sorted(named & known.keys() or known.keys())]


def _bare(part: str) -> str:
    """The id alone of `curated-2026 (1998-11-15)` and of `cow-igo-3: 1998`."""
    return re.split(r"[ :(]", part.removeprefix("source/"), maxsplit=1)[0]


def references_of(answer: Answer, store: TripleStore) -> list[str]:
    """The public references of the ties in an answer, where it names kind, source and record."""
    if not {"kind", "source", "record"} <= set(answer.columns):
        return []
    found: set[str] = set()
    for row in answer.dicts():
        parts = (str(row[name] or "").split("; ") for name in ("source", "record"))
        ties = [tie_id(str(row["kind"]), *pair) for pair in product(*parts) if all(pair)]
        known = [tie for tie in ties if exists(store, tie)]
        found |= {fact.reference for fact in read_facts(store, known) if fact.reference}
    return sorted(found)


def cite(sources: Sequence[Source], style: str = "text", references: Iterable[str] = ()) -> str:
    """The references as text, BibTeX or CSL-JSON; raises `UserError` for another style.

    `references` are the public pages that single ties rest on; only the text lists them.
    """
    if style == "text":
        return _text(sources, references)
    if style == "bibtex":
        return "\n\n".join(_bibtex(source) for source in sources) + "\n"
    if style == "csl-json":
        items = [_csl(source) for source in sources]
        return json.dumps(items, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    raise UserError(f"There is no style {style!r}; choose one of {', '.join(STYLES)}.")


def _text(sources: Sequence[Source], references: Iterable[str]) -> str:
    lines = [
        f"{source['citation']} Licence: {source['licence']}. Retrieved {source['retrieved']}."
        for source in sources
    ]
    return "\n".join([*lines, *references]) + "\n"


_SPECIAL = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}",
            "^": r"\textasciicircum{}"} | {char: f"\\{char}" for char in "&%$#_"}  # fmt: skip


def tex(text: str) -> str:
    r"""Text as BibTeX takes it.

    >>> print(tex("50% of A & B_1"))
    50\% of A \& B\_1
    """
    return "".join(_SPECIAL.get(char, char) for char in " ".join(text.split()))


def _bibtex(source: Source) -> str:
    fields = {
        "title": "{" + tex(source["title"]) + "}",
        "author": "{" + tex(source["publisher"]) + "}",
        "year": source["retrieved"][:4],
        "version": tex(source["version"]),
        "url": source["url"],
        "urldate": source["retrieved"],
        "note": tex(f"{source['citation']} Licence: {source['licence']}."),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{source['id']},", *lines, "}"])


def _csl(source: Source) -> dict[str, Any]:
    day = [int(part) for part in source["retrieved"].split("-") if part]
    return {
        "id": source["id"],
        "type": "dataset",
        "title": source["title"],
        "publisher": source["publisher"],
        "version": source["version"],
        "URL": source["url"],
        "note": f"{source['citation']} Licence: {source['licence']}.",
    } | ({"accessed": {"date-parts": [day]}} if day else {})
