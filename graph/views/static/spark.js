// Small lines of a value over the years, with a gap where it is not known.

import { makeSvg } from "./dom.js";

const WIDTH = 96;
const HEIGHT = 24;
const PAD = 3;

/**
 * @param {number[]} years
 * @param {(number | null)[]} values one per year, null where not known
 * @param {number} year the one to mark
 * @param {string} description for those who do not see it
 * @param {[number, number]} [range] of the scale; from zero to the largest value without it
 * @returns {SVGElement}
 */
export function sparkline(years, values, year, description, range) {
  const known = values.filter((value) => value !== null);
  const [low, high] = range ?? [0, Math.max(...known, 0) || 1];
  /** @param {number} i */
  const x = (i) => PAD + (i / Math.max(1, years.length - 1)) * (WIDTH - 2 * PAD);
  /** @param {number} value */
  const y = (value) => HEIGHT - PAD - ((value - low) / (high - low || 1)) * (HEIGHT - 2 * PAD);
  let path = "";
  let open = false;
  values.forEach((value, i) => {
    if (value === null) {
      open = false;
      return;
    }
    path += `${open ? "L" : "M"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
    if (!open && (i + 1 >= values.length || values[i + 1] === null)) path += "h0.1";
    open = true;
  });
  const chart = makeSvg("svg", {
    class: "spark", width: WIDTH, height: HEIGHT, viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": description,
  });
  chart.append(makeSvg("path", { d: path, fill: "none" }));
  const place = years.indexOf(year);
  const now = values[place];
  if (place >= 0 && now !== null && now !== undefined) {
    chart.append(makeSvg("circle", { cx: x(place), cy: y(now), r: 2.6 }));
  }
  return chart;
}
