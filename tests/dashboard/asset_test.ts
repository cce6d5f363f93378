/** The asset screen: its sections at every size, the walk over partitions, versions, and what acting keys are about. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { emptyState } from "../../src/core/fold.ts";
import type { Head } from "../../src/core/heads.ts";
import type { Event } from "../../src/core/event.ts";
import type { AssetKey, PartitionKey, RunId, VersionId } from "../../src/core/key.ts";
import type { TimeScheme } from "../../src/core/partition/scheme.ts";
import { problem } from "../../src/core/problem/problem.ts";
import type { Effect } from "../../src/dashboard/board.ts";
import type { Model } from "../../src/dashboard/model.ts";
import { placeOf } from "../../src/dashboard/model.ts";
import { open } from "../../src/dashboard/change.ts";
import { update } from "../../src/dashboard/update.ts";
import { view } from "../../src/dashboard/view.ts";
import { asset, months, NOW } from "../kit/definitions.ts";
import { failure, head, published } from "../kit/heads.ts";
import { check, log, made } from "../views/samples.ts";
import { answered, asked, numbered } from "./answering.ts";
import { board, modelOf, type ModelOptions, press, screenOf, textOf } from "./kit.ts";

const SCHEMA = [{ name: "month", type: "DATE" }, { name: "sum", type: "BIGINT" }];
const NOT_NULL = {
  name: "not_null(month)",
  kind: "not_null",
  columns: ["month"],
  expect: {},
  severity: "error",
  blocking: true,
  scope: "partition",
  warnAt: null,
  errorAt: null,
  reads: [],
} as const;

const ASSETS = [
  asset("sales", {
    partitions: months("2023-01", "2024-01"),
    description: "All that was sold\x1b[2J",
    checks: [NOT_NULL],
    charts: [{ type: "line", x: "month", y: "sum" }],
  }),
  asset("totals", { deps: ["sales"], checks: [NOT_NULL], owner: "finance" }),
  asset("unasked", { partitions: { type: "dynamic" } }),
  asset("nothing_yet", { charts: [{ type: "number", value: "sum" }] }),
];

const QUARTER = { ...months("2023-01", "2023-04"), type: "time" } as TimeScheme;
const KEYS = Array.from({ length: 12 }, (_, at) => `2023-${String(at + 1).padStart(2, "0")}`);

function shop() {
  const state = emptyState();
  const put = (name: string, heads: readonly Head[]) =>
    state.heads.set(name as AssetKey, new Map(heads.map((each) => [each.partition, each])));
  put(
    "sales",
    KEYS.slice(0, 10).map((partition, at) =>
      at === 4
        ? head("sales", partition, {
          event: 40,
          failure: failure("sales", {
            problem: problem("check-failed", { message: "Cannot publish sales", why: "bad rows" }),
            checks: [check({
              name: "not_null(month)",
              outcome: "failed",
              failing: 3,
              sample: [{ month: null, sum: 7 }],
            })],
          }),
        })
        : published("sales", partition, {
          schema: SCHEMA,
          rows: 31,
          checks: [check({ name: "not_null(month)" })],
        }, { event: at + 1 })
    ),
  );
  put("totals", [published("totals", "", { schema: SCHEMA, rows: 12, event: 50 }, { event: 50 })]);
  return board(ASSETS, { state, fingerprint: "f" });
}

function on(name: string, options: ModelOptions = {}): Model {
  const data = shop();
  const opened = open(modelOf(data, options), { screen: "asset", subject: name });
  return update(opened, { kind: "data", data })[0];
}

/** The model with a section open, by as many tabs as it takes. */
function section(model: Model, name: string): Model {
  let now = model;
  for (let tries = 0; now.states.asset.section !== name && tries < 10; tries++) {
    now = press(now, "tab").model;
  }
  equal(now.states.asset.section, name);
  return now;
}

const argvOf = (effects: readonly Effect[]) =>
  effects.flatMap((each) => each.kind === "command" ? [each.argv.join(" ")] : []);

/** What a key would run, whether it is asked about or done at once. */
function runs(model: Model, key: string): string {
  const { model: next, effects } = press(model, key);
  if (next.overlay?.kind === "confirm") return `? ${next.overlay.argv.join(" ")}`;
  return argvOf(effects)[0] ?? next.notice?.text ?? "";
}

Deno.test("asset: tab goes through the sections that it has, and round", () => {
  const through = (name: string) => {
    let now = on(name);
    const seen: string[] = [];
    do {
      seen.push(now.states.asset.section);
      now = press(now, "tab").model;
    } while (now.states.asset.section !== "about");
    equal(press(now, "shift+tab").model.states.asset.section, seen.at(-1));
    return seen.join(" ");
  };
  equal(
    through("sales"),
    "about rows charts columns checks partitions versions log source",
  );
  equal(through("totals"), "about rows columns checks versions log source");
  equal(through("nothing_yet"), "about log source");
});

const SIZES = [[40, 12], [60, 16], [80, 24], [119, 30], [120, 30], [140, 45], [160, 20]] as const;

Deno.test("asset: every section fills every size exactly, before and after its answers", () => {
  for (const [columns, rows] of SIZES) {
    for (const name of ["sales", "totals", "nothing_yet", "unasked"]) {
      let now = on(name, { columns, rows });
      do {
        screenOf(now);
        for (const place of asked(now)) {
          now = place === "asset:history"
            ? answered(now, place, { kind: "events", events: history() })
            : answered(now, place, { kind: "lines", lines: numbered(80, 200), head: 2 });
          screenOf(now);
        }
        for (const key of ["down", "pagedown", "G", "right", "left", "up", "g"]) {
          now = press(now, key).model;
          screenOf(now);
        }
        now = press(now, "tab").model;
      } while (now.states.asset.section !== "about");
    }
  }
});

function history() {
  const told = log(NOW - 3_600_000);
  const version = (run: string, rows: number, content: string) =>
    told.after(60_000).say({
      ...made("totals", "", rows, { version: run as VersionId, dataVersion: content as VersionId }),
      run: run as RunId,
    } as Event);
  return [
    version("run-1", 12, "d1"),
    version("run-2", 15, "d2"),
    version("run-3", 15, "d2"),
    version("run-4", 9, "d4"),
  ];
}

Deno.test("asset: about says what failed first, with the line that mends it, and no control character", () => {
  const lines = screenOf(on("sales"));
  match(lines[2] ?? "", /✗ sales {2}failed {2}9\/12 partitions/);
  match(lines[4] ?? "", /next: t tries again.*nycflow run sales --partition 2023-05/);
  ok(lines.some((line) => /error: Cannot publish sales/.test(line)));
  ok(!view(on("sales")).lines.join("").includes("\x1b[2J"));
});

Deno.test("asset: enter goes to what its state comes from, and esc back", () => {
  const first = on("totals");
  const told = answered(first, "asset:why", {
    kind: "why",
    why: {
      asset: "totals" as AssetKey,
      state: "stale",
      partition: "" as PartitionKey,
      chain: ["sales", "totals"].map((name) => ({
        asset: name as AssetKey,
        partition: "" as PartitionKey,
        kind: "upstream",
        text: `${name} has changed`,
        at: NOW - 60_000,
        version: null,
        file: null,
      })),
    },
  });
  match(textOf(told), /1 min ago.*sales has changed[^]*enter goes to sales, where it comes from/);
  const there = press(told, "enter").model;
  deepEqual(placeOf(there), { screen: "asset", subject: "sales" });
  deepEqual(placeOf(press(there, "escape").model), { screen: "asset", subject: "totals" });
  deepEqual(placeOf(press(first, "enter").model), { screen: "asset", subject: "totals" });
});

Deno.test("asset: an answer about another asset is not shown as this one's", () => {
  const first = answered(section(on("totals"), "rows"), "asset:rows", ["a of totals"]);
  match(textOf(first), /a of totals/);
  const other = update(open(first, { screen: "asset", subject: "sales" }), {
    kind: "data",
    data: shop(),
  })[0];
  ok(!textOf(section(other, "rows")).includes("a of totals"));
});

Deno.test("rows: the heading stays, columns are moved to, the end asks for more", () => {
  const lines = ["name ".repeat(30), "---- ".repeat(30), ...numbered(200, 150)];
  let now = answered(section(on("totals"), "rows"), "asset:rows", {
    kind: "lines",
    lines,
    head: 2,
    note: "the first 200 of 900 rows",
    more: true,
  });
  match(textOf(now), /the first 200 of 900 rows.*right shows more/);
  now = press(now, "pagedown").model;
  match(screenOf(now)[4] ?? "", /^name name/);
  match(screenOf(now)[6] ?? "", /^line 15 /);
  now = press(now, "right").model;
  match(screenOf(now)[6] ?? "", /^=+/);
  const end = press(now, "G");
  equal(end.effects.length, 1);
  deepEqual(end.effects[0]?.kind === "ask" && end.effects[0].want.ask, {
    kind: "preview",
    asset: "totals",
    limit: 1400,
  });
});

Deno.test("partitions: the cursor begins at what failed and walks; the terminal's cursor goes with it", () => {
  const first = section(on("sales"), "partitions");
  match(textOf(first), /✗ 2023-05 {2}failed/);
  deepEqual(view(first).cursor, { x: 6 + 4 * 2, y: 5 });
  const right = press(first, "right").model;
  match(textOf(right), /✓ 2023-06 {2}\S+/);
  deepEqual(view(right).cursor, { x: 6 + 5 * 2, y: 5 });
  match(textOf(press(first, "h").model), /2023-04/);
  match(textOf(press(first, "g").model), /2023-01/);
  match(textOf(press(first, "G").model), /2023-12 {2}missing/);
});

Deno.test("partitions: what acting keys are about", () => {
  const first = section(on("sales"), "partitions");
  const cases: readonly [keys: readonly string[], key: string, runs: string][] = [
    [[], "r", "run sales --partition 2023-05"],
    [[], "b", "? backfill sales --partition 2023-05"],
    [[], "u", "? rollback sales --partition 2023-05"],
    [["v", "right", "right"], "b", "? backfill sales --from 2023-05 --to 2023-07"],
    [["v", "left", "left"], "b", "? backfill sales --from 2023-03 --to 2023-05"],
    [["v", "right"], "r", "run sales --from 2023-05 --to 2023-06"],
    [["v", "right"], "R", "? run sales+ --from 2023-05 --to 2023-06"],
    [["v", "right"], "u", "one partition at a time is rolled back: unmark the block first"],
    [["v", "right", "v"], "r", "run sales --partition 2023-06"],
    [["v", "right", "escape"], "r", "run sales --partition 2023-06"],
  ];
  for (const [keys, key, expected] of cases) {
    equal(runs(press(first, ...keys).model, key), expected, `${keys.join(" ")} ${key}`);
  }
  equal(runs(on("sales"), "b"), "mark partitions of sales first");
  equal(runs(on("totals"), "v"), "totals has no partitions to mark");
  equal(press(on("sales"), "v").model.states.asset.section, "partitions");
});

Deno.test("partitions: named keys are marked as a block and named one by one; two dimensions in both", () => {
  const named = asset("cabs", { partitions: { type: "static", keys: ["fhv", "green", "yellow"] } });
  const both = asset("grid", {
    partitions: {
      type: "multi",
      dimensions: [
        { name: "month", scheme: QUARTER },
        { name: "cab", scheme: { type: "static", keys: ["green", "yellow"] } },
      ],
    },
  });
  const data = board([named, both]);
  const at = (name: string) => {
    const opened = open(modelOf(data), { screen: "asset", subject: name });
    return section(update(opened, { kind: "data", data })[0], "partitions");
  };
  equal(
    runs(press(at("cabs"), "g", "v", "G").model, "b"),
    "? backfill cabs --partition fhv --partition green --partition yellow",
  );
  const block = press(at("grid"), "g", "v", "right", "down").model;
  equal(block.states.asset.partition, "2023-02|yellow");
  equal(
    runs(block, "b"),
    "? backfill grid --partition 2023-01|green --partition 2023-01|yellow " +
      "--partition 2023-02|green --partition 2023-02|yellow",
  );
});

Deno.test("partitions: enter opens the run, o the log of the one under the cursor, esc comes back to all", () => {
  const first = section(on("sales"), "partitions");
  deepEqual(placeOf(press(first, "enter").model), { screen: "run", subject: "run1" });
  const { model: logs, effects } = press(first, "o");
  equal(logs.states.asset.section, "log");
  const ask = effects[0]?.kind === "ask" ? effects[0].want.ask : null;
  ok(ask?.kind === "logs");
  equal(ask.partition, "2023-05" as PartitionKey);
  equal(press(logs, "escape").model.states.asset.log, null);
});

Deno.test("versions: a line for each change, the newest first; enter shows what it did, u goes back to it", () => {
  const first = answered(section(on("totals"), "versions"), "asset:history", {
    kind: "events",
    events: history(),
  });
  const lines = screenOf(first).slice(5, 10).join("\n");
  match(lines, /current, -6 rows[^]*the same content[^]*\+3 rows[^]*the first/);
  const cases: readonly [keys: readonly string[], runs: string][] = [
    [[], "? rollback totals"],
    [["down"], "? rollback totals --back 1"],
    [["down", "down"], "? rollback totals --back 1"],
    [["G"], "? rollback totals --back 2"],
  ];
  for (const [keys, expected] of cases) {
    equal(runs(press(first, ...keys).model, "u"), expected, keys.join(" "));
  }
  const { model: open, effects } = press(first, "down", "down", "enter");
  const ask = effects[0]?.kind === "ask" ? effects[0].want.ask : null;
  deepEqual(ask, { kind: "diff", asset: "totals", event: 2 });
  const shown = answered(open, "asset:diff", ["+3 added"]);
  match(textOf(shown), /\+3 added/);
  match(textOf(press(shown, "escape").model), /current, -6 rows/);
});

Deno.test("versions: where there is room the difference of the marked one stands beside the list", () => {
  const first = answered(
    section(on("totals", { columns: 140, rows: 40 }), "versions"),
    "asset:history",
    {
      kind: "events",
      events: history(),
    },
  );
  const shown = answered(first, "asset:diff", ["-6 removed"]);
  match(textOf(shown), /current, -6 rows.*│/);
  match(textOf(shown), /│ -6 removed/);
});

Deno.test("log: it is kept at its end until one moves away from it", () => {
  const first = answered(section(on("totals"), "log"), "asset:log", numbered(100));
  match(textOf(first), /line 100/);
  const up = press(first, "up").model;
  equal(up.states.asset.follow, false);
  ok(!textOf(up).includes("line 100"));
  equal(press(up, "down").model.states.asset.follow, true);
});

Deno.test("source: e opens the editor at the line that is seen", () => {
  const first = answered(section(on("totals"), "source"), "asset:source", numbered(100));
  const { effects } = press(first, "pagedown", "e");
  const edit = effects.find((each) => each.kind === "edit");
  equal(edit?.kind === "edit" ? edit.line : 0, first.rows - 4 - 2 - 1 - 1 + 1);
});

Deno.test("asset: one that is gone is told", () => {
  const data = shop();
  const gone = update(open(modelOf(data), { screen: "asset", subject: "other" }), {
    kind: "data",
    data,
  })[0];
  match(textOf(gone), /there is no asset other any more/);
  screenOf(press(gone, "down", "tab", "v", "u", "y", "e", "enter").model);
});

Deno.test("asset: the mouse opens sections and goes to partitions", () => {
  const first = on("sales");
  const tabs = screenOf(first)[3] ?? "";
  const click = (model: Model, column: number, row: number) =>
    update(model, {
      kind: "key",
      key: {
        name: "mouse",
        ctrl: false,
        alt: false,
        shift: false,
        text: "",
        mouse: { action: "press", button: "left", column, row },
      },
    })[0];
  const there = click(first, tabs.indexOf("partitions"), 3);
  equal(there.states.asset.section, "partitions");
  match(textOf(click(there, 6 + 2 * 2, 5)), /2023-03 {2}\S+/);
});
