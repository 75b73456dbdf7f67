"""Yes, no or unknown: no only where somebody would know."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from links_world import DAY, World, make_world

from geoties.graph.model import UserError
from geoties.graph.store import open_store
from geoties.queries.asking import QuickNames
from geoties.queries.coverage import Covered, judge
from geoties.queries.truth import COLUMNS, Verdict, is_tied


def ask(world: World, question: str, on: str = "") -> Verdict:
    x, relation, y = question.split()
    return is_tied(
        world.store,
        x,
        relation,
        y,
        graph_date=DAY,
        names=world.names,
        on=on,
        frames_path=world.folder / "frames",
    )


@pytest.mark.parametrize(
    ("question", "on", "answer", "basis"),
    [
        ("PER in APEC", "", "yes", "in force"),
        ("PER in APEC", "1990-01-01", "no", "none in curated, 1989-2026, complete"),
        ("PER in APEC", "1980-01-01", "unknown", "no source covers it"),
        ("PER in APEC", "1998-11-14", "no", "none in curated"),
        ("BRA in APEC", "", "no", "observer, which makes no member"),
        ("PER in BRI", "2019-06-01", "unknown", "imprecise: began in 2019"),
        ("PAN in BRI", "2025-02-10", "unknown", "imprecise: ended in 2025-02"),
        (
            "PAN in BRI",
            "2025-06-01",
            "unknown",
            "ended in 2025-02, says curated; covered only in part",
        ),
        ("USA in G20", "", "unknown", "not observed after 2014-12-31"),
        ("VEN in MERCOSUR", "2014-01-01", "yes", "in force"),
        ("VEN in MERCOSUR", "2018-01-01", "unknown", "suspended, which makes no member"),
        ("FRA in CHL-EU", "", "yes", "in force"),
        ("GBR in CHL-EU", "2022-01-01", "unknown", "no source covers it"),
        ("DEU sanction VEN", "", "yes", "in force"),
        ("PER goods-trade CHN", "2023-05-01", "yes", "reported for 2023"),
        ("PER goods-trade CHN", "2021-05-01", "unknown", "no source covers it"),
        ("CHL goods-trade CHN", "2023-05-01", "no", "none in baci-new, 2022-2023, complete"),
        ("JPN goods-trade BRA", "2023-05-01", "unknown", "not known: baci-new"),
        ("JPN goods-trade BRA", "2022-05-01", "no", "none in baci-new"),
        ("CHN visit PER", "", "yes", "dated 2016-11-18"),
        ("CHN visit PER", "2015-01-01", "unknown", "no source covers it"),
        ("CHN diplomatic-relation PER", "", "yes", "in force"),
        ("PER membership CHN", "", "yes", "in force (Asia-Pacific Economic Cooperation)"),
        ("GBR agreement-party JPN", "", "yes", "in force (Agreement CPTPP)"),
        ("GBR agreement-party MEX", "", "unknown", "no source covers it"),
        ("PER vote-agreement CHL", "", "unknown", "not kept for this pair; `geoties measure"),
    ],
)
def test_answers(world: World, question: str, on: str, answer: str, basis: str) -> None:
    verdict = ask(world, question, on)
    assert verdict.answer == answer
    assert verdict.basis.startswith(basis)
    assert verdict.sentence.startswith(answer.capitalize())


def test_a_small_flow_is_found_in_the_columns(world: World) -> None:
    verdict = ask(world, "BRA goods-trade PAN", "2023-01-01")
    assert (verdict.answer, verdict.basis) == ("yes", "reported for 2023")
    row = verdict.table().dicts()[0]
    assert (row["value"], row["unit"], row["sources"]) == (250000, "USD", "baci-new")


def test_the_table_names_what_it_rests_on(world: World) -> None:
    table = ask(world, "FRA in CHL-EU").table()
    assert table.columns == COLUMNS
    row = table.dicts()[0]
    assert (row["answer"], row["via"], row["start"]) == ("yes", "EU", "2003-02-01")
    assert row["sources"] == "curated"


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("PER in CHN", "is no body or agreement"),
        ("PER member-of APEC", "no relation 'member-of'"),
        ("PER in APAC", "did you mean"),
    ],
)
def test_bad_questions(world: World, question: str, told: str) -> None:
    with pytest.raises(UserError, match=told):
        ask(world, question)


def test_unknown_coverage_overrides_complete() -> None:
    whole = Covered("source/a", "complete", first=2000, last=2020)
    gap = Covered("source/a", "unknown", "state/PER", note="nobody reported")
    assert judge([whole])[0] == "no"
    assert judge([whole, gap]) == ("unknown", "not known: a, all years, unknown (nobody reported)")
    own = Covered("source/own", "complete")
    assert judge([gap, own]) == ("no", "none in own, all years, complete")


def test_a_claim_about_everything_counts_only_for_bodies_that_its_source_knows() -> None:
    whole = Covered("source/a", "complete", first=2000, last=2020)
    assert judge([whole], knows=["source/b"])[0] == "unknown"
    assert judge([whole], knows=["source/a"])[0] == "no"
    assert judge([Covered("source/a", "complete", to="body/X")], knows=[])[0] == "no"


def test_what_one_is_in_is_a_body_before_it_is_a_state(tmp_path: Path) -> None:
    """CAF is the Central African Republic's code, and what everybody calls a bank."""
    folder = shutil.copytree(make_world(tmp_path / "world").folder, tmp_path / "again")
    with (folder / "names.csv").open("a", encoding="utf-8") as stream:
        stream.write("body/APEC,body,CHL,common,,,chl\n")
    names = QuickNames(folder / "names.csv")
    store = open_store(folder / "store")
    verdict = is_tied(store, "CHL", "in", "CHL", graph_date=DAY, names=names)
    assert (verdict.answer, verdict.from_, verdict.to) == ("yes", "state/CHL", "body/APEC")
    verdict = is_tied(store, "PER", "recognition", "CHL", graph_date=DAY, names=names)
    assert verdict.to == "state/CHL"


def test_all_sources_that_say_so_are_told(world: World) -> None:
    row = ask(world, "PER in APEC", "2010-01-01").table().dicts()[0]
    assert (row["sources"], row["claims"]) == ("cow; curated", "corroborated by 2 (curated, cow)")
    assert str(row["sentence"]).endswith("in force; corroborated by 2 (curated, cow).")
