"""What users may write for files, names and kinds of tie."""

from __future__ import annotations

import os
from collections.abc import Sequence

from geoties.graph.model import UserError

PathLike = str | os.PathLike[str]
Names = str | Sequence[str]


def several(names: Names) -> tuple[str, ...]:
    """One name, several with commas, or a sequence of names."""
    parts = names.split(",") if isinstance(names, str) else names
    return tuple(part.strip() for part in parts if part.strip())


def known_kinds(names: Sequence[str]) -> tuple[str, ...]:
    """The kinds of tie that are asked for; raises `UserError` with the list for an unknown one."""
    from geoties.ontology.kinds import kinds

    for name in names:
        if name not in kinds():
            raise UserError(f"There is no kind of tie {name!r}; there are: {', '.join(kinds())}.")
    return tuple(names)
