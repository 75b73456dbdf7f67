"""Fresh releases against servers that answer as the publishers' do; no network is used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from own_tables import world
from publishers import (
    YEARS,
    Publisher,
    Reply,
    as_json,
    baci_archive,
    binding,
    client,
    dataverse_version,
    ideal_points_table,
    votes_table,
    wikidata_server,
    world_bank_pages,
    world_bank_row,
    world_bank_server,
)

from geoties.graph.model import Entity, Tables, UserError
from geoties.loaders import downloads_baci as baci
from geoties.loaders import downloads_dataverse as dataverse
from geoties.loaders import downloads_votes as votes
from geoties.loaders import downloads_wikidata as wikidata
from geoties.loaders import downloads_world_bank as world_bank
from geoties.loaders.user_tables_names import World


def test_the_world_banks_pages_are_one_table(tmp_path: Path, server: Publisher) -> None:
    release = world_bank.fetch(client(tmp_path), world_bank_server(server))
    assert release.source.id == "world-bank-wdi-2026-01-28"
    assert release.source.embedded == "none"
    gdp = release.tables.observations.filter(indicator="gdp")
    assert sorted(gdp.select("entity", "year", "value").rows()) == [
        ("aggregate/World", 2023, 99.0),
        ("state/CHN", 2023, 5e12),
        ("state/PER", 2023, 100.5),
    ]
    assert set(release.tables.observations["source"]) == {"source/world-bank-wdi-2026-01-28"}
    assert set(release.tables.coverage["source"]) == {"source/world-bank-wdi-2026-01-28"}
    assert release.notes == ("1 rows of groups of states that geoties does not know are left out.",)
    asked = [item.query for item in server.asked]
    assert len(asked) == 3 * len(world_bank.CODES)
    assert asked[1] == {"format": "json", "per_page": "10000", "page": "2"}


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Reply(b"<html>busy</html>"), "what came is not JSON"),
        (Reply(b""), "what came is not JSON"),
        (as_json({"page": 1}), "not an answer of the World Bank's API"),
        (as_json([{"page": 1}, []]), "not an answer of the World Bank's API"),
        (as_json([{"page": 1, "pages": 1, "total": 1}, [1]]), "not an answer"),
        (
            as_json([{"message": [{"id": "120", "value": "The value is not valid."}]}]),
            "The World Bank's API says: The value is not valid.",
        ),
        (as_json([{"page": 2, "pages": 2, "total": 0}, []]), "gave page 2 for page 1"),
        (as_json([{"page": 1, "pages": 99999, "total": 0}, []]), "more than can be meant"),
        (as_json([{"page": 1, "pages": 1, "total": 3}, []]), "changed while it was read"),
        (as_json([{"page": 1, "pages": 1, "total": 0}, None]), "gave no numbers"),
        (Reply(status=503), "the server answers 503"),
        (Reply(status=404), "the server answers 404"),
        (Reply(b"[" * 100_000), "what came is not JSON"),
    ],
)
def test_what_the_world_bank_may_not_answer(
    tmp_path: Path, server: Publisher, answer: Reply, told: str
) -> None:
    for code in world_bank.CODES.values():
        server.at(f"/country/all/indicator/{code}", answer)
    with pytest.raises(UserError) as caught:
        world_bank.fetch(client(tmp_path), server.address)
    assert told in str(caught.value)


def test_a_number_of_the_world_bank_that_is_none(tmp_path: Path, server: Publisher) -> None:
    row = world_bank_row("PER", 2023, 1) | {"value": "many"}
    for code in world_bank.CODES.values():
        server.at(f"/country/all/indicator/{code}", world_bank_pages([row], 5))
    with pytest.raises(UserError, match="'many' is not a number"):
        world_bank.fetch(client(tmp_path), server.address)


PAGE = b"""<a href="/data/BACI_HS92_V202501.zip">old</a>
<a href='/data/BACI_HS17_V202601.zip'>other</a> <a href='/data/BACI_HS92_V202601.zip'>new</a>"""


def test_the_newest_baci_is_summed_over_products(tmp_path: Path, server: Publisher) -> None:
    page = server.at("/page", Reply(PAGE))
    server.at("/data/BACI_HS92_V202601.zip", Reply(baci_archive(YEARS)))
    release = baci.fetch(client(tmp_path), page)
    assert release.source.id == "baci-202601"
    flows = release.tables.ties.select("from", "to", "year", "value").rows()
    assert sorted(flows) == [
        ("state/CHL", "state/CHN", 2024, 7000.0),
        ("state/CHN", "state/PER", 2021, 5000.0),
        ("state/PER", "state/CHN", 2021, 30500.0),
        ("state/PER", "state/CHN", 2024, 40250.0),
    ]
    assert not list((tmp_path / "cache").glob("tmp*"))


@pytest.mark.parametrize(
    ("page", "archive", "told"),
    [
        (b"moved", b"", "the page names no archive of BACI"),
        (PAGE, b"<html>", "what came is not an archive"),
        (PAGE, baci_archive({}), "holds no years"),
        (PAGE, baci_archive(YEARS)[:-200], "not an archive|damaged|cut off"),
        (PAGE, baci_archive({2024: ["2024,1"]}), "No flow of CEPII's archive could be read"),
    ],
    ids=["moved", "no archive", "no years", "cut off", "no flow"],
)
def test_what_cepii_may_not_answer(
    tmp_path: Path, server: Publisher, page: bytes, archive: bytes, told: str
) -> None:
    server.at("/data/BACI_HS92_V202601.zip", Reply(archive))
    with pytest.raises(UserError, match=told):
        baci.fetch(client(tmp_path), server.at("/page", Reply(page)))


VERSION = "/api/datasets/:persistentId/versions/:latest-published"
LABEL = "IdealpointestimatesAll_Jun2026.tab"


def dataverse_server(server: Publisher, content: bytes, **more: str) -> str:
    files = {"Codebook.pdf": b"x", LABEL: content, "AgreementScores.tab": b"y"}
    server.at(VERSION, as_json(dataverse_version(files, **more)))
    server.at("/api/access/datafile/102", Reply(content))
    return server.address


def test_ideal_points_of_the_latest_version(tmp_path: Path, server: Publisher) -> None:
    address = dataverse_server(server, ideal_points_table())
    release = dataverse.fetch(client(tmp_path), address)
    assert (release.source.id, release.source.version) == (
        "un-ideal-points-2026-07",
        f"version 35.1, {LABEL}",
    )
    points = release.tables.observations
    assert set(points["indicator"]) == {"ideal-point-all-votes"}
    peru = points.filter(entity="state/PER").sort("year")
    assert peru["year"].to_list()[:2] == [1946, 1947]
    assert peru["value"].to_list()[0] == 0.135
    assert server.asked[0].query == {"persistentId": dataverse.DATASET}


def test_a_table_that_dataverse_made_of_the_upload(tmp_path: Path, server: Publisher) -> None:
    stata = dataverse_server(server, ideal_points_table(), originalFileFormat="application/x-stata")
    files = json.loads(server.answers[VERSION][0].body)  # type: ignore[union-attr]
    files["data"]["files"][1]["dataFile"]["checksum"]["value"] = "of the upload"
    server.at(VERSION, as_json(files))
    assert dataverse.fetch(client(tmp_path), stata).tables.observations.height
    assert server.asked[-1].query == {}
    dataverse_server(server, ideal_points_table(), originalFileFormat="text/csv")
    dataverse.fetch(client(tmp_path / "again"), stata)
    assert server.asked[-1].query == {"format": "original"}


def votes_server(server: Publisher, content: bytes, **more: str) -> str:
    """The data set of the votes, which is that of the ideal points."""
    files = {LABEL: b"", "2026_UNVotes.csv": content}
    server.at(VERSION, as_json(dataverse_version(files, **more)))
    server.at("/api/access/datafile/102", Reply(content))
    return server.address


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_the_newest_votes(tmp_path: Path, server: Publisher, delimiter: str) -> None:
    release = votes.fetch(client(tmp_path), votes_server(server, votes_table(delimiter)))
    assert release.source.id == "unga-votes-2026-07"
    assert release.source.version == "version 35.1, 2026_UNVotes.csv, votes to 2024"
    cast = release.tables.ties.sort("to", "from").select("from", "to", "role", "start").rows()
    assert ("state/PER", "roll-call/9002", "yes", "2024-11-27") in cast
    assert ("historical/SUN", "roll-call/3", "abstain", "1946-01-01") in cast
    assert ("state/RUS", "roll-call/9001", "abstain", "2005-12-02") in cast
    assert len(cast) == 9  # neither absences nor states that were no members
    assert "3 votes are left out" in release.notes[0]
    calls = {e["id"]: json.loads(e["properties"]) for e in release.tables.entities.to_dicts()}
    assert calls["roll-call/9001"]["issue"] == ["Palestinian conflict", "Human rights"]
    assert calls["roll-call/9001"]["importantVote"] is True
    assert "importantVote" not in calls["roll-call/3"]
    covered = release.tables.coverage.select("from_year", "to_year", "status").rows()
    assert covered == [(1946, 2023, "complete"), (2024, 2024, "partial")]
    assert set(release.tables.coverage["source"]) == {"source/unga-votes-2026-07"}


def test_votes_that_dataverse_may_not_answer(tmp_path: Path, server: Publisher) -> None:
    def told(content: bytes) -> str:
        with pytest.raises(UserError) as caught:
            votes.fetch(client(tmp_path), votes_server(server, content))
        return str(caught.value)

    assert "no column ccode" in told(b"rcid,session,vote,date\n1,1,1,2000-01-01\n")
    assert "no vote of 1, 2 or 3" in told(b"rcid,ccode,session,vote,date\n1,2,1,8,2000-01-01\n")
    server.at(VERSION, as_json(dataverse_version({"a.pdf": b""})))
    with pytest.raises(UserError, match=r"no table of votes; it has: a\.pdf"):
        votes.fetch(client(tmp_path / "new"), server.address)


def test_what_dataverse_may_not_answer(tmp_path: Path, server: Publisher) -> None:
    def told(reply: Reply, content: bytes = b"") -> str:
        address = dataverse_server(server, content)
        server.at(VERSION, reply)
        with pytest.raises(UserError) as caught:
            dataverse.fetch(client(tmp_path), address)
        return str(caught.value)

    assert "not JSON" in told(Reply(b"<html>"))
    assert "not a version" in told(as_json({"status": "ERROR", "message": "no"}))
    assert "not a version" in told(as_json({"data": {"files": [1]}}))
    assert "404" in told(Reply(b"", 404))
    assert "no table of ideal points; it has: a.pdf" in told(
        as_json(dataverse_version({"a.pdf": b""}))
    )
    damaged = as_json(dataverse_version({"Codebook.pdf": b"", LABEL: b"other"}))
    assert "the checksum is not" in told(damaged, b"content")
    wrong = b"a\tb\n1\t2\n"
    columns = as_json(dataverse_version({"Codebook.pdf": b"", LABEL: wrong}))
    assert "no column ccode, idealpointall" in told(columns, wrong)
    latin = "ccode\tPerú\n".encode("latin-1")
    assert "not UTF-8" in told(as_json(dataverse_version({"C": b"", LABEL: latin})), latin)


def with_apec() -> World:
    apec = Entity("body/OECD", "body", {"en": "OECD"}, {"wikidata": "Q41550"})
    here = world()
    import polars as pl

    return World(here.names, pl.concat([here.entities, Tables.of([apec]).entities]), here.day)


def test_memberships_and_relations_from_wikidata(tmp_path: Path, server: Publisher) -> None:
    address = wikidata_server(
        server,
        binding(1, "Q41550", start="1998-11-01T00:00:00Z", startPrecision="10"),
        binding(2, "Q41550", start="1900-01-01T00:00:00Z", startPrecision="7"),
        binding(3, "Q99999"),
    )
    sheets, notes = wikidata.fetch(client(tmp_path), with_apec(), address)
    rows = sheets[0].rows.select("kind", "from", "to", "role", "start", "record").rows()
    assert rows == [
        ("membership", "PER", "body/OECD", "member", "1998-11", "Q419-1"),
        ("membership", "PER", "body/OECD", "member", "", "Q419-2"),
        ("diplomatic-relation", "PER", "CHN", "", "1971-11-02", "Q419-90"),
        ("diplomatic-relation", "PER", "XYZ", "", "", "Q419-91"),
    ]
    assert notes == ["1 memberships in bodies that the graph does not know are left out."]
    assert sheets[0].rows["reference"][0] == "https://www.wikidata.org/wiki/Q419"
    assert server.asked[0].headers["Accept"] == "application/sparql-results+json"


def test_identifiers_from_wikidata(tmp_path: Path, server: Publisher) -> None:
    found = wikidata.identifiers(client(tmp_path), with_apec(), wikidata_server(server))
    told = {entity.id: dict(entity.properties) for entity in found}
    # Chile has two pages, so it gets none; Peru's place in GeoNames is known to the graph.
    assert told == {
        "state/PER": {"homepage": "https://www.gob.pe/"},
        "body/OECD": {"homepage": "https://oecd.org"},
    }
    assert "wd:Q419 " in server.asked[0].query["query"]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Reply(b'{"results": {"bindings": [{"from"'), "what came is not JSON"),
        (as_json({"results": {}}), "not an answer of the query service"),
        (as_json({"results": {"bindings": [{"from": {"value": "x"}}]}}), "not an answer"),
        (as_json([]), "not an answer of the query service"),
        (Reply(status=500), "the server answers 500"),
        (Reply(status=429, headers={"Retry-After": "600"}), "asks to wait 600 seconds"),
    ],
)
def test_what_wikidata_may_not_answer(
    tmp_path: Path, server: Publisher, answer: Reply, told: str
) -> None:
    with pytest.raises(UserError, match=told):
        wikidata.fetch(client(tmp_path), world(), server.at("/sparql", answer))
