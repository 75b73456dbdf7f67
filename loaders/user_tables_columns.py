"""Which column of a user's table is which of ours, and which of the four tables it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

import polars as pl

from geoties.graph.model import UserError
from geoties.loaders import user_tables_entities as entities
from geoties.loaders import user_tables_numbers as numbers
from geoties.loaders import user_tables_ties as ties
from geoties.loaders.user_tables_mapping import Layout
from geoties.loaders.user_tables_sheet import ROW, Sheet, shown

TIES, OBSERVATIONS, ENTITIES, COVERAGE = "ties", "observations", "entities", "coverage"


def columns_of(table: str) -> tuple[str, ...]:
    """The columns that one of the four tables may have.

    >>> columns_of("observations")[0]
    'entity'
    """
    if table == ENTITIES:
        return entities.columns()
    return {TIES: ties.COLUMNS, OBSERVATIONS: numbers.COLUMNS, COVERAGE: numbers.COVERAGE_COLUMNS}[
        table
    ]


def sorted_out(sheet: Sheet, layout: Layout, file: str) -> tuple[str, pl.DataFrame]:
    """Which table the sheet is, and its rows under our names; texts that mean nothing are empty.

    Raises `UserError` for a column that is neither ours, nor mapped, nor ignored.
    """
    headers = {name.casefold(): name for name in sheet.columns}
    mapped = dict(_mapped(layout, headers, file))
    ignored = {_header(name, headers, file) for name in layout.ignore}
    table = _table({*mapped, *layout.constants, *headers} - {n.casefold() for n in ignored}, file)
    known = columns_of(table)
    free = [name for name in sheet.columns if name not in {*mapped.values(), *ignored}]
    ours = {name.casefold(): name for name in known}
    places = {ours.get(name.casefold(), name): name for name in free} | mapped
    _check(places, layout, known, file)
    named = [
        pl.col(places[name]) if name in places else pl.lit(layout.constants.get(name, ""))
        for name in known
    ]
    rows = sheet.rows.select(
        ROW, *(column.alias(name) for name, column in zip(known, named, strict=True))
    )
    return table, rows.with_columns(pl.col(pl.String).replace(dict.fromkeys(layout.missing, "")))


def _mapped(layout: Layout, headers: Mapping[str, str], file: str) -> Iterator[tuple[str, str]]:
    for ours, theirs in layout.columns.items():
        yield ours, _header(theirs, headers, file)


def _header(name: str, headers: Mapping[str, str], file: str) -> str:
    if name.strip().casefold() not in headers:
        there = ", ".join(shown(header) for header in headers.values())
        raise UserError(f"{file} has no column {shown(name)!r}; there are: {there}.")
    return headers[name.strip().casefold()]


def _table(names: set[str], file: str) -> str:
    if names & {"entity", "indicator"}:
        return OBSERVATIONS
    if names & {"from", "to"}:
        return TIES
    if "label" in names:
        return ENTITIES
    if "status" in names:
        return COVERAGE
    raise UserError(
        f"{file} has no column from or to, nor entity or label; name the columns as "
        "`geoties template KIND` does, or say in a mapping file which is which."
    )


def _near(name: str, known: tuple[str, ...]) -> str:
    """The columns that may be meant, or the first of those there are."""
    near = get_close_matches(name.casefold(), known, n=3)
    near += [one for one in known if name.casefold() in one.casefold() and one not in near]
    if near:
        return f"it may be {' or '.join(near[:3])}"
    more = f" and {len(known) - 20} more" * (len(known) > 20)
    return f"there are {', '.join(known[:20])}{more}"


def _check(places: Mapping[str, str], layout: Layout, known: tuple[str, ...], file: str) -> None:
    for name, header in places.items():
        if name in layout.constants:
            raise UserError(f"{file}: {name} is given both by a column and for every row.")
        if name not in known and name != header:
            raise UserError(f"{file}: [columns] {name!r} is none of ours; {_near(name, known)}.")
        if name not in known:
            raise UserError(
                f"{file}: the column {shown(header)!r} is not known; {_near(name, known)}; "
                "map it, or list it under ignore in a mapping file."
            )
    for name in layout.constants:
        if name not in known:
            raise UserError(f"{file}: there is no column {name!r}; there are: {', '.join(known)}.")
