"""Whatever happens to a build, the graph of before stays good, and the next build cures all."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from commands import WRITES_NOTHING_ELSE, Done, assert_told, environment, geoties
from stores import SMALL_COMMAND, build_small

from geoties.graph import frames
from geoties.graph import store as store_module
from geoties.graph.model import UserError
from geoties.graph.store import bulk_load, open_store
from geoties.knowledge import build, load

STEPS = (
    "countries",
    "curated",
    "wto_members",
    "deriving",
    "checking",
    "writing the columns",
    "writing the triples",
    "loading the store",
)


@pytest.fixture
def store(small_store: Path, tmp_path: Path) -> Path:
    """A small graph of this test's own."""
    return Path(shutil.copytree(small_store, tmp_path / "store"))


def _start(store: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*SMALL_COMMAND, "build"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(store),
    )


def _stopped_at(store: Path, step: str, number: signal.Signals) -> Done:
    """A build that gets a signal when it has just said `step`."""
    process = _start(store)
    assert process.stderr
    said = ""
    for line in process.stderr:
        said += line
        if line.startswith(step):
            process.send_signal(number)
            break
    out, rest = process.communicate(timeout=60)
    return Done(process.returncode, out, said + rest)


def _links(store: Path) -> list[object]:
    """What the store answers; in this process, for there are many of these."""
    graph = load(store)
    rows: list[object] = list(graph.links_answer("PER", "CHN", on="2023-12-31").rows)
    assert rows
    return rows


def _leftovers(store: Path) -> list[str]:
    return [path.name for path in (store / "builds").iterdir() if path.name.startswith(".")]


def test_a_build_killed_at_any_step_leaves_the_old_graph_good(store: Path) -> None:
    before, pointer = _links(store), (store / "current").read_text()
    for step in STEPS:
        assert _stopped_at(store, step, signal.SIGKILL).code == -signal.SIGKILL
        assert (store / "current").read_text() == pointer
        assert _links(store) == before
    assert _leftovers(store) == [".part"]
    build_small(store)
    assert _leftovers(store) == []
    assert _links(store) == before


@pytest.mark.slow
def test_builds_killed_at_forty_random_moments_leave_the_old_graph_good(store: Path) -> None:
    before, seed = _links(store), random.Random(7)
    began = time.monotonic()
    build_small(store)
    whole = time.monotonic() - began
    for _ in range(40):
        process = _start(store)
        time.sleep(seed.uniform(0, whole * 1.1))
        process.kill()
        process.communicate(timeout=60)
        assert _links(store) == before
    build_small(store)
    assert _leftovers(store) == []


def test_a_first_build_killed_leaves_no_graph_that_looks_whole(tmp_path: Path) -> None:
    store = tmp_path / "store"
    _stopped_at(store, "loading the store", signal.SIGKILL)
    assert_told(geoties("links", "PER", store=store), "run `geoties build`")


@pytest.mark.parametrize("step", ["countries", "checking", "loading the store"])
def test_ctrl_c_ends_a_build_quietly_and_tidily(store: Path, step: str) -> None:
    before = _links(store)
    done = _stopped_at(store, step, signal.SIGINT)
    assert (done.code, done.out) == (130, "")
    assert all(line.startswith(STEPS) for line in done.err.splitlines()), done.err
    assert _leftovers(store) == []
    assert _links(store) == before


def test_messages_that_nobody_reads_do_not_stop_a_build(tmp_path: Path) -> None:
    process = _start(tmp_path / "store")
    assert process.stderr
    process.stderr.close()
    assert process.wait(timeout=60) == 0
    assert process.stdout
    process.stdout.close()
    assert _links(tmp_path / "store")


def test_a_build_keeps_the_last_three_and_nothing_that_is_not_read(store: Path) -> None:
    for _ in range(3):
        build_small(store)
    builds = sorted((store / "builds").iterdir())
    assert len(builds) == 3
    for folder in builds:
        parts = {path.name for path in folder.iterdir()}
        assert parts == {"store", "frames", "names.csv", "manifest.json"}
    assert {path.name for path in store.iterdir()} == {"builds", "current", "inputs", "lock"}


def test_a_store_loaded_in_pieces_is_the_same_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However large the graph, only a piece of it is in memory while it is loaded."""
    lines = "".join(f'<x:s{n}> <x:p> "{n} \u00e9" .\n' for n in range(1000))
    path = tmp_path / "graph.nt"
    path.write_text(lines, encoding="utf-8")
    bulk_load(tmp_path / "whole", [path])
    monkeypatch.setattr(store_module, "_PIECE_BYTES", 997)
    bulk_load(tmp_path / "pieces", [path])
    whole, pieces = (set(open_store(tmp_path / name)) for name in ("whole", "pieces"))
    assert len(whole) == 1000
    assert pieces == whole


# ---- a store that is damaged is told, and mended by the command that is named


def _cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _only(store: Path, pattern: str) -> Path:
    (found,) = store.glob(f"builds/*/{pattern}")
    return found


def _cut_tables_of_the_engine(store: Path) -> None:
    for path in store.glob("builds/*/store/*.sst"):
        _cut_short(path)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "no manifest": lambda store: _only(store, "manifest.json").unlink(),
    "half a manifest": lambda store: _cut_short(_only(store, "manifest.json")),
    "an empty manifest": lambda store: _only(store, "manifest.json").write_text("{}"),
    "a bare manifest": lambda store: _only(store, "manifest.json").write_text(
        json.dumps({"schema": 1})
    ),
    "no names": lambda store: _only(store, "names.csv").unlink(),
    "no store": lambda store: shutil.rmtree(_only(store, "store")),
    "half a store": _cut_tables_of_the_engine,
    "no file of the engine": lambda store: _only(store, "store/CURRENT").unlink(),
    "a column file gone": lambda store: _only(store, "frames/ties/membership.parquet").unlink(),
    "half a column file": lambda store: _cut_short(_only(store, "frames/entities.parquet")),
    "no build": lambda store: shutil.rmtree(store / "builds"),
    "a pointer to nowhere": lambda store: (store / "current").write_text("abc\n"),
    "a pointer elsewhere": lambda store: (store / "current").write_text("../..\n"),
    "a pointer of bytes": lambda store: (store / "current").write_bytes(b"\xff\xfe"),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.usefixtures("few_loaders")
def test_a_damaged_store_is_told_and_build_mends_it(store: Path, damage: str) -> None:
    before = _links(store)
    DAMAGES[damage](store)
    with pytest.raises(UserError, match="run `geoties build`"):
        _read_all(store)
    build(store)
    assert _read_all(store) == before


def _read_all(store: Path) -> list[object]:
    frames._read.cache_clear()
    load(store).validate_answer()
    return _links(store)


def test_a_damaged_store_is_told_by_the_command(store: Path) -> None:
    _cut_tables_of_the_engine(store)
    assert_told(geoties("links", "PER", "CHN", store=store), "run `geoties build`")
    assert_told(geoties("sparql", "ASK { ?s ?p ?o }", store=store), "run `geoties build`")
    _cut_short(_only(store, "frames/ties/membership.parquet"))
    assert_told(geoties("validate", store=store), "membership.parquet", "run `geoties build`")


# ---- no room, no right


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, so that it can be full or read-only; only root can make one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)], capture_output=True
    )
    if made.returncode:
        pytest.skip("only root can mount a small disk")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def _fill(disk: Path, leave: int) -> None:
    free = os.statvfs(disk)
    (disk / "filler").write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - leave)))


def _build(store: Path) -> Done:
    process = _start(store)
    out, err = process.communicate(timeout=60)
    return Done(process.returncode, out, err)


@pytest.mark.parametrize("leave", [0, 200_000, 2_000_000])
def test_a_full_disk_is_told_and_the_old_graph_stays(
    small_store: Path, small_disk: Path, leave: int
) -> None:
    store = small_disk / "store"
    shutil.copytree(small_store, store)
    before = _links(store)
    _fill(small_disk, leave)
    done = _build(store)
    assert done.code == 2, done.err
    told = [line for line in done.err.splitlines() if not line.startswith(STEPS)]
    assert told == [f"geoties: The graph cannot be written to {store}: No space left on device."]
    assert _leftovers(store) == []
    assert _links(store) == before


def test_an_export_to_a_full_disk_is_told_and_leaves_nothing(
    small_store: Path, small_disk: Path
) -> None:
    _fill(small_disk, 100_000)
    for name in ("graph.ttl", "graph.nt", "graph.csv", "graph.parquet", "graph.graphml"):
        done = geoties("-q", "export", small_disk / name, store=small_store)
        assert_told(done, "No space left on device")
        assert [path.name for path in small_disk.iterdir()] == ["filler"]


def test_a_read_only_disk_can_be_read_and_not_written(small_store: Path, small_disk: Path) -> None:
    store = small_disk / "store"
    shutil.copytree(small_store, store)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert _links(store)
    assert_told(geoties("build", store=store), "Read-only file system")
    assert_told(geoties("build", store=small_disk / "new"), "Read-only file system")
    exported = geoties("-q", "export", small_disk / "graph.ttl", store=store)
    assert_told(exported, "Read-only file system")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write where others may not")
def test_a_folder_without_the_right_to_write_is_told(store: Path) -> None:
    before = _links(store)
    for folder in (store, store / "builds"):
        folder.chmod(0o555)
    done = _build(store)
    assert_told(done, "Permission denied")
    assert _links(store) == before


def test_files_that_may_not_grow_are_told(store: Path) -> None:
    """As a full disk, where no disk can be mounted: the system refuses files above a size."""
    before = _links(store)
    process = subprocess.run(
        [*SMALL_COMMAND, "build"],
        capture_output=True,
        text=True,
        env=environment(store, **WRITES_NOTHING_ELSE),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000)),
    )
    assert process.returncode == 2, process.stderr
    assert "cannot be written" in process.stderr.splitlines()[-1]
    assert "Traceback" not in process.stderr
    assert _links(store) == before


def test_what_the_default_build_says_goes_to_stderr_in_plain_lines(default_store: Path) -> None:
    said = (default_store / "build.stderr").read_text()
    assert (default_store / "build.stdout").read_text() == ""
    assert "baci: reading the embedded tables" in said
    assert said.splitlines()[-1].startswith("Built the graph as of ")
    assert said.isprintable() or "\x1b" not in said
