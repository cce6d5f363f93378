import { deepEqual, equal, match, ok } from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Buffer } from "node:buffer";
import { inflateSync } from "node:zlib";
import { reportPage } from "../../src/views/report.ts";
import { findBrowser, openPage } from "../../build/browser.ts";
import { trendsOf } from "../../src/core/trend.ts";
import * as S from "./samples.ts";

const trips = {
  columns: [{ name: "period", type: "DATE" }, { name: "num_trips", type: "BIGINT" }],
  rows: S.weeks(13).map((week, i) => [week, i === 4 ? null : 14_000 + 300 * (i % 5)]),
  total: 40,
};

function page(): string {
  const log = S.log();
  const made = S.head("trips", "", {
    published: S.published(13, { checks: [S.check({ name: "not_null(<x>)", outcome: "passed" })] }),
  });
  const told = S.log();
  const history = [900, 1300].map((rows) => told.after(1000).say(S.made("trips", "", rows)));
  const trends = trendsOf(false, S.status("trips", []), history);
  return reportPage({
    project: 'taxi <&> "co"',
    assets: [
      {
        def: S.definition("zones"),
        status: S.status("zones", [{ state: "missing", reasons: [] }]),
        upstream: [],
        trends: [],
      },
      {
        def: S.definition("trips"),
        status: S.status("trips", [{ head: made }]),
        upstream: [S.asset("zones")],
        trends,
      },
    ],
    results: [
      {
        asset: "trips",
        description: "Trips <b>per</b> week",
        table: trips,
        charts: [
          {
            chart: { type: "line", x: "period", y: "num_trips", title: "T", caption: "See <this>" },
            rows: trips,
          },
          { chart: { type: "line", x: "nothing", y: "num_trips" }, rows: trips },
        ],
      },
    ],
    runs: [{
      run: S.RUN,
      state: "succeeded",
      trigger: "up",
      selection: "",
      holder: null,
      command: "nycflow up",
      requestedAt: S.NOW - 60_000,
      startedAt: S.NOW - 60_000,
      endedAt: S.NOW - 58_000,
      planned: 2,
      steps: { succeeded: 2 },
    }],
    lastEvents: [
      log.say(S.started([["zones", ""], ["trips", ""]])),
      log.after(10).say(S.attempt("zones", "")),
      log.after(900).say(S.made("zones", "", 5)),
      log.after(10).say(S.attempt("trips", "")),
      log.after(500).say(S.made("trips", "", 13)),
      log.say(S.over("succeeded", { succeeded: 2 })),
    ],
  }, S.AROUND);
}

Deno.test("the page holds charts, tables, lineage, checks and runs, all escaped", () => {
  const html = page();
  for (const id of ["trips", "lineage", "assets", "trends", "checks", "runs"]) {
    match(html, new RegExp(`id="${id}"`));
  }
  match(html, /<h1>taxi &lt;&amp;&gt; &quot;co&quot;<\/h1>/);
  match(html, /Trips &lt;b&gt;per&lt;\/b&gt; week/);
  match(html, /not_null\(&lt;x&gt;\)/);
  match(html, /<figcaption>See &lt;this&gt;<br>drawn from 13 of 40 rows<\/figcaption>/);
  match(html, /names a column nothing as x/);
  match(html, /… 27 more rows/);
  match(html, /The last run, step by step/);
  match(html, /<figcaption>In full colour: the critical path: 2 steps, 1\.4 s/);
  match(
    html,
    /<td>rows<\/td><td><svg class="nyc"[^]*?<td class="r">1,300<\/td><td class="t">▲ 400 \(44%\)/,
  );
  equal(html, page());
});

Deno.test("nothing comes from anywhere else: no script, no address, no import", () => {
  const html = page().replaceAll('xmlns="http://www.w3.org/2000/svg"', "");
  ok(!/<script|<link(?! rel="icon" href="data:,")|<img|<iframe|@import|url\(|https?:/i.test(html));
  ok(!/ on[a-z]+=/i.test(html));
  match(html, /Content-Security-Policy" content="default-src 'none'/);
  for (const [, href] of html.matchAll(/<a href="([^"]*)"/g)) match(href ?? "", /^#/);
  const ids = new Set([...html.matchAll(/ id="([^"]+)"/g)].map((m) => m[1]));
  for (const [, to] of html.matchAll(/<a href="#([^"]*)"/g)) {
    ok(ids.has(to), `#${to} leads nowhere`);
  }
});

const BROWSER = findBrowser();

Deno.test({
  name:
    `in a browser: light and dark, at three widths, without a word on its console or to anybody${
      BROWSER === null ? " (skipped: there is no chromium on PATH)" : ""
    }`,
  ignore: BROWSER === null,
  fn: async () => {
    const folder = mkdtempSync(join(tmpdir(), "nycflow-report-"));
    try {
      const file = join(folder, "report.html");
      writeFileSync(file, page());
      for (const width of [500, 800, 1280]) {
        for (const dark of [false, true]) {
          const shot = join(folder, `${width}-${dark}.png`);
          const profile = join(folder, "profile");
          const { said, asked } = await openPage(BROWSER ?? "", {
            file,
            width,
            height: 1600,
            dark,
            shot,
            profile,
          });
          deepEqual([said, asked], [[], []]);
          const { size, first, colors } = readPng(readFileSync(shot));
          equal(size[0], width);
          ok(dark ? first < 60 : first > 230, `paper is ${first}`);
          ok(colors > 40, `${colors} lines that differ`);
        }
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
});

/** Size, the first pixel's red, and how many of the rows are not like the one above. */
function readPng(bytes: Uint8Array): { size: [number, number]; first: number; colors: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size: [number, number] = [view.getUint32(16), view.getUint32(20)];
  const perPixel = bytes[25] === 6 ? 4 : 3;
  const parts: Uint8Array[] = [];
  for (let at = 8; at < bytes.length;) {
    const length = view.getUint32(at);
    const name = new TextDecoder().decode(bytes.subarray(at + 4, at + 8));
    if (name === "IDAT") parts.push(bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const raw = inflateSync(Buffer.concat(parts));
  const row = 1 + size[0] * perPixel;
  let colors = 0;
  for (let y = 1; y < size[1]; y++) {
    // Filter 2 is "as above": a row of noughts after it repeats the row before.
    const own = raw.subarray(y * row, (y + 1) * row);
    if (own[0] !== 2 || own.subarray(1).some((byte) => byte !== 0)) colors++;
  }
  return { size, first: raw[1] ?? 0, colors };
}
