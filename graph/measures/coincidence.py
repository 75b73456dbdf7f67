"""Voting coincidence as the US Department of State publishes it, in its two variants."""

from __future__ import annotations

import math
from typing import Literal

from geoties.graph.model import UserError

Variant = Literal["without-absences", "with-absences"]


def voting_coincidence(
    *,
    same: float,
    opposite: float,
    partial: float,
    absent: float = 0,
    variant: Variant = "with-absences",
) -> float:
    """Share of coincidence with a reference state, from 0 to 1.

    ``without-absences`` (reports of 2018 and 2020): (same + partial/2) / (same + partial +
    opposite). ``with-absences`` (2022 and 2023): an absence also counts one half and
    stands in the denominator. NaN where there is no vote to count.

    Args:
        same: Roll calls with the same vote.
        opposite: Roll calls with opposite votes (yes against no).
        partial: Roll calls in which one of the two abstained.
        absent: Roll calls in which the state took no part and the reference did.
        variant: Which of the two published formulas.

    Raises:
        UserError: on a negative count or an unknown variant.

    Source: US Department of State, Voting Practices in the United Nations, 2018-2023.

    >>> round(voting_coincidence(same=24, opposite=47, partial=15, absent=2), 4)
    0.3693
    """
    if variant not in ("without-absences", "with-absences"):
        raise UserError(f'variant is "without-absences" or "with-absences", not {variant!r}.')
    if min(same, opposite, partial, absent) < 0:
        raise UserError("Counts of roll calls must not be negative.")
    half = partial + (absent if variant == "with-absences" else 0)
    votes = same + opposite + half
    return (same + half / 2) / votes if votes else math.nan
