/** `graph`, `runs`, `logs`, `export`, `doctor` and `types` in the real program, from source and compiled. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { bothWays, oneWay, type Rig } from "../rig/program.ts";

const FILES = {
  "assets/tables/trips.sql": [
    "/* @asset",
    "description: All trips",
    "checks: [{ not_null: [n] }]",
    "*/",
    "select i as n, (i * 1.5)::decimal(18,2) as fare from range(5) r(i)",
  ].join("\n"),
  "assets/reports/total.sql": "select sum(n) as total from trips",
  "assets/reports/talk.ts": `import { asset } from "nycflow";
export const talk = asset({
  deps: ["trips"],
  retry: { attempts: 2, delay: "1ms" },
  run: ({ log, db, run }) => {
    console.log("hello from try", run.attempt);
    log.warn("careful");
    if (run.attempt === 1) throw new Error("no luck");
    return db.sql\`select 1 as x from trips\`;
  },
});
`,
};

async function up(rig: Rig): Promise<void> {
  const ended = await rig.run(["up", "--quiet"]);
  equal(ended.code, 0, ended.stderr);
}

async function ran(rig: Rig, ...args: string[]) {
  const ended = await rig.run(args);
  equal(ended.code, 0, `${args.join(" ")}\n${ended.stdout}\n${ended.stderr}`);
  return ended;
}

oneWay("graph draws states and lines, folds groups, writes Mermaid and JSON", async (rig) => {
  const drawn = await ran(rig, "graph");
  match(drawn.stdout, /· trips ─┬─▸ · talk\n +╰─▸ · total\n/);
  match((await ran(rig, "graph", "--fold")).stdout, /· trips ──▸ · reports\/ 2/);
  match((await ran(rig, "graph", "--format", "mermaid")).stdout, /^flowchart LR\n[\s\S]* --> /);
  match((await ran(rig, "graph", "--format", "dot")).stdout, /"trips" -> "total";/);
  const { edges } = await rig.json(["graph", "+total", "--json"]) as { edges: unknown[] };
  deepEqual(edges, [{ from: "trips", to: "total" }]);
  equal((await rig.run(["graph", "nosuch"])).code, 2);
}, { files: FILES });

oneWay("runs and logs: the last run, the last try, an earlier one, what matches", async (rig) => {
  equal((await ran(rig, "runs")).stdout.trim(), "no runs");
  match((await ran(rig, "logs")).stderr, /nothing has been run here yet/);
  await up(rig);
  match((await ran(rig, "runs")).stdout, /up +✓ succeeded .* 3 succeeded/);
  const { runs } = await rig.json(["runs", "--json"]) as { runs: { run: string; state: string }[] };
  equal(runs.length, 1);
  deepEqual((await rig.json(["runs", "--failed", "--json"]) as { runs: unknown[] }).runs, []);
  const last = (await ran(rig, "logs")).stdout;
  match(last, /talk │ hello from try 2$/m);
  match(last, /talk │ warn: careful$/m);
  ok(!last.includes("try 1"));
  const first = (await ran(rig, "logs", "talk", "--attempt", "1")).stdout;
  match(first, /hello from try 1/);
  match(first, /failed: .*no luck/);
  const id = runs[0]?.run ?? "";
  const found = (await ran(rig, "logs", id.slice(-6), "--grep", "^hel+o", "--json")).stdout.trim();
  const line = JSON.parse(found) as Record<string, unknown>;
  deepEqual([line["asset"], line["attempt"], line["text"]], ["talk", 2, "hello from try 2"]);
  match((await rig.run(["logs", "tolk"])).stderr, /the nearest name is talk/);
  match((await ran(rig, "logs", "talk", "--attempt", "9")).stderr, /there is no try 9 of talk/);
  equal((await rig.run(["logs", "--grep", "("])).code, 2);
}, { files: FILES });

bothWays(
  "logs -f shows lines as they are written, and ends with the run that was named",
  async (rig) => {
    const follow = rig.start(["logs", "-f"]);
    const running = rig.start(["up", "--quiet"]);
    await follow.until(/hello from try 2/);
    equal((await running.ended).code, 0);
    follow.kill("SIGINT");
    await follow.ended;
    const { runs } = await rig.json(["runs", "--json"]) as { runs: { run: string }[] };
    const ended = await ran(rig, "logs", "-f", runs[0]?.run ?? "");
    match(ended.stdout, /careful/);
  },
  { files: FILES },
);

oneWay(
  "export: a DuckDB file of all tables, replaced only where an export made it",
  async (rig) => {
    equal((await rig.run(["export", "all.duckdb"])).code, 1);
    await up(rig);
    match((await ran(rig, "export", "all.duckdb")).stderr, /wrote all\.duckdb: 3 tables, 11 rows/);
    await ran(rig, "export", "all.duckdb", "trips", "total");
    writeFileSync(rig.path("mine.duckdb"), "precious");
    const refused = await rig.run(["export", "mine.duckdb"]);
    equal(refused.code, 2);
    match(refused.stderr, /it is no DuckDB file/);
    equal(rig.read("mine.duckdb"), "precious");
    await ran(rig, "export", "mine.duckdb", "--force");
    ok(statSync(rig.path("mine.duckdb")).size > 10_000);
    await ran(rig, "export", "trips.csv", "trips");
    equal(rig.read("trips.csv").split("\n")[0], "n,fare");
    equal((await rig.run(["export", "trips.csv", "trips"])).code, 2);
    equal((await rig.run(["export", "trips.csv", "trips", "total"])).code, 2);
    equal((await rig.run(["export", "trips.xls", "trips"])).code, 2);
    ok(!existsSync(rig.path("all.duckdb.wal")));
  },
  { files: FILES },
);

oneWay(
  "doctor: all is well, then a definition that is wrong, then a damaged store",
  async (rig) => {
    await up(rig);
    const well = await ran(rig, "doctor");
    match(well.stdout, /✓ DuckDB v[\d.]+ works/);
    match(well.stdout, /✓ The state store is whole/);
    match(well.stdout, /all is well/);
    equal((await ran(rig, "doctor", "--quiet")).stdout, "");
    rig.project({ "assets/wrong.sql": "select * from nosuch" });
    writeFileSync(rig.path(".nycflow/lake/stray.parquet"), "nobody's");
    const wrong = await rig.run(["doctor"]);
    equal(wrong.code, 1);
    match(wrong.stdout, /✗ The definitions do not load: .*nosuch/);
    match(wrong.stdout, /! 1 file \(8 B\) in the lake belong/);
    truncateSync(rig.path(".nycflow/state.db"), 5000);
    const document = JSON.parse((await rig.run(["doctor", "--json"])).stdout) as {
      ok: boolean;
      findings: { id: string; state: string; next: string }[];
    };
    equal(document.ok, false);
    const store = document.findings.find(({ id }) => id === "state-store");
    equal(store?.state, "bad");
    match(store?.next ?? "", /doctor --rebuild/);
  },
  { files: FILES },
);

bothWays("doctor outside of a project looks at the installation alone", async (rig) => {
  const { stdout } = await ran(rig, "doctor");
  match(stdout, /^installation\n/);
  ok(!stdout.includes("\nproject\n"));
});

oneWay("types: editors know the module, and the columns as they are published", async (rig) => {
  await up(rig);
  match((await ran(rig, "types")).stdout, /types of 3 tables: wrote .*nycflow\.d\.ts/s);
  match(rig.read(".nycflow/types/tables.d.ts"), /\/\*\* All trips \*\/\n {2}readonly trips: \{/);
  match(
    rig.read(".nycflow/types/tables.d.ts"),
    /readonly n: number;[\s\S]*readonly fare: string \| null;/,
  );
  match((await ran(rig, "types")).stdout, /types of 3 tables are up to date/);
  const check = () =>
    spawnSync(Deno.execPath(), ["check", "assets/reports/talk.ts"], {
      cwd: rig.folder,
      encoding: "utf8",
      env: { ...Deno.env.toObject(), NO_COLOR: "1" },
    });
  rig.project({
    "assets/reports/talk.ts": `import { asset } from "nycflow";
export const talk = asset({
  deps: ["trips"],
  run: async ({ upstream }) => (await upstream.trips.rows()).map((row) => ({ x: row.fair })),
});
`,
  });
  const wrong = check();
  equal(wrong.status, 1);
  match(wrong.stderr, /Property 'fair' does not exist/);
  rig.project({
    "assets/reports/talk.ts": rig.read("assets/reports/talk.ts").replace("fair", "fare"),
  });
  equal(check().status, 0, check().stderr);
  // A column that came with the next version is known without being asked.
  rig.project({ "assets/tables/trips.sql": "select 1 as n, 2 as fare, 3 as added" });
  await up(rig);
  match(rig.read(".nycflow/types/tables.d.ts"), /readonly added: number/);
}, { files: FILES });

oneWay("init writes the types; a configuration that is there is left alone", async (rig) => {
  rig.project({ "deno.json": '{ "fmt": {} }' });
  await ran(rig, "init", "empty", ".");
  match(rig.read(".nycflow/types/nycflow.d.ts"), /export declare function asset</);
  equal(rig.read("deno.json"), '{ "fmt": {} }');
  match(rig.read("tsconfig.json"), /"nycflow"/);
  match(
    (await ran(rig, "types")).stdout,
    /deno\.json is there already[\s\S]*"imports": \{ "nycflow"/,
  );
});
