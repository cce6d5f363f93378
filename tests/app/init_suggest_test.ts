// What `init --from` writes: names that SQL takes, YAML that is read as what was meant, suggestions that fit.

import assert from "node:assert/strict";
import fc from "fast-check";
import { parse } from "yaml";
import { columnNames, nameFrom } from "../../src/app/init_names.ts";
import { type NamedColumn, suggestedChart, suggestedChecks } from "../../src/app/init_suggest.ts";
import { yaml } from "../../src/app/init_yaml.ts";
import { parseAssetKey } from "../../src/core/key.ts";

const RESERVED = new Set(["order", "select", "at"]);

Deno.test("property: any text becomes a legal name that is no file to be left out", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    const name = nameFrom(text, RESERVED, "data");
    assert.ok(parseAssetKey(name).ok, name);
    assert.ok(!name.startsWith("_") && !RESERVED.has(name));
  }));
  assert.equal(nameFrom("2023 Sales (final)", RESERVED, "data"), "data_2023_sales_final");
  assert.equal(nameFrom("Order", RESERVED, "data"), "order_data");
  assert.equal(nameFrom("Umsätze", RESERVED, "data"), "umsätze");
  assert.equal(nameFrom("???", RESERVED, "data"), "data");
});

Deno.test("property: columns have names of their own, legal ones their old", () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: "grapheme", maxLength: 6 })), (names) => {
    const found = columnNames(names, RESERVED);
    assert.equal(new Set(found.map((each) => each.toLowerCase())).size, names.length);
    assert.ok(found.every((each) => parseAssetKey(each).ok));
  }));
  assert.deepEqual(columnNames(["Order", "OrderID", "a b", "A-B", "2021"], RESERVED), [
    "order_column",
    "OrderID",
    "a_b",
    "a_b_2",
    "column_2021",
  ]);
});

Deno.test("property: YAML gives every text back, and never ends the comment", () => {
  const texts = fc.oneof(
    fc.string({ unit: "binary" }).filter((each) => each.isWellFormed()),
    fc.constantFrom(
      "yes",
      "No",
      "null",
      "~",
      "1",
      "1.5",
      "2024-01-01",
      "- a",
      "#x",
      "*/",
      "a: b",
      "{x}",
      "",
    ),
  );
  fc.assert(
    fc.property(fc.array(texts), (list) => {
      const text = `[${list.map(yaml).join(", ")}]`;
      assert.deepEqual(parse(text), list);
      assert.ok(!text.includes("*/") && !text.includes("\n"));
    }),
    { numRuns: 500 },
  );
});

const column = (name: string, type: string, more: Partial<NamedColumn> = {}): NamedColumn => ({
  name,
  type,
  nulls: 0,
  distinct: 50,
  min: 1,
  max: 80,
  values: null,
  ...more,
});

Deno.test("suggestions: ranges around what is there, nothing of keys, nothing sure of a sample", () => {
  const columns = [
    column("id", "BIGINT", { distinct: 100 }),
    column("amount", "DECIMAL(18,2)", { min: "-3.20", max: "123.40" }),
    column("kind", "VARCHAR", { distinct: 2, min: "a", max: "b", values: ["b", "a"], nulls: 4 }),
  ];
  assert.deepEqual(suggestedChecks(columns, 100, false), [
    "- rows: { min: 1 }",
    "- not_null: [id, amount]",
    "- unique: [id]",
    "- { severity: warn, range: { column: amount, min: -5, max: 200 } }",
    "- { severity: warn, accepted_values: { column: kind, values: [b, a] } }",
  ]);
  // Words that all differ may be no accident, and days that do are one: the next file may hold them twice.
  const differing = [
    column("day", "DATE", { distinct: 100, nulls: 1 }),
    column("customer", "VARCHAR", { distinct: 100 }),
    column("shipped", "DATE", { distinct: 100 }),
  ];
  assert.deepEqual(
    suggestedChecks(differing, 100, false).filter((each) => each.includes("unique")),
    ["- { severity: warn, unique: [customer] }"],
  );
  assert.ok(suggestedChecks(columns, 100, true).includes("- { severity: warn, unique: [id] }"));
  assert.deepEqual(suggestedChecks(columns, 0, false), []);
});

Deno.test("suggestions: time before words before numbers", () => {
  const time = column("day", "DATE", { min: "2024-01-01", max: "2024-12-31" });
  const word = column("shop", "VARCHAR", { distinct: 3, values: ["x", "y", "z"] });
  const money = column("amount", "DECIMAL(18,2)");
  const chart = (...columns: NamedColumn[]) =>
    parse(suggestedChart("sales", columns, 100) ?? "null") as Record<string, string> | null;
  assert.deepEqual([chart(money, word, time)?.["type"], chart(money, word, time)?.["x"]], [
    "line",
    "week",
  ]);
  assert.equal(chart(time, column("price", "DOUBLE"))?.["title"], "Mean price per week");
  assert.deepEqual([chart(money, word)?.["type"], chart(money, word)?.["y"]], ["bar", "amount"]);
  assert.equal(chart(word)?.["y"], "num_rows");
  assert.equal(chart(column("order_id", "BIGINT"), money)?.["x"], "amount");
  assert.equal(chart(column("order_id", "BIGINT")), null);
});
