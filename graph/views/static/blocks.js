// Parts that every panel is made of: its head, source lines, lists that unfold, dated ties.

import { claimsOf, shownDate } from "./claims.js";
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
    const name = `${source.publisher || source.title}${source.version ? `, ${source.version}` : ""}`;
    return [i ? "; " : "", outwardLink(name, source.url)];
  });
  if (distinct.length <= FEW_SOURCES) return make("p", { class: "source" }, `${say("source")}: `, ...links);
  return make("details", { class: "source" }, make("summary", {}, `${say("sources")}: ${distinct.length}`), ...links);
}

/** A list that shows its first rows, and the rest on demand. @param {HTMLElement[]} items @param {number} [rows] */
export function foldedList(items, rows = ROWS) {
  const list = make("ul", { class: "sentences" }, ...items.slice(0, rows));
  if (items.length <= rows) return list;
  const more = button(say("showAll", { count: items.length }), () => {
    list.append(...items.slice(rows));
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
  if (origin) small.append(outwardLink(linkName(origin, reference), reference || origin.url));
  return make("li", {}, text, small);
}

/**
 * A source's name, and the site of the public page that it cites for this one fact.
 * @param {import("./types").Source} source @param {string} reference
 */
function linkName(source, reference) {
  const name = source.publisher || source.title;
  if (!/^https:\/\/[^\s]+$/.test(reference) || reference === source.url) return name;
  const host = reference.slice(8).split(/[/?#]/)[0].replace(/^www\./, "");
  return `${name} (${host})`;
}

/**
 * A sentence on a tie with who says so: one source, several, or some that disagree.
 * @param {Model} model @param {string} text @param {import("./claims.js").Claimed} claimed
 */
export function claimedSentence(model, text, claimed) {
  const { first, spells, others } = claimed;
  const pauses = first.pauses.map((pause) => ` ${say("suspendedFrom", pause)}`).join("");
  const told = pauses ? text.replace(/([.。]?)$/, (stop) => `${pauses}${stop}`) : text;
  const item = sentence(model, told, first.source, first.reference);
  const more = spells.slice(1);
  if (!others.length && more.length) {
    const links = more.flatMap((spell, i) => [i ? "; " : " ", claimLink(model, spell)]);
    item.append(make("span", { class: "mark" }, say("accordingTo", { count: spells.length })), make("span", { class: "source" }, ...links));
  }
  if (others.length) {
    const differing = others.flatMap((spell) => ["; ", claimLink(model, spell), ` ${spellText(spell)}`]).slice(1);
    item.append(make("span", { class: "mark disputed" }, say("disagree")), make("span", { class: "source" }, " ", claimLink(model, first), ` ${spellText(first)}; `, ...differing));
  }
  return item;
}

/** @param {Model} model @param {import("./claims.js").Spell} spell */
function claimLink(model, spell) {
  const source = model.data.sources[spell.source];
  return outwardLink(linkName(source, spell.reference), spell.reference || source.url);
}

/** @param {import("./claims.js").Spell} spell */
function spellText(spell) {
  const [start, end] = [shownDate(spell, "start"), shownDate(spell, "end")];
  return end ? `${start || "?"}–${end}` : say("sinceDate", { start: start || "?" });
}

/**
 * Why it is not known whether a tie holds on a day.
 * @param {import("./claims.js").Spell} spell
 */
export function whyUnknown(spell) {
  const [start, , end, , observed] = spell.dates;
  if (!start) return say("why.noStart");
  if (!end && observed) return say("why.unseen", { date: observed });
  const shown = end ? shownDate(spell, "end") : shownDate(spell, "start");
  return say("why.imprecise", { date: shown });
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
    const held = heldOn(model, kind, rows, day);
    if (!held.length) return null;
    const items = held.sort((a, b) => b.first.dates[0].localeCompare(a.first.dates[0])).map((claimed) => {
      const unsure = kind.temporality === "state" && claimed.first.answer === "unknown";
      const text = directSentence(model, kind, /** @type {import("./types").Direct} */ (claimed.first.row));
      return claimedSentence(model, unsure ? `${text} ${say("unsureOn", { day })} ${whyUnknown(claimed.first)}` : text, claimed);
    });
    return make("section", {}, make("h3", {}, heading(kind.labels)), foldedList(items));
  });
}

/**
 * What holds, or may hold, on a day; of events all up to the day.
 * @param {Model} model @param {Kind} kind @param {import("./types").Direct[]} rows @param {string} day
 */
function heldOn(model, kind, rows, day) {
  const event = kind.temporality === "event";
  const claims = claimsOf(rows, 5, (row) => row.slice(0, event ? 6 : 5).join(" "), day, (source) => model.data.sources[source].order);
  return claims.filter(({ first }) => (event ? first.dates[0] <= day : first.answer !== "no"));
}
