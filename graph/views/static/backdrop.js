// What lies behind the lines: headings of columns, lanes and axis, or the land.

import { leanPart, mapPlacer, NARROW, placer } from "./geometry.js";
import { heading, labelIn, say } from "./i18n.js";
import { labelFont } from "./labels.js";

/** More columns than these leave no room for their names on one line. */
const ROOMY = 3;

/** @typedef {import("./colour.js").Theme} Theme */
/** @typedef {import("./scene.js").Pen} Pen */
/** @typedef {import("./scene.js").Picture} Picture */

/**
 * @param {Pen} pen
 * @param {import("./model.js").Model} model
 * @param {Picture} picture
 * @param {Theme} theme
 */
export function drawBackground(pen, model, picture, theme) {
  if (picture.state.layout === "map") drawMap(pen, model, picture, theme);
  else if (picture.state.layout === "lean") drawLanes(pen, model, picture, theme);
}

/**
 * The words of the layout, over the lines.
 * @param {Pen} pen
 * @param {import("./model.js").Model} model
 * @param {Picture} picture
 * @param {Theme} theme
 */
export function drawHeadings(pen, model, picture, theme) {
  if (picture.state.layout === "pivot") drawColumns(pen, model, picture, theme);
  else if (picture.state.layout === "lean") drawLaneNames(pen, model, picture, theme);
}

/**
 * Text that stays legible over a line.
 * @param {Pen} pen @param {string} text @param {number} x @param {number} y @param {Theme} theme
 */
function haloed(pen, text, x, y, theme) {
  pen.strokeStyle = theme.paper;
  pen.lineWidth = 4;
  pen.lineJoin = "round";
  pen.strokeText(text, x, y);
  pen.fillText(text, x, y);
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
    const lines = narrow || columns.length > ROOMY ? wrap(heading(column.labels), 14) : [heading(column.labels)];
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
function drawLanes(pen, model, picture, theme) {
  const { frame } = picture;
  const place = placer("lean", frame);
  model.data.layouts.lanes.forEach(([top, bottom], number) => {
    const a = place(0, top);
    const b = place(1, bottom);
    if (number % 2 === 0) {
      pen.fillStyle = theme.land;
      pen.globalAlpha = 0.45;
      pen.fillRect(-frame.width / 2, a.y, frame.width, b.y - a.y);
      pen.globalAlpha = 1;
    }
  });
  drawLeanAxis(pen, place, theme);
}

/** @param {Pen} pen @param {import("./model.js").Model} model @param {Picture} picture @param {Theme} theme */
function drawLaneNames(pen, model, picture, theme) {
  const { frame } = picture;
  const place = placer("lean", frame);
  const narrow = frame.width < NARROW;
  pen.textBaseline = "middle";
  pen.textAlign = "left";
  pen.fillStyle = theme.soft;
  pen.font = labelFont(narrow ? 10 : 12, true);
  const { nodes, poles } = model.data;
  model.data.layouts.lanes.forEach(([top], number) => {
    // A pole alone in its lane bears its own name.
    if (nodes.every((node, place) => node.column !== number || poles.includes(place))) return;
    haloed(pen, heading(model.data.columns[number].labels), -frame.width / 2 + 8, place(0, top).y + 10, theme);
  });
  drawEndNames(pen, model, place, theme, narrow);
}

/**
 * @param {Pen} pen
 * @param {(x: number, y: number) => {x: number, y: number}} place
 * @param {Theme} theme
 */
function drawLeanAxis(pen, place, theme) {
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
}

/**
 * The names of the two ends and of the middle, over the axis.
 * @param {Pen} pen
 * @param {import("./model.js").Model} model
 * @param {(x: number, y: number) => {x: number, y: number}} place
 * @param {Theme} theme
 * @param {boolean} narrow
 */
function drawEndNames(pen, model, place, theme, narrow) {
  const [first, second] = model.data.poles.map((pole) => labelIn(model.data.nodes[pole].labels));
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
  const { edge, land } = model.data.layouts.map;
  for (const [rings, colour] of /** @type {[number[][], string][]} */ ([[[edge], theme.sea], [land, theme.land]])) {
    pen.fillStyle = colour;
    for (const ring of rings) fillRing(pen, ring, place);
  }
}

/** @param {Pen} pen @param {number[]} ring @param {(x: number, y: number) => {x: number, y: number}} place */
function fillRing(pen, ring, place) {
  pen.beginPath();
  for (let i = 0; i < ring.length; i += 2) {
    const point = place(ring[i] / 1000, ring[i + 1] / 1000);
    if (i) pen.lineTo(point.x, point.y);
    else pen.moveTo(point.x, point.y);
  }
  pen.closePath();
  pen.fill();
}
