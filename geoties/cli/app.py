"""The command `geoties` and what its commands share. Light: no heavy import at module level."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from geoties.cli.completing import format_names, kind_names
from geoties.cli.light import LightCommand, LightGroup
from geoties.cli.voice import Voice, colour_wanted


class _App(typer.Typer):
    """All of its commands are light."""

    def command(self, name: str | None = None, **how: Any) -> Callable[[Any], Any]:
        """As Typer's own."""
        return super().command(name, **{"cls": LightCommand, **how})


app = _App(
    name="geoties",
    cls=LightGroup,
    help="Who is linked to whom, since when, how strongly and according to whom.",
    epilog="Example: geoties links PER CHN --on 2023-12-31",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich" if colour_wanted() else None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Store = Annotated[
    Path | None,
    typer.Option(
        "--store",
        metavar="DIR",
        envvar="GEOTIES_STORE",
        help="The data directory; your user data folder if not given.",
    ),
]
Endpoint = Annotated[
    str,
    typer.Option(
        "--endpoint", metavar="URL", help="Ask this SPARQL store, which `geoties push` has filled."
    ),
]
Format = Annotated[
    str,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        help="table, csv, json or md.",
        autocompletion=format_names,
    ),
]
Limit = Annotated[int | None, typer.Option("--limit", min=0, help="How many rows to show at most.")]
On = Annotated[
    str,
    typer.Option(
        "--on", metavar="DATE", help="A day such as 2023-12-31; the graph's own if not given."
    ),
]
Kinds = Annotated[
    list[str] | None,
    typer.Option(
        "--kind",
        "-k",
        help="A kind of tie; may be given again, or with commas.",
        autocompletion=kind_names,
    ),
]


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"geoties {version('geoties')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="The version.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say more.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
) -> None:
    Voice.level = 0 if quiet else 2 if verbose else 1


def several(values: list[str] | None) -> list[str]:
    """Option values given again or with commas, as one list.

    >>> several(["visit,alliance", "sanction"])
    ['visit', 'alliance', 'sanction']
    """
    return [part.strip() for value in values or [] for part in value.split(",") if part.strip()]


from geoties.cli import (  # noqa: E402
    adding,  # noqa: F401
    asking,  # noqa: F401
    making,  # noqa: F401
    measuring,  # noqa: F401
    serving,  # noqa: F401
    sharing,  # noqa: F401
    taking,  # noqa: F401
    telling,  # noqa: F401
)
