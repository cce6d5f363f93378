/** Files cut short: a clear word, nothing lost that is whole, and a store made anew from the lake, conservatively. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rebuildStore } from "../../src/app/rebuild_store.ts";
import { realHost } from "../../src/app/host.ts";
import { Session } from "../../src/app/session.ts";
import { eitherWay, makeRig } from "../rig/program.ts";
import { contentsOf } from "./contents.ts";
import { assertSound } from "./sound.ts";

const FILES = {
  "assets/a.sql": "select range as n from range(5000)",
  "assets/b.sql": "/* @asset\nchecks:\n  - rows: { min: 10 }\n*/\nselect n % 100 as n from a",
  "assets/c.sql": "select count(*) as n from b",
};

function lakeOf(folder: string, asset: string): string[] {
  const path = join(folder, ".nycflow", "lake", asset, "_");
  return readdirSync(path).sort().map((name) => join(path, name));
}

Deno.test("torn: a store cut to half is told as such; the lake makes it anew, without what is not vouched for", async () => {
  await using rig = makeRig({ via: eitherWay(), files: FILES });
  equal((await rig.run(["up", "--quiet"])).code, 0);
  const before = await contentsOf(rig.folder, (await assertSound(rig.folder)).state);
  const lake = readdirSync(rig.path(".nycflow", "lake"), { recursive: true }).length;

  const [whole] = lakeOf(rig.folder, "a");
  ok(whole !== undefined);
  // Newer by their names: one cut short, one that no check lets pass.
  writeFileSync(
    join(whole, "../zzzzzzzzzzzzzzzzzzzzzzzzzz.parquet"),
    readFileSync(whole).subarray(0, 900),
  );
  const store = rig.path(".nycflow", "state.db");
  truncateSync(store, Math.floor(statSync(store).size / 2));

  const said = await rig.run(["ls"]);
  equal(said.code, 3, said.stdout);
  match(said.stderr, /Cannot read the state store/);
  match(said.stderr, /doctor --rebuild/);
  equal(readdirSync(rig.path(".nycflow", "lake"), { recursive: true }).length, lake + 1);

  await using session = new Session(realHost(["doctor", "--rebuild"]), rig.folder, true);
  const rebuilt = await rebuildStore(session);
  deepEqual([rebuilt.published, rebuilt.refused, rebuilt.unknown.length], [3, [], 1]);
  match(rebuilt.kept ?? "", /^\.nycflow\/state\.db\.lost-/);
  await session[Symbol.asyncDispose]();
  const { state } = await assertSound(rig.folder);
  deepEqual(await contentsOf(rig.folder, state), before);
  const plan = await rig.json(["plan", "--json"]) as { steps: { asset: string }[] };
  deepEqual(plan.steps, [], "what is known from the footers is not made once more");
});

Deno.test("torn: what fails its blocking checks does not become visible by a rebuild", async () => {
  await using rig = makeRig({ via: eitherWay(), files: FILES });
  equal((await rig.run(["up", "--quiet"])).code, 0);
  rig.project({ "assets/b.sql": FILES["assets/b.sql"].replace("min: 10", "min: 9999") });
  await using session = new Session(realHost(["doctor", "--rebuild"]), rig.folder, true);
  const rebuilt = await rebuildStore(session);
  deepEqual(rebuilt.refused.map((path) => path.split("/")[2]), ["b"]);
  equal(rebuilt.published, 2);
  await session[Symbol.asyncDispose]();
  const { state } = await assertSound(rig.folder);
  equal(state.heads.get("b" as never), undefined);
});

Deno.test("torn: a published file that was cut short is said, and made anew when it is asked for", async () => {
  await using rig = makeRig({ via: eitherWay(), files: FILES });
  equal((await rig.run(["up", "--quiet"])).code, 0);
  const [file] = lakeOf(rig.folder, "b");
  ok(file !== undefined);
  truncateSync(file, 200);
  const read = await rig.run(["sql", "select count(*) from b"]);
  equal(read.code, 1, read.stderr);
  match(read.stderr, /cut short|damaged|no Parquet/i);
  const again = await rig.run(["run", "b", "--quiet"]);
  equal(again.code, 0, again.stderr);
  await assertSound(rig.folder);
});

Deno.test("torn: files that vanish under a step end it as failed, never as one with fewer rows", async () => {
  await using rig = makeRig({
    via: eitherWay(),
    files: {
      "assets/p.sql": `/* @asset
partitions: { static: [${Array.from({ length: 8 }, (_, at) => `k${at}`).join(", ")}] }
*/
select range as n, hash(range) as h from range(1000)`,
    },
  });
  equal((await rig.run(["up", "--quiet"])).code, 0);
  rig.project({
    "assets/sum.ts": `import { asset } from "nycflow";
import { readdirSync, rmSync } from "node:fs";
export const sum = asset({ deps: ["p"], run: async ({ upstream }) => {
  for (const key of readdirSync(".nycflow/lake/p").slice(4)) rmSync(".nycflow/lake/p/" + key, { recursive: true });
  return [{ rows: (await upstream.p.rows()).length }];
} });`,
  });
  const { code, stderr } = await rig.run(["run", "sum", "--only"]);
  equal(code, 1, stderr);
  match(stderr, /is gone|there is no file/);
  equal((await rig.run(["sql", "from sum"])).code, 1, "nothing was published");
});
