"""The page's colours for readers who see fewer of them, and in the dark."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
from test_ontology_colours import VISIONS, _contrast, _lab, _linear
from view_pages import Opened, in_module

from geoties.ontology.kinds import kinds

pytest_plugins = ["view_pages"]
DARK, LIGHT = "#12161c", "#ffffff"
STEPS = 11
ENDS_APART, STEP_APART, KINDS_APART = 50.0, 2.5, 6.0
"""Least distances in CIELAB; 2.3 is a just noticeable difference."""


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    """Each vision as a function from a colour to its place in CIELAB."""
    return {name: lambda c, m=matrix: _lab(m @ _linear(c)) for name, matrix in VISIONS.items()}


def distance(see: Any, a: str, b: str) -> float:
    return float(np.linalg.norm(see(a) - see(b)))


def test_the_ends_of_the_scale_are_far_apart_in_every_vision(
    opened: Opened, seen: dict[str, Any]
) -> None:
    scale = in_module(opened(), "colour.js", f"Array.from({{length: {STEPS}}}, (_, i) => "
                      f"poleColour(i / {STEPS - 1}))")  # fmt: skip
    for name, see in seen.items():
        assert distance(see, scale[0], scale[-1]) > ENDS_APART, name
        for a, b in pairwise(scale):
            assert distance(see, a, b) > STEP_APART, (name, a, b)
        for left, right in zip(scale[:3], scale[-3:][::-1], strict=True):
            assert distance(see, left, right) > ENDS_APART / 2, (name, left, right)


def test_kinds_stay_apart_in_the_dark_in_every_vision(opened: Opened, seen: dict[str, Any]) -> None:
    drawn = [kind.colour for kind in kinds().values()]
    dark = in_module(opened(), "colour.js", "given.map(c => lineColour(c, {dark: true}))", drawn)
    for name, see in seen.items():
        for a, b in combinations(dark, 2):
            assert distance(see, a, b) >= KINDS_APART, (name, a, b)
    assert all(_contrast(colour, DARK) >= 3 for colour in dark)


def test_what_is_not_known_has_no_colour_of_the_scale(opened: Opened) -> None:
    """It is hatched on the paper: told apart by pattern, not by colour alone."""
    page = opened()
    fill = in_module(page, "colour.js", "scoreColour({low: 0, high: 100}, null)")
    assert fill is None
    for scheme, ground in (("light", LIGHT), ("dark", DARK)):
        shown = opened(color_scheme=scheme)
        unknown = shown.evaluate(
            "getComputedStyle(document.documentElement).getPropertyValue('--unknown').trim()"
        )
        assert _contrast(unknown, ground) >= 3
