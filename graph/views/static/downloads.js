// What the reader takes away: the picture, what is shown, the page's data, a link, embed code.

import { lineColour, poleColour } from "./colour.js";
import { labelIn, say, showStrength } from "./i18n.js";
import { labelFont } from "./labels.js";
import { widthOf } from "./lines.js";
import { drawBackground, drawHeadings } from "./backdrop.js";
import { drawLabels, labelsOf, labelSizeOf } from "./naming.js";
import { drawDots, drawLines } from "./scene.js";
import { nameOf, scoreName } from "./sentences.js";
import { SvgContext } from "./svg.js";
import { lineRows } from "./table.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./scene.js").Picture} Picture */
/** @typedef {import("./colour.js").Theme} Theme */
/** @typedef {import("./scene.js").Pen} Pen */

const HEAD = 64;
const HEADLINE = 20;
const LINE = 15;
const PNG_SCALE = 3;

/**
 * Hand a file to the reader.
 * @param {string} name
 * @param {Blob} blob
 */
export function save(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/**
 * The picture with its title, legend and sources, drawn with any pen.
 * @param {(width: number, height: number) => Pen} open
 * @param {Model} model
 * @param {Picture} picture
 * @param {Theme} theme
 * @param {{title: string, headline: string, subtitle: string}} words
 * @returns {{pen: Pen, width: number, height: number}}
 */
export function drawPoster(open, model, picture, theme, words) {
  const width = picture.frame.width;
  const measure = new SvgContext(1, 1);
  const foot = footLines(model, picture, measure, width - 32);
  const legend = legendHeight(picture);
  const told = wrapped(words.headline, measure, labelFont(14, false), width - 32);
  const top = HEAD + told.length * HEADLINE;
  const height = top + picture.frame.height + legend + foot.length * LINE + 20;
  const pen = open(width, height);
  pen.fillStyle = theme.paper;
  pen.fillRect(0, 0, width, height);
  const centred = shifted(pen, width / 2, top + picture.frame.height / 2);
  drawBackground(centred, model, picture, theme);
  drawLines(centred, picture, theme);
  drawDots(centred, picture, theme);
  // The land of a map that is cut to its states may reach beyond the picture.
  pen.fillStyle = theme.paper;
  pen.fillRect(0, 0, width, top);
  pen.fillRect(0, top + picture.frame.height, width, height - top - picture.frame.height);
  drawHeadings(centred, model, picture, theme);
  drawPosterHead(pen, theme, words.title, told, words.subtitle);
  const middle = { x: width / 2, y: picture.frame.height / 2 };
  /** @param {string} text @param {string} font */
  const widthOfText = (text, font) => {
    measure.font = font;
    return measure.measureText(text).width;
  };
  const labels = labelsOf(model, picture, widthOfText, { scale: 1, middle });
  drawLabels(shifted(pen, 0, top), labels, theme, labelSizeOf(picture));
  drawLegend(pen, model, picture, theme, top + picture.frame.height);
  drawFoot(pen, theme, foot, top + picture.frame.height + legend + 8);
  return { pen, width, height };
}

/** @param {Pen} pen @param {Theme} theme @param {string} title @param {string[]} told @param {string} subtitle */
function drawPosterHead(pen, theme, title, told, subtitle) {
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  pen.fillStyle = theme.ink;
  pen.font = labelFont(18, true);
  pen.fillText(title, 16, 24);
  pen.font = labelFont(14, false);
  told.forEach((text, row) => pen.fillText(text, 16, 48 + row * HEADLINE));
  pen.fillStyle = theme.soft;
  pen.font = labelFont(12, false);
  pen.fillText(subtitle, 16, 47 + told.length * HEADLINE);
}

/** The kinds with a line of each sample width. @param {Picture} picture */
function legendHeight(picture) {
  return 44 + 22 * shownKinds(picture).length;
}

/** @param {Picture} picture */
function shownKinds(picture) {
  return [...new Map(picture.lines.map(({ line }) => [line.kind.id, line.kind])).values()];
}

/** @param {Pen} pen @param {Model} model @param {Picture} picture @param {Theme} theme @param {number} top */
function drawLegend(pen, model, picture, theme, top) {
  const steps = 42;
  for (let i = 0; i < steps; i += 1) {
    pen.fillStyle = poleColour(i / (steps - 1));
    pen.fillRect(16 + i * 5, top + 10, 5.3, 10);
  }
  pen.fillStyle = theme.ink;
  pen.font = labelFont(11, false);
  pen.textBaseline = "middle";
  const [first, second] = model.data.poles.map((pole) => nameOf(model, pole));
  pen.textAlign = "left";
  pen.fillText(first, 16, top + 30);
  pen.textAlign = "right";
  pen.fillText(second, 16 + steps * 5, top + 30);
  pen.textAlign = "left";
  pen.fillText(`${scoreName(model, picture.state.colour)} · ${say("unknownHatched")}`, 240, top + 15);
  shownKinds(picture).forEach((kind, row) => drawKind(pen, kind, theme, top + 50 + row * 22));
}

/** @param {Pen} pen @param {import("./types").Kind} kind @param {Theme} theme @param {number} y */
function drawKind(pen, kind, theme, y) {
  let x = 16;
  pen.strokeStyle = lineColour(kind.colour, theme);
  for (const sample of kind.scale.basis === "flag" ? [] : kind.scale.samples) {
    pen.lineWidth = widthOf(kind.scale, sample);
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(x + 28, y);
    pen.stroke();
    pen.fillStyle = theme.ink;
    pen.fillText(showStrength(kind.scale, sample), x + 33, y);
    x += 74;
  }
  if (kind.scale.basis === "flag") {
    pen.lineWidth = widthOf(kind.scale, 1);
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(x + 28, y);
    pen.stroke();
  }
  pen.fillStyle = theme.ink;
  pen.fillText(`${labelIn(kind.labels)}: ${say(`basis.${kind.scale.basis}.legend`)}`, 240, y);
}

/** @param {Model} model @param {Picture} picture @param {SvgContext} measure @param {number} room */
function footLines(model, picture, measure, room) {
  const numbers = new Set(model.scores.get(picture.state.colour)?.sources ?? []);
  for (const kind of shownKinds(picture)) {
    const found = model.seriesOf(kind.id, picture.state.year);
    if (found) numbers.add(found.part.source);
    for (const row of model.data.parties[kind.id] ?? []) numbers.add(row[9]);
  }
  const sources = [...numbers].map((number) => model.data.sources[number]).map((source) => `${source.publisher || source.title} (${source.licence})`);
  const text = `${say("sources")}: ${[...new Set(sources)].join("; ")}. ${say("graphDate", { date: model.data.date })}`;
  return wrapped(text, measure, labelFont(11, false), room);
}

/** @param {string} text @param {SvgContext} measure @param {string} font @param {number} room @returns {string[]} */
function wrapped(text, measure, font, room) {
  measure.font = font;
  /** @type {string[]} */
  const lines = [];
  for (const word of text ? text.split(" ") : []) {
    const last = lines.at(-1);
    if (last !== undefined && measure.measureText(`${last} ${word}`).width < room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** @param {Pen} pen @param {Theme} theme @param {string[]} lines @param {number} top */
function drawFoot(pen, theme, lines, top) {
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  pen.fillStyle = theme.soft;
  pen.font = labelFont(11, false);
  lines.forEach((text, row) => pen.fillText(text, 16, top + row * LINE + 6));
}

/**
 * A pen whose origin lies elsewhere, without asking the pen for transforms.
 * @param {Pen} pen
 * @param {number} dx
 * @param {number} dy
 * @returns {Pen}
 */
function shifted(pen, dx, dy) {
  const moves = new Set(["moveTo", "lineTo", "bezierCurveTo", "arc", "fillRect", "fillText", "strokeText"]);
  /** @type {any} */
  const target = pen;
  return new Proxy(target, {
    get(_, name) {
      const value = target[name];
      if (typeof value !== "function") return value;
      if (!moves.has(String(name))) return value.bind(target);
      return (/** @type {any[]} */ ...given) => value.apply(target, moved(String(name), given, dx, dy));
    },
    set(_, name, value) {
      target[name] = value;
      return true;
    },
  });
}

/** @param {string} name @param {any[]} given @param {number} dx @param {number} dy */
function moved(name, given, dx, dy) {
  if (name === "bezierCurveTo") return given.map((value, i) => value + (i % 2 ? dy : dx));
  const at = name.endsWith("Text") ? 1 : 0;
  return given.map((value, i) => (i === at ? value + dx : i === at + 1 ? value + dy : value));
}

/**
 * @param {Model} model @param {Picture} picture @param {Theme} theme
 * @param {{title: string, headline: string, subtitle: string}} words
 */
export function svgText(model, picture, theme, words) {
  const { pen } = drawPoster((w, h) => new SvgContext(w, h), model, picture, theme, words);
  return /** @type {SvgContext} */ (pen).text(words.title);
}

/**
 * @param {Model} model @param {Picture} picture @param {Theme} theme
 * @param {{title: string, headline: string, subtitle: string}} words
 * @returns {Promise<Blob>}
 */
export function pngBlob(model, picture, theme, words) {
  const canvas = document.createElement("canvas");
  drawPoster((width, height) => {
    canvas.width = width * PNG_SCALE;
    canvas.height = height * PNG_SCALE;
    const pen = canvas.getContext("2d");
    if (!pen) throw new Error("this browser draws no canvas");
    pen.scale(PNG_SCALE, PNG_SCALE);
    return pen;
  }, model, picture, theme, words);
  return new Promise((done, fail) => {
    canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("no picture"))), "image/png");
  });
}

/**
 * A cell for a spreadsheet: quoted where needed, and never a formula.
 * @param {string | number | null} value
 */
export function csvCell(value) {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const safe = /^[\s]*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) || safe !== value ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/**
 * What is drawn, as CSV with the year, values, units and sources.
 * @param {Model} model
 * @param {Picture} picture
 */
export function csvText(model, picture) {
  const { year, colour } = picture.state;
  const head = ["from", "from_name", "to", "to_name", "kind", "year", "strength", "strength_basis", "value_from_to", "value_to_from", "unit", "source", `${colour}_from`, `${colour}_to`];
  const rows = lineRows(model, picture).map((row) => [
    model.data.nodes[row.from].id, nameOf(model, row.from), model.data.nodes[row.to].id, nameOf(model, row.to),
    row.kind.id, year, Number(row.strength.toPrecision(4)), row.kind.scale.basis, row.forth, row.back,
    row.kind.unit, row.source, model.score(colour, row.from, year), model.score(colour, row.to, year),
  ]);
  return [head, ...rows].map((row) => row.map(csvCell).join(",")).join("\r\n") + "\r\n";
}

/**
 * The page's data without what only draws it.
 * @param {Model} model
 */
export function jsonText(model) {
  const { network: _network, strings: _strings, layouts: _layouts, ...facts } = model.data;
  return JSON.stringify(facts, null, 1);
}

/** @param {string} title */
export function embedCode(title) {
  const address = location.href.replace(/&/g, "&amp;").replace(/"/g, "&quot;");
  const name = title.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
  return `<iframe src="${address}" title="${name}" width="100%" height="720" style="border:0" sandbox="allow-scripts allow-downloads allow-popups"></iframe>`;
}
