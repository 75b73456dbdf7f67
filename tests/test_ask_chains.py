"""Chains of ties that hold at one time, the tight before the loose; timelines; disagreements."""

from __future__ import annotations

from typing import Any

import networkx
import pytest
from links_world import World

from geoties.graph.model import UserError
from geoties.graph.store import Value
from geoties.queries.chains import chain_graph, chains, neighbours, paths
from geoties.queries.conflicts import conflicts
from geoties.queries.history import history

Rows = list[dict[str, Value]]


def ask(world: World, x: str, y: str, **more: Any) -> Rows:
    return chains(world.graph(), x, y, **more).dicts()


def steps(rows: Rows, chain: int = 1) -> list[tuple[Value, ...]]:
    return [(r["from"], r["via"], r["to"]) for r in rows if r["chain"] == chain]


def test_an_agreement_of_two_beats_a_wide_body(world: World) -> None:
    rows = ask(world, "CHL", "CHN", k=3)
    assert steps(rows, 1) == [("CHL", "CHL-CHN", "CHN")]
    costs = [row["cost"] for row in rows if row["step"] == 1]
    assert costs == sorted(costs, key=lambda cost: float(cost or 0))
    assert costs[0] == 1.0


def test_a_chain_by_the_same_states_counts_once(world: World) -> None:
    found = ask(world, "CHL", "CHN", k=9)
    stops: dict[Value, list[Value]] = {}
    for row in found:
        stops.setdefault(row["chain"], []).append(row["to"])
    by_others = [tuple(to) for to in stops.values() if len(to) > 1]
    assert by_others
    assert len(by_others) == len(set(by_others))


def test_every_step_is_told_with_its_source(world: World) -> None:
    row = ask(world, "CHL", "CHN", k=1)[0]
    assert row["sentence"] == (
        "Agreement CHL-CHN is in force between Chile and China, from 2006-10-01."
    )
    assert row["source"] == "curated"


def test_a_chain_runs_through_a_bloc_by_the_membership(world: World) -> None:
    rows = ask(world, "FRA", "CHL", k=1)
    assert steps(rows) == [("FRA", "", "EU"), ("EU", "CHL-EU", "CHL")]
    assert rows[0]["sentence"] == "France is a member of European Union, from 1958-01-01."


def test_an_ended_tie_never_appears(world: World) -> None:
    assert not [row for row in ask(world, "PAN", "CHN", k=9) if row["via"] == "BRI"]
    rows = ask(world, "PAN", "CHN", on="2018-01-01", k=9)
    assert [row for row in rows if row["via"] == "BRI"]


def test_before_a_tie_began_it_is_no_step(world: World) -> None:
    rows = ask(world, "CHL", "CHN", on="2006-09-30", k=9)
    assert "CHL-CHN" not in [row["via"] for row in rows]


def test_parties_that_are_not_yet_in_it_for_each_other(world: World) -> None:
    assert ask(world, "GBR", "MEX", kinds=["agreement-party"], k=9) == []
    assert steps(ask(world, "GBR", "JPN", k=1)) == [("GBR", "CPTPP", "JPN")]


def test_an_accession_is_no_way_of_its_own(world: World) -> None:
    rows = ask(world, "GBR", "JPN", k=5)
    assert {row["via"] for row in rows} <= {"CPTPP", ""}


def test_avoid_and_via(world: World) -> None:
    rows = ask(world, "CHL", "CHN", k=1, avoid=["CHL-CHN"])
    assert steps(rows) != [("CHL", "CHL-CHN", "CHN")]
    rows = ask(world, "CHL", "CHN", k=1, via="PER")
    assert "PER" in [row["to"] for row in rows]


def test_no_chain_is_an_empty_answer(world: World) -> None:
    assert ask(world, "USA", "PER") == []


@pytest.mark.parametrize(
    ("ends", "more", "told"),
    [
        (("PER", "PER"), {}, "are the same"),
        (("PER", "CHN"), {"k": 0}, "1 or more"),
        (("PER", "CHN"), {"avoid": ["PER"]}, "cannot avoid"),
        (("PER", "CHN"), {"kinds": ["goods-trade"]}, "lasting ties"),
        (("PER", "CHN"), {"kinds": ["trade"]}, "no kind of tie"),
        (("PER", "Chyna"), {}, "did you mean China"),
    ],
)
def test_bad_input(world: World, ends: tuple[str, str], more: dict[str, Any], told: str) -> None:
    with pytest.raises(UserError, match=told):
        ask(world, *ends, **more)


def test_the_graph_is_a_networkx_graph(world: World) -> None:
    network = chain_graph(world.graph(), "2026-02-01")
    edge = network.edges["state/PER", "agreement/PER-CHN"]
    assert edge["cost"] == 0.5
    assert all(tie.startswith("tie/agreement-party/") for tie in edge["ties"])


def test_chains_are_networkx_paths(world: World) -> None:
    network = chain_graph(world.graph(), "2026-02-01")
    found = paths(world.graph(), "CHL", "CHN", k=3)
    assert found[0] == ["state/CHL", "agreement/CHL-CHN", "state/CHN"]
    assert all(networkx.is_path(network, path) for path in found)
    cheapest = networkx.shortest_path(network, "state/CHL", "state/CHN", weight="cost")
    assert cheapest == found[0]


def test_neighbours_come_in_pages(world: World) -> None:
    whole = neighbours(world.graph(), "CHN", size=100).rows
    pages = [neighbours(world.graph(), "CHN", page=page, size=2).rows for page in (1, 2, 3, 99)]
    assert whole[:6] == [row for page in pages[:3] for row in page]
    assert pages[3] == []
    with pytest.raises(UserError):
        neighbours(world.graph(), "CHN", page=0)


def test_a_relation_as_a_timeline(world: World) -> None:
    rows = history(world.graph(), "PER", "CHN").dicts()
    told = [(row["date"], row["change"], row["kind"], row["via"]) for row in rows]
    assert told[0] == ("1971-11-02", "began", "diplomatic-relation", "")
    assert ("1998-11-15", "began", "membership", "APEC") in told
    assert ("2009-04-28", "happened", "signature", "PER-CHN") in told
    assert ("2010-03-01", "began", "agreement-party", "PER-CHN") in told
    assert ("2011", "happened", "project-finance", "port") in told
    assert ("2016-11-18", "happened", "visit", "") in told
    assert ("2019", "first year", "goods-trade", "") in told
    assert [row[0] for row in told] == sorted(str(row[0]) for row in told)


def test_a_timeline_tells_of_ends_and_can_be_cut(world: World) -> None:
    rows = history(world.graph(), "PAN", "CHN").dicts()
    assert [(r["date"], r["change"]) for r in rows if r["via"] == "BRI"] == [
        ("2017-11-17", "began"),
        ("2025-02", "ended"),
    ]
    rows = history(world.graph(), "PAN", "CHN", since="2018", kinds=["membership"]).dicts()
    assert [(r["date"], r["change"]) for r in rows] == [("2025-02", "ended")]
    rows = history(world.graph(), "PAN", "CHN", until="2018-01-01").dicts()
    assert "ended" not in [row["change"] for row in rows]


def test_sources_that_agree_and_disagree(world: World) -> None:
    assert conflicts(world.graph(), "PAN").rows == []
    rows = conflicts(world.graph(), "PER", agreed=True).dicts()
    apec = next(row for row in rows if row["to"] == "APEC")
    assert (apec["finding"], apec["sources"]) == ("corroborated by 2", 2)
    assert "cow: 1998 to (seen until 2014-12-31)" in str(apec["claims"])
    rows = conflicts(world.graph(), "MEX").dicts()
    assert [(row["finding"], row["to"]) for row in rows] == [("disputed: start", "CPTPP")]
