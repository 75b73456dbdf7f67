"""What the sources behind an answer are worth: who agrees, who differs, which flows are in part.

Light: asks the store, and only for what the answer at hand is about.
"""

from __future__ import annotations

from collections.abc import Sequence

from geoties.graph.model import BASE, ONTOLOGY, short_id
from geoties.graph.store import TripleStore, select
from geoties.ontology.kinds import Kind
from geoties.queries.claims import Claim, standing_behind
from geoties.queries.coverage import COLUMNS, ROW, Covered, stated
from geoties.queries.facts import Fact
from geoties.queries.shared import Ledger
from geoties.queries.spells import same_tie

_SCOPED = """
  { SELECT DISTINCT ?row WHERE {
    { ?row gt:fromScope one: } UNION { ?row gt:fromScope two: }
    UNION { ?row gt:toScope one: } UNION { ?row gt:toScope two: }
    OPTIONAL { ?row gt:fromScope ?f }
    OPTIONAL { ?row gt:toScope ?t }
    FILTER((!BOUND(?f) || ?f IN (one:, two:)) && (!BOUND(?t) || ?t IN (one:, two:)))
  } }"""
_IN_PART = f"{ROW}  FILTER(?status != gt:complete)\n"
OF_PAIR = f"{COLUMNS} WHERE {{{_SCOPED}{_IN_PART}}}"
OF_DOUBTFUL = f"{COLUMNS} WHERE {{{_IN_PART}  FILTER(BOUND(?from) || BOUND(?to))\n}}"
_Pair = tuple[str, str]


def behind(facts: Sequence[Fact]) -> dict[str, str]:
    """How many sources stand behind each tie, or in what they differ, by the tie's id."""
    together: dict[tuple[object, ...], list[Fact]] = {}
    for fact in facts:
        together.setdefault(_same(fact), []).append(fact)
    told = {key: standing_behind(list(map(Claim.of, group))) for key, group in together.items()}
    return {fact.id: told[_same(fact)] for fact in facts}


def _same(fact: Fact) -> tuple[object, ...]:
    """What two claims of one tie have in common."""
    ends = (fact.from_, fact.to) if fact.kind.directed else tuple(sorted((fact.from_, fact.to)))
    return (fact.kind.id, *ends, fact.via, fact.role, fact.topic, fact.year)


def behind_all(ledger: Ledger, facts: Sequence[Fact]) -> str:
    """What stands behind facts that must all hold, whose holder is told where they differ."""
    told = {fact.from_: _behind_one(ledger, fact) for fact in facts}
    if len(set(told.values())) == 1:
        return next(iter(told.values()))
    return "; ".join(f"{short_id(holder)} {text}" for holder, text in told.items() if text)


def _behind_one(ledger: Ledger, fact: Fact) -> str:
    ties = ledger.held(fact.from_, fact.kind).get(fact.to, ())
    claims = [one for tie in ties if same_tie(fact, one := ledger.fact(tie))]
    return standing_behind([Claim.of(claim) for claim in claims])


class Doubts:
    """What coverage says of single flows: that one is understated, or unknown.

    `ends` are the two that are asked about; without them all statements of a kind are read.
    """

    def __init__(self, store: TripleStore, ends: Sequence[str] = ()) -> None:
        self._store = store
        self._ends = dict(zip(("one", "two"), ends, strict=False))
        self._rows: dict[str, dict[_Pair, list[Covered]]] = {}

    def of(self, fact: Fact) -> str:
        """Why a yearly value is not the whole; empty where nothing is said against it."""
        if fact.kind.id not in self._rows:
            self._rows[fact.kind.id] = self._read(fact.kind)
        rows = self._rows[fact.kind.id]
        pairs = [(fact.from_, fact.to)]
        pairs += [] if fact.kind.directed else [(fact.to, fact.from_)]
        said = [row for one, two in pairs for pair in ((one, two), (one, ""), ("", two))
                for row in rows.get(pair, ()) if _speaks_of(row, fact)]  # fmt: skip
        return "; ".join(dict.fromkeys(map(_why, said)))

    def _read(self, kind: Kind) -> dict[_Pair, list[Covered]]:
        iris = {name: BASE + end for name, end in self._ends.items()}
        query = OF_PAIR if iris else OF_DOUBTFUL
        answer = select(self._store, query, iris={"kind": ONTOLOGY + kind.class_name} | iris)
        found: dict[_Pair, list[Covered]] = {}
        for row in stated(answer):
            found.setdefault((row.from_, row.to), []).append(row)
        return found


def _speaks_of(row: Covered, fact: Fact) -> bool:
    whole = not row.via and row.topic in ("", fact.topic)
    return whole and row.source == fact.source and row.in_year(fact.year or 0)


def _why(row: Covered) -> str:
    """The status and its note: `partial: understated: USD 13.5 billion; ...`."""
    return f"{row.status}: {row.note}" if row.note else row.status
