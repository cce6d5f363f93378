import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeEvent, encodeEvent, EVENT_KINDS } from "../../src/core/codec.ts";
import type { Event } from "../../src/core/event.ts";
import { check, checked, ended, failed, made, requested, started } from "../kit/events.ts";

Deno.test("an event comes back equal, with its place in the log", () => {
  const events: Event[] = [
    requested("r1", { settings: { "käse": [1, null, "\u2028"] } }),
    started(),
    made(),
    failed(),
    checked({}, "v1", [check("failed")]),
    ended("skipped"),
  ];
  for (const event of events) {
    assert.deepEqual(decodeEvent(7, 9, encodeEvent(event)), {
      kind: "known",
      stored: { id: 7, at: 9, event },
    });
  }
});

Deno.test("property: whatever JSON an event carries, it comes back", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.string(), (value, text) => {
    const metadata = JSON.parse(JSON.stringify({ value }));
    const event = made({ asset: text }, text, { metadata });
    const decoded = decodeEvent(1, 1, encodeEvent(event));
    assert.deepEqual(decoded.kind === "known" && decoded.stored.event, event);
  }));
});

Deno.test("a kind from a newer version is unknown, not damaged", () => {
  assert.deepEqual(decodeEvent(3, 4, '{"kind":"teleported","to":"mars"}'), {
    kind: "unknown",
    id: 3,
    at: 4,
    name: "teleported",
  });
  assert.equal(decodeEvent(3, 4, '{"kind":"constructor"}').kind, "unknown");
});

Deno.test("fields from a newer version are kept, older text without them is read", () => {
  const text = encodeEvent(started()).replace("{", '{"colour":"blue",');
  const decoded = decodeEvent(1, 1, text);
  assert.ok(decoded.kind === "known");
  assert.equal(encodeEvent(decoded.stored.event), text);
});

Deno.test("text that is no event is told with its id", () => {
  for (const text of ["", "{", "null", "[]", "7", '{"no":"kind"}', '{"kind":"materialized"}']) {
    const decoded = decodeEvent(42, 1, text);
    assert.ok(decoded.kind === "damaged", text);
    assert.equal(decoded.problem.code, "store-damaged");
    assert.match(decoded.problem.message, /event 42/);
    assert.ok(decoded.problem.why && decoded.problem.hint);
  }
});

Deno.test("property: no text makes decoding throw", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
    decodeEvent(1, 1, text);
  }));
  assert.equal(new Set(EVENT_KINDS).size, 16);
});
