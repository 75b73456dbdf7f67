"""The header of a library question: what it asks, of what, and what comes back.

A question is one file `library/NAME.rq`. Lines that begin with `#+` are its header:

    #+ title: Members of a body
    #+ question: Which states of a region were in a body on a date?
    #+ param body:body required the body or initiative
    #+ param on:date default=graph-date the day
    #+ column share [percent]: part of all exports
    #+ example: --body APEC --on 2023-12-31
    #+ measure: export-share
    #+ about: membership

The rest is SPARQL, or nothing where a measure answers from the columns. A parameter stands in
the query as an IRI of its own name: `body:` is the body itself, and of other values the text
after `value/` is meant, as in `STRAFTER(STR(on:), "value/")`. A line `#> in-force` brings in the
block `library/_in-force.rq`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from geoties.graph.model import UserError

FOLDER = Path(__file__).with_name("library")
TYPES = (
    "country", "body", "agreement", "entity", "region", "group", "kind", "date", "year", "number",
    "text",
)  # fmt: skip
GRAPH_DATE = "graph-date"
_PARAM = re.compile(r"([a-z]\w*):([a-z]+) (?:(required)|default=(?:\"([^\"]*)\"|(\S*))) (.+)")
_COLUMN = re.compile(r"(\w+)(?: \[([^\]]+)\])?: (.+)")
_ONE_LINE = ("title", "question", "example", "measure", "about")


@dataclass(frozen=True)
class Parameter:
    """What a question has to be told; `default` is its text where it may be left out."""

    name: str
    type: str
    required: bool
    default: str
    description: str


@dataclass(frozen=True)
class Column:
    """What stands in a column of the answer, and in which unit."""

    name: str
    unit: str
    description: str


@dataclass(frozen=True)
class Question:
    """A question of the library; `sparql` is empty where `measure` answers it.

    `about` names the kinds of tie whose coverage tells what an answer without rows means.
    """

    name: str
    title: str
    question: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    example: str
    measure: str
    about: str
    sparql: str


@lru_cache(maxsize=1)
def question_names() -> tuple[str, ...]:
    """The names of the questions, sorted."""
    return tuple(sorted(p.stem for p in FOLDER.glob("*.rq") if not p.stem.startswith("_")))


@lru_cache(maxsize=64)
def read_question(name: str) -> Question:
    """The question of this name; raises `UserError`, with the likest names, if there is none."""
    if name not in question_names():
        from geoties.queries.asking import hint

        raise UserError(f"There is no question {name!r}; {hint(name, question_names())}")
    return parse_question(name, (FOLDER / f"{name}.rq").read_text(encoding="utf-8"))


def parse_question(name: str, text: str) -> Question:
    """A question from the text of its file; raises `ValueError` for a faulty header."""
    header = [line[2:].strip() for line in text.splitlines() if line.startswith("#+")]
    body = [line for line in text.splitlines() if not line.startswith("#+")]
    one_line = {key: _after(header, f"{key}: ") for key in _ONE_LINE}
    return Question(
        name,
        parameters=tuple(_parameter(line) for line in _all_after(header, "param ")),
        columns=tuple(_column(line) for line in _all_after(header, "column ")),
        sparql="\n".join(_with_blocks(body)).strip(),
        **one_line,
    )


def _all_after(header: list[str], start: str) -> list[str]:
    return [line[len(start) :].strip() for line in header if line.startswith(start)]


def _after(header: list[str], start: str) -> str:
    return next(iter(_all_after(header, start)), "")


def _parameter(line: str) -> Parameter:
    match = _PARAM.fullmatch(line)
    if not match or match[2] not in TYPES:
        raise ValueError(f"{line!r} is not a parameter like `on:date default=2023-12-31 the day`")
    return Parameter(match[1], match[2], bool(match[3]), match[4] or match[5] or "", match[6])


def _column(line: str) -> Column:
    match = _COLUMN.fullmatch(line)
    if not match:
        raise ValueError(f"{line!r} is not a column like `share [percent]: part of all exports`")
    return Column(match[1], match[2] or "", match[3])


def _with_blocks(lines: list[str]) -> list[str]:
    """The lines of a query, with the blocks that it brings in, and those that they bring in."""
    whole: list[str] = []
    for line in lines:
        before, mark, block = line.partition("#> ")
        whole += [before.rstrip()] if before.strip() or not mark else []
        whole += _block(block, len(line) - len(line.lstrip())) if mark else []
    return whole


def read_block(call: str) -> str:
    """The text of a block, with all that it brings in: `read_block("party ?holder=?ours")`."""
    return "\n".join(_block(call, 0))


def _block(call: str, indent: int) -> list[str]:
    """A block by its name, with other words for some of its own.

    `party ?holder=?ours` renames a variable, `holder group=either` takes another block inside.
    """
    name, *renamed = call.split()
    lines = (FOLDER / f"_{name}.rq").read_text(encoding="utf-8").splitlines()
    pairs = [pair.split("=") for pair in renamed]
    for old, new in pairs:
        inside = re.compile(rf"(#> |=){re.escape(old)}(?![\w:=-])")
        lines = [inside.sub(rf"\g<1>{new}", line) if "#> " in line else line for line in lines]
    lines = _with_blocks(lines)
    for old, new in pairs:
        word = re.compile(rf"(?<![\w?]){re.escape(old)}(?![\w:])")
        literal = new.replace("\\", r"\\")
        lines = [word.sub(literal, line) for line in lines]
    return [" " * indent + line for line in lines]
