// Which raw materials run between a state and a pole.

import { sourceLine } from "./blocks.js";
import { make } from "./dom.js";
import { heading, say } from "./i18n.js";
import { nameWithin, valueInUnit } from "./sentences.js";

/** @typedef {import("./model.js").Model} Model */

export const GOODS = "goods-trade";

/**
 * The largest of them both ways in a year, or nothing where none are known.
 * @param {Model} model @param {number} year @param {number} a @param {number} b
 */
export function productsBlock(model, year, a, b) {
  const { products } = model.data;
  const trade = model.kinds.get(GOODS);
  if (!products || !trade) return null;
  const parts = [[a, b], [b, a]].flatMap(([from, to]) => {
    const row = products.flows.find((flow) => flow[0] === from && flow[1] === to && flow[2] === year);
    if (!row) return [];
    const items = [];
    for (let i = 3; i < row.length; i += 2) {
      items.push(make("li", {}, `${heading(products.names[row[i]])}: ${valueInUnit(trade, row[i + 1])}`));
    }
    const names = { from: nameWithin(model, from), to: nameWithin(model, to), year };
    return [make("h4", {}, say("products.flow", names)), make("ul", { class: "sentences" }, ...items)];
  });
  if (!parts.length) return null;
  return make("section", { id: "products" }, make("h3", {}, say("products")), ...parts,
    make("p", { class: "hint" }, say("products.note", { count: products.followed })), sourceLine(model, [products.source]));
}
