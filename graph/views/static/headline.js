// What the picture says in one sentence, counted from the data of the year and measure shown.
// `graph.views.headline` says the same for readers without scripts; a test holds them together.

import { heading, say } from "./i18n.js";
import { nameWithin } from "./sentences.js";

/** @typedef {import("./model.js").Model} Model */

const FEWEST = 3;
const BALANCE = "balance";
const TRADE = "trade";

/**
 * How many states of the middle column stand nearer to the first pole.
 * @param {Model} model
 * @param {string} measure
 * @param {number} year
 * @returns {{near: number, unknown: number, total: number}}
 */
export function countNear(model, measure, year) {
  const { nodes, middle, poles } = model.data;
  const score = model.scores.get(measure);
  const places = nodes.flatMap((node, number) => (node.column === middle && !poles.includes(number) ? [number] : []));
  const values = places.map((node) => model.score(measure, node, year));
  return {
    near: values.filter((value) => value !== null && score !== undefined && value < score.middle).length,
    unknown: values.filter((value) => value === null).length,
    total: places.length,
  };
}

/**
 * The sentence over the picture; empty where there is nothing to count.
 * @param {Model} model
 * @param {string} measure
 * @param {number} year
 * @returns {string}
 */
export function headline(model, measure, year) {
  const now = countNear(model, measure, year);
  if (now.total < FEWEST || now.unknown === now.total || !isSpoken(measure)) return "";
  const early = earliest(model, measure, year);
  const count = !now.near ? "none" : now.near === now.total ? "all" : "many";
  const sentence = say(`headline.${count}${subject(model)}`, {
    year, count: now.near, total: now.total,
    region: heading(model.data.columns[model.data.middle].labels),
    phrase: phraseOf(model, measure, now.near),
  });
  const unknown = now.unknown ? say("headline.unknown", { count: now.unknown }) : "";
  const trade = measure === BALANCE ? tradeToo(model, year) : "";
  return sentence + (trade ? say("headline.end") : before(model, measure, early)) + unknown + trade;
}

/** The first year that can be compared with a year. @param {Model} model @param {string} measure @param {number} year */
function earliest(model, measure, year) {
  const { unknown } = countNear(model, measure, year);
  return model.data.years.find((one) => one < year && isComparable(model, measure, one, year, unknown));
}

/** The balance changes its domains with the years; trade, the one that lasts, tells of change. @param {Model} model @param {number} year */
function tradeToo(model, year) {
  const now = countNear(model, TRADE, year);
  const early = earliest(model, TRADE, year);
  if (now.unknown || early === undefined) return "";
  return say("headline.tradeToo", { year, count: now.near, early, before: countNear(model, TRADE, early).near });
}

/** @param {string} measure */
function isSpoken(measure) {
  return say(`headline.${measure}`) !== `headline.${measure}`;
}

/** @param {Model} model @param {string} measure @param {number | undefined} early */
function before(model, measure, early) {
  if (early === undefined) return say("headline.end");
  const { near } = countNear(model, measure, early);
  return say(near ? "headline.before" : "headline.beforeNone", { early, count: near });
}

/**
 * Two years are compared only over the same states and the same domains.
 * @param {Model} model @param {string} measure @param {number} early @param {number} year @param {number} unknown
 */
function isComparable(model, measure, early, year, unknown) {
  if (countNear(model, measure, early).unknown !== unknown) return false;
  return measure !== BALANCE || model.domainsIn(early).join() === model.domainsIn(year).join();
}

/** Which countries are counted: all of a region, its largest, or a choice. @param {Model} model */
function subject(model) {
  const column = model.data.columns[model.data.middle];
  if (column.id === "focus") return ".shown";
  return column.group ? ".group" : column.whole ? "" : ".largest";
}

/**
 * The phrase of a measure, its verb for one or for several.
 * @param {Model} model @param {string} measure @param {number} count
 */
function phraseOf(model, measure, count) {
  const [first, second] = model.data.poles.map((pole) => nameWithin(model, pole));
  return say(`headline.${measure}`, { first, second }).replace(/\{([^{}|]*)\|([^{}]*)\}/g, (_, one, many) => (count < 2 ? one : many));
}
