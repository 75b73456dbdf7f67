// The legend, which is also the filter: kinds, widths, colours and sizes, all to scale.

import { lineColour, poleColour } from "./colour.js";
import { byId, make, makeSvg } from "./dom.js";
import { heading, labelIn, say, showStrength } from "./i18n.js";
import { widthOf } from "./lines.js";
import { nameOf, nameWithin, scoreNote } from "./sentences.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./types").State} State */

/**
 * One check box per kind of tie.
 * @param {Model} model
 * @param {State} state
 * @param {import("./colour.js").Theme} theme
 * @param {(kinds: string[]) => void} change
 */
export function showKinds(model, state, theme, change) {
  const list = byId("kinds");
  const focused = document.activeElement?.id;
  list.replaceChildren();
  for (const group of ["dependency", "alignment", "context"]) {
    const kinds = [...model.kinds.values()].filter((kind) => kind.speaksOf === group);
    if (!kinds.length) continue;
    const rows = kinds.map((kind) => kindRow(model, state, theme, kind, change));
    list.append(make("fieldset", { class: "kinds" }, make("legend", {}, say(`group.${group}`)), ...rows));
  }
  if (focused?.startsWith("kind-")) document.getElementById(focused)?.focus();
}

/**
 * @param {Model} model @param {State} state @param {import("./colour.js").Theme} theme
 * @param {import("./types").Kind} kind @param {(kinds: string[]) => void} change
 */
function kindRow(model, state, theme, kind, change) {
  const box = make("input", { type: "checkbox", id: `kind-${kind.id}`, checked: state.kinds.includes(kind.id) });
  box.addEventListener("change", () => {
    const on = new Set(state.kinds);
    if (box.checked) on.add(kind.id);
    else on.delete(kind.id);
    change([...model.kinds.keys()].filter((id) => on.has(id)));
  });
  const swatch = makeSvg("svg", { width: 22, height: 12, "aria-hidden": "true", class: "swatch" },
    makeSvg("line", { x1: 1, x2: 21, y1: 6, y2: 6, stroke: lineColour(kind.colour, theme), "stroke-width": 4 }));
  const missing = !model.hasData(kind.id, state.year);
  const label = make("label", { for: `kind-${kind.id}`, title: kind.definition, class: missing ? "missing" : null }, swatch, heading(kind.labels));
  if (missing) label.append(make("span", { class: "tag" }, say("noDataIn", { year: state.year })));
  return make("div", { class: "kind" }, box, label);
}

/**
 * Lines as thick as they are drawn at this zoom, with what they stand for.
 * @param {Model} model
 * @param {State} state
 * @param {import("./colour.js").Theme} theme
 * @param {number} zoom
 */
export function showWidths(model, state, theme, zoom) {
  const seen = new Set();
  const rows = state.kinds.flatMap((id) => {
    const kind = model.kinds.get(id);
    if (!kind || seen.has(kind.scale.basis)) return [];
    seen.add(kind.scale.basis);
    const same = state.kinds.flatMap((other) => model.kinds.get(other) ?? []).filter((other) => other.scale.basis === kind.scale.basis);
    return [widthRow(kind, same, theme, zoom)];
  });
  byId("widths").replaceChildren(...rows);
  showStrip(model, state, theme, zoom);
}

/**
 * The widths of the first kind that is shown, close to the picture.
 * @param {Model} model @param {State} state @param {import("./colour.js").Theme} theme @param {number} zoom
 */
function showStrip(model, state, theme, zoom) {
  const kind = state.kinds.flatMap((id) => model.kinds.get(id) ?? []).find((one) => one.scale.basis !== "flag");
  const strip = byId("strip-width");
  strip.replaceChildren();
  if (!kind) return;
  strip.append(...samples(kind, theme, zoom), make("span", { class: "hint" }, say(`basis.${kind.scale.basis}.strip`, { kind: labelIn(kind.labels) })));
}

/** @param {import("./types").Kind} kind @param {import("./colour.js").Theme} theme @param {number} zoom */
function samples(kind, theme, zoom) {
  const { scale } = kind;
  const strengths = scale.basis === "flag" ? [1] : scale.samples;
  const height = Math.max(14, widthOf(scale, strengths[strengths.length - 1]) * zoom + 2);
  return strengths.map((sample) => {
    const width = widthOf(scale, sample) * zoom;
    const text = scale.basis === "flag" ? say("basis.flag.short") : showStrength(scale, sample);
    return make("span", { class: "sample" },
      makeSvg("svg", { width: 34, height, "aria-hidden": "true" },
        makeSvg("line", { x1: 0, x2: 34, y1: height / 2, y2: height / 2, stroke: lineColour(kind.colour, theme), "stroke-width": width })),
      text);
  });
}

/**
 * @param {import("./types").Kind} kind @param {import("./types").Kind[]} same
 * @param {import("./colour.js").Theme} theme @param {number} zoom
 */
function widthRow(kind, same, theme, zoom) {
  const { scale } = kind;
  const names = same.map((other) => labelIn(other.labels)).join(", ");
  const arrow = scale.basis === "share" || scale.basis === "gdp" ? make("p", { class: "hint" }, say("arrowMeans")) : null;
  return make("div", { class: "width" },
    make("p", { class: "hint" }, `${say(`basis.${scale.basis}.legend`)} (${names})`),
    make("div", { class: "samples" }, ...samples(kind, theme, zoom)), arrow);
}

/**
 * The scale of colours with its ends named, the hatch for unknown, and the measure's note.
 * @param {Model} model
 * @param {State} state
 */
export function showColours(model, state) {
  const [first, second] = model.data.poles.map((pole) => nameWithin(model, pole));
  const ends = model.data.poles.map((pole) => nameOf(model, pole));
  const steps = 21;
  const bar = makeSvg("svg", { viewBox: `0 0 ${steps} 1`, preserveAspectRatio: "none", class: "bar", role: "img", "aria-label": say("polesExplained", { first, second }) });
  for (let i = 0; i < steps; i += 1) {
    bar.append(makeSvg("rect", { x: i, y: 0, width: 1.05, height: 1, fill: poleColour(i / (steps - 1)) }));
  }
  const hatch = makeSvg("svg", { width: 16, height: 16, "aria-hidden": "true", class: "hatch" },
    makeSvg("circle", { cx: 8, cy: 8, r: 6.5 }),
    ...[-4, 0, 4].map((d) => makeSvg("line", { x1: 4 + d / 2, x2: 12 + d / 2, y1: 12 + d / 2, y2: 4 + d / 2 })));
  byId("colour-scale").replaceChildren(
    make("span", { "aria-hidden": "true" }, ends[0]), bar, make("span", { "aria-hidden": "true" }, ends[1]),
    make("span", { class: "unknown" }, hatch, " ", say("unknown")));
  byId("colour-note").textContent = scoreNote(model, state.colour, first, second);
}
