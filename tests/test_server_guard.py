"""What strangers ask can end the process that answers, and nothing else."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from commands import assert_told, geoties
from server_client import JSON

from geoties.graph.model import UserError
from geoties.graph.service_calls import call_of_service
from geoties.graph.snapshots import current
from geoties.graph.store import PREFIXES, guard, run
from geoties.server.pool import TEXT, Limits, Pool, Reply, Worker

FEW = Limits(seconds=20, rows=50, bytes=20_000)
HUNGRY = "SELECT (GROUP_CONCAT(CONCAT(STR(?s), STR(?x))) AS ?all) { ?s ?p ?o . ?x a ?y }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def worker(small_store: Path) -> Iterator[Worker]:
    """A worker for strangers' text over the small graph."""
    with Worker(current(small_store).folder, TEXT, FEW) as found:
        yield found


def _ask(worker: Worker, text: str, **more: object) -> Reply:
    asked = {"do": "sparql", "text": text, "solutions": [JSON], "triples": ["text/turtle"]}
    return worker.ask(asked | more)


class Trap:
    """A server that notes whether anybody called."""

    def __init__(self) -> None:
        self.called = False
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(0.2)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._socket.accept()
            except TimeoutError:
                continue
            self.called = True
            connection.close()

    def close(self) -> None:
        """Stop listening."""
        self._over.set()
        self._thread.join()
        self._socket.close()


@pytest.fixture(scope="module")
def trap() -> Iterator[Trap]:
    """A server that must not be called."""
    found = Trap()
    yield found
    found.close()


# Ways to spell a call of another server; URL is where it would go.
CALLS = {
    "plainly": "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "in other letters": "SELECT * { sErViCe <URL> { ?s ?p ?o } }",
    "silently": "SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "without spaces": "SELECT*{SERVICE<URL>{?s?p?o}}",
    "by a variable": "SELECT * { BIND(<URL> AS ?u) SERVICE ?u { ?s ?p ?o } }",
    "by a prefix": "PREFIX x: <URL> SELECT * { SERVICE x: { ?s ?p ?o } }",
    "by a prefix without a space": "PREFIX : <URL> SELECT * { SERVICE: { ?s ?p ?o } }",
    "by a prefix of that name": "PREFIX SERVICE: <URL> SELECT * { SERVICE SERVICE: { ?s ?p ?o } }",
    "by a prefix of the changed name": (
        "PREFIX SqERVICE: <URL> SELECT * { SERVICE SqERVICE: { ?s ?p ?o } }"
    ),
    "by a base": "BASE <URL> SELECT * { SERVICE <x> { ?s ?p ?o } }",
    "after a comment": "SELECT * { # SERVICE\n SERVICE <URL> { ?s ?p ?o } }",
    "after what looks like a comment": "SELECT * { <x:y#> ?p ?o . SERVICE <URL> { ?s ?p ?o } }",
    "after a text with a quote": "SELECT * { ?s ?p '\\'' . SERVICE <URL> { ?s ?p ?o } }",
    "after a text with a hash": "SELECT * { ?s ?p '#' . SERVICE <URL> { ?s ?p ?o } }",
    "after a long text": "SELECT * { ?s ?p '''a'b''c''' . SERVICE <URL> { ?s ?p ?o } }",
    "between two comparisons": (
        'SELECT * { BIND(1 AS ?a) FILTER(?a <?b#>"""\n || true) SERVICE <URL> { ?s ?p ?o } #"""\n}'
    ),
    "between two comparisons, single quotes": (
        "SELECT * { BIND(1 AS ?a) FILTER(?a <?b#>'''\n || true) SERVICE <URL> {?s ?p ?o} #'''\n}"
    ),
    "in a subquery": "SELECT * { { SELECT * { SERVICE <URL> { ?s ?p ?o } } } }",
    "in an EXISTS": "ASK { FILTER EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
    "in a MINUS": "ASK { ?s ?p ?o MINUS { SERVICE <URL> { ?s ?p ?o } } }",
    "in an OPTIONAL": "SELECT * { OPTIONAL { SERVICE <URL> { ?s ?p ?o } } }",
    "in a graph": "SELECT * { GRAPH ?g { SERVICE <URL> { ?s ?p ?o } } }",
    "in a CONSTRUCT": "CONSTRUCT { ?s ?p ?o } { SERVICE <URL> { ?s ?p ?o } }",
    "in a DESCRIBE": "DESCRIBE ?s { SERVICE <URL> { ?s ?p ?o } }",
    "in a group's test": (
        "SELECT ?s { ?s ?p ?o } GROUP BY ?s HAVING (EXISTS { SERVICE <URL> { ?s ?p ?o } })"
    ),
    "with escapes of the word": "SELECT * { \\u0053ERVICE <URL> { ?s ?p ?o } }",
    "with long escapes of the word": "SELECT * { SERVIC\\U00000045 <URL> { ?s ?p ?o } }",
    "after an escaped quote": 'SELECT * { ?s ?p "\\u0022" . SERVICE <URL> { ?s ?p ?o } #"\n}',
    "with no-break spaces": "SELECT * {\u00a0SERVICE\u00a0<URL>\u00a0{ ?s ?p ?o } }",
    "with carriage returns": "SELECT * { # x\rSERVICE <URL> { ?s ?p ?o } }",
}


@pytest.mark.parametrize("how", CALLS)
def test_no_query_calls_another_server(worker: Worker, trap: Trap, how: str) -> None:
    reply = _ask(worker, CALLS[how].replace("URL", trap.url))
    assert reply.status == "refused", (reply.status, reply.told)
    assert not trap.called


@pytest.mark.parametrize("how", CALLS)
def test_nor_in_this_process(trap: Trap, how: str) -> None:
    with pytest.raises(UserError):
        run(ox.Store(), CALLS[how].replace("URL", trap.url))
    assert not trap.called


def test_the_trap_would_be_sprung(trap: Trap) -> None:
    """The engine itself calls: what keeps it from doing so is the guard."""
    own = Trap()
    query = CALLS["between two comparisons"].replace("URL", own.url)
    with pytest.raises(OSError, match=r"\w"):
        list(ox.Store().query(query))  # type: ignore[arg-type]
    assert own.called
    own.close()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service ?p 'SERVICE <x:y> { }' } # SERVICE <x:y> {",
        "SELECT $SERVICE { $SERVICE a gt:State } LIMIT 3",
        "PREFIX service: <http://example.org/service#> SELECT * { ?s service:service ?service }",
        "SELECT * { <http://example.org/SERVICE> ?p 'at your service'@en }",
        'SELECT (1 AS ?service) (2 AS ?Service) ("load" AS ?load) {}',
        "SELECT * { ?s gt:load ?o . ?s rdfs:label 'LOAD <file:///etc/passwd>' }",
    ],
)
def test_the_word_alone_is_no_call(worker: Worker, query: str) -> None:
    guard(query)
    assert call_of_service(query, PREFIXES) is None
    assert _ask(worker, query).status == "done"


@pytest.mark.parametrize(
    "update",
    [
        "LOAD <file:///etc/passwd>",
        "load silent <http://127.0.0.1/> into graph <x:y>",
        "INSERT DATA { <a:b> <a:b> <a:b> }",
        "DELETE WHERE { ?s ?p ?o }",
        "PREFIX x: <y:z> # SELECT\nDROP ALL",
        "WITH <x:y> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "SELECT * { ?s ?p ?o } ; CLEAR ALL",
        "CLEAR ALL ; SELECT * { ?s ?p ?o }",
    ],
)
def test_updates_are_refused(worker: Worker, update: str) -> None:
    assert _ask(worker, update).status in ("forbidden", "refused")


def test_no_file_is_read(worker: Worker, tmp_path: Path) -> None:
    secret = tmp_path / "secret.nt"
    secret.write_text("<x:secret> <x:y> <x:z> .\n")
    for clause in (f"FROM <file://{secret}>", f"FROM NAMED <file://{secret}>"):
        for pattern in ("?s ?p ?o", "GRAPH ?g { ?s ?p ?o }"):
            reply = _ask(worker, f"SELECT * {clause} {{ {pattern} }}")
            assert reply.status == "done"
            assert b'"bindings":[]' in reply.body


@pytest.mark.skipif(not Path("/proc/self/limits").exists(), reason="needs /proc")
def test_the_process_has_given_up_what_it_does_not_need(worker: Worker) -> None:
    _ask(worker, "ASK {}")
    assert worker._process is not None
    text = Path(f"/proc/{worker._process.pid}/limits").read_text()
    limits = {line[:25].strip(): line[25:].split()[:2] for line in text.splitlines()}
    assert limits["Max open files"] == ["0", "0"]
    assert limits["Max file size"] == ["65536", "65536"]
    assert limits["Max data size"] == [str(FEW.megabytes * 2**20)] * 2
    assert limits["Max core file size"] == ["0", "0"]


CRASHES = {
    "braces": "SELECT * " + "{" * 3000 + "}" * 3000,
    "braces that the guard takes for a text": (
        'SELECT * { FILTER(1 <?b#>"""\n||true) ' + "{" * 30_000 + "}" * 30_000 + ' #"""\n}'
    ),
    "negations": "SELECT * { FILTER(" + "!" * 90_000 + "true) }",
    "brackets": "SELECT * { FILTER(" + "(" * 30_000 + "1" + ")" * 30_000 + ") }",
    "paths": "SELECT * { ?s " + "^" * 90_000 + "<a:b> ?o }",
    "minuses": "SELECT (" + "- " * 90_000 + "1 AS ?x) {}",
}


@pytest.mark.parametrize("how", CRASHES)
def test_a_query_that_crashes_the_engine_ends_its_process_alone(worker: Worker, how: str) -> None:
    reply = _ask(worker, CRASHES[how])
    assert reply.status in ("refused", "crashed"), reply.told
    assert reply.told.endswith(".") or "…" in reply.told or "expected" in reply.told
    assert _ask(worker, "ASK {}").status == "done"


def test_a_query_that_takes_too_long_is_ended(small_store: Path) -> None:
    with Worker(current(small_store).folder, TEXT, Limits(seconds=2)) as worker:
        reply = _ask(worker, ENDLESS)  # which would take hours
        assert reply.status == "time"
        assert "2 seconds" in reply.told
        assert _ask(worker, "ASK {}").status == "done"


@pytest.mark.skipif(os.uname().sysname != "Linux", reason="memory is bounded on Linux")
def test_a_query_that_needs_too_much_memory_is_ended(small_store: Path) -> None:
    limits = Limits(seconds=60, megabytes=300)
    with Worker(current(small_store).folder, TEXT, limits) as worker:
        reply = _ask(worker, HUNGRY)
        assert reply.status == "memory", reply
        assert "300 MB" in reply.told
        assert _ask(worker, "ASK {}").status == "done"


def test_an_answer_is_whole_or_refused(worker: Worker) -> None:
    def rows(number: int, **more: object) -> Reply:
        return _ask(worker, f"SELECT ?s {{ ?s a gt:State }} LIMIT {number}", **more)

    assert rows(50).status == "done"
    for media in (JSON, "application/sparql-results+xml", "text/csv", "text/tab-separated-values"):
        reply = rows(51, solutions=[media])
        assert reply.status == "too much", media
        assert "50 rows" in reply.told
        assert reply.body == b""
    assert "bytes" in _ask(worker, "SELECT * { ?s ?p ?o } LIMIT 5000").told
    assert "rows" in _ask(worker, "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 51").told


def test_rows_of_texts_with_new_lines_are_counted_right(worker: Worker) -> None:
    values = " ".join(['"a\\nb,\\"c\\"},{"'] * 50)
    for media in (JSON, "application/sparql-results+xml", "text/csv", "text/tab-separated-values"):
        reply = _ask(worker, f"SELECT ?x {{ VALUES ?x {{ {values} }} }}", solutions=[media])
        assert reply.status == "done", (media, reply.told)


def test_a_pool_goes_on_when_its_processes_are_killed(small_store: Path) -> None:
    pool = Pool(current(small_store).folder, TEXT, FEW, 2)
    asked = {"do": "sparql", "text": "ASK {}", "solutions": [JSON], "triples": []}
    for _ in range(3):
        assert [pool.submit(asked).result().status for _ in range(4)] == ["done"] * 4
        for worker in pool._workers:
            worker.kill()
        time.sleep(0.1)
    pool.close(at_once=True)
    assert pool.submit(asked).result().status == "busy"


def test_a_question_taken_back_makes_room(small_store: Path) -> None:
    pool = Pool(current(small_store).folder, TEXT, FEW, 1)
    asked = {"do": "sparql", "text": "ASK {}", "solutions": [JSON], "triples": []}
    first, *others = [pool.submit(asked) for _ in range(5)]
    assert all(other.cancel() for other in others[1:])
    assert first.result().status == others[0].result().status == "done"
    assert pool._waiting == 0
    pool.close(at_once=True)


def test_a_machine_without_room_for_processes_is_told(
    small_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    pool = Pool(current(small_store).folder, TEXT, FEW, 1)
    asked = {"do": "sparql", "text": "ASK {}", "solutions": [JSON], "triples": []}
    with monkeypatch.context() as patched:
        patched.setattr("geoties.server.pool.subprocess.Popen", fail)
        assert pool.submit(asked).result().status == "busy"
    assert pool.submit(asked).result().status == "done"
    pool.close(at_once=True)


@pytest.mark.parametrize("text", [CRASHES["negations"], ENDLESS, CALLS["plainly"]])
def test_a_receipt_of_a_stranger_ends_no_more_than_a_worker(
    small_store: Path, tmp_path: Path, text: str
) -> None:
    file = tmp_path / "receipt.json"
    kept = "SELECT ?s ('NaN'^^xsd:double AS ?x) { ?s a gt:State } ORDER BY ?s LIMIT 2"
    geoties("sparql", kept, "--receipt", file, store=small_store)
    assert geoties("replay", file, store=small_store).err.startswith("The answer is identical")
    told = json.loads(file.read_text())
    told["question"]["arguments"]["text"] = text
    file.write_text(json.dumps(told))
    done = geoties("replay", file, "--time-limit", "2", store=small_store)
    assert_told(done)
    assert done.code == 2


def test_numbers_that_are_none_come_back_from_a_file(small_store: Path) -> None:
    text = "SELECT ('NaN'^^xsd:double AS ?x) ('INF'^^xsd:double AS ?y) {}"
    piped = geoties("sparql", "-", "--format", "csv", store=small_store, stdin=text.encode())
    assert piped.out == geoties("sparql", text, "--format", "csv", store=small_store).out


def test_a_file_is_answered_by_a_process_with_limits(small_store: Path, tmp_path: Path) -> None:
    file = tmp_path / "query.rq"
    file.write_text("SELECT ?s { ?s a gt:State } ORDER BY ?s LIMIT 2")
    done = geoties("sparql", file, "--format", "json", store=small_store)
    assert done.json() == [{"s": "state/AFG"}, {"s": "state/AGO"}]
    typed = geoties("sparql", file.read_text(), "--format", "json", store=small_store)
    assert typed.json() == done.json()
    file.write_text(CRASHES["negations"])
    assert_told(geoties("sparql", file, store=small_store), "nested too deep")
    done = geoties("sparql", "-", "--time-limit", "1", store=small_store, stdin=ENDLESS.encode())
    assert_told(done, "1 seconds", "--time-limit")
    file.write_text("CONSTRUCT WHERE { <https://w3id.org/geoties/state/PER> a ?class }")
    turtle = geoties("sparql", file, "--format", "ttl", store=small_store)
    assert turtle.out == geoties("sparql", file.read_text(), "-f", "ttl", store=small_store).out
    file.write_text("ASK {}")
    assert_told(geoties("sparql", file, "-f", "ttl", store=small_store), "CONSTRUCT")
