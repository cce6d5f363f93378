// Decides how numbers read: grouped, short, as bytes, as rates. Always a point and commas, so
// that logs and tests do not depend on the machine's language. Times are duration.ts.

/** What can be shown as a number. Strings are decimals or 128-bit values, digits kept as given. */
export type Numeric = number | bigint | string;

/**
 * 12345.5 as "12,345.5". `decimals` fixes the digits after the point; without it as many as the
 * value has, 6 at most. Not-a-number and the infinities read "NaN", "Infinity", "-Infinity".
 */
export function grouped(value: Numeric, decimals?: number): string {
  const text = digits(value, decimals);
  const match = /^(-?)(\d+)(\.\d+)?$/.exec(text);
  if (!match) return text;
  return `${match[1]}${groupThousands(match[2] as string)}${match[3] ?? ""}`;
}

function groupThousands(whole: string): string {
  if (whole.length <= 3) return whole;
  let out = "";
  for (let end = whole.length; end > 0; end -= 3) {
    out = whole.slice(Math.max(0, end - 3), end) + (out === "" ? "" : `,${out}`);
  }
  return out;
}

/** The digits without grouping. */
export function digits(value: Numeric, decimals?: number): string {
  if (typeof value === "bigint") return decimals ? `${value}.${"0".repeat(decimals)}` : `${value}`;
  if (typeof value === "string") return value;
  if (!Number.isFinite(value)) return String(value);
  if (decimals !== undefined) {
    return Math.abs(value) < 1e21 ? unsignedZero(value.toFixed(decimals)) : value.toExponential(3);
  }
  if (Number.isInteger(value)) return Math.abs(value) < 1e15 ? String(value + 0) : short(value);
  if (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e15) return short(value);
  return unsignedZero(String(Number(value.toFixed(6))));
}

function short(value: number): string {
  return value === 0 ? "0" : value.toPrecision(4).replace(/\.?0+(e|$)/, "$1").replace("e+", "e");
}

function unsignedZero(text: string): string {
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text;
}

const SHORT_UNITS = ["", "k", "M", "B", "T"];

/** 1234567 as "1.2M": three digits at most, for axes and narrow places. */
export function compact(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 1e15)) {
    return value.toExponential(1).replace(".0e", "e").replace("e+", "e");
  }
  if (size < 999.5) return unsignedZero(String(Number(value.toPrecision(3))));
  return scaled(value, 1000, SHORT_UNITS, "");
}

/** 1536 as "1.5 kB" (thousands, as disks and networks count). */
export function bytes(value: number): string {
  return scaled(value, 1000, ["B", "kB", "MB", "GB", "TB", "PB"], " ");
}

function scaled(value: number, base: number, units: readonly string[], gap: string): string {
  let n = value, unit = 0;
  // 999.95 would read "1000": the step up is taken by what is shown, not by what is.
  while (Math.abs(n) >= base - 0.5 && unit < units.length - 1) {
    n /= base;
    unit++;
  }
  const decimals = unit > 0 && Math.abs(n) < 9.95 ? 1 : 0;
  const text = n.toFixed(decimals).replace(/\.0$/, "");
  return `${unsignedZero(text)}${gap}${units[unit]}`;
}

/** Units per second: "1.2M rows/s", "3.4 MB/s" where the unit is "B". */
export function rate(perSecond: number, unit: string): string {
  return unit === "B" ? `${bytes(perSecond)}/s` : `${compact(perSecond)} ${unit}/s`;
}

/** A part of a whole, 0 to 1, as "42%"; never "100%" or "0%" before it is all or nothing. */
export function percent(fraction: number): string {
  if (!Number.isFinite(fraction)) return "–";
  const shown = Math.round(fraction * 100);
  if (shown === 100 && fraction < 1) return "99%";
  if (shown === 0 && fraction > 0) return "<1%";
  return `${shown}%`;
}

/** "1 row", "2 rows", "12,345 rows"; the plural is given where it is not one more "s". */
export function counted(n: number | bigint, one: string, many = `${one}s`): string {
  return `${grouped(n)} ${n === 1 || n === 1n ? one : many}`;
}
