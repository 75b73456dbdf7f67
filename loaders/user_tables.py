"""A user's own table, read strictly: every row is taken, said twice, or rejected with a reason."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from geoties.graph.model import Entity, Rejection, Report, Source, Tables, UserError
from geoties.loaders import user_tables_cells as cells
from geoties.loaders import user_tables_columns as columns
from geoties.loaders import user_tables_entities as entities
from geoties.loaders import user_tables_numbers as numbers
from geoties.loaders import user_tables_ties as ties
from geoties.loaders.user_tables_files import read_sheets
from geoties.loaders.user_tables_mapping import Layout
from geoties.loaders.user_tables_names import World, check_names
from geoties.loaders.user_tables_problems import first_of_each_row, of_source
from geoties.loaders.user_tables_sheet import MOST_BYTES, ROW, Sheet


@dataclass(frozen=True)
class Given:
    """What the user says of a table beside the file: empty where the mapping file says it."""

    path: Path
    mapping: Path | None = None
    source: str = ""
    title: str = ""
    licence: str = ""
    kind: str = ""

    @property
    def files(self) -> dict[str, Path]:
        """The user's files by what they are."""
        return {"table": self.path} | ({"mapping": self.mapping} if self.mapping else {})


@dataclass
class UserTable:
    """What was read: the source, its tables with their account, and which rows said nothing new.

    `repeated` are rows with what says the same. `notes` are for the user to see.
    """

    source: Source
    tables: Tables
    repeated: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_user_table(given: Given, layout: Layout, source: Source, world: World) -> UserTable:
    """Read a user's table, written as `layout` says, for the graph that `world` tells of.

    Raises `UserError` where the file as a whole cannot be read; rows that cannot be taken are in
    the report.
    """
    check_names(layout, world)
    return read_sheets_of(read_sheets(given.path, layout), layout, source, world, given.path.name)


def read_sheets_of(
    sheets: Iterable[Sheet], layout: Layout, source: Source, world: World, name: str
) -> UserTable:
    """Read sheets that were made of something that messages call `name`."""
    reading = _Reading(layout, world, source.entity, name)
    for sheet in _entities_first(sheets, reading):
        reading.take(*sheet)
    stated = numbers.read_coverage(layout.coverage, layout, reading.world, source.entity)
    return reading.result(source, stated)


def _check_file(path: Path) -> None:
    if not path.exists():
        raise UserError(f"{path} does not exist; give the path of your table.")
    if not path.is_file():
        raise UserError(f"{path} is no file; give the path of one table.")
    if path.stat().st_size > MOST_BYTES:
        most = f"{MOST_BYTES // 1024 // 1024} MB"
        raise UserError(f"{path.name} is larger than {most}; add it in parts, each as a source.")


def _entities_first(
    sheets: Iterable[Sheet], reading: _Reading
) -> list[tuple[str, pl.DataFrame, Sheet]]:
    """The sheets with what they are; entities lead, for ties may name them."""
    sorted_out = [
        (*columns.sorted_out(sheet, reading.layout, reading.file), sheet) for sheet in sheets
    ]
    return sorted(sorted_out, key=lambda item: item[0] != columns.ENTITIES)


_TEXT = tuple(f".{kind}{packed}" for kind in ("csv", "tsv") for packed in ("", ".gz", ".zip"))


@dataclass
class _Reading:
    """What was gathered so far."""

    layout: Layout
    world: World
    source: str
    file: str
    tables: Tables = field(default_factory=Tables.of)
    repeated: list[tuple[int, str]] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    read: int = 0
    loaded: int = 0
    notes: list[str] = field(default_factory=list)

    def take(self, table: str, rows: pl.DataFrame, sheet: Sheet) -> None:
        """Read the rows of one sheet."""
        self.read += sheet.read
        self.rejected += sheet.rejected
        steps: Mapping[str, Callable[[pl.DataFrame], None]] = {
            columns.TIES: self._ties,
            columns.OBSERVATIONS: self._observations,
            columns.ENTITIES: self._entities,
            columns.COVERAGE: self._coverage,
        }
        steps[table](rows)

    def _ties(self, rows: pl.DataFrame) -> None:
        self.notes += _about_na(rows, ("from", "to", "via"), self.layout)
        layout = self._looked_at(rows)
        typed, found = ties.read_ties(rows, layout, self.world, self.source)
        self.tables.ties, repeated, against = ties.stamped(typed, self.source)
        self._account(self.tables.ties.height, found, repeated, against)

    def _observations(self, rows: pl.DataFrame) -> None:
        self.notes += _about_na(rows, ("entity",), self.layout)
        layout = self._looked_at(rows)
        typed, found = numbers.read_observations(rows, layout, self.world, self.source)
        self.tables.observations, repeated, against = numbers.settled(typed, self.source)
        self._account(self.tables.observations.height, found, repeated, against)

    def _looked_at(self, rows: pl.DataFrame) -> Layout:
        """The layout, with what the values of a text file show of signs that nobody declared."""
        if self.layout.decimal or self.layout.thousands or not self.file.lower().endswith(_TEXT):
            return self.layout
        doubtful = cells.doubtful_points(rows["value"].unique(maintain_order=True))
        return replace(self.layout, doubtful_points=doubtful)

    def _entities(self, rows: pl.DataFrame) -> None:
        made = entities.read_entities(rows, self.layout, self.world)
        good, repeated, against = entities.settled(made.read)
        self._know(good)
        told = pl.DataFrame(
            [(row, "", other) for row, other in against],
            schema={ROW: pl.UInt32, "record": pl.String, "other": pl.UInt32},
            orient="row",
        )
        again = pl.DataFrame(repeated, schema={ROW: pl.UInt32, "first": pl.UInt32}, orient="row")
        self._account(len(good), made.found, again, told)
        self.repeated += [(row, "the graph says so already") for row in made.known]

    def _know(self, good: list[Entity]) -> None:
        self.tables.entities = Tables.of(good).entities
        every = pl.concat([self.world.entities, self.tables.entities])
        self.world = World(self.world.names, every, self.world.day)

    def _coverage(self, rows: pl.DataFrame) -> None:
        rows, found = of_source(rows, self.source)
        self.rejected += first_of_each_row(found)
        stated = [
            {**row, "from_year": _whole(row["from_year"]), "to_year": _whole(row["to_year"])}
            for row in rows.drop(ROW, "source").iter_rows(named=True)
        ]
        self.tables.coverage = numbers.read_coverage(stated, self.layout, self.world, self.source)
        self.loaded += len(stated)

    def _account(
        self, loaded: int, found: list[pl.DataFrame], repeated: pl.DataFrame, against: pl.DataFrame
    ) -> None:
        self.loaded += loaded
        self.rejected += first_of_each_row(found)
        told = repeated.sort(ROW).iter_rows()
        self.repeated += [(row, f"it says the same as row {first}") for row, first in told]
        self.rejected += [
            Rejection(row, "record", record, f"row {other} says something else of the same")
            for row, record, other in against.sort(ROW).iter_rows()
        ]

    def result(self, source: Source, coverage: pl.DataFrame) -> UserTable:
        """The whole, with an account that adds up."""
        if not self.read:
            raise UserError(f"{self.file} has no rows below its header.")
        self.tables.coverage = pl.concat([self.tables.coverage, coverage])
        self.rejected.sort(key=lambda item: item.row)
        report = Report(self.read, self.loaded, len(self.repeated), self.rejected)
        assert report.balanced(), "every row is accounted for"
        self.tables.report = report
        return UserTable(source, self.tables, self.repeated, self.notes)


def _whole(text: str) -> int | None:
    if not text:
        return None
    try:
        return cells.year(text)
    except ValueError as problem:
        told = f"In what the table says it covers, a year is {text!r}"
        raise UserError(f"{told}: {problem}.") from None


def _about_na(rows: pl.DataFrame, names: Iterable[str], layout: Layout) -> list[str]:
    """NA is Namibia where a country stands; some programs write it for what is missing."""
    count = sum(rows.filter(pl.col(name) == "NA").height for name in names)
    if not count or "NA" in layout.names:
        return []
    told = "declare missing = ['NA'] if it means that nothing is known"
    return [f"NA was read as Namibia in {count:,} cells; {told}."]


_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


def describe(given: Given, layout: Layout, day: str) -> Source:
    """The source that the user's table is: what they say of it, and the least where they do not.

    `day` is the graph's date: until then a lasting tie without an end was seen to last, unless
    the user says when the table was retrieved. Raises `UserError` for a file that there is not.
    """
    _check_file(given.path)
    said = dict(layout.source)
    name = given.source or said.get("id", "") or _name_of(given.path)
    if not _ID.fullmatch(name):
        raise UserError(
            f"{name!r} cannot be the id of a source; "
            "give one of small letters, digits and hyphens with --source."
        )
    title = given.title or said.get("title", "") or f"Your table {given.path.name}"
    digest = hashlib.sha256(given.path.read_bytes()).hexdigest()[:12]
    return Source(
        id=name,
        title=title,
        publisher=said.get("publisher", "") or "you",
        url=said.get("url", ""),
        licence=given.licence or said.get("licence", "") or "not stated",
        licence_class="C",
        version=said.get("version", "") or f"file {given.path.name}, SHA-256 {digest}",
        retrieved=_day(said.get("retrieved", "") or day),
        citation=said.get("citation", "") or title,
        embedded="none",
        filenames=(given.path.name,),
    )


def _name_of(path: Path) -> str:
    """An id made of a file's name."""
    stem = path.name.split(".", 1)[0]
    bare = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UserError(
            f"[source] retrieved is {text!r}; write a day such as 2025-11-01."
        ) from None
