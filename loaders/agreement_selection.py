"""Which agreements of a register the package carries: those of Latin America and of China."""

from __future__ import annotations

import polars as pl

from geoties.graph.model import Tables
from geoties.loaders.agreement_records import members

CHINA = "state/CHN"
LATIN_AMERICA = (
    "ABW AIA ARG ATG BES BHS BLM BLZ BOL BRA BRB BVT CHL COL CRI CUB CUW CYM DMA DOM ECU FLK GLP "
    "GRD GTM GUF GUY HND HTI JAM KNA LCA MAF MEX MSR MTQ NIC PAN PER PRI PRY SGS SLV SUR SXM TCA "
    "TTO URY VCT VEN VGB VIR"
).split()
_BLOCS = ("body/CAN", "body/CARICOM", "body/MERCOSUR", "body/PacificAlliance", "body/SICA")


def concerning_latin_america_or_china(tables: Tables) -> Tables:
    """The agreements with a party in Latin America and the Caribbean (M49 419), or with China.

    Facts of public record from a register whose terms ask for acknowledgement: single facts are
    carried with credit, not the register. Ties that are not of agreements stay.
    """
    wanted = [CHINA, *(f"state/{code}" for code in LATIN_AMERICA), *_BLOCS]
    ties = tables.ties
    agreement = pl.when(pl.col("kind") == "not-yet-in-force").then("via").otherwise("to")
    ties = ties.with_columns(agreement=agreement)
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
