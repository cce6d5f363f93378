/**
 * What ticks by the clock: schedules, and assets with a cron of their own. Decides their names in the log and what of
 * them may be edited without a tick; when they tick, `ticks.ts` says.
 */
import type { ProjectDefinition, ScheduleDefinition } from "../definition.ts";
import type { State } from "../heads.ts";
import type { Json, JsonObject } from "../json.ts";
import type { AssetKey, EventId, Instant, RunId } from "../key.ts";
import type { Problem } from "../problem/problem.ts";
import { type Cron, parseCron } from "../schedule/cron.ts";

/** One source of ticks. */
export interface Clocked {
  /** In the log: `schedule:NAME` or `asset:KEY`. */
  readonly id: string;
  readonly cron: Cron;
  /** What it is when edited another source, which counts from then on. */
  readonly fingerprint: string;
  /** Selection text, or the one asset. */
  readonly select: { readonly text: string } | { readonly asset: AssetKey };
  readonly catchUp: ScheduleDefinition["catchUp"];
  readonly catchUpLimit: number;
  readonly overlap: ScheduleDefinition["overlap"];
}

export const scheduleId = (name: string) => `schedule:${name}`;
export const assetId = (key: string) => `asset:${key}`;
export const sensorId = (name: string) => `sensor:${name}`;
export const sourceId = (key: string) => `source:${key}`;

/** `schedule:mornings` as people name it. */
export function nameOf(id: string): string {
  return id.slice(id.indexOf(":") + 1);
}

/** All sources of a project; a cron that cannot be read was told when the definitions were loaded. */
export function clockedOf(project: ProjectDefinition): {
  readonly sources: readonly Clocked[];
  readonly problems: readonly Problem[];
} {
  const sources: Clocked[] = [];
  const problems: Problem[] = [];
  const add = (cron: string, zone: string | null, rest: Omit<Clocked, "cron" | "fingerprint">) => {
    const timezone = zone ?? project.timezone;
    const parsed = parseCron(cron, timezone);
    if (!parsed.ok) problems.push(parsed.error);
    else sources.push({ ...rest, cron: parsed.value, fingerprint: `${cron.trim()} ${timezone}` });
  };
  for (const each of project.schedules) {
    add(each.cron, each.timezone, {
      id: scheduleId(each.name),
      select: { text: each.select },
      catchUp: each.catchUp,
      catchUpLimit: each.catchUpLimit,
      overlap: each.overlap,
    });
  }
  for (const { key, schedule } of project.assets) {
    if (schedule === null) continue;
    add(schedule.cron, schedule.timezone, {
      id: assetId(key),
      select: { asset: key },
      catchUp: "latest",
      catchUpLimit: 1,
      overlap: "skip",
    });
  }
  return { sources, problems };
}

/** What is remembered of a source (`fold_fact.ts`). */
export interface TickFact {
  readonly due: Instant;
  /** The last due instant for which something was asked for, and the event that says so. */
  readonly requested: Instant | null;
  readonly event: EventId | null;
  readonly outcome: string;
  readonly text: string;
  readonly runs: readonly RunId[];
  readonly cursor: Json;
  readonly problem: string | null;
  readonly why: string | null;
  readonly since: Instant;
  /** The last few, newest first. */
  readonly last: readonly PastTick[];
}

export interface PastTick {
  readonly due: Instant;
  readonly outcome: string;
  readonly text: string;
  readonly runs: readonly RunId[];
}

/** What is remembered of a source; null before it was first seen. */
export function tickFact(state: State, id: string): TickFact | null {
  const value = state.facts.get(`tick:${id}`)?.value;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const found = value as JsonObject;
  const number = (name: string) => typeof found[name] === "number" ? found[name] as number : null;
  const text = (name: string) => typeof found[name] === "string" ? found[name] as string : "";
  return {
    due: number("due") ?? 0,
    requested: number("requested"),
    event: number("event"),
    outcome: text("outcome"),
    text: text("text"),
    runs: Array.isArray(found["runs"]) ? found["runs"] as RunId[] : [],
    cursor: found["cursor"] ?? null,
    problem: typeof found["problem"] === "string" ? found["problem"] : null,
    why: typeof found["why"] === "string" ? found["why"] : null,
    since: number("since") ?? 0,
    last: Array.isArray(found["last"]) ? found["last"] as unknown as PastTick[] : [],
  };
}

/** Has it been switched off? */
export function isOff(state: State, id: string): boolean {
  return state.facts.get(`switch:${id}`)?.value === false;
}
