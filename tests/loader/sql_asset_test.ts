import assert from "node:assert/strict";
import { Project } from "./project.ts";

const RICH = `-- Licensed to all.
/* @asset
description: Trips, passengers and takings per week
group: reports
owner: ana
tags: [weekly, team=taxi]
partitions: { weekly: { weekStart: sunday, available: "2d after end" } }
lookahead: 1
mapping: { zones: latest }
checks:
  - not_null: [period, num_trips]
  - unique: [period]
  - rows: { min: 1 }
  - holds: num_trips >= 0
    severity: warn
  - relationships: { column: zone_id, to: ZONES }
  - query: from trips_by_week where num_trips > (select count(*) from trips)
    blocking: false
    name: not_more
chart: { type: line, x: period, y: num_trips }
export: [exports/trips_by_week.csv, { path: exports/latest, format: parquet }]
config: { borough: Manhattan }
freshness: { within: 35d, warn: 33d, refresh: 90d back }
schedule: { cron: "0 6 * * *", timezone: Europe/Berlin }
automation: cron
needs: any
retry: { attempts: 3, delay: 2s, jitter: true }
timeout: 10m
pool: { name: heavy, slots: 2 }
priority: 5
columns: { period: DATE, num_trips: { type: BIGINT, nullable: false } }
*/

select $partition_start as period, count(*) as num_trips
from Trips join main.zones using (zone_id) -- both
where borough = $config.borough
order by 1;
`;

Deno.test("a header with everything becomes the definition", async () => {
  await using project = new Project({
    "assets/sub/trips_by_week.sql": RICH,
    "assets/trips.sql": "select 1 as zone_id",
    "assets/zones.csv": "zone_id\n1\n",
  });
  const made = await project.asset("trips_by_week");
  assert.equal(made.group, "reports");
  assert.equal(made.owner, "ana");
  assert.deepEqual(made.tags, ["weekly", "team=taxi"]);
  assert.deepEqual(made.origin, {
    file: "assets/sub/trips_by_week.sql",
    line: 1,
    exportName: null,
  });
  assert.deepEqual(made.partitions, {
    type: "time",
    unit: "week",
    start: null,
    end: null,
    timezone: null,
    weekStart: 0,
    includeCurrent: false,
    availableMs: 172_800_000,
  });
  assert.deepEqual(
    made.deps.map((
      each,
    ) => [each.asset, each.mapping.type, each.lookahead, each.line, each.column]),
    [["trips", "default", 1, 35, 6], ["zones", "latest", 1, 35, 17]],
  );
  assert.deepEqual(made.sql && { ...made.sql, text: made.sql.text.split("\n").length }, {
    text: 4,
    line: 34,
    ordered: true,
    parameters: ["partition_start", "config.borough"],
    files: [],
    volatile: false,
  });
  assert.deepEqual(
    made.checks.map((each) => [each.name, each.severity, each.blocking, each.scope, each.reads]),
    [
      ["not_null(period)", "error", true, "partition", []],
      ["not_null(num_trips)", "error", true, "partition", []],
      ["unique(period)", "error", true, "asset", []],
      ["rows", "error", true, "partition", []],
      ["holds(num_trips >= 0)", "warn", false, "partition", []],
      ["relationships(zone_id)", "error", true, "partition", ["zones"]],
      ["not_more", "error", false, "partition", ["trips"]],
    ],
  );
  assert.deepEqual(made.checks[5]?.expect, { field: "zone_id", to: "ZONES" });
  assert.deepEqual(made.charts, [{ type: "line", x: "period", y: "num_trips" }]);
  assert.deepEqual(made.exports.map(({ path, format }) => [path, format]), [
    ["exports/trips_by_week.csv", "csv"],
    ["exports/latest", "parquet"],
  ]);
  assert.deepEqual(made.config, { schema: null, defaults: { borough: "Manhattan" }, exact: true });
  assert.deepEqual(made.freshness, {
    kind: "within",
    withinMs: 35 * 86_400_000,
    warnMs: 33 * 86_400_000,
    refresh: "90d",
  });
  assert.deepEqual(made.schedule, { cron: "0 6 * * *", timezone: "Europe/Berlin" });
  assert.equal(made.automation, "cron");
  assert.equal(made.needs, "any");
  assert.deepEqual(made.retry, {
    attempts: 3,
    delayMs: 2000,
    backoff: "exponential",
    maxDelayMs: null,
    jitter: true,
    retryOn: null,
  });
  assert.equal(made.timeoutMs, 600_000);
  assert.deepEqual(made.pool, { name: "heavy", slots: 2 });
  assert.equal(made.priority, 5);
  assert.deepEqual(made.columns.map((each) => [each.name, each.type, each.nullable]), [
    ["period", "DATE", true],
    ["num_trips", "BIGINT", false],
  ]);
});

Deno.test("a header may be line comments, and then hold what would end a block comment", async () => {
  await using project = new Project({
    "assets/a.sql":
      `-- @asset\n-- description: every five minutes\n-- schedule: "*/5 * * * *"\nselect 1 as x`,
  });
  const made = await project.asset("a");
  assert.equal(made.description, "every five minutes");
  assert.equal(made.schedule?.cron, "*/5 * * * *");
  assert.equal(made.sql?.line, 4);
});

Deno.test("a header may be one line, or not be there", async () => {
  await using project = new Project({
    "assets/a.sql": "/* @asset { description: one line } */ select 1 as x",
    "assets/b.sql": "-- just a query\r\nselect x from A\r\n",
    "assets/c.sql": "/* @asset\n*/\nselect 2 as y",
  });
  assert.equal((await project.asset("a")).description, "one line");
  assert.deepEqual((await project.asset("b")).deps.map((each) => [each.asset, each.line]), [[
    "a",
    2,
  ]]);
  assert.equal((await project.asset("c")).description, "");
});

Deno.test("an incremental asset may read itself", async () => {
  await using project = new Project({
    "assets/a.sql": "/* @asset { materialized: incremental } */ select 1 as x union all from a",
  });
  const made = await project.asset("a");
  assert.deepEqual(made.deps, []);
  assert.equal(made.strategy, "append");
});

/** What each change of a header touches: code, checks, exports. */
const CHANGES: readonly (readonly [before: string, after: string, touches: string])[] = [
  ["", "description: words", ""],
  ["", "owner: ana\ntags: [x]\ngroup: g", ""],
  ["", "retry: 3\ntimeout: 1m\npool: p\npriority: 1\nneeds: any", ""],
  ["", "freshness: 1d\nschedule: '@daily'\nautomation: manual", ""],
  ["", "checks: [rows: { min: 1 }]", "checks"],
  ["checks: [rows: { min: 1 }]", "checks:\n  # a comment\n  - rows: { min: 1 }", ""],
  ["checks: [rows: { min: 1 }]", "checks: [rows: { min: 2 }]", "checks"],
  ["columns: { x: INTEGER }", "columns: { x: { type: INTEGER, description: words } }", ""],
  ["columns: { x: INTEGER }", "columns: { x: BIGINT }", "checks"],
  ["", "chart: { type: bar, x: x }", "exports"],
  ["", "export: a.csv", "exports"],
  ["partitions: monthly", "partitions: { monthly: { start: 2023-01 } }", ""],
  ["partitions: monthly", "partitions: weekly", "code"],
  ["partitions: weekly", "partitions: { weekly: { weekStart: sunday } }", "code"],
  ["partitions: { static: [a] }", "partitions: { static: [a, b] }", ""],
  ["", "materialized: view", "code"],
  ["", "config: { a: 1 }", "code"],
  ["config: { a: 1, b: 2 }", "config: { b: 2, a: 1 }", ""],
  ["config: { a: 1 }", "config: { a: 2 }", "code"],
  ["", "lookback: 1", "code"],
  ["", "when: 1 > 0", "code"],
];

Deno.test("what counts as code, checks and exports", async (t) => {
  await using project = new Project();
  for (const [before, after, touches] of CHANGES) {
    await t.step(`${JSON.stringify(before)} to ${JSON.stringify(after)}`, async () => {
      const versions = [];
      for (const yaml of [before, after]) {
        project.write("assets/a.sql", `/* @asset\n${yaml}\n*/ select 1 as x`);
        const made = await project.asset("a");
        versions.push([made.codeVersion, made.checksVersion, made.exportsVersion]);
      }
      const [one = [], two = []] = versions;
      const touched = ["code", "checks", "exports"].filter((_, index) => one[index] !== two[index]);
      assert.equal(touched.join(" "), touches);
    });
  }
});

Deno.test("a comment in the query is no change, another time zone of the project is", async () => {
  await using project = new Project({ "assets/a.sql": "select 1 as x", "assets/b.csv": "x\n1\n" });
  const before = [(await project.asset("a")).codeVersion, (await project.asset("b")).codeVersion];
  project.write("assets/a.sql", "/* why */ select\n  1 as x -- because\n;");
  assert.equal((await project.asset("a")).codeVersion, before[0]);
  project.module("nycflow.config.ts", {
    exports: [{
      exportName: "default",
      line: 1,
      column: 1,
      spec: { kind: "config", name: null, problems: [], options: { timezone: "Asia/Tokyo" } },
      places: {},
    }],
  });
  assert.notEqual((await project.asset("a")).codeVersion, before[0]);
  assert.equal((await project.asset("b")).codeVersion, before[1]);
});
