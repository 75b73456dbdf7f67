"""Commands that tell more than single ties: path, neighbours, history, conflicts,
diff."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geoties.cli.app import Endpoint, Format, Kinds, Limit, On, Store, app, several
from geoties.cli.completing import place_names, several_places
from geoties.cli.defending import Cite, Receipt, defended
from geoties.cli.output import check_format, show
from geoties.cli.voice import say

if TYPE_CHECKING:
    from geoties.graph.store import Answer

X = Annotated[
    str,
    typer.Argument(
        metavar="X", help="A country or body: code or name.", autocompletion=place_names
    ),
]
Y = Annotated[str, typer.Argument(metavar="Y", help="Another one.", autocompletion=place_names)]


def _tell(
    how: str,
    asked: dict[str, Any],
    form: str,
    limit: int | None,
    receipt: Path | None,
    cite: str,
    store: Path | None,
    empty: str,
    endpoint: str = "",
) -> None:
    from geoties.knowledge import load
    from geoties.queries.answers import Asked
    from geoties.queries.answers import answer as answered

    check_format(form)
    graph = load(store, endpoint=endpoint)
    answer = answered(graph.opened, Asked(how, asked))
    if not defended(graph, how, asked, answer, receipt, cite):
        show(answer, form, limit, empty=empty)


@app.command(epilog="Example: geoties path PER KOR --on 2023-12-31 --avoid UN")
def path(
    x: X,
    y: Y,
    on: On = "",
    k: Annotated[int, typer.Option("--k", min=1, help="How many chains.")] = 3,
    avoid: Annotated[
        list[str] | None,
        typer.Option("--avoid", help="Pass through none of these.", autocompletion=several_places),
    ] = None,
    via: Annotated[
        str, typer.Option("--via", help="Pass through this one.", autocompletion=place_names)
    ] = "",
    kind: Kinds = None,
    form: Format = "table",
    limit: Limit = None,
    receipt: Receipt = None,
    cite: Cite = "",
    endpoint: Endpoint = "",
    store: Store = None,
) -> None:
    """Tell the shortest chains of ties in force between X and Y, a sentence for each step."""
    asked = {"on": on, "k": k, "avoid": several(avoid), "via": via, "kinds": several(kind)}
    question = {"x": x, "y": y, **asked}
    _tell("path", question, form, limit, receipt, cite, store, "No chain is known.", endpoint)


@app.command(epilog="Example: geoties neighbours CHN --kind recognition,diplomatic-relation")
def neighbours(
    x: X,
    on: On = "",
    kind: Kinds = None,
    page: Annotated[int, typer.Option("--page", min=1, help="Which page.")] = 1,
    size: Annotated[int, typer.Option("--size", min=1, help="How many on a page.")] = 50,
    form: Format = "table",
    receipt: Receipt = None,
    cite: Cite = "",
    endpoint: Endpoint = "",
    store: Store = None,
) -> None:
    """List what is one tie away from X on a date, the tightest ties first, in pages."""
    question = {"x": x, "on": on, "kinds": several(kind), "page": page, "size": size}
    empty = "None is known, or this page is past the last."
    _tell("neighbours", question, form, None, receipt, cite, store, empty, endpoint)


@app.command(epilog="Example: geoties history PER CHN --since 2000-01-01")
def history(
    x: X,
    y: Y,
    since: Annotated[str, typer.Option(metavar="DATE", help="From this day.")] = "",
    until: Annotated[str, typer.Option(metavar="DATE", help="To this day.")] = "",
    kind: Kinds = None,
    form: Format = "table",
    limit: Limit = None,
    receipt: Receipt = None,
    cite: Cite = "",
    endpoint: Endpoint = "",
    store: Store = None,
) -> None:
    """Tell a relation as a dated timeline: what began, ended and happened."""
    question = {"x": x, "y": y, "since": since, "until": until, "kinds": several(kind)}
    _tell(
        "history", question, form, limit, receipt, cite, store, "Nothing dated is known.", endpoint
    )


@app.command(epilog="Example: geoties conflicts --kind membership")
def conflicts(
    x: Annotated[
        str, typer.Argument(metavar="[X]", help="Only of this one.", autocompletion=place_names)
    ] = "",
    kind: Kinds = None,
    agreed: Annotated[
        bool, typer.Option("--agreed", help="Also claims on which sources agree.")
    ] = False,
    form: Format = "table",
    limit: Limit = None,
    receipt: Receipt = None,
    cite: Cite = "",
    store: Store = None,
) -> None:
    """List the facts on which sources disagree, with the claims of each."""
    question = {"x": x, "kinds": several(kind), "agreed": agreed}
    _tell("conflicts", question, form, limit, receipt, cite, store, "No source disagrees.")


@app.command(epilog="Example: geoties diff current current")
def diff(
    old: Annotated[
        str, typer.Argument(metavar="OLD", help="A kept build: its checksum, current, or a folder.")
    ],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Another one.")] = "current",
    kind: Kinds = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Also a patch: .ttl or .rdfp."),
    ] = None,
    form: Format = "table",
    limit: Limit = None,
    store: Store = None,
) -> None:
    """List what changed between two builds, and why: the world, our knowledge, or a source."""
    from geoties.graph.snapshots import data_directory
    from geoties.queries.differences import differences, kept_build
    from geoties.queries.patches import patch_suffix, write_patch

    check_format(form)
    if output is not None:
        patch_suffix(output)
    before, after = (kept_build(data_directory(store), name) for name in (old, new))
    answer = differences(before, after, several(kind))
    say(_counted(answer))
    if output is not None:
        count = write_patch(output, before, after, several(kind))
        say(f"Wrote {output}: {count:,} statements taken away or put in.")
    if form != "table" or answer.rows:
        show(answer, form, limit)


def _counted(answer: Answer) -> str:
    """How many changes there are, and of which causes."""
    from collections import Counter

    causes = Counter(str(row["cause"]) for row in answer.dicts())
    told = ", ".join(f"{count:,} {cause}" for cause, count in sorted(causes.items()))
    return f"{len(answer.rows):,} changes: {told}." if told else "Nothing differs."
