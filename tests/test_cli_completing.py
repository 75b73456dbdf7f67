"""What the shell completes, asked as bash and zsh ask."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from commands import environment, geoties
from links_world import make_world

from geoties.cli import completing
from geoties.queries.header import TYPES


def _bash(store: Path, line: str) -> list[str]:
    """What bash is told for a line whose last word is not finished."""
    words = line.split(" ")
    at = str(len(words) - 1)
    how = "complete_bash"
    done = geoties(store=store, _GEOTIES_COMPLETE=how, COMP_WORDS=line, COMP_CWORD=at)
    assert (done.code, done.err) == (0, "")
    return done.out.split("\n")[:-1] if done.out.strip() else []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("geoties que", ["query"]),
        ("geoties query members-of-b", ["members-of-body"]),
        ("geoties query members-of-body --b", ["--body"]),
        ("geoties query members-of-body --body APE", ["APEC"]),
        ("geoties query members-of-body --body = APE", ["APEC"]),
        ("geoties query members-of-body APE", ["APEC"]),
        (
            "geoties query members-of-body --body APEC --region Northern",
            [r"Northern\ Africa", r"Northern\ America", r"Northern\ Europe"],
        ),
        ("geoties query members-of-body --body APEC --on 2", []),
        ("geoties query members-of-body --lim", ["--limit"]),
        ("geoties query doubtful-claims --kind memb", ["membership"]),
        ("geoties query links-between --x Urug", ["Uruguay"]),
        ("geoties query nothing --x Urug", []),
        ("geoties links Urug", ["Uruguay"]),
        ("geoties links PER Urug", ["Uruguay"]),
        (r"geoties links PER Saudi\ A", []),
        ("geoties links PER Saudi", [r"Saudi\ Arabia"]),
        ("geoties links PER CHN --kind memb", ["membership"]),
        ("geoties links PER CHN --kind visit,memb", ["visit,membership"]),
        ("geoties links PER CHN --format j", ["json"]),
        ("geoties is PER i", ["in", "investment-flow", "investment-stock"]),
        ("geoties measure export-s", ["export-share"]),
        ("geoties measures export-s", ["export-share"]),
        ("geoties measure trade-dependence --of PER,Urug", ["PER,Uruguay"]),
        ("geoties measure trade-dependence --region Carib", ["Caribbean"]),
        ("geoties build --only wto_m", ["wto_members"]),
        ("geoties build --only curated-", ["curated-2026"]),
        ("geoties path PER KOR --avoid U", None),
    ],
)
def test_bash_is_told_what_begins_so(small_store: Path, line: str, found: list[str] | None) -> None:
    told = _bash(small_store, line)
    assert told == found if found is not None else "UN" in told


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("geoties query members-of-body --body APE", '"APEC"'),
        ("geoties query members-of-body --region Northern", '"Northern America"'),
        ("geoties query mem", '"members-of-body"'),
        ("geoties lin", '"links"'),
    ],
)
def test_zsh_is_told_too(small_store: Path, line: str, found: str) -> None:
    how = "complete_zsh"
    done = geoties(store=small_store, _GEOTIES_COMPLETE=how, _TYPER_COMPLETE_ARGS=line)
    assert found in done.out
    assert done.err == ""


def test_a_key_press_loads_nothing_heavy(small_store: Path) -> None:
    code = (
        "import sys, atexit\n"
        "atexit.register(lambda: print(sorted({'polars', 'pandas', 'networkx', 'rdflib',"
        " 'starlette'} & sys.modules.keys()), file=sys.stderr))\n"
        "sys.argv = ['geoties']\n"
        "from geoties.cli import main; main()"
    )
    for line in ("query shared-and-lacking --x Pe", "links Per", "build --only w"):
        told = {
            "_GEOTIES_COMPLETE": "complete_bash",
            "COMP_WORDS": f"geoties {line}",
            "COMP_CWORD": str(len(line.split())),
        }
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            env=environment(small_store, **told),
        )
        assert done.stdout, line
        assert done.stderr.strip() == "[]", line


def test_every_loader_is_among_the_names() -> None:
    from geoties.loaders.registry import loaders_by_name

    assert set(loaders_by_name()) <= set(completing.source_names(""))


def test_every_type_of_parameter_is_completed_or_not_on_purpose() -> None:
    assert set(TYPES) - completing._TYPES.keys() == {
        "kind", "date", "year", "number", "text",
    }  # fmt: skip


def test_bodies_of_the_graph_are_completed_by_id_and_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_world(tmp_path)
    monkeypatch.setattr(completing, "_table_of_names", lambda: tmp_path / "names.csv")
    assert completing.place_names("Pacific") == ["Pacific Alliance", "PacificAlliance"]
    assert completing.place_names("APEC") == ["APEC"]
    assert completing.place_names("Per") == ["Peru"]


def test_without_a_graph_the_states_are_completed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOTIES_STORE", str(tmp_path / "none"))
    assert completing.place_names("Urug") == ["Uruguay"]
    assert "baci" in completing.source_names("ba")
