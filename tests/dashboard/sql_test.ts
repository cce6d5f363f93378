/** The SQL screen: typing, completion, history, asking, interrupting, the result as it is moved. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { emptyState } from "../../src/core/fold.ts";
import type { AssetKey } from "../../src/core/key.ts";
import { problem } from "../../src/core/problem/problem.ts";
import { memoryOf, readMemory } from "../../src/dashboard/first.ts";
import { type Model, placeOf } from "../../src/dashboard/model.ts";
import { update } from "../../src/dashboard/update.ts";
import { view } from "../../src/dashboard/view.ts";
import { asset } from "../kit/definitions.ts";
import { published } from "../kit/heads.ts";
import { answered, asked, numbered } from "./answering.ts";
import { board, keyOf, modelOf, type ModelOptions, press, screenOf, textOf, type } from "./kit.ts";

function shop() {
  const state = emptyState();
  const schema = [{ name: "period", type: "DATE" }, { name: "num_trips", type: "BIGINT" }];
  state.heads.set(
    "trips" as AssetKey,
    new Map([["" as never, published("trips", "", { schema })]]),
  );
  return board([asset("trips"), asset("never_made")], { state });
}

const on = (options: ModelOptions = {}) => press(modelOf(shop(), options), "5").model;

const textIn = (model: Model) => model.states.sql.editor.edited.text;

/** What is asked after these keys. */
function query(model: Model, ...keys: readonly string[]) {
  const { model: next, effects } = press(model, ...keys);
  const ask = effects.flatMap((each) =>
    each.kind === "ask" && each.want.ask.kind === "sql" ? [each.want.ask] : []
  );
  return { model: next, ask: ask[0] ?? null };
}

Deno.test("sql: enter runs what ends in ;, else begins a line; ctrl+r runs always", () => {
  const open = type(on(), "from trips").model;
  const line = press(open, "enter").model;
  equal(textIn(line), "from trips\n");
  equal(query(open, "enter").ask, null);
  const whole = query(open, ";", "enter");
  deepEqual(whole.ask, { kind: "sql", text: "from trips;", limit: 1000, form: "table", rows: 16 });
  equal(textIn(whole.model), "from trips;", "it stays to be changed");
  equal(query(open, "ctrl+r").ask?.text, "from trips");
  const again = query(answered(whole.model, "sql:result", ["a"]), "ctrl+r");
  equal(again.ask?.text, "from trips;", "the same is asked anew");
  equal(query(type(on(), "select ';").model, "enter").ask, null, "a ; in a text ends nothing");
  equal(query(on(), "ctrl+r").ask, null);
});

Deno.test("sql: letters and digits are text here, and actions in the result", () => {
  const typed = type(on(), "1q:/?").model;
  equal(textIn(typed), "1q:/?");
  const result = press(typed, "escape").model;
  equal(placeOf(press(result, "1").model).screen, "overview");
  equal(press(result, "?").model.overlay?.kind, "help");
  equal(press(result, "i").model.states.sql.section, "editor");
  equal(press(on(), "f1").model.overlay?.kind, "help");
});

Deno.test("sql: tab completes tables and their columns; with nothing written it leads to the result", () => {
  equal(textIn(press(type(on(), "from tr").model, "tab").model), "from trips");
  equal(textIn(press(type(on(), "select num_").model, "tab").model), "select num_trips");
  equal(textIn(press(type(on(), "from nycflow.r").model, "tab").model), "from nycflow.runs");
  const several = press(type(on(), "sel").model, "tab").model;
  equal(textIn(several), "select");
  ok(!textIn(press(type(on(), "from nev").model, "tab").model).includes("never_made"));
  equal(press(on(), "tab").model.states.sql.section, "result");
});

Deno.test("sql: earlier queries come back, over restarts too, and what was being written stays", () => {
  let now = query(type(on(), "from trips;").model, "enter").model;
  now = answered(now, "sql:result", ["a"]);
  now = press(now, "ctrl+c").model;
  now = query(type(now, "select 2;").model, "enter").model;
  now = answered(now, "sql:result", ["b"]);
  equal(textIn(press(now, "up").model), "from trips;", "the one before what stands there");
  const memory = readMemory(JSON.stringify(memoryOf(now)));
  ok(memory);
  const later = press(modelOf(shop(), { memory: { ...memory, places: [] } }), "5").model;
  equal(textIn(press(later, "up").model), "select 2;");
  equal(textIn(press(later, "up", "up").model), "from trips;");
  equal(textIn(press(type(later, "half").model, "up", "down").model), "half");
});

Deno.test("sql: a query at work is interrupted by esc and ctrl+c, and nothing is left", () => {
  const running = query(type(on(), "from trips;").model, "enter").model;
  deepEqual(asked(running), ["sql:result"]);
  match(textOf(running), /esc interrupts/);
  for (const key of ["escape", "ctrl+c"]) {
    deepEqual(press(running, key).effects, [{ kind: "interrupt" }]);
  }
  const over = answered(running, "sql:result", {
    kind: "problems",
    problems: [problem("cancelled", { message: "This was interrupted" })],
  });
  match(textOf(over), /error: This was interrupted/);
  deepEqual(press(over, "ctrl+c").effects, [], "the text is given up first");
  deepEqual(press(over, "ctrl+c", "ctrl+c").effects, [{ kind: "quit" }]);
});

Deno.test("sql: the rows are moved both ways under their heading, from the editor by pages", () => {
  const lines = ["head ".repeat(40), "---- ".repeat(40), ...numbered(100, 150)];
  const running = query(type(on(), "from trips;").model, "enter").model;
  const first = answered(running, "sql:result", {
    kind: "lines",
    lines,
    head: 2,
    note: "the first 1,000 rows, there are more; 40 ms",
    more: true,
  });
  match(textOf(first), /there are more; 40 ms.*right shows more/);
  const paged = press(first, "pagedown").model;
  equal(textIn(paged), "from trips;");
  match(textOf(paged), /head head[^]*line 14 /);
  const moved = press(first, "escape", "down", "right").model;
  match(screenOf(moved)[8] ?? "", /^=+/);
  match(textOf(press(moved, "G").model), /=+/);
});

Deno.test("sql: as a chart it is asked for at the size of its place, and anew where that changes", () => {
  const table = answered(query(type(on(), "from trips;").model, "enter").model, "sql:result", [
    "a",
  ]);
  const { model: charted, ask } = query(table, "ctrl+g");
  deepEqual(ask, { kind: "sql", text: "from trips;", limit: 1000, form: "chart", rows: 16 });
  const drawn = answered(charted, "sql:result", ["a chart"]);
  deepEqual(asked(drawn), []);
  const wider = update(drawn, { kind: "resized", columns: 100, rows: 30 });
  equal(wider[1].length, 1);
});

Deno.test("sql: problems stand below with their caret; every size is filled exactly", () => {
  const SIZES = [[40, 12], [60, 16], [80, 24], [120, 30], [140, 45], [160, 20]] as const;
  for (const [columns, rows] of SIZES) {
    let now = on({ columns, rows });
    screenOf(now);
    now = press(
      type(now, "select a_long_name_of_a_column, 数字, another from trips where").model,
      "enter",
    ).model;
    now = type(now, "x = 1 and y = 2;").model;
    screenOf(now);
    now = query(now, "enter").model;
    screenOf(now);
    now = answered(now, "sql:result", {
      kind: "problems",
      problems: [problem("query-failed", {
        message: "Cannot run the query",
        where: { line: 2, column: 1, length: 1, source: "x = 1 and y = 2" },
        why: "trips has no column x",
        hint: "name one that it has: period, num_trips",
      })],
    });
    match(textOf(now), /2 │ x = 1/);
    const { cursor } = view(now);
    ok(cursor !== null && cursor.x < columns && cursor.y < rows);
    for (const key of ["escape", "down", "right", "G", "tab", "up", "ctrl+s", "a", "escape"]) {
      now = press(now, key).model;
      screenOf(now);
    }
  }
});

Deno.test("sql: what is pasted keeps its lines, and no control character is drawn", () => {
  const key = { ...keyOf("paste"), name: "paste", text: "select 1,\n\t2\x1b[2J" };
  const [pasted] = update(on(), { kind: "key", key });
  equal(textIn(pasted), "select 1,\n  2[2J");
  ok(!view(pasted).lines.join("").includes("\x1b[2J"));
});
