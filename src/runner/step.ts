/**
 * One step of a TypeScript or shell asset: its code is run, and what it returned is staged, audited and compared.
 * Publishes nothing. Whatever user code does wrong ends in a result; what it printed is on its way as log already.
 */
import type { Candidate, StepOrder, StepResult } from "../core/order.ts";
import { at, type Problem, problem, ProblemError } from "../core/problem/problem.ts";
import type { Skip } from "../core/context.ts";
import { isFatal, resultKind } from "../define/results.ts";
import { isRecord, type Live } from "../define/spec.ts";
import { type Workplace, workplace } from "./context.ts";
import { publish, withCode } from "./publish.ts";
import { recognise, recogniseAll, type Returned } from "./returned.ts";
import type { StepRoom } from "./room.ts";
import { SessionKeeper } from "./session.ts";
import { userProblem } from "./user_error.ts";

/** How long the engine may take to heed an interrupt; whoever gave the order ends the process in the end. */
const GRACE_MS = 5000;

/** Executes one order. Never rejects. */
export async function runStep(order: StepOrder, room: StepRoom): Promise<StepResult> {
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  const keeper = new SessionKeeper(order, room);
  let place: Workplace | null = null;
  // The engine loads while the module is imported: most results need it.
  if (order.definition.origin.exportName !== null) {
    room.engine.warm(order.limits, order.timezone, order.project);
  }
  try {
    if (order.action === "check") return await checkPublished(order, room, keeper, seconds);
    const { origin, key, kind } = order.definition;
    if (kind === "sql" || kind === "csv" || kind === "parquet" || kind === "json") {
      return await runSql(order, room);
    }
    const live = await room.modules.find(origin.file, origin.exportName ?? "default", key);
    room.environment.begin(false);
    const session = () => keeper.get();
    place = await workplace({ order, live, room, file: origin.file, session });
    const refused = await notNow(live, place);
    if (refused !== null) return { kind: "skipped", text: refused, reads: room.environment.end() };
    const returned = recogniseOf(order, live, await runCode(order, live, place, room));
    const skips: string[] = [];
    const candidates: Candidate[] = [];
    for (const output of order.outputs) {
      const found = returned.get(output.asset);
      if (found === undefined || found.kind === "skip") {
        skips.push(found?.text ?? `${key} left it out`);
        continue;
      }
      const made = await publish(found, order, output, place, session, room);
      if (!made.ok) {
        return failed(order, made.error, false, room.environment.end(), seconds(), room);
      }
      candidates.push(made.value);
    }
    room.signal.throwIfAborted();
    const reads = room.environment.end();
    if (candidates.length > 0) return { kind: "made", candidates, reads, seconds: seconds() };
    return { kind: "skipped", text: [...new Set(skips)].join("; "), reads };
  } catch (thrown) {
    if (room.signal.aborted) return { kind: "cancelled", by: reasonOf(room.signal) };
    if (resultKind(thrown) === "skip") {
      return { kind: "skipped", text: (thrown as Skip).text, reads: room.environment.end() };
    }
    return failedStep(order, thrown, room, seconds());
  } finally {
    keeper.close();
    place?.end();
  }
}

/** After a correction its code differs, so that the next `up` does it again. */
const HINT = "correct the code there, then run nycflow up again";
/** `fatal()` is said by code that is as it should be, of what it met. */
const FATAL_HINT = "set that right, then: nycflow retry";

/** The result of a step whose code threw. */
export function failedStep(
  order: StepOrder,
  thrown: unknown,
  room: Pick<StepRoom, "environment" | "modules">,
  seconds = 0,
): StepResult {
  const { key } = order.definition;
  const of = order.partition === "" ? key : `${key} for ${order.partition}`;
  const user = { project: order.project };
  const found = userProblem(
    thrown,
    user,
    "code-threw",
    `Cannot build ${of}`,
    isFatal(thrown) ? FATAL_HINT : HINT,
  );
  return failed(order, found, isFatal(thrown), room.environment.end(), seconds, room);
}

function failed(
  order: StepOrder,
  found: Problem,
  fatal: boolean,
  reads: Extract<StepResult, { kind: "failed" }>["reads"],
  seconds: number,
  room: Pick<StepRoom, "modules">,
): StepResult {
  const { key, origin } = order.definition;
  // A runtime that calls in tail position leaves no frame of `run: () => db.sql`…``; then `run` itself is shown.
  const where = found.where?.file === undefined
    ? { asset: key, ...room.modules.placeOf(origin.file, origin.exportName ?? "default", "run") }
    : { asset: key };
  return { kind: "failed", problem: at(where, found), fatal, reads, seconds };
}

/** A step without code of its own, which is here since its checks are code. */
async function runSql(order: StepOrder, room: StepRoom): Promise<StepResult> {
  const { limits, timezone, project } = order;
  const executor = await room.engine.sql(limits, timezone, project, room.environment.salt);
  const { signal, progress, log } = room;
  const result = await executor.execute(order, { signal, progress, log, graceMs: GRACE_MS });
  if (result.kind !== "made") return result;
  const candidates: Candidate[] = [];
  for (const candidate of result.candidates) {
    const output = order.outputs.find((each) => each.asset === candidate.asset);
    const checks = output ? await withCode(candidate, order, output, room) : candidate.checks;
    candidates.push({ ...candidate, checks });
  }
  return { ...result, candidates };
}

async function runCode(
  order: StepOrder,
  live: Live,
  place: Workplace,
  room: StepRoom,
): Promise<unknown> {
  if (live.kind === "shell") {
    const { runCommand } = await import("./shell_step.ts");
    return await runCommand(order, live, place, room);
  }
  const run = live.options["run"];
  if (typeof run !== "function") {
    throw new ProblemError(problem("definition-invalid", {
      message: `Cannot build ${order.definition.key}`,
      why: "its definition has no run",
      hint: "run: ({ db }) => db.sql`…`",
    }));
  }
  return await run(place.context);
}

/** Results by asset; a definition of one asset gives the result itself. */
function recogniseOf(
  order: StepOrder,
  live: Live,
  value: unknown,
): ReadonlyMap<string, Returned> {
  const names = order.outputs.map((each) => each.asset as string);
  const several = live.kind === "assets" ||
    (live.kind === "shell" && isRecord(live.options["outputs"]));
  if (several) return recogniseAll(value, names);
  return new Map(names.map((name) => [name, recognise(value, name)]));
}

/** Why `when` leaves it out, or null where it runs. */
async function notNow(live: Live, place: Workplace): Promise<string | null> {
  const when = live.options["when"];
  if (typeof when === "string") {
    const holds = place.context.db.query<{ holds: unknown }>(`select (${when}\n) as holds`);
    return (await holds.one()).holds === true ? null : `its condition does not hold: ${when}`;
  }
  if (typeof when !== "function") return null;
  const answer: unknown = await when(place.context);
  if (resultKind(answer) === "skip") return (answer as Skip).text;
  return answer ? null : "its condition does not hold";
}

/** The checks alone, on what is published. */
async function checkPublished(
  order: StepOrder,
  room: StepRoom,
  keeper: SessionKeeper,
  seconds: () => number,
): Promise<StepResult> {
  const [{ published }, { audit }, { checkCode }] = await Promise.all([
    import("../warehouse/executor.ts"),
    import("../warehouse/audit.ts"),
    import("./code_check.ts"),
  ]);
  const output = order.outputs.find((each) => each.asset === order.definition.key) ??
    order.outputs[0];
  const staged = output && published(order, output);
  if (!output?.previous || !staged) {
    return failed(
      order,
      problem("source-missing", {
        message: `Cannot check ${order.definition.key}`,
        why: "nothing of it is published that could be checked",
        hint: `nycflow run ${order.definition.key}`,
      }),
      false,
      [],
      seconds(),
      room,
    );
  }
  const found = await audit(await keeper.get(), order, output, staged, { signal: room.signal });
  const code = output.checks.filter((each) => each.kind === "code");
  room.environment.begin(false);
  const more = code.length === 0
    ? []
    : await checkCode({ step: order, candidate: output.previous, checks: code }, room);
  room.environment.end();
  const byName = new Map([...found, ...more].map((each) => [each.name, each]));
  const checks = output.checks.flatMap(({ name }) => byName.get(name) ?? []);
  return { kind: "checked", checks, seconds: seconds() };
}

function reasonOf(signal: AbortSignal): "timeout" | "cancel" {
  return signal.reason === "timeout" ? "timeout" : "cancel";
}
