"""What differs between two builds, and why: `geoties diff OLD NEW`.

Each change has a cause. *The world changed*: the new date or year lies after the old graph's own
date. *Newly known*: a source that the old graph did not have, or a tie of before that date that no
source had told. *Corrected*: a source that both graphs have says something else, or no longer
says it. *Source dropped*: the new graph has no such source.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoties.graph.model import TIES, UserError, short_id
from geoties.graph.snapshots import Snapshot, open_build
from geoties.graph.store import Answer

if TYPE_CHECKING:
    import polars as pl

COLUMNS = ("change", "cause", "kind", "from", "to", "via", "column", "old", "new", "source",
           "record")  # fmt: skip
WORLD, KNOWN, CORRECTED, DROPPED = (
    "the world changed", "newly known", "source corrected itself", "source dropped",
)  # fmt: skip
_COMPARED = ("from", "to", "via", "role", "topic", "start", "start_precision", "end",
             "end_precision", "year", "value", "unit", "reference")  # fmt: skip


def kept_build(directory: Path, name: str) -> Snapshot:
    """The build that a checksum, the beginning of one, or a folder names; raises `UserError`."""
    folder = Path(name)
    if (folder / "manifest.json").is_file():
        return open_build(folder)
    if (folder / "current").is_file():
        return open_build(folder / "builds" / (folder / "current").read_text().strip())
    builds = sorted(p for p in (directory / "builds").glob("*") if not p.name.startswith("."))
    found = [path for path in builds if name and path.name.startswith(name)]
    if len(found) == 1:
        return open_build(found[0])
    known = ", ".join(path.name[:12] for path in builds) or "none"
    raise UserError(f"{name!r} is no one build; kept are: {known}.")


def differences(old: Snapshot, new: Snapshot, kinds: Sequence[str] = ()) -> Answer:
    """The ties that were added, removed or changed, with the cause of each change.

    Columns: change (added, removed, changed), cause, kind, from, to, via, column (that changed),
    old, new, source, record. `kinds` keeps some kinds of tie.
    """
    before, after = _ties(old, kinds), _ties(new, kinds)
    sources = {name: _sources(snapshot) for name, snapshot in (("old", old), ("new", new))}
    rows = [
        *_added(before, after, sources["old"], old.graph_date),
        *_removed(before, after, sources["new"]),
        *_changed(before, after, old.graph_date),
    ]
    return Answer(COLUMNS, sorted(rows, key=lambda row: tuple(map(str, row))))


def _ties(snapshot: Snapshot, kinds: Sequence[str]) -> pl.DataFrame:
    import polars as pl

    from geoties.graph.frames import Frames
    from geoties.graph.model import Tables
    from geoties.queries.asking import kinds_named

    frames = Frames(snapshot.folder / "frames")
    known = set(frames.tie_kinds())
    wanted = [kind.id for kind in kinds_named(kinds) if kind.id in known]
    return pl.concat([Tables.of().ties, *(frames.ties(kind) for kind in wanted)])


def _sources(snapshot: Snapshot) -> set[str]:
    return {f"source/{source['id']}" for source in snapshot.manifest["sources"]}


_Row = tuple[Any, ...]


def _added(before: pl.DataFrame, after: pl.DataFrame, known: set[str], date: str) -> list[_Row]:
    added = after.join(before.select("id"), on="id", how="anti")
    return [
        _row("added", _cause_of_new(tie, known, date), tie, "", "", _summary(tie))
        for tie in added.iter_rows(named=True)
    ]


def _cause_of_new(tie: Mapping[str, Any], known: set[str], date: str) -> str:
    after = tie["start"] > date or (tie["year"] or 0) > int(date[:4])
    return WORLD if after and tie["source"] in known else KNOWN


def _removed(before: pl.DataFrame, after: pl.DataFrame, known: set[str]) -> list[_Row]:
    removed = before.join(after.select("id"), on="id", how="anti")
    return [
        _row(
            "removed", CORRECTED if tie["source"] in known else DROPPED, tie, "", _summary(tie), ""
        )
        for tie in removed.iter_rows(named=True)
    ]


def _changed(before: pl.DataFrame, after: pl.DataFrame, date: str) -> list[_Row]:
    import polars as pl

    both = before.join(after, on="id", suffix="_new")
    differs = [pl.col(name).ne_missing(pl.col(f"{name}_new")) for name in _COMPARED]
    return [
        _row("changed", _cause_of_change(name, tie, date), tie, name, tie[name], tie[f"{name}_new"])
        for tie in both.filter(pl.any_horizontal(differs)).iter_rows(named=True)
        for name in _COMPARED
        if tie[name] != tie[f"{name}_new"]
    ]


def _cause_of_change(column: str, tie: Mapping[str, Any], date: str) -> str:
    """An end that came after the old graph's date is news; any other change is a correction."""
    ended = column.startswith("end") and not tie["end"] and tie["end_new"] > date
    return WORLD if ended else CORRECTED


def _row(change: str, cause: str, tie: Mapping[str, Any], column: str, old: Any, new: Any) -> _Row:
    ends = (short_id(tie["from"]), short_id(tie["to"]), short_id(tie["via"]))
    return (change, cause, tie["kind"], *ends, column, _text(old), _text(new),
            short_id(tie["source"]), tie["record"])  # fmt: skip


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _summary(tie: Mapping[str, Any]) -> str:
    """What a tie says beside its ends."""
    if tie["year"] is not None:
        return f"{tie['year']}: {_text(tie['value'])} {tie['unit']}".strip()
    return f"{tie['role']} {tie['start'] or '?'} to {tie['end'] or '…'}".strip()


def patch(old: Snapshot, new: Snapshot, kinds: Sequence[str] = ()) -> str:
    """The changes as an RDF patch: statements deleted (D) and added (A), in N-Triples terms.

    It speaks of the ties that the RDF store holds.
    """
    before, after = (_statements(_ties(snapshot, kinds)) for snapshot in (old, new))
    lines = [f"D {line}" for line in sorted(before - after)]
    lines += [f"A {line}" for line in sorted(after - before)]
    return "\n".join(["TX .", *lines, "TC ."]) + "\n"


def _statements(ties: pl.DataFrame) -> set[str]:
    from geoties.graph.triples import in_graph, write_ties

    out = io.BytesIO()
    write_ties(in_graph(ties).select(list(TIES)), out)
    return set(out.getvalue().decode().splitlines())


def as_json(answer: Answer) -> str:
    """The changes as JSON, one object each."""
    return json.dumps(answer.dicts(), ensure_ascii=False, indent=1) + "\n"
