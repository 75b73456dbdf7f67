// How much each domain counts in the balance: set by the reader, kept in the address.

import { byId, button, make } from "./dom.js";
import { listed, say, showNumber } from "./i18n.js";
import { scoreName } from "./sentences.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./types").State} State */

export const MOST_WEIGHT = 3;
const STEP = 0.5;

/**
 * One slider per domain, open to those who colour by the balance.
 * @param {Model} model
 * @param {State} state
 * @param {(weights: Record<string, number>) => void} change
 */
export function showWeights(model, state, change) {
  const box = /** @type {HTMLDetailsElement} */ (byId("weights"));
  const domains = [...model.scores.values()].filter((score) => score.domain);
  box.hidden = state.colour !== "balance" || domains.length < 2;
  if (box.hidden) return;
  const focused = document.activeElement?.id;
  const rows = domains.map((domain) => weightRow(model, state, domain.id, change));
  const equal = button(say("weights.equal"), () => change({}), { id: "weights-equal" });
  byId("weight-rows").replaceChildren(...rows, equal);
  if (focused?.startsWith("weight")) document.getElementById(focused)?.focus();
}

/** @param {Model} model @param {State} state @param {string} domain @param {(weights: Record<string, number>) => void} change */
function weightRow(model, state, domain, change) {
  const weight = state.weights[domain] ?? 1;
  const id = `weight-${domain}`;
  const slider = make("input", { type: "range", id, min: 0, max: MOST_WEIGHT, step: STEP, value: weight });
  slider.addEventListener("input", () => change(withWeight(state.weights, domain, Number(slider.value))));
  return make("div", { class: "weight" },
    make("label", { for: id }, scoreName(model, domain)), slider, make("output", { for: id }, showNumber(weight)));
}

/** @param {Record<string, number>} weights @param {string} domain @param {number} weight */
function withWeight(weights, domain, weight) {
  const rest = Object.entries(weights).filter(([name]) => name !== domain);
  return Object.fromEntries(weight === 1 ? rest : [...rest, [domain, weight]].sort());
}

/** The weights in words, where the reader has set any. @param {Model} model @param {State} state */
export function weightsNote(model, state) {
  const set = Object.entries(state.weights);
  if (state.colour !== "balance" || !set.length) return "";
  return say("weights.used", { list: listed(set.map(([domain, weight]) => `${scoreName(model, domain)} × ${showNumber(weight)}`)) });
}

/** @param {Model} model @param {string | null} text as in the address: trade:2,votes:0 */
export function readWeights(model, text) {
  /** @type {[string, number][]} */
  const found = [];
  for (const part of (text ?? "").split(",")) {
    const [domain, given] = part.split(":");
    const weight = Number(given);
    if (!model.scores.get(domain)?.domain || !given || !(weight >= 0 && weight <= MOST_WEIGHT)) continue;
    if (weight !== 1) found.push([domain, Math.round(weight / STEP) * STEP]);
  }
  return Object.fromEntries(found.sort());
}
