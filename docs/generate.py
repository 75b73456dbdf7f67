"""Make the documents that follow from the code and its data; `--check` only tells.

python docs/generate.py [--check] [--answers]

`--answers` also asks every question of the library anew, of the graph in `GEOTIES_STORE`, which has
to be the default one; without it the answers on the pages of the questions stay as they are.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import typer.main
from benchmarks_page import benchmarks_page, scale_page
from data_page import data_page
from query_pages import index_page, query_pages

from geoties.cli.app import app
from geoties.graph.measures.registry import cards
from geoties.graph.model import Source
from geoties.knowledge import KnowledgeGraph, load
from geoties.loaders.registry import loaders_by_name
from geoties.ontology.reference import reference

ROOT = Path(__file__).parent.parent
_CLASSES = {
    "A": "embedded, selected and normalised, under the publisher's licence",
    "B": "single facts of public record, credited row by row; not the database",
    "C": "not embedded: you bring your own file",
}


def data_licences() -> str:
    """DATA-LICENCES.md, from the metadata of the loaders."""
    return "\n".join(
        [
            "# Licences of the data",
            "",
            "Made from the metadata of the sources by `python docs/generate.py`. The code of",
            "geoties is under Apache-2.0; the embedded tables keep the licences below. Please",
            "cite the sources of the facts you use.",
            "",
            *_source_sections(),
        ]
    )


def _source_sections() -> Iterator[str]:
    sources = (source for loader in loaders_by_name().values() for source in loader.sources)
    for source in sorted(sources, key=lambda source: source.id):
        yield from _source_section(source)


def _source_section(source: Source) -> Iterator[str]:
    yield f"## {source.title}"
    yield ""
    yield f"- Source: `{source.id}`, {source.publisher}, <{source.url}>"
    yield f"- Version: {source.version}; retrieved {source.retrieved.isoformat()}"
    yield f"- Licence: {source.licence}"
    yield f"- How it ships (class {source.licence_class}): {_CLASSES[source.licence_class]}"
    yield f"- Citation: {source.citation}"
    yield ""


def command_line() -> str:
    """docs/cli.md: what every command does, takes, and an example."""
    group: Any = typer.main.get_command(app)
    parts = ["# The command line", "", "Made from the commands by `python docs/generate.py`."]
    parts += ["Data go to stdout, messages to stderr. Exit codes: 0 done (an empty answer too),"]
    parts += ["1 `validate` found errors, 2 something you can mend, 130 interrupted.", ""]
    parts += ["With every command: `-q` says nothing but errors, `-v` more; `--version`.", ""]
    for name, command in sorted(group.commands.items()):
        parts += [f"## `geoties {name}`", "", command.help, "", *_parameters(command), ""]
        parts += ["```sh", command.epilog.removeprefix("Example: "), "```", ""]
    return "\n".join(parts)


def _parameters(command: Any) -> Iterator[str]:
    yield "| | |"
    yield "|---|---|"
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            spelled = parameter.metavar or parameter.name.upper()
        else:
            value = f" {parameter.metavar}" if parameter.metavar else ""
            spelled = ", ".join(parameter.opts) + value
        yield f"| `{spelled}` | {parameter.help or ''} |"


def measures_page() -> str:
    """docs/measures.md: the card of every measure."""
    return "\n".join(
        [
            "# Measures",
            "",
            "Made from the cards beside the code by `python docs/generate.py`.",
            "",
            *(card.text().replace("# ", "## ", 1) for card in cards().values()),
        ]
    )


def documents(graph: KnowledgeGraph | None) -> dict[str, Callable[[], str]]:
    """Every generated document, by its path in the project; answers are those of `graph`."""
    return {
        "DATA-LICENCES.md": data_licences,
        "docs/benchmarks.md": benchmarks_page,
        "docs/cli.md": command_line,
        "docs/data.md": data_page,
        "docs/measures.md": measures_page,
        "docs/ontology.md": reference,
        "docs/queries.md": index_page,
        "docs/scale.md": scale_page,
        **query_pages(graph),
    }


def main(arguments: list[str]) -> int:
    """Write the documents, or with `--check` tell which are out of date."""
    stale = []
    graph = load() if "--answers" in arguments else None
    for name, make in documents(graph).items():
        path, text = ROOT / name, make().rstrip("\n") + "\n"
        path.parent.mkdir(exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in arguments:
                path.write_text(text, encoding="utf-8")
    told = "out of date" if "--check" in arguments else "made anew"
    print(f"{told}: {', '.join(stale)}" if stale else "all documents are up to date")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
