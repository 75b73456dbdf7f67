"""The tables as CSV and Parquet: the same rows again, and no formula for a spreadsheet."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path

import polars as pl
import pytest
from export_samples import BUILD, HOSTILE, frames_of, world

from geoties.graph.exports.export import export
from geoties.graph.frames import Frames
from geoties.graph.model import SCHEMAS, UserError, polars_schema


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> Frames:
    return frames_of(world(), tmp_path_factory.mktemp("columns") / "frames")


def tables(frames: Frames) -> dict[str, pl.DataFrame]:
    singles = {name: getattr(frames, name)() for name in ("entities", "observations", "coverage")}
    return singles | {f"ties/{kind}": frames.ties(kind) for kind in frames.tie_kinds()}


def same_rows(found: pl.DataFrame, expected: pl.DataFrame) -> bool:
    return found.sort(found.columns).equals(expected.sort(expected.columns))


def without_guard(text: str) -> str:
    return text[1:] if text.startswith("'") else text


def read_csv(path: Path, table: str) -> pl.DataFrame:
    """A table as the standard library reads it, with the apostrophes taken away."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [
            {name: without_guard(cell) for name, cell in row.items()}
            for row in csv.DictReader(stream)
        ]
    types = polars_schema(table)
    columns = []
    for name, dtype in types.items():
        cells = pl.Series(name, [row[name] for row in rows], pl.String)
        empty = cells if dtype == pl.String else cells.replace("", None)
        columns.append(empty.cast(dtype))
    return pl.DataFrame(columns)


def test_csv_gives_the_same_rows_again(frames: Frames, tmp_path: Path) -> None:
    report = export(tmp_path / "all.csv", frames, **BUILD)
    for name, frame in tables(frames).items():
        path = tmp_path / "all.csv" / f"{name}.csv"
        assert same_rows(read_csv(path, name.split("/")[0]), frame), name
        assert report.counts[name] == frame.height
    assert report.left_out == ()


def test_no_cell_of_csv_is_a_formula(frames: Frames, tmp_path: Path) -> None:
    export(tmp_path / "all.csv", frames, **BUILD)
    seen = set()
    for path in sorted((tmp_path / "all.csv").rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                texts = {n: c for n, c in row.items() if n not in ("value", "year")}
                assert not [c for c in texts.values() if c.startswith(tuple("=+-@\t\r\n"))]
                seen |= set(texts.values())
    assert f"'{HOSTILE[0]}" in seen
    assert HOSTILE[0] not in seen


def test_parquet_has_the_stated_schema_and_rows(frames: Frames, tmp_path: Path) -> None:
    export(tmp_path / "all.parquet", frames, **BUILD)
    for name, frame in tables(frames).items():
        found = pl.read_parquet(tmp_path / "all.parquet" / f"{name}.parquet")
        assert dict(found.schema) == polars_schema(name.split("/")[0])
        assert same_rows(found, frame), name


def test_the_package_states_columns_sources_and_what_was_cut(
    frames: Frames, tmp_path: Path
) -> None:
    export(tmp_path / "cut.csv", frames, kinds=("membership",), **BUILD)
    package = json.loads((tmp_path / "cut.csv" / "datapackage.json").read_text(encoding="utf-8"))
    assert package["build"] == BUILD["checksum"]
    assert package["cut"]["kinds"] == ["membership"]
    assert package["sources"][0]["licence"] == "CC0-1.0"
    for resource in package["resources"]:
        path = tmp_path / "cut.csv" / resource["path"]
        header = path.read_text(encoding="utf-8").splitlines()[0]
        fields = [field["name"] for field in resource["schema"]["fields"]]
        assert header.split(",") == fields
        assert fields == list(SCHEMAS[resource["path"].split("/")[0].split(".")[0]])


@pytest.mark.parametrize("ending", [".zip", ".csv.zip", ".parquet.zip"])
def test_a_zip_holds_what_the_folder_holds(ending: str, frames: Frames, tmp_path: Path) -> None:
    name = ".parquet" if "parquet" in ending else ".csv"
    export(tmp_path / f"all{name}", frames, **BUILD)
    export(tmp_path / f"all{ending}", frames, **BUILD)
    with zipfile.ZipFile(tmp_path / f"all{ending}") as archive:
        for path in (tmp_path / f"all{name}").rglob("*.*"):
            inside = path.relative_to(tmp_path / f"all{name}").as_posix()
            assert archive.read(inside) == path.read_bytes()


def test_an_export_replaces_its_own_folder_but_no_other(frames: Frames, tmp_path: Path) -> None:
    own, other = tmp_path / "own.csv", tmp_path / "other.csv"
    export(own, frames, **BUILD)
    export(own, frames, kinds=("membership",), **BUILD)
    assert [path.name for path in (own / "ties").iterdir()] == ["membership.csv"]
    other.mkdir()
    (other / "thesis.txt").write_text("mine")
    with pytest.raises(UserError, match="choose another name"):
        export(other, frames, **BUILD)
    assert (other / "thesis.txt").read_text() == "mine"
    (tmp_path / "file.csv").write_text("a,b\n")
    with pytest.raises(UserError, match="is a file"):
        export(tmp_path / "file.csv", frames, **BUILD)
    assert (tmp_path / "file.csv").read_text() == "a,b\n"
    assert not list(tmp_path.glob(".*"))
