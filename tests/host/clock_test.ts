import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clockFrom, systemClock } from "../../src/host/clock.ts";

const START = Date.parse("2023-04-03T09:00:00Z");

Deno.test("a test clock stands still, and sleeping moves it without waiting", async () => {
  const clock = clockFrom({ NYCFLOW_TEST_CLOCK: "2023-04-03T09:00:00Z" });
  assert.deepEqual([clock.now(), clock.now(), clock.elapsed()], [START, START, 0]);
  await clock.sleep(86_400_000);
  assert.deepEqual([clock.now() - START, clock.elapsed()], [86_400_000, 86_400_000]);
});

Deno.test("a test clock with a step moves on at each reading", () => {
  const clock = clockFrom({ NYCFLOW_TEST_CLOCK: "2023-04-03T05:00:00-04:00/250" });
  assert.deepEqual([clock.now(), clock.now(), clock.now()], [START, START + 250, START + 500]);
});

Deno.test("a clock in a file follows the file", () => {
  const folder = mkdtempSync(join(tmpdir(), "nycflow-clock-"));
  try {
    const file = join(folder, "clock");
    writeFileSync(file, "2023-04-03T09:00:00Z\n");
    const clock = clockFrom({ NYCFLOW_TEST_CLOCK: `@${file}` });
    assert.equal(clock.now(), START);
    writeFileSync(file, "2023-04-04T09:00:00Z");
    assert.equal(clock.now(), START + 86_400_000);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

Deno.test("what is no instant is refused, not taken for now", () => {
  for (const text of ["tomorrow", "2023-04-03T09:00:00Z/x", "2023-04-03T09:00:00Z/-1"]) {
    assert.throws(() => clockFrom({ NYCFLOW_TEST_CLOCK: text }), RangeError);
  }
});

Deno.test("sleep rejects with the signal's reason, before and while it sleeps", async () => {
  for (const clock of [systemClock(), clockFrom({ NYCFLOW_TEST_CLOCK: "2023-04-03" })]) {
    await assert.rejects(clock.sleep(1e9, AbortSignal.abort("cancel")), (e) => e === "cancel");
  }
  const stop = new AbortController();
  const sleeping = systemClock().sleep(2 ** 40, stop.signal);
  stop.abort("timeout");
  await assert.rejects(sleeping, (e) => e === "timeout");
});
