"""The library of questions as a small JSON API."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from geoties.graph.model import UserError
from geoties.graph.snapshots import Snapshot
from geoties.queries.asking import QuickNames
from geoties.queries.header import Question, question_names, read_question
from geoties.queries.library import bound_values, example_of, example_parameters, stand_alone
from geoties.server.openapi import document
from geoties.server.protocol import Refused, pairs
from geoties.server.replies import answered, generation_of


async def openapi(request: Request) -> Response:
    """The OpenAPI document."""
    return JSONResponse(document(), media_type="application/vnd.oai.openapi+json;version=3.1")


async def list_questions(request: Request) -> Response:
    """All questions with their parameters and columns."""
    refuse_unknown(pairs(str(request.url.query)), ())
    return JSONResponse(all_told(generation_of(request).snapshot))


def all_told(snapshot: Snapshot) -> dict[str, Any]:
    """What the API lists: every question, and the date of the graph."""
    date = snapshot.graph_date
    listed = [told(name, snapshot.folder, date) for name in question_names()]
    return {"graph_date": date, "queries": listed}


async def answer_question(request: Request) -> Response:
    """The answer to one question."""
    name = str(request.path_params["name"])
    given = pairs(str(request.url.query))
    if name not in question_names():
        raise Refused(404, f"There is no question {name!r}; /api/queries lists them.")
    question = read_question(name)
    refuse_unknown(given, [parameter.name for parameter in question.parameters])
    generation = generation_of(request)
    pool = generation.columns if question.measure else generation.graph
    asked = {"do": "question", "name": name, "parameters": dict(given)}
    return answered(await generation.ask(pool, asked))


def refuse_unknown(given: list[tuple[str, str]], known: Any) -> None:
    """Raises `Refused` for a parameter that there is not, or that is given twice."""
    names = [name for name, _ in given]
    for name in names:
        if name not in known:
            there = f"there are: {', '.join(known)}" if known else "there are none"
            raise Refused(400, f"There is no parameter {name!r}; {there}.")
        if names.count(name) > 1:
            raise Refused(400, f"The parameter {name!r} is given twice; give it once.")


@lru_cache(maxsize=128)
def told(name: str, build: Path, graph_date: str) -> dict[str, Any]:
    """A question as the API lists it; `sparql` is empty where the columns answer."""
    question = read_question(name)
    return {
        "name": name,
        "title": question.title,
        "question": question.question,
        "url": f"/api/queries/{name}",
        "example": example_of(question),
        "sparql": _example_sparql(question, build, graph_date),
        "parameters": [
            {
                "name": p.name,
                "type": p.type,
                "required": p.required,
                "default": p.default,
                "description": p.description,
            }
            for p in question.parameters
        ],
        "columns": [
            {"name": c.name, "unit": c.unit, "description": c.description} for c in question.columns
        ],
    }


def _example_sparql(question: Question, build: Path, graph_date: str) -> str:
    """The SPARQL of a question as its example asks it, to be run and changed anywhere."""
    if question.measure:
        return ""
    names, asked = QuickNames(build / "names.csv"), example_parameters(question)
    try:
        values = bound_values(question, asked, names=names, graph_date=graph_date)
    except UserError:  # a small graph of somebody's own need not know the example
        return ""
    return stand_alone(question, values)
