// Mistakes as people make them: a small project each, the command that meets the mistake, and which
// problem with which exit code it must be. What is said of it is in the snapshot beside the tests.

import { chmodSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { ProblemCode } from "../../src/core/problem/problem.ts";
import type { Rig } from "../rig/program.ts";

export interface Mistake {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** The codes of the problems that must be told, in order. */
  readonly codes: readonly ProblemCode[];
  readonly exit: number;
  /** Commands before, which must end well; then the one that meets the mistake. */
  readonly before?: readonly (readonly string[])[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What files alone cannot say: done after `before`. */
  readonly prepare?: (rig: Rig) => void;
  /** Undone before the project is removed. */
  readonly restore?: (rig: Rig) => void;
  /** Root cannot be kept out of a file, so the mistake cannot be made there. */
  readonly notAsRoot?: boolean;
}

const ts = (body: string, imports = "asset") =>
  `import { ${imports} } from "nycflow";\n\n${body}\n`;

export const TRIPS = "select 1 as trip_id, 12.5 as fare, 'Harlem' as zone";

/** The fifteen of the issue, in its order. */
export const FIFTEEN: readonly Mistake[] = [
  {
    name: "an unknown dependency",
    files: {
      "assets/taxi_trips.sql": TRIPS,
      "assets/daily.sql": "select count(*) as n\nfrom taxi_trip\n",
    },
    codes: ["unknown-dependency"],
    exit: 2,
  },
  {
    name: "a circle",
    files: {
      "assets/a.sql": "select * from c",
      "assets/b.sql": "select * from a",
      "assets/c.sql": "select * from b",
    },
    codes: ["cycle"],
    exit: 2,
  },
  {
    name: "a SQL syntax error",
    files: { "assets/a.sql": "select 1 as one\nform trips\n" },
    codes: ["sql-syntax"],
    exit: 2,
  },
  {
    name: "an unknown column",
    files: {
      "assets/taxi_trips.sql": TRIPS,
      "assets/by_zone.sql": "select zone, sum(fair) as fares\nfrom taxi_trips\ngroup by zone\n",
      "assets/top.sql": "select * from by_zone limit 1",
    },
    codes: ["sql-bind"],
    exit: 2,
  },
  {
    name: "a wrong type in the config",
    files: {
      "assets/a.sql": TRIPS,
      "nycflow.config.ts": ts(
        'export default defineConfig({\n  name: "taxi",\n  concurrency: "four",\n});',
        "defineConfig",
      ),
    },
    codes: ["config-invalid"],
    exit: 2,
  },
  {
    name: "a misspelled config key",
    files: {
      "assets/a.sql": TRIPS,
      "nycflow.config.ts": ts(
        'export default defineConfig({\n  timezome: "America/New_York",\n});',
        "defineConfig",
      ),
    },
    codes: ["config-invalid"],
    exit: 2,
  },
  {
    name: "two assets of one name in two files",
    files: { "assets/raw/trips.sql": TRIPS, "assets/clean/trips.sql": TRIPS },
    codes: ["duplicate-asset"],
    exit: 2,
  },
  {
    name: "a module that throws when it is imported",
    files: {
      "assets/a.ts": ts(
        'const zones: string[] = JSON.parse("[1, 2");\n\nexport const a = asset({ run: () => zones.map((zone) => ({ zone })) });',
      ),
    },
    codes: ["module-throws"],
    exit: 2,
  },
  {
    name: "a missing file",
    files: {
      "assets/trips.sql": "select *\nfrom read_csv('data/trips.csv')\n",
    },
    codes: ["source-missing"],
    exit: 1,
  },
  {
    name: "a truncated Parquet file",
    files: { "assets/other.sql": TRIPS },
    before: [["sql", "--parquet", "whole.parquet", "select range as n from range(1000)"]],
    prepare: (rig) =>
      writeFileSync(
        rig.path("assets/trips.parquet"),
        readFileSync(rig.path("whole.parquet")).subarray(0, 700),
      ),
    codes: ["not-the-format"],
    exit: 1,
  },
  {
    name: "a failing check",
    files: {
      "assets/trips.sql":
        "/* @asset\nchecks:\n  - not_null: [fare]\n  - holds: fare >= 0\n*/\nselect * from (values (1, 12.5), (2, -3), (3, null)) t(id, fare)\n",
    },
    codes: ["check-failed"],
    exit: 1,
  },
  {
    name: "a bad cron line",
    files: { "assets/a.sql": '/* @asset\nschedule: "61 * * * *"\n*/\nselect 1 as x' },
    codes: ["cron-invalid"],
    exit: 2,
  },
  {
    name: "a bad time zone",
    files: {
      "assets/a.sql": TRIPS,
      "nycflow.config.ts": ts(
        'export default defineConfig({ timezone: "America/NewYork" });',
        "defineConfig",
      ),
    },
    codes: ["timezone-unknown"],
    exit: 2,
  },
  {
    name: "a missing environment variable",
    files: {
      "assets/a.ts": ts(
        'export const shop = asset({\n  run: ({ env }) => [{ url: env("SHOP_URL") }],\n});',
      ),
    },
    codes: ["environment-missing"],
    exit: 1,
  },
  {
    name: "two assets of one name in one file",
    files: {
      "assets/a.ts": ts(
        'export const one = asset({ name: "trips", run: () => [{ x: 1 }] });\nexport const two = asset({ name: "trips", run: () => [{ x: 2 }] });',
      ),
    },
    codes: ["duplicate-asset"],
    exit: 2,
  },
];

/** All others: of the issues' lists, and one for each code that nothing else provokes. */
export const OTHERS: readonly Mistake[] = [
  {
    name: "a web page instead of Parquet",
    files: {
      "assets/trips.parquet":
        "<!DOCTYPE html><html><head><title>403 Forbidden</title></head></html>",
    },
    codes: ["not-the-format"],
    exit: 1,
  },
  {
    name: "a CSV that cannot be sniffed",
    files: { "assets/trips.csv": 'a,b\n1,"2\n3,4,5\n"x"y,z\n' },
    codes: ["not-the-format"],
    exit: 1,
  },
  {
    name: "a CSV of mixed line endings",
    files: { "assets/trips.csv": "a,b\r\n1,2\n3,4\r\n5,6\n" },
    codes: ["not-the-format"],
    exit: 1,
  },
  {
    name: "an empty CSV",
    files: { "assets/trips.csv": "" },
    codes: ["not-the-format"],
    exit: 1,
  },
  {
    name: "a CSV whose types break off late",
    files: {
      "assets/trips.sql":
        "select sum(n) as n\nfrom read_csv('data/n.csv', columns = {n: 'BIGINT'})\n",
      "data/n.csv": "n\n1\n2\nmany\n",
    },
    codes: ["not-the-format"],
    exit: 1,
  },
  {
    name: "JSON that is none",
    files: { "assets/trips.json": '[{"a": 1}, {"a": 2]' },
    codes: ["not-the-format"],
    exit: 1,
  },
  {
    name: "a folder without assets",
    files: { "assets/README.md": "soon" },
    codes: ["no-assets"],
    exit: 2,
  },
  {
    name: "no project at all",
    files: { "notes.txt": "" },
    codes: ["no-project"],
    exit: 2,
  },
  {
    name: "a state store of a newer version",
    files: { "assets/a.sql": TRIPS },
    before: [["up"]],
    prepare: (rig) => {
      const db = new DatabaseSync(rig.path(".nycflow/state.db"));
      db.exec("pragma user_version = 4711");
      db.close();
    },
    codes: ["store-newer"],
    exit: 3,
  },
  {
    name: "a state store that is none",
    files: {
      "assets/a.sql": TRIPS,
      ".nycflow/state.db": "not a database, but a text that is long enough",
    },
    codes: ["store-damaged"],
    exit: 3,
  },
  {
    name: "a header that is no YAML",
    files: { "assets/a.sql": "/* @asset\ndescription: Trips: all of them\n*/\nselect 1 as x" },
    codes: ["header-yaml"],
    exit: 2,
  },
  {
    name: "several mistakes in one header",
    files: {
      "assets/a.sql":
        "/* @asset\ndescripton: Trips\nretry: { attempts: three }\nchecks:\n  - notnull: [x]\n*/\nselect 1 as x",
    },
    codes: ["header-invalid", "header-invalid", "header-invalid"],
    exit: 2,
  },
  {
    name: "a module that imports what is not installed",
    files: {
      "assets/a.ts":
        'import { asset } from "nycflow";\nimport { mean } from "simple-statistics";\n\nexport const a = asset({ run: () => [{ m: mean([1, 2]) }] });\n',
    },
    codes: ["module-import"],
    exit: 2,
  },
  {
    name: "a name that a CommonJS package does not export",
    files: {
      "node_modules/old-cjs/package.json":
        '{ "name": "old-cjs", "version": "1.0.0", "main": "i.js" }',
      "node_modules/old-cjs/i.js": "module.exports = function twice(x) { return 2 * x; };",
      "package.json": "{}",
      "assets/a.ts":
        'import { asset } from "nycflow";\nimport { thrice } from "old-cjs";\n\nexport const a = asset({ run: () => [{ m: thrice(1) }] });\n',
    },
    codes: ["module-import"],
    exit: 2,
  },
  {
    name: "a circle of symbolic links",
    files: { "assets/sub/a.sql": TRIPS },
    prepare: (rig) => symlinkSync("..", rig.path("assets/sub/again")),
    codes: ["file-unreadable"],
    exit: 2,
  },
  {
    name: "names that differ only in case",
    files: { "assets/Trips.sql": TRIPS, "assets/trips.sql": TRIPS },
    codes: ["duplicate-asset"],
    exit: 2,
  },
  {
    name: "a name that no asset can have",
    files: { "assets/my trips.sql": TRIPS, "assets/it's.csv": "a\n1\n" },
    codes: ["bad-asset-name", "bad-asset-name"],
    exit: 2,
  },
  {
    name: "a module that never ends",
    files: { "assets/a.ts": "while (true) {\n  // waits for nothing\n}\nexport {};\n" },
    env: { NYCFLOW_TEST_IMPORT_MS: "700" },
    codes: ["module-hangs"],
    exit: 2,
  },
  {
    name: "a module that does not parse",
    files: {
      "assets/a.ts":
        'import { asset } from "nycflow";\nexport const a = asset({ run: () => [ });\n',
    },
    codes: ["module-throws"],
    exit: 2,
  },
  {
    name: "a local module that is not there",
    files: {
      "assets/a.ts":
        'import { asset } from "nycflow";\nimport { rows } from "./_row.ts";\n\nexport const a = asset({ run: () => rows });\n',
      "assets/_rows.ts": "export const rows = [{ x: 1 }];\n",
    },
    codes: ["module-import"],
    exit: 2,
  },
  {
    name: "an option of the wrong kind in a module",
    files: {
      "assets/a.ts": ts(
        'export const a = asset({\n  timeout: "ten minutes",\n  descripton: "Trips",\n  run: () => [{ x: 1 }],\n});',
      ),
    },
    codes: ["definition-invalid", "definition-invalid"],
    exit: 2,
  },
  {
    name: "an end before the start",
    files: {
      "assets/a.sql":
        "/* @asset\npartitions: { monthly: { start: 2023-02, end: 2023-01 } }\n*/\nselect 1 as x",
    },
    codes: ["partition-scheme"],
    exit: 2,
  },
  {
    name: "a statement that is no query",
    files: { "assets/a.sql": "create table trips as select 1 as x" },
    codes: ["sql-not-a-query"],
    exit: 2,
  },
  {
    name: "a parameter of a partition without one",
    files: { "assets/a.sql": "select $partition_start as x" },
    codes: ["definition-invalid"],
    exit: 2,
  },
  {
    name: "a variable that the config asks for",
    files: {
      "assets/a.sql": TRIPS,
      "nycflow.config.ts": ts(
        'export default defineConfig({\n  env: {\n    SHOP_TOKEN: { description: "of the shop", secret: true },\n  },\n});',
        "defineConfig",
      ),
    },
    codes: ["environment-missing"],
    exit: 2,
  },
  {
    name: "a .env that is none",
    files: { "assets/a.sql": TRIPS, ".env": "SHOP_URL=x\nSHOP TOKEN\n" },
    codes: ["config-invalid"],
    exit: 2,
  },
  {
    name: "several mistakes at once, root causes first",
    files: {
      "assets/trips.sql": "select 1 as x\nform y\n",
      "assets/daily.sql": "select * from trips",
      "assets/weekly.sql": "select * from dayly",
      "assets/bad.ts": 'throw new Error("no token");\n',
    },
    codes: ["module-throws", "sql-syntax", "unknown-dependency"],
    exit: 2,
  },
  // as typed
  {
    name: "a misspelled command",
    files: { "assets/a.sql": TRIPS },
    args: ["shwo"],
    codes: ["usage"],
    exit: 2,
  },
  {
    name: "a misspelled option",
    files: { "assets/a.sql": TRIPS },
    args: ["up", "--forse"],
    codes: ["usage"],
    exit: 2,
  },
  {
    name: "a selection that cannot be read",
    files: { "assets/a.sql": TRIPS },
    args: ["ls", "tag:x and (a"],
    codes: ["selection-syntax"],
    exit: 2,
  },
  {
    name: "a selection that matches nothing",
    files: { "assets/taxi_trips.sql": TRIPS },
    args: ["run", "taxi_trip"],
    codes: ["selection-empty"],
    exit: 2,
  },
  {
    name: "a partition that is none",
    files: {
      "assets/m.sql":
        "/* @asset\npartitions: { monthly: { start: 2023-01, end: 2023-04 } }\n*/\nselect $partition_start as m",
    },
    args: ["run", "m", "--partition", "2023-07"],
    codes: ["partition-unknown"],
    exit: 2,
  },
  {
    name: "a setting that is none",
    files: { "assets/a.sql": TRIPS },
    args: ["run", "a", "--set", "borough"],
    codes: ["setting-invalid"],
    exit: 2,
  },
  {
    name: "a run that is none",
    files: { "assets/a.sql": TRIPS },
    args: ["show", "01jzzzzzzzzzzzzzzzzzzzzzzz"],
    codes: ["run-unknown"],
    exit: 2,
  },
  {
    name: "a project that is there already",
    files: { "taxi/nycflow.config.ts": "export default {};\n" },
    args: ["init", "taxi"],
    codes: ["exists-already"],
    exit: 2,
  },
  {
    name: "a query on what is not there",
    files: { "assets/trips.sql": TRIPS },
    before: [["up"]],
    args: ["sql", "select fair from trips"],
    codes: ["query-failed"],
    exit: 1,
  },
  // steps
  {
    name: "a value that cannot be cast",
    files: { "assets/a.sql": "select zone::integer as n\nfrom (values ('12'), ('EWR')) t(zone)\n" },
    codes: ["step-failed"],
    exit: 1,
  },
  {
    name: "code that throws",
    files: {
      "assets/a.ts": ts(
        "function fareOf(row: { fare?: number }): string {\n  return row.fare!.toFixed(2);\n}\n\nexport const a = asset({ run: () => [{ fare: fareOf({}) }] });",
      ),
    },
    codes: ["code-threw"],
    exit: 1,
  },
  {
    name: "code that ends the process",
    files: { "assets/a.ts": ts("export const a = asset({ run: () => process.exit(0) });") },
    codes: ["code-exited"],
    exit: 1,
  },
  {
    name: "code that returns nothing usable",
    files: { "assets/a.ts": ts("export const a = asset({ run: () => [1, 2, 3] as never });") },
    codes: ["result-invalid"],
    exit: 1,
  },
  {
    name: "a step that takes too long",
    files: {
      "assets/a.ts": ts(
        'export const a = asset({\n  timeout: "300ms",\n  run: () => {\n    while (true);\n  },\n});',
      ),
    },
    codes: ["timeout"],
    exit: 1,
  },
  {
    name: "a type that is not kept",
    files: { "assets/a.sql": "select interval 3 days as stay" },
    codes: ["type-not-kept"],
    exit: 2,
  },
  {
    name: "a value that is not kept",
    files: {
      "assets/a.sql": "select sum(x) as total from (values (9223372036854775807), (1)) t(x)",
    },
    codes: ["value-not-kept"],
    exit: 1,
  },
  {
    name: "a download from where nobody answers",
    files: {
      "assets/a.ts": ts(
        'export const a = asset({ run: ({ download }) => download("http://127.0.0.1:59999/trips.csv", { attempts: 2 }) });',
      ),
    },
    codes: ["download-failed"],
    exit: 1,
  },
  {
    name: "columns that were promised",
    files: {
      "assets/a.sql":
        "/* @asset\ncolumns:\n  - { name: fare, type: DOUBLE }\n  - { name: tip, type: DOUBLE }\n*/\nselect 1.5::double as fare",
    },
    codes: ["contract-broken"],
    exit: 2,
  },
  {
    name: "a check of a column that is not there",
    files: {
      "assets/a.sql": "/* @asset\nchecks:\n  - not_null: [fair]\n*/\nselect 1.5 as fare",
    },
    codes: ["definition-invalid"],
    exit: 2,
  },
  {
    name: "a type that a function does not take",
    files: {
      "assets/a.sql": "select 'Harlem' as zone",
      "assets/b.sql": "select sum(zone) as s from a",
    },
    codes: ["sql-bind"],
    exit: 2,
  },
  {
    name: "an export that cannot be written",
    files: {
      "assets/a.sql": "/* @asset\nexport: exports/a.csv\n*/\nselect 1 as x",
      exports: "a file where a folder should be",
    },
    codes: ["export-failed"],
    exit: 0,
  },
  {
    name: "a project that may not be written",
    files: { "assets/a.sql": TRIPS },
    notAsRoot: true,
    prepare: (rig) => chmodSync(rig.folder, 0o555),
    restore: (rig) => chmodSync(rig.folder, 0o755),
    codes: ["no-permission"],
    exit: 3,
  },
  {
    name: "a module that may not be read",
    files: { "assets/a.sql": TRIPS },
    notAsRoot: true,
    prepare: (rig) => chmodSync(rig.path("assets/a.sql"), 0o000),
    codes: ["file-unreadable"],
    exit: 2,
  },
];
