// Mistakes as people make them: a small project each, the command that meets the mistake, and which
// problem with which exit code it must be. What is said of it is in the snapshot beside the tests.

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
    exit: 2,
  },
  {
    name: "a truncated Parquet file",
    files: { "assets/other.sql": TRIPS },
    before: [["sql", "--parquet", "whole.parquet", "select range as n from range(1000)"]],
    prepare: (rig) => rig.cut("whole.parquet", "assets/trips.parquet", 700),
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
