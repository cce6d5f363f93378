// The pipeline's queries as one would type them into a script: the text of the demo's own assets, each with the tables
// that it reads put before it. So the floors compute what the assets compute, whatever these become.

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The assets that are measured, with what they stand on. */
export const PIPELINE = ["taxi_trips", "taxi_zones", "trips_by_week", "manhattan_stats"] as const;
export const MONTHS = ["2023-01", "2023-02", "2023-03"] as const;

const DAY = 86_400_000;

export interface Week {
  /** The Sunday on which it begins. */
  readonly start: string;
  readonly end: string;
  /** The months that it touches, and the one after: some trips are filed late. */
  readonly months: readonly string[];
}

/** Weeks that begin in the months, as the asset has them. */
export function weeks(): readonly Week[] {
  const found: Week[] = [];
  const last = Date.UTC(2023, 3, 1);
  for (let at = Date.UTC(2023, 0, 1); at < last; at += 7 * DAY) {
    const month = (instant: number) => new Date(instant).toISOString().slice(0, 7);
    const touched = [month(at), month(at + 6 * DAY)];
    const after = MONTHS[MONTHS.findIndex((each) => each === touched[1]) + 1];
    found.push({
      start: day(at),
      end: day(at + 7 * DAY),
      months: MONTHS.filter((each) => touched.includes(each) || each === after),
    });
  }
  return found;
}

/** The first day of a month, and of the next. */
export function monthSpan(month: string): { readonly start: string; readonly end: string } {
  const [year = 0, number = 0] = month.split("-").map(Number);
  return { start: day(Date.UTC(year, number - 1, 1)), end: day(Date.UTC(year, number, 1)) };
}

function day(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}

/** An asset's query, `tables` before it, its partition's window in the place of the parameters. */
export function queryOf(
  assets: string,
  file: string,
  tables: Readonly<Record<string, string>>,
  window: { readonly start: string; readonly end: string } | null = null,
): string {
  const text = readFileSync(join(assets, file), "utf8").replace(/^\s*\/\*[\s\S]*?\*\//, "");
  const sql = window === null
    ? text
    : text.replaceAll("$partition_start", `timestamp '${window.start}'`)
      .replaceAll("$partition_end", `timestamp '${window.end}'`);
  const names = Object.entries(tables).map(([name, from]) =>
    `${name} as not materialized (select * from ${from})`
  );
  return names.length === 0 ? sql : `with ${names.join(", ")} ${sql}`;
}
