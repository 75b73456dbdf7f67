// The page: one state, one picture, and everything that follows from them.

import { citation, showMethods, tooManyText } from "./about.js";
import { Address } from "./address.js";
import { readTheme } from "./colour.js";
import { readPayload } from "./decode.js";
import { announce, byId, make } from "./dom.js";
import { csvText, embedCode, jsonText, pngBlob, save, svgText } from "./downloads.js";
import { Graph } from "./graph.js";
import { heading, labelIn, listed, say, setLanguage, showNumber } from "./i18n.js";
import { showColours, showKinds, showWidths } from "./legend.js";
import { Model } from "./model.js";
import { headline } from "./headline.js";
import { showPanel } from "./panel.js";
import { LINE_LIMIT } from "./scene.js";
import { setUpSearch } from "./search.js";
import { nameOf, nameWithin, scoreName } from "./sentences.js";
import { firstState, fromHash, MOST_SELECTED, toHash } from "./state.js";
import { showTable } from "./table.js";
import { isDark, setTheme } from "./theme.js";
import { turtleText } from "./turtle.js";
import { showWeights, weightsNote } from "./weights.js";

/** @typedef {import("./types").State} State */

const PLAY_STEP = 900;
const MOST_YEARS_NAMED = 6;

/** Ties the parts together. */
class Page {
  /**
   * @param {Model} model
   * @param {any} vis
   */
  constructor(model, vis) {
    this.model = model;
    this.state = fromHash(model, firstState(model.data), location.hash);
    setLanguage(model.data.strings, this.state.lang);
    setTheme(this.state.theme);
    this.theme = readTheme();
    this.playing = 0;
    this.address = new Address();
    this.graph = new Graph(byId("graph"), model, vis, {
      node: (node, add) => this.select(add ? [...this.state.selected, node] : [node]),
      line: (a, b) => this.change({ pair: [a, b], selected: [] }),
      nothing: () => this.clear(),
      view: () => showWidths(this.model, this.state, this.theme, this.graph?.scale() ?? 1),
    });
    this.actions = {
      select: (/** @type {number[]} */ nodes) => this.select(nodes),
      pair: (/** @type {number} */ a, /** @type {number} */ b) => this.change({ pair: [a, b], selected: [] }, true),
      clear: () => this.clear(),
      since: (/** @type {number | null} */ since) => this.change({ since }),
    };
    this.#controls();
    this.#downloads();
    this.draw();
  }

  /** @param {number[]} nodes */
  select(nodes) {
    const selected = [...new Set(nodes)].slice(-MOST_SELECTED);
    this.change({ selected, pair: null });
    announce(selected.map((node) => this.#spokenState(node)).join(". "));
  }

  clear() {
    if (this.state.selected.length || this.state.pair) this.change({ selected: [], pair: null });
  }

  /** @param {number} node */
  #spokenState(node) {
    const value = this.model.score(this.state.colour, node, this.state.year);
    const score = value === null ? say("unknownIn", { year: this.state.year }) : `${showNumber(value, 2)} (${this.state.year})`;
    return `${nameOf(this.model, node)}: ${scoreName(this.model, this.state.colour)}: ${score}`;
  }

  /**
   * @param {Partial<State>} changes
   * @param {boolean} [focusPanel]
   */
  change(changes, focusPanel = false) {
    const before = this.state;
    this.state = { ...before, ...changes };
    if (this.state.lang !== before.lang) setLanguage(this.model.data.strings, this.state.lang);
    if (this.state.theme !== before.theme) {
      setTheme(this.state.theme);
      this.theme = readTheme();
    }
    this.draw();
    if (focusPanel) document.getElementById("panel-title")?.focus();
  }

  draw() {
    const started = performance.now();
    const { model, state } = this;
    model.weights = state.weights;
    // What takes room first: the picture fills what is left.
    this.#words();
    this.#reflect();
    this.graph.frame();
    showKinds(model, state, this.theme, (kinds) => this.change({ kinds }));
    showWidths(model, state, this.theme, this.graph.scaleFor(state));
    showColours(model, state);
    showWeights(model, state, (weights) => this.change({ weights }));
    byId("graph-view").dataset.layout = state.layout;
    byId("graph-view").hidden = state.tab !== "graph";
    byId("table-view").hidden = state.tab !== "table";
    byId("strip").hidden = state.tab !== "graph";
    let picture = this.graph.plan(state);
    if (this.#tellTooMany(picture.chosen)) picture = this.graph.plan(state);
    this.picture = picture;
    this.graph.show(picture, this.theme);
    const counts = { lines: picture.lines.length, tied: picture.tied };
    showPanel(model, state, this.actions, counts);
    if (state.tab === "table") showTable(model, picture, this.actions.pair);
    this.address.keep(toHash(model, state));
    document.documentElement.dataset.drawn = String(Math.round(performance.now() - started));
  }

  /** Say that there is more than can be drawn; true if the words take room that they did not. @param {number} chosen */
  #tellTooMany(chosen) {
    const note = byId("too-many");
    const hidden = chosen <= LINE_LIMIT;
    byId("too-many-text").textContent = hidden ? "" : tooManyText(chosen, LINE_LIMIT);
    if (note.hidden === hidden) return false;
    note.hidden = hidden;
    return true;
  }

  /** Texts that depend on the language or the state. */
  #words() {
    const { model, state } = this;
    document.documentElement.lang = state.lang;
    for (const element of document.querySelectorAll("[data-say]")) {
      element.textContent = say(/** @type {HTMLElement} */ (element).dataset.say ?? "");
    }
    for (const element of document.querySelectorAll("[data-say-label]")) {
      element.setAttribute("aria-label", say(/** @type {HTMLElement} */ (element).dataset.sayLabel ?? ""));
    }
    byId("title").textContent = this.title();
    byId("citation").textContent = citation(model, this.title());
    byId("graph-date").textContent = say("graphDate", { date: model.data.date });
    showMethods(model);
    document.title = this.title();
    byId("subtitle").textContent = this.subtitle();
    byId("headline").textContent = headline(model, state.colour, state.year);
    byId("rounded").textContent = this.#rounded();
    byId("graph").setAttribute("aria-label", say("graph.label", { title: this.title() }));
    const colour = /** @type {HTMLSelectElement} */ (byId("colour"));
    colour.replaceChildren(...[...model.scores.keys()].map((id) => make("option", { value: id }, scoreName(model, id))));
    colour.value = state.colour;
    byId("scope-middle-label").textContent = heading(model.data.columns[model.data.middle].labels);
  }

  title() {
    const { options, columns, middle, poles } = this.model.data;
    if (options.title) return options.title;
    const [first, second] = poles.map((pole) => nameWithin(this.model, pole));
    return say(`title.${options.show}`, { region: heading(columns[middle].labels), first, second });
  }

  subtitle() {
    const { state, model } = this;
    const kinds = state.kinds.flatMap((id) => model.kinds.get(id) ?? []).map((kind) => labelIn(kind.labels));
    return say("subtitle", { year: state.year, kinds: listed(kinds) || "–", colour: scoreName(model, state.colour) });
  }

  /** A note where the page of a large cut holds rounded values. */
  #rounded() {
    const rounded = this.model.data.series.filter((part) => part.digits < 10);
    return rounded.length ? say("rounded", { digits: rounded[0].digits }) : "";
  }

  /** Put the state into the controls. */
  #reflect() {
    const { state, model } = this;
    const slider = /** @type {HTMLInputElement} */ (byId("year"));
    slider.value = String(state.year);
    slider.setAttribute("aria-valuetext", this.#yearText());
    byId("year-shown").textContent = String(state.year);
    byId("year-note").textContent = this.#yearNote();
    byId("strongest-shown").textContent = String(state.strongest);
    /** @type {HTMLInputElement} */ (byId("strongest")).value = String(state.strongest);
    /** @type {HTMLSelectElement} */ (byId("lang")).value = state.lang;
    for (const input of document.querySelectorAll("input[name=layout]")) {
      const radio = /** @type {HTMLInputElement} */ (input);
      radio.checked = radio.value === state.layout;
    }
    for (const input of document.querySelectorAll("input[name=scope]")) {
      const radio = /** @type {HTMLInputElement} */ (input);
      radio.checked = radio.value === state.scope;
    }
    for (const tab of ["graph", "table"]) {
      byId(`tab-${tab}`).setAttribute("aria-pressed", String(state.tab === tab));
    }
    const last = model.data.years.length - 1;
    const step = [1, 5, 10].find((years) => last / years < MOST_YEARS_NAMED) ?? 20;
    byId("years").replaceChildren(...model.data.years.map((year, i) =>
      make("span", {}, i === 0 || i === last || (year % step === 0 && i > step / 2 && last - i > step / 2) ? String(year) : "")));
    const ticks = byId("ticks");
    ticks.replaceChildren(...model.data.years.map((year) => make("span", { class: this.#missing(year).length ? "gap" : null })));
  }

  /** @param {number} year @returns {string[]} the kinds and measures without data in it */
  #missing(year) {
    const kinds = this.state.kinds.filter((kind) => !this.model.hasData(kind, year)).map((id) => labelIn(/** @type {import("./types").Kind} */ (this.model.kinds.get(id)).labels));
    const score = this.model.scores.get(this.state.colour);
    return score && !score.values[String(year)] ? [...kinds, scoreName(this.model, score.id)] : kinds;
  }

  #yearText() {
    const note = this.#yearNote();
    return note ? `${this.state.year}. ${note}` : String(this.state.year);
  }

  #yearNote() {
    const { year } = this.state;
    const missing = this.#missing(year);
    const without = this.#domainsWithout(year);
    return [
      missing.length ? say("noDataFor", { kind: listed(missing), year }) : "",
      without.length ? say("balanceWithout", { domains: listed(without), year }) : "",
      weightsNote(this.model, this.state),
    ].join(" ").trim();
  }

  /** The domains that the balance has in other years and not in this one. @param {number} year */
  #domainsWithout(year) {
    if (this.state.colour !== "balance") return [];
    const there = this.model.domainsIn(year);
    const counted = this.model.domains.filter((domain) => (this.state.weights[domain] ?? 1) > 0);
    return counted.filter((domain) => !there.includes(domain)).map((domain) => scoreName(this.model, domain));
  }

  #controls() {
    const { years } = this.model.data;
    const slider = /** @type {HTMLInputElement} */ (byId("year"));
    slider.min = String(years[0]);
    slider.max = String(years[years.length - 1]);
    slider.addEventListener("input", () => this.change({ year: Number(slider.value) }));
    byId("play").addEventListener("click", () => this.#play());
    for (const name of /** @type {const} */ (["layout", "scope"])) {
      for (const input of document.querySelectorAll(`input[name=${name}]`)) {
        input.addEventListener("change", () => this.change({ [name]: /** @type {HTMLInputElement} */ (input).value }));
      }
    }
    const strongest = /** @type {HTMLInputElement} */ (byId("strongest"));
    strongest.addEventListener("input", () => this.change({ strongest: Number(strongest.value) }));
    const colour = /** @type {HTMLSelectElement} */ (byId("colour"));
    colour.addEventListener("change", () => this.change({ colour: colour.value }));
    const lang = /** @type {HTMLSelectElement} */ (byId("lang"));
    lang.addEventListener("change", () => this.change({ lang: lang.value }));
    for (const tab of /** @type {const} */ (["graph", "table"])) {
      byId(`tab-${tab}`).addEventListener("click", () => this.change({ tab }));
    }
    byId("table-filter").addEventListener("input", () => this.picture && showTable(this.model, this.picture, this.actions.pair));
    byId("zoom-in").addEventListener("click", () => this.graph.zoom(1.3));
    byId("zoom-out").addEventListener("click", () => this.graph.zoom(1 / 1.3));
    byId("zoom-fit").addEventListener("click", () => this.graph.fit());
    byId("theme").addEventListener("click", () => this.change({ theme: isDark() ? "light" : "dark" }));
    byId("fewer").addEventListener("click", () => this.change({ strongest: 3, scope: "middle" }));
    byId("graph").addEventListener("keydown", (event) => this.#key(event));
    this.#menus();
    setUpSearch(this.model, (node) => {
      this.select([...this.state.selected, node]);
      document.getElementById("panel-title")?.focus();
    });
    window.addEventListener("hashchange", () => this.change(fromHash(this.model, this.state, location.hash)));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#retheme());
    window.addEventListener("beforeprint", () => {
      for (const details of document.querySelectorAll("footer details")) /** @type {HTMLDetailsElement} */ (details).open = true;
      this.#retheme();
      this.graph.drawNow();
    });
    window.addEventListener("afterprint", () => this.#retheme());
    new ResizeObserver(() => this.#resized()).observe(byId("graph"));
  }

  /** Menus close on Escape and when something else is used. */
  #menus() {
    const menus = /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll("details.menu"));
    for (const menu of menus) {
      menu.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        menu.open = false;
        menu.querySelector("summary")?.focus();
      });
      document.addEventListener("pointerdown", (event) => {
        if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
      });
    }
  }

  /** Walk through the states with the arrow keys. @param {KeyboardEvent} event */
  #key(event) {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (event.key === "Escape") this.clear();
    if (event.key === "+") this.graph.zoom(1.3);
    if (event.key === "-") this.graph.zoom(1 / 1.3);
    if (step === undefined) return;
    event.preventDefault();
    const order = this.model.data.nodes.map((_, node) => node)
      .sort((a, b) => this.model.data.nodes[a].column - this.model.data.nodes[b].column || (this.picture?.spots[a].y ?? 0) - (this.picture?.spots[b].y ?? 0));
    const at = order.indexOf(this.state.selected[0] ?? -1);
    this.select([order[(at + step + order.length) % order.length]]);
  }

  #play() {
    const { years } = this.model.data;
    const stop = () => {
      clearInterval(this.playing);
      this.playing = 0;
      byId("play").setAttribute("aria-pressed", "false");
    };
    if (this.playing) {
      stop();
      return;
    }
    byId("play").setAttribute("aria-pressed", "true");
    if (this.state.year === years[years.length - 1]) this.change({ year: years[0] });
    this.playing = window.setInterval(() => {
      const next = this.state.year + 1;
      if (next > years[years.length - 1]) stop();
      else this.change({ year: next });
    }, PLAY_STEP);
  }

  #retheme() {
    setTheme(this.state.theme);
    this.theme = readTheme();
    this.draw();
  }

  #resized() {
    const frame = this.graph.frame();
    const last = this.picture?.frame;
    if (frame.width && last && (frame.width !== last.width || frame.height !== last.height)) {
      this.draw();
    }
  }

  #downloads() {
    const name = () => `geoties-${this.state.layout}-${this.state.year}`;
    const words = () => ({ title: this.title(), headline: headline(this.model, this.state.colour, this.state.year), subtitle: this.subtitle() });
    const { model } = this;
    byId("get-png").addEventListener("click", async () => {
      if (this.picture) save(`${name()}.png`, await pngBlob(model, this.picture, this.theme, words()));
    });
    byId("get-svg").addEventListener("click", () => {
      if (this.picture) save(`${name()}.svg`, new Blob([svgText(model, this.picture, this.theme, words())], { type: "image/svg+xml" }));
    });
    byId("get-csv").addEventListener("click", () => {
      if (this.picture) save(`${name()}.csv`, new Blob(["\ufeff", csvText(model, this.picture)], { type: "text/csv" }));
    });
    byId("get-json").addEventListener("click", () => save("geoties-page.json", new Blob([jsonText(model)], { type: "application/json" })));
    byId("get-ttl").addEventListener("click", () => save("geoties-page.ttl", new Blob([turtleText(model)], { type: "text/turtle" })));
    byId("copy-link").addEventListener("click", () => this.#copy(this.address.link()));
    byId("copy-cite").addEventListener("click", () => this.#copy(citation(model, this.title())));
    byId("copy-embed").addEventListener("click", () => this.#copy(embedCode(this.title())));
  }

  /** @param {string} text */
  async #copy(text) {
    const box = /** @type {HTMLTextAreaElement} */ (byId("copied"));
    box.value = text;
    box.hidden = false;
    box.focus();
    box.select();
    try {
      await navigator.clipboard.writeText(text);
      announce(say("copied"));
    } catch {
      announce(say("copyByHand"));
    }
  }
}

/** @param {unknown} error */
function failed(error) {
  byId("failure").hidden = false;
  byId("failure").textContent = `This page could not be drawn: ${error instanceof Error ? error.message : error}`;
  throw error;
}

readPayload("payload")
  .then((data) => {
    const page = new Page(new Model(data), /** @type {any} */ (window).vis);
    document.documentElement.dataset.ready = "1";
    return page;
  })
  .catch(failed);
