import assert from "node:assert/strict";
import { cleanable, oldVersions } from "../../src/core/clean.ts";
import type { VersionChange } from "../../src/core/history.ts";
import type { PartitionKey, VersionId } from "../../src/core/key.ts";
import type { VersionRef } from "../../src/core/version.ts";
import { key } from "../kit/definitions.ts";

const HOUR = 3_600_000;

/** Published one after another, an hour apart; equal letters are equal content. */
function history(contents: string): readonly VersionChange[] {
  const versions = [...contents].map((content, at): VersionRef => ({
    asset: key("a"),
    partition: "" as PartitionKey,
    version: `v${at}` as VersionId,
    dataVersion: content as VersionId,
    output: "table",
    file: { path: `v${at}.parquet`, format: "parquet", bytes: 1 },
    rows: 1,
    schema: [],
    ordered: false,
    at: at * HOUR,
  }));
  return versions.map((after, at) => ({
    event: at + 1,
    at: at * HOUR,
    run: null,
    partition: after.partition,
    before: versions[at - 1] ?? null,
    after,
    source: null,
  }));
}

const ids = (found: readonly { readonly version: VersionRef }[]) =>
  found.map((each) => each.version.version);

Deno.test("clean: two contents before the current one stay, and of equal content the newest file", () => {
  const old = oldVersions(history("abbcdd"));
  assert.deepEqual(old.map((each) => [each.version.version, each.rank]), [
    ["v4", 0],
    ["v3", 1],
    ["v2", 2],
    ["v1", 0],
    ["v0", 3],
  ]);
  const policy = { versions: 2, ageMs: 0, graceMs: 0 };
  assert.deepEqual(ids(cleanable(old, policy, 100 * HOUR, null)), ["v4", "v1", "v0"]);
});

Deno.test("clean: age, grace and readers hold back", () => {
  const old = oldVersions(history("abcde"));
  const policy = { versions: 0, ageMs: 0, graceMs: 0 };
  const now = 5 * HOUR;
  assert.deepEqual(ids(cleanable(old, policy, now, null)), ["v3", "v2", "v1", "v0"]);
  assert.deepEqual(ids(cleanable(old, { ...policy, ageMs: 3 * HOUR }, now, null)), ["v1", "v0"]);
  assert.deepEqual(ids(cleanable(old, { ...policy, graceMs: 2.5 * HOUR }, now, null)), [
    "v1",
    "v0",
  ]);
  // Whoever reads since event 3 sees v2, which event 4 replaced; what was replaced by 3 it never saw.
  assert.deepEqual(ids(cleanable(old, policy, now, 3)), ["v1", "v0"]);
  assert.deepEqual(cleanable(old, policy, now, 0), []);
});
