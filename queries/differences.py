"""What differs between two builds, and why: `geoties diff OLD NEW`.

Each change has a cause. *The world changed*: the new date or year lies after the old graph's own
date. *Newly known*: a source that the old graph did not have, or a fact of before that date that
no source had told. *Source corrected itself*: a source that both graphs have says something else,
or no longer says it. *Source dropped*: the new graph has no such source.

Where a loader brings one new release in place of one old one, these are the same source: what the
new release says otherwise is a correction, not a thing dropped and another one added.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoties.graph.model import COVERAGE, OBSERVATIONS, UserError
from geoties.graph.snapshots import Snapshot, current, open_build
from geoties.graph.store import Answer
from geoties.queries.paired import Pair, pairs_of

if TYPE_CHECKING:
    import polars as pl

COLUMNS = ("change", "cause", "what", "kind", "from", "to", "via", "column", "old", "new",
           "source", "record")  # fmt: skip
WORLD, KNOWN, CORRECTED, DROPPED = (
    "the world changed", "newly known", "source corrected itself", "source dropped",
)  # fmt: skip
CAUSES = (WORLD, KNOWN, CORRECTED, DROPPED)
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

    told = [frame for pair in pairs_of(old, new, kinds) for frame in _told(pair)]
    columns = [pl.Series(name, dtype=pl.String) for name in COLUMNS]
    rows = pl.concat([pl.DataFrame(columns), *told]).sort(*COLUMNS)
    return Answer(COLUMNS, rows.rows())


def _told(pair: Pair) -> Iterator[pl.DataFrame]:
    """The changes of one table as rows of the answer."""
    import polars as pl

    yield _rows(pair, "added", pair.added, _cause_of_new(pair), new=_summary(pair))
    yield _rows(pair, "removed", pair.removed, _cause_of_gone(pair), old=_summary(pair))
    sides = {"column": pl.col("column"), "old": pl.col("before"), "new": pl.col("after")}
    for rows in _changes(pair):
        yield _rows(pair, "changed", rows, pl.col("cause"), **sides)


def _changes(pair: Pair) -> Iterator[pl.DataFrame]:
    """The rows in which a column changed, with `column`, `before`, `after` and `cause`."""
    import polars as pl

    changed = pair.changed
    for name in pair.compared:
        rows = changed.filter(pl.col(name).ne_missing(pl.col(f"{name}_new")))
        if rows.height:
            rows = _side_by_side(rows, name)
            yield rows.with_columns(cause=_cause_of_change(pair, name))


def _side_by_side(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """Rows with a `column` as it was `before` and `after`; of JSON each name for itself."""
    import polars as pl

    if name not in ("labels", "properties"):
        before, after = (_text(rows[column]) for column in (name, f"{name}_new"))
        told = (before.alias("before"), after.alias("after"))
        return rows.with_columns(*told, column=pl.lit(name))
    cells = [_unlike(*pair) for pair in rows.select(name, f"{name}_new").iter_rows()]
    listed = pl.Series("told", cells, dtype=pl.List(pl.List(pl.String)))
    rows = rows.with_columns(listed).explode("told")
    return rows.with_columns(
        pl.col("told").list.get(place).alias(column)
        for place, column in enumerate(("column", "before", "after"))
    )


def _unlike(before: str, after: str) -> list[list[str]]:
    """The names under which two JSON objects do not say the same, with what each says."""
    old, new = (json.loads(text or "{}") for text in (before, after))
    names = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    return [[name, *(_json_text(side.get(name)) for side in (old, new))] for name in names]


def _json_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


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
    if pair.what == "entity":
        return pl.col("labels").str.json_path_match("$.en").fill_null(pl.col("labels"))
    return pl.col("status")


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
    for pair in pairs_of(old, new, kinds):
        for rows in (
            pair.added.with_columns(cause=_cause_of_new(pair)),
            pair.removed.with_columns(cause=_cause_of_gone(pair)),
            *_changes(pair),
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
