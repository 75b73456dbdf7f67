"""What may import what, and what a light command must not import."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from commands import environment
from stores import ROOT

HEAVY = (
    "jinja2",
    "networkx",
    "numpy",
    "oxrdflib",
    "pandas",
    "polars",
    "pydantic",
    "pyshacl",
    "pyvis",
    "rdflib",
    "requests",
)

_REPORT = f"""
import sys
from geoties.cli import main
try:
    main()
finally:
    print(*sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)
"""


def _imported(*words: str, store: Path | None = None) -> list[str]:
    """The heavy libraries that a command imported."""
    done = subprocess.run(
        [sys.executable, "-c", _REPORT, *words],
        capture_output=True,
        text=True,
        env=environment(store),
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr.splitlines()[-1].split()


@pytest.mark.parametrize("words", [("--help",), ("--version",), ("links", "--help")], ids=" ".join)
def test_help_imports_nothing_heavy(words: tuple[str, ...]) -> None:
    assert _imported(*words) == []


@pytest.mark.parametrize(
    "words",
    [
        ("links", "PER", "CHN"),
        ("links", "PER", "CHN", "--on", "2023-12-31", "--format", "json"),
        ("links", "Peru", "--ended", "--since", "2015", "--format", "csv"),
        ("links", "PER", "--kind", "membership", "--format", "md"),
        ("query", "--list"),
        ("query", "members-of-body", "--body", "APEC"),
        ("sparql", "ASK { geo:state\\/PER a gt:State }"),
        ("resolve", "Peru"),
        ("sources",),
    ],
    ids=" ".join,
)
def test_light_commands_import_nothing_heavy(default_store: Path, words: tuple[str, ...]) -> None:
    assert _imported(*words, store=default_store) == []


_LIBRARIES = """
import site, sys
from geoties.cli import main
try:
    main()
finally:
    folders = (*site.getsitepackages(), site.getusersitepackages())
    files = {name: getattr(module, "__file__", None) for name, module in sys.modules.items()}
    found = {name.split(".")[0] for name, file in files.items() if (file or "").startswith(folders)}
    print(*sorted(found), file=sys.stderr)
"""
# What typer and rich bring with them depends on their releases; all of it is small.
LIGHT = {
    "annotated_doc", "attr", "click", "geoties", "markdown_it", "mdurl", "pygments", "pyoxigraph",
    "rich", "shellingham", "typer", "typing_extensions",
}  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [("--help",), ("links", "PER", "CHN"), ("query", "members-of-body", "--body", "APEC")],
    ids=" ".join,
)
def test_the_libraries_of_a_light_command_are_few(
    default_store: Path, words: tuple[str, ...]
) -> None:
    """The budget of the start: no library that nobody meant to load."""
    done = subprocess.run(
        [sys.executable, "-c", _LIBRARIES, *words],
        capture_output=True,
        text=True,
        env=environment(default_store),
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    loaded = {name for name in done.stderr.splitlines()[-1].split() if name[0].isalpha()}
    assert "typer" in loaded
    assert loaded - {"coverage"} <= LIGHT  # loaded by the tests, where they are measured


def test_importing_geoties_imports_nothing_heavy() -> None:
    code = f"import sys, geoties; print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stdout) == (0, "\n")


def test_the_layers_hold() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_module_has_a_layer() -> None:
    """A module of `graph` that no layer names would be held by no rule."""
    (contract,) = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    named = " ".join(contract["layers"])
    modules = [*(ROOT / "graph").glob("*.py"), *(ROOT / "graph").glob("*/__init__.py")]
    for path in modules:
        name = path.parent.name if path.name == "__init__.py" else path.stem
        if name not in ("__init__", "graph"):
            assert f"geoties.graph.{name}" in named, name


def test_packages_do_nothing_when_imported() -> None:
    """Their `__init__` are empty; `geoties` itself re-exports lazily."""
    for folder in ("graph", "loaders", "ontology", "queries", "graph/views", "graph/exports"):
        text = (ROOT / folder / "__init__.py").read_text().strip()
        assert not text or text.startswith('"""'), folder
        assert "import" not in text.replace("importing", ""), folder


def test_an_unknown_attribute_of_geoties_is_an_attribute_error() -> None:
    import geoties

    with pytest.raises(AttributeError, match="no attribute 'lode'"):
        geoties.lode  # noqa: B018
    assert {"load", "build", "KnowledgeGraph"} <= set(geoties.__all__)


def test_the_installed_packages_are_those_that_exist() -> None:
    """A folder of code that the packaging does not list would be missing from the wheel."""
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    assert len(listed) == len(set(listed))
    found = {
        ".".join(("geoties", *path.parent.relative_to(ROOT).parts))
        for top in ("graph", "loaders", "ontology", "queries")
        for path in (ROOT / top).rglob("*.py")
    }
    found |= {
        ".".join(path.parent.relative_to(ROOT).parts)
        for path in (ROOT / "geoties").rglob("*.py")
        if not any(parent.is_symlink() for parent in path.parents)
    }
    assert set(listed) == found


def test_every_file_that_is_not_code_is_packaged() -> None:
    """The patterns of the packaging reach every data file beside the code."""
    setup = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    folders = {name: ROOT / path for name, path in setup["package-dir"].items()}
    reached: set[Path] = set()
    for package, patterns in setup["package-data"].items():
        root = next(name for name in sorted(folders, reverse=True) if package.startswith(name))
        folder = folders[root].joinpath(*package.removeprefix(root).strip(".").split("."))
        reached |= {path for pattern in patterns for path in folder.glob(pattern)}
    for top in ("graph", "loaders", "ontology", "queries"):
        for path in (ROOT / top).rglob("*"):
            if path.is_file() and path.suffix not in (".py", ".pyc"):
                assert path in reached, path
