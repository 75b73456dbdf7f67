"""Pages for people, from autoescaped templates; what changes in a browser is in `static/`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from geoties.graph.model import BASE, short_id
from geoties.server.api import all_told
from geoties.server.guards import SAFE
from geoties.server.openapi import document
from geoties.server.protocol import Refused
from geoties.server.replies import generation_of

TEMPLATES = Path(__file__).parent / "templates"
# The editor styles its parts one by one, which a policy of hashes cannot allow.
_EDITOR = SAFE.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace(
    "img-src 'self' data:", "img-src 'self' data: blob:"
) + "; font-src 'self' data:"  # fmt: skip
_FOR_PROGRAMS = ("/sparql", "/openapi.json", "/ontology")
_TITLES = {404: "There is nothing here", 500: "The server made a mistake", 503: "Not now"}
_LANGUAGES = {"en": "English", "es": "Spanish", "pt": "Portuguese", "zh": "Chinese",
              "fr": "French", "de": "German", "ja": "Japanese", "ko": "Korean", "ar": "Arabic",
              "ru": "Russian", "it": "Italian", "id": "Indonesian", "hi": "Hindi"}  # fmt: skip


def page(
    name: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **told: Any
) -> Response:
    """A page from a template."""
    text = _environment().get_template(name).render(**told)
    return HTMLResponse(text, status, dict(headers or {}))


def refusal(request: Request, problem: Exception) -> Response:
    """One sentence: as JSON where JSON is spoken, as a page for people, else as plain text."""
    assert isinstance(problem, Refused)
    headers, path = dict(problem.headers), request.url.path
    if path.startswith("/api/"):
        return JSONResponse({"error": str(problem)}, problem.status, headers)
    if path not in _FOR_PROGRAMS and "text/html" in request.headers.get("accept", ""):
        told = {"told": str(problem), "like": problem.like}
        other = "No certain match" if path == "/find" else "That cannot be answered"
        told["title"] = _TITLES.get(problem.status, other)
        return page("refused.html.j2", status=problem.status, headers=headers, **told)
    return PlainTextResponse(f"{problem}\n", problem.status, headers)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters["path"] = lambda id: "/" + quote(str(id), safe="/%:@!$&'()*+,;=~")
    made.filters["short"] = short_id
    made.globals["base"] = BASE
    made.globals["version"] = version("geoties")
    made.globals["language"] = lambda code: _LANGUAGES.get(code, code)
    return made


async def home(request: Request) -> Response:
    """What there is."""
    snapshot = generation_of(request).snapshot
    counts = snapshot.manifest["counts"]
    return page(
        "home.html.j2",
        title="geoties",
        date=snapshot.graph_date,
        checksum=snapshot.checksum,
        ties=sum(counts["graph"].values()),
        entities=counts["frames"]["entities"],
        sources=snapshot.manifest["sources"],
        questions=all_told(snapshot)["queries"],
    )


async def api(request: Request) -> Response:
    """The questions, each with a form that asks it."""
    snapshot = generation_of(request).snapshot
    operations = [{"path": path, **item["get"]} for path, item in document()["paths"].items()]
    return page("api.html.j2", title="Questions", operations=operations, date=snapshot.graph_date)


async def yasgui(request: Request) -> Response:
    """The editor for SPARQL, with the library's questions."""
    questions = [told for told in all_told(generation_of(request).snapshot)["queries"]]
    saved = [told for told in questions if told["sparql"]]
    return page(
        "yasgui.html.j2",
        title="SPARQL",
        saved=saved,
        headers={"content-security-policy": _EDITOR},
    )
