// The cookies lesson as it is printed: every line after a `$` is typed into a shell, in order, and each step
// shows what it says. Minutes pass by the clock of the environment.

import assert from "node:assert/strict";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { cleanEnvironment, startOf } from "../rig/environment.ts";
import { type Finished, Live } from "../rig/live.ts";
import { oneWay, type Rig } from "../rig/program.ts";

const START = Date.parse("2026-03-01T10:00:00Z");

/** A shell in which `nycflow` is the program under test; each line is typed half a minute after the last. */
function shellOf(rig: Rig) {
  const bin = join(rig.home, "bin");
  mkdirSync(bin);
  const quoted = startOf(rig.via).map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  writeFileSync(join(bin, "nycflow"), `#!/bin/sh\nexec ${quoted} "$@"\n`);
  chmodSync(join(bin, "nycflow"), 0o755);
  const env = cleanEnvironment(rig.via, rig.home);
  env["PATH"] = `${bin}${delimiter}${env["PATH"]}`;
  let at = START;
  return {
    wait(ms: number) {
      at += ms;
    },
    type(line: string): Promise<Finished> {
      at += 10_000;
      const live = new Live(["/bin/sh", "-c", line], {
        cwd: rig.folder,
        env: { ...env, NYCFLOW_TEST_CLOCK: `${new Date(at).toISOString()}/1` },
        timeout: 60_000,
      });
      live.end();
      return live.ended;
    },
  };
}

/** What happened with these lines, by asset: ✓, ✗ or ↻ as they are printed while it runs. */
function madeIn({ stderr }: Finished): string[] {
  return [...stderr.matchAll(/^✓ (\w+) /gm)].map(([, name]) => name ?? "").sort();
}

const BAKED = ["chocolate_chip_dough", "cookie_dough", "cookies"];

oneWay("cookies: the lesson, line by line", async (rig) => {
  const made = await rig.run(["init", "cookies", "."]);
  assert.equal(made.code, 0, made.stderr);
  const lesson = rig.read("LESSON.md");
  const steps = lesson.split(/^(?=\d+\. )/m).slice(1).map((step) =>
    [...step.matchAll(/^ {4,}\$ (.+)$/gm)].map(([, line]) => line ?? "")
  );
  // It is printed step by step, with everything there is to type.
  const printed = [...made.stdout.matchAll(/^ +\$ (.+)$/gm)].map(([, line]) => line);
  assert.deepEqual(printed, steps.flat());
  assert.match(made.stdout, /^ 1 {2}Assets and lineage\./m);
  assert.ok(made.stdout.split("\n").every((line) => line.length <= 100), made.stdout);

  const shell = shellOf(rig);
  const play = async (number: number, codes: readonly number[] = []) => {
    const ended: Finished[] = [];
    for (const [at, line] of (steps[number - 1] ?? []).entries()) {
      const each = await shell.type(line);
      assert.equal(each.code, codes[at] ?? 0, `$ ${line}\n${each.stdout}\n${each.stderr}`);
      ended.push(each);
    }
    return ended;
  };
  const plates = async () => (await shell.type("nycflow sql --json 'from cookies'")).stdout.trim();

  const [plan, first] = await play(1);
  assert.match(plan?.stdout ?? "", /\+ cookies +never materialized[^]*6 steps/);
  // The shop is shut at the first try.
  assert.match(first?.stderr ?? "", /↻ eggs +try 2 in 1 s/);
  assert.deepEqual(madeIn(first!), [...BAKED, "dry_ingredients", "eggs", "wet_ingredients"]);
  assert.match(first?.stdout ?? "", /Cookies on the plate[^]*chocolate chip █+ 41/);

  const [again] = await play(2);
  assert.match(again?.stdout ?? "", /nothing to do: 6 up to date/);
  assert.deepEqual(madeIn(again!), []);

  const [why] = await play(3);
  assert.match(why?.stdout ?? "", /cookies is fresh[^]*materialized for the first time/);

  const [, planned, sugar] = await play(4);
  assert.match(planned?.stdout ?? "", /~ dry_ingredients|dry_ingredients/);
  assert.doesNotMatch(planned?.stdout ?? "", /eggs|wet_ingredients/);
  assert.deepEqual(madeIn(sugar!), [...BAKED, "dry_ingredients"]);

  const good = await plates();
  const [burnt, shown, cause, baked] = await play(5, [1]);
  assert.match(
    burnt?.stderr ?? "",
    /Cannot publish cookies: check holds\(state <> 'burnt'\) failed/,
  );
  assert.match(burnt?.stderr ?? "", /the last good version stays published/);
  assert.match(shown?.stdout ?? "", /golden/);
  assert.doesNotMatch(shown?.stdout ?? "", /burnt/);
  assert.match(cause?.stdout ?? "", /cookies is failed[^]*check\s+holds/);
  assert.deepEqual(madeIn(baked!), ["cookies"]);
  assert.equal(await plates(), good);

  const [, peanuts] = await play(6);
  assert.deepEqual(madeIn(peanuts!), ["peanut_cookies"]);
  assert.match(peanuts?.stdout ?? "", /Peanut cookies on the plate[^]*peanut █+ \d+/);

  const bought = "nycflow sql --json 'select bought_at from eggs'";
  const before = (await shell.type(bought)).stdout;
  shell.wait(3 * 60_000);
  const [list, fresh] = await play(7);
  assert.match(list?.stdout ?? "", /eggs .*(late|stale)/);
  // Other eggs, but as many: the moment of buying differs, what the dough is made of does not.
  assert.deepEqual(madeIn(fresh!).filter((name) => name === "eggs"), ["eggs"]);
  assert.notEqual((await shell.type(bought)).stdout, before);
});
