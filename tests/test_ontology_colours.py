"""The colours of the kinds of tie stay apart, in light and dark, with and without full vision."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt

from geoties.ontology.kinds import kinds

Array = npt.NDArray[np.float64]
# Machado, Oliveira & Fernandes (2009), severity 1.0.
VISIONS: dict[str, Array] = {
    "full": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.01182, 0.04294, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.3039],
        ]
    ),
}
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.072175],
        [0.0193339, 0.119192, 0.9503041],
    ]
)
WHITE = np.array([0.95047, 1.0, 1.08883])
LEAST_DISTANCE = 9.0
LEAST_CONTRAST = 3.0


def _linear(colour: str) -> Array:
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def _lab(linear: Array) -> Array:
    x, y, z = np.cbrt(TO_XYZ @ np.clip(linear, 0.0, 1.0) / WHITE)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def _contrast(colour: str, ground: str) -> float:
    light = sorted(float(TO_XYZ[1] @ _linear(item)) for item in (colour, ground))
    return (light[1] + 0.05) / (light[0] + 0.05)


def test_colours_stand_out_from_a_light_and_a_dark_page() -> None:
    for kind in kinds().values():
        for ground in ("#ffffff", "#121212"):
            assert _contrast(kind.colour, ground) >= LEAST_CONTRAST, (kind.id, ground)


def test_no_two_colours_look_alike_in_any_vision() -> None:
    for vision, matrix in VISIONS.items():
        seen = {kind.id: _lab(matrix @ _linear(kind.colour)) for kind in kinds().values()}
        for one, other in combinations(seen, 2):
            distance = np.linalg.norm(seen[one] - seen[other])
            assert distance >= LEAST_DISTANCE, (vision, one, other, distance)
