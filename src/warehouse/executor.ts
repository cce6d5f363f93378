/**
 * Executes steps whose kind needs no user code: SQL, and data files. One engine for the process, a
 * connection for each step. Also holds what the runner uses for the results of TypeScript steps.
 */
import type { JsonObject } from "../core/json.ts";
import type { Candidate, Limits, OrderOutput, StepOrder, StepResult } from "../core/order.ts";
import { inProject } from "../core/problem/in_project.ts";
import { type Problem, problem } from "../core/problem/problem.ts";
import { settingDigest } from "../core/read_digest.ts";
import { err, ok, type Result } from "../core/result.ts";
import type { Read } from "../core/version.ts";
import type { StepExecutor, StepHooks } from "../ports/executor.ts";
import type { Binder } from "../ports/binder.ts";
import { audit } from "./audit.ts";
import { conditionHolds } from "./condition.ts";
import { bindStep } from "./bind.ts";
import { Cancelled, type DuckDb, openDuckDb, type Session } from "./driver.ts";
import { engineProblem } from "./engine_words.ts";
import { filesDigest } from "./files_digest.ts";
import { stageDataFile } from "./files.ts";
import { finish } from "./finish.ts";
import { makeIncremental } from "./incremental.ts";
import { makeTable, ready, type Staged, type StageHooks, type TableSource } from "./make.ts";
import { withVariables } from "./parameters.ts";
import { isLarge, Turns } from "./turns.ts";
import { queryProblem } from "./query_problem.ts";
import { ProblemError } from "../core/problem/problem.ts";

export { finish } from "./finish.ts";
export { stageDataFile, stageFile } from "./files.ts";
export { makeTable as stageRelation } from "./make.ts";
export { stageRows } from "./rows.ts";

export interface SqlExecutorOptions {
  /** Absolute. */
  readonly project: string;
  readonly limits: Limits;
  /** IANA. */
  readonly timezone: string;
  /** Makes DuckDB loadable. */
  readonly prepare: () => Promise<void>;
  /** Of the project, for the digests of settings that a query reads. */
  readonly salt?: string;
}

/** `limit` gives it other limits while it works. */
export function createSqlExecutor(
  options: SqlExecutorOptions,
): StepExecutor & Binder & { limit(limits: Limits): Promise<void>; warm(): Promise<void> } {
  let opened: Promise<DuckDb> | null = null;
  const turns = new Turns();
  const open = () =>
    opened ??= openDuckDb({
      limits: options.limits,
      timezone: options.timezone,
      folder: options.project,
      prepare: options.prepare,
    });
  return {
    async execute(order, hooks) {
      const began = performance.now();
      const seconds = () => (performance.now() - began) / 1000;
      let reads: readonly Read[] = [];
      const failed = (found: Problem): StepResult => ({
        kind: "failed",
        problem: inProject(
          { ...found, where: { asset: order.definition.key, ...found.where } },
          order.project,
        ),
        fatal: false,
        reads,
        seconds: seconds(),
      });
      try {
        const db = await open();
        await db.limit(order.limits);
        if (order.action === "check") {
          return await db.use((session) => check(session, order, hooks, seconds));
        }
        reads = readsOf(order, options.salt ?? "");
        const holds = await db.use((session) => conditionHolds(session, order, hooks));
        if (!holds.ok) return failed(holds.error);
        if (!holds.value) {
          const text = `its condition does not hold: ${order.definition.when}`;
          return { kind: "skipped", text, reads };
        }
        const copied = isLarge(order) ? await turns.take(hooks.signal) : () => {};
        const candidate = await db.use((session) => make(session, order, hooks, copied))
          .finally(copied);
        if (!candidate.ok) return failed(candidate.error);
        return { kind: "made", candidates: [candidate.value], reads, seconds: seconds() };
      } catch (error) {
        if (error instanceof Cancelled) return { kind: "cancelled", by: error.by };
        const what = `Cannot build ${order.definition.key}`;
        return failed(engineProblem(error, what, { fallback: "step-failed" }));
      }
    },
    async limit(limits: Limits) {
      if (opened !== null) await (await opened).limit(limits);
    },
    async warm() {
      await open().catch(() => {});
    },
    async bind(order) {
      const db = await open();
      return await db.use((session) => bindStep(session, order));
    },
    async close() {
      const db = opened;
      opened = null;
      if (db) (await db).close();
    },
  };
}

async function make(
  session: Session,
  order: StepOrder,
  hooks: StepHooks,
  copied: () => void,
): Promise<Result<Candidate, Problem>> {
  const output = order.outputs[0]!;
  const staged = await stage(session, order, output, { ...hooks, copied });
  if (!staged.ok) return staged;
  return await finish(session, order, output, staged.value, { ...hooks, progress: () => {} });
}

async function stage(
  session: Session,
  order: StepOrder,
  output: OrderOutput,
  hooks: StepHooks & StageHooks,
): Promise<Result<Staged, Problem>> {
  const { definition } = order;
  if (definition.kind !== "sql") return await stageDataFile(session, order, output, hooks);
  const sql = definition.sql!;
  const source: TableSource = {
    sql: sql.text,
    ordered: sql.ordered,
    inputs: order.inputs,
    place: { file: definition.origin.file, line: sql.line, text: sql.text },
  };
  if (definition.materialized === "view") return await stageView(session, order, output, source);
  if (definition.materialized === "incremental") {
    return await makeIncremental(session, order, output, source, hooks);
  }
  return await makeTable(session, order, output, source, hooks);
}

/** A view is its text: bound, so that it is known to work, and not run. */
export async function stageView(
  session: Session,
  order: StepOrder,
  output: OrderOutput,
  source: TableSource,
): Promise<Result<Staged, Problem>> {
  try {
    const sent = await ready(session, order, source);
    try {
      const schema = await session.columns(sent.sql);
      const view = { sql: source.sql, inputs: source.inputs };
      return ok({
        output: "view",
        file: null,
        rows: 0,
        schema,
        ordered: false,
        metadata: {},
        notes: [],
        view,
      });
    } catch (error) {
      const bound = {
        sql: sent.sql,
        before: sent.before.length,
        rewritten: sent.rewritten,
        cast: [],
      };
      return err(queryProblem(error, `Cannot build ${output.asset}`, source, bound));
    }
  } catch (error) {
    if (error instanceof ProblemError) return err(error.problems[0]!);
    throw error;
  }
}

/** Runs the checks again on what is published. */
async function check(
  session: Session,
  order: StepOrder,
  hooks: StepHooks,
  seconds: () => number,
): Promise<StepResult> {
  const output = order.outputs[0]!;
  const staged = published(order, output);
  if (!staged) {
    return {
      kind: "failed",
      problem: problem("source-missing", {
        message: `Cannot check ${output.asset}`,
        where: { asset: output.asset },
        why: "nothing of it is published that could be checked",
        hint: `nycflow run ${output.asset}`,
      }),
      fatal: false,
      reads: [],
      seconds: seconds(),
    };
  }
  const checks = await audit(session, order, output, staged, { ...hooks, progress: () => {} });
  return { kind: "checked", checks, seconds: seconds() };
}

/** What is published, as if it had just been staged; null where it has no rows to check. */
export function published(order: StepOrder, output: OrderOutput): Staged | null {
  const { previous } = output;
  if (!previous) return null;
  const view = previous.output === "view" && order.definition.sql
    ? { sql: order.definition.sql.text, inputs: order.inputs }
    : undefined;
  if (!view && !previous.file) return null;
  return {
    output: previous.output,
    file: previous.file,
    rows: previous.rows,
    schema: previous.schema,
    ordered: previous.ordered,
    metadata: {},
    notes: [],
    ...(view ? { view } : {}),
  };
}

/** Settings and files that a SQL step reads, with digests of what they are now. */
export function readsOf(order: StepOrder, salt: string): Read[] {
  const { sql } = order.definition;
  if (!sql) return [];
  const { when } = order.definition;
  const asked = when === null || when === "code" ? sql.text : `${sql.text}\n${when}`;
  const settings = withVariables(asked).used.filter((name) => name.startsWith("config."));
  return [
    ...settings.map((name): Read => {
      const path = name.slice("config.".length);
      return { kind: "config", name: path, digest: settingDigest(settingOf(order, path), salt) };
    }),
    ...sql.files.map((name): Read => ({
      kind: "file",
      name,
      digest: filesDigest(order.project, name),
    })),
  ];
}

function settingOf(order: StepOrder, path: string): JsonObject[string] | undefined {
  for (const settings of [order.settings, order.projectSettings]) {
    let found: unknown = settings;
    for (const part of path.split(".")) {
      found = (found as Record<string, unknown> | undefined)?.[part];
    }
    if (found !== undefined) return found as JsonObject[string];
  }
  return undefined;
}
