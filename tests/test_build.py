"""Building: whole or not at all, the same bytes twice, the old graph good until the new one is."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from pathlib import Path

import pytest

from geoties.graph import build as building_module
from geoties.graph.build import build
from geoties.graph.model import UserError
from geoties.graph.snapshots import building, current
from geoties.graph.store import open_store, select
from geoties.loaders.embedded import read_embedded
from geoties.loaders.registry import loaders_by_name

SMALL = ("countries", "curated", "wto_members")


@pytest.fixture
def few_loaders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the small loaders, so that a build takes a second."""
    few = {name: loaders_by_name()[name] for name in SMALL}
    monkeypatch.setattr(building_module, "loaders_by_name", lambda: few)


@pytest.mark.usefixtures("few_loaders")
def test_two_builds_are_one_and_the_same(tmp_path: Path) -> None:
    first, second = build(tmp_path / "a"), build(tmp_path / "b")
    assert first.checksum == second.checksum
    names = [(folder.folder / "names.csv").read_bytes() for folder in (first, second)]
    assert names[0] == names[1]
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    answers = [select(open_store(s.folder / "store"), count).rows for s in (first, second)]
    assert answers[0] == answers[1] != [(0,)]


@pytest.mark.usefixtures("few_loaders")
def test_a_known_membership_reads_as_the_design_says(tmp_path: Path) -> None:
    store = open_store(build(tmp_path).folder / "store")
    answer = select(
        store,
        """SELECT ?start ?role ?source WHERE { ?tie a gt:Membership ; gt:from ?state ;
           gt:to ?body ; gt:role ?role ; gt:start ?start ; dcterms:source ?source
           FILTER(?state = geo:state\\/PER && ?body = geo:body\\/APEC) }""",
    )
    assert [row["start"] for row in answer.dicts()] == ["1998-11-14"]
    assert {row["role"] for row in answer.dicts()} == {"member"}


@pytest.mark.usefixtures("few_loaders")
def test_ties_in_force_stand_in_the_graph_of_the_date(tmp_path: Path) -> None:
    snapshot = build(tmp_path)
    store = open_store(snapshot.folder / "store")
    now = f"""SELECT ?state WHERE {{ GRAPH geo:graph\\/{snapshot.graph_date}
              {{ ?state gt:memberOf geo:body\\/EU }} }}"""
    members = {row[0] for row in select(store, now).rows}
    assert len(members) == 27
    assert "state/GBR" not in members


@pytest.mark.usefixtures("few_loaders")
def test_only_reads_one_source_and_keeps_the_rest(tmp_path: Path) -> None:
    whole = build(tmp_path)
    again = build(tmp_path, only="wto_members")
    assert again.checksum == whole.checksum


def _wto_table(path: Path, date: str) -> Path:
    """The register's members again, all with one date of accession."""
    members = read_embedded(loaders_by_name()["wto_members"].folder).ties["from"]
    rows = [f"{m.removeprefix('state/')},,{date},False" for m in members if "state/" in m]
    path.write_text("\n".join(["iso3,country_name,accession_date,is_original_member", *rows]))
    return path


@pytest.mark.usefixtures("few_loaders")
def test_the_users_own_file_is_kept_as_an_input(tmp_path: Path) -> None:
    before = build(tmp_path)
    own = _wto_table(tmp_path / "mine.csv", "2001-12-11")
    snapshot = build(tmp_path, only="wto_members", from_=own)
    own.unlink()
    assert list(snapshot.manifest["inputs"]) == ["wto_members"]
    assert build(tmp_path).checksum == snapshot.checksum != before.checksum


@pytest.mark.usefixtures("few_loaders")
def test_a_file_with_too_few_rows_stops_the_build_and_is_not_kept(tmp_path: Path) -> None:
    before = build(tmp_path)
    own = tmp_path / "mine.csv"
    own.write_text(
        "iso3,country_name,accession_date,is_original_member\nPER,Peru,1995-01-01,True\n"
    )
    with pytest.raises(UserError, match="1 rows; expected"):
        build(tmp_path, only="wto_members", from_=own)
    assert current(tmp_path).checksum == before.checksum
    assert not list((tmp_path / "inputs").iterdir())


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "mine.csv"), (b"\xff\xfe\x00", "mine.csv"), (b"a,b\n1,2\n", "mine.csv")],
)
@pytest.mark.usefixtures("few_loaders")
def test_a_bad_file_is_told_and_the_old_graph_stays(
    tmp_path: Path, content: bytes, told: str
) -> None:
    before = build(tmp_path)
    own = tmp_path / "mine.csv"
    own.write_bytes(content)
    with pytest.raises(UserError, match=told):
        build(tmp_path, only="wto_members", from_=own)
    assert current(tmp_path).checksum == before.checksum
    assert not (tmp_path / "inputs" / "wto_members").exists()


def test_an_unknown_source_and_a_missing_file_are_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="No source is called 'bacci'"):
        build(tmp_path, only="bacci")
    with pytest.raises(UserError, match="does not exist"):
        build(tmp_path, only="baci", from_=tmp_path / "none.csv")
    with pytest.raises(UserError, match="--only"):
        build(tmp_path, from_=tmp_path)


@pytest.mark.usefixtures("few_loaders")
def test_a_failure_midway_leaves_the_old_graph(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = build(tmp_path)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(building_module, "bulk_load", full)
    with pytest.raises(UserError, match="No space left on device"):
        build(tmp_path)
    assert current(tmp_path).checksum == before.checksum
    assert [p.name for p in (tmp_path / "builds").iterdir()] == [before.folder.name]


def test_a_second_build_at_the_same_time_is_told(tmp_path: Path) -> None:
    with building(tmp_path):
        command = (
            "import sys; from pathlib import Path; from geoties.graph.snapshots import building\n"
            "with building(Path(sys.argv[1])): pass"
        )
        arguments = [sys.executable, "-c", command, str(tmp_path)]
        done = subprocess.run(arguments, capture_output=True, text=True)
    assert "Another build is writing" in done.stderr


def test_no_store_and_another_version_say_which_command(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="run `geoties build`"):
        current(tmp_path)
    folder = tmp_path / "builds" / "abc"
    folder.mkdir(parents=True)
    (tmp_path / "current").write_text("abc\n")
    (folder / "manifest.json").write_text(json.dumps({"schema": 999}))
    with pytest.raises(UserError, match="made by another version"):
        current(tmp_path)
    (folder / "manifest.json").write_text("{")
    with pytest.raises(UserError, match="damaged"):
        current(tmp_path)
    (tmp_path / "current").write_text("../../etc\n")
    with pytest.raises(UserError, match="does not name a build"):
        current(tmp_path)
