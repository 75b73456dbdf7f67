"""What two states share: Jaccard similarity of their memberships or agreements."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

from geoties.graph.model import UserError

Item = TypeVar("Item", bound=Hashable)


def jaccard(
    a: Iterable[Item], b: Iterable[Item], *, weights: Mapping[Item, float] | None = None
) -> float:
    """What two sets share over what either has, from 0 to 1.

    With ``weights`` (for instance 1 / number of members, so that a club of five counts
    more than the United Nations) each item counts as much as its weight. NaN where
    neither set has anything: sharing nothing of nothing is no value.

    Args:
        a: Items of the one side, such as the bodies a state is a member of.
        b: Items of the other side.
        weights: Weight of every item of either side, none negative.

    Raises:
        UserError: when an item has no weight, or a negative one.

    Source: Jaccard (1912), doi:10.1111/j.1469-8137.1912.tb05611.x.

    >>> jaccard({"APEC", "WTO", "UN"}, {"WTO", "UN", "SCO"})
    0.5
    >>> round(jaccard({"club", "UN"}, {"UN"}, weights={"club": 0.2, "UN": 0.005}), 4)
    0.0244
    """
    left, right = set(a), set(b)
    weight = _checked(left | right, weights)
    either = math.fsum(weight.values())
    return math.fsum(weight[item] for item in left & right) / either if either else math.nan


def _checked(items: set[Item], weights: Mapping[Item, float] | None) -> Mapping[Item, float]:
    """The weight of every item, 1 where none are given."""
    if weights is None:
        return dict.fromkeys(items, 1.0)
    for item in sorted(items, key=str):
        if item not in weights or not weights[item] >= 0:
            raise UserError(f"The weight of {item} is missing or negative.")
    return {item: weights[item] for item in items}
