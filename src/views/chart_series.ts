/** Of very many series the largest: after these, lines and colours say nothing any more. */
import { SERIES_COLORS } from "../term/palette.ts";
import { grouped } from "../term/number.ts";

export interface Series {
  readonly name: string;
  readonly values: readonly (number | null | undefined)[];
  /** It has places of its own, and `undefined` at those of others: its line goes on over these. */
  readonly sparse?: boolean | undefined;
}

export interface FewSeries {
  readonly series: readonly Series[];
  /** What is to be said of those that are not there. */
  readonly notes: readonly string[];
}

const MOST_SERIES = 12;

/** The largest in their order; what is left out is said. */
export function largestSeries(series: readonly Series[]): FewSeries {
  if (series.length <= MOST_SERIES) return { series, notes: [] };
  const kept = largest(series, MOST_SERIES);
  return {
    series: series.filter((each) => kept.has(each)),
    notes: [`the ${MOST_SERIES} largest of ${grouped(series.length)} series`],
  };
}

/** For what stands on each other: none is left out, since the whole would be wrong; the small ones are one. */
export function stackedSeries(series: readonly Series[]): FewSeries {
  if (series.length <= SERIES_COLORS) return { series, notes: [] };
  const kept = largest(series, SERIES_COLORS - 1);
  const rest = series.filter((each) => !kept.has(each));
  const length = Math.max(...rest.map(({ values }) => values.length));
  const sums = Array.from({ length }, (_, i) => {
    const known = rest.flatMap(({ values }) => values[i] ?? []);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
  });
  const others = { name: `${grouped(rest.length)} others`, values: sums };
  return { series: [...series.filter((each) => kept.has(each)), others], notes: [] };
}

function largest(series: readonly Series[], count: number): ReadonlySet<Series> {
  const total = ({ values }: Series) =>
    values.reduce((sum: number, value) => sum + Math.abs(value ?? 0), 0);
  const totals = new Map(series.map((each) => [each, total(each)]));
  const byTotal = [...series].sort((a, b) => (totals.get(b) ?? 0) - (totals.get(a) ?? 0));
  return new Set(byTotal.slice(0, count));
}
