"""Downloads that are polite and whole: slowly, again when it fails, and never too much.

Nothing here runs unless the user asks for it with `geoties update`.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import email.utils
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin, urlsplit

from geoties.graph.model import UserError
from geoties.loaders.downloads_cache import Download, Kept, Wrong

if TYPE_CHECKING:
    import requests

TRIES = 5
LONGEST_WAIT = 120.0
_FIRST_WAIT = 2.0
_AGAIN = (408, 425, 429, 500, 502, 503, 504)
_MOVED = (301, 302, 303, 307, 308)
_MOST_MOVES = 5
_PIECE = 1 << 13  # small, for nothing can be looked at before a whole piece is there
Check = Callable[[Path], None]


class _Later(Exception):
    """It did not work this time; `wait` is how many seconds the server asks to wait, if any."""

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


@dataclass
class Client:
    """Downloads into a cache.

    `pause` is the least time between two requests, `timeout` how long to wait for a byte,
    `patience` how long one file may take; in seconds.
    """

    cache: Path
    pause: float = 1.0
    timeout: float = 60.0
    patience: float = 6 * 3600.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    say: Callable[[str], None] = lambda _: None
    downloads: list[Download] = field(default_factory=list)
    _last: float | None = field(default=None, init=False)

    def get(
        self,
        url: str,
        *,
        most_bytes: int,
        check: Check = lambda _: None,
        parameters: Mapping[str, str] | None = None,
        accept: str = "*/*",
    ) -> Path:
        """The file at an address; the cached one if the server says that it is still the same.

        `check` raises `Wrong` for content that is not what it should be. Raises `UserError` when
        the file cannot be had.
        """
        address = f"{url}?{urlencode(parameters)}" if parameters else url
        kept = Kept(self.cache, _checked(address))
        for attempt in range(1, TRIES + 1):
            try:
                self._fetch(kept, most_bytes, check, accept)
                break
            except _Later as later:
                if attempt == TRIES or later.wait > LONGEST_WAIT:
                    told = _with_wait(later)
                    raise UserError(f"{_short(address)} could not be downloaded: {told}.") from None
                self.say(f"{later}; trying again")
                self.sleep(later.wait or min(_FIRST_WAIT * 2 ** (attempt - 1), LONGEST_WAIT))
        if known := kept.download():
            self.downloads.append(known)
        return kept.path

    def _fetch(self, kept: Kept, most: int, check: Check, accept: str) -> None:
        import requests

        try:
            with requests.Session() as session, self._answer(session, kept, accept) as answer:
                if answer.status_code == 304:
                    return
                self._save(answer, kept, most)
                check(kept.part)
                kept.finish(answer.headers)
        except requests.RequestException as problem:
            raise _Later(_reason(problem)) from None
        except Wrong as problem:
            kept.discard()
            raise _Later(str(problem)) from None
        except OSError as problem:
            told = f"{kept.path.parent} cannot be written to: {problem.strerror}."
            raise UserError(told) from None

    @contextlib.contextmanager
    def _answer(
        self, session: requests.Session, kept: Kept, accept: str
    ) -> Iterator[requests.Response]:
        """The server's answer, wherever it sends us, when it is one that can be used."""
        headers = {"User-Agent": _agent(), "Accept": accept, "Accept-Encoding": "identity"}
        headers |= kept.conditions()
        url = kept.url
        for _ in range(_MOST_MOVES):
            self._let_rest()
            answer = session.get(
                url,
                headers=headers,
                stream=True,
                timeout=(min(self.timeout, 15.0), self.timeout),
                allow_redirects=False,
            )
            if answer.status_code not in _MOVED:
                break
            url = _moved(url, answer)
        else:
            raise UserError(f"{_short(kept.url)} sends from one address to the next without end.")
        with answer:
            _check_status(answer)
            yield answer

    def _let_rest(self) -> None:
        """Let the server rest between two requests."""
        if self._last is not None:
            self.sleep(max(0.0, self.pause - (self.clock() - self._last)))
        self._last = self.clock()

    def _save(self, answer: requests.Response, kept: Kept, most: int) -> None:
        """Write what comes to the part; the rest of one, if the server gives just that."""
        kept.part.parent.mkdir(parents=True, exist_ok=True)
        had = kept.part.stat().st_size if kept.part.exists() else 0
        rest = answer.status_code == 206
        if rest and not answer.headers.get("Content-Range", "").startswith(f"bytes {had}-"):
            raise Wrong("the server sent another part than was asked for")
        if not rest:
            kept.discard()
            kept.begin(answer.headers)
        size, started = had if rest else 0, self.clock()
        with kept.part.open("ab" if rest else "wb") as out:
            for piece in answer.iter_content(_PIECE):
                size += len(piece)
                if size > most:
                    kept.discard()
                    raise UserError(f"{_short(kept.url)} is larger than {most:,} bytes; refused.")
                if self.clock() - started > self.patience:
                    raise UserError(f"{_short(kept.url)} comes too slowly; try again later.")
                out.write(piece)


def _agent() -> str:
    return f"geoties/{version('geoties')} (+https://w3id.org/geoties/)"


def _checked(url: str) -> str:
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
        raise UserError(f"{url} is no address on the web; it should begin with https://.")
    return url


def _short(url: str) -> str:
    """An address without its query, as a message shows it."""
    return url.split("?", 1)[0]


def _moved(url: str, answer: requests.Response) -> str:
    """Where a server sends us; never from a safe connection to an open one."""
    target = urljoin(url, answer.headers.get("Location", ""))
    answer.close()
    if url.startswith("https:") and not target.startswith("https:"):
        raise UserError(f"{_short(url)} sends to an address without encryption; refused.")
    return _checked(target)


def _check_status(answer: requests.Response) -> None:
    if answer.status_code in (200, 206, 304):
        return
    told = f"the server answers {answer.status_code}"
    if answer.status_code in _AGAIN:
        raise _Later(told, _asked_wait(answer.headers.get("Retry-After", "")))
    if answer.status_code == 416:  # the part that we have is not of this file
        raise Wrong(told)
    raise UserError(f"{_short(answer.url)} cannot be downloaded: {told}.")


def _asked_wait(text: str) -> float:
    """The seconds in a `Retry-After`, which is a number or a date.

    >>> _asked_wait("7"), _asked_wait("soon")
    (7.0, 0.0)
    """
    if text.strip().isdigit():
        return float(text)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    now = dt.datetime.now(dt.UTC)  # how long to wait, nothing that is kept
    return max(0.0, (moment.astimezone(dt.UTC) - now).total_seconds())


def _with_wait(later: _Later) -> str:
    asks = f", and asks to wait {later.wait:,.0f} seconds" if later.wait > LONGEST_WAIT else ""
    return f"{later}{asks}"


def _reason(problem: requests.RequestException) -> str:
    """What went wrong, without the addresses and classes that libraries tell."""
    import requests

    if isinstance(problem, requests.Timeout):
        return "the server does not answer in time"
    if isinstance(problem, requests.exceptions.SSLError):
        return "the connection is not safe"
    if isinstance(problem, requests.exceptions.ChunkedEncodingError):
        return "the download was cut off"
    if isinstance(problem, requests.ConnectionError):
        return "there is no connection, or it broke"
    return "the server's answer cannot be read"
