"""A user's table in a graph: all or nothing, kept, the same as a whole build, and out again."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from commands import COMMAND, assert_told, geoties

import geoties as geoties_package
from geoties import knowledge, own_data
from geoties.graph import build as building_module
from geoties.graph import changing
from geoties.graph.build import build
from geoties.graph.model import UserError
from geoties.graph.snapshots import Snapshot, current
from geoties.loaders.registry import loaders_by_name

SMALL = ("countries", "curated", "wto_members")
VISITS = """kind,from,to,role,start,reference
visit,CHN,PER,head-of-state,2024-11-14,https://example.org/a
visit,Mexico,CHN,head-of-state,2013-06,
"""
MEMBERS = """kind,from,to,role,start,end
membership,PER,NATO-X,member,1998,
"""


@pytest.fixture
def store(small_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small graph to change, of which whole builds use the small sources too."""
    few = {name: loaders_by_name()[name] for name in SMALL}
    monkeypatch.setattr(building_module, "loaders_by_name", lambda: few)
    shutil.copytree(small_store, tmp_path / "store")
    return tmp_path / "store"


def table(folder: Path, text: str, name: str = "mine.csv") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def quads(snapshot: Snapshot) -> list[str]:
    """Every statement of a graph."""
    store = ox.Store.read_only(str(snapshot.folder / "store"))
    return sorted(map(str, store.quads_for_pattern(None, None, None, None)))


def bytes_of(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file below a folder with its checksum."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            yield path.relative_to(folder).as_posix(), digest


def add(path: Path, store: Path, **how: str | bool) -> Snapshot:
    addition = own_data.add(path, store, **how)  # type: ignore[arg-type]
    assert addition.snapshot is not None
    return addition.snapshot


def same(one: Snapshot, other: Snapshot) -> None:
    """Two builds are one and the same, statement by statement and byte by byte."""
    assert one.checksum == other.checksum
    assert quads(one) == quads(other)
    assert dict(bytes_of(one.folder / "frames")) == dict(bytes_of(other.folder / "frames"))
    names = [(item.folder / "names.csv").read_bytes() for item in (one, other)]
    assert names[0] == names[1]


def test_an_added_table_is_what_a_whole_build_makes_of_it(store: Path, tmp_path: Path) -> None:
    added = add(table(tmp_path, VISITS), store, title="Visits", licence="CC0-1.0")
    same(added, build(store))


def test_every_sort_of_fact_is_what_a_whole_build_makes_of_it(store: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('[[coverage]]\nkind = "membership"\nstatus = "partial"\nto_scope = "APEC"\n')
    members = "kind,from,to,role,start,end\nmembership,COL,APEC,member,2020,\n"
    add(table(tmp_path, members, "members.csv"), store, mapping=str(mapping))
    gdp = "entity,indicator,year,value,unit\nPER,gdp,2023,2.5e11,USD\n"
    add(table(tmp_path, gdp, "gdp.csv"), store)
    ports = "id,kind,label,hostedBy\nproject/own,project,A port,PER\n"
    add(table(tmp_path, ports, "ports.csv"), store)
    money = "kind,from,to,via,year,value,unit\n"
    money += "project-finance,CHN,PER,project/own,2016,1e9,USD 2021\n"
    added = add(table(tmp_path, money, "money.csv"), store)
    same(added, build(store))
    now = "SELECT ?s WHERE { GRAPH ?g { ?s gt:memberOf ?b FILTER(?s = geo:state\\/COL) } }"
    assert knowledge.load(store).sparql_answer(now).rows


def test_from_python(store: Path, tmp_path: Path) -> None:
    kg = geoties_package.load(store)
    addition = kg.add(table(tmp_path, VISITS), source="visits")
    assert addition.snapshot is not None
    assert addition.table.tables.report.loaded == 2
    assert (
        "visits" in geoties_package.load(store).links("CHN", "PER", since="2024-11-14").to_string()
    )
    assert geoties_package.remove("visits", store).snapshot.checksum == kg.snapshot.checksum


def test_a_replaced_table_leaves_nothing_behind(store: Path, tmp_path: Path) -> None:
    before = current(store)
    add(table(tmp_path, VISITS), store)
    with pytest.raises(UserError, match="called mine already"):
        add(table(tmp_path, VISITS), store)
    members = "kind,from,to,role,start,end\nmembership,COL,APEC,member,2020,\n"
    replaced = add(table(tmp_path, members), store, replace=True)
    same(replaced, build(store))
    removed = own_data.remove("mine", store).snapshot
    same(removed, before)
    assert not list((store / "inputs").iterdir())


def test_the_old_graph_stays_as_it_was(store: Path, tmp_path: Path) -> None:
    before = current(store)
    files, statements = dict(bytes_of(before.folder / "frames")), quads(before)
    tables = {p: hashlib.sha256(p.read_bytes()).digest() for p in before.folder.rglob("*.sst")}
    with_reader = ox.Store.read_only(str(before.folder / "store"))
    add(table(tmp_path, VISITS), store)
    add(table(tmp_path, VISITS), store, replace=True)
    assert dict(bytes_of(before.folder / "frames")) == files
    assert {p: hashlib.sha256(p.read_bytes()).digest() for p in tables} == tables
    assert quads(before) == statements
    assert len(with_reader) == len(statements)


def test_a_table_survives_later_builds_without_its_file(store: Path, tmp_path: Path) -> None:
    path = table(tmp_path, VISITS)
    added = add(path, store)
    path.unlink()
    assert build(store).checksum == added.checksum
    kept = store / "inputs" / "user-mine"
    assert (kept / "table-mine.csv").read_text() == VISITS
    again = build(store, only="wto_members")
    assert again.checksum == added.checksum
    assert build(store, only="user-mine").checksum == added.checksum


def test_the_day_of_the_graph_is_not_moved(store: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text("[source]\nretrieved = 2031-01-01\n")
    before = current(store)
    added = add(table(tmp_path, VISITS), store, mapping=str(mapping))
    assert added.graph_date == before.graph_date
    source = next(s for s in added.manifest["sources"] if s["id"] == "mine")
    assert source["retrieved"] == "2031-01-01"


def test_all_or_nothing_unless_good_rows_are_to_be_kept(store: Path, tmp_path: Path) -> None:
    before = current(store)
    path = table(tmp_path, VISITS + "visit,Korea,CHN,,2019,\n")
    assert own_data.add(path, store).snapshot is None
    assert own_data.add(path, store, dry_run=True, keep_good=True).snapshot is None
    assert current(store).checksum == before.checksum
    added = own_data.add(path, store, keep_good=True)
    assert added.snapshot is not None
    kept = json.loads((store / "inputs" / "user-mine" / "source.json").read_text())
    assert kept["report"]["read"] == 3
    assert kept["report"]["rejected"][0]["value"] == "Korea"


def test_a_failure_midway_leaves_graph_and_input(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = add(table(tmp_path, VISITS), store)
    inputs = dict(bytes_of(store / "inputs"))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    more = table(tmp_path, VISITS + "visit,CHL,CHN,,2019,\n")
    for name in ("change_store", "write_frame", "publish", "write_manifest"):
        with monkeypatch.context() as patch:
            patch.setattr(changing, name, full)
            with pytest.raises(UserError, match="No space left"):
                own_data.add(more, store, replace=True)
            with pytest.raises(UserError, match="No space left"):
                own_data.remove("mine", store)
        assert current(store).checksum == before.checksum
        assert dict(bytes_of(store / "inputs")) == inputs


@pytest.mark.parametrize("step", ["checking", "changing the store", "triples"])
def test_a_change_that_is_killed_leaves_the_graph_good(
    small_store: Path, tmp_path: Path, step: str
) -> None:
    store = tmp_path / "store"
    shutil.copytree(small_store, store)
    before = current(store)
    command = [*COMMAND, "add", str(table(tmp_path, VISITS)), "--store", str(store)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        if step in line:
            process.kill()
            break
    process.wait()
    process.stderr.close()
    assert current(store).checksum == before.checksum or step == "triples"
    assert quads(current(store))
    same(add(table(tmp_path, VISITS), store, replace=True), current(store))


def test_entities_that_others_need_stay(store: Path, tmp_path: Path) -> None:
    ports = "id,kind,label,hostedBy\nproject/own,project,A port,PER\n"
    add(table(tmp_path, ports, "ports.csv"), store)
    money = "kind,from,to,via,year,value,unit\n"
    money += "project-finance,CHN,PER,project/own,2016,1e9,USD 2021\n"
    add(table(tmp_path, money, "money.csv"), store)
    with pytest.raises(UserError, match="of the source money needs it; remove money first"):
        own_data.remove("ports", store)
    other = "id,kind,label,hostedBy\nproject/other,project,A port,PER\n"
    with pytest.raises(UserError, match="remove money first"):
        add(table(tmp_path, other, "ports.csv"), store, replace=True)
    more = ports + "project/more,project,Another port,CHL\n"
    same(add(table(tmp_path, more, "ports.csv"), store, replace=True), build(store))
    own_data.remove("money", store)
    own_data.remove("ports", store)


def test_names_of_sources_that_cannot_be(store: Path, tmp_path: Path) -> None:
    path = table(tmp_path, VISITS)
    for source in ("curated-2026", "wto-members"):
        with pytest.raises(UserError, match="geoties itself has a source"):
            own_data.add(path, store, source=source)
    for source in ("My Visits", "../x", "a/b", "-x", "x" * 65):
        with pytest.raises(UserError, match="cannot be the id of a source"):
            own_data.add(path, store, source=source)
    with pytest.raises(
        UserError, match="No table of yours is called 'curated-2026'; you have added"
    ):
        own_data.remove("curated-2026", store)
    add(path, store)
    with pytest.raises(UserError, match="there are: mine"):
        own_data.remove("../../etc", store)


def test_a_damaged_input_says_how_to_mend_it(store: Path, tmp_path: Path) -> None:
    add(table(tmp_path, VISITS), store)
    (store / "inputs" / "user-mine" / "source.json").write_text("{")
    with pytest.raises(UserError, match="geoties remove mine"):
        build(store)
    own_data.remove("mine", store)
    build(store)


def test_without_a_graph_the_command_that_makes_one_is_told(tmp_path: Path) -> None:
    done = geoties("add", table(tmp_path, VISITS), store=tmp_path / "none")
    assert_told(done, "run `geoties build`")
    assert_told(geoties("remove", "mine", store=tmp_path / "none"), "run `geoties build`")


def test_the_command_tells_of_every_row(store: Path, tmp_path: Path) -> None:
    text = VISITS + "visit,Korea,CHN,,2019,\n" + "visit,China,Peru,head-of-state,2024-11-14,"
    text += "https://example.org/a\n"
    path = table(tmp_path, text)
    dry = geoties("add", path, "--dry-run", "--format", "csv", store=store)
    assert dry.code == 2
    assert [(row["row"], row["outcome"], row["value"]) for row in dry.csv()] == [
        ("4", "rejected", "Korea"),
        ("5", "duplicate", ""),
    ]
    assert "4 rows; 2 could be added, 1 duplicates, 1 rejected" in dry.err
    stopped = geoties("add", path, store=store)
    assert stopped.code == 2
    assert "nothing is added" in stopped.err
    kept = geoties("add", path, "--keep-good", "--source", "visits", store=store)
    assert kept.code == 0, kept.err
    assert "2 added" in kept.err
    assert "visits" in {row["id"] for row in geoties("sources", "-f", "json", store=store).json()}
    links = geoties("links", "CHN", "PER", "--since", "2024-11-14", "-f", "json", store=store)
    assert "visits" in {row["source"] for row in links.json()}
    removed = geoties("remove", "visits", store=store)
    assert removed.code == 0, removed.err
    assert "visits" not in {
        row["id"] for row in geoties("sources", "-f", "json", store=store).json()
    }


def test_a_strangers_text_is_data(store: Path, tmp_path: Path) -> None:
    nasty = '"a\\"" . <x> <y> <z> .\x1b[31m=1+1'
    text = 'kind,from,to,start,reference,record\nvisit,PER,CHN,2017,"' + nasty.replace('"', '""')
    added = add(table(tmp_path, text + '","' + nasty.replace('"', '""') + '"\n'), store)
    same(added, build(store))
    rows = (
        knowledge.load(store)
        .sparql_answer(
            "SELECT ?r WHERE { ?t dcterms:source ?s ; dcterms:references ?r "
            "FILTER(?s = geo:source\\/mine) }"
        )
        .rows
    )
    assert rows == [(nasty,)]


def test_amounts_a_thousand_times_those_of_others_are_told(store: Path, tmp_path: Path) -> None:
    header = "kind,from,to,year,value,unit\n"
    rows = [f"goods-trade,PER,CHN,{year},{{}},USD\n" for year in range(2000, 2012)]
    add(table(tmp_path, header + "".join(row.format(5_000_000) for row in rows), "a.csv"), store)
    wrong = table(tmp_path, header + "".join(row.format(5_000) for row in rows), "b.csv")
    told = geoties("add", wrong, "--dry-run", store=store)
    assert told.code == 0
    assert "Of 12 amounts that the graph has from others too" in told.err
    assert "1,000 times smaller; is the unit right?" in told.err
