// How it is measured, and how to cite the page.

import { byId, make } from "./dom.js";
import { say, sayIf } from "./i18n.js";
import { nameWithin, scoreName, scoreNote } from "./sentences.js";

/** @typedef {import("./model.js").Model} Model */

/**
 * One entry per measure: what it says, its formula, where it is from, what speaks against it.
 * The words of a card are in English.
 * @param {Model} model
 */
export function showMethods(model) {
  const [first, second] = model.data.poles.map((pole) => nameWithin(model, pole));
  byId("methods").replaceChildren(...model.data.scores.map((score) => {
    const card = model.data.methods?.find((item) => item.id === score.id);
    const entry = make("li", {}, make("b", {}, scoreName(model, score.id)), make("br"), scoreNote(model, score.id, first, second));
    if (card) entry.append(make("div", { lang: "en" }, `${card.formula}. ${card.citation}. ${card.text} ${card.limits.join(" ")}`));
    return entry;
  }));
}

/**
 * The page as a reference, ready to copy.
 * @param {Model} model
 * @param {string} title
 */
export function citation(model, title) {
  const sources = [...new Set(model.data.sources.map((source) => source.publisher || source.title))];
  const version = model.data.version ? ` ${model.data.version}` : "";
  return say("cite.text", { version, title, date: model.data.date, sources: sources.join("; ") });
}

/** A note that more would be drawn than can be. @param {number} count @param {number} limit */
export function tooManyText(count, limit) {
  return count > limit ? sayIf("tooMany", { count, limit }) ?? "" : "";
}
