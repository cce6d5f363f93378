// `deno task soak`: what takes too long for the tests, whose reduced forms stand in tests/e2e and tests/faults.
//   --only NAME    kills, crash, reading, together, stopped, day, disk, cron, month, staying, backfill, zones or
//                  report
//                  report opens the demo's report in a browser; screenshots stay in dist/report
//   --seed N       chance can be had again, 1 unless said
//   --kills N      how often a run is killed, 200 unless said
//   --rounds N     how often several run at once, 20 unless said
//   --assets N     the project's size, 100 unless said
//   --minutes N    how long cron drives it and one that stays is measured, 10 unless said
//   --days N       how many days of hourly ticks, 31 unless said
//   --seconds N    how long a process is stopped, 60 unless said; others read for twice as long
//   --ticks N      how often a crontab of five minutes comes, 288 (a day) unless said
//   --step KIB     by how much less room a full disk has each time, 20 unless said
//   --from-source  `deno run` instead of the binary
// The exit code is 1 where anything went wrong; every fault is printed.

import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { freshBinary } from "./fresh.ts";
import { CHECKOUT } from "./packages.ts";
import { backfill } from "./soak/backfill.ts";
import { crash } from "./soak/crash.ts";
import { underCron } from "./soak/cron.ts";
import { day } from "./soak/day.ts";
import { fullDisk } from "./soak/disk.ts";
import { kills } from "./soak/kills.ts";
import { killedProject } from "./soak/project.ts";
import { reading } from "./soak/reading.ts";
import { report } from "./soak/report.ts";
import { month } from "./soak/month.ts";
import { staying } from "./soak/staying.ts";
import { stopped } from "./soak/stopped.ts";
import { together } from "./soak/together.ts";
import { zones } from "./soak/zones.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    seed: { type: "string", default: "1" },
    kills: { type: "string", default: "200" },
    rounds: { type: "string", default: "20" },
    assets: { type: "string", default: "100" },
    minutes: { type: "string", default: "10" },
    days: { type: "string", default: "31" },
    seconds: { type: "string", default: "60" },
    ticks: { type: "string", default: "288" },
    step: { type: "string", default: "20" },
    "from-source": { type: "boolean", default: false },
  },
});

const folder = mkdtempSync(join(tmpdir(), "nycflow-soak-"));
try {
  process.exitCode = await main();
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

async function main(): Promise<number> {
  const program = values["from-source"]
    ? [process.execPath, "run", "-A", join(CHECKOUT, "main.ts")]
    : [await freshBinary(console.log)];
  const command = [...program, "up", "--quiet"];
  const seed = count("seed");
  const files = killedProject(count("assets"), seed);
  let projects = 0;
  const fresh = (made = files) => {
    // The one before is done with; ten thousand small files are not to be kept.
    if (projects > 1) rmSync(join(folder, String(projects - 1)), { recursive: true, force: true });
    const project = join(folder, String(projects++));
    for (const [path, text] of Object.entries(made)) {
      mkdirSync(dirname(join(project, path)), { recursive: true });
      writeFileSync(join(project, path), text);
    }
    return project;
  };
  const say = (line: string) => console.log(line);
  /** A folder of its own, and a copy of the program, which no compilation changes meanwhile. */
  const own = (name: string, [file = "", ...args]: readonly string[]) => {
    const place = join(folder, name);
    const copy = join(place, "nycflow");
    mkdirSync(place);
    if (args.length > 0) return { program: [file, ...args], folder: place };
    copyFileSync(file, copy);
    return { program: [copy], folder: place };
  };
  const forms: Record<string, () => Promise<readonly string[]>> = {
    kills: () => kills({ program, fresh, kills: count("kills"), seed, say }),
    crash: () => crash({ program, fresh: () => fresh(killedProject(12, seed)), say }),
    reading: () =>
      reading({ ...own("reading", program), seconds: 2 * count("seconds"), seed, say }),
    together: async () => [
      ...await together({ command, fresh, processes: 2, rounds: count("rounds"), say }),
      ...await together({ command, fresh, processes: 5, rounds: count("rounds"), say }),
    ],
    stopped: () => stopped({ program, fresh, seconds: count("seconds"), say }),
    day: () => day({ ...own("day", program), ticks: count("ticks"), say }),
    disk: () => fullDisk({ program, step: count("step"), say }),
    cron: async () =>
      await underCron({ ...own("cron", program), minutes: count("minutes"), say }) ?? [],
    staying: async () =>
      await staying({ ...own("staying", program), minutes: count("minutes"), say }) ?? [],
    backfill: () =>
      backfill({ ...own("backfill", program), kills: Math.ceil(count("kills") / 4), seed, say }),
    zones: () => Promise.resolve(zones(say)),
    report: () => report({ program, folder, shots: join(CHECKOUT, "dist", "report"), say }),
    month: async () => await month({ ...own("month", program), days: count("days"), say }) ?? [],
  };
  const chosen = Object.entries(forms).filter(([name]) => (values.only ?? name) === name);
  if (chosen.length === 0) throw new Error(`there are ${Object.keys(forms).join(", ")}`);
  let faults = 0;
  for (const [name, form] of chosen) {
    console.log(`== ${name}, seed ${seed}`);
    const wrong = await form();
    for (const each of wrong) console.log(`fault: ${each}`);
    faults += wrong.length;
  }
  console.log(faults === 0 ? "nothing went wrong" : `${faults} faults`);
  return faults === 0 ? 0 : 1;
}

function count(
  name: "seed" | "kills" | "rounds" | "assets" | "minutes" | "days" | "seconds" | "ticks" | "step",
): number {
  const number = Number(values[name]);
  if (!Number.isInteger(number) || number < 1) {
    throw new Error(`--${name} is a whole number from 1`);
  }
  return number;
}
