"""Replies of workers as answers of HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any

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


async def while_there(request: Request, asking: Coroutine[Any, Any, Reply]) -> Reply:
    """The reply, unless the client goes before: then its question is taken back, if no worker
    has begun with it. The body of the request is to be read before."""
    asked, gone = asyncio.ensure_future(asking), asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({asked, gone}, return_when=asyncio.FIRST_COMPLETED)
        if asked.done():
            return asked.result()
        raise Refused(STATUS["busy"], "The client has gone.")
    finally:
        gone.cancel()
        asked.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def here(request: Request) -> str:
    """The address of this server, as the client knows it."""
    return str(request.base_url)
