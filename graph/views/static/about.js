// How it is measured, and how to cite the page.

import { byId, make } from "./dom.js";
import { say, sayIf } from "./i18n.js";
import { nameWithin, scoreName, scoreNote } from "./sentences.js";

/** @typedef {import("./model.js").Model} Model */

/**
 * One entry per measure: what it says, its formula, where it is from, what speaks against it.
 * @param {Model} model
 */
export function showMethods(model) {
  const [first, second] = model.data.poles.map((pole) => nameWithin(model, pole));
  byId("methods").replaceChildren(...model.data.scores.map((score) => {
    const card = model.data.methods?.find((item) => item.id === score.id);
    const entry = make("li", {}, make("b", {}, scoreName(model, score.id)), make("br"), scoreNote(model, score.id, first, second));
    if (card) entry.append(cardNote(card));
    return entry;
  }));
}

/**
 * What a card says, in the reader's language where the page has it; else in English.
 * @param {import("./types").Method} card
 */
function cardNote(card) {
  const formula = sayIf(`method.${card.id}.formula`);
  if (formula === null) return make("div", { lang: "en" }, `${card.formula}. ${card.citation}. ${card.text} ${card.limits.join(" ")}`);
  return make("div", {}, make("p", {}, formula, ". ", make("span", { lang: "en" }, `${card.citation}.`)),
    make("p", {}, `${say(`method.${card.id}.text`)} ${say(`method.${card.id}.limits`)}`));
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
