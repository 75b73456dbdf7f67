"""What the width of a line means for each kind of tie, and who depends on whom most.

The rule is read from what the kind declares about itself and from coverage, never from its name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geoties.graph.views.crossings import Link
    from geoties.ontology.kinds import Kind

SHARE = {"basis": "share", "low": 0, "high": 40, "samples": [1, 10, 40]}
"""Percent of a state's total of the kind, both directions, held by one partner."""
OF_GDP = {"basis": "gdp", "low": 0, "high": 5, "samples": [0.25, 1, 5]}
"""Percent of the receiving state's GDP, of the year of the dollars: for kinds that nobody covers
for the whole world."""
PERCENT = {"basis": "percent", "low": 50, "high": 100, "samples": [60, 80, 100]}
COUNT = {"basis": "count", "low": 0, "high": 24, "samples": [2, 8, 24]}
"""Number of bodies or agreements that the two share."""
FLAG = {"basis": "flag", "low": 0, "high": 1, "samples": [1]}
"""There is a tie, or there is none: a thin line."""


HIGHEST = (6, 12, 24, 48, 96, 192)
"""Round ends for the scale of what is shared, each divisible for the samples of the legend."""


def scale_of(kind: Kind, covered_everywhere: bool, most: int = 0) -> Mapping[str, Any]:
    """How a kind's ties become widths: the basis, its ends and the samples of the legend.

    `covered_everywhere`: some source covers the kind for all pairs, so that a share of a
    state's total means something. `most`: how many any two states may share.
    """
    if kind.temporality == "yearly":
        if not kind.directed:
            return PERCENT
        return SHARE if covered_everywhere else OF_GDP if "USD" in kind.unit else FLAG
    if not kind.shared:
        return FLAG
    high = next((end for end in HIGHEST if end >= most), HIGHEST[-1])
    return COUNT | {"high": high, "samples": [max(1, high // 12), high // 3, high]}


def most_shared(rows: Sequence[Sequence[Any]]) -> int:
    """The most bodies or agreements that any two states were ever both in; rows of the payload's
    parties, which begin with the state and the body."""
    held: dict[int, set[int]] = {}
    for row in rows:
        held.setdefault(row[0], set()).add(row[1])
    sets = [held[node] for node in sorted(held)]
    return max((len(a & b) for n, a in enumerate(sets) for b in sets[:n]), default=0)


def strongest_links(
    series: Sequence[Mapping[str, Any]], totals: Mapping[str, Sequence[float | None]], keep: int
) -> list[Link]:
    """Each state's `keep` largest partners by mean share of its total over the years.

    The lines of every year are few enough this way to put the columns in one lasting order.
    """
    shares: dict[tuple[int, int], float] = {}
    for part in series:
        for year, values in zip(part["years"], part["values"], strict=True):
            _add_shares(shares, part, values, totals.get(str(year), ()))
    ranked: dict[int, list[tuple[float, int]]] = {}
    for (node, partner), share in shares.items():
        ranked.setdefault(node, []).append((share, partner))
    best: dict[tuple[int, int], float] = {}
    for node, partners in ranked.items():
        for share, partner in sorted(partners, key=lambda item: (-item[0], item[1]))[:keep]:
            pair = (min(node, partner), max(node, partner))
            best[pair] = max(share, best.get(pair, 0.0))
    return [(a, b, share) for (a, b), share in sorted(best.items())]


def _add_shares(
    shares: dict[tuple[int, int], float],
    part: Mapping[str, Any],
    values: Sequence[float],
    total: Sequence[float | None],
) -> None:
    for place, value in enumerate(values):
        if not value:
            continue
        a, b = part["pairs"][2 * place : 2 * place + 2]
        for node, partner in ((a, b), (b, a)):
            whole = total[node] if total else None
            if whole:
                share = value * part["scale"] / whole
                shares[node, partner] = shares.get((node, partner), 0.0) + share
