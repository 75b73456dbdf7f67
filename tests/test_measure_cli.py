"""`geoties measure`: receipts that are replayed, scores written back, mistakes in a sentence."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from commands import geoties

ASKED = ("measure", "shared-memberships", "--of", "PER,BOL", "--with", "CHN")
ON = ("--on", "2020-06-30")


def test_a_receipt_of_a_measure_is_replayed(small_store: Path, tmp_path: Path) -> None:
    receipt = tmp_path / "answer.json"
    done = geoties(*ASKED, *ON, "--receipt", receipt, "--format", "json", store=small_store)
    assert done.code == 0, done.err
    written = json.loads(receipt.read_text())
    assert written["question"] == {
        "how": "measure",
        "arguments": {"name": "shared-memberships", "of": "PER,BOL", "with_": "CHN",
                      "on": "2020-06-30"},
    }  # fmt: skip
    assert [row["value"] for row in done.json()] == [row[4] for row in written["rows"]]
    assert {source["id"] for source in written["sources"]} >= {"curated-2026"}
    again = geoties("replay", receipt, store=small_store)
    assert (again.code, again.err.strip()) == (0, "The answer is identical, on the same graph.")
    written["rows"][0][4] = 0.5
    receipt.write_text(json.dumps(written))
    assert geoties("replay", receipt, store=small_store).code == 1


def test_options_and_explanations_have_receipts_too(small_store: Path, tmp_path: Path) -> None:
    receipt = tmp_path / "why.json"
    asked = ("measure", "membership-s", "--of", "PER", "--with", "CHN", *ON, "--explain")
    done = geoties(*asked, "--option", "weighted=size", "--receipt", receipt, store=small_store)
    assert done.code == 0, done.err
    told = json.loads(receipt.read_text())["question"]["arguments"]
    assert (told["explain"], told["options"]) == (True, {"weighted": "size"})
    assert geoties("replay", receipt, store=small_store).code == 0


def test_scores_are_written_back_and_removed(small_store: Path, tmp_path: Path) -> None:
    store = Path(shutil.copytree(small_store, tmp_path / "store"))
    done = geoties(*ASKED, *ON, "--write-back", "closeness", store=store)
    assert done.code == 0, done.err
    assert "Wrote back 2 derived ties as the source closeness." in done.err
    links = geoties("links", "PER", "CHN", "--kind", "score", store=store)
    assert "shared-memberships of Peru with China" in links.out
    assert geoties("remove", "closeness", store=store).code == 0
    links = geoties("links", "PER", "CHN", "--kind", "score", store=store)
    assert "shared-memberships" not in links.out


def test_references_are_printed_in_place_of_the_rows(small_store: Path) -> None:
    done = geoties(*ASKED, *ON, "--cite", "bibtex", store=small_store)
    assert done.out.startswith("@")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("no-such", "--of", "PER"), "There is no measure called 'no-such'"),
        (("balance", "--of", "PER", "--poles", "CHN,CHN"), "The two poles are the same"),
        (("balance", "--of", "PER", "--weights", "bodies=-1"), "weights are numbers of 0 or more"),
        (("balance", "--of", "PER", "--weights", "bodies=0", "--option", "domains=bodies"),
         "All the weights are zero"),
        (("shared-memberships", "--of", "PER", "--with", "PER"), "has no score with itself"),
        (("shared-memberships", "--of", "SUN", "--with", "PER", "--year", "2010"),
         "did not exist in 2010"),
        (("shared-memberships", "--of", "PER", "--with", "CHN", "--year", "2040"),
         "Nothing is known after"),
        (("degree", "--year", "2020", "--option", "kinds=membership", "--option", "minimum=999"),
         "No tie is left in this cut"),
        (("shared-memberships", "--of", "PER", "--with", "CHN", "--explain", "--write-back", "x"),
         "leave out --explain"),
        (("shared-memberships", "--of", "PER", "--with", "CHN", "--option", "weighted"),
         "write --option NAME=VALUE"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_sentence_and_exit_2(
    small_store: Path, words: tuple[str, ...], sentence: str
) -> None:
    done = geoties("measure", *words, store=small_store)
    assert (done.code, done.out) == (2, "")
    assert sentence in done.err
    assert len(done.err.strip().splitlines()) == 1
