"""An exported file is whole or not there, the same in every process, and named by its ending."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from export_samples import BUILD, FORMATS, frames_of, world

from geoties.graph.exports.export import export
from geoties.graph.exports.registry import format_of, suffixes
from geoties.graph.frames import Frames
from geoties.graph.model import UserError

HERE = Path(__file__).parent

EXPORT_ALL = """
import sys
from pathlib import Path
from export_samples import BUILD, FORMATS
from geoties.graph.exports.export import export
from geoties.graph.frames import Frames
for suffix in FORMATS:
    export(Path(sys.argv[2]) / f"all{suffix}", Frames(Path(sys.argv[1])), **BUILD)
"""
EXPORT_WITHOUT_ROOM = """
import resource, signal, sys
from pathlib import Path
from export_samples import BUILD
from geoties.graph.exports.export import export
from geoties.graph.frames import Frames
from geoties.graph.model import UserError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
try:
    export(sys.argv[2], Frames(Path(sys.argv[1])), **BUILD)
except UserError as problem:
    print(problem)
"""


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> Frames:
    return frames_of(world(), tmp_path_factory.mktemp("columns") / "frames")


def run(program: str, *arguments: str, seed: str = "0") -> str:
    environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(HERE)}
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_all_formats_have_the_same_bytes_whatever_the_hash_seed(
    frames: Frames, tmp_path: Path
) -> None:
    sums = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        folder.mkdir()
        run(EXPORT_ALL, str(frames.folder), str(folder), seed=seed)
        sums.append({p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()})
    assert sums[0] == sums[1]
    assert len(sums[0]) == len(FORMATS)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on a file's size")
@pytest.mark.parametrize("suffix", [".ttl", ".jsonld", ".graphml", ".csv", ".zip", ".parquet"])
def test_without_room_one_sentence_and_the_old_file_stays(
    suffix: str, frames: Frames, tmp_path: Path
) -> None:
    path = tmp_path / f"old{suffix}"
    export(path, frames, kinds=("recognition",), **BUILD)
    before = _content(path)
    told = run(EXPORT_WITHOUT_ROOM, str(frames.folder), str(path))
    assert told.count("\n") == 1, told
    assert "cannot be written" in told
    assert "too large" in told
    assert _content(path) == before
    assert [item.name for item in tmp_path.iterdir()] == [path.name]


def _content(path: Path) -> dict[str, bytes]:
    files = path.rglob("*.*") if path.is_dir() else [path]
    return {file.name: file.read_bytes() for file in files}


@pytest.mark.parametrize("suffix", [".ttl", ".gexf", ".csv", ".csv.zip"])
def test_where_nothing_can_be_written_one_sentence(
    suffix: str, frames: Frames, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot be written: a part of its path is a file"):
        export(tmp_path / "file" / f"x{suffix}", frames, **BUILD)
    (tmp_path / f"folder{suffix}").mkdir()
    if suffix != ".csv":
        with pytest.raises(UserError, match="cannot be written"):
            export(tmp_path / f"folder{suffix}", frames, **BUILD)
    assert not list(tmp_path.glob(".*"))


def test_folders_on_the_way_are_made(frames: Frames, tmp_path: Path) -> None:
    export(tmp_path / "a" / "b" / "x.ttl", frames, **BUILD)
    assert (tmp_path / "a" / "b" / "x.ttl").stat().st_size > 1000


@pytest.mark.parametrize("name", ["graph", "graph.docx", ".ttl", "graph.ttl.gz", "zip", ""])
def test_an_unknown_ending_is_answered_with_those_there_are(
    name: str, frames: Frames, tmp_path: Path
) -> None:
    with pytest.raises(UserError) as told:
        export(tmp_path / name if name else "", frames, **BUILD)
    for suffix in suffixes():
        assert suffix in str(told.value)
    assert list(tmp_path.iterdir()) == []


def test_endings_are_read_without_regard_to_case() -> None:
    assert format_of("PERU.TTL").name == "ttl"
    with pytest.raises(UserError, match="only tables are zipped"):
        format_of("peru.ttl.zip")


def test_the_formats_are_found_and_named_without_heavy_imports() -> None:
    assert set(suffixes()) == {
        ".csv", ".gexf", ".graphml", ".jsonld", ".nq", ".nt", ".parquet", ".trig", ".ttl", ".zip",
    }  # fmt: skip
    program = (
        "import sys; from geoties.graph.exports.registry import suffixes; suffixes(); "
        "print([m for m in ('polars', 'networkx', 'rdflib', 'pandas') if m in sys.modules])"
    )
    assert run(program) == "[]\n"
