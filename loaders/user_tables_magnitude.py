"""Whether a user's amounts are in thousands or millions of what they say, by the graph's own."""

from __future__ import annotations

import polars as pl

_ENOUGH = 10
_STEPS = {1e3: "1,000 times larger", 1e6: "a million times larger"} | {
    1e-3: "1,000 times smaller",
    1e-6: "a million times smaller",
}
_KEY = ["kind", "from", "to", "topic", "year"]


def compare(own: pl.DataFrame, others: pl.DataFrame) -> str:
    """A note when the values of `own` ties are thousands of times those of `others`; else nothing.

    Compared are ties of the same kind, ends, topic and year, at least ten.

    >>> flows = pl.DataFrame({"kind": "goods-trade", "from": "state/PER", "to": "state/CHN",
    ...     "topic": "", "year": range(2000, 2010), "value": 5e9})
    >>> compare(flows.with_columns(pl.col("value") / 1000), flows)[:50]
    'Of 10 amounts that the graph has from others too, '
    """
    pairs = own.select(*_KEY, mine="value").join(others.select(*_KEY, "value"), on=_KEY)
    pairs = pairs.filter((pl.col("mine") > 0) & (pl.col("value") > 0))
    ratio = pairs.select((pl.col("mine") / pl.col("value")).median()).item()
    if pairs.height < _ENOUGH or ratio is None:
        return ""
    for step, told in _STEPS.items():
        if step / 2 < ratio < step * 2:
            return (
                f"Of {pairs.height:,} amounts that the graph has from others too, "
                f"yours are about {told}; is the unit right?"
            )
    return ""
