"""Requests to somebody's SPARQL store: bounded, never redirected, credentials from the environment.

`GEOTIES_ENDPOINT_TOKEN` is sent as a bearer token; else `GEOTIES_ENDPOINT_USER` and
`GEOTIES_ENDPOINT_PASSWORD` as basic authentication; else nothing. Light: `requests` is loaded by
the first request.
"""

from __future__ import annotations

import os
import re
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from textwrap import shorten
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from geoties.graph.model import UserError

if TYPE_CHECKING:
    import requests

TOKEN, USER, PASSWORD = (
    "GEOTIES_ENDPOINT_TOKEN", "GEOTIES_ENDPOINT_USER", "GEOTIES_ENDPOINT_PASSWORD",
)  # fmt: skip
LARGEST_ANSWER = 256 * 2**20
_LONGEST_WAIT = 600.0  # seconds, for one request
_PATIENCE = (10.0, 300.0)  # seconds: to connect, and between two pieces of the answer
_PAUSES = (0.5, 2.0, 8.0)  # seconds before asking again
_LONGEST_PAUSE = 60.0
_BUSY = (429, 502, 503, 504)
_LONGEST_COMPLAINT = 160
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\x9f]")
_MARKUP = re.compile(r"<[^>]*>")


class TooLarge(UserError):
    """The server takes no body of this size."""


class Refused(UserError):
    """The server answered that it will not do this; `status` is its code."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status

    @property
    def forbidden(self) -> bool:
        """Whether other credentials might help."""
        return self.status in (401, 403)


@dataclass(frozen=True)
class Reply:
    """What came back: its media type, without parameters, and its bytes."""

    media_type: str
    body: bytes


def checked_url(text: str) -> str:
    """A URL that may be asked; raises `UserError` for other schemes, credentials and fragments.

    >>> checked_url("http://localhost:3030/geoties/sparql")
    'http://localhost:3030/geoties/sparql'
    >>> checked_url("file:///etc/passwd")
    Traceback (most recent call last):
    geoties.graph.model.UserError: 'file:///etc/passwd' is no address of a store; write it as http://localhost:3030/geoties/sparql.
    """
    try:
        parts = urlsplit(text)
        plain = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.fragment
        _ = parts.port
    except ValueError:
        plain, parts = False, urlsplit("")
    if plain and (parts.username is not None or parts.password is not None):
        raise UserError(f"An address holds no credentials; set {USER} and {PASSWORD} instead.")
    if not plain or _UNSEEN.search(text):
        example = "http://localhost:3030/geoties/sparql"
        raise UserError(f"{text!r} is no address of a store; write it as {example}.")
    return text


@dataclass(frozen=True)
class Wire:
    """The connection to one address."""

    url: str
    largest: int = LARGEST_ANSWER
    pauses: tuple[float, ...] = field(default=_PAUSES)

    def __post_init__(self) -> None:
        checked_url(self.url)

    @cached_property
    def _session(self) -> requests.Session:
        import requests

        session = requests.Session()
        session.headers["User-Agent"] = "geoties"
        session.auth = _authorised  # also keeps requests from reading ~/.netrc
        return session

    @property
    def unguarded(self) -> bool:
        """Whether credentials would travel unencrypted to another machine."""
        parts = urlsplit(self.url)
        away = parts.hostname not in ("localhost", "127.0.0.1", "::1")
        return parts.scheme == "http" and away and bool(_credentials())

    def send(
        self,
        method: str,
        *,
        parameters: Mapping[str, str] | str | None = None,
        body: bytes | Mapping[str, str] = b"",
        content_type: str = "",
        accept: str = "*/*",
    ) -> Reply:
        """Ask once, and again where the server is busy; raises `UserError` that says what is wrong.

        What is sent may be sent twice: all that we send has the same effect once and twice.
        """
        headers = {"Accept": accept} | ({"Content-Type": content_type} if content_type else {})
        told = ""
        for pause in (*self.pauses, None):
            try:
                answer = self._once(method, parameters, body, headers)
            except Away as problem:
                told, wait = str(problem), pause
            else:
                if isinstance(answer, Reply):
                    return answer
                told, wait = f"{self.url} is busy (status {answer[0]}).", answer[1] or pause
            if pause is None or wait is None:
                break
            time.sleep(min(wait, _LONGEST_PAUSE))
        raise UserError(told)

    def _once(
        self,
        method: str,
        parameters: Mapping[str, str] | str | None,
        body: bytes | Mapping[str, str],
        headers: Mapping[str, str],
    ) -> Reply | tuple[int, float]:
        """The reply, or the status of a busy server and how long it asks us to wait."""
        import requests

        try:
            answer = self._session.request(
                method, self.url, params=parameters, data=body, headers=headers,
                stream=True, timeout=_PATIENCE, allow_redirects=False,
            )  # fmt: skip
            with answer:
                data = b"".join(self._pieces(answer))
        except requests.exceptions.Timeout:
            raise Away(f"{self.url} did not answer in time.") from None
        except requests.exceptions.SSLError:
            raise UserError(f"{self.url} has no certificate that can be trusted.") from None
        except requests.exceptions.ConnectionError:
            raise Away(f"{self.url} cannot be reached; is the server running?") from None
        except (requests.exceptions.RequestException, UnicodeError, ValueError):
            raise UserError(f"{self.url} cannot be asked over HTTP.") from None
        if answer.status_code in _BUSY:
            return answer.status_code, _asked_to_wait(answer.headers.get("Retry-After", ""))
        self._stop_on(answer.status_code, answer.headers.get("Location", ""), data)
        return Reply(answer.headers.get("Content-Type", "").partition(";")[0].strip(), data)

    def _pieces(self, answer: requests.Response) -> Iterator[bytes]:
        size, until = 0, time.monotonic() + _LONGEST_WAIT
        for piece in answer.iter_content(2**16):
            size += len(piece)
            if size > self.largest:
                most = f"{self.largest // 2**20} MB"
                raise UserError(f"{self.url} answers with more than {most}; ask for less.")
            if time.monotonic() > until:
                raise Away(f"{self.url} did not finish its answer in time.")
            yield piece

    def _stop_on(self, status: int, location: str, data: bytes) -> None:
        if 200 <= status < 300:
            return
        if 300 <= status < 400:
            raise UserError(
                f"{self.url} sends us on to {shorten(location, _LONGEST_COMPLAINT) or 'nowhere'}; "
                "give the address itself, for we follow none."
            )
        if status in (401, 403):
            wants = "other" if _credentials() else "some"
            raise Refused(
                f"{self.url} wants {wants} credentials (status {status}); set {USER} and "
                f"{PASSWORD}, or {TOKEN}.",
                status,
            )
        if status == 413:
            raise TooLarge(f"{self.url} takes no request of this size (status 413).")
        known = {404: "there is nothing at this address", 405: "it is not meant for this"}
        why = known.get(status) or complaint(data) or "it does not say why"
        raise Refused(f"{self.url} refuses (status {status}): {why.removesuffix('.')}.", status)


class Away(UserError):
    """Nobody answered; asking again may help."""


def complaint(data: bytes) -> str:
    """What a server says, as one short line without markup.

    >>> complaint(b"<html><h1>Bad\\nrequest</h1></html>")
    'Bad request'
    """
    text = _MARKUP.sub(" ", data[:4096].decode("utf-8", "replace"))
    return shorten(text, _LONGEST_COMPLAINT, placeholder=" …")


def _asked_to_wait(text: str) -> float:
    return float(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0.0


def _credentials() -> str:
    """The value of the header `Authorization`; empty where the environment has no credentials."""
    if token := os.environ.get(TOKEN):
        return f"Bearer {token}"
    user, password = os.environ.get(USER, ""), os.environ.get(PASSWORD, "")
    if not (user or password):
        return ""
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode("ascii")


def _authorised(request: requests.PreparedRequest) -> requests.PreparedRequest:
    if told := _credentials():
        request.headers["Authorization"] = told
    return request
