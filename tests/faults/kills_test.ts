/** A run that is killed again and again comes to its end: nothing torn, nothing twice, no slot leaked, no orphan. */
import { deepEqual, equal } from "node:assert/strict";
import { eitherWay, makeRig } from "../rig/program.ts";
import { contentsOf } from "./contents.ts";
import { killAndGoOn, killedFiles } from "./kills.ts";
import { assertSound, timesMade } from "./sound.ts";

Deno.test("kills: eight in a row, and everything is made once and is as it would have been", async () => {
  const files = killedFiles(16);
  await using calm = makeRig({ via: eitherWay(), files });
  equal((await calm.run(["up", "--quiet"])).code, 0);
  const expected = await contentsOf(calm.folder, (await assertSound(calm.folder)).state);
  await using rig = makeRig({ via: eitherWay(), files });
  const { state, events } = await killAndGoOn(rig, { assets: 16, kills: 8, seed: 7 });
  deepEqual(await contentsOf(rig.folder, state), expected);
  deepEqual([...new Set(Object.values(timesMade(events)))], [1]);
});
