"""The server in a process of its own: who may ask, how slowly, and what it survives."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import Mock
from urllib.parse import quote, urlencode

import pytest
from commands import assert_told, environment, geoties
from server_client import Server, ask, served, serving

from geoties.graph.files import write_atomically
from geoties.graph.snapshots import current
from geoties.queries.header import question_names, read_question
from geoties.queries.library import example_parameters

CRASH = "SELECT * { FILTER(" + "!" * 40_000 + "true) }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def server(small_store: Path) -> Iterator[Server]:
    """A server over the small graph that lets no query take more than two seconds."""
    with served(small_store, "--time-limit", "2", "--rows", "1000") as found:
        yield found


def test_it_survives_what_workers_do(server: Server) -> None:
    for query in (CRASH, ENDLESS, "SELECT * " + "{" * 3000 + "}" * 3000, "SELECT * { ?s ?p ?o }"):
        status, told = server.sparql(query)
        assert status in (400, 413, 503), told
        assert len(told.strip().splitlines()) == 1
        assert server.sparql("ASK {}") == (200, '{"head":{},"boolean":true}')


def test_a_flood_of_heavy_queries_leaves_the_rest_free(small_store: Path) -> None:
    """The rest is answered while the flood still has all the workers it can get."""
    seconds = ("--time-limit", "20", "--workers", "1")
    with served(small_store, *seconds) as server, ThreadPoolExecutor(2) as threads:
        heavy = [threads.submit(server.sparql, ENDLESS) for _ in range(2)]
        assert server.get("/state/PER", Accept="text/html")[0] == 200
        assert server.get("/api/queries/members-of-body?body=APEC")[0] == 200
        assert not all(future.done() for future in heavy)
        assert {future.result()[0] for future in heavy} == {503}


def test_questions_of_clients_who_have_gone_are_not_asked(small_store: Path) -> None:
    with served(small_store, "--time-limit", "3", "--workers", "1") as server:
        for _ in range(15):  # 45 seconds of work, longer than anybody waits
            with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
                connection.sendall(
                    b"GET /sparql?query=%s HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    % quote(ENDLESS).encode()
                )
        assert server.sparql("ASK {}")[0] == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LOCALHOST:80", 200),
        ("127.0.0.1", 200),
        ("[::1]:8000", 200),
        ("attacker.example", 421),
        ("localhost.attacker.example", 421),
        ("localhost:80@attacker.example", 421),
        ("localhost:<script>", 421),
        ("127.0.0.1.attacker.example", 421),
        ("attacker.example:8000", 421),
        ("", 421),
    ],
)
def test_only_requests_that_mean_this_host_are_answered(
    server: Server, host: str, status: int
) -> None:
    told = _raw(server, f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert told.startswith(f"HTTP/1.1 {status} ".encode())


def test_two_hosts_or_none_are_refused(server: Server) -> None:
    two = (
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: attacker.example\r\nConnection: close\r\n\r\n"
    )
    assert _raw(server, two).split()[1] in (b"400", b"421")
    assert _raw(server, b"GET / HTTP/1.0\r\n\r\n").split()[1] in (b"400", b"421")


@pytest.mark.parametrize(
    ("method", "dest", "site", "status"),
    [
        ("GET", "document", "cross-site", 200),
        ("GET", "empty", "cross-site", 403),
        ("GET", "iframe", "cross-site", 403),
        ("POST", "document", "cross-site", 403),
        ("GET", "empty", "same-origin", 200),
        ("GET", "document", "none", 200),
    ],
)
def test_pages_of_others_lead_here_and_make_nobody_ask(
    small_store: Path, method: str, dest: str, site: str, status: int
) -> None:
    headers = {"sec-fetch-site": site, "sec-fetch-dest": dest}
    with serving(small_store) as client:
        response = client.request(method, "/sparql?query=ASK{}", headers=headers)
        assert response.status_code == status
    with serving(small_store, origins=["https://news.example"]) as client:
        assert client.get("/sparql?query=ASK{}", headers=headers).status_code == 200


def _raw(server: Server, data: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(data)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_long_heads_are_refused(server: Server) -> None:
    line = b"GET /?" + b"x" * 200_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n"
    try:
        told = _raw(server, line)
    except ConnectionError:
        return
    assert told == b"" or told.split()[1] in (b"400", b"414", b"431")


SLOW = {
    "nothing": b"",
    "half a head": b"GET / HTTP/1.1\r\nHost: loc",
    "half a body": b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n"
    b"Content-Type: application/sparql-query\r\n\r\nASK",
}


def test_slow_clients_are_cut_off(server: Server) -> None:
    """All at the same time, for each takes as long as the server's patience."""

    def wait(begin: bytes) -> float:
        begun = time.monotonic()
        with socket.create_connection(("127.0.0.1", server.port), timeout=120) as connection:
            connection.sendall(begin)
            with contextlib.suppress(ConnectionError):
                while connection.recv(65536):
                    pass
        return time.monotonic() - begun

    with ThreadPoolExecutor(len(SLOW)) as threads:
        for how, took in zip(SLOW, threads.map(wait, SLOW.values()), strict=True):
            assert 5 < took < 110, how


def test_a_slow_reader_is_let_read() -> None:
    """Who reads on is waited for; who stops is cut off."""
    from geoties.server import connections

    later: list[tuple[Callable[..., None], int]] = []
    loop, transport = Mock(), Mock()
    loop.call_later = lambda _, look, left: later.append((look, left))
    protocol = connections.PatientProtocol.__new__(connections.PatientProtocol)
    protocol.loop, protocol.transport = loop, transport
    transport.get_write_buffer_size.side_effect = [3_000_000, 2_000_000, 2_000_000, 1_999_000]
    protocol._wait_for_reader()
    while later:
        look, left = later.pop()
        assert not transport.abort.called
        look(left)
    assert transport.get_write_buffer_size.call_count == 4
    transport.abort.assert_called_once_with()


def test_answers_that_nobody_reads_do_not_fill_the_memory() -> None:
    """Who has most to read is cut off, and only while it is too much together."""
    from geoties.server.connections import Unread

    unread, clients = Unread(100), [Mock() for _ in range(4)]
    for client, size in zip(clients, (20, 70, 10, 60), strict=True):
        client.get_write_buffer_size.return_value = size
        unread.add(client)
    assert [client.abort.called for client in clients] == [False, True, False, False]
    clients[3].get_write_buffer_size.return_value = 95
    unread.remove(clients[0])
    unread.add(clients[2])
    assert [client.abort.called for client in clients] == [False, True, False, True]


@pytest.mark.slow
def test_a_hundred_clients_that_do_not_read_cost_a_bounded_memory(default_store: Path) -> None:
    most = 8 * 2**20  # bytes of an answer; eight of them may wait
    query = quote("SELECT * { ?s ?p ?o } LIMIT 20000")
    with served(default_store, "--bytes", str(most)) as server, contextlib.ExitStack() as opened:
        assert server.sparql("ASK {}")[0] == 200
        before = _resident(server.process.pid)
        for _ in range(100):
            connection = opened.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", server.port))
            asked = f"GET /sparql?query={query} HTTP/1.1\r\nHost: localhost\r\n\r\n"
            connection.sendall(asked.encode())
        peak = before
        for _ in range(60):
            time.sleep(0.5)
            peak = max(peak, _resident(server.process.pid))
        assert peak - before < 2 * 8 * most / 1024, "unbounded it would be half a gigabyte"
        assert server.sparql("ASK {}")[0] == 200


@pytest.mark.slow
def test_a_client_that_does_not_read_is_cut_off(default_store: Path) -> None:
    with served(default_store) as server:
        query = quote("SELECT * { ?s ?p ?o } LIMIT 100000")
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", server.port))
        connection.sendall(
            f"GET /sparql?query={query} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        )
        time.sleep(50)
        connection.settimeout(20)
        got = 0
        with contextlib.suppress(ConnectionError):
            while part := connection.recv(2**20):
                got += len(part)
        connection.close()
        assert got < 15_000_000, "the whole answer would be more"
        assert server.sparql("ASK {}")[0] == 200


def test_other_sites_may_not_ask_unless_they_are_let(small_store: Path) -> None:
    origin = {"origin": "https://news.example"}
    with serving(small_store) as client:
        response = client.get("/sparql?query=ASK{}", headers=origin)
        assert "access-control-allow-origin" not in response.headers
        assert response.headers["cross-origin-resource-policy"] == "same-origin"
        assert response.headers["content-security-policy"].endswith("frame-ancestors 'none'")
    with serving(small_store, origins=["https://news.example"]) as client:
        response = client.get("/sparql?query=ASK{}", headers=origin)
        assert response.headers["access-control-allow-origin"] == "https://news.example"
        other = client.get("/sparql?query=ASK{}", headers={"origin": "https://else.example"})
        assert "access-control-allow-origin" not in other.headers
        asked = {**origin, "access-control-request-method": "POST"}
        assert client.options("/sparql", headers=asked).status_code == 200
        assert client.get("/", headers={"host": "attacker.example"}).status_code == 421
    with serving(small_store, hosts=["graph.example.org"]) as client:
        assert client.get("/", headers={"host": "graph.example.org:443"}).status_code == 200


def test_a_fault_of_ours_shows_no_trace(small_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from geoties.server import endpoint

    def fail(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(endpoint, "description", fail)
    with serving(small_store) as client:
        response = client.get("/sparql")
        assert response.status_code == 500
        assert "secret" not in response.text
        assert response.text.count("\n") == 1
        assert response.headers["x-content-type-options"] == "nosniff"


def test_a_taken_port_is_told_in_one_sentence(server: Server, small_store: Path) -> None:
    done = geoties("serve", "--port", str(server.port), store=small_store)
    assert_told(done, f"Port {server.port} on 127.0.0.1 is in use", "--port")


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host", "x" * 300])
def test_a_host_that_is_not_ours_is_told_in_one_sentence(small_store: Path, host: str) -> None:
    assert_told(geoties("serve", "--port", "0", "--host", host, store=small_store))


def test_without_a_graph_the_command_that_makes_one_is_told(tmp_path: Path) -> None:
    assert_told(geoties("serve", "--port", "0", store=tmp_path), "geoties build")


def test_without_the_extra_its_installation_is_told(small_store: Path) -> None:
    code = (
        "import sys, importlib.util as u; find = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'starlette' else find(name, *a)\n"
        "sys.argv = ['geoties', 'serve', '--port', '0']\n"
        "from geoties.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment(small_store)
    )
    assert done.returncode == 2
    assert (
        done.stderr == 'geoties: `geoties serve` needs more: run pip install "geoties[server]".\n'
    )


@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -15)])
def test_it_ends_when_it_is_told(small_store: Path, how: signal.Signals, code: int) -> None:
    with served(small_store, "--time-limit", "30", "--workers", "1") as server:
        heavy = threading.Thread(target=lambda: _quietly(server), daemon=True)
        heavy.start()
        time.sleep(1)
        children = _children(server.process.pid)
        assert children
        server.process.send_signal(how)
        assert server.process.wait(timeout=25) == code, "before the query's own limit"
        assert server.process.stderr
        assert "Traceback" not in server.process.stderr.read()
        assert _all_end(children)


def _all_end(pids: list[int]) -> bool:
    """Whether these processes end, given time."""
    end = time.monotonic() + 30
    while any(map(_runs, pids)) and time.monotonic() < end:
        time.sleep(0.1)
    return not any(map(_runs, pids))


def _quietly(server: Server) -> None:
    with contextlib.suppress(OSError):
        server.sparql(ENDLESS)


def _children(pid: int) -> list[int]:
    text = subprocess.run(["ps", "--ppid", str(pid), "-o", "pid="], capture_output=True, text=True)
    return [int(word) for word in text.stdout.split()]


def _runs(pid: int) -> bool:
    """Whether a process is there, other than as an entry that nobody has asked about."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_killed_server_leaves_no_process_behind(small_store: Path) -> None:
    with served(small_store, "--workers", "1") as server:
        server.sparql("ASK {}")
        children = _children(server.process.pid)
        server.process.kill()
        server.process.wait()
        assert _all_end(children)


def test_a_new_build_is_served_from_the_next_request_on(small_store: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    shutil.copytree(small_store, store)
    old = current(store)
    new = store / "builds" / "0123456789abcdef"
    shutil.copytree(old.folder, new)
    manifest = json.loads((new / "manifest.json").read_text())
    (new / "manifest.json").write_text(json.dumps({**manifest, "checksum": "0123456789abcdef"}))
    question = "/api/queries/members-of-body?body=APEC"
    with serving(store) as client:
        assert client.get(question).json()["graph"] == old.checksum
        write_atomically(store / "current", "0123456789abcdef\n")
        assert client.get(question).json()["graph"] == "0123456789abcdef"
        assert ask(client, "ASK {}").status_code == 200
        (new / "manifest.json").rename(new / "gone")
        write_atomically(store / "current", "nothing\n")
        assert client.get(question).json()["graph"] == "0123456789abcdef", "the last good one"
        write_atomically(store / "current", old.folder.name + "\n")
        assert client.get(question).json()["graph"] == old.checksum


def _questions() -> list[str]:
    light = [name for name in question_names() if not read_question(name).measure]
    found = {name: example_parameters(read_question(name)) for name in light}
    return [f"/api/queries/{name}?{urlencode(given)}" for name, given in found.items()]


def test_fifty_clients_of_library_questions_meet_no_error(default_store: Path) -> None:
    paths = (_questions() * 3)[:50]
    with served(default_store, "--time-limit", "60") as server, ThreadPoolExecutor(50) as threads:
        alone = {path: server.get(path) for path in set(paths)}
        together = list(threads.map(lambda path: server.get(path, timeout=120), paths))
    for path, reply in zip(paths, together, strict=True):
        assert reply == alone[path]
        assert reply[0] == 200, (path, reply[1])


@pytest.mark.slow
def test_an_hour_in_a_minute(default_store: Path) -> None:
    """Good, bad and deadly requests by turns: no fault, no growth, no process too many."""
    paths = _questions()
    with served(default_store, "--time-limit", "2") as server:
        server.get(paths[0])
        before = _resident(server.process.pid)
        end = time.monotonic() + 60
        with ThreadPoolExecutor(12) as threads:

            def turn(number: int) -> set[int]:
                statuses = set()
                while time.monotonic() < end:
                    statuses.add(server.get(paths[number % len(paths)])[0])
                    statuses.add(
                        server.sparql([CRASH, ENDLESS, "ASK {}", "nonsense"][number % 4])[0]
                    )
                    number += 1
                return statuses

            found = set().union(*threads.map(turn, range(12)))
        assert found <= {200, 400, 503}
        assert server.sparql("ASK {}")[0] == 200
        assert _resident(server.process.pid) < before + 80_000
        assert len(_children(server.process.pid)) <= 2 * (os.cpu_count() or 1) + 2


def _resident(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
