"""How other people's servers are asked: credentials, redirects, sizes, refusals, retries.

What a well-behaved server does is tested against a real one, in `test_other_stores`.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from commands import assert_told, geoties

from geoties.graph.model import UserError
from geoties.graph.pushing import Target
from geoties.graph.remote import RemoteStore
from geoties.graph.wire import PASSWORD, TOKEN, USER, Refused, TooLarge, Wire, checked_url

JSON = "application/sparql-results+json"
NO_ROWS = b'{"head":{"vars":["s"]},"results":{"bindings":[]}}'


class Server:
    """A server that answers as it is told, and keeps what it was asked."""

    def __init__(self) -> None:
        self.replies: list[tuple[int, dict[str, str], bytes]] = []
        self.asked: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                server.bodies.append(self.rfile.read(length))
                server.asked.append(dict(self.headers))
                several = len(server.replies) > 1
                status, headers, body = server.replies.pop(0) if several else server.replies[0]
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_PUT = do_POST

            def log_message(self, format: str, *args: Any) -> None:
                return

        self.httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.httpd.server_address[1]}/sparql"
        threading.Thread(target=self.httpd.serve_forever, daemon=True).start()

    def says(self, status: int, body: bytes = b"", **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.replies.append((status, named, body))


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.httpd.shutdown()
    made.httpd.server_close()


def test_credentials_come_from_the_environment(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.says(200, NO_ROWS, Content_Type=JSON)
    store = RemoteStore(server.url)
    store.query("SELECT ?s {}")
    monkeypatch.setenv(USER, "ana")
    monkeypatch.setenv(PASSWORD, "s3cret")
    store.query("SELECT ?s {}")
    monkeypatch.setenv(TOKEN, "t0ken")
    store.query("SELECT ?s {}")
    told = [asked.get("Authorization", "") for asked in server.asked]
    basic = base64.b64encode(b"ana:s3cret").decode()
    assert told == ["", f"Basic {basic}", "Bearer t0ken"]


def test_a_netrc_file_is_not_read(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login ana password s3cret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server.says(200, NO_ROWS, Content_Type=JSON)
    RemoteStore(server.url).query("SELECT ?s {}")
    assert "Authorization" not in server.asked[0]


def test_no_redirect_is_followed(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN, "t0ken")
    elsewhere = Server()
    server.says(307, Location=elsewhere.url)
    with pytest.raises(UserError, match=f"sends us on to {elsewhere.url}; give the address"):
        RemoteStore(server.url).query("ASK {}")
    assert elsewhere.asked == []
    elsewhere.httpd.shutdown()
    elsewhere.httpd.server_close()


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (401, b"", "wants some credentials .status 401.; set GEOTIES_ENDPOINT_USER"),
        (403, b"", "wants some credentials"),
        (404, b"<html>Not found</html>", "there is nothing at this address"),
        (400, b"<h1>Parse\nerror</h1> line 3", "refuses .status 400.: Parse error line 3"),
        (500, b"", "it does not say why"),
        (400, b"\x1b[31m" + b"x" * 9999, "status 400"),
    ],
)
def test_refusals_are_told(server: Server, status: int, body: bytes, told: str) -> None:
    server.says(status, body)
    with pytest.raises(Refused, match=told) as raised:
        Wire(server.url).send("POST")
    assert len(str(raised.value)) < 300


def test_wrong_credentials_are_not_shown(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(USER, "ana")
    monkeypatch.setenv(PASSWORD, "s3cret")
    server.says(401, b"no, ana:s3cret")
    done = geoties("sparql", "ASK {}", "--endpoint", server.url)
    assert_told(done, "wants other credentials")
    assert "s3cret" not in done.err


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"<html>Welcome</html>", "text/html"),
        (b"", ""),
        (NO_ROWS[:20], JSON),
        (b"[1, 2]", JSON),
        (b"not triples", "application/n-triples"),
    ],
)
def test_what_is_no_sparql_is_told(server: Server, body: bytes, media_type: str) -> None:
    server.says(200, body, Content_Type=media_type)
    with pytest.raises(UserError, match="does not answer as a SPARQL endpoint does"):
        RemoteStore(server.url).query("SELECT ?s {}")


def test_an_endless_answer_is_cut(server: Server) -> None:
    server.says(200, b"x" * 3_000_000, Content_Type=JSON)
    with pytest.raises(UserError, match="answers with more than 2 MB"):
        RemoteStore(server.url, largest=2 * 2**20).query("SELECT ?s {}")


def test_a_busy_server_is_asked_again(server: Server) -> None:
    server.says(503, Retry_After="0")
    server.says(429)
    server.says(200, NO_ROWS, Content_Type=JSON)
    reply = Wire(server.url, pauses=(0.01, 0.01)).send("POST")
    assert reply.body == NO_ROWS
    assert len(server.asked) == 3


def test_a_server_that_stays_busy_is_left(server: Server) -> None:
    server.says(503)
    with pytest.raises(UserError, match=r"is busy \(status 503\)"):
        Wire(server.url, pauses=(0.01,)).send("POST")
    assert len(server.asked) == 2


def test_a_server_that_is_not_there_is_told() -> None:
    done = geoties("links", "PER", "--endpoint", "http://127.0.0.1:9/sparql")
    assert_told(done, "http://127.0.0.1:9/sparql cannot be reached; is the server running?")


def test_a_batch_that_is_too_large_is_halved(server: Server) -> None:
    target = Target(server.url, "gsp", "", "")
    server.says(413)
    server.says(413)
    server.says(204)
    lines = [b"<a:%d> <b:> <c:> .\n" % number for number in range(8)]
    target.send("", lines, replace=True)
    taken = [body.count(b"\n") for body in server.bodies]
    assert taken == [8, 4, 2, 2, 4]
    assert b"".join(server.bodies[2:]) == b"".join(lines)
    assert target.lines == 2


def test_a_line_that_is_too_large_is_told(server: Server) -> None:
    server.says(413)
    with pytest.raises(TooLarge, match="no request of this size"):
        Target(server.url, "update", "", "").send("", [b"<a:> <b:> <c:> .\n"])


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:3030/ds",
        "file:///etc/passwd",
        "ftp://example.org/",
        "http://",
        "http://[::1",
        "http://example.org:99999/",
        "http://example.org/a b",
        "http://example.org/#x",
        "http://example.org/\r\nHost: other",
    ],
)
def test_only_plain_addresses_are_asked(url: str) -> None:
    with pytest.raises(UserError, match="is no address of a store"):
        checked_url(url)


def test_an_address_with_credentials_is_refused_and_not_repeated() -> None:
    with pytest.raises(UserError, match="An address holds no credentials") as raised:
        checked_url("http://ana:s3cret@example.org/sparql")
    assert "s3cret" not in str(raised.value)


def test_credentials_over_plain_http_are_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not Wire("http://example.org/").unguarded
    monkeypatch.setenv(TOKEN, "t0ken")
    assert Wire("http://example.org/").unguarded
    assert not Wire("https://example.org/").unguarded
    assert not Wire("http://localhost:3030/").unguarded
