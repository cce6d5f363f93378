/** From what user code returned to audited candidates: staged one after another on the step's own connection. */
import { isAbsolute, join, relative } from "node:path";
import type { CheckResult } from "../core/event.ts";
import type { JsonObject } from "../core/json.ts";
import type { Candidate, OrderOutput, StepOrder } from "../core/order.ts";
import { at, type Problem } from "../core/problem/problem.ts";
import { err, ok, type Result } from "../core/result.ts";
import type { VersionRef } from "../core/version.ts";
import { plain } from "../define/plain.ts";
import type { Session } from "../warehouse/driver.ts";
import type { Staged, StageHooks } from "../warehouse/make.ts";
import { checkCode } from "./code_check.ts";
import type { Workplace } from "./context.ts";
import type { Returned } from "./returned.ts";
import type { StepRoom } from "./room.ts";
import { whereOf } from "./user_error.ts";

type Publishable = Exclude<Returned, { readonly kind: "skip" }>;

/** Stages, audits and compares one output. Throws what the user's rows throw, and `Cancelled`. */
export async function publish(
  returned: Publishable,
  order: StepOrder,
  output: OrderOutput,
  place: Workplace,
  session: () => Promise<Session>,
  room: StepRoom,
): Promise<Result<Candidate, Problem>> {
  if (returned.kind === "nothing") return ok(nothing(output, returned.metadata));
  const hooks: StageHooks = { signal: room.signal, progress: room.progress };
  const staged = await stage(returned, order, output, place, await session(), room, hooks);
  if (!staged.ok) return staged;
  const drawn = "chart" in returned && returned.chart !== null;
  const told: Staged = {
    ...staged.value,
    ...(drawn ? { output: "chart" } : {}),
    metadata: {
      ...staged.value.metadata,
      ...(drawn ? { chart: plain(returned.chart) } : {}),
      ...returned.metadata,
    },
  };
  const { finish } = await import("../warehouse/finish.ts");
  const finished = await finish(await session(), order, output, told, { signal: room.signal });
  if (!finished.ok) return finished;
  const checks = await withCode(finished.value, order, output, room);
  return ok({ ...finished.value, checks });
}

async function stage(
  returned: Exclude<Publishable, { readonly kind: "nothing" }>,
  order: StepOrder,
  output: OrderOutput,
  place: Workplace,
  session: Session,
  room: StepRoom,
  hooks: StageHooks,
): Promise<Result<Staged, Problem>> {
  switch (returned.kind) {
    case "rows": {
      const { stageRows } = await import("../warehouse/rows.ts");
      return await stageRows(session, order, output, returned.rows, hooks);
    }
    case "file": {
      const { stageFile } = await import("../warehouse/files.ts");
      const { path, expect } = returned.file;
      const file = isAbsolute(path) ? path : join(order.project, path);
      const within = relative(place.folder, file);
      const move = within !== "" && !within.startsWith("..") && !isAbsolute(within);
      if (!move) {
        // Looked at before it is copied: what changes in between is another file the next time.
        room.environment.lookAtFile(order.project, file);
      }
      return await stageFile(session, order, output, { path: file, expect, move }, hooks);
    }
    case "relation": {
      const { sql, values, made } = await place.db.compiled(returned.relation);
      const [{ makeTable }, { parseSql }] = await Promise.all([
        import("../warehouse/make.ts"),
        import("../warehouse/sql_parse.ts"),
      ]);
      const parsed = await parseSql(session, sql);
      const ordered = parsed.ok && parsed.ordered;
      const source = { sql, ordered, inputs: [], place: null, own: { values } };
      const staged = await makeTable(session, order, output, source, hooks);
      if (staged.ok) return staged;
      return err(at(whereOf(made, { project: order.project }) ?? {}, staged.error));
    }
  }
}

/** Done, and no data: it is made anew whenever it runs, since what it did cannot be compared. */
function nothing(output: OrderOutput, metadata: JsonObject): Candidate {
  return {
    asset: output.asset,
    output: "nothing",
    file: null,
    rows: 0,
    schema: [],
    ordered: false,
    same: false,
    checks: [],
    metadata,
    notes: [],
  };
}

/** The results of all checks in the definition's order, those that are code included. */
export async function withCode(
  candidate: Candidate,
  order: StepOrder,
  output: OrderOutput,
  room: StepRoom,
): Promise<readonly CheckResult[]> {
  const code = output.checks.filter((each) => each.kind === "code");
  if (code.length === 0 || candidate.schema.length === 0) return candidate.checks;
  const ref: VersionRef = {
    asset: output.asset,
    partition: order.partition,
    version: output.version,
    dataVersion: output.version,
    output: candidate.output,
    file: candidate.file,
    rows: candidate.rows,
    schema: candidate.schema,
    ordered: candidate.ordered,
    at: order.now,
  };
  const found = await checkCode({ step: order, candidate: ref, checks: code }, room);
  const byName = new Map([...candidate.checks, ...found].map((each) => [each.name, each]));
  return output.checks.flatMap(({ name }) => byName.get(name) ?? []);
}
