"""The newest World Development Indicators, from the World Bank's Indicators API (version 2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from geoties.graph.model import UserError
from geoties.loaders import world_bank
from geoties.loaders.downloads_cache import Wrong
from geoties.loaders.downloads_client import Client
from geoties.loaders.downloads_release import Release, as_json, newer, relabelled

LOADER = "world_bank"
ADDRESS = "https://api.worldbank.org/v2"
MOST_BYTES = 64 * 1024 * 1024
_PER_PAGE = "10000"
_MOST_PAGES = 100
CODES = {
    "gdp_usd": "NY.GDP.MKTP.CD",
    "population": "SP.POP.TOTL",
    "fdi_in_pct_gdp": "BX.KLT.DINV.WD.GD.ZS",
    "exports_pct_gdp": "NE.EXP.GNFS.ZS",
    "imports_pct_gdp": "NE.IMP.GNFS.ZS",
    "merch_trade_pct_gdp": "TG.VAL.TOTL.GD.ZS",
    "milex_pct_gdp": "MS.MIL.XPND.GD.ZS",
    "ext_debt_usd": "DT.DOD.DECT.CD",
    "gdppc_const_usd": "NY.GDP.PCAP.KD",
}
Cells = dict[tuple[str, str], dict[str, str]]


def fetch(client: Client, address: str = ADDRESS) -> Release:
    """All years of the indicators that geoties reads; aggregates without a code are left out.

    Raises `UserError` when the API says that something is not there.
    """
    cells: Cells = {}
    updated = ""
    for column, code in CODES.items():
        client.say(f"world_bank: asking for {code}")
        for head, rows in _pages(client, f"{address}/country/all/indicator/{code}"):
            updated = max(updated, str(head.get("lastupdated", "")))
            for row in rows:
                _put(cells, column, row)
    if not cells or not updated:
        raise UserError("The World Bank gave no numbers; try again another time.")
    source = newer(world_bank.SOURCE, f"world-bank-wdi-{updated}", f"last updated {updated}")
    tables = relabelled(_loaded(cells), world_bank.SOURCE, source)
    left = len(tables.report.rejected)
    note = f"{left:,} rows of groups of states that geoties does not know are left out."
    return Release(source, tables, (note,) if left else ())


def _pages(client: Client, url: str) -> Iterator[tuple[Mapping[str, Any], list[Any]]]:
    """Every page of an answer; together they must be as many rows as the API says."""
    page, pages, total, came = 1, 1, 0, 0
    while page <= pages:
        asked = {"format": "json", "per_page": _PER_PAGE, "page": str(page)}
        path = client.get(
            url, parameters=asked, most_bytes=MOST_BYTES, check=_check, accept="application/json"
        )
        head, rows = as_json(path)
        if str(head.get("page")) != str(page):
            raise UserError(f"{url} gave page {head.get('page')} for page {page}.")
        pages, total = int(head["pages"]), int(head["total"])
        if pages > _MOST_PAGES:
            raise UserError(f"{url} has {pages} pages, more than can be meant.")
        came += len(rows or [])
        yield head, rows or []
        page += 1
    if came != total:
        raise UserError(f"{url} changed while it was read ({came:,} of {total:,} rows); try again.")


def _check(path: Path) -> None:
    """An answer is a pair of head and rows; a lone message says what the API complains of."""
    answer = as_json(path)
    if isinstance(answer, list) and len(answer) == 1 and "message" in (answer[0] or {}):
        told = " ".join(str(item.get("value", "")) for item in answer[0]["message"])
        raise UserError(f"The World Bank's API says: {told[:200]}")
    whole = isinstance(answer, list) and len(answer) == 2 and isinstance(answer[0], dict)
    if not whole or not {"page", "pages", "total"} <= set(answer[0]):
        raise Wrong("what came is not an answer of the World Bank's API")
    if not all(isinstance(row, dict) for row in answer[1] or []):
        raise Wrong("what came is not an answer of the World Bank's API")


def _put(cells: Cells, column: str, row: Mapping[str, Any]) -> None:
    code, year, value = row.get("countryiso3code"), row.get("date"), row.get("value")
    if code and year and value is not None:
        cells.setdefault((str(code), str(year)), {})[column] = str(value)


def _loaded(cells: Cells) -> Any:
    """The numbers as the loader of the embedded table reads them."""
    rows = [
        {"iso3": code, "year": year} | {name: found.get(name, "") for name in CODES}
        for (code, year), found in sorted(cells.items())
    ]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "world_bank.csv"
        pl.DataFrame(rows).write_csv(path)
        return world_bank.load(path)
