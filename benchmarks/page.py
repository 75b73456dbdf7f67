"""How large the page is, how soon it answers, how fast it follows; and plain pyvis beside it.

The made-up cut has 60 states, 24 years and 8 kinds; the bare network 250 states, one year of one
kind and 2,000 lines drawn, without memberships, measures or anything else that fills the panel; the
world is that of the built graph. Needs Chromium and playwright. Targets: 1.5 MB, ready in 2 s and
150 ms per change for the cut; 4 MB, 4 s and 250 ms for the world; 1 s for the bare network. Ready
is from the start of the navigation until the picture is drawn and the page answers; each opening
is followed by twenty changes of each sort. The bare network is drawn by vis-network alone too, the
same dots and lines without anything that a page does around them: a ratio that no load changes.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.timing import Quantity
from geoties.graph.frames import Frames, write_frames
from geoties.graph.model import Coverage, Entity, Tables, tie_frame
from geoties.graph.views import assets
from geoties.graph.views.network import OPTIONS
from geoties.graph.views.page import page_of, render_page
from geoties.graph.views.payload import Options, make_payload
from geoties.ontology.kinds import kinds

YEARS = range(2000, 2024)
STATES = 60
BARE, HUBS, BARE_LINES = 250, 20, 2000
PATIENCE = 60  # seconds that plain pyvis is given to settle
YEARLY = ("goods-trade", "investment-stock", "arms-transfer", "project-finance", "vote-agreement")
STEADY = ("agreement-party", "membership", "alliance")
DENSITY = {"goods-trade": 0.9, "investment-stock": 0.35, "arms-transfer": 0.04}
DENSITY |= {"project-finance": 0.03, "vote-agreement": 1.0}
REGIONS = ("030", "419", "021")
EVERYWHERE = ("africa", "western-asia", "latin-america", "asia-pacific", "north-atlantic")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
]

PAINTED = """() => new Promise((done) => requestAnimationFrame(() => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => done(performance.now());
  channel.port2.postMessage(0);
}))"""

MEASURE = """async (what) => {
  const times = [], year = document.getElementById("year");
  const painted = () => new Promise((done) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done();
    channel.port2.postMessage(0);
  }));
  for (let i = 0; i < 20; i += 1) {
    const start = performance.now();
    if (what === "year") {
      year.value = String(Number(year.min) + i);
      year.dispatchEvent(new Event("input"));
    } else document.querySelectorAll("#kinds input")[i % 2].click();
    await painted();
    times.push(performance.now() - start);
  }
  return times;
}"""


def made_up(folder: Path) -> Frames:
    """Sixty states in three regions with five yearly and three steady kinds of tie."""
    random = np.random.default_rng(0)
    ids = [f"state/X{a}{b}" for a in "ABCDEF" for b in "ABCDEFGHIJ"][: STATES - 2]
    ids = ["state/CHN", *ids, "state/USA"]
    entities = [
        Entity(
            id, "state", {language: f"State {place}" for language in ("en", "es", "pt", "zh")},
            {"inRegion": [f"region/{REGIONS[place * 3 // STATES]}"],
             "latitude": float(place % 12 * 10 - 55), "longitude": float(place * 6 - 180)},
        )
        for place, id in enumerate(ids)
    ]  # fmt: skip
    entities += [Entity(f"region/{code}", "region", {"en": code}) for code in REGIONS]
    entities += [Entity(f"body/B{n}", "body", {"en": f"Body {n}"}) for n in range(20)]
    entities += [Entity(f"agreement/A{n}", "agreement", {"en": f"Pact {n}"}) for n in range(150)]
    entities.append(Entity("source/made-up", "source", {"en": "Made up"}))
    frames = [_yearly(kind, ids, random) for kind in YEARLY]
    frames += [_steady(kind, ids, random) for kind in STEADY]
    coverage = [Coverage("source/made-up", "goods-trade", "complete", from_year=2000, to_year=2023)]
    write_frames(folder, Tables.of(entities, pl.concat(frames), (), coverage))
    return Frames(folder)


def _yearly(kind: str, ids: list[str], random: np.random.Generator) -> pl.DataFrame:
    a, b, year = (grid.ravel() for grid in np.meshgrid(range(STATES), range(STATES), YEARS))
    kept = (a < b if not kinds()[kind].directed else a != b) & (
        random.random(a.size) < DENSITY[kind]
    )
    a, b, year = a[kept], b[kept], year[kept]
    percent = kinds()[kind].unit == "percent"
    value = random.uniform(20, 100, a.size).round(2) if percent else _money(random, a.size)
    names = np.array(ids)
    table = {"from": names[a], "to": names[b], "year": year.astype(np.int32), "value": value}
    return tie_frame(
        pl.DataFrame(table), kind=kind, unit=kinds()[kind].unit, source="source/made-up"
    )


def _money(random: np.random.Generator, count: int) -> Any:
    return (random.lognormal(11, 2.5, count).astype(np.int64) * 1000).astype(float)


def _steady(kind: str, ids: list[str], random: np.random.Generator) -> pl.DataFrame:
    goals = {"agreement-party": [f"agreement/A{n}" for n in range(150)],
             "membership": [f"body/B{n}" for n in range(20)]}.get(kind, ids)  # fmt: skip
    rows = [
        {
            "from": id,
            "to": goal,
            "start": f"{random.integers(1960, 2023)}-01-01",
            "record": f"{n}-{m}",
        }
        for n, id in enumerate(ids)
        for m, goal in enumerate(goals)
        if id != goal and random.random() < 0.15
    ]
    role = "member" if kind == "membership" else ""
    return tie_frame(pl.DataFrame(rows), kind=kind, role=role, start_precision="day",
                     observed_to="2026-01-01", source="source/made-up")  # fmt: skip


def bare(folder: Path) -> Frames:
    """Two hundred and fifty states that trade in one year, and nothing else."""
    random = np.random.default_rng(1)
    ids = ["state/CHN", "state/USA", *(f"state/X{n:03d}" for n in range(BARE - 2))]
    entities = [
        Entity(id, "state", {"en": f"State {place}"},
               {"inRegion": [f"region/{REGIONS[place * 3 // BARE]}"]})
        for place, id in enumerate(ids)
    ]  # fmt: skip
    entities += [Entity(f"region/{code}", "region", {"en": code}) for code in REGIONS]
    entities.append(Entity("source/made-up", "source", {"en": "Made up"}))
    # each of the others with ten of twenty hubs: no state has more than it may show of its own
    ends = np.array([(n, (n + step) % HUBS) for n in range(HUBS, BARE) for step in range(10)])
    names = np.array(ids)
    years = np.full(len(ends), 2023, np.int32)
    table = {"from": names[ends[:, 0]], "to": names[ends[:, 1]], "year": years}
    table["value"] = _money(random, len(ends))
    ties = tie_frame(pl.DataFrame(table), kind="goods-trade", unit="USD", source="source/made-up")
    coverage = [Coverage("source/made-up", "goods-trade", "complete", from_year=2023, to_year=2023)]
    write_frames(folder, Tables.of(entities, ties, (), coverage))
    return Frames(folder)


def plain_pyvis(payload: dict[str, Any], path: Path) -> None:
    """The same pairs as pyvis draws them by itself: one edge per pair, physics and all."""
    from pyvis.network import Network

    network = Network(directed=True, cdn_resources="in_line", height="800px")
    for number, node in enumerate(payload["nodes"]):
        network.add_node(number, label=node["labels"]["en"])
    part = payload["series"][0]
    for a, b in zip(part["pairs"][::2], part["pairs"][1::2], strict=True):
        network.add_edge(a, b)
    path.write_text(network.generate_html(notebook=False), encoding="utf-8")


def vis_alone(payload: dict[str, Any], path: Path) -> None:
    """The same dots and lines at the same places, drawn by vis-network and nothing else."""
    places = payload["layouts"]["pivot"]
    nodes = [
        {"id": number, "x": 1000 * places["x"][number], "y": 800 * places["y"][number], "size": 7}
        for number in range(len(payload["nodes"]))
    ]
    pairs = payload["series"][0]["pairs"]
    smooth = {"enabled": True, "type": "cubicBezier", "roundness": 0.45}
    edges = [
        {"from": a, "to": b, "smooth": smooth, "arrows": "to"}
        for a, b in list(zip(pairs[::2], pairs[1::2], strict=True))[:BARE_LINES]
    ]
    data, options = json.dumps({"nodes": nodes, "edges": edges}), json.dumps(OPTIONS)
    path.write_text(
        "<!doctype html><style>#graph { height: 800px }</style><div id='graph'></div>"
        f"<script>{assets.vis_network()}</script>"
        f"<script>new vis.Network(document.getElementById('graph'), {data}, {options})"
        ".once('afterDrawing', () => { document.documentElement.dataset.ready = '1'; });</script>",
        encoding="utf-8",
    )


def opened(browser: Any, path: Path, fragment: str = "") -> tuple[Any, float, float]:
    """A page that is drawn, the seconds that took since its navigation began, and those of them in
    which the page's thread had the processor: what it takes on a machine with nothing else to do.
    """
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    protocol = page.context.new_cdp_session(page)
    protocol.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(path.as_uri() + fragment)
    page.wait_for_selector('html[data-ready="1"]')
    wall = page.evaluate(PAINTED) / 1000
    metrics = protocol.send("Performance.getMetrics")["metrics"]
    busy = next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")
    return page, wall, busy


def measure(store: Path, repeat: int) -> list[Quantity]:
    """Sizes, and times of opening and of following; ends the part where there is no Chromium."""
    from playwright.sync_api import sync_playwright

    from geoties.knowledge import load

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        sys.exit("there is no Chromium on this machine.")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        frames = made_up(folder / "frames")
        cut = render_page(frames, size=0)
        alone = make_payload(bare(folder / "bare"), Options(size=0, kinds=("goods-trade",)))
        world = render_page(load(store).frames, regions=EVERYWHERE, size=0)
        path = folder / "page.html"
        found = [
            *_followed(browser, "60 states", cut, path, repeat, (1.5, 2, 150)),
            *_bare(browser, alone, path, repeat),
            *_followed(browser, "the whole world", world, path, repeat, (4, 4, 250)),
            *_plain(browser, make_payload(frames, Options(size=0)), path),
        ]
        browser.close()
    return found


def _followed(
    browser: Any, name: str, html: str, path: Path, repeat: int, limits: tuple[float, ...]
) -> list[Quantity]:
    """The size of a page, when it is ready, and how fast it follows."""
    path.write_text(html, encoding="utf-8")
    ready, busy = [], []
    changes: dict[str, list[float]] = {"year": [], "kind": []}
    for _ in range(repeat):
        page, wall, cpu = opened(browser, path)
        ready.append(wall)
        busy.append(cpu)
        for what, times in changes.items():
            times += page.evaluate(MEASURE, what)
        page.close()
    return [
        Quantity(f"page, {name}: size", "MB", [len(html.encode()) / 1e6], most=limits[0]),
        Quantity(f"page, {name}: ready, wall", "s", ready, most=limits[1]),
        Quantity(f"page, {name}: ready, CPU of its thread", "s", busy, most=limits[1]),
        *(Quantity(f"page, {name}: change of {what}, wall", "ms", times, most=limits[2])
          for what, times in changes.items()),
    ]  # fmt: skip


def _bare(browser: Any, payload: dict[str, Any], path: Path, repeat: int) -> list[Quantity]:
    """The network alone: all of its lines, as many as are drawn at most; beside vis-network's."""
    ready, busy, ratios = [], [], []
    plain = path.with_name("alone.html")
    path.write_text(page_of(payload), encoding="utf-8")
    vis_alone(payload, plain)
    for _ in range(repeat):
        page, wall, cpu = opened(browser, path, "#n=12&w=all")
        ready.append(wall)
        busy.append(cpu)
        page.click("#tab-table")
        drawn = page.locator("#table-body tr").count()
        page.close()
        page, _, least = opened(browser, plain)
        ratios.append(cpu / least)
        page.close()
    name = f"page, bare network of {BARE} states"
    return [
        Quantity(f"{name}: lines drawn", "", [float(drawn)], least=BARE_LINES),
        Quantity(f"{name}: ready, wall", "s", ready, most=1),
        Quantity(f"{name}: ready, CPU of its thread", "s", busy, most=1),
        Quantity(f"{name}: ready, CPU against vis-network alone", "×", ratios),
    ]


def _plain(browser: Any, payload: dict[str, Any], path: Path) -> list[Quantity]:
    """The plain pyvis page, opened without a network until it has settled, or has not."""
    from playwright.sync_api import TimeoutError as NotSettled

    plain_pyvis(payload, path)
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.route(
        "**/*",
        lambda route: route.continue_() if route.request.url.startswith("file") else route.abort(),
    )
    begun = time.perf_counter()
    page.goto(path.as_uri(), wait_until="commit")
    settled = "window.network && network.physics.stabilized"
    try:
        page.wait_for_function(settled, timeout=PATIENCE * 1000)
        name = "plain pyvis, one kind and year: settles after, wall"
    except NotSettled:
        name = "plain pyvis, one kind and year: has not settled after, wall"
    took = time.perf_counter() - begun
    page.close()
    size = Quantity("plain pyvis, one kind and year: size", "MB", [path.stat().st_size / 1e6])
    return [size, Quantity(name, "s", [took])]
