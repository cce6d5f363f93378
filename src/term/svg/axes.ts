// Draws what stands over two axes as SVG: lines, areas, points, histograms. Ranges, ticks and
// stacking are those of the terminal's charts; a line of many points keeps first, least, most and
// last of every pixel, so that no peak is lost.

import { stackedExtent, stackSeries } from "../area.ts";
import type { Figure } from "../figure.ts";
import { logLabel } from "../logaxis.ts";
import { grouped } from "../number.ts";
import { ABSENT, type Points, readPoints } from "../points.ts";
import { type Domain, extent, fraction } from "../scale.ts";
import { plainStyle } from "../style.ts";
import { axisOver } from "../yaxis.ts";
import { el, hint, label, n } from "./element.ts";
import { type Ending, finish, type Plot, type Sheet, sheet, xFrame, yFrame } from "./frame.ts";
import { seriesClass } from "./theme.ts";

type Of<K extends Figure["kind"]> = Extract<Figure, { kind: K }>;

/** Height of the data's room for a width; phones get it a little higher. */
export function plotHeight(width: number): number {
  return Math.round(Math.max(150, Math.min(260, width * 0.36)));
}

/** Text rows that a height stands for, so that axes are chosen as on the terminal. */
function rowsOf(height: number): number {
  return Math.max(4, Math.round(height / 17));
}

/** Up to so many points a mark each on a line. */
const FEW = 40;

export function axesSvg(
  figure: Of<"line" | "area" | "scatter">,
  width: number,
  title: string,
  end: Ending,
): string {
  const points = readPoints(figure.data, plainStyle);
  const on = sheet(width, title, points.series.map(({ name }) => name));
  const height = plotHeight(width);
  const stacks = figure.kind === "area" ? stackSeries(points.series.map((s) => s.values)) : [];
  const range = figure.kind === "area" ? stackedExtent(stacks) : points.extent;
  const axis = axisOver({ extent: range, whole: points.whole }, rowsOf(height), {
    zero: figure.kind === "area" ? true : figure.zero,
    log: figure.log,
  });
  const plot = yFrame(on, axis, height);
  if (range === undefined) return nothing(on, plot, title, end);
  const inset = figure.kind === "scatter" ? 5 : 0;
  xFrame(on, points.axis, plot, inset);
  const place = placing(plot, axis.domain, inset);
  const read = (value: number) => figure.log === true ? logLabel(value) : grouped(value);
  const parts: string[] = [];
  if (figure.kind === "area") {
    stacks.forEach((stack, i) => parts.push(areaPath(points, stack, place, i)));
  } else {
    // The first series matters most: it is drawn last, over the others.
    for (let i = points.series.length - 1; i >= 0; i--) {
      const { name, values } = points.series[i] as Points["series"][number];
      parts.push(
        ...(figure.kind === "scatter"
          ? pointMarks(points, values, place, i)
          : linePath(points, values, place, i, name, read)),
      );
    }
  }
  on.parts.push(...parts);
  return finish(on, title, end);
}

function nothing(on: Sheet, plot: Plot, title: string, end: Ending): string {
  on.parts.push(label((plot.left + plot.right) / 2, (plot.top + plot.bottom) / 2, "no data", {
    class: "a m",
  }));
  on.y = plot.bottom + 10;
  return finish(on, title, end);
}

interface Place {
  x(share: number): number;
  y(value: number): number;
  readonly width: number;
}

function placing({ left, right, top, bottom }: Plot, domain: Domain, inset: number): Place {
  return {
    x: (share) => left + inset + share * (right - left - 2 * inset),
    y: (value) => bottom - fraction(value, domain) * (bottom - top),
    width: right - left,
  };
}

/** Runs of known values as places, thinned to what a pixel can show. */
function runs(points: Points, values: Float64Array, place: Place): [number, number][][] {
  const out: [number, number][][] = [];
  let run: [number, number][] = [];
  const dense = points.x.length > place.width * 4;
  let column = -1, first: [number, number] | null = null;
  let least: [number, number] | null = null, most: [number, number] | null = null;
  let last: [number, number] | null = null;
  const flush = () => {
    const own = [first, least, most, last].filter((each) => each !== null)
      .sort((a, b) => a[0] - b[0]);
    own.forEach((each, i) => {
      if (each !== own[i - 1]) run.push(each);
    });
    first =
      least =
      most =
      last =
        null;
  };
  for (let i = 0; i < points.x.length; i++) {
    const value = values[i] as number;
    if (value === ABSENT) continue;
    if (Number.isNaN(value)) {
      flush();
      if (run.length > 0) out.push(run);
      run = [];
      column = -1;
      continue;
    }
    const at: [number, number] = [place.x(points.x[i] as number), place.y(value)];
    if (!dense) {
      run.push(at);
      continue;
    }
    if (Math.floor(at[0]) !== column) {
      flush();
      column = Math.floor(at[0]);
      first = least = most = at;
    } else {
      if (least === null || at[1] < least[1]) least = at;
      if (most === null || at[1] > most[1]) most = at;
    }
    last = at;
  }
  flush();
  if (run.length > 0) out.push(run);
  return out;
}

function linePath(
  points: Points,
  values: Float64Array,
  place: Place,
  i: number,
  name: string,
  read: (value: number) => string,
): string[] {
  const all = runs(points, values, place);
  const d = all.filter((run) => run.length > 1)
    .map((run) => `M${run.map(([x, y]) => `${n(x)} ${n(y)}`).join("L")}`).join("");
  const parts = d === "" ? [] : [el("path", { class: `l l${i % 7}`, d })];
  const few = points.x.length * points.series.length <= FEW;
  if (few) {
    for (let at = 0; at < points.x.length; at++) {
      const value = values[at] as number;
      if (!Number.isFinite(value)) continue;
      parts.push(el(
        "circle",
        { class: seriesClass(i), cx: place.x(points.x[at] as number), cy: place.y(value), r: 2.4 },
        hint(`${name}: ${read(value)}`),
      ));
    }
  } else {
    // What has no neighbour is no line; it must be seen all the same.
    for (const run of all) {
      const [only] = run;
      if (run.length === 1 && only !== undefined) {
        parts.push(el("circle", { class: seriesClass(i), cx: only[0], cy: only[1], r: 1.8 }));
      }
    }
  }
  return parts;
}

function areaPath(
  points: Points,
  stack: { readonly from: Float64Array; readonly to: Float64Array },
  place: Place,
  i: number,
): string {
  const above = runs(points, stack.to, place), below = runs(points, stack.from, place);
  const d = above.map((run, r) => {
    const back = [...below[r] ?? []].reverse();
    const [only] = run;
    if (run.length === 1 && only !== undefined) {
      const foot = back[0]?.[1] ?? only[1];
      return `M${n(only[0] - 1)} ${n(only[1])}h2V${n(foot)}h-2Z`;
    }
    return `M${[...run, ...back].map(([x, y]) => `${n(x)} ${n(y)}`).join("L")}Z`;
  }).join("");
  return d === "" ? "" : el("path", { class: `${seriesClass(i)} f`, d });
}

/** One path for all points of a series: a thousand elements would be a slow page. */
function pointMarks(points: Points, values: Float64Array, place: Place, i: number): string[] {
  const seen = new Set<string>();
  let d = "";
  const r = points.x.length > 400 ? 1.3 : 2.6;
  for (let at = 0; at < points.x.length; at++) {
    const value = values[at] as number;
    if (!Number.isFinite(value)) continue;
    const x = Math.round(place.x(points.x[at] as number)), y = Math.round(place.y(value));
    const key = `${x} ${y}`;
    // On one pixel a second point cannot be seen.
    if (seen.has(key)) continue;
    seen.add(key);
    d += `M${n(x - r)} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
  }
  return d === "" ? [] : [el("path", { class: `${seriesClass(i)} p`, d })];
}

export function histogramSvg(
  figure: Of<"histogram">,
  width: number,
  title: string,
  end: Ending,
): string {
  const { edges, counts, kind, whole } = figure.data;
  const on = sheet(width, title);
  const height = plotHeight(width);
  const heights = counts.map((count) =>
    figure.log !== true ? count : count === 0 ? null : Math.log10(count)
  );
  const range = extent(heights);
  const axis = figure.log === true
    ? axisOver({ extent: range && { min: 0, max: range.max }, whole: true }, rowsOf(height), figure)
    : axisOver({ extent: range, whole: true }, rowsOf(height), { zero: true });
  const plot = yFrame(on, axis, height);
  if (range === undefined || counts.length === 0) return nothing(on, plot, title, end);
  const domain = { min: edges[0] as number, max: edges.at(-1) as number };
  xFrame(on, { kind, domain, whole, categories: [] }, plot);
  const place = placing(plot, axis.domain, 0);
  heights.forEach((value, i) => {
    if (value === null || counts[i] === 0) return;
    const x = place.x(fraction(edges[i] as number, domain));
    const to = place.x(fraction(edges[i + 1] as number, domain));
    // A count of one is a sliver on a logarithmic axis too.
    const y = Math.min(place.y(value), plot.bottom - 1);
    on.parts.push(el("rect", {
      class: seriesClass(0),
      x: x + 0.5,
      y,
      width: Math.max(0.5, to - x - 1),
      height: plot.bottom - y,
    }, hint(`${grouped(counts[i] as number)}`)));
  });
  return finish(on, title, end);
}
