"""Rebuild every embedded table from the publishers' files.

    python -m geoties.loaders.rebuild FOLDER [LOADER …]

FOLDER holds the source tables under the names that each loader states in its `filenames`. They
lie beside the project, not in it; only this script needs them.
"""

from __future__ import annotations

import sys
from pathlib import Path

from geoties.graph.model import UserError
from geoties.loaders.embedded import write_embedded
from geoties.loaders.name_table import write_name_table
from geoties.loaders.registry import Loader, loader_named, loaders_by_name


def rebuild(folder: Path, loader: Loader) -> str:
    """Make the embedded tables of one loader anew; returns the line that tells the counts."""
    names = loader.sources[0].filenames
    raw = folder / names[0] if len(names) == 1 else folder
    if missing := [name for name in names if not (folder / name).exists()]:
        raise UserError(f"{loader.name}: {missing[0]} is not in {folder}.")
    tables = loader.load(raw)
    report = tables.report
    if not report.balanced():
        raise UserError(f"{loader.name}: {report.read} rows read, but they do not add up.")
    if loader.select:
        tables = loader.select(tables)
    first = folder / names[0]
    write_embedded(loader.folder, loader, tables, first)
    return (
        f"{loader.name}: {report.read} rows read, {report.loaded} loaded, "
        f"{report.duplicates} duplicates, {len(report.rejected)} rejected"
    )


def main(arguments: list[str]) -> int:
    """Rebuild the loaders named, or all that embed tables."""
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    folder, *names = arguments
    loaders = [loader_named(name) for name in names] or [
        loader for loader in loaders_by_name().values() if loader.embedded == "tables"
    ]
    # Places first: the others resolve names by the table that is made of them.
    for loader in sorted(loaders, key=lambda loader: loader.name != "countries"):
        print(rebuild(Path(folder), loader))
        if loader.name == "countries":
            print(write_name_table(Path(folder)))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except UserError as problem:
        print(problem, file=sys.stderr)
        sys.exit(2)
