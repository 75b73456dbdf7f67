"""Yearly ties as columns for the page: per kind and source, one row of values per pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from geoties.graph.views.cut import Cut

if TYPE_CHECKING:
    import polars as pl

    from geoties.graph.frames import Frames
    from geoties.ontology.kinds import Kind

DIGITS = 4
"""Significant digits of a value in the page of a large cut; the store keeps all of them."""
EXACT_UP_TO = 64
"""States in the largest cut whose values the page carries in full."""
TOTAL_DIGITS = 6
FULL_DIGITS = 15
MILLION, THOUSAND = 1_000_000, 1_000
MONEY = "USD"


def kind_series(frames: Frames, kind: Kind, cut: Cut) -> list[dict[str, Any]]:
    """The ties of one yearly kind between the states of the cut, one entry per source.

    Each entry has `kind, source, unit, scale, digits, keyed` (whether each value is one tie,
    whose key is made of its ends and year), `years, pairs` (two node numbers per pair, flat)
    and `values`, a list per year with a number per pair: the sum of that pair's ties in that
    year in `unit` divided by `scale`, or 0 where none is reported.
    """
    import polars as pl

    ties = frames.ties(kind.id).filter(pl.col("year").is_not_null() & pl.col("value").is_not_null())
    inside = _numbered(ties, cut)
    summed = inside.group_by("source", "unit", "year", "a", "b").agg(
        pl.col("value").sum(),
        ties=pl.len(),
        made=(pl.col("record") == _made_record()).all(),
    )
    return [
        _one_series(kind.id, source, unit, part, exact=len(cut.ids) <= EXACT_UP_TO)
        for (source, unit), part in sorted(summed.group_by("source", "unit"), key=lambda g: g[0])
    ]


def _numbered(ties: pl.DataFrame, cut: Cut) -> pl.DataFrame:
    """The ties with both ends in the cut, the ends as node numbers `a` and `b`."""
    import polars as pl

    numbers = pl.DataFrame({"id": cut.ids, "number": range(len(cut.ids))})
    return (
        ties.join(numbers.rename({"id": "from", "number": "a"}), on="from")
        .join(numbers.rename({"id": "to", "number": "b"}), on="to")
        .filter(pl.col("a") != pl.col("b"))
    )


def _one_series(
    kind: str, source: str, unit: str, ties: pl.DataFrame, exact: bool
) -> dict[str, Any]:
    import polars as pl

    from geoties.graph.triples import six_places

    scale = (THOUSAND if exact else MILLION) if unit.startswith(MONEY) else 1
    digits = FULL_DIGITS if exact else DIGITS
    years = sorted(ties["year"].unique().to_list())
    pairs = ties.select("a", "b").unique().sort("a", "b")
    scaled = ties.with_columns((six_places(pl.col("value")) / scale).round_sig_figs(digits))
    values = []
    for year in years:
        one = pairs.join(
            scaled.filter(pl.col("year") == year), on=["a", "b"], how="left", maintain_order="left"
        )
        values.append([plain(value) for value in one["value"].fill_null(0.0).to_list()])
    flat = [number for pair in pairs.iter_rows() for number in pair]
    return {
        "kind": kind,
        "source": source,
        "unit": unit,
        "scale": scale,
        "digits": digits,
        "keyed": bool(ties["ties"].max() == 1 and ties["made"].all()),
        "years": years,
        "pairs": flat,
        "values": values,
    }


def _made_record() -> pl.Expr:
    """The key of a tie that is made of its two ends and its year."""
    import polars as pl

    ends = [pl.col(end).str.split("/").list.last() for end in ("from", "to")]
    return pl.concat_str([*ends, pl.col("year").cast(pl.String)], separator="-")


def plain(value: float) -> float | int:
    """A number without a needless `.0`: fewer bytes in the page.

    >>> plain(12.0), plain(0.25)
    (12, 0.25)
    """
    return int(value) if value == int(value) else value


def totals(frames: Frames, kind: Kind, cut: Cut) -> dict[str, list[float | int | None]]:
    """Each state's yearly total of a kind with the whole world, sent and received.

    Keyed by year as text; values per node in the kind's unit, `None` where it has no tie in the
    year. Where two sources know a year, the larger total.
    """
    import polars as pl

    ties = frames.ties(kind.id).filter(pl.col("year").is_not_null())
    ends = pl.concat(
        ties.select("year", "source", "unit", "value", place=end) for end in ("from", "to")
    )
    ends = ends.filter(pl.col("place").is_in(cut.ids))
    sums = ends.group_by("year", "source", "unit", "place").agg(pl.col("value").sum())
    best = sums.group_by("year", "place").agg(pl.col("value").max().round_sig_figs(TOTAL_DIGITS))
    return _by_year(best, cut)


def _by_year(table: pl.DataFrame, cut: Cut) -> dict[str, list[float | int | None]]:
    """Rows of year, place, value as one list per year in the order of the cut's nodes."""
    result: dict[str, list[float | int | None]] = {}
    for year, place, value in table.sort("year", "place").select("year", "place", "value").rows():
        row = result.setdefault(str(year), [None] * len(cut.ids))
        row[cut.index[place]] = None if value is None else plain(value)
    return result


def indicator(frames: Frames, name: str, cut: Cut, digits: int = DIGITS) -> dict[str, Any]:
    """One indicator of the cut's states: `values` by year as `totals`, with unit and source."""
    import polars as pl

    rows = frames.observations().filter(
        (pl.col("indicator") == name) & pl.col("entity").is_in(cut.ids)
    )
    first = rows.sort("entity", "year", "source").unique(
        ["entity", "year"], keep="first", maintain_order=True
    )
    table = first.select("year", place="entity", value=pl.col("value").round_sig_figs(digits))
    return {
        "values": _by_year(table, cut),
        "unit": first["unit"].first() if first.height else "",
        "source": first["source"].first() if first.height else "",
    }


def gaps(coverage: pl.DataFrame, kind: str, cut: Cut) -> list[list[int | None]]:
    """What is declared unknown about a yearly kind: [from, to, first year, last year].

    An end is a node number, or `None` for "any state".
    """
    import polars as pl

    rows = coverage.filter((pl.col("kind") == kind) & (pl.col("status") == "unknown"))
    found: set[tuple[int | None, int | None, int | None, int | None]] = set()
    for row in rows.iter_rows(named=True):
        ends = [_scope(row[side], cut) for side in ("from_scope", "to_scope")]
        for a in ends[0]:
            for b in ends[1]:
                found.add((a, b, row["from_year"], row["to_year"]))
    return [list(gap) for gap in sorted(found, key=_nothing_first)]


def _nothing_first(gap: tuple[int | None, ...]) -> tuple[int, ...]:
    return tuple(-1 if value is None else value for value in gap)


def _scope(scope: str, cut: Cut) -> Sequence[int | None]:
    """The nodes that a scope of the coverage table means, `None` standing for all of them."""
    if not scope:
        return [None]
    if scope in cut.index:
        return [cut.index[scope]]
    return [cut.index[id] for id, node in cut.nodes.items() if scope in node.regions]


def complete_years(coverage: pl.DataFrame, kind: str) -> Mapping[int, str]:
    """The years that some source covers completely for every pair, with that source."""
    import polars as pl

    rows = coverage.filter(
        (pl.col("kind") == kind)
        & (pl.col("status") == "complete")
        & (pl.col("from_scope") == "")
        & (pl.col("to_scope") == "")
        & pl.col("from_year").is_not_null()
        & pl.col("to_year").is_not_null()
    ).sort("source", "from_year")
    return {
        year: row["source"]
        for row in rows.iter_rows(named=True)
        for year in range(row["from_year"], row["to_year"] + 1)
    }
