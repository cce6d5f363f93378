import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { AssetStatus } from "../../src/core/status.ts";
import type { Plan, PlannedStep } from "../../src/core/plan.ts";
import type { Why } from "../../src/core/why.ts";
import { problem } from "../../src/core/problem/problem.ts";
import { trendsOf } from "../../src/core/trend.ts";
import { listLines } from "../../src/views/list.ts";
import { planLines } from "../../src/views/plan.ts";
import { problemLines } from "../../src/views/problem.ts";
import { resultsLines } from "../../src/views/results.ts";
import { checkLines, showAssetLines } from "../../src/views/show.ts";
import { showRunLines } from "../../src/views/show_run.ts";
import { firstLines, statusLines } from "../../src/views/status.ts";
import { timesIn } from "../../src/views/times.ts";
import { whyLines } from "../../src/views/why.ts";
import type { Style } from "../../src/term/style.ts";
import { stripStyle } from "../../src/term/width.ts";
import { inEveryStyle, text } from "./lines.ts";
import * as S from "./samples.ts";

const weeks = S.weeks(1000);

const failure = {
  run: S.RUN,
  attempt: "a" as never,
  at: S.NOW - 60_000,
  problem: problem("step-failed", {
    message: "Cannot make \x1b[31mtrips\u202e of 東京\n",
    why: "it broke",
    hint: "nycflow run trips",
    where: {
      asset: "trips",
      partition: "2023-03",
      file: "assets/trips.sql",
      line: 3,
      column: 2,
      source: "\tselect 東京 from x",
    },
  }),
  code: "",
  inputs: "",
  reads: [],
  checks: [],
  inARow: 1,
  retryAt: null,
  tries: 1,
  seconds: 1,
  rejected: null,
  rejectedSchema: [],
};

const statuses: readonly AssetStatus[] = [
  S.status("zones", [{ head: S.head("zones", "", { published: S.published(263) }) }]),
  S.status(
    "trips",
    S.MONTHS.map((month, i) => ({
      partition: S.part(month),
      state: i === 2 ? "failed" as const : "fresh" as const,
      head: S.head("trips", month, i === 2 ? { failure } : { published: S.published(1000) }),
    })),
    {
      reasons: [
        S.assetReason("missing", "never materialized", {
          partitions: "2023-03",
          held: "it failed",
        }),
        S.assetReason("failed", "its last attempt failed: Cannot make \x1b[31mtrips", {
          partitions: "2023-03",
        }),
      ],
    },
  ),
  S.status("weeks", weeks.map((week) => ({ partition: S.part(week), state: "missing" })), {
    reasons: [
      S.assetReason("missing", "never materialized", { partitions: "2023-01-01..2042-02-23" }),
    ],
  }),
  S.status("旅客数_東京", [{ state: "running" }]),
];

const listed = (group: (asset: string) => string = () => "") => ({
  statuses,
  defs: new Map(statuses.map(({ asset, partitions }) => [
    asset,
    S.definition(asset, {
      group: group(asset),
      partitions: partitions.length > 1 ? { type: "static" as const, keys: [] } : null,
    }),
  ])),
  view: { now: S.NOW, layout: { timezone: S.ZONE } },
});

Deno.test("ls: state, parts, rows, age and the reason that the state is about", () => {
  const lines = listLines(listed(), S.plain, 100);
  match(lines[2] ?? "", /^zones +sql +✓ fresh +263 {2}3 min ago$/);
  match(
    lines[3] ?? "",
    /✗ failed +2\/3 +2,000 {2}3 min ago {2}Cannot make ␛\[31mtrips \(2023-03\), \+1/,
  );
  match(lines[4] ?? "", /· missing {2}0\/1000 .*never materialized$/);
  deepEqual(listLines({ ...listed(), statuses: [] }, S.plain, 100), []);
  // What would be empty for every asset takes no room.
  const some = listed();
  const whole = { ...some, statuses: some.statuses.filter(({ asset }) => asset === "zones") };
  deepEqual(listLines(whole, S.plain, 80)[0]?.trim().split(/ {2,}/), [
    "asset",
    "state",
    "rows",
    "last",
  ]);
});

Deno.test("ls: groups are headed and keep their rows together, ungrouped first", () => {
  const told = text(
    listLines(listed((asset) => asset === "zones" || asset === "weeks" ? "geo" : ""), S.plain, 80),
  );
  match(told, /\(no group\)\ntrips [^\n]*\n旅客数_東京 [^\n]*\n\ngeo\nzones [^\n]*\nweeks /);
});

const planned = (name: string, key: string, reason: string, certain = true): PlannedStep => ({
  key: `${name}[${key}]` as never,
  asset: S.asset(name),
  partition: S.part(key),
  action: "materialize",
  reasons: [S.reason(certain ? "code" : "upstream", reason)],
  certain,
  after: [],
  afterAny: [],
  needs: "all",
  priority: 0,
  together: [S.asset(name)],
});

const plan: Plan = {
  fresh: 38,
  steps: [
    ...S.MONTHS.map((month) => planned("trips", month, "its definition changed")),
    planned("trips", "2023-09", "file \x1b[2Jx changed; ".repeat(20)),
    ...weeks.map((week) => planned("weeks", week, "if trips changes", false)),
  ],
  held: [{
    asset: S.asset("zones"),
    partition: S.part(""),
    reasons: [
      S.reason("missing", "never materialized"),
      S.reason("failed", "its last attempt failed: Cannot fetch"),
    ],
    held: {
      kind: "failed",
      text: "it failed and nothing has changed since",
      until: S.NOW + 240_000,
    },
  }],
};

Deno.test("plan: equal reasons are one line with ranges; held ones with until; a count at the end", () => {
  const told = text(planLines(plan, S.AROUND, S.plain, 140));
  match(told, /^~ trips +2023-01\.\.2023-03 +its definition changed$/m);
  match(told, /^\? weeks +2023-01-01\.\.2042-02-23 +if trips changes$/m);
  match(
    told,
    /^held\n! zones +it failed and nothing has changed since, until 08:04:00 \(in 4 min\): Cannot fetch$/m,
  );
  match(told, /\n1,004 steps: 4 certain, 1,000 if their inputs change; 1 held since \S+ failed$/);
});

Deno.test("plan: nothing to do is one line", () => {
  deepEqual(planLines({ steps: [], held: [], fresh: 38 }, S.AROUND, S.plain, 80), [
    "nothing to do: 38 up to date",
  ]);
});

const story: Why = {
  asset: S.asset("weeks"),
  state: "stale",
  partition: S.part("2023-01-22"),
  chain: [
    {
      asset: S.asset("trips"),
      partition: S.part("2023-01"),
      kind: "materialized",
      text: "materialized: its definition changed",
      at: S.NOW - 720_000,
      version: "01jv3f9a21" as never,
      file: "assets/trips.sql",
    },
    {
      asset: S.asset("weeks"),
      partition: S.part("2023-01-22"),
      kind: "upstream",
      text: "trips 2023-01 changed \x1b[31m",
      at: null,
      version: "01jv88aa01" as never,
      file: "assets/weeks.sql",
    },
    {
      asset: S.asset("weeks"),
      partition: S.part("2023-01-22"),
      kind: "held",
      text: "it failed",
      at: S.NOW + 600_000,
      version: null,
      file: "assets/weeks.sql",
    },
  ],
};

Deno.test("why: oldest cause first, with times, versions and what to do", () => {
  const told = text(whyLines(story, S.AROUND, S.plain, 100));
  match(
    told,
    /^○ weeks 2023-01-22 is stale\n\n {2}trips 2023-01 {2}assets\/trips\.sql\n {4}12 min ago \(07:48:00\) +materialized: its definition changed \(version 3f9a21\)/,
  );
  match(told, /now +trips 2023-01 changed ␛\[31m \(published: version 88aa01\)/);
  match(told, /until 08:10:00 \(in 10 min\) {2}held: it failed/);
  match(told, /next: nycflow run weeks$/);
  ok(!text(whyLines({ ...story, state: "fresh" }, S.AROUND, S.plain, 100)).includes("next:"));
  const first = (alike: number) =>
    whyLines({ ...story, among: { alike, total: 1300 } }, S.AROUND, S.plain, 100)[0];
  match(first(1300) ?? "", /is stale, as are all 1,300 partitions$/);
  match(first(12) ?? "", /is stale, as are 12 of 1,300 partitions$/);
  match(first(1) ?? "", /is stale, alone of 1,300 partitions$/);
});

Deno.test("status: failed first, what to type next; all fresh says so", () => {
  const data = { listed: listed(), runs: [], lastRun: null, bytes: 48_300_000 };
  const told = text(statusLines(data, S.plain, 100));
  match(told, /^4 assets: 1 fresh, 1 failed, 1 running, 1 missing\n\n✗ trips/);
  match(told, /disk +48 MB/);
  match(told, /next +nycflow why trips$/);
  const calm = statusLines(
    { ...data, listed: { ...listed(), statuses: statuses.slice(0, 1) } },
    S.plain,
    100,
  );
  match(text(calm), /^1 asset: 1 fresh\n\ndisk [^\n]*\nnext +nycflow show zones$/);
  const unattended = {
    ...data,
    resident: { pid: 77, since: S.AROUND.now - 120_000 },
    failingSensors: new Map([["drops", "the API is down"]]),
    failingSinks: new Map([["chat", "it answered 503"]]),
  };
  match(
    text(statusLines(unattended, S.plain, 100)),
    /\nup +process 77 stays, for 2.*\nsensor +drops failed: the API is down\nnotify +chat did not arrive: it answered 503\n/,
  );
});

Deno.test("show: a thousand partitions are a grid with counts, a failure is told whole", () => {
  const asset = (i: number) => {
    const status = statuses[i];
    const def = status && listed().defs.get(status.asset);
    ok(status && def);
    const rows = { columns: [{ name: "n", type: "BIGINT" }], rows: [[7]], total: 1 };
    const log = S.log();
    const history = [1, 3].map((seconds) =>
      log.after(1000).say(
        S.made("trips", "", seconds * 10, { seconds, metadata: { "東京 strays": seconds } }),
      )
    );
    return {
      status,
      def,
      preview: null,
      downstream: [S.asset("weeks")],
      trends: trendsOf(false, status, history),
      charts: [{ chart: { type: "number", title: "big" }, rows }],
    };
  };
  const many = text(showAssetLines(asset(2), S.AROUND, S.plain, 80));
  match(many, /^2023-01-01 {2}·{52}$/m);
  match(many, /… 376 more\n· 1,000 missing/);
  match(many, /── chart ─+\nbig\n▀▀█\n {2}█\n {2}▀$/);
  match(many, /read by +weeks\n/);
  match(
    many,
    /── trends over 2 materializations ─+\nduration +▁█ {2}3 s {2}▲ 2 s \(200%\) {2}1 s to 3 s\nrows +▁█ {3}30 {2}▲ 20 \(200%\) {3}10 to 30\n東京 strays {2}▁█/,
  );
  const failed = text(showAssetLines(asset(1), S.AROUND, S.plain, 80));
  match(failed, /■ 2023-01 {2}■ 2023-02 {2}✗ 2023-03\n■ 2 fresh {2}✗ 1 failed/);
  match(failed, /at assets\/trips\.sql:3:2 \(trips 2023-03\)/);
  match(failed, /held +it failed/);
  inEveryStyle((style, columns) =>
    statuses.flatMap((_, i) => showAssetLines(asset(i), S.AROUND, style, columns))
  );
});

Deno.test("show RUN: steps along time, tries, what did not run and why", () => {
  const log = S.log();
  const events = [
    log.say(S.started([["a", "2023-01"], ["b", ""]])),
    log.after(10).say(S.attempt("a", "2023-01")),
    log.after(1000).say(S.failed("a", "2023-01", 1, log.now() + 500)),
    log.after(500).say(S.attempt("a", "2023-01", 2)),
    log.after(1000).say(S.failed("a", "2023-01", 2, null)),
    log.after(1).say(S.ended("b", "", "blocked", "a[2023-01] did not succeed")),
    log.after(1).say(S.over("failed", { failed: 1, blocked: 1 })),
  ];
  const head = {
    run: S.RUN,
    state: "failed" as const,
    trigger: "up",
    selection: "",
    holder: null,
    command: "nycflow up",
    requestedAt: S.NOW,
    startedAt: S.NOW,
    endedAt: S.NOW + 2512,
    planned: 2,
    steps: {},
  };
  const told = text(showRunLines(head, events, { ...S.AROUND, now: S.NOW + 60_000 }, S.plain, 100));
  match(
    told,
    /^✗ run 01jrun00000000000000000abc {2}failed\nstarted {2}08:00:00 \(1 min ago\), 2\.5 s/,
  );
  match(told, /a\[2023-01\] ▓+ +2\.5 s failed, 2 tries/);
  match(told, /⊘ b +blocked: a\[2023-01\] did not succeed/);
  match(told, /↻ a\[2023-01\] {2}try 1 failed after 1 s: Cannot fetch a\.parquet/);
  equal(told.match(/error: Cannot fetch a\.parquet/g)?.length, 1);
  inEveryStyle((style, columns) => showRunLines(head, events, S.AROUND, style, columns));
});

Deno.test("show RUN: the critical path is full, the rest thin, and is told in words", () => {
  const log = S.log();
  const reads = { ...S.attempt("c", ""), inputs: "b:=v" } as ReturnType<typeof S.attempt>;
  const events = [
    log.say(S.started([["a", ""], ["b", ""], ["c", ""]])),
    log.after(10).say(S.attempt("a", "")),
    log.say(S.attempt("b", "")),
    log.after(500).say(S.made("a", "", 1)),
    log.after(500).say(S.made("b", "", 1)),
    log.after(200).say(reads),
    log.after(800).say(S.made("c", "", 1)),
    log.say(S.over("succeeded", { succeeded: 3 })),
  ];
  const head = {
    run: S.RUN,
    state: "succeeded" as const,
    trigger: "up",
    selection: "",
    holder: null,
    command: "nycflow up",
    requestedAt: S.NOW,
    startedAt: S.NOW,
    endedAt: S.NOW + 2010,
    planned: 3,
    steps: {},
  };
  const draw = (style: Style) => text(showRunLines(head, events, S.AROUND, style, 80));
  match(draw(S.plain), /^a ━+ +500 ms\nb █+ +1 s\nc +█+ +800 ms$/m);
  match(draw(S.plain), /\n█ critical path: 2 steps, 2 s, 200 ms of it waiting\nb → c$/);
  match(draw(S.ascii), /^a =+ +500 ms\nb #+ +1 s\nc +#+ +800 ms$/m);
  match(stripStyle(draw(S.colored)), /^a ━+ .*\nb █+ .*\nc +█+/m);
});

Deno.test("results: a chart that cannot be drawn is told in its place, the rest is shown", () => {
  const rows = { columns: [{ name: "n", type: "BIGINT" }], rows: [[1]], total: 1 };
  const told = text(resultsLines(
    [
      {
        asset: "a",
        description: "About a",
        table: rows,
        charts: [{ chart: { type: "line", y: "m" }, rows }],
      },
      { asset: "b", description: "", table: rows, charts: [] },
    ],
    S.AROUND,
    S.plain,
    80,
  ));
  match(
    told,
    /^── a ─+\nAbout a\nn\n─\n1\n\nerror: Cannot draw a: its line chart names a column m as y/,
  );
  match(told, /\n\n── b ─+\nn\n/);
});

Deno.test("hard data fits and does no harm, in every style and width", () => {
  inEveryStyle((style, columns) => [
    ...listLines(listed(() => "\x1b[31m"), style, columns),
    ...planLines(plan, S.AROUND, style, columns),
    ...whyLines(story, S.AROUND, style, columns),
    ...statusLines({ listed: listed(), runs: [], lastRun: null, bytes: 0 }, style, columns),
    ...problemLines(failure.problem, style, columns),
    ...firstLines(style, columns),
  ]);
});

const TIMES: readonly (readonly [string, number, string, string])[] = [
  ["UTC", Date.UTC(2026, 0, 5, 13, 0, 0, 5), "2026-01-05T13:00:00.005+00:00", "13:00:00"],
  ["America/New_York", Date.UTC(2026, 0, 5, 13), "2026-01-05T08:00:00-05:00", "08:00:00"],
  ["America/New_York", Date.UTC(2025, 6, 5, 13), "2025-07-05T09:00:00-04:00", "2025-07-05 09:00"],
  ["Asia/Kolkata", Date.UTC(2026, 0, 2, 13), "2026-01-02T18:30:00+05:30", "Jan 2 18:30"],
];

for (const [zone, at, iso, wall] of TIMES) {
  Deno.test(`times in ${zone}: ${iso}`, () => {
    equal(timesIn(zone).iso(at), iso);
    equal(timesIn(zone).wall(at, S.NOW), wall);
    equal(Date.parse(iso), at);
  });
}

Deno.test("checks: what did not pass comes first with its column first, the rest stands together", () => {
  const sample = Array.from({ length: 5 }, (_, i) => ({
    ...Object.fromEntries(Array.from({ length: 20 }, (_, k) => [`column_${k}`, k])),
    at: "2023-03-02T17:56:45",
    miles: `${i}.50`,
  }));
  const checks = [
    S.check({ name: "unique(a)" }),
    S.check({
      name: "range(miles, at)",
      severity: "warn",
      blocking: false,
      outcome: "warned",
      failing: 5,
      text: "5 rows fail of 9",
      sample,
    }),
    S.check({ name: "rows" }),
  ];
  const told = text(checkLines(checks, S.plain, 80));
  match(told, /^! range\(miles, at\): 5 rows fail of 9 \(does not block\)\n +at +miles +column_0/);
  match(told, /\n +2023-03-02 17:56:45 +0\.50 +0 /);
  match(told, /\n +… \+\d+ columns: [^\n]*\n✓ unique\(a\), rows$/);
  inEveryStyle((style, columns) => checkLines(checks, style, columns));
});
