"""Questions about how much: answered from the columns by the measure that the header names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from geoties.graph.measures.registry import cards, compute
from geoties.graph.model import short_id
from geoties.graph.store import Answer, Value
from geoties.queries.header import Question

if TYPE_CHECKING:
    from geoties.graph.frames import Frames

# How the parameters of a question are spelled by `compute`; others are the measure's own options.
_SPELLED = {"country": "of", "partner": "with_", "with": "with_"}
_NUMBERS = ("number", "year")


def answer_from_columns(
    question: Question, values: Mapping[str, str], frames: Frames, graph_date: str
) -> Answer:
    """The columns that the header names, of the measure that it names.

    `values` are the checked values of the parameters; those left out are not asked.
    """
    types = {parameter.name: parameter.type for parameter in question.parameters}
    asked: dict[str, Any] = {}
    for name, value in values.items():
        if value:
            whole = types[name] in _NUMBERS
            asked[_SPELLED.get(name, name)] = int(value) if whole else value
    if "on" in asked and "on" not in cards()[question.measure].takes:
        del asked["on"]
    table = compute(question.measure, frames, **asked)
    columns = tuple(column.name for column in question.columns)
    rows = [tuple(_shown(cell) for cell in row) for row in table.select(columns).rows()]
    return Answer(columns, rows)


def _shown(cell: Value) -> Value:
    """Ids as people see them."""
    if isinstance(cell, str) and cell.startswith(("source/", "state/", "body/")):
        return "; ".join(short_id(part) for part in cell.split("; "))
    return cell
