// Which lines are drawn: one per pair, its strongest tie showing, the strongest few per state.

/** @typedef {import("./types").Line} Line */

const WIDEST = 11;
const THINNEST = 0.8;
const FEW = 60;
const WIDE = 700;
let fineness = 1;

/**
 * Everything is drawn finer where there are many states or little room.
 * @param {number} states
 * @param {number} room in pixels across
 */
export function setFineness(states, room) {
  const crowd = Math.sqrt(FEW / Math.max(1, states));
  fineness = Math.min(1, crowd, Math.max(0.5, room / WIDE));
}

/**
 * Width in pixels of a strength: straight through zero, never thinner than a hair.
 * @param {import("./types").Scale} scale
 * @param {number} strength
 */
export function widthOf(scale, strength) {
  if (scale.basis === "flag") return 1.2;
  return Math.max(THINNEST, fineness * WIDEST * Math.min(1, normal(scale, strength)));
}

/**
 * @param {import("./types").Scale} scale
 * @param {number} strength
 */
function normal(scale, strength) {
  if (scale.basis === "flag") return 0.03;
  return Math.max(0, (strength - scale.low) / (scale.high - scale.low));
}

/**
 * All pairs that are tied in a year by one of the kinds, strongest first.
 * @param {import("./model.js").Model} model
 * @param {import("./types").State} state
 * @returns {Line[]}
 */
export function allLines(model, state) {
  const kinds = state.kinds.flatMap((id) => model.kinds.get(id) ?? []);
  const matrices = kinds.map((kind) => model.matrix(kind, state.year));
  const n = model.size;
  /** @type {{line: Line, rank: number}[]} */
  const found = [];
  for (let a = 0; a < n; a += 1) {
    for (let b = a + 1; b < n; b += 1) {
      let best = -1;
      let chosen = 0;
      for (let k = 0; k < kinds.length; k += 1) {
        const strength = Math.max(matrices[k][a * n + b], matrices[k][b * n + a]);
        if (strength <= 0) continue;
        const rank = normal(kinds[k].scale, strength);
        if (rank > best) [best, chosen] = [rank, k];
      }
      if (best >= 0) found.push({ line: lineOf(kinds[chosen], matrices[chosen], a, b, n), rank: best });
    }
  }
  found.sort((x, y) => y.rank - x.rank || x.line.from - y.line.from || x.line.to - y.line.to);
  return found.map((item) => item.line);
}

/**
 * @param {import("./types").Kind} kind
 * @param {Float32Array} matrix
 * @param {number} a
 * @param {number} b
 * @param {number} n
 * @returns {Line}
 */
function lineOf(kind, matrix, a, b, n) {
  const ab = matrix[a * n + b];
  const ba = matrix[b * n + a];
  const [from, to] = ab >= ba ? [a, b] : [b, a];
  const strength = Math.max(ab, ba);
  const mutual = kind.scale.basis === "percent" || kind.scale.basis === "count" || ab === ba;
  return { from, to, kind, strength, width: widthOf(kind.scale, strength), mutual };
}

/**
 * The lines to draw: of the strongest `strongest` of each state that may choose.
 * @param {Line[]} lines strongest first
 * @param {import("./types").State} state
 * @param {(node: number) => boolean} chooses
 * @returns {Line[]}
 */
export function strongestLines(lines, state, chooses) {
  /** @type {Map<number, number>} */
  const used = new Map();
  const result = [];
  for (const line of lines) {
    let wanted = false;
    for (const end of [line.from, line.to]) {
      const count = used.get(end) ?? 0;
      if (chooses(end) && count < state.strongest) {
        used.set(end, count + 1);
        wanted = true;
      }
    }
    if (wanted) result.push(line);
  }
  return result;
}
