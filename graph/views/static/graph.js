// The drawing: vis-network with physics off, fed with the difference between two pictures.

import { lineColour } from "./colour.js";
import { drawBackground, drawHeadings } from "./backdrop.js";
import { animate, between, glides } from "./motion.js";
import { drawLabels, labelsOf, labelSizeOf } from "./naming.js";
import { setFineness } from "./lines.js";
import { arrowSize, drawDots, drawHatches, drawLines, lineAlpha, pictureOf } from "./scene.js";

/** @typedef {import("./scene.js").Picture} Picture */

const VEIL = 0.82;
const UNZOOMED = 1;
const ARROW_UNIT = 15;
/** The room of a picture that has never been shown: the page opened with its table. */
const UNSEEN = { width: 960, height: 600 };

/** Draws one picture at a time and says what was clicked. */
export class Graph {
  /**
   * @param {HTMLElement} container
   * @param {import("./model.js").Model} model
   * @param {any} vis
   * @param {{node: (node: number, add: boolean) => void, line: (a: number, b: number) => void, nothing: () => void, view: () => void}} events
   */
  constructor(container, model, vis, events) {
    this.container = container;
    this.model = model;
    this.events = events;
    const { nodes, edges, options } = model.data.network;
    this.nodes = new vis.DataSet(nodes);
    this.edges = new vis.DataSet(edges);
    /** What vis-network was last told of each dot and line. @type {Map<string, string>} */
    this.drawn = new Map();
    // The data come with the first picture, so that nothing is worked out or drawn twice.
    this.network = new vis.Network(container, {}, options);
    this.room = UNSEEN;
    /** @type {Picture | null} */
    this.picture = null;
    /** @type {import("./colour.js").Theme | null} */
    this.theme = null;
    this.hovered = -1;
    /** Ends a movement that is under way. */
    this.stop = () => {};
    this.size = "";
    this.moved = false;
    /** @type {Map<string, number>} */
    this.textWidths = new Map();
    this.#listen();
  }

  #listen() {
    this.network.on("beforeDrawing", (/** @type {CanvasRenderingContext2D} */ pen) => this.#before(pen));
    this.network.on("afterDrawing", (/** @type {CanvasRenderingContext2D} */ pen) => this.#after(pen));
    this.network.on("click", (/** @type {any} */ event) => this.#clicked(event));
    this.network.on("zoom", () => this.events.view());
    let waiting = false;
    this.container.addEventListener("pointermove", (event) => {
      if (waiting || event.buttons) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        this.#hover(this.#nodeAt(event));
      });
    });
    this.container.addEventListener("pointerleave", () => this.#hover(-1));
  }

  /** @param {{clientX: number, clientY: number}} event */
  #nodeAt(event) {
    const box = this.container.getBoundingClientRect();
    const found = this.network.getNodeAt({ x: event.clientX - box.left, y: event.clientY - box.top });
    return found === undefined ? -1 : Number(found);
  }

  /** @param {number} node */
  #hover(node) {
    if (node === this.hovered) return;
    this.hovered = node;
    this.container.style.cursor = node < 0 ? "" : "pointer";
    this.#once(() => {});
  }

  /** @param {any} event */
  #clicked(event) {
    const node = this.network.getNodeAt(event.pointer.DOM);
    if (node !== undefined) {
      const source = event.event?.srcEvent ?? {};
      this.events.node(Number(node), Boolean(source.shiftKey || source.ctrlKey || source.metaKey));
      return;
    }
    const edge = this.network.getEdgeAt(event.pointer.DOM);
    if (edge === undefined) this.events.nothing();
    else {
      const [a, b] = String(edge).split("-").map(Number);
      this.events.line(a, b);
    }
  }

  /** The room there is, or was when the picture was last seen. */
  frame() {
    const { clientWidth: width, clientHeight: height } = this.container;
    if (width && height) this.room = { width, height };
    setFineness(this.model.size, this.room.width);
    return this.room;
  }

  /** The picture of a state, not drawn yet. @param {import("./types").State} state */
  plan(state) {
    return pictureOf(this.model, state, this.frame());
  }

  /** @param {Picture} picture @param {import("./colour.js").Theme} theme */
  show(picture, theme) {
    const before = this.picture;
    this.theme = theme;
    this.stop();
    const first = before && glides(before, picture) ? between(before, picture, 0) : picture;
    this.#once(() => {
      const fresh = this.resize() || !before || before.state.layout !== picture.state.layout;
      this.#put(first, theme);
      this.#feedEdges(picture, theme);
      if (!before) this.network.setData({ nodes: this.nodes, edges: this.edges });
      if (fresh) this.fit();
    });
    if (before && first !== picture) {
      this.stop = animate((part) => this.#once(() => this.#put(between(before, picture, part), theme)));
    }
  }

  /** vis-network draws at every word it is told; let it draw once, in the next frame. @param {() => void} tell */
  #once(tell) {
    const { renderer, body } = this.network;
    renderer.allowRedraw = false;
    tell();
    renderer.allowRedraw = true;
    body.emitter.emit("_requestRedraw");
  }

  /** Draw at once: paper does not wait for a frame. */
  drawNow() {
    this.stop();
    this.network.redraw();
  }

  /** @param {Picture} picture @param {import("./colour.js").Theme} theme */
  #put(picture, theme) {
    this.picture = picture;
    this.moved = true;
    this.#feedNodes(picture, theme);
  }

  /** Fill the container if its size has changed; says whether it has. */
  resize() {
    const { width, height } = this.frame();
    const size = `${width} ${height} ${devicePixelRatio}`;
    if (size === this.size || !this.container.clientWidth) return false;
    this.size = size;
    this.network.setSize("100%", "100%");
    return true;
  }

  fit() {
    this.network.moveTo({ position: { x: 0, y: 0 }, scale: UNZOOMED, animation: false });
    this.events.view();
  }

  /** @param {number} factor */
  zoom(factor) {
    const scale = Math.min(8, Math.max(0.4, this.network.getScale() * factor));
    this.network.moveTo({ scale, animation: false });
    this.events.view();
  }

  scale() {
    return this.network.getScale();
  }

  /** How far a state will be zoomed in: another layout is shown whole. @param {import("./types").State} state */
  scaleFor(state) {
    return this.picture?.state.layout === state.layout ? this.scale() : UNZOOMED;
  }

  /** @param {Picture} picture @param {import("./colour.js").Theme} theme */
  #feedNodes(picture, theme) {
    this.#feed(this.nodes, "n", picture.spots.map((spot, node) => ({
      id: node,
      x: spot.x,
      y: spot.y,
      size: picture.radii[node],
      hidden: !spot.known,
      color: {
        background: picture.fills[node] ?? theme.paper,
        border: picture.fills[node] ? theme.outline : theme.unknown,
      },
    })));
  }

  /** @param {Picture} picture @param {import("./colour.js").Theme} theme */
  #feedEdges(picture, theme) {
    this.#feed(this.edges, "e", picture.lines.map(({ line, bend }) => ({
      id: `${Math.min(line.from, line.to)}-${Math.max(line.from, line.to)}`,
      from: line.from,
      to: line.to,
      width: line.width,
      color: { color: lineColour(line.kind.colour, theme), opacity: lineAlpha(picture) },
      smooth: bend,
      arrows: { to: { enabled: !line.mutual, scaleFactor: (arrowSize(line.width) - 3 * line.width) / ARROW_UNIT } },
    })));
  }

  /**
   * Hand vis-network only what changed.
   * @param {any} set
   * @param {string} prefix
   * @param {{id: string | number}[]} items
   */
  #feed(set, prefix, items) {
    const wanted = new Set(items.map((item) => item.id));
    const gone = set.getIds().filter((/** @type {string | number} */ id) => !wanted.has(id));
    const changed = items.filter((item) => {
      const key = `${prefix}${item.id}`;
      const text = JSON.stringify(item);
      if (this.drawn.get(key) === text) return false;
      this.drawn.set(key, text);
      return true;
    });
    for (const id of gone) this.drawn.delete(`${prefix}${id}`);
    if (gone.length) set.remove(gone);
    if (changed.length) set.update(changed);
  }

  /**
   * vis-network knows of dots and arrows where it last drew them: it leaves out a dot that was out
   * of sight and ends a line at its old arrow. Let it know where they are, so that one drawing is
   * enough.
   * @param {CanvasRenderingContext2D} pen
   */
  #aim(pen) {
    this.moved = false;
    const { nodes, edges } = this.network.body;
    for (const dot of /** @type {any[]} */ (Object.values(nodes))) dot.updateBoundingBox(pen);
    for (const edge of /** @type {any[]} */ (Object.values(edges))) {
      const { edgeType: line } = edge;
      const values = edge.getFormattingValues();
      [line.fromPoint, line.toPoint] = [line.from, line.to];
      if (values.toArrow) line.toPoint = line.getArrowData(pen, "to", line.getViaNode(), false, false, values).core;
    }
  }

  /** @param {CanvasRenderingContext2D} pen */
  #before(pen) {
    if (this.moved) this.#aim(pen);
    if (this.picture && this.theme) drawBackground(pen, this.model, this.picture, this.theme);
  }

  /** @param {CanvasRenderingContext2D} pen */
  #after(pen) {
    const { picture, theme } = this;
    if (!picture || !theme) return;
    const focus = this.#focus();
    if (focus) this.#veil(pen, picture, theme, focus);
    else drawHatches(pen, picture, theme);
    drawHeadings(pen, this.model, picture, theme);
    this.#labels(pen, picture, theme, focus);
  }

  /** The states to bring forward: the one under the pointer, else the selected. */
  #focus() {
    const { state } = this.picture ?? { state: null };
    if (!state) return null;
    if (state.pair) return new Set(state.pair);
    const own = this.hovered >= 0 ? [this.hovered] : state.selected;
    return own.length ? new Set(own) : null;
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {Picture} picture
   * @param {import("./colour.js").Theme} theme
   * @param {Set<number>} focus
   */
  #veil(pen, picture, theme, focus) {
    const size = 4 / this.scale();
    pen.globalAlpha = VEIL;
    pen.fillStyle = theme.paper;
    pen.fillRect(-picture.frame.width * size, -picture.frame.height * size,
      2 * picture.frame.width * size, 2 * picture.frame.height * size);
    pen.globalAlpha = 1;
    drawBackground(pen, this.model, picture, theme);
    const wanted = this.#wantedLine(focus);
    const near = this.#near(focus, wanted);
    drawLines(pen, picture, theme, wanted, 0.85);
    pen.globalAlpha = 0.5;
    drawDots(pen, picture, theme, (node) => !near.has(node));
    pen.globalAlpha = 1;
    drawDots(pen, picture, theme, (node) => near.has(node));
  }

  /** @param {Set<number>} focus @returns {(line: import("./types").Line) => boolean} */
  #wantedLine(focus) {
    const pair = this.picture?.state.pair;
    if (pair) return (line) => focus.has(line.from) && focus.has(line.to);
    return (line) => focus.has(line.from) || focus.has(line.to);
  }

  /** @param {Set<number>} focus @param {(line: import("./types").Line) => boolean} wanted */
  #near(focus, wanted) {
    const near = new Set(focus);
    for (const { line } of this.picture?.lines ?? []) {
      if (wanted(line)) near.add(line.from).add(line.to);
    }
    return near;
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {Picture} picture
   * @param {import("./colour.js").Theme} theme
   * @param {Set<number> | null} focus
   */
  #labels(pen, picture, theme, focus) {
    const near = focus ? this.#near(focus, this.#wantedLine(focus)) : null;
    const middle = this.network.canvasToDOM({ x: 0, y: 0 });
    pen.save();
    const ratio = pen.canvas.width / this.container.clientWidth || 1;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    /** @param {string} text @param {string} font */
    const widthOf = (text, font) => {
      const key = `${font} ${text}`;
      const known = this.textWidths.get(key);
      if (known !== undefined) return known;
      pen.font = font;
      const { width } = pen.measureText(text);
      this.textWidths.set(key, width);
      return width;
    };
    const view = { scale: this.scale(), middle };
    const labels = labelsOf(this.model, picture, widthOf, view, near);
    drawLabels(pen, labels, theme, labelSizeOf(picture), near);
    pen.restore();
  }
}
