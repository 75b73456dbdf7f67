"""What an answer without rows means: that there is nothing, or that nobody would know.

Light: asks the store what the sources claim to know of the kinds that the question is about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from geoties.graph.model import short_id
from geoties.graph.store import TripleStore
from geoties.ontology.kinds import Kind, kinds
from geoties.queries.asking import Names
from geoties.queries.coverage import COMPLETE, Covered, coverage_of, judge
from geoties.queries.facts import kind_of_entity, ties_to, values_of
from geoties.queries.header import Question, read_question
from geoties.queries.library import ENTITY_TYPES, bound_values

NO = "no"
_DATES = ("on", "year", "until", "last_year")


def why_empty(
    store: TripleStore, name: str, parameters: Mapping[str, str], *, names: Names, graph_date: str
) -> str:
    """What it means that no row answers a question of the library, for each kind it is about.

    "none in …" where a source claims to know all such ties of the day, else that it is unknown,
    and what the sources do cover. Empty where the question does not say what it is about.
    """
    question = read_question(name)
    values = bound_values(question, parameters, names=names, graph_date=graph_date, store=store)
    year = next((int(values[date][:4]) for date in _DATES if values.get(date)), None)
    named = [
        values[p.name] for p in question.parameters if p.type in ENTITY_TYPES and values[p.name]
    ]
    told = (
        f"{kind.labels['en'].capitalize()}: {_meaning(store, kind, named, year)}."
        for kind in _about(store, question, named)
    )
    return " ".join(told)


def _about(store: TripleStore, question: Question, named: Sequence[str]) -> list[Kind]:
    """The kinds that the question is about; of several, those that the bodies named can have."""
    about = [kinds()[kind] for kind in question.about.split()]
    return [kind for kind in about if _bodies(store, kind, named)] or about


def _bodies(store: TripleStore, kind: Kind, named: Sequence[str]) -> list[str]:
    """Those named that one is a member of, or party to, by a kind of tie."""
    return [one for one in named if kind.shared and kind_of_entity(store, one) in kind.to_kinds]


def _meaning(store: TripleStore, kind: Kind, named: Sequence[str], year: int | None) -> str:
    """For two bodies "none" only if somebody knows the members of each of them."""
    places = {"", *named, *(r for one in named for r in values_of(store, one, "inRegion"))}
    rows = {row.told(): row for row in coverage_of(store, kind) if _speaks(row, kind, places)}
    bodies = _bodies(store, kind, named)
    told = [
        _of_body(store, kind, [row for row in rows.values() if row.to in ("", body)], body, year)
        for body in bodies or [""]
    ]
    unknown = [basis for answer, basis in told if answer != NO]
    least = f" of {kind.graph_minimum:,.0f} {kind.unit} or more" if kind.graph_minimum else ""
    return "; ".join(unknown[:1]) or "; ".join(
        basis.replace("none", f"none{least}", 1) for _, basis in dict.fromkeys(told)
    )


def _of_body(
    store: TripleStore, kind: Kind, rows: Sequence[Covered], body: str, year: int | None
) -> tuple[str, str]:
    """Whether the lack of a row is a no, and why."""
    knows = {f"source/{tie.split('/')[2]}" for tie in ties_to(store, body, kind)} if body else None
    answer, basis = judge([row for row in rows if year is None or row.in_year(year)], knows)
    if answer == NO:
        return answer, basis
    complete = [row for row in rows if row.status == COMPLETE and year and not row.in_year(year)]
    known = [row for row in complete if knows is None or row.to or row.source in knows]
    when = f" for {year}" if year else ""
    return answer, f"unknown{when}: {basis}{_elsewhere(known)}"


def _speaks(row: Covered, kind: Kind, places: set[str]) -> bool:
    """Whether a statement is about all that was asked, or about one of those who were named."""
    whole = not row.via and (not row.topic or "topic" in kind.requires)
    return whole and row.from_ in places and row.to in places


def _elsewhere(complete: Sequence[Covered]) -> str:
    """The years that somebody does know."""
    years = dict.fromkeys(f"{short_id(r.source)} {r.first or ''}–{r.last or ''}" for r in complete)
    return f"; known completely for other years ({', '.join(years)})" if years else ""
