// A backfill of 36 months that is killed, or broken off by Ctrl-C, at any instant, and gone on with until it is
// complete: what it made equals what an undisturbed one made, and nothing is left over.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chance } from "./random.ts";
import { start } from "./start.ts";

export interface BackfillOptions {
  /** The program and its first arguments. */
  readonly program: readonly string[];
  /** An empty folder. */
  readonly folder: string;
  /** How often it is ended. */
  readonly kills: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

const RESUME = ["backfill", "--resume", "--quiet"];
const SPAN = "partitions: { monthly: { start: 2020-01, end: 2023-01 } }";
const FILES: Readonly<Record<string, string>> = {
  "numbers.sql": `/* @asset\n${SPAN}\n*/
select $partition_key as month, range as n, (range * 7 % 13)::double / 3 as x from range(200000)`,
  "sums.sql": `/* @asset\n${SPAN}\n*/
select month, count(*) as n, round(sum(x), 6) as x from numbers group by month`,
  "by_year.sql": `/* @asset\npartitions: yearly\n*/
select $partition_key as year, sum(n)::bigint as n, round(sum(x), 4) as x from sums`,
};

/** Gives what went wrong. */
export async function backfill(options: BackfillOptions): Promise<readonly string[]> {
  const { program, folder, kills, seed, say } = options;
  const random = chance(seed);
  const [calm, rough] = [join(folder, "calm"), join(folder, "rough")];
  mkdirSync(join(calm, "assets"), { recursive: true });
  for (const [name, text] of Object.entries(FILES)) {
    writeFileSync(join(calm, "assets", name), `${text}\n`);
  }
  cpSync(calm, rough, { recursive: true });
  const first = ["backfill", "by_year", "sums", "numbers", "--quiet"];
  const began = performance.now();
  const whole = await start([...program, ...first], calm).ended;
  const took = performance.now() - began;
  if (whole.code !== 0) return [`the undisturbed one ended with ${whole.code}\n${whole.text}`];

  const wrong: string[] = [];
  let done = 0, interrupted = 0, begun = false;
  for (let at = 0; at < kills; at++) {
    const one = start([...program, ...begun ? RESUME : first], rough);
    const softly = random.below(4) === 0;
    // Early, so that many ends fall into one backfill.
    const timer = setTimeout(
      () => softly ? void one.child.kill("SIGINT") : one.kill(),
      random.next() * took / 5,
    );
    const { code, text } = await one.ended;
    clearTimeout(timer);
    if (code === 0) done++;
    else interrupted++;
    // Ended before it was written down it is not known, and is asked for once more.
    begun = begun ? code !== 2 : code !== 2 && existsSync(join(rough, ".nycflow", "state.db"));
    if (code !== 0 && code !== null && code !== 130 && code !== 2) {
      wrong.push(`ended with ${code}\n${text}`);
    }
  }
  const last = await start([...program, ...begun ? RESUME : first], rough).ended;
  if (last.code !== 0) wrong.push(`the last one ended with ${last.code}\n${last.text}`);
  say(`ended ${interrupted} times before its end; ${done} found nothing to do or came through`);
  for (const table of ["numbers", "sums", "by_year"]) {
    const [one, other] = [calm, rough].map((project) => {
      const [file = "", ...args] = program;
      const sql = `select count(*) as n, sum(hash(t))::varchar as h from ${table} t`;
      return execFileSync(file, [...args, "sql", "--json", sql], {
        cwd: project,
        encoding: "utf8",
      });
    });
    if (one !== other) wrong.push(`${table} differs: ${one} and ${other}`);
    const files = readdirSync(join(rough, ".nycflow", "lake", table), { recursive: true })
      .filter((name) => String(name).endsWith(".parquet"));
    const most = table === "by_year" ? 3 : 36;
    // Of an attempt that was killed nothing stays once another process has come by.
    if (files.length > most) {
      wrong.push(`${table} has ${files.length} files for ${most} partitions`);
    }
  }
  return wrong;
}
