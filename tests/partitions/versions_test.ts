// Versions with the real program: looked back at, compared, rolled back, cleaned under a reader.

import assert from "node:assert/strict";
import { readdirSync, readlinkSync } from "node:fs";
import process from "node:process";
import { eitherWay, makeRig, type Rig } from "../rig/program.ts";
import { ok, rows } from "./projects.ts";

const config = (k: number, more = "") => ({
  "nycflow.config.ts":
    `import { defineConfig } from "nycflow";\nexport default defineConfig({ name: "p", timezone: "UTC", settings: { k: ${k} }, ${more} });\n`,
});

const PROJECT = {
  "assets/a.sql": `/* @asset
checks: [{ unique: [id] }]
export: [exports/a.csv]
*/
select range as id, case when range = 3 then $config.k * 100 else range end as v
from range((10 + $config.k)::bigint)
`,
  "assets/b.sql": `/* @asset
chart: { type: number, y: n }
*/
select count(*) as n, sum(v) as s from a
`,
  "assets/m.sql": `/* @asset
partitions: { monthly: { start: 2023-01, end: 2023-04 } }
*/
select $partition_key as month, case when $partition_key = '2023-02' then $config.k else 0 end as v
`,
};

async function project(versions: number, more = ""): Promise<Rig> {
  const rig = makeRig({ via: eitherWay(), files: { ...PROJECT, ...config(1, more) } });
  for (let k = 1; k <= versions; k++) {
    rig.project(config(k, more));
    await ok(rig, ["up", "--quiet"]);
  }
  return rig;
}

const files = (rig: Rig, asset: string) =>
  readdirSync(rig.path(".nycflow/lake", asset, "_")).length;

Deno.test("versions: AT reads an asset as it was, by changes back, id and time", async () => {
  await using rig = await project(3);
  // A rebuild with the same content is no change.
  await ok(rig, ["run", "a", "--quiet"]);
  const counts = await rows(
    rig,
    `select (select count(*) from a) as now, (select count(*) from a AT (VERSION => -1)) as one,
       (select count(*) from a t at (version => -2) where t.id >= 0) as two,
       (select sum(v) from m at (version => -1)) as m,
       (select count(*) from a at (timestamp => now())) as today`,
  );
  assert.deepEqual(counts, [{ now: 13, one: 12, two: 11, m: "2", today: 13 }]);
  const joined = await rows(
    rig,
    "select a.id, a.v as new, old.v as old from a join a as old at (version => -1) using (id) where id = 3",
  );
  assert.deepEqual(joined, [{ id: 3, new: 300, old: 200 }]);
  // A chart is drawn of the version that it is asked for, and says what that one changed.
  const charted = await rig.json(["chart", "b", "--at", "-1", "--json"]) as {
    at: string;
    charts: { rows: { rows: number[][] }; before: number | null }[];
  };
  assert.deepEqual([charted.at, charted.charts[0]?.rows.rows[0]?.[0], charted.charts[0]?.before], [
    "-1",
    12,
    11,
  ]);
  const none = await rig.run(["chart", "b", "--at", "-9"]);
  assert.equal(none.code, 1);
  assert.match(none.stderr, /Cannot read version -9 of b\n +why: it has 3 versions/);
  const { version } = await rig.json(["show", "a", "--json"]) as { version: string };
  assert.deepEqual(
    await rows(rig, `select count(*) as n from a at (version => '${version}')`),
    [{ n: 13 }],
  );
  const far = await ok(rig, ["sql", "from a at (version => -9)"], {}, 1);
  assert.match(far.stderr, /Cannot read version -9 of a[^]*it has 4 versions/);
  const early = await ok(rig, ["sql", "from a at (timestamp => '1999-01-01')"], {}, 1);
  assert.match(early.stderr, /the log knows it since/);
});

Deno.test("versions: diff tells rows added, removed and changed, by key", async () => {
  await using rig = await project(2);
  const found = await rig.json(["diff", "a", "--json"]) as Record<string, unknown>;
  const { added, removed, changed, key, keyBy } = found;
  assert.deepEqual({ added, removed, changed, key, keyBy }, {
    added: 1,
    removed: 0,
    changed: 1,
    key: ["id"],
    keyBy: "declared",
  });
  assert.deepEqual((found["columns"] as Record<string, unknown>)["changed"], { v: 1 });
  const months = await rig.json(["diff", "m", "--json"]) as Record<string, unknown>;
  assert.deepEqual(months["partitions"], ["2023-02"]);
  const text = (await ok(rig, ["diff", "a"])).stdout;
  assert.match(text, /\+1 added {2}-0 removed {2}~1 changed {2}by id/);
  assert.match(text, /3 {2}100 → 200/);
  assert.match((await ok(rig, ["diff", "a", "-n", "7"], {}, 2)).stderr, /has changed 2 times/);
});

Deno.test("versions: rollback pins, what follows follows, unpin lets go", async () => {
  await using rig = await project(3);
  await ok(rig, ["rollback", "a", "-n", "2"]);
  assert.deepEqual(await rows(rig, "select count(*) as n from a"), [{ n: 11 }]);
  // The file for people shows it at once.
  assert.equal(rig.read("exports/a.csv").trim().split("\n").length, 12);
  await ok(rig, ["up", "--quiet"]);
  assert.deepEqual(await rows(rig, "select n from b"), [{ n: 11 }]);
  assert.match((await ok(rig, ["ls", "is:pinned"])).stdout, /^a /m);
  await ok(rig, ["unpin", "a"]);
  await ok(rig, ["up", "--quiet"]);
  assert.deepEqual(await rows(rig, "select n from b"), [{ n: 13 }]);
  // Of a partitioned asset what its last change replaced, and no more.
  const done = await rig.json(["rollback", "m", "--json"]) as { pinned: { partition: string }[] };
  assert.deepEqual(done.pinned.map((each) => each.partition), ["2023-02"]);
  assert.deepEqual(await rows(rig, "select sum(v)::int as v from m"), [{ v: 2 }]);
  assert.match((await ok(rig, ["unpin", "b"], {}, 2)).stderr, /nothing of it is pinned/);
});

Deno.test("versions: wipe forgets, mark reports as done", async () => {
  await using rig = await project(1);
  const asked = await ok(rig, ["wipe", "m", "-p", "2023-02"], {}, 2);
  assert.match(asked.stderr, /Cannot ask: forget 1 partition of m \(2023-02\), 1 row\?[^]*--yes/);
  await ok(rig, ["wipe", "m", "-p", "2023-02", "--yes"]);
  assert.deepEqual(await rows(rig, "select count(*) as n from m"), [{ n: 2 }]);
  assert.match((await ok(rig, ["plan"])).stdout, /\+ m {2}2023-02 {2}never materialized/);
  rig.project(config(5));
  assert.match((await ok(rig, ["plan", "a"])).stdout, /~ a {2}setting k changed/);
  await ok(rig, ["mark", "a"]);
  assert.match((await ok(rig, ["plan", "a"])).stdout, /nothing to do/);
});

Deno.test("clean: all but two older versions go, and what is kept can be gone back to", async () => {
  await using rig = await project(6);
  assert.equal(files(rig, "a"), 6);
  const dry = await ok(rig, ["clean", "--dry-run"]);
  assert.match(dry.stdout, /would remove/);
  assert.equal(files(rig, "a"), 6);
  await ok(rig, ["clean"]);
  assert.equal(files(rig, "a"), 3);
  assert.deepEqual(
    await rows(rig, "select count(*) as n from a at (version => -2)"),
    [{ n: 14 }],
  );
  const gone = await ok(rig, ["sql", "from a at (version => -3)"], {}, 1);
  assert.match(gone.stderr, /its file has been cleaned away/);
  assert.match((await ok(rig, ["rollback", "a", "-n", "4"], {}, 1)).stderr, /cleaned away/);
  await ok(rig, ["rollback", "a", "-n", "2"]);
  await ok(rig, ["clean", "--keep", "0"]);
  assert.equal(files(rig, "a"), 1);
  assert.deepEqual(await rows(rig, "select count(*) as n from a"), [{ n: 14 }]);
});

Deno.test("clean: what the project keeps is kept, and the status says how much there is of the budget", async () => {
  await using rig = await project(4, 'warehouse: { keep: { versions: 9 }, budget: "1MB" }');
  await ok(rig, ["clean"]);
  assert.equal(files(rig, "a"), 4);
  assert.match((await ok(rig, [])).stdout, /disk .* in current versions, .* with older ones, of 1/);
});

Deno.test({
  name: "clean: a reader through ten rebuilds and a cleaning gets its whole, right answer",
  ignore: process.platform !== "linux",
  fn: slowReader,
});

/** What a process has open. */
function openFiles(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).flatMap((each) => {
      try {
        return [readlinkSync(`${folder}/${each}`)];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

async function slowReader(): Promise<void> {
  await using rig = makeRig({
    via: eitherWay(),
    files: {
      ...config(0),
      "assets/big.sql": "select range as id, hash(range + $config.k) as h from range(2000000)\n",
    },
  });
  await ok(rig, ["up", "--quiet"]);
  const query = "select count(*) as n, sum(h)::varchar as s from big";
  const [before] = await rows(rig, query);
  // Reads the same table many times over; it says by its lock that it has begun.
  const slow = rig.start([
    "sql",
    "--json",
    `select max(n) as n, max(s) as s from (${
      Array.from({ length: 40 }, (_, at) => `select ${at} as at, * from (${query})`).join(
        " union all ",
      )
    })`,
  ]);
  slow.end("");
  // Stopped in the middle of it: the other scans are still to come.
  const opened = () => openFiles(slow.pid).some((each) => each.includes(".nycflow/lake/big/"));
  while (!opened()) await new Promise((resolve) => setTimeout(resolve, 1));
  process.kill(slow.pid, "SIGSTOP");
  for (let k = 1; k <= 10; k++) {
    rig.project(config(k));
    await ok(rig, ["up", "--quiet"]);
  }
  assert.match((await ok(rig, ["clean", "--keep", "0"])).stdout, /kept, since somebody reads/);
  assert.ok(files(rig, "big") > 1);
  process.kill(slow.pid, "SIGCONT");
  const ended = await slow.ended;
  assert.equal(ended.code, 0, ended.stderr);
  assert.deepEqual(JSON.parse(ended.stdout), [before]);
  await ok(rig, ["clean", "--keep", "0"]);
  assert.equal(files(rig, "big"), 1);
}
