"""Which agreements of a register the package carries: those of Latin America and of China."""

from __future__ import annotations

import json
from collections.abc import Sequence

import polars as pl

from geoties.graph.model import Tables
from geoties.loaders.embedded import read_embedded
from geoties.loaders.registry import DATA

CHINA = "state/CHN"
LATIN_AMERICA = "region/419"
_BLOCS = ("body/CAN", "body/CARICOM", "body/MERCOSUR", "body/PacificAlliance", "body/SICA")


def latin_americans() -> list[str]:
    """The states and territories of Latin America and the Caribbean (M49 419).

    >>> "state/PER" in latin_americans(), "state/USA" in latin_americans()
    (True, False)
    """
    rows = read_embedded(DATA / "countries").entities.select("id", "properties").iter_rows()
    return [who for who, told in rows if LATIN_AMERICA in json.loads(told).get("inRegion", [])]


def concerning_latin_america_or_china(tables: Tables) -> Tables:
    """The agreements with a party or signatory in Latin America and the Caribbean, or with China.

    Facts of public record from a register whose terms ask for acknowledgement: single facts are
    carried with credit, not the register.
    """
    return concerning(tables, [CHINA, *latin_americans(), *_BLOCS])


def concerning(tables: Tables, wanted: Sequence[str]) -> Tables:
    """The agreements in which one of `wanted` has a part; ties of no agreement stay."""
    agreement = pl.when(pl.col("kind") == "not-yet-in-force").then("via").otherwise("to")
    ties = tables.ties.with_columns(agreement=agreement)
    chosen = ties.filter(pl.col("from").is_in(wanted))["agreement"].unique().to_list()
    kept = pl.col("agreement").is_in(chosen) | ~pl.col("agreement").str.starts_with("agreement/")
    of_agreement = pl.col("id").is_in(chosen) | (pl.col("kind") != "agreement")
    return Tables.of(
        tables.entities.filter(of_agreement),
        ties.filter(kept).drop("agreement"),
        tables.observations,
        tables.coverage,
        tables.report,
        tables.sources,
    )
