/**
 * Which logs are meant: of a run, or of an asset's last attempts; and what stands in them, read on from where one
 * was. A file that is not there is an attempt that printed nothing (yet). How it looks is `views/logs.ts`.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import type { Stored } from "../core/event.ts";
import type { RunHead } from "../core/heads.ts";
import { type AssetKey, foldName, type PartitionKey, type RunId, stepKey } from "../core/key.ts";
import { nearest } from "../core/graph/nearest.ts";
import { problem, ProblemError } from "../core/problem/problem.ts";
import type { StateStore } from "../ports/store.ts";
import { logPath } from "./logs.ts";
import { runNamed } from "./runs_named.ts";
import type { Session } from "./session.ts";

/** One attempt and where its log stands. */
export interface LogSource {
  readonly run: RunId;
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly attempt: number;
  /** As people see it: `trips[2023-01]`. */
  readonly step: string;
  /** Absolute. */
  readonly file: string;
}

/** One line of a log, or what became of the attempt. */
export interface LogEntry {
  readonly source: LogSource;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `stdout`, `stderr`, or the level of what was logged; `failed` for the error that ended the attempt. */
  readonly level: "stdout" | "stderr" | "debug" | "info" | "warn" | "error" | "failed";
  readonly text: string;
}

export interface LogsAsked {
  /** A run's id, an asset's name, or nothing: the last run. */
  readonly name: string | null;
  readonly partition: string | null;
  /** Which try; the last one where null. */
  readonly attempt: number | null;
}

export interface LogsFound {
  /** The run that is followed to its end; null where an asset is meant. */
  readonly run: RunHead | null;
  readonly sources: readonly LogSource[];
  /** How the attempts ended that failed. */
  readonly failures: readonly LogEntry[];
}

/** What is meant; throws for a name that is neither a run nor an asset of this project or its history. */
export async function findLogs(session: Session, asked: LogsAsked): Promise<LogsFound> {
  const store = await session.store();
  const { name } = asked;
  if (name === null) {
    const [last] = await store.runs({ limit: 1 });
    return last === undefined
      ? { run: null, sources: [], failures: [] }
      : await logsOfRun(session, store, last, asked);
  }
  const asset = await assetIn(session, store, name);
  if (asset !== null) return await logsOfAsset(session, store, asset, asked);
  // Ids are long and of letters and digits; a misspelled asset is no run that is missing.
  const runs = name.length < 4 ? [] : await store.runs({ limit: 10_000 });
  if (runs.some((each) => each.run.endsWith(name))) {
    return await logsOfRun(session, store, await runNamed(session, name), asked);
  }
  const { keys, problemHint } = await known(session);
  const near = nearest(name, keys);
  throw new ProblemError(problem("selection-empty", {
    message: `Cannot find a run or an asset named ${name}`,
    why: near === null
      ? "no asset is called so, and no run's id ends so"
      : `the nearest name is ${near}`,
    hint: near === null ? problemHint : `did you mean: nycflow logs ${near}?`,
  }));
}

/** The asset whose attempt makes what was named: of several that one function makes, the first. */
async function assetIn(
  session: Session,
  store: StateStore,
  name: string,
): Promise<AssetKey | null> {
  try {
    const { project } = await session.load();
    const def = project.assets.find((each) => foldName(each.key) === foldName(name));
    if (def !== undefined) return def.together[0] ?? def.key;
  } catch (error) {
    // Logs can be read of a project that does not load: they may say why.
    if (!(error instanceof ProblemError)) throw error;
  }
  const [seen] = await store.events({
    asset: name as AssetKey,
    kinds: ["attempt-started"],
    limit: 1,
  });
  return seen === undefined ? null : name as AssetKey;
}

async function known(session: Session): Promise<{ keys: readonly string[]; problemHint: string }> {
  const hint = "see runs with: nycflow runs, assets with: nycflow ls";
  try {
    const { project } = await session.load();
    return { keys: project.assets.map((each) => each.key), problemHint: hint };
  } catch {
    return { keys: [], problemHint: hint };
  }
}

const KINDS = ["attempt-started", "attempt-failed"] as const;

async function logsOfRun(
  session: Session,
  store: StateStore,
  run: RunHead,
  asked: LogsAsked,
): Promise<LogsFound> {
  const events = await store.events({ run: run.run, kinds: KINDS });
  return { run, ...chosen(session, events, asked) };
}

/** Of each partition the last attempts, those of the run that last touched the asset; of one partition its own last. */
async function logsOfAsset(
  session: Session,
  store: StateStore,
  asset: AssetKey,
  asked: LogsAsked,
): Promise<LogsFound> {
  const of = asked.partition === null ? {} : { partition: asked.partition as PartitionKey };
  const [last] = await store.events({
    asset,
    ...of,
    kinds: ["attempt-started"],
    reverse: true,
    limit: 1,
  });
  if (last === undefined || last.event.kind !== "attempt-started") {
    return { run: null, sources: [], failures: [] };
  }
  const events = await store.events({ asset, ...of, run: last.event.run, kinds: KINDS });
  return { run: null, ...chosen(session, events, asked) };
}

/** Of each step the try that was asked for. */
function chosen(
  session: Session,
  events: readonly Stored[],
  { attempt, partition }: LogsAsked,
): Pick<LogsFound, "sources" | "failures"> {
  const sources = new Map<string, LogSource>();
  const failed: { id: string; number: number; at: number; text: string }[] = [];
  const seen = new Set<string>();
  for (const { at, event } of events) {
    if (event.kind !== "attempt-started" && event.kind !== "attempt-failed") continue;
    if (partition !== null && event.partition !== partition) continue;
    const id = stepKey(event.asset, event.partition);
    if (event.kind === "attempt-failed") {
      const { message, why } = event.problem;
      const text = why === undefined || why === "" ? message : `${message}: ${why}`;
      failed.push({ id, number: event.number, at, text });
      continue;
    }
    // Outputs of one function are claimed together; the first has the log.
    if (seen.has(`${event.attempt}`) || (attempt !== null && event.number !== attempt)) continue;
    seen.add(`${event.attempt}`);
    sources.set(id, {
      run: event.run,
      asset: event.asset,
      partition: event.partition,
      attempt: event.number,
      step: id,
      file: join(session.project, logPath(event.run, event, event.number)),
    });
  }
  const failures = failed.flatMap(({ id, number, at, text }): LogEntry[] => {
    const source = sources.get(id);
    return source?.attempt === number ? [{ source, at, level: "failed", text }] : [];
  });
  return { sources: [...sources.values()], failures };
}

const LINE = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) (?:log )?([a-z]+): (.*)$/;
const LEVELS: ReadonlySet<string> = new Set(["stdout", "stderr", "debug", "info", "warn", "error"]);

/** Reads a log on from where it was; whole lines only. */
export class LogReader {
  readonly source: LogSource;
  #at = 0;
  #last = 0;

  constructor(source: LogSource) {
    this.source = source;
  }

  /** What was written since the last call. */
  read(): readonly LogEntry[] {
    let descriptor: number;
    try {
      descriptor = openSync(this.source.file, "r");
    } catch {
      return [];
    }
    try {
      const size = fstatSync(descriptor).size;
      if (size <= this.#at) return [];
      const bytes = new Uint8Array(size - this.#at);
      const read = readSync(descriptor, bytes, 0, bytes.length, this.#at);
      // Only up to the last line end, so that no character is torn either.
      const end = bytes.lastIndexOf(10, read - 1) + 1;
      this.#at += end;
      const text = new TextDecoder().decode(bytes.subarray(0, end));
      return text.split("\n").slice(0, -1).map((line) => this.#entry(line));
    } finally {
      closeSync(descriptor);
    }
  }

  #entry(line: string): LogEntry {
    const [, at = "", level = "", text = ""] = LINE.exec(line) ?? [];
    if (!LEVELS.has(level)) {
      return { source: this.source, at: this.#last, level: "stdout", text: line };
    }
    this.#last = Date.parse(at);
    return { source: this.source, at: this.#last, level: level as LogEntry["level"], text };
  }
}
