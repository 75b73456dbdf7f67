"""How far the communities of a network are an official grouping of its states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import polars as pl

from geoties.graph.measures.card import Card, Measure, Reference
from geoties.graph.measures.communities import (
    adjusted_rand,
    information_parts,
    mutual_information,
    rand_parts,
)
from geoties.graph.measures.inputs import Cut, Frames, names_in
from geoties.graph.measures.network_cards import COMMON, OPTIONS, SEED
from geoties.graph.measures.network_scores import Setting, answered, communities, settings
from geoties.graph.model import UserError

RAND, INFORMATION = "adjusted Rand index", "normalised mutual information"


def groupings(frames: Frames, cut: Cut) -> pl.DataFrame:
    """Two rows at each moment: the adjusted Rand index and the mutual information."""
    return answered(frames, cut, _compared)


def _compared(setting: Setting) -> pl.DataFrame:
    ours, theirs = _two_groupings(setting)
    text = f"{len(set(ours))} communities and {len(set(theirs))} groups of {len(ours)} states"
    indices = {RAND: adjusted_rand(ours, theirs), INFORMATION: mutual_information(ours, theirs)}
    return pl.DataFrame({"value": indices.values(), "unit": indices.keys()}).with_columns(
        pl.lit("").alias("of"), pl.lit("").alias("with"), basis=pl.lit(text),
        year=pl.lit(setting.year, pl.Int32), source=pl.lit(setting.network.source),
    )  # fmt: skip


def _two_groupings(setting: Setting) -> tuple[list[int], list[str]]:
    """The community and the official group of every state that has one."""
    grouping = str(setting.cut.option("grouping", "worldBankRegion"))
    official = _official(grouping, setting)
    pairs = [(a, b) for a, b in zip(communities(setting), official, strict=True) if b]
    if not pairs:
        raise UserError(f"No state has a {grouping}; give another grouping.")
    return [a for a, _ in pairs], [b for _, b in pairs]


def _official(grouping: str, setting: Setting) -> Sequence[str]:
    """The group of every node, by a property of states or by membership in one of some blocs."""
    blocs, places, nodes = names_in(grouping), setting.places, setting.network.nodes
    if len(blocs) == 1 and not places.is_group(places.find(grouping)):
        return [places.text_property(node, grouping) for node in nodes]
    members = {
        name: set(places.members(places.id(name), [setting.year])["entity"]) for name in blocs
    }
    return [
        next((name for name, inside in members.items() if node in inside), "none of them")
        for node in nodes
    ]


def explain(frames: Frames, cut: Cut) -> pl.DataFrame:
    """How many states every community has of every group, and what that adds to either index.

    The contributions of one unit add up to the index of that name.
    """
    setting = settings(frames, cut)[0]
    ours, theirs = _two_groupings(setting)
    counts = Counter(zip(ours, theirs, strict=True))
    rows = [
        (f"states of community {a} in {b}" if a else "by chance", float(counts[(a, b)]), unit, part)
        for unit, parts in ((RAND, rand_parts(ours, theirs)),
                            (INFORMATION, information_parts(ours, theirs)))
        for (a, b), part in sorted(parts.items(), key=lambda item: str(item[0]))
    ]  # fmt: skip
    shape = {"part": pl.String, "value": pl.Float64, "unit": pl.String, "contribution": pl.Float64}
    return pl.DataFrame(rows, schema=shape, orient="row").with_columns(
        year=pl.lit(setting.year, pl.Int32), source=pl.lit(setting.network.source)
    )


MEASURES = (
    Measure(
        Card(
            **{
                **COMMON,
                "id": "communities-and-groupings",
                "name": "How far communities are an official grouping",
                "formula": "adjusted Rand index, and mutual information over mean entropy, of "
                "Louvain communities and the grouping",
                "citation": "Hubert & Arabie (1985), J. of Classification 2:193-218; Danon et "
                "al. (2005), J. Statistical Mechanics P09008",
                "doi": ("10.1007/BF01908075", "10.1088/1742-5468/2005/09/P09008"),
                "unit": "index",
                "range": "0 (as by chance; the Rand index can be below) to 1 (the same)",
                "high_means": "Ties follow the official grouping.",
                "criticisms": ("It depends on the resolution of the communities.",),
                "options": {
                    **OPTIONS,
                    **SEED,
                    "grouping": "worldBankRegion (default), continent, incomeGroup, or blocs "
                    "such as EU,ASEAN,MERCOSUR",
                },
                "takes": ("years", "on", "region"),
                "references": (
                    Reference(
                        "the same two groups under other names",
                        'adjusted_rand([1, 1, 2, 2], ["x", "x", "y", "y"])',
                        "1.00",
                    ),
                    Reference(
                        "one of four moved",
                        'mutual_information([1, 1, 2, 2], ["x", "x", "x", "y"])',
                        "0.3437",
                    ),
                ),
            }
        ),
        groupings,
        explain,
    ),
)
