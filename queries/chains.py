"""Chains of ties between two entities: `geoties path PER KOR --on 2023-12-31`.

Every tie of a chain is in force on the day, so all of them are at the same time. A chain costs
more the looser its ties are and the more of them it needs: a body or agreement costs
1 + log2(n / 2) / 4 for its n members, so that an agreement of two counts 1, APEC 1.85 and the
United Nations 2.6: two tight agreements in a row come before the United Nations, but after APEC.
A tie between two states costs 1 + log2(d) / 4, d being how many ties of that kind the busier of
the two has. Chains by the same states count once, at their tightest; only those that join the two
directly are all told. Parties for which an agreement is not yet in force with each other are not
linked by it, and an accession is no agreement of its own. Through a bloc a chain runs by the
membership in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from geoties.graph.model import UserError, short_id
from geoties.graph.store import Answer, Value
from geoties.ontology.kinds import Kind
from geoties.queries.answers import Graph
from geoties.queries.asking import day_named, entity_named, kinds_named
from geoties.queries.facts import Fact, label, read_facts
from geoties.queries.sentences import sentence, shared_sentence
from geoties.queries.shared import Ledger
from geoties.queries.spells import IN_FORCE, spell

if TYPE_CHECKING:
    import networkx as nx
    import polars as pl

    from geoties.graph.frames import Frames

COLUMNS = ("chain", "step", "kind", "from", "to", "via", "start", "cost", "source", "record",
           "sentence")  # fmt: skip
NEIGHBOURS = ("neighbour", "name", "kind", "start", "source", "record")
_TRIES = 400
_LOOSENESS = 4.0  # how many doublings of the members are as bad as one more step


@dataclass(frozen=True)
class Step:
    """One step of a chain: one tie, or two that meet in a body or agreement."""

    from_: str
    to: str
    via: str
    ties: tuple[str, ...]
    cost: float


def chains(
    graph: Graph,
    x: str,
    y: str,
    *,
    on: str = "",
    k: int = 3,
    avoid: Sequence[str] = (),
    via: str = "",
    kinds: Sequence[str] = (),
) -> Answer:
    """The `k` shortest chains between two entities on a day, a row for each step.

    `avoid` are entities that no chain passes, `via` one that each does; `kinds` the kinds of tie
    used, all states of affairs if none (yearly flows and events are no chain).
    Columns: chain, step, kind, from, to, via, start, cost, source, record, sentence.
    Raises `UserError` for unknown names, kinds or dates, and for `k` below one.
    """
    ledger = Ledger(graph.store, day_named(on or graph.date))
    found = _asked(graph, ledger, (x, y), k, avoid, via, kinds)
    return Answer(COLUMNS, list(_rows(ledger, found)))


def paths(
    graph: Graph,
    x: str,
    y: str,
    *,
    on: str = "",
    k: int = 3,
    avoid: Sequence[str] = (),
    via: str = "",
    kinds: Sequence[str] = (),
) -> list[list[str]]:
    """The same chains as paths in `chain_graph`: the ids of their nodes, as networkx gives them."""
    ledger = Ledger(graph.store, day_named(on or graph.date))
    found = _asked(graph, ledger, (x, y), k, avoid, via, kinds)
    return [_nodes(steps) for steps in found]


def _nodes(steps: Sequence[Step]) -> list[str]:
    after = [node for step in steps for node in (step.via, step.to) if node]
    return [steps[0].from_, *after]


def _asked(
    graph: Graph,
    ledger: Ledger,
    ends: tuple[str, str],
    k: int,
    avoid: Sequence[str],
    via: str,
    kinds: Sequence[str],
) -> list[list[Step]]:
    """The chains that a question means; raises `UserError` for one that cannot be asked."""
    if k < 1:
        raise UserError(f"k is the number of chains, 1 or more, not {k}.")
    names = [entity_named(graph.names, text, ledger.day, graph.store) for text in (*ends, *avoid)]
    first, last, *out = names
    if first == last:
        raise UserError(f"{ends[0]!r} and {ends[1]!r} are the same; ask about two different ones.")
    middle = entity_named(graph.names, via, ledger.day, graph.store) if via else ""
    network = _without(chain_graph(graph, ledger.day, kinds), out, (first, last))
    return _found(ledger, network, first, last, middle, k)


def chain_graph(graph: Graph, on: str, kinds: Sequence[str] = ()) -> nx.Graph[str]:
    """The ties in force on a day as an undirected networkx graph, for chains and their kin.

    Nodes are entity ids; an edge has `cost`, `ties` (the ids behind it) and `hubs`, those of its
    ends that others may hold too.
    """
    from geoties.graph.frames import Frames

    chosen = tuple(kind.id for kind in _lasting(kinds))
    return _chain_graph(Frames(graph.columns), graph.checksum, on, chosen)


def _lasting(names: Sequence[str]) -> list[Kind]:
    found = [kind for kind in kinds_named(names) if kind.temporality == "state"]
    found = [kind for kind in found if not kind.via_kinds or not kind.requires]
    if not found:
        raise UserError("Chains are made of lasting ties; name such a kind, as membership is.")
    return found


@lru_cache(maxsize=4)
def _chain_graph(frames: Frames, checksum: str, day: str, chosen: tuple[str, ...]) -> nx.Graph[str]:
    import networkx as nx

    network: nx.Graph[str] = nx.Graph()
    parents = _parents(frames.entities())
    for kind in kinds_named(chosen):
        for from_, to, tie, cost in _edges(frames, kind, day, parents).iter_rows():
            if not network.has_edge(from_, to):
                network.add_edge(from_, to, cost=cost, ties=(), hubs=frozenset())
            edge = network.edges[from_, to]
            edge["cost"] = min(cost, edge["cost"])
            edge["ties"] += (tie,)
            edge["hubs"] |= {to} if kind.shared else frozenset()
    return network


def _parents(entities: pl.DataFrame) -> dict[str, str]:
    """The agreement that each accession or amendment belongs to."""
    import polars as pl

    known = entities.filter(pl.col("properties").str.contains('"amends"', literal=True))
    told = known["properties"].str.json_path_match("$.amends")
    first = told.str.strip_chars('[]"').str.split('","').list.first()
    return dict(zip(known["id"], first, strict=True))


def _edges(frames: Frames, kind: Kind, day: str, parents: dict[str, str]) -> pl.DataFrame:
    """The ties of one kind in force on the day: from, to, tie, cost, sorted."""
    import polars as pl

    from geoties.graph.parties import parties
    from geoties.graph.periods import IN_FORCE as IS
    from geoties.graph.periods import status_on

    if not kind.shared:
        ties = frames.ties(kind.id).filter(status_on(day) == IS)
        return _with_cost(ties.select("from", "to", tie="id"), ["from", "to"])
    held = parties(frames, kind, day).filter(through="", counts=True, status=IS)
    source = pl.col("source").str.strip_prefix("source/")
    record = pl.col("record").map_elements(_slug, return_dtype=pl.String)
    tie = pl.concat_str(pl.lit(f"tie/{kind.id}/"), source, pl.lit("/"), record)
    ends = held.select(from_="entity", to=pl.col("item").replace(parents), tie=tie)
    return _with_cost(ends.rename({"from_": "from"}), ["to"], shared=True)


def _slug(record: str) -> str:
    from geoties.graph.model import slug

    return slug(record)


def _with_cost(ties: pl.DataFrame, ends: list[str], shared: bool = False) -> pl.DataFrame:
    """The looser, the dearer: by the members of what is shared, or the ties of the busier end."""
    import polars as pl

    both = [ties.select(end=pl.col(end), other="from" if end == "to" else "to") for end in ends]
    busy = pl.concat(both).group_by("end").agg(n=pl.col("other").n_unique())
    for end in ends:
        ties = ties.join(busy.rename({"n": f"n_{end}"}), left_on=end, right_on="end", how="left")
    n = pl.max_horizontal(*(f"n_{end}" for end in ends)).cast(pl.Float64)
    loose = pl.max_horizontal(n, pl.lit(2.0)) / 2 if shared else n
    cost = (1 + loose.log(2) / _LOOSENESS) * (0.5 if shared else 1.0)
    return ties.select("from", "to", "tie", cost=cost.round(6)).sort("from", "to", "tie")


def _without(network: nx.Graph[str], avoid: Iterable[str], ends: tuple[str, str]) -> nx.Graph[str]:
    out = set(avoid)
    if out & set(ends):
        raise UserError(f"A chain cannot avoid its own end {short_id(min(out & set(ends)))}.")
    return network.subgraph(node for node in network if node not in out)


def _found(
    ledger: Ledger, network: nx.Graph[str], x: str, y: str, via: str, k: int
) -> list[list[Step]]:
    """The cheapest chains that hold together, in order; of those by the same states the first."""
    found: list[list[Step]] = []
    seen: set[tuple[str, ...]] = set()
    for path in _paths(network, x, y, via):
        steps = list(_steps(network, path))
        stops = tuple(step.to for step in steps)
        if stops not in seen and all(_holds(ledger, step) for step in steps):
            found.append(steps)
            seen |= {stops} if len(stops) > 1 else set()
        if len(found) == k:
            break
    return found


def _paths(network: nx.Graph[str], x: str, y: str, via: str) -> Iterator[list[str]]:
    """Simple paths by rising cost; those through `via` are put together from its two sides."""
    import networkx as nx

    if not {x, y} <= set(network) or (via and via not in network):
        return
    tries = 0
    try:
        for path in nx.shortest_simple_paths(network, x, y, weight="cost"):
            tries += 1
            if not via or via in path:
                yield path
            if tries >= _TRIES:
                break
    except nx.NetworkXNoPath:
        return
    if via:
        yield from _joined(network, x, via, y)


def _joined(network: nx.Graph[str], x: str, via: str, y: str) -> Iterator[list[str]]:
    """Where the paths by rising cost do not come by `via`: the cheapest way there and on."""
    import networkx as nx

    try:
        there = nx.shortest_path(network, x, via, weight="cost")
        rest = network.subgraph(node for node in network if node == via or node not in there)
        yield [*there, *nx.shortest_path(rest, via, y, weight="cost")[1:]]
    except (nx.NetworkXNoPath, nx.NodeNotFound):
        return


def _steps(network: nx.Graph[str], path: Sequence[str]) -> Iterator[Step]:
    """A path as steps; two ties that meet in a body or agreement are one."""
    edges = [(a, b, network.edges[a, b]) for a, b in pairwise(path)]
    while edges:
        a, b, edge = edges.pop(0)
        ties, cost = tuple(sorted(edge["ties"])), edge["cost"]
        if edges and b in edge["hubs"] and b in edges[0][2]["hubs"]:
            _, c, other = edges.pop(0)
            ties += tuple(sorted(other["ties"]))
            yield Step(a, c, b, ties, cost + other["cost"])
        else:
            yield Step(a, b, "", ties, cost)


def _holds(ledger: Ledger, step: Step) -> bool:
    """Whether an agreement is in force between the two that it joins."""
    pair = {step.from_, step.to}
    return not step.via or not any(
        {fact.from_, fact.to} == pair
        and ledger.root(fact.via) == ledger.root(step.via)
        and fact.standing(ledger.day) == IN_FORCE
        for fact in ledger.not_yet()
    )


def _rows(ledger: Ledger, found: Sequence[Sequence[Step]]) -> Iterator[tuple[Value, ...]]:
    for number, steps in enumerate(found, 1):
        for place, step in enumerate(steps, 1):
            yield (number, place, *_told(ledger, step))


def _told(ledger: Ledger, step: Step) -> tuple[Value, ...]:
    facts = [ledger.fact(tie) for tie in step.ties]
    best = _best(facts, step, ledger.day)
    told = spell(best, ledger.day)
    text = _sentence(ledger, step, best, told.shown_start)
    sources = "; ".join(sorted({short_id(fact.source) for fact in facts}))
    records = "; ".join(dict.fromkeys(fact.record for fact in facts))
    ends = (short_id(step.from_), short_id(step.to), short_id(step.via))
    cost = round(step.cost, 3)
    return (best[0].kind.id, *ends, told.shown_start, cost, sources, records, text)


def _best(facts: Sequence[Fact], step: Step, day: str) -> list[Fact]:
    """The best dated tie of each side of a step."""
    if not step.via:
        return [min(facts, key=lambda fact: spell([fact], day).rank())]
    kind = next(f.kind for f in facts if f.from_ == step.from_)
    sides = (
        [fact for fact in facts if fact.from_ == end and fact.kind == kind] or
        [fact for fact in facts if fact.from_ == end]
        for end in (step.from_, step.to)
    )  # fmt: skip
    return [min(side, key=lambda fact: spell([fact], day).rank()) for side in sides]


def _sentence(ledger: Ledger, step: Step, best: Sequence[Fact], start: str) -> str:
    def named(entity: str) -> str:
        return label(ledger.store, entity)

    if not step.via:
        return sentence(best[0], named)
    ends = {"from": named(step.from_), "to": named(step.to), "via": named(step.via)}
    return shared_sentence(best[0], ends, start, "")


def neighbours(
    graph: Graph, x: str, *, on: str = "", kinds: Sequence[str] = (), page: int = 1, size: int = 50
) -> Answer:
    """The entities one tie away on a day, the tightest ties first, a page at a time.

    Columns: neighbour, name, kind, start, source, record. An empty page is past the last one.
    """
    day = day_named(on or graph.date)
    if page < 1 or size < 1:
        raise UserError("Pages are counted from 1, and hold 1 row or more.")
    entity = entity_named(graph.names, x, day, graph.store)
    network = chain_graph(graph, day, kinds)
    edges = dict(network[entity]) if network.has_node(entity) else {}
    ranked = sorted(edges, key=lambda other: (edges[other]["cost"], other))
    shown = ranked[(page - 1) * size : page * size]
    return Answer(NEIGHBOURS, [_neighbour(graph, other, edges[other], day) for other in shown])


def _neighbour(graph: Graph, other: str, edge: Any, day: str) -> tuple[Value, ...]:
    facts = read_facts(graph.store, sorted(edge["ties"]))
    best = min(facts, key=lambda fact: spell([fact], day).rank())
    sources = "; ".join(sorted({short_id(fact.source) for fact in facts}))
    name = label(graph.store, other)
    return (short_id(other), name, best.kind.id, best.shown_start(), sources, best.record)
