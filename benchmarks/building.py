"""Building, against the practical limit, and against rdflib.

From checked tables to a loaded store: `write_graph` and `bulk_load`, as the build does it. The
limit is the least that any way through N-Triples must do: join columns that already hold the
very same triples' terms into lines, write them, bulk-load them into the same kind of store (on
disk flushed and compacted, as ours is).

rdflib gets a sample, for the whole would take it minutes and gigabytes: all triples of one
subject in twelve. The ratio is per triple, with our side measured on all of them. Told are both
ways: its terms made from columns and added, which is what our side does; and terms that are
already made, added, which leaves out half of its work.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.timing import Quantity, command_cost, in_new_process


def measure(store: Path, repeat: int) -> list[Quantity]:
    """Ratios of CPU time, and the whole build."""
    repeat = min(repeat, 3)
    with tempfile.TemporaryDirectory() as folder:
        in_new_process("benchmarks.building:prepare", str(store), folder)
        disk = _against_limit(store, folder, "disk", repeat, 1.15)
        memory = _against_limit(store, folder, "memory", repeat, 1.15)
        theirs = [in_new_process("benchmarks.building:rdflib_adds", folder) for _ in range(repeat)]
    return [*disk, *memory, *_against_rdflib(memory[-1].median, theirs), *_whole(min(repeat, 2))]


def _against_rdflib(ours: float, theirs: list[dict[str, float]]) -> list[Quantity]:
    """`ours` is CPU seconds for a million triples."""
    whole = [_per_million(run) for run in theirs]
    adding = [run["cpu of adding"] / run["triples"] * 1e6 for run in theirs]
    return [
        Quantity("rdflib from columns, a million triples, CPU", "s", whole),
        Quantity("rdflib / build in memory, CPU", "×", [run / ours for run in whole], least=4.5),
        Quantity("rdflib of terms already made / the same", "×", [run / ours for run in adding]),
    ]


def _per_million(run: dict[str, float]) -> float:
    return run["cpu"] / run["triples"] * 1e6


def _against_limit(store: Path, folder: str, kind: str, repeat: int, most: float) -> list[Quantity]:
    ours, limit = [], []
    for _ in range(repeat):  # by turns, so that other work on the machine meets both alike
        ours.append(in_new_process("benchmarks.building:ours", str(store), kind))
        limit.append(in_new_process("benchmarks.building:limit", folder, kind))
    ratios = [mine["cpu"] / least["cpu"] for mine, least in zip(ours, limit, strict=True)]
    return [
        Quantity(f"tables to store ({kind}) / limit, CPU", "×", ratios, most=most),
        Quantity(f"limit ({kind}), CPU", "s", [run["cpu"] for run in limit]),
        Quantity(f"tables to store ({kind}), CPU", "s", [run["cpu"] for run in ours]),
        Quantity(
            f"tables to store ({kind}), a million triples, CPU", "s", list(map(_per_million, ours))
        ),
    ]


def _whole(repeat: int) -> list[Quantity]:
    costs = []
    for _ in range(repeat):
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "geoties", "-q", "build", "--store", folder]
            costs.append(command_cost(command))
    return [
        Quantity("geoties build, CPU", "s", [cost.cpu for cost in costs], most=60),
        Quantity("geoties build, peak memory", "MB", [cost.peak_mb for cost in costs], most=2000),
    ]


# ---- each of these runs in a process of its own


def prepare(store: str, folder: str) -> dict[str, float]:
    """Write the triples of a graph as columns of terms, for the limit and for rdflib."""
    import polars as pl

    tables, held, day = _tables(store)
    files, count = _written(tables, held, day, Path(folder))
    for path in files:
        lines = pl.read_csv(
            path, has_header=False, new_columns=["line"], separator="\x01", quote_char=None
        )
        parts = lines["line"].str.strip_suffix(" .").str.splitn(" ", 3).struct.unnest()
        parts.write_parquet(Path(folder) / f"{path.name}.parquet")
        path.unlink()
    return {"triples": float(count)}


def ours(store: str, kind: str) -> dict[str, float]:
    """From checked tables to a loaded store, as the build does it."""
    from geoties.graph.store import bulk_load

    tables, held, day = _tables(store)
    with tempfile.TemporaryDirectory() as folder:
        begun = time.process_time()
        files, count = _written(tables, held, day, Path(folder))
        if kind == "disk":
            bulk_load(Path(folder) / "store", files)
        else:
            _load_in_memory(files)
        return _cost(begun, count)


def limit(folder: str, kind: str) -> dict[str, float]:
    """The same triples from columns of terms to lines, and bulk-loaded by pyoxigraph alone."""
    import polars as pl
    import pyoxigraph as ox

    columns = {p: pl.read_parquet(p) for p in sorted(Path(folder).glob("*.parquet"))}
    with tempfile.TemporaryDirectory() as out:
        begun = time.process_time()
        files = []
        for path, frame in columns.items():
            files.append(Path(out) / path.stem)
            line = pl.concat_str(*frame.columns, pl.lit("."), separator=" ")
            frame.select(line).write_csv(files[-1], include_header=False, quote_style="never")
        if kind == "disk":
            store = ox.Store(str(Path(out) / "store"))
            for file in files:
                store.bulk_load(path=str(file), format=_format(file), lenient=True)
            store.flush()
            store.optimize()
        else:
            _load_in_memory(files)
        return _cost(begun, sum(frame.height for frame in columns.values()))


def rdflib_adds(folder: str) -> dict[str, float]:
    """A sample of the same triples into a Graph, from columns and from terms already made."""
    import rdflib

    rows = _sample(folder)
    begun = time.process_time()
    graph = rdflib.Graph()
    for subject, predicate, iri, text, language, datatype in rows:
        if iri is not None:
            other: Any = rdflib.URIRef(iri)
        else:
            kind = rdflib.URIRef(datatype) if datatype else None
            other = rdflib.Literal(text, lang=language or None, datatype=kind)
        graph.add((rdflib.URIRef(subject), rdflib.URIRef(predicate), other))
    cost = _cost(begun, len(rows))
    triples, again = list(graph), rdflib.Graph()
    begun = time.process_time()
    for triple in triples:
        again.add(triple)
    return cost | {"cpu of adding": time.process_time() - begun}


def _sample(folder: str) -> list[tuple[Any, ...]]:
    """All triples of one subject in twelve: subject, predicate, IRI or the parts of a literal."""
    import polars as pl

    frame = pl.read_parquet(Path(folder) / "graph.nt.parquet")
    subject, predicate, other = (pl.col(name) for name in frame.columns)
    chosen = frame.filter(subject.hash(seed=7) % 12 == 0)
    literal = r'^"(?P<text>.*)"(?:@(?P<lang>[\w-]+)|\^\^<(?P<type>[^>]*)>)?$'
    return chosen.select(
        subject.str.strip_chars("<>"),
        predicate.str.strip_chars("<>"),
        pl.when(other.str.starts_with("<")).then(other.str.strip_chars("<>")).alias("iri"),
        other.str.extract_groups(literal).struct.unnest(),
    ).rows()


def _tables(store: str) -> tuple[Any, Any, str]:
    """The checked tables of a built graph, the ties that the store holds, and its day."""
    import polars as pl

    from geoties.graph.model import Tables
    from geoties.graph.triples import in_graph
    from geoties.knowledge import load

    graph = load(store)
    frames = graph.frames
    tables = Tables.of(frames.entities())
    ties = pl.concat([frames.ties(kind) for kind in frames.tie_kinds()])
    tables.observations, tables.coverage = frames.observations(), frames.coverage()
    return tables, in_graph(ties), graph.date


def _written(tables: Any, held: Any, day: str, folder: Path) -> tuple[list[Path], int]:
    from geoties.graph.triples import write_graph

    return write_graph(tables.entities, held, tables.observations, tables.coverage, folder, day)


def _load_in_memory(files: list[Path]) -> None:
    import pyoxigraph as ox

    store = ox.Store()
    for file in files:
        store.bulk_load(path=str(file), format=_format(file), lenient=True)


def _format(path: Path) -> Any:
    import pyoxigraph as ox

    return ox.RdfFormat.N_QUADS if path.suffix == ".nq" else ox.RdfFormat.N_TRIPLES


def _cost(begun: float, triples: int) -> dict[str, float]:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"cpu": time.process_time() - begun, "peak_mb": peak, "triples": float(triples)}
