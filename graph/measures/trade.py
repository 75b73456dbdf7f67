"""Goods trade of every pair of states in every year, and the dependency measured on it.

Everything starts from :func:`trade_dyads`, one row per ordered pair, year and source. A
flow that the coverage table calls unknown is never zero: the pair has no value but a range,
and so has every share of which it would be part of the total.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import polars as pl

KEY = ["of", "with", "year", "source"]
_FLOW = ["from", "to", "year", "source"]
#: A missing flow is taken to lie between 0 and its highest value in these years around it.
YEARS_BEFORE, YEARS_AFTER = 5, 1


def trade_dyads(
    flows: pl.DataFrame,
    coverage: pl.DataFrame | None = None,
    gdp: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Exports, imports and totals of every ordered pair of partners in every year.

    Args:
        flows: Ties of one yearly kind (``from`` exporter, ``to`` importer, ``year``,
            ``value`` in USD, ``source``). Sources are never summed with one another.
        coverage: The coverage rows of that kind; rows of status *unknown* between two
            entities mark missing flows.
        gdp: Observations of GDP (``entity``, ``year``, ``value`` in USD).

    Returns:
        ``of, with, year, source``, and for each flow of ``exports, imports, trade`` (both
        directions) the columns ``flow`` (USD, 0 where none is reported), ``flow_gap`` (it is
        unknown), ``flow_high`` (the most the unknown part is taken to be; null if there is
        nothing to go by), ``flow_total`` of the state, ``flow_missing`` (number of unknown
        flows in the total) and ``flow_missing_high``; the last three of trade also for the
        partner (``trade_total_with`` …); ``gdp_of, gdp_with`` (null where not known).
        Sorted by the first four.
    """
    return dyads_of(flow_rows(flows, coverage), gdp)


def flow_rows(
    flows: pl.DataFrame,
    coverage: pl.DataFrame | None = None,
    *,
    among: pl.Expr | None = None,
    years: Collection[int] = (),
) -> pl.DataFrame:
    """Flows and unknown flows together: ``from, to, year, source, value, gap, high``.

    A reported flow that coverage calls unknown is understated: its value is the least it can be.

    Args:
        flows: As for :func:`trade_dyads`.
        coverage: The same.
        among: A condition on ``from`` and ``to``: only the flows that meet it.
        years: Only these years; all if omitted. What an unknown flow may be is read off the
            others too.
    """
    flows = flows if among is None else flows.filter(among)
    gaps = _declared_unknown(coverage)
    gaps = gaps if among is None else gaps.filter(among)
    inside = pl.col("year").is_in(list(years)) if years else pl.lit(True)
    known = _summed(flows.filter(inside) if years else flows)
    unknown = _as_reported(gaps.filter(inside), flows).with_columns(gap=pl.lit(True))
    known = _without(known, unknown) if unknown.height else known
    known = known.with_columns(gap=pl.lit(False), high=pl.lit(0.0))
    return pl.concat([known, unknown.select(known.columns)])


def dyads_of(
    rows: pl.DataFrame, gdp: pl.DataFrame | None = None, *, totals: bool = True
) -> pl.DataFrame:
    """As :func:`trade_dyads`, from the rows of :func:`flow_rows`; on request without totals."""
    dyads = _both_directions(rows)
    dyads = _with_totals(dyads) if totals else dyads
    return _with_gdp(dyads, gdp).with_columns(pl.col("of", "with", "source").cast(pl.String))


def _with_totals(dyads: pl.DataFrame) -> pl.DataFrame:
    """The dyads with the totals of the state, and those of trade of the partner."""
    totals = _totals(dyads)
    partner = totals.select(
        pl.col("of").alias("with"), "year", "source", pl.col("^trade_.*$").name.suffix("_with")
    )
    dyads = dyads.join(totals, on=["of", "year", "source"], how="left")
    return dyads.join(partner, on=["with", "year", "source"], how="left")


def _summed(flows: pl.DataFrame) -> pl.DataFrame:
    """One row per exporter, importer, year and source; ties without a value are left out."""
    known = flows.select(*_FLOW, "value").drop_nulls("value").cast({"year": pl.Int32})
    # rows of the same hash by chance would be grouped for nothing, and remain apart
    if known.select(_FLOW).hash_rows().n_unique() == known.height:
        return known
    return known.group_by(_FLOW, maintain_order=True).agg(pl.col("value").sum())


def _without(flows: pl.DataFrame, few: pl.DataFrame) -> pl.DataFrame:
    """The flows that are not among a few others."""
    # most are told by a number alone; comparing four texts of each takes ten times as long
    alike = flows.select(_FLOW).hash_rows().is_in(few.select(_FLOW).hash_rows().implode())
    left = flows.filter(alike).join(few, on=_FLOW, how="anti")
    return pl.concat([flows.filter(~alike), left])


def _as_reported(gaps: pl.DataFrame, flows: pl.DataFrame) -> pl.DataFrame:
    """Unknown flows: ``from, to, year, source, value, high``.

    ``value`` is what was reported, 0 if nothing; ``high`` is how much more the flow may be, by its
    largest value in the years around (five before to one after), null if it had none.
    """
    if gaps.is_empty():
        return gaps.with_columns(value=pl.lit(0.0), high=pl.lit(0.0))
    series = _summed(flows.join(gaps.select("from", "to").unique(), on=["from", "to"], how="semi"))
    around = pl.col("year_right").is_between(
        pl.col("year") - YEARS_BEFORE, pl.col("year") + YEARS_AFTER
    ) & (pl.col("year_right") != pl.col("year"))
    highs = (
        gaps.join(series.select("from", "to", "year", most="value"), on=["from", "to"])
        .filter(around)
        .group_by(_FLOW)
        .agg(most=pl.col("most").max())
    )
    known = gaps.join(series, on=_FLOW, how="left").join(highs, on=_FLOW, how="left")
    value = pl.col("value").fill_null(0.0)
    more = pl.max_horizontal(pl.col("most") - value, pl.lit(0.0))
    high = pl.when(pl.col("most").is_not_null()).then(more)
    return known.select(*_FLOW, value=value, high=high)


def _declared_unknown(coverage: pl.DataFrame | None) -> pl.DataFrame:
    schema = {"from": pl.String, "to": pl.String, "year": pl.Int32, "source": pl.String}
    if coverage is None:
        return pl.DataFrame(schema=schema)
    pairs = coverage.filter(
        (pl.col("status") == "unknown") & (pl.col("from_scope") != "") & (pl.col("to_scope") != "")
    ).drop_nulls(["from_year", "to_year"])
    return (
        pairs.with_columns(year=pl.int_ranges("from_year", pl.col("to_year") + 1, dtype=pl.Int32))
        .explode("year")
        .select(
            pl.col("from_scope").alias("from"), pl.col("to_scope").alias("to"), "year", "source"
        )
        .unique()
    )


def _both_directions(rows: pl.DataFrame) -> pl.DataFrame:
    """Each flow seen from its two ends, sorted."""
    # joining on codes instead of text halves the time of the whole computation
    codes = pl.Enum(pl.concat([rows["from"], rows["to"], rows["source"]]).unique().sort())
    rows = rows.with_columns(pl.col("from", "to", "source").cast(codes))
    dyads = _seen_from(rows, "from", "to", "exports").join(
        _seen_from(rows, "to", "from", "imports"), on=KEY, how="full", coalesce=True
    )
    nothing = {"exports": 0.0, "imports": 0.0, "exports_high": 0.0, "imports_high": 0.0}
    return _added_up(
        dyads.with_columns(
            *(
                pl.when(pl.col(f"{name[:7]}_gap").is_null()).then(zero).otherwise(name).alias(name)
                for name, zero in nothing.items()
            ),
            pl.col("exports_gap", "imports_gap").fill_null(False),
        ).sort(KEY)
    )


def _seen_from(rows: pl.DataFrame, of: str, partner: str, flow: str) -> pl.DataFrame:
    return rows.select(
        pl.col(of).alias("of"),
        pl.col(partner).alias("with"),
        "year",
        "source",
        pl.col("value").alias(flow),
        pl.col("gap").alias(f"{flow}_gap"),
        pl.col("high").alias(f"{flow}_high"),
    )


def _added_up(dyads: pl.DataFrame) -> pl.DataFrame:
    """Exports and imports together, under the names ``trade…``."""
    return dyads.with_columns(
        trade=pl.col("exports") + pl.col("imports"),
        trade_gap=pl.col("exports_gap") | pl.col("imports_gap"),
        trade_high=pl.col("exports_high") + pl.col("imports_high"),
    )


def _totals(dyads: pl.DataFrame) -> pl.DataFrame:
    """A state's totals, and how many unknown flows are missing from them."""
    flows = ("exports", "imports", "trade")
    columns = [column for flow in flows for column in _total(flow)]
    return dyads.group_by("of", "year", "source").agg(columns)


def _total(flow: str) -> list[pl.Expr]:
    gap, high = pl.col(f"{flow}_gap"), pl.col(f"{flow}_high")
    unbounded = (gap & high.is_null()).any()
    return [
        pl.col(flow).sum().alias(f"{flow}_total"),
        gap.sum().alias(f"{flow}_missing"),
        pl.when(~unbounded).then(high.sum()).alias(f"{flow}_missing_high"),
    ]


def _with_gdp(dyads: pl.DataFrame, gdp: pl.DataFrame | None) -> pl.DataFrame:
    if gdp is None:
        nothing = pl.lit(None, dtype=pl.Float64)
        return dyads.with_columns(gdp_of=nothing, gdp_with=nothing)
    codes = dyads["of"].dtype
    known = gdp.with_columns(pl.col("entity").cast(codes, strict=False)).drop_nulls("entity")
    known = known.unique(["entity", "year"], keep="first", maintain_order=True)
    for end in ("of", "with"):
        column = known.select(pl.col("entity").alias(end), "year", gdp=pl.col("value"))
        dyads = dyads.join(column.rename({"gdp": f"gdp_{end}"}), on=[end, "year"], how="left")
    return dyads


def merge_partners(rows: pl.DataFrame, members: pl.DataFrame, group: str) -> pl.DataFrame:
    """The rows of :func:`flow_rows` with the members of a group as one partner.

    Args:
        rows: Flows, known and unknown.
        members: ``entity, year``: who belongs to the group in each year.
        group: The id that stands for the group. Flows inside the group are dropped; one with
            an unknown part is marked so.
    """
    inside = members.select("entity", "year", inside=pl.lit(True)).unique()
    for end in ("from", "to"):
        rows = rows.join(inside, left_on=[end, "year"], right_on=["entity", "year"], how="left")
        merged = pl.when("inside").then(pl.lit(group)).otherwise(end).alias(end)
        rows = rows.with_columns(merged).drop("inside")
    gap, high = pl.col("gap"), pl.col("high")
    return (
        rows.filter(pl.col("from") != pl.col("to"))
        .group_by("from", "to", "year", "source")
        .agg(
            pl.col("value").sum(),
            gap.any(),
            pl.when(~(gap & high.is_null()).any()).then(high.sum()).alias("high"),
        )
        .sort("from", "to", "year", "source")
    )


def partner_group_shares(
    flows: pl.DataFrame,
    *,
    of: Collection[str],
    groups: Mapping[str, Collection[str]],
    years: Collection[int] | None = None,
    without: Collection[str] = (),
    coverage: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Share of each group of partners in the exports of each state, per year.

    Args:
        flows: Ties of goods trade (``from, to, year, value`` in USD, ``source``).
        of: Exporters, as entity ids.
        groups: Name of the group -> entity ids of its members.
        years: Years wanted; the first and the last with data if omitted.
        without: Partners left out of numerator and denominator (entities that only one of
            two releases has).
        coverage: Coverage rows of goods trade, to flag totals from which a flow is missing.

    Returns:
        ``of, group, year, exports`` and ``total`` (USD), ``share`` (0 to 1, null where a
        flow of the group is unknown), ``low, high`` (the range it lies in where flows of the
        total are unknown), ``missing`` (how many are), ``source``.

    >>> rows = [("CHL", "CHN", 2023, 40.0), ("CHL", "USA", 2023, 60.0), ("CHL", "TWN", 2023, 9.0)]
    >>> flows = pl.DataFrame(rows, schema=["from", "to", "year", "value"], orient="row")
    >>> partner_group_shares(
    ...     flows.with_columns(source=pl.lit("s")),
    ...     of=["CHL"], groups={"China": ["CHN"]}, without=["TWN"],
    ... )["share"].to_list()
    [0.4]
    """
    flows = _summed(flows)
    years = years or [flows["year"].min(), flows["year"].max()]  # type: ignore[list-item]
    wanted = (
        pl.col("from").is_in(list(of))
        & ~pl.col("to").is_in(list(without))
        & pl.col("year").is_in(list(years))
    )
    members = [(state, name) for name, states in groups.items() for state in states]
    membership = pl.DataFrame(members, schema={"to": pl.String, "group": pl.String}, orient="row")
    return _group_shares(flow_rows(flows, coverage).filter(wanted), membership, list(groups))


def _group_shares(flow: pl.DataFrame, membership: pl.DataFrame, order: list[str]) -> pl.DataFrame:
    key = ["from", "year", "source"]
    gap, high = pl.col("gap"), pl.col("high")
    most = pl.when(~(gap & high.is_null()).any()).then(high.sum())
    totals = flow.group_by(key).agg(total=pl.col("value").sum(), missing=gap.sum(), all_high=most)
    own = flow.join(membership, on="to").group_by(*key, "group")
    exports = own.agg(exports=pl.col("value").sum(), unknown=gap.sum(), own_high=most)
    position = pl.DataFrame({"group": order, "position": range(len(order))})
    return (
        totals.join(position, how="cross")
        .join(exports, on=[*key, "group"], how="left")
        .with_columns(
            pl.when(pl.col("unknown").is_null()).then(0.0).otherwise("own_high").alias("own_high"),
            pl.col("exports").fill_null(0.0),
            pl.col("unknown").fill_null(0),
        )
        .with_columns(*_group_range())
        .sort("from", "year", "source", "position")
        .select(pl.col("from").alias("of"), "group", "year", "exports", "total", "share", "low",
                "high", "missing", "source")
    )  # fmt: skip


def _group_range() -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    exports, total, own = pl.col("exports"), pl.col("total"), pl.col("own_high")
    ranged = pl.col("missing") > 0
    return (
        pl.when(pl.col("unknown") == 0).then(exports / total).alias("share"),
        pl.when(ranged).then(exports / (total + pl.col("all_high") - own)).alias("low"),
        pl.when(ranged).then((exports + own) / (total + own)).alias("high"),
    )
