// The loop of an `up` that stays: when it looks, and that no ring is lost.

import assert from "node:assert/strict";
import { Bell, keepUp } from "../../src/automation/loop.ts";
import { DrivenClock, settle } from "../kit/driven_clock.ts";

Deno.test("a ring during a look is answered by another, also where the look came by the clock", async () => {
  const clock = new DrivenClock(0);
  const bell = new Bell();
  const stop = new AbortController();
  const looks: number[] = [];
  const ended = keepUp({
    clock,
    bell,
    stop: stop.signal,
    look: async () => {
      looks.push(clock.now());
      // It is rung while this one goes on.
      if (looks.length === 2) bell.ring();
      await Promise.resolve();
      return clock.now() + 1000;
    },
  });
  await settle();
  assert.deepEqual(looks, [0]);
  await clock.move(1000);
  assert.deepEqual(looks, [0, 1000, 1000]);
  bell.ring();
  await settle();
  assert.deepEqual(looks, [0, 1000, 1000, 1000]);
  await clock.move(999);
  assert.equal(looks.length, 4);
  stop.abort();
  await ended;
  assert.equal(clock.sleepers, 0);
});

Deno.test("it looks once a minute, whatever the look says", async () => {
  const clock = new DrivenClock(0);
  const stop = new AbortController();
  let looks = 0;
  const look = () => {
    looks++;
    return Promise.resolve(clock.now() + 86_400_000);
  };
  const ended = keepUp({ clock, bell: new Bell(), stop: stop.signal, look });
  await clock.move(10 * 60_000);
  assert.equal(looks, 11);
  stop.abort();
  await ended;
});
