// The rig itself, with a small program in nycflow's place: a rig that hides a failure would make
// every test above it worthless.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { makeRig, type Rig } from "./program.ts";
import { KEYS } from "./screen.ts";

/** A rig whose program is this text. */
function rigOf(text: string): Rig {
  return makeRig({
    via: "deno",
    files: { "program.ts": `import process from "node:process";\n${text}` },
    command: [Deno.execPath(), "run", "-A", "--no-config", "program.ts"],
    clock: "2023-04-03T09:00:00Z",
  });
}

Deno.test("rig: a run gives code, both outputs and standard input", async () => {
  await using rig = rigOf(`
    let text = "";
    for await (const part of process.stdin) text += part;
    console.log(text + process.argv.slice(2)); console.error("oops"); process.exit(7);`);
  assert.deepEqual(await rig.run(["a", "b c"], { stdin: "in:" }), {
    code: 7,
    signal: null,
    stdout: "in:a,b c\n",
    stderr: "oops\n",
  });
});

Deno.test("rig: the environment is clean, and each start has ids of its own", async () => {
  await using rig = rigOf("console.log(JSON.stringify(process.env));");
  const first = await rig.json([]) as Record<string, string>;
  const second = await rig.json([], { env: { EXTRA: "1" }, color: true }) as Record<string, string>;
  const own = (env: Record<string, string>) => Object.keys(env).filter((k) => /NYCFLOW/.test(k));
  assert.deepEqual(own(first).sort(), ["NYCFLOW_TEST_CLOCK", "NYCFLOW_TEST_IDS"]);
  assert.deepEqual([first["NYCFLOW_TEST_IDS"], second["NYCFLOW_TEST_IDS"]], ["1", "2"]);
  assert.equal(first["HOME"], rig.home);
  assert.deepEqual([first["NO_COLOR"], second["NO_COLOR"], second["EXTRA"]], ["1", undefined, "1"]);
});

Deno.test("rig: waits for words, sends signals, and tells an early end", async () => {
  await using rig = rigOf(`
    process.on("SIGTERM", () => { console.log("asked"); process.exit(143); });
    setInterval(() => {}, 1000); console.log("ready");`);
  const live = rig.start([]);
  await live.until(/ready/);
  live.kill("SIGTERM");
  await live.until(/asked/);
  assert.equal((await live.ended).code, 143);
  await assert.rejects(live.until(/never/), /ended without/);
});

Deno.test("rig: a program that hangs is killed and its words are shown", async () => {
  await using rig = rigOf('console.log("so far"); while (true) {}');
  const live = rig.start([], { timeout: 1500 });
  await assert.rejects(live.ended, /no end within 1500 ms[^]*so far/);
});

Deno.test("rig: disposing ends what runs and removes the project", async () => {
  let folder = "";
  let ended: Promise<unknown> = Promise.resolve();
  {
    await using rig = rigOf('setInterval(() => {}, 1000); console.log("ready");');
    folder = rig.folder;
    const live = rig.start([]);
    ended = live.ended;
    await live.until(/ready/);
    assert.ok(existsSync(folder));
  }
  assert.equal(existsSync(folder), false);
  assert.equal((await ended as { signal: string }).signal, "SIGKILL");
});

Deno.test("rig: a screen is read back at its size, takes keys and gives the exit code", async () => {
  await using rig = rigOf(`
    process.stdin.setRawMode(true);
    const draw = () => process.stdout.write(
      "\\x1b[?1049h\\x1b[2J\\x1b[H" + process.stdout.columns + "x" + process.stdout.rows +
      "\\x1b[3;5H日本 \\x1b[31mred\\x1b[0m");
    process.stdout.on("resize", draw); draw();
    process.stdin.on("data", (d) => {
      if (String(d) === "q") { process.stdout.write("\\x1b[?1049lbye\\n"); process.exit(5); }
      process.stdout.write("\\x1b[5;1Hgot " + JSON.stringify(String(d)));
    });`);
  const screen = rig.screen([], { columns: 40, rows: 10 });
  await screen.until(/40x10[^]*red/);
  assert.equal(screen.rows()[2], "    日本 red");
  assert.equal(screen.alternate, true);
  screen.type(KEYS.up);
  await screen.until(/got "\\u001b\[A"/);
  screen.resize(60, 12);
  await screen.until(/60x12/);
  screen.type("q");
  assert.equal(await screen.ended, 5);
  assert.equal(screen.alternate, false);
  assert.match(screen.text(), /^bye/);
});
