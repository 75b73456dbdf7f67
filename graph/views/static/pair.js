// What is known about two states: values both ways, what they share, what was between them.

import { claimedSentence, directBlocks, foldedList, panelHead, sourceLine } from "./blocks.js";
import { shownDate } from "./claims.js";
import { button, make } from "./dom.js";
import { heading, labelIn, say } from "./i18n.js";
import { linkedThrough } from "./model.js";
import { partyClaims } from "./parties.js";
import { GOODS, productsBlock } from "./products.js";
import {
  basisSentence, capital, entityName, nameOf, nameWithin, sharedSentence, valueInUnit, yearlySentence,
} from "./sentences.js";
import { sparkline } from "./spark.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./types").State} State */
/** @typedef {import("./types").Kind} Kind */
/** @typedef {import("./blocks.js").Actions} Actions */

const PROJECTS = 4;

/** @param {Model} model @param {State} state @param {Actions} actions */
export function pairPanel(model, state, actions) {
  const [a, b] = /** @type {[number, number]} */ (state.pair);
  const title = `${nameOf(model, a)} – ${nameOf(model, b)}`;
  const switchers = make("p", { class: "kicker" },
    button(nameOf(model, a), () => actions.select([a]), { class: "link" }), " · ",
    button(nameOf(model, b), () => actions.select([b]), { class: "link" }));
  const kinds = [...model.kinds.values()];
  return [
    panelHead(title, actions),
    switchers,
    ...kinds.filter((kind) => kind.temporality === "yearly").flatMap((kind) => [
      yearlyPair(model, state, kind, a, b), kind.id === GOODS ? productsBlock(model, state.year, a, b) : null]),
    ...kinds.filter((kind) => kind.shared).map((kind) => sharedPair(model, state, kind, a, b)),
    ...directBlocks(model, state, a, b),
  ].filter((part) => part !== null);
}

/** @param {Model} model @param {State} state @param {Kind} kind @param {number} a @param {number} b */
function yearlyPair(model, state, kind, a, b) {
  const ways = kind.directed ? [[a, b], [b, a]] : [[a, b]];
  const years = model.data.years;
  const trends = ways.map(([from, to]) => years.map((year) => model.value(kind.id, from, to, year)));
  if (!trends.some((trend) => trend.some((value) => value))) return null;
  const section = make("section", {}, make("h3", {}, heading(kind.labels)));
  const found = model.seriesOf(kind.id, state.year);
  if (!found) section.append(make("p", { class: "note" }, say("noDataFor", { kind: labelIn(kind.labels), year: state.year })));
  ways.forEach(([from, to], i) => {
    const value = model.value(kind.id, from, to, state.year);
    const names = { from: nameWithin(model, from), to: nameWithin(model, to), kind: labelIn(kind.labels), year: state.year };
    const covered = (model.data.covered[kind.id] ?? []).length > 0;
    if (!(found && covered) && !trends[i].some((known) => known)) return;
    const text = value ? yearlySentence(model, kind, { from, to, year: state.year, value })
      : found ? say(value === 0 ? "noneReported" : "pairUnknown", names) : null;
    const line = make("p", { class: "trend" }, text ?? `${nameOf(model, from)} → ${nameOf(model, to)}`);
    line.append(sparkline(years, trends[i], state.year, say("trendOf", { name: `${nameOf(model, from)} → ${nameOf(model, to)}` })));
    section.append(line);
  });
  for (const [of, on] of kind.scale.basis === "share" || kind.scale.basis === "gdp" ? [[a, b], [b, a]] : []) {
    const strength = model.dependence(kind, of, on, state.year);
    if (strength > 0) section.append(make("p", { class: "hint" }, capital(basisSentence(model, kind, of, strength))));
  }
  section.append(...projectList(model, kind, a, b));
  const sources = model.data.series.filter((part) => part.kind === kind.id).map((part) => part.source);
  section.append(sourceLine(model, found ? [found.part.source] : sources));
  return section;
}

/** @param {Model} model @param {Kind} kind @param {number} a @param {number} b */
function projectList(model, kind, a, b) {
  const rows = (model.data.projects[kind.id] ?? []).filter((row) => (row[0] === a && row[1] === b) || (row[0] === b && row[1] === a));
  if (!rows.length) return [];
  const items = rows.sort((x, y) => y[4] - x[4]).map((row) =>
    make("li", {}, `${row[3]}: ${entityName(model, row[2])}, ${valueInUnit(kind, row[4])}`));
  return [make("h4", {}, say("largestProjects")), foldedList(items, PROJECTS)];
}

/** @param {Model} model @param {State} state @param {Kind} kind @param {number} a @param {number} b */
function sharedPair(model, state, kind, a, b) {
  const day = model.day(state.year);
  const held = [...model.membersOn(kind.id, day)].filter(([entity, ways]) =>
    ways.has(a) && ways.has(b) && linkedThrough(ways.get(a), ways.get(b)) && !model.notYet(a, b, entity, day));
  if (!held.length) return null;
  const items = held.map(([entity]) => {
    const latest = laterStart(model, kind, entity, day, a, b);
    const text = sharedSentence(model, kind, a, b, entity, shownDate(latest.first, "start"));
    return { start: latest.first.dates[0], item: claimedSentence(model, text, latest) };
  });
  items.sort((x, y) => y.start.localeCompare(x.start));
  return make("section", {},
    make("h3", {}, say("onDay", { kind: heading(kind.labels), count: items.length, day })),
    foldedList(items.map(({ item }) => item)));
}

/**
 * The tie that began the later of the two: what is shared is shared from then on. Of several
 * ways into the same agreement a state's earliest counts, and its protocols only without it.
 * @param {Model} model @param {Kind} kind @param {number} entity @param {string} day
 * @param {number} a @param {number} b
 */
function laterStart(model, kind, entity, day, a, b) {
  const firsts = [a, b].map((node) => {
    const claims = partyClaims(model, kind, node, day, (row) => (model.data.entities[row[1]].root ?? row[1]) === entity)
      .filter(({ first }) => first.answer === "yes" && (model.data.roles[first.row[3]]?.member ?? true));
    const whole = claims.filter(({ first }) => first.row[1] === entity);
    return (whole.length ? whole : claims).reduce((x, y) => (x.first.dates[0] <= y.first.dates[0] ? x : y));
  });
  return firsts[0].first.dates[0] >= firsts[1].first.dates[0] ? firsts[0] : firsts[1];
}
