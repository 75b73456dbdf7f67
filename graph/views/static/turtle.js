// The page's data as Turtle, with the IRIs and the terms of the graph itself.

import { scaledUp } from "./model.js";

/** @typedef {import("./model.js").Model} Model */

const XSD = "http://www.w3.org/2001/XMLSchema#";
const DCTERMS = "http://purl.org/dc/terms/";

/** A segment of an IRI, percent-encoded. @param {string} text */
export function slug(text) {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** @param {string} text */
export function literal(text) {
  const safe = text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n").replace(/\r/g, "\\r");
  return `"${safe}"`;
}

/** @param {string} base @param {string} path */
function iri(base, path) {
  return `<${base}${path}>`;
}

/** @param {number} value as the graph writes it: whole, or at most six decimals */
export function numeral(value) {
  const rounded = Number(value.toFixed(6));
  if (Number.isInteger(rounded)) return `"${rounded}"^^xsd:integer`;
  return `"${rounded.toFixed(6).replace(/0+$/, "")}"^^xsd:decimal`;
}

/** @param {string} day */
function date(day) {
  return `"${day}"^^xsd:date`;
}

/** @param {string} reference */
function referenceTerm(reference) {
  return /^https?:\/\//.test(reference) && !/[\u0000-\u0020<>"{}|\\^`]/.test(reference) ? `<${reference}>` : literal(reference);
}

/**
 * Predicates and objects of a subject, without those that have no object.
 * @param {string} subject
 * @param {[string, string | null][]} pairs
 */
function block(subject, pairs) {
  const given = pairs.filter(([, object]) => object !== null).map(([predicate, object]) => `${predicate} ${object}`);
  return `${subject} ${given.join(" ;\n    ")} .\n`;
}

/**
 * @param {Model} model
 * @returns {string}
 */
export function turtleText(model) {
  const { terms, series } = model.data;
  const rounded = series.some((part) => part.digits < 10);
  const head = [
    "# Ties between states, from a page of geoties.",
    `# As known on ${model.data.date}. Membership through a bloc is computed and not repeated here.`,
    ...(rounded ? ["# Values are rounded to four significant digits; the graph holds them in full."] : []),
    ...smallest(model),
    `@prefix gt: <${terms.ontology}> .`,
    `@prefix dcterms: <${DCTERMS}> .`,
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .",
    `@prefix xsd: <${XSD}> .`,
    "",
  ].join("\n");
  return [head, ...entityBlocks(model), ...yearlyBlocks(model), ...partyBlocksOf(model), ...directTies(model)].join("\n");
}

/** What is left out, as in the graph's own Turtle. @param {Model} model */
function smallest(model) {
  return [...model.kinds.values()].filter((kind) => kind.graphMinimum).map((kind) =>
    `# Left out, as in the graph: ${kind.id} below ${kind.graphMinimum} ${kind.unit}.`);
}

/** @param {Model} model */
function entityBlocks(model) {
  const { terms, nodes, entities, sources } = model.data;
  const places = nodes.map((node) => ({ path: `state/${node.id}`, kind: node.kind, labels: node.labels }));
  const others = entities.map((entity) => ({ path: entity.id, kind: entity.kind, labels: entity.labels }));
  const named = sources.map((source) => ({ path: `source/${source.id}`, kind: "source", labels: { en: source.title } }));
  return [...places, ...others, ...named].filter((item) => terms.classes[item.kind]).map((item) =>
    block(iri(terms.base, item.path), [
      ["a", `gt:${terms.classes[item.kind]}`],
      ["rdfs:label", Object.entries(item.labels).map(([language, label]) => `${literal(label)}@${language}`).join(", ")],
    ]));
}

/** @param {Model} model */
function yearlyBlocks(model) {
  const { terms, series, nodes, sources } = model.data;
  return series.flatMap((part) => part.years.flatMap((year, row) => part.values[row].flatMap((value, column) => {
    const least = model.kinds.get(part.kind)?.graphMinimum ?? 0;
    if (!value || value * part.scale < least) return [];
    const [from, to] = [part.pairs[2 * column], part.pairs[2 * column + 1]].map((node) => nodes[node].id);
    const kind = model.kinds.get(part.kind);
    const source = sources[part.source].id;
    const path = `${part.keyed ? "tie" : "sum"}/${part.kind}/${source}/${from}-${to}-${year}`;
    return block(iri(terms.base, path), [
      ["a", `gt:${kind?.className}`],
      ["gt:from", iri(terms.base, `state/${from}`)],
      ["gt:to", iri(terms.base, `state/${to}`)],
      ["gt:year", `"${year}"^^xsd:integer`],
      ["gt:value", numeral(scaledUp(part, value))],
      ["gt:unit", kind?.unitPath ? iri(terms.base, kind.unitPath) : null],
      ["dcterms:source", iri(terms.base, `source/${source}`)],
    ]);
  })));
}

/**
 * What a dated row says besides its ends.
 * @param {Model} model
 * @param {number} role @param {readonly (string | number)[]} dates @param {number} source @param {string} reference
 * @returns {[string, string | null][]}
 */
function datedPairs(model, role, dates, source, reference) {
  const { terms, roles, sources } = model.data;
  const [start, startPrecision, end, endPrecision, observed] = dates.map(String);
  /** @param {string} precision */
  const precise = (precision) => (terms.precisions[precision] ? `gt:${terms.precisions[precision]}` : null);
  return [
    ["gt:role", roles[role]?.term ? `gt:${roles[role].term}` : null],
    ["gt:start", start ? date(start) : null],
    ["gt:startPrecision", precise(startPrecision)],
    ["gt:end", end ? date(end) : null],
    ["gt:endPrecision", precise(endPrecision)],
    ["gt:observedTo", observed ? date(observed) : null],
    ["dcterms:references", reference ? referenceTerm(reference) : null],
    ["dcterms:source", iri(terms.base, `source/${sources[source].id}`)],
  ];
}

/** @param {Model} model */
function partyBlocksOf(model) {
  const { terms, nodes, entities, sources } = model.data;
  return Object.entries(model.data.parties).flatMap(([kind, rows]) => rows.filter((row) => row[2] < 0 && row[11]).map((row) =>
    block(iri(terms.base, `tie/${kind}/${sources[row[9]].id}/${slug(row[11])}`), [
      ["a", `gt:${model.kinds.get(kind)?.className}`],
      ["gt:from", iri(terms.base, `state/${nodes[row[0]].id}`)],
      ["gt:to", iri(terms.base, entities[row[1]].id)],
      ...datedPairs(model, row[3], row.slice(4, 9), row[9], row[10]),
    ])));
}

/** @param {Model} model */
function directTies(model) {
  const { terms, nodes, entities, sources } = model.data;
  return Object.entries(model.data.direct).flatMap(([kind, rows]) => rows.map((row) =>
    block(iri(terms.base, `tie/${kind}/${sources[row[10]].id}/${slug(row[12])}`), [
      ["a", `gt:${model.kinds.get(kind)?.className}`],
      ["gt:from", iri(terms.base, `state/${nodes[row[0]].id}`)],
      ["gt:to", iri(terms.base, `state/${nodes[row[1]].id}`)],
      ["gt:via", row[2] < 0 ? null : iri(terms.base, entities[row[2]].id)],
      ["gt:topic", row[4] ? literal(row[4]) : null],
      ...datedPairs(model, row[3], row.slice(5, 10), row[10], row[11]),
    ])));
}
