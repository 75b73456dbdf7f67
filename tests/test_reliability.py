"""Killed, starved or run side by side: the graph of before answers, and no reader sees a half."""

from __future__ import annotations

import random
import resource
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from commands import COMMAND, WRITES_NOTHING_ELSE, assert_told, environment, geoties
from stores import SMALL_COMMAND, build_small

from geoties.graph.snapshots import building, current
from geoties.knowledge import load
from geoties.own_data import add, remove

VISITS = "from,to,start,reference\nCHN,PER,2016-11-21,https://example.org/{n}\n"
NAME = "visits"


@pytest.fixture
def store(small_store: Path, tmp_path: Path) -> Path:
    """A small graph of this test's own."""
    return Path(shutil.copytree(small_store, tmp_path / "store"))


@pytest.fixture
def visits(tmp_path: Path) -> Path:
    """A table of one visit."""
    path = tmp_path / f"{NAME}.csv"
    path.write_text(VISITS.format(n=1))
    return path


def _adding(store: Path, table: Path, *more: str) -> subprocess.Popen[bytes]:
    command = [*COMMAND, "-q", "add", str(table), "--kind", "visit", "--replace", *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, env=environment(store))


def _answers(store: Path) -> tuple[list[object], int]:
    """What ties Peru and China, and how many visits the graph tells."""
    graph = load(store)
    visits = graph.sparql("SELECT (COUNT(*) AS ?n) WHERE { ?s a gt:Visit }")["n"].item()
    return list(graph.links_answer("PER", "MEX", on="2023-12-31").rows), int(visits)


def _kill_while_adding(store: Path, table: Path, moments: list[float]) -> None:
    """Whenever an `add` is killed, the graph is that of before or that of after, and whole."""
    rows, before = _answers(store)
    for number, moment in enumerate(moments):
        table.write_text(VISITS.format(n=number + 2))
        process = _adding(store, table)
        time.sleep(moment)
        process.kill()
        process.communicate(timeout=60)
        assert _answers(store) in ((rows, before), (rows, before + 1))
    add(table, store, kind="visit", replace=True)
    assert _answers(store) == (rows, before + 1)
    remove(NAME, store)
    assert _answers(store) == (rows, before)
    assert [path for path in (store / "builds").iterdir() if path.name.startswith(".")] == []


def _time_of_one(store: Path, table: Path) -> float:
    began = time.monotonic()
    assert _adding(store, table).wait(timeout=60) == 0
    took = time.monotonic() - began
    remove(NAME, store)
    return took


def test_an_add_killed_at_a_few_moments_leaves_a_good_graph(store: Path, visits: Path) -> None:
    whole = _time_of_one(store, visits)
    _kill_while_adding(store, visits, [whole * part for part in (0.5, 0.8, 0.95)])


@pytest.mark.slow
def test_an_add_killed_at_forty_random_moments_leaves_a_good_graph(
    store: Path, visits: Path
) -> None:
    whole, chance = _time_of_one(store, visits), random.Random(7)
    _kill_while_adding(store, visits, [chance.uniform(0, whole * 1.1) for _ in range(40)])


FEWER_COMMAND = [word.replace(", 'wto_members'", "") for word in SMALL_COMMAND]


def _building(store: Path, command: list[str] = SMALL_COMMAND) -> subprocess.Popen[bytes]:
    words = [*command, "-q", "build", "--store", str(store)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, env=environment(store))


def _kill_while_building(store: Path, parts: list[float]) -> set[str]:
    """Whenever a build is killed, there is the graph of before or that of after, and whole.

    Builds of two graphs take turns. Of four, two are killed after that part of the time that a
    build takes, two at the end: so many hundredths of a second after the manifest was written.
    Returns the checksums met after the kills.
    """
    whole, began = {}, time.monotonic()
    for command in (FEWER_COMMAND, SMALL_COMMAND):
        assert _building(store, command).wait(timeout=60) == 0
        whole[current(store).checksum] = _answers(store)
    assert len(whole) == 2
    took, met = (time.monotonic() - began) / 2, set()
    for number, part in enumerate(parts):
        process = _building(store, (FEWER_COMMAND, SMALL_COMMAND)[number % 2])
        if number % 4 < 2:
            time.sleep(took * part)
        else:
            _wait_for(store / "builds" / ".part" / "manifest.json", process)
            time.sleep(part / 100)
        process.kill()
        process.communicate(timeout=60)
        met.add(current(store).checksum)
        assert _answers(store) == whole[current(store).checksum]
    assert _building(store).wait(timeout=60) == 0
    assert _answers(store) == whole[current(store).checksum]
    assert [path for path in (store / "builds").iterdir() if path.name.startswith(".")] == []
    return met


def _wait_for(path: Path, process: subprocess.Popen[bytes]) -> None:
    while not path.exists() and process.poll() is None:
        time.sleep(0.0005)


def test_a_build_killed_at_a_few_moments_leaves_a_good_graph(store: Path) -> None:
    _kill_while_building(store, [0.5, 0.8, 0.3])


@pytest.mark.slow
def test_a_build_killed_at_forty_random_moments_leaves_a_good_graph(store: Path) -> None:
    chance = random.Random(8)
    met = _kill_while_building(store, [chance.uniform(0, 1.2) for _ in range(40)])
    assert len(met) == 2  # some were killed too late, so both sides of the change were met


def test_a_first_build_that_is_killed_leaves_room_for_the_next(tmp_path: Path) -> None:
    store = tmp_path / "new"
    process = _building(store)
    _wait_for(store / "builds" / ".part" / "store", process)
    process.kill()
    assert process.wait(timeout=60) == -signal.SIGKILL
    assert _building(store).wait(timeout=60) == 0
    assert _answers(store)[0]


# ---- an input that a killed change had set aside


def _input(store: Path) -> str:
    (name,) = [path.name for path in (store / "inputs").iterdir()]
    return name


def test_an_input_that_a_killed_change_set_aside_comes_back(store: Path, visits: Path) -> None:
    add(visits, store, kind="visit")
    name, made = _input(store), current(store).checksum
    (store / "inputs" / name).rename(store / "builds" / f".was-{name}")
    with building(store):
        assert _input(store) == name
    (store / "inputs" / name).rename(store / "builds" / f".was-{name}")
    shutil.copytree(store / "builds" / f".was-{name}", store / "inputs" / name)
    next((store / "inputs" / name).glob("*.json")).write_text("{}")  # the new one, half written
    build_small(store)
    assert current(store).checksum == made


def test_an_input_that_was_taken_out_before_the_kill_stays_out(store: Path, visits: Path) -> None:
    add(visits, store, kind="visit")
    name = _input(store)
    kept = shutil.copytree(store / "inputs" / name, store.parent / "kept")
    remove(NAME, store)
    shutil.copytree(kept, store / "builds" / f".was-{name}")
    with building(store):
        assert list((store / "inputs").iterdir()) == []
    assert not (store / "builds" / f".was-{name}").exists()


# ---- readers and writers at once


def test_readers_see_whole_graphs_while_others_are_built(store: Path) -> None:
    expected = _answers(store)
    for _ in range(3):  # more builds than are kept, so that the oldest goes while they read
        process = subprocess.Popen([*SMALL_COMMAND, "-q", "build", "--store", str(store)])
        held = load(store)
        while process.poll() is None:
            assert _answers(store) == expected
        assert process.returncode == 0
        assert list(held.links_answer("PER", "MEX", on="2023-12-31").rows) == expected[0]


def test_of_two_builds_at_once_one_is_told(store: Path) -> None:
    command = [*SMALL_COMMAND, "-q", "build", "--store", str(store)]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=60)[1] for process in both]
    codes = sorted(process.returncode for process in both)
    assert codes in ([0, 2], [0, 0])  # the one may have ended before the other began
    if codes == [0, 2]:
        assert "Another build is writing" in "".join(said)
    assert _answers(store)


def test_an_add_while_a_build_runs_is_told(store: Path, visits: Path) -> None:
    with building(store):
        done = geoties("-q", "add", visits, "--kind", "visit", store=store)
    assert_told(done, "Another build is writing")


# ---- no room for a change


@pytest.mark.parametrize("words", [("add", "{}", "--kind", "visit"), ("remove", NAME)], ids=str)
def test_files_that_may_not_grow_stop_a_change(
    store: Path, visits: Path, words: tuple[str, ...]
) -> None:
    if words[0] == "remove":
        add(visits, store, kind="visit")
    before, inputs = _answers(store), sorted((store / "inputs").rglob("*"))
    process = subprocess.run(
        [*COMMAND, "-q", *(word.format(visits) for word in words)],
        capture_output=True,
        text=True,
        env=environment(store, **WRITES_NOTHING_ELSE),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )
    assert process.returncode == 2, process.stderr
    assert "cannot be written" in process.stderr
    assert "Traceback" not in process.stderr
    assert (_answers(store), sorted((store / "inputs").rglob("*"))) == (before, inputs)
