// Names beside the dots: full where they fit, the code where only that fits, else none.

const FONT = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif";

/**
 * @typedef {object} Wanted
 * @property {number} node
 * @property {string} text
 * @property {string} code
 * @property {number} x
 * @property {number} y
 * @property {number} radius
 * @property {string[]} sides in order of liking
 * @property {boolean} strong
 * @property {boolean} quiet no line ends here
 */

/** @typedef {{left: number, top: number, right: number, bottom: number}} Box */
/** @typedef {{node: number, text: string, x: number, y: number, align: CanvasTextAlign, strong: boolean, quiet: boolean}} Label */

const ASIDE = 2;
const MARGIN = 2;

/** @param {number} size @param {boolean} strong */
export function labelFont(size, strong) {
  return `${strong ? "600 " : ""}${size}px ${FONT}`;
}

/**
 * Place names, the most important first, so that none lies on another or on a dot.
 * @param {Wanted[]} wanted in order of importance
 * @param {(text: string, font: string) => number} widthOf
 * @param {number} size of the letters in pixels
 * @param {{width: number, height: number}} frame
 * @returns {Label[]}
 */
export function placeLabels(wanted, widthOf, size, frame) {
  const grid = new BoxGrid();
  for (const item of wanted) grid.add(dotBox(item), item.node);
  /** @type {Label[]} */
  const labels = [];
  for (const item of wanted) {
    const label = bestPlace(item, widthOf, size, grid, frame);
    if (label) labels.push(label);
  }
  return labels;
}

/** @param {Wanted} item @returns {Box} */
function dotBox(item) {
  const r = item.radius;
  return { left: item.x - r, top: item.y - r, right: item.x + r, bottom: item.y + r };
}

/**
 * @param {Wanted} item
 * @param {(text: string, font: string) => number} widthOf
 * @param {number} size
 * @param {BoxGrid} grid
 * @param {{width: number, height: number}} frame
 * @returns {Label | null}
 */
function bestPlace(item, widthOf, size, grid, frame) {
  const font = labelFont(size, item.strong);
  for (const text of item.text === item.code ? [item.text] : [item.text, item.code]) {
    const width = widthOf(text, font);
    for (const side of item.sides) {
      const { box, label } = placed(item, text, side, width, size);
      const inside = box.left >= MARGIN && box.right <= frame.width - MARGIN && box.top >= 0 && box.bottom <= frame.height;
      if (inside && grid.isFree(box, item.node)) {
        grid.add(box, item.node);
        return label;
      }
    }
  }
  return null;
}

/**
 * @param {Wanted} item
 * @param {string} text
 * @param {string} side
 * @param {number} width
 * @param {number} size
 * @returns {{box: Box, label: Label}}
 */
function placed(item, text, side, width, size) {
  const gap = item.radius + 4;
  const half = size * 0.56;
  const x = side === "left" ? item.x - gap : side === "right" ? item.x + gap : item.x;
  const y = side === "above" ? item.y - gap - half : side === "below" ? item.y + gap + half : item.y;
  /** @type {CanvasTextAlign} */
  const align = side === "left" ? "right" : side === "right" ? "left" : "center";
  const left = align === "right" ? x - width : align === "left" ? x : x - width / 2;
  return {
    box: { left: left - ASIDE, top: y - half, right: left + width + ASIDE, bottom: y + half },
    label: { node: item.node, text, x, y, align, strong: item.strong, quiet: item.quiet },
  };
}

const CELL = 64;

/** Boxes found by the cells they touch. */
class BoxGrid {
  constructor() {
    /** @type {Map<string, {box: Box, owner: number}[]>} */
    this.cells = new Map();
  }

  /** @param {Box} box @returns {string[]} */
  #keys(box) {
    const keys = [];
    for (let x = Math.floor(box.left / CELL); x <= Math.floor(box.right / CELL); x += 1) {
      for (let y = Math.floor(box.top / CELL); y <= Math.floor(box.bottom / CELL); y += 1) {
        keys.push(`${x} ${y}`);
      }
    }
    return keys;
  }

  /** @param {Box} box @param {number} owner */
  add(box, owner) {
    for (const key of this.#keys(box)) {
      const cell = this.cells.get(key);
      if (cell) cell.push({ box, owner });
      else this.cells.set(key, [{ box, owner }]);
    }
  }

  /** @param {Box} box @param {number} owner @returns {boolean} */
  isFree(box, owner) {
    return this.#keys(box).every((key) =>
      (this.cells.get(key) ?? []).every(
        (other) =>
          other.owner === owner ||
          other.box.right <= box.left ||
          other.box.left >= box.right ||
          other.box.bottom <= box.top ||
          other.box.top >= box.bottom,
      ),
    );
  }
}
