/** `logs`: lines of the attempts that are meant, in the order of time; followed as they are written where asked. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { foldName } from "../core/key.ts";
import { watchChanges } from "./follow.ts";
import { findLogs, type LogEntry, LogReader, type LogsAsked, type LogsFound } from "./log_files.ts";
import { LOGS } from "./logs.ts";
import type { Session } from "./session.ts";

export interface LogFilter {
  /** Not before; milliseconds since 1970. */
  readonly since: number | null;
  readonly grep: RegExp | null;
  /** The last so many. */
  readonly lines: number | null;
}

export interface LogsRead {
  readonly entries: readonly LogEntry[];
  /** Steps of which there is a log at all, printed or not. */
  readonly steps: number;
}

/** What is there now. */
export async function readLogs(
  session: Session,
  asked: LogsAsked,
  filter: LogFilter,
): Promise<LogsRead> {
  const found = await findLogs(session, asked);
  const readers = found.sources.map((source) => new LogReader(source));
  const entries = inOrder([...readers.flatMap((each) => [...each.read()]), ...found.failures]);
  return { entries: lastOf(entries.filter(passes(filter)), filter.lines), steps: readers.length };
}

/**
 * Gives what is there, then what comes, until what was asked for is over (a run that was named) or `onEntries` gives
 * false. Without a name every later run is followed too.
 */
export async function followLogs(
  session: Session,
  asked: LogsAsked,
  filter: LogFilter,
  onEntries: (entries: readonly LogEntry[]) => boolean,
): Promise<void> {
  using changes = watchChanges(join(session.project, LOGS));
  // Whoever looks makes no store, and would wait for ever at the empty one that it is given instead.
  while (!existsSync(join(session.project, session.root, "state.db"))) await changes.next();
  const store = await session.store();
  const readers = new Map<string, LogReader>();
  const told = new Set<string>();
  const wanted = passes(filter);
  let last = -1;
  let found: LogsFound = { run: null, sources: [], failures: [] };
  for (let first = true;; first = false) {
    const at = await store.last();
    if (at !== last) found = await findLogs(session, asked);
    last = at;
    for (const source of found.sources) {
      if (!readers.has(source.file)) readers.set(source.file, new LogReader(source));
    }
    const fresh = [...readers.values()].flatMap((each) => [...each.read()]);
    for (const failure of found.failures) {
      const id = `${failure.source.file} ${failure.at}`;
      if (!told.has(id)) fresh.push(failure);
      told.add(id);
    }
    const entries = inOrder(fresh).filter(wanted);
    const shown = first ? lastOf(entries, filter.lines) : entries;
    if (shown.length > 0 && !onEntries(shown)) return;
    const named = asked.name !== null && found.run !== null && foldName(asked.name) !== "";
    if (named && found.run?.endedAt !== null) return;
    await changes.next();
  }
}

function inOrder(entries: readonly LogEntry[]): LogEntry[] {
  return [...entries].sort((a, b) => a.at - b.at);
}

function passes({ since, grep }: LogFilter): (entry: LogEntry) => boolean {
  return ({ at, text }) => (since === null || at >= since) && (grep === null || grep.test(text));
}

function lastOf(entries: readonly LogEntry[], lines: number | null): readonly LogEntry[] {
  return lines === null ? entries : entries.slice(Math.max(0, entries.length - lines));
}
