"""What stands before every request: its Host, its size, its time; and the headers of answers."""

from __future__ import annotations

import asyncio
import ipaddress
import re
from collections.abc import Collection, Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geoties.server.protocol import Refused

MOST_BODY_BYTES = 2**20
BODY_SECONDS = 8.0
SAFE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Gate:
    """Let in what names this server as its host; add to every answer what keeps browsers safe.

    A page of a stranger can make a browser call a name of the stranger's own that leads here
    (DNS rebinding). Such a request names the stranger's host, and gets nothing. An address in
    numbers cannot be rebound. It can also have the browser ask here and not see the answer, which
    costs this machine as much: browsers say so, and only a link that a person follows is let in.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str], shared: bool) -> None:
        self.app = app
        self.hosts = {host.lower().rstrip(".") for host in hosts} | {"localhost"}
        self.shared = shared

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers().items():
                    headers.setdefault(name, value)
            await send(message)

        app = self._refusal(scope["method"], Headers(scope=scope)) or self.app
        await app(scope, receive, send_safely)

    def _refusal(self, method: str, headers: Headers) -> ASGIApp | None:
        if not self._is_ours(headers.getlist("host")):
            told = "This server is not known by that name; start it with --allow-host NAME.\n"
            return PlainTextResponse(told, 421)
        elsewhere = headers.get("sec-fetch-site") == "cross-site" and not self.shared
        if elsewhere and (method != "GET" or headers.get("sec-fetch-dest") != "document"):
            told = "Pages of other sites may not ask here; start it with --allow-origin SITE.\n"
            return PlainTextResponse(told, 403)
        return None

    def _headers(self) -> Mapping[str, str]:
        return {
            **_HEADERS,
            "content-security-policy": SAFE,
            "cross-origin-resource-policy": "cross-origin" if self.shared else "same-origin",
        }

    def _is_ours(self, hosts: list[str]) -> bool:
        if len(hosts) != 1:
            return False
        name = _without_port(hosts[0])
        return name.lower().rstrip(".") in self.hosts or _is_address(name)


_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::[0-9]{1,5})?")


def _without_port(host: str) -> str:
    """A Host header without its port; nothing if it is not made as one is, for the pages and the
    description repeat it.

    >>> _without_port("[::1]:8000"), _without_port("localhost:80"), _without_port("localhost")
    ('::1', 'localhost', 'localhost')
    >>> _without_port("localhost:@attacker.example")
    ''
    """
    found = _HOST.fullmatch(host)
    return (found[1] or found[2]) if found else ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


async def body_of(request: Request) -> bytes:
    """The body of a request, within its limits; raises `Refused` with 408 or 413."""
    parts, size = [], 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                size += len(part)
                if size > MOST_BODY_BYTES:
                    raise Refused(413, f"The body is larger than {MOST_BODY_BYTES:,} bytes.")
                parts.append(part)
    except TimeoutError:
        raise Refused(408, f"The body did not come within {BODY_SECONDS:g} seconds.") from None
    return b"".join(parts)
