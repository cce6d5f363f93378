import assert from "node:assert/strict";
import fc from "fast-check";
import { idsFrom, randomIds, seededIds } from "../../src/host/ids.ts";

Deno.test("ids have 26 lower-case characters and grow, whatever the clock does", () => {
  fc.assert(fc.property(fc.array(fc.nat({ max: 2 ** 47 }), { minLength: 2 }), (times) => {
    for (
      const make of [
        (now: () => number) => randomIds(now),
        (now: () => number) => seededIds("3", now),
      ]
    ) {
      let at = 0;
      const ids = make(() => times[at++ % times.length]!);
      const given = times.map(() => ids.next());
      for (const id of given) assert.match(id, /^[0-9a-hjkmnp-tv-z]{26}$/);
      assert.deepEqual([...new Set(given)].sort(), given);
    }
  }));
});

Deno.test("ids of a later millisecond sort after, over processes", () => {
  const early = randomIds(() => 1_000, () => 2n ** 80n - 1n).next();
  const late = randomIds(() => 1_001, () => 0n).next();
  assert.ok(early < late);
});

Deno.test("counting up from the largest random part does not overflow into the time", () => {
  const ids = randomIds(() => 1_000, () => 2n ** 80n - 1n);
  const [first, second] = [ids.next(), ids.next()];
  assert.equal(first.slice(0, 10), second.slice(0, 10));
  assert.ok(first < second);
});

Deno.test("seeded ids are the same again, differ by seed, and keep the order of numbers", () => {
  const of = (seed: string) => {
    const ids = idsFrom({ NYCFLOW_TEST_IDS: seed }, () => 1_680_512_400_000);
    return [ids.next(), ids.next()];
  };
  assert.deepEqual(of("1"), of("1"));
  assert.deepEqual(of("1"), ["01gx35gem00000010000000000", "01gx35gem00000010000000001"]);
  assert.ok(of("2")[1]! < of("10")[0]!);
  assert.notDeepEqual(of("a"), of("b"));
});
