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
    from geoties.graph.measures.centrality import betweenness as betweenness
    from geoties.graph.measures.centrality import brokerage as brokerage
    from geoties.graph.measures.centrality import degree as degree
    from geoties.graph.measures.centrality import eigenvector as eigenvector
    from geoties.graph.measures.centrality import pagerank as pagerank
    from geoties.graph.measures.centrality import strength as strength
    from geoties.graph.measures.chance import weighted_kappa as weighted_kappa
    from geoties.graph.measures.chance import weighted_pi as weighted_pi
    from geoties.graph.measures.coincidence import voting_coincidence as voting_coincidence
    from geoties.graph.measures.communities import adjusted_rand as adjusted_rand
    from geoties.graph.measures.communities import mutual_information as mutual_information
    from geoties.graph.measures.herfindahl import concentration as concentration
    from geoties.graph.measures.profiles import lijphart_agreement as lijphart_agreement
    from geoties.graph.measures.profiles import s_score as s_score
    from geoties.graph.measures.registry import cards as cards
    from geoties.graph.measures.registry import compute as compute
    from geoties.graph.measures.registry import explain as explain
    from geoties.graph.measures.sharing import jaccard as jaccard

_HOME = {
    "adjusted_rand": "communities",
    "betweenness": "centrality",
    "brokerage": "centrality",
    "cards": "registry",
    "compute": "registry",
    "concentration": "herfindahl",
    "degree": "centrality",
    "eigenvector": "centrality",
    "explain": "registry",
    "jaccard": "sharing",
    "lijphart_agreement": "profiles",
    "mutual_information": "communities",
    "pagerank": "centrality",
    "s_score": "profiles",
    "strength": "centrality",
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
