// Environments with the real program: beside production, over its versions, promoted into it.

import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { eitherWay, makeRig, type Rig } from "../rig/program.ts";
import { ok, rows } from "./projects.ts";

const FILES = {
  "nycflow.config.ts":
    'import { defineConfig } from "nycflow";\nexport default defineConfig({ name: "p", timezone: "UTC", warehouse: { mirror: "w.duckdb" } });\n',
  "assets/base.sql": "select range as id from range(50000)\n",
  "assets/a.sql": `/* @asset
export: [exports/a.csv]
*/
select id, id * 2 as v from base where id < 10
`,
  "assets/b.sql": "select count(*) as n, sum(v) as s from a\n",
  "assets/m.sql": `/* @asset
partitions: { monthly: { start: 2023-01, end: 2023-04 } }
*/
select $partition_key as month
`,
};
const EDITED = "select id, id * 3 as v from base where id < 12\n";

async function project(): Promise<Rig> {
  const rig = makeRig({ via: eitherWay(), files: FILES });
  await ok(rig, ["up", "--quiet"]);
  return rig;
}

const dev = ["--env", "dev"];

function bytesOf(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((each) => each.isFile())
    .reduce((sum, each) => sum + statSync(join(each.parentPath, each.name)).size, 0);
}

Deno.test("env: builds what was edited and what follows, and production stays as it is", async () => {
  await using rig = await project();
  const lake = bytesOf(rig.path(".nycflow/lake"));
  const csv = rig.read("exports/a.csv");
  rig.project({ "assets/a.sql": EDITED });
  const made = await ok(rig, [...dev, "up"]);
  assert.match(made.stderr, /✓ a .*\n✓ b .*\n[^]*2 succeeded/);
  assert.deepEqual(
    await rows(rig, "from b"),
    [{ n: 10, s: "90" }].map((each) => ({ ...each, s: 90 })),
  );
  assert.deepEqual(await rows(rig, "from b", dev), [{ n: 12, s: 198 }]);
  // What it has not built it reads from production, and pays no disk for.
  assert.deepEqual(await rows(rig, "select count(*) as n from base", dev), [{ n: 50000 }]);
  assert.equal(bytesOf(rig.path(".nycflow/lake")), lake);
  assert.deepEqual(readdirSync(rig.path(".nycflow/env/dev/lake")).sort(), ["a", "b"]);
  assert.ok(bytesOf(rig.path(".nycflow/env/dev/lake")) < lake / 2);
  // Files for people and the mirror are its own too.
  assert.equal(rig.read("exports/a.csv"), csv);
  assert.match((await ok(rig, [...dev, "plan"])).stdout, /nothing to do/);
  const runs = await rows(rig, "select count(*) as n from nycflow.runs");
  assert.deepEqual(runs, [{ n: 1 }]);
});

Deno.test("env: diff, promote and follow production again", async () => {
  await using rig = await project();
  rig.project({ "assets/a.sql": EDITED });
  await ok(rig, ["up", "--quiet"], { NYCFLOW_ENV: "dev" });
  const all = await rig.json(["diff", ...dev, "--json"]) as { versions: Record<string, unknown>[] };
  assert.deepEqual(all.versions, [
    { asset: "a", partition: null, production: 10, own: 12, same: false },
    { asset: "b", partition: null, production: 1, own: 1, same: false },
  ]);
  const a = await rig.json(["diff", "a", ...dev, "--json"]) as Record<string, unknown>;
  assert.deepEqual([a["added"], a["removed"], a["changed"]], [2, 0, 9]);
  const before = bytesOf(rig.path(".nycflow/lake")) + bytesOf(rig.path(".nycflow/env/dev/lake"));
  assert.match((await ok(rig, ["promote", "dev"])).stdout, /promoted 2 versions from dev/);
  assert.deepEqual(await rows(rig, "select n from b"), [{ n: 12 }]);
  assert.match((await ok(rig, ["plan"])).stdout, /nothing to do/);
  assert.match((await ok(rig, ["promote", "dev"])).stdout, /nothing to promote/);
  assert.match((await ok(rig, ["diff", ...dev])).stdout, /no version of its own/);
  // Production keeps its files when the environment is gone.
  await ok(rig, ["env", "rm", "dev", "--yes"]);
  assert.ok(!existsSync(rig.path(".nycflow/env/dev")));
  assert.deepEqual(await rows(rig, "select n from b"), [{ n: 12 }]);
  assert.ok(bytesOf(rig.path(".nycflow/lake")) <= before);
  // The promoted version is one like any other.
  await ok(rig, ["rollback", "a"]);
  assert.deepEqual(await rows(rig, "select count(*) as n from a"), [{ n: 10 }]);
});

Deno.test("env: promote is refused where production moved meanwhile, and says what", async () => {
  await using rig = await project();
  rig.project({ "assets/a.sql": EDITED });
  await ok(rig, [...dev, "up", "--quiet"]);
  await ok(rig, ["run", "a", "--quiet"]);
  const moved = await ok(rig, ["promote", "dev"], {}, 2);
  assert.match(
    moved.stderr,
    /production has moved meanwhile\n +why: a has been materialized in production since/,
  );

  rig.project({ "assets/base.sql": "select range as id from range(4)\n" });
  await ok(rig, ["run", "base", "--only", "--quiet"]);
  const upstream = await ok(rig, ["promote", "dev", "b"], {}, 2);
  assert.match(upstream.stderr, /production has moved/);
  await ok(rig, [...dev, "run", "a", "b", "--quiet"]);
  await ok(rig, ["promote", "dev"]);
  assert.deepEqual(await rows(rig, "select n from b"), [{ n: 4 }]);
});

Deno.test("env: partitions follow production until it has its own; failures are its own", async () => {
  await using rig = await project();
  await ok(rig, [...dev, "run", "m", "-p", "2023-02", "--quiet"]);
  const list = await rig.json(["env", "ls", "--json"]) as {
    environments: { name: string; own: number }[];
  };
  assert.deepEqual(list.environments.map(({ name, own }) => [name, own]), [["prod", 6], [
    "dev",
    1,
  ]]);
  rig.project({ "assets/b.sql": "select error('no') as n from a\n" });
  await ok(rig, [...dev, "up", "--quiet"], {}, 1);
  assert.match((await ok(rig, [...dev, "ls", "b"])).stdout, /failed/);
  assert.match((await ok(rig, ["ls", "b"])).stdout, /stale/);
  // It shows production's rows meanwhile.
  assert.deepEqual(await rows(rig, "select n from b", dev), [{ n: 10 }]);
});

Deno.test("env: bad names and ones that do not exist are told", async () => {
  await using rig = await project();
  await ok(rig, [...dev, "up", "--quiet"]);
  const typo = await ok(rig, ["--env", "dve", "ls"], {}, 2);
  assert.match(typo.stderr, /no|Cannot find an environment called dve[^]*--env dev/);
  assert.match((await ok(rig, ["promote", "dve"], {}, 2)).stderr, /called dve/);
  assert.match((await ok(rig, ["env", "rm", "prod", "--yes"], {}, 2)).stderr, /dve|prod/);
  assert.match((await ok(rig, ["--env", "../x", "up"], {}, 2)).stderr, /as the name of an env/);
  assert.ok(!existsSync(rig.path(".nycflow/env/dve")));
});
