// Decides at which numbers an axis has ticks and how they read: 1, 2, 2.5 or 5 times a power of
// ten, all labels of one axis alike. Ticks by calendar are timeticks.ts.

import { grouped } from "./number.ts";
import type { Domain } from "./scale.ts";

export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** Below it doubles lose digits, and steps of them lose sense. */
const LEAST = 1e-290;

/** A step near to span / count that people can count in. */
export function niceStep(span: number, count: number): number {
  const raw = span / Math.max(1, count);
  if (!(raw > 0) || !Number.isFinite(raw)) return span > 0 && Number.isFinite(span) ? span : 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  if (power === 0) return raw;
  const digit = raw / power;
  const nice = digit <= 1.0000001 ? 1 : digit <= 2 ? 2 : digit <= 2.5 ? 2.5 : digit <= 5 ? 5 : 10;
  return Number.isFinite(nice * power) ? nice * power : raw;
}

/** The same for things that are counted: never a fraction of one. */
export function wholeStep(span: number, count: number): number {
  const step = Math.max(1, niceStep(span, count));
  return Number.isInteger(step) ? step : Math.ceil(step);
}

/** The domain stretched outwards to whole steps. */
export function niceDomain(domain: Domain, count: number, whole = false): Domain {
  const span = domain.max - domain.min;
  const step = whole ? wholeStep(span, count) : niceStep(span, count);
  if (!Number.isFinite(span) || span < LEAST) return domain;
  const min = Math.floor(domain.min / step + 1e-9) * step;
  const max = Math.ceil(domain.max / step - 1e-9) * step;
  return Number.isFinite(min) && Number.isFinite(max)
    ? { min: tidy(min, step), max: tidy(max, step) }
    : domain;
}

/** Ticks within the domain, at most about `count` + 1; whole numbers only where `whole` says so. */
export function numberTicks(domain: Domain, count: number, whole = false): Tick[] {
  const span = domain.max - domain.min;
  return ticksBy(domain, whole ? wholeStep(span, count) : niceStep(span, count));
}

/** Nobody reads more; it also bounds the loop where a step is next to nothing. */
const MOST_TICKS = 100;

/** Ticks at every multiple of a step within the domain; its ends where there is no such step. */
export function ticksBy(domain: Domain, step: number): Tick[] {
  const span = domain.max - domain.min;
  if (!Number.isFinite(span) || span < LEAST || !(span / step <= MOST_TICKS)) {
    const ends = domain.min === domain.max ? [domain.min] : [domain.min, domain.max];
    return ends.map((value) => ({ value, label: labelOf(value, Math.abs(value), 1) }));
  }
  const first = Math.ceil(domain.min / step - 1e-9), last = Math.floor(domain.max / step + 1e-9);
  const largest = Math.max(Math.abs(domain.min), Math.abs(domain.max));
  const ticks: Tick[] = [];
  // Counted from zero: beyond 2^53 one more is no more.
  for (let i = 0; i <= last - first; i++) {
    const value = tidy((first + i) * step, step);
    if (value === ticks.at(-1)?.value || value < domain.min || value > domain.max) continue;
    ticks.push({ value, label: labelOf(value, largest, step) });
  }
  return ticks;
}

/** Takes off what binary fractions add (0.30000000000000004 to 0.3), as many digits as the step needs. */
function tidy(value: number, step: number): number {
  if (value === 0) return 0;
  const needed = Math.ceil(Math.log10(Math.abs(value) / step)) + 4;
  return needed >= 17 ? value : Number(value.toPrecision(Math.max(6, needed)));
}

const UNITS: readonly (readonly [number, string])[] = [[1e12, "T"], [1e9, "B"], [1e6, "M"]];

/** A label whose digits show the step; units by the axis's largest, so that all have the same. */
function labelOf(value: number, largest: number, step: number): string {
  if (value === 0) return "0";
  if (largest >= 1e15 || largest < 1e-5) {
    // Ticks that differ late need the digits in which they do.
    const digits = Math.ceil(Math.log10(Math.abs(value) / step)) + 1;
    const text = value.toPrecision(Math.max(3, Math.min(17, digits)));
    const [mantissa, exponent] = text.split("e");
    if (exponent === undefined) return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
    return `${mantissa?.replace(/\.?0+$/, "")}e${exponent.replace("+", "")}`;
  }
  const [size, name] = UNITS.find(([size]) => largest >= size) ?? [1, ""];
  const places = Math.max(0, -Math.floor(Math.log10(step / size) + 1e-9));
  const exact = (step / size) * 10 ** places;
  // 2.5 and 0.25 need one digit more than their size says.
  const decimals = places + (Math.abs(exact - Math.round(exact)) > 1e-6 ? 1 : 0);
  return `${grouped(value / size, Math.min(decimals, 8))}${name}`;
}
