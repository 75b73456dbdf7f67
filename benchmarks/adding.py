"""Adding a user's table of 100,000 rows, against the plain way to the same triples.

`geoties add` is timed as the user waits for it: the whole command, from a file to a graph that can
be asked, every name resolved and every rule checked, on the whole default graph. Flows are all
large enough to be in the store (eight triples each); parties of agreements also change the direct
statements of the graph's date. The plain way reads the same CSV with polars, writes the same ties
as N-Triples and parses them with rdflib into a graph in memory: no names, no rules, no store.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import time
from itertools import islice, permutations
from pathlib import Path

from benchmarks.timing import Cost, Quantity, command_cost, in_new_process

ROWS = 100_000


def measure(store: Path, repeat: int) -> list[Quantity]:
    """CPU seconds of the commands and their ratio to the plain way."""
    repeat = min(repeat, 3)
    with tempfile.TemporaryDirectory() as folder:
        in_new_process("benchmarks.adding:prepare", str(store), folder)
        flows, plain, parties = [], [], []
        for _ in range(repeat):  # by turns, so that other work on the machine meets all alike
            flows.append(_added(store, Path(folder) / "flows.csv"))
            plain.append(in_new_process("benchmarks.adding:plain", f"{folder}/flows.csv"))
            parties.append(_added(store, Path(folder) / "parties.csv"))
    ratios = [ours.cpu / theirs["cpu"] for ours, theirs in zip(flows, plain, strict=True)]
    return [
        Quantity("geoties add, 100,000 flows, CPU", "s", [cost.cpu for cost in flows], most=10),
        Quantity("geoties add, 100,000 parties, CPU", "s", [cost.cpu for cost in parties], most=10),
        Quantity("geoties add, peak memory", "MB", [c.peak_mb for c in (*flows, *parties)]),
        Quantity("polars and rdflib, the same flows, CPU", "s", [run["cpu"] for run in plain]),
        Quantity("geoties add / polars and rdflib, CPU", "×", ratios),
    ]


def _added(store: Path, table: Path) -> Cost:
    """Add the table to a copy of the data directory, of which finished builds are hard links."""
    with tempfile.TemporaryDirectory(dir=store.parent) as folder:
        copy = Path(folder) / "store"
        shutil.copytree(store / "builds", copy / "builds", copy_function=os.link)
        shutil.copytree(store / "inputs", copy / "inputs")
        shutil.copy(store / "current", copy)
        add = ["-q", "add", str(table), "--store", str(copy)]
        return command_cost([sys.executable, "-m", "geoties", *add])


# ---- each of these runs in a process of its own


def prepare(store: str, folder: str) -> dict[str, float]:
    """Write the tables: flows between all pairs of states, and parties of agreements."""
    import polars as pl

    from geoties.knowledge import load

    entities = load(store).frames.entities()
    states = entities.filter(kind="state", valid_from="")["id"].str.strip_prefix("state/").sort()
    agreements = entities.filter(kind="agreement")["id"].sort()
    chance = random.Random(7)
    pairs = [(a, b, year) for year in (2018, 2019, 2020) for a, b in permutations(states, 2)]
    flows = [("goods-trade", *pair, chance.randrange(10**6, 10**11), "USD") for pair in pairs]
    header = ["kind", "from", "to", "year", "value", "unit"]
    table = pl.DataFrame(flows[:ROWS], schema=header, orient="row")
    table.write_csv(Path(folder) / "flows.csv")
    seats = islice(((state, deal) for deal in agreements for state in states), ROWS)
    parties = [
        ("agreement-party", *seat, f"2015-03-{chance.randrange(1, 29):02}") for seat in seats
    ]
    table = pl.DataFrame(parties, schema=["kind", "from", "to", "start"], orient="row")
    table.write_csv(Path(folder) / "parties.csv")
    return {"flows": float(min(len(flows), ROWS)), "parties": float(len(parties))}


def plain(table: str) -> dict[str, float]:
    """The ties of the table of flows as triples in an rdflib graph, by way of polars."""
    begun = time.process_time()
    import polars as pl
    import rdflib

    base, terms = "https://w3id.org/geoties/", "https://w3id.org/geoties/ontology#"
    number = "^^<http://www.w3.org/2001/XMLSchema#integer>"
    source = "<http://purl.org/dc/terms/source>"
    frame = pl.read_csv(table)
    lines = frame.select(
        pl.format(f"<{base}tie/{{}}/flows/{{}}-{{}}-{{}}> ", "kind", "from", "to", "year").alias(
            "tie"
        ),
        pl.lit(f"<{rdflib.RDF.type}> <{terms}GoodsTrade> .\n").alias("a"),
        pl.format(f"<{terms}from> <{base}state/{{}}> .\n", "from").alias("b"),
        pl.format(f"<{terms}to> <{base}state/{{}}> .\n", "to").alias("c"),
        pl.format(f'<{terms}year> "{{}}"{number} .\n', "year").alias("d"),
        pl.format(f'<{terms}value> "{{}}"{number} .\n', "value").alias("e"),
        pl.format(f"<{terms}unit> <{base}unit/{{}}> .\n", "unit").alias("f"),
        pl.lit(f"{source} <{base}source/flows> .\n").alias("g"),
    )
    text = "".join(row[0] + part for row in lines.iter_rows() for part in row[1:])
    graph = rdflib.Graph().parse(data=text, format="nt")
    return {"cpu": time.process_time() - begun, "triples": float(len(graph))}
