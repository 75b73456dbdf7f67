"""The same rule of "in force on a date" as `dates.holds_on`, for whole columns at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

IN_FORCE = "in force"
NO = "no"
UNKNOWN = "unknown"


def status_on(day: str) -> pl.Expr:
    """For each state tie: "in force", "no" or "unknown" on `day` (ISO text).

    Reads the columns start, start_precision, end, end_precision and observed_to.

    >>> import polars as pl
    >>> tie = {"start": "2017-01-01", "start_precision": "year", "end": "", "end_precision": ""}
    >>> ties = pl.DataFrame([tie | {"observed_to": "2026-02-01"}])
    >>> [ties.select(status_on(day)).item() for day in ("2016-12-31", "2017-03-01", "2018-01-01")]
    ['no', 'unknown', 'in force']
    """
    import polars as pl

    start, end, observed = pl.col("start"), pl.col("end"), pl.col("observed_to")
    no = ((start != "") & (start > day)) | ((end != "") & (end <= day))
    unclear = ((start != "") & (last_day_of(start, pl.col("start_precision")) > day)) | (
        (end != "") & (first_day_of(end, pl.col("end_precision")) <= day)
    )
    unseen = (end == "") & (observed != "") & (observed < day)
    beginless = (start == "") & (observed != day)
    unknown = unclear | unseen | beginless
    answer = pl.when(no).then(pl.lit(NO)).when(unknown).then(pl.lit(UNKNOWN))
    return answer.otherwise(pl.lit(IN_FORCE)).alias("status")


def last_day_of(start: pl.Expr, precision: pl.Expr) -> pl.Expr:
    """The last day that a start may mean, by its precision."""
    import polars as pl

    month_end = start.str.to_date("%Y-%m-%d", strict=False).dt.month_end().cast(pl.String)
    return (
        pl.when(precision == "year")
        .then(start.str.slice(0, 4) + "-12-31")
        .when(precision == "month")
        .then(month_end)
        .otherwise(start)
    )


def first_day_of(end: pl.Expr, precision: pl.Expr) -> pl.Expr:
    """The first day that an end may mean, by its precision."""
    import polars as pl

    return (
        pl.when(precision == "year")
        .then(end.str.slice(0, 4) + "-01-01")
        .when(precision == "month")
        .then(end.str.slice(0, 7) + "-01")
        .otherwise(end)
    )
