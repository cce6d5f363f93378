// Runners are lent, and there are more of them where some are busy for long.

import assert from "node:assert/strict";
import process from "node:process";
import { RunnerPool } from "../../src/host/runner_pool.ts";

Deno.test("where all runners are busy for long there is room for as many more", async () => {
  const command = { command: process.execPath, args: ["--version"], env: {} };
  const pool = new RunnerPool({ command, env: {}, cwd: process.cwd(), salt: "" }, 1);
  const over = new AbortController();
  const never = new AbortController().signal;
  const { promise: free, resolve: end } = Promise.withResolvers<void>();
  const long = pool.use(over.signal, () => free);
  const lent: string[] = [];
  const next = pool.use(never, () => Promise.resolve(void lent.push("next")));
  await Promise.resolve();
  assert.deepEqual(lent, []);
  pool.makeRoom(1);
  await next;
  assert.deepEqual(lent, ["next"]);
  end();
  await long;
  await pool.close();
});
