"""Which states a page shows, in which columns they stand, and over which years."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoties.graph.model import UserError, short_id
from geoties.graph.parties import parties
from geoties.graph.periods import IN_FORCE

if TYPE_CHECKING:
    from geoties.graph.frames import Frames

COLUMNS: Mapping[str, Mapping[str, Any]] = json.loads(
    (Path(__file__).parent / "data" / "columns.json").read_text(encoding="utf-8")
)
DEFAULT_COLUMNS = ("asia-pacific", "latin-america", "north-atlantic")
MIDDLE_SIZE, SIDE_SIZE = 20, 16
PLACES = ("state", "territory")
LANGUAGES = ("en", "es", "pt", "zh")
NODE_LIMIT = 500


@dataclass(frozen=True)
class Node:
    """A state or territory on the page."""

    id: str
    kind: str
    labels: Mapping[str, str]
    latitude: float | None
    longitude: float | None
    regions: tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """A group of states that stand together, named in the page's languages; `whole` if the page
    holds all that belong to it, not its largest only; `group` if they are those of a body or an
    agreement, whose name does not stand in a sentence without an article."""

    id: str
    labels: Mapping[str, str]
    members: tuple[str, ...]
    whole: bool = True
    group: bool = False


@dataclass(frozen=True)
class Cut:
    """The states of a page by id, the columns they stand in, and the two poles."""

    nodes: Mapping[str, Node]
    columns: tuple[Column, ...]
    poles: tuple[str, str]
    middle: int = 1
    index: Mapping[str, int] = field(default_factory=dict)

    @property
    def ids(self) -> list[str]:
        """The ids of the states, column by column: the order of every list in the page."""
        return [member for column in self.columns for member in column.members]


def make_cut(
    frames: Frames,
    regions: Sequence[str] = DEFAULT_COLUMNS,
    focus: Sequence[str] = (),
    poles: tuple[str, str] = ("state/CHN", "state/USA"),
    size: int | None = None,
) -> Cut:
    """Choose the states of a page.

    `regions` are the columns from left to right: names of `COLUMNS`, or region ids joined by
    `+`. The middle column takes its twenty most populous states, the others the states that
    trade most with it; a pole that none of them holds has a column of its own. `focus` (ids of
    states, of a region, or of a body or agreement for its members) takes those and no others in
    the middle; `size` sets how many states a column takes at most (0: all).
    Raises `UserError` for an unknown region or state, or when nothing is left.
    """
    places = _with_ties(frames, read_places(frames))
    columns = [_column(name, frames, places) for name in regions]
    if not columns:
        raise UserError("A page needs at least one region; give for instance `latin-america`.")
    middle = len(columns) // 2 if len(columns) > 2 else 0
    columns[middle] = _focused(columns[middle], focus, frames, places)
    columns, middle = _with_poles(_disjoint(columns, middle), middle, poles, places)
    chosen = _choose(columns, middle, frames, poles, size, keep_middle=bool(focus))
    if not any(column.members for column in chosen):
        raise UserError("The cut holds no state; widen the regions or the focus.")
    order = [member for column in chosen for member in column.members]
    if len(order) > NODE_LIMIT:
        fits = NODE_LIMIT // len(chosen)
        raise UserError(
            f"The cut holds {len(order)} states, more than {NODE_LIMIT} that a page can draw; "
            f"--size {fits} takes the {fits} largest of each column."
        )
    nodes = {member: places[member] for member in order}
    index = {member: position for position, member in enumerate(order)}
    return Cut(nodes, tuple(chosen), poles, middle, index)


def read_places(frames: Frames) -> dict[str, Node]:
    """All states and territories of the graph, by id, in order of id."""
    import polars as pl

    rows = frames.entities().filter(pl.col("kind").is_in(PLACES)).sort("id")
    return {row["id"]: _node(row) for row in rows.iter_rows(named=True)}


def _with_ties(frames: Frames, places: Mapping[str, Node]) -> dict[str, Node]:
    """All states, and those territories that trade at all: an empty island is no news."""
    flows = frames.ties("goods-trade")
    trading = set(flows["from"].unique()) | set(flows["to"].unique())
    return {id: node for id, node in places.items() if node.kind == "state" or id in trading}


def _node(row: Mapping[str, Any]) -> Node:
    labels = json.loads(row["labels"] or "{}") or {"en": short_id(row["id"])}
    properties = json.loads(row["properties"] or "{}")
    regions = properties.get("inRegion", [])
    listed = (regions,) if isinstance(regions, str) else tuple(regions)
    latitude, longitude = properties.get("latitude"), properties.get("longitude")
    return Node(row["id"], row["kind"], labels, _number(latitude), _number(longitude), listed)


def _number(value: Any) -> float | None:
    return None if value is None or value == "" else float(value)


def _column(name: str, frames: Frames, places: Mapping[str, Node]) -> Column:
    if name in COLUMNS:
        preset = COLUMNS[name]
        return Column(name, preset["labels"], _members(preset["regions"], places))
    regions = [part if "/" in part else f"region/{part}" for part in name.split("+")]
    labels = [_region_labels(region, frames) for region in regions]
    joined = {
        language: " · ".join(label.get(language, label["en"]) for label in labels)
        for language in LANGUAGES
    }
    return Column(name, joined, _members(regions, places))


def _region_labels(region: str, frames: Frames) -> dict[str, str]:
    import polars as pl

    found = frames.entities().filter((pl.col("id") == region) & (pl.col("kind") == "region"))
    if found.is_empty():
        known = ", ".join(COLUMNS)
        raise UserError(f"{region!r} is not a region; use a region id or one of {known}.")
    return _entity_labels(region, frames)


def _members(regions: Sequence[str], places: Mapping[str, Node]) -> tuple[str, ...]:
    wanted = set(regions)
    return tuple(place for place, node in places.items() if wanted & set(node.regions))


def _focused(
    column: Column, focus: Sequence[str], frames: Frames, places: Mapping[str, Node]
) -> Column:
    """The middle column with the states of the focus: themselves, a region's, or the members of
    a body or the parties to an agreement on the graph's date."""
    if not focus:
        return column
    groups = [_focus_members(item, frames, places) for item in focus]
    members = tuple(dict.fromkeys(member for group in groups for member in group))
    if len(focus) == 1 and focus[0] not in places:
        group = not focus[0].startswith("region/")
        return Column(short_id(focus[0]), _entity_labels(focus[0], frames), members, group=group)
    inside = set(members) <= set(column.members)
    return Column("focus", column.labels if inside else FOCUS_LABELS, members)


def _focus_members(item: str, frames: Frames, places: Mapping[str, Node]) -> tuple[str, ...]:
    if item in places:
        return (item,)
    if item.startswith("region/"):
        _region_labels(item, frames)
        return _members([item], places)
    found = tuple(member for member in _parties_of(item, frames) if member in places)
    if not found:
        raise UserError(
            f"{item!r} is no state, territory or region of the graph, nor a body with members."
        )
    return found


def _parties_of(item: str, frames: Frames) -> list[str]:
    """Who is a member of a body or party to an agreement on the graph's date, by id."""
    import polars as pl

    from geoties.ontology.kinds import kinds

    shared = [
        kind for kind in kinds().values() if kind.shared and item.split("/")[0] in kind.to_kinds
    ]
    shared = shared or [kinds()["membership"]]
    held = pl.concat(parties(frames, kind, graph_date(frames)) for kind in shared)
    in_force = held.filter((pl.col("item") == item) & pl.col("counts"))
    return sorted(in_force.filter(pl.col("status") == IN_FORCE)["entity"].unique().to_list())


def graph_date(frames: Frames) -> str:
    """The latest day on which any source was retrieved: what the graph speaks of."""
    import polars as pl

    rows = frames.entities().filter(pl.col("kind") == "source")["properties"].to_list()
    days = [str(json.loads(text or "{}").get("retrieved", "")) for text in rows]
    return max(days, default="")


def _entity_labels(id: str, frames: Frames) -> dict[str, str]:
    import polars as pl

    found = frames.entities().filter(pl.col("id") == id)["labels"]
    labels: dict[str, str] = json.loads(found.item() or "{}") if len(found) == 1 else {}
    return {"en": short_id(id)} | labels


FOCUS_LABELS = {"en": "In focus", "es": "En foco", "pt": "Em foco", "zh": "所选国家"}


def _disjoint(columns: Sequence[Column], middle: int) -> list[Column]:
    """Each state in one column only; the middle column picks first."""
    taken = set(columns[middle].members)
    result = []
    for position, column in enumerate(columns):
        members = column.members
        if position != middle:
            members = tuple(member for member in members if member not in taken)
            taken |= set(members)
        result.append(replace(column, members=members))
    return result


def _with_poles(
    columns: list[Column], middle: int, poles: tuple[str, str], places: Mapping[str, Node]
) -> tuple[list[Column], int]:
    """Columns of their own, on their sides, for the poles that no region holds; and the middle."""
    outside = []
    for pole in poles:
        if pole not in places:
            raise UserError(f"The pole {pole!r} is not a state or territory of the graph.")
        held = any(pole in column.members for column in columns)
        labels = {name: text for name, text in places[pole].labels.items() if name in LANGUAGES}
        outside.append([] if held else [Column(short_id(pole), labels, (pole,))])
    return [*outside[0], *columns, *outside[1]], middle + len(outside[0])


def _choose(
    columns: Sequence[Column],
    middle: int,
    frames: Frames,
    poles: tuple[str, str],
    size: int | None,
    keep_middle: bool,
) -> list[Column]:
    people = _population(frames)
    limit = _limit(size, MIDDLE_SIZE)
    core = columns[middle].members
    if not keep_middle:
        core = _largest(core, people, limit, poles)
    weights = _trade_with(frames, core) if size != 0 else {}
    chosen = []
    for position, column in enumerate(columns):
        members = core if position == middle else column.members
        if position != middle:
            members = _largest(members, weights or people, _limit(size, SIDE_SIZE), poles)
        whole = set(members) >= set(column.members)
        chosen.append(replace(column, members=tuple(sorted(members)), whole=whole))
    return chosen


def _limit(size: int | None, usual: int) -> int | None:
    return usual if size is None else size or None


def _largest(
    members: Sequence[str], weights: Mapping[str, float], limit: int | None, poles: Sequence[str]
) -> tuple[str, ...]:
    """The members with the largest weight, the poles first of all."""
    ranked = sorted(members, key=lambda id: (id not in poles, -weights.get(id, 0.0), id))
    return tuple(ranked[:limit])


def _population(frames: Frames) -> dict[str, float]:
    import polars as pl

    people = frames.observations().filter(pl.col("indicator") == "population").sort("year")
    latest = people.group_by("entity").agg(pl.col("value").last())
    return dict(zip(latest["entity"], latest["value"], strict=True))


def _trade_with(frames: Frames, core: Sequence[str]) -> dict[str, float]:
    """Each state's goods trade with the core over all years, both directions, in USD."""
    import polars as pl

    ties = frames.ties("goods-trade").select("from", "to", "value")
    inside = [str(member) for member in core]
    sold = ties.filter(pl.col("to").is_in(inside)).select(place="from", value="value")
    bought = ties.filter(pl.col("from").is_in(inside)).select(place="to", value="value")
    total = pl.concat([sold, bought]).group_by("place").agg(pl.col("value").sum())
    return dict(zip(total["place"], total["value"], strict=True))
