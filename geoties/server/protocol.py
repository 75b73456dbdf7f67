"""The SPARQL 1.1 Protocol: what a request asks, whichever of its three forms it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

QUERY, FORM, UPDATE = (
    "application/sparql-query",
    "application/x-www-form-urlencoded",
    "application/sparql-update",
)
_DATASET = {"default-graph-uri": "default", "named-graph-uri": "named"}
_READ_ONLY = "This endpoint is read-only: an update is refused; ask a query."


class Refused(Exception):
    """A request that is not answered: the status and one sentence.

    `like` are ids and labels of what may have been meant, for a page to lead to.
    """

    def __init__(
        self,
        status: int,
        told: str,
        headers: Mapping[str, str] | None = None,
        like: Sequence[Sequence[str]] = (),
    ) -> None:
        super().__init__(told)
        self.status = status
        self.headers = headers or {}
        self.like = like


@dataclass(frozen=True)
class Asked:
    """A query and the graphs that the request names for it."""

    text: str
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


def asked_by_url(query_string: str) -> Asked | None:
    """The query of a GET; `None` when there is none, which asks for the service description."""
    parameters = pairs(query_string)
    if not parameters:
        return None
    return _asked(parameters)


def asked_by_body(content_type: str, body: bytes, query_string: str) -> Asked:
    """The query of a POST; raises `Refused` with 400, 403 or 415."""
    media, charset = _media(content_type)
    if media == UPDATE:
        raise Refused(403, _READ_ONLY)
    if media not in (QUERY, FORM):
        raise Refused(
            415, f"A POST comes as {FORM} or as {QUERY}.", {"Accept-Post": f"{FORM}, {QUERY}"}
        )
    if charset not in ("", "utf-8", "utf8"):
        raise Refused(415, f"The query is to be in UTF-8, not in {charset!r}.")
    text = decoded(body)
    if media == FORM:
        return _asked(pairs(text) + pairs(query_string))
    dataset = pairs(query_string)
    if any(name in ("query", "update") for name, _ in dataset):
        raise Refused(400, "The query is given twice: in the body and in the URL.")
    return _asked([("query", text), *dataset])


def pairs(text: str) -> list[tuple[str, str]]:
    """The parameters of a URL or form; raises `Refused` for text that is not UTF-8."""
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=200)
    except UnicodeDecodeError:
        raise Refused(400, "The parameters are not UTF-8 text.") from None
    except ValueError:
        raise Refused(400, "There are too many parameters; at most 200 are read.") from None


def decoded(body: bytes) -> str:
    """A body as text; raises `Refused` if it is not UTF-8."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(400, "The body is not UTF-8 text.") from None


def _media(content_type: str) -> tuple[str, str]:
    media, *parameters = (part.strip() for part in content_type.split(";"))
    settings = dict(part.lower().partition("=")[::2] for part in parameters)
    return media.lower(), settings.get("charset", "").strip('" ')


def _asked(parameters: list[tuple[str, str]]) -> Asked:
    """The one query among the parameters; those that the protocol does not know are ignored."""
    if any(name == "update" or name.startswith("using-") for name, _ in parameters):
        raise Refused(403, _READ_ONLY)
    queries = [value for name, value in parameters if name == "query"]
    if len(queries) != 1:
        found = "has no query" if not queries else f"has {len(queries)} queries"
        raise Refused(400, f"The request {found}; give one as the parameter `query`.")
    if not queries[0].strip():
        raise Refused(400, "The query is empty; ask for instance SELECT ?s { ?s a gt:State }.")
    graphs: dict[str, list[str]] = {"default": [], "named": []}
    for name, value in parameters:
        if name in _DATASET:
            graphs[_DATASET[name]].append(value)
    return Asked(queries[0], tuple(graphs["default"]), tuple(graphs["named"]))
