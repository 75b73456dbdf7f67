// What the sources say of one tie, read together: since when, with which pause, who says so, and
// whether they disagree. The rule of disagreement is that of `geoties conflicts`.

import { inForce } from "./dates.js";
import { showDate } from "./i18n.js";

/**
 * A time in which a tie held according to one source, pauses included.
 * @typedef {object} Spell
 * @property {string[]} dates start, its precision, end, its precision, last day observed
 * @property {{start: string, end: string}[]} pauses as shown
 * @property {number} source
 * @property {string} reference
 * @property {any[]} row of the payload, with the dates of the whole spell
 * @property {import("./dates.js").Answer} answer on the day that was asked about
 */

/**
 * The claims of one tie on one day.
 * @typedef {object} Claimed
 * @property {Spell} first the one that is told: the preferred
 * @property {Spell[]} spells all that are as `first` is on the day, one per source
 * @property {boolean} disputed whether the sources' dates cannot all be right
 * @property {Spell[]} others what the other sources say, where they disagree
 */

const FINENESS = /** @type {Record<string, number>} */ ({ day: 0, month: 1, year: 2 });

/** @param {string} a @param {string} b  "1998" and "1998-11-15" may be the same day */
function mayBeSame(a, b) {
  return a.startsWith(b) || b.startsWith(a);
}

/** @param {Spell} spell @param {"start" | "end"} end */
export function shownDate(spell, end) {
  const at = end === "start" ? 0 : 2;
  return showDate(spell.dates[at], spell.dates[at + 1]);
}

/**
 * One spell per row, those that follow each other without a break, or with a suspension between
 * them, joined.
 * @param {any[][]} rows of one tie, dates from `offset` on, then source and reference
 * @param {number} offset
 * @param {any[][]} gaps the rows of suspensions
 * @param {string} day
 * @returns {Spell[]}
 */
function spellsOf(rows, offset, gaps, day) {
  /** @type {Spell[]} */
  const spells = [];
  const ordered = [...rows].sort((x, y) => x[offset + 5] - y[offset + 5] || x[offset].localeCompare(y[offset]));
  for (const row of ordered) {
    const dates = row.slice(offset, offset + 5).map(String);
    const next = { dates, pauses: [], source: row[offset + 5], reference: row[offset + 6], row, answer: inForce(day, dates) };
    const last = spells.at(-1);
    const pause = last && last.source === next.source ? pauseBetween(last, next, gaps, offset) : null;
    if (last && pause) spells[spells.length - 1] = joined(last, next, pause, offset);
    else spells.push(next);
  }
  return spells;
}

/**
 * What lies between two spells of a source: nothing (empty), a suspension, or time (null).
 * @param {Spell} first @param {Spell} next @param {any[][]} gaps @param {number} offset
 * @returns {{start: string, end: string}[] | null}
 */
function pauseBetween(first, next, gaps, offset) {
  const [ended, begun] = [shownDate(first, "end"), shownDate(next, "start")];
  if (!ended || !begun) return null;
  if (ended === begun) return [];
  for (const gap of gaps) {
    const start = showDate(gap[offset], gap[offset + 1]);
    const end = showDate(gap[offset + 2], gap[offset + 3]);
    if (start && end && mayBeSame(start, ended) && mayBeSame(end, begun)) return [{ start, end }];
  }
  return null;
}

/** @param {Spell} first @param {Spell} next @param {{start: string, end: string}[]} pause @param {number} offset @returns {Spell} */
function joined(first, next, pause, offset) {
  const dates = [...first.dates.slice(0, 2), ...next.dates.slice(2)];
  const row = [...next.row];
  row.splice(offset, 5, ...dates);
  const answers = [first.answer, next.answer];
  const answer = answers.includes("yes") ? "yes" : answers.includes("unknown") ? "unknown" : "no";
  return { ...next, dates, row, pauses: [...first.pauses, ...pause], answer };
}

/** Whether the sources' starts or ends cannot all be right. @param {Spell[]} spells */
function areDisputed(spells) {
  /** @type {Map<number, Spell[]>} */
  const bySource = new Map();
  for (const spell of spells) bySource.set(spell.source, [...(bySource.get(spell.source) ?? []), spell]);
  return /** @type {const} */ (["start", "end"]).some((end) => {
    const told = [...bySource.values()].map((own) => own.map((spell) => shownDate(spell, end)).filter(Boolean)).filter((dates) => dates.length);
    return told.some((one) => told.some((other) => !one.some((a) => other.some((b) => mayBeSame(a, b)))));
  });
}

/**
 * The preferred first, as `geoties conflicts` has it: precise, from a source near to the fact,
 * seen last, early.
 * @param {(source: number) => number} orderOf
 * @returns {(x: Spell, y: Spell) => number}
 */
function byPreference(orderOf) {
  const rank = (/** @type {Spell} */ spell) => FINENESS[spell.dates[1]] ?? 3;
  return (x, y) => rank(x) - rank(y) || orderOf(x.source) - orderOf(y.source) ||
    y.dates[4].localeCompare(x.dates[4]) || x.dates[0].localeCompare(y.dates[0]) || x.source - y.source;
}

/**
 * The rows of some ties as what is claimed of each: told once per tie and spell, with all sources.
 * @template {any[]} T
 * @param {readonly T[]} rows dates from `offset` on, then source and reference
 * @param {number} offset
 * @param {(row: T) => string} keyOf what makes two rows claims of one tie
 * @param {string} day
 * @param {(source: number) => number} orderOf how near a source is to the fact, the nearest first
 * @param {(row: T) => readonly T[]} [gapsOf] the suspensions that may interrupt it
 * @returns {Claimed[]}
 */
export function claimsOf(rows, offset, keyOf, day, orderOf, gapsOf = () => []) {
  /** @type {Map<string, T[]>} */
  const byTie = new Map();
  for (const row of rows) byTie.set(keyOf(row), [...(byTie.get(keyOf(row)) ?? []), row]);
  return [...byTie.values()].flatMap((own) =>
    told(spellsOf(own, offset, /** @type {any[][]} */ (/** @type {unknown} */ (gapsOf(own[0]))), day), byPreference(orderOf)));
}

/**
 * A tie that holds on the day is told once; else every spell of it, those that several sources
 * know together.
 * @param {Spell[]} spells of one tie
 * @param {(x: Spell, y: Spell) => number} order
 * @returns {Claimed[]}
 */
function told(spells, order) {
  const disputed = areDisputed(spells);
  const best = /** @type {const} */ (["yes", "unknown"]).find((answer) => spells.some((spell) => spell.answer === answer));
  if (best) return [claimed(spells.filter((spell) => spell.answer === best), spells, disputed, order)];
  /** @type {Spell[][]} */
  const groups = [];
  for (const spell of [...spells].sort(order)) {
    const same = groups.find((group) => !group.some((other) => other.source === spell.source) && mayBeSame(shownDate(group[0], "start"), shownDate(spell, "start")));
    if (same) same.push(spell);
    else groups.push([spell]);
  }
  return groups.map((group) => claimed(group, spells, disputed, order));
}

/** @param {Spell[]} held @param {Spell[]} all @param {boolean} disputed @param {(x: Spell, y: Spell) => number} order @returns {Claimed} */
function claimed(held, all, disputed, order) {
  const [first, ...rest] = [...held].sort(order);
  const spells = [first];
  for (const spell of rest) if (!spells.some((other) => other.source === spell.source)) spells.push(spell);
  const others = disputed ? all.filter((spell) => spell.source !== first.source && spell.dates[0]) : [];
  return { first, spells, disputed: others.length > 0, others };
}
