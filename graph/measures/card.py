"""What is written down about a measure: its card, and the function that computes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Reference:
    """A published or known value that the measure reproduces, as something to run.

    ``expression`` is Python over the names of :mod:`geoties.graph.measures` and
    :mod:`geoties.graph.measures.examples`; its value, formatted to the digits of
    ``printed``, is ``printed``. The tests run every one of them.
    """

    statement: str
    expression: str
    printed: str


@dataclass(frozen=True, slots=True)
class Card:
    """One measure in words: what it says, by which formula, from what, and its limits."""

    id: str
    name: str
    family: str
    formula: str
    citation: str
    inputs: str
    unit: str
    range: str
    high_means: str
    assumptions: tuple[str, ...]
    criticisms: tuple[str, ...]
    doi: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    kinds: tuple[str, ...] = ()
    #: which of of, with, years, poles, issue, weights, on the measure reads
    takes: tuple[str, ...] = ("of", "with", "years")
    options: Mapping[str, str] = field(default_factory=dict)
    symmetric: bool = False
    version: str = "1"


@dataclass(frozen=True, slots=True)
class Measure:
    """A card with the functions behind it, both called with the frames and a cut.

    ``compute`` returns the tidy result; ``explain`` the ties and numbers behind it,
    whose ``contribution`` adds up to the score (None: the score is its own explanation).
    """

    card: Card
    compute: Callable[..., Any]
    explain: Callable[..., Any] | None = None
