"""Plots of a measure that can go into a paper: vector, safe for the colour-blind, sourced."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from geoties.graph.files import write_atomically
from geoties.graph.measures.balance import BALANCED
from geoties.graph.measures.card import Card
from geoties.graph.model import UserError, short_id

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

#: Okabe & Ito's palette, without the yellow that paper swallows, and with black.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
DASHES = ("-", "--", ":")
MARKERS = "osD^vPX*"
MOST_LINES = len(COLOURS) * len(DASHES)
MOST_BARS = 60
_MOST_REASONS = 6
#: Stands in a reason for the years that it is said of.
_YEARS = "\N{SYMBOL FOR NULL}"
FORMATS = (".svg", ".png", ".pdf", ".html")


def plot(result: pl.DataFrame, card: Card, target: Path, *, title: str = "", cut: str = "") -> Path:
    """Draw the answer of a measure and write it, by the suffix of the file.

    Several years make lines, one for each state and partner, with their ranges; one year
    makes bars. Years without a value are gaps in the line, and are named below the plot.

    Args:
        result: What :func:`geoties.graph.measures.compute` returned.
        card: The card of the measure.
        target: ``.svg``, ``.png``, ``.pdf`` or ``.html`` (one file, no network).
        title: In place of the name of the measure.
        cut: What else was asked, such as an issue or weights; told below the plot.

    Returns:
        The path written.

    Raises:
        UserError: for another suffix, nothing to draw, too much of it, or no matplotlib.
    """
    kind = target.suffix.lower()
    if kind not in FORMATS:
        raise UserError(f"{target.name}: a plot is written as {', '.join(FORMATS)}.")
    write_atomically(target, render(result, card, kind, title=title, cut=cut))
    return target


def render(result: pl.DataFrame, card: Card, kind: str, *, title: str = "", cut: str = "") -> bytes:
    """The bytes of a plot in a format; the same result gives the same bytes."""
    figure = _figure(result, card, title or card.name, cut)
    if kind != ".html":
        return _saved(figure, kind)
    return _page(_saved(figure, ".svg").decode(), title or card.name).encode()


def _figure(result: pl.DataFrame, card: Card, title: str, cut: str) -> Figure:
    known = result.drop_nulls("value")
    if known.is_empty():
        why = result["reason"].drop_nulls().unique().sort().to_list()
        raise UserError(
            f"There is no value to draw: {'; '.join(why[:3]) or 'the answer is empty'}."
        )
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise UserError("Plots need matplotlib; run `pip install 'geoties[plots]'`.") from None
    bars = known["year"].n_unique() <= 1 or card.unit == "year"
    drawn = known.height if bars else known.select(_LINE).n_unique()
    _check_number(drawn, bars)
    height = max(3.2, 1.6 + 0.24 * drawn) if bars else 4.6
    figure = Figure(figsize=(7.2, height), layout="constrained")
    axes = figure.add_subplot()
    (_bars if bars else _lines)(axes, known if bars else result)
    _dress(figure, axes, result, card, title, cut, bars)
    return figure


def _check_number(drawn: int, bars: bool) -> None:
    most = MOST_BARS if bars else MOST_LINES
    if drawn > most:
        what = "bars" if bars else "lines"
        raise UserError(f"That makes {drawn} {what}; a plot shows {most}: narrow the states.")


#: What makes a line; the unit, for the measures that tell two numbers at once.
_LINE = ("of", "with", "unit")


def _name(of: str, partner: str, unit: str) -> str:
    # a dollar sign would start a formula
    pair = " – ".join(part for part in (of, partner) if part)
    return (pair or unit).replace("$", r"\$")


def _lines(axes: Axes, result: pl.DataFrame) -> None:
    from matplotlib.ticker import MaxNLocator

    lines = result.drop_nulls("value").select(_LINE).unique(maintain_order=True).rows()
    for place, line in enumerate(lines):
        rows = result.filter(
            pl.col(column) == value for column, value in zip(_LINE, line, strict=True)
        ).sort("year", "source")
        years, values = _with_gaps(rows)
        colour, dash = COLOURS[place % len(COLOURS)], DASHES[place // len(COLOURS)]
        axes.plot(years, values, dash, color=colour, marker=MARKERS[place % len(MARKERS)],
                  markersize=3.5, linewidth=1.4, label=_name(*line))  # fmt: skip
        ranged = rows.drop_nulls(["low", "high"])
        axes.vlines(ranged["year"].to_list(), ranged["low"].to_list(), ranged["high"].to_list(),
                    color=colour, linewidth=3, alpha=0.35)  # fmt: skip
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    if len(lines) > 1 or any(lines[0][:2]):
        axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False, fontsize=8)


def _with_gaps(rows: pl.DataFrame) -> tuple[list[int], list[float]]:
    """Years and values with NaN in every year between that has none, so that the line breaks."""
    values = {year: value for year, value in rows.select("year", "value").iter_rows() if year}
    years = list(range(min(values), max(values) + 1))
    return years, [float("nan") if values.get(y) is None else values[y] for y in years]


def _bars(axes: Axes, known: pl.DataFrame) -> None:
    from matplotlib.ticker import MaxNLocator

    ordered = known.sort("value", "of", "with", descending=[False, True, True])
    names = [_name(*line) for line in ordered.select(_LINE).iter_rows()]
    values = ordered["value"].to_list()
    places = range(len(values))
    axes.plot(values, places, "o", color=COLOURS[0], markersize=5)
    if ordered["unit"][0] != "year":
        lows, highs = [min(v, 0.0) for v in values], [max(v, 0.0) for v in values]
        axes.hlines(places, lows, highs, color=COLOURS[0], linewidth=1.2)
        axes.axvline(0, color="#888888", linewidth=0.6)
        axes.set_xlim(left=None if min(values) < 0 else 0)
    if ordered["unit"][0] == "score":  # of a balance, which is the whole scale and its middle
        axes.set_xlim(0, 100)
        axes.axvspan(*BALANCED, color="#EEEEEE", zorder=0)
    for place, (low, high) in enumerate(ordered.select("low", "high").iter_rows()):
        if low is not None and high is not None:
            axes.hlines(place, low, high, color=COLOURS[1], linewidth=4, alpha=0.4)
    if all(value == round(value) for value in values):
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_yticks(list(places), names, fontsize=8)
    axes.set_ylim(-0.6, len(values) - 0.4)


def _dress(
    figure: Figure,
    axes: Axes,
    result: pl.DataFrame,
    card: Card,
    title: str,
    cut: str,
    bars: bool,
) -> None:
    """Title with the years, the unit on its axis, and below the source and what is missing."""
    years = result["year"].drop_nulls().unique().sort().to_list()
    span = f"{years[0]}" if len(years) == 1 else f"{years[0]}–{years[-1]}" if years else ""
    heading = title if card.unit == "year" or not span else f"{title}, {span}"
    axes.set_title(heading.replace("$", r"\$"), loc="left", fontsize=11, wrap=True)
    units = result.drop_nulls("value")["unit"].unique().sort().to_list()
    unit = _scaled(axes.xaxis if bars else axes.yaxis, result, " / ".join(units))
    (axes.set_xlabel if bars else axes.set_ylabel)(unit, fontsize=9)
    axes.grid(axis="x" if bars else "y", color="#DDDDDD", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(labelsize=8)
    notes = _notes(result, card, cut)
    figure.text(0.01, -0.02, notes.replace("$", r"\$"), fontsize=7, va="top", color="#444444")


def _scaled(axis: Axis, result: pl.DataFrame, unit: str) -> str:
    """Large amounts in millions or billions, on the axis and in its unit."""
    from matplotlib.ticker import FuncFormatter

    most = result.select(pl.max_horizontal(pl.col("value", "high").abs().max())).item()
    for size, name in ((1e9, "billion"), (1e6, "million")):
        if most >= size:
            axis.set_major_formatter(FuncFormatter(partial(_divided, size)))
            return f"{name} {unit}"
    return unit


def _notes(result: pl.DataFrame, card: Card, cut: str) -> str:
    parts = result["source"].str.split("; ").explode().unique().sort().to_list()
    sources = ", ".join(short_id(part) for part in parts if part)
    lines = [
        f"Formula: {card.formula}.",
        f"After: {card.citation}.",
        f"Source: {card.inputs} [{sources or 'none'}].",
    ]
    basis = result.drop_nulls("value")["basis"].str.split("; ").list.first().unique().to_list()
    lines += [f"Cut: {cut}."] if cut else []
    lines += [f"Basis: {basis[0]}."] if len(basis) == 1 and basis[0] else []
    if lacking := _lacking(result):
        lines.append(f"No value: {_shortened(lacking)}.")
    if result.drop_nulls(["low", "high"]).height:
        lines.append("Broad strokes: the range in which the value lies.")
    return "\n".join(_wrapped(line) for line in lines)


def _divided(size: float, value: float, _: object) -> str:
    return f"{value / size:,g}"


def _lacking(result: pl.DataFrame) -> list[str]:
    """Why rows have no value: each reason once, with its years, and whose it is unless all's."""
    missing = result.filter(pl.col("value").is_null(), pl.col("reason") != "")
    found: dict[str, tuple[set[int], set[tuple[str, str]]]] = {}
    for of, partner, year, reason in missing.select("of", "with", "year", "reason").iter_rows():
        text = re.sub(rf"\b{year}\b", _YEARS, reason)
        years, lines = found.setdefault(text, (set(), set()))
        lines.add((of, partner))
        if year:
            years.add(year)
    everybody = result.select("of", "with").n_unique()
    return [
        _whose(text, lines, everybody) + text.replace(_YEARS, _spans(sorted(years)))
        for text, (years, lines) in sorted(found.items())
    ]


def _whose(text: str, lines: set[tuple[str, str]], everybody: int) -> str:
    """Who a reason is about, where it does not say so itself and not all are."""
    words = set(re.findall(r"\w+", text))
    if len(lines) == everybody or all(words & set(line) for line in lines):
        return ""
    return f"{', '.join(sorted(_name(*line, '') for line in lines))}: "


def _spans(years: Sequence[int]) -> str:
    """Years as spans: 1946–1970, 2021."""
    spans: list[list[int]] = []
    for year in years:
        if spans and year == spans[-1][1] + 1:
            spans[-1][1] = year
        else:
            spans.append([year, year])
    return ", ".join(f"{a}" if a == b else f"{a}–{b}" for a, b in spans)


def _shortened(reasons: Sequence[str]) -> str:
    more = len(reasons) - _MOST_REASONS
    return "; ".join(reasons[:_MOST_REASONS]) + (f"; and {more} more" if more > 0 else "")


def _wrapped(line: str, width: int = 125) -> str:
    import textwrap

    return "\n".join(textwrap.wrap(line, width))


def _saved(figure: Figure, kind: str) -> bytes:
    import matplotlib as mpl

    out = io.BytesIO()
    # neither a date nor random ids: the same data give the same file
    dateless: dict[str, Any] = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}, ".png": {}}
    with mpl.rc_context({"svg.hashsalt": "geoties", "svg.fonttype": "none", "pdf.fonttype": 42}):
        figure.savefig(out, format=kind[1:], bbox_inches="tight", dpi=200, metadata=dateless[kind])
    return out.getvalue()


def _page(svg: str, title: str) -> str:
    """The plot as one page that needs nothing else."""
    picture = svg[svg.index("<svg") :]
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width">\n'
        f"<title>{html.escape(title)}</title>\n"
        "<style>body{margin:2rem auto;max-width:60rem;padding:0 1rem}svg{width:100%;height:auto}"
        f"</style>\n{picture}\n</html>\n"
    )
