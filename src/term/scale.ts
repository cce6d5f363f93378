// Decides where a value lies between two others, without overflow at the ends of what a double
// holds, and what range an axis covers. Ticks are ticks.ts.

export interface Domain {
  readonly min: number;
  readonly max: number;
}

/** Where `value` lies in the domain, 0 to 1; a domain of one value answers its middle. */
export function fraction(value: number, domain: Domain): number {
  const span = domain.max - domain.min;
  if (span === 0) return 0.5;
  if (Number.isFinite(span)) return (value - domain.min) / span;
  return (value / 2 - domain.min / 2) / (domain.max / 2 - domain.min / 2);
}

/** The finite values' smallest and largest; undefined where there are none. */
export function extent(values: Iterable<number | null | undefined>): Domain | undefined {
  let min = Infinity, max = -Infinity;
  for (const value of values) {
    if (value === null || value === undefined || !Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? { min, max } : undefined;
}

/** A range that has a length: one value gets room around it, so that its line is in the middle. */
export function widened(domain: Domain): Domain {
  const { min, max } = domain;
  if (min !== max) return domain;
  if (min === 0) return { min: 0, max: 1 };
  const half = Math.abs(min) / 2;
  return half === 0 || !Number.isFinite(min + half)
    ? { min: Math.min(0, min), max: Math.max(0, min) }
    : { min: min - half, max: min + half };
}

/** The domain with zero in it. */
export function withZero(domain: Domain): Domain {
  return { min: Math.min(0, domain.min), max: Math.max(0, domain.max) };
}
