/** Code that looks outside and materializes nothing: sensors and sources. */
import type { Json, JsonObject } from "../core/json.ts";
import { problem, ProblemError } from "../core/problem/problem.ts";
import { selectionOf } from "../define/describe.ts";
import { required } from "../define/env.ts";
import { plain } from "../define/plain.ts";
import { isRecord } from "../define/spec.ts";
import { show } from "../define/trouble.ts";
import type {
  ObserveAnswer,
  ObserveOrder,
  SensorAnswer,
  SensorOrder,
  SensorRequest,
} from "../ports/runner.ts";
import { loggerOf } from "./logger.ts";
import type { StepRoom } from "./room.ts";

const ANSWER = ["requests", "skip", "cursor"];
const REQUEST = ["key", "partition", "config", "select"];

/** Evaluates a sensor. Throws what its code throws, and a `ProblemError` for an answer that is none. */
export async function evaluateSensor(order: SensorOrder, room: StepRoom): Promise<SensorAnswer> {
  const live = await room.modules.find(order.file, order.exportName, order.name);
  room.environment.begin(false);
  const evaluate = codeOf(live.options["evaluate"], order.name, "evaluate");
  const answer = await evaluate({
    ...outside(order.now, room),
    config: order.settings,
    cursor: order.cursor,
    lastRunAt: order.lastRunAt === null ? null : new Date(order.lastRunAt),
  });
  const reads = room.environment.end();
  if (answer === undefined || answer === null) {
    return { requests: [], skip: null, cursor: order.cursor, reads };
  }
  if (!isRecord(answer)) throw wrongAnswer(order.name, show(answer));
  const odd = Object.keys(answer).find((name) => !ANSWER.includes(name));
  if (odd !== undefined) throw wrongAnswer(order.name, `${odd}, which means nothing here`);
  const { requests, skip, cursor } = answer;
  if (requests !== undefined && !Array.isArray(requests)) {
    throw wrongAnswer(order.name, `${show(requests)} as requests`);
  }
  if (cursor !== undefined && JSON.stringify(cursor) === undefined) {
    throw wrongAnswer(order.name, `${show(cursor)} as cursor, which could not be kept`);
  }
  if (skip !== undefined && typeof skip !== "string") {
    throw wrongAnswer(order.name, `${show(skip)} as skip; it is a text`);
  }
  return {
    requests: (requests ?? []).map((each) => requestOf(each, order.name, room)),
    skip: skip ?? null,
    cursor: cursor === undefined ? order.cursor : plain(cursor),
    reads,
  };
}

/** Looks at a source. */
export async function observeSource(order: ObserveOrder, room: StepRoom): Promise<ObserveAnswer> {
  const live = await room.modules.find(order.file, order.exportName, order.asset);
  room.environment.begin(false);
  const observe = codeOf(live.options["observe"], order.asset, "observe");
  const answer = await observe({ ...outside(order.now, room), config: order.settings });
  const reads = room.environment.end();
  const version = isRecord(answer) ? answer["dataVersion"] : answer;
  if (typeof version !== "string" && typeof version !== "number") {
    throw new ProblemError(problem("result-invalid", {
      message: `Cannot take the observation of ${order.asset}`,
      why: `observe returned ${show(answer)}`,
      hint: "return a text or number that tells its content apart, or { dataVersion, metadata }",
    }));
  }
  const metadata: Json = isRecord(answer) ? plain(answer["metadata"] ?? {}) : {};
  return {
    dataVersion: String(version),
    metadata: isRecord(metadata) ? metadata as JsonObject : {},
    reads,
  };
}

function outside(now: number, room: StepRoom) {
  return {
    signal: room.signal,
    log: loggerOf(room.log),
    env: (name: string, fallback?: string) => required(name, room.environment.read(name), fallback),
    now: new Date(now),
  };
}

function codeOf(value: unknown, name: string, key: string): (context: unknown) => unknown {
  if (typeof value === "function") return (context) => value(context);
  throw new ProblemError(problem("definition-invalid", {
    message: `Cannot ask ${name}`,
    why: `its definition has no ${key}`,
  }));
}

function requestOf(request: unknown, sensor: string, room: StepRoom): SensorRequest {
  if (!isRecord(request) || typeof request["key"] !== "string" || request["key"] === "") {
    throw wrongAnswer(sensor, `${show(request)} as a request; each has a key`);
  }
  const odd = Object.keys(request).find((name) => !REQUEST.includes(name));
  if (odd !== undefined) throw wrongAnswer(sensor, `a request with ${odd}, which means nothing`);
  const { key, partition, config, select } = request;
  if (partition !== undefined && typeof partition !== "string") {
    throw wrongAnswer(sensor, `${show(partition)} as partition; it is a text`);
  }
  const settings = plain(config ?? {});
  if (!isRecord(settings)) throw wrongAnswer(sensor, `${show(config)} as config; it is an object`);
  return {
    key,
    select: selectionOf(select, room.modules.namesOf, []),
    partition: partition ?? null,
    config: settings as JsonObject,
  };
}

function wrongAnswer(sensor: string, what: string): ProblemError {
  return new ProblemError(problem("result-invalid", {
    message: `Cannot take the answer of ${sensor}`,
    why: `evaluate returned ${what}`,
    hint: 'return { requests: [{ key }], cursor }, { skip: "why" } or nothing',
  }));
}
