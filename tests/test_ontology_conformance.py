"""The built graph conforms to the shapes: all dated ties, and a sample of flows and votes."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import geoties
from ontology_samples import SOURCE, good_tables, ties

from geoties.graph.conformance import findings_of, sampled, shape_findings
from geoties.graph.frames import Frames, write_frames
from geoties.graph.model import Tables, Tie
from geoties.graph.snapshots import current
from geoties.knowledge import KnowledgeGraph


def test_a_sound_world_breaks_no_shape() -> None:
    assert findings_of(good_tables()).is_empty()


def test_each_finding_names_its_row_and_what_is_wrong() -> None:
    tables = good_tables()
    wrong = Tie(
        "membership", "state/PER", "body/APEC", SOURCE, "bad", role="member", confidence="sure"
    )
    tables.ties = Tables.of(ties=[*ties(), wrong]).ties
    (found,) = findings_of(tables).to_dicts()
    assert found["id"] == "tie/membership/x-1/bad"
    assert (found["table"], found["severity"]) == ("ties", "error")
    assert found["detail"] == "confidence is sure; Confidence is high, medium or low."


def test_all_that_the_user_brought_is_looked_at(tmp_path: Path) -> None:
    flows = [
        Tie("goods-trade", "state/PER", "state/CHN", source, str(number), year=2023, value=1.0)
        for source in ("source/mine", "source/theirs")
        for number in range(40)
    ]
    write_frames(tmp_path / "frames", Tables.of(ties=flows))
    counts = sampled(Frames(tmp_path / "frames"), ["source/mine"]).ties.group_by("source").len()
    assert dict(counts.iter_rows()) == {"source/mine": 40, "source/theirs": 25}


def test_the_command_holds_a_small_graph_against_the_shapes(small_store: Path) -> None:
    done = geoties("validate", "--shapes", "--format", "json", store=small_store)
    assert (done.code, done.json()) == (0, [])


@pytest.mark.slow
def test_the_built_graph_conforms_to_the_shapes(default_store: Path) -> None:
    found = shape_findings(current(default_store))
    assert found.is_empty(), found.head(5)


@pytest.mark.slow
def test_the_built_tables_have_no_errors(kg: KnowledgeGraph) -> None:
    found = kg.validate()
    errors = found[found["severity"] == "error"]
    assert errors.empty, errors.head(5).to_string()
