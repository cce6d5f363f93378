/** Choropleth maps: a column of outlines (WKT or GeoJSON), a number as shade, a name for the list beside it. */
import type { Json, JsonObject } from "../core/json.ts";
import { ProblemError } from "../core/problem/problem.ts";
import type { MapFeature } from "../term/map.ts";
import { counted } from "../term/number.ts";
import { type AreaGeometry, parseWkt } from "../term/wkt.ts";
import type { Drawing, Figured } from "./drawing.ts";
import {
  chartProblem,
  columnOf,
  columnsOf,
  firstColumn,
  type Found,
  isMeasure,
  labelsOf,
  needed,
  numberOf,
  numbersOf,
} from "./chart_columns.ts";
import { isNumeric } from "./table.ts";

const BINS = ["quantile", "equal", "log"] as const;

export function mapFigure(drawing: Drawing): Figured {
  const { chart, rows } = drawing;
  const geometry = needed(
    drawing,
    "geometry",
    columnOf(drawing, "geometry") ?? firstColumn(drawing, isOutline),
    "a column of outlines (WKT or GeoJSON)",
  );
  const value = needed(
    drawing,
    "value",
    columnOf(drawing, "value") ?? columnOf(drawing, "color") ?? columnsOf(drawing, "y")[0] ??
      firstColumn(drawing, isMeasure, [geometry]),
    "a number",
  );
  const label = columnOf(drawing, "label") ?? columnOf(drawing, "x") ??
    firstColumn(drawing, ({ type }) => !isNumeric(type), [geometry]);
  const numbers = numbersOf(drawing, "value", value);
  const names = label === null ? [] : labelsOf(drawing, label);
  const ids = columnOf(drawing, "id");
  const idTexts = ids === null ? [] : labelsOf(drawing, ids);
  const features: MapFeature[] = [];
  let without = 0;
  rows.rows.forEach((row, i) => {
    const outline = row[geometry.at] ?? null;
    if (outline === null) {
      without++;
      return;
    }
    features.push({
      id: idTexts[i] ?? i,
      label: names[i] ?? `row ${i + 1}`,
      value: numbers[i] ?? null,
      geometry: readOutline(drawing, geometry, outline, names[i] ?? `row ${i + 1}`),
    });
  });
  const number = (option: string) => numberOf(chart[option] ?? null) ?? undefined;
  const unit = chart["unit"];
  return {
    figure: {
      kind: "map",
      features,
      unit: typeof unit === "string" ? unit : value.name,
      bins: BINS.find((kind) => kind === chart["classes"]) ?? "auto",
      classes: number("bins"),
      height: number("height"),
      rotate: number("rotate"),
      top: number("top"),
    },
    notes: without === 0 ? [] : [`${counted(without, "row")} without an outline`],
  };
}

function isOutline({ name, type }: { name: string; type: string }): boolean {
  return /^GEOMETRY/i.test(type) ||
    /^(?:the_)?(?:geom|geometry|wkt|geojson|shape|outline)$/i.test(name);
}

function readOutline(drawing: Drawing, column: Found, value: Json, name: string): AreaGeometry {
  const found = typeof value === "string" && !value.trimStart().startsWith("{")
    ? fromWkt(value)
    : fromGeoJson(value);
  if (typeof found !== "string") return found;
  throw new ProblemError(chartProblem(drawing, {
    message: `Cannot draw ${drawing.asset}: ${column.name} of ${name} is no outline`,
    why: found,
    hint: "a map needs POLYGON or MULTIPOLYGON as WKT, or the same as GeoJSON",
  }));
}

/** The geometry, or what is wrong with it. */
function fromWkt(text: string): AreaGeometry | string {
  const read = parseWkt(text);
  return read.ok ? read.geometry : `${read.problem.message} (character ${read.problem.at + 1})`;
}

function fromGeoJson(value: Json): AreaGeometry | string {
  let json = value;
  if (typeof json === "string") {
    try {
      json = JSON.parse(json) as Json;
    } catch {
      return "it begins like GeoJSON, but is not JSON";
    }
  }
  const object = asObject(json);
  const inner = object?.["type"] === "Feature" ? asObject(object["geometry"] ?? null) : object;
  const type = inner?.["type"];
  const coordinates = inner?.["coordinates"];
  if (inner === null || (type !== "Polygon" && type !== "MultiPolygon")) {
    return `expected Polygon or MultiPolygon, found ${typeof type === "string" ? type : "neither"}`;
  }
  const polygons = type === "Polygon" ? [coordinates] : coordinates;
  const read = Array.isArray(polygons) ? polygons.map(polygonOf) : [null];
  if (read.some((each) => each === null)) {
    return "its coordinates are no rings of longitude and latitude";
  }
  return { type: "MultiPolygon", coordinates: read.filter((each) => each !== null) };
}

function polygonOf(value: Json | undefined): [number, number][][] | null {
  if (!Array.isArray(value)) return null;
  const rings: [number, number][][] = [];
  for (const ring of value as readonly Json[]) {
    if (!Array.isArray(ring)) return null;
    const points: [number, number][] = [];
    for (const point of ring as readonly Json[]) {
      const [x, y] = Array.isArray(point) ? point as readonly Json[] : [];
      if (typeof x !== "number" || typeof y !== "number") return null;
      points.push([x, y]);
    }
    rings.push(points);
  }
  return rings;
}

function asObject(value: Json): JsonObject | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as JsonObject
    : null;
}
