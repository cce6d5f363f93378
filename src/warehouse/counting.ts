/**
 * How many rows fail each check, and where the first of them stand: what the footer tells by that, what one scan can
 * tell in one scan, the rest one by one. Verdicts are not made here.
 */
import type { Json } from "../core/json.ts";
import type { Asked } from "./check_sql.ts";
import { Cancelled, type Session } from "./driver.ts";
import { places } from "./samples.ts";

/** What was found for one check. */
export interface Counted {
  readonly failing: number | null;
  readonly holds?: boolean | null;
  readonly shown?: Json;
  /** Of the first failing rows, where rows have places. */
  readonly places?: readonly number[];
}
export type CountedOrError = Counted | { readonly error: unknown };

/** The rows that are counted, as FROM takes them; `numbered` is the same with the rows' places. */
export interface Rows {
  readonly candidate: string;
  readonly numbered: string | null;
  readonly count: number;
}

/** `held` says which checks are known to hold. Throws only `Cancelled`. */
export async function countAll(
  session: Session,
  asked: readonly Asked[],
  held: readonly boolean[],
  rows: Rows,
): Promise<CountedOrError[]> {
  const scan = asked.flatMap((each, at) =>
    (each.kind === "rows" || each.kind === "aggregate") && held[at] !== true ? [each] : []
  );
  const together = await attempt(() => aggregates(session, scan, rows));
  const results: CountedOrError[] = [];
  let next = 0;
  for (const [at, each] of asked.entries()) {
    if (held[at] === true) {
      results.push({ failing: 0 });
      continue;
    }
    switch (each.kind) {
      case "rows":
      case "aggregate":
        // One bad condition spoils the scan for all: then each is asked alone.
        results.push(
          Array.isArray(together)
            ? together[next++]!
            : await attempt(async () => (await aggregates(session, [each], rows))[0]!),
        );
        break;
      case "query":
        results.push(await attempt(() => countQuery(session, each, rows)));
        break;
      case "count": {
        const few = each.min !== null && rows.count < each.min;
        const many = each.max !== null && rows.count > each.max;
        results.push({ failing: null, holds: !few && !many });
        break;
      }
      case "wrong":
        results.push({ error: new Error(each.why) });
    }
  }
  return results;
}

/** How many rows FROM gives. */
export async function countOf(session: Session, from: string): Promise<number> {
  const { rows } = await session.rows(`select count(*) from ${from}`);
  return Number(rows[0]![0]);
}

/** An error as a value. */
export async function attempt<T>(
  work: () => Promise<T>,
): Promise<T | { readonly error: unknown }> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Cancelled) throw error;
    return { error };
  }
}

async function aggregates(
  session: Session,
  asked: readonly Extract<Asked, { kind: "rows" | "aggregate" }>[],
  { candidate, numbered }: Rows,
): Promise<Counted[]> {
  if (asked.length === 0) return [];
  const columns = asked.flatMap((each) => {
    if (each.kind === "aggregate") return [`(${each.holds})`, each.shown];
    const { condition } = each;
    const first = numbered === null ? "null" : `${places.first} filter (where ${condition})`;
    return [`count_if(${condition})`, first];
  });
  const { rows } = await session.rows(`select ${columns.join(", ")} from ${numbered ?? candidate}`);
  const found = rows[0]!;
  return asked.map((each, at) =>
    each.kind === "rows"
      ? { failing: Number(found[at * 2]), places: places.of(found[at * 2 + 1]) }
      : { failing: null, holds: found[at * 2] === true, shown: found[at * 2 + 1] ?? null }
  );
}

async function countQuery(
  session: Session,
  { sql, rows: failing }: Extract<Asked, { kind: "query" }>,
  { numbered }: Rows,
): Promise<Counted> {
  if (failing === undefined || numbered === null) {
    return { failing: await countOf(session, `(${sql}\n)`) };
  }
  const { rows: [row] } = await session.rows(
    `select count(*), ${places.first} from (${failing(numbered)}\n)`,
  );
  return { failing: Number(row![0]), places: places.of(row![1]) };
}
