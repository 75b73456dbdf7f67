"""Who stands for whom: members that a register lists beside, or instead of, their bloc.

The European Union's agreement with Chile binds France and Chile, not France and Germany to each
other; so a bloc's members are not parties of their own, and the bloc's tie passes to them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from geoties.graph.model import parse_date
from geoties.loaders.agreement_records import OPEN, members

EU = "body/EU"
# A state that joined within two years of a signature signed as a member to be.
JOINING = 2


def represented(
    parties: Collection[str], signed: str, apart: Collection[str] | None = None
) -> Mapping[str, str]:
    """For each state that a bloc stands for, that bloc.

    `parties` are entity ids; `signed` is the day of signature (or of entry into force). The
    European Union stands for its members even where the register does not list it but lists all
    of them next to somebody else. A treaty among members alone has no bloc for a party. A
    register that lists also those who joined the Union long after (GGO) says who is `apart`: a
    side of its own, such as Estonia in its agreement of 1995 with the Union.

    >>> six = {f"state/{code}" for code in ("BEL", "DEU", "FRA", "ITA", "LUX", "NLD")}
    >>> represented({*six, "state/TUN"}, "1969-03-28")["state/FRA"]
    'body/EU'
    >>> dict(represented(six, "1957-03-25"))
    {}
    """
    blocs = [one for one in sorted(parties) if one.startswith("body/")]
    stood_for = {bloc: _members_about(bloc, signed) for bloc in blocs}
    if EU not in stood_for and _lists_the_members_of_the_eu(parties, signed):
        stood_for[EU] = _members_about(EU, signed)
    if EU in stood_for and apart is not None:
        stood_for[EU] = members(EU)
    stood_for = {bloc: states - set(apart or ()) for bloc, states in stood_for.items()}
    return {
        state: bloc
        for bloc, states in stood_for.items()
        if set(parties) - (members(bloc) - set(apart or ())) - states - {bloc}
        for state in sorted(states & set(parties))
    }


def _members_about(bloc: str, signed: str) -> frozenset[str]:
    if not signed:
        return members(bloc)
    first = parse_date(signed).first
    return members(bloc, first, f"{int(first[:4]) + JOINING}{first[4:]}")


def _lists_the_members_of_the_eu(parties: Collection[str], signed: str) -> bool:
    on = parse_date(signed).first if signed else OPEN
    then = members(EU, on, on)
    return bool(then) and then <= set(parties)
