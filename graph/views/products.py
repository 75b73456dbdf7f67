"""Which raw materials run between the states of the middle column and the poles, year by year."""

from __future__ import annotations

import csv
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from geoties.graph.views.cut import Cut
from geoties.graph.views.series import plain
from geoties.queries.products import PRODUCTS

if TYPE_CHECKING:
    from geoties.graph.frames import Frames
    from geoties.graph.views.facts import Register

KIND = "commodity-trade"
LARGEST = 3
DIGITS = 6


def products(
    frames: Frames, cut: Cut, years: range | list[int], sources: Register
) -> dict[str, Any] | None:
    """The largest raw materials of each flow between the middle column and a pole.

    Returns `names` (labels of the products met), `flows`, rows of from, to (node numbers), year
    and then, largest first, number of a name and value in USD; `followed`, how many products
    there are at all, and the number of the `source`. `None` where nothing is known.
    """
    import polars as pl

    core = list(cut.columns[cut.middle].members)
    poles = list(cut.poles)
    out = pl.col("from").is_in(core) & pl.col("to").is_in(poles)
    back = pl.col("from").is_in(poles) & pl.col("to").is_in(core)
    ties = frames.ties(KIND).filter((out | back) & pl.col("year").is_in(list(years)))
    ties = ties.filter((pl.col("value") > 0) & (pl.col("from") != pl.col("to")))
    if ties.is_empty():
        return None
    largest = (
        ties.sort("value", "topic", descending=[True, False])
        .group_by("from", "to", "year", maintain_order=True)
        .head(LARGEST)
    )
    codes = sorted(largest["topic"].unique().to_list())
    numbers = {code: number for number, code in enumerate(codes)}
    flows: dict[tuple[int, int, int], list[float | int]] = {}
    rounded = largest.with_columns(pl.col("value").round_sig_figs(DIGITS))
    for a, b, year, topic, value in rounded.select("from", "to", "year", "topic", "value").rows():
        flow = flows.setdefault((cut.index[a], cut.index[b], year), [])
        flow += [numbers[topic], plain(value)]
    return {
        "names": [_labels(code) for code in codes],
        "flows": [[*key, *flow] for key, flow in sorted(flows.items())],
        "followed": len(_names()),
        "source": sources.number(str(ties["source"].sort().last())),
    }


def _labels(code: str) -> dict[str, str]:
    return _names().get(code, {"en": f"HS {code}"})


@lru_cache(maxsize=1)
def _names() -> dict[str, dict[str, str]]:
    """What the products are called in the page's languages, by code."""
    with PRODUCTS.open(encoding="utf-8", newline="") as stream:
        return {
            row["hs6"]: {name[-2:]: text for name, text in row.items() if name != "hs6"}
            for row in csv.DictReader(stream)
        }
