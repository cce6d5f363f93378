/** Answers to what screens ask: questions about events are read here, all that needs DuckDB is asked of a child. */
import { closeSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { problem, ProblemError } from "../../core/problem/problem.ts";
import { type Answer, type Ask, MOST_HISTORY, NATURAL, type Want } from "../../dashboard/board.ts";
import type { Feed } from "../../app/board/feed.ts";
import type { RunEvents } from "../../app/board/run_events.ts";
import type { RunLog } from "../../app/board/run_log.ts";
import type { RunId } from "../../core/key.ts";
import { sanitize } from "../../term/sanitize.ts";
import type { Style } from "../../term/style.ts";
import { truncate } from "../../term/width.ts";
import { languageOf, sourceLines } from "../../views/source.ts";
import type { Looker } from "./looker.ts";
import { answered } from "./told.ts";

export interface AnswerOptions {
  readonly feed: Feed;
  readonly project: string;
  readonly looker: Looker;
  readonly runs: RunEvents;
  readonly log: RunLog;
  readonly style: Style;
}

/** Does not reject: what goes wrong is an answer too. */
export function answer(options: AnswerOptions, want: Want): Promise<Answer> {
  return answered(() => answerOf(options, want));
}

async function answerOf(options: AnswerOptions, want: Want): Promise<Answer> {
  const { ask, columns } = want;
  switch (ask.kind) {
    case "run":
    case "history":
      return await fromEvents(options, ask);
    case "keys":
      return { kind: "keys", keys: options.feed.sensorKeys(ask.sensor).toReversed() };
    case "run-log":
      return await runLog(options, ask, columns);
    case "logs":
      return await logs(options, ask, columns);
    case "source":
      return source(options, ask, columns);
    default:
      return await options.looker.ask({ ask, columns, style: options.style });
  }
}

async function fromEvents(
  { feed, runs }: AnswerOptions,
  ask: Extract<Ask, { kind: "run" | "history" }>,
): Promise<Answer> {
  const session = feed.session();
  if (session === null) return { kind: "lines", lines: [] };
  const store = await session.store();
  if (ask.kind === "history") {
    const kinds = ["materialized", "version-set"] as const;
    const events = await store.events({
      asset: ask.asset,
      kinds,
      reverse: true,
      limit: MOST_HISTORY,
    });
    return { kind: "events", events };
  }
  const [head] = await store.runs({ run: ask.run as RunId, limit: 1 });
  if (head === undefined) return { kind: "lines", lines: [] };
  return { kind: "run", head, events: await runs.read(store, head.run) };
}

async function logs(
  { feed, style }: AnswerOptions,
  ask: Extract<Ask, { kind: "logs" }>,
  columns: number,
): Promise<Answer> {
  const session = feed.session();
  if (session === null) return { kind: "lines", lines: [] };
  const { readLogs } = await import("../../app/read_logs.ts");
  const { logPainter } = await import("../../views/logs.ts");
  const asked = { name: ask.name, partition: ask.partition ?? null, attempt: null };
  const filter = { since: null, grep: null, lines: ask.lines };
  const { entries } = await readLogs(session, asked, filter);
  const { timezone } = (await session.load()).project;
  const painted = logPainter({ now: session.host.clock.now(), timezone }, style)(entries);
  return { kind: "lines", lines: fitted(painted, columns, style) };
}

async function runLog(
  { feed, runs, log, style }: AnswerOptions,
  { run, lines }: Extract<Ask, { kind: "run-log" }>,
  columns: number,
): Promise<Answer> {
  const session = feed.session();
  if (session === null) return { kind: "lines", lines: [] };
  const events = await runs.read(await session.store(), run as RunId);
  const { logPainter } = await import("../../views/logs.ts");
  const { timezone } = (await session.load()).project;
  const entries = log.read(run as RunId, events, lines);
  const painted = logPainter({ now: session.host.clock.now(), timezone }, style)(entries);
  return { kind: "lines", lines: fitted(painted, columns, style) };
}

/** Cut where a width was asked for. */
function fitted(lines: readonly string[], columns: number, style: Style): readonly string[] {
  return columns === NATURAL ? lines : lines.map((line) => truncate(line, columns, style));
}

/** More of a file is no source that anybody reads here: data files are large. */
const MOST_SOURCE = 512 * 1024;

function source(
  { project, style }: AnswerOptions,
  ask: Extract<Ask, { kind: "source" }>,
  columns: number,
): Answer {
  const { text, whole } = beginningOf(join(project, ask.file), MOST_SOURCE);
  const lines = sourceLines(text, languageOf(ask.file), style);
  return {
    kind: "lines",
    lines: fitted(lines, columns, style),
    note: `${sanitize(ask.file, style)}${whole ? "" : ", its beginning"}`,
  };
}

/** Throws a problem where it cannot be read. */
function beginningOf(file: string, most: number) {
  let descriptor: number | null = null;
  try {
    descriptor = openSync(file, "r");
    const buffer = new Uint8Array(most + 1);
    const read = readSync(descriptor, buffer, 0, most + 1, 0);
    const text = new TextDecoder().decode(buffer.subarray(0, Math.min(read, most)));
    return { text, whole: read <= most };
  } catch (error) {
    throw new ProblemError(problem("source-missing", {
      message: `Cannot read ${file}`,
      why: error instanceof Error ? error.message : String(error),
      hint: "it may have been moved or renamed just now",
    }));
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}
