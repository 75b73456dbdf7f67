// The page's address holds what the reader has chosen, so that it can be handed on and opened again.

const AT_ONCE = 20;
const SPAN = 10_000;
const REST = 400;

/**
 * Writes the address, at once while that is seldom: browsers refuse a hundred changes in half a
 * minute, which the dragging of a slider makes in seconds; then when the reader rests.
 */
export class Address {
  constructor() {
    this.hash = "";
    /** @type {number[]} when it was last written */
    this.times = [];
    this.timer = 0;
  }

  /** @param {string} hash without its # */
  keep(hash) {
    this.hash = hash;
    clearTimeout(this.timer);
    this.times = this.times.filter((time) => performance.now() - time < SPAN);
    if (this.times.length < AT_ONCE) this.#write();
    else this.timer = window.setTimeout(() => this.#write(), REST);
  }

  #write() {
    if (location.hash === `#${this.hash}`) return;
    this.times.push(performance.now());
    try {
      history.replaceState(null, "", `#${this.hash}`);
    } catch {
      // A sandboxed frame has no address to keep the state in; the page works without.
    }
  }

  /** The whole address, with what was chosen last. */
  link() {
    return `${location.href.split("#")[0]}#${this.hash}`;
  }
}
