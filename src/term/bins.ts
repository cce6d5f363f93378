// Decides the classes of a choropleth: as many areas in each as can be, with bounds that people
// can read. It does not decide their colours.

import { compact, grouped } from "./number.ts";

/** A class holds values from `from` on, up to `to`: below it, or with it in the last class. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

/** Equally many areas, equal steps, or steps by ten; "auto" takes what the values ask for. */
export type BinKind = "auto" | "quantile" | "equal" | "log";

/**
 * At most `count` classes over the values. "quantile" gives each about as many areas (counts per
 * area are mostly skewed, and one giant would leave the rest one colour); "equal" equal steps;
 * "log" steps by ten, for values that a few areas have nearly all of.
 */
export function makeBins(
  values: readonly number[],
  count: number,
  kind: BinKind,
  dash = "–",
): Bin[] {
  const sorted = [...values].sort((a, b) => a - b);
  const least = sorted[0], most = sorted.at(-1);
  if (least === undefined || most === undefined) return [];
  const whole = sorted.every((v) => Number.isInteger(v) && Math.abs(v) < 2 ** 53);
  const median = sorted[sorted.length >> 1] as number;
  const steep = least >= 0 && most >= 1000 && most > 200 * Math.max(1, median);
  const byTen = kind === "log" || (kind === "auto" && steep);
  const bounds: number[] = [least];
  for (let i = 1; i < count; i++) {
    if (byTen) {
      const bound = 10 ** (Math.ceil(Math.log10(most)) - count + i);
      if (bound > (bounds.at(-1) as number) && bound <= most && (!whole || bound >= 1)) {
        bounds.push(bound);
      }
      continue;
    }
    const raw = kind === "equal"
      ? least + (most - least) * (i / count)
      : sorted[Math.floor((i * sorted.length) / count)] as number;
    const nice = readable(raw, whole);
    const last = bounds.at(-1) as number;
    if (nice > last && nice <= most) bounds.push(nice);
    else if (raw > last && raw <= most) bounds.push(raw);
  }
  const steps = bounds.map((from, i) => ({ from, to: bounds[i + 1] ?? most }));
  const digits = whole ? 0 : decimalsFor(bounds, most);
  const read = (v: number) => Math.abs(v) >= 1e7 ? compact(v) : grouped(v, digits);
  return steps.map(({ from, to }, i) => {
    const last = i === steps.length - 1;
    const top = whole && !last && Math.abs(to) < 1e7 ? to - 1 : to;
    const label = from === top ? read(from) : `${read(from)} ${dash} ${read(top)}`;
    return { from, to, label };
  });
}

/** The class of a value; values outside all classes go to the nearest. */
export function binOf(value: number, bins: readonly Bin[]): number {
  let i = 0;
  while (i + 1 < bins.length && value >= (bins[i + 1] as Bin).from) i++;
  return i;
}

/** Two digits are as many as a reader keeps: 12,483 as 12,000. */
function readable(value: number, whole: boolean): number {
  const rounded = Number(value.toPrecision(2));
  return whole ? Math.round(rounded) : rounded;
}

function decimalsFor(bounds: readonly number[], most: number): number {
  let least = most - (bounds[0] as number);
  for (let i = 1; i < bounds.length; i++) {
    least = Math.min(least, (bounds[i] as number) - (bounds[i - 1] as number));
  }
  return least > 0 ? Math.max(0, Math.min(8, 1 - Math.floor(Math.log10(least)))) : 2;
}
