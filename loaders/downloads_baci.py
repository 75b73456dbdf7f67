"""The newest BACI, from CEPII's page: the archive of all years, shrunk to flows between states."""

from __future__ import annotations

import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urljoin

import polars as pl

from geoties.graph.model import UserError
from geoties.loaders import baci
from geoties.loaders.downloads_cache import Wrong
from geoties.loaders.downloads_client import Client
from geoties.loaders.downloads_release import Release

LOADER = "baci"
ADDRESS = "https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=37"
MOST_BYTES = 8 * 1024**3
_MOST_OF_A_YEAR = 2 * 1024**3
_ARCHIVE = re.compile(r"""["'(]([^"'()\s]*BACI_HS92_V(\d{6}[a-z]?)\.zip)["')]""", re.IGNORECASE)
_YEAR = re.compile(r"BACI_HS92_Y\d{4}_V\d{6}[a-z]?\.csv", re.IGNORECASE)
_CODES = re.compile(r"country_codes_V\d{6}[a-z]?\.csv", re.IGNORECASE)
_HEADER = ["t", "i", "j", "k", "v", "q"]


def fetch(client: Client, address: str = ADDRESS) -> Release:
    """All years of the newest release in the Harmonised System of 1992.

    The archive is a few gigabytes; what is kept of it is some megabytes.
    """
    url = _newest(client, address)
    client.say(f"baci: downloading {url.rsplit('/', 1)[-1]}, a few gigabytes")
    archive = client.get(url, most_bytes=MOST_BYTES, check=_check)
    with TemporaryDirectory(dir=client.cache) as folder:
        _shrink(archive, Path(folder), client)
        tables = baci.load(Path(folder))
    known = {source.entity: source for source in (*baci.SOURCES, *tables.sources)}
    if tables.ties.is_empty():
        raise UserError("No flow of CEPII's archive could be read.")
    (entity,) = tables.ties["source"].unique()
    # More years than the embedded table has: its bounds are not those of this one.
    return Release(replace(known[entity], expects={}, embedded="none"), tables)


def _newest(client: Client, address: str) -> str:
    """The address of the newest archive that CEPII's page names."""
    page = client.get(address, most_bytes=16 * 1024 * 1024, check=_names_archives)
    named = _ARCHIVE.findall(page.read_text(encoding="utf-8", errors="replace"))
    newest: str = max(named, key=lambda link: str(link[1]))[0]
    return urljoin(address, newest)


def _names_archives(path: Path) -> None:
    if not _ARCHIVE.search(path.read_text(encoding="utf-8", errors="replace")):
        raise Wrong("the page names no archive of BACI")


def _check(path: Path) -> None:
    if not zipfile.is_zipfile(path):
        raise Wrong("what came is not an archive")


def _shrink(archive: Path, folder: Path, client: Client) -> None:
    """Write each year as flows between states, summed over products, in CEPII's own form."""
    try:
        with zipfile.ZipFile(archive) as whole:
            members = {Path(item.filename).name: item for item in whole.infolist()}
            years = sorted(name for name in members if _YEAR.fullmatch(name))
            codes = sorted(name for name in members if _CODES.fullmatch(name))
            if not years or not codes:
                raise UserError("The archive of BACI holds no years, or no codes of countries.")
            _unpack(whole, members[codes[-1]], folder / codes[-1])
            for name in years:
                client.say(f"baci: reading {name}")
                _unpack(whole, members[name], folder / "year.csv")
                _write_summed(folder / "year.csv", folder / name)
                (folder / "year.csv").unlink()
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError):
        raise UserError("The archive of BACI is damaged; delete it from the cache.") from None


def _unpack(archive: zipfile.ZipFile, item: zipfile.ZipInfo, path: Path) -> None:
    if item.file_size > _MOST_OF_A_YEAR:
        raise UserError(f"{Path(item.filename).name} is larger than a year of BACI can be.")
    with archive.open(item) as packed, path.open("wb") as out:
        shutil.copyfileobj(packed, out)


def _write_summed(year: Path, to: Path) -> None:
    """The flows of a year summed over products, under the same columns."""
    rows = pl.scan_csv(year, infer_schema=False)
    if rows.collect_schema().names() != _HEADER:
        raise UserError(f"{to.name}: the columns should be {', '.join(_HEADER)}.")
    value = pl.col("v").str.strip_chars().cast(pl.Float64).sum()
    flows = rows.group_by("t", "i", "j").agg(v=value).collect(engine="streaming")
    empty = pl.lit("")
    flows.sort("t", "i", "j").select("t", "i", "j", k=empty, v="v", q=empty).write_csv(to)
