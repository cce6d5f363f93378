/** What a notification says: what, where, why, the last lines of the log, and the command that runs it again. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import type { ProjectDefinition } from "../core/definition.ts";
import { type PartitionKey, partitionOrNull } from "../core/key.ts";
import type { Notice } from "../core/notice.ts";
import { foldRanges } from "../core/partition/fold_ranges.ts";
import type { Problem } from "../core/problem/problem.ts";
import type { Message } from "../host/message.ts";
import { logPath } from "./logs.ts";

/** Notices that are told as one. */
export interface Group {
  readonly of: Notice["of"];
  readonly sinks: readonly string[];
  readonly notices: readonly [Notice, ...Notice[]];
}

/** A thousand partitions that fail at once are one message. */
export function grouped(notices: readonly Notice[]): readonly Group[] {
  const groups = new Map<string, [Notice, ...Notice[]]>();
  for (const notice of notices) {
    const { subject } = notice;
    const what = subject.kind === "step" ? `step ${subject.asset}` : notice.about;
    const id = `${notice.of} ${what} ${notice.sinks.join(",")}`;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [notice]);
    else group.push(notice);
  }
  return [...groups.values()].map((group) => ({
    of: group[0].of,
    sinks: group[0].sinks,
    notices: group,
  }));
}

export function messageOf(project: string, about: ProjectDefinition, group: Group): Message {
  const { of, notices: [first] } = group;
  const { name, timezone } = about;
  const { what, asset, partition, again, log } = detailsOf(project, group);
  const { problem } = first;
  const late = first.subject.kind === "late";
  const since = new Date(first.at).toLocaleString("sv-SE", { timeZone: timezone });
  const text = of === "recovery"
    ? [`since ${since} ${timezone}`]
    : problem === null
    ? [`late since ${since} ${timezone}`]
    : problemText(problem, log);
  return {
    subject: `nycflow: ${what} ${wordOf(of, late)} (${name})`,
    text: (of === "recovery" ? text : [...text, "", `again: ${again}`]).join("\n"),
    fields: {
      kind: of,
      project: name,
      asset,
      partition,
      at: new Date(first.at).toISOString(),
      error: problem?.message ?? null,
      command: of === "recovery" ? null : again,
      log: log.join("\n"),
    },
  };
}

function wordOf(of: Notice["of"], late: boolean): string {
  switch (of) {
    case "failure":
      return "failed";
    case "reminder":
      return late ? "is still late" : "still fails";
    case "recovery":
      return "is well again";
    case "late":
      return "is late";
  }
}

function detailsOf(project: string, { notices }: Group) {
  const [first] = notices;
  const { subject } = first;
  if (subject.kind === "sensor") {
    const what = `sensor ${subject.sensor}`;
    const again = `nycflow sensors tick ${quoted(subject.sensor)} --dry-run`;
    return { what, asset: null, partition: null, again, log: [] };
  }
  const { asset } = subject;
  if (subject.kind === "late") {
    return { what: asset, asset, partition: null, again: `nycflow run ${asset}`, log: [] };
  }
  const keys = notices.flatMap((each): PartitionKey[] =>
    each.subject.kind === "step" ? [each.subject.partition] : []
  );
  const partition = keys.length === 1 ? partitionOrNull(subject.partition) : foldRanges(keys);
  const chosen = partition === null
    ? ""
    : ` --partition ${keys.slice(0, 5).map((key) => quoted(key)).join(" ")}`;
  return {
    what: partition === null ? asset : `${asset} ${partition}`,
    asset,
    partition,
    again: `nycflow run ${asset}${chosen}`,
    log: subject.attempt === null
      ? []
      : logTail(project, subject.attempt, { asset, partition: subject.partition }),
  };
}

function problemText(problem: Problem, log: readonly string[]): readonly string[] {
  const { file, line } = { file: undefined, line: undefined, ...problem.where };
  const place = file === undefined ? [] : [`at ${file}${line === undefined ? "" : `:${line}`}`];
  return [
    problem.message,
    ...place,
    ...(problem.why ? [`why: ${problem.why}`] : []),
    ...(problem.hint ? [`next: ${problem.hint}`] : []),
    ...(log.length === 0 ? [] : ["", "the end of its log:", ...log.map((each) => `  ${each}`)]),
  ];
}

/** For a shell. */
function quoted(key: string): string {
  return /^[\w.:-]+$/.test(key) ? key : `'${key.replaceAll("'", "'\\''")}'`;
}

const TAIL_LINES = 15;
const TAIL_BYTES = 8 * 1024;

/** The last lines of an attempt's log; secrets were masked when it was written. */
function logTail(
  project: string,
  { run, tries }: { readonly run: string; readonly tries: number },
  step: Parameters<typeof logPath>[1],
): readonly string[] {
  let file: number | null = null;
  try {
    file = openSync(join(project, logPath(run, step, tries)), "r");
    const { size } = fstatSync(file);
    const from = Math.max(0, size - TAIL_BYTES);
    const bytes = new Uint8Array(size - from);
    readSync(file, bytes, 0, bytes.length, from);
    const lines = new TextDecoder().decode(bytes).split("\n").filter((line) => line !== "");
    return (from > 0 ? lines.slice(1) : lines).slice(-TAIL_LINES);
  } catch {
    return []; // it printed nothing
  } finally {
    if (file !== null) closeSync(file);
  }
}
