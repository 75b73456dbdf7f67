// Parts that every panel is made of: its head, source lines, lists that unfold, dated ties.

import { inForce } from "./dates.js";
import { button, make, outwardLink } from "./dom.js";
import { heading, say } from "./i18n.js";
import { directSentence } from "./sentences.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./types").State} State */
/** @typedef {import("./types").Kind} Kind */
/** @typedef {{select: (nodes: number[]) => void, pair: (a: number, b: number) => void, clear: () => void, since: (year: number | null) => void}} Actions */

const ROWS = 12;
const FEW_SOURCES = 3;

/** @param {string} title @param {Actions} actions */
export function panelHead(title, actions) {
  return make("div", { class: "panel-head" },
    make("h2", { id: "panel-title", tabindex: "-1" }, title),
    button("×", actions.clear, { "aria-label": say("close"), class: "close" }));
}

/** @param {Model} model @param {number[]} numbers */
export function sourceLine(model, numbers) {
  const distinct = [...new Set(numbers)].filter((number) => number >= 0);
  const links = distinct.flatMap((number, i) => {
    const source = model.data.sources[number];
    const name = `${source.publisher || source.title}${source.version ? ` (${source.version})` : ""}`;
    return [i ? "; " : "", outwardLink(name, source.url)];
  });
  if (distinct.length <= FEW_SOURCES) return make("p", { class: "source" }, `${say("source")}: `, ...links);
  return make("details", { class: "source" }, make("summary", {}, `${say("sources")}: ${distinct.length}`), ...links);
}

/** A list that shows its first rows, and the rest on demand. @param {HTMLElement[]} items */
export function foldedList(items) {
  const list = make("ul", { class: "sentences" }, ...items.slice(0, ROWS));
  if (items.length <= ROWS) return list;
  const more = button(say("showAll", { count: items.length }), () => {
    list.append(...items.slice(ROWS));
    more.remove();
  }, { class: "more" });
  return make("div", {}, list, more);
}

/**
 * One sentence with its source, and a reference where the row has one.
 * @param {Model} model @param {string} text @param {number} source @param {string} reference
 */
export function sentence(model, text, source, reference) {
  const origin = model.data.sources[source];
  const small = make("span", { class: "source" }, " ");
  if (origin) small.append(outwardLink(origin.publisher || origin.title, reference || origin.url));
  return make("li", {}, text, small);
}

/** @param {Model} model @param {State} state @returns {Kind[]} */
export function chosenKinds(model, state) {
  return state.kinds.flatMap((id) => model.kinds.get(id) ?? []);
}

/** @param {Model} model @param {State} state @param {number} node @param {number | null} other */
export function directBlocks(model, state, node, other) {
  const day = model.day(state.year);
  const kinds = other === null ? chosenKinds(model, state) : [...model.kinds.values()];
  return kinds.filter((kind) => kind.temporality !== "yearly" && !kind.shared).map((kind) => {
    const rows = (model.data.direct[kind.id] ?? []).filter((row) =>
      (row[0] === node || row[1] === node) && (other === null || row[0] === other || row[1] === other));
    const held = kind.temporality === "event"
      ? rows.filter((row) => row[5] <= day)
      : rows.filter((row) => inForce(day, row.slice(5, 10).map(String)) !== "no");
    if (!held.length) return null;
    const items = held.sort((a, b) => b[5].localeCompare(a[5])).map((row) => {
      const unsure = kind.temporality === "state" && inForce(day, row.slice(5, 10).map(String)) === "unknown";
      const text = directSentence(model, kind, row);
      return sentence(model, unsure ? `${text} ${say("unsureOn", { day })}` : text, row[10], row[11]);
    });
    return make("section", {}, make("h3", {}, heading(kind.labels)), foldedList(items));
  });
}
