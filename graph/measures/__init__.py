"""Alignment, dependency, position and network measures, each by a published formula.

The formulas on plain arrays are importable from here on anybody's data::

    from geoties.graph.measures import s_score, weighted_kappa, concentration

and ``cards()``, ``compute()`` and ``explain()`` run every measure on the frames of a
built graph. Names are looked up when first used, so that importing this package alone
loads neither polars nor numpy.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geoties.graph.measures.chance import weighted_kappa as weighted_kappa
    from geoties.graph.measures.chance import weighted_pi as weighted_pi
    from geoties.graph.measures.coincidence import voting_coincidence as voting_coincidence
    from geoties.graph.measures.herfindahl import concentration as concentration
    from geoties.graph.measures.profiles import lijphart_agreement as lijphart_agreement
    from geoties.graph.measures.profiles import s_score as s_score
    from geoties.graph.measures.registry import cards as cards
    from geoties.graph.measures.registry import compute as compute
    from geoties.graph.measures.registry import explain as explain
    from geoties.graph.measures.sharing import jaccard as jaccard

_HOME = {
    "cards": "registry",
    "compute": "registry",
    "concentration": "herfindahl",
    "explain": "registry",
    "jaccard": "sharing",
    "lijphart_agreement": "profiles",
    "s_score": "profiles",
    "voting_coincidence": "coincidence",
    "weighted_kappa": "chance",
    "weighted_pi": "chance",
}
__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
