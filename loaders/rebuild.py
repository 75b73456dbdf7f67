"""Rebuild every embedded table from the publishers' files.

    python -m geoties.loaders.rebuild [--check] FOLDER [LOADER …]

FOLDER holds the source tables under the names that each loader states in its `filenames`. They
lie beside the project, not in it; only this script needs them. Each line tells the counts, and
whether the source files are those that the embedded tables were made of before, by their
checksums. With `--check` nothing is written: the source files and the embedded ones are compared
with the checksums in `metadata.json`, and the exit code is 1 if any differs.
"""

from __future__ import annotations

import sys
from pathlib import Path

from geoties.graph.model import UserError
from geoties.loaders.embedded import checksum, read_metadata, write_embedded
from geoties.loaders.name_table import write_name_table
from geoties.loaders.registry import Loader, loader_named, loaders_by_name


def rebuild(folder: Path, loader: Loader) -> str:
    """Make the embedded tables of one loader anew; returns the line that tells the counts."""
    paths = _raw(folder, loader)
    tables = loader.load(paths[0] if len(paths) == 1 else folder)
    report = tables.report
    if not report.balanced():
        raise UserError(f"{loader.name}: {report.read} rows read, but they do not add up.")
    if loader.select:
        tables = loader.select(tables)
    changed = differing_raw(folder, loader)
    write_embedded(loader.folder, loader, tables, *paths)
    return (
        f"{loader.name}: {report.read} rows read, {report.loaded} loaded, "
        f"{report.duplicates} duplicates, {len(report.rejected)} rejected; "
        + (f"not the file of before: {', '.join(changed)}" if changed else "the same source files")
    )


def _raw(folder: Path, loader: Loader) -> list[Path]:
    """The publisher's files of a loader; raises `UserError` for one that is not there."""
    paths = [folder / name for name in loader.sources[0].filenames]
    if missing := [path.name for path in paths if not path.exists()]:
        raise UserError(f"{loader.name}: {missing[0]} is not in {folder}.")
    return paths


def differing_raw(folder: Path, loader: Loader) -> list[str]:
    """The publisher's files that are not those that the embedded tables were made of."""
    known = {told["file"]: told["sha256"] for told in read_metadata(loader.folder).get("raw", [])}
    return [path.name for path in _raw(folder, loader) if checksum(path) != known.get(path.name)]


def differing_tables(loader: Loader) -> list[str]:
    """The embedded files that are not those that were written."""
    told = read_metadata(loader.folder).get("tables", {}).values()
    files = [(loader.folder / info["file"], info["sha256"]) for info in told]
    return [path.name for path, known in files if not path.exists() or checksum(path) != known]


def check(folder: Path, loader: Loader) -> tuple[bool, str]:
    """Whether the source files and the embedded ones are those of the metadata, in a line."""
    differing = [*differing_raw(folder, loader), *differing_tables(loader)]
    rows = read_metadata(loader.folder).get("rows", {}).get("loaded", 0)
    told = f"not as before: {', '.join(differing)}" if differing else f"as before, {rows} rows"
    return not differing, f"{loader.name}: {told}"


def main(arguments: list[str]) -> int:
    """Rebuild the loaders named, or all that embed tables."""
    checking = "--check" in arguments
    arguments = [argument for argument in arguments if argument != "--check"]
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    folder, *names = arguments
    loaders = [loader_named(name) for name in names] or [
        loader for loader in loaders_by_name().values() if loader.embedded == "tables"
    ]
    if checking:
        found = [check(Path(folder), loader) for loader in loaders]
        print("\n".join(line for _, line in found))
        return 0 if all(good for good, _ in found) else 1
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
