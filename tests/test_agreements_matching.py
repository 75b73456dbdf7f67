"""Recognising the same treaty in several registers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoties.graph.model import UserError
from geoties.loaders.agreement_matching import FOLDER, agreement_id, own_id, same_records
from geoties.loaders.agreement_matching_rebuild import (
    Matching,
    curated_ids,
    key_of,
    same_treaty,
    tables,
)
from geoties.loaders.agreement_records import AgreementRecord, read_rows
from geoties.loaders.agreement_sides import represented

PAIR = frozenset({"state/CHL", "state/CHN"})


def record(source: str, number: str, **told: object) -> AgreementRecord:
    given_: dict[str, object] = {
        "label": f"{source} {number}",
        "type": "trade",
        "signed": ("2005-11-18",),
        "in_force": ("2006-10-01",),
        "parties": PAIR,
    }
    return AgreementRecord(source, number, **(given_ | told))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "other",
    [
        record("ggo", "b", signed=("2005-11-29",), in_force=()),
        record("ggo", "b", parties=frozenset({"state/CHL", "state/JPN"})),
        record("ggo", "b", type="investment"),
        record("ggo", "b", parties=frozenset()),
        record("ggo", "b", accession=True),
        record("wto-rta", "b"),
    ],
)
def test_these_are_not_the_same_treaty(other: AgreementRecord) -> None:
    assert same_treaty(record("wto-rta", "8"), other) == ""


def test_a_slip_in_the_day_of_signature_is_still_the_same_treaty() -> None:
    other = record("ggo", "b", signed=("2005-12-18",))
    assert same_treaty(record("wto-rta", "8"), other) == (
        "same parties; signed 30 days apart, in force 0"
    )


def decision(one: AgreementRecord, other: AgreementRecord, what: str) -> dict[str, str]:
    (source, number), (other_source, other_number) = key_of(one), key_of(other)
    return {
        "source": source,
        "record": number,
        "other_source": other_source,
        "other_record": other_number,
        "decision": what,
        "reason": "because",
    }


def test_a_decision_parts_what_looks_alike_and_joins_what_does_not() -> None:
    wto, ggo, unctad = record("wto-rta", "1"), record("ggo", "2"), record("unctad-iia", "3")
    far = record("ggo", "4", signed=("1990-01-01",), in_force=())
    decisions = [decision(wto, ggo, "different"), decision(unctad, ggo, "different")]
    groups = Matching([wto, ggo, unctad, far], [*decisions, decision(far, wto, "same")]).groups()
    assert sorted(sorted(one.record for one in group) for group in groups) == [
        ["1", "3", "4"],
        ["2"],
    ]


def test_a_decision_on_a_record_that_is_not_there_is_told() -> None:
    wto = record("wto-rta", "1")
    with pytest.raises(UserError, match="there is no record ggo:2"):
        Matching([wto], [decision(wto, record("ggo", "2"), "same")])


def test_the_preferred_register_names_the_agreement() -> None:
    group = [record("ggo", "2"), record("unctad-iia", "3", label="Chile - China FTA (2005)")]
    of_records, of_agreements = tables(Matching(group, []), {})
    assert [row[2] for row in of_records] == ["agreement/unctad-3"] * 2
    assert of_agreements == [
        ["agreement/unctad-3", "Chile - China FTA (2005)", "trade", "2005-11-18", ""]
    ]


def test_curated_agreements_keep_their_ids() -> None:
    curated = curated_ids()
    assert curated["wto-rta", "640"] == agreement_id("wto-rta", "640") == "agreement/CPTPP"
    for (source, number), agreement in curated.items():
        assert agreement_id(source, number) == agreement


def test_a_record_of_its_own_needs_no_row() -> None:
    assert agreement_id("unctad-iia", "596") == own_id("unctad-iia", "596")
    assert same_records(own_id("unctad-iia", "596")) == []


@pytest.mark.parametrize("name", ["records", "agreements", "decisions", "accessions", "parties"])
def test_the_reviewed_tables_are_sorted_and_say_nothing_twice(name: str) -> None:
    rows = [tuple(row.values()) for row in read_rows(FOLDER / f"{name}.csv", ())]
    keys = [row[:2] if name == "records" else row[:4] for row in rows]
    assert len(set(keys)) == len(keys)
    if name != "accessions":
        assert rows == sorted(rows)


def test_no_agreement_is_called_as_a_bloc_is() -> None:
    bodies = read_rows(FOLDER.parent / "curated" / "bodies.csv", ["label_en", "aliases"])
    names = {name for row in bodies for name in (row["label_en"], *row["aliases"].split("|"))}
    labels = {row["label"] for row in read_rows(FOLDER / "agreements.csv", ["label"])}
    assert not labels & names


CODES = st.sampled_from(["FRA", "DEU", "EST", "PER", "CHL", "NOR", "CHE", "ISL", "LIE", "ARG"])


@given(st.sets(CODES, min_size=1, max_size=10), st.sampled_from(["1975-01-01", "2010-01-01"]))
def test_a_bloc_never_stands_for_all_sides(codes: set[str], signed: str) -> None:
    parties = {f"state/{code}" for code in codes} | {"body/EU", "body/EFTA"}
    bloc_of = represented(parties, signed)
    assert set(bloc_of) < parties
    assert "state/PER" not in bloc_of
    assert all(bloc in parties for bloc in bloc_of.values())


def test_estonia_is_a_side_of_its_own_before_it_joins() -> None:
    fifteen = [
        "AUT",
        "BEL",
        "DEU",
        "DNK",
        "ESP",
        "FIN",
        "FRA",
        "GBR",
        "GRC",
        "IRL",
        "ITA",
        "LUX",
        "NLD",
        "PRT",
        "SWE",
    ]
    parties = {f"state/{code}" for code in fifteen} | {"state/EST"}
    assert "state/EST" not in represented(parties, "1995-06-12", apart={"state/EST"})
    assert set(represented(parties, "1995-06-12").values()) == {"body/EU"}
