import assert from "node:assert/strict";
import fc from "fast-check";
import {
  formatDuration,
  parseAvailable,
  parseBack,
  parseDuration,
} from "../../src/core/duration.ts";

for (
  const [text, expected] of [
    ["500ms", 500],
    ["2s", 2000],
    ["10m", 600_000],
    ["1h30m", 5_400_000],
    ["1h 30m", 5_400_000],
    ["1.5h", 5_400_000],
    ["35d", 3_024_000_000],
    ["2w", 1_209_600_000],
    [" 2H ", 7_200_000],
    [90, 90_000],
    [0, 0],
    ["5", null],
    ["", null],
    ["10 minutes", null],
    ["-5s", null],
    ["5s later", null],
    ["1mo", null],
    ["999999w", null],
    [-1, null],
    [NaN, null],
  ] as const
) {
  Deno.test(`parseDuration(${JSON.stringify(text)}) is ${expected}`, () => {
    const found = parseDuration(text);
    assert.equal(found.ok ? found.value : null, expected);
  });
}

Deno.test("a refused length says what to write", () => {
  const said = (text: string) => {
    const found = parseDuration(text);
    return found.ok ? "" : found.error;
  };
  assert.match(said("10"), /10s, 10m or 10h/);
  assert.match(said("10 minutes"), /write 10m/);
  assert.match(said("2 months"), /no fixed length.*30d/);
  assert.match(said("5x"), /w, d, h, m, s, ms/);
});

Deno.test("available and refresh take their words", () => {
  for (
    const [found, days] of [[parseAvailable("45d after end"), 45], [
      parseBack("90d back"),
      90,
    ]] as const
  ) {
    assert.deepEqual(found, { ok: true, value: days * 86_400_000 });
  }
  assert.deepEqual(parseAvailable("45d"), parseAvailable("45d after the end"));
  assert.equal(parseAvailable("45d before end").ok, false);
});

Deno.test("formatDuration reads back within a twentieth", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 1e11 }), (ms) => {
    const back = parseDuration(formatDuration(ms));
    assert.ok(back.ok);
    assert.ok(Math.abs(back.value - ms) <= ms * 0.05 + 1, `${ms} ${formatDuration(ms)}`);
  }));
  assert.deepEqual(
    [250, 1500, 59_960, 600_000, 5_400_000, 86_399_999, 3_024_000_000].map(formatDuration),
    ["250ms", "1.5s", "1m", "10m", "1h 30m", "1d", "35d"],
  );
});
