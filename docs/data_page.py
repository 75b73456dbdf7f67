"""docs/data.md: what the default graph knows, by kind of tie, and what it does not.

Made from the embedded tables and their metadata; the notes on gaps are kept by hand in
`data-notes.md`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from geoties.graph.model import Tables, short_id
from geoties.loaders.embedded import read_embedded
from geoties.loaders.registry import Loader, loaders_by_name
from geoties.ontology.kinds import indicators, kinds

NOTES = Path(__file__).parent / "data-notes.md"


def data_page() -> str:
    """The text of docs/data.md."""
    tables = [_tables(loader) for loader in loaders_by_name().values() if loader.folder.exists()]
    ties = pl.concat([_told(part.ties) for part in tables])
    coverage = pl.concat([part.coverage for part in tables])
    entities = pl.concat([part.entities.select("id", "kind", "labels") for part in tables])
    observations = pl.concat([part.observations for part in tables])
    return "\n".join(
        [
            "# What the graph knows, and what not",
            "",
            "Made from the embedded tables by `python docs/generate.py`. `geoties sources` tells",
            "of your own graph. *Complete*: what the source does not list, it says is not there.",
            "*Partial*: what is not listed is unknown. *Unknown*: nothing is known at all.",
            "",
            *_kinds(ties, coverage),
            *_numbers(observations, coverage),
            *_bodies(ties, entities),
            NOTES.read_text(encoding="utf-8"),
        ]
    )


def _tables(loader: Loader) -> Tables:
    return loader.load(loader.folder) if loader.embedded == "raw" else read_embedded(loader.folder)


def _told(ties: pl.DataFrame) -> pl.DataFrame:
    """Kind, ends, source and first and last year of each tie."""
    began = pl.coalesce("year", pl.col("start").str.slice(0, 4).cast(pl.Int32, strict=False))
    ended = pl.col("observed_to").str.slice(0, 4).cast(pl.Int32, strict=False)
    return ties.select("kind", "from", "to", "source", began=began, ended=pl.coalesce(ended, began))


def _kinds(ties: pl.DataFrame, coverage: pl.DataFrame) -> Iterator[str]:
    yield "## Kinds of tie"
    yield ""
    for kind in sorted(kinds().values(), key=lambda kind: kind.id):
        rows = ties.filter(pl.col("kind") == kind.id)
        claims = coverage.filter(pl.col("kind") == kind.id)
        if kind.derived or (rows.is_empty() and claims.is_empty()):
            continue
        yield f"### {kind.labels['en'].capitalize()} (`{kind.id}`)"
        yield ""
        if rows.height:
            yield "| source | ties | years |"
            yield "|---|---|---|"
            yield from (_source(row) for row in _by_source(rows).to_dicts())
            yield ""
        if claims.height:
            yield from _claims(claims)
            yield ""


def _by_source(rows: pl.DataFrame) -> pl.DataFrame:
    spans = (pl.len(), pl.col("began").min(), pl.max_horizontal("began", "ended").max().alias("to"))
    return rows.group_by("source").agg(*spans).sort("source")


def _source(row: dict[str, object]) -> str:
    years = "–".join(str(row[end]) for end in ("began", "to") if row[end] is not None)
    return f"| `{short_id(str(row['source']))}` | {row['len']:,} | {years} |"


def _claims(claims: pl.DataFrame) -> Iterator[str]:
    """What is claimed of all ties of a kind in a line each; of single ones, how many."""
    scope = pl.concat_str("from_scope", "to_scope", "via_scope", "topic_scope")
    for row in claims.filter(scope == "").sort(claims.columns).iter_rows(named=True):
        years = f"{row['from_year'] or ''}–{row['to_year'] or ''}".strip("–")
        note = f": {row['note']}" if row["note"] else ""
        yield f"- *{row['status']}* by `{short_id(row['source'])}`, {years}{note}."
    single = claims.filter(scope != "").with_columns(note=_form(pl.col("note")))
    scopes = [pl.col(f"{end}_scope").first() for end in ("from", "to", "via", "topic")]
    counted = single.group_by("status", "source", "note").agg(pl.len(), *scopes)
    for row in counted.sort("status", "source", "note").iter_rows(named=True):
        note = f": {row['note']}" if row["note"] else ""
        cases = _one(row) if row["len"] == 1 else f"{row['len']:,} parts"
        yield f"- *{row['status']}* by `{short_id(row['source'])}` for {cases}{note}."


def _one(row: dict[str, object]) -> str:
    """The scope of a single claim: `from` whom, to what."""
    ends = (str(row[f"{end}_scope"]) for end in ("from", "to", "via", "topic"))
    return " and ".join(f"`{scope}`" for scope in ends if scope)


def _form(note: pl.Expr) -> pl.Expr:
    """A note without the amounts that differ from row to row."""
    plain = note.str.replace_all(r"USD [\d.]+ [mb]illion", "USD …")
    return plain.str.replace(r": \d+ flows above USD …", ": flows above USD 10 million")


def _numbers(observations: pl.DataFrame, coverage: pl.DataFrame) -> Iterator[str]:
    yield "## Numbers about one state"
    yield ""
    yield "| indicator | unit | source | values | states and territories | years |"
    yield "|---|---|---|---|---|---|"
    spans = (pl.len(), pl.col("entity").n_unique().alias("of"), pl.col("year").min().alias("first"),
             pl.col("year").max().alias("last"))  # fmt: skip
    counted = observations.group_by("indicator", "source").agg(*spans).sort("indicator", "source")
    for row in counted.iter_rows(named=True):
        unit = indicators()[row["indicator"]].unit
        source = f"`{short_id(row['source'])}`"
        yield (
            f"| `{row['indicator']}` | {unit} | {source} | {row['len']:,} | {row['of']} | "
            f"{row['first']}–{row['last']} |"
        )
    yield ""


def _bodies(ties: pl.DataFrame, entities: pl.DataFrame) -> Iterator[str]:
    members = ties.filter(pl.col("kind") == "membership")
    counted = members.group_by("to").agg(
        pl.col("from").n_unique().alias("members"),
        pl.col("source").unique().sort(),
        pl.col("ended").max().alias("seen"),
    )
    labels = dict(entities.filter(pl.col("labels") != "{}").select("id", "labels").iter_rows())
    yield f"## Bodies and initiatives: {counted.height}"
    yield ""
    yield "| body | | ever in it, in any role | sources | followed to |"
    yield "|---|---|---|---|---|"
    for row in counted.sort("to").iter_rows(named=True):
        label = json.loads(labels.get(row["to"], "{}")).get("en", "")
        sources = ", ".join(f"`{short_id(source)}`" for source in row["source"])
        yield f"| {short_id(row['to'])} | {label} | {row['members']} | {sources} | {row['seen']} |"
    yield ""
