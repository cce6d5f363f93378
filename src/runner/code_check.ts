/** Checks that are code: each runs over the candidate as a table; its verdict becomes a result like any other. */
import type { CheckDefinition } from "../core/definition.ts";
import type { CheckResult } from "../core/event.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type { InputTable } from "../core/order.ts";
import { ProblemError } from "../core/problem/problem.ts";
import type { CheckOrder } from "../ports/runner.ts";
import { plain } from "../define/plain.ts";
import { resultKind } from "../define/results.ts";
import { isRecord } from "../define/spec.ts";
import { show } from "../define/trouble.ts";
import { type Workplace, workplace } from "./context.ts";
import type { StepRoom } from "./room.ts";
import { SessionKeeper } from "./session.ts";
import { wordsOf } from "./user_error.ts";

const SAMPLE = 5;

/** Serves a whole order of checks. */
export async function runChecks(
  order: CheckOrder,
  room: StepRoom,
): Promise<readonly CheckResult[]> {
  room.environment.begin(false);
  try {
    return await checkCode(order, room);
  } finally {
    room.environment.end();
  }
}

/** One after another; what one of them throws is its own result. */
export async function checkCode(
  order: CheckOrder,
  room: StepRoom,
): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of order.checks) {
    room.signal.throwIfAborted();
    results.push(await runOne(order, check, room));
  }
  return results;
}

async function runOne(
  order: CheckOrder,
  check: CheckDefinition,
  room: StepRoom,
): Promise<CheckResult> {
  const keeper = new SessionKeeper(order.step, room);
  let place: Workplace | null = null;
  try {
    const { exportName, file } = check.expect;
    const live = await room.modules.find(String(file), String(exportName), check.name);
    const candidate: InputTable = {
      asset: order.candidate.asset,
      versions: [order.candidate],
      schema: order.candidate.schema,
      view: viewOf(order),
    };
    const own = order.candidate.asset;
    place = await workplace({
      order: {
        ...order.step,
        attempt: `${order.step.attempt}-check` as typeof order.step.attempt,
        inputs: order.step.checkInputs.filter((each) => each.asset !== own),
      },
      live,
      room,
      file: String(file),
      session: () => keeper.get(),
      tables: [candidate],
    });
    const run = live.options["run"] as (context: unknown) => unknown;
    const table = place.db.table(candidate);
    const context = Object.defineProperty(place.context, "candidate", {
      value: table,
      enumerable: true,
    });
    return await verdictOf(check, await run(context));
  } catch (thrown) {
    if (room.signal.aborted) throw thrown;
    const why = thrown instanceof ProblemError ? thrown.problems[0]?.why : undefined;
    return result(check, "errored", null, why ? `${wordsOf(thrown)}: ${why}` : wordsOf(thrown), []);
  } finally {
    place?.end();
    keeper.close();
  }
}

/** A view has no file: what is checked is its query. */
function viewOf({ step, candidate }: CheckOrder): InputTable["view"] {
  const { sql } = step.definition;
  return candidate.output === "view" && sql !== null
    ? { sql: sql.text, inputs: step.inputs }
    : null;
}

async function verdictOf(check: CheckDefinition, value: unknown): Promise<CheckResult> {
  if (typeof value === "boolean") {
    return verdict(check, value, null, value ? "it holds" : "it does not hold", []);
  }
  if (resultKind(value) === "relation" || resultKind(value) === "upstream") {
    return failingRows(check, await (value as { rows(): Promise<unknown[]> }).rows());
  }
  if (Array.isArray(value)) return failingRows(check, value);
  if (isRecord(value) && typeof value["passed"] === "boolean") {
    const { passed, text, failing, sample } = value;
    const count = typeof failing === "number" ? failing : null;
    const words = typeof text === "string" ? text : passed ? "it holds" : "it does not hold";
    return verdict(check, passed, count, words, Array.isArray(sample) ? sample : []);
  }
  const text = `its run returned ${
    show(value)
  }; return true or false, failing rows, or { passed, text }`;
  return result(check, "errored", null, text, []);
}

/** Thresholds count rows, as they do for checks in SQL. */
function failingRows(check: CheckDefinition, rows: readonly unknown[]): CheckResult {
  const failing = rows.length;
  const text = failing === 0
    ? "no row fails"
    : `${failing} row${failing === 1 ? " fails" : "s fail"}`;
  const reached = (limit: string | null, otherwise: boolean) => {
    const least = limit === null ? NaN : Number(limit);
    return Number.isFinite(least) ? failing > 0 && failing >= least : otherwise && failing > 0;
  };
  const alone = check.warnAt === null && check.errorAt === null;
  if (reached(check.errorAt, alone && check.severity === "error")) {
    return result(check, "failed", failing, text, rows);
  }
  if (reached(check.warnAt, alone && check.severity === "warn")) {
    return result(check, "warned", failing, text, rows);
  }
  return result(check, "passed", failing, text, rows);
}

function verdict(
  check: CheckDefinition,
  passed: boolean,
  failing: number | null,
  text: string,
  sample: readonly unknown[],
): CheckResult {
  const bad = check.severity === "error" ? "failed" : "warned";
  return result(check, passed ? "passed" : bad, failing, text, sample);
}

function result(
  check: CheckDefinition,
  outcome: CheckResult["outcome"],
  failing: number | null,
  text: string,
  sample: readonly unknown[],
): CheckResult {
  const { name, severity, blocking } = check;
  const shown = sample.slice(0, SAMPLE).map((row): JsonObject => {
    const json: Json = plain(row);
    return isRecord(json) ? json as JsonObject : { value: json };
  });
  return { name, severity, blocking, outcome, failing, text, sample: shown };
}
