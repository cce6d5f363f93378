// What is measured of partitions and versions: planning a hundred thousand, one of ten thousand, reading them packed,
// comparing two versions, merging a little into a lot.

import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { CHECKOUT } from "../packages.ts";
import type { Case, Timed } from "./cases.ts";
import { type Program, time } from "./measure.ts";
import type { Form, Programs } from "./programs.ts";
import { chainName, writeDailyChain } from "./projects.ts";

const ROWS = 3_000_000;

/** The cases; `folder` is the bench's own. */
export function partitionCasesIn(folder: string, programs: Programs): readonly Case[] {
  const at = (...parts: string[]) => join(folder, ...parts);
  const nycflow = (form: Form, project: string, ...args: string[]): Program => ({
    command: [...programs.nycflow[form], ...args],
    cwd: at(project),
  });
  const quick = (project: string, ...args: string[]) =>
    void time(nycflow("binary", project, ...args));
  const once = new Set<string>();
  const setup = (name: string, make: () => void) => () => {
    if (once.has(name)) return;
    once.add(name);
    make();
  };
  const asset = (project: string, name: string, sql: string) => {
    mkdirSync(at(project, "assets"), { recursive: true });
    writeFileSync(at(project, "assets", `${name}.sql`), `${sql}\n`);
  };
  const daily = (project: string, length: number, days: number, published: boolean) =>
    setup(project, () => {
      writeDailyChain(at(project), length, days);
      if (published) publish(at(project));
      quick(project, "plan", chainName(0), "--quiet");
    });
  const planning = (name: string, project: string, published: boolean, ms: number): Case => ({
    name,
    goal: { ms },
    peak: 250,
    setup: daily(project, 1000, 100, published),
    timed: (form) => ({ program: nycflow(form, project, "plan") }),
    floor: null,
  });
  const oneOf = (days: number) => (form: Form): Timed => ({
    program: nycflow(form, `days-${days}`, "run", chainName(0), "--partition", DAY, "--quiet"),
  });
  const sum = (project: string) => (form: Form): Timed => ({
    program: nycflow(form, project, "sql", "select count(*), sum(y) from days", "--csv"),
  });

  return [
    planning("plan, 100,000 partitions, all fresh", "plan-fresh", true, 400),
    planning("plan, 100,000 partitions, all missing", "plan-missing", false, 1000),
    {
      name: "run of one partition among 10,000, beside ten",
      goal: { more: 30 },
      setup: () => {
        daily("days-10", 1, 10, true)();
        daily("days-10000", 1, 10_000, true)();
      },
      timed: oneOf(10_000),
      floor: oneOf(10),
    },
    {
      name: "scan of 10,000 packed partitions, beside one file",
      goal: { ratio: 5 },
      setup: setup("packed", () => {
        const rows = "range % 100 as x, (range % 100) * 2 as y";
        asset("one", "days", `select range // 100 as day, ${rows} from range(1000000)`);
        const span = `{ daily: { start: 1990-01-01, end: ${dayAfter(10_000)} } }`;
        asset(
          "packed",
          "days",
          `/* @asset\npartitions: ${span}\n*/\nselect $partition_start as day, ${rows} from range(100)`,
        );
        for (const project of ["one", "packed"]) quick(project, "up", "--quiet");
        quick("packed", "clean");
      }),
      timed: sum("packed"),
      floor: sum("one"),
    },
    {
      name: "diff of two versions of 3,000,000 rows, beside a hash of both",
      goal: { ratio: 5 },
      setup: setup("diff", () => {
        asset("diff", "big", bigSql("range % 5", `range(${ROWS})`));
        quick("diff", "up", "--quiet");
        const changed = "case when range % 1000 = 0 then 9 else range % 5 end";
        asset("diff", "big", bigSql(changed, `range(100, ${ROWS + 100})`));
        quick("diff", "up", "--quiet");
      }),
      timed: (form) => ({ program: nycflow(form, "diff", "diff", "big") }),
      floor: (form) => ({
        program: {
          command: [...programs.floor[form], "hash", at("diff", ".nycflow", "lake", "big")],
          cwd: folder,
        },
      }),
    },
    {
      name: "merge of 1000 keys into 9,000,000 rows",
      goal: { ms: 1000 },
      setup: setup("merge", () => {
        asset("merge", "changes", bigSql("range % 5", `range(${3 * ROWS})`));
        const how = "materialized: incremental\nstrategy: merge\nunique_key: [id]";
        asset("merge", "merged", `/* @asset\n${how}\n*/\nfrom changes`);
        quick("merge", "up", "--quiet");
      }),
      timed: (form) => ({
        prepare: () => {
          changes++;
          const some = `(select range * 8999 as range from range(1000))`;
          asset("merge", "changes", bigSql(String(changes), some));
          quick("merge", "run", "changes", "--quiet");
        },
        program: nycflow(form, "merge", "up", "--quiet"),
      }),
      floor: null,
    },
  ];
}

/** Each time another value, so that there is something to merge. */
let changes = 10;

const DAY = "1990-01-05";

function dayAfter(days: number): string {
  return new Date(Date.UTC(1990, 0, 1 + days)).toISOString().slice(0, 10);
}

/** Seven columns of a trip; the same types whatever is counted and wherever from. */
function bigSql(passengers: string, from: string): string {
  return `select range::bigint as id, (range * 7919 % 263)::int as zone,
  timestamp '2023-01-01' + to_seconds(range) as at, (range * 31 % 10000 / 100)::decimal(18,2) as fare,
  (${passengers})::int as passengers, 'v' || (range % 100) as vendor, (range * 1.5)::double as miles
from ${from}`;
}

/** As if all of it had been run. */
function publish(project: string): void {
  const script = join(CHECKOUT, "build", "bench", "published.ts");
  const done = spawnSync(process.execPath, ["run", "-A", script, project], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${script} ended with ${done.status}\n${done.stderr}`);
}
