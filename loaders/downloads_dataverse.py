"""The newest ideal points of the UN General Assembly, from Harvard Dataverse."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from geoties.graph.model import Tables, UserError
from geoties.loaders import ideal_points
from geoties.loaders.downloads_cache import Wrong, checksum
from geoties.loaders.downloads_client import Client
from geoties.loaders.downloads_release import Release, as_json, newer, relabelled

LOADER = "ideal_points"
ADDRESS = "https://dataverse.harvard.edu"
DATASET = "doi:10.7910/DVN/LEJUQZ"
MOST_BYTES = 64 * 1024 * 1024
_LABEL = re.compile(r"ideal.?point.*\.(tab|csv|tsv)", re.IGNORECASE)
_FIRST_SESSION = 1946


def fetch(client: Client, address: str = ADDRESS) -> Release:
    """The table of states and years of the latest published version of the data set."""
    version = latest_version(client, address)
    files = {str(item.get("label", "")): item["dataFile"] for item in version["files"]}
    label = _chosen(files)
    client.say(f"ideal_points: downloading {label}")
    path, original = downloaded(client, address, files[label])
    released, number = told_version(version)
    source = newer(
        ideal_points.SOURCE,
        f"un-ideal-points-{released or number}",
        f"version {number}, {label}",
        title="United Nations General Assembly ideal points",
    )
    tables = relabelled(_loaded(path, original), ideal_points.SOURCE, source)
    return Release(source, tables)


def latest_version(client: Client, address: str) -> Mapping[str, Any]:
    """The latest published version of the data set, with its files."""
    url = f"{address}/api/datasets/:persistentId/versions/:latest-published"
    path = client.get(
        url, parameters={"persistentId": DATASET}, most_bytes=MOST_BYTES, check=_check_version
    )
    version: Mapping[str, Any] = as_json(path)["data"]
    return version


def told_version(version: Mapping[str, Any]) -> tuple[str, str]:
    """The month in which a version was released, if that is told, and its number."""
    number = f"{version.get('versionNumber')}.{version.get('versionMinorNumber')}"
    return str(version.get("releaseTime", ""))[:7], number


def _check_version(path: Path) -> None:
    answer = as_json(path)
    data = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(data, dict) or not isinstance(data.get("files"), list):
        raise Wrong("what came is not a version of a data set")
    if not all(isinstance(item, dict) and "dataFile" in item for item in data["files"]):
        raise Wrong("what came is not a version of a data set")


def _chosen(files: Mapping[str, Any]) -> str:
    """The table of ideal points; of all votes, where there are several."""
    labels = sorted(label for label in files if _LABEL.search(label))
    if not labels:
        there = ", ".join(sorted(files)[:10])
        raise UserError(f"The data set has no table of ideal points; it has: {there}.")
    return next((label for label in labels if "all" in label.lower()), labels[-1])


def downloaded(
    client: Client, address: str, file: Mapping[str, Any], most_bytes: int = MOST_BYTES
) -> tuple[Path, bool]:
    """The file as it was uploaded where that was text, else as Dataverse tells it; whether so.

    Dataverse's checksum is that of the upload.
    """
    uploaded = str(file.get("originalFileFormat", ""))
    original = not uploaded or "csv" in uploaded or "tab-separated" in uploaded
    told = file.get("checksum") or {}
    expected = str(told.get("value") or file.get("md5") or "") if original else ""
    method = str(told.get("type") or "MD5").replace("-", "").lower()

    def check(path: Path) -> None:
        if expected and checksum(path, method) != expected.lower():
            raise Wrong("the checksum is not the one that Dataverse tells")

    url = f"{address}/api/access/datafile/{int(file['id'])}"
    asked = {"format": "original"} if original and uploaded else None
    return client.get(url, parameters=asked, most_bytes=most_bytes, check=check), original


def _loaded(path: Path, original: bool) -> Tables:
    """The table under the names that the loader of the embedded one knows."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise UserError("The table of ideal points is not UTF-8 text.") from None
    delimiter = "\t" if lines and lines[0].count("\t") > lines[0].count(",") else ","
    rows = csv.DictReader(lines, delimiter=delimiter)
    names = {_plain(name): name for name in rows.fieldnames or []}
    missing = {"ccode", *ideal_points.INDICATORS} - set(names)
    if missing or not {"year", "session"} & set(names):
        told = ", ".join(sorted(missing)) or "year"
        raise UserError(f"The table of ideal points has no column {told}.")
    with TemporaryDirectory() as folder:
        made = Path(folder) / "ideal_points.csv"
        with made.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["ccode", "year", *ideal_points.INDICATORS])
            writer.writerows(_rows(rows, names))
        return ideal_points.load(made)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _rows(rows: Iterator[Mapping[str, str]], names: Mapping[str, str]) -> Iterator[list[str]]:
    for row in rows:
        if "year" in names:
            year = row[names["year"]]
        else:
            year = str(int(float(row[names["session"]])) + _FIRST_SESSION - 1)
        points = [row[names[name]] for name in ideal_points.INDICATORS]
        known = ["" if point.strip() in ("NA", ".") else point for point in points]
        yield [re.sub(r"\.0$", "", row[names["ccode"]]), year, *known]
