"""The explorer page over the graph that is served: `/explore?focus=PER,CHL&layout=map`."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from geoties.server.api import refuse_unknown
from geoties.server.protocol import Refused, pairs
from geoties.server.replies import answered, generation_of

# the parameters of the address and the options of `KnowledgeGraph.view`
_TEXTS = {"show": "show", "layout": "layout", "lang": "lang"}
_LISTS = {"focus": "focus", "kind": "kinds", "poles": "poles", "regions": "regions"}
_NUMBERS = {"year": "year", "size": "size"}
PARAMETERS = (*_TEXTS, *_LISTS, *_NUMBERS)


async def explore(request: Request) -> Response:
    """The page of the options; the browser keeps it until another graph is current."""
    options = options_of(pairs(str(request.url.query)))
    generation = generation_of(request)
    key = _key(generation.snapshot.checksum, options)
    headers = {
        "etag": f'"{key}"',
        "cache-control": "no-cache",
        "vary": "Accept-Encoding",
        # the page carries its own policy, with the hashes of its scripts
        "content-security-policy": " ".join(["frame-ancestors 'self'", *request.app.state.origins]),
    }
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    reply = await generation.page(key, {"do": "explore", "options": options})
    return _as_wanted(request, answered(reply, headers))


def options_of(given: list[tuple[str, str]]) -> dict[str, Any]:
    """The options that an address asks for; raises `Refused` for one that makes no sense."""
    given = [(name, value.strip()) for name, value in given]
    refuse_unknown(given, PARAMETERS)
    options: dict[str, Any] = {}
    for name, value in given:
        if not value:
            continue
        if len(value) > 2000:
            raise Refused(400, f"The value of {name} is too long; give fewer names.")
        known = {**_TEXTS, **_LISTS, **_NUMBERS}[name]
        options[known] = _number(name, value) if name in _NUMBERS else value
    return options


def _number(name: str, value: str) -> int:
    if not (value.isascii() and value.isdigit()) or len(value) > 6:
        raise Refused(400, f"{value!r} is not a number; {name} is one.")
    return int(value)


def _key(checksum: str, options: dict[str, Any]) -> str:
    text = json.dumps([checksum, options], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _as_wanted(request: Request, page: Response) -> Response:
    """The page compressed, or not for the rare client that cannot."""
    if "gzip" in request.headers.get("accept-encoding", ""):
        page.headers["content-encoding"] = "gzip"
        return page
    import gzip

    headers = {name: value for name, value in page.headers.items() if name != "content-length"}
    return Response(gzip.decompress(bytes(page.body)), headers=headers)
