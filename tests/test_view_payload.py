"""What the page knows: the cut, the series, the dated rows, the scores, in a plain dict."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from view_samples import make_frames

from geoties.graph.frames import Frames
from geoties.graph.measures.registry import compute
from geoties.graph.model import UserError
from geoties.graph.views.cut import make_cut
from geoties.graph.views.payload import Options, make_payload


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> Frames:
    return make_frames(tmp_path_factory.mktemp("world") / "frames")


@pytest.fixture(scope="module")
def payload(frames: Frames) -> dict[str, Any]:
    return make_payload(frames, Options())


def number(payload: dict[str, Any], code: str) -> int:
    return [node["id"] for node in payload["nodes"]].index(code)


def flow(payload: dict[str, Any], a: str, b: str, year: int) -> float | None:
    pair = (number(payload, a), number(payload, b))
    for part in payload["series"]:
        if part["kind"] == "goods-trade" and year in part["years"]:
            pairs = list(zip(part["pairs"][::2], part["pairs"][1::2], strict=True))
            if pair in pairs:
                values = part["values"][part["years"].index(year)]
                return float(values[pairs.index(pair)] * part["scale"])
    return None


def score(payload: dict[str, Any], id: str) -> dict[str, Any]:
    return next(item for item in payload["scores"] if item["id"] == id)


def test_columns_hold_their_regions(payload: dict[str, Any]) -> None:
    columns = [[] for _ in payload["columns"]]  # type: list[list[str]]
    for node in payload["nodes"]:
        columns[node["column"]].append(node["id"])
    assert columns == [["CHN", "KOR", "TWN"], ["BRA", "CHL", "PER"], ["DEU", "FRA", "USA"]]


def test_the_middle_takes_the_most_populous_and_the_sides_their_partners(frames: Frames) -> None:
    cut = make_cut(frames, size=1)
    assert [short.split("/")[1] for short in cut.ids] == ["CHN", "BRA", "USA"]


def test_poles_are_there_even_outside_the_regions(frames: Frames) -> None:
    cut = make_cut(frames, ("latin-america",))
    assert [column.id for column in cut.columns] == ["CHN", "latin-america", "USA"]
    assert cut.columns[cut.middle].id == "latin-america"
    assert cut.columns[2].members == ("state/USA",), "no heading of a region stands over it"
    assert cut.columns[2].labels["en"] == "United States"
    inside = make_cut(frames, ("asia-pacific", "latin-america"))
    assert [column.id for column in inside.columns] == ["asia-pacific", "latin-america", "USA"]


def test_focus_makes_the_middle(frames: Frames) -> None:
    cut = make_cut(frames, focus=("state/PER", "state/DEU"))
    assert cut.columns[1].members == ("state/DEU", "state/PER")
    assert "state/DEU" not in cut.columns[2].members
    some = make_cut(frames, focus=("state/PER", "state/CHL")).columns[1]
    assert some.id == "focus", "two of its countries are not Latin America"


def test_a_body_as_focus_means_its_members(frames: Frames) -> None:
    cut = make_cut(frames, focus=("body/EU",))
    assert cut.columns[1].members == ("state/DEU", "state/FRA")
    assert cut.columns[1].labels["es"] == "Unión Europea"
    assert cut.columns[1].group
    parties = make_cut(frames, focus=("agreement/EU-CHL",)).columns[1].members
    assert parties == ("state/CHL", "state/DEU", "state/FRA")


def test_values_are_exact_in_a_small_cut(payload: dict[str, Any]) -> None:
    assert flow(payload, "CHL", "CHN", 2023) == 39 * 13 * 1e8
    assert flow(payload, "CHL", "CHN", 2021) is None


def test_a_year_without_flows_stays_in_the_slider(payload: dict[str, Any]) -> None:
    assert payload["years"] == [2019, 2020, 2021, 2022, 2023, 2024]
    years = {year for part in payload["series"] for year in part["years"]}
    assert 2021 not in years


def test_the_page_opens_with_the_last_year_of_trade(payload: dict[str, Any]) -> None:
    assert payload["options"]["year"] == 2023


def test_gaps_are_told_apart_from_nothing_reported(payload: dict[str, Any]) -> None:
    gap = [number(payload, "KOR"), number(payload, "CHL"), 2023, 2023]
    assert gap in payload["gaps"]["goods-trade"]
    assert payload["covered"]["goods-trade"] == [2019, 2020, 2022, 2023]


def test_totals_are_of_the_whole_world(frames: Frames) -> None:
    narrow = make_payload(frames, Options(size=1))
    brazil = narrow["totals"]["goods-trade"]["2020"][number(narrow, "BRA")]
    assert brazil == (90 + 50 + 30 + 35 + 2 + 1 + 9) * 1e9


def test_a_bloc_is_party_for_its_members(payload: dict[str, Any]) -> None:
    ids = [entity["id"] for entity in payload["entities"]]
    agreement, bloc = ids.index("agreement/EU-CHL"), ids.index("body/EU")
    rows = [row for row in payload["parties"]["agreement-party"] if row[1] == agreement]
    found = {(payload["nodes"][row[0]]["id"], row[2], row[4]) for row in rows}
    assert found == {
        ("CHL", -1, "2003-02-01"), ("DEU", bloc, "2003-02-01"), ("FRA", bloc, "2003-02-01"),
    }  # fmt: skip


def test_a_protocol_counts_with_what_it_amends(payload: dict[str, Any]) -> None:
    ids = [entity["id"] for entity in payload["entities"]]
    protocol = payload["entities"][ids.index("agreement/CHL-CHN-2")]
    assert protocol["root"] == ids.index("agreement/CHL-CHN")


def test_pairs_not_yet_in_force_are_excluded(payload: dict[str, Any]) -> None:
    pairs = {
        frozenset(payload["nodes"][end]["id"] for end in row[:2]) for row in payload["excluded"]
    }
    assert pairs == {frozenset({"PER", "KOR"})}


def test_scores_are_those_of_the_measures(frames: Frames, payload: dict[str, Any]) -> None:
    poles = ["state/CHN", "state/USA"]
    rows = compute("balance", frames, of=["state/PER"], poles=poles, years=2023)
    shown = score(payload, "balance")["values"]["2023"][number(payload, "PER")]
    assert shown == pytest.approx(rows["value"].item(), abs=0.01)
    trade = score(payload, "trade")["values"]["2023"][number(payload, "PER")]
    assert trade == pytest.approx(100 * 17 / 47, abs=0.01)


def test_what_is_not_known_has_no_value(payload: dict[str, Any]) -> None:
    taiwan = number(payload, "TWN")
    assert score(payload, "net-alignment")["values"]["2023"][taiwan] is None
    assert "2021" not in score(payload, "trade")["values"]


def test_poles_stand_at_their_ends(payload: dict[str, Any]) -> None:
    for item in payload["scores"]:
        row = item["values"]["2023"]
        assert [row[pole] for pole in payload["poles"]] == [item["low"], item["high"]]


def test_every_number_names_its_source(payload: dict[str, Any]) -> None:
    count = len(payload["sources"])
    assert all(0 <= part["source"] < count for part in payload["series"])
    assert all(item["sources"] and max(item["sources"]) < count for item in payload["scores"])
    assert all(part["unit"] for part in payload["series"])
    rows = [row for rows in payload["parties"].values() for row in rows]
    assert all(0 <= row[9] < count for row in rows)
    assert all(source["licence"] and source["citation"] for source in payload["sources"])


def test_methods_come_with_the_scores(payload: dict[str, Any]) -> None:
    assert [method["id"] for method in payload["methods"]] == ["balance", "net-alignment"]


def test_kinds_come_with_what_the_ontology_declares(payload: dict[str, Any]) -> None:
    kinds = {kind["id"]: kind for kind in payload["kinds"]}
    assert kinds["goods-trade"]["scale"]["basis"] == "share"
    assert kinds["membership"]["scale"]["basis"] == "count"
    assert "not-yet-in-force" not in kinds
    for kind in kinds.values():
        assert set(kind["labels"]) == set(kind["sentences"]) == {"en", "es", "pt", "zh"}


def test_dependency_opens_with_what_speaks_of_dependency(frames: Frames) -> None:
    opened = make_payload(frames, Options(show="dependency"))
    assert opened["options"]["kinds"] == ["goods-trade"]
    assert opened["options"]["colour"] == "trade"


def test_the_payload_is_plain_json_and_the_same_twice(frames: Frames) -> None:
    first, second = (json.dumps(make_payload(frames, Options()), allow_nan=False) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"show": "love"}, "alignment, dependency"),
        ({"layout": "spiral"}, "pivot, lean, map"),
        ({"lang": "tlh"}, "en, es, pt, zh"),
        ({"year": 1999}, "2019 to 2024"),
        ({"regions": ("atlantis",)}, "not a region"),
        ({"regions": ()}, "at least one region"),
        ({"focus": ("state/XXX",)}, "no state, territory or region"),
        ({"poles": ("state/CHN", "state/XXX")}, "not a state"),
        ({"poles": ("state/CHN", "state/CHN")}, "two different"),
        ({"kinds": ("friendship",)}, "not a kind of tie"),
        ({"kinds": ()}, "at least one kind"),
    ],
)
def test_bad_options_are_told_in_one_sentence(
    frames: Frames, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(UserError, match=words) as told:
        make_payload(frames, Options(**options))
    assert str(told.value).count("\n") == 0


def test_an_empty_graph_is_told(tmp_path: Path) -> None:
    from geoties.graph.frames import write_frames
    from geoties.graph.model import Tables

    write_frames(tmp_path / "frames", Tables.of())
    with pytest.raises(UserError, match="pole"):
        make_payload(Frames(tmp_path / "frames"), Options())
