// Ties as sentences, by the patterns that the ontology gives its kinds.

import { contracted, fillSentence, labelIn, say, sayIf, showAmount, showDate, showNumber, showStrength, spoken } from "./i18n.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./types").Kind} Kind */

/** @param {Model} model @param {number} node */
export function nameOf(model, node) {
  return labelIn(model.data.nodes[node].labels);
}

/**
 * A state's name inside a sentence: English says "the United States", Portuguese "a China".
 * @param {Model} model
 * @param {number} node
 */
export function nameWithin(model, node) {
  return articleOf(model.data.nodes[node].id) + nameOf(model, node);
}

/** @param {string} id @returns {string} the article of a state's name with its space, or nothing */
function articleOf(id) {
  for (const group of say("articles").split(";")) {
    const [article, codes = ""] = group.split(":");
    if (codes.split(" ").includes(id)) return `${article} `;
  }
  return "";
}

/**
 * A sentence begins with a capital letter.
 * @param {string} text
 */
export function capital(text) {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

/** @param {string} pattern @param {Record<string, string>} fields */
function sentenceOf(pattern, fields) {
  return capital(contracted(fillSentence(pattern, fields)));
}

/** @param {Model} model @param {number} entity */
export function entityName(model, entity) {
  return entity < 0 ? "" : labelIn(model.data.entities[entity].labels);
}

/** @param {Kind} kind */
export function unitName(kind) {
  return labelIn(kind.units) || kind.unit;
}

/**
 * @param {Kind} kind
 * @param {number} value
 */
export function showValue(kind, value) {
  return Math.abs(value) >= 10000 ? showAmount(value, true) : showNumber(value, 3);
}

/**
 * A value with its unit, outside of a sentence.
 * @param {Kind} kind
 * @param {number} value
 */
export function valueInUnit(kind, value) {
  return `${showValue(kind, value)}${spoken() === "zh" ? "" : " "}${unitName(kind)}`;
}

/**
 * A yearly tie.
 * @param {Model} model
 * @param {Kind} kind
 * @param {{from: number, to: number, year: number, value: number, via?: number, topic?: string}} tie
 */
export function yearlySentence(model, kind, tie) {
  return sentenceOf(labelIn(kind.sentences), {
    from: nameWithin(model, tie.from),
    to: nameWithin(model, tie.to),
    via: entityName(model, tie.via ?? -1),
    topic: tie.topic ?? "",
    role: "",
    value: showValue(kind, tie.value),
    unit: unitName(kind),
    year: String(tie.year),
    start: "",
    end: "",
  });
}

/** @param {readonly (string | number)[]} dates start, precision, end, precision */
function shownDates(dates) {
  const [start, startPrecision, end, endPrecision] = dates.map(String);
  return { start: showDate(start, startPrecision), end: showDate(end, endPrecision) };
}

/**
 * A state's membership of a body, or its part in an agreement.
 * @param {Model} model
 * @param {Kind} kind
 * @param {import("./types").Party} row
 */
export function partySentence(model, kind, row) {
  const role = model.data.roles[row[3]];
  const fields = {
    from: nameWithin(model, row[0]),
    to: entityName(model, row[1]),
    via: entityName(model, row[2]),
    role: role ? labelIn(role.labels) : "",
    topic: "",
    value: "",
    unit: "",
    year: "",
    ...shownDates(row.slice(4, 8)),
  };
  const text = sentenceOf(labelIn(role?.sentences ?? kind.sentences), fields);
  return row[2] < 0 ? text : `${text} ${say("throughBloc", { bloc: fields.via })}`;
}

/**
 * A tie between two states that holds for a time, or an event.
 * @param {Model} model
 * @param {Kind} kind
 * @param {import("./types").Direct} row
 */
export function directSentence(model, kind, row) {
  const role = model.data.roles[row[3]];
  return sentenceOf(labelIn(role?.sentences ?? kind.sentences), {
    from: nameWithin(model, row[0]),
    to: nameWithin(model, row[1]),
    via: entityName(model, row[2]),
    role: role ? labelIn(role.labels) : "",
    topic: row[4],
    value: "",
    unit: "",
    year: "",
    ...shownDates(row.slice(5, 9)),
  });
}

/**
 * That two states share a body or agreement.
 * @param {Model} model
 * @param {Kind} kind
 * @param {number} a
 * @param {number} b
 * @param {number} entity
 * @param {string} start
 */
export function sharedSentence(model, kind, a, b, entity, start) {
  return sentenceOf(labelIn(kind.sharedSentences), {
    from: nameWithin(model, a),
    to: nameWithin(model, b),
    via: entityName(model, entity),
    start,
    end: "",
  });
}

/**
 * What a width means in words: "31 % of Peru's goods trade".
 * @param {Model} model
 * @param {import("./types").Kind} kind
 * @param {number} of
 * @param {number} strength
 */
export function basisSentence(model, kind, of, strength) {
  const amount = showStrength(kind.scale, strength);
  return say(`basis.${kind.scale.basis}`, { amount, state: nameWithin(model, of), kind: labelIn(kind.labels) });
}

/**
 * What a measure is called; one that the page has no word for keeps the name of its card.
 * @param {Model} model
 * @param {string} id
 */
export function scoreName(model, id) {
  return sayIf(`score.${id}`) ?? model.scores.get(id)?.name ?? id;
}

/**
 * What a measure says, in a sentence.
 * @param {Model} model
 * @param {string} id
 * @param {string} first pole
 * @param {string} second pole
 */
export function scoreNote(model, id, first, second) {
  const method = model.data.methods?.find((item) => item.id === id);
  return sayIf(`score.${id}.note`, { first, second }) ?? method?.formula ?? "";
}
