/**
 * Events as the text that is kept, and back. Decides what may be read; a store keeps the text as it came.
 *
 * Forward and backward, for as long as one log lives:
 * - a field is added as optional and never renamed or given another meaning, so older text stays readable;
 * - a kind of event that a reader does not know is kept in the log and passed over (`unknown`), here and in
 *   `fold`; a new kind that touches a cell therefore needs a new schema version of the store, since an older
 *   program would leave that cell behind;
 * - text that is no event is never guessed at: it is told with its place in the log.
 */
import type { Event, EventKind, Stored } from "./event.ts";
import type { EventId, Instant } from "./key.ts";
import { type Problem, problem } from "./problem/problem.ts";

const KINDS: Record<EventKind, true> = {
  "run-requested": true,
  "run-started": true,
  "run-ended": true,
  "attempt-started": true,
  "attempt-failed": true,
  "materialized": true,
  "checked": true,
  "step-ended": true,
  "exported": true,
  "observed": true,
  "notified": true,
  "version-set": true,
  "ticked": true,
  "switched": true,
  "partition-added": true,
  "forgotten": true,
};

/** Every kind of event that this program knows. */
export const EVENT_KINDS: readonly EventKind[] = Object.keys(KINDS) as EventKind[];

/** Is this a kind of event that this program knows? */
export function isEventKind(kind: string): kind is EventKind {
  return Object.hasOwn(KINDS, kind);
}

/** One line of JSON. Fields that are undefined are left out; everything else comes back equal. */
export function encodeEvent(event: Event): string {
  return JSON.stringify(event);
}

export type Decoded =
  | { readonly kind: "known"; readonly stored: Stored }
  | { readonly kind: "unknown"; readonly id: EventId; readonly at: Instant; readonly name: string }
  | { readonly kind: "damaged"; readonly problem: Problem };

/** Reads back what `encodeEvent` wrote, be it by an older or a newer program. Never throws. */
export function decodeEvent(id: EventId, at: Instant, text: string): Decoded {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return damaged(id, error instanceof Error ? error.message : String(error));
  }
  if (!isRecord(value)) return damaged(id, "it is no object");
  const kind = value["kind"];
  if (typeof kind !== "string") return damaged(id, "it has no kind");
  if (!isEventKind(kind)) return { kind: "unknown", id, at, name: kind };
  const missing = ADDRESS[kind].find((field) => typeof value[field] !== "string");
  if (missing !== undefined) return damaged(id, `${kind} has no ${missing}`);
  return { kind: "known", stored: { id, at, event: value as unknown as Event } };
}

/** The fields that say which cell an event is about: without them it cannot be folded at all. */
const ADDRESS: Record<EventKind, readonly string[]> = {
  "run-requested": ["run"],
  "run-started": ["run", "holder"],
  "run-ended": ["run", "outcome"],
  "attempt-started": ["run", "asset", "partition", "attempt", "holder"],
  "attempt-failed": ["run", "asset", "partition", "attempt"],
  "materialized": ["run", "asset", "partition", "attempt", "version", "dataVersion"],
  "checked": ["run", "asset", "partition", "attempt", "version"],
  "step-ended": ["run", "asset", "partition", "outcome"],
  "exported": ["asset", "partition"],
  "observed": ["asset", "partition", "dataVersion"],
  "notified": ["about", "sink"],
  "version-set": ["asset", "partition", "action"],
  "ticked": ["source"],
  "switched": ["source"],
  "partition-added": ["asset", "partition"],
  "forgotten": ["fact"],
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function damaged(id: EventId, why: string): Decoded {
  return {
    kind: "damaged",
    problem: problem("store-damaged", {
      message: `Cannot read event ${id} of the state store`,
      why,
      hint: "nycflow doctor --rebuild",
      fields: { event: id },
    }),
  };
}
