"""What holds for every source: who says so, under which terms, and what the package carries."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from geoties.graph.model import Source, UserError
from geoties.loaders.embedded import checksum, read_embedded, read_metadata
from geoties.loaders.rebuild import differing_tables, main
from geoties.loaders.registry import DATA, Loader, loaders_by_name

LOADERS = loaders_by_name()
SOURCES = [source for loader in LOADERS.values() for source in loader.sources]
EMBEDDED = [loader for loader in LOADERS.values() if loader.embedded == "tables"]
LIMIT = 20_000_000


def name_of(item: Loader | Source) -> str:
    return item.name if isinstance(item, Loader) else item.id


def metadata(loader: Loader) -> dict[str, Any]:
    text = (loader.folder / "metadata.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


@pytest.mark.parametrize("source", SOURCES, ids=name_of)
def test_a_source_says_who_speaks_and_under_which_terms(source: Source) -> None:
    for told in ("title", "publisher", "licence", "version", "citation"):
        assert getattr(source, told).strip(), told
    assert source.licence_class in ("A", "B", "C")
    assert source.url.startswith(("https://", "http://"))
    assert 2000 <= source.retrieved.year <= 2026
    assert source.embedded in ("tables", "raw", "none")


def test_ids_of_sources_are_unique() -> None:
    assert len({source.id for source in SOURCES}) == len(SOURCES)


@pytest.mark.parametrize("source", SOURCES, ids=name_of)
def test_what_may_not_be_shipped_is_not(source: Source) -> None:
    if source.licence_class == "C":
        assert source.embedded == "none"


@pytest.mark.parametrize("loader", LOADERS.values(), ids=name_of)
def test_a_folder_holds_what_its_loader_says(loader: Loader) -> None:
    if loader.embedded == "none":
        assert not loader.folder.exists()
    else:
        assert any(loader.folder.iterdir())


@pytest.mark.parametrize("loader", EMBEDDED, ids=name_of)
def test_the_metadata_are_those_of_the_loader(loader: Loader) -> None:
    told = {source["id"]: source for source in metadata(loader)["sources"]}
    for source in loader.sources:
        assert told[source.id]["licence"] == source.licence
        assert told[source.id]["citation"] == source.citation
        assert told[source.id]["retrieved"] == source.retrieved.isoformat()


@pytest.mark.parametrize("loader", EMBEDDED, ids=name_of)
def test_every_row_read_is_accounted_for(loader: Loader) -> None:
    rows = metadata(loader)["rows"]
    assert rows["read"] == rows["loaded"] + rows["duplicates"] + rows["rejected"]
    assert rows["loaded"] > 0


@pytest.mark.parametrize("loader", EMBEDDED, ids=name_of)
def test_the_files_are_those_that_were_written(loader: Loader) -> None:
    tables = metadata(loader)["tables"]
    for told in tables.values():
        assert checksum(loader.folder / told["file"]) == told["sha256"], told["file"]
    files = {path.name for path in loader.folder.iterdir()}
    assert files == {"metadata.json"} | {told["file"] for told in tables.values()}


@pytest.mark.parametrize("loader", EMBEDDED, ids=name_of)
def test_they_read_back_as_many_rows(loader: Loader) -> None:
    tables = read_embedded(loader.folder)
    told = metadata(loader)["tables"]
    for name in ("entities", "ties", "observations", "coverage"):
        assert getattr(tables, name).height == told.get(name, {"rows": 0})["rows"], name
    assert tables.ties["id"].n_unique() == tables.ties.height


@pytest.mark.parametrize("loader", EMBEDDED, ids=name_of)
def test_what_tells_facts_tells_what_it_covers(loader: Loader) -> None:
    tables = read_embedded(loader.folder)
    kinds = {*tables.ties["kind"], *tables.observations["indicator"]}
    assert not kinds or kinds & set(tables.coverage["kind"])


def test_the_package_stays_small() -> None:
    assert sum(path.stat().st_size for path in DATA.rglob("*") if path.is_file()) < LIMIT


@pytest.mark.parametrize("loader", EMBEDDED, ids=name_of)
def test_no_table_tells_where_it_was_made(loader: Loader) -> None:
    raw = metadata(loader)["raw"]
    assert [told["file"] for told in raw] == list(loader.sources[0].filenames)
    assert all(len(told["sha256"]) == 64 for told in raw)


FOLDERS = sorted(path for path in DATA.iterdir() if path.is_dir())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.name))
def test_every_folder_has_its_metadata_beside_it(folder: Path) -> None:
    told = read_metadata(folder)
    for source in told.get("sources", [told]):
        for key in ("title", "publisher", "citation", "licence", "version", "retrieved"):
            assert source[key].strip(), key
    assert "tables" in told or told["coverage"].strip()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.name))
def test_tables_kept_by_hand_have_as_many_rows_as_expected(folder: Path) -> None:
    for name, (least, most) in read_metadata(folder).get("expected_rows", {}).items():
        with (folder / name).open(encoding="utf-8", newline="") as stream:
            rows = sum(1 for _ in csv.reader(stream)) - 1
        assert least <= rows <= most, name


def test_the_rebuild_tells_files_that_are_not_as_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    loader = loaders_by_name()["bri_years"]
    (tmp_path / loader.sources[0].filenames[0]).write_text("iso3\n", encoding="utf-8")
    assert main(["--check", str(tmp_path), "bri_years"]) == 1
    assert capsys.readouterr().out == "bri_years: not as before: bri_membership_years.csv\n"
    assert differing_tables(loader) == []
    with pytest.raises(UserError, match=r"bri_membership_years\.csv is not in"):
        main(["--check", str(tmp_path / "nowhere"), "bri_years"])
