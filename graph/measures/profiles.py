"""Similarity of two profiles over the same items: S and Lijphart's agreement."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from geoties.graph.model import UserError

Floats = NDArray[np.float64]
Values = Iterable[float | None]
Distance = Literal["absolute", "squared"]


def s_score(
    x: Values,
    y: Values,
    *,
    levels: Sequence[float],
    weights: Values | None = None,
    distance: Distance = "absolute",
) -> float:
    """Similarity S of two profiles, from -1 (opposite) to 1 (identical).

    ``S = 1 - 2 * sum(w * d) / sum(w)``, with ``d = |x - y| / span`` or its square, and
    ``span`` the highest of the stated ``levels`` minus the lowest.

    Args:
        x: One value per item (a state's obligation, a vote); None where there is none.
        y: The other profile, over the same items in the same order.
        levels: Every value a profile may take; stated, never inferred from the data.
        weights: One weight per item (for instance capability shares); all 1 if omitted.
        distance: ``"absolute"`` or ``"squared"``.

    Items with no value on either side are left out.

    Raises:
        UserError: on profiles of different lengths, values outside the levels, weights
            that are negative or sum to zero, or when no item has both values.

    Source: Signorino & Ritter (1999), doi:10.1111/0020-8833.00113.

    >>> s_score([3, 0, 0, 3], [3, 0, 3, 0], levels=(0, 1, 2, 3))
    0.0
    >>> s_score([1, 2, 3], [1, 2, 3], levels=(1, 2, 3), distance="squared")
    1.0
    """
    left, right, weight = _profiles(x, y, weights, levels)
    gaps = distances(left, right, span_of(levels), distance)
    # fsum is exact, so the order of the items cannot change the last digit
    return 1.0 - 2.0 * math.fsum(weight * gaps) / math.fsum(weight)


def lijphart_agreement(
    x: Values, y: Values, *, levels: tuple[float, float, float] = (1, 2, 3)
) -> float:
    """Share of agreement over roll calls in which both took part, from 0 to 1.

    ``(f + g / 2) / t``: f the same vote, g one of the two abstaining, t both took part.

    Args:
        x: One vote per roll call; None where the state took no part.
        y: The other state's votes, over the same roll calls.
        levels: The codes of the three votes; the middle one is the abstention.

    Raises:
        UserError: as :func:`s_score`, and when ``levels`` is not three values.

    Source: Lijphart (1963), doi:10.2307/1952608.

    >>> lijphart_agreement([1, 1, 2, 3], [1, 3, 3, None])
    0.5
    """
    if len(set(levels)) != 3:
        raise UserError(
            f"lijphart_agreement needs three levels (no, abstain, yes), got {len(set(levels))}."
        )
    left, right, _ = _profiles(x, y, None, levels)
    abstention = sorted(levels)[1]
    same = left == right
    half = ~same & ((left == abstention) | (right == abstention))
    return float(same.sum() + 0.5 * half.sum()) / len(left)


def distances(left: Floats, right: Floats, span: float, distance: Distance) -> Floats:
    """Distance of each pair of values over the widest possible one, from 0 to 1."""
    if distance not in ("absolute", "squared"):
        raise UserError(f'distance is "absolute" or "squared", not {distance!r}.')
    gaps: Floats = np.abs(left - right) / span
    return gaps**2 if distance == "squared" else gaps


def span_of(levels: Sequence[float]) -> float:
    """The highest level minus the lowest; at least two different levels are needed."""
    stated = numbers(levels, "levels")
    if len(set(stated.tolist())) < 2 or not np.isfinite(stated).all():
        raise UserError("levels must state at least two different values, such as (1, 2, 3).")
    return float(stated.max() - stated.min())


def numbers(values: Values, name: str) -> Floats:
    """The values as floats, None becoming NaN."""
    try:
        return np.array(list(values), dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise UserError(f"{name} must be numbers (None where there is no value).") from error


def paired(
    x: Values, y: Values, levels: Sequence[float]
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Both profiles as arrays, checked against the levels, and which items have both values."""
    left, right = numbers(x, "x"), numbers(y, "y")
    if len(left) != len(right):
        raise UserError(
            f"The profiles cover different numbers of items: {len(left)} and {len(right)}."
        )
    span_of(levels)
    _check_levels(left, levels)
    _check_levels(right, levels)
    both = ~(np.isnan(left) | np.isnan(right))
    if not both.any():
        raise UserError("No item has a value in both profiles, so there is nothing to compare.")
    return left, right, both


def _profiles(
    x: Values, y: Values, weights: Values | None, levels: Sequence[float]
) -> tuple[Floats, Floats, Floats]:
    left, right, both = paired(x, y, levels)
    weight = np.ones(len(left)) if weights is None else numbers(weights, "weights")
    if len(weight) != len(left):
        raise UserError(f"There are {len(weight)} weights for {len(left)} items; give one each.")
    kept = weight[both]
    check_weights(kept)
    return left[both], right[both], kept


def check_weights(weight: Floats) -> None:
    """Refuse weights that are unknown, negative, or all zero."""
    if not np.isfinite(weight).all():
        raise UserError("weights must be finite numbers.")
    if (weight < 0).any():
        raise UserError(f"weights must not be negative; the lowest is {weight.min():g}.")
    if not weight.any():
        raise UserError("All the weights are zero; give at least one above zero.")


def _check_levels(profile: Floats, levels: Sequence[float]) -> None:
    known = profile[~np.isnan(profile)]
    outside = np.setdiff1d(known, numbers(levels, "levels"))
    if len(outside):
        stated = ", ".join(f"{level:g}" for level in sorted(levels))
        raise UserError(f"A profile has the value {outside[0]:g}; the stated levels are {stated}.")
