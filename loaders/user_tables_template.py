"""Empty tables to fill in: the columns explained, the header, and an example row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from geoties.graph.model import UserError
from geoties.loaders.user_tables_names import OWN_KINDS
from geoties.loaders.user_tables_ties import EXAMPLE
from geoties.ontology.kinds import Indicator, Kind, entity_classes, indicators, kinds, roles

Column = tuple[str, str, str]  # its name, what goes into it, an example
# What may stand at an end; the first kind that is allowed there gives the example.
_EXAMPLES = {
    "from": {"state": "PER", "bloc": "EU"},
    "to": {"roll-call": "roll-call/1", "agreement": "RCEP", "state": "CHN", "body": "APEC"},
    "via": {"project": "project/aiddata-37873", "agreement": "RCEP"},
}  # fmt: skip
_NAMED = "an ISO code, a name or an id of"
_DATE = "2017, 2017-11 or 2017-11-17; empty if unknown"
_CITED = "where this can be read: an address or a citation"
_WHERE = "https://example.org/where-this-can-be-read"


def template(kind: str, delimiter: str = ",") -> str:
    """A table of a kind of tie, of an indicator or of a kind of entity, as CSV text.

    Comments before the header explain it; the example's record is `example`, which is never
    added. Raises `UserError` for a kind that there is not.

    >>> template("visit").splitlines()[-1]
    'visit,PER,CHN,,head-of-government,,2017-11-17,,https://example.org/where-this-can-be-read,high,example'
    """
    if kind in kinds() and not kinds()[kind].derived:
        title, columns = _about_kind(kinds()[kind]), list(_of_ties(kinds()[kind]))
    elif kind in indicators():
        declared = indicators()[kind]
        title, columns = declared.definition, list(_of_observations(declared))
    elif kind in OWN_KINDS:
        title, columns = entity_classes()[kind].definition, list(_of_entities(kind))
    else:
        known = [k.id for k in kinds().values() if not k.derived]
        raise UserError(
            f"There is no template {kind!r}; there are the ties {', '.join(known)}; "
            f"the indicators {', '.join(indicators())}; the entities {', '.join(OWN_KINDS)}."
        )
    return _written(title, columns, delimiter)


def _about_kind(kind: Kind) -> str:
    time = {"state": "It lasts.", "yearly": "One row per year.", "event": "It happens on a day."}
    return f"{kind.definition} {time[kind.temporality]}"


def _written(title: str, columns: Sequence[Column], delimiter: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow([f"# {title}"])
    for name, meaning, _ in columns:
        writer.writerow([f"# {name}: {meaning}."])
    writer.writerow(["# The row below the header is an example; delete it."])
    writer.writerow([name for name, _, _ in columns])
    writer.writerow([example for _, _, example in columns])
    return out.getvalue()


def _of_ties(kind: Kind) -> Iterator[Column]:
    yield "kind", f"always {kind.id}", kind.id
    ends = (("from", kind.from_kinds), ("to", kind.to_kinds), ("via", kind.via_kinds))
    for end, allowed in ends:
        if allowed:
            needed = "" if end != "via" or "via" in kind.requires else "; may be empty"
            one_of = f"{_NAMED} one of: {', '.join(allowed)}{needed}"
            yield end, one_of, _example_of(end, allowed) if not needed else ""
    if own := [role for role in roles().values() if role.kind == kind.id]:
        usual = next((role for role in own if role.counts_as_member), own[0])
        yield "role", f"one of: {', '.join(role.id for role in own)}", usual.id
    if kind.topic_pattern:
        yield "topic", f"text of the form {kind.topic_pattern}, zeros in front too", "260300"
    elif "topic" in kind.definition:
        yield "topic", "what the definition above calls the topic; may be empty", ""
    yield from _time_and_amount(kind)
    yield "reference", _CITED, _WHERE
    yield "confidence", "high, medium, low or empty", "high"
    yield "record", "a key of your own; empty rows get one", EXAMPLE


def _time_and_amount(kind: Kind) -> Iterator[Column]:
    if kind.temporality == "yearly":
        yield "year", "four digits", "2023"
    else:
        yield "start", f"the first day, {_DATE}", "2017-11-17"
        yield "end", "the day from which it is over, in the same way; empty while it lasts", ""
    if kind.unit:
        yield "value", "a number with a decimal point, without signs between thousands", "1250000"
        yield "unit", f"always {kind.unit}", kind.unit


def _example_of(end: str, allowed: Sequence[str]) -> str:
    return next((text for kind, text in _EXAMPLES[end].items() if kind in allowed), "")


def _of_observations(indicator: Indicator) -> Iterator[Column]:
    of_agreement = indicator.id.startswith("agreement-")
    what = "an agreement" if of_agreement else "a state, territory or other entity"
    yield "entity", f"{_NAMED} {what}", "RCEP" if of_agreement else "PER"
    yield "indicator", f"always {indicator.id}", indicator.id
    yield "year", "four digits", "2023"
    yield (
        "value",
        "a number with a decimal point, without signs between thousands",
        "5" if of_agreement else "12.5",
    )
    yield "unit", f"always {indicator.unit}", indicator.unit
    yield "record", "a key of your own; empty rows get one", EXAMPLE


def _of_entities(kind: str) -> Iterator[Column]:
    yield "id", f"{kind}/ and a name without spaces; 'example' is not added", f"{kind}/{EXAMPLE}"
    yield "kind", f"always {kind}", kind
    yield "label", "its name in English", "An example"
    yield "label-es", "its name in Spanish; label-pt and label-zh may stand beside it", ""
    yield "valid_from", "since when it exists; empty if unknown", ""
    yield "valid_to", "since when it exists no more", ""
    yield "homepage", "its address on the web", "https://example.org/"
    if kind == "project":
        yield "hostedBy", f"{_NAMED} the state where it is", "PER"
        yield "sector", "its sector in words", "TRANSPORT AND STORAGE"
