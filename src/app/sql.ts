/** `sql`: queries over everything that is published, and over the history as tables `nycflow.runs`, `.steps`, `.checks`. */
import { resolve } from "node:path";
import type { JsonObject } from "../core/json.ts";
import { partitionOrNull } from "../core/key.ts";
import { type Problem, ProblemError } from "../core/problem/problem.ts";
import type { Rows } from "../core/rows.ts";
import { tablesIn, tablesOf } from "./look.ts";
import { rejectedTables } from "./rejected.ts";
import { atTimes, looksTimed } from "./time_travel.ts";
import type { Session, View } from "./session.ts";

/** Runs one query; throws its problem, which is `cancelled` where the signal came. */
export async function querySql(
  session: Session,
  sql: string,
  limit: number | null,
  signal?: AbortSignal,
): Promise<Rows> {
  await session.reads(looksTimed(sql));
  const view = await session.view();
  const warehouse = await session.warehouse();
  const timed = await atTimes(session, view, sql);
  const tables = [...tablesIn(view, timed.sql), ...rejectedTables(view), ...timed.tables];
  const found = await warehouse.query(timed.sql, tables, {
    known: () => [...tablesOf(view), ...rejectedTables(view)].map((each) => each.asset),
    extra: await historyFor(session, view, sql),
    ...(limit === null ? {} : { limit }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (!found.ok) throw new ProblemError(unmade(view, found.error));
  return found.value;
}

/** A table that is missing since its asset was never made is not unknown. */
function unmade(view: View, found: Problem): Problem {
  const missing = /^there is no table "?([^"]+?)"?$/.exec(found.why ?? "")?.[1];
  const asset = missing === undefined ? null : view.layout.graph.find(missing);
  if (asset === null) return found;
  const failed = [...view.state.heads.get(asset)?.values() ?? []].some((each) => each.failure);
  return {
    ...found,
    why: failed ? `${asset} has no version: it failed` : `${asset} has not been materialized`,
    hint: failed ? `nycflow why ${asset}` : `nycflow run ${asset}`,
  };
}

/** Writes a query's result to a Parquet file. */
export async function writeSql(
  session: Session,
  sql: string,
  file: string,
): Promise<{ readonly rows: number }> {
  await session.reads(looksTimed(sql));
  const view = await session.view();
  const warehouse = await session.warehouse();
  const timed = await atTimes(session, view, sql);
  const to = resolve(session.host.cwd, file);
  const done = await warehouse.write(
    timed.sql,
    [...tablesIn(view, timed.sql), ...rejectedTables(view), ...timed.tables],
    to,
    "parquet",
    {
      ordered: /\border\s+by\b/i.test(sql),
      known: () => [...tablesOf(view), ...rejectedTables(view)].map((each) => each.asset),
    },
  );
  if (!done.ok) throw new ProblemError(done.error);
  return done.value;
}

const HISTORY = 100_000;

/** Read only where the query names it. */
async function historyFor(
  session: Session,
  view: View,
  sql: string,
): Promise<Readonly<Record<string, readonly JsonObject[]>>> {
  if (!/\bnycflow\s*\.\s*"?(runs|steps|checks)\b/i.test(sql)) return {};
  const store = await session.store();
  const when = (at: number | null) => at === null ? null : new Date(at).toISOString();
  const runs = (await store.runs({ limit: HISTORY })).map((run) => ({
    run: run.run,
    state: run.state === "running" && run.holder !== null && view.dead.has(run.holder)
      ? "interrupted"
      : run.state,
    trigger: run.trigger,
    selection: run.selection,
    command: run.command,
    requested_at: when(run.requestedAt),
    started_at: when(run.startedAt),
    ended_at: when(run.endedAt),
    seconds: run.startedAt === null || run.endedAt === null
      ? null
      : (run.endedAt - run.startedAt) / 1000,
    planned: run.planned,
  }));
  const events = await store.events({
    kinds: ["materialized", "attempt-failed", "step-ended", "checked"],
    reverse: true,
    limit: HISTORY,
  });
  const steps: JsonObject[] = [];
  const checks: JsonObject[] = [];
  for (const { at, event } of events) {
    if (
      event.kind !== "materialized" && event.kind !== "attempt-failed" &&
      event.kind !== "step-ended" &&
      event.kind !== "checked"
    ) continue;
    const of = {
      run: event.run,
      asset: event.asset,
      partition: partitionOrNull(event.partition),
      at: when(at),
    };
    if (event.kind !== "checked") {
      steps.push({
        ...of,
        outcome: event.kind === "materialized"
          ? "succeeded"
          : event.kind === "attempt-failed"
          ? "failed"
          : event.outcome,
        rows: event.kind === "materialized" ? event.rows : null,
        bytes: event.kind === "materialized" ? event.file?.bytes ?? null : null,
        seconds: event.kind === "step-ended" ? null : event.seconds,
        version: event.kind === "materialized" ? event.version : null,
        data_version: event.kind === "materialized" ? event.dataVersion : null,
        error: event.kind === "attempt-failed" ? event.problem.message : null,
      });
    }
    if (event.kind === "step-ended") continue;
    for (const check of event.checks) {
      checks.push({
        ...of,
        check: check.name,
        severity: check.severity,
        blocking: check.blocking,
        outcome: check.outcome,
        failing: check.failing,
        text: check.text,
      });
    }
  }
  return { "nycflow.runs": runs, "nycflow.steps": steps, "nycflow.checks": checks };
}
