// Words, numbers and dates in the reader's language. Nothing here touches the document.

/** @type {Record<string, Record<string, string>>} */
let dictionaries = {};
let language = "en";

/**
 * @param {Record<string, Record<string, string>>} strings per language
 * @param {string} lang
 */
export function setLanguage(strings, lang) {
  dictionaries = strings;
  language = strings[lang] ? lang : "en";
}

/** @returns {string} the language now spoken */
export function spoken() {
  return language;
}

/**
 * A word or sentence of the page, its fields filled in.
 * @param {string} key
 * @param {Record<string, string | number>} [fields]
 * @returns {string}
 */
export function say(key, fields = {}) {
  const pattern = dictionaries[language]?.[key] ?? dictionaries.en?.[key] ?? key;
  return contracted(pattern.replace(/\{(\w+)\}/g, (_, name) => String(fields[name] ?? "")));
}

/**
 * Prepositions and articles as one word where the language joins them: "de a China", "da China".
 * @param {string} text
 * @returns {string}
 */
export function contracted(text) {
  const rules = dictionaries[language]?.contractions;
  if (!rules) return text;
  const joined = Object.fromEntries((rules.match(/\S+ \S+:\S+/g) ?? []).map((rule) => rule.split(":")));
  return text.replace(/(?<=^|\s)([Dd]e|[Ee]m|[Pp]or|[Aa]) (a|o|as|os) (?=\p{Lu})/gu, (found) => {
    const apart = found.trim();
    const word = joined[apart.toLowerCase()] ?? apart.toLowerCase();
    return `${apart[0] === apart[0].toLowerCase() ? word : word[0].toUpperCase() + word.slice(1)} `;
  });
}

/**
 * As `say`, or null where the page has no such words.
 * @param {string} key
 * @param {Record<string, string | number>} [fields]
 * @returns {string | null}
 */
export function sayIf(key, fields = {}) {
  return dictionaries.en?.[key] === undefined ? null : say(key, fields);
}

/**
 * A label in the reader's language, else in English, else whatever there is.
 * @param {import("./types").Labels} labels
 * @returns {string}
 */
export function labelIn(labels) {
  return labels[language] ?? labels.en ?? Object.values(labels)[0] ?? "";
}

/**
 * The same with a capital letter, for headings and lists.
 * @param {import("./types").Labels} labels
 * @returns {string}
 */
export function heading(labels) {
  const text = labelIn(labels);
  return text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
}

/**
 * A pattern of the ontology with its fields: `[field?a|b]` says a where the field is known.
 * @param {string} pattern
 * @param {Record<string, string>} fields
 * @returns {string}
 */
export function fillSentence(pattern, fields) {
  const chosen = pattern.replace(
    /\[(\w+)\?([^[\]|]*)(?:\|([^[\]]*))?\]/g,
    (_, name, yes, no) => (fields[name] ? yes : no) ?? "",
  );
  return chosen.replace(/\{(\w+)\}/g, (_, name) => fields[name] ?? "");
}

/** @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();

/**
 * @param {string} key
 * @param {Intl.NumberFormatOptions} options
 * @returns {Intl.NumberFormat}
 */
function formatter(key, options) {
  const name = `${language} ${key}`;
  let found = formats.get(name);
  if (!found) {
    found = new Intl.NumberFormat(language, options);
    formats.set(name, found);
  }
  return found;
}

/**
 * A number with at most `digits` significant digits.
 * @param {number} value
 * @param {number} [digits]
 */
export function showNumber(value, digits = 3) {
  if (Math.abs(value) >= 10 ** digits) digits = 15;
  const text = formatter(`n${digits}`, { maximumSignificantDigits: digits }).format(
    digits === 15 ? Math.round(value) : value,
  );
  return text.replace("-", "\u2212");
}

/**
 * A percentage: two significant digits below ten, three above.
 * @param {number} value
 */
export function showPercent(value) {
  const digits = Math.abs(value) < 10 ? 2 : 3;
  return formatter(`p${digits}`, { style: "percent", maximumSignificantDigits: digits }).format(value / 100);
}

/**
 * A strength in the terms of its kind: a percentage, or a plain number.
 * @param {import("./types").Scale} scale
 * @param {number} strength
 */
export function showStrength(scale, strength) {
  return scale.basis === "count" || scale.basis === "flag" ? showNumber(strength) : showPercent(strength);
}

/**
 * A large amount in words of its magnitude: 39.1 billion. Where its unit follows, Spanish and
 * Portuguese say "de" after millions.
 * @param {number} value
 * @param {boolean} [unitFollows]
 */
export function showAmount(value, unitFollows = false) {
  const options = /** @type {const} */ ({
    notation: "compact",
    compactDisplay: "long",
    maximumSignificantDigits: 3,
  });
  const text = formatter("amount", options).format(value);
  const joined = (language === "es" || language === "pt") && /(?:ón|ones|ão|ões)$/.test(text);
  return unitFollows && joined ? `${text} de` : text;
}

/**
 * A date as precise as it is known.
 * @param {string} day
 * @param {string} precision
 */
export function showDate(day, precision) {
  if (!day) return "";
  return day.slice(0, precision === "year" ? 4 : precision === "month" ? 7 : 10);
}

/**
 * Several names in a row.
 * @param {string[]} names
 */
export function listed(names) {
  return names.join(say("separator"));
}

/**
 * Text without accents or case, for searching.
 * @param {string} text
 */
export function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
