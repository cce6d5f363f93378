/**
 * Whom to tell of what: once when a step begins to fail, again only after it has succeeded; of lateness; of the
 * recovery to those who were told of either; a reminder a day while it lasts. Each sink is judged by what reached it,
 * so that one which failed is told the next time. Pure over the state.
 */
import type { Fact, State } from "./heads.ts";
import type { JsonObject } from "./json.ts";
import {
  type AssetKey,
  type Instant,
  type PartitionKey,
  type RunId,
  stepKey,
  WHOLE,
} from "./key.ts";
import type { Problem } from "./problem/problem.ts";

export type NoticeKind = "failure" | "late" | "recovery" | "reminder";

export interface Notice {
  readonly of: NoticeKind;
  /** The step's key; `late:ASSET` for lateness. */
  readonly about: string;
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly problem: Problem | null;
  readonly at: Instant;
  /** Where the log of the last try stands. */
  readonly attempt: { readonly run: RunId; readonly tries: number } | null;
  /** The sinks to be told, by name. */
  readonly sinks: readonly string[];
}

export interface NoticeSink {
  readonly name: string;
  readonly on: readonly NoticeKind[];
}

/** Late since then. */
export interface Late {
  readonly asset: AssetKey;
  readonly since: Instant;
}

const DAY_MS = 86_400_000;

/** Everything that somebody should be told now. `late` are the assets that are late at this instant. */
export function noticesDue(
  state: State,
  sinks: readonly NoticeSink[],
  late: readonly Late[],
  now: Instant,
): readonly Notice[] {
  if (sinks.length === 0) return [];
  const notices: Notice[] = [];
  const add = (notice: Omit<Notice, "of" | "sinks">, ill: Instant | null, first: NoticeKind) => {
    const told = state.facts.get(`told:${notice.about}`) ?? null;
    const byKind = new Map<NoticeKind, string[]>();
    for (const sink of sinks) {
      const of = next(told, sink, ill, first, now);
      if (of !== null) byKind.set(of, [...byKind.get(of) ?? [], sink.name]);
    }
    for (const [of, names] of byKind) notices.push({ ...notice, of, sinks: names });
  };
  for (const [asset, heads] of state.heads) {
    for (const [partition, { failure, published }] of heads) {
      if (failure !== null && failure.retryAt !== null) continue;
      if (failure === null && published === null) continue;
      const about = stepKey(asset, partition);
      if (failure === null && !state.facts.has(`told:${about}`)) continue;
      add(
        {
          about,
          asset,
          partition,
          problem: failure?.problem ?? null,
          at: failure?.at ?? published?.at ?? now,
          attempt: failure === null ? null : { run: failure.run, tries: failure.tries },
        },
        // What was told before the last success was about another failure.
        failure === null ? null : published?.at ?? 0,
        "failure",
      );
    }
  }
  const lateBy = new Map(late.map(({ asset, since }) => [asset, since]));
  const known = [...state.facts.keys()].flatMap((name) =>
    name.startsWith(LATE) ? [name.slice(LATE.length) as AssetKey] : []
  );
  for (const asset of new Set([...lateBy.keys(), ...known])) {
    const since = lateBy.get(asset) ?? null;
    add(
      {
        about: `late:${asset}`,
        asset,
        partition: WHOLE,
        problem: null,
        at: since ?? now,
        attempt: null,
      },
      since,
      "late",
    );
  }
  return notices;
}

const LATE = "told:late:";

/** What one sink is to be told: `ill` is since when things told count, null where all is well. */
function next(
  told: Fact | null,
  { name, on }: NoticeSink,
  ill: Instant | null,
  first: NoticeKind,
  now: Instant,
): NoticeKind | null {
  const last = lastTold(told, name);
  const wants = (of: NoticeKind) => on.includes(of) ? of : null;
  if (ill === null) {
    if (last === null) return null;
    if (last.of === "recovery") return last.problem === null ? null : wants("recovery");
    return last.reached ? wants("recovery") : null;
  }
  const current = last !== null && last.of !== "recovery" && last.at >= ill;
  if (!current || last === null) return wants(first);
  if (last.problem !== null) return last.of === "reminder" ? wants("reminder") : wants(first);
  return now >= last.at + DAY_MS ? wants("reminder") : null;
}

interface Told {
  readonly of: string;
  readonly at: Instant;
  readonly problem: string | null;
  /** Something of this illness came through. */
  readonly reached: boolean;
}

function lastTold(told: Fact | null, sink: string): Told | null {
  const sinks = asObject(asObject(told?.value)["sinks"]);
  const found = asObject(sinks[sink]);
  const { of, at, problem } = found;
  if (typeof of !== "string" || typeof at !== "number") return null;
  const failed = typeof problem === "string" ? problem : null;
  // A reminder that failed came after a first word that did not.
  return { of, at, problem: failed, reached: failed === null || of === "reminder" };
}

function asObject(value: unknown): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as JsonObject
    : {};
}

/** Sinks whose last message did not arrive, with what went wrong; each once. */
export function failingSinks(state: State): ReadonlyMap<string, string> {
  const latest = new Map<string, { at: number; problem: string | null }>();
  for (const [name, fact] of state.facts) {
    if (!name.startsWith("told:")) continue;
    for (const [sink, told] of Object.entries(asObject(asObject(fact.value)["sinks"]))) {
      const { at, problem } = asObject(told);
      if (typeof at !== "number" || (latest.get(sink)?.at ?? -1) > at) continue;
      latest.set(sink, { at, problem: typeof problem === "string" ? problem : null });
    }
  }
  return new Map(
    [...latest].flatMap(([sink, { problem }]) => problem === null ? [] : [[sink, problem]]),
  );
}
