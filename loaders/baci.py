"""Goods trade between all states: CEPII's BACI, which reconciles exporters' and importers' reports.

Reads CEPII's own yearly files (`BACI_HS92_Y2023_V202501.csv`: t, i, j, k, v, q, with
`country_codes_V202501.csv` beside them) and the dyadic extract that the embedded table is made
of (year, exporter, importer, usd_thousand, src).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from geoties.graph.model import Coverage, Rejection, Report, Source, Tables, UserError, tie_frame
from geoties.loaders.baci_doubts import not_reporting, raw_materials, understated

_CITATION = (
    "Gaulier, G. and Zignago, S. (2010), BACI: International Trade Database at the Product-Level. "
    "The 1994-2007 Version. CEPII Working Paper 2010-23."
)


def _release(source: str, version: str, retrieved: dt.date, title: str) -> Source:
    return Source(
        id=source,
        title=title,
        publisher="CEPII",
        url="https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=37",
        licence="Etalab-2.0",
        licence_class="A",
        version=version,
        retrieved=retrieved,
        citation=_CITATION,
        expects={"ties": (40_000, 700_000)},
        filenames=(
            "trade_dyadic_baci_2000_2023.parquet",
            "trade_known_gaps_2022_2023.csv",
            "commodities_baci74_1995_2024.parquet",
        ),
    )


EARLIER = _release(
    "baci-to-2020",
    "series to 2020 (206 economies, without Taiwan)",
    dt.date(2022, 2, 1),
    "BACI: bilateral goods trade, 2000-2020",
)
LATER = _release(
    "baci-202501",
    "202501 (226 economies)",
    dt.date(2025, 2, 1),
    "BACI: bilateral goods trade, 2022-2023",
)
SOURCES = (EARLIER, LATER)

_PAIR = {"exporter": pl.String, "importer": pl.String, "year": pl.Int32}
_NO_GAPS = pl.DataFrame(schema=_PAIR)
_NO_MATERIALS = pl.DataFrame(schema={**_PAIR, "materials": pl.Float64})
CEPII_COLUMNS = ["t", "i", "j", "k", "v", "q"]


def load(raw: Path) -> Tables:
    """Flows, each economy's totals and what is known, from CEPII's files or from the extract.

    `raw` is a folder with CEPII's yearly files, or with the extract and its known gaps, or one
    such file. Values come out in current USD, free on board.
    """
    cepii = sorted(raw.glob("BACI_*.csv")) if raw.is_dir() else [raw] * (raw.suffix == ".csv")
    if cepii:
        flows, sources = _read_cepii(cepii)
        return _tables(flows, _NO_GAPS, _NO_MATERIALS, sources)
    beside = (raw if raw.is_dir() else raw.parent) / SOURCES[0].filenames[2]
    materials = raw_materials(beside) if beside.exists() else _NO_MATERIALS
    return _tables(*_read_extract(raw), materials, ())


def _read_extract(raw: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    folder = raw if raw.is_dir() else raw.parent
    path = raw / SOURCES[0].filenames[0] if raw.is_dir() else raw
    try:
        frame = pl.read_parquet(path)
        flows = frame.select(
            pl.col("year").cast(pl.Int32),
            "exporter",
            "importer",
            value=pl.col("usd_thousand") * 1000.0,
            source=pl.col("src").replace_strict({"A": EARLIER.entity, "B": LATER.entity}),
        )
    except (pl.exceptions.PolarsError, OSError) as problem:
        raise UserError(
            f"{path.name}: not a BACI table (year, exporter, importer, usd_thousand, src) "
            f"nor CEPII's own CSV ({', '.join(CEPII_COLUMNS)}): {_first_line(problem)}."
        ) from None
    return flows, _read_gaps(folder / SOURCES[0].filenames[1])


def _first_line(problem: Exception) -> str:
    return str(problem).strip().splitlines()[0]


def _read_gaps(path: Path) -> pl.DataFrame:
    gaps = pl.read_csv(path, infer_schema=False)
    return gaps.select("exporter", "importer", pl.col("year").cast(pl.Int32))


def _read_cepii(files: list[Path]) -> tuple[pl.DataFrame, tuple[Source, ...]]:
    codes = cepii_codes(files[0].parent)
    years, sources = [], {}
    for path in files:
        source = _cepii_source(path)
        sources[source.id] = source
        years.append(_read_cepii_year(path, codes).with_columns(source=pl.lit(source.entity)))
    known = {source.id for source in SOURCES}
    return pl.concat(years), tuple(s for key, s in sorted(sources.items()) if key not in known)


def _cepii_source(path: Path) -> Source:
    match = re.search(r"V(\d{4})(\d{2})", path.name)
    if not match:
        raise UserError(f"{path.name}: CEPII's file name says the release (…_V202501.csv).")
    year, month = match.groups()
    for source in SOURCES:
        if source.id == f"baci-{year}{month}":
            return source
    released = dt.date(int(year), int(month), 1)
    return _release(f"baci-{year}{month}", year + month, released, "BACI: bilateral goods trade")


def cepii_codes(folder: Path) -> pl.DataFrame:
    """CEPII's own list of countries beside its yearly files: code, iso3."""
    lists = sorted(folder.glob("country_codes*.csv"))
    if not lists:
        raise UserError(f"{folder.name}: CEPII's country_codes_V….csv must lie beside its files.")
    codes = pl.read_csv(lists[-1], infer_schema=False)
    return codes.select(code=pl.col("country_code"), iso3=pl.col("country_iso3"))


def _read_cepii_year(path: Path, codes: pl.DataFrame) -> pl.DataFrame:
    rows = pl.scan_csv(path, infer_schema=False)
    if rows.collect_schema().names() != CEPII_COLUMNS:
        raise UserError(f"{path.name}: the columns should be {', '.join(CEPII_COLUMNS)}.")
    dyads = (
        rows.select(pl.col("t").cast(pl.Int32), "i", "j", pl.col("v").str.strip_chars().cast(float))
        .group_by("t", "i", "j")
        .agg(value=pl.col("v").sum() * 1000.0)
        .collect()
    )
    for end, name in (("i", "exporter"), ("j", "importer")):
        names = codes.rename({"code": end, "iso3": name})
        dyads = dyads.join(names, on=end, how="left").with_columns(pl.col(name).fill_null(""))
    return dyads.select(pl.col("t").alias("year"), "exporter", "importer", "value")


def _tables(
    flows: pl.DataFrame, gaps: pl.DataFrame, materials: pl.DataFrame, sources: tuple[Source, ...]
) -> Tables:
    good, report = _account(flows)
    ties = tie_frame(
        good.select(
            pl.concat_str(pl.lit("state/"), "exporter").alias("from"),
            pl.concat_str(pl.lit("state/"), "importer").alias("to"),
            "year",
            "value",
            "source",
        ),
        kind="goods-trade",
        unit="USD",
    )
    told = gaps.select(*_PAIR)
    coverage = [
        *_years_covered(good),
        *_absent_economies(good),
        *_known_gaps(gaps, good),
        *not_reporting(told, LATER.entity),
        *understated(good, materials.join(told, on=list(_PAIR), how="anti")),
    ]
    return Tables.of((), ties, _totals(ties), coverage, report, sources)


def _account(flows: pl.DataFrame) -> tuple[pl.DataFrame, Report]:
    """Split the rows into good ones, repeated ones and those that cannot be a flow."""
    flows = flows.with_row_index("row", offset=2)
    bad = flows.filter(
        (pl.col("exporter").str.len_chars() != 3)
        | (pl.col("importer").str.len_chars() != 3)
        | (pl.col("exporter") == pl.col("importer"))
        | ~(pl.col("value") > 0)
    )
    kept = flows.join(bad.select("row"), on="row", how="anti")
    good = kept.unique(
        ["source", "year", "exporter", "importer"], keep="first", maintain_order=True
    )
    rejected = [
        Rejection(
            row["row"], "exporter, importer, value", str(row), "not a flow between two states"
        )
        for row in bad.to_dicts()
    ]
    return good, Report(flows.height, good.height, kept.height - good.height, rejected)


def _totals(ties: pl.DataFrame) -> pl.DataFrame:
    """Each economy's exports and imports of a year, over all its partners in that release."""
    totals = [
        ties.group_by(pl.col(end).alias("entity"), "year", "source")
        .agg(pl.col("value").sum())
        .with_columns(indicator=pl.lit(indicator))
        for end, indicator in (("from", "exports-total"), ("to", "imports-total"))
    ]
    record = pl.concat_str(pl.col("entity").str.split("/").list.last(), "year", separator="-")
    frame = pl.concat(totals).with_columns(unit=pl.lit("USD"), record=record)
    return frame.sort("entity", "indicator", "year", "source")


def _years_covered(flows: pl.DataFrame) -> list[Coverage]:
    years = flows.select("source", "year").unique()
    note = "an absent pair is none reported"
    return [_known(row["source"], "complete", row, note=note) for row in _spans(years, "source")]


def _known(source: str, status: str, years: Mapping[str, int], **scopes: str) -> Coverage:
    first, last = years["first"], years["last"]
    return Coverage(source, "goods-trade", status, from_year=first, to_year=last, **scopes)


def _spans(years: pl.DataFrame, *keys: str) -> list[dict[str, Any]]:
    """Runs of consecutive years per key: one row with `first` and `last` for each."""
    ordered = years.sort(*keys, "year")
    run = (pl.col("year") - pl.int_range(pl.len()).over(*keys)).alias("run")
    spans = ordered.group_by(*keys, run, maintain_order=True)
    return spans.agg(first=pl.col("year").min(), last=pl.col("year").max()).to_dicts()


def _absent_economies(flows: pl.DataFrame) -> list[Coverage]:
    """Economies that a release leaves out of a year though other years have them: unknown."""
    present = pl.concat(
        [flows.select("source", "year", economy=end) for end in ("exporter", "importer")]
    ).unique()
    releases = present.select("source", "year").unique()
    every = present.select("economy").unique().join(releases, how="cross")
    absent = every.join(present, on=["economy", "source", "year"], how="anti")
    note = "not in this release for these years"
    return [
        _known(row["source"], "unknown", row, **{scope: f"state/{row['economy']}"}, note=note)
        for row in _spans(absent, "source", "economy")
        for scope in ("from_scope", "to_scope")
    ]


def _known_gaps(gaps: pl.DataFrame, flows: pl.DataFrame) -> list[Coverage]:
    """Large flows that neither side reported in a year: unknown, not none."""
    missing = gaps.join(flows, on=["exporter", "importer", "year"], how="anti")
    return [
        _known(
            LATER.entity,
            "unknown",
            {"first": row["year"], "last": row["year"]},
            from_scope=f"state/{row['exporter']}",
            to_scope=f"state/{row['importer']}",
            note="neither side reported; above USD 10 million a year in 2018-2020",
        )
        for row in missing.sort("year", "exporter", "importer").to_dicts()
    ]
