"""The questions of the library as an OpenAPI document, made from their headers."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from geoties.queries.header import Column, Parameter, Question, question_names, read_question
from geoties.queries.library import example_parameters

_EXAMPLES = {"date": "2023-12-31", "year": "2023", "number": "10"}
_PATTERNS = {
    "date": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "year": r"^[0-9]{4}$",
    "number": r"^[0-9]{1,9}$",
}
_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_REFUSALS = {
    "400": "The parameters do not fit; the message says which and what to do",
    "404": "There is no such question",
    "413": "The answer has more rows or bytes than are allowed",
    "503": "The question took too long, needed too much memory, or the server is busy",
}
Json = dict[str, Any]


def document() -> Json:
    """The OpenAPI 3.1 document of the JSON API."""
    paths: Json = {"/api/queries": {"get": _list_operation()}}
    for name in question_names():
        paths[f"/api/queries/{name}"] = {"get": _operation(read_question(name))}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "geoties: the library of questions",
            "version": version("geoties"),
            "description": "Each question is a GET; its parameters are typed and its answer names "
            "its columns, their units and the sources. SPARQL goes to /sparql.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {"schemas": _SCHEMAS},
    }


def _list_operation() -> Json:
    return {
        "operationId": "list-queries",
        "summary": "The questions that there are",
        "parameters": [],
        "responses": {"200": _json_of("The questions", {"$ref": "#/components/schemas/Questions"})},
    }


def _operation(question: Question) -> Json:
    example = example_parameters(question)
    return {
        "operationId": question.name,
        "summary": question.title,
        "description": question.question,
        "parameters": [_parameter(p, example.get(p.name, "")) for p in question.parameters],
        "responses": {
            "200": _json_of("The answer", _answer_schema(question)),
            **{code: _json_of(told, _PROBLEM) for code, told in _REFUSALS.items()},
        },
    }


def _parameter(parameter: Parameter, example: str) -> Json:
    schema: Json = {"type": "string", "maxLength": 200}
    if parameter.type in _PATTERNS:
        pattern = _PATTERNS[parameter.type]
        # a parameter that may be left out may be empty, too
        schema["pattern"] = pattern if parameter.required else f"^$|{pattern}"
    if parameter.default and parameter.default != "graph-date":
        schema["default"] = parameter.default
    elif parameter.required:
        schema["minLength"] = 1
    told = {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        "description": f"{parameter.description} ({parameter.type})",
        "schema": schema,
    }
    shown = example or _EXAMPLES.get(parameter.type, "")
    return {**told, "example": shown} if shown else told


def _answer_schema(question: Question) -> Json:
    columns = {column.name: _cell(column) for column in question.columns}
    rows = {"type": "array", "items": {"type": "object", "properties": columns}}
    answer = {"$ref": "#/components/schemas/Answer"}
    return {"allOf": [answer, {"type": "object", "properties": {"rows": rows}}]}


def _cell(column: Column) -> Json:
    unit = f" [{column.unit}]" if column.unit else ""
    return {
        "type": ["string", "number", "boolean", "null"],
        "description": f"{column.description}{unit}",
    }


def _json_of(told: str, schema: Json) -> Json:
    return {"description": told, "content": {"application/json": {"schema": schema}}}


def _texts(*names: str) -> Json:
    return {name: {"type": "string"} for name in names}


def _object(properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": sorted(properties)}


def _list_of(schema: Json) -> Json:
    return {"type": "array", "items": schema}


_SCHEMAS: Mapping[str, Json] = {
    "Problem": _object(_texts("error")),
    "Questions": _object(
        {
            "graph_date": {"type": "string", "format": "date"},
            "queries": _list_of(
                _object(
                    {
                        **_texts("name", "title", "question", "url", "example", "sparql"),
                        "parameters": _list_of(
                            _object(
                                {
                                    **_texts("name", "type", "default", "description"),
                                    "required": {"type": "boolean"},
                                }
                            )
                        ),
                        "columns": _list_of(_object(_texts("name", "unit", "description"))),
                    }
                )
            ),
        }
    ),
    "Answer": _object(
        {
            **_texts("name", "question", "graph"),
            "graph_date": {"type": "string", "format": "date"},
            "parameters": {"type": "object", "additionalProperties": {"type": "string"}},
            "columns": _list_of(_object(_texts("name", "unit", "description"))),
            "rows": _list_of({"type": "object"}),
            "sources": _list_of(_object(_texts("id", "title", "licence", "citation", "url"))),
        }
    ),
}
