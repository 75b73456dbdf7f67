"""From a question to dependency scores: partners and groups, years without data, reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from typing import Literal

import polars as pl

from geoties.graph.measures.inputs import Cut, Frames, years_within
from geoties.graph.measures.pairs import completed
from geoties.graph.measures.places import Places
from geoties.graph.measures.trade import dyads_of, flow_rows, merge_partners
from geoties.graph.model import UserError, short_id

KIND = "goods-trade"
Dyads = Callable[[pl.DataFrame], pl.DataFrame]
#: Whose totals a question is about: those of the states, of their partners too, or of nobody.
Totals = Literal["nobody", "of", "both"]


@dataclass(frozen=True)
class Formula:
    """A formula on dyads, and the columns of a dyad it reads.

    ``flow`` is exports, imports or trade; ``over`` the column that it is divided by, where
    the score is such a ratio; ``numbers`` what else an explanation shows; ``amount`` that the
    score is the flow itself.
    """

    score: Dyads
    flow: str = "trade"
    over: str = ""
    numbers: tuple[str, ...] = ()
    amount: bool = False

    @property
    def reads_gdp(self) -> bool:
        """Whether GDP is needed."""
        return any(name.startswith("gdp") for name in (self.over, *self.numbers))

    @property
    def totals(self) -> Totals:
        """Whose totals are needed."""
        names = (self.over, *self.numbers)
        if any(name.endswith("_total_with") for name in names):
            return "both"
        return "of" if any(name.endswith("_total") for name in names) else "nobody"


def compute(formula: Formula, frames: Frames, cut: Cut) -> pl.DataFrame:
    """Scores of the pairs asked for, with a reason wherever there is none."""
    trade = _trade(frames, cut.of, cut.with_, cut.years, formula.totals, formula.reads_gdp)
    scores = [_scored(formula, trade, *units) for units in trade.units()]
    return completed(pl.concat(scores), cut, trade.years, trade.reason)


def dyad(formula: Formula, frames: Frames, cut: Cut) -> tuple[pl.DataFrame, Trade]:
    """The one scored dyad that a narrowed question is about."""
    trade = Trade(frames, cut, formula.totals)
    scores = pl.concat([formula.score(trade.dyads(*units)) for units in trade.units()])
    asked = scores.filter(
        pl.col("of") == cut.of[0], pl.col("with") == cut.with_[0], pl.col("year").is_in(trade.years)
    )
    if asked.height != 1:
        raise UserError(
            f"{short_id(cut.of[0])} and {short_id(cut.with_[0])} have {asked.height or 'no'} scores"
            " for the question; name one year with data."
        )
    return asked, trade


@lru_cache(maxsize=1)
def _trade(
    frames: Frames,
    of: tuple[str, ...],
    partners: tuple[str, ...],
    years: tuple[int, ...],
    totals: Totals,
    gdp: bool,
) -> Trade:
    """The flows of the last question, for another formula is often asked about them next."""
    return Trade(frames, Cut(of=of, with_=partners, years=years), totals, gdp=gdp)


@lru_cache(maxsize=4)
def releases(frames: Frames) -> pl.DataFrame:
    """The years that each release of a graph has: ``year, source``."""
    return frames.ties(KIND).select("year", "source").unique().drop_nulls()


class Trade:
    """The flows that a question is about: those between its states, or all that totals need."""

    def __init__(
        self, frames: Frames, cut: Cut, totals: Totals = "both", *, gdp: bool = True
    ) -> None:
        self._found: dict[tuple[tuple[str, ...], tuple[str, ...]], pl.DataFrame] = {}
        self.cut, self.totals, self.places = cut, totals, Places.of(frames)
        self.ties, self.releases = frames.ties(KIND), releases(frames)
        self.years = years_within(cut.years, self.releases["year"].unique(), "goods trade")
        self.coverage = frames.coverage().filter(pl.col("kind") == KIND)
        indicator = pl.col("indicator") == "gdp"
        self.gdp = frames.observations().filter(indicator) if gdp else None
        narrowed = set(self.releases["year"]) - set(self.years)
        self.rows = flow_rows(
            self.ties,
            self.coverage,
            among=self._touching(),
            years=self.years if narrowed else (),
        )

    @property
    def banks(self) -> str:
        """The sources of GDP, as they follow those of the flows."""
        known = () if self.gdp is None else sorted(self.gdp["source"].unique())
        return "".join(f"; {name}" for name in known)

    @cached_property
    def present(self) -> pl.DataFrame:
        """Who of those asked for is in a release in a year, before any are merged into a group."""
        ends = self._with_members((*self.cut.of, *self.cut.with_))
        return pl.concat(
            [
                self.ties.filter(pl.col(end).is_in(ends), pl.col("value").is_not_null()).select(
                    pl.col(end).alias("entity"), "year", "source"
                )
                for end in ("from", "to")
            ]
        ).unique()

    def _touching(self) -> pl.Expr | None:
        """The flows on which the question can depend, where it names states."""
        of, partners = (self._with_members(named) for named in (self.cut.of, self.cut.with_))
        if not (of or partners):
            return None
        if self.totals == "nobody":
            ways = [_ends(origin, target) for origin, target in ((of, partners), (partners, of))]
            return ways[0] | ways[1]
        named = of if self.totals == "of" else [*of, *partners] if of and partners else []
        return pl.col("from").is_in(named) | pl.col("to").is_in(named) if named else None

    def _with_members(self, entities: Sequence[str]) -> list[str]:
        """Some entities with the members of those that are groups."""
        members = [
            self.places.members(entity, self.years)["entity"].to_list()
            for entity in entities
            if self.places.is_group(entity)
        ]
        return sorted({*entities, *(member for group in members for member in group)})

    def units(self) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        """States and partners that are scored together: groups one by one, the rest at once."""
        units: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
        for of, partners in product(self._split(self.cut.of), self._split(self.cut.with_)):
            inside = self._inside(of, partners)
            units += [((state,), partners) for state in of if state in inside]
            if not of or (rest := tuple(state for state in of if state not in inside)):
                units.append((rest if of else (), partners))
        return units

    def _split(self, entities: Sequence[str]) -> list[tuple[str, ...]]:
        groups = [entity for entity in entities if self.places.is_group(entity)]
        single = tuple(entity for entity in entities if entity not in groups)
        return ([single] if single or not groups else []) + [(group,) for group in groups]

    def _inside(self, of: tuple[str, ...], partners: tuple[str, ...]) -> set[str]:
        """The states that belong to the group they are measured against."""
        if not partners or not self.places.is_group(partners[0]):
            return set()
        members = self.places.members(partners[0], self.years)["entity"]
        return set(of) & set(members)

    def dyads(self, of: tuple[str, ...], partners: tuple[str, ...]) -> pl.DataFrame:
        """The dyads of some states with some partners, zero where none is reported."""
        if (of, partners) not in self._found:
            self._found[of, partners] = self._dyads(of, partners)
        return self._found[of, partners]

    def _dyads(self, of: tuple[str, ...], partners: tuple[str, ...]) -> pl.DataFrame:
        rows, gdp = self.rows, self.gdp
        self._check_overlap(of, partners)
        for entity in (*of, *partners):
            if self.places.is_group(entity):
                members = self.places.members(entity, self.years)
                # a state measured against its own group is measured against the rest of it
                members = members.filter(~pl.col("entity").is_in([*of, *partners]))
                rows = merge_partners(rows, members, entity)
                gdp = None if gdp is None else _with_group_gdp(gdp, members, entity)
        if partners and of:
            ends = [*of, *partners]
            rows = rows.filter(pl.col("from").is_in(ends) | pl.col("to").is_in(ends))
        if partners and of:
            rows = pl.concat([rows, self._none_reported(rows, of, partners)])
        dyads = dyads_of(rows, gdp, totals=self.totals != "nobody")
        wanted = pl.col("year").is_in(self.years)
        for column, entities in (("of", of), ("with", partners)):
            wanted &= pl.col(column).is_in(entities) if entities else pl.lit(True)
        return dyads.filter(wanted)

    def _check_overlap(self, of: tuple[str, ...], partners: tuple[str, ...]) -> None:
        """Two groups with a member in common cannot be measured against each other."""
        groups = [entity for entity in (*of, *partners) if self.places.is_group(entity)]
        if len(groups) == 2:
            one, other = (set(self.places.members(g, self.years)["entity"]) for g in groups)
            if one & other:
                raise UserError(
                    f"{short_id(min(one & other))} belongs to both "
                    f"{' and '.join(map(self.places.label, groups))}; give groups that differ."
                )

    def _none_reported(
        self, rows: pl.DataFrame, of: tuple[str, ...], partners: tuple[str, ...]
    ) -> pl.DataFrame:
        """Zero flows of the asked pairs that complete coverage says nobody reported."""
        pairs = pl.DataFrame(
            [(a, b) for a, b in product(of, partners) if a != b],
            schema={"from": pl.String, "to": pl.String},
            orient="row",
        )
        grid = pairs.join(self._complete_years(), how="cross")
        grid = grid.join(rows, on=["from", "to", "year", "source"], how="anti")
        if grid.height:
            present = self._present((*of, *partners))
            for end in ("from", "to"):
                there = present.rename({"entity": end})
                grid = grid.join(there, on=[end, "year", "source"], how="semi")
        zero = grid.with_columns(value=pl.lit(0.0), gap=pl.lit(False), high=pl.lit(0.0))
        return zero.select(rows.columns)

    def _present(self, entities: Sequence[str]) -> pl.DataFrame:
        """Who is in a release in a year: ``entity, year, source``; of a group, any member."""
        found = [self.present]
        for group in filter(self.places.is_group, entities):
            members = self.places.members(group, self.years)
            inside = self.present.join(members, on=["entity", "year"], how="semi")
            found.append(inside.with_columns(entity=pl.lit(group)).unique())
        return pl.concat(found)

    def _complete_years(self) -> pl.DataFrame:
        everything = self.coverage.filter(
            (pl.col("status") == "complete")
            & (pl.col("from_scope") == "")
            & (pl.col("to_scope") == "")
        ).drop_nulls(["from_year", "to_year"])
        spans = pl.int_ranges("from_year", pl.col("to_year") + 1, dtype=pl.Int32)
        claimed = everything.select("source", year=spans).explode("year").unique()
        return claimed.filter(pl.col("year").is_in(self.years))

    def reason(self, of: str, partner: str, year: int) -> str:
        """Why a pair has no score in a year."""
        for entity in (of, partner):
            if entity and not self.places.was_state(entity, year):
                return f"{short_id(entity)} did not exist in {year}"
        releases = self.releases.filter(pl.col("year") == year)["source"]
        if releases.is_empty():
            return f"no goods trade data for {year}"
        sources = ", ".join(short_id(source) for source in sorted(releases))
        known = self.present.filter(pl.col("year") == year)
        for entity in (of, partner):
            if entity and not self.places.is_group(entity) and entity not in set(known["entity"]):
                return f"{short_id(entity)} is not in {sources} for {year}"
        return f"none reported, and {sources} does not claim to be complete for {year}"

    def absent_members(self, group: str) -> pl.DataFrame:
        """The members of a group that a release lacks in a year: ``year, source, absent``."""
        members = self.places.members(group, self.years)
        lacking = members.join(self.releases, on="year").join(
            self.present, on=["entity", "year", "source"], how="anti"
        )
        names = pl.col("entity").str.split("/").list.last().sort().str.join(", ")
        return lacking.group_by("year", "source").agg(absent=names)


def _with_group_gdp(gdp: pl.DataFrame, members: pl.DataFrame, group: str) -> pl.DataFrame:
    """GDP with that of a group added: the sum of its members', where all are known."""
    known = gdp.unique(["entity", "year"], keep="first", maintain_order=True)
    joined = members.join(known, on=["entity", "year"], how="left")
    whole = ~pl.col("value").is_null().any()
    total = joined.group_by("year").agg(pl.when(whole).then(pl.col("value").sum()).alias("value"))
    total = total.drop_nulls().with_columns(entity=pl.lit(group))
    return pl.concat(
        [gdp.select("entity", "year", "value"), total.select("entity", "year", "value")]
    )


def _scored(
    formula: Formula, trade: Trade, of: tuple[str, ...], partners: tuple[str, ...]
) -> pl.DataFrame:
    scores = formula.score(trade.dyads(of, partners))
    absent = pl.DataFrame(schema={"year": pl.Int32, "source": pl.String, "absent": pl.String})
    if partners and trade.places.is_group(partners[0]):
        absent = trade.absent_members(partners[0])
    scores = scores.join(absent, on=["year", "source"], how="left", maintain_order="left")
    return scores.select(
        "of", "with", "year", "value", "low", "high",
        source=pl.col("source") + trade.banks, basis=_basis(formula), reason=_reason(formula),
    )  # fmt: skip


def _basis(formula: Formula) -> pl.Expr:
    nothing = (pl.col(formula.flow) == 0) & ~pl.col(f"{formula.flow}_gap")
    parts = [pl.when(nothing).then(pl.lit("none reported"))]
    if formula.totals != "nobody":
        missing = pl.col(f"{formula.flow}_missing")
        if formula.totals == "both":
            missing += pl.col(f"{formula.flow}_missing_with")
        told = pl.format("unknown flows in the total: {}", missing)
        parts.append(pl.when(missing > 0).then(told))
    parts.append(pl.when(pl.col("absent").is_not_null()).then(pl.format("without {}", "absent")))
    return pl.concat_str(parts, separator="; ", ignore_nulls=True)


def _reason(formula: Formula) -> pl.Expr:
    """Why there is no value; the first reason that applies."""
    missing = pl.lit("a flow between the two is unknown: neither side reported it")
    short = pl.lit("a flow between the two is understated: its source misses a part of it")
    gap = pl.when(pl.col(formula.flow) > 0).then(short).otherwise(missing)
    reasons = [pl.when(pl.col(f"{formula.flow}_gap")).then(gap)]
    for column, entity in (("gdp_of", "of"), ("gdp_with", "with")):
        if column in (formula.over, *formula.numbers):
            who = pl.col(entity).str.split("/").list.last()
            missing = pl.format("no GDP of {} for {}", who, "year")
            reasons.append(pl.when(pl.col(column).is_null()).then(missing))
    nothing = pl.lit(f"no {formula.flow} reported")
    reasons.append(pl.when(pl.col("value").is_null()).then(nothing))
    return pl.coalesce(*reasons, pl.lit(""))


def _ends(origin: Sequence[str], target: Sequence[str]) -> pl.Expr:
    """Flows from some states to others; empty means all."""
    sides = [pl.col(end).is_in(list(s)) for end, s in (("from", origin), ("to", target)) if s]
    return pl.all_horizontal(sides)
