// Small partitioned projects for the tests of this folder, and what they ask of them.

import assert from "node:assert/strict";
import type { Finished } from "../rig/live.ts";
import type { Rig } from "../rig/program.ts";

/** 36 months of numbers, and the weeks made from them. */
export const MONTHS: Readonly<Record<string, string>> = {
  "nycflow.config.ts":
    'import { defineConfig } from "nycflow";\nexport default defineConfig({ name: "p", timezone: "UTC" });\n',
  "assets/numbers.sql": `/* @asset
partitions: { monthly: { start: 2020-01, end: 2023-01 } }
*/
select $partition_key as month, range as n, $partition_start + to_hours(range::int) as at,
  (range * 7 % 13)::double / 3 as x
from range(100)
`,
  "assets/by_year.sql": `/* @asset
partitions: yearly
*/
select $partition_key as year, count(*) as n, round(sum(x), 6) as x from numbers
`,
};

export async function ok(
  rig: Rig,
  args: readonly string[],
  env: Record<string, string> = {},
  code = 0,
): Promise<Finished> {
  const ended = await rig.run(args, { env });
  assert.equal(ended.code, code, `${args.join(" ")}\n${ended.stdout}\n${ended.stderr}`);
  return ended;
}

export async function rows(rig: Rig, sql: string, args: readonly string[] = []) {
  return await rig.json(["sql", "--json", sql, ...args]) as Record<string, unknown>[];
}

/** One text for all that a table holds, whatever the order of its rows. */
export async function hashOf(rig: Rig, table: string, args: readonly string[] = []) {
  const found = await rows(
    rig,
    `select count(*) as n, sum(hash(t))::varchar as h from ${table} t`,
    args,
  );
  return JSON.stringify(found[0]);
}
