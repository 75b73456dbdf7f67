"""Wheel and sdist hold every file once, and the wheel works where there is no checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections import Counter
from importlib.metadata import version
from pathlib import Path

import pytest
from commands import environment
from stores import ROOT

from geoties.graph.snapshots import current
from geoties.loaders.registry import loaders_by_name

LARGEST = 12 * 1024 * 1024
PACKAGES = ("graph", "loaders", "ontology", "queries")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout, links and all, so that building leaves nothing in the real one."""
    folder = tmp_path_factory.mktemp("checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        cwd=ROOT,
    )
    if listed.returncode:
        pytest.skip("not a checkout of the repository")
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name, follow_symlinks=False)
    return folder


def _built(source: Path, out: Path, what: str) -> Path:
    """A wheel or sdist, made by the backend itself: no network, no isolated environment."""
    if int(version("setuptools").split(".")[0]) < 77:
        pytest.skip("the packaging needs setuptools 77, which pip brings; tests do not download")
    code = (
        f"import sys; sys.path[:0] = ['packing']; import backend as b; b.build_{what}(sys.argv[1])"
    )
    command = [sys.executable, "-c", code, str(out)]
    env = os.environ | {"SOURCE_DATE_EPOCH": "1767225600"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=source, env=env)
    assert done.returncode == 0, done.stderr[-2000:]
    (made,) = out.glob("*.whl" if what == "wheel" else "*.tar.gz")
    return made


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    return _built(checkout, tmp_path_factory.mktemp("wheel"), "wheel")


@pytest.fixture(scope="module")
def sdist(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution of this checkout."""
    return _built(checkout, tmp_path_factory.mktemp("sdist"), "sdist")


def _in_wheel(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def _wanted() -> set[str]:
    """Every file of the packages, under the name that it has when installed."""
    wanted = set()
    for folder in (*PACKAGES, "geoties"):
        for path in filter(Path.is_file, (ROOT / folder).rglob("*")):
            linked = any(parent.is_symlink() for parent in path.parents)
            if not linked and "__pycache__" not in path.parts:
                name = path.relative_to(ROOT).as_posix()
                wanted.add(name if folder == "geoties" else f"geoties/{name}")
    return wanted


def test_the_wheel_holds_every_file_of_the_packages_once_and_nothing_else(wheel: Path) -> None:
    names = [name for name in _in_wheel(wheel) if ".dist-info/" not in name]
    assert [name for name, times in Counter(names).items() if times > 1] == []
    assert set(names) == _wanted()


def test_the_wheel_holds_what_a_graph_and_a_page_need(wheel: Path) -> None:
    names = _in_wheel(wheel)
    assert "geoties/ontology/geoties.ttl" in names
    assert "geoties/ontology/shapes.ttl" in names
    assert "geoties/ontology/mappings.ttl" in names
    assert "geoties/py.typed" in names
    assert any(name.startswith("geoties/graph/views/templates/") for name in names)
    assert sum(name.endswith(".rq") for name in names) >= 8
    for loader in loaders_by_name().values():
        if loader.embedded != "none":
            assert any(name.startswith(f"geoties/loaders/data/{loader.name}/") for name in names)
    assert not [name for name in names if "test" in name.split("/")[0] or "/tests/" in name]


def test_the_wheel_carries_the_licences(wheel: Path) -> None:
    names = [name.split("/")[-1] for name in _in_wheel(wheel) if "/licenses/" in name]
    assert sorted(names) == ["DATA-LICENCES.md", "LICENSE", "NOTICE"]


def test_the_wheel_is_under_twelve_megabytes(wheel: Path) -> None:
    assert wheel.stat().st_size < LARGEST


def test_no_file_of_the_wheel_names_a_machine(wheel: Path) -> None:
    """Paths of the computer on which something was made are nobody's business."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.endswith((".py", ".json", ".ttl", ".rq", ".csv", ".md", ".j2", ".js")):
                text = archive.read(name).decode("utf-8")
                # A web address may hold "/home/" further on; a machine's path begins with it.
                begins = re.search(r"(?<![\w.%~/-])/(home|root|Users)/", text)
                assert not begins, (name, begins)
                assert str(ROOT) not in text, name


def test_the_sdist_holds_each_file_once_and_makes_the_same_wheel(
    sdist: Path, wheel: Path, tmp_path: Path
) -> None:
    """It holds no links, as on systems that have none: the wheel must not need them."""
    with tarfile.open(sdist) as archive:
        members = archive.getmembers()
        archive.extractall(tmp_path, filter="data")
    assert [member.name for member in members if member.issym() or member.islnk()] == []
    names = [member.name for member in members]
    assert [name for name, times in Counter(names).items() if times > 1] == []
    inside = {name.split("/", 1)[1] for name in names if "/" in name}
    assert not [
        name for name in inside if name.startswith(tuple(f"geoties/{p}/" for p in PACKAGES))
    ]
    (source,) = tmp_path.iterdir()
    (tmp_path / "out").mkdir()
    assert sorted(_in_wheel(_built(source, tmp_path / "out", "wheel"))) == sorted(_in_wheel(wheel))


@pytest.mark.parametrize("what", ["wheel", "sdist"])
def test_what_is_packed_twice_is_the_same_bytes(
    checkout: Path, wheel: Path, sdist: Path, tmp_path: Path, what: str
) -> None:
    """Elsewhere, of files of another time."""
    copy, out = tmp_path / "copy", tmp_path / "out"
    shutil.copytree(checkout, copy, symlinks=True, copy_function=shutil.copyfile)
    shutil.rmtree(copy / "build", ignore_errors=True)
    for path in copy.rglob("*"):
        if path.is_file() and not path.is_symlink():
            os.utime(path, (1e9, 1e9))
    out.mkdir()
    again = _built(copy, out, what)
    first = wheel if what == "wheel" else sdist
    assert again.name == first.name
    assert again.read_bytes() == first.read_bytes()


@pytest.mark.slow
def test_the_wheel_works_elsewhere(wheel: Path, default_store: Path, tmp_path: Path) -> None:
    """In an environment of its own, away from the checkout, it builds the very same graph."""
    venv.create(tmp_path / "venv")
    python = tmp_path / "venv" / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps"]
    subprocess.run([*install, "--no-index", "--quiet", str(wheel)], check=True)
    (site,) = (tmp_path / "venv").glob("lib/python*/site-packages")
    # The dependencies are lent by this environment; its own geoties is not found that way.
    (site / "lent.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    store = tmp_path / "store"

    def run(*words: str) -> str:
        done = subprocess.run(
            [str(tmp_path / "venv" / "bin" / "geoties"), *words],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=environment(store) | {"PYTHONPATH": ""},
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = [str(python), "-c", "import geoties.graph; print(geoties.graph.__file__)"]
    found = subprocess.run(where, capture_output=True, text=True, cwd=tmp_path, check=True).stdout
    assert found.startswith(str(site))
    assert run("--version") == f"geoties {version('geoties')}\n"
    run("build")
    assert current(store).checksum == current(default_store).checksum
    assert "goods-trade" in run("links", "PER", "CHN", "--on", "2023-12-31")
    assert "members-of-body" in run("query", "--list")
    run("view", "page.html")
    run("export", "peru.ttl", "--focus", "PER")
    assert (tmp_path / "page.html").stat().st_size > 100_000
    assert (tmp_path / "peru.ttl").stat().st_size > 10_000
