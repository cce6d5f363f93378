/** Completion driven in real shells, as a person drives it: the tab key in bash and zsh, fish's own question. */
import { equal, match, ok } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { startOf } from "../rig/environment.ts";
import { eitherWay, makeRig, oneWay, type Rig } from "../rig/program.ts";
import { KEYS } from "../rig/screen.ts";

const FILES = {
  "assets/trips.sql":
    '/* @asset\npartitions: { monthly: { start: "2023-01", end: "2023-04" } }\n*/\nselect $partition_start as t',
  "assets/trips_by_week.sql": "select count(*) as n from trips",
  "assets/zones.sql": "select 1 as z",
};

const hasShell = (name: string) =>
  (process.env["PATH"] ?? "").split(":").some((folder) =>
    spawnSync("test", ["-x", join(folder, name)]).status === 0
  );

/** A folder with a program of that name, as an installed one is found. */
function installed(rig: Rig): string {
  const bin = join(rig.home, "bin");
  mkdirSync(bin, { recursive: true });
  const quoted = startOf(rig.via).map((word) => `'${word}'`).join(" ");
  writeFileSync(join(bin, "nycflow"), `#!/bin/sh\nexec ${quoted} "$@"\n`);
  chmodSync(join(bin, "nycflow"), 0o755);
  return `${bin}:${process.env["PATH"] ?? ""}`;
}

oneWay("complete answers from cache and state, without a runner", async (rig) => {
  const complete = async (...words: string[]) =>
    (await rig.run(["complete", "--", ...words])).stdout.trim().split("\n").map((line) =>
      line.split("\t")[0]
    );
  // Nothing is known yet, and nothing is complained of.
  equal((await complete("ls", "tr")).join(), "");
  equal((await rig.run(["up", "--quiet"])).code, 0);
  equal((await complete("ls", "tr")).join(), "trips,trips_by_week");
  equal((await complete("run", "trips", "-p", "")).join(), "2023-03,2023-02,2023-01");
  const { runs } = await rig.json(["runs", "--json"]) as { runs: { run: string }[] };
  // Runs are shown too, and an id may begin with any letter.
  equal((await complete("show", "zone")).join(), "zones");
  ok((await complete("logs", "")).includes(runs[0]?.run.slice(-6)));
  // An edit that nobody has looked at yet: the names that were known are still given.
  rig.project({ "assets/zones.sql": "select 2 as z", "assets/broken.ts": "throw new Error()" });
  equal((await complete("ls", "tr")).join(), "trips,trips_by_week");
  equal((await complete("nosuch", "")).join(), "");
}, { files: FILES });

const KNOWN: readonly (readonly [typed: string, shown: RegExp])[] = [
  ["nycflow gr", /nycflow graph /],
  ["nycflow run +trips_", /nycflow run \+trips_by_week /],
  ["nycflow run is:st", /nycflow run is:stale /],
  ["nycflow graph --format=mer", /nycflow graph --format=mermaid /],
  ["nycflow run trips -p 2023-02", /nycflow run trips -p 2023-02 /],
  ["nycflow sql --parq", /nycflow sql --parquet /],
  ["nycflow export --exc", /nycflow export --exclude /],
];

/** Ctrl-U. */
const KILL_LINE = "\x15";

for (const shell of ["bash", "zsh"] as const) {
  Deno.test({
    name: `${shell} completes at the tab key${hasShell(shell) ? "" : ` (no ${shell} here)`}`,
    ignore: !hasShell(shell),
    fn: async () => {
      await using rig = makeRig({ via: eitherWay(), files: FILES });
      equal((await rig.run(["up", "--quiet"])).code, 0);
      const command = shell === "bash"
        ? ["bash", "--norc", "--noprofile", "-i"]
        : ["zsh", "-f", "-i"];
      await using there = makeRig({ via: eitherWay(), command });
      const env = { PATH: installed(rig), PS1: "> ", DENO_DIR: denoDir() };
      const screen = there.screen([], {
        env: { ...env, NYCFLOW_PROJECT: rig.folder },
        columns: 120,
      });
      await screen.until(/>|%/);
      const load = shell === "bash"
        ? 'PS1="> "; eval "$(nycflow completions bash)"; echo read""y'
        : 'PS1="> "; autoload -U compinit; compinit -D; eval "$(nycflow completions zsh)"; echo read""y';
      screen.type(`${load}${KEYS.enter}`);
      await screen.until(/^ready$/m);
      for (const [typed, shown] of KNOWN) {
        screen.type(`${typed}${KEYS.tab}`);
        // What was completed is followed by a space; the end of the line is put behind it to be seen.
        await screen.until(new RegExp(`> ${typed.replace(/[+.]/g, "\\$&")}`));
        screen.type("#");
        const [line = ""] = await screen.until(/> nycflow .*#/);
        match(line, shown);
        screen.type(`${KILL_LINE}clear${KEYS.enter}`);
        await screen.until(/^> $|^>$/);
      }
      screen.type(`exit${KEYS.enter}`);
      await screen.ended;
    },
  });
}

Deno.test({
  name: `fish completes${hasShell("fish") ? "" : " (no fish here)"}`,
  ignore: !hasShell("fish"),
  fn: async () => {
    await using rig = makeRig({ via: eitherWay(), files: FILES });
    equal((await rig.run(["up", "--quiet"])).code, 0);
    const ask = KNOWN.map(([typed]) => `echo "== ${typed}"; complete -C "${typed}"`).join("\n");
    const done = spawnSync("fish", [
      "--no-config",
      "-c",
      `nycflow completions fish | source\n${ask}`,
    ], {
      cwd: rig.folder,
      encoding: "utf8",
      env: { ...process.env, PATH: installed(rig), HOME: rig.home, DENO_DIR: denoDir() },
    });
    const answers = done.stdout.split("== ").slice(1);
    for (const [at, [typed, shown]] of KNOWN.entries()) {
      const [, candidate = ""] = answers[at]?.split("\n") ?? [];
      const before = typed.slice(0, typed.lastIndexOf(" ") + 1);
      match(`${before}${candidate.split("\t")[0]} `, shown, done.stderr);
    }
  },
});

function denoDir(): string {
  const said = spawnSync(Deno.execPath(), ["info", "--json"], { encoding: "utf8" });
  return (JSON.parse(said.stdout) as { denoDir: string }).denoDir;
}
