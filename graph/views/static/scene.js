// The picture as data, and how it is drawn on a canvas or, for a download, as SVG.
// Places are pixels from the middle of the picture, as vis-network counts them.

import { lineColour, scoreColour } from "./colour.js";
import { bendOf, curveOf, NARROW, pointOn, spotsOf } from "./geometry.js";
import { strongestLines } from "./lines.js";

/** @typedef {import("./types").Line} Line */
/** @typedef {import("./colour.js").Theme} Theme */
/** @typedef {CanvasRenderingContext2D | import("./svg.js").SvgContext} Pen */
/** @typedef {{line: Line, bend: {enabled: boolean, type: string, roundness: number}}} Drawn */

/**
 * @typedef {object} Picture
 * @property {{width: number, height: number}} frame
 * @property {import("./types").State} state
 * @property {import("./types").Spot[]} spots
 * @property {number[]} radii
 * @property {(string | null)[]} fills null: not known
 * @property {Drawn[]} lines those that are drawn, thinnest first
 * @property {number} chosen number of lines that ought to be drawn
 * @property {number} tied number of pairs tied in the year
 */

const SMALLEST_DOT = 6.5;
const LARGEST_DOT = 20;
const CROWD = 100;
/** Where places speak, the lines step back. */
const LINE_ALPHA = /** @type {Record<string, number>} */ ({ pivot: 0.5, lean: 0.3, map: 0.42 });
export const LINE_LIMIT = 2000;

/**
 * @param {import("./model.js").Model} model
 * @param {import("./types").State} state
 * @param {{width: number, height: number}} frame
 * @returns {Picture}
 */
export function pictureOf(model, state, frame) {
  const spots = spotsOf(model, state, frame);
  const strongest = strongestLines(model, state, chooser(model, state));
  const chosen = strongest.lines.filter((line) => spots[line.from].known && spots[line.to].known);
  const lines = chosen
    .slice(0, LINE_LIMIT)
    .map((line) => ({ line, bend: bendOf(model, state.layout, spots, line.from, line.to) }))
    .reverse();
  const score = model.scores.get(state.colour);
  const fills = spots.map((_, node) => scoreColour(score, model.score(state.colour, node, state.year)));
  return { frame, state, spots, radii: radiiOf(model, state.year, frame, state.layout), fills, lines, chosen: chosen.length, tied: strongest.tied };
}

/**
 * Who may keep its strongest lines: the states of the middle column, or all; always the selected.
 * @param {import("./model.js").Model} model
 * @param {import("./types").State} state
 * @returns {(node: number) => boolean}
 */
export function chooser(model, state) {
  const selected = new Set(state.selected);
  const all = state.scope === "all";
  return (node) => all || selected.has(node) || model.data.nodes[node].column === model.data.middle;
}

/**
 * The area of a dot is the state's GDP; one without a figure for the year takes the nearest.
 * @param {import("./model.js").Model} model
 * @param {number} year
 * @param {{width: number}} frame
 * @param {string} layout
 */
export function radiiOf(model, year, frame, layout) {
  const years = Object.keys(model.data.indicators.gdp?.values ?? {}).map(Number);
  const near = years.reduce((a, b) => (Math.abs(b - year) < Math.abs(a - year) ? b : a), years[0] ?? year);
  const values = model.data.nodes.map((_, node) => model.indicator("gdp", node, near) ?? 0);
  const largest = Math.max(...values, 1);
  const shrink = (frame.width < NARROW ? 0.72 : 1) * (model.size > CROWD ? 0.7 : 1) * (layout === "map" ? 0.8 : 1);
  return values.map((value) => shrink * Math.max(SMALLEST_DOT, LARGEST_DOT * Math.sqrt(value / largest)));
}

/** How opaque lines are. @param {Picture} picture */
export function lineAlpha(picture) {
  return LINE_ALPHA[picture.state.layout] ?? 0.5;
}

/**
 * @param {Pen} pen
 * @param {Picture} picture
 * @param {Theme} theme
 * @param {(line: Line) => boolean} [wanted]
 * @param {number} [alpha]
 */
export function drawLines(pen, picture, theme, wanted = () => true, alpha = lineAlpha(picture)) {
  pen.lineCap = "butt";
  for (const { line, bend } of picture.lines) {
    if (!wanted(line)) continue;
    const curve = curveOf(picture.spots[line.from], picture.spots[line.to], bend);
    const colour = lineColour(line.kind.colour, theme);
    pen.globalAlpha = alpha;
    pen.strokeStyle = colour;
    pen.fillStyle = colour;
    pen.lineWidth = line.width;
    const end = line.mutual ? curve.end : drawArrow(pen, curve, line.width, picture.radii[line.to]);
    pen.beginPath();
    pen.moveTo(curve.start.x, curve.start.y);
    pen.bezierCurveTo(curve.first.x, curve.first.y, curve.second.x, curve.second.y, end.x, end.y);
    pen.stroke();
  }
  pen.globalAlpha = 1;
}

/**
 * The head of an arrow where the curve meets the dot; returns where its shaft ends.
 * @param {Pen} pen
 * @param {import("./geometry.js").Curve} curve
 * @param {number} width
 * @param {number} radius of the dot
 */
function drawArrow(pen, curve, width, radius) {
  let t = 1;
  while (t > 0.5 && distance(pointOn(curve, t), curve.end) < radius + 1) t -= 0.005;
  const tip = pointOn(curve, t);
  const size = arrowSize(width);
  while (t > 0.3 && distance(pointOn(curve, t), tip) < size) t -= 0.005;
  const base = pointOn(curve, t);
  const angle = Math.atan2(tip.y - base.y, tip.x - base.x);
  const half = size * 0.45;
  pen.beginPath();
  pen.moveTo(tip.x, tip.y);
  pen.lineTo(base.x - half * Math.sin(angle), base.y + half * Math.cos(angle));
  pen.lineTo(base.x + half * Math.sin(angle), base.y - half * Math.cos(angle));
  pen.closePath();
  pen.fill();
  return base;
}

/** Length of an arrow's head. @param {number} width of the line */
export function arrowSize(width) {
  return 4 + width;
}

/** @param {{x: number, y: number}} a @param {{x: number, y: number}} b */
function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/**
 * @param {Pen} pen
 * @param {Picture} picture
 * @param {Theme} theme
 * @param {(node: number) => boolean} [wanted]
 */
export function drawDots(pen, picture, theme, wanted = () => true) {
  picture.spots.forEach((spot, node) => {
    if (!spot.known || !wanted(node)) return;
    pen.beginPath();
    pen.arc(spot.x, spot.y, picture.radii[node], 0, 2 * Math.PI);
    pen.fillStyle = picture.fills[node] ?? theme.paper;
    pen.fill();
    pen.strokeStyle = picture.fills[node] ? theme.outline : theme.unknown;
    pen.lineWidth = 1;
    pen.stroke();
  });
  drawHatches(pen, picture, theme, wanted);
}

/**
 * Strokes across every dot whose colour is not known, and a ring around the selected.
 * @param {Pen} pen
 * @param {Picture} picture
 * @param {Theme} theme
 * @param {(node: number) => boolean} [wanted]
 */
export function drawHatches(pen, picture, theme, wanted = () => true) {
  pen.strokeStyle = theme.unknown;
  pen.lineWidth = 1;
  picture.spots.forEach((spot, node) => {
    if (!spot.known || picture.fills[node] || !wanted(node)) return;
    hatch(pen, spot.x, spot.y, picture.radii[node]);
  });
  for (const node of picture.state.selected) {
    const spot = picture.spots[node];
    if (!spot.known || !wanted(node)) continue;
    pen.beginPath();
    pen.arc(spot.x, spot.y, picture.radii[node] + 3, 0, 2 * Math.PI);
    pen.strokeStyle = theme.ink;
    pen.lineWidth = 2;
    pen.stroke();
  }
}

/** @param {Pen} pen @param {number} x @param {number} y @param {number} r */
function hatch(pen, x, y, r) {
  for (let d = -r + 1.2; d < r; d += 2.6) {
    const half = Math.sqrt(r * r - d * d);
    const [ux, uy] = [Math.SQRT1_2, Math.SQRT1_2];
    pen.beginPath();
    pen.moveTo(x + d * ux - half * uy, y - d * uy - half * ux);
    pen.lineTo(x + d * ux + half * uy, y - d * uy + half * ux);
    pen.stroke();
  }
}
