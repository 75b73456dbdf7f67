"""Goods trade that a release understates, and economies that did not report a year.

BACI's totals are compared with its own later release of 74 raw materials: where the raw
materials alone are worth a quarter more than all goods, and USD 10 million more, the total lacks
something. Such a flow stands as it was published. A coverage row says that it is known in *part*
only, or, where the raw materials are worth twice all goods, that it is *unknown* how large it is:
measures then give a range. An economy of which many large flows are missing in a year did not
report that year: its smaller flows are unknown too, unless a partner reported them.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from geoties.graph.model import Coverage

#: How much more the raw materials must be worth, as a factor and in USD; and to what factor the
#: flow is known in part. Below it releases differ; above it a report is missing.
FACTOR, SURPLUS, PARTLY = 1.25, 10_000_000.0, 2.0
#: From so many missing large flows on, an economy is taken not to have reported the year.
MISSING_FLOWS = 20
_PAIR = ["exporter", "importer", "year"]


def raw_materials(path: Path) -> pl.DataFrame:
    """What each pair traded in the 74 raw materials: exporter, importer, year, materials (USD)."""
    flows = pl.scan_parquet(path).with_columns(pl.col("year").cast(pl.Int32))
    worth = (pl.col("usd_thousand").sum() * 1000.0).alias("materials")
    return flows.group_by(_PAIR).agg(worth).collect()


def understated(flows: pl.DataFrame, materials: pl.DataFrame) -> list[Coverage]:
    """A row for each pair and year whose goods are worth less than its raw materials.

    `flows`: exporter, importer, year, value, source. Economies that a release leaves out of a
    year are told of elsewhere; pairs whose flow is missing altogether are told of here.
    """
    present = pl.concat(
        [flows.select("source", "year", economy=end) for end in ("exporter", "importer")]
    ).unique()
    found = materials.join(flows.select("year", "source").unique(), on="year")
    for end in ("exporter", "importer"):
        known = present.rename({"economy": end})
        found = found.join(known, on=["source", "year", end], how="semi")
    found = found.join(flows, on=[*_PAIR, "source"], how="left").with_columns(
        pl.col("value").fill_null(0.0)
    )
    short = found.filter(
        (pl.col("materials") > FACTOR * pl.col("value"))
        & (pl.col("materials") - pl.col("value") >= SURPLUS)
    )
    return [_doubt(row) for row in short.sort("source", *_PAIR).to_dicts()]


def _doubt(row: dict[str, object]) -> Coverage:
    value, materials = float(str(row["value"])), float(str(row["materials"]))
    told = f"understated: {_millions(value)}" if value else "missing"
    note = f"{told}; raw materials alone {_millions(materials)} in a later release"
    ends = {"from_scope": f"state/{row['exporter']}", "to_scope": f"state/{row['importer']}"}
    year = int(str(row["year"]))
    status = "partial" if materials < PARTLY * value else "unknown"
    return Coverage(
        str(row["source"]), "goods-trade", status, **ends, from_year=year, to_year=year,
        note=note,
    )  # fmt: skip


def _millions(value: float) -> str:
    """A value in words of a fixed form.

    >>> _millions(30_698_600_000.0), _millions(3_123_000.0), _millions(108_000.0)
    ('USD 30.7 billion', 'USD 3.1 million', 'USD 0.1 million')
    """
    billions = value / 1e9
    return f"USD {billions:.1f} billion" if billions >= 1 else f"USD {value / 1e6:.1f} million"


def not_reporting(gaps: pl.DataFrame, source: str) -> list[Coverage]:
    """Two rows, as exporter and as importer, for each economy that did not report a year."""
    ends = pl.concat([gaps.select("year", economy=end) for end in ("exporter", "importer")])
    many = ends.group_by("year", "economy").len("missing")
    rows = many.filter(pl.col("missing") >= MISSING_FLOWS).sort("year", "economy").to_dicts()
    return [
        Coverage(
            source,
            "goods-trade",
            "unknown",
            from_year=row["year"],
            to_year=row["year"],
            note=f"did not report this year, it seems: {row['missing']} flows above USD 10 "
            "million in 2018-2020 are missing; what partners reported is there",
            **{scope: f"state/{row['economy']}"},
        )
        for row in rows
        for scope in ("from_scope", "to_scope")
    ]
