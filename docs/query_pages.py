"""docs/queries.md and docs/queries/NAME.md: every question of the library, with its real answer.

What a page says comes from the header of the question's file. The answer needs a built graph; where
there is none, what the page has already stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

from geoties.cli.output import markdown_text
from geoties.graph.store import Answer
from geoties.knowledge import KnowledgeGraph
from geoties.queries.header import Parameter, Question, question_names, read_question
from geoties.queries.library import example_of, example_parameters

FOLDER = Path(__file__).parent / "queries"
MOST_ROWS = 15
ANSWER, HOW = "## Its answer\n", "## How it is answered\n"
_BY_COLUMNS = "Asked of the columns: how much, by a measure"
_BY_SPARQL = "Asked of the graph: who and what, by SPARQL"


def index_page() -> str:
    """docs/queries.md: all questions, each with its page."""
    lines = [
        "# Questions",
        "",
        "Made from the headers of `queries/library/*.rq` by `python docs/generate.py`.",
        "`geoties query NAME` asks, `geoties query NAME --show` prints the SPARQL as well, and",
        '`kg.query("NAME", …)` gives a DataFrame.',
        "",
    ]
    questions = sorted(map(read_question, question_names()), key=lambda q: bool(q.measure))
    for measured, group in groupby(questions, key=lambda q: bool(q.measure)):
        lines += [f"## {_BY_COLUMNS if measured else _BY_SPARQL}", "", "| | |", "|---|---|"]
        lines += [f"| [{q.title}](queries/{q.name}.md) | {q.question} |" for q in group]
        lines += [""]
    return "\n".join(lines)


def query_pages(kg: KnowledgeGraph | None) -> dict[str, Callable[[], str]]:
    """The page of every question by its path in the project; the answers are of `kg`."""
    pages = {name: read_question(name) for name in question_names()}
    return {
        f"docs/queries/{name}.md": lambda question=question: _page(question, kg)  # type: ignore[misc]
        for name, question in pages.items()
    }


def _page(question: Question, kg: KnowledgeGraph | None) -> str:
    how = _by_measure(question) if question.measure else _by_sparql(question)
    return "\n".join([*_header(question), ANSWER, _answer(question, kg), HOW, *how])


def _header(question: Question) -> Iterator[str]:
    yield from (f"# {question.title}", "", question.question, "")
    yield from (
        "```sh",
        example_of(question),
        "```",
        "",
        "```python",
        _in_python(question),
        "```",
        "",
    )
    yield from ("| parameter | type | if left out | |", "|---|---|---|---|")
    for parameter in question.parameters:
        yield f"| `--{parameter.name.replace('_', '-')}` | {_told(parameter)} |"
    yield from ("", "| column | unit | |", "|---|---|---|")
    for column in question.columns:
        yield f"| `{column.name}` | {column.unit} | {column.description} |"
    yield ""


def _in_python(question: Question) -> str:
    given = ", ".join(f"{name}={value!r}" for name, value in example_parameters(question).items())
    return f'kg.query("{question.name}"{", " if given else ""}{given})'.replace("'", '"')


def _told(parameter: Parameter) -> str:
    left_out = (
        "required"
        if parameter.required
        else parameter.default.replace("graph-date", "the graph's date")
    )
    return f"{parameter.type} | {left_out or 'all'} | {parameter.description}"


def _by_measure(question: Question) -> Iterator[str]:
    names = question.measure.split(", ")
    told = " and ".join(f"[{name}](../measures.md#{name})" for name in names)
    yield from (f"From the columns, by the measure {told}.", "")


def _by_sparql(question: Question) -> Iterator[str]:
    yield "A parameter stands in the query as an IRI of its own name, such as `on:`; its value is"
    yield "bound, never put into the text."
    yield from ("", "```sparql", question.sparql, "```", "")


def _answer(question: Question, kg: KnowledgeGraph | None) -> str:
    if kg is None:
        page = FOLDER / f"{question.name}.md"
        kept = page.read_text(encoding="utf-8") if page.exists() else ""
        return kept.partition(ANSWER)[2].partition(HOW)[0].strip("\n") + "\n"
    answer = kg.query_answer(question.name, example_parameters(question))
    return "\n".join(_rows(answer, kg.date))


def _rows(answer: Answer, date: str) -> Iterator[str]:
    shown = min(len(answer.rows), MOST_ROWS)
    count = f"{shown} of {len(answer.rows)} rows" if shown < len(answer.rows) else f"{shown} rows"
    yield from (f"On the default graph as of {date}: {count}.", "")
    yield markdown_text(answer.columns, answer.rows[:MOST_ROWS])
