/** The dashboard on a real pseudo-terminal, driven by keys: what a person sees and does. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { bothWays, eitherWay, makeRig } from "../rig/program.ts";
import { KEYS } from "../rig/screen.ts";

bothWays(
  "dashboard: from an empty folder to a finished map, watched, then left with the results",
  async (rig) => {
    equal((await rig.run(["init", "taxi", "."])).code, 0);
    const screen = rig.screen(["up"], { columns: 140, rows: 45, timeout: 60_000 });
    await screen.until(/1 overview/);
    ok(screen.alternate, "it has the terminal's other screen");
    await screen.until(/^ ✓ \d+ fresh/m);
    screen.type("/");
    await screen.until(/\d+ shown/);
    screen.type("map");
    await screen.until(/1 shown/);
    screen.type(KEYS.enter);
    await screen.until(/Where taxi trips begin/);
    screen.type(KEYS.escape);
    await screen.until(/▌ ✓ manhattan_map/);
    screen.type("q");
    equal(await screen.ended, 0);
    ok(!screen.alternate, "and has given it back");
    match(screen.history(), /── trips_by_week ─/);
    ok(screen.raw.includes("\x1b[?25h"), "the cursor is back");
  },
);

Deno.test("dashboard: a failure from notice to cause to fix to green without leaving it", async () => {
  await using rig = makeRig({
    via: eitherWay(),
    files: {
      "assets/orders.csv": "id,amount\n1,10\n2,20\n",
      "assets/sales.sql":
        "select sum(amount) / (count(*) - 2) as mean, error('no rate') as r from orders",
      "assets/report.sql": "select mean * 2 as twice from sales",
      "fix.sh": 'printf "select sum(amount) as mean from orders" > "$1"\n',
    },
    env: { EDITOR: "sh fix.sh" },
  });
  const screen = rig.screen(["up"], { columns: 100, rows: 30 });
  await screen.until(/1 failed/);
  await screen.until(/▾ failed 1/);
  screen.type("g");
  screen.type("j");
  await screen.until(/▌ ✗ sales/);
  screen.type(KEYS.enter);
  await screen.until(/no rate/);
  screen.type("e");
  await screen.until(/3 fresh/);
  screen.type("q");
  equal(await screen.ended, 0, "nothing is failed any more");
});

Deno.test("dashboard: definitions that break while it is open are told with their line, and mended live", async () => {
  await using rig = makeRig({
    via: eitherWay(),
    files: { "assets/a.sql": "select 1 as x", "assets/b.sql": "select x fron a" },
  });
  const screen = rig.screen(["up"], { columns: 80, rows: 24 });
  // From the start: it waits, since they can be mended from here.
  await screen.until(/the definitions cannot be read: 6 shows why/);
  writeFileSync(rig.path("assets/b.sql"), "select x from a");
  await screen.until(/2 fresh/);
  writeFileSync(rig.path("assets/b.sql"), "select x\nfrom a\nwhere and");
  await screen.until(/wrong with the definitions/);
  screen.type("6");
  await screen.until(/assets\/b\.sql:3/);
  writeFileSync(rig.path("assets/b.sql"), "select x + 1 as y from a");
  await screen.until(/nothing is wrong with the definitions/);
  screen.type("1");
  await screen.until(/2 fresh/);
  screen.type("q");
  equal(await screen.ended, 0);
});

Deno.test("dashboard: a second up looks on and takes over; dash does nothing; each restores its terminal", async () => {
  await using rig = makeRig({ via: eitherWay(), files: { "assets/a.sql": "select 1 as x" } });
  const one = rig.screen(["up"], { columns: 80, rows: 24 });
  await one.until(/1 fresh/);
  const two = rig.screen(["up"], { columns: 80, rows: 24 });
  await two.until(/keeps it up to date; this one looks on/);
  const off = await rig.run(["dash"]);
  equal(off.code, 2, "off a terminal");
  match(off.stderr, /Cannot show the dashboard here/);
  const three = rig.screen(["dash"], { columns: 60, rows: 12 });
  await three.until(/only looking/);
  three.type("r");
  await three.until(/dash only looks/);
  // What it looks up is waited for, or ended.
  three.type(":sql 'select count(*) from range(1000000000000000) t(x) where x % 7 = 3'\r");
  await three.until(/› nycflow sql/);
  three.type("q");
  await three.until(/A command is at work/);
  three.type("k");
  equal(await three.ended, 0);
  one.kill("SIGTERM");
  equal(await one.ended, 143);
  ok(!one.alternate);
  await two.until(/keeping it up to date/);
  rig.project({ "assets/b.sql": "select x from a" });
  await two.until(/2 fresh/);
  two.resize(40, 12);
  await two.until(/✓ 2|▌ ✓ a|✓ b/);
  deepEqual(two.rows().length, 12);
  two.type(KEYS.ctrlC);
  equal(await two.ended, 0);
  ok(!two.alternate);
});

Deno.test("dashboard: what runs can be waited for or ended when it is left; no child stays", async () => {
  await using rig = makeRig({
    via: eitherWay(),
    files: {
      "assets/slow.ts": `import { asset } from "nycflow";
export const slow = asset({ run: async ({ log }) => {
  log.info("began");
  await new Promise(() => { setInterval(() => {}, 1000); });
  return [{ n: 1 }];
} });`,
    },
  });
  const screen = rig.screen(["up"], { columns: 80, rows: 24 });
  await screen.until(/at work: 1/);
  screen.type("q");
  await screen.until(/A run is at work/);
  screen.type("k");
  equal(await screen.ended, 130, "as where Ctrl-C ends a run");
  ok(!screen.alternate);
  const after = await rig.run(["runs"]);
  match(after.stdout, /cancelled|interrupted/);
});

Deno.test("dashboard: what cannot be begun is said on the shell's own screen", async () => {
  await using rig = makeRig({
    via: eitherWay(),
    files: { "assets/a.sql": "select 1 as x", ".nycflow/resident.lock/in_the_way": "" },
  });
  const screen = rig.screen(["up"], { columns: 80, rows: 24 });
  equal(await screen.ended, 3);
  ok(!screen.alternate);
  match(screen.history(), /Cannot begin: this folder cannot be written/);
});
