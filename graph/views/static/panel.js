// The panel beside the picture: what is known about the selected states or the selected pair.

import { poleColour } from "./colour.js";
import { byId, button, make, makeSvg, outwardLink } from "./dom.js";
import { inForce } from "./dates.js";
import { heading, labelIn, say, sayIf, showAmount, showDate, showNumber } from "./i18n.js";
import { linkedThrough } from "./model.js";
import {
  basisSentence, directSentence, entityName, nameOf, nameWithin, partySentence, scoreName, sharedSentence, showValue, unitName, yearlySentence,
} from "./sentences.js";
import { sparkline } from "./spark.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./types").State} State */
/** @typedef {import("./types").Kind} Kind */
/** @typedef {{select: (nodes: number[]) => void, pair: (a: number, b: number) => void, clear: () => void, since: (year: number | null) => void}} Actions */

const PARTNERS = 8;
const ROWS = 12;
const FEW_SOURCES = 3;

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
  return [
    make("h2", {}, say("panel.title")),
    make("p", {}, say("panel.hint")),
    make("p", {}, say("panel.counts", { ...counts, year: state.year })),
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

/** @param {string} title @param {Actions} actions */
function head(title, actions) {
  return make("div", { class: "panel-head" },
    make("h2", { id: "panel-title", tabindex: "-1" }, title),
    button("×", actions.clear, { "aria-label": say("close"), class: "close" }));
}

/** @param {Model} model @param {number[]} numbers */
function sourceLine(model, numbers) {
  const distinct = [...new Set(numbers)].filter((number) => number >= 0);
  const links = distinct.flatMap((number, i) => {
    const source = model.data.sources[number];
    const name = `${source.publisher || source.title}${source.version ? ` (${source.version})` : ""}`;
    return [i ? "; " : "", outwardLink(name, source.url)];
  });
  if (distinct.length <= FEW_SOURCES) return make("p", { class: "source" }, `${say("source")}: `, ...links);
  return make("details", { class: "source" }, make("summary", {}, `${say("sources")}: ${distinct.length}`), ...links);
}

/** @param {Model} model @param {State} state @param {Actions} actions @param {number} node */
function statePanel(model, state, actions, node) {
  return [
    head(nameOf(model, node), actions),
    make("p", { class: "kicker" }, heading(model.data.columns[model.data.nodes[node].column].labels)),
    scoresBlock(model, state, node),
    indicatorsBlock(model, state, node),
    ...partnersBlocks(model, state, actions, node),
    ...partyBlocks(model, state, node),
    ...directBlocks(model, state, node, null),
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
    const shown = value === null ? say("unknown") : usual ? showNumber(value, 2) : say("ofRange", { value: showNumber(value, 2), ...range });
    return make("tr", {},
      make("th", { scope: "row" }, scoreName(model, score.id)),
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
      found ? sourceLine(model, [found.part.source]) : null);
  });
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
    make("td", {}, `${showNumber(strength, strength < 10 ? 2 : 3)}${kind.scale.basis === "count" || kind.scale.basis === "flag" ? "" : " %"}`));
  const trend = model.data.years.map((year) => model.hasData(kind.id, year) ? model.dependence(kind, node, other, year) : null);
  row.append(make("td", {}, sparkline(model.data.years, trend, state.year, say("trendOf", { name }))));
  return row;
}

/** @param {Model} model @param {State} state @returns {Kind[]} */
function chosenKinds(model, state) {
  return state.kinds.flatMap((id) => model.kinds.get(id) ?? []);
}

/** A list that shows its first rows, and the rest on demand. @param {HTMLElement[]} items */
function foldedList(items) {
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
function sentence(model, text, source, reference) {
  const origin = model.data.sources[source];
  const small = make("span", { class: "source" }, " ");
  if (origin) small.append(outwardLink(origin.publisher || origin.title, reference || origin.url));
  return make("li", {}, text, small);
}

/** @param {Model} model @param {State} state @param {number} node */
function partyBlocks(model, state, node) {
  const day = model.day(state.year);
  return chosenKinds(model, state).filter((kind) => kind.shared).map((kind) => {
    const rows = (model.data.parties[kind.id] ?? []).filter((row) => row[0] === node);
    const dated = rows.map((row) => ({ row, answer: inForce(day, row.slice(4, 9).map(String)) }));
    const yes = dated.filter((item) => item.answer === "yes").map(({ row }) => row);
    const unsure = dated.filter((item) => item.answer === "unknown").map(({ row }) => row);
    if (!yes.length && !unsure.length) return null;
    const byStart = (/** @type {import("./types").Party} */ a, /** @type {import("./types").Party} */ b) => b[4].localeCompare(a[4]);
    const items = yes.sort(byStart).map((row) => sentence(model, partySentence(model, kind, row), row[9], row[10]));
    const block = make("section", {},
      make("h3", {}, say("onDay", { kind: heading(kind.labels), count: yes.length, day })), foldedList(items));
    if (unsure.length) {
      const names = [...new Set(unsure.map((row) => entityName(model, row[1])))];
      const note = say("notKnownOn", { day, names: names.join(", ") });
      block.append(names.length <= 4 ? make("p", { class: "note" }, note)
        : make("details", { class: "note" }, make("summary", {}, say("notKnownCount", { day, count: names.length })), make("p", {}, note)));
    }
    return block;
  });
}

/** @param {Model} model @param {State} state @param {number} node @param {number | null} other */
function directBlocks(model, state, node, other) {
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

/** @param {Model} model @param {State} state @param {Actions} actions */
function pairPanel(model, state, actions) {
  const [a, b] = /** @type {[number, number]} */ (state.pair);
  const title = `${nameOf(model, a)} – ${nameOf(model, b)}`;
  const switchers = make("p", { class: "kicker" },
    button(nameOf(model, a), () => actions.select([a]), { class: "link" }), " · ",
    button(nameOf(model, b), () => actions.select([b]), { class: "link" }));
  const kinds = [...model.kinds.values()];
  return [
    head(title, actions),
    switchers,
    ...kinds.filter((kind) => kind.temporality === "yearly").map((kind) => yearlyPair(model, state, kind, a, b)),
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
    const line = make("p", { class: "trend" }, text ?? `${names.from} → ${names.to}`);
    line.append(sparkline(years, trends[i], state.year, say("trendOf", { name: `${names.from} → ${names.to}` })));
    section.append(line);
  });
  for (const [of, on] of kind.scale.basis === "share" || kind.scale.basis === "gdp" ? [[a, b], [b, a]] : []) {
    const strength = model.dependence(kind, of, on, state.year);
    if (strength > 0) section.append(make("p", { class: "hint" }, basisSentence(model, kind, of, strength)));
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
    make("li", {}, `${row[3]}: ${entityName(model, row[2])}, ${showValue(kind, row[4])} ${unitName(kind)}`));
  return [make("h4", {}, say("largestProjects")), foldedList(items)];
}

/** @param {Model} model @param {State} state @param {Kind} kind @param {number} a @param {number} b */
function sharedPair(model, state, kind, a, b) {
  const day = model.day(state.year);
  const held = [...model.membersOn(kind.id, day)].filter(([entity, ways]) =>
    ways.has(a) && ways.has(b) && linkedThrough(ways.get(a), ways.get(b)) && !model.notYet(a, b, entity, day));
  if (!held.length) return null;
  const items = held.map(([entity]) => {
    const latest = laterStart(model, kind, entity, day, a, b);
    const text = sharedSentence(model, kind, a, b, entity, showDate(latest[4], latest[5]));
    return { start: latest[4], item: sentence(model, text, latest[9], latest[10]) };
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
  const rows = (model.data.parties[kind.id] ?? []).filter((row) =>
    (row[0] === a || row[0] === b) && (model.data.entities[row[1]].root ?? row[1]) === entity &&
    inForce(day, row.slice(4, 9).map(String)) === "yes");
  const firsts = [a, b].map((node) => {
    const own = rows.filter((row) => row[0] === node);
    const whole = own.filter((row) => row[1] === entity);
    return (whole.length ? whole : own).reduce((x, y) => (x[4] <= y[4] ? x : y));
  });
  return firsts[0][4] >= firsts[1][4] ? firsts[0] : firsts[1];
}

/** @param {Model} model @param {State} state @param {Actions} actions */
function comparePanel(model, state, actions) {
  const names = state.selected.map((node) => nameOf(model, node));
  const header = make("tr", {}, make("td", {}), ...names.map((name) => make("th", { scope: "col" }, name)));
  const rows = model.data.scores.map((score) => compareRow(scoreName(model, score.id), state.selected, (node) => {
    const value = model.score(score.id, node, state.year);
    return value === null ? "–" : showNumber(value, 2);
  }));
  for (const name of Object.keys(model.data.indicators)) {
    rows.push(compareRow(say("indicatorOf", { name: say(`indicator.${name}`), unit: sayIf(`unit.${model.data.indicators[name].unit}`) ?? model.data.indicators[name].unit }), state.selected, (node) => {
      const value = model.indicator(name, node, state.year);
      return value === null ? "–" : showAmount(value);
    }));
  }
  for (const kind of chosenKinds(model, state)) {
    for (const pole of model.data.poles) {
      rows.push(compareRow(`${heading(kind.labels)}: ${nameOf(model, pole)}`, state.selected, (node) => {
        const strength = model.dependence(kind, node, pole, state.year);
        const percent = kind.scale.basis === "count" || kind.scale.basis === "flag" ? "" : " %";
        return strength ? `${showNumber(strength, 2)}${percent}` : "–";
      }));
    }
  }
  const numbers = model.data.scores.flatMap((score) => score.sources);
  return [
    head(say("compare"), actions),
    make("p", { class: "kicker" }, String(state.year)),
    make("table", { class: "compare" }, make("thead", {}, header), make("tbody", {}, ...rows)),
    sourceLine(model, numbers),
  ];
}

/** @param {string} title @param {number[]} nodes @param {(node: number) => string} cell */
function compareRow(title, nodes, cell) {
  return make("tr", {}, make("th", { scope: "row" }, title), ...nodes.map((node) => make("td", {}, cell(node))));
}

/** @param {Model} model @param {State} state @param {Actions} actions @param {number} node */
function changesBlock(model, state, actions, node) {
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
    for (const row of kind.shared ? model.data.parties[kind.id] ?? [] : []) {
      if (row[0] !== node || row[2] >= 0) continue;
      if ((row[4] > from && row[4] <= to) || (row[6] && row[6] > from && row[6] <= to)) {
        items.push(sentence(model, partySentence(model, kind, row), row[9], row[10]));
      }
    }
  }
  const shown = items.filter((item) => item !== null);
  return [shown.length ? foldedList(shown) : make("p", {}, say("nothingChanged"))];
}
