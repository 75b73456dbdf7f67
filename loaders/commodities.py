"""Trade in 74 raw materials, product by product (CEPII's BACI, Harmonized System of 1992).

Reads the extract (year, exporter, importer, hs6, usd_thousand, tonnes) or CEPII's own yearly
files (`BACI_HS92_Y2024_V….csv`, of which the 74 products are taken, with `country_codes_V….csv`
beside them). The topic of a tie is the six digits of the product; `data/products/products.csv`
says what they are called. Values come out in current US dollars, free on board; tonnes are not
used, for a tie has one value. Soy, meat and other farm products are not among the 74.
"""

from __future__ import annotations

import csv
import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from geoties.graph.model import (
    Coverage,
    Entity,
    Rejection,
    Report,
    Source,
    Tables,
    UserError,
    tie_frame,
    topic_record,
)
from geoties.graph.names import default_resolver
from geoties.loaders.baci import CEPII_COLUMNS, cepii_codes

SOURCE = Source(
    id="baci-74-products",
    title="BACI: bilateral trade in 74 raw materials, 1995-2024",
    publisher="CEPII",
    url="https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=37",
    licence="Etalab-2.0",
    licence_class="A",
    version="1995-2024, HS 1992",
    retrieved=dt.date(2026, 2, 1),
    citation="Gaulier, G. and Zignago, S. (2010), BACI: International Trade Database at the "
    "Product-Level. The 1994-2007 Version. CEPII Working Paper 2010-23.",
    expects={"ties": (300_000, 2_000_000)},
    filenames=("commodities_baci74_1995_2024.parquet",),
)
_PRODUCTS = Path(__file__).parent / "data" / "products" / "products.csv"
_FLOW = ("year", "exporter", "importer", "hs6", "value")
_UNION = Entity(
    "aggregate/Southern-African-Customs-Union",
    "aggregate",
    {
        "en": "Southern African Customs Union (total of a source)",
        "es": "Unión Aduanera de África Austral (total de una fuente)",
        "pt": "União Aduaneira da África Austral (total de uma fonte)",
        "zh": "南部非洲关税同盟（来源合计）",
    },
    {"note": "Botswana, Eswatini, Lesotho, Namibia and South Africa, reported together to 1999."},
)
_BELGIUM_LUXEMBOURG = "aggregate/Belgium-Luxembourg"


def load(raw: Path) -> Tables:
    """All flows of the 74 products and what is known of them; `raw` is a file or a folder."""
    cepii = sorted(raw.glob("BACI_*.csv")) if raw.is_dir() else [raw] * (raw.suffix == ".csv")
    flows = pl.concat(map(_read_cepii, cepii)) if cepii else _read_extract(raw)
    flows = _with_ends(flows).with_columns(problem=_problem())
    bad = flows.filter(pl.col("problem") != "")
    kept = flows.filter(pl.col("problem") == "")
    good = kept.unique(list(_FLOW[:4]), keep="first", maintain_order=True)
    rejected = [_rejection(row) for row in bad.to_dicts()]
    report = Report(flows.height, good.height, kept.height - good.height, rejected)
    return Tables.of([_UNION], _ties(good), (), _coverage(good), report)


@cache
def products() -> tuple[str, ...]:
    """The six-digit codes of the 74 products.

    >>> "260300" in products(), len(products())
    (True, 74)
    """
    with _PRODUCTS.open(encoding="utf-8", newline="") as stream:
        return tuple(row["hs6"] for row in csv.DictReader(stream))


def _read_extract(raw: Path) -> pl.DataFrame:
    path = raw / SOURCE.filenames[0] if raw.is_dir() else raw
    try:
        return pl.read_parquet(path).select(
            pl.col("year").cast(pl.Int32),
            pl.col("exporter", "importer").cast(pl.String).fill_null(""),
            pl.col("hs6").cast(pl.String).fill_null("").str.zfill(6),
            value=(pl.col("usd_thousand").cast(pl.Float64) * 1000.0).round(),
        )
    except (pl.exceptions.PolarsError, OSError) as problem:
        told = str(problem).strip().splitlines()[0]
        raise UserError(
            f"{path.name}: not a table of year, exporter, importer, hs6, usd_thousand, "
            f"nor CEPII's own CSV ({', '.join(CEPII_COLUMNS)}): {told}."
        ) from None


def _read_cepii(path: Path) -> pl.DataFrame:
    """The flows of the 74 products in one of CEPII's yearly files (t, i, j, k, v, q)."""
    rows = pl.scan_csv(path, infer_schema=False)
    if rows.collect_schema().names() != CEPII_COLUMNS:
        raise UserError(f"{path.name}: the columns should be {', '.join(CEPII_COLUMNS)}.")
    names = cepii_codes(path.parent)
    codes = dict(names.iter_rows())
    product = pl.col("k").str.strip_chars().str.zfill(6)
    return (
        rows.filter(product.is_in(list(products())))
        .select(
            pl.col("t").cast(pl.Int32).alias("year"),
            pl.col("i").replace_strict(codes, default="").alias("exporter"),
            pl.col("j").replace_strict(codes, default="").alias("importer"),
            product.alias("hs6"),
            value=(pl.col("v").str.strip_chars().cast(pl.Float64, strict=False) * 1000.0).round(),
        )
        .collect()
    )


def _with_ends(flows: pl.DataFrame) -> pl.DataFrame:
    """The flows with the entities at their ends, told by code and year."""
    flows = flows.with_row_index("row", offset=2)
    for end, code in (("from", "exporter"), ("to", "importer")):
        pairs = flows.select(code, "year").unique()
        found = [_entity(*pair) for pair in pairs.iter_rows()]
        known = pairs.with_columns(pl.Series(end, found, dtype=pl.String))
        flows = flows.join(known, on=[code, "year"], how="left", nulls_equal=True)
    return flows


def _entity(code: str, year: int | None) -> str | None:
    """BACI's codes: two customs unions reported together in the first years."""
    if code == "ZA1":
        return _UNION.id
    if code == "BEL" and year is not None and year < 1999:
        return _BELGIUM_LUXEMBOURG
    names = default_resolver()
    days = (f"{year}-12-31", f"{year}-01-01") if year else ("",)
    return next(filter(None, (names.code("iso3", code, on=day) for day in days)), None)


def _problem() -> pl.Expr:
    """The first thing wrong with a row, as columns and reason; empty where nothing is."""
    wrong = {
        "year: no year": ~pl.col("year").is_between(1900, 2100).fill_null(False),
        "exporter: no such economy in that year": pl.col("from").is_null(),
        "importer: no such economy in that year": pl.col("to").is_null(),
        "importer: the exporter itself": pl.col("from") == pl.col("to"),
        "hs6: not one of the 74 products": ~pl.col("hs6").is_in(list(products())),
        "value: no value of one dollar or more": ~(pl.col("value") >= 1).fill_null(False),
    }
    told = pl.lit("")
    for reason, is_wrong in reversed(wrong.items()):
        told = pl.when(is_wrong).then(pl.lit(reason)).otherwise(told)
    return told


def _rejection(row: dict[str, Any]) -> Rejection:
    column, _, reason = row["problem"].partition(": ")
    return Rejection(row["row"], column, str(row[column]), reason)


def _ties(flows: pl.DataFrame) -> pl.DataFrame:
    ties = flows.select("from", "to", pl.col("hs6").alias("topic"), "year", "value")
    constants = {"kind": "commodity-trade", "unit": "USD", "source": SOURCE.entity}
    return tie_frame(ties.with_columns(topic_record()), **constants)


def _coverage(flows: pl.DataFrame) -> list[Coverage]:
    """One row for each product; of others nothing is known."""
    years = flows.group_by("hs6").agg(first=pl.col("year").min(), last=pl.col("year").max())
    return [
        Coverage(
            SOURCE.entity,
            "commodity-trade",
            "complete",
            topic_scope=product,
            from_year=first,
            to_year=last,
        )
        for product, first, last in years.sort("hs6").iter_rows()
    ]
