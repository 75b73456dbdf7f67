"""Whole answers of measures beside the same answers written by hand, for three sizes of question.

Both sides get the tables in memory and give the same table: the pair, year, value, unit, range,
basis, reason and source of every row, sorted. By hand it is polars as one would write it for the
one question, without looking up names or checking what was asked. The rows are compared to the
last column before anything is told. Where the answer by hand takes less than ten milliseconds,
names and checks outweigh the computing: of these the time on top is told, to be under five.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.timing import Quantity, cpu_of

if TYPE_CHECKING:
    import polars as pl

    from geoties.graph.frames import Frames

MOST = 1.5
#: Seconds by hand under which not the ratio is told, but the milliseconds on top.
QUICK, MOST_ABOVE = 0.010, 5.0
#: A quick answer is timed over so many calls, for the clock of the CPU is coarse.
CALLS = 5
PAIR = ["of", "with", "year"]
FLOW = ["from", "to", "year", "source"]
TEXTS = ("unit", "basis", "reason", "source")
BEFORE, AFTER = 5, 1
POLES = ("state/CHN", "state/USA")


def measure(store: Path, repeat: int) -> list[Quantity]:
    """The ratio of each measure and question; ends the program where the answers differ."""
    from geoties.knowledge import load

    frames = _Loaded(load(store).frames)
    return [_quantity(frames, repeat, *case) for case in _cases(frames)]


class _Loaded:
    """The tables of a graph, read once and kept."""

    def __init__(self, frames: Frames) -> None:
        self.entities = cache(frames.entities)
        self.observations = cache(frames.observations)
        self.coverage = cache(frames.coverage)
        self.ties = cache(frames.ties)


Floor = Callable[..., "pl.DataFrame"]
Case = tuple[str, str, dict[str, Any], Floor]


def _quantity(
    frames: _Loaded, repeat: int, words: str, name: str, asked: dict[str, Any], floor: Floor
) -> Quantity:
    from geoties.graph.measures.registry import compute

    answer, by_hand = partial(compute, name, frames, **asked), partial(floor, frames)
    _check(f"{name}, {words}", answer(), by_hand())
    calls = CALLS if asked else 1
    mine, _ = cpu_of(partial(_often, calls, _forgetful(answer)), repeat)
    other, _ = cpu_of(partial(_often, calls, by_hand), repeat)
    least = min(other)
    if least / calls < QUICK:
        above = [1000 * (one - least) / calls for one in mine]
        title = f"{name} above polars by hand, {words}, CPU"
        return Quantity(title, "ms", above, most=MOST_ABOVE)
    ratios = [one / least for one in mine]
    return Quantity(f"{name} / polars by hand, {words}, CPU", "×", ratios, most=MOST)


def _often(calls: int, work: Callable[[], Any]) -> None:
    for _ in range(calls):
        work()


def _forgetful(answer: Callable[[], Any]) -> Callable[[], Any]:
    """The answer without what is remembered of the last question."""
    from geoties.graph.measures.dependency_scores import _trade

    def fresh() -> Any:
        _trade.cache_clear()
        return answer()

    return fresh


def _check(name: str, ours: pl.DataFrame, plain: pl.DataFrame) -> None:
    """Ends the program where the two tables differ in any row or column."""
    from polars.testing import assert_frame_equal

    columns = [*PAIR, "value", "low", "high", *TEXTS]
    try:
        assert_frame_equal(
            ours.select(columns), plain.select(columns), check_dtypes=False, rel_tol=1e-9
        )
    except AssertionError as difference:
        raise SystemExit(
            f"{name}: the answer is not that of polars by hand. {difference}"
        ) from None


def _cases(frames: _Loaded) -> list[Case]:
    """Every measure for all pairs and years, for one pair in all years, for a region in a year."""
    from geoties.graph.measures.domains import states_of
    from geoties.graph.measures.places import Places

    states = Places.of(frames).states_in("Latin America")
    pair = {"of": "BRA", "with_": "USA"}
    cases: list[Case] = []

    def add(name: str, floor: Floor, year: int, *, partner: bool = True) -> None:
        one = pair if partner else {"of": "BRA"}
        told = "one pair, all years" if partner else "one state, all years"
        among = {"of": ["state/BRA"]} | ({"with_": ["state/USA"]} if partner else {})
        everybody = "all pairs and years" if partner else "all states and years"
        cases.extend([
            (everybody, name, {}, floor),
            (told, name, one, partial(floor, **among)),
            ("a region in one year", name, {"region": "Latin America", "years": year},
             partial(floor, of=states, year=year)),
        ])  # fmt: skip

    add("trade-dependence", dependence, 2022)
    add("export-share", export_share, 2022)
    add("vote-agreement", partial(votes, scale=1.0, start=0.0), 2019)
    add("vote-s", partial(votes, scale=2.0, start=-1.0), 2019)
    add("ideal-point-distance", distance, 2019)
    add("partner-concentration", concentration, 2022, partner=False)
    everybody = sorted(set(states_of(Places.of(frames))) - set(POLES))
    of, years = {"domains": "trade,votes"}, list(range(2000, 2024))
    cases += [
        ("all states and years", "balance", {**of, "years": "2000-2023"},
         partial(balance, of=everybody, years=years)),
        ("one state, all years", "balance", {**of, "of": "BRA", "years": "2000-2023"},
         partial(balance, of=["state/BRA"], years=years)),
        ("a region in one year", "balance", {**of, "region": "Latin America", "years": 2022},
         partial(balance, of=states, years=[2022])),
    ]  # fmt: skip
    return cases


# --- goods trade -------------------------------------------------------------------------------


def dependence(
    frames: _Loaded, of: Sequence[str] = (), with_: Sequence[str] = (), year: int | None = None
) -> pl.DataFrame:
    """Trade with the partner over the state's GDP."""
    import polars as pl

    rows = _rows(frames, _either_end(of, with_), year)
    pairs = _pairs(rows, of, with_)
    gdp = frames.observations().lazy().filter(pl.col("indicator") == "gdp")
    known = gdp.select(of="entity", year="year", gdp="value")
    pairs = pairs.join(known, on=["of", "year"], how="left")
    bank = gdp.select(pl.col("source").first()).collect().item()
    trade, gap, more = pl.col("trade"), pl.col("gap"), pl.col("more")
    short = pl.col("of").str.split("/").list.last()
    reason = (
        pl.when(gap & (trade > 0))
        .then(pl.lit("a flow between the two is understated: its source misses a part of it"))
        .when(gap)
        .then(pl.lit("a flow between the two is unknown: neither side reported it"))
        .when(pl.col("gdp").is_null())
        .then(pl.format("no GDP of {} for {}", short, "year"))
        .when(pl.col("gdp") == 0)
        .then(pl.lit("no trade reported"))
    )
    return _answer(pairs.select(
        *PAIR, value=pl.when(~gap).then(trade / pl.col("gdp")),
        low=pl.when(gap).then(trade / pl.col("gdp")),
        high=pl.when(gap).then((trade + more) / pl.col("gdp")),
        unit=pl.lit("ratio to GDP"), basis=_none_reported(trade, gap), reason=reason,
        source=pl.col("source") + f"; {bank}",
    ))  # fmt: skip


def export_share(
    frames: _Loaded, of: Sequence[str] = (), with_: Sequence[str] = (), year: int | None = None
) -> pl.DataFrame:
    """Exports to the partner over all exports of the state."""
    import polars as pl

    rows = _rows(frames, _either_end(of, ()), year)
    missing = pl.col("gap").sum()
    unbounded = (pl.col("gap") & pl.col("more").is_null()).any()
    totals = rows.group_by(of="from", year="year", source="source").agg(
        total=pl.col("value").sum(), missing=missing,
        most=pl.when(~unbounded).then(pl.col("more").sum()),
    )  # fmt: skip
    pairs = _pairs(rows, of, with_).join(totals, on=["of", "year", "source"], how="left")
    own, gap, more = pl.col("exports"), pl.col("exports_gap"), pl.col("exports_more")
    total, others = pl.col("total"), pl.col("most") - more
    ranged = pl.col("missing").fill_null(0) > 0
    reason = (
        pl.when(gap & (own > 0))
        .then(pl.lit("a flow between the two is understated: its source misses a part of it"))
        .when(gap)
        .then(pl.lit("a flow between the two is unknown: neither side reported it"))
        .when(total.fill_null(0) == 0)
        .then(pl.lit("no exports reported"))
    )
    doubt = pl.when(ranged).then(pl.format("unknown flows in the total: {}", "missing"))
    return _answer(pairs.select(
        *PAIR, value=pl.when(~gap & (total > 0)).then(own / total),
        low=pl.when(ranged).then(pl.when(own == 0).then(0.0).otherwise(own / (total + others))),
        high=pl.when(ranged & (total + more > 0)).then((own + more) / (total + more)),
        unit=pl.lit("share"), reason=reason, source="source",
        basis=pl.concat_str(_none_reported(own, gap), doubt, separator="; ", ignore_nulls=True),
    ))  # fmt: skip


def _either_end(of: Sequence[str], with_: Sequence[str]) -> Any:
    """The flows that touch the states; of a pair, those between the two."""
    import polars as pl

    if of and with_:
        return pl.col("from").is_in([*of, *with_]) & pl.col("to").is_in([*of, *with_])
    return pl.col("from").is_in(of) | pl.col("to").is_in(of) if of else pl.lit(True)


def _rows(frames: _Loaded, wanted: Any, year: int | None) -> Any:
    """Flows with those declared unknown: ``from, to, year, source, value, gap, more``."""
    import polars as pl

    flows = frames.ties("goods-trade").lazy().select(*FLOW, "value").filter(wanted)
    inside = pl.col("year") == year if year else pl.lit(True)
    unknown = frames.coverage().lazy().filter(
        pl.col("kind") == "goods-trade", pl.col("status") == "unknown",
        pl.col("from_scope") != "", pl.col("to_scope") != "",
    )  # fmt: skip
    last = pl.col("to_year") + 1
    gaps = unknown.select(
        pl.col("from_scope").alias("from"), pl.col("to_scope").alias("to"), "source",
        year=pl.int_ranges("from_year", last, dtype=pl.Int32),
    ).explode("year").filter(inside, wanted).unique().collect()  # fmt: skip
    pairs = gaps.lazy().select("from", "to").unique()
    series = flows.join(pairs, on=["from", "to"], how="semi").collect()
    around = gaps.join(series.select("from", "to", when="year", most="value"), on=["from", "to"])
    near = pl.col("when").is_between(pl.col("year") - BEFORE, pl.col("year") + AFTER)
    most = around.filter(near, pl.col("when") != pl.col("year")).group_by(FLOW).agg(
        pl.col("most").max()
    )  # fmt: skip
    value = pl.col("value").fill_null(0.0)
    more = pl.when(pl.col("most").is_not_null()).then(
        pl.max_horizontal(pl.col("most") - value, 0.0)
    )
    doubtful = gaps.join(series, on=FLOW, how="left").join(most, on=FLOW, how="left").select(
        *FLOW, value=value, gap=pl.lit(True), more=more
    )  # fmt: skip
    sure = flows.filter(inside).join(doubtful.lazy(), on=FLOW, how="anti")
    sure = sure.with_columns(gap=pl.lit(False), more=pl.lit(0.0))
    return pl.concat([sure, doubtful.lazy()])


def _pairs(rows: Any, of: Sequence[str], with_: Sequence[str]) -> Any:
    """Exports and imports of every ordered pair side by side."""
    import polars as pl

    key = ["of", "with", "year", "source"]
    sold = rows.select(of="from", **{"with": "to"}, year="year", source="source",
                       exports="value", exports_gap="gap", exports_more="more")  # fmt: skip
    bought = rows.select(of="to", **{"with": "from"}, year="year", source="source",
                         imports="value", imports_gap="gap", imports_more="more")  # fmt: skip
    if of:
        sold, bought = (side.filter(pl.col("of").is_in(of)) for side in (sold, bought))
    if with_:
        sold, bought = (side.filter(pl.col("with").is_in(with_)) for side in (sold, bought))
    joined = sold.join(bought, on=key, how="full", coalesce=True)
    none = {flow: pl.col(f"{flow}_gap").is_null() for flow in ("exports", "imports")}
    joined = joined.with_columns(
        *(pl.when(none[flow]).then(0.0).otherwise(f"{flow}_more").alias(f"{flow}_more")
          for flow in none),
        pl.col("exports", "imports").fill_null(0.0),
        pl.col("exports_gap", "imports_gap").fill_null(False),
    )  # fmt: skip
    return joined.with_columns(
        trade=pl.col("exports") + pl.col("imports"),
        gap=pl.col("exports_gap") | pl.col("imports_gap"),
        more=pl.col("exports_more") + pl.col("imports_more"),
    )


def _none_reported(flow: Any, gap: Any) -> Any:
    import polars as pl

    return pl.when((flow == 0) & ~gap).then(pl.lit("none reported"))


def concentration(frames: _Loaded, of: Sequence[str] = (), year: int | None = None) -> pl.DataFrame:
    """The sum of the squared shares of a state's partners in its exports."""
    import polars as pl

    wanted = pl.col("from").is_in(of) if of else pl.lit(True)
    rows = _rows(frames, wanted, year)
    share = pl.col("value") / pl.col("value").sum()
    found = rows.group_by(of="from", year="year", source="source").agg(
        value=(share**2).sum(), n=(pl.col("value") > 0).sum(), unknown=pl.col("gap").sum(),
    )  # fmt: skip
    doubt = pl.when(pl.col("unknown") > 0).then(pl.format("; unknown flows: {}", "unknown"))
    known = found.filter(pl.col("n") > 0)
    return _answer(known.select(
        "of", "year", "value", "source", **{"with": pl.lit("")},
        unit=pl.lit("sum of squared shares"), low=pl.lit(None, pl.Float64),
        high=pl.lit(None, pl.Float64), reason=pl.lit(""),
        basis=pl.format("{} partners{}", "n", doubt.otherwise(pl.lit(""))),
    ))  # fmt: skip


# --- votes and ideal points --------------------------------------------------------------------


def votes(
    frames: _Loaded,
    of: Sequence[str] = (),
    with_: Sequence[str] = (),
    year: int | None = None,
    *,
    scale: float,
    start: float,
) -> pl.DataFrame:
    """Agreement, or S: a join of the votes with themselves, by year to spare the memory."""
    import polars as pl

    named = pl.col("from").is_in([*of, *with_]) if of and with_ else pl.lit(True)
    inside = pl.col("start").str.starts_with(str(year)) if year else pl.lit(True)
    level = pl.col("role").replace_strict({"no": 1, "abstain": 2, "yes": 3}, default=None)
    cast = frames.ties("vote").lazy().filter(named, inside).select(
        "from", "to", "source", year=pl.col("start").str.slice(0, 4).cast(pl.Int32),
        level=level.cast(pl.Int8),
    ).drop_nulls("level").collect()  # fmt: skip
    own = cast.filter(pl.col("from").is_in(of)) if of else cast
    other = cast.filter(pl.col("from").is_in(with_)) if with_ else cast
    if of:
        scores = _alike(own, other)
    else:
        years = own.partition_by("year", as_dict=True)
        scores = pl.concat(_alike(rows, rows) for rows in years.values())
    return _answer(scores.lazy().select(
        *PAIR, value=start + scale * pl.col("alike"), unit=pl.lit("share" if scale == 1 else "S"),
        low=pl.lit(None, pl.Float64), high=pl.lit(None, pl.Float64), reason=pl.lit(""),
        basis=pl.format("{} roll calls", "n"), source="source",
    ))  # fmt: skip


def _alike(own: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    pairs = own.join(other, on=["to", "source", "year"], suffix="_with").filter(
        pl.col("from") != pl.col("from_with")
    )
    distance = (pl.col("level") - pl.col("level_with")).abs() / 2
    named = pairs.rename({"from": "of", "from_with": "with"})
    return named.group_by(*PAIR, "source").agg(alike=(1 - distance).mean(), n=pl.len())


def distance(
    frames: _Loaded, of: Sequence[str] = (), with_: Sequence[str] = (), year: int | None = None
) -> pl.DataFrame:
    """The distance of two ideal points."""
    import polars as pl

    points = frames.observations().lazy().filter(pl.col("indicator") == "ideal-point")
    if year:
        points = points.filter(pl.col("year") == year)
    own = points.select("year", "source", of="entity", x="value")
    other = points.select("year", "source", **{"with": "entity"}, y="value")
    own = own.filter(pl.col("of").is_in(of)) if of else own
    other = other.filter(pl.col("with").is_in(with_)) if with_ else other
    pairs = own.join(other, on=["year", "source"]).filter(pl.col("of") != pl.col("with"))
    return _answer(pairs.select(
        *PAIR, "source", value=(pl.col("x") - pl.col("y")).abs(), unit=pl.lit("ideal point"),
        low=pl.lit(None, pl.Float64), high=pl.lit(None, pl.Float64), basis=pl.lit(""),
        reason=pl.lit(""),
    ))  # fmt: skip


def balance(frames: _Loaded, of: Sequence[str], years: Sequence[int]) -> pl.DataFrame:
    """Trade and votes between China and the United States, and both together."""
    import polars as pl

    year = pl.col("year").is_in(years)
    key = ["of", "year"]
    trade = _pairs(_rows(frames, _either_end(of, POLES), None).filter(year), of, POLES)
    sides = trade.group_by(*key, "source").agg(
        unsure=pl.col("gap").any(),
        **{pole: pl.col("trade").filter(pl.col("with") == pole).sum() for pole in POLES},
    )  # fmt: skip
    first, second = (pl.col(pole) for pole in POLES)
    share = pl.when(first + second > 0).then(100 * second / (first + second))
    sides = sides.sort("source").unique(key, keep="last").select(
        *key, trade=pl.when(~pl.col("unsure")).then(share), trade_source="source",
        why=pl.when("unsure").then(pl.lit("a flow is unknown")),
    )  # fmt: skip
    points = frames.observations().lazy().filter(pl.col("indicator") == "ideal-point", year)
    poles = [points.filter(pl.col("entity") == pole).select("year", pole="value") for pole in POLES]
    theta, one, other = pl.col("value"), pl.col("pole"), pl.col("pole_right")
    near, far = (theta - other).abs(), (theta - one).abs()
    votes = points.join(poles[0], on="year").join(poles[1], on="year").select(
        of="entity", year="year", votes=100 * far / (near + far), votes_source="source"
    )  # fmt: skip
    grid = pl.LazyFrame({"of": list(of)}).join(
        pl.LazyFrame({"year": list(years)}, schema={"year": pl.Int32}), how="cross"
    )
    flows = frames.ties("goods-trade").lazy().filter(year)
    ends = [flows.filter(pl.col(end).is_in(of)).select(of=end, year="year") for end in FLOW[:2]]
    there = pl.concat(ends).unique().with_columns(there=pl.lit(True))
    for part in (sides, votes, there):
        grid = grid.join(part, on=key, how="left")
    return _together(grid)


def _together(rows: Any) -> pl.DataFrame:
    import polars as pl

    domains = ("trade", "votes")
    why = {
        "trade": pl.when(pl.col("year") == 2021).then(pl.lit("no source covers 2021")).otherwise(
            pl.coalesce("why", pl.when(pl.col("there").is_null()).then(pl.lit("no data")),
                        pl.lit("nothing with either pole"))),
        "votes": pl.lit("no data"),
    }  # fmt: skip
    value = pl.mean_horizontal(domains)
    parts = [pl.when(pl.col(d).is_not_null()).then(pl.format(d + " {}", pl.col(d).round(1)))
             for d in domains]  # fmt: skip
    lacking = [pl.when(pl.col(d).is_null()).then(pl.format(d + " ({})", why[d])) for d in domains]
    left = pl.concat_str(lacking, separator=", ", ignore_nulls=True)
    lean = pl.when(value < 45).then(pl.lit("leans to CHN")).when(value > 55).then(
        pl.lit("leans to USA")).otherwise(pl.lit("balanced"))  # fmt: skip
    names = [pl.when(pl.col(d).is_not_null()).then(f"{d}_source") for d in domains]
    return _answer(rows.select(
        *PAIR[::2], value=value, unit=pl.lit("score"), low=pl.lit(None, pl.Float64),
        high=pl.lit(None, pl.Float64), **{"with": pl.lit("")},
        basis=pl.when(value.is_not_null()).then(pl.format(
            "0 is CHN, 100 is USA; {}: {}{}", lean,
            pl.concat_str(parts, separator=", ", ignore_nulls=True),
            pl.when(left != "").then(pl.format("; left out: {}", left)).otherwise(pl.lit("")))),
        reason=pl.when(value.is_null()).then(pl.format("no domain counts: {}", left)),
        source=pl.concat_str(names, separator="; ", ignore_nulls=True),
    ))  # fmt: skip


def _answer(rows: Any) -> pl.DataFrame:
    """The rows sorted, under the short names of the states, with empty text for none."""
    import polars as pl

    short = [pl.col(end).str.split("/").list.last().alias(end) for end in ("of", "with")]
    done = rows.with_columns(*short, pl.col(TEXTS).fill_null("")).sort(*PAIR, "source")
    table: pl.DataFrame = done.collect()
    return table
