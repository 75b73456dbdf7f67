"""Take the graph away: one function, the format by the file's ending, whole files or none."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from geoties.graph.exports.cut import Cut, Selection
from geoties.graph.exports.folders import replacing_folder, zip_folder
from geoties.graph.exports.registry import Format, format_of
from geoties.graph.files import replacing
from geoties.graph.model import UserError

if TYPE_CHECKING:
    import os

    from geoties.graph.frames import Frames


@dataclass(frozen=True)
class ExportReport:
    """What was written: how many of what, what the file leaves out, and what to know of it."""

    path: Path
    format: str
    counts: Mapping[str, int]
    left_out: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """The report as lines to show."""
        counts = ", ".join(f"{number:,} {what}" for what, number in self.counts.items())
        yield f"{self.path}: {counts}"
        yield from (f"left out: {what}" for what in self.left_out)
        yield from self.notes


def export(
    path: str | os.PathLike[str],
    frames: Frames,
    *,
    graph_date: str,
    checksum: str = "",
    focus: Sequence[str] = (),
    on: str = "",
    kinds: Sequence[str] = (),
    include_current: bool = False,
) -> ExportReport:
    """Write the graph, or a cut of it, to `path` in the format that its ending asks for.

    `.ttl .nt .trig .nq .jsonld` hold what the RDF store holds; `.graphml` and `.gexf` the network
    on `on` (else on the graph's date); `.csv` and `.parquet` are folders of all four tables, and
    with `.zip` after them one file. `focus` (entity ids) keeps the ties that touch these, with
    all that they speak of; `on` (an ISO date) the ties that are or may be in force then and the
    latest year of yearly kinds; `kinds` those kinds of tie. `include_current` takes the direct
    statements that hold on the date into a format without named graphs.

    The file is whole or not there. Raises `UserError` for an ending, date, kind or entity that
    there is not, and when the file cannot be written.
    """
    chosen = format_of(str(path))
    selection = Selection(
        graph_date=graph_date,
        checksum=checksum,
        focus=tuple(sorted(set(focus))),
        on=on,
        kinds=tuple(sorted(set(kinds))),
        include_current=include_current,
    )
    cut = Cut(frames, selection, tables=chosen.folder)
    target = Path(path)
    try:
        counts = _write(chosen, cut, target)
    except OSError as problem:
        raise UserError(f"{target} cannot be written: {_reason(problem)}.") from None
    return ExportReport(
        target, chosen.name, counts, tuple(chosen.left_out(cut)), tuple(_notes(cut))
    )


def _write(chosen: Format, cut: Cut, target: Path) -> Mapping[str, int]:
    if chosen.folder and not chosen.zipped:
        with replacing_folder(target) as part:
            return chosen.write(cut, part)
    with replacing(target) as part:
        return _write_zip(chosen, cut, part) if chosen.zipped else chosen.write(cut, part)


def _write_zip(chosen: Format, cut: Cut, part: Path) -> Mapping[str, int]:
    """The tables go beside the zip first, not where temporary files go: that may be memory."""
    with tempfile.TemporaryDirectory(dir=part.parent, prefix=f"{part.name}.") as folder:
        counts = chosen.write(cut, Path(folder))
        zip_folder(Path(folder), part)
    return counts


def _reason(problem: OSError) -> str:
    if isinstance(problem, FileExistsError | NotADirectoryError):
        return "a part of its path is a file"
    told = getattr(problem, "strerror", None) or str(problem)
    return " ".join(str(told).split()).rstrip(".")


def _notes(cut: Cut) -> Iterator[str]:
    if number := cut.doubtful():
        yield f"{number:,} kept ties may or may not be in force on {cut.selection.on}"
