/**
 * What the steps of one run print, while it is looked at: read on from where each log was, and no more of the logs than
 * the last lines need. A run may have ten thousand of them, and keys are waiting.
 */
import { join } from "node:path";
import type { Stored } from "../../core/event.ts";
import { type AttemptId, type RunId, stepKey } from "../../core/key.ts";
import { type LogEntry, LogReader, type LogSource } from "../log_files.ts";
import { logPath } from "../logs.ts";

interface Open {
  readonly reader: LogReader;
  /** It is over: what stands in its log is all. */
  ended: boolean;
}

export class RunLog {
  readonly #project: string;
  #run: RunId | null = null;
  #open = new Map<AttemptId, Open>();
  #known = new Map<AttemptId, LogSource>();
  #entries: readonly LogEntry[] = [];
  /** Events that have been taken up. */
  #taken = 0;

  /** `project` is absolute. */
  constructor(project: string) {
    this.#project = project;
  }

  /** The last `most` lines that there are now, in the order of time; `events` are all of the run until now. */
  read(run: RunId, events: readonly Stored[], most: number): readonly LogEntry[] {
    if (run !== this.#run) {
      this.#run = run;
      [this.#open, this.#known] = [new Map(), new Map()];
      [this.#entries, this.#taken] = [[], 0];
    }
    const fresh: LogEntry[] = [];
    for (const stored of events.slice(this.#taken)) fresh.push(...this.#take(stored));
    this.#taken = events.length;
    // The newest first: once there are lines enough, older attempts have none to add.
    let lines = 0;
    for (const [attempt, own] of [...this.#open].reverse()) {
      if (own.ended) this.#open.delete(attempt);
      if (own.ended && lines >= most) continue;
      const found = own.reader.read();
      lines += found.length;
      fresh.push(...found);
    }
    if (fresh.length > 0) {
      this.#entries = [...this.#entries, ...fresh].sort((a, b) => a.at - b.at).slice(-most);
    }
    return this.#entries;
  }

  #take({ at, event }: Stored): readonly LogEntry[] {
    switch (event.kind) {
      case "attempt-started": {
        // Outputs of one function are claimed together; the first has the log.
        if (this.#known.has(event.attempt)) return [];
        const source: LogSource = {
          run: event.run,
          asset: event.asset,
          partition: event.partition,
          attempt: event.number,
          step: stepKey(event.asset, event.partition),
          file: join(this.#project, logPath(event.run, event, event.number)),
        };
        this.#known.set(event.attempt, source);
        this.#open.set(event.attempt, { reader: new LogReader(source), ended: false });
        return [];
      }
      case "materialized":
      case "checked":
      case "step-ended":
      case "attempt-failed": {
        const own = event.attempt === null ? undefined : this.#open.get(event.attempt);
        if (own !== undefined) own.ended = true;
        if (event.kind !== "attempt-failed") return [];
        const source = this.#known.get(event.attempt);
        const { message, why } = event.problem;
        const text = why === undefined || why === "" ? message : `${message}: ${why}`;
        return source === undefined ? [] : [{ source, at, level: "failed", text }];
      }
      default:
        return [];
    }
  }
}
