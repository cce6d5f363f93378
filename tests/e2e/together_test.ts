// Two `up`s at once: between them they make everything, and everything once.

import assert from "node:assert/strict";
import { verify } from "../../build/soak/verify.ts";
import { killedProject } from "../../build/soak/project.ts";
import { bothWays } from "../rig/program.ts";
import { makePuppets } from "../rig/puppets.ts";

bothWays("two ups at once: everything once", async (rig) => {
  rig.project(killedProject(10, 3));
  const both = await Promise.all([rig.run(["up", "--quiet"]), rig.run(["up", "--quiet"])]);
  for (const { code, stderr } of both) assert.equal(code, 0, stderr);
  const { wrong, made, claims, open } = await verify(rig.folder);
  assert.deepEqual(wrong, []);
  assert.deepEqual(Object.values(made), Array.from({ length: 10 }, () => 1));
  assert.deepEqual([claims, open], [0, 0]);
});

bothWays("an up beside one that works leaves its work to it", async (rig) => {
  await using puppets = await makePuppets();
  rig.project({ "assets/held.ts": puppets.asset("held"), "assets/free.sql": "select 1 as x\n" });
  const first = rig.start(["up", "--quiet"]);
  const held = await puppets.started("held");
  const second = rig.start(["up", "--quiet"]);
  held.end([{ x: 1 }]);
  for (const { ended } of [first, second]) {
    const { code, stderr } = await ended;
    assert.equal(code, 0, stderr);
  }
  assert.deepEqual(puppets.waiting, [], "nobody began it a second time");
  const { wrong, made } = await verify(rig.folder);
  assert.deepEqual(wrong, []);
  assert.deepEqual(made, { held: 1, free: 1 });
});
