// Find a country: a combobox over names in every language of the page, codes too.

import { byId, make } from "./dom.js";
import { folded, say } from "./i18n.js";
import { nameOf } from "./sentences.js";

const SHOWN = 8;

/**
 * States whose name or code matches, those that begin with the words first.
 * @param {import("./model.js").Model} model
 * @param {string} words
 * @returns {number[]}
 */
export function findStates(model, words) {
  const wanted = folded(words.trim());
  if (!wanted) return [];
  return model.data.nodes
    .map((node, number) => {
      const names = [...Object.values(node.labels), ...(node.aka ?? []), node.id].map(folded);
      const rank = names.some((name) => name.startsWith(wanted)) ? 0 : names.some((name) => name.includes(wanted)) ? 1 : 2;
      return { number, rank };
    })
    .filter(({ rank }) => rank < 2)
    .sort((a, b) => a.rank - b.rank || nameOf(model, a.number).localeCompare(nameOf(model, b.number)))
    .slice(0, SHOWN)
    .map(({ number }) => number);
}

/**
 * @param {import("./model.js").Model} model
 * @param {(node: number) => void} choose
 */
export function setUpSearch(model, choose) {
  const input = /** @type {HTMLInputElement} */ (byId("search"));
  const list = byId("search-list");
  /** @type {number[]} */
  let found = [];
  let active = -1;

  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  /** @param {number} node */
  const take = (node) => {
    input.value = "";
    close();
    choose(node);
  };
  const draw = () => {
    found = findStates(model, input.value);
    list.replaceChildren(...found.map((node, i) => {
      const option = make("li", { role: "option", id: `option-${i}`, "aria-selected": i === active ? "true" : "false" }, nameOf(model, node));
      option.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        take(node);
      });
      return option;
    }));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    if (active >= 0) input.setAttribute("aria-activedescendant", `option-${active}`);
    byId("search-note").textContent = input.value.trim() && !found.length ? say("noMatch") : "";
  };

  input.addEventListener("input", () => {
    active = -1;
    draw();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      input.value = "";
      close();
    } else if (event.key === "Enter" && found.length) {
      event.preventDefault();
      take(found[Math.max(0, active)]);
    } else if (found.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      active = (active + step + found.length) % found.length;
      draw();
    }
  });
  input.addEventListener("blur", close);
}
