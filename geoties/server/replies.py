"""Replies of workers as answers of HTTP."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from geoties.server.live import Generation, Live
from geoties.server.pool import Reply
from geoties.server.protocol import Refused

STATUS = {
    "refused": 400,
    "crashed": 400,
    "forbidden": 403,
    "unknown": 404,
    "not acceptable": 406,
    "too much": 413,
    "failed": 500,
    "time": 503,
    "memory": 503,
    "busy": 503,
}


def generation_of(request: Request) -> Generation:
    """The graph that answers this request, to its end."""
    live: Live = request.app.state.live
    return live.now()


def answered(reply: Reply, headers: Mapping[str, str] | None = None) -> Response:
    """The body of a reply; raises `Refused` with its sentence where there is none."""
    if reply.status != "done":
        later = {"retry-after": "5"} if reply.status == "busy" else {}
        raise Refused(STATUS[reply.status], reply.told, later)
    media = str(reply.head["type"])
    return Response(reply.body, media_type=media, headers=dict(headers or {}))


def here(request: Request) -> str:
    """The address of this server, as the client knows it."""
    return str(request.base_url)
