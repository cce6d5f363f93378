/** `ps`: live processes, for people and as a document. */
import type { JsonObject } from "../core/json.ts";
import { relativeTime } from "../term/duration.ts";
import type { Style } from "../term/style.ts";
import { table } from "../term/table.ts";
import { timesIn } from "./times.ts";
import { shortId } from "./words.ts";

export interface ShownProcess {
  readonly kind: string;
  readonly pid: number;
  readonly since: number;
  readonly command: string;
  readonly run: string | null;
  readonly log: string | null;
}

export function processesLines(
  found: readonly ShownProcess[],
  now: number,
  style: Style,
  columns: number,
): string[] {
  if (found.length === 0) return [];
  return table(
    [
      { title: "process", kind: "text", align: "right" },
      { title: "what", kind: "text" },
      { title: "since", kind: "text" },
      { title: "command", kind: "text" },
      { title: "log", kind: "text" },
    ],
    found.map(({ kind, pid, since, command, run, log }) => [
      { text: String(pid) },
      { text: run === null ? kind : `${kind} ${shortId(run)}` },
      { text: relativeTime(since, now), role: "dim" as const },
      { text: command },
      { text: log ?? "" },
    ]),
    { width: columns, style, layout: "grid" },
  );
}

/** `ps --json`. */
export function processesDocument(found: readonly ShownProcess[], timezone: string): JsonObject {
  const { iso } = timesIn(timezone);
  return {
    nycflow: 1,
    processes: found.map(({ kind, pid, since, command, run, log }) => ({
      kind,
      pid,
      since: iso(since),
      command,
      run,
      log,
    })),
  };
}
