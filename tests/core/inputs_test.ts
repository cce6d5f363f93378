import { deepEqual, equal, notEqual } from "node:assert/strict";
import fc from "fast-check";
import { emptyState } from "../../src/core/fold.ts";
import type { Head, Published, State } from "../../src/core/heads.ts";
import { compareInputs, digestInputs } from "../../src/core/inputs.ts";
import { type PartitionKey, WHOLE } from "../../src/core/key.ts";
import { asset, key, layout } from "../kit/definitions.ts";
import { published } from "../kit/heads.ts";

function stateOf(versions: Readonly<Record<string, string>>): State {
  const state = emptyState();
  const heads = new Map<PartitionKey, Head>();
  for (const [partition, version] of Object.entries(versions)) {
    heads.set(
      partition as PartitionKey,
      published("m", partition, { dataVersion: version as Published["dataVersion"] }),
    );
  }
  state.heads.set(key("m"), heads);
  return state;
}

function inputs(versions: Readonly<Record<string, string>>): string {
  const state = stateOf(versions);
  const keys = Object.keys(versions);
  const laid = layout([
    asset("m", { partitions: { type: "static", keys: keys.length > 0 ? keys : ["none"] } }),
    asset("n", { deps: ["m"] }),
  ], state);
  return digestInputs(laid, state, key("n"), WHOLE);
}

const versions = fc.dictionary(
  fc.stringMatching(/^[a-z0-9,;=%#.:-]{1,8}$/),
  fc.stringMatching(/^v[0-9]{1,3}$/),
  { maxKeys: 8, noNullPrototype: true },
);

Deno.test("inputs: two texts are equal exactly when the same partitions are there in the same versions", () => {
  fc.assert(fc.property(versions, versions, (a, b) => {
    const same = Object.keys(a).length === Object.keys(b).length &&
      Object.entries(a).every(([name, version]) => b[name] === version);
    const [before, after] = [inputs(a), inputs(b)];
    const order = (each: object) => JSON.stringify(Object.entries(each));
    if (order(a) === order(b)) equal(before, after);
    if (!same) notEqual(before, after);
    if (before === after) deepEqual(compareInputs(before, after), []);
  }));
});

Deno.test("inputs: what differs is told by partition: changed, added, removed", () => {
  const before = inputs({ "2023-01": "v1", "2023-02": "v1", "2023-03": "v1" });
  const after = inputs({ "2023-02": "v2", "2023-03": "v1", "2023-04": "v1" });
  deepEqual(compareInputs(before, after), [
    { asset: "m", kind: "changed", partitions: ["2023-02"] },
    { asset: "m", kind: "added", partitions: ["2023-04"] },
    { asset: "m", kind: "removed", partitions: ["2023-01"] },
  ]);
});

Deno.test("inputs: a thousand partitions are one digest, which still tells any change", () => {
  const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`p${index}`, "v1"]));
  const before = inputs(many);
  equal(before.length < 200, true);
  const after = inputs({ ...many, p500: "v2" });
  deepEqual(compareInputs(before, after), [{ asset: "m", kind: "changed", partitions: [] }]);
});
