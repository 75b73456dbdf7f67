// The same content as rows: the text alternative of the picture, sortable and filterable.

import { byId, button, make } from "./dom.js";
import { folded, heading, labelIn, say, showNumber, showStrength } from "./i18n.js";
import { nameOf, unitName } from "./sentences.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./scene.js").Picture} Picture */
/** @typedef {{cells: (string | number | null)[], open: () => void}} Row */

const STRENGTH = 3;
let sorted = { column: STRENGTH, down: true };

/**
 * The lines of the picture as rows, for the table and the CSV.
 * @param {Model} model
 * @param {Picture} picture
 * @returns {{from: number, to: number, kind: import("./types").Kind, strength: number, forth: number | null, back: number | null, source: string}[]}
 */
export function lineRows(model, picture) {
  const { year } = picture.state;
  return picture.lines.map(({ line }) => {
    const yearly = line.kind.temporality === "yearly";
    const found = yearly ? model.seriesOf(line.kind.id, year) : null;
    return {
      from: line.from,
      to: line.to,
      kind: line.kind,
      strength: line.strength,
      forth: yearly ? model.value(line.kind.id, line.from, line.to, year) : null,
      back: yearly && line.kind.directed ? model.value(line.kind.id, line.to, line.from, year) : null,
      source: found ? model.data.sources[found.part.source].id : "",
    };
  }).reverse();
}

/**
 * @param {Model} model
 * @param {Picture} picture
 * @param {(a: number, b: number) => void} open
 */
export function showTable(model, picture, open) {
  const body = byId("table-body");
  const wanted = folded(/** @type {HTMLInputElement} */ (byId("table-filter")).value);
  const rows = lineRows(model, picture).filter((row) =>
    !wanted || folded(`${nameOf(model, row.from)} ${nameOf(model, row.to)} ${labelIn(row.kind.labels)}`).includes(wanted));
  const keyed = rows.map((row) => ({ row, cells: cellsOf(model, row) }));
  keyed.sort((a, b) => compare(a.cells[sorted.column], b.cells[sorted.column]) * (sorted.down ? -1 : 1));
  drawHead(model, picture, open);
  body.replaceChildren(...keyed.map(({ row, cells }) => make("tr", {},
    make("th", { scope: "row" }, button(String(cells[0]), () => open(row.from, row.to), { class: "link" })),
    ...cells.slice(1).map((cell, i) => make("td", { class: typeof cell === "number" ? "number" : null },
      i === STRENGTH - 1 ? strengthText(row.kind.scale, row.strength) : shown(cell))))));
  byId("table-caption").textContent = say("table.caption", { count: keyed.length, year: picture.state.year });
}

/** @param {import("./types").Scale} scale @param {number} strength */
function strengthText(scale, strength) {
  return say(`basis.${scale.basis}.cell`, { amount: showStrength(scale, strength) });
}

/** @param {string | number | null} cell */
function shown(cell) {
  if (cell === null) return "–";
  return typeof cell === "number" ? showNumber(cell, 3) : cell;
}

/** @param {string | number | null} a @param {string | number | null} b */
function compare(a, b) {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
}

/** @param {Model} model @param {ReturnType<typeof lineRows>[number]} row */
function cellsOf(model, row) {
  return [
    nameOf(model, row.from), nameOf(model, row.to), heading(row.kind.labels), row.strength,
    row.forth, row.back,
    row.kind.unit ? unitName(row.kind) : "", sourceName(model, row.source),
  ];
}

/** @param {Model} model @param {string} id */
function sourceName(model, id) {
  const source = model.data.sources.find((one) => one.id === id);
  return source ? source.publisher || source.title : "";
}

const COLUMNS = ["state", "partner", "kind", "strength", "forth", "back", "unit", "source"];

/** @param {Model} model @param {Picture} picture @param {(a: number, b: number) => void} open */
function drawHead(model, picture, open) {
  byId("table-head").replaceChildren(...COLUMNS.map((name, column) => {
    const on = sorted.column === column;
    const direction = on ? (sorted.down ? "descending" : "ascending") : "none";
    const sort = button(`${say(`table.${name}`)}${on ? (sorted.down ? " ↓" : " ↑") : ""}`, () => {
      sorted = { column, down: on ? !sorted.down : column >= 3 };
      showTable(model, picture, open);
      /** @type {HTMLElement | null} */ (byId("table-head").querySelectorAll("button")[column])?.focus();
    });
    return make("th", { scope: "col", "aria-sort": direction }, sort);
  }));
}
