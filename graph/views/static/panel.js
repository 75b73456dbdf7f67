// The panel beside the picture: what is known about the selected states or the selected pair.

import {
  chosenKinds, claimedSentence, directBlocks, foldedList, panelHead, sourceLine, whyUnknown,
} from "./blocks.js";
import { poleColour } from "./colour.js";
import { changesBlock, compareChoice, comparePanel } from "./compare.js";
import { partyClaims } from "./parties.js";
import { button, byId, make, makeSvg } from "./dom.js";
import { heading, labelIn, say, sayIf, showAmount, showNumber, showStrength } from "./i18n.js";
import { pairPanel } from "./pair.js";
import { entityName, nameOf, nameWithin, partySentence, scoreName } from "./sentences.js";
import { sparkline } from "./spark.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./types").State} State */
/** @typedef {import("./types").Kind} Kind */
/** @typedef {import("./blocks.js").Actions} Actions */

const PARTNERS = 8;

/**
 * @param {Model} model
 * @param {State} state
 * @param {Actions} actions
 * @param {{lines: number, tied: number}} counts
 */
export function showPanel(model, state, actions, counts) {
  const panel = byId("panel-body");
  panel.replaceChildren();
  if (state.pair) panel.append(...pairPanel(model, state, actions));
  else if (state.selected.length === 1) panel.append(...statePanel(model, state, actions, state.selected[0]));
  else if (state.selected.length > 1) panel.append(...comparePanel(model, state, actions));
  else panel.append(...emptyPanel(model, state, actions, counts));
}

/** @param {Model} model @param {State} state @param {Actions} actions @param {{lines: number, tied: number}} counts */
function emptyPanel(model, state, actions, counts) {
  const [first, second] = model.data.poles.map((pole) => nameWithin(model, pole));
  return [
    make("h2", {}, say("panel.title")),
    make("p", {}, say("panel.read", { first, second })),
    make("p", {}, say("panel.hint")),
    counts.tied === 0 ? null : make("p", { class: "hint" }, say("panel.counts", { lines: showNumber(counts.lines), tied: showNumber(counts.tied), year: state.year })),
    ...missingNotes(model, state),
    ranking(model, state, actions),
  ].filter((part) => part !== null);
}

/** The middle column in the order of the measure that colours it. @param {Model} model @param {State} state @param {Actions} actions */
function ranking(model, state, actions) {
  const score = model.scores.get(state.colour);
  const { middle, columns, nodes } = model.data;
  if (!score) return null;
  const places = nodes.flatMap((node, number) => (node.column === middle ? [{ number, value: model.score(score.id, number, state.year) }] : []));
  places.sort((a, b) => (a.value ?? Infinity) - (b.value ?? Infinity) || a.number - b.number);
  const rows = places.map(({ number, value }) => make("tr", {},
    make("th", { scope: "row" }, button(nameOf(model, number), () => actions.select([number]), { class: "link" })),
    make("td", {}, value === null ? say("unknown") : showNumber(value, 2)),
    make("td", {}, value === null ? null : marker(score, value))));
  const [first, second] = model.data.poles.map((pole) => nameWithin(model, pole));
  return make("section", {},
    make("h3", {}, `${heading(columns[middle].labels)}: ${scoreName(model, score.id)}, ${state.year}`),
    make("p", { class: "hint" }, say("polesAre", { low: showNumber(score.low), high: showNumber(score.high), first, second })),
    make("table", { class: "facts ranking" }, make("tbody", {}, ...rows)),
    sourceLine(model, score.sources));
}

/** A dot on a line from one pole to the other. @param {import("./types").Score} score @param {number} value */
function marker(score, value) {
  const part = (value - score.low) / (score.high - score.low);
  return makeSvg("svg", { width: 110, height: 18, "aria-hidden": "true", class: "marker" },
    makeSvg("line", { x1: 6, x2: 104, y1: 9, y2: 9 }),
    makeSvg("line", { x1: 55, x2: 55, y1: 5, y2: 13 }),
    makeSvg("circle", { cx: 6 + 98 * part, cy: 9, r: 5.5, fill: poleColour(part) }));
}

/** What of the chosen kinds has no data in the year. @param {Model} model @param {State} state */
export function missingNotes(model, state) {
  const missing = state.kinds.filter((kind) => !model.hasData(kind, state.year));
  return missing.map((id) => {
    const kind = /** @type {Kind} */ (model.kinds.get(id));
    return make("p", { class: "note" }, say("noDataFor", { kind: labelIn(kind.labels), year: state.year }));
  });
}

/** @param {Model} model @param {State} state @param {Actions} actions @param {number} node */
function statePanel(model, state, actions, node) {
  return [
    panelHead(nameOf(model, node), actions),
    make("p", { class: "kicker" }, heading(model.data.columns[model.data.nodes[node].column].labels)),
    scoresBlock(model, state, node),
    indicatorsBlock(model, state, node),
    ...partnersBlocks(model, state, actions, node),
    ...partyBlocks(model, state, node),
    ...directBlocks(model, state, node, null),
    compareChoice(model, state, actions),
    changesBlock(model, state, actions, node),
  ].filter((part) => part !== null);
}

/** @param {Model} model @param {State} state @param {number} node */
function scoresBlock(model, state, node) {
  const [first, second] = model.data.poles.map((pole) => nameWithin(model, pole));
  const rows = model.data.scores.map((score) => {
    const value = model.score(score.id, node, state.year);
    const series = model.data.years.map((year) => model.score(score.id, node, year));
    const usual = score.low === 0 && score.high === 100;
    const range = { low: showNumber(score.low), high: showNumber(score.high) };
    const name = scoreName(model, score.id);
    const shown = value === null ? say("unknown") : showNumber(value, 2);
    return make("tr", {},
      make("th", { scope: "row" }, usual ? name : say("ofRange", { name, ...range })),
      make("td", {}, shown),
      make("td", {}, sparkline(model.data.years, series, state.year, say("trendOf", { name: scoreName(model, score.id) }), [score.low, score.high])));
  });
  if (!rows.length) return null;
  return make("section", {},
    make("h3", {}, `${say("panel.position")}, ${state.year}`),
    make("p", { class: "hint" }, say("polesAre", { low: 0, high: 100, first, second })),
    make("table", { class: "facts" }, make("tbody", {}, ...rows)),
    sourceLine(model, model.data.scores.flatMap((score) => score.sources)));
}

/** @param {Model} model @param {State} state @param {number} node */
function indicatorsBlock(model, state, node) {
  const entries = Object.entries(model.data.indicators);
  if (!entries.length) return null;
  const parts = entries.map(([name, indicator]) => {
    const years = Object.keys(indicator.values).map(Number).filter((year) => year <= state.year && indicator.values[String(year)][node] !== null);
    const year = years.length ? Math.max(...years) : null;
    const value = year === null ? null : model.indicator(name, node, year);
    const text = value === null || year === null ? say("unknownIn", { year: state.year }) : `${showAmount(value, true)} ${sayIf(`unit.${indicator.unit}`) ?? indicator.unit} (${year})`;
    return make("div", {}, make("dt", {}, say(`indicator.${name}`)), make("dd", {}, text));
  });
  return make("section", {}, make("dl", { class: "pairs" }, ...parts), sourceLine(model, entries.map(([, indicator]) => indicator.source)));
}

/** @param {Model} model @param {State} state @param {Actions} actions @param {number} node */
function partnersBlocks(model, state, actions, node) {
  return chosenKinds(model, state).filter((kind) => kind.temporality === "yearly" || kind.shared).map((kind) => {
    if (!model.hasData(kind.id, state.year)) return null;
    const partners = model.data.nodes
      .map((_, other) => ({ other, strength: model.dependence(kind, node, other, state.year) }))
      .filter((item) => item.strength > 0)
      .sort((a, b) => b.strength - a.strength || a.other - b.other)
      .slice(0, PARTNERS);
    if (!partners.length) return null;
    const rows = partners.map(({ other, strength }) => partnerRow(model, state, actions, kind, node, other, strength));
    const found = kind.temporality === "yearly" ? model.seriesOf(kind.id, state.year) : null;
    return make("section", {},
      make("h3", {}, `${heading(kind.labels)}, ${state.year}`),
      make("p", { class: "hint" }, say(`basis.${kind.scale.basis}.long`, { state: nameWithin(model, node), kind: labelIn(kind.labels) })),
      make("table", { class: "facts" }, make("tbody", {}, ...rows)),
      gapNote(model, state, kind, node),
      countNote(model, state, kind, node),
      found ? sourceLine(model, [found.part.source]) : null);
  });
}

const MOST_UNKNOWN = 0.2;

/**
 * Whether a year's number tells anything: data for it, and what is shared known for the most part.
 * @param {Model} model @param {Kind} kind @param {number} node @param {number} year
 */
function isCounted(model, kind, node, year) {
  if (!kind.shared) return model.hasData(kind.id, year);
  const { held, unknown } = model.standing(kind.id, node, model.day(year));
  return unknown <= MOST_UNKNOWN * held;
}

/** How many of what may be shared is not known. @param {Model} model @param {State} state @param {Kind} kind @param {number} node */
function countNote(model, state, kind, node) {
  const day = model.day(state.year);
  const unknown = kind.shared ? model.standing(kind.id, node, day).unknown : 0;
  return unknown ? make("p", { class: "note" }, say("notCounted", { count: unknown, day })) : null;
}

/** How many of a state's flows are not known: its shares are of what is. @param {Model} model @param {State} state @param {Kind} kind @param {number} node */
function gapNote(model, state, kind, node) {
  if (kind.temporality !== "yearly") return null;
  const unknown = model.data.nodes.flatMap((_, other) => other === node ? [] : [
    model.value(kind.id, node, other, state.year), model.value(kind.id, other, node, state.year)]).filter((value) => value === null).length;
  if (!unknown) return null;
  return make("p", { class: "note" }, say("flowsUnknown", { count: unknown, state: nameWithin(model, node), year: state.year }));
}

/**
 * @param {Model} model @param {State} state @param {Actions} actions @param {Kind} kind
 * @param {number} node @param {number} other @param {number} strength
 */
function partnerRow(model, state, actions, kind, node, other, strength) {
  const name = nameOf(model, other);
  const open = button(name, () => actions.pair(node, other), { class: "link" });
  const row = make("tr", {},
    make("th", { scope: "row" }, open),
    make("td", {}, showStrength(kind.scale, strength)));
  const trend = model.data.years.map((year) => isCounted(model, kind, node, year) ? model.dependence(kind, node, other, year) : null);
  row.append(make("td", {}, sparkline(model.data.years, trend, state.year, say("trendOf", { name }))));
  return row;
}

/** @param {Model} model @param {State} state @param {number} node */
function partyBlocks(model, state, node) {
  const day = model.day(state.year);
  return chosenKinds(model, state).filter((kind) => kind.shared).map((kind) => {
    const claims = partyClaims(model, kind, node, day);
    const yes = claims.filter(({ first }) => first.answer === "yes");
    const held = new Set(yes.map(({ first }) => first.row[1]));
    const unsure = claims.filter(({ first }) => first.answer === "unknown" && !held.has(first.row[1]));
    if (!yes.length && !unsure.length) return null;
    yes.sort((a, b) => b.first.dates[0].localeCompare(a.first.dates[0]));
    const items = yes.map((claimed) =>
      claimedSentence(model, partySentence(model, kind, /** @type {import("./types").Party} */ (claimed.first.row)), claimed));
    const block = make("section", {},
      make("h3", {}, say("onDay", { kind: heading(kind.labels), count: yes.length, day })), foldedList(items));
    if (unsure.length) block.append(unsureNote(model, unsure, day));
    return block;
  });
}

/** What is not known on a day, and why. @param {Model} model @param {import("./claims.js").Claimed[]} unsure @param {string} day */
function unsureNote(model, unsure, day) {
  const items = unsure.map(({ first }) =>
    make("li", {}, `${entityName(model, first.row[1])}: ${whyUnknown(first)}`));
  return make("details", { class: "note" },
    make("summary", {}, say("notKnownCount", { day, count: unsure.length })), make("ul", { class: "sentences" }, ...items));
}
