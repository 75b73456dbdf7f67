"""What two entities shared in the past, and claims that stand beside each other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from geoties.graph.model import Entity, Tables, Tie
from geoties.graph.store import bulk_load, open_store
from geoties.graph.triples import write_graph
from geoties.ontology.kinds import kinds
from geoties.queries.facts import Fact
from geoties.queries.shared import Ledger, shared
from geoties.queries.spells import superseded


def test_members_of_a_bloc_were_on_one_side_of_its_agreements_while_they_were_in(
    tmp_path: Path,
) -> None:
    states = [Entity(f"state/{code}", "state", {"en": code}) for code in ("GBR", "CHL")]
    others = [Entity("body/EU", "bloc", {"en": "EU"}), Entity("agreement/A", "agreement")]

    def party(who: str, source: str) -> Tie:
        ends = (who, "agreement/A", f"source/{source}", f"{source}-{who[-3:]}")
        return Tie("agreement-party", *ends, start="2003-02-01", start_precision="day")

    member = Tie(
        "membership", "state/GBR", "body/EU", "source/a", "EU-GBR", role="member",
        start="1973-01-01", start_precision="day", end="2020-02-01", end_precision="day",
    )  # fmt: skip
    claims = [party(who, source) for who in ("body/EU", "state/CHL") for source in "ab"]
    store = store_of(tmp_path, Tables.of([*states, *others], [member, *claims]))
    kind = kinds()["agreement-party"]
    ledger = Ledger(store, "2026-02-01")
    assert list(shared(ledger, "state/GBR", "body/EU", kind)) == []
    (past,) = shared(ledger, "state/GBR", "state/CHL", kind)
    assert past.best.end == "2020-02-01"


def test_two_ties_of_one_source_do_not_end_each_other() -> None:
    technology = kinds()["technology"]
    ends = ("state/CHN", "state/VEN", "source/a")
    first = Fact("tie/technology/a/1", technology, *ends, start="2008-10-29", end="2020-03-31")
    second = Fact("tie/technology/a/2", technology, *ends, start="2017", observed_to="2017-12-31")
    assert not superseded(second, [first, second])
    assert superseded(second, [replace(first, source="source/b"), second])


def store_of(folder: Path, tables: Tables) -> ox.Store:
    """A store of a few entities and ties."""
    args = (tables.entities, tables.ties, tables.observations, tables.coverage)
    files, _ = write_graph(*args, folder, "2026-02-01")
    bulk_load(folder / "store", files)
    return open_store(folder / "store")
