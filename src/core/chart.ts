/**
 * The one chart grammar, as data: every type and every option with what it is for. From it come the validation of
 * SQL headers and of `chart({…})`, the TypeScript types and the reference page. How a chart is drawn is the views'.
 */
import { nearest } from "./graph/nearest.ts";

/** What an option may hold. */
export type OptionKind =
  | { readonly is: "column" | "columns" | "text" | "flag" | "number" }
  | { readonly is: "whole"; readonly least: number }
  | { readonly is: "word"; readonly words: readonly string[] };

export interface ChartOption {
  readonly of: OptionKind;
  /** One line for the reference page and for editors. */
  readonly about: string;
  /** As one writes it in YAML. */
  readonly example: string;
}

/** Every option; what each type takes of them is said in `CHART_TYPES`. */
export const CHART_OPTIONS = {
  title: { of: { is: "text" }, about: "Its title", example: "Trips per week" },
  caption: {
    of: { is: "text" },
    about: "What the reader should see in it, in a sentence below it",
    example: "New Year's week is the quietest",
  },
  from: {
    of: { is: "text" },
    about: "A query over the asset, instead of the asset itself",
    example: "select borough, sum(num_trips) as num_trips from zones group by all",
  },
  sort: {
    of: { is: "text" },
    about: "The column to sort by; -column for the greatest first",
    example: "-num_trips",
  },
  limit: { of: { is: "whole", least: 1 }, about: "The most rows that are drawn", example: "20" },
  x: { of: { is: "column" }, about: "The column from left to right", example: "period" },
  y: {
    of: { is: "columns" },
    about: "The column or columns from bottom to top",
    example: "num_trips",
  },
  color: {
    of: { is: "column" },
    about: "The column whose values are told apart by colour",
    example: "borough",
  },
  value: {
    of: { is: "column" },
    about: "The column that is drawn as shade, size or number",
    example: "num_trips",
  },
  label: { of: { is: "column" }, about: "The column that names what is drawn", example: "zone" },
  geometry: {
    of: { is: "column" },
    about: "The column with the outlines of a map, as WKT or GeoJSON",
    example: "geometry",
  },
  id: {
    of: { is: "column" },
    about: "The column by which several outlines are one area",
    example: "zone_id",
  },
  end: { of: { is: "column" }, about: "The column where a span ends", example: "ended_at" },
  unit: { of: { is: "text" }, about: "What the numbers are", example: "trips" },
  height: { of: { is: "whole", least: 4 }, about: "Its height in lines", example: "15" },
  scale: {
    of: { is: "word", words: ["linear", "log"] },
    about: "How values become lengths, heights or shades",
    example: "log",
  },
  zero: {
    of: { is: "flag" },
    about: "Whether the axis begins at zero; by the data where nothing is said",
    example: "true",
  },
  stacked: { of: { is: "flag" }, about: "On top of each other, not side by side", example: "true" },
  bins: {
    of: { is: "whole", least: 2 },
    about: "How many classes the values are put into",
    example: "20",
  },
  classes: {
    of: { is: "word", words: ["quantile", "equal", "log"] },
    about: "Classes with equally many areas, of equal width, or by powers of ten",
    example: "quantile",
  },
  rotate: { of: { is: "number" }, about: "Degrees that a map is turned clockwise", example: "-29" },
  top: {
    of: { is: "whole", least: 0 },
    about: "How many of the largest are listed beside a map",
    example: "5",
  },
  numbers: { of: { is: "flag" }, about: "Numbers in the cells, where they fit", example: "true" },
  diverging: { of: { is: "flag" }, about: "Colours around zero, for changes", example: "true" },
} as const satisfies Readonly<Record<string, ChartOption>>;

export type ChartOptionName = keyof typeof CHART_OPTIONS;

export interface ChartType {
  readonly about: string;
  /** Besides those that every chart takes. */
  readonly options: readonly ChartOptionName[];
  /** Those without which nobody could know what is meant; the others are found among the columns. */
  readonly required: readonly ChartOptionName[];
  /** Another word for it. */
  readonly also?: string;
  /** As one writes it in YAML. */
  readonly example: string;
}

/** What every chart takes. */
export const COMMON_OPTIONS = ["title", "caption", "from", "sort", "limit"] as const;

const OVER_AXES = ["x", "y", "color", "height", "scale", "zero", "unit"] as const;

export const CHART_TYPES = {
  line: {
    about: "One line a column, or one for each value of the colour column",
    options: [...OVER_AXES],
    required: [],
    example: "{ type: line, x: period, y: num_trips }",
  },
  area: {
    about: "A line filled down to zero; several are stacked",
    options: ["x", "y", "color", "height", "unit"],
    required: [],
    example: "{ type: area, x: period, y: num_trips, color: borough }",
  },
  bar: {
    about: "A bar for each row, to the left where it is negative; several columns or a colour " +
      "column make groups, or stacks",
    options: ["x", "y", "color", "value", "label", "stacked", "scale", "unit"],
    required: [],
    example: "{ type: bar, x: payment, y: num_trips }",
  },
  histogram: {
    about: "How often values of a column occur",
    options: ["x", "bins", "height", "unit", "scale"],
    required: ["x"],
    example: "{ type: histogram, x: trip_distance, bins: 20 }",
  },
  scatter: {
    about: "A point for each row",
    options: [...OVER_AXES],
    required: ["x", "y"],
    example: "{ type: scatter, x: trip_distance, y: total_amount }",
  },
  box: {
    about: "Median, quartiles and outliers of a column, for each value of another",
    options: ["x", "y", "scale", "unit"],
    required: [],
    example: "{ type: box, x: borough, y: total_amount }",
  },
  heat: {
    about: "A grid of shades",
    options: ["x", "y", "value", "color", "scale", "numbers", "diverging", "unit"],
    required: [],
    also: "heatmap",
    example: "{ type: heat, x: hour, y: weekday, value: num_trips }",
  },
  calendar: {
    about: "A shade for each day: weeks across, weekdays down",
    options: ["x", "value", "scale", "diverging", "unit"],
    required: [],
    example: "{ type: calendar, x: day, value: num_trips }",
  },
  map: {
    about: "Areas shaded by a number",
    options: [
      "geometry",
      "value",
      "color",
      "y",
      "x",
      "label",
      "id",
      "rotate",
      "classes",
      "bins",
      "top",
      "height",
      "unit",
    ],
    required: [],
    also: "choropleth",
    example: "{ type: map, geometry: geometry, value: num_trips, label: zone }",
  },
  number: {
    about: "The last value, large, with its change against the one before",
    options: ["value", "y", "unit"],
    required: [],
    example: "{ type: number, value: num_trips, unit: trips }",
  },
  spark: {
    about: "A row of small bars for each column",
    options: ["x", "y", "color", "unit"],
    required: [],
    also: "sparkline",
    example: "{ type: spark, y: [num_trips, total_amount] }",
  },
  gantt: {
    about: "A bar from start to end for each row",
    options: ["x", "end", "y", "label", "color"],
    required: ["x", "end"],
    example: "{ type: gantt, x: started_at, end: ended_at, label: step }",
  },
  table: {
    about: "The rows themselves",
    options: [],
    required: [],
    example: "{ type: table, limit: 10 }",
  },
} as const satisfies Readonly<Record<string, ChartType>>;

export type ChartTypeName = keyof typeof CHART_TYPES;
type OtherName = {
  [T in ChartTypeName]: (typeof CHART_TYPES)[T] extends { also: infer A } ? A : never;
}[
  ChartTypeName
];

type OptionValue<K extends OptionKind> = K extends { is: "word"; words: readonly (infer W)[] } ? W
  : K extends { is: "columns" } ? string | readonly string[]
  : K extends { is: "flag" } ? boolean
  : K extends { is: "number" | "whole" } ? number
  : string;

/** A chart as one writes it in TypeScript: the same keys as `chart:` has in a SQL header. */
export type ChartSpec =
  & { readonly type: ChartTypeName | OtherName }
  & {
    readonly [O in ChartOptionName]?: OptionValue<(typeof CHART_OPTIONS)[O]["of"]>;
  };

/** The words that stand for a type, its other spelling included. */
export function chartTypeWords(): readonly string[] {
  return Object.entries(CHART_TYPES).flatMap(([name, type]: [string, ChartType]) =>
    type.also === undefined ? [name] : [name, type.also]
  );
}

/** The type that a word stands for; null where it stands for none. */
export function chartType(word: string): ChartTypeName | null {
  for (const [name, type] of Object.entries(CHART_TYPES) as [ChartTypeName, ChartType][]) {
    if (name === word || type.also === word) return name;
  }
  return null;
}

/** What is wrong with a chart's options, taken together; each option by itself is the schema's. */
export interface ChartTrouble {
  /** The key that is meant; null for the chart as a whole. */
  readonly option: string | null;
  readonly message: string;
  readonly why: string;
  readonly hint: string;
}

/** Options that its type does not take, and those that it needs and does not have. */
export function chartTroubles(chart: Readonly<Record<string, unknown>>): readonly ChartTrouble[] {
  const name = chartType(String(chart["type"]));
  if (name === null) return [];
  const type: ChartType = CHART_TYPES[name];
  const taken: readonly string[] = [...COMMON_OPTIONS, ...type.options];
  const troubles: ChartTrouble[] = [];
  for (const option of Object.keys(chart)) {
    if (option === "type" || !(option in CHART_OPTIONS) || taken.includes(option)) continue;
    if (chart[option] === null || chart[option] === undefined) continue;
    const near = nearest(option, type.options);
    troubles.push({
      option,
      message: `Cannot use ${option} in a ${name} chart`,
      why: `a ${name} chart takes ${[...type.options, ...COMMON_OPTIONS].join(", ")}`,
      hint: near === null ? `remove ${option}` : `did you mean ${near}?`,
    });
  }
  for (const option of type.required) {
    if (chart[option] !== undefined && chart[option] !== null) continue;
    troubles.push({
      option: null,
      message: `Cannot draw a ${name} chart without ${option}`,
      why: CHART_OPTIONS[option].about.toLowerCase() + " has to be said",
      hint: `write chart: ${type.example}`,
    });
  }
  return troubles;
}
