/** From what a definition or the config says to policies: freshness, schedule, retry, pool, lengths of time. */
import type { AssetDefinition, FreshnessPolicy, RetryPolicy } from "../core/definition.ts";
import { parseDuration } from "../core/duration.ts";
import type { Json } from "../core/json.ts";
import { numberOf, objectOf, textOf, textsOf, wordOf } from "./canonical.ts";
import { isObject } from "./shape.ts";

export function readFreshness(value: Json | undefined): FreshnessPolicy | null {
  if (!isSaid(value)) return null;
  const options = isObject(value) ? value : { within: value ?? null };
  const said = typeof options["refresh"] === "number"
    ? `${options["refresh"]}ms`
    : textOf(options["refresh"], null);
  // Kept as a plain duration: the words around it say nothing more.
  const refresh = said === null ? null : said.replace(/\s*back\s*$/, "").trim();
  const by = textOf(options["by"], null);
  if (by !== null) {
    return { kind: "by", cron: by, timezone: textOf(options["timezone"], null), refresh };
  }
  const withinMs = durationOf(options["within"]);
  return withinMs === null
    ? null
    : { kind: "within", withinMs, warnMs: durationOf(options["warn"]), refresh };
}

export function readSchedule(value: Json | undefined): AssetDefinition["schedule"] {
  if (typeof value === "string") return { cron: value, timezone: null };
  const cron = textOf(objectOf(value)["cron"], null);
  return cron === null ? null : { cron, timezone: textOf(objectOf(value)["timezone"], null) };
}

export function readRetry(value: Json | undefined): RetryPolicy | null {
  if (!isSaid(value)) return null;
  const options = objectOf(value);
  const retryOn = textsOf(options["retryOn"]);
  return {
    attempts: typeof value === "number" ? value : numberOf(options["attempts"], 3),
    delayMs: durationOf(options["delay"]) ?? 1000,
    backoff: wordOf(options["backoff"], ["none", "linear", "exponential"], "exponential"),
    maxDelayMs: durationOf(options["maxDelay"]),
    jitter: options["jitter"] === true,
    retryOn: retryOn.length === 0 ? null : retryOn,
  };
}

export function readPool(value: Json | undefined): AssetDefinition["pool"] {
  if (typeof value === "string") return { name: value, slots: 1 };
  const name = textOf(objectOf(value)["name"], null);
  return name === null ? null : { name, slots: numberOf(objectOf(value)["slots"], 1) };
}

/** In TypeScript a number is milliseconds. */
export function durationOf(value: Json | undefined): number | null {
  if (typeof value === "number") return value;
  const parsed = typeof value === "string" ? parseDuration(value) : null;
  return parsed?.ok ? parsed.value : null;
}

/** Null is what an option left out comes as. */
export function isSaid(value: Json | undefined): boolean {
  return value !== undefined && value !== null;
}
