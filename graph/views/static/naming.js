// Which names stand in the picture, in order of importance, and how they are drawn.

import { NARROW } from "./geometry.js";
import { labelIn } from "./i18n.js";
import { labelFont, placeLabels } from "./labels.js";

/** @typedef {import("./colour.js").Theme} Theme */
/** @typedef {import("./scene.js").Pen} Pen */
/** @typedef {import("./scene.js").Picture} Picture */

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
  const tied = new Set(picture.lines.flatMap(({ line }) => [line.from, line.to]));
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
      quiet: picture.state.layout === "pivot" && !strong && !tied.has(node),
    };
  });
  return placeLabels(items, widthOf, size, picture.frame);
}

/** @param {{width: number}} frame */
function labelSize(frame) {
  return frame.width < NARROW ? 11 : 12;
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
    pen.lineWidth = 4;
    pen.strokeText(label.text, label.x, label.y);
    pen.fillStyle = label.quiet || (near && !near.has(label.node)) ? theme.soft : theme.ink;
    pen.globalAlpha = near && !near.has(label.node) ? 0.75 : 1;
    pen.fillText(label.text, label.x, label.y);
  }
  pen.globalAlpha = 1;
}

/** @param {Picture} picture */
export function labelSizeOf(picture) {
  return labelSize(picture.frame);
}
