/** What the dead have left is swept by the next run; what is referred to, claimed or young is not. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { realHost } from "../../src/app/host.ts";
import { Session } from "../../src/app/session.ts";
import { sweep, sweepIfDue } from "../../src/app/sweep.ts";
import { makePuppets } from "../rig/puppets.ts";
import { eitherWay, makeRig } from "../rig/program.ts";
import { assertSound } from "./sound.ts";

const FILES = {
  "assets/a.sql": "select 1 as n",
  "assets/bad.sql": "/* @asset\nchecks:\n  - holds: n > 1\n*/\nselect n from a",
};
const AGO = new Date(Date.now() - 40 * 86_400_000);

Deno.test("sweep: orphans, old scratch and old logs go; versions and refused rows stay", async () => {
  await using rig = makeRig({ via: eitherWay(), files: FILES });
  equal((await rig.run(["up", "--quiet"])).code, 1);
  rig.project({ "assets/a.sql": "select 2 as n" });
  equal((await rig.run(["run", "a", "--quiet"])).code, 0);
  const lake = rig.path(".nycflow", "lake");
  const before = readdirSync(lake, { recursive: true }).sort();
  mkdirSync(rig.path(".nycflow", "lake", "gone", "_"), { recursive: true });
  const put = (...path: string[]) => {
    const file = rig.path(".nycflow", ...path);
    mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    writeFileSync(file, "left over");
    utimesSync(file, AGO, AGO);
    return file;
  };
  const orphans = [
    put("lake", "a", "_", "01h00000000000000000000000.parquet"),
    put("lake", "gone", "_", "01h00000000000000000000001.parquet"),
  ];
  const scratch = put("tmp", "duckdb_temp_storage_DEFAULT-0.tmp");
  const log = rig.path(".nycflow", "logs", "01h00000000000000000000000");
  put("logs", "01h00000000000000000000000", "a", "_.1.log");
  utimesSync(log, AGO, AGO);

  await using session = new Session(realHost(["up"]), rig.folder, true);
  const view = await session.view();
  equal(await sweepIfDue(session, view), null, "it was swept within the hour");
  const swept = await sweep(session, view.state);
  deepEqual([swept.orphans, swept.scratch, swept.logs], [2, 1, 1]);
  for (const path of [...orphans, scratch, log]) ok(!existsSync(path), path);
  const after = readdirSync(lake, { recursive: true }).filter((each) =>
    !String(each).startsWith("gone")
  );
  deepEqual(after.sort(), before);
  await session[Symbol.asyncDispose]();
  await assertSound(rig.folder, { settled: true, swept: true });
});

Deno.test("sweep: what a live process is just making is not touched, though it be stopped", async () => {
  await using puppets = await makePuppets();
  await using rig = makeRig({ via: eitherWay(), files: { "assets/one.ts": puppets.asset("one") } });
  const live = rig.start(["up", "--quiet"]);
  const one = await puppets.started("one");
  const folder = rig.path(".nycflow", "lake", "one", "_");
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/01zzzzzzzzzzzzzzzzzzzzzzzz.parquet`, "half");
  live.kill("SIGSTOP");
  const session = new Session(realHost(["up"]), rig.folder, true);
  equal((await sweep(session, (await session.view()).state)).orphans, 0);
  await session[Symbol.asyncDispose]();
  live.kill("SIGKILL");
  await one.gone;
  await live.ended;
  const next = new Session(realHost(["up"]), rig.folder, true);
  const view = await next.view();
  equal((await sweepIfDue(next, view))?.orphans, 1, "at once, since somebody was found dead");
  await next[Symbol.asyncDispose]();
  const { events } = await assertSound(rig.folder, { settled: true, swept: true });
  ok(events.some(({ event }) => event.kind === "run-ended" && event.outcome === "interrupted"));
});
