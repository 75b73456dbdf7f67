"""Series joined across a break: a historical state counted as the one that continues it."""

from __future__ import annotations

import json
from functools import cached_property

import polars as pl

from geoties.graph.measures.inputs import Frames
from geoties.graph.model import short_id


class Joined:
    """The tables of a graph with historical states under the names of their continuators.

    Only on request, and said in the answer: the USSR's votes are not Russia's by themselves.
    """

    def __init__(self, frames: Frames) -> None:
        self.frames = frames

    @cached_property
    def continued(self) -> dict[str, str]:
        """Historical state -> the state that continues it, as the entities declare."""
        found: dict[str, str] = {}
        rows = self.frames.entities().filter(
            pl.col("properties").str.contains('"continuatorOf"', literal=True)
        )
        for entity, properties in rows.select("id", "properties").iter_rows():
            older = json.loads(properties)["continuatorOf"]
            found |= dict.fromkeys([older] if isinstance(older, str) else older, entity)
        return found

    def entities(self) -> pl.DataFrame:
        """Entities; a continuator has existed since the state that it continues."""
        since = pl.col("id").is_in(sorted(set(self.continued.values())))
        begun = pl.when(since).then(pl.lit("")).otherwise("valid_from").alias("valid_from")
        return self.frames.entities().with_columns(begun)

    def ties(self, kind: str) -> pl.DataFrame:
        """The ties of one kind."""
        ties = self.frames.ties(kind)
        return ties.with_columns(self._renamed("from"), self._renamed("to"))

    def observations(self) -> pl.DataFrame:
        """The observations; of a year with both, the present state's come first."""
        rows = self.frames.observations()
        older = pl.col("entity").is_in(sorted(self.continued))
        return rows.sort(older, maintain_order=True).with_columns(self._renamed("entity"))

    def coverage(self) -> pl.DataFrame:
        """The coverage."""
        scopes = (self._renamed("from_scope"), self._renamed("to_scope"))
        return self.frames.coverage().with_columns(scopes)

    def _renamed(self, column: str) -> pl.Expr:
        return pl.col(column).replace(self.continued)

    def marked(self, result: pl.DataFrame) -> pl.DataFrame:
        """The answer, with a note on every row of a state whose series is joined."""
        joined = sorted(short_id(entity) for entity in set(self.continued.values()))
        touched = pl.col("of").is_in(joined) | pl.col("with").is_in(joined)
        notes = {short_id(new): short_id(old) for old, new in self.continued.items()}
        note = pl.concat_str(
            *(
                pl.when(pl.col(end).is_in(joined)).then(
                    pl.format("series of {} joined to {}", pl.col(end).replace(notes), end)
                )
                for end in ("of", "with")
            ),
            separator="; ", ignore_nulls=True,
        )  # fmt: skip
        basis = (
            pl.when(pl.col("basis") == "")
            .then(note)
            .otherwise(pl.concat_str("basis", note, separator="; "))
        )
        return result.with_columns(
            pl.when(touched & pl.col("value").is_not_null())
            .then(basis)
            .otherwise("basis")
            .alias("basis")
        )
