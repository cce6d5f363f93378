/**
 * The JSON documents that others may rely on, word for word as `cli.md` promises: fields are added, never renamed.
 * An instant is ISO 8601 with the offset of the project's time zone; the partition of the unpartitioned is null.
 * What concerns one asset is in `documents_asset.ts`, what `show` tells in `documents_show.ts`.
 */
import type { Stored } from "../core/event.ts";
import type { Json, JsonObject } from "../core/json.ts";
import { type Instant, type PartitionKey, partitionOrNull } from "../core/key.ts";
import type { HeldStep, Plan } from "../core/plan.ts";
import type { Why } from "../core/why.ts";
import { timesIn } from "./times.ts";

/** `plan --json`. Of assets that one function makes the first is the step; `together` names all. */
export function planDocument(plan: Plan, layout?: { readonly timezone: string }): JsonObject {
  const iso = timesIn(layout?.timezone ?? "UTC").iso;
  return {
    nycflow: 1,
    steps: plan.steps.map((step) => ({
      asset: step.asset,
      partition: partitionOrNull(step.partition),
      reasons: step.reasons.map(({ kind, text, of }) => ({ kind, text, of })),
      certain: step.certain,
      action: step.action,
      ...(step.together.length > 1 ? { together: step.together } : {}),
    })),
    held: plan.held.map((held) => ({
      asset: held.asset,
      partition: partitionOrNull(held.partition),
      kind: heldKind(held),
      until: held.held.until === null ? null : iso(held.held.until),
      text: held.held.text,
      hold: held.held.kind,
      reasons: held.reasons.map(({ kind, text, of }) => ({ kind, text, of })),
    })),
    fresh: plan.fresh,
  };
}

/** The kind of the reason that is held back; a failure and a wait for an upstream are reasons themselves. */
function heldKind({ held, reasons }: HeldStep): string {
  if (held.kind === "failed" || held.kind === "retry") return "failed";
  if (held.kind === "upstream") return "upstream";
  return reasons[0]?.kind ?? "requested";
}

/** `why --json`. */
export function whyDocument(why: Why, timezone: string): JsonObject {
  const iso = timesIn(timezone).iso;
  return {
    nycflow: 1,
    asset: why.asset,
    partition: partitionOrNull(why.partition),
    state: why.state,
    chain: why.chain.map((link) => ({
      asset: link.asset,
      partition: partitionOrNull(link.partition),
      kind: link.kind,
      text: link.text,
      at: link.at === null ? null : iso(link.at),
      version: link.version,
      file: link.file,
    })),
  };
}

/** What an event was built from is the state store's own business, and long. */
const INNER = new Set(["inputs", "code", "reads", "checksVersion", "holder", "restored"]);
const INSTANTS = new Set(["retryAt", "due"]);

/** One event as a line of `run --json` and `up --json`. */
export function eventDocument(stored: Stored, timezone: string): JsonObject {
  return eventDocuments(timezone)(stored);
}

/** The same for many events: the zone's offsets are found once. */
export function eventDocuments(timezone: string): (stored: Stored) => JsonObject {
  const iso = timesIn(timezone).iso;
  return (stored) => eventFields(stored, iso);
}

function eventFields({ at, event }: Stored, iso: (at: number) => string): JsonObject {
  const { kind, ...fields } = event;
  const rest: Record<string, Json> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (INNER.has(name)) continue;
    rest[name] = INSTANTS.has(name) && typeof value === "number" ? iso(value) : value as Json;
  }
  if (event.kind === "run-started") {
    rest["steps"] = event.steps.map((step) => ({
      ...step,
      reasons: step.reasons as unknown as Json,
      partition: partitionOrNull(step.partition),
    }));
  }
  return {
    ...rest,
    kind,
    at: iso(at),
    run: "run" in event ? event.run : null,
    asset: "asset" in event ? event.asset : null,
    partition: "partition" in event ? partitionOrNull(event.partition as PartitionKey) : null,
  };
}

/** The one line where there was nothing to do. */
export function idleDocument(around?: { now: Instant; timezone: string }): JsonObject {
  const at = around === undefined ? null : timesIn(around.timezone).iso(around.now);
  return { kind: "idle", at, run: null, asset: null, partition: null };
}

export { listDocument, type Listed, rowObjects } from "./documents_asset.ts";
export { runDocument, showDocument, statusDocument } from "./documents_show.ts";
