"""`geoties query`: the library asked from the command line, and what strangers put into it."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from commands import assert_told, geoties
from hostile import HOSTILE

from geoties.graph.model import UserError
from geoties.knowledge import KnowledgeGraph
from geoties.queries.header import question_names, read_question
from geoties.queries.library import example_parameters

ASK = ("query", "members-of-body", "--body", "APEC", "--on", "2023-12-31")


def test_the_list_tells_every_question_with_an_example_that_can_be_typed() -> None:
    rows = geoties("query", "--list", "--format", "json").json()
    assert len(rows) >= 8
    for row in rows:
        assert row["question"].endswith("?")
        assert shlex.split(row["example"])[:3] == ["geoties", "query", row["name"]]


def test_a_bare_query_lists_the_questions() -> None:
    assert geoties("query").out == geoties("query", "--list").out


def test_show_prints_the_question_its_parameters_and_how_it_is_answered() -> None:
    done = geoties("query", "members-of-body", "--show")
    assert done.code == 0
    for part in ("--body", "Columns:", "Example: geoties query members-of-body", "SELECT"):
        assert part in done.out


def test_a_question_is_answered_in_every_form(default_store: Path) -> None:
    rows = geoties(*ASK, "--format", "json", store=default_store).json()
    assert len(rows) > 15
    assert [*geoties(*ASK, "--format", "csv", store=default_store).csv()[0]] == list(rows[0])
    table = geoties(*ASK, "--limit", "3", store=default_store)
    assert len(table.out.splitlines()) == 4
    assert geoties(*ASK, "--format", "md", store=default_store).out.startswith("| ")


def test_the_only_needed_parameter_may_stand_alone(default_store: Path) -> None:
    alone = geoties("query", "members-of-body", "APEC", *ASK[4:], store=default_store)
    assert (alone.code, alone.out) == (0, geoties(*ASK, store=default_store).out)
    done = geoties("query", "in-both-bodies", "APEC", store=default_store)
    assert_told(done, "in-both-bodies takes --first VALUE --second VALUE")


def test_parameters_may_be_written_with_an_equals_sign(default_store: Path) -> None:
    words = ("query", "members-of-body", "--body=APEC", "--on=2023-12-31")
    assert geoties(*words, store=default_store).out == geoties(*ASK, store=default_store).out


def test_names_in_other_languages_are_understood(default_store: Path) -> None:
    def asked(country: str) -> str:
        words = ("query", "top-partners", "--country", country, "--year", "2023", "--limit", "5")
        return geoties(*words, store=default_store).out

    assert asked("Perú") == asked("PER") != ""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["no-such-question"], "there are: "),
        (["top-partner", "--country", "PER"], "top-partners"),
        (["no-such-question", "--show"], "there are: "),
        (["members-of-body"], "--body"),
        (["members-of-body", "--body"], "--body needs a value"),
        (["members-of-body", "--bodies", "APEC"], "did you mean body"),
        (["members-of-body", "--body", "Apecc"], "APEC"),
        (["members-of-body", "--body", "APEC", "--body", "BRI"], "twice"),
        (["members-of-body", "--body", "PER"], "PER"),
        (["members-of-body", "--body", "APEC", "--on", "2023-13-01"], "2023-13-01"),
        (["top-partners", "--country", "Perru"], "Peru"),
        (["top-partners", "--country", "PER", "--year", "soon"], "soon"),
        (["trade-with", "PER"], "takes --country VALUE --partner VALUE"),
        (["top-partners", "--country", "PER", "--format", "xml"], "choose one of"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_mistake_in_a_question_is_told(small_store: Path, words: list[str], told: str) -> None:
    assert_told(geoties("query", *words, store=small_store), told)


@pytest.mark.parametrize("name", question_names())
def test_a_strangers_text_in_a_parameter_is_never_part_of_the_query(
    kg: KnowledgeGraph, name: str
) -> None:
    """It is refused, or compared as the text it is; the engine never reads it as words."""
    question = read_question(name)
    example = example_parameters(question)
    for parameter in question.parameters:
        for what in ("out of a query", "out of an IRI", "quotes", "new line"):
            told = _told(kg, name, {**example, parameter.name: HOSTILE[what]})
            assert told or parameter.type == "text", (parameter.name, what)
            assert "cannot be run" not in told, (parameter.name, what)


def _told(kg: KnowledgeGraph, name: str, parameters: dict[str, str]) -> str:
    try:
        kg.query_answer(name, parameters)
    except UserError as problem:
        return str(problem)
    return ""


def test_an_answer_without_rows_is_told_and_is_no_failure(default_store: Path) -> None:
    words = ("query", "top-partners", "--country", "PER", "--year", "1950")
    done = geoties(*words, store=default_store)
    assert (done.code, done.out) == (0, "")
    told = "No row answers this question. Goods trade: unknown for 1950: no source covers it; "
    assert done.err.startswith(told)
    assert done.err.endswith("(baci-202501 2022–2023, baci-to-2020 2000–2020).\n")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("geoties query top", "top-partners"),
        ("geoties links Urug", "Uruguay"),
        ("geoties links PER CHN --kind goods", "goods-trade"),
    ],
)
def test_the_shell_completes_names_questions_and_kinds(words: str, expected: str) -> None:
    environment = os.environ | {
        "_GEOTIES_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    command = [
        sys.executable,
        "-c",
        "import sys; sys.argv = ['geoties']; import geoties.cli as c; c.main()",
    ]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert expected in done.stdout.split()


def test_a_receipt_is_replayed_and_references_are_printed(
    default_store: Path, tmp_path: Path
) -> None:
    file = tmp_path / "receipt.json"
    asked = ("links", "PER", "CHN", "--kind", "agreement-party")
    cited = geoties(*asked, "--receipt", str(file), "--cite", "bibtex", store=default_store)
    assert cited.code == 0
    assert cited.out.startswith("@misc{")
    again = geoties("replay", str(file), store=default_store)
    assert (again.code, again.out) == (0, "")
    assert "identical" in again.err


@pytest.mark.parametrize(
    ("day", "answer"), [("1990-01-01", "no"), ("2023-12-31", "yes"), ("2030-01-01", "unknown")]
)
def test_yes_no_and_unknown(default_store: Path, day: str, answer: str) -> None:
    done = geoties("is", "PER", "in", "APEC", "--on", day, "--format", "csv", store=default_store)
    assert done.out.splitlines()[1].startswith(f"{answer},membership,PER,APEC,")
