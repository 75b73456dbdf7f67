"""The measures of all pairs, and set beside polars written by hand for the same numbers.

The tables are in memory on both sides: what is timed is the computing. The polars by hand gives
the plain values; geoties gives the same and a range or a reason where a flow is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.curves import curve
from benchmarks.timing import Quantity, cpu_of

if TYPE_CHECKING:
    import polars as pl

    from geoties.graph.frames import Frames

MOST_SECONDS, MOST_RATIO = 3.0, 1.5
PAIR = ("of", "with", "year", "source")


def measure(store: Path, repeat: int) -> list[Quantity]:
    """CPU seconds and ratios; ends the program where the values differ."""
    import polars as pl

    from geoties.knowledge import load

    frames = _Loaded(load(store).frames)
    coverage = frames.coverage().filter(pl.col("kind") == "goods-trade")
    gdp = frames.observations().filter(pl.col("indicator") == "gdp")
    flows = frames.ties("goods-trade")
    mine, ours = cpu_of(lambda: _all_dependency(flows, coverage, gdp), repeat)
    other, plain = cpu_of(lambda: _by_hand(flows, gdp), repeat)
    _check(ours, plain)
    votes, agreed = cpu_of(lambda: _agreement(frames), repeat)
    by_hand, expected = cpu_of(lambda: _agreement_by_hand(frames.ties("vote")), 1)
    _check({"agreement": agreed}, {"agreement": expected})
    _one_pair(frames)  # warms what is read once
    one, _ = cpu_of(lambda: _one_pair(frames), repeat)
    years = flows["year"].unique().sort()
    parts = [flows.filter(pl.col("year").is_in(years.head(n).to_list())) for n in (6, 12, 23)]
    grown = {
        part.height: cpu_of(partial(_all_dependency, part, coverage, gdp), repeat)[0]
        for part in parts
    }
    return [
        Quantity("9 measures of all pairs and years, CPU", "s", mine, most=MOST_SECONDS),
        _ratio("9 measures / polars by hand, CPU", mine, other),
        Quantity("vote agreement of all pairs in 74 years, CPU", "s", votes),
        _ratio("vote agreement / polars by hand, CPU", votes, by_hand),
        Quantity("trade dependence of one pair, 23 years, CPU", "s", one),
        *curve("9 measures of all pairs, CPU", "s", "flows", grown),
    ]


def _ratio(name: str, mine: list[float], other: list[float]) -> Quantity:
    return Quantity(name, "×", [run / min(other) for run in mine], most=MOST_RATIO)


class _Loaded:
    """The tables of a graph, read once and kept."""

    def __init__(self, frames: Frames) -> None:
        self.entities = cache(frames.entities)
        self.observations = cache(frames.observations)
        self.coverage = cache(frames.coverage)
        self.ties = cache(frames.ties)


def _all_dependency(
    flows: pl.DataFrame, coverage: pl.DataFrame, gdp: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    from geoties.graph.measures import dependency
    from geoties.graph.measures.trade import trade_dyads

    dyads = trade_dyads(flows, coverage, gdp)
    formulas: Mapping[str, Callable[[pl.DataFrame], pl.DataFrame]] = {
        "export share": dependency.export_share,
        "import share": dependency.import_share,
        "trade share": dependency.trade_share,
        "dependence": dependency.trade_dependence,
        "weak link": dependency.weak_link,
        "asymmetry": dependency.asymmetry,
        "salience": dependency.salience,
        "symmetry": dependency.symmetry,
        "interdependence": dependency.interdependence,
    }
    return {name: formula(dyads) for name, formula in formulas.items()}


def _by_hand(flows: pl.DataFrame, gdp: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The same nine in polars, as one would write them for these tables."""
    import polars as pl

    key, x, m = list(PAIR), pl.col("x"), pl.col("m")
    sold = flows.select(pl.col("from").alias("of"), pl.col("to").alias("with"), *key[2:], x="value")
    bought = flows.select(
        pl.col("to").alias("of"), pl.col("from").alias("with"), *key[2:], m="value"
    )
    pairs = sold.join(bought, on=key, how="full", coalesce=True).with_columns(
        pl.col("x", "m").fill_null(0.0)
    )
    totals = pairs.group_by("of", "year", "source").agg(tx=x.sum(), tm=m.sum())
    partners = totals.rename({"of": "with", "tx": "px", "tm": "pm"})
    known = gdp.select(pl.col("entity").alias("of"), "year", gdp="value")
    pairs = (
        pairs.join(totals, on=["of", "year", "source"])
        .join(partners, on=["with", "year", "source"])
        .join(known, on=["of", "year"], how="left")
        .join(known.rename({"of": "with", "gdp": "gdp_with"}), on=["with", "year"], how="left")
        .with_columns(t=x + m)
        .with_columns(
            share=pl.col("t") / (pl.col("tx") + pl.col("tm")),
            back=pl.col("t") / (pl.col("px") + pl.col("pm")),
        )
        .sort(key)
    )
    share, back, t = pl.col("share"), pl.col("back"), pl.col("t")
    own, their = t / pl.col("gdp"), t / pl.col("gdp_with")
    salience, symmetry = (share * back).sqrt(), 1 - (share - back).abs()
    both = pl.col("gdp").is_not_null() & pl.col("gdp_with").is_not_null()
    values = {
        "export share": x / pl.col("tx"),
        "import share": m / pl.col("tm"),
        "trade share": share,
        "dependence": own,
        "weak link": pl.when(both).then(pl.min_horizontal(own, their)),
        "asymmetry": own - their,
        "salience": salience,
        "symmetry": symmetry,
        "interdependence": salience * symmetry,
    }
    return {name: pairs.with_columns(value=value) for name, value in values.items()}


def _agreement(frames: _Loaded) -> pl.DataFrame:
    from geoties.graph.measures.registry import compute

    table: pl.DataFrame = compute("vote-agreement", frames)
    return table


def _agreement_by_hand(votes: pl.DataFrame) -> pl.DataFrame:
    """A join of the votes with themselves, year by year to spare the memory."""
    import polars as pl

    level = pl.col("role").replace_strict({"no": 1, "abstain": 2, "yes": 3}, default=None)
    coded = votes.select(
        pl.col("from").str.split("/").list.last().alias("of"), "to", "source",
        year=pl.col("start").str.slice(0, 4).cast(pl.Int32), level=level.cast(pl.Int8),
    ).drop_nulls("level")  # fmt: skip
    found = []
    for _, year in coded.group_by("year"):
        other = year.select(pl.col("of").alias("with"), "to", again="level")
        pairs = year.join(other, on="to").filter(pl.col("of") != pl.col("with"))
        alike = 1 - (pl.col("level") - pl.col("again")).abs() / 2
        found.append(pairs.group_by(PAIR).agg(value=alike.mean()))
    return pl.concat(found).sort(PAIR)


def _one_pair(frames: _Loaded) -> Any:
    from geoties.graph.measures.registry import compute

    return compute("trade-dependence", frames, of="BRA", with_="CHN")


def _check(ours: Mapping[str, pl.DataFrame], plain: Mapping[str, pl.DataFrame]) -> None:
    """Where both have a value, it is the same; ends the program if not."""
    import polars as pl

    for name, frame in ours.items():
        mine = frame.select(*PAIR[:3], "value").drop_nulls()
        other = plain[name].select(*PAIR[:3], again="value").drop_nulls()
        both = mine.join(other, on=PAIR[:3]).filter(pl.col("again").is_not_nan())
        apart = (both["value"] - both["again"]).abs() / both["again"].abs().clip(1e-12)
        if both.height < 0.99 * mine.height or not (apart < 1e-6).all():
            raise SystemExit(f"{name}: the values are not those of polars by hand.")
