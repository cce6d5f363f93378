// What is measured, and against what. Each case says how a run is prepared (not timed), which program is timed, its
// floor, and what is to be reached; running, medians and judging are bench.ts's.

import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../packages.ts";
import { type Program, time } from "./measure.ts";
import { type Form, type Programs } from "./programs.ts";
import { writeChain, writeMillion, writeSmall } from "./projects.ts";

/** One thing to be timed: `prepare` runs before every start. */
export interface Timed {
  readonly prepare?: () => void;
  readonly program: Program;
}

/** What a median is compared with. */
export type Goal =
  /** Milliseconds at the most. */
  | { readonly ms: number }
  /** Times the floor's median at the most. */
  | { readonly ratio: number }
  /** Milliseconds more than the floor's median at the most. */
  | { readonly more: number }
  /** Given for comparison; nothing is to be reached. */
  | { readonly shown: true };

export interface Case {
  readonly name: string;
  readonly goal: Goal;
  readonly timed: (form: Form) => Timed;
  /** What it is held against, in the same form; null where the goal is a time. */
  readonly floor: ((form: Form) => Timed) | null;
  /** Peak memory too, at most so many times the floor's. */
  readonly memory?: number;
  /** Peak memory, in MiB, at the most. */
  readonly peak?: number;
  /** Made once, before the case's first run. */
  readonly setup?: () => void;
}

const TRIPS = 3_000_000;

/** All cases, in the order of the table. `folder` is the bench's own. */
export function casesIn(folder: string, programs: Programs): readonly Case[] {
  const at = (...parts: string[]) => join(folder, ...parts);
  const state = (project: string) => () => {
    for (const name of ["state.db", "state.db-wal", "state.db-shm", "lake"]) {
      rmSync(join(project, ".nycflow", name), { recursive: true, force: true });
    }
  };
  const nycflow = (form: Form, project: string, ...args: string[]): Program => ({
    command: [...programs.nycflow[form], ...args],
    cwd: project,
    env: { TAXI_SOURCE: at("source"), TAXI_SERVICE: "yellow" },
  });
  const floor = (form: Form, ...args: string[]): Timed => {
    const target = args.at(-1)!;
    return {
      prepare: () => rmSync(target, { recursive: true, force: true }),
      program: { command: [...programs.floor[form], ...args], cwd: folder },
    };
  };
  const once = new Set<string>();
  const setup = (name: string, make: (project: string) => void) => {
    if (once.has(name)) return;
    once.add(name);
    mkdirSync(at(name), { recursive: true });
    make(at(name));
  };
  const ready = (name: string, make: (project: string) => void) => () =>
    setup(name, (project) => {
      make(project);
      time(nycflow("binary", project, "up", "--quiet"));
    });

  const looking = (count: number, command: "ls" | "up", ms: number): Case => ({
    name: command === "ls" ? `ls, ${count} assets` : `up, nothing to do, ${count} assets`,
    goal: { ms },
    setup: ready(`ready-${count}`, (project) => writeChain(project, count)),
    timed: (form) => ({ program: nycflow(form, at(`ready-${count}`), command) }),
    floor: null,
  });

  const chain = (count: number, goal: Goal): Case => ({
    name: `chain of ${count}`,
    goal,
    setup: () => setup(`chain-${count}`, (project) => writeChain(project, count)),
    timed: (form) => ({
      prepare: () => rmSync(at(`chain-${count}`, ".nycflow"), { recursive: true, force: true }),
      program: nycflow(form, at(`chain-${count}`), "up", "--quiet"),
    }),
    floor: (form) => floor(form, "chain", String(count), at(`floor-chain-${form}`)),
  });

  const source = () =>
    setup("source", (project) => {
      time({
        command: [...programs.floor.binary, "generate", project, String(TRIPS)],
        cwd: folder,
      });
    });
  /** The demo's own assets, as far as they are measured. */
  const taxi = (name: string, mirror: boolean, checks = true) => () => {
    source();
    setup(name, (project) => {
      const assets = join(CHECKOUT, "assets");
      const wanted = [
        "files",
        "tables/taxi_trips.sql",
        "tables/taxi_zones.sql",
        "reports/trips_by_week.sql",
        "reports/manhattan_stats.sql",
      ];
      for (const each of wanted) {
        const to = join(project, "assets", each);
        cpSync(join(assets, each), to, { recursive: true });
        if (!checks && to.endsWith(".sql")) {
          writeFileSync(to, withoutChecks(readFileSync(to, "utf8")));
        }
      }
      writeFileSync(join(project, "nycflow.config.ts"), configOf(mirror));
    });
  };
  const pipeline = (
    name: string,
    mirror: boolean,
    goal: Goal,
    against: string,
    checks = true,
  ): Case => ({
    name,
    goal,
    setup: taxi(folderOf(mirror, checks), mirror, checks),
    timed: (form) => {
      const project = at(folderOf(mirror, checks));
      return {
        prepare: () => {
          state(project)();
          for (const each of ["warehouse.duckdb", "exports", ".nycflow/cache/mirror.json"]) {
            rmSync(join(project, each), { recursive: true, force: true });
          }
        },
        program: nycflow(form, project, "up", "--quiet"),
      };
    },
    floor: (form) =>
      floor(form, against, join(CHECKOUT, "assets"), at("source"), at(`floor-${against}-${form}`)),
  });

  return [
    {
      name: "--version",
      goal: { ratio: 2 },
      timed: (form) => ({ program: nycflow(form, folder, "--version") }),
      floor: (form) => ({ program: { command: programs.empty[form], cwd: folder } }),
    },
    looking(10, "ls", 25),
    looking(10, "up", 25),
    looking(1000, "ls", 100),
    looking(1000, "up", 100),
    {
      name: "up of one TypeScript asset",
      goal: { ms: 80 },
      setup: ready("small", writeSmall),
      timed: (form) => ({
        prepare: state(at("small")),
        program: nycflow(form, at("small"), "up", "--quiet"),
      }),
      floor: null,
    },
    {
      name: "the same, its rows shown",
      goal: { shown: true },
      setup: ready("small", writeSmall),
      timed: (form) => ({
        prepare: state(at("small")),
        program: nycflow(form, at("small"), "up"),
      }),
      floor: null,
    },
    {
      name: "chart of 1,000,000 points",
      goal: { ms: 150 },
      setup: ready("million", writeMillion),
      timed: (form) => ({ program: nycflow(form, at("million"), "chart", "points") }),
      floor: null,
    },
    chain(100, { shown: true }),
    chain(1000, { ratio: 1.6 }),
    { ...pipeline("pipeline, beside one script", false, { ratio: 1.05 }, "pipeline"), memory: 1.2 },
    // The script checks nothing and writes no files for people: this is what both do.
    {
      ...pipeline("the same without checks and exports", false, { shown: true }, "pipeline", false),
      memory: 1.2,
    },
    pipeline("pipeline, beside bare DuckDB", false, { ratio: 1 }, "native"),
    pipeline("pipeline with its mirror", true, { shown: true }, "native"),
    {
      name: "one month rebuilt",
      goal: { ratio: 1.5 },
      setup: () => {
        taxi("taxi", false)();
        if (!existsSync(at("taxi", ".nycflow", "state.db"))) {
          time(nycflow("binary", at("taxi"), "up", "--quiet"));
        }
      },
      timed: (form) => ({
        // whatever was there before: the month is published, so that there is something to compare with
        prepare: () => void time(month(nycflow, form, at("taxi"))),
        program: month(nycflow, form, at("taxi")),
      }),
      floor: (form) => ({
        prepare: () => {
          state(at("taxi"))();
          time(
            nycflow(form, at("taxi"), "run", "taxi_trips_file", "taxi_zones", ...PART, "--quiet"),
          );
        },
        program: month(nycflow, form, at("taxi")),
      }),
    },
  ];
}

function folderOf(mirror: boolean, checks: boolean): string {
  return mirror ? "taxi-mirror" : checks ? "taxi" : "taxi-bare";
}

/** A header without the keys under which checks, metadata and exports stand, each with the lines below it. */
function withoutChecks(sql: string): string {
  return sql.replace(/^(checks|metadata|export):.*\n(?:[ -].*\n)*/gm, "");
}

const PART = ["--partition", "2023-01"];

function month(
  nycflow: (form: Form, project: string, ...args: string[]) => Program,
  form: Form,
  project: string,
): Program {
  return nycflow(form, project, "run", "taxi_trips", "--only", "--force", ...PART, "--quiet");
}

/** As the demo's, without charts' company: the mirror is on only where its time is what is asked. */
function configOf(mirror: boolean): string {
  const warehouse = mirror ? ', warehouse: { mirror: "warehouse.duckdb" }' : "";
  return `import { defineConfig } from "nycflow";
export default defineConfig({ name: "taxi", timezone: "America/New_York"${warehouse}, pools: { downloads: 2 } });
`;
}
