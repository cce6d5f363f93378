/** The history of runs, logs, what `doctor` found, what `types` and `export` wrote. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { RunHead } from "../../src/core/heads.ts";
import type { RunId } from "../../src/core/key.ts";
import { doctorDocument, doctorLines, type ShownFinding } from "../../src/views/doctor.ts";
import { logDocument, logPainter, type ShownEntry } from "../../src/views/logs.ts";
import { runsDocument, runsLines } from "../../src/views/runs.ts";
import { tablesText, valueType } from "../../src/views/table_types.ts";
import { typesLines } from "../../src/views/editor_types.ts";
import { exportLine } from "../../src/views/export.ts";
import { rebuiltLines } from "../../src/views/rebuilt.ts";
import { AROUND, NOW, part, plain } from "./samples.ts";
import { inEveryStyle, text } from "./lines.ts";

function run(id: string, over: Partial<RunHead> = {}): RunHead {
  return {
    run: `01jrun00000000000000${id}` as RunId,
    state: "succeeded",
    trigger: "up",
    selection: "",
    holder: null,
    command: "nycflow up",
    requestedAt: NOW - 3_600_000,
    startedAt: NOW - 3_600_000,
    endedAt: NOW - 3_598_800,
    planned: 3,
    steps: { succeeded: 2, unchanged: 1, failed: 0 },
    ...over,
  };
}

const runs = [
  run("aaaaa1", {
    state: "running",
    endedAt: null,
    startedAt: NOW - 4000,
    steps: { succeeded: 1 },
  }),
  run("aaaaa2", {
    state: "failed",
    trigger: "run",
    selection: "+trips_by_week",
    steps: { failed: 1 },
  }),
  run("aaaaa3", { state: "interrupted", endedAt: null }),
  run("aaaaa4"),
];

Deno.test("runs: id, when, trigger, outcome, how long, steps; what is under way says of how many", () => {
  const lines = runsLines({ runs, more: true }, AROUND, plain, 120);
  match(lines[2] ?? "", /^aaaaa1 +4 s ago .*up +● running +4 s +1 succeeded of 3$/);
  match(lines[3] ?? "", /^aaaaa2 +1 h ago .*run \+trips_by_week +✗ failed +1\.2 s +1 failed$/);
  match(lines[4] ?? "", /! interrupted +2 succeeded, 1 unchanged of 3$/);
  match(lines[5] ?? "", /✓ succeeded +1\.2 s +2 succeeded, 1 unchanged$/);
  match(lines.at(-1) ?? "", /older ones: --limit N/);
  deepEqual(runsLines({ runs: [], more: false }, AROUND, plain, 80), ["no runs"]);
  inEveryStyle((style, columns) => runsLines({ runs, more: true }, AROUND, style, columns));
});

Deno.test("runs --json: whole ids, ISO instants, seconds", () => {
  const { runs: [, second] } = runsDocument({ runs, more: false }, "UTC") as unknown as {
    runs: Record<string, unknown>[];
  };
  equal(second?.["run"], "01jrun00000000000000aaaaa2");
  equal(second?.["seconds"], 1.2);
  equal(second?.["requestedAt"], "2026-01-05T12:00:00+00:00");
});

function entry(step: string, level: ShownEntry["level"], told: string, at = NOW): ShownEntry {
  const source = { run: "r1", asset: step, partition: part(""), attempt: 1, step };
  return { source, level, text: told, at };
}

Deno.test("logs: time, step, line; levels in words; names stand in one column", () => {
  const lines = logPainter(AROUND, plain)([
    entry("a", "stdout", "one\ttwo"),
    entry("longer[2023-01]", "warn", "careful"),
    entry("a", "failed", "it broke"),
  ]);
  deepEqual(lines, [
    "08:00:00 a               │ one     two",
    "08:00:00 longer[2023-01] │ warn: careful",
    "08:00:00 a               │ failed: it broke",
  ]);
});

Deno.test("logs: what user code prints cannot harm the terminal", () => {
  const [line = ""] = logPainter(AROUND, plain)([entry("a", "stdout", "\x1b[2Jgone\r")]);
  ok(!line.includes("\x1b") && !line.includes("\r"), JSON.stringify(line));
  equal(logDocument(entry("a", "stderr", "x"), "UTC")["at"], "2026-01-05T13:00:00+00:00");
});

const findings: ShownFinding[] = [
  { id: "version", area: "installation", state: "ok", text: "nycflow 1.0", next: null },
  {
    id: "duckdb",
    area: "installation",
    state: "bad",
    text: "DuckDB cannot be loaded",
    next: "do this",
  },
  { id: "disk", area: "project", state: "warn", text: "little is free", next: "nycflow clean" },
];

Deno.test("doctor: each line has its mark, what is not well says what to do; quiet says only that", () => {
  equal(
    text(doctorLines(findings, false, plain, 80)),
    [
      "installation",
      "✓ nycflow 1.0",
      "✗ DuckDB cannot be loaded",
      "  next: do this",
      "",
      "project",
      "! little is free",
      "  next: nycflow clean",
      "",
      "1 bad, 1 warning",
    ].join("\n"),
  );
  deepEqual(doctorLines(findings.slice(0, 1), true, plain, 80), []);
  equal(doctorDocument(findings)["ok"], false);
  inEveryStyle((style, columns) => doctorLines(findings, false, style, columns));
});

Deno.test("types: DuckDB's types as what a step reads", () => {
  const told: Record<string, string> = {
    BIGINT: "number",
    "DECIMAL(18,2)": "string",
    HUGEINT: "string",
    "TIMESTAMP WITH TIME ZONE": "string",
    BOOLEAN: "boolean",
    JSON: "unknown",
    "VARCHAR[]": "readonly (string | null)[]",
    "INTEGER[3][]": "readonly (readonly (number | null)[] | null)[]",
    'STRUCT("a" INTEGER, "b, c" DECIMAL(4,1)[])':
      '{ readonly a: number | null; readonly "b, c": readonly (string | null)[] | null }',
    "MAP(VARCHAR, DOUBLE)": "Readonly<Record<string, number | null>>",
    "MAP(INTEGER, DATE)": "readonly { readonly key: number; readonly value: string | null }[]",
  };
  for (const [type, typescript] of Object.entries(told)) equal(valueType(type), typescript, type);
});

Deno.test("types: a table with a hostile description and odd columns is still a declaration", () => {
  const written = tablesText([{
    name: "trips",
    description: "ends a comment */ here",
    columns: [
      { name: "two words", type: "BIGINT", description: "", required: true },
      { name: "n", type: "DATE", description: "the day", required: false },
    ],
  }]);
  ok(!written.includes("comment */ here"));
  match(written, /readonly "two words": number;/);
  match(written, /\/\*\* the day \(DATE\) \*\/\n {4}readonly n: string \| null;/);
});

Deno.test("export, types and rebuild tell what was done and what was left out", () => {
  const done = { file: "x.duckdb", tables: 2, rows: 1234, bytes: 5_000_000, left: ["map"] };
  equal(
    exportLine(done, plain, 80),
    "wrote x.duckdb: 2 tables, 1,234 rows, 5 MB\nleft out, since they are no tables: map",
  );
  const lines = typesLines(
    { files: ["a.d.ts"], tables: 1, unknown: ["b"], missing: [{ file: "deno.json", add: "X" }] },
    plain,
    80,
  );
  match(
    text(lines),
    /types of 1 table: wrote a\.d\.ts\nno columns are known yet of b[\s\S]*deno\.json is there/,
  );
  match(
    text(rebuiltLines(
      { kept: ".nycflow/old", published: 2, refused: ["f1"], unknown: [], foreign: [] },
      plain,
      80,
    )),
    /2 versions published again\nthe old one is kept as \.nycflow\/old\n1 file failed/,
  );
});
