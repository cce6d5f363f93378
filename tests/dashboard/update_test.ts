/** What keys, data and answers make of the dashboard, as tables. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { problem } from "../../src/core/problem/problem.ts";
import { BINDINGS, bindingsOn, keyMap } from "../../src/dashboard/bindings.ts";
import { update } from "../../src/dashboard/update.ts";
import { placeOf } from "../../src/dashboard/model.ts";
import { SCREEN_NAMES, TABS } from "../../src/dashboard/states.ts";
import { asset, key } from "../kit/definitions.ts";
import { failing, made, World } from "../kit/world.ts";
import { board, keysOf, modelOf, press, screenOf, textOf, type } from "./kit.ts";

const SHOP = [
  asset("orders", { group: "raw" }),
  asset("customers", { group: "raw" }),
  asset("sales", { group: "reports", deps: ["orders", "customers"] }),
  asset("map", { group: "reports", deps: ["sales"] }),
];

async function shop(fails: readonly string[] = []) {
  const world = new World();
  const { state } = await world.up(
    SHOP,
    async (order, hooks) =>
      fails.includes(order.definition.key)
        ? failing("no such column: amuont")
        : await made()(order, hooks),
  );
  return board(SHOP, { state });
}

Deno.test("tabs: each number and tab opens its screen; escape does not leave", async () => {
  const first = modelOf(await shop());
  TABS.forEach((screen, index) => {
    equal(placeOf(press(first, `${index + 1}`).model).screen, screen);
  });
  equal(placeOf(press(first, "tab").model).screen, "lineage");
  equal(placeOf(press(first, "shift+tab").model).screen, "problems");
  deepEqual(press(first, "escape").effects, []);
});

Deno.test("tabs: where there is no room for all, the clock gives way to them", async () => {
  const data = { ...await shop(), settings: { keys: {}, clock: true, mouse: true } };
  match(screenOf(modelOf(data))[0] ?? "", /6 problems +12:00:00$/);
  const long = modelOf({ ...data, name: "shop", environment: "dev" });
  match(screenOf(long)[0] ?? "", /5 sql {2}6 problems$/);
});

Deno.test("the way back: an asset that was opened from another place comes back to it", async () => {
  const first = modelOf(await shop());
  const opened = press(first, "enter").model;
  deepEqual(placeOf(opened), { screen: "asset", subject: "customers" });
  equal(placeOf(press(opened, "escape").model).screen, "overview");
});

Deno.test("what failed stands first, with why; a key runs it again, and says what it typed", async () => {
  const model = modelOf(await shop(["sales"]));
  const lines = screenOf(model);
  const at = lines.findIndex((line) => line.includes("failed 1"));
  ok(at > 0 && at < 5, "the failed ones have the first heading");
  match(lines[at + 1] ?? "", /✗ sales .*no such col/);
  const { model: next, effects } = press(model, "t");
  deepEqual(effects, [{ kind: "command", argv: ["run", "sales"], show: false }]);
  match(textOf(next), /nycflow run sales/);
});

Deno.test("what costs much or cannot be taken back is asked about, with its command line", async () => {
  const model = modelOf(await shop());
  for (
    const [name, line] of [
      ["R", "nycflow run customers+"],
      ["F", "nycflow run customers --force"],
    ] as const
  ) {
    const asked = press(model, name);
    deepEqual(asked.effects, [], "nothing is done before the answer");
    ok(textOf(asked.model).includes(line));
    deepEqual(press(asked.model, "n").effects, []);
    deepEqual(press(asked.model, "x").effects, [], "another key is no answer");
    equal(press(asked.model, "y").effects[0]?.kind, "command");
  }
});

Deno.test("dash does nothing: every acting key says what to type instead", async () => {
  const data = await shop(["sales"]);
  const model = modelOf(data, { readOnly: true, role: { kind: "looks", by: "" } });
  for (const { action, keys, acts, on } of BINDINGS) {
    if (acts !== true || !(on ?? ["overview"]).includes("overview")) continue;
    const { model: next, effects } = press(model, keys[0] ?? "");
    deepEqual(effects, [], action);
    ok(next.notice !== null || next.overlay !== null, `${action} says something`);
    equal(next.overlay, null, action);
  }
  match(press(model, "t").model.notice?.text ?? "", /nycflow run sales/);
});

Deno.test("the filter: part of a name, a selection, and what cannot be read says so", async () => {
  const data = await shop(["sales"]);
  const model = modelOf(data);
  const part = press(type(press(model, "/").model, "or").model, "enter").model;
  deepEqual(part.shown.keys, ["orders"]);
  const selection = type(press(model, "/").model, "is:failed+").model;
  deepEqual([...selection.shown.keys].sort(), ["map", "sales"]);
  const odd = type(press(model, "/").model, "sales and (").model;
  ok(odd.shown.problem !== null);
  match(textOf(odd), /\/sales and \(/);
  equal(press(odd, "escape").model.filter, "", "escape takes it back");
  const cleared = press(part, "escape").model;
  equal(cleared.filter, "", "and shows all where one is set");
});

Deno.test("commands: typed, completed, remembered; q leaves", async () => {
  const model = modelOf(await shop());
  const open = type(press(model, ":").model, "run sa");
  const asked = press(open.model, "tab");
  deepEqual(asked.effects, [{ kind: "complete", words: ["run", "sa"] }]);
  const [offered] = update(asked.model, { kind: "completed", candidates: ["sales"] });
  match(textOf(offered), /:run sales/, "what alone fits is put in at once");
  const two = update(asked.model, { kind: "completed", candidates: ["sales", "sand"] })[0];
  match(textOf(press(two, "tab", "tab").model), /:run sand/);
  const late = update(press(asked.model, "x").model, { kind: "completed", candidates: ["sales"] });
  match(textOf(late[0]), /:run sax/);
  const done = offered;
  const { effects, model: after } = press(done, "enter");
  deepEqual(effects, [{ kind: "command", argv: ["run", "sales"], show: false }]);
  match(textOf(press(after, ":", "up").model), /:run sales/);
  deepEqual(press(type(press(model, ":").model, "q").model, "enter").effects, [{ kind: "quit" }]);
  const followed = press(type(press(model, ":").model, "logs -f").model, "enter");
  deepEqual(followed.effects, [], "it would never end");
  const shown = press(type(press(model, ":").model, "why sales").model, "enter");
  deepEqual(shown.effects, [{ kind: "command", argv: ["why", "sales"], show: true }]);
  const [output] = update(shown.model, {
    kind: "commanded",
    argv: ["why", "sales"],
    show: true,
    code: 0,
    lines: ["because"],
  });
  match(textOf(output), /because/);
  equal(press(output, "escape").model.overlay, null);
});

Deno.test("leaving: at once where nothing runs, else asked; a second ctrl+c ends it", async () => {
  const idle = modelOf(await shop());
  deepEqual(press(idle, "q").effects, [{ kind: "quit" }]);
  deepEqual(press(idle, "ctrl+c").effects, [{ kind: "quit" }]);
  const busy = press(idle, "r").model;
  const asked = press(busy, "q");
  deepEqual(asked.effects, []);
  match(textOf(asked.model), /wait for it, then leave/);
  const waiting = press(asked.model, "w");
  deepEqual(waiting.effects, [{ kind: "stop", how: "wait" }]);
  deepEqual(press(waiting.model, "ctrl+c").effects, [{ kind: "stop", how: "kill" }]);
  const stopped = press(busy, "ctrl+c");
  deepEqual(stopped.effects, [{ kind: "stop", how: "wait" }], "ctrl+c asks nothing");
  match(textOf(stopped.model), /leaving/);
  deepEqual(press(stopped.model, "ctrl+c").effects, [{ kind: "stop", how: "kill" }]);
  deepEqual(press(asked.model, "escape").model.leaving, false);
});

Deno.test("the help is the table: each of its keys does something where it is listed", async () => {
  const data = await shop(["sales"]);
  for (const screen of SCREEN_NAMES) {
    const model = { ...modelOf(data), places: [{ screen, subject: "sales" }] };
    const lines = screenOf(press(model, "f1").model).join("\n");
    for (const { help } of bindingsOn(keyMap(), screen).slice(0, 10)) {
      ok(lines.includes(help.slice(0, 40)), `${screen}: ${help}`);
    }
  }
});

Deno.test("escape and a key in one piece are both", async () => {
  const model = type(press(modelOf(await shop()), "/").model, "or").model;
  const { effects, model: next } = press(press(model, "enter").model, "alt+q");
  equal(next.filter, "");
  deepEqual(effects, [{ kind: "quit" }]);
  const first = modelOf(await shop());
  equal(placeOf(press(first, "?", "alt+3").model).screen, "runs", "over the help");
  equal(placeOf(press(first, ":", "x", "alt+3").model).screen, "runs", "in the line of commands");
  equal(press(first, ":", "x", "space", "y", "alt+b", "z").model.overlay?.kind, "command");
  equal(placeOf(press(first, "5", "x", "alt+3").model).screen, "runs", "in the editor");
  equal(textOf(press(first, "5", "x", "y", "alt+b", "z").model).includes("zxy"), true);
});

Deno.test("keys of the configuration: they replace, and take from whoever had them", async () => {
  const data = {
    ...await shop(),
    settings: { keys: { run: ["x"], quit: ["ctrl+q"] }, clock: false, mouse: true },
  };
  const model = modelOf(data);
  deepEqual(press(model, "x").effects, [{
    kind: "command",
    argv: ["run", "customers"],
    show: false,
  }]);
  deepEqual(press(model, "q").effects, []);
  deepEqual(press(model, "ctrl+q").effects, [{ kind: "quit" }]);
});

Deno.test("definitions that break are told at once, and shown with their lines", async () => {
  const data = await shop();
  const broken = problem("sql-syntax", {
    message: "Cannot read the query of sales",
    where: {
      file: "assets/sales.sql",
      line: 3,
      column: 8,
      source: "select froom",
      asset: key("sales"),
    },
    why: "syntax error at froom",
    hint: "did you mean from?",
  });
  const [model] = update(modelOf(data), { kind: "data", data: { ...data, problems: [broken] } });
  match(textOf(model), /1 wrong with the definitions/);
  const shown = press(model, "6").model;
  match(textOf(shown), /assets\/sales\.sql:3:8/);
  match(textOf(shown), /select froom/);
  match(textOf(shown), /1 error; nothing is run until this is mended/);
  const good = { ...data, problems: [broken], fingerprint: "of the last good ones" };
  match(
    textOf(update(shown, { kind: "data", data: good })[0]),
    /the last good definitions are used/,
  );
  match(textOf(modelOf(board([], { problems: [broken] }))), /cannot be read: 6 shows why/);
  deepEqual(press(shown, "enter").effects, [{ kind: "edit", file: "assets/sales.sql", line: 3 }]);
  const [right] = update(shown, { kind: "data", data });
  match(textOf(right), /right again/);
});

Deno.test("marks stay on what they are on when others come and go", async () => {
  const data = await shop();
  const model = press(modelOf(data), "down").model;
  equal(model.states.overview.selected, "orders");
  const [failed] = update(model, { kind: "data", data: await shop(["sales"]) });
  equal(failed.states.overview.selected, "orders");
});

Deno.test("the mouse: tabs and lines are pressed, a second press opens", async () => {
  const model = modelOf(await shop());
  const tab = screenOf(model)[0]?.indexOf("3 runs") ?? -1;
  const at = (column: number, row: number) => keysOf(`\x1b[<0;${column + 1};${row + 1}M`)[0]!;
  const [runs] = update(model, { kind: "key", key: at(tab, 0) });
  equal(placeOf(runs).screen, "runs");
  const row = screenOf(model).findIndex((line) => line.includes("map"));
  const [once] = update(model, { kind: "key", key: at(5, row) });
  equal(once.states.overview.selected, "map");
  const [twice] = update(once, { kind: "key", key: at(5, row) });
  deepEqual(placeOf(twice), { screen: "asset", subject: "map" });
});
