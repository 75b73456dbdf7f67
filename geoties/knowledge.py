"""The graph that users hold: `geoties.load()` and what can be asked of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoties.asked import Names, PathLike, known_kinds, several
from geoties.graph.model import BASE, Report, UserError, day_asked
from geoties.graph.snapshots import Snapshot, current, data_directory
from geoties.graph.store import Answer, open_store, select
from geoties.shown_page import View

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    import rdflib

    from geoties.graph.adding import Addition
    from geoties.graph.exports.export import ExportReport
    from geoties.graph.frames import Frames
    from geoties.graph.measures.write_back import Written
    from geoties.graph.store import TripleStore
    from geoties.queries.answers import Graph
    from geoties.queries.asking import Names as Called


def load(store: PathLike | None = None, *, endpoint: str = "") -> KnowledgeGraph:
    """The current graph of a data directory (`store`, `GEOTIES_STORE`, or the user's own).

    `endpoint` is the address of a SPARQL store that `geoties push` has filled: it is then asked
    instead, and what only the columns can answer raises `UserError`.
    Raises `UserError`, which says which command makes one, when there is none.
    """
    if endpoint:
        from geoties.remote_graph import RemoteGraph

        return RemoteGraph(endpoint)
    return KnowledgeGraph(current(data_directory(store)))


def build(
    store: PathLike | None = None,
    *,
    only: str = "",
    from_: PathLike | None = None,
    say: Callable[[str], None] = lambda _: None,
    account: Callable[[str, Report], None] = lambda _name, _report: None,
) -> KnowledgeGraph:
    """Build the graph from the embedded tables and the user's inputs, and load it.

    `account` is told what became of the rows of the file `from_`.
    """
    from geoties.graph.build import build as make
    from geoties.graph.measures.derived import yearly_vote_agreement

    path = Path(from_) if from_ is not None else None
    directory = data_directory(store)
    derive = yearly_vote_agreement
    return KnowledgeGraph(
        make(directory, only=only, from_=path, say=say, derive=derive, account=account)
    )


class KnowledgeGraph:
    """One finished build, opened for reading.

    The methods give pandas DataFrames; those that end in `_answer` give the same rows without
    pandas, for light programs.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def __repr__(self) -> str:
        return f"<KnowledgeGraph as of {self.date}, {self.snapshot.checksum[:12]}>"

    @property
    def date(self) -> str:
        """The day the graph speaks of, as ISO text."""
        return self.snapshot.graph_date

    @cached_property
    def store(self) -> TripleStore:
        """The pyoxigraph store, read-only."""
        return open_store(self.snapshot.folder / "store")

    @cached_property
    def opened(self) -> Graph:
        """The graph as `queries` asks it."""
        from geoties.queries.answers import Graph

        folder = self.snapshot.folder / "frames"
        return Graph(self.store, folder, self.names, self.snapshot.manifest)

    @cached_property
    def frames(self) -> Frames:
        """The columnar tables."""
        from geoties.graph.frames import Frames

        return Frames(self.opened.columns)

    @cached_property
    def names(self) -> Called:
        """What every entity is called."""
        from geoties.queries.asking import QuickNames

        return QuickNames(self.snapshot.folder / "names.csv")

    @cached_property
    def rdf(self) -> rdflib.Dataset:
        """The store as an rdflib Dataset."""
        from geoties.graph.rdf import rdf_dataset

        return rdf_dataset(self.snapshot.folder / "store")

    def links(
        self,
        x: str,
        y: str = "",
        *,
        on: str = "",
        kind: Names = (),
        since: str = "",
        ended: bool = False,
    ) -> pd.DataFrame:
        """The ties of `x`, or those between `x` and `y`, in force on a date.

        `x` and `y` are codes or names; `on` is a date (the graph's own if empty). Columns: kind,
        from, to, via, start, end, value, unit, year, source, record, sentence, basis, claims (how
        many sources say so, in what they differ, or that a flow is known in part only).
        """
        return _frame(self.links_answer(x, y, on=on, kind=kind, since=since, ended=ended))

    def links_answer(
        self,
        x: str,
        y: str = "",
        *,
        on: str = "",
        kind: Names = (),
        since: str = "",
        ended: bool = False,
    ) -> Answer:
        """As `links`, without pandas."""
        from geoties.queries.links import links

        return links(
            self.store,
            x,
            y,
            graph_date=self.date,
            names=self.names,
            on=day_asked(on),
            kinds=several(kind),
            since=since,
            ended=ended,
            frames_path=self.opened.frames_path,
        )

    def ask(self, how: str, **arguments: Any) -> pd.DataFrame:
        """What the command of that name answers: is, path, neighbours, history, conflicts, ….

        `kg.ask("is", x="PER", relation="in", y="APEC", on="1990-01-01")`;
        `kg.ask("path", x="PER", y="KOR", on="2023-12-31", avoid=["UN"])`.
        """
        from geoties.queries.answers import Asked, answer

        return _frame(answer(self.opened, Asked(how, arguments)))

    def paths(self, x: str, y: str, **asked: Any) -> list[list[str]]:
        """The chains that `ask("path", …)` tells, as networkx paths in `chain_graph`."""
        from geoties.queries.chains import paths

        return paths(self.opened, x, y, **asked)

    def chain_graph(self, *, on: str = "", kinds: Names = ()) -> nx.Graph[str]:
        """The ties in force on a date as a networkx graph with a `cost` on every edge."""
        from geoties.queries.chains import chain_graph

        return chain_graph(self.opened, day_asked(on) or self.date, several(kinds))

    def query(self, name: str, **parameters: Any) -> pd.DataFrame:
        """A question of the library, with its parameters by name."""
        texts = {key: str(value) for key, value in parameters.items() if value is not None}
        return _frame(self.query_answer(name, texts))

    def query_answer(self, name: str, parameters: dict[str, str]) -> Answer:
        """As `query`, without pandas."""
        from geoties.queries.library import run_query

        return run_query(
            name,
            parameters,
            store=self.store,
            frames_path=self.opened.frames_path,
            names=self.names,
            graph_date=self.date,
        )

    def sparql(self, text: str, **entities: str) -> pd.DataFrame:
        """Run SPARQL. `entities` are codes or names that the query calls by a prefix alone:
        `kg.sparql("SELECT ?body WHERE { ?tie gt:from who: ; gt:to ?body }", who="Peru")`.
        """
        return _frame(self.sparql_answer(text, entities))

    def sparql_answer(self, text: str, entities: dict[str, str] | None = None) -> Answer:
        """As `sparql`, without pandas."""
        iris = {name: BASE + self._entity(told) for name, told in (entities or {}).items()}
        return select(self.store, text, iris=iris)

    def measure(self, name: str, **asked: Any) -> pd.DataFrame:
        """A measure as a tidy frame; `.attrs["units"]` tells the unit of each column of numbers.

        `asked` are of, with_, years, region, poles, issue, weights, on and the measure's own
        options: `kg.measure("trade-dependence", of="BRA", with_="CHN", years="2000-2023")`.
        """
        from geoties.graph.measures.registry import cards, compute

        table = compute(name, self.frames, **asked)
        frame = _frame(Answer(tuple(table.columns), table.rows()))
        frame = frame.astype(dict.fromkeys(("value", "low", "high"), "float64"))
        if frame["year"].isna().any():  # a whole number all the same
            frame = frame.astype({"year": "Int64"})
        card, told = cards()[name], table["unit"].unique(maintain_order=True).to_list()
        unit = " / ".join(told) or card.unit
        frame.attrs["units"] = {**dict.fromkeys(("value", "low", "high"), unit), "year": "year"}
        frame.attrs |= {"measure": name, "version": card.version, "graph_date": self.date}
        frame.attrs["question"] = asked
        return frame

    def measure_answer(self, name: str, **asked: Any) -> Answer:
        """As `measure`, without pandas."""
        from geoties.graph.measures.registry import compute

        table = compute(name, self.frames, **asked)
        return Answer(tuple(table.columns), table.rows())

    def explain(self, name: str, **asked: Any) -> pd.DataFrame:
        """The ties and numbers behind one score; their contributions add up to it."""
        return _frame(self.explain_answer(name, **asked))

    def explain_answer(self, name: str, **asked: Any) -> Answer:
        """As `explain`, without pandas."""
        from geoties.graph.measures.registry import explain

        table = explain(name, self.frames, **asked)
        return Answer(tuple(table.columns), table.rows())

    def write_back(self, scores: pd.DataFrame, name: str) -> Written:
        """Write scores of pairs back as derived ties, into the data directory of this graph.

        `scores` are what `measure` gave, or some rows of it; `name` is that of the source that
        they become, and by which `geoties.remove` takes them out. This graph itself stays; the
        result's `snapshot` is the one that has them.
        """
        from geoties.graph.measures.write_back import to_polars, write_back

        directory = self.snapshot.folder.parent.parent
        question = scores.attrs.get("question", {})
        return write_back(directory, to_polars(scores), name, question)

    def plot(self, name: str, path: PathLike, *, title: str = "", **asked: Any) -> Path:
        """Draw a measure into a .svg, .png, .pdf or .html file."""
        from geoties.graph.measures.plots import plot
        from geoties.graph.measures.registry import cards, compute

        result = compute(name, self.frames, **asked)
        told = ("of", "with_", "years", "poles")  # by the plot itself
        cut = "; ".join(f"{key} {value}" for key, value in asked.items() if key not in told)
        return plot(result, cards()[name], Path(path), title=title, cut=cut)

    def add(self, path: PathLike, **how: Any) -> Addition:
        """Add a table of your own to the data directory of this graph, which itself stays.

        `how` is as for `geoties.add`; the result's `snapshot` is the graph that has the table.
        """
        from geoties.own_data import add

        return add(path, self.snapshot.folder.parent.parent, **how)

    def network(
        self, *, on: str = "", kinds: Names = (), focus: Names = ()
    ) -> nx.MultiDiGraph[str]:
        """The graph on a date as a networkx MultiDiGraph with every attribute."""
        from geoties.graph.network import network

        return network(
            self.frames,
            on=day_asked(on) or self.date,
            kinds=known_kinds(several(kinds)),
            focus=self._entities(focus),
            checksum=self.snapshot.checksum,
        )

    def view(
        self,
        *,
        show: str = "alignment",
        year: int | None = None,
        layout: str = "pivot",
        focus: Names = (),
        kinds: Names = (),
        poles: Names = ("CHN", "USA"),
        regions: Names = (),
        size: int | None = None,
        lang: str = "en",
        title: str | None = None,
        served: bool = False,
    ) -> View:
        """An interactive page; a notebook shows it in place, `.save(path)` writes the file.

        `show` is alignment or dependency, `layout` pivot, lean or map, `focus` the countries or
        regions in the middle (the twenty of Latin America if empty), `poles` the two states
        between which alignment is measured, `regions` the columns from left to right
        (`asia-pacific`, `latin-america`, … or region ids joined by `+`), `size` how many states a
        column takes (0 for all), `lang` en, es, pt or zh; `served` lets the page ask the server
        that it came from.
        """
        from geoties.graph.views.cut import DEFAULT_COLUMNS
        from geoties.graph.views.page import render_page

        first, second = self._two_poles(poles)
        html = render_page(
            self.frames,
            show=show,
            year=year,
            layout=layout,
            focus=self._entities(focus),
            poles=(first, second),
            kinds=known_kinds(several(kinds)) or None,
            lang=lang,
            title=title,
            size=size,
            regions=several(regions) or DEFAULT_COLUMNS,
            served=served,
        )
        return View(html)

    def _two_poles(self, poles: Names) -> tuple[str, str]:
        found = self._entities(poles)
        if len(set(found)) != 2:
            raise UserError("Two different poles are needed, such as CHN,USA.")
        return found[0], found[1]

    def validate_answer(self, shapes: bool = False) -> Answer:
        """What the graph's own rules find: check, severity, table, id, detail.

        With `shapes`, pyshacl reads the rules from the ontology too: about a minute.
        """
        from geoties.graph.build import check_build

        findings = check_build(self.snapshot)
        if shapes:
            from geoties.graph.conformance import shape_findings

            findings = findings.vstack(shape_findings(self.snapshot))
        return Answer(tuple(findings.columns), findings.rows())

    def validate(self, shapes: bool = False) -> pd.DataFrame:
        """As `validate_answer`, as a DataFrame."""
        return _frame(self.validate_answer(shapes))

    def export(
        self,
        path: PathLike,
        *,
        focus: Names = (),
        on: str = "",
        kind: Names = (),
        include_current: bool = False,
    ) -> ExportReport:
        """Write the graph, or a cut of it, in the format that the suffix says.

        `include_current` takes the direct statements that hold on the date (`gt:memberOf` …) into
        formats without named graphs. The report tells what the file leaves out.
        """
        from geoties.graph.exports.export import export

        return export(
            Path(path),
            self.frames,
            focus=self._entities(focus),
            on=day_asked(on),
            kinds=known_kinds(several(kind)),
            graph_date=self.date,
            checksum=self.snapshot.checksum,
            include_current=include_current,
        )

    def _entities(self, names: Names) -> tuple[str, ...]:
        return tuple(self._entity(name) for name in several(names))

    def _entity(self, name: str) -> str:
        from geoties.queries.asking import entity_named

        return entity_named(self.names, name, store=self.store)


def _frame(answer: Answer) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(answer.rows, columns=list(answer.columns))
