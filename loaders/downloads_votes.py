"""The newest roll calls of the UN General Assembly, from Harvard Dataverse.

The data set of the ideal points also holds one large table of votes, a row for each state and
roll call, with the state's COW code and what the roll call was about in columns of its own. It is
turned into the two files that the loader of the embedded roll calls reads. Absences (8) and
states that were not yet members (9) are no votes.
"""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from geoties.graph.model import Tables, UserError
from geoties.loaders import unga_votes
from geoties.loaders.downloads_client import Client
from geoties.loaders.downloads_dataverse import ADDRESS, downloaded, latest_version, told_version
from geoties.loaders.downloads_release import Release, newer, relabelled

LOADER = "unga_votes"
MOST_BYTES = 2 * 1024**3
_LABEL = re.compile(r"un.?votes.*\.(tab|csv|tsv)", re.IGNORECASE)
_NEEDED = ("rcid", "ccode", "session", "vote", "date")
_ISSUES = tuple(unga_votes.ISSUES)
_ABOUT = ("unres", "importantvote", "short", *_ISSUES)  # which some releases leave out


def fetch(client: Client, address: str = ADDRESS) -> Release:
    """All votes of the latest published version of the data set.

    Raises `UserError` where it has no table of votes, or one without the columns that tell them.
    """
    version = latest_version(client, address)
    files = {str(item.get("label", "")): item["dataFile"] for item in version["files"]}
    labels = sorted(label for label in files if _LABEL.search(label))
    if not labels:
        there = ", ".join(sorted(files)[:10])
        raise UserError(f"The data set has no table of votes; it has: {there}.")
    label = labels[-1]
    client.say(f"unga_votes: downloading {label}, some hundred megabytes")
    path, _ = downloaded(client, address, files[label], MOST_BYTES)
    released, number = told_version(version)
    tables = _loaded(path)
    last = str(tables.ties["start"].max())[:4]
    source = newer(
        unga_votes.SOURCE,
        f"unga-votes-{released or number}",
        f"version {number}, {label}, votes to {last}",
        title=f"United Nations General Assembly roll calls, 1946-{last}",
        licence="CC0-1.0",
        publisher="Voeten, Strezhnev and Bailey; Harvard Dataverse",
    )
    tables = relabelled(tables, unga_votes.SOURCE, source)
    tables.coverage = _covered(tables.coverage, int(last))
    left = len(tables.report.rejected)
    note = f"{left:,} votes are left out: of a state or on a day that cannot be told."
    return Release(source, tables, (note,) if left else ())


def _covered(coverage: pl.DataFrame, last: int) -> pl.DataFrame:
    """All years before the last are whole; the last may go on."""
    before, after = pl.lit(last - 1, dtype=pl.Int32), pl.lit(last, dtype=pl.Int32)
    whole = coverage.with_columns(to_year=before)
    going_on = coverage.with_columns(from_year=after, to_year=after, status=pl.lit("partial"))
    return pl.concat([whole, going_on])


def _loaded(path: Path) -> Tables:
    """The table as the loader of the embedded one reads it."""
    rows = _votes(path)
    with TemporaryDirectory() as folder:
        votes, calls = (Path(folder) / name for name in unga_votes.SOURCE.filenames)
        cast = rows.select(
            pl.col("rcid"),
            pl.concat_str(pl.lit("cow:"), "ccode").alias("country"),
            pl.lit("").alias("iso3"),
            pl.col("vote").cast(pl.Int64),
        )
        cast.write_parquet(votes)
        _calls(rows).write_csv(calls)
        return unga_votes.load(Path(folder))


def _votes(path: Path) -> pl.DataFrame:
    """The columns that tell the votes, as text; only yes, abstain and no."""
    with path.open("rb") as stream:
        header = stream.readline().decode("utf-8-sig", errors="replace")
    delimiter = "\t" if header.count("\t") > header.count(",") else ","
    table = pl.scan_csv(path, separator=delimiter, infer_schema=False, encoding="utf8-lossy")
    named = {name.strip().strip('"').lower(): name for name in table.collect_schema().names()}
    if missing := [name for name in _NEEDED if name not in named]:
        raise UserError(f"The table of votes has no column {missing[0]}.")
    columns = [
        (pl.col(named[name]) if name in named else pl.lit("")).fill_null("").alias(name)
        for name in (*_NEEDED, *_ABOUT)
    ]
    rows = table.select(columns).with_columns(
        pl.col("rcid", "ccode", "session", "vote", *_ISSUES).str.replace(r"\.0+$", ""),
        pl.col("importantvote").str.replace(r"\.0+$", "").replace({"NA": ""}),
        pl.col("unres", "short").replace({"NA": ""}),
    )
    cast = rows.filter(pl.col("vote").is_in([str(vote) for vote in unga_votes.VOTES])).collect()
    if cast.is_empty():
        raise UserError("The table of votes has no vote of 1, 2 or 3.")
    return cast


def _calls(rows: pl.DataFrame) -> pl.DataFrame:
    """One row for each roll call, with the codes of its issues between bars."""
    codes = [pl.when(pl.col(code) == "1").then(pl.lit(code)) for code in _ISSUES]
    issues = pl.concat_str(codes, separator="|", ignore_nulls=True).alias("issues")
    once = rows.unique("rcid", keep="first", maintain_order=True)
    return once.select("rcid", "session", "date", "unres", "importantvote", issues, "short")
