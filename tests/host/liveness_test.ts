import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ProblemError } from "../../src/core/problem/problem.ts";
import { createLiveness } from "../../src/host/liveness.ts";
import { holderId } from "../kit/events.ts";
import { runtimes, start } from "../kit/runtimes.ts";

const HOLDER = fileURLToPath(new URL("liveness_holder.ts", import.meta.url));

function test(title: string, body: (dir: string) => Promise<void>): void {
  Deno.test(`liveness: ${title}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "nycflow-test-"));
    try {
      await body(join(folder, ".nycflow", "live"));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

const of = (dir: string, id: string) =>
  createLiveness(dir, { command: "nycflow run", newId: () => id, now: () => 77 });

test("who holds is alive to others and to itself, who released is not", async (dir) => {
  const [one, two] = [of(dir, "one"), of(dir, "two")];
  assert.equal(await one.hold(), "one");
  assert.equal(await one.hold(), "one");
  assert.equal(await two.hold(), "two");
  const asked = [holderId("one"), holderId("two"), holderId("nobody")];
  assert.deepEqual([...await one.alive(asked)], ["one", "two"]);
  assert.deepEqual([...await two.alive(asked)], ["one", "two"]);
  assert.deepEqual(await two.describe(holderId("one")), {
    pid: process.pid,
    command: "nycflow run",
    since: 77,
  });
  await one.release();
  assert.deepEqual([...await two.alive(asked)], ["two"]);
  assert.equal(await two.describe(holderId("one")), null);
  await two.release();
  assert.deepEqual(readdirSync(dir), []);
});

test("looking does not need the folder, and makes nothing", async (dir) => {
  const looker = of(dir, "looker");
  assert.equal((await looker.alive([holderId("h")])).size, 0);
  assert.equal(await looker.describe(holderId("h")), null);
  assert.throws(() => readdirSync(dir));
});

for (const runtime of runtimes()) {
  test(`a ${runtime.name} process is alive until it is killed, stopped or spinning too`, async (dir) => {
    const looker = of(dir, "looker");
    for (const mode of ["wait", "spin"]) {
      const id = holderId(`h-${mode}`);
      const child = start(runtime, HOLDER, [dir, id, mode]);
      assert.equal(await child.line(), id);
      assert.ok((await looker.alive([id])).has(id));
      assert.deepEqual(await looker.describe(id), {
        pid: child.process.pid,
        command: "nycflow up",
        since: 1234,
      });
      child.signal("SIGSTOP");
      assert.ok((await looker.alive([id])).has(id));
      child.signal("SIGKILL");
      await child.ended;
      assert.equal((await looker.alive([id])).size, 0);
    }
    assert.deepEqual(readdirSync(dir), []);
  });

  test(`a ${runtime.name} process that ends well takes its files away`, async (dir) => {
    const child = start(runtime, HOLDER, [dir, "h"]);
    assert.equal(await child.line(), "h");
    assert.deepEqual(readdirSync(dir).sort(), ["h.json", "h.lock"]);
    child.process.stdin?.end();
    assert.equal(await child.ended, 0);
    assert.deepEqual(readdirSync(dir), []);
  });
}

test("whoever begins sweeps what the dead left, and nothing of the living or the just begun", async (dir) => {
  const living = of(dir, "living");
  await living.hold();
  for (const name of ["dead.lock", "dead.json", "begun.lock", "orphan.lock"]) {
    writeFileSync(join(dir, name), "");
  }
  const longAgo = new Date(Date.now() - 7_200_000);
  utimesSync(join(dir, "orphan.lock"), longAgo, longAgo);
  const next = of(dir, "next");
  await next.hold();
  assert.deepEqual(readdirSync(dir).sort(), [
    "begun.lock",
    "living.json",
    "living.lock",
    "next.json",
    "next.lock",
  ]);
  await next.release();
  await living.release();
});

test("a folder that cannot be made is a problem in four parts", async (dir) => {
  writeFileSync(join(dir, "..", "..", "file"), "");
  const inFile = of(join(dir, "..", "..", "file", "live"), "h");
  await assert.rejects(inFile.hold(), (error) => {
    assert.ok(error instanceof ProblemError, String(error));
    const [found] = error.problems;
    assert.equal(found?.code, "no-permission");
    assert.ok(found.where && found.why && found.hint);
    return true;
  });
});

test("what a process waits for is seen by the others until it ends, or waits no more", async (dir) => {
  const [one, two] = [of(dir, "one"), of(dir, "two")];
  await one.hold();
  await two.hold();
  assert.deepEqual([...await two.living()].sort(), ["one", "two"]);
  const wait = { pool: "db", slots: 2, priority: 1, step: "trips", since: 5 };
  await one.note([wait]);
  assert.deepEqual(await two.waits(), [{ ...wait, holder: "one" }]);
  assert.deepEqual(await one.waits(), [], "not its own");
  await one.note([]);
  assert.deepEqual(await two.waits(), []);
  await one.note([wait]);
  await one.release();
  assert.deepEqual(await two.waits(), []);
  assert.deepEqual(await two.living(), ["two"]);
  await two.release();
  assert.deepEqual(readdirSync(dir), []);
});
