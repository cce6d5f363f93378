/**
 * Runs the checks of one output: on a candidate before it is published, or on what is published.
 * Decides each check's verdict; whether it is published in spite of it is the engine's affair.
 */
import { join } from "node:path";
import type { CheckDefinition } from "../core/definition.ts";
import type { CheckResult } from "../core/event.ts";
import type { OrderOutput, StepOrder } from "../core/order.ts";
import { ProblemError } from "../core/problem/problem.ts";
import { type Asked, askedBy, type Names, parametersOfCheck } from "./check_sql.ts";
import { attempt, countAll, type Counted, countOf } from "./counting.ts";
import type { Session } from "./driver.ts";
import { engineProblem } from "./engine_words.ts";
import type { Staged, StageHooks } from "./make.ts";
import { bindVariables, parametersOfView, withVariables } from "./parameters.ts";
import { relation, unionOf, withTables } from "./read.ts";
import { numberedRows, rowsAt, sampleOf } from "./samples.ts";
import { ident } from "./sql_text.ts";
import { heldByStatistics } from "./statistics.ts";

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
  const { schema } = staged;
  const numbered = staged.view ? null : numberedRows(staged.file, schema, order.project);
  const path = ownFile(order, staged);
  const held = path === null
    ? []
    : await attempt(() => heldByStatistics(session, path, schema, rows, asked));
  const counted = await countAll(
    session,
    asked.map((each) => each.asked),
    Array.isArray(held) ? held : [],
    { candidate: names.candidate, numbered, count: rows },
  );
  const results = asked.map(({ check, asked: of }, at) => {
    const count = counted[at]!;
    return "error" in count ? errored(check, count.error) : verdictOf(check, of, count, rows);
  });
  const shown = new Map(
    results.flatMap(({ outcome }, at) => {
      const count = counted[at]!;
      if (outcome !== "failed" && outcome !== "warned" || "error" in count) return [];
      return [[at, count.places ?? []] as const];
    }),
  );
  const found = await rowsAt(session, [...shown.values()].flat(), numbered);
  for (const [at, places] of shown) {
    const known = places.map((place) => found.get(place)).filter((row) => row !== undefined);
    const sample = known.length > 0
      ? known
      : await sampleOf(session, asked[at]!.asked, names.candidate);
    results[at] = { ...results[at]!, sample };
  }
  return results;
}

/** The staged rows' file where it is one of ours, whole: of others it is not known whether their footer is right. */
function ownFile(order: StepOrder, { output, file }: Staged): string | null {
  if (output !== "table" || file?.format !== "parquet" || file.range || file.parts) return null;
  return join(order.project, file.path);
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
