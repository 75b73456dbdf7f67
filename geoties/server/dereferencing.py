"""What stands behind the IRIs of the graph: a page for people, RDF for programs."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from geoties.server.api import refuse_unknown
from geoties.server.jobs import TRIPLES
from geoties.server.live import Generation
from geoties.server.negotiation import preferred
from geoties.server.pages import page
from geoties.server.protocol import Refused, pairs
from geoties.server.replies import answered, generation_of

_HTML = "text/html"
_PARAMETERS = ("on", "kind", "page", "format")
_SUFFIXES = {"ttl": "text/turtle", "nt": "application/n-triples", "jsonld": "application/ld+json"}


async def dereference(request: Request) -> Response:
    """`/state/PER` and all others: HTML or RDF, as the client accepts it or as `?format=` says."""
    given = pairs(str(request.url.query))
    refuse_unknown(given, _PARAMETERS)
    asked = dict(given)
    media = _media(request, asked.pop("format", ""))
    generation = generation_of(request)
    id = _path(request)
    if media != _HTML:
        question = {"do": "statements", "id": id, "triples": [media]}
        reply = await generation.ask(generation.graph, question)
        return answered(reply, {"vary": "Accept"})
    reply = await generation.ask(generation.graph, {"do": "entity", "id": id, **asked})
    if reply.status == "unknown":
        found = await _found(generation, unquote(id.rsplit("/", 1)[-1]))
        raise Refused(404, reply.told, like=found["like"])
    told = json.loads(bytes(answered(reply).body))
    return page("entity.html.j2", title=told["label"], e=told, headers={"vary": "Accept"})


def _path(request: Request) -> str:
    """The path as it was sent, for the escapes in it are a part of the IRI."""
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    return raw.partition(b"?")[0].decode("ascii", "replace").lstrip("/")


def _media(request: Request, form: str) -> str:
    if form:
        if form not in _SUFFIXES:
            raise Refused(400, f"There is no format {form!r}; there are: {', '.join(_SUFFIXES)}.")
        return _SUFFIXES[form]
    accept = ",".join(request.headers.getlist("accept"))
    wanted = preferred(accept, [_HTML, *TRIPLES])
    if not wanted:
        raise Refused(406, "This comes as HTML, Turtle, N-Triples, JSON-LD or RDF/XML.")
    return wanted[0]


async def ontology(request: Request) -> Response:
    """The ontology, as it is kept."""
    text = resources.files("geoties.ontology").joinpath("geoties.ttl").read_bytes()
    return Response(text, media_type="text/turtle")


async def find(request: Request) -> Response:
    """From a name to the page of what it means: `/find?name=Peru`."""
    given = pairs(str(request.url.query))
    refuse_unknown(given, ("name",))
    name = dict(given).get("name", "").strip()
    if not name:
        raise Refused(400, "Give a name, such as /find?name=Peru.")
    found = await _found(generation_of(request), name)
    if not found["id"]:
        raise Refused(400, found["told"], like=found["like"])
    return RedirectResponse("/" + found["id"], 303)


async def _found(generation: Generation, name: str) -> dict[str, Any]:
    """What a name means, or may mean; see `geoties.server.jobs.find`."""
    reply = await generation.ask(generation.graph, {"do": "find", "name": name[:200]})
    found: dict[str, Any] = json.loads(bytes(answered(reply).body))
    return found
