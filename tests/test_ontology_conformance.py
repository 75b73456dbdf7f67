"""The built graph conforms to the shapes: all dated ties, and a sample of flows and votes."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyshacl
import pytest
import rdflib
from ontology_samples import as_rdf

import geoties.ontology
from geoties.graph.build import build
from geoties.graph.checks import check_tables
from geoties.graph.frames import Frames
from geoties.graph.model import Tables
from geoties.ontology.kinds import kinds

SAMPLED = ("year", "source")
PER_STRATUM = 25


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Frames, list[dict[str, object]]]:
    snapshot = build(tmp_path_factory.mktemp("store"))
    return Frames(snapshot.folder / "frames"), snapshot.manifest["sources"]


def sampled(ties: pl.DataFrame) -> pl.DataFrame:
    """A few ties of each year and source, always the same."""
    return ties.sort("id").group_by(SAMPLED, maintain_order=True).head(PER_STRATUM)


def cut(frames: Frames) -> Tables:
    """All ties with dates, samples of flows and votes, one observation in twenty, all else."""
    parts = []
    for kind in frames.tie_kinds():
        ties, declared = frames.ties(kind), kinds()[kind]
        whole = declared.temporality != "yearly" and declared.stored == "graph"
        parts.append(ties if whole else sampled(ties).select(ties.columns))
    ties = pl.concat(parts)
    observations = frames.observations().sort("entity", "indicator", "year").gather_every(20)
    return Tables.of(frames.entities(), ties, observations, frames.coverage())


@pytest.mark.slow
def test_the_built_graph_conforms_to_the_shapes(
    built: tuple[Frames, list[dict[str, object]]],
) -> None:
    shapes = rdflib.Graph().parse(Path(geoties.ontology.__file__).parent / "shapes.ttl")
    data = as_rdf(cut(built[0]))
    conforms, _, told = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
    assert conforms, told[:2_000]


@pytest.mark.slow
def test_the_built_tables_have_no_errors(built: tuple[Frames, list[dict[str, object]]]) -> None:
    frames, sources = built
    ties = pl.concat([frames.ties(kind) for kind in frames.tie_kinds()])
    tables = Tables(frames.entities(), ties, frames.observations(), frames.coverage())
    found = check_tables(tables, sources).filter(pl.col("severity") == "error")
    assert found.is_empty(), found.head(5)
