/** The shortcut never says "up to date" where the reasons would not, and says it where nothing differs. */
import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import type { Dependency } from "../../src/core/definition.ts";
import { emptyState } from "../../src/core/fold.ts";
import type { Head, State } from "../../src/core/heads.ts";
import { digestInputs } from "../../src/core/inputs.ts";
import { type PartitionKey, stepKey, type VersionId } from "../../src/core/key.ts";
import { plan, scopeOf } from "../../src/core/plan.ts";
import { evaluate } from "../../src/core/reasons.ts";
import { settledOf } from "../../src/core/settled.ts";
import { around, asset, key, layout, months } from "../kit/definitions.ts";
import { failure, published } from "../kit/heads.ts";

const YEAR = months("2023-01", "2023-07");
const READ = { kind: "env" as const, name: "URL", digest: "old" };

/** What may differ from an untroubled world, a flaw each. */
const flaws = fc.subarray(
  ["code", "checks", "read", "inputs", "failure", "missing", "requested", "due", "upstream"],
  { maxLength: 3 },
);
const reading = fc.constantFrom<Partial<Dependency>>(
  {},
  { lookback: 1 },
  { lookahead: 1 },
  { mapping: { type: "all" } },
  { mapping: { type: "latest" } },
);

function world(dep: Partial<Dependency>) {
  const laid = layout([
    asset("up", { partitions: YEAR }),
    asset("plain"),
    asset("down", { partitions: YEAR, deps: [{ ...dep, asset: key("up") }, "plain"] }),
  ]);
  const state = emptyState();
  const put = (name: string, partition: PartitionKey, parts: Parameters<typeof published>[2]) => {
    const inputs = digestInputs(laid, state, key(name), partition);
    const heads = state.heads.get(key(name)) ?? new Map<PartitionKey, Head>();
    heads.set(partition, published(name, partition, { inputs, ...parts }));
    state.heads.set(key(name), heads);
  };
  for (const name of ["up", "plain", "down"]) {
    for (const partition of laid.keys(key(name))) {
      put(name, partition, { dataVersion: `${name} ${partition}` as VersionId, reads: [READ] });
    }
  }
  return { laid, state };
}

function change(state: State, partition: PartitionKey, found: readonly string[]): void {
  const heads = state.heads.get(key("down"))!;
  const own = heads.get(partition)!;
  const has = (word: string) => found.includes(word);
  heads.set(partition, {
    ...own,
    failure: has("failure") ? failure("down") : null,
    published: has("missing") ? null : {
      ...own.published!,
      ...(has("code") ? { code: "other" } : {}),
      ...(has("checks") ? { checksVersion: "other" } : {}),
      ...(has("read") ? { reads: [{ ...READ, digest: "another" }] } : {}),
      ...(has("inputs") ? { inputs: "up:2023-01=elsewhere" } : {}),
    },
  });
  if (has("upstream")) {
    const ups = state.heads.get(key("up"))!;
    const up = ups.get(partition)!;
    ups.set(partition, {
      ...up,
      published: { ...up.published!, dataVersion: "newer" as VersionId },
    });
  }
}

Deno.test("where the shortcut says up to date, no reason would be found", () => {
  fc.assert(fc.property(reading, flaws, fc.nat(5), (dep, found, at) => {
    const { laid, state } = world(dep);
    const down = key("down");
    const partition = laid.keys(down)[at]!;
    change(state, partition, found);
    const named = new Map([[stepKey(down, partition), "asked for"]]);
    const given = around({
      currentRead: () => "old",
      ...(found.includes("requested") ? { requested: named } : {}),
      ...(found.includes("due") ? { due: new Map([[stepKey(down, partition), "s@1"]]) } : {}),
    });
    const settled = settledOf(laid, state, down, given);
    ok(settled !== null);
    for (const each of laid.keys(down)) {
      const fresh = evaluate(laid, state, down, each, given).reasons.length === 0;
      const told = settled(each, state.heads.get(down)?.get(each));
      ok(!told || fresh, `${each}: ${found}`);
      // Elsewhere than at the flaw it must not give up either.
      if (fresh && each !== partition) ok(told, `${each}: ${found}`);
    }
  }));
});

Deno.test("a plan counts what is settled, and what follows from what is not", () => {
  const { laid, state } = world({});
  change(state, "2023-03" as PartitionKey, ["code"]);
  const given = around({ currentRead: () => "old" });
  const { steps, fresh } = plan(laid, state, scopeOf(laid.graph.keys), given);
  deepEqual([steps.map((each) => each.key), fresh], [["down[2023-03]"], 12]);
  const ups = state.heads.get(key("up"))!;
  ups.set("2023-05" as PartitionKey, {
    ...ups.get("2023-05" as PartitionKey)!,
    failure: failure("up", { at: 0 }),
  });
  const next = plan(laid, state, scopeOf(laid.graph.keys), given);
  deepEqual(next.steps.map((each) => [each.key, each.certain, each.after]), [
    ["up[2023-05]", true, []],
    ["down[2023-03]", true, []],
    ["down[2023-05]", false, ["up[2023-05]"]],
  ]);
});

Deno.test("what other rules decide is left to them", () => {
  const { laid, state } = world({});
  const odd = layout([
    asset("fresh", { freshness: { kind: "within", withinMs: 1, warnMs: null, refresh: null } }),
    asset("keys", { partitions: { type: "dynamic" } }),
    asset("source", { kind: "source" }),
    asset("one", { together: [key("one"), key("two")] }),
    asset("two", { together: [key("one"), key("two")] }),
  ]);
  for (const name of odd.graph.keys) equal(settledOf(odd, state, name, around()), null, name);
  ok(settledOf(laid, state, key("plain"), around()) !== null);
});
