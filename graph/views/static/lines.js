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

/** @typedef {{a: number, b: number, kind: number, rank: number}} Ranked a pair, the kind that ties it most, and how much */

/**
 * The lines to draw, strongest first: of each state that may choose, its strongest few; and how
 * many pairs are tied in the year by one of the kinds.
 * @param {import("./model.js").Model} model
 * @param {import("./types").State} state
 * @param {(node: number) => boolean} chooses
 * @returns {{lines: Line[], tied: number}}
 */
export function strongestLines(model, state, chooses) {
  const kinds = state.kinds.flatMap((id) => model.kinds.get(id) ?? []);
  const matrices = kinds.map((kind) => model.matrix(kind, state.year));
  const n = model.size;
  /** @type {(Ranked[] | null)[]} */
  const best = Array.from({ length: n }, (_, node) => (chooses(node) ? [] : null));
  /** @type {Ranked | null} the pair that is looked at is there even where it is not strong */
  let looked = null;
  let tied = 0;
  for (let a = 0; a < n; a += 1) {
    for (let b = a + 1; b < n; b += 1) {
      const { rank, kind } = strongestTie(kinds, matrices, a * n + b, b * n + a);
      if (rank < 0) continue;
      tied += 1;
      if (state.pair?.includes(a) && state.pair.includes(b)) looked = { a, b, kind, rank };
      keep(best[a], a, b, kind, rank, state.strongest);
      keep(best[b], a, b, kind, rank, state.strongest);
    }
  }
  const wanted = new Map([...best.flatMap((list) => list ?? []), ...(looked ? [looked] : [])].map((one) => [one.a * n + one.b, one]));
  const ranked = [...wanted.values()].sort((x, y) => y.rank - x.rank || x.a - y.a || x.b - y.b);
  return { lines: ranked.map(({ a, b, kind }) => lineOf(kinds[kind], matrices[kind], a, b, n)), tied };
}

const found = { rank: -1, kind: 0 };

/**
 * Which kind ties a pair most; a rank below zero where none does. Called for every pair of the
 * world at every change, so that it makes no object.
 * @param {import("./types").Kind[]} kinds @param {Float32Array[]} matrices
 * @param {number} forth @param {number} back places of the pair in a matrix
 */
function strongestTie(kinds, matrices, forth, back) {
  found.rank = -1;
  for (let k = 0; k < kinds.length; k += 1) {
    const strength = Math.max(matrices[k][forth], matrices[k][back]);
    if (strength <= 0) continue;
    const rank = normal(kinds[k].scale, strength);
    if (rank > found.rank) [found.rank, found.kind] = [rank, k];
  }
  return found;
}

/**
 * Keep a pair among the strongest of one of its states if it is one of them.
 * @param {Ranked[] | null} list strongest first @param {number} a @param {number} b
 * @param {number} kind @param {number} rank @param {number} most
 */
function keep(list, a, b, kind, rank, most) {
  if (!list || (list.length === most && rank <= list[most - 1].rank)) return;
  let at = list.length;
  while (at > 0 && list[at - 1].rank < rank) at -= 1;
  list.splice(at, 0, { a, b, kind, rank });
  if (list.length > most) list.pop();
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
