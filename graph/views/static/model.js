// The payload with the indices that the page asks it by.

import { dayOf, inForce } from "./dates.js";

/** @typedef {import("./types").Payload} Payload */
/** @typedef {import("./types").Kind} Kind */

const CACHED_YEARS = 64;

/** Holds the data of the page and answers what is tied to what in which year. */
export class Model {
  /** @param {Payload} data */
  constructor(data) {
    this.data = data;
    this.size = data.nodes.length;
    /** @type {Map<string, Kind>} */
    this.kinds = new Map(data.kinds.map((kind) => [kind.id, kind]));
    /** @type {Map<string, import("./types").Score>} */
    this.scores = new Map(data.scores.map((score) => [score.id, score]));
    this.nodeNumbers = new Map(data.nodes.map((node, number) => [node.id, number]));
    this.columnsOfPairs = data.series.map((part) => this.#pairIndex(part));
    this.rowsOfYears = data.series.map((part) => new Map(part.years.map((y, i) => [y, i])));
    /** How much the domains count in the balance; 1 for those not named. @type {Record<string, number>} */
    this.weights = {};
    this.domains = data.scores.filter((score) => score.domain).map((score) => score.id);
    /** @type {Map<string, Float32Array>} */
    this.cache = new Map();
    /** @type {Map<string, Map<number, import("./types").Party[]>>} */
    this.partiesOf = new Map();
    for (const [kind, rows] of Object.entries(data.parties)) {
      const byEntity = new Map();
      for (const row of rows) {
        const list = byEntity.get(row[1]);
        if (list) list.push(row);
        else byEntity.set(row[1], [row]);
      }
      this.partiesOf.set(kind, byEntity);
    }
  }

  /** @param {import("./types").Series} part */
  #pairIndex(part) {
    /** @type {Map<number, number>} */
    const index = new Map();
    for (let i = 0; i < part.pairs.length; i += 2) {
      index.set(part.pairs[i] * this.size + part.pairs[i + 1], i / 2);
    }
    return index;
  }

  /**
   * The day on which a year is shown.
   * @param {number} year
   */
  day(year) {
    return dayOf(year, this.data.date);
  }

  /**
   * How much each state depends on each other one: entry a · size + b, in the kind's scale.
   * @param {Kind} kind
   * @param {number} year
   * @returns {Float32Array}
   */
  matrix(kind, year) {
    const key = `${kind.id} ${year}`;
    const known = this.cache.get(key);
    if (known) return known;
    const made = new Float32Array(this.size * this.size);
    if (kind.temporality === "yearly") this.#fillYearly(kind, year, made);
    else if (kind.shared) this.#fillShared(kind, year, made);
    else this.#fillDirect(kind, year, made);
    if (this.cache.size >= CACHED_YEARS * this.kinds.size) this.cache.clear();
    this.cache.set(key, made);
    return made;
  }

  /**
   * @param {Kind} kind
   * @param {number} year
   * @param {Float32Array} out
   */
  #fillYearly(kind, year, out) {
    const found = this.seriesOf(kind.id, year);
    if (!found) return;
    const { part, row } = found;
    const values = part.values[row];
    const n = this.size;
    const whole = this.#wholes(kind, year);
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i];
      if (!value) continue;
      const a = part.pairs[2 * i];
      const b = part.pairs[2 * i + 1];
      if (kind.scale.basis === "percent") out[a * n + b] = out[b * n + a] = value;
      else if (kind.scale.basis === "flag") out[b * n + a] = 1;
      else {
        const ofA = whole(a);
        const ofB = whole(b);
        const amount = value * part.scale;
        if (ofB) out[b * n + a] += (100 * amount) / ofB;
        if (ofA && kind.scale.basis === "share") out[a * n + b] += (100 * amount) / ofA;
      }
    }
  }

  /**
   * What a state's ties of a kind are measured against: its total, or its GDP.
   * @param {Kind} kind
   * @param {number} year
   * @returns {(node: number) => number}
   */
  #wholes(kind, year) {
    if (kind.scale.basis === "gdp") {
      // Constant dollars are set against the GDP of the year whose dollars they are.
      const prices = Number(/ (\d{4})$/.exec(kind.unit)?.[1] ?? year);
      return (node) => this.indicator("gdp", node, prices) ?? 0;
    }
    const totals = this.data.totals[kind.id]?.[String(year)];
    return (node) => totals?.[node] ?? 0;
  }

  /**
   * @param {Kind} kind
   * @param {number} year
   * @param {Float32Array} out
   */
  #fillShared(kind, year, out) {
    const day = this.day(year);
    const n = this.size;
    for (const [entity, ways] of this.membersOn(kind.id, day)) {
      const members = [...ways.keys()];
      for (let i = 0; i < members.length; i += 1) {
        for (let j = i + 1; j < members.length; j += 1) {
          const a = members[i];
          const b = members[j];
          if (!linkedThrough(ways.get(a), ways.get(b)) || this.notYet(a, b, entity, day)) continue;
          out[a * n + b] += 1;
          out[b * n + a] += 1;
        }
      }
    }
  }

  /**
   * Who is a member or party of what on a day: per body or agreement, each state with the blocs
   * through which it is one (-1: itself).
   * @param {string} kind
   * @param {string} day
   * @returns {Map<number, Map<number, number[]>>}
   */
  membersOn(kind, day) {
    /** @type {Map<number, Map<number, number[]>>} */
    const result = new Map();
    for (const [entity, rows] of this.partiesOf.get(kind) ?? []) {
      const root = this.data.entities[entity].root ?? entity;
      for (const row of rows) {
        const role = this.data.roles[row[3]];
        if ((role && !role.member) || inForce(day, row.slice(4, 9).map(String)) !== "yes") continue;
        const ways = result.get(root) ?? new Map();
        result.set(root, ways);
        ways.set(row[0], [...(ways.get(row[0]) ?? []), row[2]]);
      }
    }
    return result;
  }

  /**
   * Of how many bodies or agreements a state is a member on a day, and of how many it is unknown.
   * @param {string} kind
   * @param {number} node
   * @param {string} day
   */
  standing(kind, node, day) {
    const [held, unknown] = [new Set(), new Set()];
    for (const row of this.data.parties[kind] ?? []) {
      const role = this.data.roles[row[3]];
      if (row[0] !== node || (role && !role.member)) continue;
      const answer = inForce(day, row.slice(4, 9).map(String));
      if (answer !== "no") (answer === "yes" ? held : unknown).add(row[1]);
    }
    return { held: held.size, unknown: [...unknown].filter((entity) => !held.has(entity)).length };
  }

  /**
   * @param {number} a
   * @param {number} b
   * @param {number} entity
   * @param {string} day
   */
  notYet(a, b, entity, day) {
    return (this.data.excluded ?? []).some(
      (row) =>
        row[2] === entity &&
        ((row[0] === a && row[1] === b) || (row[0] === b && row[1] === a)) &&
        inForce(day, row.slice(5, 10).map(String)) === "yes",
    );
  }

  /**
   * @param {Kind} kind
   * @param {number} year
   * @param {Float32Array} out
   */
  #fillDirect(kind, year, out) {
    const n = this.size;
    const day = this.day(year);
    for (const row of this.data.direct[kind.id] ?? []) {
      const holds =
        kind.temporality === "event"
          ? row[5].slice(0, 4) === String(year)
          : inForce(day, row.slice(5, 10).map(String)) === "yes";
      if (!holds) continue;
      out[row[0] * n + row[1]] = 1;
      if (!kind.directed) out[row[1] * n + row[0]] = 1;
    }
  }

  /**
   * The series of a kind that has data for a year; the latest source first.
   * @param {string} kind
   * @param {number} year
   */
  seriesOf(kind, year) {
    for (let i = this.data.series.length - 1; i >= 0; i -= 1) {
      const part = this.data.series[i];
      const row = this.rowsOfYears[i].get(year);
      if (part.kind === kind && row !== undefined) {
        return { part, row, index: this.columnsOfPairs[i] };
      }
    }
    return null;
  }

  /** @param {string} kind  @param {number} year */
  hasData(kind, year) {
    return this.kinds.get(kind)?.temporality !== "yearly" || this.seriesOf(kind, year) !== null;
  }

  /**
   * The value of one yearly tie in its unit, 0 where none is reported, null where not known.
   * @param {string} kind
   * @param {number} from
   * @param {number} to
   * @param {number} year
   * @returns {number | null}
   */
  value(kind, from, to, year) {
    const found = this.seriesOf(kind, year);
    if (!found) return null;
    let column = found.index.get(from * this.size + to);
    if (column === undefined && !this.kinds.get(kind)?.directed) {
      column = found.index.get(to * this.size + from);
    }
    const value = column === undefined ? 0 : found.part.values[found.row][column];
    if (value) return scaledUp(found.part, value);
    if (this.isGap(kind, from, to, year)) return null;
    return (this.data.covered[kind] ?? []).includes(year) ? 0 : null;
  }

  /** @param {string} kind  @param {number} from  @param {number} to  @param {number} year */
  isGap(kind, from, to, year) {
    return (this.data.gaps[kind] ?? []).some(
      ([a, b, first, last]) =>
        (a === null || a === from) &&
        (b === null || b === to) &&
        (first === null || first <= year) &&
        (last === null || year <= last),
    );
  }

  /** @param {string} name  @param {number} node  @param {number} year */
  indicator(name, node, year) {
    return this.data.indicators[name]?.values[String(year)]?.[node] ?? null;
  }

  /**
   * Where a state stands by a measure; the balance by the reader's weights where there are any.
   * @param {string} measure
   * @param {number} node
   * @param {number} year
   * @returns {number | null}
   */
  score(measure, node, year) {
    if (measure === "balance" && this.isWeighted() && !this.data.poles.includes(node)) return this.#weighed(node, year);
    return this.scores.get(measure)?.values[String(year)]?.[node] ?? null;
  }

  isWeighted() {
    return Object.keys(this.weights).length > 0;
  }

  /** The weighted mean of the domains that a state has. @param {number} node @param {number} year */
  #weighed(node, year) {
    let [sum, whole] = [0, 0];
    for (const domain of this.domains) {
      const weight = this.weights[domain] ?? 1;
      const value = this.scores.get(domain)?.values[String(year)]?.[node] ?? null;
      if (value === null || !weight) continue;
      sum += weight * value;
      whole += weight;
    }
    return whole ? sum / whole : null;
  }

  /** The domains of the balance that have data in a year and count. @param {number} year */
  domainsIn(year) {
    return this.domains.filter((domain) => (this.weights[domain] ?? 1) > 0 && this.scores.get(domain)?.values[String(year)]);
  }

  /**
   * How much a depends on b.
   * @param {Kind} kind
   * @param {number} a
   * @param {number} b
   * @param {number} year
   */
  dependence(kind, a, b, year) {
    return this.matrix(kind, year)[a * this.size + b];
  }
}

/**
 * Two members are linked unless they belong only through one and the same bloc.
 * @param {number[] | undefined} first
 * @param {number[] | undefined} second
 */
export function linkedThrough(first, second) {
  return (first ?? []).some((a) => (second ?? []).some((b) => a === -1 || a !== b));
}

/**
 * A value of a series in its unit: the page keeps thousands or millions, no digit more than known.
 * @param {import("./types").Series} part
 * @param {number} value
 */
export function scaledUp(part, value) {
  return part.scale === 1 ? value : Number((value * part.scale).toPrecision(15));
}
