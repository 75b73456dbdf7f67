// The picture as data, and how it is drawn on a canvas or, for a download, as SVG.
// Places are pixels from the middle of the picture, as vis-network counts them.

import { lineColour, scoreColour } from "./colour.js";
import { bendOf, curveOf, leanPart, mapPlacer, margins, NARROW, placer, pointOn, spotsOf } from "./geometry.js";
import { heading, labelIn, say } from "./i18n.js";
import { labelFont, placeLabels } from "./labels.js";
import { allLines, setFineness, strongestLines } from "./lines.js";

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

const SMALLEST_DOT = 5;
const LARGEST_DOT = 18;
const CROWD = 100;
const LINE_ALPHA = 0.55;
export const LINE_LIMIT = 2000;

/**
 * @param {import("./model.js").Model} model
 * @param {import("./types").State} state
 * @param {{width: number, height: number}} frame
 * @returns {Picture}
 */
export function pictureOf(model, state, frame) {
  const spots = spotsOf(model, state, frame);
  setFineness(model.size, frame.width);
  const all = allLines(model, state);
  const chosen = withPair(all, strongestLines(all, state, chooser(model, state)), state.pair)
    .filter((line) => spots[line.from].known && spots[line.to].known);
  const lines = chosen
    .slice(0, LINE_LIMIT)
    .map((line) => ({ line, bend: bendOf(model, state.layout, spots, line.from, line.to) }))
    .reverse();
  const score = model.scores.get(state.colour);
  const fills = spots.map((_, node) => scoreColour(score, model.score(state.colour, node, state.year)));
  return { frame, state, spots, radii: radiiOf(model, state.year, frame), fills, lines, chosen: chosen.length, tied: all.length };
}

/**
 * The line of the pair that is looked at is there even where it is not among the strongest.
 * @param {Line[]} all
 * @param {Line[]} chosen
 * @param {[number, number] | null} pair
 */
function withPair(all, chosen, pair) {
  /** @param {Line} line */
  const wanted = (line) => pair !== null && pair.includes(line.from) && pair.includes(line.to);
  const own = all.find(wanted);
  return !own || chosen.some(wanted) ? chosen : [...chosen, own];
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
 */
export function radiiOf(model, year, frame) {
  const years = Object.keys(model.data.indicators.gdp?.values ?? {}).map(Number);
  const near = years.reduce((a, b) => (Math.abs(b - year) < Math.abs(a - year) ? b : a), years[0] ?? year);
  const values = model.data.nodes.map((_, node) => model.indicator("gdp", node, near) ?? 0);
  const largest = Math.max(...values, 1);
  const shrink = (frame.width < NARROW ? 0.72 : 1) * (model.size > CROWD ? 0.7 : 1);
  return values.map((value) => shrink * Math.max(SMALLEST_DOT, LARGEST_DOT * Math.sqrt(value / largest)));
}

/**
 * @param {Pen} pen
 * @param {import("./model.js").Model} model
 * @param {Picture} picture
 * @param {Theme} theme
 */
export function drawBackground(pen, model, picture, theme) {
  if (picture.state.layout === "map") drawMap(pen, model, picture, theme);
  else if (picture.state.layout === "lean") drawLean(pen, model, picture, theme);
  else drawColumns(pen, model, picture, theme);
}

/** @param {Pen} pen @param {import("./model.js").Model} model @param {Picture} picture @param {Theme} theme */
function drawColumns(pen, model, picture, theme) {
  const { frame } = picture;
  const columns = model.data.columns;
  const place = placer("pivot", frame);
  const narrow = frame.width < NARROW;
  pen.fillStyle = theme.soft;
  pen.textBaseline = "middle";
  columns.forEach((column, number) => {
    const part = columns.length > 1 ? number / (columns.length - 1) : 0.5;
    const side = number === 0 ? "left" : number === columns.length - 1 ? "right" : "center";
    pen.font = labelFont(narrow ? 11 : 13, true);
    pen.textAlign = columns.length === 1 ? "center" : /** @type {CanvasTextAlign} */ (side);
    const edge = frame.width / 2 - 10;
    const x = pen.textAlign === "left" ? -edge : pen.textAlign === "right" ? edge : place(part, 0).x;
    const lines = narrow ? wrap(heading(column.labels), 14) : [heading(column.labels)];
    lines.forEach((text, row) => pen.fillText(text, x, -frame.height / 2 + 14 + row * 13));
  });
}

/**
 * Words on lines of about `width` letters.
 * @param {string} text
 * @param {number} width
 */
function wrap(text, width) {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** @param {Pen} pen @param {import("./model.js").Model} model @param {Picture} picture @param {Theme} theme */
function drawLean(pen, model, picture, theme) {
  const { frame } = picture;
  const place = placer("lean", frame);
  const narrow = frame.width < NARROW;
  pen.textBaseline = "middle";
  model.data.layouts.lanes.forEach(([top, bottom], number) => {
    const a = place(0, top);
    const b = place(1, bottom);
    if (number % 2 === 0) {
      pen.fillStyle = theme.land;
      pen.globalAlpha = 0.45;
      pen.fillRect(-frame.width / 2, a.y, frame.width, b.y - a.y);
      pen.globalAlpha = 1;
    }
    pen.fillStyle = theme.soft;
    pen.font = labelFont(narrow ? 10 : 12, true);
    pen.textAlign = "left";
    pen.fillText(heading(model.data.columns[number].labels), -frame.width / 2 + 8, a.y + 10);
  });
  drawLeanAxis(pen, model, place, theme, narrow);
}

/**
 * @param {Pen} pen
 * @param {import("./model.js").Model} model
 * @param {(x: number, y: number) => {x: number, y: number}} place
 * @param {Theme} theme
 * @param {boolean} narrow
 */
function drawLeanAxis(pen, model, place, theme, narrow) {
  const [first, second] = model.data.poles.map((pole) => labelIn(model.data.nodes[pole].labels));
  pen.strokeStyle = theme.rule;
  pen.lineWidth = 1;
  pen.setLineDash([2, 4]);
  for (const part of [0, 0.25, 0.5, 0.75, 1]) {
    const top = place(leanPart(part), 0);
    pen.beginPath();
    pen.moveTo(top.x, top.y - 8);
    pen.lineTo(top.x, place(0, 1).y);
    pen.stroke();
  }
  pen.setLineDash([]);
  pen.fillStyle = theme.ink;
  pen.font = labelFont(narrow ? 10 : 12, true);
  const y = place(0, 0).y - 20;
  for (const [part, text, align] of /** @type {const} */ ([
    [0, `← ${first}`, "left"],
    [0.5, say("balanced"), "center"],
    [1, `${second} →`, "right"],
  ])) {
    pen.textAlign = align;
    pen.fillText(text, place(leanPart(part), 0).x, y);
  }
  pen.textAlign = "right";
  pen.fillStyle = theme.soft;
  pen.fillText(say("noData"), place(1, 0).x + (narrow ? 30 : 48), y);
}

/** @param {Pen} pen @param {import("./model.js").Model} model @param {Picture} picture @param {Theme} theme */
function drawMap(pen, model, picture, theme) {
  const place = mapPlacer(model, picture.frame);
  pen.fillStyle = theme.land;
  for (const ring of model.data.layouts.map.land) {
    pen.beginPath();
    for (let i = 0; i < ring.length; i += 2) {
      const point = place(ring[i] / 1000, ring[i + 1] / 1000);
      if (i) pen.lineTo(point.x, point.y);
      else pen.moveTo(point.x, point.y);
    }
    pen.closePath();
    pen.fill();
  }
}

/**
 * @param {Pen} pen
 * @param {Picture} picture
 * @param {Theme} theme
 * @param {(line: Line) => boolean} [wanted]
 * @param {number} [alpha]
 */
export function drawLines(pen, picture, theme, wanted = () => true, alpha = LINE_ALPHA) {
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

/**
 * Names for the picture as it is seen: `scale` times as large, the middle at `middle`.
 * @param {import("./model.js").Model} model
 * @param {Picture} picture
 * @param {(text: string, font: string) => number} widthOf
 * @param {{scale: number, middle: {x: number, y: number}}} view
 * @param {Set<number> | null} [near] those that come first
 */
export function labelsOf(model, picture, widthOf, view, near = null) {
  const order = importance(model, picture, near).filter((node) => picture.spots[node].known);
  const size = labelSize(picture.frame);
  const items = order.map((node) => {
    const { id, labels } = model.data.nodes[node];
    const strong = picture.state.selected.includes(node) || model.data.poles.includes(node);
    return {
      node,
      text: labelIn(labels),
      code: id,
      x: view.middle.x + picture.spots[node].x * view.scale,
      y: view.middle.y + picture.spots[node].y * view.scale,
      radius: picture.radii[node] * view.scale,
      sides: sidesOf(model, picture.state.layout, node),
      strong,
    };
  });
  return placeLabels(items, widthOf, size, picture.frame);
}

/** @param {{width: number}} frame */
function labelSize(frame) {
  return frame.width < NARROW ? 10 : 12;
}

/** @param {import("./model.js").Model} model @param {string} layout @param {number} node */
function sidesOf(model, layout, node) {
  const { column } = model.data.nodes[node];
  if (layout !== "pivot") return ["right", "left", "above", "below"];
  if (column === 0) return ["left"];
  return column === model.data.columns.length - 1 ? ["right"] : ["right", "left"];
}

/**
 * Selected states first, then poles, the middle column, and by size.
 * @param {import("./model.js").Model} model
 * @param {Picture} picture
 * @param {Set<number> | null} near
 */
function importance(model, picture, near) {
  const { nodes, poles, middle } = model.data;
  /** @param {number} node */
  const weight = (node) =>
    (picture.state.selected.includes(node) ? 2000 : 0) +
    (near?.has(node) ? 1000 : 0) +
    (poles.includes(node) ? 500 : 0) +
    (nodes[node].column === middle ? 100 : 0) +
    picture.radii[node];
  return nodes.map((_, node) => node).sort((a, b) => weight(b) - weight(a) || a - b);
}

/**
 * @param {Pen} pen with pixels of the screen as its unit
 * @param {ReturnType<typeof labelsOf>} labels
 * @param {Theme} theme
 * @param {number} size
 * @param {Set<number> | null} [near] those that are not faint
 */
export function drawLabels(pen, labels, theme, size, near = null) {
  pen.textBaseline = "middle";
  pen.lineJoin = "round";
  for (const label of labels) {
    pen.font = labelFont(size, label.strong);
    pen.textAlign = label.align;
    pen.strokeStyle = theme.paper;
    pen.lineWidth = 3;
    pen.strokeText(label.text, label.x, label.y);
    pen.fillStyle = near && !near.has(label.node) ? theme.soft : theme.ink;
    pen.globalAlpha = near && !near.has(label.node) ? 0.75 : 1;
    pen.fillText(label.text, label.x, label.y);
  }
  pen.globalAlpha = 1;
}

/** @param {Picture} picture */
export function labelSizeOf(picture) {
  return labelSize(picture.frame);
}

/** The room around the plotted area, for placing other things. @param {Picture} picture */
export function roomOf(picture) {
  return margins(picture.state.layout, picture.frame);
}
