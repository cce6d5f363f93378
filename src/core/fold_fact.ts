/**
 * Small named facts: when a source last ticked and where its cursor stands, what is switched off, who was told
 * of what, which keys have been requested, which dynamic partitions exist. Says under which name an event is
 * remembered and what is kept of it; what follows from a fact is others' business.
 */
import type { Event, Stored } from "./event.ts";
import type { Fact } from "./heads.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Instant } from "./key.ts";
import { unreachable } from "./result.ts";

/** The name of the fact that an event sets; null for none. */
export function factOf(event: Event): string | null {
  switch (event.kind) {
    case "run-requested":
      return event.requestKey === null ? null : `request:${event.requestKey}`;
    case "notified":
      return `told:${event.about}`;
    case "ticked":
      return `tick:${event.source}`;
    case "switched":
      return `switch:${event.source}`;
    case "partition-added":
      return `partition:${event.asset}:${event.partition}`;
    case "forgotten":
      return event.fact;
    case "run-started":
    case "run-ended":
    case "attempt-started":
    case "attempt-failed":
    case "materialized":
    case "checked":
    case "step-ended":
    case "exported":
    case "observed":
    case "version-set":
      return null;
    default:
      return unreachable(event);
  }
}

/**
 * The fact after `stored`, by kind:
 * - `request:KEY` → `{ run }`, the first that was requested for the key;
 * - `told:ABOUT` → `{ of, sinks: { [sink]: { of, at, problem: string | null, tries } } }`, `of` being
 *   the latest, `tries` how many in a row did not arrive;
 * - `tick:SOURCE` → `{ due, requested, event, outcome, text, runs, cursor, problem, why, since, last }`: `due` never
 *   goes back, a failed evaluation does not move `cursor`, `since` is when the source was first seen, `requested` the last
 *   due instant for which something was asked for, at `event`; `last` are the ones before, newest first;
 * - `switch:SOURCE` → boolean;
 * - `partition:ASSET:KEY` → its payload.
 *
 * `forgotten` takes a fact away.
 */
export function foldFact(before: Fact | null, stored: Stored): Fact | null {
  const event = stored.event;
  const name = factOf(event);
  if (name === null) return before;
  const set = (value: Json): Fact => ({ name, value, at: stored.at, event: stored.id });
  switch (event.kind) {
    case "run-requested":
      return before ?? set({ run: event.run });
    case "notified": {
      const sinks = objectAt(before?.value, "sinks");
      const told = toldBy(objectOf(sinks[event.sink]), event, stored.at);
      return set({ of: event.of, sinks: { ...sinks, [event.sink]: told } });
    }
    case "ticked": {
      const old = objectOf(before?.value);
      const due = typeof old["due"] === "number" ? Math.max(old["due"], event.due) : event.due;
      const asked = event.outcome === "requested";
      const { due: at, outcome, text, runs } = event;
      const kept = Array.isArray(old["last"]) ? old["last"] as readonly Json[] : [];
      const last = outcome === "seen" ? kept : [{ due: at, outcome, text, runs }, ...kept];
      return set({
        due,
        requested: asked ? due : old["requested"] ?? null,
        event: asked ? stored.id : old["event"] ?? null,
        last: last.slice(0, TICKS_KEPT),
        outcome: event.outcome,
        text: event.text,
        runs: event.runs,
        cursor: event.outcome === "failed" ? old["cursor"] ?? null : event.cursor,
        problem: event.problem?.message ?? null,
        why: event.problem?.why ?? null,
        since: old["since"] ?? stored.at,
      });
    }
    case "switched":
      return set(event.on);
    case "partition-added":
      return set(event.payload);
    case "forgotten":
      return null;
    default:
      return before;
  }
}

/** What is remembered of a message that is on its way. */
export const SENDING = "it is being sent";

function toldBy(
  old: JsonObject,
  { of, problem }: Extract<Event, { readonly kind: "notified" }>,
  at: Instant,
): JsonObject {
  if (problem === null) return { of, at, problem: null, tries: 0 };
  const tries = old["of"] === of && typeof old["tries"] === "number" ? old["tries"] : 0;
  // The attempt was counted when it began.
  const began = old["of"] === of && old["problem"] === SENDING;
  return { of, at, problem: problem.why ?? problem.message, tries: began ? tries : tries + 1 };
}

/** Of each source, for people. */
const TICKS_KEPT = 5;

function objectOf(value: Json | undefined): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as JsonObject
    : {};
}

function objectAt(value: Json | undefined, name: string): JsonObject {
  return objectOf(objectOf(value)[name]);
}
