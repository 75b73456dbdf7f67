"""The difference of two builds as a file that turns the old graph into the new one.

`.ttl` is Turtle in the ChangeSet vocabulary (https://vocab.org/changeset/schema): for each subject
what is taken away and what is put in, as statements told of, with the cause. `.rdfp` is an RDF
Patch: a line `D` or `A` for each statement, which Apache Jena applies as it is. Both speak of what
the default graph of the RDF store holds.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from geoties.graph.files import write_atomically
from geoties.graph.model import BASE, TIES, UserError
from geoties.graph.snapshots import Snapshot
from geoties.queries.differences import causes
from geoties.queries.paired import frame_of, unlike_tables

if TYPE_CHECKING:
    import polars as pl

SUFFIXES = (".ttl", ".rdfp")
_HEAD = """\
@prefix cs: <http://purl.org/vocab/changeset/schema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""


def patch_suffix(path: Path) -> str:
    """The suffix of a patch file; raises `UserError` for another one."""
    if path.suffix.lower() not in SUFFIXES:
        known = " or ".join(SUFFIXES)
        raise UserError(f"{str(path)!r} is not the name of a patch; end it in {known}.")
    return path.suffix.lower()


def write_patch(path: Path, old: Snapshot, new: Snapshot, kinds: Sequence[str] = ()) -> int:
    """Write the patch; returns how many statements it takes away and puts in."""
    suffix = patch_suffix(path)
    less, more = changed_statements(old, new, kinds)
    if suffix == ".rdfp":
        text = rdf_patch(less, more)
    else:
        text = change_sets(less, more, causes(old, new, kinds))
    try:
        write_atomically(path, text)
    except OSError as problem:
        raise UserError(f"{path} cannot be written: {problem.strerror}.") from None
    return len(less) + len(more)


def changed_statements(
    old: Snapshot, new: Snapshot, kinds: Sequence[str] = ()
) -> tuple[list[str], list[str]]:
    """The statements that only the old and that only the new graph has, as lines of N-Triples."""
    gone: set[str] = set()
    come: set[str] = set()
    for table in unlike_tables(old, new, kinds):
        before, after = (frame_of(snapshot, table) for snapshot in (old, new))
        gone |= _statements(table, _only_in(before, after))
        come |= _statements(table, _only_in(after, before))
    return sorted(gone - come), sorted(come - gone)


def _only_in(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    return one.join(other, on=one.columns, how="anti", nulls_equal=True)


def _statements(table: str, rows: pl.DataFrame) -> set[str]:
    from geoties.graph.triples import (
        in_graph,
        write_coverage,
        write_entities,
        write_observations,
        write_ties,
    )

    out = io.BytesIO()
    if table.startswith("ties/"):
        write_ties(in_graph(rows).select(list(TIES)), out)
    else:
        write = {"entities": write_entities, "observations": write_observations,
                 "coverage": write_coverage}[table]  # fmt: skip
        write(rows, out)
    return set(out.getvalue().decode().split("\n")) - {""}


def rdf_patch(less: Sequence[str], more: Sequence[str]) -> str:
    """An RDF Patch: one transaction with what is deleted and what is added.

    >>> print(rdf_patch([], ["<a:> <b:> <c:> ."]), end="")
    TX .
    A <a:> <b:> <c:> .
    TC .
    """
    lines = [*(f"D {line}" for line in less), *(f"A {line}" for line in more)]
    return "\n".join(["TX .", *lines, "TC ."]) + "\n"


def change_sets(less: Sequence[str], more: Sequence[str], why: Mapping[str, str]) -> str:
    """Turtle in the ChangeSet vocabulary; `why` gives the cause by the id of the subject."""
    parts: dict[str, tuple[list[str], list[str]]] = {}
    for place, lines in enumerate((less, more)):
        for line in lines:
            parts.setdefault(line.split(" ", 1)[0], ([], []))[place].append(line)
    sets = (_change_set(subject, *parts[subject], why) for subject in sorted(parts))
    return "\n".join([_HEAD, *sets])


def _change_set(
    subject: str, less: Sequence[str], more: Sequence[str], why: Mapping[str, str]
) -> str:
    lines = [f"[] a cs:ChangeSet ; cs:subjectOfChange {subject}"]
    if cause := why.get(subject[1:-1].removeprefix(BASE)):
        lines.append(f'  cs:changeReason "{cause}"')
    for name, told in (("removal", less), ("addition", more)):
        lines += [f"  cs:{name} {statement}" for statement in _told(told)]
    return " ;\n".join(lines) + " .\n"


def _told(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        subject, predicate, value = line.removesuffix(" .").split(" ", 2)
        yield (
            f"[ a rdf:Statement ; rdf:subject {subject} ; rdf:predicate {predicate} ; "
            f"rdf:object {value} ]"
        )
