// `kill -9` at an instant, then `up`: what was finished is kept, nothing is torn, the rest is done, and the result is
// that of a run that nobody disturbed. The instants are named places in the program, each at its first, a middle or its
// last passing; `deno task soak` does the same at random instants, hundreds of times.

import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { differences, verify } from "../../build/soak/verify.ts";
import { bothWays, makeRig } from "../rig/program.ts";

// Two tables side by side, one that succeeds at its second attempt, one that stands on all of them.
const FILES = {
  "assets/one.sql": "select range as x, range % 7 as y from range(500)\n",
  "assets/two.sql": "select x, y * 3 as y from one\n",
  "assets/three.ts": `import { asset } from "nycflow";
export const three = asset({
  deps: ["one"],
  retry: { attempts: 3, delay: "1ms" },
  run: ({ run, db }) => {
    if (run.attempt === 1) throw new Error("not at the first attempt");
    return db.query("select x, y + 1 as y from one");
  },
});
`,
  "assets/four.sql": "select x, two.y + three.y as y from two join three using (x)\n",
};

/** Five attempts are made: three succeed at once, one fails and is made again. */
const INSTANTS = [
  "run-started",
  ...[1, 2, 3, 4, 5].map((nth) => `claimed#${nth}`),
  ...[1, 2, 3, 4, 5].map((nth) => `staged#${nth}`),
  ...[1, 2, 3, 4].map((nth) => `published#${nth}`),
  ...[1, 2, 3].map((nth) => `step-ended#${nth}`),
  "before-run-ended",
  "run-ended",
];

const FROM_SOURCE = ["claimed#4", "staged#1", "published#1", "run-ended"];

bothWays("kill -9 at any of twenty instants, then up: everything once", async (rig, t) => {
  assert.equal(INSTANTS.length, 20);
  rig.project(FILES);
  const undisturbed = await rig.run(["up", "--quiet"]);
  assert.equal(undisturbed.code, 0, undisturbed.stderr);
  const wanted = await verify(rig.folder);
  assert.deepEqual(wanted.wrong, []);
  assert.deepEqual(wanted.made, { one: 1, two: 1, three: 1, four: 1 });

  // From source each start takes four times as long, and the engine is the same: there one instant of each kind.
  const instants = rig.via === "binary" ? INSTANTS : FROM_SOURCE;
  for (const instant of instants) {
    await t.step(instant, async () => {
      await using other = makeRig({ via: rig.via, files: FILES });
      // Definitions are cached already: what is killed is the run.
      cpSync(rig.path(".nycflow/cache"), other.path(".nycflow/cache"), { recursive: true });
      const env = { NYCFLOW_TEST_CRASH: `${instant}:SIGKILL` };
      const killed = await other.run(["up", "--quiet"], { env });
      assert.equal(killed.code, 137, `it was to be killed\n${killed.stdout}${killed.stderr}`);
      const after = await verify(other.folder);
      assert.deepEqual(after.wrong, [], "nothing is torn");

      const again = await other.run(["up", "--quiet"]);
      assert.equal(again.code, 0, again.stderr);
      const found = await verify(other.folder);
      assert.deepEqual(found.wrong, []);
      assert.deepEqual(differences(found.contents, wanted.contents), []);
      assert.deepEqual(found.made, wanted.made, "what was finished is not made again");
      assert.deepEqual([found.claims, found.open], [0, 0], "nothing of the dead is left");
    });
  }
});
