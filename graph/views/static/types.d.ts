// What the page's modules hand to each other; read by the type checker only.

export type Labels = Record<string, string>;

export interface Scale {
  basis: "share" | "gdp" | "percent" | "count" | "flag";
  low: number;
  high: number;
  samples: number[];
}

export interface Kind {
  id: string;
  labels: Labels;
  definition: string;
  temporality: "state" | "yearly" | "event";
  directed: boolean;
  className: string;
  unit: string;
  unitPath: string;
  graphMinimum: number | null;
  units: Labels;
  colour: string;
  speaksOf: string;
  shared: boolean;
  sentences: Labels;
  sharedSentences: Labels;
  scale: Scale;
}

export interface PlaceNode {
  id: string;
  kind: string;
  labels: Labels;
  aka?: string[];
  column: number;
}

export interface Series {
  kind: string;
  source: number;
  unit: string;
  scale: number;
  digits: number;
  keyed: boolean;
  years: number[];
  pairs: number[];
  values: number[][];
}

/** node, entity, bloc, role, start, precision, end, precision, observed to, source, reference, record */
export type Party = [
  number, number, number, number, string, string, string, string, string, number, string, string,
];

/** from, to, via, role, topic, start, precision, end, precision, observed to, source, reference, record */
export type Direct = [
  number, number, number, number, string, string, string, string, string, string, number, string,
  string,
];

/** from, to, project, year, value, topic, source */
export type Project = [number, number, number, number, number, string, number];

export interface Score {
  id: string;
  low: number;
  high: number;
  middle: number;
  values: Record<string, (number | null)[]>;
  sources: number[];
  name?: string;
  domain: boolean;
}

export interface Indicator {
  values: Record<string, (number | null)[]>;
  unit: string;
  source: number;
}

export interface Source {
  /** How near to the facts, the nearest first; see `queries.conflicts`. */
  order: number;
  id: string;
  title: string;
  publisher: string;
  url: string;
  licence: string;
  citation: string;
  version: string;
  retrieved: string;
}

export interface Method {
  id: string;
  name: string;
  formula: string;
  text: string;
  citation: string;
  limits: string[];
}

export interface Products {
  names: Labels[];
  /** from, to, year, then per product the number of its name and its value in USD */
  flows: number[][];
  followed: number;
  source: number;
}

export interface Payload {
  format: number;
  options: {
    show: string;
    layout: string;
    year: number;
    lang: string;
    title: string | null;
    kinds: string[];
    colour: string | null;
  };
  years: number[];
  nodes: PlaceNode[];
  columns: { id: string; labels: Labels; whole: boolean; group: boolean }[];
  middle: number;
  poles: [number, number];
  kinds: Kind[];
  series: Series[];
  totals: Record<string, Record<string, (number | null)[]>>;
  gaps: Record<string, (number | null)[][]>;
  covered: Record<string, number[]>;
  parties: Record<string, Party[]>;
  direct: Record<string, Direct[]>;
  excluded: Direct[];
  projects: Record<string, Project[]>;
  scores: Score[];
  indicators: Record<string, Indicator>;
  layouts: {
    pivot: { x: number[]; y: number[] };
    lean: Record<string, Record<string, number[][]>>;
    lanes: number[][];
    map: {
      x: (number | null)[];
      y: (number | null)[];
      aspect: number;
      /** left, top, right and bottom of the part that is shown */
      view: [number, number, number, number];
      land: number[][];
      edge: number[];
    };
  };
  entities: { id: string; kind: string; labels: Labels; root?: number }[];
  roles: { id: string; term: string; labels: Labels; member: boolean; sentences?: Labels }[];
  sources: Source[];
  methods?: Method[];
  products: Products | null;
  date: string;
  version: string;
  network: { nodes: object[]; edges: object[]; options: object };
  strings: Record<string, Labels>;
  terms: { base: string; ontology: string; precisions: Record<string, string>; classes: Record<string, string> };
}

/** What the reader has chosen; kept in the address. */
export interface State {
  year: number;
  layout: string;
  colour: string;
  kinds: string[];
  strongest: number;
  scope: "middle" | "all";
  selected: number[];
  pair: [number, number] | null;
  tab: "graph" | "table";
  lang: string;
  since: number | null;
  weights: Record<string, number>;
  theme: "" | "dark" | "light";
}

/** The line of one pair: `from` depends on `to` by `strength`, in the unit of the kind's scale. */
export interface Line {
  from: number;
  to: number;
  kind: Kind;
  strength: number;
  width: number;
  mutual: boolean;
}

export interface Spot {
  x: number;
  y: number;
  known: boolean;
}
