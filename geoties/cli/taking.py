"""Commands that take the answer away: view, export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geoties.cli.app import Kinds, On, Store, app, several
from geoties.cli.voice import say

Focus = Annotated[
    list[str] | None,
    typer.Option("--focus", help="Only these countries or bodies; again, or with commas."),
]


@app.command(epilog="Example: geoties view dependency.html --year 2023 --layout pivot")
def view(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The page to write, .html.")],
    show: Annotated[str, typer.Option(help="alignment or dependency; by the file's name.")] = "",
    year: Annotated[int | None, typer.Option(help="The year it opens with.")] = None,
    layout: Annotated[str, typer.Option(help="pivot, lean or map.")] = "pivot",
    focus: Focus = None,
    kind: Kinds = None,
    poles: Annotated[
        str, typer.Option(help="The two states between which alignment is measured.")
    ] = "CHN,USA",
    regions: Annotated[
        str,
        typer.Option(help="The columns, with commas: asia-pacific,latin-america,north-atlantic."),
    ] = "",
    size: Annotated[
        int | None, typer.Option(min=0, help="How many states a column takes; 0 for all.")
    ] = None,
    title: Annotated[str, typer.Option(help="The title of the page.")] = "",
    lang: Annotated[str, typer.Option(help="en, es, pt or zh.")] = "en",
    store: Store = None,
) -> None:
    """Write an interactive page: one file that works offline."""
    from geoties.knowledge import load
    from geoties.shown_page import page_file

    page_file(file)
    page = load(store).view(
        show=show or _shown_by(file),
        year=year,
        layout=layout,
        focus=several(focus),
        kinds=several(kind),
        poles=poles,
        regions=regions,
        size=size,
        title=title or None,
        lang=lang,
    )
    page.save(file)
    say(f"Open {file} in a browser.")


def _shown_by(file: Path) -> str:
    return "dependency" if "dependency" in file.stem.lower() else "alignment"


@app.command(epilog="Example: geoties export andes.ttl --focus PER,CHL --on 2023-12-31")
def export(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help=".ttl, .nt, .trig, .jsonld, .graphml, .gexf, .csv or .parquet.",
        ),
    ],
    focus: Focus = None,
    on: On = "",
    kind: Kinds = None,
    include_current: Annotated[
        bool,
        typer.Option("--include-current", help="Also the direct statements, in .ttl and .nt too."),
    ] = False,
    store: Store = None,
) -> None:
    """Write the graph, or a cut of it, in the format that the suffix says."""
    from geoties.knowledge import load

    report = load(store).export(
        file,
        focus=several(focus),
        on=on,
        kind=several(kind),
        include_current=include_current,
    )
    for line in report.lines():
        say(line)
