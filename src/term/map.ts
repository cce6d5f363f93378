// Decides how a choropleth map looks: its size among legend and title, the classes of its values,
// and which pen fills it (mapcells.ts). Projection and filling are project.ts and fill.ts.

import { type Bin, type BinKind, binOf, makeBins } from "./bins.ts";
import { type Canvas, canvas, canvasLines, put } from "./canvas.ts";
import { fillShapes } from "./fill.ts";
import { drawRanks } from "./mapranks.ts";
import { cellPixels, classInk, drawMapCells, missingInk, mostClasses } from "./mapcells.ts";
import { grouped } from "./number.ts";
import { boundsOf, fitShapes, fitSize, toPlane } from "./project.ts";
import { sanitize } from "./sanitize.ts";
import { roleCodes, type Style } from "./style.ts";
import { truncate, width } from "./width.ts";
import type { AreaGeometry } from "./wkt.ts";

export interface MapFeature {
  readonly id: string | number;
  /** For the list beside the map; the id where it is missing. */
  readonly label?: string | undefined;
  /** Null: no value, which is drawn apart from zero. Features of one id are one area. */
  readonly value: number | null;
  readonly geometry: AreaGeometry;
}

export interface MapOptions {
  /** Every line is exactly as wide. */
  readonly width: number;
  /** Lines at most, title and legend included; by default by the width, 40 for 80. */
  readonly height?: number | undefined;
  /** Never more lines than these, whatever the height is. */
  readonly most?: number | undefined;
  readonly style: Style;
  readonly title?: string | undefined;
  /** What the values are, above the legend. */
  readonly unit?: string | undefined;
  /** Degrees clockwise; Manhattan stands upright at -29. */
  readonly rotate?: number | undefined;
  readonly bins?: BinKind | undefined;
  /** How many classes; as many as a reader tells apart by default. */
  readonly classes?: number | undefined;
  /** How many of the largest are listed beside the map, where there is room; 5 by default. */
  readonly top?: number | undefined;
  readonly format?: ((value: number) => string) | undefined;
}

const SIDE_GAP = 3;
export const USUAL_TOP = 5;

/** A choropleth map of areas in longitude and latitude. */
export function choropleth(features: readonly MapFeature[], options: MapOptions): string[] {
  const { style } = options;
  const areas = joinAreas(features);
  const values = areas.map((area) => area.value).filter((v) => v !== null);
  const classes = Math.min(options.classes ?? mostClasses(style), 9);
  const bins = makeBins(values, classes, options.bins ?? "auto", style.unicode ? "–" : "-");
  const side = sideLines(areas, bins, options);
  const plane = toPlane(areas.map((area) => area.geometry), options.rotate ?? 0);
  const bounds = boundsOf(plane);
  const head = options.title === undefined ? 0 : 1;
  if (bounds === undefined) {
    const on = canvas(options.width, head + 1);
    drawTitle(on, options);
    put(on, 0, head, "no areas to draw", roleCodes(style, "dim"));
    return canvasLines(on);
  }
  const most = Math.max(
    head + 4,
    Math.min(
      options.height ?? Math.max(24, Math.min(56, Math.round(options.width * 0.5))),
      options.most ?? Infinity,
    ),
  );
  const [across, down] = cellPixels(style);
  const sideWidth = Math.min(Math.max(...side.map((line) => width(line.text) + line.indent)), 40);
  // Beside where the map does not lose by it, else below.
  const roomOf = (cellsWide: number, cellsHigh: number) =>
    [Math.max(1, cellsWide) * across, Math.max(1, cellsHigh) * down, (2 * across) / down] as const;
  const besideRoom = roomOf(options.width - sideWidth - SIDE_GAP, most - head);
  const beside = fitSize(bounds, ...besideRoom);
  const legend = side.filter((line) => line.legend);
  const belowRoom = roomOf(options.width, most - head - Math.min(legend.length, 6));
  const below = fitSize(bounds, ...belowRoom);
  const atSide = options.width - sideWidth - SIDE_GAP >= 10 &&
    beside.width * beside.height >= below.width * below.height * 0.8;
  const projected = fitShapes(plane, bounds, ...(atSide ? besideRoom : belowRoom));
  const rows = Math.ceil(projected.height / down);
  const shown = (atSide ? side : legend).slice(
    0,
    atSide ? most - head : Math.max(0, most - head - rows),
  );
  const on = canvas(
    options.width,
    head + (atSide ? Math.max(rows, shown.length) : rows + shown.length),
  );
  drawTitle(on, options);
  const columns = Math.ceil(projected.width / across);
  const left = atSide ? 0 : Math.max(0, (options.width - columns) >> 1);
  const classOf = areas.map((area) => area.value === null ? -1 : binOf(area.value, bins));
  const fill = fillShapes(projected);
  drawMapCells(on, left, head, fill, classOf, bins.length, style);
  const ranked = atSide ? rankedAreas(areas, options.top ?? USUAL_TOP, bins.length) : [];
  drawRanks(on, left, head, fill, classOf, ranked, bins.length, style);
  const x = atSide ? columns + SIDE_GAP : 0;
  const y = atSide ? head + Math.max(0, (rows - shown.length) >> 1) : head + rows;
  drawSide(on, x, y, shown, bins.length, style);
  return canvasLines(on);
}

/** Features of one id, as one. */
export interface Area {
  readonly label: string;
  readonly value: number | null;
  readonly geometry: AreaGeometry;
}

/** Features of one id have one value and are one area, however many polygons they came in. */
export function joinAreas(features: readonly MapFeature[]): Area[] {
  const byId = new Map<string | number, MapFeature[]>();
  for (const feature of features) {
    const same = byId.get(feature.id);
    if (same === undefined) byId.set(feature.id, [feature]);
    else same.push(feature);
  }
  return [...byId.values()].map((parts) => {
    const first = parts[0] as MapFeature;
    const value = parts.find((part) => finite(part.value) !== null)?.value ?? null;
    const polygons = parts.flatMap(({ geometry }) =>
      geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates
    );
    return {
      label: first.label ?? String(first.id),
      value: finite(value),
      geometry: { type: "MultiPolygon", coordinates: polygons },
    };
  });
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

function drawTitle(on: Canvas, { title, style }: MapOptions): void {
  if (title === undefined) return;
  put(on, 0, 0, truncate(sanitize(title, style), on.width, style), roleCodes(style, "heading"));
}

/** A line of legend (with the mark of a class, or of "no data") or of the list. */
interface SideLine {
  readonly text: string;
  readonly mark?: number | undefined;
  readonly indent: number;
  readonly legend: boolean;
  readonly codes: string;
}

/** The areas with the largest values, largest first; none where the legend says it all. */
export function rankedAreas(
  areas: readonly { readonly value: number | null }[],
  count: number,
  classes: number,
): number[] {
  const known = areas.flatMap((area, i) => area.value === null ? [] : [i]);
  if (known.length <= classes) return [];
  const value = (i: number) => areas[i]?.value ?? 0;
  return known.sort((a, b) => value(b) - value(a)).slice(0, count);
}

function sideLines(areas: readonly Area[], bins: readonly Bin[], options: MapOptions): SideLine[] {
  const { style } = options;
  const lines: SideLine[] = [];
  const add = (text: string, legend: boolean, codes = "", mark?: number) =>
    lines.push({ text, legend, codes, mark, indent: mark === undefined ? 0 : 3 });
  const dim = roleCodes(style, "dim");
  if (options.unit !== undefined) {
    add(sanitize(options.unit, style), true, roleCodes(style, "heading"));
  }
  for (let i = bins.length - 1; i >= 0; i--) add((bins[i] as Bin).label, true, "", i);
  if (areas.some((area) => area.value === null)) add("no data", true, dim, -1);
  const best = rankedAreas(areas, options.top ?? USUAL_TOP, bins.length)
    .map((i) => areas[i] as Area);
  if (best.length === 0) return lines;
  const format = options.format ?? ((value: number) => grouped(value));
  const numbers = best.map((area) => format(area.value as number));
  const widest = Math.max(...numbers.map(width));
  add("", false);
  add("most", false, roleCodes(style, "heading"));
  best.forEach((area, i) => {
    const name = truncate(sanitize(area.label, style), 35 - widest, style);
    const rank = best.length < 10 ? `${i + 1}  ` : "";
    add(`${rank}${(numbers[i] as string).padStart(widest)}  ${name}`, false);
  });
  return lines;
}

function drawSide(
  on: Canvas,
  x: number,
  y: number,
  lines: readonly SideLine[],
  classes: number,
  style: Style,
): void {
  lines.forEach((line, i) => {
    if (line.mark !== undefined) {
      const ink = line.mark < 0 ? missingInk(style) : classInk(style, line.mark, classes);
      put(on, x, y + i, ink.char.repeat(2), ink.codes);
    }
    put(
      on,
      x + line.indent,
      y + i,
      truncate(line.text, on.width - x - line.indent, style),
      line.codes,
    );
  });
}
