"""What readers take away from the page: pictures, tables, data, a link, a citation."""

from __future__ import annotations

import csv
import io
import json

from view_pages import Opened, download, in_module

from geoties.graph.frames import Frames
from geoties.graph.views import assets

pytest_plugins = ["view_pages"]


def test_downloads_of_the_picture(opened: Opened) -> None:
    page = opened()
    png = download(page, "png")
    assert png.startswith(b"\x89PNG")
    width = int.from_bytes(png[16:20], "big")
    assert width == 3 * page.evaluate("document.getElementById('graph').clientWidth")
    svg = download(page, "svg").decode()
    assert svg.startswith("<svg")
    for words in ("Peru", "China", "Latin America between", "CC-BY-4.0", "2026-02-01"):
        assert words in svg


def test_download_of_what_is_shown(opened: Opened) -> None:
    page = opened("#k=goods-trade&n=1")
    rows = list(csv.DictReader(io.StringIO(download(page, "csv").decode("utf-8-sig"))))
    chile = next(row for row in rows if row["from"] == "CHL")
    assert (chile["to"], chile["kind"], chile["year"]) == ("CHN", "goods-trade", "2023")
    assert float(chile["value_from_to"]) == 39 * 13 * 1e8
    assert (chile["unit"], chile["source"]) == ("USD", "flows-2022")


def test_downloads_of_the_data(opened: Opened, page_frames: Frames) -> None:
    import pyoxigraph as ox

    page = opened()
    data = json.loads(download(page, "json"))
    assert [node["id"] for node in data["nodes"]][:2] == ["CHN", "KOR"]
    triples = {str(quad.triple) for quad in ox.parse(download(page, "ttl"), ox.RdfFormat.TURTLE)}
    assert triples
    graph = triples_of(page_frames)
    ties = {triple for triple in triples if "/tie/" in triple.split(" ")[0]}
    assert ties
    assert ties <= graph, sorted(ties - graph)[:3]


def triples_of(frames: Frames) -> set[str]:
    from geoties.graph.triples import in_graph, write_ties

    out = io.BytesIO()
    for kind in frames.tie_kinds():
        write_ties(in_graph(frames.ties(kind)), out)
    return set(out.getvalue().decode().split(" .\n"))


def test_link_and_embed_code(opened: Opened) -> None:
    page = opened("#s=PER")
    page.evaluate("document.querySelectorAll('details.menu')[1].open = true")
    page.click("#copy-link")
    assert page.input_value("#copied") == page.url
    page.click("#copy-embed")
    code = page.input_value("#copied")
    assert code.startswith("<iframe src=")
    assert "sandbox=" in code


def test_the_citation_is_ready(opened: Opened) -> None:
    citation = opened().text_content("#citation") or ""
    assert "2026-02-01" in citation
    assert "Publisher of source/flows-2022" in citation


def test_cells_of_a_spreadsheet_are_never_formulas(opened: Opened) -> None:
    cells = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", 'a "b", c', "plain"]
    made = in_module(opened(), "downloads.js", "given.map(csvCell)", cells)
    read = next(csv.reader(io.StringIO(",".join(made))))
    assert all(cell.startswith("'") for cell in read[:6])
    assert read[6:] == ['a "b", c', "plain"]


def test_the_page_draws_a_curve_as_vis_network_does(opened: Opened) -> None:
    """The picture that is taken away is the picture that was seen."""
    page = opened()
    bends = [
        {"enabled": True, "type": "curvedCW", "roundness": 0.14},
        {"enabled": True, "type": "curvedCCW", "roundness": 0.4},
        {"enabled": True, "type": "cubicBezier", "forceDirection": "horizontal", "roundness": 0.45},
    ]
    found = page.evaluate(
        f"""(bends) => {{ {assets.script("geometry.js")}
        return bends.map(bend => {{
          const box = document.createElement('div');
          const [a, b] = [{{id: 1, x: -40, y: 70}}, {{id: 2, x: 120, y: -30}}];
          const line = {{id: 'e', from: 1, to: 2, smooth: bend}};
          const net = new vis.Network(box, {{nodes: [a, b], edges: [line]}},
            {{physics: {{enabled: false}}}});
          const edge = net.body.edges.e.edgeType;
          const drawn = [0.25, 0.5, 0.75].map(t => edge.getPoint(t));
          const own = [0.25, 0.5, 0.75].map(t => pointOn(curveOf(a, b, bend), t));
          return drawn.map((p, i) => Math.hypot(p.x - own[i].x, p.y - own[i].y));
        }}); }}""",
        bends,
    )
    assert max(max(row) for row in found) < 0.01
