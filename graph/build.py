"""From tables to a graph: gather, merge, check, stamp, write, swap in."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from geoties.graph.checks import check_tables
from geoties.graph.files import replacing, write_atomically
from geoties.graph.frames import Frames, write_frame, write_frames
from geoties.graph.model import (
    SCHEMA_VERSION,
    SCHEMAS,
    Entity,
    Report,
    Source,
    Tables,
    UserError,
    to_json,
)
from geoties.graph.names import write_aliases
from geoties.graph.snapshots import Snapshot, building, current, publish
from geoties.graph.store import bulk_load
from geoties.graph.triples import in_graph, six_places, write_graph
from geoties.loaders.embedded import checksum, read_embedded
from geoties.loaders.registry import Loader, loader_named, loaders_by_name
from geoties.loaders.user_tables_kept import is_kept, own_loaders, read_kept
from geoties.ontology.kinds import kinds

Say = Callable[[str], None]
Derive = Callable[[Tables], Tables]
Account = Callable[[str, Report], None]
WRITTEN_BACK = "score"
CLAIMS = "entity_claims.parquet"
_OF_SOURCES = ""


def build(
    directory: Path,
    *,
    only: str = "",
    from_: Path | None = None,
    say: Say = lambda _: None,
    derive: Derive | None = None,
    account: Account = lambda _name, _report: None,
) -> Snapshot:
    """Build the graph in `directory` and make it current; the old one stays until then.

    `only` reads one source anew and keeps the rest of the current build; `from_` is the user's
    own download of that source, kept under `inputs/`. `say` is told each step, `account` what
    became of the rows of that download; `derive` may add tables that are computed from the
    others. Raises `UserError` for bad input.
    """
    with building(directory) as part:
        chosen = _chosen_loaders(directory, only, from_)
        parts = {loader.name: _read(directory, loader, from_, say) for loader in chosen}
        report = parts[chosen[0].name].report
        gathered = _gather(directory, chosen, parts, keep_rest=bool(only))
        parts.clear()  # what was read is let go of as soon as it is merged
        files, counts, described = _written(part, gathered, say, derive)
        say("loading the store")
        bulk_load(part / "store", files)
        for file in files:  # half a gigabyte that nobody reads again
            file.unlink()
        if from_ is not None:
            _keep_input(directory / "inputs" / chosen[0].name, from_)
            account(chosen[0].name, report)
        manifest = write_manifest(part, directory, counts, described)
        say(f"{counts['triples']:,} triples")
        return publish(directory, part, manifest["checksum"])


def _gather(
    directory: Path, chosen: list[Loader], parts: dict[str, Tables], keep_rest: bool
) -> _Gathered:
    sources = {
        source.id: describe(source, loader.name)
        for loader in chosen
        for source in _sources_of(loader, parts[loader.name])
    }
    kept = _rest_of(directory, {loader.name for loader in chosen}) if keep_rest else None
    return _Gathered(parts, list(sources.values()), kept)


def _sources_of(loader: Loader, tables: Tables) -> list[Source]:
    """The sources that a loader read; where a file names a release of its own, only those in it."""
    if not tables.sources:
        return list(loader.sources)
    present = {*tables.ties["source"].unique(), *tables.observations["source"].unique()}
    known = [source for source in loader.sources if source.entity in present]
    # How many rows the embedded release has does not say how many this one should have.
    own = (replace(source, embedded="none", expects={}) for source in tables.sources)
    return [*known, *own]


class _Gathered:
    """What was read, by loader, with its sources, and what a current build lends."""

    def __init__(
        self,
        parts: dict[str, Tables],
        sources: list[dict[str, Any]],
        kept: tuple[Tables, pl.DataFrame, list[dict[str, Any]]] | None,
    ) -> None:
        self.sources = sources
        self.claims = [claims_of(name, tables.entities) for name, tables in parts.items()]
        self.tables = list(parts.values())
        if kept:
            tables, claims, descriptions = kept
            self.tables.append(tables)
            self.claims.append(claims.filter(~pl.col("loader").is_in([_OF_SOURCES, *parts])))
            self.sources += descriptions
        self.sources.sort(key=lambda source: str(source["id"]))


def describe(source: Source, loader: str) -> dict[str, Any]:
    """A source as the manifest holds it, with the name of its loader."""
    return {**asdict(source), "retrieved": source.retrieved.isoformat(), "loader": loader}


def claims_of(loader: str, entities: pl.DataFrame) -> pl.DataFrame:
    """What a loader says of entities, under its name."""
    return entities.with_columns(loader=pl.lit(loader))


def _chosen_loaders(directory: Path, only: str, from_: Path | None) -> list[Loader]:
    if from_ is not None and not only:
        raise UserError("--from needs --only SOURCE, which says what the file is.")
    if from_ is not None and not from_.exists():
        raise UserError(f"{from_} does not exist; give the path of the downloaded file.")
    own = own_loaders(directory / "inputs")
    if only:
        return [own[only] if only in own else loader_named(only)]
    return [*loaders_by_name().values(), *own.values()]


def _keep_input(folder: Path, path: Path) -> None:
    """Keep the user's file, now that a whole graph was made with it, in place of an older one."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        with replacing(folder / file.name) as part:
            shutil.copyfile(file, part)
    for old in folder.iterdir():
        if old.name not in {file.name for file in files}:
            old.unlink()


def _read(directory: Path, loader: Loader, from_: Path | None, say: Say) -> Tables:
    kept = sorted((directory / "inputs" / loader.name).glob("*"))
    own = from_ or (kept[0].parent if len(kept) > 1 else kept[0] if kept else None)
    if own is not None:
        say(f"{loader.name}: reading your own file")
        return read_kept(own) if is_kept(own) else _load(loader, own)
    if loader.embedded == "tables":
        say(f"{loader.name}: reading the embedded tables")
        return read_embedded(loader.folder)
    if loader.embedded == "raw":
        say(f"{loader.name}: reading the curated tables")
        return _load(loader, loader.folder)
    return Tables.of()


def _load(loader: Loader, path: Path) -> Tables:
    try:
        tables = loader.load(path)
    except (OSError, UnicodeError, pl.exceptions.PolarsError, ValueError, KeyError) as problem:
        told = " ".join(str(problem).split())[:200]
        raise UserError(f"{path.name} is not a file that {loader.name} can read: {told}") from None
    if tables.ties.is_empty() and tables.observations.is_empty() and tables.entities.is_empty():
        raise UserError(f"{path.name}: no row of it could be read as {loader.name}.")
    if not tables.report.balanced():
        raise UserError(f"{path.name}: the rows that {loader.name} read do not add up.")
    return tables


def _rest_of(
    directory: Path, loaders: set[str]
) -> tuple[Tables, pl.DataFrame, list[dict[str, Any]]] | None:
    """All of the current build that does not come from the loaders that read anew."""
    snapshot = current(directory)
    frames = Frames(snapshot.folder / "frames")
    described = snapshot.manifest["sources"]
    rest = [source for source in described if source.get("loader") not in loaders]
    replaced = [f"source/{s['id']}" for s in described if s.get("loader") in loaders]
    ties = pl.concat([frames.ties(kind) for kind in frames.tie_kinds()])
    tables = Tables.of()
    # scores that a user wrote back are an input; what is derived anew is not
    derived = [kind.id for kind in kinds().values() if kind.derived and kind.id != WRITTEN_BACK]
    gone = pl.col("source").is_in(replaced) | pl.col("kind").is_in(derived)
    tables.ties = ties.filter(~gone)
    tables.observations = frames.observations().filter(~pl.col("source").is_in(replaced))
    tables.coverage = frames.coverage().filter(~pl.col("source").is_in(replaced))
    claims = pl.read_parquet(snapshot.folder / "frames" / CLAIMS)
    return tables, claims, rest


def _written(
    part: Path, gathered: _Gathered, say: Say, derive: Derive | None
) -> tuple[list[Path], dict[str, Any], list[dict[str, Any]]]:
    """Merge, check and write all tables; the files to load, the counts, the sources told."""
    sources = gathered.sources
    claims = pl.concat([*gathered.claims, source_claims(sources)]).sort("id", "loader")
    tables = _merge(gathered.tables, claims, sources)
    if derive:
        say("deriving yearly agreement from the votes")
        tables.ties = pl.concat([tables.ties, derive(tables).ties])
    say("checking")
    stop_on_errors(tables, sources)
    files, counts = _write(part, tables, claims, sources, say)
    return files, counts, [source | source_counts(tables, source["id"]) for source in sources]


def source_claims(sources: Iterable[dict[str, Any]]) -> pl.DataFrame:
    """The entities that sources themselves are, with what their metadata say."""
    keys = ("publisher", "licence", "version", "retrieved", "citation", "url")
    entities = [
        Entity(
            id=f"source/{source['id']}",
            kind="source",
            labels={"en": source["title"]},
            properties={key: source[key] for key in keys if source[key]},
        )
        for source in sources
    ]
    return claims_of(_OF_SOURCES, Tables.of(entities).entities)


def _merge(parts: list[Tables], claims: pl.DataFrame, sources: list[dict[str, Any]]) -> Tables:
    """One table of each; a tie that a source states twice counts once. Empties `parts`.

    Each part is stamped by itself: all ties at once would be in memory twice.
    """
    merged = Tables.of(merge_entities(claims))
    merged.coverage = pl.concat([t.coverage for t in parts]).unique(maintain_order=True)
    for part in parts:
        part.ties = _each_once(part.ties)
        stamp(part, sources)
    merged.observations = pl.concat([t.observations for t in parts]).unique(maintain_order=True)
    merged.ties = _joined([part.ties for part in parts])
    parts.clear()
    return merged


def _joined(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """One frame below the other, column by column: `frames` are emptied, not held twice."""
    columns = frames[0].columns
    joined = (pl.concat([f.drop_in_place(name) for f in frames], rechunk=True) for name in columns)
    return pl.DataFrame(list(joined))


def _each_once(ties: pl.DataFrame) -> pl.DataFrame:
    if ties["id"].n_unique() == ties.height:
        return ties
    return ties.unique("id", keep="first", maintain_order=True)


def merge_entities(claims: pl.DataFrame) -> pl.DataFrame:
    """One row per entity: the first claim leads, later ones fill in what it leaves open."""
    columns = list(SCHEMAS["entities"])
    twice = claims.filter(pl.col("id").is_duplicated())
    once = claims.filter(~pl.col("id").is_duplicated()).select(columns)
    merged: dict[str, dict[str, Any]] = {}
    for row in twice.select(columns).iter_rows(named=True):
        first = merged.setdefault(row["id"], row)
        if first is not row:
            _fill(first, row)
    return pl.concat([once, pl.DataFrame(list(merged.values()), schema=once.schema)]).sort("id")


def _fill(first: dict[str, Any], other: dict[str, Any]) -> None:
    for column in ("labels", "properties"):
        joined = json.loads(other[column] or "{}") | json.loads(first[column] or "{}")
        first[column] = to_json(joined)
    for column in ("valid_from", "valid_to"):
        first[column] = first[column] or other[column]


def stamp(tables: Tables, sources: Iterable[dict[str, Any]]) -> Tables:
    """Say until when an open tie was observed; round values to the six places that we keep."""
    lasting = [kind.id for kind in kinds().values() if kind.temporality == "state"]
    seen = {f"source/{source['id']}": source["retrieved"] for source in sources}
    open_ended = pl.col("kind").is_in(lasting) & (pl.col("end") == "")
    unsaid = open_ended & (pl.col("observed_to") == "")
    retrieved = pl.col("source").replace_strict(seen, default="", return_dtype=pl.String)
    observed = pl.when(unsaid).then(retrieved).otherwise(pl.col("observed_to"))
    value = six_places(pl.col("value")).alias("value")
    tables.ties = tables.ties.with_columns(observed.alias("observed_to"), value)
    tables.observations = tables.observations.with_columns(value)
    return tables


def stop_on_errors(tables: Tables, sources: list[dict[str, Any]]) -> None:
    """Raise `UserError` with the first finding that a graph may not have."""
    findings = check_tables(tables, sources).filter(pl.col("severity") == "error")
    if findings.is_empty():
        return
    first = findings.row(0, named=True)
    raise UserError(
        f"The tables do not hold together ({findings.height} findings); the first: "
        f"{first['table']} {first['id']}: {first['detail']}."
    )


def _write(
    part: Path,
    tables: Tables,
    claims: pl.DataFrame,
    sources: list[dict[str, Any]],
    say: Say,
) -> tuple[list[Path], dict[str, Any]]:
    say("writing the columns")
    counts: dict[str, Any] = {"frames": write_frames(part / "frames", tables)}
    write_frame(part / "frames" / CLAIMS, claims)
    write_aliases(part / "names.csv", tables.entities.iter_rows(named=True))
    say("writing the triples")
    held = in_graph(tables.ties)
    files, counts["triples"] = write_graph(
        tables.entities, held, tables.observations, tables.coverage, part, graph_day(sources)
    )
    counts["graph"] = count_by_kind(held)
    return files, counts


def check_build(snapshot: Snapshot) -> pl.DataFrame:
    """All findings on a finished build: check, severity, table, id, detail."""
    frames = Frames(snapshot.folder / "frames")
    tables = Tables.of(frames.entities())
    tables.ties = pl.concat([frames.ties(kind) for kind in frames.tie_kinds()])
    tables.observations, tables.coverage = frames.observations(), frames.coverage()
    return check_tables(tables, snapshot.manifest["sources"])


def graph_day(sources: Iterable[dict[str, Any]]) -> str:
    """The day a graph of these sources speaks of: the latest on which one was retrieved.

    A table that the user brings does not move it, or every other tie would be unknown on it.
    """
    days = [(source["embedded"] != "none", str(source["retrieved"])) for source in sources]
    return max(days)[1]


def count_by_kind(ties: pl.DataFrame) -> dict[str, int]:
    """How many ties of each kind there are."""
    return dict(sorted(ties.select("kind").group_by("kind").len().iter_rows()))


def write_manifest(
    part: Path, directory: Path, counts: dict[str, Any], sources: list[dict[str, Any]]
) -> dict[str, Any]:
    """Write what a build was made of and holds, with the checksum that names it."""
    inputs, frames = directory / "inputs", part / "frames"
    manifest: dict[str, Any] = {
        "schema": SCHEMA_VERSION,
        "version": version("geoties"),
        "graph_date": graph_day(sources),
        "sources": sources,
        "counts": counts,
        "inputs": {path.name: checksum(path) for path in sorted(inputs.iterdir())},
        "frames": {
            path.relative_to(frames).as_posix(): checksum(path)
            for path in sorted(frames.rglob("*.parquet"))
        },
    }
    manifest["checksum"] = hashlib.sha256(to_json(manifest).encode()).hexdigest()[:32]
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    write_atomically(part / "manifest.json", text)
    return manifest


def source_counts(tables: Tables, source: str) -> dict[str, Any]:
    """How many rows a source has, and the years that it covers, by kind."""
    mine = pl.col("source") == f"source/{source}"
    ties = tables.ties.select("kind", "source").filter(mine)
    years = tables.coverage.filter(mine & (pl.col("status") != "unknown"))
    return {
        "counts": {
            "ties": count_by_kind(ties),
            "observations": tables.observations.filter(mine).height,
        },
        "coverage": [
            {"kind": kind, "from_year": first, "to_year": last}
            for kind, first, last in sorted(
                years.group_by("kind")
                .agg(pl.col("from_year").min(), pl.col("to_year").max())
                .iter_rows()
            )
        ],
    }
