"""The graph that is served, which is always the one that `current` names."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path

from geoties.graph.model import UserError
from geoties.graph.snapshots import Snapshot, current
from geoties.server.messages import Head
from geoties.server.pool import COLUMNS, GRAPH, TEXT, Limits, Pool, Reply

_COLUMNS_SECONDS = 60.0
_COLUMNS_MEGABYTES = 4096
_PAGES_KEPT = 16


class Generation:
    """One build with the workers that read it. Strangers' SPARQL, our own questions, those that
    need the columns, and pages each have workers of their own, so none waits for another's."""

    def __init__(self, snapshot: Snapshot, limits: Limits, workers: int) -> None:
        self.snapshot = snapshot
        folder = snapshot.folder
        wide = replace(
            limits,
            seconds=max(limits.seconds, _COLUMNS_SECONDS),
            megabytes=max(limits.megabytes, _COLUMNS_MEGABYTES),
        )
        self.text = Pool(folder, TEXT, limits, workers)
        self.graph = Pool(folder, GRAPH, limits, workers)
        self.columns = Pool(folder, COLUMNS, wide, 1)
        self.pages = Pool(folder, COLUMNS, wide, 1)
        self._pages: OrderedDict[str, asyncio.Task[Reply]] = OrderedDict()

    @property
    def pools(self) -> tuple[Pool, ...]:
        """All workers."""
        return (self.text, self.graph, self.columns, self.pages)

    def warm(self) -> None:
        """Start the workers that most requests need; the others start when they are needed."""
        self.text.warm()
        self.graph.warm()

    def close(self, *, at_once: bool = False) -> None:
        """End the workers, once they have answered what they were asked unless `at_once`."""
        for pool in self.pools:
            pool.close(at_once=at_once)

    async def ask(self, pool: Pool, question: Head) -> Reply:
        """The reply of a worker."""
        return await asyncio.wrap_future(pool.submit(question))

    async def page(self, key: str, question: Head) -> Reply:
        """An explorer page: made once however many ask for it at the same time, and kept."""
        task = self._pages.get(key)
        if task is None:
            task = asyncio.create_task(self.ask(self.pages, question))
            task.add_done_callback(lambda done: self._forget_failed(key, done))
            self._pages[key] = task
            while len(self._pages) > _PAGES_KEPT:
                self._pages.popitem(last=False)
        self._pages.move_to_end(key)
        return await asyncio.shield(task)

    def _forget_failed(self, key: str, done: asyncio.Task[Reply]) -> None:
        """Keep no failure, also where nobody waits for it any more."""
        fine = not done.cancelled() and not done.exception() and done.result().status == "done"
        if not fine and self._pages.get(key) is done:
            del self._pages[key]


class Live:
    """The generation of now. When `geoties build` has made another graph current, the next
    request gets it whole; requests that had begun are answered from the one they began with."""

    def __init__(self, directory: Path, limits: Limits, workers: int) -> None:
        self.directory = directory
        self.limits, self.workers = limits, workers
        self._lock = threading.Lock()
        self._named = self._pointer()
        self._now = Generation(current(directory), limits, workers)

    def now(self) -> Generation:
        """The generation that answers a request that begins now."""
        named = self._pointer()
        if named != self._named:
            with self._lock:
                if named != self._named:
                    self._change(named)
        return self._now

    def _change(self, named: tuple[int, int]) -> None:
        self._named = named
        try:
            snapshot = current(self.directory)
        except UserError:
            return  # a damaged build is not served; the last good one is
        if snapshot.folder != self._now.snapshot.folder:
            old, self._now = self._now, Generation(snapshot, self.limits, self.workers)
            self._now.warm()
            old.close()

    def _pointer(self) -> tuple[int, int]:
        """What changes when the file `current` is replaced."""
        try:
            found = (self.directory / "current").stat()
        except OSError:
            return (0, 0)
        return (found.st_ino, found.st_mtime_ns)

    def close(self) -> None:
        """End all workers."""
        self._now.close(at_once=True)
