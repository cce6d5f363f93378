/** The process ends at each named place, in each way: the next command goes on from there, and all comes out the same. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { eitherWay, makeRig } from "../rig/program.ts";
import { contentsOf } from "./contents.ts";
import { assertSound, timesMade } from "./sound.ts";

const FILES = {
  "assets/a.sql": "select range as n, range * 2 as m from range(100)",
  "assets/b.sql":
    "/* @asset\nchecks:\n  - rows: { min: 10 }\n*/\nselect n, sum(m) as m from a group by n",
  "assets/c.sql": "select count(*) as n from b",
  "assets/d.sql": "select max(n) as n from a",
};
const DEPS = { b: ["a"], c: ["b"], d: ["a"] };
const POINTS = [
  "run-started",
  "claimed",
  "staged",
  "published",
  "published#2",
  "step-ended",
  "before-run-ended",
  "run-ended",
];
const CODES = { throw: 70, SIGTERM: 143, SIGKILL: 137 } as const;

Deno.test("crash: at every point, in every way, the next `up` goes on from there", async (t) => {
  await using calm = makeRig({ via: eitherWay(), files: FILES });
  equal((await calm.run(["up", "--quiet"])).code, 0);
  const expected = await contentsOf(calm.folder, (await assertSound(calm.folder)).state);
  equal(Object.keys(expected).length, 4);
  for (const point of POINTS) {
    for (const how of Object.keys(CODES) as (keyof typeof CODES)[]) {
      // Every point by the hardest end; the softer ones at those where something is half done.
      if (how !== "SIGKILL" && !["claimed", "staged", "published"].includes(point)) continue;
      await t.step(`${point}: ${how}`, async () => {
        await using rig = makeRig({ via: eitherWay(), files: FILES });
        const crashed = await rig.run(["up", "--quiet"], {
          env: { NYCFLOW_TEST_CRASH: `${point}:${how}` },
        });
        const ended = crashed.signal === null ? crashed.code : crashed.signal;
        ok(ended === CODES[how] || ended === how, `${ended}\n${crashed.stderr}`);
        await assertSound(rig.folder, { deps: DEPS });
        const next = await rig.run(["up", "--quiet"]);
        equal(next.code, 0, next.stderr);
        const { state, events } = await assertSound(rig.folder, {
          settled: true,
          swept: true,
          deps: DEPS,
        });
        deepEqual(timesMade(events), { a: 1, b: 1, c: 1, d: 1 }, "each is published once");
        deepEqual(await contentsOf(rig.folder, state), expected);
        const open = events.filter(({ event }) =>
          event.kind === "run-ended" && event.outcome === "interrupted"
        );
        equal(open.length, how === "SIGTERM" || point === "run-ended" ? 0 : 1);
      });
    }
  }
});
