// The colours of the scale between the poles, and those of the theme.

// ColorBrewer's RdBu with seven steps: told apart with every common colour blindness. The first
// pole is at the red end, the second at the blue one, balance in the light middle. Unknown is
// not on the scale at all: it is hatched.
const SCALE = [
  [178, 24, 43],
  [239, 138, 98],
  [253, 219, 199],
  [247, 247, 247],
  [209, 229, 240],
  [103, 169, 207],
  [33, 102, 172],
];

// Most states stand between a quarter and three quarters of the way, so that the colours leave
// the middle faster than the values do; the legend is drawn by the same rule and stays true.
const HASTE = 0.65;
const LIFT = 0.15;

/**
 * The colour at a part of the way from the first pole (0) to the second (1).
 * @param {number} part
 * @returns {string}
 */
export function poleColour(part) {
  const away = 2 * Math.min(1, Math.max(0, part)) - 1;
  const place = (0.5 + 0.5 * Math.sign(away) * Math.abs(away) ** HASTE) * (SCALE.length - 1);
  const low = Math.min(SCALE.length - 2, Math.floor(place));
  const rest = place - low;
  const mixed = SCALE[low].map((value, i) => Math.round(value + rest * (SCALE[low + 1][i] - value)));
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/**
 * @param {import("./types").Score | undefined} score
 * @param {number | null} value
 * @returns {string | null} null where there is no value
 */
export function scoreColour(score, value) {
  if (!score || value === null) return null;
  return poleColour((value - score.low) / (score.high - score.low));
}

/**
 * @typedef {object} Theme
 * @property {string} paper
 * @property {string} ink
 * @property {string} soft
 * @property {string} land
 * @property {string} sea
 * @property {string} rule
 * @property {string} unknown
 * @property {string} outline
 * @property {boolean} dark
 */

/**
 * The colours that the style sheet gives at this moment.
 * @returns {Theme}
 */
export function readTheme() {
  const style = getComputedStyle(document.documentElement);
  /** @param {string} name */
  const read = (name) => style.getPropertyValue(name).trim();
  return {
    paper: read("--paper"),
    ink: read("--ink"),
    soft: read("--soft"),
    land: read("--land"),
    sea: read("--sea"),
    rule: read("--rule"),
    unknown: read("--unknown"),
    outline: read("--outline"),
    dark: read("--dark") === "1",
  };
}

/**
 * A kind's colour on this paper: a little lighter in the dark, no more than leaves kinds apart.
 * @param {string} colour
 * @param {Theme} theme
 */
export function lineColour(colour, theme) {
  if (!theme.dark) return colour;
  const parts = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
  const lifted = parts.map((value) => Math.round(value + (255 - value) * LIFT));
  return `#${lifted.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}
