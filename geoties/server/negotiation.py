"""Which of the formats on offer a client wants: the Accept header with its q-values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

ALIASES = {
    "application/json": ("application/sparql-results+json", "application/ld+json"),
    "application/xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "text/xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "application/x-turtle": ("text/turtle",),
    "text/n3": ("text/turtle",),
    "text/plain": ("application/n-triples",),
}


def preferred(accept: str, offers: Sequence[str]) -> list[str]:
    """The media types of `offers` that are acceptable, the most wanted first.

    Among equals the order of `offers` decides. An empty header accepts everything.

    >>> preferred("text/csv;q=0.5, application/json", ["application/sparql-results+json",
    ...     "text/csv", "text/tab-separated-values"])
    ['application/sparql-results+json', 'text/csv']
    >>> preferred("text/*, text/csv;q=0", ["text/turtle", "text/csv"])
    ['text/turtle']
    >>> preferred("", ["text/turtle"])
    ['text/turtle']
    """
    wanted = _ranges(accept) or {"*/*": 1.0}
    weights = {offer: _weight(offer, wanted) for offer in offers}
    return sorted((o for o in offers if weights[o] > 0), key=lambda offer: -weights[offer])


def _ranges(accept: str) -> dict[str, float]:
    """Each media range of the header with its weight; what is malformed is passed over."""
    found: dict[str, float] = {}
    for part in accept.split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if media.count("/") == 1:
            found[media] = max(found.get(media, 0.0), _quality(parameters))
    return found


def _quality(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0


def _weight(offer: str, wanted: Mapping[str, float]) -> float:
    """The weight of the most specific range that covers the offer."""
    if offer in wanted:
        return wanted[offer]
    aliases = [wanted[alias] for alias in ALIASES if alias in wanted and offer in ALIASES[alias]]
    if aliases:
        return max(aliases)
    return wanted.get(offer.split("/")[0] + "/*", wanted.get("*/*", 0.0))
