"""The library of questions: its headers, its typed parameters, its date logic."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from links_world import CURATED, DAY, World, make_world

from geoties.graph.model import BASE, Tie, UserError, holds_on, last_day
from geoties.graph.store import PREFIXES, Value
from geoties.ontology.kinds import kinds, roles
from geoties.queries import library
from geoties.queries.asking import day_after
from geoties.queries.emptiness import why_empty
from geoties.queries.header import (
    FOLDER,
    parse_question,
    question_names,
    read_block,
    read_question,
)
from geoties.queries.library import bound_values, iris_of, list_queries, show_query, stand_alone
from geoties.queries.links import links

Rows = list[dict[str, Value]]
GRAPH_QUESTIONS = [name for name in question_names() if read_question(name).sparql]


def ask(world: World, name: str, **parameters: str) -> Rows:
    answer = library.run_query(
        name,
        parameters,
        store=world.store,
        frames_path=world.folder / "frames",
        names=world.names,
        graph_date=DAY,
    )
    return answer.dicts()


def test_every_file_is_listed_with_its_question() -> None:
    rows = list_queries().dicts()
    assert [row["name"] for row in rows] == sorted(
        path.stem for path in FOLDER.glob("*.rq") if not path.stem.startswith("_")
    )
    assert len(rows) >= 25
    assert all(str(row["question"]).endswith("?") for row in rows)


@pytest.mark.parametrize("name", question_names())
def test_a_header_says_all(name: str) -> None:
    question = read_question(name)
    assert question.title
    assert question.columns
    assert question.example
    assert bool(question.sparql) != bool(question.measure)
    known = {parameter.name for parameter in question.parameters}
    assert set(library.example_parameters(question)) <= known
    assert question.question in show_query(name)
    assert set(question.about.split()) <= set(kinds())


@pytest.mark.parametrize("name", GRAPH_QUESTIONS)
def test_every_parameter_is_used_and_none_is_unknown(name: str) -> None:
    question = read_question(name)
    code = re.sub(r"<[^>\s]*>|#[^\n]*|\"[^\"]*\"", "", question.sparql)
    used = set(re.findall(r"(?<![\w?])([A-Za-z]\w*):", code)) - set(PREFIXES)
    told = {parameter.name for parameter in question.parameters}
    days = {f"{p.name}Next" for p in question.parameters if p.type == "date"}
    assert told <= used <= told | days


@pytest.mark.parametrize("name", GRAPH_QUESTIONS)
def test_the_columns_are_those_of_the_header(world: World, name: str) -> None:
    question = read_question(name)
    given = {"country": "PER", "entity": "PER", "x": "PER", "y": "CHN", "body": "APEC"}
    given |= {"first": "APEC", "second": "BRI", "ours": "PER", "theirs": "CHN", "partner": "CHN"}
    given |= {"one": "APEC", "other": "BRI", "since": "2000-01-01", "agreement": "CPTPP"}
    texts = {p.name: given[p.name] for p in question.parameters if p.name in given}
    texts |= {p.name: "PER" for p in question.parameters if p.type in ("group", "region")}
    if any(p.type == "country" and p.name in ("first", "second") for p in question.parameters):
        texts |= {"first": "CHN", "second": "USA"}
    if any(p.type == "region" for p in question.parameters):
        texts["region"] = "region/419"
    texts |= {"except": "JPN"} if "except" in {p.name for p in question.parameters} else {}
    answer = library.run_query(
        name, texts, store=world.store, frames_path=world.folder, names=world.names, graph_date=DAY
    )
    assert list(answer.columns) == [column.name for column in question.columns]


def test_members_of_a_body_by_the_finest_claim(world: World) -> None:
    rows = ask(world, "members-of-body", body="APEC", on="2010-01-01")
    peru = next(row for row in rows if row["state"] == "PER")
    assert (peru["start"], peru["basis"]) == ("1998-11-15", "in force")
    assert peru["sources"] == "cow (1998); curated (1998-11-15)"
    assert [row["state"] for row in rows] == ["CHL", "CHN", "PER"]


def test_a_vague_claim_yields_to_a_finer_one(world: World) -> None:
    rows = ask(world, "members-of-body", body="APEC", on="1998-06-01")
    assert "PER" not in [row["state"] for row in rows]


def test_members_of_a_region_only(world: World) -> None:
    rows = ask(world, "members-of-body", body="APEC", region="region/419")
    assert [row["state"] for row in rows] == ["BRA", "CHL", "PER"]
    assert rows[0]["role"] == "observer"


def test_a_tie_of_unknown_end_is_flagged(world: World) -> None:
    rows = ask(world, "members-of-body", body="BRI", on="2025-02-10")
    panama = next(row for row in rows if row["state"] == "PAN")
    assert panama["basis"] == "imprecise: ended in 2025-02"
    rows = ask(world, "members-of-body", body="BRI", on="2025-03-01")
    assert "PAN" not in [row["state"] for row in rows]


def test_who_joined_and_left(world: World) -> None:
    rows = ask(world, "joined-or-left", body="BRI", since="2018-01-01")
    told = [(row["date"], row["change"], row["state"], row["basis"]) for row in rows]
    assert told == [
        ("2018-11", "began", "CHL", "dated"),
        ("2019", "began", "PER", "dated"),
        ("2025-02", "ended", "PAN", "dated"),
    ]
    inside = ask(world, "joined-or-left", body="BRI", since="2019-03-01", until="2020-12-31")
    seen = [(row["state"], row["change"], row["basis"]) for row in inside]
    assert seen == [("PER", "began", "imprecise: in 2019"), ("PAN", "ends later", "dated")]


def test_agreements_with_two_powers(world: World) -> None:
    rows = ask(world, "agreements-with-both", region="region/419", second="JPN")
    which = {row["state"]: row["which"] for row in rows}
    assert which["PER"] == "both"
    assert which["CHL"] == "first only"
    assert which["MEX"] == "second only"
    assert which["BRA"] == "none known"
    doubt = next(row["basis"] for row in rows if row["state"] == "BRA")
    assert doubt == "no source lists all agreements"


PAIRS = ["PER CHN", "FRA CHL", "FRA DEU", "GBR MEX", "GBR PER", "GBR JPN", "BRA VEN", "EU CHL"]


@pytest.mark.parametrize("day", ["2014-01-01", "2019-06-30", "2025-01-09", "2025-01-10", DAY])
@pytest.mark.parametrize("pair", PAIRS)
def test_sparql_and_python_agree_on_what_links_two(world: World, pair: str, day: str) -> None:
    x, y = pair.split()
    asked = ask(world, "links-between", x=x, y=y, on=day)
    sparql = {(r["kind"], r["from"], r["to"], r["via"] or "", r["start"] or "") for r in asked}
    answer = links(world.store, x, y, graph_date=DAY, names=world.names, on=day).dicts()
    python = {(r["kind"], r["from"], r["to"], r["via"], r["start"]) for r in answer}
    passed = {row for row in python if row[0] == "sanction"}  # only `links` passes sanctions on
    assert sparql == python - passed


_DAYS = st.dates(dt.date(2015, 11, 1), dt.date(2018, 2, 1)).map(dt.date.isoformat)
_PRECISIONS = st.sampled_from(["day", "month", "year"])


def _first(day: str, precision: str) -> str:
    width = {"day": 10, "month": 7, "year": 4}[precision]
    return day[:width] + "-01-01"[width - 4 :]


def _iri(precision: str) -> ox.NamedNode:
    return ox.NamedNode(PREFIXES["gt"] + {"year": "calendarYear"}.get(precision, precision))


def _solutions(store: ox.Store, query: str, prefixes: dict[str, str] | None = None) -> list[Any]:
    found = store.query(query, prefixes=prefixes)
    assert isinstance(found, ox.QuerySolutions)
    return list(found)


@given(_DAYS, _PRECISIONS, st.none() | _DAYS, _PRECISIONS, st.none() | _DAYS, _DAYS)
def test_the_block_of_dates_is_the_rule_of_the_model(
    start: str, start_precision: str, end: str | None, end_precision: str, seen: str | None, on: str
) -> None:
    width = {"day": 10, "month": 7, "year": 4}
    first = start[: width[start_precision]] + "-01-01"[width[start_precision] - 4 :]
    ended = (
        last_day(end[: width[end_precision]] + "-01-01"[width[end_precision] - 4 :], end_precision)
        if end
        else ""
    )
    store = ox.Store()
    tie, date = ox.NamedNode(BASE + "tie/a/b/c"), ox.NamedNode(PREFIXES["xsd"] + "date")
    told: list[tuple[str, ox.NamedNode | ox.Literal]]
    told = [("start", ox.Literal(first, datatype=date)), ("startPrecision", _iri(start_precision))]
    if end:
        told += [("end", ox.Literal(ended, datatype=date)), ("endPrecision", _iri(end_precision))]
    if seen:
        told.append(("observedTo", ox.Literal(seen, datatype=date)))
    for name, value in told:
        store.add(ox.Quad(tie, ox.NamedNode(PREFIXES["gt"] + name), value))
    query = f"SELECT ?standing WHERE {{ ?tie gt:start ?any . {read_block('in-force')} }}"
    days = {"on": on, "onNext": day_after(on)}
    prefixes = PREFIXES | {name: library.VALUE + day for name, day in days.items()}
    rows = [row[0].value for row in _solutions(store, query, prefixes)]
    expected = holds_on(on, first, start_precision, ended, end_precision, seen or "")
    assert rows == ([] if expected == "no" else [expected])


def test_the_roles_that_make_a_member_are_those_of_the_ontology() -> None:
    members = [role for role in roles().values() if role.kind == "membership"]
    counting = {role.id for role in members if role.counts_as_member}
    lists = [
        set(re.findall(r"gt:([\w-]+)", found))
        for path in FOLDER.glob("*.rq")
        for found in re.findall(r"\?role IN \(([^)]*)\)", path.read_text(encoding="utf-8"))
    ]
    assert lists
    assert all(told == counting for told in lists)


def test_the_kinds_that_last_are_those_of_the_ontology() -> None:
    lasting = {kind.class_name for kind in kinds().values() if kind.temporality == "state"}
    in_the_graph = {kind.class_name for kind in kinds().values() if kind.stored == "graph"}
    assert set(re.findall(r"gt:(\w+)", read_block("lasting"))) == lasting & in_the_graph


NASTY = [
    "APEC> . ?s ?p ?o } #",
    'PER" } ; DROP ALL',
    "state/PER>",
    "'; SELECT * WHERE { ?s ?p ?o }",
    "\\u003E",
    "​PER",
    "x" * 5000,
]


@pytest.mark.parametrize("text", NASTY)
def test_a_strange_name_is_never_part_of_the_query(world: World, text: str) -> None:
    with pytest.raises(UserError) as problem:
        ask(world, "members-of-body", body=text)
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize("text", NASTY)
def test_a_strange_text_is_bound_as_a_value(world: World, text: str) -> None:
    assert ask(world, "agreements-between", ours="PER", theirs="CHN", type=text) == []
    question = read_question("agreements-between")
    values = bound_values(
        question, {"ours": "PER", "theirs": "CHN", "type": text}, names=world.names, graph_date=DAY
    )
    assert iris_of(question, values)["type"] == library.VALUE + quote(text.strip(), safe="")


@pytest.mark.parametrize(
    ("name", "parameters", "told"),
    [
        ("members-of-bodies", {}, "did you mean members-of-body"),
        ("members-of-body", {}, "needs --body"),
        ("members-of-body", {"body": "APEC", "when": "2020-01-01"}, "no parameter 'when'"),
        ("members-of-body", {"body": "APEC", "on": "2023-13-01"}, "is not a day"),
        ("members-of-body", {"body": "APAC"}, "did you mean"),
        ("members-of-body", {"body": "PER"}, "No body is certainly called"),
        ("trade-shares", {"country": "APEC", "partner": "CHN"}, "No country is certainly called"),
        ("trade-shares", {"country": "PER", "partner": "CHN", "first_year": "20"}, "not a year"),
        ("doubtful-claims", {"country": "PER", "kind": "trade"}, "no kind of tie"),
        ("recognition-switches", {"years": "-1"}, "is not a number"),
    ],
)
def test_bad_input_is_told_in_one_sentence(
    world: World, name: str, parameters: dict[str, str], told: str
) -> None:
    with pytest.raises(UserError, match=r"^[^\n]*$") as problem:
        ask(world, name, **parameters)
    assert told in str(problem.value)


def test_a_query_stands_alone_with_its_prefixes(world: World) -> None:
    question = read_question("members-of-body")
    given = {"body": "APEC", "on": "2010-01-01"}
    values = bound_values(question, given, names=world.names, graph_date=DAY)
    rows = _solutions(world.store, stand_alone(question, values))
    assert len(rows) == len(ask(world, "members-of-body", **given))


@pytest.mark.parametrize(
    "line", ["param on the day", "param on:day required x", "param on:date optional x", "column x"]
)
def test_a_faulty_header_is_a_mistake_of_ours(line: str) -> None:
    with pytest.raises(ValueError, match="is not a"):
        parse_question("x", f"#+ title: x\n#+ {line}\nSELECT * WHERE {{}}")


@pytest.mark.parametrize(
    ("name", "parameters", "told"),
    [
        (
            "members-of-body",
            {"body": "APEC", "on": "1992-01-01", "region": "419"},
            "Membership: none in curated, 1989-2026, complete.",
        ),
        (
            "members-of-body",
            {"body": "APEC", "on": "1988-01-01"},
            "Membership: unknown for 1988: no source covers it; "
            "known completely for other years (curated 1989–2026).",
        ),
        (
            "in-both-bodies",
            {"first": "APEC", "second": "BRI", "on": "2013-01-01"},
            "Membership: unknown for 2013: covered only in part: curated, 2013-2026, partial.",
        ),
        (
            "top-partners",
            {"country": "DEU", "year": "2022"},
            "Goods trade: none of 1,000,000 USD or more in baci-new, 2022-2023, complete.",
        ),
        ("sanctions", {}, "Sanction: unknown for 2026: no source covers it."),
        ("changes", {"entity": "DEU", "since": "2020-01-01"}, ""),
    ],
)
def test_what_an_answer_without_rows_means(
    world: World, name: str, parameters: dict[str, str], told: str
) -> None:
    found = why_empty(world.store, name, parameters, names=world.names, graph_date=DAY)
    assert found == told


def test_a_block_takes_other_words() -> None:
    block = "\n".join(read_block("party ?holder=?ours").splitlines())
    assert "?ours" in block
    assert "?holder" not in block


def test_who_is_not_surely_of_the_group_is_flagged(tmp_path: Path) -> None:
    joined = Tie(
        "membership", "state/CHN", "body/PacificAlliance", CURATED, "unsure",
        role="member", start="2016-01-01", start_precision="year", observed_to=DAY,
    )  # fmt: skip
    unsure = make_world(tmp_path, [joined])
    asked = {"ours": "PER", "theirs": "Pacific Alliance"}
    for day, told in (("2016-06-01", "imprecise: began in 2016"), ("2017-01-01", "in force")):
        rows = ask(unsure, "agreements-between", **asked, on=day)
        assert [(row["two"], row["basis"]) for row in rows] == [("CHN", told)]


def test_a_treaty_that_ended_within_the_year_is_told_as_imprecise(tmp_path: Path) -> None:
    parties = [
        Tie("agreement-party", f"state/{code}", "agreement/PER-CHN", CURATED, f"late-{code}",
            start="1990-01-01", start_precision="year", end="2017-12-31", end_precision="year")
        for code in ("CHL", "FRA")
    ]  # fmt: skip
    late = make_world(tmp_path, parties)
    found = {}
    for day in ("2016-12-31", "2017-06-01", "2018-01-01"):
        rows = ask(late, "terminated-treaties", region="CHL", type="trade", until=day)
        found[day] = [(row["start"], row["end"], row["basis"]) for row in rows]
    assert found == {
        "2016-12-31": [],
        "2017-06-01": [("1990", "2017", "imprecise: ended in 2017")],
        "2018-01-01": [("1990", "2017", "ended")],
    }
