/**
 * The digests of recorded reads, one way for those who record (the runner) and those who compare (the plan).
 * Values may be secrets, so all are salted.
 */
import type { Json } from "./json.ts";
import { secretDigest } from "./secret_digest.ts";

/** Of an environment variable; null where it is not set. */
export function envDigest(value: string | undefined, salt: string): string | null {
  return value === undefined ? null : secretDigest(value, salt);
}

/** Of a setting; null where it has no value. The order of an object's keys does not count. */
export function settingDigest(value: Json | undefined, salt: string): string | null {
  return value === undefined ? null : secretDigest(canonical(value), salt);
}

function canonical(value: Json): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const entries = Object.entries(value).sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(",")}}`;
}
