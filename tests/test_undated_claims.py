"""Claims without dates: not before the signature, and nothing beside a claim that has a start."""

from __future__ import annotations

from pathlib import Path

import pytest
from links_world import COW, DAY, World, _member, _party, make_world

from geoties.graph.frames import Frames
from geoties.graph.measures.holdings import unknown_on
from geoties.graph.store import Value
from geoties.queries import library
from geoties.queries.links import links
from geoties.queries.truth import is_tied

UNSIGNED, SIGNED, LATER = "2018-03-07", "2018-03-08", "2019-06-30"


@pytest.fixture(scope="module")
def vague(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Chile and France in the CPTPP since nobody knows when; Japan and APEC from two sources."""
    extra = [_party(who, "CPTPP", "", source=COW) for who in ("CHL", "FRA", "JPN")]
    extra.append(_member("CHL", "APEC", "", source=COW))
    extra.append(_party("MEX", "CHL-CHN", "2006-10-01"))
    return make_world(tmp_path_factory.mktemp("vague"), extra)


def _ask(world: World, name: str, **parameters: str) -> list[dict[str, Value]]:
    return library.run_query(
        name,
        parameters,
        store=world.store,
        frames_path=world.folder / "frames",
        names=world.names,
        graph_date=DAY,
    ).dicts()


def _told(world: World, x: str, y: str, day: str) -> list[str]:
    """What links two in the CPTPP, by every way to ask."""
    rows = _ask(world, "links-between", x=x, y=y, on=day)
    asked = {str(row["basis"]) for row in rows if row["via"] == "CPTPP"}
    rows = links(world.store, x, y, graph_date=DAY, names=world.names, on=day).dicts()
    assert asked == {str(row["basis"]) for row in rows if row["via"] == "CPTPP"}, (x, y, day)
    return sorted(asked)


@pytest.mark.parametrize(
    ("ends", "day", "told"),
    [
        ("CHL FRA", UNSIGNED, []),
        ("CHL FRA", SIGNED, ["start unknown"]),
        ("CHL FRA", DAY, ["in force"]),
        ("CHL JPN", UNSIGNED, []),
        ("CHL JPN", "2018-12-29", []),
        ("CHL JPN", "2018-12-30", ["start unknown"]),
        ("JPN MEX", "2018-12-29", []),
        ("JPN MEX", LATER, ["in force"]),
    ],
)
def test_what_an_undated_claim_links(vague: World, ends: str, day: str, told: list[str]) -> None:
    x, y = ends.split()
    assert _told(vague, x, y, day) == told


@pytest.mark.parametrize(
    ("question", "day", "answer"),
    [
        ("CHL CPTPP", SIGNED, "unknown"),
        ("CHL CPTPP", DAY, "yes"),
        ("JPN CPTPP", "2018-12-30", "yes"),
        ("CHL APEC", "1994-11-10", "no"),
        ("CHL APEC", "1994-11-11", "yes"),
    ],
)
def test_whether_one_is_in_it(vague: World, question: str, day: str, answer: str) -> None:
    x, y = question.split()
    verdict = is_tied(vague.store, x, "in", y, graph_date=DAY, names=vague.names, on=day)
    assert verdict.answer == answer, verdict.basis


def test_before_the_signature_no_claim_speaks(vague: World) -> None:
    verdict = is_tied(
        vague.store, "CHL", "in", "CPTPP", graph_date=DAY, names=vague.names, on=UNSIGNED
    )
    assert "start unknown" not in verdict.basis
    rows = links(vague.store, "CHL", "CPTPP", graph_date=DAY, names=vague.names, on=UNSIGNED)
    assert rows.dicts() == []


@pytest.mark.parametrize("day", [UNSIGNED, "1990-01-01"])
def test_the_columns_say_the_same(vague: World, day: str) -> None:
    frames = Frames(vague.folder / "frames")
    unsure = unknown_on(frames, "agreement-party", day).filter(item="agreement/CPTPP")
    assert unsure.is_empty()
    assert unknown_on(frames, "agreement-party", SIGNED).filter(item="agreement/CPTPP").height == 2


def test_an_undated_membership_says_nothing_beside_a_dated_one(vague: World) -> None:
    day = "1994-11-10"
    assert "APEC" not in _items(_ask(vague, "profile", entity="CHL", on=day))
    assert "CHL" not in _items(_ask(vague, "profile", entity="APEC", on=day))
    assert "CHL" not in _items(_ask(vague, "members-of-body", body="APEC", on=day), "state")
    both = _ask(vague, "shared-and-lacking", x="CHL", y="CHN", on=day)
    assert [row["held_by"] for row in both if row["what"] == "APEC"] == ["second only"]
    later = _ask(vague, "shared-and-lacking", x="CHL", y="CHN", on="1994-11-11")
    assert [row["start"] for row in later if row["what"] == "APEC"] == ["1994-11-11"]
    assert _ask(vague, "in-both-bodies", first="APEC", second="BRI", on=day) == []
    rows = links(vague.store, "CHL", graph_date=DAY, names=vague.names, on=day).dicts()
    assert "APEC" not in _items(rows, "to")


def test_parties_of_an_agreement_are_a_group_only_once_it_is_signed(vague: World) -> None:
    asked = {"ours": "CPTPP", "theirs": "MEX"}
    assert _ask(vague, "agreements-between", **asked, on=UNSIGNED) == []
    after = _ask(vague, "agreements-between", **asked, on=SIGNED)
    assert [(row["one"], row["agreement"]) for row in after] == [("CHL", "CHL-CHN")]
    assert [row["basis"] for row in after] == ["start unknown"]


def test_agreements_of_two_groups_respect_the_date_of_the_other_party(vague: World) -> None:
    asked = {"ours": "CHL", "theirs": "MEX"}
    before = _ask(vague, "agreements-between", **asked, on="2018-12-29")
    assert [row["agreement"] for row in before] == ["CHL-CHN"]
    after = {
        row["agreement"]: row["basis"]
        for row in _ask(vague, "agreements-between", **asked, on=LATER)
    }
    assert after == {"CHL-CHN": "in force", "CPTPP": "start unknown"}


def test_a_claim_of_the_group_yields_as_well(tmp_path: Path) -> None:
    """Mexico's own date is known; that of the bloc, of which it is one, is not."""
    world = make_world(tmp_path, extra=(
        _party("MERCOSUR", "CPTPP", "", source=COW),
        _member("MEX", "MERCOSUR", "1995-01-01"),
        _party("CHN", "CPTPP", "2018-03-08"),
    ))  # fmt: skip
    assert _told(world, "MEX", "CHN", "2018-12-29") == []
    assert _told(world, "MEX", "CHN", LATER) == ["in force"]


def _items(rows: list[dict[str, Value]], column: str = "item") -> set[str]:
    return {str(row[column]) for row in rows}


def _between(world: World, x: str, y: str, day: str) -> dict[str, str]:
    """What links two, and since when, by the question and in Python alike."""
    asked = _ask(world, "links-between", x=x, y=y, on=day)
    found = links(world.store, x, y, graph_date=DAY, names=world.names, on=day).dicts()
    told = [{str(r["via"]): str(r["start"] or "") for r in rows} for rows in (asked, found)]
    assert told[0] == told[1]
    return told[0]


def test_a_claim_last_observed_long_ago_yields_to_a_later_end(tmp_path: Path) -> None:
    vague = _member("GBR", "EU", "1973", source=COW, observed_to="2014-12-31")
    world = make_world(tmp_path, [vague])
    assert "CHL-EU" in _between(world, "GBR", "CHL", "2019-06-30")
    assert "CHL-EU" not in _between(world, "GBR", "CHL", "2022-06-30")
    assert "EU" not in _between(world, "GBR", "DEU", "2022-06-30")


def test_a_year_is_no_sooner_than_a_day_in_it(tmp_path: Path) -> None:
    """Peru joined in 1998 by one source, on 15 November by another; Japan in its February."""
    world = make_world(tmp_path, [_member("JPN", "APEC", "1998-02-01")])
    assert _between(world, "PER", "JPN", "2010-06-30")["APEC"] == "1998-11-15"
