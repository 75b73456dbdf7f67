// From the layouts of the payload to pixels, and the curves of the lines. No drawing here.

/** @typedef {import("./types").Spot} Spot */
/** @typedef {{x: number, y: number}} Point */
/** @typedef {{width: number, height: number}} Frame */
/** @typedef {{start: Point, first: Point, second: Point, end: Point}} Curve */

export const NARROW = 560;
const GUTTER = 0.9;

/**
 * The room that headings and labels take around a layout.
 * @param {string} layout
 * @param {Frame} frame
 */
export function margins(layout, frame) {
  const narrow = frame.width < NARROW;
  if (layout === "map") return { left: 8, right: 8, top: 8, bottom: 8 };
  if (layout === "lean") return { left: 24, right: narrow ? 34 : 56, top: 46, bottom: 12 };
  const side = narrow ? 52 : 128;
  return { left: side, right: side, top: narrow ? 42 : 34, bottom: 10 };
}

/**
 * Where every state stands, in pixels from the middle of the picture.
 * @param {import("./model.js").Model} model
 * @param {import("./types").State} state
 * @param {Frame} frame
 * @returns {Spot[]}
 */
export function spotsOf(model, state, frame) {
  if (state.layout === "map") return mapSpots(model, frame);
  if (state.layout === "lean") return leanSpots(model, state, frame);
  const { x, y } = model.data.layouts.pivot;
  const place = placer("pivot", frame);
  return x.map((part, node) => ({ ...place(part, y[node]), known: true }));
}

/**
 * @param {string} layout
 * @param {Frame} frame
 * @returns {(x: number, y: number) => Point}
 */
export function placer(layout, frame) {
  const room = margins(layout, frame);
  const width = frame.width - room.left - room.right;
  const height = frame.height - room.top - room.bottom;
  return (x, y) => ({
    x: room.left + x * width - frame.width / 2,
    y: room.top + y * height - frame.height / 2,
  });
}

/** @param {import("./model.js").Model} model @param {Frame} frame @returns {Spot[]} */
function mapSpots(model, frame) {
  const { x, y } = model.data.layouts.map;
  const toPixels = mapPlacer(model, frame);
  return x.map((part, node) =>
    part === null ? { x: 0, y: 0, known: false } : { ...toPixels(part, y[node] ?? 0), known: true },
  );
}

/**
 * @param {import("./model.js").Model} model
 * @param {Frame} frame
 * @returns {(x: number, y: number) => Point} parts of the map's width to pixels
 */
export function mapPlacer(model, frame) {
  const [left, top, right, bottom] = model.data.layouts.map.view;
  const room = margins("map", frame);
  const width = Math.min(
    (frame.width - room.left - room.right) / (right - left),
    (frame.height - room.top - room.bottom) / (bottom - top),
  );
  return (x, y) => ({ x: (x - (left + right) / 2) * width, y: (y - (top + bottom) / 2) * width });
}

/**
 * @param {import("./model.js").Model} model
 * @param {import("./types").State} state
 * @param {Frame} frame
 * @returns {Spot[]}
 */
function leanSpots(model, state, frame) {
  const place = placer("lean", frame);
  const score = model.scores.get(state.colour);
  const years = model.data.layouts.lean[state.colour] ?? {};
  const given = years[String(state.year)]?.[0] ?? nearest(years, state.year);
  const heights = model.isWeighted() && score?.id === "balance" ? laneHeights(model, state, score) : given;
  return model.data.nodes.map((_, node) => {
    const value = model.score(state.colour, node, state.year);
    const y = heights[node] ?? 0.5;
    if (value === null || !score) return { ...place(1, y), known: true };
    return { ...place(leanPart((value - score.low) / (score.high - score.low)), y), known: true };
  });
}

const ROW = 1 / 34;
const LABEL = 0.062;

/**
 * Rows for the reader's own weights, by the rule of `graph.views.layouts`: under the lane's name,
 * near its middle, not on another's label.
 * @param {import("./model.js").Model} model
 * @param {import("./types").State} state
 * @param {import("./types").Score} score
 * @returns {number[]}
 */
function laneHeights(model, state, score) {
  const heights = new Array(model.size).fill(0.5);
  model.data.layouts.lanes.forEach(([top, bottom], lane) => {
    const count = Math.max(1, Math.round((bottom - top) / ROW) - 1);
    const first = top + ROW;
    /** @type {number[][]} */
    const taken = Array.from({ length: count }, () => []);
    const inside = model.data.nodes.flatMap((node, number) => (node.column === lane ? [number] : []));
    const parts = inside.map((node) => ({ node, value: model.score(score.id, node, state.year) }));
    const known = parts.filter((item) => item.value !== null).sort((a, b) => Number(a.value) - Number(b.value));
    for (const { node, value } of known) {
      const x = (Number(value) - score.low) / (score.high - score.low);
      const row = freeRow(taken, x);
      taken[row].push(x);
      heights[node] = first + (row + 0.5) * ROW;
    }
    const rest = parts.filter((item) => item.value === null);
    rest.forEach(({ node }, i) => {
      heights[node] = first + (Math.floor((i * count) / rest.length) + 0.5) * ROW;
    });
  });
  return heights;
}

/** @param {number[][]} taken @param {number} x @returns {number} */
function freeRow(taken, x) {
  const middle = (taken.length - 1) / 2;
  const rows = taken.map((_, row) => row).sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle) || a - b);
  /** @param {number} row */
  const room = (row) => Math.min(...taken[row].map((other) => Math.abs(x - other)), Infinity);
  return rows.find((row) => room(row) >= LABEL) ?? rows.reduce((a, b) => (room(b) > room(a) ? b : a));
}

/**
 * The scale takes the left nine tenths; what has no value stands at the right end.
 * @param {number} part
 */
export function leanPart(part) {
  return GUTTER * part;
}

/** @param {Record<string, number[][]>} years @param {number} year */
function nearest(years, year) {
  const known = Object.keys(years).map(Number);
  if (!known.length) return [];
  const close = known.reduce((a, b) => (Math.abs(b - year) < Math.abs(a - year) ? b : a));
  return years[String(close)][0];
}

/**
 * How vis-network is to bend the line between two states; `curveOf` draws the same.
 * @param {import("./model.js").Model} model
 * @param {string} layout
 * @param {Spot[]} spots
 * @param {number} from
 * @param {number} to
 */
export function bendOf(model, layout, spots, from, to) {
  const nodes = model.data.nodes;
  if (layout !== "pivot") return { enabled: true, type: "curvedCW", roundness: 0.14 };
  if (nodes[from].column !== nodes[to].column) {
    return { enabled: true, type: "cubicBezier", forceDirection: "horizontal", roundness: 0.45 };
  }
  const last = model.data.columns.length - 1;
  const bulgesRight = nodes[from].column < last || last === 0;
  const down = spots[to].y > spots[from].y;
  const tall = Math.abs(spots[to].y - spots[from].y) || 1;
  const roundness = Math.min(0.5, 70 / tall);
  return { enabled: true, type: bulgesRight === down ? "curvedCCW" : "curvedCW", roundness };
}

/**
 * The curve of a line as a cubic Bézier, bent as vis-network bends it.
 * @param {Point} from
 * @param {Point} to
 * @param {{type: string, roundness: number}} bend
 * @returns {Curve}
 */
export function curveOf(from, to, bend) {
  const dx = from.x - to.x;
  if (bend.type === "cubicBezier") {
    return {
      start: from,
      first: { x: from.x - bend.roundness * dx, y: from.y },
      second: { x: to.x + bend.roundness * dx, y: to.y },
      end: to,
    };
  }
  const dy = from.y - to.y;
  const turn = bend.type === "curvedCW" ? bend.roundness : -bend.roundness;
  const reach = (bend.roundness * 0.5 + 0.5) * Math.hypot(dx, dy);
  const angle = Math.atan2(dy, -dx) + (turn * 0.5 + 0.5) * Math.PI;
  const via = { x: from.x + reach * Math.sin(angle), y: from.y + reach * Math.cos(angle) };
  /** @param {Point} end */
  const towards = (end) => ({ x: end.x + (2 / 3) * (via.x - end.x), y: end.y + (2 / 3) * (via.y - end.y) });
  return { start: from, first: towards(from), second: towards(to), end: to };
}

/**
 * @param {Curve} curve
 * @param {number} t
 * @returns {Point}
 */
export function pointOn(curve, t) {
  const u = 1 - t;
  const weights = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
  const points = [curve.start, curve.first, curve.second, curve.end];
  return {
    x: points.reduce((sum, point, i) => sum + weights[i] * point.x, 0),
    y: points.reduce((sum, point, i) => sum + weights[i] * point.y, 0),
  };
}
