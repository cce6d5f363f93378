/** Frames: every line as wide as the terminal at every size, in every style; nothing of the data reaches it raw. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { problem } from "../../src/core/problem/problem.ts";
import { stepKey } from "../../src/core/key.ts";
import { update } from "../../src/dashboard/update.ts";
import { view } from "../../src/dashboard/view.ts";
import { firstModel } from "../../src/dashboard/first.ts";
import { keyMap } from "../../src/dashboard/bindings.ts";
import { asciiStyle, plainStyle, type Style } from "../../src/term/style.ts";
import { asset, key, months, NOW } from "../kit/definitions.ts";
import { failing, made, World } from "../kit/world.ts";
import { board, modelOf, press, screenOf, textOf } from "./kit.ts";

const STYLES: readonly (readonly [string, Style])[] = [
  ["none", plainStyle],
  ["ascii", asciiStyle],
  ...(["16", "256", "16m"] as const).map((color) =>
    [color, { ...plainStyle, color, animate: true }] as const
  ),
];

const ASSETS = [
  asset("trips", { group: "tables", partitions: months("2023-01", "2023-12") }),
  asset("a_name_that_is_longer_than_most_columns_of_most_terminals_are_wide", { group: "tables" }),
  asset("日本の表", { group: "Ünïcode 🚕", deps: ["trips"] }),
  asset("broken", { deps: ["trips"] }),
];

async function data() {
  const world = new World();
  const { state } = await world.up(
    ASSETS,
    async (order, hooks) =>
      order.definition.key === "broken"
        ? failing("no\x1b[31m such\ncolumn: \u202eevil")
        : await made()(order, hooks),
  );
  const step = stepKey(key("trips"), "2023-02" as never);
  return board(ASSETS, {
    state,
    claims: [{
      asset: key("trips"),
      partition: "2023-02" as never,
      run: "r1" as never,
      attempt: "a1" as never,
      number: 2,
      holder: "me" as never,
      action: "materialize",
      since: NOW - 3400,
      code: "",
      inputs: "",
      pool: null,
      event: 1,
    }],
    progress: new Map([[step, {
      first: { fraction: 0, bytes: 0, totalBytes: 48_000_000 },
      firstAt: NOW - 3000,
      last: { fraction: null, bytes: 12_000_000, totalBytes: 48_000_000, text: "\x1b]0;x\x07" },
      lastAt: NOW,
    }]]),
    trends: new Map([[key("trips"), { seconds: [1, 2, 3], rows: [1, 2, 3] }]]),
    due: new Map([[key("trips"), { at: NOW + 3_600_000, by: "mornings" }]]),
    problems: [
      problem("sql-syntax", { message: "bad\x07", where: { file: "assets/b.sql", line: 1 } }),
    ],
  });
}

Deno.test("every size and style: as many lines as rows, each exactly as wide", async () => {
  const shown = await data();
  for (const [, style] of STYLES) {
    for (
      const [columns, rows] of [[40, 12], [41, 13], [60, 15], [80, 24], [120, 30], [140, 45], [
        250,
        60,
      ]] as const
    ) {
      const model = modelOf(shown, { columns, rows, style });
      for (const keys of [[], ["?"], [":", "r"], ["/", "t"], ["R"], ["6"], ["O"]]) {
        screenOf(press(model, ...keys).model);
      }
    }
  }
});

Deno.test("very small terminals are drawn too", async () => {
  const shown = await data();
  for (let columns = 10; columns < 40; columns += 3) {
    for (const rows of [3, 5, 8]) screenOf(modelOf(shown, { columns, rows }));
  }
});

Deno.test("control characters of names, problems and progress never reach the terminal", async () => {
  for (const keys of [[], ["6"], ["enter"]]) {
    const { lines } = view(press(modelOf(await data(), { columns: 140, rows: 45 }), ...keys).model);
    for (const line of lines) {
      // deno-fmt-ignore
      const bad = [...line].filter((char) => char < " " || char === "\x7f" || char === "\u202e");
      deepEqual(bad, [], JSON.stringify(line));
    }
  }
});

Deno.test("what is at work has a bar, its share, its rate and how long it takes still", async () => {
  const text = textOf(modelOf(await data(), { columns: 120, rows: 30 }));
  ok(/● trips 2023-02 .*25%.*3\.4 s +try 2 .*12 MB of 48 MB/.test(text), text);
});

Deno.test("what waits for a pool says for which, and since when", async () => {
  const shown = await data();
  const waits = [{ step: "trips[2023-03]", pool: "downloads", since: NOW - 12_000 }];
  const model = modelOf({ ...shown, waits }, { columns: 100, rows: 30 });
  const text = textOf(model);
  ok(/at work: 1, waiting for a pool: 1/.test(text), text);
  ok(/‖ trips\[2023-03\] +waits for pool downloads +12 s/.test(text), text);
  screenOf(modelOf({ ...shown, waits: Array.from({ length: 40 }, () => waits[0]!) }));
});

Deno.test("nothing changed: the same lines, so that nothing is written", async () => {
  const shown = await data();
  const model = modelOf(shown);
  const [again] = update(model, { kind: "ticked", now: model.now, frame: model.frame });
  deepEqual(view(again), view(model));
});

Deno.test("the first frame stands before anything is known", () => {
  const model = firstModel({
    columns: 80,
    rows: 24,
    style: plainStyle,
    now: NOW,
    role: { kind: "keeps", by: "" },
    readOnly: false,
    keys: keyMap(),
    clock: true,
    mouse: true,
    filter: "",
    memory: null,
  });
  ok(screenOf(model).some((line) => line.includes("looking")));
  equal(press(model, "r", "down", "enter", "/", "x", "escape").model.data, null);
});
