"""What differs between two builds, and why: `geoties diff OLD NEW`.

Each change has a cause. *The world changed*: the new date or year lies after the old graph's own
date. *Newly known*: a source that the old graph did not have, or a fact of before that date that
no source had told. *Source corrected itself*: a source that both graphs have says something else,
or no longer says it. *Source dropped*: the new graph has no such source.

Where a loader brings one new release in place of one old one, these are the same source: what the
new release says otherwise is a correction, not a thing dropped and another one added.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoties.graph.model import COVERAGE, ENTITIES, OBSERVATIONS, UserError
from geoties.graph.snapshots import Snapshot, current, open_build
from geoties.graph.store import Answer

if TYPE_CHECKING:
    import polars as pl

COLUMNS = ("change", "cause", "what", "kind", "from", "to", "via", "column", "old", "new",
           "source", "record")  # fmt: skip
WORLD, KNOWN, CORRECTED, DROPPED = (
    "the world changed", "newly known", "source corrected itself", "source dropped",
)  # fmt: skip
CAUSES = (WORLD, KNOWN, CORRECTED, DROPPED)
_TIE = ("from", "to", "via", "role", "topic", "start", "end", "year", "value", "unit",
        "reference")  # fmt: skip
_ENDS = ("end", "valid_to")
CURRENT = "current"


def kept_build(directory: Path, name: str) -> Snapshot:
    """The build that a checksum, the beginning of one, `current` or a folder names.

    Raises `UserError` where that is none or several.
    """
    if name == CURRENT:
        return current(directory)
    folder = Path(name)
    if name and (folder / "manifest.json").is_file():
        return open_build(folder)
    if name and (folder / CURRENT).is_file():
        return current(folder)
    builds = sorted(p for p in (directory / "builds").glob("*") if not p.name.startswith("."))
    found = [path for path in builds if name and path.name.startswith(name)]
    exact = [path for path in found if path.name == name]
    if len(exact or found) == 1:
        return open_build((exact or found)[0])
    known = ", ".join(path.name[:12] for path in builds) or "none"
    what = "is the beginning of several builds" if found else "is no build"
    raise UserError(f"{name!r} {what}; kept are: {known}.")


def differences(old: Snapshot, new: Snapshot, kinds: Sequence[str] = ()) -> Answer:
    """What was added, removed or changed, with the cause of each change.

    Columns: change (added, removed, changed), cause, what (tie, observation, entity, coverage),
    kind, from, to, via, column (that changed), old, new, source, record. `kinds` keeps the ties of
    some kinds.
    """
    import polars as pl

    told = [frame for pair in _pairs(old, new, kinds) for frame in _told(pair)]
    columns = [pl.Series(name, dtype=pl.String) for name in COLUMNS]
    rows = pl.concat([pl.DataFrame(columns), *told]).sort(*COLUMNS)
    return Answer(COLUMNS, rows.rows())


@dataclass(frozen=True)
class Pair:
    """One table of both builds: rows with a `key` in common are the same fact."""

    what: str
    old: pl.DataFrame
    new: pl.DataFrame
    compared: tuple[str, ...]
    date: str
    known: frozenset[str]
    kept: frozenset[str]

    @property
    def added(self) -> pl.DataFrame:
        """The rows that only the new build has."""
        return self.new.join(self.old.select("key"), on="key", how="anti")

    @property
    def removed(self) -> pl.DataFrame:
        """The rows that only the old build has."""
        return self.old.join(self.new.select("key"), on="key", how="anti")

    @property
    def changed(self) -> pl.DataFrame:
        """The rows that both have and that are not the same; the new ones end in `_new`."""
        import polars as pl

        differs = [pl.col(name).ne_missing(pl.col(f"{name}_new")) for name in self.compared]
        both = self.old.join(self.new, on="key", suffix="_new")
        return both.filter(pl.any_horizontal(differs))


def _pairs(old: Snapshot, new: Snapshot, kinds: Sequence[str]) -> Iterator[Pair]:
    """The tables that are not the same file in both builds."""
    successors = _successors(old, new)
    known, kept = (_sources(snapshot) for snapshot in (old, new))
    kept |= successors.keys()
    known |= set(successors.values())
    for name in unlike_tables(old, new, kinds):
        what, compared = _COMPARED.get(name, ("tie", _TIE))
        before = _keyed(name, frame_of(old, name), successors)
        after = _keyed(name, frame_of(new, name), {})
        sets = frozenset(known), frozenset(kept)
        yield Pair(what, before, after, compared, old.graph_date, *sets)


_COMPARED = {
    "observations": ("observation", ("value", "unit", "record")),
    "entities": ("entity", tuple(ENTITIES)[1:]),
    "coverage": ("coverage", ("status", "note")),
}


def unlike_tables(old: Snapshot, new: Snapshot, kinds: Sequence[str]) -> list[str]:
    """The tables of which the two builds have not the same file."""
    names = {name for one in (old, new) for name in _tables(one, kinds)}
    return [
        name
        for name in sorted(names)
        if not _checksum(old, name) or _checksum(old, name) != _checksum(new, name)
    ]


def _tables(snapshot: Snapshot, kinds: Sequence[str]) -> list[str]:
    from geoties.queries.asking import kinds_named

    ties = {path.stem for path in (snapshot.folder / "frames" / "ties").glob("*.parquet")}
    wanted = [f"ties/{kind.id}" for kind in kinds_named(kinds) if kind.id in ties]
    return wanted if kinds else [*wanted, *_COMPARED]


def _checksum(snapshot: Snapshot, table: str) -> str:
    return str(snapshot.manifest["frames"].get(f"{table}.parquet", ""))


def frame_of(snapshot: Snapshot, table: str) -> pl.DataFrame:
    """A table of a build by its name: `ties/membership`, `observations`, …"""
    from geoties.graph.frames import Frames

    frames = Frames(snapshot.folder / "frames")
    if table.startswith("ties/"):
        return frames.ties(table.removeprefix("ties/"))
    return {"observations": frames.observations, "entities": frames.entities,
            "coverage": frames.coverage}[table]()  # fmt: skip


def _keyed(table: str, rows: pl.DataFrame, successors: Mapping[str, str]) -> pl.DataFrame:
    """Rows with what makes each the same fact in another build; dates as precise as known."""
    import polars as pl

    if table == "entities":
        return rows.with_columns(key=pl.col("id"))
    if table.startswith("ties/"):
        rows = rows.with_columns(_shown(name) for name in ("start", "end"))
    names = {
        "observations": ("entity", "indicator", "year"),
        "coverage": ("kind", "from_scope", "to_scope", "via_scope", "topic_scope", "from_year",
                     "to_year"),
    }.get(table, ("record",))  # fmt: skip
    source = pl.col("source").replace(successors)
    parts = [pl.col(name).cast(pl.String).fill_null("") for name in names]
    return rows.with_columns(key=pl.concat_str(source, *parts, separator="\t")).unique(
        "key", keep="first", maintain_order=True
    )


def _shown(date: str) -> pl.Expr:
    import polars as pl

    length = pl.col(f"{date}_precision").replace_strict({"year": 4, "month": 7}, default=10)
    return pl.col(date).str.slice(0, length)


def _sources(snapshot: Snapshot) -> set[str]:
    return {f"source/{source['id']}" for source in snapshot.manifest["sources"]}


def _successors(old: Snapshot, new: Snapshot) -> dict[str, str]:
    """The new release of each old one that is gone, where a loader brings one for one."""
    gone, come = (
        _by_loader(one, _sources(one) - _sources(other)) for one, other in ((old, new), (new, old))
    )
    return {
        before[0]: come[loader][0]
        for loader, before in gone.items()
        if len(before) == len(come.get(loader, ())) == 1
    }


def _by_loader(snapshot: Snapshot, sources: set[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for source in snapshot.manifest["sources"]:
        if f"source/{source['id']}" in sources and source.get("loader"):
            found.setdefault(source["loader"], []).append(f"source/{source['id']}")
    return found


def _told(pair: Pair) -> Iterator[pl.DataFrame]:
    """The changes of one table as rows of the answer."""
    import polars as pl

    yield _rows(pair, "added", pair.added, _cause_of_new(pair), new=_summary(pair))
    yield _rows(pair, "removed", pair.removed, _cause_of_gone(pair), old=_summary(pair))
    for name, rows, cause in _changes(pair):
        sides = {"column": pl.lit(name), "old": pl.col("before"), "new": pl.col("after")}
        yield _rows(pair, "changed", rows, cause, **sides)


def _changes(pair: Pair) -> Iterator[tuple[str, pl.DataFrame, pl.Expr]]:
    """Each column that changed, the rows in which it did, with `before` and `after`, and why."""
    import polars as pl

    changed = pair.changed
    for name in pair.compared:
        rows = changed.filter(pl.col(name).ne_missing(pl.col(f"{name}_new")))
        if rows.height:
            before, after = (_text(rows[column]) for column in (name, f"{name}_new"))
            rows = rows.with_columns(before.alias("before"), after.alias("after"))
            yield name, rows, _cause_of_change(pair, name)


def _from_one_of(pair: Pair, sources: frozenset[str]) -> pl.Expr:
    import polars as pl

    if pair.what == "entity":  # an entity is of no one source
        return pl.lit(True)
    return pl.col("source").is_in(sorted(sources))


def _cause_of_new(pair: Pair) -> pl.Expr:
    import polars as pl

    date, year = pl.lit(pair.date), int(pair.date[:4])
    after = {
        "tie": (pl.col("start") > date) | (pl.col("year").fill_null(0) > year),
        "observation": pl.col("year") > year,
        "entity": pl.col("valid_from") > date if pair.what == "entity" else pl.lit(False),
    }.get(pair.what, pl.lit(False))
    news = after & _from_one_of(pair, pair.known)
    return pl.when(news).then(pl.lit(WORLD)).otherwise(pl.lit(KNOWN))


def _cause_of_gone(pair: Pair) -> pl.Expr:
    import polars as pl

    kept = _from_one_of(pair, pair.kept)
    return pl.when(kept).then(pl.lit(CORRECTED)).otherwise(pl.lit(DROPPED))


def _cause_of_change(pair: Pair, column: str) -> pl.Expr:
    """An end that came after the old graph's date is news; any other change is a correction.

    What a source had left open and now tells is newly known.
    """
    import polars as pl

    told_now = (pl.col("before") == "") & (pl.col("after") != "")
    end = "valid_to" if pair.what == "entity" else "end"
    ended = pl.lit(False)
    if column in _ENDS:
        ended = (pl.col(end) == "") & (pl.col(f"{end}_new") > pl.lit(pair.date))
    return (
        pl.when(ended).then(pl.lit(WORLD))
        .when(told_now).then(pl.lit(KNOWN))
        .otherwise(pl.lit(CORRECTED))
    )  # fmt: skip


def _rows(
    pair: Pair, change: str, rows: pl.DataFrame, cause: pl.Expr, **told: pl.Expr
) -> pl.DataFrame:
    import polars as pl

    empty = dict.fromkeys(("to", "via", "column", "old", "new", "source", "record"), pl.lit(""))
    cells = {"change": pl.lit(change), "cause": cause, "what": pl.lit(pair.what), **empty}
    cells |= _PLACES[pair.what]() | told
    return rows.select(cells[name].cast(pl.String).fill_null("").alias(name) for name in COLUMNS)


def _short(column: str) -> pl.Expr:
    import polars as pl

    return pl.col(column).str.replace(r"^.*/", "")


def _of_tie() -> dict[str, pl.Expr]:
    import polars as pl

    ends = {name: _short(name) for name in ("from", "to", "via", "source")}
    return {"kind": pl.col("kind"), "record": pl.col("record"), **ends}


def _of_observation() -> dict[str, pl.Expr]:
    import polars as pl

    record = pl.concat_str(_short("entity"), pl.lit("-"), pl.col("year"))
    return {"kind": pl.col("indicator"), "from": _short("entity"), "source": _short("source"),
            "record": record}  # fmt: skip


def _of_entity() -> dict[str, pl.Expr]:
    import polars as pl

    return {"kind": pl.col("kind"), "from": _short("id"), "record": pl.col("id")}


def _of_coverage() -> dict[str, pl.Expr]:
    import polars as pl

    years = [pl.col(name).cast(pl.String).fill_null("") for name in ("from_year", "to_year")]
    ends = {name: _short(f"{name}_scope") for name in ("from", "to", "via")}
    return {"kind": pl.col("kind"), **ends, "source": _short("source"),
            "record": pl.concat_str(*years, separator="-")}  # fmt: skip


_PLACES = {
    "tie": _of_tie,
    "observation": _of_observation,
    "entity": _of_entity,
    "coverage": _of_coverage,
}


def _summary(pair: Pair) -> pl.Expr:
    """What a row says beside its ends."""
    import polars as pl

    if pair.what in ("tie", "observation"):
        cells = ("year", "value", "unit") if pair.what == "observation" else _SAID
        told = pl.struct(cells).map_elements(_said, return_dtype=pl.String)
        return told
    return pl.col("labels" if pair.what == "entity" else "status")


_SAID = ("year", "value", "unit", "role", "start", "end")


def _said(row: Mapping[str, Any]) -> str:
    if row["year"] is not None:
        return f"{row['year']}: {_number(row['value'])} {row['unit']}".strip()
    return f"{row['role']} {row['start'] or '?'} to {row['end'] or '…'}".strip()


def _number(value: Any) -> str:
    """A number as people write it: whole ones without a point, and never with an exponent."""
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return "" if value is None else str(value)


def _text(values: pl.Series) -> pl.Series:
    import polars as pl

    if values.dtype == pl.Float64:
        return pl.Series([_number(value) for value in values], dtype=pl.String)
    return values.cast(pl.String).fill_null("")


def causes(old: Snapshot, new: Snapshot, kinds: Sequence[str] = ()) -> dict[str, str]:
    """The cause of the change of each tie, entity, observation and coverage, by its id."""
    found: dict[str, str] = {}
    for pair in _pairs(old, new, kinds):
        changed = [rows.with_columns(cause=cause) for _, rows, cause in _changes(pair)]
        for rows in (
            pair.added.with_columns(cause=_cause_of_new(pair)),
            pair.removed.with_columns(cause=_cause_of_gone(pair)),
            *changed,
        ):
            for subject, cause in _subjects(pair, rows):
                found.setdefault(subject, cause)
    return found


def _subjects(pair: Pair, rows: pl.DataFrame) -> Iterator[tuple[str, str]]:
    """The ids of rows as subjects of the graph, each with its cause."""
    from geoties.graph.model import BASE
    from geoties.graph.triples import with_coverage_subject, with_observation_subject

    if "id" in rows.columns:
        yield from rows.select("id", "cause").iter_rows()
        return
    plain = rows.select(*(OBSERVATIONS if pair.what == "observation" else COVERAGE))
    made = with_observation_subject if pair.what == "observation" else with_coverage_subject
    names = made(plain)["subject"].str.strip_chars("<>").str.strip_prefix(BASE)
    yield from zip(names, rows["cause"], strict=True)
