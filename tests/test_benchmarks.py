"""The benchmarks: what they make, tell and refuse; how fast anything is, no test says."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl
import pytest
from stores import ROOT


@pytest.fixture(autouse=True)
def root_is_importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))


def module(name: str) -> ModuleType:
    return importlib.import_module(f"benchmarks.{name}")


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str, **parts: Any) -> int:
    """The suite with made-up parts, on a store that is not looked at."""
    main = module("__main__")
    monkeypatch.setattr(main, "SUITE", parts or {"one": lambda store, repeat: quantities(2.0)})
    code: int = main.main(["--store", "nowhere", *arguments])
    return code


def quantities(*medians: float) -> list[Any]:
    quantity = module("timing").Quantity
    return [quantity(f"q{n}", "s", [m, m, m + 9], most=5) for n, m in enumerate(medians)]


def test_the_command_tells_medians_spread_and_whether_targets_are_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, one=lambda *_: quantities(2.0, 7.0)) == 0
    first, second, kept, machine, load = capsys.readouterr().out.splitlines()
    assert first.split() == ["q0", "2", "s", "2–11", "of", "3", "kept:", "at", "most", "5"]
    assert "MISSED: at most 5" in second
    assert kept == "1 of 2 targets kept"
    assert "processor" in machine
    assert "load" in load


def test_numbers_are_kept_part_by_part_and_compared(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "numbers.json"
    parts = {"one": lambda *_: quantities(2.0), "two": lambda *_: quantities(3.0)}
    assert run(monkeypatch, "two", "--json", str(path), **parts) == 0
    parts["two"] = lambda *_: quantities(4.0)
    capsys.readouterr()
    assert run(monkeypatch, "--json", str(path), "--compare", str(path), **parts) == 0
    assert "(was 3, × 1.33)" in capsys.readouterr().out
    kept = json.loads(path.read_text())["parts"]
    assert [part["quantities"][0]["median"] for part in kept.values()] == [2.0, 4.0]


@pytest.mark.parametrize("option", ["--compare", "--json"])
def test_numbers_of_another_machine_are_refused_before_anything_is_measured(
    tmp_path: Path, option: str
) -> None:
    path = tmp_path / "numbers.json"
    other = module("timing").machine() | {"processor": "another one", "polars": "0.1"}
    path.write_text(json.dumps({"machine": other, "parts": {}}))
    command = [sys.executable, "-m", "benchmarks", "start", "--store", "nowhere"]
    done = subprocess.run([*command, option, path], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 1
    assert "is of another machine (processor, polars)" in done.stderr
    assert json.loads(path.read_text())["machine"] == other


def test_a_part_that_cannot_run_says_why_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object) -> None:
        sys.exit("the values are not those of networkx.")

    assert run(monkeypatch, one=fails, two=lambda *_: quantities(2.0)) == 1
    told = capsys.readouterr()
    assert "one: the values are not those of networkx." in told.err
    assert "1 of 1 targets kept\nnot measured: one\n" in told.out


def test_growth_is_fitted_and_drawn(tmp_path: Path) -> None:
    curves = module("curves")
    runs = {10**n: [10.0 ** (n * 1.2), 1e9, 0.0] for n in (4, 5, 6)}
    *points, grown = curves.curve("build, CPU", "s", "triples", runs)
    assert [point.size for point in points] == list(runs)
    assert grown.median == pytest.approx(1.2)
    assert grown.verdict() == "MISSED: at most 1.15"
    curves.plot(points, tmp_path / "growth.svg")
    assert "<svg" in (tmp_path / "growth.svg").read_text()


def test_the_made_up_graph_has_the_size_and_shape_that_is_asked_for() -> None:
    from geoties.graph.checks import check_tables

    workload = module("workload")
    tables = workload.tables(100_000)
    assert tables.ties.equals(workload.tables(100_000).ties)
    flows = tables.ties.filter(pl.col("kind") == "goods-trade").height
    members = tables.ties.filter(pl.col("kind") == "membership").height
    triples = flows * workload.PER_FLOW + members * workload.PER_MEMBER
    assert triples == pytest.approx(100_000, rel=0.05)
    assert flows * workload.PER_FLOW / triples == pytest.approx(0.9, abs=0.03)
    findings = check_tables(tables, [{"id": workload.SOURCE.rpartition("/")[2]}])
    assert findings.filter(pl.col("severity") == "error").is_empty(), findings
