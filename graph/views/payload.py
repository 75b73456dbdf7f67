"""Everything a page knows, as one plain dict: a pure function of the frames and the options.

Lists are ordered by the cut's nodes; ties point to nodes, entities, roles and sources by number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geoties.graph.model import UserError, short_id
from geoties.graph.views import facts, layouts, series, vocabulary
from geoties.graph.views.crossings import Link
from geoties.graph.views.cut import DEFAULT_COLUMNS, PLACES, Cut, graph_date, make_cut
from geoties.graph.views.products import products
from geoties.graph.views.scores import alignment_scores, methods
from geoties.graph.views.strength import most_shared, strongest_links

if TYPE_CHECKING:
    from geoties.graph.frames import Frames
    from geoties.ontology.kinds import Kind

SHOWS = ("alignment", "dependency")
LANGUAGES = facts.LANGUAGES
ORDERING_LINKS = 3
PROJECTS_PER_PAIR = 12
NOT_YET = "not-yet-in-force"
TRADE = "goods-trade"
FORMAT = 1


@dataclass(frozen=True)
class Options:
    """What a page is asked to show; see `geoties.graph.views.page.render_page`."""

    show: str = "alignment"
    year: int | None = None
    layout: str = "pivot"
    regions: Sequence[str] = DEFAULT_COLUMNS
    focus: Sequence[str] = ()
    poles: tuple[str, str] = ("state/CHN", "state/USA")
    kinds: Sequence[str] | None = None
    title: str | None = None
    lang: str = "en"
    size: int | None = None


def make_payload(frames: Frames, options: Options) -> dict[str, Any]:
    """The page's data: nodes, kinds, yearly series, dated facts, scores, layouts and sources.

    Raises `UserError` for a value that an option does not have, a year without data and a cut
    without states.
    """
    _check(options)
    cut = make_cut(frames, options.regions, options.focus, options.poles, options.size)
    registers = {name: facts.Register() for name in ("entities", "roles", "sources")}
    parts = _ties(frames, _kinds(frames, options.kinds), cut, registers)
    kinds = [kind for kind in _kinds(frames, options.kinds) if _has_ties(parts, kind)]
    years = _years(parts["series"], frames)
    shown = _year(options.year, years, parts["series"])
    parts["series"] = _within(parts["series"], years)
    scores = _with_source_numbers(alignment_scores(frames, cut, years), registers["sources"])
    links = _links(parts)
    goods = products(frames, cut, years, registers["sources"]) if _trades(kinds) else None
    return {
        "format": FORMAT,
        "options": _options(options, kinds, shown),
        "years": years,
        "nodes": _nodes(cut),
        "columns": _columns(cut),
        "middle": cut.middle,
        "poles": [cut.index[pole] for pole in cut.poles],
        "kinds": [
            vocabulary.kind_entry(kind, frames, most_shared(parts["parties"].get(kind.id, ())))
            for kind in kinds
        ],
        **parts,
        "scores": scores,
        "methods": methods(scores),
        "products": goods,
        "indicators": _indicators(frames, cut, registers["sources"]),
        "layouts": _layouts(cut, links, scores),
        "first_lines": [[a, b] for a, b, _ in links],
        "excluded": _excluded(frames, cut, registers),
        "entities": facts.entity_entries(frames, registers["entities"].ids()),
        "roles": vocabulary.roles_entries(registers["roles"].ids()),
        "sources": vocabulary.sources_entries(frames, registers["sources"].ids()),
        "date": graph_date(frames),
        "version": vocabulary.version(),
        "terms": vocabulary.terms(),
    }


def _trades(kinds: Sequence[Kind]) -> bool:
    return any(kind.id == TRADE for kind in kinds)


def _check(options: Options) -> None:
    for name, value, known in (
        ("show", options.show, SHOWS),
        ("layout", options.layout, layouts.LAYOUTS),
        ("language", options.lang, LANGUAGES),
    ):
        if value not in known:
            raise UserError(
                f"{value!r} is not a {name} of the page; use one of {', '.join(known)}."
            )
    if len(set(options.poles)) != 2:
        raise UserError("Alignment is measured between two different poles, such as CHN and USA.")
    if options.kinds is not None and not options.kinds:
        raise UserError("Name at least one kind of tie to draw.")


def _kinds(frames: Frames, wanted: Sequence[str] | None) -> list[Kind]:
    """The kinds that the page can draw and the frames hold, or those of them that are wanted."""
    from geoties.ontology.kinds import kinds as declared

    held = set(frames.tie_kinds())
    drawable = {id: kind for id, kind in declared().items() if id in held and _is_drawable(kind)}
    for id in wanted or ():
        if id not in drawable:
            raise UserError(
                f"{id!r} is not a kind of tie to draw; use one of {', '.join(drawable)}."
            )
    chosen = [kind for id, kind in drawable.items() if wanted is None or id in wanted]
    return sorted(chosen, key=lambda kind: (_GROUPS.index(kind.speaks_of), kind.id))


def _is_drawable(kind: Kind) -> bool:
    """Whether ties of the kind run, or are shared, between states and are kept in the graph.

    Where an agreement is not yet in force between two parties there is no line to draw.
    """
    between_places = bool(set(kind.to_kinds) & set(PLACES))
    shared = kind.shared and kind.temporality == "state"
    return kind.stored == "graph" and kind.id != NOT_YET and (shared or between_places)


_GROUPS = ("dependency", "alignment", "context")


def _ties(
    frames: Frames, kinds: Sequence[Kind], cut: Cut, registers: Mapping[str, facts.Register]
) -> dict[str, Any]:
    """All ties between the states of the cut, by how the page keeps them."""
    coverage = frames.coverage()
    result: dict[str, Any] = {
        "series": [],
        "totals": {},
        "gaps": {},
        "covered": {},
        "parties": {},
        "direct": {},
        "projects": {},
    }
    for kind in kinds:
        if kind.temporality == "yearly":
            found = series.kind_series(frames, kind, cut)
            for part in found:
                part["source"] = registers["sources"].number(part["source"])
            result["series"] += found
            result["totals"][kind.id] = series.totals(frames, kind, cut)
            result["gaps"][kind.id] = series.gaps(coverage, kind.id, cut)
            result["covered"][kind.id] = sorted(series.complete_years(coverage, kind.id))
            result["projects"][kind.id] = _projects(frames, kind, cut, registers)
        elif kind.shared:
            rows = facts.shared_parties(frames, kind, cut)
            result["parties"][kind.id] = [_numbered_party(row, registers) for row in rows]
        else:
            rows = facts.direct_ties(frames, kind, cut)
            result["direct"][kind.id] = [_numbered_tie(row, registers) for row in rows]
    return result


def _has_ties(parts: Mapping[str, Any], kind: Kind) -> bool:
    if kind.temporality == "yearly":
        return any(part["kind"] == kind.id for part in parts["series"])
    return bool(parts["parties" if kind.shared else "direct"].get(kind.id))


def _numbered_party(row: Sequence[Any], registers: Mapping[str, facts.Register]) -> list[Any]:
    node, entity, bloc, role, *dates, source, reference, record = row
    numbers = (registers["entities"].number(entity), registers["entities"].number(bloc))
    ends = (registers["roles"].number(role), *dates, registers["sources"].number(source))
    return [node, *numbers, *ends, reference, record]


def _numbered_tie(row: Sequence[Any], registers: Mapping[str, facts.Register]) -> list[Any]:
    a, b, via, role, topic, *dates, source, reference, record = row
    numbers = (registers["entities"].number(via), registers["roles"].number(role))
    return [a, b, *numbers, topic, *dates, registers["sources"].number(source), reference, record]


def _projects(
    frames: Frames, kind: Kind, cut: Cut, registers: Mapping[str, facts.Register]
) -> list[list[Any]]:
    """The largest single ties of a yearly kind that run through a project."""
    import polars as pl

    ties = frames.ties(kind.id).filter((pl.col("via") != "") & pl.col("value").is_not_null())
    inside = ties.filter(pl.col("from").is_in(cut.ids) & pl.col("to").is_in(cut.ids))
    largest = (
        inside.sort("value", "id", descending=[True, False])
        .group_by("from", "to", maintain_order=True)
        .head(PROJECTS_PER_PAIR)
        .sort("from", "to", "year", "id")
    )
    entities, sources = registers["entities"], registers["sources"]
    return [
        [cut.index[a], cut.index[b], entities.number(via), year, series.plain(value), topic,
         sources.number(source)]
        for a, b, via, year, value, topic, source in largest.select(
            "from", "to", "via", "year", "value", "topic", "source"
        ).rows()
    ]  # fmt: skip


def _with_source_numbers(
    scores: list[dict[str, Any]], sources: facts.Register
) -> list[dict[str, Any]]:
    return [
        score | {"sources": [sources.number(id) for id in score["sources"]]} for score in scores
    ]


def _years(parts: Sequence[Mapping[str, Any]], frames: Frames) -> list[int]:
    """The years of the slider: from the first flow to the last tie or ideal point."""
    import polars as pl

    points = frames.observations().filter(pl.col("indicator") == "ideal-point")["year"]
    flows = [year for part in parts if part["scale"] > 1 for year in part["years"]]
    tied = [year for part in parts for year in part["years"]]
    known = [*tied, *points.unique().to_list()]
    if not known:
        raise UserError("The cut holds no yearly tie and no measure; widen it or name other kinds.")
    return list(range(min(flows or known), max(known) + 1))


def _within(parts: list[dict[str, Any]], years: Sequence[int]) -> list[dict[str, Any]]:
    """The series without the years that the slider does not reach."""
    kept = []
    for part in parts:
        rows = [row for row, year in enumerate(part["years"]) if year in years]
        shown = {name: [part[name][row] for row in rows] for name in ("years", "values")}
        kept.append(part | shown)
    return kept


def _year(wanted: int | None, years: list[int], parts: Sequence[Mapping[str, Any]]) -> int:
    with_data = sorted({year for part in parts if part["scale"] > 1 for year in part["years"]})
    if wanted is None:
        return (with_data or years)[-1]
    if wanted not in years:
        raise UserError(f"There are no data for {wanted}; the years are {years[0]} to {years[-1]}.")
    return wanted


def _options(options: Options, kinds: Sequence[Kind], year: int) -> dict[str, Any]:
    return {
        "show": options.show,
        "layout": options.layout,
        "year": year,
        "lang": options.lang,
        "title": options.title,
        "kinds": _kinds_on(options, kinds),
        "colour": "trade" if options.show == "dependency" else None,
    }


def _kinds_on(options: Options, kinds: Sequence[Kind]) -> list[str]:
    """The kinds that are drawn at first: trade alone where colour is the subject, which reads at
    once; where dependence is, all that speak of it."""
    if options.kinds is not None:
        return [kind.id for kind in kinds]
    trade = [kind.id for kind in kinds if kind.id == TRADE]
    dependence = [kind.id for kind in kinds if kind.speaks_of == "dependency"]
    if options.show == "dependency" or not trade:
        return dependence or [kind.id for kind in kinds]
    return trade


def _nodes(cut: Cut) -> list[dict[str, Any]]:
    return [
        {
            "id": short_id(id),
            "kind": cut.nodes[id].kind,
            "labels": facts.page_labels(id, cut.nodes[id].labels),
            "aka": _other_names(cut.nodes[id].labels),
            "column": place,
        }
        for place, column in enumerate(cut.columns)
        for id in column.members
    ]


def _other_names(labels: Mapping[str, str]) -> list[str]:
    """A state's names in languages that the page does not speak, for its search."""
    spoken = {labels[language] for language in LANGUAGES if language in labels}
    return sorted(set(labels.values()) - spoken)


def _columns(cut: Cut) -> list[dict[str, Any]]:
    return [
        {
            "id": column.id,
            "labels": dict(column.labels),
            "whole": column.whole,
            "group": column.group,
        }
        for column in cut.columns
    ]


def _indicators(frames: Frames, cut: Cut, sources: facts.Register) -> dict[str, Any]:
    found = {name: series.indicator(frames, name, cut) for name in ("gdp", "population")}
    return {
        name: entry | {"source": sources.number(entry["source"])}
        for name, entry in found.items()
        if entry["values"]
    }


def _links(parts: Mapping[str, Any]) -> list[Link]:
    """The lines that order the columns: each state's strongest in trade, over all years."""
    trade = [part for part in parts["series"] if part["scale"] > 1]
    kind = next((part["kind"] for part in trade if part["kind"] == TRADE), "")
    same = [part for part in trade if part["kind"] == kind]
    return strongest_links(same, parts["totals"].get(kind, {}), ORDERING_LINKS)


def _layouts(
    cut: Cut, links: Sequence[Link], scores: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    return {
        "pivot": layouts.pivot(cut, links),
        "lean": {score["id"]: layouts.lean(cut, score) for score in scores},
        "lanes": layouts.lanes(cut),
        "map": layouts.world_map(cut),
    }


def _excluded(frames: Frames, cut: Cut, registers: Mapping[str, facts.Register]) -> list[list[Any]]:
    """Pairs of parties between which their common agreement is not in force."""
    from geoties.ontology.kinds import kinds

    rows = facts.direct_ties(frames, kinds()[NOT_YET], cut)
    return [_numbered_tie(row, registers) for row in rows]
