/**
 * Runs the checks of one output: on a candidate before it is published, or on what is published.
 * Decides each check's verdict; whether it is published in spite of it is the engine's affair.
 */
import { join } from "node:path";
import type { CheckDefinition } from "../core/definition.ts";
import type { CheckResult } from "../core/event.ts";
import type { Json } from "../core/json.ts";
import type { OrderOutput, StepOrder } from "../core/order.ts";
import { ProblemError } from "../core/problem/problem.ts";
import type { Column } from "../core/version.ts";
import { type Asked, askedBy, type Names, parametersOfCheck } from "./check_sql.ts";
import { Cancelled, type Session } from "./driver.ts";
import { engineProblem } from "./engine_words.ts";
import type { Staged, StageHooks } from "./make.ts";
import { bindVariables, parametersOfView, withVariables } from "./parameters.ts";
import { relation, unionOf, withTables } from "./read.ts";
import { numberedRows, samplesOf } from "./samples.ts";
import { ident } from "./sql_text.ts";
import { failingByStatistics } from "./statistics.ts";

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
  const counted = await countAll(session, asked, names, rows, ownFile(order, staged));
  const results = asked.map(({ check, asked: of }, at) => {
    const count = counted[at]!;
    return "error" in count ? errored(check, count.error) : verdictOf(check, of, count, rows);
  });
  const shown = results.flatMap(({ outcome }, at) =>
    outcome === "failed" || outcome === "warned" ? [at] : []
  );
  if (shown.length === 0) return results;
  const { file, schema } = staged;
  const numbered = staged.view ? null : numberedRows(file, schema, order.project);
  const failing = shown.map((at) => asked[at]!.asked);
  const samples = await samplesOf(session, failing, names.candidate, numbered);
  return results.map((each, at) => ({ ...each, sample: samples[shown.indexOf(at)] ?? [] }));
}

/** The staged rows' file where it is one of ours, whole: of others it is not known whether their footer is right. */
function ownFile(order: StepOrder, { output, file, schema }: Staged): OwnFile | null {
  if (output !== "table" || file?.format !== "parquet" || file.range || file.parts) return null;
  return { path: join(order.project, file.path), schema };
}

interface OwnFile {
  readonly path: string;
  readonly schema: readonly Column[];
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

/** What the footer tells by that; everything that one scan can tell in one scan; the rest one by one. */
async function countAll(
  session: Session,
  checks: readonly { readonly check: CheckDefinition; readonly asked: Asked }[],
  names: Names,
  rows: number,
  file: OwnFile | null,
): Promise<CountedOrError[]> {
  const told = file === null
    ? []
    : await attempt(() => failingByStatistics(session, file.path, file.schema, rows, checks));
  const known = Array.isArray(told) ? told : [];
  const asked = checks.map((each) => each.asked);
  const scan = asked.flatMap((each, at) =>
    (each.kind === "rows" || each.kind === "aggregate") && typeof known[at] !== "number"
      ? [each]
      : []
  );
  const together = await attempt(() => aggregates(session, scan, names));
  const results: CountedOrError[] = [];
  let next = 0;
  for (const [at, each] of asked.entries()) {
    const failing = known[at];
    if (typeof failing === "number") {
      results.push({ failing });
      continue;
    }
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
