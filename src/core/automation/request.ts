/**
 * Requests: what a sensor asks for, each once for its key. Decides what is appended for them over the newest state, so
 * that five who evaluate at once ask once; how a watched file's key is made; when a file's content is no request.
 */
import type { AssetDefinition } from "../definition.ts";
import { digest } from "../digest.ts";
import type { Event } from "../event.ts";
import type { State } from "../heads.ts";
import type { Json, JsonObject } from "../json.ts";
import type { AssetKey, Instant, PartitionKey, RunId } from "../key.ts";
import { misfits } from "./fits.ts";
import { sensorId } from "./source.ts";

/** One run, or one new partition, to be asked for. */
export interface Request {
  readonly key: string;
  readonly selection: string;
  /** Of these a partition comes to be: the targets that have dynamic ones. */
  readonly dynamic: readonly AssetKey[];
  readonly partition: string | null;
  readonly settings: JsonObject;
}

/** More of them in one evaluation is a flood: the rest waits for the next, and so does the cursor. */
export const MOST_REQUESTS = 1000;

/** Under which name it is remembered that a sensor asked for a key. */
export function requestKey(sensor: string, key: string): string {
  return `${sensorId(sensor)}:${key}`;
}

/** Was it asked for before, as a run or as a partition? */
export function isKnown(state: State, sensor: string, request: Request): boolean {
  return state.facts.has(`request:${requestKey(sensor, request.key)}`);
}

/** The events that ask for what is new; `ids` are one for each request, the same at every call. */
export function requestEvents(
  state: State,
  sensor: string,
  requests: readonly Request[],
  ids: readonly RunId[],
  now: Instant,
): { readonly events: readonly Event[]; readonly runs: readonly RunId[] } {
  const events: Event[] = [];
  const runs: RunId[] = [];
  const seen = new Set<string>();
  requests.forEach((request, index) => {
    const { key, selection, dynamic, partition, settings } = request;
    const run = ids[index];
    if (run === undefined || seen.has(key) || isKnown(state, sensor, request)) return;
    seen.add(key);
    for (const asset of partition === null ? [] : dynamic) {
      if (!state.facts.has(`partition:${asset}:${partition}`)) {
        events.push({
          kind: "partition-added",
          asset,
          partition: partition as PartitionKey,
          payload: settings,
        });
      }
    }
    runs.push(run);
    events.push({
      kind: "run-requested",
      run,
      trigger: { kind: "sensor", of: sensor },
      selection,
      requestKey: requestKey(sensor, key),
      settings,
      queued: { partition, at: now },
    });
  });
  return { events, runs };
}

/** `february-queens-3f2a91bc04`: the file's name, which people know, and its content, which makes it this request. */
export function fileKey(name: string, content: string): PartitionKey {
  const stem = name.replace(/\.[^.]*$/, "").normalize("NFC").replace(
    /[^\p{L}\p{N}\p{M}_-]+/gu,
    "-",
  );
  return `${stem.slice(0, 80) || "request"}-${digest(content).slice(0, 10)}` as PartitionKey;
}

export type Read =
  | { readonly ok: true; readonly settings: JsonObject }
  /** `open`: the text may be one that is still being written. */
  | { readonly ok: false; readonly why: string; readonly open: boolean };

/** A watched file's content as settings of the target; what does not fit its config is no request. */
export function readRequest(text: string, target: AssetDefinition | null): Read {
  let value: Json;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, "")) as Json;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { ok: false, why: `it is no JSON: ${said}`, open: true };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { ok: false, why: "it holds no JSON object", open: false };
  }
  const settings = value as JsonObject;
  const config = target?.config ?? null;
  if (config === null) return { ok: true, settings };
  const wrong = misfits(config.schema ?? schemaOfDefaults(config.defaults), settings);
  return wrong.length === 0
    ? { ok: true, settings }
    : { ok: false, why: wrong.join("; "), open: false };
}

/** Plain defaults: their names, and the types of their values. */
function schemaOfDefaults(defaults: JsonObject): JsonObject {
  const properties = Object.entries(defaults).map(([name, value]) => {
    const type = value === null || value === undefined
      ? null
      : Array.isArray(value)
      ? "array"
      : typeof value;
    return [name, type === null ? {} : { type }] as const;
  });
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    additionalProperties: false,
  };
}
