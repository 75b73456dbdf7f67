"""Recognition of Taipei: spells in years, told by the name of the time."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from geoties.graph.model import Tables, UserError
from geoties.loaders import taiwan_recognition
from geoties.loaders.embedded import read_embedded
from geoties.loaders.registry import loader_named

HEAD = "country,recognised_roc_from,recognised_roc_until,iso3\n"


def load(folder: Path, rows: str) -> Tables:
    path = folder / taiwan_recognition.SOURCE.filenames[0]
    path.write_text(HEAD + rows, encoding="utf-8")
    return taiwan_recognition.load(path)


def test_a_spell_in_years(tmp_path: Path) -> None:
    (tie,) = load(tmp_path, "Costa Rica,1941,2007.0,CRI\n").ties.to_dicts()
    assert (tie["kind"], tie["from"], tie["to"]) == ("recognition", "state/CRI", "state/TWN")
    assert (tie["start"], tie["start_precision"]) == ("1941-01-01", "year")
    assert (tie["end"], tie["end_precision"]) == ("2007-12-31", "year")


def test_an_open_spell_was_last_seen_in_2023(tmp_path: Path) -> None:
    (tie,) = load(tmp_path, "Paraguay,1957,,PRY\n").ties.to_dicts()
    assert (tie["end"], tie["observed_to"]) == ("", "2023-12-31")


@pytest.mark.parametrize(
    ("row", "entity"),
    [
        ("Czechoslovakia,1930,1949.0,CZE", "historical/CSK"),
        ("Soviet Union,1929,1949.0,", "historical/SUN"),
        ("South Vietnam,1955,1975.0,", "historical/RVN"),
        ("Congo-Brazzaville,1960,1964.0,COG", "state/COG"),
        ("Zaire,1960,1973.0,COD", "state/COD"),
        ("Dahomey,1960,1965.0,BEN", "state/BEN"),
        ("Niger,1963,1974.0,NER", "state/NER"),
        ("South Korea,1949,1992.0,KOR", "state/KOR"),
        ("Holy See (Vatican City),1942,,VAT", "state/VAT"),
    ],
)
def test_who_recognised(tmp_path: Path, row: str, entity: str) -> None:
    assert load(tmp_path, row + "\n").ties["from"].item() == entity


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("Korea,1949,1992,KOR", "country"),
        ("Atlantis,1949,1992,", "country"),
        ("Niger,1963,1974,NGA", "iso3"),
        ("Niger,1974,1963,NER", "recognised_roc_until"),
        ("Niger,1963,2024,NER", "recognised_roc_until"),
        ("Niger,,1974,NER", "recognised_roc_from"),
        ("Niger,1963.5,1974,NER", "recognised_roc_from"),
    ],
)
def test_a_bad_row_is_told(tmp_path: Path, row: str, column: str) -> None:
    report = load(tmp_path, row + "\nPeru,1913,1971,PER\nPeru,1913,1971,PER\n").report
    assert [one.column for one in report.rejected] == [column]
    assert (report.read, report.loaded, report.duplicates) == (3, 1, 1)


def test_another_shape_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("country,from\nPeru,1913\n")
    with pytest.raises(UserError, match="the column 'recognised_roc_from' is missing"):
        taiwan_recognition.load(path)


def test_two_accounts_of_one_break_are_two_ties() -> None:
    """The curated table has Chile's break on 1971-01-05, Honduras's on 2023-03-26."""
    ties = read_embedded(loader_named("taiwan_recognition").folder).ties
    ours = loader_named("curated")
    curated = ours.load(ours.folder).ties.filter(pl.col("kind") == "recognition")
    for who, year in (("CHL", "1971"), ("HND", "2023"), ("CRI", "2007"), ("PAN", "2017")):
        both = pl.concat([ties, curated]).filter(pl.col("from") == f"state/{who}")
        assert {end[:4] for end in both["end"]} == {year}
        assert both["id"].n_unique() == 2
