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
    parties: Collection[str],
    signed: str,
    apart: Collection[str] | None = None,
    current: str = "",
    begun: str = "",
) -> Mapping[str, str]:
    """For each state that a bloc stands for, that bloc.

    `parties` are entity ids; `signed` is the day of signature (or of entry into force), `begun`
    that of entry into force, where a state that joined in between is listed as well. The
    European Union stands for its members even where the register does not list it but lists all
    of them next to somebody else. A treaty among members alone has no bloc for a party.

    Some registers list beside a bloc also those who joined it long after. GGO does so for the
    Union, UNCTAD lists every bloc's members of today (`current`). They say who is `apart`: a side
    of its own, such as Estonia in its agreement of 1995 with the Union.

    >>> six = {f"state/{code}" for code in ("BEL", "DEU", "FRA", "ITA", "LUX", "NLD")}
    >>> represented({*six, "state/TUN"}, "1969-03-28")["state/FRA"]
    'body/EU'
    >>> dict(represented(six, "1957-03-25"))
    {}
    """
    alone = set(apart or ())
    blocs = [one for one in sorted(parties) if one.startswith("body/")]
    if EU not in blocs and _lists_the_members_of_the_eu(parties, signed):
        blocs.append(EU)
    found: dict[str, str] = {}
    for bloc in blocs:
        states = _members_about(bloc, signed, begun)
        if current:
            states |= members(bloc, current, current)
        elif apart is not None and bloc == EU:
            states = members(EU)
        ever = states if apart is None else members(bloc)
        if set(parties) - (ever - alone) - {bloc}:
            found |= dict.fromkeys(sorted((states - alone) & set(parties)), bloc)
    return found


def _members_about(bloc: str, signed: str, begun: str) -> frozenset[str]:
    if not signed:
        return members(bloc)
    last = max(signed, begun)
    return members(bloc, signed, f"{int(last[:4]) + JOINING}{last[4:]}")


def _lists_the_members_of_the_eu(parties: Collection[str], signed: str) -> bool:
    on = parse_date(signed).first if signed else OPEN
    then = members(EU, on, on)
    return bool(then) and then <= set(parties)
