"""Concentration of amounts (partners, products), in the forms that are all called HHI."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from geoties.graph.measures.profiles import Values, numbers
from geoties.graph.model import UserError

Form = Literal["sum-of-squares", "points", "hirschman", "normalised"]


def concentration(values: Values, form: Form = "sum-of-squares") -> float:
    """How concentrated amounts are, from evenly spread to all in one.

    With s the share of each amount in their sum and H the sum of the squared shares:
    ``sum-of-squares`` is H, in [1/n, 1]; ``points`` 10,000 H; ``hirschman`` the square
    root of H; ``normalised`` (H - 1/n) / (1 - 1/n), in [0, 1].

    Args:
        values: Amounts of one unit, none negative; n counts them all, zeros included.
        form: Which of the four.

    Returns:
        The concentration; NaN where the amounts sum to zero, and for ``normalised``
        where there is only one.

    Raises:
        UserError: on a negative or unknown amount, no amounts, or an unknown form.

    Source: Hirschman (1945), National Power and the Structure of Foreign Trade.

    >>> concentration([50, 30, 20])
    0.38
    >>> concentration([25, 25, 25, 25], form="normalised")
    0.0
    """
    if form not in ("sum-of-squares", "points", "hirschman", "normalised"):
        raise UserError(f"form is sum-of-squares, points, hirschman or normalised, not {form!r}.")
    amounts = _amounts(values)
    total = math.fsum(amounts)
    if total == 0:
        return math.nan
    return shaped(math.fsum((amounts / total) ** 2), len(amounts), form)


def shaped(sum_of_squares: float, n: int, form: Form) -> float:
    """Turn the sum of the squared shares of n amounts into the form asked for."""
    if form == "points":
        return 10_000 * sum_of_squares
    if form == "hirschman":
        return math.sqrt(sum_of_squares)
    if form == "normalised":
        return (sum_of_squares - 1 / n) / (1 - 1 / n) if n > 1 else math.nan
    return sum_of_squares


def _amounts(values: Values) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    amounts = numbers(values, "values")
    if not len(amounts):
        raise UserError("concentration needs at least one amount.")
    if not np.isfinite(amounts).all():
        raise UserError("concentration needs amounts that are all known and finite.")
    if (amounts < 0).any():
        raise UserError(f"Amounts must not be negative; the lowest is {amounts.min():g}.")
    return amounts
