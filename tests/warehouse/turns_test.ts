// Large queries take turns, in order; a turn that is given up harms nobody.

import assert from "node:assert/strict";
import { Cancelled } from "../../src/warehouse/driver.ts";
import { isLarge, Turns } from "../../src/warehouse/turns.ts";
import { lake } from "./lake.ts";

const never = new AbortController().signal;
/** Lets everything that can go on do so. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("turns: one at a time, in order, and whoever gives up waiting is passed over", async () => {
  const turns = new Turns();
  const seen: string[] = [];
  const first = await turns.take(never);
  const stop = new AbortController();
  const work = async (name: string, signal: AbortSignal) => {
    const end = await turns.take(signal);
    seen.push(name);
    return end;
  };
  const second = work("second", never);
  const third = work("third", stop.signal);
  const fourth = work("fourth", never);
  await settle();
  assert.deepEqual(seen, []);
  stop.abort("timeout");
  await assert.rejects(third, (error) => error instanceof Cancelled && error.by === "timeout");
  first();
  first();
  (await second)();
  (await fourth)();
  assert.deepEqual(seen, ["second", "fourth"]);
  // Nobody holds it: the next one need not wait.
  (await turns.take(never))();
});

Deno.test("turns: a query is large where its inputs keep all threads busy", async () => {
  await lake(async (made) => {
    const few = made.version(await made.make("select 1 as x"));
    const order = (rows: number, threads: number) => {
      const input = made.input("t", [{ ...few, rows }, few]);
      const given = made.order({ inputs: [input] });
      return { ...given, limits: { ...given.limits, threads } };
    };
    assert.equal(isLarge(order(100_000, 1)), false);
    assert.equal(isLarge(order(300_000, 1)), true);
    assert.equal(isLarge(order(300_000, 8)), false);
  });
});
