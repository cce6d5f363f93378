/**
 * Runs the checks of one output: on a candidate before it is published, or on what is published.
 * Decides each check's verdict; whether it is published in spite of it is the engine's affair.
 */
import type { CheckDefinition } from "../core/definition.ts";
import type { CheckResult } from "../core/event.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type { OrderOutput, StepOrder } from "../core/order.ts";
import { ProblemError } from "../core/problem/problem.ts";
import { type Asked, askedBy, type Names, parametersOfCheck } from "./check_sql.ts";
import { Cancelled, type Session } from "./driver.ts";
import { engineProblem } from "./engine_words.ts";
import type { Staged, StageHooks } from "./make.ts";
import { bindVariables, parametersOfView, withVariables } from "./parameters.ts";
import { relation, unionOf, withTables } from "./read.ts";
import { ident } from "./sql_text.ts";

const SAMPLE = 5;
const LONGEST_TEXT = 200;
const CANDIDATE = "nycflow candidate";
const OTHERS = "nycflow others";

/** All results, in the order of the definition. Throws only `Cancelled`. */
export async function audit(
  session: Session,
  order: StepOrder,
  output: OrderOutput,
  staged: Staged,
  hooks: StageHooks = {},
): Promise<CheckResult[]> {
  const checks = output.checks.filter((each) => each.kind !== "code");
  if (checks.length === 0) return [];
  return await session.watched(hooks, async () => {
    try {
      return await run(session, order, output, staged, checks);
    } finally {
      await session.dropViews();
    }
  });
}

async function run(
  session: Session,
  order: StepOrder,
  output: OrderOutput,
  staged: Staged,
  checks: readonly CheckDefinition[],
): Promise<CheckResult[]> {
  let rows: number;
  let names: Names;
  const unreadable = new Map<string, string>();
  try {
    // Before the views, since binding a view looks its parameters up.
    await bindVariables(session, order, [
      ...checks.flatMap(parametersOfCheck),
      ...(staged.view ? parametersOfView(staged.view) : []),
      ...order.checkInputs.flatMap((each) => each.view ? parametersOfView(each.view) : []),
    ]);
    names = await makeViews(session, order, output, staged, checks, unreadable);
    rows = staged.file ? staged.rows : await countOf(session, names.candidate);
  } catch (error) {
    return checks.map((each) => errored(each, error));
  }
  const asked = checks.map((each) => {
    const missing = each.reads.find((asset) => unreadable.has(asset));
    const why = missing === undefined ? undefined : unreadable.get(missing);
    return {
      check: each,
      asked: why === undefined ? askedBy(each, names, order.now) : { kind: "wrong" as const, why },
    };
  });
  const counted = await countAll(session, asked.map((each) => each.asked), names, rows);
  const results: CheckResult[] = [];
  for (const [at, { check, asked: of }] of asked.entries()) {
    const count = counted[at]!;
    if ("error" in count) {
      results.push(errored(check, count.error));
      continue;
    }
    const verdict = verdictOf(check, of, count, rows);
    const sampled = verdict.outcome === "passed" ? [] : await sampleOf(session, of, names);
    results.push({ ...verdict, sample: sampled });
  }
  return results;
}

/** The candidate's and the others' views, and the tables that checks name; what of these cannot be read is told. */
async function makeViews(
  session: Session,
  order: StepOrder,
  output: OrderOutput,
  staged: Staged,
  checks: readonly CheckDefinition[],
  unreadable: Map<string, string>,
): Promise<Names> {
  const { schema } = staged;
  const own = staged.view
    ? withTables(withVariables(staged.view.sql).sql, staged.view.inputs, order.project)
    : unionOf([{ file: staged.file!, schema }], schema, order.project);
  await session.view(CANDIDATE, own);
  const published = output.others.flatMap((each) =>
    each.file ? [{ file: each.file, schema: each.schema }] : []
  );
  const others = published.length > 0 ? unionOf(published, schema, order.project) : null;
  if (others) await session.view(OTHERS, others);
  const names = { candidate: ident(CANDIDATE), others: others ? ident(OTHERS) : null };
  if (checks.some((each) => each.kind === "query" || each.kind === "relationships")) {
    for (const input of order.checkInputs) {
      if (input.asset === output.asset) continue;
      try {
        await session.view(input.asset, relation(input, order.project));
      } catch (error) {
        // Only the checks that read it come to nothing by this.
        if (!(error instanceof ProblemError)) throw error;
        const [found] = error.problems;
        unreadable.set(input.asset, `${found?.message}: ${found?.why}`);
      }
    }
    // Under its own name a check sees the candidate in its place among the other partitions.
    const whole = checks.some((each) => each.kind === "query" && each.scope === "asset");
    await session.view(
      output.asset,
      whole && others
        ? `from ${names.candidate} union all from ${ident(OTHERS)}`
        : `from ${names.candidate}`,
    );
  }
  return names;
}

interface Counted {
  readonly failing: number | null;
  readonly holds?: boolean | null;
  readonly shown?: Json;
}
type CountedOrError = Counted | { readonly error: unknown };

/** Everything that one scan can tell in one scan; the rest one by one. */
async function countAll(
  session: Session,
  asked: readonly Asked[],
  names: Names,
  rows: number,
): Promise<CountedOrError[]> {
  const scan = asked.flatMap((each) =>
    each.kind === "rows" || each.kind === "aggregate" ? [each] : []
  );
  const together = await attempt(() => aggregates(session, scan, names));
  const results: CountedOrError[] = [];
  let next = 0;
  for (const each of asked) {
    switch (each.kind) {
      case "rows":
      case "aggregate":
        // One bad condition spoils the scan for all: then each is asked alone.
        results.push(
          Array.isArray(together)
            ? together[next++]!
            : await attempt(async () => (await aggregates(session, [each], names))[0]!),
        );
        break;
      case "query":
        results.push(
          await attempt(async () => ({
            failing: await countOf(session, `(${each.sql}\n)`),
          })),
        );
        break;
      case "count": {
        const few = each.min !== null && rows < each.min;
        results.push({ failing: null, holds: !few && !(each.max !== null && rows > each.max) });
        break;
      }
      case "wrong":
        results.push({ error: new Error(each.why) });
    }
  }
  return results;
}

async function aggregates(
  session: Session,
  asked: readonly Extract<Asked, { kind: "rows" | "aggregate" }>[],
  names: Names,
): Promise<Counted[]> {
  if (asked.length === 0) return [];
  const columns = asked.flatMap((each) =>
    each.kind === "rows" ? [`count_if(${each.condition})`, "null"] : [`(${each.holds})`, each.shown]
  );
  const { rows } = await session.rows(`select ${columns.join(", ")} from ${names.candidate}`);
  const found = rows[0]!;
  return asked.map((each, at) =>
    each.kind === "rows"
      ? { failing: Number(found[at * 2]) }
      : { failing: null, holds: found[at * 2] === true, shown: found[at * 2 + 1] ?? null }
  );
}

async function countOf(session: Session, from: string): Promise<number> {
  const { rows } = await session.rows(`select count(*) from ${from}`);
  return Number(rows[0]![0]);
}

async function attempt<T>(work: () => Promise<T>): Promise<T | { readonly error: unknown }> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Cancelled) throw error;
    return { error };
  }
}

function verdictOf(
  check: CheckDefinition,
  asked: Asked,
  count: Counted,
  rows: number,
): CheckResult {
  const { name, severity, blocking } = check;
  const told = { name, severity, blocking, failing: count.failing, sample: [] };
  if (asked.kind === "count" || asked.kind === "aggregate") {
    const text = asked.kind === "count"
      ? `${grouped(rows)} rows${count.holds ? "" : `, ${expectedRows(asked)} expected`}`
      : `newest is ${count.shown ?? "NULL"}${count.holds ? "" : `, ${asked.expected} expected`}`;
    const failed = severity === "error" ? "failed" : "warned";
    return { ...told, outcome: count.holds ? "passed" : failed, text };
  }
  const failing = count.failing ?? 0;
  const outcome = outcomeOf(check, failing, rows);
  const noun = asked.kind === "query" && check.kind === "unique" ? "key" : "row";
  const said = failing === 0 ? "" : `${grouped(failing)} ${noun}${failing === 1 ? "" : "s"}`;
  const limit = check.errorAt ?? check.warnAt;
  return {
    ...told,
    outcome,
    text: failing === 0
      ? "no row fails"
      : `${said} ${failing === 1 ? "fails" : "fail"}${rows > 0 ? ` of ${grouped(rows)}` : ""}${
        outcome === "passed" && limit ? ` (${limit} are tolerated)` : ""
      }`,
  };
}

function grouped(count: number): string {
  return count.toLocaleString("en-US");
}

function expectedRows(asked: Extract<Asked, { kind: "count" }>): string {
  if (asked.min !== null && asked.max !== null) return `${asked.min} to ${asked.max}`;
  return asked.min !== null ? `at least ${asked.min}` : `at most ${asked.max}`;
}

/** `warnAt` alone makes an error check one that only warns; one row is enough where nothing is said. */
function outcomeOf(check: CheckDefinition, failing: number, rows: number): CheckResult["outcome"] {
  const reached = (at: string) => {
    const number = Number(at.replace("%", ""));
    const measure = at.trim().endsWith("%") ? failing * 100 / Math.max(rows, 1) : failing;
    return failing > 0 && measure >= number;
  };
  const { severity, warnAt, errorAt } = check;
  const error = errorAt ?? (severity === "error" && warnAt === null ? "1" : null);
  const warn = warnAt ?? (severity === "warn" && errorAt === null ? "1" : null);
  if (error !== null && reached(error)) return "failed";
  if (warn !== null && reached(warn)) return "warned";
  return "passed";
}

async function sampleOf(session: Session, asked: Asked, names: Names): Promise<JsonObject[]> {
  const from = asked.kind === "rows"
    ? `${names.candidate} where ${asked.condition}`
    : asked.kind === "query"
    ? `(${asked.sql}\n)`
    : null;
  if (from === null) return [];
  const found = await attempt(() => session.rows(`select * from ${from} limit ${SAMPLE}`));
  if ("error" in found) return [];
  return found.rows.map((row) =>
    Object.fromEntries(found.columns.map(({ name }, at) => [name, short(row[at] ?? null)]))
  );
}

function short(value: Json): Json {
  return typeof value === "string" && value.length > LONGEST_TEXT
    ? `${value.slice(0, LONGEST_TEXT - 1)}…`
    : value;
}

function errored(check: CheckDefinition, error: unknown): CheckResult {
  const { name, severity, blocking } = check;
  const found = engineProblem(error, `Cannot run check ${name}`);
  const why = error instanceof Error && found.why === "DuckDB gave no reason"
    ? error.message
    : found.why;
  return {
    name,
    severity,
    blocking,
    outcome: "errored",
    failing: null,
    text: [why ?? found.message, found.hint].filter(Boolean).join("; "),
    sample: [],
  };
}
