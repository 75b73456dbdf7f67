"""The graph on one date for algorithms: a networkx MultiDiGraph made from the columns.

The choice of rows (`network_tables`) is shared with the exports, so that a GraphML file and
`kg.network()` hold the same ties.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from geoties.graph.model import TIES, UserError, parse_date
from geoties.graph.periods import NO, status_on
from geoties.ontology.kinds import Kind, kinds

if TYPE_CHECKING:
    import networkx as nx

    from geoties.graph.frames import Frames

Attributes = dict[str, str | int | float | bool]


def network(
    frames: Frames,
    *,
    on: str,
    kinds: Sequence[str] = (),
    focus: Sequence[str] = (),
    checksum: str = "",
) -> nx.MultiDiGraph[str]:
    """The ties of a date as a MultiDiGraph: nodes are entity ids, an edge's key is the tie's id.

    `on` is an ISO date. State ties are those in force on it and those of which that is unknown
    (the edge's `status` says which); of a yearly kind it takes the latest year up to that date
    in which the kind has data, so every edge of the kind is of one year. Events (up to the date)
    and kinds that stay in the columns (votes, products) come only when `kinds` names them.
    `focus` keeps the ties that touch these entities, as an end or as `via`.

    Nodes carry kind, label, `label_es` and so on, and their properties; edges carry the columns
    of the tie, with `directed` and `status`. What is unknown is left out, never zero or empty;
    all values are plain, and a list is JSON text, so that every writer of networkx takes them.
    The graph carries `date` and `checksum`. Nodes and edges come in the order of their ids.

    Raises `UserError` for a date, kind or entity that there is not.
    """
    import networkx as nx

    nodes, edges = network_tables(frames, on=on, kinds=kinds, focus=focus)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(date=on, checksum=checksum)
    graph.add_nodes_from((row["id"], node_attributes(row)) for row in nodes.iter_rows(named=True))
    for start, end, key, attributes in _edges(edges):
        graph.add_edge(start, end, key=key, **attributes)
    return graph


def network_tables(
    frames: Frames, *, on: str, kinds: Sequence[str] = (), focus: Sequence[str] = ()
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of `network`: entities, and ties with `status` and `directed`, by id."""
    check_day(on)
    entities = frames.entities()
    check_focus(entities, focus)
    parts = [
        touching(ties_on(frames.ties(kind.id), kind, on), focus).with_columns(
            directed=pl.lit(kind.directed)
        )
        for kind in _chosen(kinds)
    ]
    edges = pl.concat(parts).sort("id")
    ends = pl.concat([edges["from"], edges["to"], pl.Series("from", focus, pl.String)]).unique()
    return entities.filter(pl.col("id").is_in(ends.implode())).sort("id"), edges


def _chosen(names: Sequence[str]) -> list[Kind]:
    """The kinds asked for; without any, all that the graph holds but events."""
    check_kinds(names)
    if names:
        return [kinds()[name] for name in sorted(set(names))]
    return [k for k in kinds().values() if k.stored == "graph" and k.temporality != "event"]


def check_kinds(names: Iterable[str]) -> None:
    """Raise `UserError`, with the list, if one of `names` is no kind of tie."""
    for name in names:
        if name not in kinds():
            raise UserError(f"There is no kind of tie {name!r}; there are: {', '.join(kinds())}.")


def check_day(day: str) -> None:
    """Raise `UserError` if `day` is not a day of the calendar as ISO text.

    >>> check_day("2023-13-01")
    Traceback (most recent call last):
    geoties.graph.model.UserError: '2023-13-01' is not a day; write it as 2023-12-31.
    """
    try:
        exact = parse_date(day).precision == "day"
    except ValueError:
        exact = False
    if not exact:
        raise UserError(f"{day!r} is not a day; write it as 2023-12-31.")


def check_focus(entities: pl.DataFrame, focus: Sequence[str]) -> None:
    """Raise `UserError` if one of `focus` is the id of no entity."""
    known = entities.filter(pl.col("id").is_in(list(focus)))["id"].to_list()
    for entity in focus:
        if entity not in known:
            raise UserError(f"There is no entity {entity!r}; an id looks like state/PER.")


def ties_on(ties: pl.DataFrame, kind: Kind, day: str) -> pl.DataFrame:
    """The ties of one kind that count on a day, with a `status` (empty but for state ties).

    State: in force or unknown. Yearly: of the latest year up to the day's own. Event: up to the
    day.
    """
    if kind.temporality == "state":
        return ties.with_columns(status_on(day)).filter(pl.col("status") != NO)
    told = ties.with_columns(status=pl.lit(""))
    if kind.temporality == "event":
        return told.filter(pl.col("start") <= day)
    past = told.filter(pl.col("year") <= int(day[:4]))
    return past.filter(pl.col("year") == pl.col("year").max())


def touching(ties: pl.DataFrame, focus: Sequence[str]) -> pl.DataFrame:
    """The ties that have one of `focus` as an end or as `via`; all of them without a focus."""
    if not focus:
        return ties
    chosen = list(focus)
    return ties.filter(pl.any_horizontal(pl.col("from", "to", "via").is_in(chosen)))


def node_attributes(row: dict[str, Any]) -> Attributes:
    """An entity's row as attributes; labels as `label` (English, else the id) and `label_es`.

    >>> node_attributes({"id": "body/X", "kind": "body", "labels": '{"en":"X","es":"Equis"}',
    ...                  "properties": '{"founded":1989}', "valid_from": "", "valid_to": ""})
    {'kind': 'body', 'label': 'X', 'label_es': 'Equis', 'founded': 1989}
    """
    labels = json.loads(row["labels"] or "{}")
    found: Attributes = {"kind": row["kind"], "label": labels.get("en") or row["id"]}
    found |= {f"label_{code}": labels[code] for code in sorted(labels) if code != "en"}
    properties = json.loads(row["properties"] or "{}")
    found |= {name: plain(properties[name]) for name in sorted(properties)}
    return found | {name: row[name] for name in ("valid_from", "valid_to") if row[name]}


def plain(value: Any) -> str | int | float | bool:
    """A property's value as one plain value; a list becomes JSON text.

    >>> plain(["a", "ñ"]), plain(True)
    ('["a", "ñ"]', True)
    """
    if isinstance(value, str | int | float | bool):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _edges(edges: pl.DataFrame) -> Iterator[tuple[str, str, str, Attributes]]:
    names = [name for name in (*TIES, "status", "directed") if name not in ("from", "to")]
    columns = [edges[name].to_list() for name in names]
    ends = zip(edges["from"], edges["to"], edges["id"], strict=True)
    for (start, end, key), values in zip(ends, zip(*columns, strict=True), strict=True):
        known = {n: v for n, v in zip(names, values, strict=True) if v is not None and v != ""}
        yield start, end, key, known
