/** Lineage, runs, one run and automation on a real pseudo-terminal, while the work that they show is done. */
import { equal, match, ok } from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { eitherWay, makeRig } from "../rig/program.ts";
import { KEYS } from "../rig/screen.ts";

const FILES = {
  "assets/orders.csv": "id,amount\n1,10\n2,20\n",
  "assets/sales.sql": "/* @asset\ngroup: reports\n*/\nselect sum(amount) as total from orders",
  "assets/broken.sql": "/* @asset\ngroup: reports\n*/\nselect error('no rate') as r from sales",
  "assets/patient.ts": `import { existsSync } from "node:fs";
import { asset } from "nycflow";
export const patient = asset({ run: async ({ log }) => {
  log.info("began to wait");
  while (!existsSync("go")) await new Promise((resolve) => setTimeout(resolve, 20));
  log.info("went on");
  return [{ n: 1 }];
} });
`,
  "assets/answers.ts": `import { asset, dynamicKeys, schedule, schema, sensor } from "nycflow";
export const answers = asset({
  partitions: dynamicKeys(),
  config: schema({ n: "integer" }),
  run: ({ config }) => [{ n: config.n }],
});
export const asked = sensor({ watch: "requests/*.json", select: "answers" });
export const nightly = schedule({ cron: "0 3 * * *", select: "sales" });
`,
};

Deno.test("dashboard: lineage, runs, a run live with its errors and log, schedules and sensors, by keys", async () => {
  await using rig = makeRig({ via: eitherWay(), files: FILES });
  const screen = rig.screen(["up"], { columns: 80, rows: 24, timeout: 60_000 });
  await screen.until(/at work: 1/);
  // Over the arrows of the lineage, and what one asset stands on.
  screen.type("2");
  await screen.until(/orders ─.*sales ─.*broken/);
  screen.type("g");
  screen.type("U");
  await screen.until(/what it stands on, a shows all/);
  screen.type("a");
  await screen.until(/5 assets/);
  // The run that is under way: its bars, what failed in it, its log as it is written.
  screen.type("3");
  await screen.until(/▌ ● \w{6} {2}running/);
  screen.type(KEYS.enter);
  await screen.until(/● patient +█+ /);
  screen.type(KEYS.tab);
  await screen.until(/▌ error: .*broken[^]*no rate[^]*rerun: nycflow run broken/);
  screen.type(KEYS.tab);
  await screen.until(/patient .*began to wait/);
  writeFileSync(rig.path("go"), "");
  await screen.until(/patient .*went on/);
  await screen.until(/✗ \w{6} failed/);
  screen.type(KEYS.escape);
  await screen.until(/▌ ✗ \w{6} {2}failed/);
  // A schedule is switched off after a question that shows the command, and on without one.
  screen.type("4");
  await screen.until(/▌ ✓ nightly +in /);
  screen.type("s");
  await screen.until(/nycflow schedules off nightly/);
  screen.type("y");
  await screen.until(/‖ nightly +off/);
  screen.type("s");
  await screen.until(/✓ nightly +in /);
  // A sensor is asked, and what it asked for is made.
  rig.project({ "requests/first.json": '{ "n": 7 }' });
  screen.type(KEYS.tab);
  await screen.until(/▌ ✓ asked/);
  screen.type("t");
  await screen.until(/✓ asked +1 /);
  screen.type(KEYS.enter);
  await screen.until(/▌ ✓ first\S* +published/);
  screen.type(KEYS.enter);
  await screen.until(/✓ answers\[first/);
  screen.type("q");
  equal(await screen.ended, 1, "broken is still broken");
  ok(!screen.alternate);
  match(screen.history(), /── answers|── sales/);
});
