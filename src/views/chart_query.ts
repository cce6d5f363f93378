/**
 * The query behind a chart. Of a large table only the columns that it names are read, and of a line or of points
 * only what can be seen: of each of many slices of x the least and the greatest value, and whether values are
 * missing there. So every peak and every gap stays, and a million rows cost what the engine needs to pass them.
 */
import { chartType } from "../core/chart.ts";
import type { ChartDefinition } from "../core/definition.ts";
import type { Column } from "../core/version.ts";
import { isNumeric, isTime } from "./table.ts";

/** From so many rows on it pays, and no terminal or page has as many places. */
const LARGE = 20_000;
/** Slices of x: several for each dot of the widest terminal. */
const SLICES = 2_000;
/** Places across and down in which one point stands for all. */
const GRID = 1_000;

/** The query over `asset`; `rows` says how many it has, as far as is known. */
export function chartQuery(
  chart: ChartDefinition,
  asset: string,
  table: { readonly schema: readonly Column[] | null; readonly rows: number },
): string {
  const whole = `select * from ${quoted(asset)}`;
  const own = chart["from"];
  if (typeof own === "string" && own.trim() !== "") return own;
  if (table.schema === null || table.rows < LARGE) return whole;
  const named = namedColumns(chart, table.schema);
  if (named === null) return whole;
  const type = chartType(chart.type);
  const x = columnOf(table.schema, chart.x), y = columnOf(table.schema, chart.y);
  const unsorted = chart["sort"] === undefined && chart["limit"] === undefined;
  const alone = named.length === 2 && chart.color === undefined && unsorted;
  const places = x !== null && y !== null && (isNumeric(x.type) || isTime(x.type)) &&
    isNumeric(y.type);
  if (alone && places && (type === "line" || type === "area")) return sliced(asset, x, y);
  if (alone && places && type === "scatter") return gridded(asset, x, y);
  const color = columnOf(table.schema, chart.color);
  if (unsorted && places && type === "line" && color !== null && named.length === 3) {
    return slicedBy(asset, x, y, color);
  }
  return `select ${named.map(({ name }) => quoted(name)).join(", ")} from ${quoted(asset)}`;
}

/** The columns that the options name; null where one is left to be guessed, or is not there. */
function namedColumns(
  chart: ChartDefinition,
  schema: readonly Column[],
): readonly Column[] | null {
  const type = chartType(chart.type);
  if (type === null || type === "table") return null;
  const needs: Readonly<Record<string, readonly string[]>> = {
    histogram: ["x"],
    box: ["x", "y"],
    map: ["geometry", "value", "label"],
    heat: ["x", "y", "value"],
    calendar: ["x", "value"],
    number: ["value"],
    gantt: ["x", "end", "label"],
  };
  if ((needs[type] ?? ["x", "y"]).some((option) => chart[option] === undefined)) return null;
  const options = ["x", "y", "color", "value", "geometry", "label", "id", "end"];
  const names = options.flatMap((option) => {
    const named = chart[option];
    return typeof named === "string" ? [named] : Array.isArray(named) ? named.map(String) : [];
  });
  const sort = chart["sort"];
  if (typeof sort === "string") names.push(sort.replace(/^-/, ""));
  const found = new Map<string, Column>();
  for (const name of names) {
    const column = columnOf(schema, name);
    if (column === null) return null;
    found.set(column.name, column);
  }
  return [...found.values()];
}

function columnOf(schema: readonly Column[], name: unknown): Column | null {
  if (typeof name !== "string") return null;
  return schema.find((each) => each.name === name) ??
    schema.find((each) => each.name.toLowerCase() === name.toLowerCase()) ?? null;
}

/** Sums over slices are cheap; the ends of each would cost the engine as much again and show nowhere. */
function sliced(asset: string, x: Column, y: Column): string {
  const [a, b] = [quoted(x.name), quoted(y.name)];
  const place = placeOf(x);
  const step = isTime(x.type)
    ? `greatest(1, (max(${place}) - min(${place})) // ${SLICES})`
    : `nullif((max(${place}) - min(${place})) / ${SLICES}, 0)`;
  const slice = isTime(x.type) ? `(${place} - low) // step` : `floor((${place} - low) / step)`;
  return `with ends as (
  select min(${place}) as low, ${step} as step from ${quoted(asset)}
), slices as (
  select ${slice} as slice, min(${b}) as y1, arg_min(${a}, ${b}) as x1,
    max(${b}) as y2, arg_max(${a}, ${b}) as x2, count(*) - count(${b}) as gaps
  from ${quoted(asset)}, ends where ${a} is not null
  group by all
), kept as (
  select x1 as x, y1 as y from slices where x1 is not null
  union select x2, y2 from slices where x2 is not null
  union all select ${momentOf(x, "low + slice * step")}, null from slices, ends where gaps > 0
)
select x as ${a}, y as ${b} from kept order by all`;
}

/**
 * The same for each value of the colour column. All have the same two places in a slice, the least and the greatest
 * value in their order, so that where one has nothing it is seen; what that moves them by is finer than any dot.
 */
function slicedBy(asset: string, x: Column, y: Column, color: Column): string {
  const [a, b, c] = [quoted(x.name), quoted(y.name), quoted(color.name)];
  const place = placeOf(x);
  const exact = isTime(x.type);
  const step = exact
    ? `greatest(2, (max(${place}) - min(${place})) // ${SLICES})`
    : `nullif((max(${place}) - min(${place})) / ${SLICES}, 0)`;
  const slice = exact ? `(${place} - low) // step` : `floor((${place} - low) / step)`;
  const half = exact ? "step // 2" : "step / 2";
  return `with ends as (
  select min(${place}) as low, coalesce(${step}, 1) as step from ${quoted(asset)}
), slices as (
  select ${slice} as slice, ${c} as name, min(${b}) as y1, max(${b}) as y2,
    arg_min(${place}, ${b}) <= arg_max(${place}, ${b}) as up
  from ${quoted(asset)}, ends where ${a} is not null
  group by all
), kept as (
  select low + slice * step as place, if(up, y1, y2) as y, name from slices, ends
  union all
  select low + slice * step + ${half}, if(up, y2, y1), name from slices, ends
)
select ${momentOf(x, "place")} as ${a}, y as ${b}, name as ${c} from kept order by place, ${c}`;
}

function gridded(asset: string, x: Column, y: Column): string {
  const [a, b] = [quoted(x.name), quoted(y.name)];
  return `with points as (
  select ${a} as x, ${b} as y, ${placeOf(x)} as place, ${b}::double as high
  from ${quoted(asset)} where ${a} is not null and ${b} is not null
), ends as (
  select min(place) as left_end, nullif(max(place) - min(place), 0) as wide,
    min(high) as low_end, nullif(max(high) - min(high), 0) as tall
  from points
)
select any_value(x) as ${a}, any_value(y) as ${b}
from points, ends
group by floor((place - left_end) / wide * ${GRID}), floor((high - low_end) / tall * ${GRID})
order by all`;
}

/** Where a value stands on the axis, as a number; times in microseconds. */
function placeOf({ name, type }: Column): string {
  if (!isTime(type)) return `${quoted(name)}::double`;
  return `epoch_us(${quoted(name)}${isInstant(type) ? "" : "::timestamp"})`;
}

/** The same back: a place as a value of the column. */
function momentOf({ type }: Column, place: string): string {
  if (!isTime(type)) return `(${place})::${type}`;
  const made = isInstant(type) ? `make_timestamptz(${place})` : `make_timestamp(${place})`;
  return `${made}::${type}`;
}

function isInstant(type: string): boolean {
  return /TZ$|WITH TIME ZONE/i.test(type);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
