"""Whatever small graph there is, a file of it gives the same graph and the same rows again."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import polars as pl
import pytest
from export_rows import rows, rows_in_network, rows_in_rdf
from export_samples import BUILD, DAY, parsed, read_by_rdflib, store_graph
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geoties.graph.exports.export import export
from geoties.graph.frames import Frames
from geoties.graph.model import Coverage, Entity, Observation, Tables, Tie
from geoties.graph.network import network, ties_on
from geoties.graph.triples import in_graph
from geoties.ontology.kinds import kinds, precisions, roles, units

# Ten thousand take about twenty minutes; a run that has less time says so.
CASES = int(os.environ.get("GEOTIES_TEST_CASES", "10000"))
MANY = settings(
    max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
FEW = settings(
    max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)

# A lone surrogate is no text: neither UTF-8 nor a column can hold it.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
some_text = texts.filter(bool)
days = st.dates().map(lambda day: day.isoformat())
maybe = st.one_of(st.just(""), days)
precision = st.sampled_from(sorted(precisions()))
amounts = st.one_of(
    st.none(),
    st.integers(-(10**15), 10**15).map(float),
    st.integers(-(10**12), 10**12).map(lambda whole: round(whole / 10**6, 6) + 0.0),
    st.floats(1e10, 1e15),
)
PLACES = ("state/PER", "state/CHN", "territory/é:b", "body/a.b", "agreement/1%2F2", "project/..x")
SOURCES = ("source/x-1", "source/y_2")


@st.composite
def entities(draw: st.DrawFn) -> list[Entity]:
    found = []
    for place in (*PLACES, *SOURCES):
        labels = draw(st.dictionaries(st.sampled_from(["en", "es", "zh-Hant", "pt"]), texts))
        properties = draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "otherName": st.lists(some_text, max_size=3, unique=True),
                    "note": texts,
                    "latitude": st.integers(-90_000_000, 90_000_000).map(lambda x: x / 10**6),
                    "landlocked": st.booleans(),
                    "inRegion": st.lists(st.sampled_from(PLACES), max_size=2, unique=True),
                    "homepage": st.just("https://example.org/ñ?a=1&b=%20#c"),
                },
            )
        )
        found.append(Entity(place, place.split("/")[0], labels, properties, draw(texts)))
    return found


@st.composite
def ties(draw: st.DrawFn) -> Tie:
    kind = draw(st.sampled_from(sorted(kinds())))
    own = [role.id for role in roles().values() if role.kind == kind]
    start, end = draw(maybe), draw(maybe)
    return Tie(
        kind,
        draw(st.sampled_from(PLACES)),
        draw(st.sampled_from(PLACES)),
        draw(st.sampled_from(SOURCES)),
        draw(some_text),
        via=draw(st.sampled_from(("", *PLACES))),
        role=draw(st.sampled_from(("", *own))),
        topic=draw(texts),
        start=start,
        start_precision=draw(precision) if start else "",
        end=end,
        end_precision=draw(precision) if end else "",
        observed_to=draw(maybe),
        year=draw(st.one_of(st.none(), st.integers(1000, 2030))),
        value=draw(amounts),
        unit=draw(st.sampled_from(("", *sorted(units())))),
        reference=draw(st.one_of(texts, st.just("https://example.org/é?a=b#c"))),
        confidence=draw(texts),
    )


@st.composite
def worlds(draw: st.DrawFn) -> Tables:
    observations = [
        Observation(place, "gdp", 2000 + number, float(value), "USD", "source/x-1")
        for number, place in enumerate(PLACES)
        if (value := draw(st.one_of(st.none(), st.integers(0, 10**13)))) is not None
    ]
    known = Coverage(
        "source/x-1",
        draw(st.sampled_from(sorted(kinds()))),
        "partial",
        from_scope=draw(st.sampled_from(("", *PLACES))),
        note=draw(texts),
    )
    tables = Tables.of(draw(entities()), draw(st.lists(ties(), max_size=4)), observations, [known])
    tables.ties = tables.ties.unique("id", keep="first", maintain_order=True)
    return tables


class Held(Frames):
    """Tables in memory, asked as the columns of a build are."""

    def __init__(self, tables: Tables) -> None:
        super().__init__(Path("nowhere"))
        self.tables = tables

    def entities(self) -> pl.DataFrame:
        return self.tables.entities

    def observations(self) -> pl.DataFrame:
        return self.tables.observations

    def coverage(self) -> pl.DataFrame:
        return self.tables.coverage

    def tie_kinds(self) -> list[str]:
        return sorted(set(self.tables.ties["kind"]))

    def ties(self, kind: str) -> pl.DataFrame:
        return self.tables.ties.filter(pl.col("kind") == kind)

    def count(self, kind: str) -> int:
        return self.ties(kind).height


def check_rdf(tables: Tables, formats: tuple[str, ...] = (".ttl", ".jsonld")) -> None:
    """Turtle and JSON-LD give the store's graph, and the rows of its ties."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stored, _ = store_graph(tables, folder / "store")
        for suffix in formats:
            path = folder / f"all{suffix}"
            report = export(path, Held(tables), **BUILD)
            assert parsed(path) == (stored, set())
            assert rows_in_rdf(path) == rows(in_graph(tables.ties))
            assert report.counts["triples"] == len(stored)


def check_named_graph(tables: Tables) -> None:
    """TriG gives the dated graph too."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "all.trig"
        export(path, Held(tables), **BUILD)
        assert parsed(path) == store_graph(tables, Path(name) / "store")


def check_rdflib(tables: Tables) -> None:
    """rdflib reads from Turtle and JSON-LD what it reads from N-Triples."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in ("all.nt", "all.ttl", "all.jsonld"):
            export(folder / file, Held(tables), **BUILD)
        plain = read_by_rdflib(folder / "all.nt")
        assert read_by_rdflib(folder / "all.ttl") == plain
        assert read_by_rdflib(folder / "all.jsonld") == plain


def check_network(tables: Tables) -> None:
    """The edges of the network are the rows that count on the date."""
    held = Held(tables)
    graph = network(held, on=DAY, kinds=tuple(kinds()))
    dated = [ties_on(held.ties(kind), kinds()[kind], DAY) for kind in held.tie_kinds()]
    expected = pl.concat([tables.ties.clear(), *(part.drop("status") for part in dated)])
    assert rows_in_network(graph) == rows(expected)


@FEW
@given(worlds())
def test_a_file_of_rdf_gives_the_graph_and_the_rows_again(tables: Tables) -> None:
    check_rdf(tables)


@FEW
@given(worlds())
def test_rdflib_reads_the_same_from_every_format(tables: Tables) -> None:
    check_rdflib(tables)


@FEW
@given(worlds())
def test_the_network_gives_the_rows_again(tables: Tables) -> None:
    check_network(tables)


@FEW
@given(worlds())
def test_trig_gives_the_dated_graph_again(tables: Tables) -> None:
    check_named_graph(tables)


@pytest.mark.slow
@MANY
@given(worlds())
def test_many_graphs_make_the_round_trip(tables: Tables) -> None:
    check_rdf(tables)
    check_network(tables)


@pytest.mark.slow
@settings(MANY, max_examples=MANY.max_examples // 10)
@given(worlds())
def test_many_graphs_are_read_by_rdflib(tables: Tables) -> None:
    check_rdflib(tables)
