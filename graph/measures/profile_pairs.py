"""S, kappa and pi of every two profiles at once: the formulas on single profiles, as matrices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from geoties.graph.measures.profiles import Distance, check_weights, distances, span_of
from geoties.graph.model import UserError

Matrix = NDArray[np.float64]
Formula = Literal["s", "kappa", "pi"]


def similarities(
    profiles: Matrix,
    *,
    levels: Sequence[float],
    formula: Formula = "s",
    distance: Distance = "absolute",
    weights: Matrix | None = None,
) -> Matrix:
    """Similarity of every two rows, each a profile over the same items.

    Args:
        profiles: state x item, every value one of the levels.
        levels: The values a profile may take.
        formula: ``s`` (Signorino & Ritter), ``kappa`` or ``pi`` (Hage).
        distance: ``absolute`` or ``squared``.
        weights: One weight per item, for S only.

    Returns:
        state x state; NaN where chance alone leaves no disagreement.

    Raises:
        UserError: when there is no item, or weights are negative or all zero.

    >>> similarities(np.array([[1.0, 3.0], [3.0, 1.0]]), levels=(1, 2, 3)).tolist()
    [[1.0, -1.0], [-1.0, 1.0]]
    """
    if not profiles.shape[1]:
        raise UserError("The profiles have no items, so there is nothing to compare.")
    stated = np.unique(np.array(levels, dtype=np.float64))
    gaps = distances(stated[:, None], stated[None, :], span_of(levels), distance)
    hot = [(profiles == level).astype(np.float64) for level in stated]
    weight = np.ones(profiles.shape[1]) if weights is None else weights
    check_weights(weight)
    share = weight / weight.sum()
    observed = _summed(gaps, lambda a, b: (hot[a] * share) @ hot[b].T)
    if formula == "s":
        return 1 - 2 * observed
    margins = [(part * share).sum(axis=1) for part in hot]
    if formula == "kappa":
        expected = _summed(gaps, lambda a, b: np.outer(margins[a], margins[b]))
    else:
        means = [(margin[:, None] + margin[None, :]) / 2 for margin in margins]
        expected = _summed(gaps, lambda a, b: means[a] * means[b])
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected > 1e-15, 1 - observed / expected, np.nan)


def _summed(gaps: Matrix, term: Callable[[int, int], Matrix]) -> Matrix:
    """The sum of the terms of every two different levels, times their distance."""
    pairs = [(a, b) for a in range(len(gaps)) for b in range(len(gaps)) if a != b]
    total: Matrix = np.sum([gaps[a, b] * term(a, b) for a, b in pairs], axis=0)
    return total


def similarity_parts(
    x: Matrix,
    y: Matrix,
    *,
    levels: Sequence[float],
    formula: Formula = "s",
    distance: Distance = "absolute",
    weights: Matrix | None = None,
) -> tuple[float, Matrix]:
    """What every item adds to the similarity of two profiles, and what there is before any.

    S starts from 0, and an item adds its part of the weight times 1 - 2 d. Kappa and pi start
    from 1, and an item takes away its part times d over the distance that chance would give.

    Args and errors are those of :func:`similarities`; ``x`` and ``y`` are two of its rows.

    >>> x, y = np.array([1.0, 3.0]), np.array([1.0, 1.0])
    >>> start, parts = similarity_parts(x, y, levels=(1, 2, 3))
    >>> start, parts.tolist()
    (0.0, [0.5, -0.5])
    """
    weight = np.ones(len(x)) if weights is None else weights
    check_weights(weight)
    share = weight / weight.sum()
    gaps = distances(x, y, span_of(levels), distance)
    if formula == "s":
        return 0.0, share * (1 - 2 * gaps)
    rows = np.vstack([x, y])
    score = similarities(rows, levels=levels, formula=formula, distance=distance, weights=weights)
    observed = float((share * gaps).sum())
    # 1 - score is observed over expected
    expected = observed / (1 - score[0, 1]) if observed else 1.0
    return 1.0, -share * gaps / expected
