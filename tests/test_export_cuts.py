"""A cut keeps what a focus, a date and kinds ask for, with all that the kept ties speak of."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from export_samples import BUILD, DAY, frames_of, parsed, world

from geoties.graph.exports.cut import Cut, Selection
from geoties.graph.exports.export import export
from geoties.graph.frames import Frames
from geoties.graph.model import BASE, UserError
from geoties.ontology.kinds import properties


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> Frames:
    return frames_of(world(), tmp_path_factory.mktemp("columns") / "frames")


def cut(
    frames: Frames, *, on: str = "", focus: tuple[str, ...] = (), kinds: tuple[str, ...] = ()
) -> Cut:
    return Cut(frames, Selection(DAY, on=on, focus=focus, kinds=kinds), tables=True)


def ids(found: pl.DataFrame) -> set[str]:
    return set(found["id"])


def test_without_a_cut_everything_is_there(frames: Frames) -> None:
    whole = cut(frames)
    assert ids(whole.entities()) == ids(frames.entities())
    assert whole.tie_kinds() == frames.tie_kinds()
    assert list(whole.left_out()) == []
    for kind in frames.tie_kinds():
        assert whole.ties(kind).equals(frames.ties(kind))


def test_a_focus_keeps_the_ties_that_touch_it_with_ends_bodies_and_sources(frames: Frames) -> None:
    alone = cut(frames, focus=("state/XXA",))
    touched = {"state/XXA", "state/CHN", "body/APEC", "source/x-1", "source/y-2"}
    assert ids(alone.entities()) == touched | {"region/419"}, "the region is a scope of coverage"
    assert set(alone.ties("goods-trade")["to"]) == {"state/XXA"}
    assert alone.ties("recognition").is_empty()
    assert alone.observations().is_empty()


def test_a_focus_can_be_what_a_tie_runs_through(frames: Frames) -> None:
    through = cut(frames, focus=("agreement/A-1",))
    assert ids(through.ties("not-yet-in-force")) != set()
    assert "agreement/A" in ids(through.entities()), "what it amends comes with it"


def test_a_cut_refers_to_nothing_that_it_does_not_hold(frames: Frames) -> None:
    references = [name for name, item in properties().items() if item.datatype == "object"]
    for focus in ("state/PER", "state/XXA", "agreement/A-1", "territory/é:b"):
        part = cut(frames, focus=(focus,))
        known = ids(part.entities())
        for kind in part.tie_kinds():
            ties = part.ties(kind)
            for column in ("from", "to", "via", "source"):
                assert set(ties[column]) - {""} <= known
        for text in part.entities()["properties"]:
            told = json.loads(text)
            meant = [told[name] for name in references if name in told]
            assert {i for m in meant for i in (m if isinstance(m, list) else [m])} <= known
        scopes = part.coverage().select("from_scope", "to_scope", "via_scope")
        assert {s for column in scopes for s in column} - {""} <= known


def test_a_date_keeps_what_is_or_may_be_in_force_and_says_how_many_may_be(
    frames: Frames,
) -> None:
    then = cut(frames, on="2010-01-01")
    seats = set(then.ties("membership")["record"])
    assert seats == {"full membership", "observer", "seen until 2015", "no start"}
    assert then.doubtful() == 1
    later = cut(frames, on="2020-01-01")
    assert later.doubtful() == 3
    assert set(cut(frames, on="1995-01-01").ties("membership")["record"]) == {
        "old",
        "observer",
        "seen until 2015",
        "no start",
    }


def test_a_date_takes_the_latest_year_up_to_it(frames: Frames) -> None:
    assert set(cut(frames, on="2021-06-30").ties("goods-trade")["year"]) == {2021}
    assert set(cut(frames, on="2020-12-31").ties("goods-trade")["year"]) == {2020}
    assert cut(frames, on="2018-12-31").ties("goods-trade").is_empty()
    gdp = cut(frames, on="2020-12-31").observations()
    assert gdp.select("entity", "year").rows() == [("state/PER", 2019)]


def test_a_date_leaves_events_out_unless_they_are_named(frames: Frames) -> None:
    then = cut(frames, on="2024-06-01")
    assert "visit" not in then.tie_kinds()
    assert any("visit" in line for line in then.left_out())
    named = cut(frames, on="2024-06-01", kinds=("visit",))
    assert named.ties("visit").height == frames.ties("visit").height
    assert cut(frames, on="1999-01-01", kinds=("visit",)).ties("visit").is_empty()


def test_kinds_keep_only_those_ties_and_no_numbers(frames: Frames) -> None:
    seats = cut(frames, kinds=("membership",))
    assert seats.tie_kinds() == ["membership"]
    assert seats.observations().is_empty()
    assert seats.coverage().is_empty()
    assert any("numbers" in line for line in seats.left_out())
    assert "agreement/A" not in ids(seats.entities())


def test_turtle_of_a_cut_holds_its_ties_only(frames: Frames, tmp_path: Path) -> None:
    path = tmp_path / "cut.ttl"
    report = export(path, frames, focus=("state/PER",), on="2020-12-31", **BUILD)
    default, _ = parsed(path)
    flows = {s for s, p, value in default if p.endswith("type>") and "GoodsTrade" in value}
    assert flows == {f"<{BASE}tie/goods-trade/x-1/full%20goods-trade>"}
    assert report.counts["triples"] == len(default)
    assert "# Cut: focus state/PER.\n" in path.read_text(encoding="utf-8")
    assert not any("state/XXA" in subject for subject, _, _ in default)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"on": "2023-13-01"}, "2023-13-01"),
        ({"on": "2023"}, "2023-12-31"),
        ({"kinds": ("friendship",)}, "goods-trade"),
        ({"focus": ("state/ATLANTIS",)}, "state/ATLANTIS"),
    ],
)
def test_what_there_is_not_is_told_in_one_sentence(
    asked: dict[str, str], told: str, frames: Frames, tmp_path: Path
) -> None:
    for suffix in (".ttl", ".graphml", ".csv"):
        with pytest.raises(UserError, match=told):
            export(tmp_path / f"x{suffix}", frames, **asked, **BUILD)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []
