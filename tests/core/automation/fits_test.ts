// What fits a JSON schema, and what is said where it does not.

import assert from "node:assert/strict";
import fc from "fast-check";
import { isDate, misfits } from "../../../src/core/automation/fits.ts";
import { fileKey, readRequest } from "../../../src/core/automation/request.ts";
import type { Json } from "../../../src/core/json.ts";
import { asset } from "../../kit/definitions.ts";

const SCHEMA = {
  type: "object",
  properties: {
    day: { type: "string", format: "date" },
    borough: { enum: ["Queens", "Bronx"] },
    limit: { type: "integer", minimum: 1, maximum: 10 },
    tags: { type: "array", items: { type: "string", minLength: 2 } },
    any: { anyOf: [{ type: "null" }, { type: "number" }] },
  },
  required: ["day"],
  additionalProperties: false,
};

const CASES: readonly (readonly [Json, string])[] = [
  [{ day: "2024-02-29" }, ""],
  [{ day: "2023-02-29" }, "day is"],
  [{ day: "soon" }, 'day is "soon"; expected a date'],
  [{}, "day is missing"],
  [{ day: "2024-01-01", more: 1 }, "more is not expected; there are day, borough"],
  [{ day: "2024-01-01", borough: "'; drop table" }, "borough is"],
  [{ day: "2024-01-01", limit: 2.5 }, "limit is a number; expected an integer"],
  [{ day: "2024-01-01", limit: 11 }, "limit is 11, which is too large"],
  [{ day: "2024-01-01", tags: ["ok", "x"] }, "tags[1] is shorter than 2"],
  [{ day: "2024-01-01", any: "x" }, "any is a text; expected null"],
  [{ day: "2024-01-01", any: null }, ""],
  [[], "it is a list; expected an object"],
];

for (const [value, said] of CASES) {
  Deno.test(`fits: ${JSON.stringify(value)}`, () => {
    const found = misfits(SCHEMA, value);
    if (said === "") assert.deepEqual(found, []);
    else assert.ok(found[0]?.includes(said), `${found}`);
  });
}

Deno.test("any value is judged without an error, and dates are days of the calendar", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    assert.ok(Array.isArray(misfits(SCHEMA, value as Json)));
  }));
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }), (date) => {
      assert.ok(isDate(date.toISOString().slice(0, 10)));
    }),
  );
});

Deno.test("a request's key is its file's name and its content, and fit for a path", () => {
  assert.match(fileKey("february-queens.json", "{}"), /^february-queens-[0-9a-f]{10}$/);
  assert.notEqual(fileKey("a.json", "1"), fileKey("a.json", "2"));
  assert.notEqual(fileKey("a.json", "1"), fileKey("b.json", "1"));
  assert.match(fileKey("../..\\x y:z|w.json", ""), /^[\w-]+$/);
});

Deno.test("what is no JSON may still be written; what is JSON and no request is none", () => {
  assert.deepEqual(readRequest("\uFEFF{}", null), { ok: true, settings: {} });
  const cut = readRequest('{"a": ', null);
  assert.ok(!cut.ok && cut.open);
  const list = readRequest("[1]", null);
  assert.ok(!list.ok && !list.open);
  const target = asset("x", { config: { schema: null, defaults: { n: 1 } } });
  assert.ok(readRequest('{"n": 2}', target).ok);
  assert.ok(!readRequest('{"n": "2"}', target).ok);
  assert.ok(!readRequest('{"m": 2}', target).ok);
});
