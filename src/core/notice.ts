/**
 * Whom to tell of what: once when a step begins to fail, again only after it has succeeded; of lateness; of the
 * recovery to those who were told of either; a reminder a day while it lasts. Each sink is judged by what reached it,
 * so that one which failed is told the next time. Pure over the state.
 */
import { sensorId, tickFact } from "./automation/source.ts";
import { SENDING } from "./fold_fact.ts";
import type { Fact, State } from "./heads.ts";
import type { JsonObject } from "./json.ts";
import { type AssetKey, type Instant, type PartitionKey, type RunId, stepKey } from "./key.ts";
import type { Problem } from "./problem/problem.ts";

export type NoticeKind = "failure" | "late" | "recovery" | "reminder";

/** What it is about. */
export type Subject =
  | {
    readonly kind: "step";
    readonly asset: AssetKey;
    readonly partition: PartitionKey;
    /** Where the log of the last try stands; null where it is well. */
    readonly attempt: { readonly run: RunId; readonly tries: number } | null;
  }
  | { readonly kind: "late"; readonly asset: AssetKey }
  | { readonly kind: "sensor"; readonly sensor: string };

export interface Notice {
  readonly of: NoticeKind;
  /** Under which name the log remembers who was told: the step's key, `late:ASSET`, `sensor:NAME`. */
  readonly about: string;
  readonly subject: Subject;
  readonly problem: Problem | null;
  readonly at: Instant;
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

/** What the definitions have now: nobody is told of what was taken out of them, or switched off. */
export interface Defined {
  readonly step: (asset: AssetKey, partition: PartitionKey) => boolean;
  readonly asset: (asset: AssetKey) => boolean;
  readonly sensor: (name: string) => boolean;
}

const DAY_MS = 86_400_000;

/** Everything that somebody should be told now. `late` are the assets that are late at this instant. */
export function noticesDue(
  state: State,
  sinks: readonly NoticeSink[],
  late: readonly Late[],
  defined: Defined,
  now: Instant,
): readonly Notice[] {
  const cases = [
    ...steps(state, defined, now),
    ...lateness(state, late, defined, now),
    ...sensors(state, defined),
  ];
  return cases.flatMap(({ ill, first, ...about }) => {
    const told = state.facts.get(`told:${about.about}`) ?? null;
    const byKind = new Map<NoticeKind, string[]>();
    for (const sink of sinks) {
      const of = next(told, sink, ill, first, now);
      if (of !== null) byKind.set(of, [...byKind.get(of) ?? [], sink.name]);
    }
    return [...byKind].map(([of, names]): Notice => ({ ...about, of, sinks: names }));
  });
}

/** Something that may have to be told: since when things told of it count, null where all is well. */
interface Case extends Omit<Notice, "of" | "sinks"> {
  readonly ill: Instant | null;
  readonly first: NoticeKind;
}

function steps(state: State, defined: Defined, now: Instant): readonly Case[] {
  const found: Case[] = [];
  for (const [asset, heads] of state.heads) {
    for (const [partition, { failure, published }] of heads) {
      if (failure !== null && failure.retryAt !== null) continue;
      const about = stepKey(asset, partition);
      if (failure === null && (published === null || !state.facts.has(`told:${about}`))) continue;
      if (!defined.step(asset, partition)) continue;
      const attempt = failure === null ? null : { run: failure.run, tries: failure.tries };
      found.push({
        about,
        subject: { kind: "step", asset, partition, attempt },
        problem: failure?.problem ?? null,
        at: failure?.at ?? published?.at ?? now,
        // What was told before the last success was about another failure.
        ill: failure === null ? null : published?.at ?? 0,
        first: "failure",
      });
    }
  }
  return found;
}

function lateness(
  state: State,
  late: readonly Late[],
  defined: Defined,
  now: Instant,
): readonly Case[] {
  const lateBy = new Map(late.map(({ asset, since }) => [asset, since]));
  const known = [...state.facts.keys()].flatMap((name) =>
    name.startsWith(LATE) ? [name.slice(LATE.length) as AssetKey] : []
  );
  return [...new Set([...lateBy.keys(), ...known])].filter(defined.asset).map((asset): Case => {
    const since = lateBy.get(asset) ?? null;
    return {
      about: `late:${asset}`,
      subject: { kind: "late", asset },
      problem: null,
      at: since ?? now,
      ill: since,
      first: "late",
    };
  });
}

/** Its fact is written when it begins to fail, and when it no longer does. */
function sensors(state: State, defined: Defined): readonly Case[] {
  return [...state.facts.keys()].flatMap((name): Case[] => {
    if (!name.startsWith(SENSOR)) return [];
    const sensor = name.slice(SENSOR.length);
    const fact = tickFact(state, sensorId(sensor));
    const about = sensorId(sensor);
    if (fact === null || !defined.sensor(sensor)) return [];
    if (fact.problem === null && !state.facts.has(`told:${about}`)) return [];
    const at = state.facts.get(name)?.at ?? 0;
    return [{
      about,
      subject: { kind: "sensor", sensor },
      problem: fact.problem === null ? null : {
        code: "code-threw",
        message: fact.problem,
        ...(fact.why === null ? {} : { why: fact.why }),
      },
      at,
      ill: fact.problem === null ? null : at,
      first: "failure",
    }];
  });
}

const LATE = "told:late:";
const SENSOR = "tick:sensor:";

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
  if (last !== null && last.problem !== null && now < last.at + patience(last)) return null;
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

/** A sink that is down is tried at once a second time, then less and less often, and never given up. */
const PATIENCE_MS = [0, 60_000, 5 * 60_000, 30 * 60_000, 2 * 3_600_000];
/** Who began to tell and has not said how that ended is dead by then. */
const SENDING_MS = 60_000;

function patience({ problem, tries }: Told): number {
  if (problem === SENDING) return SENDING_MS;
  return PATIENCE_MS[Math.min(Math.max(0, tries - 1), PATIENCE_MS.length - 1)] ?? 0;
}

/** In the log while a message is on its way: so that of five processes at once one sends it. */
export const SENDING_PROBLEM: Problem = { code: "busy", message: SENDING };

interface Told {
  readonly of: string;
  readonly at: Instant;
  readonly problem: string | null;
  /** In a row that did not arrive. */
  readonly tries: number;
  /** Something of this illness came through. */
  readonly reached: boolean;
}

function lastTold(told: Fact | null, sink: string): Told | null {
  const sinks = asObject(asObject(told?.value)["sinks"]);
  const found = asObject(sinks[sink]);
  const { of, at, problem, tries } = found;
  if (typeof of !== "string" || typeof at !== "number") return null;
  const failed = typeof problem === "string" ? problem : null;
  // A reminder that failed came after a first word that did not.
  return {
    of,
    at,
    problem: failed,
    tries: typeof tries === "number" ? tries : 1,
    reached: failed === null || of === "reminder",
  };
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
    [...latest].flatMap(([sink, { problem }]) =>
      problem === null || problem === SENDING ? [] : [[sink, problem]]
    ),
  );
}
