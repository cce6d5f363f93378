/** What user code can do wrong, and what is made of it: errors, exits, loops, cancel, missing variables. */
import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import process from "node:process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { StepResult } from "../../src/core/order.ts";
import { envDigest, settingDigest } from "../../src/core/read_digest.ts";
import { SALT, TestProject } from "./project.ts";

const MODULE = `
import { asset, env, fatal, resource } from "nycflow";
import { closeSync } from "node:fs";
import { helper } from "./_helper.ts";

export const threw = asset({
  run: async () => {
    await Promise.resolve();
    helper();
  },
});
export const refused = asset({ run: () => { throw fatal("the password is wrong"); } });
export const query = asset({
  run: async ({ db }) => {
    const rows = await db.sql\`select nothere from range(3)\`.rows();
    return rows;
  },
});
export const related = asset({ run: ({ db }) => db.sql\`select nothere\` });
export const exits = asset({ run: () => { console.log("so long"); process.exit(0); } });
export const closes = asset({ run: () => { closeSync(3); return [{ n: 1 }]; } });
export const mute = asset({ run: () => { closeSync(1); return [{ n: 1 }]; } });
export const late = asset({
  run: () => new Promise(() => { setTimeout(() => { throw new RangeError("from a timer"); }, 1); }),
});
export const rejects = asset({ run: () => { Promise.reject(new Error("nobody waits")); return new Promise(() => {}); } });
export const spins = asset({ run: ({ log }) => { log.info("spinning"); while (true) {} } });
export const waits = asset({
  run: ({ signal, log }) => new Promise((_, reject) => {
    log.info("waiting");
    signal.addEventListener("abort", () => reject(new Error(String(signal.reason))));
  }),
});
export const fine = asset({ run: () => {} });
export const reads = asset({
  config: { limit: 3, unused: 1 },
  run: ({ env: own, config }) => { own("NYCFLOW_T_A"); own("NYCFLOW_T_NONE", "x"); env("NYCFLOW_T_B"); void process.env.HOME; void config.limit; },
});
export const lacks = asset({
  run: ({ env }) => env("NYCFLOW_T_NONE"),
} as never);
export const stray = asset({ deps: ["trips"], run: ({ upstream }) => (upstream as never as { trip: never }).trip });
export const badSetting = asset({ config: { limit: 3 }, run: () => {} });
const shop = resource({ open: () => { console.log("opened"); return { n: 1 }; }, close: () => console.log("closed") });
export const shopping = asset({ resources: { shop }, run: ({ resources }) => [resources.shop] });
export const late_rows = asset({ run: function* () { yield { a: 1 }; throw new Error("half way"); } });
`;
const HELPER = `export function helper(): never {
  const value = "x";
  throw new TypeError("no such " + value);
}
`;

function failed(result: StepResult) {
  if (result.kind !== "failed") throw new Error(JSON.stringify(result));
  return result;
}

Deno.test("failures of user code", async (t) => {
  await using project = new TestProject(
    { "assets/main.ts": MODULE, "assets/_helper.ts": HELPER },
    { env: { NYCFLOW_T_A: "a", NYCFLOW_T_B: "b" } },
  );
  const run = (asset: string, hooks = {}, changes = {}) =>
    project.run(project.order(asset, changes), hooks);

  await t.step("an error is told with the user's own frames and the line", async () => {
    const { problem, fatal } = failed((await run("threw")).result);
    strictEqual(problem.code, "code-threw");
    strictEqual(problem.why, "TypeError: no such x");
    strictEqual(problem.where?.file, "assets/_helper.ts");
    strictEqual(problem.where?.line, 3);
    match(problem.where?.source ?? "", /throw new TypeError/);
    match(problem.where?.frames?.[1] ?? "", /^assets\/main\.ts:9:/);
    strictEqual(fatal, false);
  });
  await t.step("fatal refuses further tries", async () => {
    const { problem, fatal } = failed((await run("refused")).result);
    strictEqual(problem.why, "the password is wrong");
    strictEqual(fatal, true);
  });
  await t.step("a query's error says where the query stands", async () => {
    const asked = failed((await run("query")).result).problem;
    match(asked.why ?? "", /nothere/);
    deepStrictEqual([asked.where?.file, asked.where?.line], ["assets/main.ts", 15]);
    const returned = failed((await run("related")).result).problem;
    deepStrictEqual([returned.where?.file, returned.where?.line], ["assets/main.ts", 19]);
  });
  await t.step("rows that end with an error fail as the user's code", async () => {
    strictEqual(failed((await run("late_rows")).result).problem.why, "half way");
  });
  await t.step("process.exit(0) is a failure, and the next step gets a fresh runner", async () => {
    const { result, log } = await run("exits");
    const { problem } = failed(result);
    strictEqual(problem.code, "code-exited");
    match(problem.why ?? "", /ended the process with 0; the last it printed: so long/);
    deepStrictEqual(log.map((line) => line.text), ["so long"]);
    strictEqual((await run("fine")).result.kind, "made");
  });
  await t.step(
    "code that closes the runner's channel fails; one that closes its output is not waited for",
    async () => {
      const { problem } = failed((await run("closes")).result);
      match(problem.why ?? "", /the runner's channel \(descriptor 3\) was closed/);
      strictEqual((await run("mute")).result.kind, "made");
    },
  );
  await t.step("what is thrown beside the promise fails the step too", async () => {
    strictEqual(failed((await run("late")).result).problem.why, "RangeError: from a timer");
    strictEqual(failed((await run("rejects")).result).problem.why, "nobody waits");
  });
  await t.step("cancel reaches code that listens", async () => {
    const stop = new AbortController();
    const log = () => stop.abort("timeout");
    const { result } = await run("waits", { signal: stop.signal, graceMs: 60_000, log });
    deepStrictEqual(result, { kind: "cancelled", by: "timeout" });
  });
  await t.step("while (true) {} is ended by force after the grace", async () => {
    const stop = new AbortController();
    const log = () => stop.abort("cancel");
    const { result } = await run("spins", { signal: stop.signal, graceMs: 50, log });
    deepStrictEqual(result, { kind: "cancelled", by: "cancel" });
    strictEqual((await run("fine")).result.kind, "made");
  });
  await t.step("a step that waits for a runner can be cancelled", async () => {
    const stop = new AbortController();
    let begun = () => {};
    const started = new Promise<void>((resolve) => begun = resolve);
    const first = run("waits", { signal: stop.signal, graceMs: 60_000, log: () => begun() });
    await started;
    const second = new AbortController();
    const waiting = run("fine", { signal: second.signal });
    second.abort("cancel");
    deepStrictEqual((await waiting).result, { kind: "cancelled", by: "cancel" });
    stop.abort("cancel");
    await first;
  });
  await t.step("values read are recorded as digests, by context only while it runs", async () => {
    const { result } = await run("reads", {}, { settings: { limit: 5, other: 1 } });
    ok(result.kind === "made");
    deepStrictEqual(result.reads, [
      { kind: "config", name: "limit", digest: settingDigest(5, SALT) },
      { kind: "env", name: "NYCFLOW_T_A", digest: envDigest("a", SALT) },
      { kind: "env", name: "NYCFLOW_T_B", digest: envDigest("b", SALT) },
      { kind: "env", name: "NYCFLOW_T_NONE", digest: null },
    ]);
  });
  await t.step("a missing variable is an error that names it and the line", async () => {
    const { problem, reads } = failed((await run("lacks")).result);
    strictEqual(problem.code, "environment-missing");
    match(problem.hint ?? "", /NYCFLOW_T_NONE/);
    match(problem.where?.source ?? "", /env\("NYCFLOW_T_NONE"\)/);
    strictEqual(reads.length, 1);
  });
  await t.step("an undeclared dependency names the nearest", async () => {
    const trips = {
      asset: "trips",
      versions: [],
      schema: [{ name: "a", type: "BIGINT" }],
      view: null,
    };
    const { problem } = failed((await run("stray", {}, { inputs: [trips] })).result);
    strictEqual(problem.code, "unknown-dependency");
    strictEqual(problem.hint, "did you mean upstream.trips?");
  });
  await t.step("a setting that does not fit", async () => {
    const { problem } = failed(
      (await run("badSetting", {}, { settings: { limit: "many" } })).result,
    );
    strictEqual(problem.code, "setting-invalid");
    match(problem.why ?? "", /limit: expected a number/);
  });
  await t.step("a resource is opened once in a process", async () => {
    const logs = [await run("shopping"), await run("shopping")].map(({ log }) => log.length);
    deepStrictEqual(logs, [1, 0]);
  });
});

Deno.test("steps run side by side in runners of their own", async () => {
  await using project = new TestProject({
    "assets/main.ts": `import { asset } from "nycflow";
export const meets = asset({ run: async ({ files, log }) => {
  const { writeFileSync, existsSync } = await import("node:fs");
  const mine = files.folder + "/../../" + process.pid + ".here";
  writeFileSync(mine, ""); log.info(String(process.pid));
  const { readdirSync } = await import("node:fs");
  while (readdirSync(files.folder + "/../..").filter((name) => name.endsWith(".here")).length < 2) {}
} });`,
  }, { size: 2 });
  const [one, two] = await Promise.all([
    project.run(project.order("meets")),
    project.run(project.order("meets")),
  ]);
  // Each spins, blocking its process, until it sees the other.
  deepStrictEqual([one.result.kind, two.result.kind], ["made", "made"]);
  ok(one.log[0]!.text !== two.log[0]!.text);
});

Deno.test("a runner with no order left to come is ended; one with more to do goes on", async () => {
  await using project = new TestProject({
    "assets/main.ts": `import { asset } from "nycflow";
export const a = asset({ run: ({ log }) => { log.info(String(process.pid)); return [{ n: 1 }]; } });`,
  });
  const pid = async () => Number((await project.run(project.order("a"))).log[0]?.text);
  project.client.expect(3);
  const first = await pid();
  strictEqual(await pid(), first);
  strictEqual(await pid(), first);
  for (let look = 0; look < 500 && isAlive(first); look++) await wait(10);
  strictEqual(isAlive(first), false);
  // One more than was said is served all the same.
  notStrictEqual(await pid(), first);
});

Deno.test("nothing outlives the one who started it, though user code spins", async () => {
  await using project = new TestProject({
    "assets/main.ts": `import { asset } from "nycflow";
import { spawn } from "node:child_process";
export const spawns = asset({ run: ({ log }) => {
  const child = spawn("sleep", ["300"]);
  log.info(process.pid + " " + child.pid);
  while (true) {}
} });`,
  });
  const order = project.order("spawns");
  // A process of its own in the place of the command line: it is killed as a power cut would.
  const parent = `
    import { RunnerClient } from ${
    JSON.stringify(new URL("../../src/host/runner_client.ts", import.meta.url).href)
  };
    const client = new RunnerClient({ project: ${JSON.stringify(project.folder)}, salt: "s" });
    await client.execute(${JSON.stringify(order)}, {
      signal: new AbortController().signal, graceMs: 1000, progress: () => {}, log: (line) => console.log(line.text),
    });`;
  project.write("parent.ts", parent);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", join(project.folder, "parent.ts")],
    stdout: "piped",
    stderr: "null",
    stdin: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  const pids = new TextDecoder().decode(value).trim().split(" ").map(Number);
  strictEqual(pids.length, 2);
  deepStrictEqual(pids.map(isAlive), [true, true]);
  child.kill("SIGKILL");
  await child.status;
  await reader.cancel();
  for (let look = 0; look < 500 && pids.some(isAlive); look++) await wait(10);
  deepStrictEqual(pids.map(isAlive), [false, false]);
});

/** A zombie that nobody has waited for is dead. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
