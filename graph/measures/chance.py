"""Agreement corrected for chance: weighted Cohen's kappa and Scott's pi."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from geoties.graph.measures.profiles import Distance, Floats, Values, distances, paired, span_of


def weighted_kappa(
    x: Values, y: Values, *, levels: Sequence[float], distance: Distance = "squared"
) -> float:
    """Cohen's kappa of two profiles, disagreements weighted by their distance.

    ``1 - sum(d * o) / sum(d * e)``: o the observed table of pairs of values, e the one
    expected from each profile's own margin. 1 is perfect agreement, 0 what chance gives;
    NaN where chance alone leaves no disagreement (both profiles constant and equal).

    Args and errors are those of :func:`geoties.graph.measures.s_score`.

    Source: Cohen (1968), doi:10.1037/h0026256; for states Hage (2011),
    doi:10.1093/pan/mpr023.

    >>> weighted_kappa([1, 1, 3, 3], [1, 3, 1, 3], levels=(1, 2, 3))
    0.0
    """
    observed = _table(x, y, levels)
    expected = np.outer(observed.sum(axis=1), observed.sum(axis=0))
    return _corrected(observed, expected, levels, distance)


def weighted_pi(
    x: Values, y: Values, *, levels: Sequence[float], distance: Distance = "squared"
) -> float:
    """Scott's pi of two profiles: as kappa, with the average of both margins expected.

    Args and errors are those of :func:`geoties.graph.measures.s_score`.

    Source: Scott (1955), doi:10.1086/266577; for states Hage (2011),
    doi:10.1093/pan/mpr023.

    >>> round(weighted_pi([1, 1, 3, 3], [1, 3, 3, 3], levels=(1, 2, 3)), 4)
    0.4667
    """
    observed = _table(x, y, levels)
    margin = (observed.sum(axis=0) + observed.sum(axis=1)) / 2
    return _corrected(observed, np.outer(margin, margin), levels, distance)


def _table(x: Values, y: Values, levels: Sequence[float]) -> Floats:
    """How many items fall in each pair of levels, x in rows and y in columns."""
    left, right, both = paired(x, y, levels)
    stated = np.unique(np.array(levels, dtype=np.float64))
    cells = np.searchsorted(stated, left[both]) * len(stated) + np.searchsorted(stated, right[both])
    counts = np.bincount(cells, minlength=len(stated) ** 2)
    return counts.reshape(len(stated), len(stated)).astype(np.float64)


def _corrected(
    observed: Floats, expected: Floats, levels: Sequence[float], distance: Distance
) -> float:
    stated = np.unique(np.array(levels, dtype=np.float64))
    gaps = distances(stated[:, None], stated[None, :], span_of(levels), distance)
    by_chance = math.fsum((gaps * expected).ravel()) / observed.sum()
    if by_chance == 0:
        return math.nan
    return float(1 - math.fsum((gaps * observed).ravel()) / by_chance)
