"""A graph brought up to date from servers that answer as the publishers' do; no network is used."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path

import pytest
from commands import assert_told, geoties
from publishers import (
    YEARS,
    Publisher,
    Reply,
    baci_archive,
    binding,
    client,
    wikidata_server,
    world_bank_server,
)

from geoties import knowledge, own_data
from geoties.cli.adding import update as command_of_update
from geoties.graph import build as building_module
from geoties.graph.build import build
from geoties.graph.model import UserError
from geoties.graph.snapshots import current
from geoties.graph.updating import ADDRESSES, forget, own_release, updatable, update
from geoties.loaders import downloads_world_bank as world_bank
from geoties.loaders.registry import loaders_by_name


@pytest.fixture
def store(small_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small graph to update, of which whole builds use the small sources and the World Bank."""
    known = loaders_by_name()
    few = {name: known[name] for name in ("countries", "curated", "wto_members")}
    monkeypatch.setattr(building_module, "loaders_by_name", lambda: few)
    shutil.copytree(small_store, tmp_path / "store")
    return tmp_path / "store"


def test_a_release_takes_the_place_of_the_embedded_one(
    store: Path, tmp_path: Path, server: Publisher
) -> None:
    before = current(store)
    address, asking = world_bank_server(server), client(tmp_path)
    made = update(store, "world_bank", asking, address=address)
    assert made.snapshot is not None
    ids = {source["id"] for source in made.snapshot.manifest["sources"]}
    assert "world-bank-wdi-2026-01-28" in ids
    assert "world-bank-wdi-2025" not in ids
    assert made.snapshot.graph_date == before.graph_date
    kept = json.loads((store / "inputs" / "world_bank" / "source.json").read_text())
    assert len(kept["downloads"]) == 3 * len(world_bank.CODES)
    again = update(store, "world-bank-wdi-2026-01-28".replace("-2026-01-28", "-2025"), asking,
                   address=address)  # fmt: skip
    assert again.snapshot is None
    assert own_release(store, "world-bank-wdi-2026-01-28") == "world_bank"


def test_a_download_of_ones_own_takes_the_place_of_both_embedded_releases(
    store: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "BACI"
    with zipfile.ZipFile(io.BytesIO(baci_archive(YEARS))) as archive:
        archive.extractall(folder)
    snapshot = build(store, only="baci", from_=folder)
    ids = [s["id"] for s in snapshot.manifest["sources"] if s["loader"] == "baci"]
    assert ids == ["baci-202601"]
    assert snapshot.manifest["counts"]["frames"]["ties/goods-trade"] == 4
    assert build(store, only="baci").checksum == snapshot.checksum


def test_later_builds_need_no_network(store: Path, tmp_path: Path, server: Publisher) -> None:
    made = update(store, "world_bank", client(tmp_path), address=world_bank_server(server))
    assert made.snapshot is not None
    shutil.rmtree(tmp_path / "cache")
    asked = len(server.asked)
    again = build(store, only="world_bank")
    assert again.checksum == made.snapshot.checksum
    assert len(server.asked) == asked


def test_a_failed_update_leaves_graph_and_input(
    store: Path, tmp_path: Path, server: Publisher
) -> None:
    before = current(store)
    for code in world_bank.CODES.values():
        server.at(f"/country/all/indicator/{code}", Reply(b"<html>"))
    with pytest.raises(UserError, match="not JSON"):
        update(store, "world_bank", client(tmp_path), address=server.address)
    assert current(store).checksum == before.checksum
    assert not list((store / "inputs").iterdir())


def test_the_embedded_tables_come_back(store: Path, tmp_path: Path, server: Publisher) -> None:
    update(store, "world_bank", client(tmp_path), address=world_bank_server(server))
    snapshot = forget(store, own_release(store, "world_bank"))
    ids = {source["id"] for source in snapshot.manifest["sources"]}
    assert "world-bank-wdi-2025" in ids
    assert "world-bank-wdi-2026-01-28" not in ids
    assert not (store / "inputs" / "world_bank").exists()
    assert own_release(store, "world_bank") == ""


def test_wikidata_is_a_table_of_its_own(store: Path, tmp_path: Path, server: Publisher) -> None:
    address = wikidata_server(server, binding(1, "Q170481"), binding(2, "Q99999"))
    made = update(store, "wikidata", client(tmp_path), address=address)
    assert made.snapshot is not None
    assert "2 facts, 0 said twice, 1 rejected" in made.notes[1]
    peru = knowledge.load(store).frames.entities().filter(id="state/PER")
    said = json.loads(peru["properties"][0])
    assert (said["homepage"], said["geonames"]) == ("https://www.gob.pe/", "3932488")
    assert json.loads(peru["labels"][0])["en"] == "Peru"
    assert build(store).checksum == made.snapshot.checksum
    again = update(store, "wikidata", client(tmp_path), address=address)
    assert again.snapshot is not None
    assert again.snapshot.manifest["sources"] == made.snapshot.manifest["sources"]
    own_data.remove("wikidata", store)
    assert not list((store / "inputs").iterdir())


def test_what_cannot_be_updated() -> None:
    with pytest.raises(UserError, match="has no address from which it could be updated"):
        updatable("cow_igo")
    with pytest.raises(UserError, match="No source is called"):
        updatable("nonsense")
    assert updatable("un-ideal-points-2025-07") == "ideal_points"


def test_one_that_fails_does_not_stop_the_others(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = []

    def refuse(name: str, *_: object, **__: object) -> None:
        asked.append(name)
        raise UserError("there is no connection.")

    monkeypatch.setattr(own_data, "update", refuse)
    with pytest.raises(UserError, match="could not be updated; the others were"):
        command_of_update(None, store=store)
    assert asked == list(ADDRESSES)
    assert capsys.readouterr().err.count("there is no connection.") == len(ADDRESSES)


def test_the_command(store: Path, tmp_path: Path, server: Publisher) -> None:
    cache = tmp_path / "cache"
    listed = geoties("update", "--list", store=store)
    assert all(address in listed.out for address in ADDRESSES.values())
    address = wikidata_server(server, binding(1, "Q170481"))
    done = geoties(
        "update", "wikidata", "--address", address, "--cache", cache, "--pause", "0", store=store
    )
    assert done.code == 0, done.err
    assert "is in the graph" in done.err
    server.at("/sparql", Reply(b"<html>", 403))
    failed = geoties("update", "wikidata", "--address", address, "--cache", cache, store=store)
    assert failed.code == 2
    assert "the server answers 403" in failed.err
    assert_told(geoties("update", "--address", address, store=store), "name it")
    assert_told(geoties("update", "cow_igo", store=store), "geoties build --only cow_igo --from")
