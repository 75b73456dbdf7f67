"""Distance of foreign policies by ideal points estimated from UN votes."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache
from typing import Any

import polars as pl

from geoties.graph.measures.card import Card, Measure, Reference
from geoties.graph.measures.inputs import Cut, Frames, years_within
from geoties.graph.measures.pairs import completed
from geoties.graph.measures.places import Places
from geoties.graph.model import UserError, short_id

INDICATOR = "ideal-point"


def distances(
    points: pl.DataFrame, of: Collection[str] = (), with_: Collection[str] = ()
) -> pl.DataFrame:
    """Distance of the ideal points of every two states in every year.

    Args:
        points: Observations ``entity, year, value, source``, one vintage per source.
        of: First states wanted; all if omitted.
        with_: Second states wanted; all if omitted.

    Returns:
        ``of, with, year, source, value``: ``|theta_of - theta_with|``, both orders.
    """
    own, other = (
        points.filter(pl.col("entity").is_in(list(asked))) if asked else points
        for asked in (of, with_)
    )
    own = own.select(pl.col("entity").alias("of"), "year", "source", x="value")
    other = other.select(pl.col("entity").alias("with"), "year", "source", y="value")
    pairs = own.join(other, on=["year", "source"]).filter(pl.col("of") != pl.col("with"))
    return pairs.select("of", "with", "year", "source", value=(pl.col("x") - pl.col("y")).abs())


def net_alignment(points: pl.DataFrame, first: str, second: str) -> pl.DataFrame:
    """Where each state stands between two poles, from -1 (first) to 1 (second).

    ``(|theta_i - theta_first| - |theta_i - theta_second|) / |theta_second - theta_first|``;
    no value where the poles coincide.

    Args:
        points: Observations ``entity, year, value, source``.
        first: The entity at -1, such as ``state/CHN``.
        second: The entity at 1, such as ``state/USA``.

    Returns:
        ``of, year, source, value, theta, theta_first, theta_second``.
    """
    poles = [
        points.filter(pl.col("entity") == pole).select(
            "year", "source", pl.col("value").alias(name)
        )
        for pole, name in ((first, "theta_first"), (second, "theta_second"))
    ]
    both = poles[0].join(poles[1], on=["year", "source"])
    rows = points.filter(~pl.col("entity").is_in([first, second])).join(both, on=["year", "source"])
    theta, a, b = pl.col("value"), pl.col("theta_first"), pl.col("theta_second")
    net = ((theta - a).abs() - (theta - b).abs()) / (b - a).abs()
    return rows.select(
        pl.col("entity").alias("of"), "year", "source", "theta_first", "theta_second",
        theta=theta, value=pl.when(a != b).then(net),
    )  # fmt: skip


def points_of(frames: Frames, entities: Collection[str] = ()) -> pl.DataFrame:
    """The ideal points of every source; two sources (vintages) are never mixed.

    With ``entities``, only of these.
    """
    points = frames.observations().filter(pl.col("indicator") == INDICATOR)
    points = points.filter(pl.col("entity").is_in(list(entities))) if entities else points
    if points.select("entity", "year", "source").is_unique().all():
        return points
    return points.unique(["entity", "year", "source"], keep="first", maintain_order=True)


def _distance(frames: Frames, cut: Cut) -> pl.DataFrame:
    points = points_of(frames)
    years = years_within(cut.years, points["year"].unique(), "ideal points")
    points = points.filter(pl.col("year").is_in(years)) if cut.years else points
    pairs = distances(points, cut.of, cut.with_)
    return completed(pairs, cut, years, _reason(frames, points))


def _net(frames: Frames, cut: Cut) -> pl.DataFrame:
    points = points_of(frames)
    years = years_within(cut.years, points["year"].unique(), "ideal points")
    points = points.filter(pl.col("year").is_in(years))
    scores = net_alignment(points, *cut.poles)
    scores = scores.filter(pl.col("of").is_in(list(cut.of))) if cut.of else scores
    first, second = (short_id(pole) for pole in cut.poles)
    basis = pl.lit(f"-1 is {first}, 1 is {second}")
    asked = [pole for pole in cut.poles if pole in cut.of]
    if asked:
        raise UserError(f"{short_id(asked[0])} is one of the two poles; ask about other states.")
    kept = scores.select("of", pl.lit("").alias("with"), "year", "source", "value", basis=basis)
    return completed(kept, cut, years, _reason(frames, points, *cut.poles), partners=False)


def _reason(frames: Frames, points: pl.DataFrame, *poles: str) -> Callable[[str, str, int], str]:
    places = Places.of(frames)

    @cache
    def have() -> set[tuple[str, int]]:
        return set(points.select("entity", "year").iter_rows())

    def reason(of: str, partner: str, year: int) -> str:
        for entity in (of, partner, *poles):
            if entity and not places.was_state(entity, year):
                return f"{short_id(entity)} did not exist in {year}"
            if entity and (entity, year) not in have():
                return f"no ideal point of {short_id(entity)} for {year}"
        return f"no ideal points for {year}"

    return reason


def _explain_distance(frames: Frames, cut: Cut) -> pl.DataFrame:
    points = _asked_points(frames, cut, (*cut.of, *cut.with_))
    values = points["value"].to_list()
    sign = 1.0 if values[0] >= values[1] else -1.0
    return points.with_columns(contribution=pl.Series([sign * values[0], -sign * values[1]]))


def _explain_net(frames: Frames, cut: Cut) -> pl.DataFrame:
    points = _asked_points(frames, cut, (*cut.of, *cut.poles))
    theta, first, second = points["value"].to_list()
    span = abs(second - first)
    parts = [None, abs(theta - first) / span, -abs(theta - second) / span] if span else [None] * 3
    return points.with_columns(contribution=pl.Series(parts, dtype=pl.Float64))


def _asked_points(frames: Frames, cut: Cut, entities: tuple[str, ...]) -> pl.DataFrame:
    """The points of some entities in the asked year, in their order."""
    points = points_of(frames).filter(pl.col("entity").is_in(entities))
    if cut.years:
        points = points.filter(pl.col("year") == cut.years[0])
    if points.height != len(entities):
        raise UserError("There is no single ideal point for each of them; name one year with data.")
    rank = pl.col("entity").replace_strict(entities, range(len(entities)), return_dtype=pl.Int64)
    return points.sort(rank).select(
        pl.lit("ideal point").alias("part"), pl.col("entity").alias("from"), "year", "value",
        "unit", "source", "record",
    )  # fmt: skip


_COMMON: dict[str, Any] = {
    "family": "alignment",
    "inputs": "ideal points from UN roll calls (Bailey, Strezhnev & Voeten, release of July 2025, "
    "doi:10.7910/DVN/LEJUQZ)",
    "doi": ("10.1177/0022002715595700",),
    "assumptions": (
        "One dimension orders states by their view of the US-led order.",
        "Repeated resolutions bridge the years, so that years can be compared.",
    ),
}
_CRITICISMS = (
    "The estimates carry uncertainty that a distance hides.",
    "One dimension cannot show issues on which the order differs.",
)
MEASURES = (
    Measure(
        Card(
            id="ideal-point-distance",
            references=(Reference("states at -1 and 2.5", "of_two_points(-1.0, 2.5)", "3.5"),),
            name="Distance of ideal points",
            formula="|theta_i - theta_j| in a year",
            citation="Bailey, Strezhnev & Voeten (2017), Journal of Conflict Resolution 61:430-456",
            unit="ideal point",
            range="0 and up (about 0 to 5 in the data)",
            high_means="The two states' positions in UN votes are far apart.",
            criticisms=_CRITICISMS,
            symmetric=True,
            **_COMMON,
        ),
        _distance,
        _explain_distance,
    ),
    Measure(
        Card(
            id="net-alignment",
            references=(
                Reference(
                    "a state at -1 between poles at -1.5 and 2.5",
                    "of_points(-1.0, -1.5, 2.5)",
                    "-0.75",
                ),
                Reference(
                    "a state beyond the second pole",
                    "of_points(3.0, -1.5, 2.5)",
                    "1.00",
                ),
            ),
            name="Net alignment between two poles, by ideal points",
            formula="(|theta_i - theta_first| - |theta_i - theta_second|) / "
            "|theta_second - theta_first|",
            citation="after Airaudo et al. (2025), on Bailey, Strezhnev & Voeten (2017)",
            unit="net alignment",
            range="-1 (the first pole) to 1 (the second)",
            high_means="The state stands with the second pole.",
            criticisms=(*_CRITICISMS, "Beyond a pole it stays at -1 or 1, however far."),
            takes=("of", "years", "poles"),
            **_COMMON,
        ),
        _net,
        _explain_net,
    ),
)
