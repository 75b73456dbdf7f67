"""The SPARQL endpoint, and its description."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from geoties.server.describing import description
from geoties.server.guards import body_of
from geoties.server.jobs import SOLUTIONS, TRIPLES
from geoties.server.negotiation import preferred
from geoties.server.protocol import Asked, Refused, asked_by_body, asked_by_url
from geoties.server.replies import answered, generation_of, here, while_there

_VARY = {"vary": "Accept"}
_HTML = "text/html"


async def sparql(request: Request) -> Response:
    """A query by GET or POST; a GET without one is told what this is."""
    query_string = str(request.url.query)
    if request.method == "POST":
        content_type = request.headers.get("content-type", "")
        asked = asked_by_body(content_type, await body_of(request), query_string)
        return await _answer(request, asked)
    asked_for = asked_by_url(query_string)
    return await _answer(request, asked_for) if asked_for else _described(request)


async def _answer(request: Request, asked: Asked) -> Response:
    accept = _accept(request)
    generation = generation_of(request)
    question = {
        "do": "sparql",
        "text": asked.text,
        "default": asked.default,
        "named": asked.named,
        "solutions": preferred(accept, list(SOLUTIONS)),
        "triples": preferred(accept, list(TRIPLES)),
    }
    reply = await while_there(request, generation.ask(generation.text, question))
    return answered(reply, _VARY)


def _described(request: Request) -> Response:
    """The description as RDF, or the editor for a person with a browser."""
    wanted = preferred(_accept(request), [*TRIPLES, _HTML])
    if not wanted:
        told = "The description comes as Turtle, N-Triples, JSON-LD or RDF/XML."
        raise Refused(406, told)
    if wanted[0] == _HTML:
        return RedirectResponse("/yasgui", 303, _VARY)
    manifest = generation_of(request).snapshot.manifest
    data = description(manifest, here(request), wanted[0])
    return Response(data, media_type=wanted[0], headers=_VARY)


async def described_elsewhere(request: Request) -> Response:
    """`/.well-known/void`, and the IRIs of the dataset, its parts and its graphs: where the
    description is; for people, the front page."""
    people = preferred(_accept(request), [*TRIPLES, _HTML])[:1] == [_HTML]
    return RedirectResponse("/" if people else "/sparql", 303, _VARY)


def _accept(request: Request) -> str:
    return ",".join(request.headers.getlist("accept"))
