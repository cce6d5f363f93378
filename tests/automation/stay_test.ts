// An `up` that stays, from outside: it answers files and edits without being asked, outlives a broken edit, gives way
// to a signal, and another takes over when it dies.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eitherWay, makeRig, type Rig } from "../rig/program.ts";

const FILES = {
  "assets/a.sql": "select 1 as n\n",
  "assets/answer.ts": [
    'import { asset, dynamicKeys, sensor } from "nycflow";',
    "export const answer = asset({",
    "  partitions: dynamicKeys(),",
    "  config: { n: 0 },",
    "  run: ({ config }) => [{ n: config.n }],",
    "});",
    'export const drops = sensor({ watch: "requests/*.json", select: "answer" });',
    "",
  ].join("\n"),
};

const write = (rig: Rig, name: string, text: string) => writeFileSync(join(rig.folder, name), text);

Deno.test("it answers a file, takes up an edit, and keeps what was good where the edit is broken", async () => {
  await using rig = makeRig({ via: eitherWay(), files: FILES });
  let up = rig.start(["up", "--no-tui"]);
  await up.until(/✓ a +1 row/);
  // The folder was not there when it began.
  mkdirSync(join(rig.folder, "requests"));
  write(rig, "requests/one.json", '{"n": 5}');
  await up.until(/✓ answer +one-/);
  write(rig, "requests/bad.json", '{"n": "x"}');
  await up.until(/requests\/bad\.json was not accepted: n is a text/);
  write(rig, "assets/a.sql", "select 1 as n union all select 2\n");
  await up.until(/✓ a +2 rows/);
  write(rig, "assets/a.sql", "selct\n");
  await up.until(/the last good definitions are used until this is mended/);
  write(rig, "requests/two.json", '{"n": 6}');
  await up.until(/✓ answer +two-/);
  // It dies, and its machine starts it again over the broken edit.
  up.kill("SIGKILL");
  await up.ended;
  up = rig.start(["up", "--no-tui"]);
  await up.until(/the last good definitions are used until this is mended/);
  write(rig, "requests/three.json", '{"n": 7}');
  await up.until(/✓ answer +three-/);
  write(rig, "assets/a.sql", "select 1 as n, 2 as m\n");
  await up.until(/the definitions are right again/);
  await up.until(/✓ a +1 row/);
  up.kill("SIGHUP");
  await up.until(/reloading/);
  up.kill("SIGTERM");
  const { code, stderr } = await up.ended;
  assert.equal(code, 143);
  assert.equal(stderr.split("the last good definitions are used").length, 2, "said once");
});

Deno.test("a second one looks on, and takes over when the first is gone", async () => {
  await using rig = makeRig({ via: eitherWay(), files: FILES });
  const first = rig.start(["up", "--no-tui"]);
  await first.until(/✓ a +1 row/);
  const second = rig.start(["up", "--no-tui"]);
  await second.until(/process \d+ keeps it up to date already/);
  first.killGroup("SIGKILL");
  await second.until(/taking over/);
  write(rig, "assets/b.sql", "select 3 as n\n");
  await second.until(/✓ b +1 row/);
  second.kill("SIGINT");
  assert.equal((await second.ended).code, 130);
  // Nothing to stay for is told, and ends it.
  const wrong = await rig.run(["up", "nothing_here", "--no-tui"]);
  assert.equal(wrong.code, 2);
});

Deno.test("up -d stays behind, ps shows it, down ends it", async () => {
  await using rig = makeRig({ via: eitherWay(), files: FILES });
  const wrong = await rig.run(["up", "nothing_here", "-d"]);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /nothing_here/);
  const started = await rig.run(["up", "-d"]);
  assert.equal(started.code, 0, started.stderr);
  try {
    const again = await rig.run(["up", "--detach"]);
    assert.match(again.stdout, /keeps it up to date already/);
    const { processes } = await rig.json(["ps", "--json"]) as {
      processes: { kind: string; pid: number; log: string }[];
    };
    const up = processes.find(({ kind }) => kind === "up");
    assert.equal(up?.log, ".nycflow/logs/up.log");
    assert.match(started.stdout, new RegExp(`process ${up?.pid}`));
  } finally {
    const ended = await rig.run(["down"]);
    assert.match(ended.stdout, /ended process \d+/);
  }
  assert.match(
    readFileSync(join(rig.folder, ".nycflow/logs/up.log"), "utf8"),
    /keeping the project up to date/,
  );
  assert.match((await rig.run(["down"])).stdout, /nothing to end/);
});

Deno.test("crontab and service print what can be used as it stands", async () => {
  await using rig = makeRig({ via: eitherWay(), files: FILES });
  const { stdout: line } = await rig.run(["crontab"]);
  // The project's folder has a space in its name: cron's shell must see one word.
  assert.match(line, /^\*\/5 \* \* \* \* \S+( .*)? up --quiet -C '.*my project'\n$/);
  const { stdout: unit } = await rig.run(["service"]);
  assert.match(unit, /^ExecStart=\S+( .*)? up --no-tui -C ".*my project"$/m);
  assert.match(unit, /^SuccessExitStatus=130 143$/m);
  const dev = await rig.run(["service", "--env", "dev"]);
  assert.match(dev.stdout, /^ExecStart=.*my project" --env dev$/m);
  const bad = await rig.run(["crontab", "61 * * * *"]);
  assert.equal(bad.code, 2);
  assert.match(bad.stderr, /61 is not within 0 to 59/);
  // In cron's bare environment, by its own shell.
  const { execFileSync } = await import("node:child_process");
  const command = line.trim().split(" ").slice(5).join(" ");
  const out = execFileSync("/bin/sh", ["-c", command], {
    env: { HOME: rig.home, PATH: "/usr/bin:/bin", SHELL: "/bin/sh" },
    cwd: "/",
    encoding: "utf8",
  });
  assert.equal(out, "");
  assert.ok(existsSync(join(rig.folder, ".nycflow/state.db")));
  rmSync(join(rig.folder, ".nycflow"), { recursive: true });
});
