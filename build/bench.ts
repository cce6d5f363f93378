// `deno task bench`: the figures that the project promises, each beside its floor in the same run, as medians.
//   --only WORDS   cases whose name has these words in it (may be repeated)
//   --runs N       how often each is timed, 5 unless said
//   --json FILE    all figures as JSON too
//   --binary-only  without `deno run`'s figures
// The binary is judged; `deno run` stands beside it. Runs of a program and of its floor take turns, so that what else
// the machine does falls on both. The exit code is 1 where something is over what is to be reached.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { type Case, casesIn, type Timed } from "./bench/cases.ts";
import { measureDashboard } from "./bench/dashboard.ts";
import { measureExecution } from "./bench/execution.ts";
import { partitionCasesIn } from "./bench/partition_cases.ts";
import { median, peakMemory, time } from "./bench/measure.ts";
import { type Form, FORMS, makePrograms } from "./bench/programs.ts";

/** What one case gave in one form; milliseconds and MiB. */
interface Figures {
  readonly times: readonly number[];
  readonly floors: readonly number[];
  readonly memory: number | null;
  readonly floorMemory: number | null;
}

interface Row {
  readonly name: string;
  readonly cells: readonly string[];
  readonly over: boolean;
}

const DASHBOARD = "dashboard";
const EXECUTION = "execution";

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    runs: { type: "string", default: "5" },
    json: { type: "string" },
    "binary-only": { type: "boolean", default: false },
  },
});
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) throw new Error("--runs is a whole number from 1");

const folder = mkdtempSync(join(tmpdir(), "nycflow-bench-"));
process.once("SIGINT", () => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(130);
});
try {
  process.exitCode = await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main(): Promise<number> {
  console.error("compiling nycflow and its floors …");
  const forms = values["binary-only"] ? FORMS.slice(0, 1) : FORMS;
  const programs = await makePrograms(folder);
  const all = [...casesIn(folder, programs), ...partitionCasesIn(folder, programs)];
  const isWanted = (name: string) => values.only?.some((each) => name.includes(each)) ?? true;
  const wanted = all.filter(({ name }) => isWanted(name));
  if (wanted.length === 0 && !isWanted(DASHBOARD) && !isWanted(EXECUTION)) {
    console.error(
      `no such case; there are:\n${
        all.map(({ name }) => `  ${name}`).join("\n")
      }\n  ${DASHBOARD}\n  ${EXECUTION}`,
    );
    return 2;
  }
  const found = new Map<string, Partial<Record<Form, Figures>>>();
  const rows: Row[] = [];
  for (const each of wanted) {
    console.error(`${each.name} …`);
    each.setup?.();
    const figures: Partial<Record<Form, Figures>> = {};
    for (const form of forms) figures[form] = await measure(each, form);
    found.set(each.name, figures);
    rows.push(...rowsOf(each, figures));
  }
  rows.push(...growth(found));
  if (isWanted(DASHBOARD)) {
    console.error(`${DASHBOARD} …`);
    rows.push(...await figureRows(DASHBOARD, measureDashboard, programs.nycflow, forms));
  }
  if (isWanted(EXECUTION)) {
    console.error(`${EXECUTION} …`);
    rows.push(...await figureRows(EXECUTION, measureExecution, programs.nycflow, forms));
  }
  console.log(`${availableParallelism()} cores, medians of ${runs}\n`);
  print(rows);
  if (values.json !== undefined) {
    writeFileSync(values.json, JSON.stringify(Object.fromEntries(found), null, 2));
  }
  return rows.some((row) => row.over) ? 1 : 0;
}

/** A figure that has a goal of its own, and no floor. */
interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal: number;
}

async function figureRows(
  group: string,
  measured: (command: readonly string[]) => Promise<readonly Figure[]>,
  commands: Readonly<Record<Form, readonly string[]>>,
  forms: readonly Form[],
): Promise<readonly Row[]> {
  const binary = await measured(commands.binary);
  const deno = forms.includes("deno") ? await measured(commands.deno) : [];
  return binary.map(({ name, value, unit, goal }, at): Row => {
    const other = deno[at]?.value;
    const over = value > goal;
    const shown = (figure: number) => `${figure.toFixed(1)} ${unit}`;
    return {
      name: `${group}: ${name}`,
      cells: [
        shown(value),
        other === undefined ? "" : shown(other),
        "",
        "",
        `${goal} ${unit}`,
        over ? "over" : "ok",
      ],
      over,
    };
  });
}

async function measure(each: Case, form: Form): Promise<Figures> {
  const timed = each.timed(form);
  const floor = each.floor?.(form) ?? null;
  const times: number[] = [];
  const floors: number[] = [];
  once(timed); // caches of files and of definitions are warm, for all alike
  if (floor !== null) once(floor);
  for (let at = 0; at < runs; at++) {
    if (floor !== null) floors.push(once(floor));
    times.push(once(timed));
  }
  const seen = each.memory !== undefined || each.peak !== undefined;
  return {
    times,
    floors,
    memory: seen ? await memoryOf(timed) : null,
    floorMemory: seen && floor !== null ? await memoryOf(floor) : null,
  };
}

function once({ prepare, program }: Timed): number {
  prepare?.();
  return time(program);
}

async function memoryOf({ prepare, program }: Timed): Promise<number | null> {
  prepare?.();
  return await peakMemory(program);
}

function rowsOf(each: Case, figures: Partial<Record<Form, Figures>>): readonly Row[] {
  const { binary, deno } = figures;
  if (binary === undefined) return [];
  const own = median(binary.times);
  const floor = binary.floors.length === 0 ? null : median(binary.floors);
  const ratio = floor === null ? null : own / floor;
  const { goal } = each;
  const over = "ms" in goal
    ? own > goal.ms
    : "ratio" in goal
    ? (ratio ?? 0) > goal.ratio
    : "more" in goal && own - (floor ?? 0) > goal.more;
  const limit = "ms" in goal
    ? ms(goal.ms)
    : "ratio" in goal
    ? `${goal.ratio} ×`
    : "more" in goal
    ? `+ ${ms(goal.more)}`
    : "";
  const rows: Row[] = [{
    name: each.name,
    cells: [
      ms(own),
      deno === undefined ? "" : ms(median(deno.times)),
      floor === null ? "" : ms(floor),
      ratio === null ? "" : `${ratio.toFixed(2)} ×`,
      limit,
      "shown" in goal ? "" : over ? "over" : "ok",
    ],
    over,
  }];
  if (each.memory !== undefined) rows.push(memoryRow(each, each.memory, figures));
  if (each.peak !== undefined) rows.push(peakRow(each, each.peak, figures));
  return rows;
}

function peakRow(
  each: Case,
  limit: number,
  { binary, deno }: Partial<Record<Form, Figures>>,
): Row {
  const own = binary?.memory ?? null;
  const over = own !== null && own > limit;
  return {
    name: `${each.name}: peak memory`,
    cells: [
      mib(own),
      deno === undefined ? "" : mib(deno.memory),
      "",
      "",
      mib(limit),
      own === null ? "" : over ? "over" : "ok",
    ],
    over,
  };
}

function mib(value: number | null | undefined): string {
  return value === null || value === undefined ? "not measured" : `${value.toFixed(0)} MiB`;
}

function memoryRow(
  each: Case,
  limit: number,
  { binary, deno }: Partial<Record<Form, Figures>>,
): Row {
  const own = binary?.memory ?? null;
  const floor = binary?.floorMemory ?? null;
  const ratio = own === null || floor === null ? null : own / floor;
  const over = ratio !== null && ratio > limit;
  return {
    name: `${each.name}: peak memory`,
    cells: [
      mib(own),
      deno === undefined ? "" : mib(deno.memory),
      mib(floor),
      ratio === null ? "" : `${ratio.toFixed(2)} ×`,
      `${limit} ×`,
      ratio === null ? "" : over ? "over" : "ok",
    ],
    over,
  };
}

/** Ten times the assets take at most eleven times as long. */
function growth(found: ReadonlyMap<string, Partial<Record<Form, Figures>>>): readonly Row[] {
  const of = (name: string, form: Form) => found.get(name)?.[form]?.times;
  const ratioOf = (form: Form) => {
    const [few, many] = [of("chain of 100", form), of("chain of 1000", form)];
    return few === undefined || many === undefined ? null : median(many) / median(few);
  };
  const ratio = ratioOf("binary");
  if (ratio === null) return [];
  const deno = ratioOf("deno");
  const cells = [
    `${ratio.toFixed(2)} ×`,
    deno === null ? "" : `${deno.toFixed(2)} ×`,
    "",
    "",
    "11 ×",
    ratio > 11 ? "over" : "ok",
  ];
  return [{ name: "chain of 1000 beside 100", cells, over: ratio > 11 }];
}

function ms(value: number): string {
  return value < 1000
    ? `${value.toFixed(value < 100 ? 1 : 0)} ms`
    : `${(value / 1000).toFixed(2)} s`;
}

function print(rows: readonly Row[]): void {
  const table = [
    ["case", "binary", "deno", "floor", "ratio", "to reach", ""],
    ...rows.map((row) => [row.name, ...row.cells]),
  ];
  const widths = table[0]!.map((_, at) => Math.max(...table.map((line) => line[at]!.length)));
  for (const line of table) {
    const cells = line.map((cell, at) =>
      at === 0 || at === line.length - 1 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)
    );
    console.log(cells.join("  ").trimEnd());
  }
}
