"""What differs between two builds, and why."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
import rdflib
from commands import assert_told, geoties

from geoties.graph.frames import Frames, write_frames
from geoties.graph.model import (
    SCHEMA_VERSION,
    Coverage,
    Entity,
    Observation,
    Tables,
    Tie,
    UserError,
)
from geoties.graph.snapshots import Snapshot, open_build
from geoties.graph.triples import in_graph, write_ties
from geoties.queries.differences import differences, kept_build
from geoties.queries.patches import changed_statements, rdf_patch, write_patch

OLD_DATE, NEW_DATE = "2024-02-01", "2026-02-01"


def _member(state: str, start: str, source: str = "source/a", **more: Any) -> Tie:
    return Tie(
        "membership", f"state/{state}", "body/BRI", source, f"BRI-{state}",
        role="participant", start=start, start_precision="day", **more,
    )  # fmt: skip


def _trade(year: int, value: float) -> Tie:
    ends = ("state/PER", "state/CHN")
    record = f"PER-CHN-{year}"
    return Tie("goods-trade", *ends, "source/a", record, year=year, value=value, unit="USD")


def _build(folder: Path, name: str, ties: list[Tie] | Tables, date: str, *sources: str) -> Snapshot:
    build = folder / "builds" / name
    tables = ties if isinstance(ties, Tables) else Tables.of(ties=ties)
    write_frames(build / "frames", tables)
    manifest: dict[str, Any] = {"schema": SCHEMA_VERSION, "graph_date": date, "checksum": name}
    manifest |= {"sources": [{"id": source} for source in sources], "counts": {}, "frames": {}}
    manifest |= {"version": "0", "inputs": {}}
    (build / "store").mkdir()
    (build / "names.csv").touch()
    (build / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return open_build(build)


@pytest.fixture
def builds(tmp_path: Path) -> tuple[Snapshot, Snapshot]:
    old = [
        _member("PAN", "2017-11-17"),
        _member("CHL", "2018-11-01"),
        _member("ITA", "2019-03-23"),
        _member("PER", "2019-04-25", "source/gone"),
        _trade(2022, 20.0e9),
    ]
    new = [
        _member("PAN", "2017-11-17", end="2025-02-03", end_precision="day"),
        _member("CHL", "2018-11-02"),
        _member("COL", "2025-05-14"),
        _member("BOL", "2018-06-19"),
        _member("URY", "2018-08-20", "source/b"),
        _trade(2022, 20.9e9),
        _trade(2025, 25.0e9),
    ]
    first = _build(tmp_path, "aaaa1111", old, OLD_DATE, "a", "gone")
    return first, _build(tmp_path, "bbbb2222", new, NEW_DATE, "a", "b")


def test_each_change_has_its_cause(builds: tuple[Snapshot, Snapshot]) -> None:
    rows = differences(*builds).dicts()
    told = {(r["change"], r["from"], r["column"], r["cause"]) for r in rows}
    assert told == {
        ("added", "BOL", "", "newly known"),
        ("added", "COL", "", "the world changed"),
        ("added", "PER", "", "the world changed"),
        ("added", "URY", "", "newly known"),
        ("changed", "CHL", "start", "source corrected itself"),
        ("changed", "PAN", "end", "the world changed"),
        ("changed", "PER", "value", "source corrected itself"),
        ("removed", "ITA", "", "source corrected itself"),
        ("removed", "PER", "", "source dropped"),
    }
    change = next(row for row in rows if row["column"] == "value")
    assert (change["old"], change["new"]) == ("20000000000", "20900000000")


def test_kinds_cut_the_comparison(builds: tuple[Snapshot, Snapshot]) -> None:
    rows = differences(*builds, kinds=["goods-trade"]).dicts()
    assert {row["kind"] for row in rows} == {"goods-trade"}


def test_the_same_build_has_no_differences(builds: tuple[Snapshot, Snapshot]) -> None:
    assert differences(builds[0], builds[0]).rows == []
    assert changed_statements(builds[0], builds[0]) == ([], [])


def test_the_patch_deletes_and_adds_statements(builds: tuple[Snapshot, Snapshot]) -> None:
    lines = rdf_patch(*changed_statements(*builds)).splitlines()
    assert lines[0] == "TX ."
    assert lines[-1] == "TC ."
    ends = [line for line in lines if "BRI-PAN" in line]
    assert [line[:1] for line in ends] == ["A", "A"]
    assert '"2025-02-03"' in "".join(ends)
    deleted = [line for line in lines if line.startswith("D ") and "BRI-CHL" in line]
    assert len(deleted) == 1


def test_builds_are_named_by_checksum_or_folder(
    tmp_path: Path, builds: tuple[Snapshot, Snapshot]
) -> None:
    assert kept_build(tmp_path, "aaaa").checksum == "aaaa1111"
    assert kept_build(tmp_path, str(builds[1].folder)).checksum == "bbbb2222"
    with pytest.raises(UserError, match="kept are: aaaa1111, bbbb2222"):
        kept_build(tmp_path, "cccc")
    with pytest.raises(UserError, match="is no build"):
        kept_build(tmp_path, "")


def test_a_date_within_the_key_of_a_record_is_a_correction(tmp_path: Path) -> None:
    def visit(day: str) -> Tie:
        ends = ("state/PER", "state/KIR")
        return Tie("diplomatic-relation", *ends, "source/a", f"PER-KIR-{day}", start=day)

    old = _build(tmp_path, "aaaa", [visit("2015-03-01")], OLD_DATE, "a")
    new = _build(tmp_path, "bbbb", [visit("2015-04-01")], OLD_DATE, "a")
    (row,) = differences(old, new).dicts()
    assert (row["change"], row["column"], row["cause"]) == (
        "changed", "start", "source corrected itself",
    )  # fmt: skip
    assert (row["old"], row["new"]) == ("2015-03-01", "2015-04-01")


def test_a_new_release_is_the_same_source(tmp_path: Path) -> None:
    def flow(value: float, source: str, year: int = 2022) -> Tie:
        ends = ("state/PER", "state/CHN")
        record = f"PER-CHN-{year}"
        return Tie("goods-trade", *ends, source, record, year=year, value=value, unit="USD")

    builds = []
    for name, ties in (
        ("r1", [flow(20.0, "source/r1")]),
        ("r2", [flow(21.0, "source/r2"), flow(25.0, "source/r2", 2023)]),
    ):
        snapshot = _build(tmp_path, name * 4, ties, OLD_DATE, name)
        snapshot.manifest["sources"][0]["loader"] = "baci"
        builds.append(snapshot)
    old, new = builds
    rows = differences(old, new).dicts()
    assert [(row["change"], row["cause"], row["new"]) for row in rows] == [
        ("added", "newly known", "2023: 25 USD"),
        ("changed", "source corrected itself", "21"),
    ]


def test_entities_observations_and_coverage_are_compared(tmp_path: Path) -> None:
    def tables(title: str, gdp: float, last: int) -> Tables:
        agreement = Entity(
            "agreement/x", "agreement", {"en": title}, {"agreementType": "trade"},
            valid_to="2025-01-01" if last > 2020 else "",
        )  # fmt: skip
        number = Observation("state/PER", "gdp", 2020, gdp, "USD", "source/a")
        covered = Coverage("source/a", "membership", "complete", from_year=2000, to_year=last)
        return Tables.of([agreement], [], [number], [covered])

    old = _build(tmp_path, "aaaa", tables("Old", 1.5, 2020), OLD_DATE, "a")
    new = _build(tmp_path, "bbbb", tables("New", 1.75, 2024), OLD_DATE, "a")
    told = {
        (row["what"], row["change"], row["column"], row["old"], row["new"], row["cause"])
        for row in differences(old, new).dicts()
    }
    corrected = "source corrected itself"
    assert told == {
        ("entity", "changed", "en", "Old", "New", corrected),
        ("entity", "changed", "valid_to", "", "2025-01-01", "the world changed"),
        ("observation", "changed", "value", "1.5", "1.75", corrected),
        ("coverage", "added", "", "", "complete", "newly known"),
        ("coverage", "removed", "", "complete", "", corrected),
    }


def test_the_patch_turns_the_old_graph_into_the_new(
    tmp_path: Path, builds: tuple[Snapshot, Snapshot]
) -> None:
    graphs = []
    for snapshot in builds:
        out = io.BytesIO()
        ties = Frames(snapshot.folder / "frames")
        for kind in ties.tie_kinds():
            write_ties(in_graph(ties.ties(kind)), out)
        graphs.append(set(out.getvalue().decode().splitlines()))
    old, new = graphs
    less, more = changed_statements(*builds)
    assert (old - set(less)) | set(more) == new
    assert set(less) <= old
    assert not set(more) & old


def test_the_turtle_patch_says_why(tmp_path: Path, builds: tuple[Snapshot, Snapshot]) -> None:
    path = tmp_path / "changes.ttl"
    count = write_patch(path, *builds)
    graph = rdflib.Graph().parse(path)
    cs = rdflib.Namespace("http://purl.org/vocab/changeset/schema#")
    assert (
        len(list(graph.subject_objects(cs.removal))) + len(list(graph.subject_objects(cs.addition)))
        == count
    )
    tie = rdflib.URIRef("https://w3id.org/geoties/tie/membership/a/BRI-COL")
    (change,) = graph.subjects(cs.subjectOfChange, tie)
    assert graph.value(change, cs.changeReason) == rdflib.Literal("the world changed")
    again = tmp_path / "again.ttl"
    write_patch(again, *builds)
    assert again.read_bytes() == path.read_bytes()
    with pytest.raises(UserError, match=r"end it in .ttl or .rdfp"):
        write_patch(tmp_path / "x.json", *builds)


def test_the_command_diff(tmp_path: Path, builds: tuple[Snapshot, Snapshot]) -> None:
    (tmp_path / "current").write_text("bbbb2222\n")
    done = geoties("diff", "aaaa", "--format", "csv", "-o", tmp_path / "c.rdfp", store=tmp_path)
    assert done.code == 0, done.err
    assert len(done.csv()) == len(differences(*builds).rows)
    assert done.err.splitlines()[0].startswith("9 changes: 2 newly known, 3 source corrected")
    assert (tmp_path / "c.rdfp").read_text().startswith("TX .\nD <")
    assert geoties("diff", "aaaa", "aaaa", store=tmp_path).err == "Nothing differs.\n"
    assert_told(geoties("diff", "zz", store=tmp_path), "'zz' is no build; kept are: aaaa1111")
