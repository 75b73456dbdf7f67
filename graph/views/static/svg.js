// The few canvas calls that the scene uses, written as SVG: one drawing routine, two outputs.

/** @param {number} value */
function short(value) {
  return String(Math.round(value * 100) / 100);
}

/** @param {string} text */
export function escapeXml(text) {
  const clean = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
  return clean.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Stands in for a CanvasRenderingContext2D; `text()` gives the document. */
export class SvgContext {
  /**
   * @param {number} width
   * @param {number} height
   */
  constructor(width, height) {
    this.width = width;
    this.height = height;
    this.fillStyle = "#000";
    this.strokeStyle = "#000";
    this.lineWidth = 1;
    this.globalAlpha = 1;
    this.font = "12px sans-serif";
    this.textAlign = "left";
    this.textBaseline = "alphabetic";
    this.lineJoin = "miter";
    this.lineCap = "butt";
    /** @type {string[]} */
    this.parts = [];
    this.path = "";
    this.dash = "";
    this.measure = document.createElement("canvas").getContext("2d");
  }

  beginPath() {
    this.path = "";
  }

  /** @param {number} x @param {number} y */
  moveTo(x, y) {
    this.path += `M${short(x)} ${short(y)}`;
  }

  /** @param {number} x @param {number} y */
  lineTo(x, y) {
    this.path += `L${short(x)} ${short(y)}`;
  }

  /** @param {number} a @param {number} b @param {number} c @param {number} d @param {number} x @param {number} y */
  bezierCurveTo(a, b, c, d, x, y) {
    this.path += `C${[a, b, c, d, x, y].map(short).join(" ")}`;
  }

  /** A whole circle; the scene draws no other arcs. @param {number} x @param {number} y @param {number} r */
  arc(x, y, r) {
    const size = short(r);
    this.path += `M${short(x - r)} ${short(y)}a${size} ${size} 0 1 0 ${short(2 * r)} 0a${size} ${size} 0 1 0 ${short(-2 * r)} 0`;
  }

  closePath() {
    this.path += "Z";
  }

  /** @param {number[]} dash */
  setLineDash(dash) {
    this.dash = dash.length ? ` stroke-dasharray="${dash.join(" ")}"` : "";
  }

  #opacity() {
    return this.globalAlpha < 1 ? ` opacity="${short(this.globalAlpha)}"` : "";
  }

  stroke() {
    const style = `stroke="${escapeXml(String(this.strokeStyle))}" stroke-width="${short(this.lineWidth)}"`;
    this.parts.push(`<path d="${this.path}" fill="none" ${style}${this.dash}${this.#opacity()}/>`);
  }

  fill() {
    this.parts.push(`<path d="${this.path}" fill="${escapeXml(String(this.fillStyle))}"${this.#opacity()}/>`);
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  fillRect(x, y, width, height) {
    const box = `x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"`;
    this.parts.push(`<rect ${box} fill="${escapeXml(String(this.fillStyle))}"${this.#opacity()}/>`);
  }

  /** @param {string} text */
  measureText(text) {
    if (!this.measure) return { width: 6 * text.length };
    this.measure.font = this.font;
    return this.measure.measureText(text);
  }

  /** @param {string} text @param {number} x @param {number} y @param {string} style */
  #text(text, x, y, style) {
    const match = /^(?:(bold|\d{3}) )?([\d.]+)px (.*)$/.exec(this.font);
    const anchor = { center: "middle", right: "end" }[this.textAlign] ?? "start";
    const base = this.textBaseline === "middle" ? "central" : "auto";
    const font = `font-family="${escapeXml(match?.[3] ?? "sans-serif")}" font-size="${match?.[2] ?? 12}" font-weight="${match?.[1] ?? "normal"}"`;
    const place = `x="${short(x)}" y="${short(y)}" text-anchor="${anchor}" dominant-baseline="${base}"`;
    this.parts.push(`<text ${place} ${font} ${style}${this.#opacity()}>${escapeXml(text)}</text>`);
  }

  /** @param {string} text @param {number} x @param {number} y */
  fillText(text, x, y) {
    this.#text(text, x, y, `fill="${escapeXml(String(this.fillStyle))}"`);
  }

  /** @param {string} text @param {number} x @param {number} y */
  strokeText(text, x, y) {
    const style = `fill="none" stroke="${escapeXml(String(this.strokeStyle))}" stroke-width="${short(this.lineWidth)}" stroke-linejoin="round"`;
    this.#text(text, x, y, style);
  }

  /** @param {string} title @returns {string} */
  text(title) {
    const size = `width="${this.width}" height="${this.height}" viewBox="0 0 ${this.width} ${this.height}"`;
    const head = `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img"><title>${escapeXml(title)}</title>`;
    return `${head}${this.parts.join("")}</svg>\n`;
  }
}
