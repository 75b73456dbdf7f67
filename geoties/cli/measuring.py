"""Commands that measure: measures, measure, plot."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geoties.cli.app import Format, Limit, On, Store, app
from geoties.cli.completing import measure_names, region_names, several_places
from geoties.cli.defending import Cite, Receipt, defended
from geoties.cli.output import check_format, show
from geoties.cli.voice import say
from geoties.graph.model import UserError
from geoties.graph.store import Answer

if TYPE_CHECKING:
    from geoties.knowledge import KnowledgeGraph

Measured = Annotated[
    str, typer.Argument(metavar="NAME", help="A measure.", autocompletion=measure_names)
]
Of = Annotated[
    str,
    typer.Option(
        "--of", help="States measured: codes or names, with commas.", autocompletion=several_places
    ),
]
With = Annotated[
    str,
    typer.Option(
        "--with", help="Partners; a region or bloc counts as one.", autocompletion=several_places
    ),
]
Years = Annotated[str, typer.Option("--years", "--year", help="2023, 2000-2023 or 2000,2023.")]
Region = Annotated[
    str,
    typer.Option(
        "--region", help="The states of a region, in place of --of.", autocompletion=region_names
    ),
]
Poles = Annotated[
    str,
    typer.Option(
        "--poles", help="Two states or blocs, such as CHN,USA.", autocompletion=several_places
    ),
]
Issue = Annotated[str, typer.Option("--issue", help="Only roll calls on this issue.")]
Weights = Annotated[str, typer.Option("--weights", help="Of the domains, such as trade=2,votes=1.")]
Options = Annotated[
    list[str] | None,
    typer.Option("--option", metavar="NAME=VALUE", help="The measure's own; its card names them."),
]


@app.command(epilog="Example: geoties measures trade-dependence")
def measures(
    name: Annotated[
        str,
        typer.Argument(
            metavar="[NAME]", help="A measure, for its card.", autocompletion=measure_names
        ),
    ] = "",
    form: Format = "table",
    limit: Limit = None,
) -> None:
    """List the measures, or print the card of one: formula, citation, limits."""
    from geoties.graph.measures.registry import cards

    check_format(form)
    if name:
        print(_card_of(name), end="")
        return
    columns = ("family", "measure", "name", "unit", "range")
    rows = [(c.family, c.id, c.name, c.unit, c.range) for c in cards().values()]
    show(Answer(columns, rows), form, limit)


def _card_of(name: str) -> str:
    from geoties.graph.measures.registry import cards

    if name not in cards():
        known = ", ".join(cards())
        raise UserError(f"There is no measure {name!r}; there are: {known}.")
    return cards()[name].text()


@app.command(
    epilog="Example: geoties measure trade-dependence --of BRA --with CHN --years 2000-2023"
)
def measure(
    name: Measured,
    of: Of = "",
    with_: With = "",
    years: Years = "",
    region: Region = "",
    poles: Poles = "",
    issue: Issue = "",
    weights: Weights = "",
    on: On = "",
    option: Options = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="The ties and numbers behind one score.")
    ] = False,
    write_back: Annotated[
        str,
        typer.Option(metavar="SOURCE", help="Keep the scores in the graph, as derived ties."),
    ] = "",
    form: Format = "table",
    limit: Limit = None,
    receipt: Receipt = None,
    cite: Cite = "",
    store: Store = None,
) -> None:
    """Compute a measure of alignment, dependency, position or place in the network."""
    from geoties.knowledge import load

    check_format(form)
    asked = _asked(of, with_, years, region, poles, issue, weights, on)
    own = dict(_own_option(text) for text in option or [])
    graph = load(store)
    ask = graph.explain_answer if explain else graph.measure_answer
    answer = ask(name, **asked, **own)
    question = {"name": name, **asked, **({"options": own} if own else {})}
    question |= {"explain": True} if explain else {}
    if write_back:
        if explain:
            raise UserError("Scores are written back, not their explanation; leave out --explain.")
        _written_back(graph, answer, write_back, {**asked, **own})
    if not defended(graph, "measure", question, answer, receipt, cite):
        show(answer, form, limit, empty="There is no row to measure.")


def _written_back(
    graph: KnowledgeGraph, answer: Answer, name: str, question: dict[str, Any]
) -> None:
    """Write the scores back and say what came of it."""
    import polars as pl

    from geoties.graph.measures.result import RESULT
    from geoties.graph.measures.write_back import told, write_back

    scores = pl.DataFrame(answer.rows, schema=RESULT, orient="row")
    directory = graph.snapshot.folder.parent.parent
    say(told(write_back(directory, scores, name, question, say=say), name))


def _asked(
    of: str,
    with_: str,
    years: str,
    region: str,
    poles: str,
    issue: str,
    weights: str,
    on: str,
) -> dict[str, Any]:
    """The options that were given, as the functions spell them."""
    named = {
        "of": of,
        "with_": with_,
        "years": years,
        "region": region,
        "poles": poles,
        "issue": issue,
        "weights": weights,
        "on": on,
    }
    return {key: value for key, value in named.items() if value}


def _own_option(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UserError(f"{text!r} is not an option; write --option NAME=VALUE.")
    return name, _typed(value)


def _typed(value: str) -> Any:
    """A number or a truth value where the text is one."""
    if value.lower() in ("true", "yes"):
        return True
    if value.lower() in ("false", "no"):
        return False
    for kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            continue
    return value


@app.command(epilog="Example: geoties plot export-share --of BRA --with CHN,USA -o brazil.svg")
def plot(
    name: Measured,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help=".svg, .png, .pdf or .html.")
    ],
    of: Of = "",
    with_: With = "",
    years: Years = "",
    region: Region = "",
    poles: Poles = "",
    issue: Issue = "",
    weights: Weights = "",
    on: On = "",
    option: Options = None,
    title: Annotated[str, typer.Option(help="The title; made from the measure if empty.")] = "",
    store: Store = None,
) -> None:
    """Plot a measure for a paper: vector, colour-blind safe, with unit, year and source."""
    from geoties.knowledge import load

    asked = _asked(of, with_, years, region, poles, issue, weights, on)
    asked |= dict(_own_option(text) for text in option or [])
    load(store).plot(name, output, title=title, **asked)
    say(f"Wrote {output}.")
