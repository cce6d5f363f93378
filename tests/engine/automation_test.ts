// What comes by itself, per asset: eager, cron, missing, manual; what stands on what is about to run waits for it, and
// one change runs nothing twice.

import { deepEqual, equal } from "node:assert/strict";
import type { StepKey } from "../../src/core/key.ts";
import { asset, NOW } from "../kit/definitions.ts";
import { World } from "../kit/world.ts";

const HOUR = 3_600_000;

/** What runs in one `up`; at a tick of these assets, where any is named. */
async function up(
  world: World,
  assets: Parameters<World["up"]>[0],
  ticked: readonly string[] = [],
): Promise<readonly string[]> {
  world.executed.length = 0;
  const due = new Map(
    ticked.map((name): [StepKey, string] => [name as StepKey, `asset:${name}@${world.now}`]),
  );
  await world.up(assets, undefined, { around: { due } });
  return world.executed.map((each) => each.replace("#1", ""));
}

const cron = { cron: "0 6 * * *", timezone: null };

Deno.test("each asset answers a change of what it stands on as its automation says", async () => {
  const world = new World();
  const of = (code: string) => [
    asset("a", { codeVersion: code }),
    asset("eager", { deps: ["a"] }),
    asset("later", { deps: ["a"], automation: "cron", schedule: cron }),
    asset("once", { deps: ["a"], automation: "missing" }),
    asset("asked", { deps: ["a"], automation: "manual" }),
    asset("below", { deps: ["later"] }),
  ];
  deepEqual(await up(world, of("1")), ["a", "eager", "once"]);
  deepEqual(await up(world, of("1"), ["later"]), ["later", "below"]);
  deepEqual(await up(world, of("2")), ["a", "eager"], "neither once nor later by a mere change");
  deepEqual(await up(world, of("2")), []);
  world.now += HOUR;
  deepEqual(await up(world, of("2"), ["later"]), ["later", "below"]);
});

Deno.test("at a tick what it stands on is brought up to date first, and it runs once", async () => {
  const world = new World();
  const of = (code: string) => [
    asset("a", { codeVersion: code }),
    asset("b", { deps: ["a"] }),
    asset("c", { deps: ["a", "b"], automation: "cron", schedule: cron }),
  ];
  await up(world, of("1"), ["c"]);
  world.now += HOUR;
  deepEqual(await up(world, of("2"), ["c"]), ["a", "b", "c"]);
  deepEqual(await up(world, of("2"), []), []);
});

Deno.test("what is late is refreshed first, and what follows runs once for both its inputs", async () => {
  const world = new World();
  const policy = { kind: "within", withinMs: HOUR, warnMs: null, refresh: null } as const;
  const assets = [
    asset("a", { freshness: policy }),
    asset("b", { freshness: policy }),
    asset("c", { deps: ["a", "b"] }),
  ];
  deepEqual(await up(world, assets), ["a", "b", "c"]);
  world.now = NOW + 2 * HOUR;
  deepEqual(await up(world, assets), ["a", "b", "c"]);
  deepEqual(await up(world, assets), []);
});

Deno.test("two at once run each step of a diamond once, the last after both", async () => {
  const world = new World();
  const of = (code: string) => [
    asset("a", { codeVersion: code }),
    asset("b", { deps: ["a"] }),
    asset("c", { deps: ["a"] }),
    asset("d", { deps: ["b", "c"] }),
  ];
  await world.up(of("1"));
  world.executed.length = 0;
  await Promise.all(["one", "other"].map((holder) => world.up(of("2"), undefined, { holder })));
  deepEqual(world.executed.toSorted(), ["a#1", "b#1", "c#1", "d#1"]);
  equal(world.executed.at(-1), "d#1");
});
