// What the reader has chosen, and its spelling in the address: #y=2023&l=pivot&…

import { readWeights } from "./weights.js";

/** @typedef {import("./types").State} State */

export const MOST_SELECTED = 3;
export const MOST_LINES = 12;

/**
 * The state that the page opens with.
 * @param {import("./types").Payload} data
 * @returns {State}
 */
export function firstState(data) {
  const { options } = data;
  return {
    year: options.year,
    layout: options.layout,
    colour: options.colour ?? data.scores[0]?.id ?? "",
    kinds: [...options.kinds],
    strongest: 3,
    scope: "middle",
    selected: [],
    pair: null,
    tab: "graph",
    lang: options.lang,
    since: null,
    weights: {},
    theme: "",
  };
}

/**
 * @param {import("./model.js").Model} model
 * @param {State} state
 * @returns {string} without the leading #
 */
export function toHash(model, state) {
  const codes = (/** @type {number[]} */ nodes) => nodes.map((node) => model.data.nodes[node].id).join(",");
  const parts = [
    ["y", String(state.year)],
    ["l", state.layout],
    ["c", state.colour],
    ["k", state.kinds.join(",")],
    ["n", String(state.strongest)],
    ["w", state.scope],
    ["s", codes(state.selected)],
    ["p", state.pair ? codes(state.pair) : ""],
    ["t", state.tab === "graph" ? "" : state.tab],
    ["d", state.since === null ? "" : String(state.since)],
    ["g", state.lang],
    ["b", Object.entries(state.weights).map(([domain, weight]) => `${domain}:${weight}`).join(",")],
    ["m", state.theme],
  ];
  return parts.filter(([name, value]) => value || name === "k")
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replace(/%2C/g, ",").replace(/%3A/g, ":")}`)
    .join("&");
}

/**
 * Read a hash over a state; what makes no sense is passed over.
 * @param {import("./model.js").Model} model
 * @param {State} state
 * @param {string} hash with or without the leading #
 * @returns {State}
 */
export function fromHash(model, state, hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const next = { ...state };
  const { data } = model;
  const year = Number(given.get("y"));
  if (data.years.includes(year)) next.year = year;
  const since = Number(given.get("d"));
  next.since = data.years.includes(since) ? since : given.size ? null : state.since;
  next.layout = oneOf(given.get("l"), ["pivot", "lean", "map"], next.layout);
  next.colour = oneOf(given.get("c"), [...model.scores.keys()], next.colour);
  next.scope = /** @type {State["scope"]} */ (oneOf(given.get("w"), ["middle", "all"], next.scope));
  next.tab = given.get("t") === "table" ? "table" : "graph";
  if (given.size) next.weights = readWeights(model, given.get("b"));
  next.theme = /** @type {State["theme"]} */ (oneOf(given.get("m"), ["dark", "light"], ""));
  next.lang = oneOf(given.get("g"), Object.keys(data.strings), next.lang);
  const strongest = Number(given.get("n"));
  if (Number.isInteger(strongest) && strongest >= 1 && strongest <= MOST_LINES) next.strongest = strongest;
  const kinds = given.get("k");
  if (kinds !== null) next.kinds = kinds.split(",").filter((kind) => model.kinds.has(kind));
  if (given.size) next.selected = nodesOf(model, given.get("s")).slice(0, MOST_SELECTED);
  const pair = nodesOf(model, given.get("p"));
  next.pair = pair.length === 2 ? [pair[0], pair[1]] : null;
  return next;
}

/** @param {string | null} value @param {string[]} known @param {string} otherwise */
function oneOf(value, known, otherwise) {
  return value !== null && known.includes(value) ? value : otherwise;
}

/** @param {import("./model.js").Model} model @param {string | null} codes @returns {number[]} */
function nodesOf(model, codes) {
  const found = (codes ?? "").split(",").map((code) => model.nodeNumbers.get(code));
  return [...new Set(found)].filter((node) => node !== undefined);
}
