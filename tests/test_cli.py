"""The manners of the command line: what goes where, in which form, and how a command ends."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
import typer.main
from commands import COMMAND, Done, environment, geoties, on_terminal

from geoties.cli.app import app

GROUP: Any = typer.main.get_command(app)
COMMANDS = sorted(GROUP.commands)
COLUMNS = "kind,from,to,via,start,end,value,unit,year,source,record,sentence"
ESCAPE = "\x1b"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a a ?b . ?c a ?d . ?e a ?f . ?g a ?h . ?i a ?j }"


def test_there_are_the_commands_that_the_documents_promise() -> None:
    promised = {"build", "demo", "links", "query", "sparql", "view", "export"}
    assert promised | {"sources", "validate"} <= set(COMMANDS)


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)])
def test_every_help_ends_with_an_example(command: list[str]) -> None:
    done = geoties(*command, "--help")
    assert (done.code, done.err) == (0, "")
    last = done.out.strip().splitlines()[-1].strip()
    assert re.match(r"(Example: )?geoties ", last), last
    assert ESCAPE not in done.out


def test_a_bare_command_shows_the_help() -> None:
    done = geoties()
    assert done.code == 2
    assert "Example: geoties links PER CHN" in done.out
    assert done.err == ""


@pytest.mark.parametrize("words", [("--help",), ("--help", "links"), ("-q", "--help")])
def test_the_help_of_all_names_every_command(words: tuple[str, ...]) -> None:
    told = geoties(*words).out
    assert [name for name in COMMANDS if not re.search(rf"^\W+{name} ", told, re.M)] == []


def test_the_version_is_data() -> None:
    done = geoties("--version")
    assert (done.code, done.err) == (0, "")
    assert re.fullmatch(r"geoties \d+\.\d+\.\d+\n", done.out)


def test_csv_and_json_carry_the_same_rows_in_the_promised_columns(small_store: Path) -> None:
    words = ("links", "PER", "CHN", "--on", "2023-12-31", "--format")
    rows, objects = (
        geoties(*words, "csv", store=small_store),
        geoties(*words, "json", store=small_store),
    )
    assert (rows.code, objects.code) == (0, 0)
    assert ",".join(rows.csv()[0]).startswith(COLUMNS)
    assert ",".join(objects.json()[0]).startswith(COLUMNS)
    as_text = [
        {key: "" if cell is None else str(cell) for key, cell in row.items()}
        for row in objects.json()
    ]
    assert rows.csv() == as_text != []


def test_ids_are_those_that_people_see(small_store: Path) -> None:
    rows = geoties("links", "PER", "CHN", "--format", "csv", store=small_store).csv()
    apec = next(row for row in rows if row["via"] == "APEC")
    assert (apec["kind"], apec["from"], apec["to"]) == ("membership", "PER", "CHN")
    assert (apec["start"], apec["source"]) == ("1998-11-14", "curated-2026")
    assert "Asia-Pacific Economic Cooperation" in apec["sentence"]


def test_messages_go_to_stderr_and_quiet_silences_them(small_store: Path) -> None:
    words = ("links", "PER", "CHN", "--on", "2023-12-31", "--format", "csv")
    said, quiet = geoties(*words, store=small_store), geoties("-q", *words, store=small_store)
    assert said.err == "As of 2023-12-31.\n"
    assert quiet.err == ""
    assert said.out == quiet.out


def test_markdown_is_a_table(small_store: Path) -> None:
    done = geoties("links", "PER", "CHN", "--format", "md", "--limit", "2", store=small_store)
    lines = done.out.splitlines()
    assert lines[1].startswith("| --- |")
    assert len(lines) == 4


@pytest.mark.parametrize("form", ["table", "csv", "json", "md"])
def test_an_empty_answer_is_no_failure(small_store: Path, form: str) -> None:
    nothing = ("links", "TUV", "NRU", "--kind", "visit", "--format", form)
    done = geoties(*nothing, store=small_store)
    assert done.code == 0
    expected: dict[str, object] = {"table": "", "json": "[]\n"}
    if form in expected:
        assert done.out == expected[form]
    else:
        assert len(done.out.splitlines()) == {"csv": 1, "md": 2}[form]
    assert ("No tie is known" in done.err) == (form == "table")
    assert geoties("-q", *nothing, store=small_store).err == ""


@pytest.mark.parametrize("form", ["table", "csv", "json", "md"])
def test_the_limit_holds_in_every_form(small_store: Path, form: str) -> None:
    words = ("sparql", "SELECT ?s WHERE { ?s a gt:State } ORDER BY ?s", "--format", form)
    done = geoties(*words, "--limit", "3", store=small_store)
    assert done.code == 0
    assert done.out.count("state/") == 3
    if form == "table":
        assert re.search(r"3 of \d+ rows; --limit \d+ shows all", done.err)


def test_a_limit_of_none_is_none(small_store: Path) -> None:
    words = ("sparql", "SELECT ?s WHERE { ?s a gt:State }", "--format", "json", "--limit", "0")
    assert geoties(*words, store=small_store).json() == []


def test_a_terminal_gets_fifty_rows_and_is_told_how_many_there_are(small_store: Path) -> None:
    done = on_terminal("sparql", "SELECT ?s WHERE { ?s a gt:State }", store=small_store)
    assert done.out.count("state/") == 50
    assert re.search(r"50 of \d+ rows; --limit \d+ shows all", done.out)
    assert ESCAPE in done.out


@pytest.mark.parametrize("words", [("links", "PER", "CHN"), ("--help",), ("links", "--help")])
def test_no_color_means_plain_text_on_a_terminal_too(
    small_store: Path, words: tuple[str, ...]
) -> None:
    plain = on_terminal(*words, store=small_store, NO_COLOR="1")
    assert plain.code == 0
    assert ESCAPE not in plain.out


def test_without_a_terminal_nothing_is_coloured(small_store: Path) -> None:
    done = geoties("links", "PER", store=small_store, FORCE_COLOR="1")
    assert ESCAPE not in done.out + done.err


def test_validate_ends_with_1_when_it_finds_errors(small_store: Path, tmp_path: Path) -> None:
    import shutil

    import polars as pl

    assert geoties("validate", store=small_store).code == 0
    broken = tmp_path / "store"
    shutil.copytree(small_store, broken)
    (ties,) = broken.glob("builds/*/frames/ties/membership.parquet")
    frame = pl.read_parquet(ties)
    frame.with_columns(pl.lit("body/NoSuchBody").alias("to")).write_parquet(ties)
    done = geoties("validate", "--format", "csv", store=broken)
    assert done.code == 1
    assert "body/NoSuchBody" in done.out
    assert "Traceback" not in done.err


def test_resolve_says_what_a_name_means_and_never_guesses() -> None:
    rows = geoties("resolve", "South Korea", "Congo", "NA", "秘鲁", "--format", "json").json()
    assert [row["id"] for row in rows] == ["state/KOR", "", "state/NAM", "state/PER"]
    assert list(rows[0]) == ["input", "id", "kind", "how", "suggestions"]
    assert {"id": "state/COD", "label": "Congo - Kinshasa"} in rows[1]["suggestions"]
    assert rows[0]["suggestions"] == []


def test_resolve_takes_the_system_of_a_code() -> None:
    words = ("710", "2", "365", "--on", "1985-01-01", "--format", "json")
    rows = geoties("resolve", *words, "--codes", "cow").json()
    assert [row["input"] for row in rows] == ["710", "2", "365"]
    assert [row["id"] for row in rows] == ["state/CHN", "state/USA", "historical/SUN"]
    assert [row["id"] for row in geoties("resolve", *words).json()] == ["", "", ""]
    refused = geoties("resolve", "710", "--codes", "isin")
    assert refused.code == 2
    assert "m49" in refused.err


def test_resolve_knows_bodies_without_a_graph_and_with_one(
    small_store: Path, tmp_path: Path
) -> None:
    words = ("resolve", "APEC", "Pacific Alliance", "--format", "json")
    for store in (small_store, tmp_path / "none"):
        rows = geoties(*words, store=store).json()
        assert [row["id"] for row in rows] == ["body/APEC", "body/PacificAlliance"]


def test_countries_are_accepted_in_other_languages(small_store: Path) -> None:
    words = ("--on", "2023-12-31", "--format", "csv")
    by_code = geoties("links", "PER", "JPN", *words, store=small_store)
    for peru, japan in (("Perú", "Japón"), ("秘鲁", "日本"), ("peru", "japan")):
        assert geoties("links", peru, japan, *words, store=small_store).out == by_code.out


def test_sources_lists_every_source_with_its_licence(default_store: Path) -> None:
    rows = geoties("sources", "--format", "json", store=default_store).json()
    assert len(rows) > 10
    for row in rows:
        for column in ("id", "title", "licence", "version", "retrieved", "citation"):
            assert row[column], (row["id"], column)
    baci = next(row for row in rows if row["id"] == "baci-202501")
    assert baci["licence"] == "Etalab-2.0"
    assert "goods-trade 2022–2023" in baci["coverage"]
    assert re.search(r"\d+ goods-trade", baci["counts"])


def test_sparql_reads_an_argument_a_file_and_stdin(small_store: Path, tmp_path: Path) -> None:
    query = "SELECT ?label WHERE { geo:state\\/PER rdfs:label ?label FILTER(lang(?label) = 'en') }"
    file = tmp_path / "peru.rq"
    file.write_text(query, encoding="utf-8-sig")
    form = ("--format", "csv")
    said = [
        geoties("sparql", query, *form, store=small_store),
        geoties("sparql", file, *form, store=small_store),
        geoties("sparql", "-", *form, store=small_store, stdin=query.encode()),
    ]
    assert [done.out for done in said] == ["label\nPeru\n"] * 3


def test_sparql_gives_turtle_for_describe_and_construct(small_store: Path) -> None:
    import rdflib

    done = geoties("sparql", "DESCRIBE geo:state\\/PER", "--format", "ttl", store=small_store)
    assert done.code == 0
    graph = rdflib.Graph().parse(data=done.out, format="turtle")
    assert (None, rdflib.RDFS.label, rdflib.Literal("Peru", lang="en")) in graph


def test_sparql_answers_yes_and_no(small_store: Path) -> None:
    asked = ("sparql", "ASK { geo:state\\/PER a gt:State }", "--format", "json")
    assert geoties(*asked, store=small_store).json() == [{"answer": True}]


def test_numbers_that_json_lacks_are_still_json(small_store: Path) -> None:
    query = "SELECT ('INF'^^xsd:double AS ?a) ('NaN'^^xsd:double AS ?b) (1e-9 AS ?c) WHERE {}"
    (row,) = geoties("sparql", query, "--format", "json", store=small_store).json()
    assert row == {"a": "INF", "b": "NaN", "c": 1e-9}
    assert "1e-09" in geoties("sparql", query, store=small_store).out


@pytest.mark.parametrize(
    "words", [("links", "PER"), ("links", "PER", "--format", "json"), ("--help",), ("sources",)]
)
def test_a_closed_pipe_ends_quietly(default_store: Path, words: tuple[str, ...]) -> None:
    process = subprocess.Popen(
        [*COMMAND, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(default_store),
    )
    assert process.stdout
    assert process.stderr
    process.stdout.close()  # before it has written, as `| true` does
    said = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(timeout=60) == 0
    assert [line for line in said.splitlines() if not line.startswith("As of ")] == []


def _interrupted(words: list[str], store: Path, after: float) -> Done:
    process = subprocess.Popen(
        [*COMMAND, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(store),
    )
    time.sleep(after)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    return Done(process.returncode, out.decode(), err.decode())


def test_ctrl_c_ends_a_long_query_quietly(small_store: Path) -> None:
    done = _interrupted(["sparql", ENDLESS], small_store, after=1.5)
    assert (done.code, done.out, done.err) == (130, "", "")


def test_ctrl_c_while_reading_stdin_is_quiet(small_store: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "sparql", "-"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(small_store),
    )
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 130
    assert process.stderr
    assert process.stdin
    assert process.stderr.read() == b""
    process.stdin.close()
    process.stderr.close()


@pytest.mark.parametrize("where", ["typer", "before"])
def test_a_file_that_was_cut_off_is_not_taken_for_ctrl_c(
    where: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Python raises EOFError for a cut-off .pyc, and Typer makes of it what Ctrl-C would be."""
    import geoties.cli as cli

    def cut_off() -> object:
        if where == "before":
            raise EOFError("marshal data too short")
        app = typer.Typer()

        @app.command()
        def read() -> None:
            raise EOFError("marshal data too short")

        return app(args=[], standalone_mode=False)

    monkeypatch.setattr(cli, "_run", cut_off)
    with pytest.raises(SystemExit) as stop:
        cli.main()
    told = capsys.readouterr().err.strip()
    assert stop.value.code == 1
    assert told.startswith("geoties: Something ended before it was whole")
