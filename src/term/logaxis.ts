// Decides the ticks of a logarithmic axis. Values arrive as their logarithms to base ten, so that
// everything that places them stays as it is; only labels are taken back.

import { compact, grouped } from "./number.ts";
import type { Domain } from "./scale.ts";
import type { Tick } from "./ticks.ts";

/** The places of 1, 2 and 5 in a decade. */
const PARTS = [0, Math.log10(2), Math.log10(5)];

/** The logarithm to draw; null for what has none. */
export function toLog(value: number | null | undefined): number | null {
  return typeof value === "number" && value > 0 && Number.isFinite(value)
    ? Math.log10(value)
    : null;
}

/** Domain and ticks for logarithms between two, at most about `count` ticks. */
export function logAxis(
  extent: Domain | undefined,
  count: number,
): { readonly domain: Domain; readonly ticks: readonly Tick[] } {
  if (extent === undefined) return { domain: { min: 0, max: 1 }, ticks: [] };
  const fine = extent.max - extent.min < Math.max(1, count / 3);
  const domain = fine
    ? { min: partAt(extent.min, -1), max: partAt(extent.max, 1) }
    : { min: Math.floor(extent.min + 1e-9), max: Math.ceil(extent.max - 1e-9) };
  if (domain.min === domain.max) domain.max += fine ? PARTS[1] as number : 1;
  const places: number[] = [];
  const from = Math.floor(domain.min), to = Math.ceil(domain.max);
  const every = fine ? 1 : Math.max(1, Math.ceil((to - from) / Math.max(1, count)));
  for (let decade = from; decade <= to; decade += every) {
    for (const part of fine ? PARTS : [0]) {
      const place = decade + part;
      if (place >= domain.min - 1e-9 && place <= domain.max + 1e-9) places.push(place);
    }
  }
  return { domain, ticks: places.map((value) => ({ value, label: logLabel(value) })) };
}

/** The place at or beyond a value, downwards or upwards. */
function partAt(value: number, way: -1 | 1): number {
  const decade = Math.floor(value + 1e-9);
  const parts = [...PARTS, 1].map((part) => decade + part);
  return way < 0
    ? parts.findLast((part) => part <= value + 1e-9) ?? decade
    : parts.find((part) => part >= value - 1e-9) ?? decade + 1;
}

/** What stands for a logarithm: 3 as "1,000", 6 as "1M". */
export function logLabel(value: number): string {
  const number = Number((10 ** value).toPrecision(6));
  return Math.abs(value) > 5.99 ? compact(number) : grouped(number);
}
