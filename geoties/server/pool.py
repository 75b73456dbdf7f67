"""Processes that answer what strangers ask, and that may die of it: the asker lives on.

Light: nothing but the standard library, for `geoties sparql` uses a worker too.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic
from typing import IO, Any

from geoties.server.messages import Head, receive, send

TEXT, GRAPH, COLUMNS = "text", "graph", "columns"  # what a worker is for
_START_SECONDS = 60.0
_TAIL = 4000
_MOST_WAITING = 256
_LONGEST_WAIT = 30.0  # or as long as one question may take, where that is more
_MEMORY_WORDS = ("memory allocation", "bad_alloc", "MemoryError", "Cannot allocate memory")


@dataclass(frozen=True)
class Limits:
    """What one question may take; more of it ends the question, never the server."""

    seconds: float = 10.0
    megabytes: int = 1024
    rows: int = 100_000
    bytes: int = 64 * 2**20


@dataclass(frozen=True)
class Reply:
    """What a worker said: a head with `status` (and `told` where it is not "done"), and bytes."""

    head: Head
    body: bytes

    @property
    def status(self) -> str:
        """`done`, `refused`, `forbidden`, `unknown`, `not acceptable`, `too much`, `time`,
        `memory`, `crashed`, `busy` or `failed`."""
        return str(self.head["status"])

    @property
    def told(self) -> str:
        """One sentence for whoever asked, where there is no answer."""
        return str(self.head.get("told", ""))


class Worker:
    """One process with the store of a build open for reading; it answers one question at a time.

    It is started when it is first asked, or by `start`, and anew after it had to be ended.
    """

    def __init__(self, folder: Path, role: str, limits: Limits) -> None:
        self.folder, self.role, self.limits = folder, role, limits
        self._process: subprocess.Popen[bytes] | None = None
        self._complaints: IO[bytes] | None = None
        self._ready = False

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start the process if there is none, without waiting for it to be ready."""
        if self._process is not None:
            return
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115, it lives as long as the process
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "geoties.server.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            env=_environment(),
            start_new_session=True,  # a Ctrl-C is for the server, which then ends its workers
        )
        self._ready = False
        setup = {"folder": str(self.folder), "role": self.role, "limits": asdict(self.limits)}
        self._say(setup)

    def ask(self, question: Head) -> Reply:
        """The reply to a question; one whose process died or took too long says so."""
        if self._process is not None and self._process.poll() is not None:
            self.close()  # something else ended it while it had nothing to do
        try:
            self.start()
        except OSError:  # no process, memory or file is left on this machine
            return _busy("The machine has no room for another process; ask again in a while.")
        if not self._ready:
            reply = self._exchange(None, _START_SECONDS)
            if reply.status != "done":
                return _failed("The worker that should answer did not start.")
            self._ready = True
        return self._exchange(question, self.limits.seconds)

    def kill(self) -> None:
        """End the process; who waits for its reply is told that there is none."""
        if (process := self._process) is not None:
            process.kill()

    def close(self) -> None:
        """End the process, whatever it does, and forget it."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, self._complaints):
            _close(stream)

    def _exchange(self, question: Head | None, seconds: float) -> Reply:
        """Say the question and hear the reply, or end the process when the time is over."""
        process = self._process
        assert process is not None
        assert process.stdout is not None
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            if question is not None:
                self._say(question)
            return Reply(*receive(process.stdout))  # type: ignore[arg-type]
        except (EOFError, OSError, ValueError):
            return self._dead(late.is_set(), seconds)
        finally:
            timer.cancel()
            if late.is_set():
                self.close()  # it was ended as it replied: the next question gets a new one

    def _say(self, head: Head) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            send(self._process.stdin, head)  # type: ignore[arg-type]
        except OSError:
            return  # it is gone; whoever waits for its reply is told

    def _dead(self, late: bool, seconds: float) -> Reply:
        """Why there is no reply; the next question gets a new process."""
        said = self._last_words()
        self.close()
        if late:
            told = f"The question took longer than the {seconds:g} seconds that are allowed."
            return Reply({"status": "time", "told": told}, b"")
        if any(word in said for word in _MEMORY_WORDS):
            told = f"The question needed more than the {self.limits.megabytes} MB that are allowed."
            return Reply({"status": "memory", "told": told}, b"")
        told = "The question ended the process that should answer it: it is nested too deep, or "
        return Reply({"status": "crashed", "told": told + "too much for the engine."}, b"")

    def _last_words(self) -> str:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        assert self._complaints is not None
        size = self._complaints.seek(0, os.SEEK_END)
        self._complaints.seek(max(0, size - _TAIL))
        return self._complaints.read().decode("utf-8", "replace")


def _close(stream: IO[bytes] | None) -> None:
    try:
        if stream is not None:
            stream.close()
    except OSError:
        return  # what was still to be written has nobody to read it


def _environment() -> dict[str, str]:
    """The worker finds what this process found, and looks into no current folder."""
    path = os.pathsep.join(str(Path(entry).resolve()) for entry in sys.path if entry)
    return {**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1", "RUST_BACKTRACE": "0"}


def _failed(told: str) -> Reply:
    return Reply({"status": "failed", "told": told}, b"")


class Pool:
    """Some workers of one role. Each belongs to a thread, which waits for its replies."""

    def __init__(self, folder: Path, role: str, limits: Limits, size: int) -> None:
        self._made = (folder, role, limits)
        self._workers: list[Worker] = []
        self._own = threading.local()
        self._lock = threading.Lock()
        self._longest_wait = max(_LONGEST_WAIT, limits.seconds)
        self._waiting = 0
        self._closed = self._ended = False
        self._threads = ThreadPoolExecutor(size, thread_name_prefix=f"geoties-{role}")
        self.size = size

    def warm(self) -> None:
        """Have all processes started before anybody asks."""
        all_here = threading.Barrier(self.size)
        for _ in range(self.size):
            self._threads.submit(self._warm_one, all_here)

    def _warm_one(self, all_here: threading.Barrier) -> None:
        with contextlib.suppress(OSError):  # whoever asks is told
            self._worker().start()
        all_here.wait(_START_SECONDS)

    def submit(self, question: Head) -> Future[Reply]:
        """Ask; the reply comes when a worker is free and has it."""
        with self._lock:
            if self._waiting >= _MOST_WAITING or self._closed:
                return _at_once(_busy())
            self._waiting += 1
        asked = self._threads.submit(self._answer, question, monotonic())
        asked.add_done_callback(self._no_longer_waiting)
        return asked

    def _no_longer_waiting(self, asked: Future[Reply]) -> None:
        """A question that was taken back before its turn makes room for another."""
        if asked.cancelled():
            with self._lock:
                self._waiting -= 1

    def close(self, *, at_once: bool = False) -> None:
        """Take no more questions; those asked are answered first, unless it is `at_once`."""
        with self._lock:
            self._closed = True
        self._threads.shutdown(wait=False)
        if at_once:
            self._ended = True
            self._end_all()
        else:
            threading.Thread(target=self._end_when_idle, daemon=True).start()

    def _end_when_idle(self) -> None:
        self._threads.shutdown(wait=True)
        self._end_all()

    def _end_all(self) -> None:
        for worker in self._workers:
            worker.kill()

    def _worker(self) -> Worker:
        if not hasattr(self._own, "worker"):
            self._own.worker = Worker(*self._made)
            with self._lock:
                self._workers.append(self._own.worker)
        worker: Worker = self._own.worker
        return worker

    def _answer(self, question: Head, asked_at: float) -> Reply:
        with self._lock:
            self._waiting -= 1
        if monotonic() - asked_at > self._longest_wait:
            return _busy()
        worker = self._worker()
        reply = None if self._ended else worker.ask(question)
        if reply is None or self._ended:
            return _busy("The server is being stopped.")
        if not self._closed:
            with contextlib.suppress(OSError):  # the next question tries again
                worker.start()  # where this one ended the process, the next one need not wait
        return reply


def _busy(
    told: str = "The server is busy with other questions; ask again in a while.",
) -> Reply:
    return Reply({"status": "busy", "told": told}, b"")


def _at_once(reply: Reply) -> Future[Reply]:
    future: Future[Any] = Future()
    future.set_result(reply)
    return future
