// Memberships and agreements of a state, as its sources claim them.

import { claimsOf } from "./claims.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./types").Kind} Kind */
/** @typedef {import("./types").Party} Party */

const SUSPENDED = "suspended";

/**
 * What is claimed of a state's ties with bodies or agreements, told for a day.
 * @param {Model} model @param {Kind} kind @param {number} node @param {string} day
 * @param {(row: Party) => boolean} [wanted]
 */
export function partyClaims(model, kind, node, day, wanted = () => true) {
  const rows = (model.data.parties[kind.id] ?? []).filter((row) => row[0] === node);
  /** @param {Party} row */
  const suspensions = (row) => rows.filter((other) =>
    other[1] === row[1] && other !== row && model.data.roles[other[3]]?.id === SUSPENDED);
  return claimsOf(rows.filter(wanted), 4, (row) => row.slice(1, 4).join(" "), day, (source) => model.data.sources[source].order, suspensions);
}
