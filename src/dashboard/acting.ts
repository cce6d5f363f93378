/**
 * What the acting keys stand for: the command line of nycflow that each is, and whether it is asked about first. Pure;
 * the command itself is carried out by whoever performs effects, as if it had been typed.
 */
import type { AssetKey } from "../core/key.ts";
import type { Action } from "./bindings.ts";
import type { BoardData } from "./board.ts";
import type { Marked, Subject } from "./screen.ts";

export interface Acting {
  /** Without the program's name. */
  readonly argv: readonly string[];
  /** Why it is asked about before it is done; null where it is done at once. */
  readonly ask: string | null;
}

/** What an action does to what is marked; a text says why it does nothing, null that it is no such action. */
export function actingOn(
  action: Action,
  subject: Subject,
  data: BoardData,
): Acting | string | null {
  switch (action) {
    case "run":
    case "run-downstream":
    case "force":
      return running(action, subject, data);
    case "retry":
      return retrying(subject, data);
    case "cancel":
      return cancelling(subject, data);
    case "backfill":
      return backfilling(subject);
    case "rollback":
      if (subject?.kind !== "asset") return "there is no asset to roll back here";
      return rollingBack(subject);
    case "unpin":
      if (subject?.kind !== "asset") return "there is no asset to unpin here";
      if (!data.statuses.get(subject.asset as AssetKey)?.pinned) {
        return `${subject.asset} is not pinned`;
      }
      return { argv: ["unpin", subject.asset], ask: null };
    case "switch":
      if (subject?.kind !== "schedule" && subject?.kind !== "sensor") {
        return "there is nothing to switch here";
      }
      return {
        argv: [`${subject.kind}s`, subject.on ? "off" : "on", subject.name],
        ask: subject.on ? `nothing comes of it by itself until it is switched on again` : null,
      };
    case "tick":
      if (subject?.kind === "schedule") {
        return {
          argv: ["schedules", "tick", subject.name],
          ask: "what it selects is run now, as if its time had come",
        };
      }
      if (subject?.kind !== "sensor") return "only schedules and sensors tick";
      return { argv: ["sensors", "tick", subject.name], ask: null };
    default:
      return null;
  }
}

function running(action: Action, subject: Subject, data: BoardData): Acting | string {
  if (subject?.kind === "group") {
    return {
      argv: ["run", `group:${subject.group}`],
      ask: "all assets of the group are materialized, fresh or not",
    };
  }
  if (subject?.kind !== "asset") return "there is no asset to run here";
  const key = subject.asset as AssetKey;
  const def = data.graph.has(key) ? data.graph.def(key) : null;
  if (def?.kind === "source") return `${key} is a source: others write it, and it is never run`;
  const parts = partitionWords(subject);
  const keys = subject.partitions?.count ?? data.statuses.get(key)?.partitions.length ?? 1;
  const all = parts.length === 0 ? "all " : "";
  const many = keys > MANY ? `${all}${keys} partitions are materialized` : null;
  if (action === "force") {
    return {
      argv: ["run", key, ...parts, "--force"],
      ask: "everything that it stands on is materialized again, pins and cool-downs do not hold",
    };
  }
  if (action === "run") return { argv: ["run", key, ...parts], ask: many };
  const after = data.graph.descendants([key]).size - 1;
  return {
    argv: ["run", `${key}+`, ...parts],
    ask: after === 0 ? many : `${after + 1} assets are materialized, fresh or not`,
  };
}

/** More partitions than these are not begun without a question. */
const MANY = 12;

function retrying(subject: Subject, data: BoardData): Acting | string {
  if (subject?.kind === "run") {
    return isAtWork(subject.run, data)
      ? "this run is not over yet: there is nothing to retry"
      : { argv: ["retry", subject.run], ask: null };
  }
  if (subject?.kind === "asset") {
    const status = data.statuses.get(subject.asset as AssetKey);
    const failed = status?.partitions.find((each) => each.head?.failure)?.head?.failure;
    if (!failed) return `${subject.asset} has not failed`;
    // A retry takes a whole run up again; one asset's failed partitions are runs of their own.
    const keys = status?.partitions.filter((each) => each.head?.failure)
      .map((each) => each.partition).filter((each) => each !== "") ?? [];
    return {
      argv: ["run", subject.asset, ...keys.flatMap((each) => ["--partition", each])],
      ask: keys.length > MANY ? `${keys.length} partitions are tried again` : null,
    };
  }
  return { argv: ["retry"], ask: null };
}

function cancelling(subject: Subject, data: BoardData): Acting | string {
  const ask = "what it has not finished is lost; what it has published stays";
  if (subject?.kind === "run") {
    if (!isAtWork(subject.run, data)) return "this run is over";
    return { argv: ["cancel", subject.run], ask };
  }
  if (subject?.kind !== "asset") return "there is no run to cancel here";
  const claim = data.claims.find((each) => each.asset === subject.asset);
  return claim === undefined
    ? `nothing is at work on ${subject.asset}`
    : { argv: ["cancel", claim.run], ask };
}

function isAtWork(run: string, { runs }: BoardData): boolean {
  return runs.some(({ run: id, state }) =>
    id === run && (state === "running" || state === "queued")
  );
}

function backfilling(subject: Subject): Acting | string {
  if (subject?.kind !== "asset") return "there is no asset to backfill here";
  if (subject.partitions === undefined) return `mark partitions of ${subject.asset} first`;
  const { from, to, keys, count } = subject.partitions;
  const which = count === 1
    ? `${from} is`
    : keys === undefined
    ? `${from} to ${to} are`
    : `${count} partitions are`;
  return {
    argv: ["backfill", subject.asset, ...partitionWords(subject)],
    ask: `${which} materialized, fresh or not`,
  };
}

function rollingBack(subject: Extract<Subject, { kind: "asset" }>): Acting | string {
  const { asset, partitions, back } = subject;
  if (partitions !== undefined && partitions.from !== partitions.to) {
    return "one partition at a time is rolled back: unmark the block first";
  }
  const which = back === undefined ? "the version before" : "the marked version";
  return {
    argv: [
      "rollback",
      asset,
      ...partitionWords(subject),
      ...(back === undefined ? [] : ["--back", String(back)]),
    ],
    ask: `${which} becomes current, and stays until its code changes or it is unpinned`,
  };
}

function partitionWords({ partitions }: { readonly partitions?: Marked }): string[] {
  if (partitions === undefined) return [];
  if (partitions.keys !== undefined) {
    return partitions.keys.flatMap((each) => ["--partition", each]);
  }
  return partitions.from === partitions.to
    ? ["--partition", partitions.from]
    : ["--from", partitions.from, "--to", partitions.to];
}

/** The command line as a person would type it. */
export function commandLine(argv: readonly string[]): string {
  return ["nycflow", ...argv].map((word) =>
    /^[\p{L}\p{N}_@%+=:,./|-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
  ).join(" ");
}

/** The words of a typed line: parted by spaces, quotes keep them together. */
export function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  const pattern = /'([^']*)'|"((?:[^"\\]|\\.)*)"|((?:[^\s'"\\]|\\.)+)|(\s+)/gu;
  let open: string | null = null;
  for (const [, single, double, plain, space] of line.matchAll(pattern)) {
    if (space !== undefined) {
      if (open !== null) words.push(open);
      open = null;
    } else {
      const text = single ?? (double ?? plain ?? "").replace(/\\(.)/gu, "$1");
      open = (open ?? "") + text;
    }
  }
  if (open !== null) words.push(open);
  return words;
}
