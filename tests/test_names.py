"""The table of names: every alias leads to its entity or to nothing, codes are dated."""

from __future__ import annotations

import csv
import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoties.graph.model import Entity, Tables, UserError
from geoties.graph.name_keys import fold
from geoties.graph.names import (
    EMBEDDED,
    Alias,
    Resolver,
    Suggestion,
    default_resolver,
    save_aliases,
    write_aliases,
)
from geoties.loaders.embedded import read_embedded


def _rows() -> list[Alias]:
    with EMBEDDED.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        next(rows)
        return [Alias._make(row) for row in rows]


NAMES = Path(EMBEDDED).parent
ROWS = _rows()
AMBIGUOUS = {alias.key for alias in ROWS if alias.how == "ambiguous"}
SHORT_IDS = {alias.text for alias in ROWS if alias.how == "id"}


def _meanings() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for alias in ROWS:
        found.setdefault(alias.key, set()).add(alias.entity)
    return found


def test_no_alias_leads_to_another_entity() -> None:
    names, meanings = default_resolver(), _meanings()
    only = [a for a in ROWS if len(meanings[a.key]) == 1 and a.text not in SHORT_IDS]
    for alias in (a for a in only if a.how not in ("m49", "cow", "wb", "baci")):
        said = {None, alias.entity} if alias.key in AMBIGUOUS else {alias.entity}
        assert names.find(alias.text) in said, alias


def test_a_bare_number_never_leads_to_another_than_its_m49_code() -> None:
    names, meanings = default_resolver(), _meanings()
    for alias in (a for a in ROWS if a.how in ("m49", "cow", "baci")):
        found = names.find(alias.text)
        assert found in {None, names.code("m49", alias.text.zfill(3))}, alias
        if found is None:
            assert alias.entity in {item.id for item in names.suggest(alias.text)}, alias
        assert names.find(f"{alias.how}:{alias.text}") in {None, *meanings[alias.key]}


def test_an_alias_of_several_leads_to_one_of_them_or_nothing() -> None:
    names, meanings = default_resolver(), _meanings()
    for alias in (a for a in ROWS if len(meanings[a.key]) > 1 and not a.key.startswith("cow:")):
        assert names.find(alias.text) in {None, *meanings[alias.key]}, alias
        if alias.valid_from and alias.key not in AMBIGUOUS:
            assert names.find(alias.text, on=alias.valid_from) in {None, alias.entity}, alias


def test_every_country_is_found_by_each_of_its_codes_and_labels() -> None:
    names = default_resolver()
    for alias in (a for a in ROWS if a.kind in ("state", "territory") and not a.valid_to):
        if alias.how.startswith(("iso", "m49", "name-")) and alias.key not in AMBIGUOUS:
            text = alias.text if alias.how != "m49" else f"m49:{alias.text}"
            assert names.find(text) == alias.entity, alias


def test_all_states_have_names_in_twelve_languages() -> None:
    entities = read_embedded(NAMES.parent / "countries").entities
    states = entities.filter(entities["id"].str.starts_with("state/"))
    assert states.height == 250
    assert {len(json.loads(labels)) for labels in states["labels"]} == {12}


@pytest.mark.parametrize(
    ("system", "code", "on", "entity"),
    [
        ("iso3", "RUS", "", "state/RUS"),
        ("iso3", "RUS", "1991-12-25", "historical/SUN"),
        ("iso3", "RUS", "1920-01-01", None),
        ("cow", "365", "1980-01-01", "historical/SUN"),
        ("cow", "345", "2006-12-31", "state/SRB"),
        ("cow", "345", "1991-12-31", "historical/YUG"),
        ("cow", "678", "1989-12-31", "historical/YAR"),
        ("cow", "678", "1995-01-01", None),
        ("cow", "679", "1990-12-31", "state/YEM"),
        ("cow", "255", "1990-12-31", "state/DEU"),
        ("cow", "255", "1960-01-01", None),
        ("cow", "260", "1960-01-01", "state/DEU"),
        ("cow", "315", "", "historical/CSK"),
        ("cow", "135", "", "state/PER"),
        ("cow", "713", "", "state/TWN"),
        ("cow", "347", "2010-01-01", "state/XKX"),
        ("m49", "604", "", "state/PER"),
        ("m49", "810", "", "historical/SUN"),
        ("wb", "CHI", "", "aggregate/Channel-Islands"),
        ("baci", "490", "", "aggregate/S19"),
        ("iso2", "NA", "", "state/NAM"),
        ("iso3", "per", "", None),
        ("iso3", "", "", None),
        ("unheard-of", "1", "", None),
    ],
)
def test_codes(system: str, code: str, on: str, entity: str | None) -> None:
    assert default_resolver().code(system, code, on=on) == entity


def test_the_periods_of_a_code_never_overlap() -> None:
    with (NAMES / "codes.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    spans: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in rows:
        spans.setdefault((row["system"], row["code"]), []).append(
            (row["valid_from"] or "0001-01-01", row["valid_to"] or "9999-12-31")
        )
    for key, held in spans.items():
        held.sort()
        for (_, end), (begin, _) in itertools.pairwise(held):
            assert end <= begin, key


def test_kinds_narrow_the_choice() -> None:
    names = default_resolver()
    assert names.find("Micronesia", kinds=["region"]) is None
    assert names.find("World", kinds=["region"]) == "region/001"
    assert names.find("Peru", kinds=["body"]) is None


def test_what_is_unsure_gets_suggestions_only() -> None:
    result = default_resolver().resolve("Korea")
    assert (result.id, result.kind, result.how) == ("", "", "")
    assert {s.id for s in result.suggestions} >= {"state/KOR", "state/PRK"}
    assert default_resolver().suggest("Nigeriaa")[0] == Suggestion("state/NGA", "Nigeria")
    assert default_resolver().suggest("") == []


def test_how_it_is_known_is_told() -> None:
    told = {text: default_resolver().resolve(text).how for text in ("PER", "PE", "604", "Perú")}
    assert told == {"PER": "iso3", "PE": "iso2", "604": "m49", "Perú": "name-en"}


def test_require_raises_with_suggestions() -> None:
    with pytest.raises(UserError, match=r"did you mean Niger"):
        default_resolver().require("Nigerr")
    assert default_resolver().require("Chile") == "state/CHL"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Korea, Rep.", "KOREA REP"),
        ("St. Lucia", "saint lucia"),
        ("Bosnia & Herzegovina", "Bosnia and Herzegovina"),
        ("Åland Islands", "aland is."),
        ("Łódź", "lodz"),
        ("Congo, The", "Congo"),
    ],
)
def test_folded_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=30))
def test_no_text_breaks_the_resolver(text: str) -> None:
    found = default_resolver().find(text)
    assert found is None or "/" in found


def test_a_graph_writes_and_reads_its_own_names(tmp_path: Path) -> None:
    bodies = [
        Entity(
            "body/APEC",
            "body",
            {"en": "Asia-Pacific Economic Cooperation", "es": "Cooperación Económica"},
            {"otherName": ["APEC Forum"]},
        ),
        Entity("project/p-1", "project", {"en": "Port"}),
        Entity("state/PER", "state", {"en": "Something else"}),
    ]
    path = tmp_path / "names.csv"
    write_aliases(path, Tables.of(entities=bodies).entities.to_dicts())
    names = Resolver.from_csv(path)
    for text in ("APEC", "apec", "body/APEC", "asia pacific economic cooperation", "APEC forum"):
        assert names.find(text) == "body/APEC"
    assert names.find("Port") is None
    assert names.find("Perú") == "state/PER"
    assert names.label("state/PER") == "Peru"


def test_the_first_of_several_alike_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    save_aliases(
        path,
        [
            Alias("state/ABW", "territory", "Aruba", "name-en"),
            Alias("state/ABW", "territory", "ARUBA", "official"),
        ],
    )
    assert path.read_text(encoding="utf-8").count("ruba") == 2  # once as text, once as key


def test_a_table_of_names_without_a_key_column_value_is_keyed() -> None:
    names = Resolver([Alias("state/PER", "state", "Perú", "name-es")])
    assert names.find("peru") == "state/PER"
