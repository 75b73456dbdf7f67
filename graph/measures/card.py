"""What is written down about a measure: its card, and the function that computes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Reference:
    """A published or known value that the measure reproduces, as something to run.

    ``expression`` is Python over the names of :mod:`geoties.graph.measures` and
    :mod:`geoties.graph.measures.examples`, and ``measured(...)``, which is :func:`compute` on the
    default graph and its one value; formatted to the digits of ``printed`` it is ``printed``. The
    tests run every one of them.
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
    #: which of of, with, years, poles, issue, weights, on the measure reads; and region, where
    #: that is what a state is seen within
    takes: tuple[str, ...] = ("of", "with", "years")
    options: Mapping[str, str] = field(default_factory=dict)
    symmetric: bool = False
    version: str = "1"

    def text(self) -> str:
        """The card as Markdown, for the command line and the documentation."""
        facts = {
            "Formula": self.formula,
            "Citation": "; ".join([self.citation, *(f"doi:{doi}" for doi in self.doi)]),
            "Inputs": self.inputs,
            "Unit": self.unit,
            "Range": self.range,
            "High means": self.high_means,
            "Asked with": ", ".join(f"`--{name}`" for name in self.takes),
            "Family": f"{self.family}; version {self.version}"
            + ("; the same for both of a pair" if self.symmetric else ""),
        }
        lines = [f"# {self.id}", "", self.name, ""]
        lines += [f"- **{name}:** {fact}" for name, fact in facts.items()]
        for title, items in (
            ("Assumptions", self.assumptions),
            ("Known criticisms", self.criticisms),
            ("Options", [f"`{name}`: {what}" for name, what in self.options.items()]),
            ("Reference values", [_reference(reference) for reference in self.references]),
        ):
            lines += ["", f"**{title}**", "", *(f"- {item}" for item in items)] if items else []
        return "\n".join(lines) + "\n"


def _reference(reference: Reference) -> str:
    return f"{reference.statement}: {reference.printed} = `{reference.expression}`"


@dataclass(frozen=True, slots=True)
class Measure:
    """A card with the functions behind it, both called with the frames and a cut.

    ``compute`` returns the tidy result; ``explain`` the ties and numbers behind it,
    whose ``contribution`` adds up to the score.
    """

    card: Card
    compute: Callable[..., Any]
    explain: Callable[..., Any]
