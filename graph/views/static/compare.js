// States side by side, and one state across time.

import { chosenKinds, claimedSentence, foldedList, panelHead, sourceLine } from "./blocks.js";
import { make } from "./dom.js";
import { heading, say, sayIf, showAmount, showNumber, showStrength, spoken } from "./i18n.js";
import { partyClaims } from "./parties.js";
import { nameOf, partySentence, scoreName } from "./sentences.js";
import { MOST_SELECTED } from "./state.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./types").State} State */
/** @typedef {import("./types").Kind} Kind */
/** @typedef {import("./blocks.js").Actions} Actions */

/** @param {Model} model @param {State} state @param {Actions} actions */
export function comparePanel(model, state, actions) {
  const names = state.selected.map((node) => nameOf(model, node));
  const header = make("tr", {}, make("td", {}), ...names.map((name) => make("th", { scope: "col" }, name)));
  const rows = model.data.scores.map((score) => compareRow(scoreName(model, score.id), state.selected, (node) => {
    const value = model.score(score.id, node, state.year);
    return value === null ? say("unknown") : showNumber(value, 2);
  }));
  for (const name of Object.keys(model.data.indicators)) {
    rows.push(compareRow(say("indicatorOf", { name: say(`indicator.${name}`), unit: sayIf(`unit.${model.data.indicators[name].unit}`) ?? model.data.indicators[name].unit }), state.selected, (node) => {
      const value = model.indicator(name, node, state.year);
      return value === null ? say("unknown") : showAmount(value);
    }));
  }
  for (const kind of chosenKinds(model, state)) {
    for (const pole of model.data.poles) {
      rows.push(compareRow(`${heading(kind.labels)}: ${nameOf(model, pole)}`, state.selected, (node) => {
        const strength = model.dependence(kind, node, pole, state.year);
        return strength ? showStrength(kind.scale, strength) : "–";
      }));
    }
  }
  const numbers = model.data.scores.flatMap((score) => score.sources);
  return [
    panelHead(say("compare"), actions),
    make("p", { class: "kicker" }, String(state.year)),
    make("table", { class: "compare" }, make("thead", {}, header), make("tbody", {}, ...rows)),
    sourceLine(model, numbers),
    compareChoice(model, state, actions),
  ].filter((part) => part !== null);
}

/**
 * A list of states to set beside the selected; nothing once three are compared.
 * @param {Model} model @param {State} state @param {Actions} actions
 */
export function compareChoice(model, state, actions) {
  if (state.selected.length >= MOST_SELECTED) return null;
  const others = model.data.nodes.map((_, node) => node).filter((node) => !state.selected.includes(node));
  others.sort((a, b) => nameOf(model, a).localeCompare(nameOf(model, b), spoken()));
  const choice = make("select", { id: "compare-with" }, make("option", { value: "" }, "–"),
    ...others.map((node) => make("option", { value: node }, nameOf(model, node))));
  choice.addEventListener("change", () => choice.value && actions.select([...state.selected, Number(choice.value)]));
  return make("section", {}, make("h3", {}, make("label", { for: "compare-with" }, say("compareWith"), " "), choice));
}

/** @param {string} title @param {number[]} nodes @param {(node: number) => string} cell */
function compareRow(title, nodes, cell) {
  return make("tr", {}, make("th", { scope: "row" }, title), ...nodes.map((node) => make("td", {}, cell(node))));
}

/** @param {Model} model @param {State} state @param {Actions} actions @param {number} node */
export function changesBlock(model, state, actions, node) {
  const choice = make("select", { id: "since" }, make("option", { value: "" }, "–"),
    ...model.data.years.filter((year) => year !== state.year).map((year) => make("option", { value: year, selected: year === state.since }, String(year))));
  choice.addEventListener("change", () => actions.since(choice.value ? Number(choice.value) : null));
  const section = make("section", {},
    make("h3", {}, make("label", { for: "since" }, say("changedSince"), " "), choice));
  if (state.since !== null) section.append(...changes(model, state, node, state.since));
  return section;
}

/** @param {Model} model @param {State} state @param {number} node @param {number} since */
function changes(model, state, node, since) {
  const [early, late] = [Math.min(since, state.year), Math.max(since, state.year)];
  const items = model.data.scores.map((score) => {
    const [a, b] = [early, late].map((year) => model.score(score.id, node, year));
    if (a === null || b === null) return null;
    return make("li", {}, say("changeOf", { name: scoreName(model, score.id), before: showNumber(a, 2), early, after: showNumber(b, 2), late }));
  });
  const [from, to] = [model.day(early), model.day(late)];
  for (const kind of model.kinds.values()) {
    if (!kind.shared) continue;
    for (const claimed of partyClaims(model, kind, node, to, (row) => row[2] < 0)) {
      const [start, , end] = claimed.first.dates;
      if (!((start > from && start <= to) || (end && end > from && end <= to))) continue;
      items.push(claimedSentence(model, partySentence(model, kind, /** @type {import("./types").Party} */ (claimed.first.row)), claimed));
    }
  }
  const shown = items.filter((item) => item !== null);
  return [shown.length ? foldedList(shown) : make("p", {}, say("nothingChanged"))];
}
