"""The cards of the dependency measures on goods trade and GDP."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from geoties.graph.measures import dependency
from geoties.graph.measures.card import Card, Measure, Reference
from geoties.graph.measures.dependency_explained import explain
from geoties.graph.measures.dependency_scores import Formula, compute

_card: Callable[..., Card] = partial(
    Card,
    family="dependency",
    inputs="goods trade (CEPII BACI, free on board, current USD), the releases to 2020 and 202501, "
    "each by itself",
    range="0 to 1",
    unit="share",
    kinds=("goods-trade",),
)
_GDP = "GDP in current USD (World Bank, WDI of 2025)"
_VALUED = "Exports stand at the exporter's border (FOB); services are not goods."
_REEXPORTS = (
    "Transit and re-export through hubs (Panama, Hong Kong, the Netherlands) count as trade."
)
_GAPS = (
    "A flow that neither side reported is unknown: the pair has no value but a range, in which "
    "the flow lies between 0 and its highest value from five years before to one year after."
)
_ALL = (_VALUED, _GAPS)
_ONEAL = "Oneal & Russett (1997), International Studies Quarterly 41:267-293"
_ONEAL_DOI = ("10.1111/1468-2478.00042",)
_BARBIERI = (
    "Barbieri (1996), Journal of Peace Research 33:29-49; Barbieri (2002), The Liberal Illusion"
)
_BARBIERI_DOI = ("10.1177/0022343396033001003",)
_GARTZKE = (
    "A share says nothing of how much trade weighs in the economy; share x openness = "
    "dependence (Gartzke & Li 2003, doi:10.1177/00223433030405004)."
)


_IN_WORDS = "sells 40 of 100, buys 100 of 100; GDP 1,000; the other trades only with it, GDP 4,000"


def _pair(formula: str, printed: str) -> tuple[Reference, ...]:
    """The formula worked out on a pair of states."""
    return (Reference(f"a state that {_IN_WORDS}", f'of_pair("{formula}")', printed),)


def _fact(statement: str, measure: str, printed: str, over: str = "", **question: Any) -> Reference:
    """A fact of the embedded data on which the measure lands."""
    asked = ", ".join(f"{name}={value!r}" for name, value in question.items())
    return Reference(statement, f'measured("{measure}", {asked}){over}', printed)


def _measure(how: Formula, /, **card: Any) -> Measure:
    return Measure(_card(**card), partial(compute, how), partial(explain, how))


_CHINA = tuple(
    _fact(f"China in the exports of {name}, {year}, percent", "export-share", printed, " * 100",
          of=code, with_="CHN", years=year)
    for name, code, first, last in (
        ("Brazil", "BRA", "2", "30"), ("Chile", "CHL", "5", "39"), ("Peru", "PER", "7", "34"),
        ("Ecuador", "ECU", "1", "22"), ("Mexico", "MEX", "0.25", "2.2"),
    )
    for year, printed in ((2000, first), (2023, last))
)  # fmt: skip
_FLOWS = {
    "exports": (
        ("Chile to China 2020, billion USD", "CHL", "CHN", 2020, "28.62"),
        ("Brazil to China 2023, billion USD", "BRA", "CHN", 2023, "104.6"),
        ("Mexico to the United States 2022, billion USD", "MEX", "USA", 2022, "438.6"),
    ),
    "imports": (("the United States from Mexico 2022, billion USD", "USA", "MEX", 2022, "438.6"),),
    "trade": (
        ("Latin America and the Caribbean with China 2020, billion USD", "419", "CHN", 2020, "309"),
        ("Latin America and the Caribbean with China 2023, billion USD", "419", "CHN", 2023, "459"),
    ),
}


def _share(flow: str, preposition: str) -> Measure:
    score = {"exports": dependency.export_share, "imports": dependency.import_share}[flow]
    return _measure(
        Formula(score, flow, over=f"{flow}_total"),
        id=f"{flow[:-1]}-share",
        name=f"Share of the partner in the state's {flow} of goods",
        formula=f"{flow} {preposition} the partner / all {flow} of the state",
        citation="Hirschman (1945), National Power and the Structure of Foreign Trade",
        high_means=f"Much of what the state {'sells' if flow == 'exports' else 'buys'} abroad "
        "depends on this partner.",
        assumptions=_ALL,
        criticisms=(_REEXPORTS, _GARTZKE),
        references=_pair(f"{flow[:-1]}_share", {"exports": "0.40", "imports": "1.00"}[flow])
        + (_CHINA if flow == "exports" else ()),
    )


def _amount(flow: str, preposition: str) -> Measure:
    score = {
        "exports": dependency.exports,
        "imports": dependency.imports,
        "trade": dependency.trade,
    }
    return _measure(
        Formula(score[flow], flow, amount=True),
        id=f"{flow}-value",
        name=f"Goods {flow} {preposition} the partner",
        formula=f"{flow} {preposition} the partner, as reported and reconciled",
        citation="Gaulier & Zignago (2010), CEPII Working Paper 2010-23",
        unit="USD",
        range="0 and up",
        high_means=f"The state's {flow} {preposition} the partner are large.",
        assumptions=_ALL,
        criticisms=(_REEXPORTS, "Current USD: prices and exchange rates move it."),
        references=tuple(
            _fact(told, f"{flow}-value", printed, " / 1e9", of=of, with_=partner, years=year)
            for told, of, partner, year, printed in _FLOWS[flow]
        ),
    )


MEASURES = (
    _amount("exports", "to"),
    _amount("imports", "from"),
    _amount("trade", "with"),
    _share("exports", "to"),
    _share("imports", "from"),
    _measure(
        Formula(dependency.trade_share, over="trade_total"),
        id="trade-share",
        references=_pair("trade_share", "0.70"),
        name="Share of the partner in the state's goods trade",
        formula="s_ij = (exports_ij + imports_ij) / (exports_i + imports_i)",
        citation=_BARBIERI,
        doi=_BARBIERI_DOI,
        high_means="Much of the state's trade is with this partner.",
        assumptions=_ALL,
        criticisms=(_REEXPORTS, _GARTZKE),
    ),
    _measure(
        Formula(dependency.trade_dependence, over="gdp_of"),
        id="trade-dependence",
        references=_pair("trade_dependence", "0.140"),
        name="Trade with the partner over the state's GDP",
        formula="(exports_ij + imports_ij) / GDP_i",
        citation=_ONEAL,
        doi=_ONEAL_DOI,
        inputs=f"goods trade (CEPII BACI to 2020 and 202501, FOB, current USD); {_GDP}",
        unit="ratio to GDP",
        range="0 and up",
        high_means="Trade with this partner is large next to the state's economy.",
        assumptions=(*_ALL, "Both sides of the ratio are in current USD of the same year."),
        criticisms=(
            "Trade is gross value, GDP value added: hubs exceed 1.",
            "Price swings of raw materials and exchange rates move it without any change in ties.",
        ),
    ),
    _measure(
        Formula(dependency.weak_link, numbers=("gdp_of", "gdp_with")),
        id="trade-dependence-weak-link",
        references=_pair("weak_link", "0.035"),
        name="Trade over GDP, by the weak link of the pair",
        formula="min((x_ij + m_ij) / GDP_i, (x_ij + m_ij) / GDP_j)",
        citation=_ONEAL,
        doi=_ONEAL_DOI,
        inputs=f"goods trade (CEPII BACI to 2020 and 202501, FOB, current USD); {_GDP}",
        unit="ratio to GDP",
        range="0 and up",
        high_means="Even the less dependent of the two has much to lose.",
        assumptions=(*_ALL, "The less dependent side decides how far the pair is bound."),
        criticisms=("It is always the value of the larger economy, so it hides asymmetry.",),
        symmetric=True,
    ),
    _measure(
        Formula(dependency.asymmetry, numbers=("gdp_of", "gdp_with")),
        id="trade-asymmetry",
        references=_pair("asymmetry", "0.105"),
        name="How much more the state depends on the partner than the partner on it",
        formula="(x_ij + m_ij) / GDP_i - (x_ij + m_ij) / GDP_j",
        citation="Hirschman (1945); Keohane & Nye (1977), Power and Interdependence",
        inputs=f"goods trade (CEPII BACI to 2020 and 202501, FOB, current USD); {_GDP}",
        unit="difference of ratios to GDP",
        range="any; positive: the state is the more dependent",
        high_means="The partner holds the stronger hand.",
        assumptions=_ALL,
        criticisms=("It mostly follows the ratio of the two economies' sizes.",),
    ),
    _measure(
        Formula(dependency.salience, numbers=("trade_total", "trade_total_with")),
        id="trade-salience",
        references=_pair("salience", "0.8367"),
        name="Salience: how much the trade of the two matters to both",
        formula="sqrt(s_ij * s_ji), s the trade shares",
        citation=_BARBIERI,
        doi=_BARBIERI_DOI,
        high_means="The two are important partners to each other.",
        assumptions=_ALL,
        criticisms=(_GARTZKE,),
        symmetric=True,
    ),
    _measure(
        Formula(dependency.symmetry, numbers=("trade_total", "trade_total_with")),
        id="trade-symmetry",
        references=_pair("symmetry", "0.70"),
        name="Symmetry: how alike the two sides' trade shares are",
        formula="1 - |s_ij - s_ji|, s the trade shares",
        citation=_BARBIERI,
        doi=_BARBIERI_DOI,
        high_means="Neither side depends more on the other's market, in shares of trade.",
        assumptions=_ALL,
        criticisms=("Two states with no trade at all are perfectly symmetric.", _GARTZKE),
        symmetric=True,
    ),
    _measure(
        Formula(dependency.interdependence, numbers=("trade_total", "trade_total_with")),
        id="trade-interdependence",
        references=_pair("interdependence", "0.5857"),
        name="Interdependence: salience times symmetry",
        formula="sqrt(s_ij * s_ji) * (1 - |s_ij - s_ji|), s the trade shares",
        citation=_BARBIERI,
        doi=_BARBIERI_DOI,
        high_means="Trade binds the two to each other, and about equally.",
        assumptions=_ALL,
        criticisms=(_GARTZKE,),
        symmetric=True,
    ),
)
