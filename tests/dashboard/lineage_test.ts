/** The lineage screen: where keys lead, what is shown, and that a thousand assets cost no more than forty. */
import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import type { AssetDefinition } from "../../src/core/definition.ts";
import { placeOf } from "../../src/dashboard/model.ts";
import type { Model } from "../../src/dashboard/model.ts";
import { update } from "../../src/dashboard/update.ts";
import { asset } from "../kit/definitions.ts";
import { ascii, colored, plain } from "../views/samples.ts";
import { board, keysOf, modelOf, type ModelOptions, press, screenOf, textOf } from "./kit.ts";

/** Two ways lead from raw to the map; notes stands alone. */
const SHOP = [
  asset("raw", { group: "in" }),
  asset("other", { group: "in" }),
  asset("clean", { group: "mid", deps: ["raw"] }),
  asset("joined", { group: "mid", deps: ["raw", "other"] }),
  asset("sales", { group: "out", deps: ["clean", "joined"] }),
  asset("map", { group: "out", deps: ["sales"] }),
  asset("notes"),
];

function at(
  selected: string,
  options: ModelOptions = {},
  assets: readonly AssetDefinition[] = SHOP,
) {
  const model = press(modelOf(board(assets), options), "2").model;
  return select(model, selected);
}

/** As if it had been asked for from elsewhere. */
function select(model: Model, selected: string): Model {
  const states = { ...model.states, lineage: { ...model.states.lineage, selected } };
  return update({ ...model, states }, { kind: "ticked", now: model.now, frame: 0 })[0];
}

const marked = (model: Model) => model.states.lineage.selected;
const drawn = (model: Model) => model.states.lineage.drawn?.nodes.map(({ id }) => id) ?? [];

Deno.test("left and right go along arrows, up and down in the layer, home and end to first and last", () => {
  const rows: readonly (readonly [from: string, key: string, to: string])[] = [
    ["raw", "right", "clean"],
    ["clean", "l", "sales"],
    ["sales", "right", "map"],
    ["map", "right", "map"],
    ["map", "h", "sales"],
    ["joined", "left", "other"],
    ["other", "left", "other"],
    ["raw", "left", "raw"],
    ["joined", "down", "clean"],
    ["clean", "k", "joined"],
    ["other", "j", "raw"],
    ["raw", "down", "notes"],
    ["notes", "up", "raw"],
    ["notes", "right", "notes"],
    ["map", "g", "notes"],
    ["notes", "G", "map"],
  ];
  for (const [from, key, to] of rows) {
    equal(marked(press(at(from), key).model), to, `${key} from ${from}`);
  }
});

Deno.test("enter opens the asset, and escape comes back to where it was", () => {
  const { model } = press(at("joined"), "enter");
  deepEqual(placeOf(model), { screen: "asset", subject: "joined" });
  const back = press(model, "escape").model;
  equal(placeOf(back).screen, "lineage");
  equal(marked(back), "joined");
});

Deno.test("focus: what it stands on, what stands on it, the way between two; all again", () => {
  const sorted = (model: Model) => [...drawn(model)].sort();
  deepEqual(sorted(press(at("joined"), "U").model), ["joined", "other", "raw"]);
  deepEqual(sorted(press(at("joined"), "D").model), ["joined", "map", "sales"]);
  equal(drawn(press(at("joined"), "D", "a").model).length, SHOP.length);
  // From where it was focused to here.
  const path = press(at("other"), "D", "right", "right", "p").model;
  deepEqual(sorted(path), ["joined", "other", "sales"]);
  match(textOf(path), /between other and sales/);
  equal(drawn(press(path, "escape").model).length, SHOP.length, "escape shows all first");
  equal(placeOf(press(path, "escape").model).screen, "lineage");
  // Without a focus the first press says where it begins.
  const begun = press(at("clean"), "p").model;
  match(textOf(begun), /from clean/);
  deepEqual(sorted(press(begun, "right", "right", "p").model), ["clean", "map", "sales"]);
  match(textOf(press(select(begun, "notes"), "p").model), /no way leads between clean and notes/);
});

Deno.test("what is asked for from the overview is shown, whatever was focused on before", () => {
  const focused = press(at("joined"), "U").model;
  const asked = select(focused, "notes");
  equal(marked(asked), "notes");
  equal(drawn(asked).length, SHOP.length);
});

Deno.test("groups fold into one node each; one that is opened is unfolded", () => {
  const folded = press(at("joined"), "space").model;
  deepEqual(drawn(folded), ["notes", "in/", "mid/", "out/"]);
  equal(marked(folded), "mid/", "its group is marked");
  match(textOf(folded), /mid\/ 2/);
  const opened = press(folded, "enter").model;
  equal(drawn(opened).length, SHOP.length);
  equal(marked(opened), "clean");
  // A group is run as a group.
  deepEqual(press(folded, "r").model.overlay?.kind, "confirm");
});

Deno.test("the filter is one of the lineage too", () => {
  const model = press(at("raw"), "/", "a", "p", "enter").model;
  deepEqual(drawn(model), ["map"]);
  equal(marked(model), "map");
});

Deno.test("a press marks, a second one opens", () => {
  const model = at("raw");
  const row = screenOf(model).findIndex((line) => line.includes("joined"));
  const column = screenOf(model)[row]?.indexOf("joined") ?? -1;
  const key = keysOf(`\x1b[<0;${column + 1};${row + 1}M`)[0]!;
  const once = update(model, { kind: "key", key })[0];
  equal(marked(once), "joined");
  deepEqual(placeOf(update(once, { kind: "key", key })[0]), { screen: "asset", subject: "joined" });
});

Deno.test("the marked one is seen at every size and in every style, and no line is wider or narrower", () => {
  const wide = [
    ...SHOP,
    ...Array.from(
      { length: 30 },
      (_, i) =>
        asset(`step_${i}_of_a_long_chain_東京`, {
          deps: [i === 0 ? "map" : `step_${i - 1}_of_a_long_chain_東京`],
        }),
    ),
  ];
  for (const style of [plain, ascii, colored]) {
    for (const [columns, rows] of [[40, 12], [80, 24], [97, 30], [140, 45], [160, 10]] as const) {
      let model = at("raw", { columns, rows, style }, wide);
      for (
        const key of [
          "right",
          "right",
          "right",
          "down",
          "right",
          "right",
          "up",
          "left",
          "G",
          "left",
          "pageup",
        ]
      ) {
        model = press(model, key).model;
        const name = marked(model).slice(0, 5);
        // In the drawing itself, not only in what is said of it below.
        ok(
          screenOf(model).slice(2, -4).some((line) => line.includes(name)),
          `${marked(model)} at ${columns} × ${rows}:\n${textOf(model)}`,
        );
      }
    }
  }
  for (let columns = 40; columns <= 160; columns++) screenOf(at("sales", { columns }, wide));
});

Deno.test("without colour the marked one has brackets", () => {
  match(textOf(at("clean")), /\[· clean\]/);
  match(textOf(at("clean", { style: ascii })), /\[\. clean\]/);
});

/** A thousand assets, each reading two before it. */
const MANY = Array.from(
  { length: 1000 },
  (_, i) =>
    asset(`a${i}`, {
      deps: i === 0 ? [] : [...new Set([`a${(i - 1) >> 1}`, `a${Math.max(0, i - 7)}`])],
    }),
);

Deno.test("a thousand assets: what is near the marked one is drawn, it says so, and it can be walked", () => {
  let model = at("a500", {}, MANY);
  ok(drawn(model).length <= 40);
  match(textOf(model), /near a500/);
  // To the beginning along arrows, one layer after the other.
  for (let step = 0; step < 200 && marked(model) !== "a0"; step++) {
    model = press(model, "left").model;
    ok(drawn(model).includes(marked(model)));
  }
  equal(marked(model), "a0");
  equal(marked(press(model, "G").model), model.states.lineage.drawn?.whole.nodes.at(-1)?.id);
  // What is focused on and small enough is drawn whole again.
  const focused = press(at("a30", {}, MANY), "U").model;
  equal(focused.states.lineage.drawn?.around, null);
});

Deno.test("nothing is laid out anew but where something else is drawn", () => {
  const model = at("sales");
  const before = model.states.lineage.drawn;
  const after = (next: Model) => next.states.lineage.drawn;
  equal(after(update(model, { kind: "ticked", now: model.now + 1000, frame: 1 })[0]), before);
  equal(after(press(model, "left").model), before);
  // Other states of the same graph: other labels in the same places.
  const data = board(SHOP);
  const fed = update(model, { kind: "data", data: { ...data, graph: model.data!.graph } })[0];
  notEqual(after(fed), before);
  equal(after(fed)?.plan, before?.plan);
  equal(after(fed)?.placed, before?.placed);
  const small = update(model, { kind: "resized", columns: 40, rows: 12 })[0];
  equal(after(small)?.plan, before?.plan);
});
