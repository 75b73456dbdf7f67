"""Made-up tables of any size in the shape of the real graph.

Of a hundred triples of the real graph, some eighty-five are flows of goods, five memberships and
parties with their dates, and the rest votes in agreement, numbers and entities. So are these.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from geoties.graph.model import Entity, Tables, tie_frame

SOURCE = "source/made-up"
DAY = "2023-12-31"
PER_FLOW = 8  # triples of a tie with a year, a value and a unit
PER_MEMBER = 8.5  # and of one with a role, dates and what was last seen
STATES, OTHERS = 240, 239
FLOWS, MEMBERS = 0.9, 0.08


def tables(triples: int) -> Tables:
    """Tables that make about as many triples; the same each time."""
    chance = np.random.default_rng(7)
    ties = pl.concat([_flows(int(triples * FLOWS / PER_FLOW), chance), _members(triples, chance)])
    return Tables.of([*_states(), *_bodies(triples)], ties)


def _names() -> list[str]:
    return [f"state/X{number:03d}" for number in range(STATES)]


def _states() -> list[Entity]:
    made = [Entity(name, "state", {"en": f"State {name[7:]}"}) for name in _names()]
    about = dict.fromkeys(("citation", "licence", "publisher"), "nobody") | {"retrieved": DAY}
    return [*made, Entity(SOURCE, "source", {"en": "Made up"}, about)]


def _bodies(triples: int) -> list[Entity]:
    return [
        Entity(f"body/B{number}", "body", {"en": f"Body {number}"})
        for number in range(_number_of_bodies(triples))
    ]


def _number_of_bodies(triples: int) -> int:
    return max(1, int(triples * MEMBERS / PER_MEMBER) // 60)


def _flows(count: int, chance: np.random.Generator) -> pl.DataFrame:
    """Goods trade: every pair in a year, then the next year; beyond 150 years, by product."""
    place = np.arange(count)
    pair, turn = place % (STATES * OTHERS), place // (STATES * OTHERS)
    exporter, importer = pair // OTHERS, pair % OTHERS
    importer += importer >= exporter  # nobody trades with itself
    names = np.array(_names())
    flows = pl.DataFrame(
        {
            "from": names[exporter],
            "to": names[importer],
            "year": 1900 + turn,
            "value": np.round(1e6 + chance.lognormal(16, 2, count), 1),
        }
    )
    return tie_frame(flows, kind="goods-trade", source=SOURCE, unit="USD")


def _members(triples: int, chance: np.random.Generator) -> pl.DataFrame:
    """Sixty members of each body, since days of this century, one in six until another day."""
    bodies = _number_of_bodies(triples)
    state = chance.permuted(np.tile(np.arange(STATES), (bodies, 1)), axis=1)[:, :60].ravel()
    start = pl.Series(2000 + chance.integers(0, 20, bodies * 60)).cast(pl.String) + "-06-15"
    ended = pl.Series(chance.random(bodies * 60) < 1 / 6)
    members = pl.DataFrame(
        {
            "from": np.array(_names())[state],
            "to": np.repeat([f"body/B{number}" for number in range(bodies)], 60),
            "start": start,
            "end": pl.select(
                pl.when(ended).then(pl.lit("2022-03-01")).otherwise(pl.lit(""))
            ).to_series(),
        }
    )
    precise = members.with_columns(
        end_precision=pl.when(pl.col("end") != "").then(pl.lit("day")).otherwise(pl.lit("")),
        observed_to=pl.when(pl.col("end") == "").then(pl.lit(DAY)).otherwise(pl.lit("")),
        record=pl.col("to").str.strip_prefix("body/") + "-" + pl.col("from").str.slice(6),
    )
    return tie_frame(
        precise, kind="membership", source=SOURCE, role="member", start_precision="day"
    )
