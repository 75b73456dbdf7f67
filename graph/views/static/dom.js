// Small helpers for the document. All text goes in as text: nothing here parses markup.

/**
 * Make an element; attributes whose value is null are left out.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number | boolean | null>} [attributes]
 * @param {...(Node | string | null)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child !== null) element.append(child);
  return element;
}

/**
 * @param {string} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {...Node} children
 * @returns {SVGElement}
 */
export function makeSvg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/**
 * An element that the template promises.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no element ${id}`);
  return element;
}

/**
 * A link to a source, or its plain text where the address is not https.
 * @param {string} text
 * @param {string} address
 * @returns {HTMLElement}
 */
export function outwardLink(text, address) {
  if (!/^https:\/\/[^\s]+$/.test(address)) return make("span", {}, text);
  return make("a", { href: address, rel: "noopener noreferrer external", target: "_blank" }, text);
}

/**
 * A button with text.
 * @param {string} text
 * @param {() => void} onClick
 * @param {Record<string, string | boolean | null>} [attributes]
 */
export function button(text, onClick, attributes = {}) {
  const element = make("button", { type: "button", ...attributes }, text);
  element.addEventListener("click", onClick);
  return element;
}

/** @param {string} text  Say something to screen readers. */
export function announce(text) {
  byId("live").textContent = text;
}
