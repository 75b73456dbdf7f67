"""How the server listens, and how it lets go of clients that are too slow."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import errno
import socket
from functools import partial
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from geoties.graph.model import UserError
from geoties.server.application import Application

READ_SECONDS = 10.0
WRITE_SECONDS = 30.0
LEAST_READ = 256 * 1024
_LAST_SECONDS = 1.0
_ANSWERS_KEPT = 8  # of the largest size, for all who read slowly together
_MOST_CONNECTIONS = 512
_LONGEST_HEAD = 64 * 1024
_MMAP_THRESHOLD, _LARGE = -3, 256 * 1024  # what glibc's malloc.h calls M_MMAP_THRESHOLD


class Unread:
    """What clients have not read of their answers, which is kept in memory until they do."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._clients: set[asyncio.Transport] = set()

    def add(self, client: asyncio.Transport) -> None:
        """Keep for one more; who has most to read is cut off where it is too much together."""
        self._clients.add(client)
        sizes = {each: each.get_write_buffer_size() for each in self._clients}
        for each in sorted(sizes, key=lambda each: -sizes[each]):
            if sum(sizes.values()) <= self.most:
                return
            del sizes[each]
            self.remove(each)
            each.abort()

    def remove(self, client: asyncio.Transport) -> None:
        """It has read, or is gone."""
        self._clients.discard(client)


class PatientProtocol(H11Protocol):
    """HTTP/1.1 that does not wait for ever: a request has to be whole within `READ_SECONDS`, and
    a client that reads less than `LEAST_READ` of its answer in `WRITE_SECONDS` is cut off."""

    _reading: asyncio.TimerHandle | None = None
    _writing: asyncio.TimerHandle | None = None

    def __init__(self, *args: Any, unread: Unread, **named: Any) -> None:
        super().__init__(*args, **named)
        self._unread = unread

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._reading = self.loop.call_later(READ_SECONDS, transport.abort)

    def data_received(self, data: bytes) -> None:
        """Take a part of a request; a part alone wins no time."""
        if self._reading is None:
            self._reading = self.loop.call_later(READ_SECONDS, self.transport.abort)
        super().data_received(data)
        if self.conn.their_state is not h11.SEND_BODY and self.conn.their_state is not h11.IDLE:
            self._stop("_reading")

    def pause_writing(self) -> None:
        """The client does not read."""
        super().pause_writing()
        self._stop("_writing")
        self._wait_for_reader()
        self._unread.add(self.transport)

    def _wait_for_reader(self) -> None:
        """Give the client until the next look; one that is slow but reads has its answer whole."""
        left = self.transport.get_write_buffer_size()
        self._writing = self.loop.call_later(WRITE_SECONDS, self._look_at_reader, left)

    def _look_at_reader(self, before: int) -> None:
        if before - self.transport.get_write_buffer_size() < LEAST_READ:
            self.transport.abort()
        else:
            self._wait_for_reader()

    def resume_writing(self) -> None:
        """It reads again."""
        self._stop("_writing")
        self._unread.remove(self.transport)
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop("_reading")
        self._stop("_writing")
        self._unread.remove(self.transport)
        super().connection_lost(exc)

    def _stop(self, timer: str) -> None:
        if (running := getattr(self, timer)) is not None:
            running.cancel()
            setattr(self, timer, None)


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens; raises `UserError` when the port is taken or the host is not ours."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError, OverflowError):
        raise UserError(f"{host!r} is not an address of this machine; try 127.0.0.1.") from None
    found = socket.socket(family, socket.SOCK_STREAM)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
        found.listen(128)
    except OSError as problem:
        found.close()
        raise _cannot_listen(host, port, problem) from None
    return found


def _cannot_listen(host: str, port: int, problem: OSError) -> UserError:
    if problem.errno == errno.EADDRINUSE:
        return UserError(f"Port {port} on {host} is in use; choose another one with --port.")
    if problem.errno == errno.EACCES:
        return UserError(f"Port {port} is kept for the system; choose another one with --port.")
    return UserError(f"The server cannot listen on {host}, port {port}: {problem.strerror}.")


class Server(uvicorn.Server):
    """A server that, told to stop, gives what it was asked a second, and then ends it."""

    def __init__(self, config: uvicorn.Config, application: Application) -> None:
        super().__init__(config)
        self._application = application

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop."""
        asyncio.get_running_loop().call_later(_LAST_SECONDS, self._application.close)
        await super().shutdown(sockets)


def server_of(application: Application, verbose: bool) -> Server:
    """The server of an application; `run(sockets=[…])` serves until it is told to stop."""
    _give_memory_back()
    unread = Unread(_ANSWERS_KEPT * application.limits.bytes)
    settings: dict[str, Any] = {
        "http": partial(PatientProtocol, unread=unread),
        "ws": "none",
        "lifespan": "on",
        "log_level": "info" if verbose else "error",
        "access_log": verbose,
        "server_header": False,
        "date_header": True,
        "proxy_headers": False,
        "limit_concurrency": _MOST_CONNECTIONS,
        "timeout_keep_alive": 5,
        "timeout_graceful_shutdown": 5,
        "h11_max_incomplete_event_size": _LONGEST_HEAD,
    }
    return Server(uvicorn.Config(application.asgi(), **settings), application)


def _give_memory_back() -> None:
    """Have the memory of an answer returned as soon as it is read or dropped.

    Left to itself glibc keeps large pieces for later ones, which grew to gigabytes for clients
    that did not read.
    """
    with contextlib.suppress(AttributeError, OSError, TypeError):  # other systems have no such knob
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE)
