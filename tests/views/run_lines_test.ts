import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Stored } from "../../src/core/event.ts";
import { createRunLines } from "../../src/views/run_lines.ts";
import { createRunLive, liveFrame } from "../../src/views/run_live.ts";
import { stripStyle } from "../../src/term/width.ts";
import { checkLines, inEveryStyle, text } from "./lines.ts";
import * as S from "./samples.ts";

function tenAssets(): Stored[] {
  const log = S.log();
  const names = Array.from({ length: 10 }, (_, i) => `asset_number_${i}`);
  const steps = names.flatMap((name) => S.MONTHS.map((month) => [name, month] as const));
  const events = [log.say(S.started(steps))];
  for (const [name, month] of steps) {
    events.push(log.after(20).say(S.attempt(name, month)));
    events.push(log.after(200).say(S.made(name, month, 68211)));
  }
  events.push(log.after(5).say(S.over("succeeded", { succeeded: 30 })));
  return events;
}

function mixed(): Stored[] {
  const log = S.log();
  const refused = S.check({
    name: "not_null(zone)",
    outcome: "failed",
    failing: 4,
    text: "4 rows are null",
    sample: [1, 2, 3, 4].map((id) => ({ zone_id: id, zone: null, borough: "\x1b[31m旅\n客" })),
  });
  const soft = S.check({
    name: "holds(total >= 0)",
    severity: "warn",
    blocking: false,
    outcome: "warned",
    failing: 71,
    text: "71 rows",
  });
  return [
    log.say(S.started([
      ["files", "2023-01"],
      ["files", "2023-02"],
      ["zones", ""],
      ["stats", "", false],
      ["weeks", "2023-01-01", false],
      ["weeks", "2023-01-08", false],
      ["payments", ""],
      ["late", ""],
    ])),
    log.after(5).say(S.attempt("files", "2023-01")),
    log.after(5).say(S.attempt("files", "2023-02")),
    log.after(5).say(S.failed("files", "2023-02", 1, log.now() + 4000)),
    log.after(5).say(
      S.made("files", "2023-01", 10, { checks: [soft], notes: ["n: HUGEINT became BIGINT"] }),
    ),
    log.after(4000).say(S.attempt("files", "2023-02", 2)),
    log.after(5).say(
      S.made("files", "2023-02", 20, { checks: [soft], notes: ["n: HUGEINT became BIGINT"] }),
    ),
    log.after(5).say(S.attempt("zones", "")),
    log.after(5).say(S.failed("zones", "", 1, null, [refused])),
    log.after(5).say(S.ended("stats", "", "blocked", "zones did not succeed")),
    log.after(5).say(S.ended("weeks", "2023-01-01", "unchanged", "same")),
    log.after(5).say(S.ended("weeks", "2023-01-08", "unchanged", "same")),
    log.after(5).say(S.ended("payments", "", "skipped", "not published yet")),
    log.after(5).say(S.ended("late", "", "cancelled", "the run was stopped before it began")),
    log.after(5).say(
      S.over("failed", {
        succeeded: 2,
        failed: 1,
        blocked: 1,
        unchanged: 2,
        skipped: 1,
        cancelled: 1,
      }),
    ),
  ];
}

const linesOf = (events: readonly Stored[], quiet = false, columns = 80) =>
  createRunLines({ style: S.plain, columns, quiet }).onEvents(events);

Deno.test("a normal run of ten assets: a line each, under 1 kB", () => {
  const lines = linesOf(tenAssets());
  equal(lines.length, 11);
  equal(lines[0], "✓ asset_number_0  3 partitions  204,633 rows  640 ms");
  equal(lines.at(-1), "done in 3.2 s: 30 succeeded");
  ok(new TextEncoder().encode(lines.join("\n")).length < 1000);
});

Deno.test("quiet: nothing when all is well; problems alone when not", () => {
  deepEqual(linesOf(tenAssets(), true), []);
  const told = text(linesOf(mixed(), true));
  match(told, /^error: Cannot fetch zones\.parquet/);
  match(told, /failed after 3\.2 s/);
  ok(!/✓|payments|try 2|warning/.test(told), told);
});

Deno.test("the five ways not to succeed are told apart, each with its reason", () => {
  const told = text(linesOf(mixed()));
  match(told, /↻ files 2023-02 {2}try 2 in 4 s: the server answered 503/);
  match(told, /✓ files +2 partitions {2}30 rows {2}4 s/);
  match(told, / {2}note: n: HUGEINT became BIGINT/);
  equal(told.match(/note:/g)?.length, 1);
  match(told, /warning: holds\(total >= 0\): 142 rows in 2 partitions 2023-01, 2023-02/);
  // Where there is no room for the keys they are left out, not cut in two.
  match(
    text(linesOf(mixed(), false, 60)),
    /warning: holds\(total >= 0\): 142 rows in 2 partitions$/m,
  );
  match(
    told,
    /error: Cannot fetch zones[\s\S]*why: the server answered 503[\s\S]*next: nycflow run zones/,
  );
  // The rows that a check refused are a table of `show`: an error has eight lines at the most.
  equal(/failing rows/.test(told), false);
  match(told, /✗ zones +failed/);
  match(told, /⊘ stats +blocked: zones did not succeed/);
  match(told, /= weeks +2 partitions {2}unchanged/);
  match(told, /- payments +skipped: not published yet/);
  match(told, /■ late +cancelled: the run was stopped before it began/);
  match(told, /failed after 3\.2 s: 2 succeeded, 2 unchanged, 1 failed,/);
});

Deno.test("event by event says the same as all at once, and an asset only when it has ended", () => {
  const events = mixed();
  const lines = createRunLines({ style: S.plain, columns: 80, quiet: false });
  const one = events.flatMap((stored) => lines.onEvents([stored]));
  deepEqual(one, linesOf(events));
  const early = createRunLines({ style: S.plain, columns: 80, quiet: false });
  ok(!text(early.onEvents(events.slice(0, 5))).includes("✓ files"));
});

Deno.test("what one function makes besides is told once, at the end, with all its partitions", () => {
  const log = S.log();
  const events = [log.say(S.started([["lead", "2023-01"], ["lead", "2023-02"]]))];
  for (const month of ["2023-01", "2023-02"]) {
    for (const name of ["lead", "second"]) events.push(log.after(5).say(S.attempt(name, month)));
    for (const name of ["lead", "second"]) events.push(log.after(5).say(S.made(name, month, 1)));
  }
  events.push(log.say(S.over("succeeded", { succeeded: 2 })));
  const told = linesOf(events).filter((line) => line.includes("second"));
  equal(told.length, 1);
  match(told[0] ?? "", /2 partitions {2}2 rows/);
});

Deno.test("content as before is said", () => {
  const log = S.log();
  const told = linesOf([
    log.say(S.started([["a", ""]])),
    log.say(S.attempt("a", "")),
    log.after(1200).say(S.made("a", "", 5, { dataVersion: "older" as never })),
  ]);
  deepEqual(told, ["✓ a  5 rows  same as before  1.2 s"]);
});

Deno.test("hard data fits and does no harm, in every style and width", () => {
  inEveryStyle((style, columns) =>
    createRunLines({ style, columns, quiet: false }).onEvents(mixed())
  );
});

const step = (name: string, key: string) => ({
  key: (key === "" ? name : `${name}[${key}]`) as never,
  asset: S.asset(name),
  partition: S.part(key),
});

Deno.test("the live frame fits any height from 6, says what runs, waits and is left", () => {
  const log = S.log();
  const weeks = S.weeks(1000);
  const start = log.say(S.started([
    ...S.MONTHS.map((month) => ["files", month] as const),
    ...weeks.map((week) => ["weeks", week, false] as const),
  ]));
  const events = [
    start,
    ...S.MONTHS.map((month) => log.after(10).say(S.attempt("files", month))),
    log.after(10).say(S.failed("files", "2023-03", 1, log.now() + 3000)),
  ];
  inEveryStyle((style, columns) => {
    const live = createRunLive({ style, columns, quiet: false });
    live.onEvents(events);
    const at = log.now();
    live.onProgress(step("files", "2023-01"), { fraction: 0.1, bytes: 1e6, totalBytes: 10e6 }, at);
    live.onProgress(
      step("files", "2023-01"),
      { fraction: 0.5, bytes: 5e6, totalBytes: 10e6 },
      at + 2000,
    );
    live.onWaiting(
      step("weeks", weeks[0] ?? ""),
      "waits for pool downloads: 1 of 1 slots are taken",
    );
    const lines: string[] = [];
    for (const rows of [6, 7, 24, 100]) {
      const frame = liveFrame(live.state, at + 2000, style, columns, rows);
      ok(frame.length < rows, `${frame.length} lines in ${rows}`);
      checkLines(frame, columns - 1, style);
      lines.push(...frame);
    }
    if (columns === 140) {
      const all = stripStyle(text(lines));
      match(all, /0\/1,003 steps/);
      match(all, /files 2023-01 .* 50% {2}2\.0 s {2}3 s left {2}5 MB of 10 MB {2}2 MB\/s/);
      match(all, /files 2023-03 .*try 2 in \d s: Cannot fetch files\.parquet/);
      match(all, /waits for pool downloads/);
      match(all, /999 partitions {2}waits/);
    }
    return lines;
  });
});

Deno.test("the same failure of several partitions is told once, with all that have it", () => {
  const log = S.log();
  const months = ["2023-01", "2023-02", "2023-03", "2023-04"];
  const failing = (month: string) => {
    const event = S.failed("files", month, 1, null);
    if (event.kind !== "attempt-failed") throw new Error(event.kind);
    // The last one for another reason.
    const why = month === "2023-04" ? "the disk is slow" : `there is no trips_${month}.csv`;
    const message = `Cannot build files for ${month}`;
    return { ...event, problem: { ...event.problem, message, why } };
  };
  const events = [
    log.say(S.started(months.map((month) => ["files", month] as const))),
    ...months.map((month) => log.say(S.attempt("files", month))),
    ...months.map((month) => log.say(failing(month))),
    log.say(S.over("failed", { failed: 4 })),
  ];
  for (const quiet of [false, true]) {
    const { onEvents } = createRunLines({ style: S.plain, columns: 80, quiet });
    const lines = onEvents(events).map(stripStyle);
    deepEqual(lines.filter((line) => line.startsWith("error:")), [
      "error: Cannot build files for 2023-01",
      "error: Cannot build files for 2023-04",
    ]);
    equal(
      lines.filter((line) => line === "  and: files 2023-02, 2023-03 failed as 2023-01 did").length,
      1,
      lines.join("\n"),
    );
  }
});

Deno.test("the live block scrolls what has ended, and is gone when the run is over", () => {
  const live = createRunLive({ style: S.plain, columns: 80, quiet: false });
  const events = tenAssets();
  const lines = live.onEvents(events);
  deepEqual(lines, linesOf(events));
  deepEqual(liveFrame(live.state, S.NOW, S.plain, 80, 24), []);
});

Deno.test("with the plan a waiting asset names what it waits for, and only that", () => {
  const log = S.log();
  const planned = (name: string, after: readonly string[]) => ({
    ...step(name, ""),
    action: "materialize" as const,
    reasons: [],
    certain: true,
    after: after as never,
    afterAny: [],
    needs: "all" as const,
    priority: 0,
    together: [S.asset(name)],
  });
  const plan = {
    steps: [planned("a", []), planned("b", []), planned("c", ["a", "b"])],
    held: [],
    fresh: 0,
  };
  const live = createRunLive({ style: S.plain, columns: 80, quiet: false, plan });
  live.onEvents([
    log.say(S.started([["a", ""], ["b", ""], ["c", ""]])),
    log.say(S.attempt("a", "")),
    log.say(S.made("a", "", 1)),
    log.say(S.attempt("b", "")),
  ]);
  match(text(liveFrame(live.state, S.NOW, S.plain, 80, 24)), /· c +waits for b$/m);
});
