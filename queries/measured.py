"""Questions about how much: answered from the columns by the measure that their header names.

The measure's own columns are the answer, as far as the header names them, and the parameters are
handed on to it. A question that needs more (two measures, two years compared, a ranking) is
answered by the function of its own name in `queries.compared`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from geoties.graph.measures.registry import compute
from geoties.graph.model import short_id
from geoties.graph.store import Answer, Value
from geoties.queries import compared
from geoties.queries.header import Question

if TYPE_CHECKING:
    from geoties.graph.frames import Frames

# How the parameters of a question are spelled by `compute`; others are the measure's own options.
_SPELLED = {"country": "of", "partner": "with_", "with": "with_"}
_NUMBERS = ("number", "year")


def answer_from_columns(question: Question, values: Mapping[str, str], frames: Frames) -> Answer:
    """The columns that the header names; `values` are the checked values of the parameters."""
    own = getattr(compared, question.name.replace("-", "_"), None)
    table = own(frames, values) if own else _measured(question, values, frames)
    columns = tuple(column.name for column in question.columns)
    rows = [tuple(_shown(cell) for cell in row) for row in table.select(columns).rows()]
    return Answer(columns, rows)


def _measured(question: Question, values: Mapping[str, str], frames: Frames) -> pl.DataFrame:
    """The measure as the parameters ask for it; one that is left out is not asked."""
    types = {parameter.name: parameter.type for parameter in question.parameters}
    asked: dict[str, Any] = {}
    for name, value in values.items():
        if value:
            number = types[name] in _NUMBERS
            asked[_SPELLED.get(name, name)] = int(value) if number else value
    return compute(question.measure, frames, **asked)


def _shown(cell: Value) -> Value:
    """Ids as people see them, and nothing for an empty text."""
    if isinstance(cell, str) and cell.startswith(("source/", "state/", "body/")):
        return "; ".join(short_id(part) for part in cell.split("; "))
    return None if cell == "" else cell
