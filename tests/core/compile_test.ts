/** What compile knows of columns: which are taken as they are, which may change, what is said of who is hit. */
import assert from "node:assert/strict";
import {
  bindKey,
  isRedefined,
  mayChange,
  nameProblems,
  publishedColumns,
  schemaChange,
  withHits,
} from "../../src/core/compile.ts";
import { emptyState } from "../../src/core/fold.ts";
import type { State } from "../../src/core/heads.ts";
import type { AssetKey, PartitionKey } from "../../src/core/key.ts";
import { plan } from "../../src/core/plan.ts";
import { problem } from "../../src/core/problem/problem.ts";
import type { Column } from "../../src/core/version.ts";
import { around, asset, key, layout } from "../kit/definitions.ts";
import { published } from "../kit/heads.ts";

const columns = (...names: string[]): readonly Column[] =>
  names.map((name) => ({ name, type: "INTEGER" }));

function stateOf(heads: Readonly<Record<string, readonly Column[]>>, code?: string): State {
  const state = emptyState();
  for (const [name, schema] of Object.entries(heads)) {
    const one = published(name, "", { schema, code: code ?? `code of ${name}` });
    state.heads.set(name as AssetKey, new Map([["" as PartitionKey, one]]));
  }
  return state;
}

const CHAIN = [asset("a"), asset("b", { deps: ["a"] }), asset("c", { deps: ["b"] })];

Deno.test("columns are those of what is published; what is no table has none that are known", () => {
  const state = stateOf({ a: columns("x"), b: [] });
  assert.deepEqual(publishedColumns(state, key("a")), columns("x"));
  assert.equal(publishedColumns(state, key("b")), null);
  assert.equal(publishedColumns(state, key("c")), null);
});

Deno.test("redefined is what was never published, or was with another code", () => {
  const lay = layout(CHAIN);
  const state = stateOf({ a: columns("x") });
  assert.equal(isRedefined(lay, state, key("a")), false);
  assert.equal(isRedefined(lay, state, key("b")), true);
  assert.equal(isRedefined(lay, stateOf({ a: columns("x") }, "old"), key("a")), true);
});

Deno.test("what is new, or runs for its code or inputs, may change; what was only asked for may not", () => {
  const lay = layout(CHAIN);
  const may = (state: State, requested: Readonly<Record<string, string>> = {}) => {
    const circumstances = around({ requested: new Map(Object.entries(requested)) });
    const scope = new Map(CHAIN.slice(0, 1).map((each) => [each.key, null]));
    return [...mayChange(plan(lay, state, scope, circumstances).steps, state)];
  };
  assert.deepEqual(may(emptyState()), ["a"]);
  assert.deepEqual(may(stateOf({ a: columns("x") }), { a: "asked for" }), []);
  assert.deepEqual(may(stateOf({ a: columns("x") }, "old")), ["a"]);
});

Deno.test("the key differs with the query, the columns read, the contract; settings only where they are used", () => {
  const [a, b] = CHAIN;
  const base = { timezone: "UTC", settings: { x: 1 }, files: "" };
  const of = (def = b!, schema = columns("x"), more = {}) =>
    bindKey(def, [[a!.key, schema]], { ...base, ...more });
  assert.equal(of(), of());
  assert.notEqual(of(), of({ ...b!, codeVersion: "other" }));
  assert.notEqual(of(), of(b!, columns("x", "y")));
  assert.notEqual(of(), of(b!, columns("x"), { files: "t.csv 1 2" }));
  assert.equal(of(), of(b!, columns("x"), { settings: { x: 2 } }));
  const line = { text: "", line: 1, ordered: false, files: [], volatile: false };
  const uses = { ...b!, sql: { ...line, parameters: ["config.x"] } };
  assert.notEqual(of(uses), of(uses, columns("x"), { settings: { x: 2 } }));
});

Deno.test("a problem names who is hit, and what had the column until now", () => {
  const state = stateOf({ a: columns("x"), b: columns("x") });
  const lay = layout(CHAIN, state);
  const found = problem("sql-bind", {
    message: "Cannot build b",
    why: "a has no column x",
    fields: { name: "x" },
  });
  const told = withHits(found, lay, state, key("b"), () => columns("y"));
  assert.equal(
    told.why,
    "a has no column x; it was there until the definition of a changed; hit too: c",
  );
  assert.deepEqual(told.fields?.["downstream"], ["c"]);
  assert.equal(told.where?.file, lay.def(key("b")).origin.file);
});

Deno.test("a change of columns is what was added, removed, or has another type", () => {
  const lay = layout(CHAIN);
  const before = columns("x", "y");
  const after = [{ name: "x", type: "VARCHAR" }, { name: "z", type: "DATE" }];
  assert.equal(schemaChange(lay, key("a"), before, before), null);
  assert.equal(schemaChange(lay, key("a"), null, before), null);
  assert.deepEqual(schemaChange(lay, key("a"), before, after), {
    asset: "a",
    added: [{ name: "z", type: "DATE" }],
    removed: [{ name: "y", type: "INTEGER" }],
    retyped: [{ name: "x", from: "INTEGER", to: "VARCHAR" }],
    downstream: ["b", "c"],
  });
});

Deno.test("columns that a chart names are there; a chart of a query of its own is that query's affair", () => {
  const said = (chart: Record<string, string | string[]>) =>
    nameProblems(asset("a", { charts: [{ type: "line", ...chart }] }), columns("day", "num"))
      .map(({ message, hint, fields }) => `${message} ${fields?.["name"]} ${hint}`);
  assert.deepEqual(said({ x: "day", y: "NUM", sort: "-num", title: "nothing of it" }), []);
  assert.deepEqual(said({ x: "dy", y: ["num", "nothing"] }), [
    "Cannot use the line chart dy did you mean day?",
    "Cannot use the line chart nothing name a column that it has",
  ]);
  assert.deepEqual(said({ x: "week", from: "select 1 as week" }), []);
});
